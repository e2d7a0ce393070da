//! Virtual straps and synthetic ECG for simulators.

use super::error::{error, invalid};
use super::host::now;
use super::object::object;
use super::plain::from_js;
use super::rate::hertz;
use crate::detect::Detector;
use crate::device::{
    battery, blood_pressure, glucose, information, movesense, polar, pulse_oximeter, thermometer, viatom,
    weight_scale, zephyr, GattFailure, Uuid,
};
use crate::simulate::{Options as Radio, Pulse, VirtualDevice, VirtualKind, VirtualNotification};
use crate::synth::{EcgSynth, Level, Noise};
use crate::units::{BeatsPerMinute, Hertz, HostTime, Microvolts, Milliseconds, Seconds};
use js_sys::{Array, Float32Array, Reflect, Uint8Array};
use serde::de::IgnoredAny;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// Longest recording that a virtual strap plays, samples: 24 h at 2000 Hz would not fit a page.
const MAX_SAMPLES: usize = 1 << 26;

/// The names by which a page asks for a virtual device.
#[derive(Deserialize)]
enum Kind {
    #[serde(rename = "polar-h10")]
    PolarH10,
    #[serde(rename = "heart-rate")]
    HeartRate,
    #[serde(rename = "movesense")]
    Movesense,
    #[serde(rename = "viatom")]
    Viatom,
    #[serde(rename = "healthypi")]
    HealthyPi,
    #[serde(rename = "card10")]
    Card10,
    #[serde(rename = "uart")]
    Uart,
    #[serde(rename = "zephyr")]
    Zephyr,
    #[serde(rename = "blood-pressure")]
    BloodPressure,
    #[serde(rename = "pulse-oximeter")]
    PulseOximeter,
    #[serde(rename = "thermometer")]
    Thermometer,
    #[serde(rename = "glucose")]
    Glucose,
    #[serde(rename = "weight-scale")]
    WeightScale,
}

impl From<Kind> for VirtualKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::PolarH10 => Self::PolarH10,
            Kind::HeartRate => Self::HeartRate,
            Kind::Movesense => Self::Movesense,
            Kind::Viatom => Self::Viatom,
            Kind::HealthyPi => Self::HealthyPi,
            Kind::Card10 => Self::Card10,
            Kind::Uart => Self::Uart,
            Kind::Zephyr => Self::Zephyr,
            Kind::BloodPressure => Self::BloodPressure,
            Kind::PulseOximeter => Self::PulseOximeter,
            Kind::Thermometer => Self::Thermometer,
            Kind::Glucose => Self::Glucose,
            Kind::WeightScale => Self::WeightScale,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    device: Kind,
    sampling_rate_hz: f64,
    #[serde(default)]
    loss_rate: f64,
    #[serde(default)]
    jitter_ms: f64,
    #[serde(default)]
    drift_ppm: f64,
    #[serde(default)]
    seed: u32,
    /// Taken as they are.
    #[serde(default, rename = "samplesUv")]
    _samples_uv: IgnoredAny,
    /// What the clock of a home test shows: year, month, day, hour, minute, second.
    #[serde(default)]
    clock: Option<Vec<u16>>,
    /// Stretches of the recording in which the wearer moves: seconds from and to.
    #[serde(default)]
    moves: Vec<Vec<f64>>,
}

/// A peripheral made of a recording; the simulator's JavaScript gives it the shape of a Bluetooth device.
#[wasm_bindgen]
pub struct VirtualStrapCore {
    device: VirtualDevice,
    muted: Vec<Uuid>,
}

