//! A reading as it may be passed on: numbers with codes of LOINC and UCUM, and words of closed lists.

use crate::units::{HostTime, Seconds};
use serde::Serialize;

/// What was measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Panel {
    /// Blood pressure by cuff.
    BloodPressure,
    /// Oxygen saturation and pulse by pulse oximeter.
    PulseOximetry,
    /// Body temperature.
    BodyTemperature,
    /// Glucose.
    Glucose,
    /// Body weight.
    BodyWeight,
}

impl Panel {
    /// LOINC code of the panel, or of its one observation.
    #[must_use]
    pub const fn loinc(self) -> &'static str {
        match self {
            Self::BloodPressure => "85354-9",
            Self::PulseOximetry => "59408-5",
            Self::BodyTemperature => "8310-5",
            Self::Glucose => "15074-8",
            Self::BodyWeight => "29463-7",
        }
    }

    /// What the method itself cannot promise; to be stated wherever the numbers are shown.
    #[must_use]
    pub const fn limits(self) -> &'static [MeasurementLimit] {
        match self {
            Self::BloodPressure => &[MeasurementLimit::SingleReading, MeasurementLimit::CuffUnverified],
            Self::PulseOximetry => &[
                MeasurementLimit::ColdFingers,
                MeasurementLimit::SkinTone,
                MeasurementLimit::MotionSensitive,
            ],
            Self::BodyTemperature => &[MeasurementLimit::SiteMatters],
            Self::Glucose => &[MeasurementLimit::HomeMeter],
            Self::BodyWeight => &[MeasurementLimit::HomeScale],
        }
    }
}

/// One quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Quantity {
    /// Systolic pressure, mm\[Hg\].
    Systolic,
    /// Diastolic pressure, mm\[Hg\].
    Diastolic,
    /// Mean arterial pressure, mm\[Hg\].
    MeanArterial,
    /// Pulse rate, beats a minute.
    PulseRate,
    /// Oxygen saturation of arterial blood by pulse oximetry, percent.
    OxygenSaturation,
    /// Pulse amplitude index, percent.
    PulseAmplitudeIndex,
    /// Body temperature, degrees Celsius.
    BodyTemperature,
    /// Glucose, millimole a litre.
    Glucose,
    /// Body weight, kilograms.
    BodyWeight,
    /// Body mass index, kilograms a square metre.
    BodyMassIndex,
    /// Body height, metres.
    BodyHeight,
}

impl Quantity {
    /// LOINC code.
    #[must_use]
    pub const fn loinc(self) -> &'static str {
        match self {
            Self::Systolic => "8480-6",
            Self::Diastolic => "8462-4",
            Self::MeanArterial => "8478-0",
            Self::PulseRate => "8867-4",
            Self::OxygenSaturation => "59408-5",
            Self::PulseAmplitudeIndex => "61006-3",
            Self::BodyTemperature => "8310-5",
            Self::Glucose => "15074-8",
            Self::BodyWeight => "29463-7",
            Self::BodyMassIndex => "39156-5",
            Self::BodyHeight => "8302-2",
        }
    }

    /// UCUM unit.
    #[must_use]
    pub const fn ucum(self) -> &'static str {
        match self {
            Self::Systolic | Self::Diastolic | Self::MeanArterial => "mm[Hg]",
            Self::PulseRate => "/min",
            Self::OxygenSaturation | Self::PulseAmplitudeIndex => "%",
            Self::BodyTemperature => "Cel",
            Self::Glucose => "mmol/L",
            Self::BodyWeight => "kg",
            Self::BodyMassIndex => "kg/m2",
            Self::BodyHeight => "m",
        }
    }

    /// What a living person can have. A number outside says that something else was measured, or nothing.
    #[must_use]
    pub const fn plausible(self) -> core::ops::RangeInclusive<f64> {
        match self {
            Self::Systolic => 40.0..=300.0,
            Self::Diastolic => 20.0..=200.0,
            Self::MeanArterial => 20.0..=250.0,
            Self::PulseRate => 20.0..=300.0,
            Self::OxygenSaturation => 30.0..=100.0,
            Self::PulseAmplitudeIndex => 0.0..=100.0,
            Self::BodyTemperature => 25.0..=45.0,
            Self::Glucose => 0.5..=60.0,
            Self::BodyWeight => 1.0..=400.0,
            Self::BodyMassIndex => 5.0..=150.0,
            Self::BodyHeight => 0.3..=2.8,
        }
    }
}

/// A number with its quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// What it is.
    pub quantity: Quantity,
    /// The number, in the quantity's unit.
    pub value: f64,
}

/// What the device says about how it measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs)] // each is its name
pub enum Condition {
    BodyMovement,
    CuffTooLoose,
    IrregularPulse,
    PulseRateOutOfRange,
    WrongPosition,
    /// The device calls its own value early, uncertain or of questionable quality.
    Questionable,
    PoorSignal,
    LowPerfusion,
    SensorOff,
    BatteryLow,
    SiteArmpit,
    SiteEar,
    SiteFinger,
    SiteMouth,
    SiteRectum,
    SiteToe,
    SiteTympanum,
    /// A control solution was measured, not the patient: never passed on.
    ControlSolution,
    SampleInsufficient,
    StripError,
    ResultOutOfRange,
    TemperatureOutOfRange,
}

/// What a method cannot promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MeasurementLimit {
    /// One reading says little; a rested series does.
    SingleReading,
    /// Whether the cuff fits and lies at the height of the heart is not known.
    CuffUnverified,
    /// Cold fingers, nail varnish and low perfusion lower or hide the value.
    ColdFingers,
    /// Pulse oximeters read too high on darker skin (Sjoding 2020; FDA 2025 draft guidance).
    SkinTone,
    /// Movement disturbs it.
    MotionSensitive,
    /// The value depends on where it was taken.
    SiteMatters,
    /// ISO 15197 allows a home meter 15 %.
    HomeMeter,
    /// A home scale, on whatever floor.
    HomeScale,
}

/// A reading. There is no field for who was measured, nor for when by any calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// What was measured together.
    pub panel: Panel,
    /// The numbers, the main one first; never empty, each plausible.
    pub values: Vec<Measured>,
    /// How it was measured.
    pub conditions: Vec<Condition>,
    /// How old it was when it arrived; `None` for one that was being taken.
    pub age: Option<Seconds>,
    /// When it arrived.
    pub received: HostTime,
}

impl Measurement {
    /// The value of one quantity.
    #[must_use]
    pub fn value(&self, quantity: Quantity) -> Option<f64> {
        self.values.iter().find(|measured| measured.quantity == quantity).map(|measured| measured.value)
    }
}
