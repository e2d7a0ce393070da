//! What runs inside a virtual device: one part for each of its services.

use super::ecg_stream::EcgStream;
use super::heart::Heart;
use super::heart_rate::HeartRateSensor;
use super::movesense::{Movesense, MovesenseActivity};
use super::options::Options;
use super::polar_h10::PolarH10;
use super::readings::{self, GlucoseMeter};
use super::resample::Recording;
use super::samplers::{Card10, HealthyPi, Uart};
use super::values::Values;
use super::viatom::Viatom;
use super::zephyr::Zephyr;
use super::VirtualKind;
use crate::device::{battery, information, uart, KnownModel, Uuid};
use crate::units::Hertz;

/// Something a part sends: fragments that belong together.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) service: Uuid,
    pub(super) characteristic: Uuid,
    pub(super) fragments: Vec<Vec<u8>>,
    /// Indications are acknowledged on the link: they are not lost.
    pub(super) reliable: bool,
}

impl Outgoing {
    pub(super) fn notify(service: Uuid, characteristic: Uuid, bytes: Vec<u8>) -> Self {
        Self { service, characteristic, fragments: vec![bytes], reliable: false }
    }

    pub(super) fn indicate(service: Uuid, characteristic: Uuid, bytes: Vec<u8>) -> Self {
        Self { reliable: true, ..Self::notify(service, characteristic, bytes) }
    }
}

/// One service of a virtual device. Times are seconds on its clock since it was switched on.
pub(super) trait Firmware: core::fmt::Debug + Send {
    /// Value of a characteristic that can be read.
    fn read(&self, _characteristic: Uuid) -> Option<Vec<u8>> {
        None
    }

    /// Whether it can be subscribed; called once a connection.
    fn subscribed(&mut self, characteristic: Uuid, now: f64) -> bool;

    /// What a write brings at once; `None` when the characteristic cannot be written.
    fn written(&mut self, _characteristic: Uuid, _bytes: &[u8], _now: f64) -> Option<Vec<Outgoing>> {
        None
    }

    /// When it next speaks by itself.
    fn due(&self) -> Option<f64> {
        None
    }

    /// What it then says.
    fn speak(&mut self) -> Option<Outgoing> {
        None
    }

    /// The link is lost: streams end.
    fn link_lost(&mut self);

    /// Whether a recording was sent to its end; `None` when it has none.
    fn exhausted(&self) -> Option<bool> {
        None
    }
}

/// The parts of a device of this kind.
pub(super) fn parts(
    kind: VirtualKind,
    samples_uv: &[f32],
    rate: Hertz,
    options: &Options,
) -> Vec<Box<dyn Firmware>> {
    let hz = options.true_rate.map_or(kind.true_rate_hz(), Hertz::get);
    let ecg = || {
        let recording = Recording::new(samples_uv, rate, hz);
        EcgStream::new(recording, hz, 1.0 + options.drift_ppm * 1e-6)
    };
    let heart = || Box::new(HeartRateSensor::new(Heart::new(options.pulse.clone())));
    let charge = || Box::new(Values(vec![(battery::LEVEL, battery::encode(options.battery_percent), true)]));
    let model = || {
        Box::new(Values(vec![(information::MODEL_NUMBER, information::encode(KnownModel::PolarH10), false)]))
    };
    match kind {
        VirtualKind::PolarH10 => {
            let strap = PolarH10::new(ecg(), options.polar_ecg, options.moves.clone());
            vec![Box::new(strap), heart(), charge(), model()]
        }
        VirtualKind::HeartRate => vec![heart(), charge()],
        VirtualKind::Movesense => vec![Box::new(Movesense::new(ecg()))],
        VirtualKind::MovesenseActivity => vec![Box::new(MovesenseActivity::new(ecg()))],
        VirtualKind::MovesenseActivityOld => vec![Box::new(MovesenseActivity::old(ecg()))],
        VirtualKind::MovesenseActivityFirst => vec![Box::new(MovesenseActivity::first(ecg()))],
        VirtualKind::Viatom => vec![Box::new(Viatom::new(ecg(), options.battery_percent))],
        VirtualKind::HealthyPi => vec![Box::new(HealthyPi(ecg()))],
        VirtualKind::Card10 => vec![Box::new(Card10::new(ecg()))],
        VirtualKind::Uart => vec![Box::new(Uart::new(ecg(), uart::SERVICE, uart::TRANSMIT))],
        VirtualKind::Esp32 => vec![Box::new(Uart::new(ecg(), uart::ESP32_SERVICE, uart::ESP32_TRANSMIT))],
        VirtualKind::Zephyr => vec![Box::new(Zephyr::new(ecg(), Heart::new(options.pulse.clone())))],
        VirtualKind::Glucose => vec![Box::new(GlucoseMeter(options.clock))],
        VirtualKind::BloodPressure
        | VirtualKind::PulseOximeter
        | VirtualKind::Thermometer
        | VirtualKind::WeightScale
        | VirtualKind::HealthSensor => vec![Box::new(readings::of(kind, options.clock))],
    }
}
