//! A reading as it may be passed on: numbers with codes of LOINC and UCUM, and words of closed lists.

use super::words::words;
use crate::units::{HostTime, Seconds};

words! {
    /// What was measured together.
    pub enum Panel {
        /// Blood pressure by cuff.
        BloodPressure = "bloodPressure",
        /// Oxygen saturation and pulse by pulse oximeter.
        PulseOximetry = "pulseOximetry",
        /// Body temperature.
        BodyTemperature = "bodyTemperature",
        /// Glucose.
        Glucose = "glucose",
        /// Body weight.
        BodyWeight = "bodyWeight",
    }
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

    /// What can be measured together under it.
    #[must_use]
    pub const fn quantities(self) -> &'static [Quantity] {
        match self {
            Self::BloodPressure => {
                &[Quantity::Systolic, Quantity::Diastolic, Quantity::MeanArterial, Quantity::PulseRate]
            }
            Self::PulseOximetry => {
                &[Quantity::OxygenSaturation, Quantity::PulseRate, Quantity::PulseAmplitudeIndex]
            }
            Self::BodyTemperature => &[Quantity::BodyTemperature],
            Self::Glucose => &[Quantity::Glucose],
            Self::BodyWeight => &[Quantity::BodyWeight, Quantity::BodyMassIndex, Quantity::BodyHeight],
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

words! {
    /// One quantity.
    pub enum Quantity {
        /// Systolic pressure, mm\[Hg\].
        Systolic = "systolic",
        /// Diastolic pressure, mm\[Hg\].
        Diastolic = "diastolic",
        /// Mean arterial pressure, mm\[Hg\].
        MeanArterial = "meanArterial",
        /// Pulse rate, beats a minute.
        PulseRate = "pulseRate",
        /// Oxygen saturation of arterial blood by pulse oximetry, percent.
        OxygenSaturation = "oxygenSaturation",
        /// Pulse amplitude index, percent.
        PulseAmplitudeIndex = "pulseAmplitudeIndex",
        /// Body temperature, degrees Celsius.
        BodyTemperature = "bodyTemperature",
        /// Glucose, millimole a litre.
        Glucose = "glucose",
        /// Body weight, kilograms.
        BodyWeight = "bodyWeight",
        /// Body mass index, kilograms a square metre.
        BodyMassIndex = "bodyMassIndex",
        /// Body height, metres.
        BodyHeight = "bodyHeight",
    }
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

    /// Whether a tenth of the unit says something; whole units say enough of the others.
    #[must_use]
    pub const fn in_tenths(self) -> bool {
        !matches!(
            self,
            Self::Systolic | Self::Diastolic | Self::MeanArterial | Self::PulseRate | Self::OxygenSaturation
        )
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

words! {
    /// What the device says about how it measured.
    #[allow(missing_docs)] // each is its name
    pub enum Condition {
        BodyMovement = "bodyMovement",
        CuffTooLoose = "cuffTooLoose",
        IrregularPulse = "irregularPulse",
        PulseRateOutOfRange = "pulseRateOutOfRange",
        WrongPosition = "wrongPosition",
        /// The device calls its own value early, uncertain or of questionable quality.
        Questionable = "questionable",
        PoorSignal = "poorSignal",
        LowPerfusion = "lowPerfusion",
        SensorOff = "sensorOff",
        BatteryLow = "batteryLow",
        SiteArmpit = "siteArmpit",
        SiteEar = "siteEar",
        SiteFinger = "siteFinger",
        SiteMouth = "siteMouth",
        SiteRectum = "siteRectum",
        SiteToe = "siteToe",
        SiteTympanum = "siteTympanum",
        /// A control solution was measured, not the patient: never passed on.
        ControlSolution = "controlSolution",
        SampleInsufficient = "sampleInsufficient",
        StripError = "stripError",
        ResultOutOfRange = "resultOutOfRange",
        TemperatureOutOfRange = "temperatureOutOfRange",
    }
}

words! {
    /// What a method cannot promise.
    pub enum MeasurementLimit {
        /// One reading says little; a rested series does.
        SingleReading = "singleReading",
        /// Whether the cuff fits and lies at the height of the heart is not known.
        CuffUnverified = "cuffUnverified",
        /// Cold fingers, nail varnish and low perfusion lower or hide the value.
        ColdFingers = "coldFingers",
        /// Pulse oximeters read too high on darker skin (Sjoding 2020; FDA 2025 draft guidance).
        SkinTone = "skinTone",
        /// Movement disturbs it.
        MotionSensitive = "motionSensitive",
        /// The value depends on where it was taken.
        SiteMatters = "siteMatters",
        /// ISO 15197 allows a home meter 15 %.
        HomeMeter = "homeMeter",
        /// A home scale, on whatever floor.
        HomeScale = "homeScale",
    }
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
