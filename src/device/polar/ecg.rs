//! ECG data frames: `[type][u64 stamp of the last sample, ns][frame type][samples]`.
//!
//! Type 0 is what straps send. Types 1 to 3 stand in the published SDK alone, which reads those of 14 and 18 bits without
//! sign and as microvolts: no device at hand sends them, so they are experimental.

use super::ECG;
use crate::device::reader::Reader;
use crate::device::DeviceError;
use crate::units::DeviceTime;

/// How the samples are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EcgVariant {
    /// Type 0: signed 24 bits, microvolts. What the H10 sends.
    #[default]
    Microvolts,
    /// Type 1: 14 bits without sign, then [`Beside::Flags`].
    Bits14,
    /// Type 2: 18 bits without sign, then [`Beside::Tags`].
    Bits18,
    /// Type 3: signed 24 bits of ECG, then [`Beside::Impedance`].
    WithImpedance,
}

/// What a frame says beside a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Type 1.
    Flags {
        /// Over-sampling, as the SDK calls it.
        over_sampled: bool,
        /// Whether the electrodes touch the skin: bit 0 says so, bit 1 that bit 0 counts.
        skin_contact: u8,
        /// Class of the contact's impedance, 2 bits.
        contact_impedance: u8,
    },
    /// Type 2: tags of 3 bits each, for the ECG and for a pacemaker's pulse. The SDK does not say what they mean.
    Tags {
        /// Of the ECG.
        ecg: u8,
        /// Of the pulse.
        pace: u8,
    },
    /// Type 3.
    Impedance {
        /// Bioimpedance in counts, 24 bits with sign.
        counts: i32,
        /// Status, without published meaning.
        status: u8,
    },
}

/// The lowest `bits` bits, from bit `from` on.
const fn field(word: u32, from: u32, bits: u32) -> u8 {
    (word >> from & ((1 << bits) - 1)) as u8
}

impl EcgVariant {
    /// Every way, by the number of its frame type.
    pub const ALL: [Self; 4] = [Self::Microvolts, Self::Bits14, Self::Bits18, Self::WithImpedance];

    /// Bytes of a sample.
    const fn width(self) -> usize {
        match self {
            Self::WithImpedance => 7,
            _ => 3,
        }
    }

    /// What a sample can say, in microvolts.
    #[must_use]
    pub const fn range(self) -> (i32, i32) {
        match self {
            Self::Bits14 => (0, 0x3FFF),
            Self::Bits18 => (0, 0x3_FFFF),
            Self::Microvolts | Self::WithImpedance => (-(1 << 23), (1 << 23) - 1),
        }
    }

    fn read(self, reader: &mut Reader<'_>, data: &mut EcgData) -> Result<(), DeviceError> {
        let field_name = "ECG sample";
        let (sample, beside) = match self {
            Self::Microvolts => (reader.i24(field_name)?, None),
            Self::Bits14 => {
                let word = reader.u24(field_name)?;
                let (over_sampled, skin_contact) = (field(word, 16, 1) == 1, field(word, 17, 2));
                let contact_impedance = field(word, 19, 2);
                let flags = Beside::Flags { over_sampled, skin_contact, contact_impedance };
                ((word & 0x3FFF) as i32, Some(flags))
            }
            Self::Bits18 => {
                let word = reader.u24(field_name)?;
                let tags = Beside::Tags { ecg: field(word, 18, 3), pace: field(word, 21, 3) };
                ((word & 0x3_FFFF) as i32, Some(tags))
            }
            Self::WithImpedance => {
                let ecg = reader.i24(field_name)?;
                let (counts, status) = (reader.i24("bioimpedance")?, reader.u8("status")?);
                (ecg, Some(Beside::Impedance { counts, status }))
            }
        };
        data.samples.push(sample);
        data.beside.extend(beside);
        Ok(())
    }
}

/// A data frame of ECG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcgData {
    /// Device clock at the last sample.
    pub last_sample: DeviceTime,
    /// How the samples were packed.
    pub variant: EcgVariant,
    /// The samples, oldest first; at least one. Microvolts, of types 1 to 3 by the word of the SDK alone.
    pub samples: Vec<i32>,
    /// What is said beside each of them; empty for [`EcgVariant::Microvolts`].
    pub beside: Vec<Beside>,
}

impl EcgData {
    /// Whether the electrodes touch the skin, as most samples of the frame say; `None` where the frame does not tell.
    #[must_use]
    pub fn contact(&self) -> Option<bool> {
        let said = |wanted: u8| {
            let is = |b: &&Beside| matches!(b, Beside::Flags { skin_contact, .. } if *skin_contact == wanted);
            self.beside.iter().filter(is).count()
        };
        // The bits lie where the family's pulse intervals and the heart rate service have them, and are read as those are.
        let (with, without) = (said(0b11), said(0b10));
        (2 * (with + without) > self.samples.len()).then_some(with >= without)
    }
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
    let variant = *EcgVariant::ALL
        .get(usize::from(frame_type))
        .ok_or(DeviceError::Unsupported { field: "ECG frame type" })?;
    let count = reader.left() / variant.width();
    let beside = if variant == EcgVariant::Microvolts { 0 } else { count };
    let (samples, beside) = (Vec::with_capacity(count), Vec::with_capacity(beside));
    let mut data = EcgData { last_sample, variant, samples, beside };
    variant.read(&mut reader, &mut data)?;
    while reader.left() > 0 {
        variant.read(&mut reader, &mut data)?;
    }
    Ok(data)
}

