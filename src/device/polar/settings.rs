//! Settings of a measurement: `[type][count][count values]`, offered by the device or chosen for the start.

use crate::device::reader::Reader;
use crate::device::DeviceError;
use crate::units::Hertz;

/// What a setting sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SettingKind {
    /// Sampling rate in hertz.
    Rate,
    /// Bits of a sample.
    Resolution,
    /// Range, in the measurement's unit.
    Range,
    /// Range, in thousandths of the measurement's unit.
    RangeMilli,
    /// Number of channels.
    Channels,
    /// Factor to the unit: the bits of an `f32`.
    Factor,
}

impl SettingKind {
    const ALL: [(u8, Self); 6] = [
        (0, Self::Rate),
        (1, Self::Resolution),
        (2, Self::Range),
        (3, Self::RangeMilli),
        (4, Self::Channels),
        (5, Self::Factor),
    ];

    fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == number).map(|(_, kind)| *kind)
    }

    fn number(self) -> u8 {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or(0, |(n, _)| *n)
    }

    fn read(self, reader: &mut Reader<'_>) -> Result<u32, DeviceError> {
        match self {
            Self::Rate | Self::Resolution | Self::Range => Ok(u32::from(reader.u16("setting value")?)),
            Self::RangeMilli | Self::Factor => reader.u32("setting value"),
            Self::Channels => Ok(u32::from(reader.u8("setting value")?)),
        }
    }

    fn write(self, value: u32, bytes: &mut Vec<u8>) {
        let width = match self {
            Self::Rate | Self::Resolution | Self::Range => 2,
            Self::RangeMilli | Self::Factor => 4,
            Self::Channels => 1,
        };
        bytes.extend(value.to_le_bytes().iter().take(width));
    }
}

/// Number of the setting that carries a 16-byte key; recognised only to be refused, no key is ever read.
const SECURITY: u8 = 6;

/// One setting with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What it sets.
    pub kind: SettingKind,
    /// What may be chosen, or the one value chosen.
    pub values: Vec<u32>,
}

/// The settings of one measurement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings(pub Vec<Setting>);

impl Settings {
    /// Decodes settings up to the end of the bytes.
    ///
    /// # Errors
    /// [`DeviceError::Truncated`] when a value is cut, [`DeviceError::Invalid`] for an unknown type (whose length
    /// cannot be known), [`DeviceError::Unsupported`] for a security setting.
    pub fn decode(bytes: &[u8]) -> Result<Self, DeviceError> {
        let mut reader = Reader::new(bytes);
        let mut settings = Vec::new();
        while reader.left() > 0 {
            let number = reader.u8("setting type")?;
            let count = reader.u8("setting count")?;
            let kind = SettingKind::from_number(number).ok_or(if number == SECURITY {
                DeviceError::Unsupported { field: "security setting" }
            } else {
                DeviceError::Invalid { field: "setting type" }
            })?;
            let values = (0..count).map(|_| kind.read(&mut reader)).collect::<Result<_, _>>()?;
            settings.push(Setting { kind, values });
        }
        Ok(Self(settings))
    }

    /// Encodes settings; values beyond the 255th are left out.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for setting in &self.0 {
            let count = u8::try_from(setting.values.len()).unwrap_or(u8::MAX);
            bytes.extend([setting.kind.number(), count]);
            for value in setting.values.iter().take(usize::from(count)) {
                setting.kind.write(*value, &mut bytes);
            }
        }
        bytes
    }

    /// The values of one kind; empty when it is not there.
    #[must_use]
    pub fn values(&self, kind: SettingKind) -> &[u32] {
        self.0.iter().find(|s| s.kind == kind).map_or(&[], |s| &s.values)
    }

    /// Chooses from an offer: the highest sampling rate that the analysis supports, and the highest value of
    /// everything else. `None` when the offer lacks a usable rate or a resolution: such an offer is cut or foreign.
    #[must_use]
    pub fn choose(&self) -> Option<(Self, Hertz, u16)> {
        let rates = self.values(SettingKind::Rate).iter();
        let rate = rates.filter(|hz| Hertz::new(f64::from(**hz)).is_ok()).max()?;
        let bits = u16::try_from(*self.values(SettingKind::Resolution).iter().max()?).ok()?;
        let chosen = |s: &Setting| {
            let value =
                if s.kind == SettingKind::Rate { Some(*rate) } else { s.values.iter().max().copied() };
            // The factor is told by the device, never chosen.
            (s.kind != SettingKind::Factor).then_some(Setting { kind: s.kind, values: vec![value?] })
        };
        Some((Self(self.0.iter().filter_map(chosen).collect()), Hertz::new(f64::from(*rate)).ok()?, bits))
    }
}

impl Settings {
    /// Chooses the slowest rate and the widest range: enough to tell rest from motion. `None` when nothing is offered.
    #[must_use]
    pub fn choose_slowest(&self) -> Option<Self> {
        let chosen = |s: &Setting| {
            let slowest = s.kind == SettingKind::Rate;
            let value = if slowest { s.values.iter().min() } else { s.values.iter().max() };
            (s.kind != SettingKind::Factor).then_some(Setting { kind: s.kind, values: vec![*value?] })
        };
        let settings: Vec<Setting> = self.0.iter().filter_map(chosen).collect();
        (!settings.is_empty()).then_some(Self(settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_accelerometers_offer_is_read_and_the_highest_chosen() {
        let offer = [0, 4, 25, 0, 50, 0, 100, 0, 200, 0, 1, 1, 16, 0, 2, 3, 2, 0, 4, 0, 8, 0];
        let settings = Settings::decode(&offer).unwrap();
        assert_eq!(settings.values(SettingKind::Rate), &[25, 50, 100, 200]);
        assert_eq!(settings.values(SettingKind::Range), &[2, 4, 8]);
        assert_eq!(settings.encode(), offer);
        let (chosen, rate, bits) = settings.choose().unwrap();
        assert_eq!((rate.get(), bits), (200.0, 16));
        assert_eq!(chosen.encode(), [0, 1, 200, 0, 1, 1, 16, 0, 2, 1, 8, 0]);
    }

    #[test]
    fn a_rate_that_the_analysis_cannot_use_is_not_chosen() {
        let offer = |rates: &[u32]| {
            Settings(vec![
                Setting { kind: SettingKind::Rate, values: rates.to_vec() },
                Setting { kind: SettingKind::Resolution, values: vec![14] },
            ])
        };
        assert_eq!(offer(&[10, 130, 60_000]).choose().unwrap().1.get(), 130.0);
        assert_eq!(offer(&[10]).choose(), None);
        assert_eq!(offer(&[]).choose(), None);
        assert_eq!(Settings::default().choose(), None);
    }

    #[test]
    fn a_key_is_never_read() {
        let mut bytes = vec![SECURITY, 1];
        bytes.extend([0; 16]);
        assert_eq!(Settings::decode(&bytes).map_err(DeviceError::code), Err("device.unsupported"));
        assert_eq!(Settings::decode(&[9, 0]).map_err(DeviceError::code), Err("device.invalid"));
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer_and_what_is_read_can_be_written(
            bytes in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            if let Ok(settings) = Settings::decode(&bytes) {
                prop_assert_eq!(settings.encode(), bytes);
            }
        }
    }
}
