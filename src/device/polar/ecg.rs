//! ECG data frames: `[type][u64 stamp of the last sample, ns][frame type][samples]`.

use super::ECG;
use crate::device::reader::Reader;
use crate::device::DeviceError;
use crate::units::DeviceTime;

/// Upper bit of the frame type: samples are compressed.
const COMPRESSED: u8 = 0x80;

/// How the samples are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EcgVariant {
    /// Type 0: signed 24 bits, microvolts. What the H10 sends.
    Microvolts,
    /// Type 1: 14 bits, then flags.
    Bits14,
    /// Type 2: 18 bits, then tags.
    Bits18,
    /// Type 3: signed 24 bits of ECG, 24 bits of bioimpedance, status.
    WithImpedance,
}

impl EcgVariant {
    const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Microvolts),
            1 => Some(Self::Bits14),
            2 => Some(Self::Bits18),
            3 => Some(Self::WithImpedance),
            _ => None,
        }
    }

    /// Bytes of a sample.
    const fn width(self) -> usize {
        match self {
            Self::WithImpedance => 7,
            _ => 3,
        }
    }

    fn sample(self, reader: &mut Reader<'_>) -> Result<i32, DeviceError> {
        let field = "ECG sample";
        match self {
            Self::Microvolts => reader.i24(field),
            Self::Bits14 => Ok((reader.u24(field)? & 0x3FFF) as i32),
            Self::Bits18 => Ok((reader.u24(field)? & 0x3_FFFF) as i32),
            Self::WithImpedance => {
                let ecg = reader.i24(field)?;
                reader.take("impedance and status", 4)?;
                Ok(ecg)
            }
        }
    }
}

/// A data frame of ECG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcgData {
    /// Device clock at the last sample.
    pub last_sample: DeviceTime,
    /// How the samples were packed. The unit is known to be microvolts for [`EcgVariant::Microvolts`] only.
    pub variant: EcgVariant,
    /// The samples, oldest first; at least one.
    pub samples: Vec<i32>,
}

/// Decodes a data frame of ECG. A frame cut between two samples cannot be told from a shorter frame: the protocol
/// carries no count.
///
/// # Errors
/// [`DeviceError::Truncated`] when the head or a sample is cut or no sample is there, [`DeviceError::Unexpected`]
/// for another measurement, [`DeviceError::Unsupported`] for compressed and unknown frame types.
pub fn decode_ecg(bytes: &[u8]) -> Result<EcgData, DeviceError> {
    let mut reader = Reader::new(bytes);
    if reader.u8("measurement")? & 0x3F != ECG {
        return Err(DeviceError::Unexpected { field: "measurement" });
    }
    let last_sample = DeviceTime(reader.u64("time stamp")?);
    let frame_type = reader.u8("frame type")?;
    let known = if frame_type & COMPRESSED == 0 { EcgVariant::from_number(frame_type) } else { None };
    let variant = known.ok_or(DeviceError::Unsupported { field: "ECG frame type" })?;
    let mut samples = Vec::with_capacity(reader.left() / variant.width());
    samples.push(variant.sample(&mut reader)?);
    while reader.left() > 0 {
        samples.push(variant.sample(&mut reader)?);
    }
    Ok(EcgData { last_sample, variant, samples })
}

/// Encodes microvolts as a frame of type 0; voltages beyond 24 bits are clipped to them.
#[must_use]
pub fn encode_ecg(last_sample: DeviceTime, samples_uv: &[i32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(10 + 3 * samples_uv.len());
    bytes.push(ECG);
    bytes.extend(last_sample.0.to_le_bytes());
    bytes.push(0);
    for sample in samples_uv {
        let clipped = (*sample).clamp(-(1 << 23), (1 << 23) - 1);
        bytes.extend(clipped.to_le_bytes().iter().take(3));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(frame_type: u8, samples: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 1, 0, 0, 0, 0, 0, 0, 0, frame_type];
        bytes.extend(samples);
        bytes
    }

    #[test]
    fn each_variant_unpacks_its_bits() {
        let samples = |frame_type, bytes: &[u8]| decode_ecg(&frame(frame_type, bytes)).map(|d| d.samples);
        assert_eq!(samples(0, &[0xFE, 0xFF, 0xFF, 0x10, 0x27, 0x00]), Ok(vec![-2, 10_000]));
        assert_eq!(samples(1, &[0x05, 0x40, 0xAA, 0xFF, 0x3F, 0x00]), Ok(vec![5, 16_383]));
        assert_eq!(samples(2, &[0x01, 0x00, 0xFD]), Ok(vec![65_537]));
        assert_eq!(samples(3, &[0xFF, 0xFF, 0xFF, 1, 2, 3, 9]), Ok(vec![-1]));
    }

    #[test]
    fn what_is_no_ecg_frame_says_why() {
        let code = |bytes: &[u8]| decode_ecg(bytes).map_err(DeviceError::code);
        assert_eq!(code(&frame(0, &[])), Err("device.truncated"));
        assert_eq!(code(&frame(0, &[1, 2, 3, 4])), Err("device.truncated"));
        assert_eq!(code(&frame(0x80, &[1, 2, 3])), Err("device.unsupported"));
        assert_eq!(code(&frame(4, &[1, 2, 3])), Err("device.unsupported"));
        let mut acceleration = frame(0, &[1, 2, 3]);
        acceleration[0] = 2;
        assert_eq!(code(&acceleration), Err("device.unexpected"));
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(data) = decode_ecg(&bytes) {
                prop_assert!(!data.samples.is_empty());
            }
        }

        #[test]
        fn what_is_encoded_is_decoded(
            stamp: u64, samples in proptest::collection::vec(-(1_i32 << 23)..(1 << 23), 1..90),
        ) {
            let data = decode_ecg(&encode_ecg(DeviceTime(stamp), &samples)).unwrap();
            prop_assert_eq!((data.last_sample, data.samples), (DeviceTime(stamp), samples));
        }
    }
}
