//! Which algorithm made a number. A closed list: free text could carry an identity.

use crate::units::push_decimal;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// An algorithm with the version of its definition; a change of results needs a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// 60 s over the mean of the accepted RR intervals.
    #[serde(rename = "heartRate.mean/1")]
    HeartRateMean,
    /// Lowest rate of five successive accepted RR intervals.
    #[serde(rename = "heartRate.min/1")]
    HeartRateMin,
    /// Highest rate of five successive accepted RR intervals.
    #[serde(rename = "heartRate.max/1")]
    HeartRateMax,
    /// Share of successive RR intervals that differ by much; see [`crate::rhythm`].
    #[serde(rename = "rhythm.regularity/1")]
    Regularity,
    /// A word for the rhythm; see [`crate::rhythm`].
    #[serde(rename = "rhythm.label/1")]
    RhythmLabel,
    /// Beats of class V a usable minute; see [`crate::beats`].
    #[serde(rename = "beats.ventricular/1")]
    Ventricular,
    /// Beats of class S a usable minute.
    #[serde(rename = "beats.supraventricular/1")]
    Supraventricular,
    /// Median PR interval; see [`crate::intervals`].
    #[serde(rename = "intervals.pr/1")]
    Pr,
    /// Median QRS duration.
    #[serde(rename = "intervals.qrs/1")]
    Qrs,
    /// Median QT interval.
    #[serde(rename = "intervals.qt/1")]
    Qt,
    /// Median QT, corrected by Fridericia.
    #[serde(rename = "intervals.qtc.fridericia/1")]
    QtcFridericia,
    /// Median QT, corrected by Bazett.
    #[serde(rename = "intervals.qtc.bazett/1")]
    QtcBazett,
    /// Median QT, corrected by the Framingham study.
    #[serde(rename = "intervals.qtc.framingham/1")]
    QtcFramingham,
    /// Median QT, corrected by Hodges.
    #[serde(rename = "intervals.qtc.hodges/1")]
    QtcHodges,
    /// Root mean square of successive NN differences.
    #[serde(rename = "hrv.rmssd/1")]
    Rmssd,
    /// Share of successive NN differences above 50 ms.
    #[serde(rename = "hrv.pnn50/1")]
    Pnn50,
    /// Poincare width.
    #[serde(rename = "hrv.sd1/1")]
    Sd1,
    /// Poincare length.
    #[serde(rename = "hrv.sd2/1")]
    Sd2,
    /// Standard deviation of the NN intervals.
    #[serde(rename = "hrv.sdnn/1")]
    Sdnn,
    /// Power of the NN series from 0.04 to 0.15 Hz.
    #[serde(rename = "hrv.lf.welch/1")]
    LfWelch,
    /// Power of the NN series from 0.15 to 0.40 Hz.
    #[serde(rename = "hrv.hf.welch/1")]
    HfWelch,
    /// Ratio of the two powers.
    #[serde(rename = "hrv.lfHf.welch/1")]
    LfHfWelch,
    /// Power from 0.04 to 0.15 Hz of an NN series with holes, nothing bridged.
    #[serde(rename = "hrv.lf.lombScargle/1")]
    LfLombScargle,
    /// Power from 0.15 to 0.40 Hz of such a series.
    #[serde(rename = "hrv.hf.lombScargle/1")]
    HfLombScargle,
    /// Ratio of these two powers.
    #[serde(rename = "hrv.lfHf.lombScargle/1")]
    LfHfLombScargle,
    /// Standard deviation of successive NN differences.
    #[serde(rename = "hrv.sdsd/1")]
    Sdsd,
    /// HRV triangular index.
    #[serde(rename = "hrv.triangularIndex/1")]
    TriangularIndex,
    /// Sample entropy.
    #[serde(rename = "hrv.sampleEntropy/1")]
    SampleEntropy,
    /// Short-term exponent of detrended fluctuation analysis.
    #[serde(rename = "hrv.dfaAlpha1/1")]
    DfaAlpha1,
    /// Breaths a minute, from heights of R waves and NN intervals.
    #[serde(rename = "respiration.fused/1")]
    Respiration,
    /// Mean of a rested series of blood pressures; see [`crate::device::blood_pressure`].
    #[serde(rename = "bloodPressure.restedSeries/1")]
    BloodPressureSeries,
    /// What lies beyond a limit of the clinic.
    #[serde(rename = "redFlags/1")]
    RedFlags,
}

/// The name of this library, the only one allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlgorithmName {
    /// This library.
    #[serde(rename = "pqrst")]
    Pqrst,
}

/// Three numbers, written `1.2.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(pub [u16; 3]);

impl Version {
    /// The version of this build.
    pub const CURRENT: Self = Self([
        decimal(env!("CARGO_PKG_VERSION_MAJOR")),
        decimal(env!("CARGO_PKG_VERSION_MINOR")),
        decimal(env!("CARGO_PKG_VERSION_PATCH")),
    ]);
}

impl Version {
    /// Reads `major.minor.patch`, each number written in one way only.
    fn parse(text: &str) -> Option<Self> {
        let mut numbers = [0u16; 3];
        let mut parts = text.split('.');
        for number in &mut numbers {
            let digits = parts.next()?.as_bytes();
            if digits.is_empty() || (digits.len() > 1 && digits.starts_with(b"0")) {
                return None;
            }
            for digit in digits {
                let value = digit.checked_sub(b'0').filter(|value| *value < 10)?;
                *number = number.checked_mul(10)?.checked_add(value.into())?;
            }
        }
        parts.next().is_none().then_some(Self(numbers))
    }
}

const fn decimal(text: &str) -> u16 {
    let digits = text.as_bytes();
    let (mut n, mut i) = (0u16, 0);
    while i < digits.len() {
        n = n * 10 + (digits[i] - b'0') as u16;
        i += 1;
    }
    n
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(8);
        for number in self.0 {
            text.push_str(if text.is_empty() { "" } else { "." });
            push_decimal(&mut text, number.into());
        }
        to.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?)
            .ok_or_else(|| de::Error::custom("a version is three numbers"))
    }
}

/// What computed a report: this library, in this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// Always `pqrst`.
    pub name: AlgorithmName,
    /// Its version.
    pub version: Version,
}

impl Library {
    /// This build.
    pub const CURRENT: Self = Self { name: AlgorithmName::Pqrst, version: Version::CURRENT };
}