/// The strap's own pulse is what is found in its ECG.
fn pulse(samples_uv: &[f32], rate: Hertz) -> Pulse {
    let (mut detector, mut peaks) = (Detector::new(rate), Vec::new());
    detector.push(samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    Pulse::Beats(peaks.iter().map(|peak| Seconds(peak.at.0 / rate.get())).collect())
}

fn uuid(text: &str) -> Result<Uuid, JsValue> {
    Uuid::parse(text).ok_or_else(|| invalid("a UUID has 128 bits, written in lower case with hyphens"))
}

fn failed(why: GattFailure) -> JsValue {
    error(why.code(), &why.to_string())
}

#[wasm_bindgen]
impl VirtualStrapCore {
    /// A strap that carries `samplesUv` of the options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<VirtualStrapCore, JsValue> {
        let samples = Reflect::get(&options, &JsValue::from_str("samplesUv"))?;
        let samples =
            samples.dyn_into::<Float32Array>().map_err(|_| invalid("samplesUv is a Float32Array"))?;
        if samples.length() as usize > MAX_SAMPLES {
            return Err(invalid("samplesUv is too long"));
        }
        let options: Options = from_js(options, "device is the name of a virtual device")?;
        let (samples, rate) = (samples.to_vec(), hertz(options.sampling_rate_hz)?);
        let radio = Radio {
            loss_rate: options.loss_rate,
            jitter: Milliseconds(options.jitter_ms),
            drift_ppm: options.drift_ppm,
            seed: options.seed.into(),
            pulse: pulse(&samples, rate),
            moves: options
                .moves
                .iter()
                .map(|stretch| match *stretch.as_slice() {
                    [from, to] => Ok((Seconds(from), Seconds(to))),
                    _ => Err(invalid("moves holds pairs of seconds")),
                })
                .collect::<Result<_, _>>()?,
            ..Radio::default()
        };
        let kind = options.device.into();
        let clock = match options.clock.as_deref() {
            Some(&[year, ref rest @ ..]) => {
                let part = |i: usize| rest.get(i).map_or(0, |part| (*part).min(255) as u8);
                (year, [part(0), part(1), part(2), part(3), part(4)])
            }
            _ => Radio::default().clock,
        };
        let radio = Radio { clock, ..radio };
        Ok(Self { device: VirtualDevice::new(kind, &samples, rate, radio), muted: Vec::new() })
    }

    /// UUIDs of its services.
    pub fn services(&self) -> Vec<String> {
        self.device.services().iter().map(ToString::to_string).collect()
    }

    /// Characteristics of a service: `{uuid, properties}` each.
    pub fn characteristics(&self, service: &str) -> Result<Array, JsValue> {
        let row = |uuid: &Uuid| {
            let properties: Array = properties(*uuid).iter().map(|name| JsValue::from_str(name)).collect();
            object(&[("uuid", JsValue::from_str(&uuid.text())), ("properties", properties.into())])
        };
        self.device.characteristics(uuid(service)?).iter().map(row).collect()
    }

    /// The link comes up.
    pub fn connect(&mut self, now_ms: f64) {
        self.muted.clear();
        self.device.connect(HostTime(now_ms));
    }

    /// The link is lost.
    pub fn disconnect(&mut self, _now_ms: f64) {
        self.device.disconnect();
    }

    /// Writes a value.
    pub fn write(&mut self, _service: &str, characteristic: &str, bytes: &[u8]) -> Result<(), JsValue> {
        self.device.write(uuid(characteristic)?, bytes, now()).map_err(failed)
    }

    /// Reads a value.
    pub fn read(&mut self, _service: &str, characteristic: &str) -> Result<Vec<u8>, JsValue> {
        self.device.read(uuid(characteristic)?).map_err(failed)
    }

    /// Subscribes to notifications.
    pub fn subscribe(&mut self, _service: &str, characteristic: &str) -> Result<(), JsValue> {
        let wanted = uuid(characteristic)?;
        self.muted.retain(|muted| *muted != wanted);
        self.device.subscribe(wanted, now()).map_err(failed)
    }

    /// Ends a subscription.
    pub fn unsubscribe(&mut self, _service: &str, characteristic: &str) -> Result<(), JsValue> {
        self.muted.push(uuid(characteristic)?);
        Ok(())
    }

    /// Notifications that have arrived: `{service, characteristic, bytes, receivedMs}` each.
    pub fn poll(&mut self, now_ms: f64) -> Result<Array, JsValue> {
        let mut arrived = Vec::new();
        self.device.poll(HostTime(now_ms), &mut arrived);
        arrived.iter().filter(|one| !self.muted.contains(&one.characteristic)).map(notification).collect()
    }

    /// Whether the recording has been sent to its end.
    pub fn exhausted(&self) -> bool {
        self.device.exhausted()
    }
}

/// What a characteristic of these devices can do, in the words of Web Bluetooth.
fn properties(characteristic: Uuid) -> &'static [&'static str] {
    match characteristic {
        polar::CONTROL_POINT => &["read", "write", "indicate"],
        movesense::COMMAND | viatom::REQUEST | zephyr::COMMAND => &["write"],
        glucose::RECORD_ACCESS => &["write", "indicate"],
        blood_pressure::MEASUREMENT
        | thermometer::MEASUREMENT
        | weight_scale::MEASUREMENT
        | pulse_oximeter::SPOT_CHECK => &["indicate"],
        battery::LEVEL => &["read", "notify"],
        information::MODEL_NUMBER => &["read"],
        _ => &["notify"],
    }
}

fn notification(arrived: &VirtualNotification) -> Result<JsValue, JsValue> {
    object(&[
        ("service", JsValue::from_str(&arrived.service.text())),
        ("characteristic", JsValue::from_str(&arrived.characteristic.text())),
        ("bytes", Uint8Array::from(arrived.bytes.as_slice()).into()),
        ("receivedMs", arrived.received.0.into()),
    ])
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Synthesis {
    sampling_rate_hz: f64,
    duration_s: f64,
    #[serde(default = "sixty")]
    heart_rate_bpm: f64,
    #[serde(default)]
    seed: u32,
    #[serde(default)]
    noise_uv: f32,
}

/// Samples that are made at once: a day at 750 Hz.
const MOST_SAMPLES: f64 = 67_108_864.0;

fn sixty() -> f64 {
    60.0
}

/// Synthetic ECG in microvolts with breathing in its rhythm, and white noise of `noiseUv` (rms) on it.
#[wasm_bindgen]
pub fn synth(options: JsValue) -> Result<Vec<f32>, JsValue> {
    let wanted: Synthesis = from_js(options, "samplingRateHz and durationS are numbers")?;
    let rate = hertz(wanted.sampling_rate_hz)?;
    if !(0.0..=MOST_SAMPLES / rate.get()).contains(&wanted.duration_s) {
        return Err(invalid("durationS is 0 or more, and no more than 2^26 samples"));
    }
    if !(15.0..=240.0).contains(&wanted.heart_rate_bpm) {
        return Err(invalid("heartRateBpm is between 15 and 240"));
    }
    if !(0.0..=1e6).contains(&wanted.noise_uv) {
        return Err(invalid("noiseUv is 0 or more, and below a volt"));
    }
    let mut ecg = EcgSynth::new(wanted.seed.into())
        .heart_rate(BeatsPerMinute(wanted.heart_rate_bpm))
        .variability(Milliseconds(20.0), Milliseconds(10.0), Milliseconds(5.0));
    if wanted.noise_uv > 0.0 {
        ecg = ecg.with(Noise::White(Level::Rms(Microvolts(wanted.noise_uv))));
    }
    Ok(ecg.render(rate, Seconds(wanted.duration_s)).samples_uv)
}
