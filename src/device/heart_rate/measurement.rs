//! Heart Rate Measurement 0x2A37: `flags u8 | rate u8 or u16 | [energy u16] | [RR u16 ...]`.

use crate::device::reader::Reader;
use crate::device::DeviceError;
use crate::units::Milliseconds;

/// Flags (Heart Rate Service 1.0, 3.1.1.1).
const WIDE_RATE: u8 = 1 << 0;
const CONTACT: u8 = 1 << 1;
const CONTACT_SUPPORTED: u8 = 1 << 2;
const ENERGY: u8 = 1 << 3;
const RR: u8 = 1 << 4;

/// A Heart Rate Measurement as it stands in the frame.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measurement {
    /// Beats a minute; sensors send 0 when they have none.
    pub rate_bpm: u16,
    /// Whether the sensor touches the skin; `None` when it cannot tell, whatever the contact bit says.
    pub contact: Option<bool>,
    /// Energy expended since the last reset, in kilojoule, when sent.
    pub energy_kj: Option<u16>,
    /// RR intervals in 1/1024 s, oldest first.
    pub rr_raw: Vec<u16>,
    /// True when a byte was left over at the end, as when an interval was cut in two. It is ignored.
    pub trailing_byte: bool,
}

/// An RR interval of the wire in whole milliseconds: `round(raw * 1000 / 1024)`.
#[must_use]
pub fn rr_ms(raw: u16) -> Milliseconds {
    Milliseconds((f64::from(raw) * 1000.0 / 1024.0).round())
}

/// Decodes a Heart Rate Measurement. Bytes after the last promised field are flagged when there is no RR list to
/// hold them; reserved flag bits are ignored, as the specification asks.
///
/// # Errors
/// [`DeviceError::Truncated`] when the flags promise more than is there: an RR list has at least one interval.
pub fn decode(bytes: &[u8]) -> Result<Measurement, DeviceError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("heart rate flags")?;
    let has = |bit: u8| flags & bit != 0;
    let rate_bpm =
        if has(WIDE_RATE) { reader.u16("heart rate")? } else { u16::from(reader.u8("heart rate")?) };
    let energy_kj = if has(ENERGY) { Some(reader.u16("energy expended")?) } else { None };
    let mut rr_raw = Vec::new();
    if has(RR) {
        rr_raw.push(reader.u16("RR interval")?);
        while reader.left() >= 2 {
            rr_raw.push(reader.u16("RR interval")?);
        }
    }
    let contact = has(CONTACT_SUPPORTED).then(|| has(CONTACT));
    Ok(Measurement { rate_bpm, contact, energy_kj, rr_raw, trailing_byte: reader.left() > 0 })
}

/// Encodes a Heart Rate Measurement; `trailing_byte` is not reproduced.
#[must_use]
pub fn encode(measurement: &Measurement) -> Vec<u8> {
    let wide = measurement.rate_bpm > 0xFF;
    let mut flags = if wide { WIDE_RATE } else { 0 };
    flags |= match measurement.contact {
        Some(true) => CONTACT_SUPPORTED | CONTACT,
        Some(false) => CONTACT_SUPPORTED,
        None => 0,
    };
    flags |= if measurement.energy_kj.is_some() { ENERGY } else { 0 };
    flags |= if measurement.rr_raw.is_empty() { 0 } else { RR };
    let rate = measurement.rate_bpm.to_le_bytes();
    let mut bytes = vec![flags];
    bytes.extend(rate.iter().take(if wide { 2 } else { 1 }));
    bytes.extend(measurement.energy_kj.iter().flat_map(|kj| kj.to_le_bytes()));
    bytes.extend(measurement.rr_raw.iter().flat_map(|raw| raw.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn contact_bits_alone_mean_nothing() {
        let contact = |flags: u8| decode(&[flags, 60]).unwrap().contact;
        assert_eq!(contact(0b000), None);
        assert_eq!(contact(0b010), None, "contact without support is unsupported");
        assert_eq!(contact(0b100), Some(false));
        assert_eq!(contact(0b110), Some(true));
    }

    #[test]
    fn promised_fields_must_be_there() {
        for cut in [&[][..], &[0x00], &[0x01, 60], &[0x08, 60, 1], &[0x10, 60], &[0x10, 60, 1], &[0x17, 1, 1]]
        {
            assert_eq!(decode(cut).map_err(DeviceError::code), Err("device.truncated"), "{cut:?}");
        }
    }

    #[test]
    fn half_an_interval_is_flagged_and_the_whole_ones_kept() {
        let m = decode(&[0x10, 70, 0x00, 0x04, 0x99]).unwrap();
        assert_eq!((m.rr_raw.as_slice(), m.trailing_byte), (&[1024][..], true));
        assert!(decode(&[0x00, 70, 1, 2, 3]).unwrap().trailing_byte);
    }

    #[test]
    fn intervals_round_to_the_millisecond() {
        for (raw, ms) in [(1024, 1000.0), (820, 801.0), (827, 808.0), (65_535, 63_999.0), (0, 0.0)] {
            assert_eq!(rr_ms(raw), Milliseconds(ms));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(m) = decode(&bytes) {
                prop_assert_eq!(decode(&encode(&m)).map(|m| m.rr_raw), Ok(m.rr_raw));
            }
        }

        #[test]
        fn what_is_encoded_is_decoded(
            rate_bpm: u16, contact: Option<bool>, energy_kj: Option<u16>,
            rr_raw in proptest::collection::vec(any::<u16>(), 0..9),
        ) {
            let m = Measurement { rate_bpm, contact, energy_kj, rr_raw, trailing_byte: false };
            prop_assert_eq!(decode(&encode(&m)), Ok(m));
        }
    }
}
