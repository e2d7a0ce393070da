//! Which devices can be played.

use crate::device::{
    battery, blood_pressure, card10, glucose, health_sensor, healthypi, heart_rate, information, movesense,
    movesense_activity, polar, pulse_oximeter, thermometer, uart, viatom, weight_scale, zephyr, Uuid,
    ADAPTERS,
};

/// Which device is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VirtualKind {
    /// Polar H10: ECG, heart rate, battery, model.
    PolarH10,
    /// A strap that sends heart rates only.
    HeartRate,
    /// Movesense sensor with its maker's firmware.
    Movesense,
    /// Movesense sensor with the open firmware, 0.9.
    MovesenseActivity,
    /// The same, 0.7.
    MovesenseActivityOld,
    /// The same, as it was at first.
    MovesenseActivityFirst,
    /// Viatom recorder.
    Viatom,
    /// ProtoCentral HealthyPi Move.
    HealthyPi,
    /// card10 badge.
    Card10,
    /// Self-made board behind the Nordic UART service.
    Uart,
    /// Self-made board behind the service of the ESP32 example.
    Esp32,
    /// Zephyr BioHarness.
    Zephyr,
    /// Blood pressure monitor of two users.
    BloodPressure,
    /// Pulse oximeter.
    PulseOximeter,
    /// Thermometer.
    Thermometer,
    /// Glucose meter.
    Glucose,
    /// Weight scale of two users.
    WeightScale,
    /// Generic health sensor that measures oxygen saturation.
    HealthSensor,
}

/// True rate of a measured H10 (one strap, 17 frames).
const H10_RATE_HZ: f64 = 130.34;

impl VirtualKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::PolarH10,
        Self::HeartRate,
        Self::Movesense,
        Self::MovesenseActivity,
        Self::MovesenseActivityOld,
        Self::MovesenseActivityFirst,
        Self::Viatom,
        Self::HealthyPi,
        Self::Card10,
        Self::Uart,
        Self::Esp32,
        Self::Zephyr,
        Self::BloodPressure,
        Self::PulseOximeter,
        Self::Thermometer,
        Self::Glucose,
        Self::WeightScale,
        Self::HealthSensor,
    ];

    /// Its services, the one that names it first.
    #[must_use]
    pub const fn services(self) -> &'static [Uuid] {
        match self {
            Self::PolarH10 => &[heart_rate::SERVICE, battery::SERVICE, information::SERVICE, polar::SERVICE],
            Self::HeartRate => &[heart_rate::SERVICE, battery::SERVICE],
            Self::Movesense => &[movesense::SERVICE],
            Self::MovesenseActivity | Self::MovesenseActivityOld => &[movesense_activity::SERVICE],
            Self::MovesenseActivityFirst => &[movesense_activity::FIRST_SERVICE],
            Self::Viatom => &[viatom::SERVICE],
            Self::HealthyPi => &[healthypi::SERVICE],
            Self::Card10 => &[card10::SERVICE],
            Self::Uart => &[uart::SERVICE],
            Self::Esp32 => &[uart::ESP32_SERVICE],
            Self::Zephyr => &[zephyr::SERVICE],
            Self::BloodPressure => &[blood_pressure::SERVICE],
            Self::PulseOximeter => &[pulse_oximeter::SERVICE],
            Self::Thermometer => &[thermometer::SERVICE],
            Self::Glucose => &[glucose::SERVICE],
            Self::WeightScale => &[weight_scale::SERVICE],
            Self::HealthSensor => &[health_sensor::SERVICE],
        }
    }

    /// The characteristics of one of its services, as the table of devices has them.
    #[must_use]
    pub fn characteristics(self, service: Uuid) -> &'static [Uuid] {
        if !self.services().contains(&service) {
            return &[];
        }
        ADAPTERS.iter().find(|row| row.is_at(service)).map_or(&[], |row| row.characteristics)
    }

    /// Rate at which it samples ECG when nothing else is asked for, on its own clock.
    #[must_use]
    pub const fn true_rate_hz(self) -> f64 {
        match self {
            Self::PolarH10 => H10_RATE_HZ,
            Self::Viatom => 125.0,
            Self::HealthyPi => healthypi::RATE_HZ,
            Self::Card10 => card10::RATE_HZ,
            _ => 250.0,
        }
    }

    /// Whether it sends ECG.
    #[must_use]
    pub const fn sends_ecg(self) -> bool {
        !matches!(
            self,
            Self::HeartRate
                | Self::BloodPressure
                | Self::PulseOximeter
                | Self::Thermometer
                | Self::Glucose
                | Self::WeightScale
                | Self::HealthSensor
        )
    }
}
