//! Data of `/Meas/ECG/{rate}` and `/Meas/ECG/{rate}/mV`: `time u32 ms of the first sample | 16 samples`.

use crate::device::reader::Reader;
use crate::device::DeviceError;

/// Samples of a packet.
pub const SAMPLES: usize = 16;

/// How the samples are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EcgFormat {
    /// `int32` counts of 0.381469726563 uV.
    Raw,
    /// `int16` microvolts: the interface description says floats, the wire says otherwise.
    Microvolts,
}

impl EcgFormat {
    /// Microvolts of a count.
    pub(super) const fn microvolts(self) -> f64 {
        match self {
            Self::Raw => 0.381_469_726_563,
            Self::Microvolts => 1.0,
        }
    }

    /// Bytes of a whole packet.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Raw => 4 + 4 * SAMPLES,
            Self::Microvolts => 4 + 2 * SAMPLES,
        }
    }
}

/// A packet of ECG.
#[derive(Debug, Clone, PartialEq)]
pub struct EcgPacket {
    /// The sensor's milliseconds since it was switched on, at the *first* sample; starts again after 49 days.
    pub first_sample_ms: u32,
    /// The samples, in microvolts.
    pub samples_uv: Vec<f32>,
}

/// Decodes a packet: the payload of data, put together from its parts.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut, [`DeviceError::Invalid`] when bytes are left over.
pub fn decode_ecg(payload: &[u8], format: EcgFormat) -> Result<EcgPacket, DeviceError> {
    let mut reader = Reader::new(payload);
    let first_sample_ms = reader.u32("time stamp")?;
    let mut sample = || {
        let count = match format {
            EcgFormat::Raw => f64::from(reader.i32("ECG sample")?),
            EcgFormat::Microvolts => f64::from(reader.i16("ECG sample")?),
        };
        Ok((count * format.microvolts()) as f32)
    };
    let samples_uv = (0..SAMPLES).map(|_| sample()).collect::<Result<_, DeviceError>>()?;
    if reader.left() > 0 {
        return Err(DeviceError::Invalid { field: "ECG packet length" });
    }
    Ok(EcgPacket { first_sample_ms, samples_uv })
}

/// Encodes a packet; voltages are rounded to the nearest count and clipped to what a count can hold.
#[must_use]
pub fn encode_ecg(packet: &EcgPacket, format: EcgFormat) -> Vec<u8> {
    let mut bytes = packet.first_sample_ms.to_le_bytes().to_vec();
    for uv in &packet.samples_uv {
        // The casts saturate.
        let count = (f64::from(*uv) / format.microvolts()).round();
        match format {
            EcgFormat::Raw => bytes.extend((count as i32).to_le_bytes()),
            EcgFormat::Microvolts => bytes.extend((count as i16).to_le_bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_keep_the_voltage_to_a_count() {
        let samples_uv: Vec<f32> = (0..16).map(|i| 300.0 * i as f32 - 2000.0).collect();
        let packet = EcgPacket { first_sample_ms: u32::MAX - 3, samples_uv };
        for format in [EcgFormat::Raw, EcgFormat::Microvolts] {
            let bytes = encode_ecg(&packet, format);
            assert_eq!(bytes.len(), format.length());
            let again = decode_ecg(&bytes, format).unwrap();
            assert_eq!(again.first_sample_ms, packet.first_sample_ms);
            let far = |(a, b): (&f32, &f32)| f64::from((a - b).abs()) > 0.5 * format.microvolts();
            assert!(!again.samples_uv.iter().zip(&packet.samples_uv).any(far));
            for length in 0..bytes.len() {
                assert!(decode_ecg(&bytes[..length], format).is_err(), "{length}");
            }
        }
        assert!(decode_ecg(&encode_ecg(&packet, EcgFormat::Raw), EcgFormat::Microvolts).is_err());
    }
}
