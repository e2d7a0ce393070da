//! `counter u16 of the first sample | n x int16`, all big-endian.

use crate::device::reader::Reader;
use crate::device::DeviceError;

/// Microvolts of a count: the upper 16 of 18 bits of a MAX30001 at gain 20 with a reference of 1000 mV.
const MICROVOLTS: f64 = 4.0 * 1_000_000.0 / 131_072.0 / 20.0;

/// A packet.
#[derive(Debug, Clone, PartialEq)]
pub struct Card10Samples {
    /// Samples before the first one of this packet, since the subscription, modulo 65 536; lost ones count.
    pub counter: u16,
    /// The samples, in microvolts.
    pub samples_uv: Vec<f32>,
}

/// Decodes a packet.
///
/// # Errors
/// [`DeviceError::Truncated`] without a sample or when one is cut.
pub fn decode(bytes: &[u8]) -> Result<Card10Samples, DeviceError> {
    let mut reader = Reader::new(bytes);
    let counter = reader.u16_big("sample counter")?;
    let mut samples_uv = Vec::with_capacity(bytes.len() / 2);
    loop {
        let count = reader.u16_big("ECG sample")? as i16;
        samples_uv.push((f64::from(count) * MICROVOLTS) as f32);
        if reader.left() == 0 {
            return Ok(Card10Samples { counter, samples_uv });
        }
    }
}

/// Encodes a packet; voltages are clipped to what a count can hold.
#[must_use]
pub fn encode(packet: &Card10Samples) -> Vec<u8> {
    let mut bytes = packet.counter.to_be_bytes().to_vec();
    for uv in &packet.samples_uv {
        bytes.extend(((f64::from(*uv) / MICROVOLTS).round() as i16).to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_byte_comes_first() {
        let packet = decode(&[0x01, 0x02, 0xFF, 0xFE, 0x01, 0x00]).unwrap();
        assert_eq!(packet.counter, 258);
        assert!((packet.samples_uv[0] + 2.0 * 1.5259).abs() < 1e-3, "{:?}", packet.samples_uv);
        assert!((packet.samples_uv[1] - 256.0 * 1.5259).abs() < 1e-2);
        assert_eq!(encode(&packet), [0x01, 0x02, 0xFF, 0xFE, 0x01, 0x00]);
        for length in [0, 1, 2, 3, 5] {
            assert!(decode(&[0, 1, 2, 3, 4, 5][..length]).is_err(), "{length}");
        }
    }
}