/// Encodes microvolts as a frame of type 0; voltages beyond 24 bits are clipped to them.
#[must_use]
pub fn encode_ecg(last_sample: DeviceTime, samples_uv: &[i32]) -> Vec<u8> {
    let (variant, samples) = (EcgVariant::Microvolts, samples_uv.to_vec());
    encode_ecg_data(&EcgData { last_sample, variant, samples, beside: Vec::new() })
}

/// Encodes a frame of any type; samples are clipped to what the type can say, and what is not said beside them is 0.
#[must_use]
pub fn encode_ecg_data(data: &EcgData) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(10 + data.variant.width() * data.samples.len());
    bytes.push(ECG);
    bytes.extend(data.last_sample.0.to_le_bytes());
    bytes.push(data.variant as u8);
    let (low, high) = data.variant.range();
    for (i, sample) in data.samples.iter().enumerate() {
        let beside = match (data.variant, data.beside.get(i)) {
            (EcgVariant::Bits14, Some(Beside::Flags { over_sampled, skin_contact, contact_impedance })) => {
                u32::from(*over_sampled) << 16
                    | u32::from(skin_contact & 3) << 17
                    | u32::from(contact_impedance & 3) << 19
            }
            (EcgVariant::Bits18, Some(Beside::Tags { ecg, pace })) => {
                u32::from(ecg & 7) << 18 | u32::from(pace & 7) << 21
            }
            _ => 0,
        };
        let word = (*sample).clamp(low, high) as u32 | beside;
        bytes.extend(word.to_le_bytes().iter().take(3));
        if data.variant == EcgVariant::WithImpedance {
            let (counts, status) = match data.beside.get(i) {
                Some(Beside::Impedance { counts, status }) => (*counts, *status),
                _ => (0, 0),
            };
            bytes.extend(counts.clamp(low, high).to_le_bytes().iter().take(3));
            bytes.push(status);
        }
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
    fn contact_is_what_most_samples_say_and_nothing_where_they_cannot() {
        let contact =
            |frame_type, bytes: &[u8]| decode_ecg(&frame(frame_type, bytes)).map(|data| data.contact());
        let (with, without, untold) = ([0, 0, 0b110], [0, 0, 0b100], [0, 0, 0b010]);
        assert_eq!(contact(1, &[with, with, without].concat()), Ok(Some(true)));
        assert_eq!(contact(1, &[with, without, without].concat()), Ok(Some(false)));
        assert_eq!(contact(1, &[untold, untold, with].concat()), Ok(None));
        assert_eq!(contact(1, &[0, 0, 0]), Ok(None));
        assert_eq!(contact(0, &with), Ok(None));
        assert_eq!(contact(2, &with), Ok(None));
    }

    #[test]
    fn what_is_no_ecg_frame_says_why() {
        let code = |bytes: &[u8]| decode_ecg(bytes).map_err(DeviceError::code);
        assert_eq!(code(&frame(0, &[])), Err("device.truncated"));
        assert_eq!(code(&frame(0, &[1, 2, 3, 4])), Err("device.truncated"));
        for unknown in (4..=u8::MAX).chain([0x80]) {
            assert_eq!(code(&frame(unknown, &[1, 2, 3])), Err("device.unsupported"), "{unknown}");
        }
        let mut acceleration = frame(0, &[1, 2, 3]);
        acceleration[0] = 2;
        assert_eq!(code(&acceleration), Err("device.unexpected"));
    }

    /// A sample of every type, with what is said beside it.
    fn any_sample() -> impl Strategy<Value = (i32, [u8; 4])> {
        (any::<i32>(), any::<[u8; 4]>())
    }

    fn beside(variant: EcgVariant, [a, b, c, d]: [u8; 4]) -> Option<Beside> {
        let (skin_contact, contact_impedance) = (b & 3, c & 3);
        match variant {
            EcgVariant::Microvolts => None,
            EcgVariant::Bits14 => {
                Some(Beside::Flags { over_sampled: a & 1 == 1, skin_contact, contact_impedance })
            }
            EcgVariant::Bits18 => Some(Beside::Tags { ecg: a & 7, pace: b & 7 }),
            EcgVariant::WithImpedance => {
                Some(Beside::Impedance { counts: i32::from_le_bytes([0, a, b, c]) >> 8, status: d })
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer(
            bytes in proptest::collection::vec(any::<u8>(), 0..300), frame_type in 0_u8..5,
        ) {
            for bytes in [bytes.clone(), frame(frame_type, &bytes)] {
                if let Ok(data) = decode_ecg(&bytes) {
                    prop_assert!(!data.samples.is_empty());
                    prop_assert!(data.beside.is_empty() || data.beside.len() == data.samples.len());
                    let (low, high) = data.variant.range();
                    prop_assert!(data.samples.iter().all(|uv| (low..=high).contains(uv)));
                    let _ = data.contact();
                }
            }
        }

        #[test]
        fn what_is_encoded_is_decoded(
            stamp: u64, all in proptest::collection::vec(any_sample(), 1..90), which in 0_usize..4,
        ) {
            let variant = EcgVariant::ALL[which];
            let (low, high) = variant.range();
            let samples: Vec<i32> = all.iter().map(|(uv, _)| (uv >> 8).clamp(low, high)).collect();
            let beside: Vec<Beside> = all.iter().filter_map(|(_, said)| beside(variant, *said)).collect();
            let data = EcgData { last_sample: DeviceTime(stamp), variant, samples, beside };
            let bytes = encode_ecg_data(&data);
            prop_assert_eq!(decode_ecg(&bytes).unwrap(), data.clone());
            if variant == EcgVariant::Microvolts {
                prop_assert_eq!(encode_ecg(data.last_sample, &data.samples), bytes);
            }
        }
    }
}
