//! Counts of the amplifier.

use crate::device::reader::Reader;
use crate::device::DeviceError;

/// Microvolts of a count: reference 1000 mV over 2^17 steps at gain 40 (MAX30001 data sheet).
const MICROVOLTS: f64 = 1_000_000.0 / 131_072.0 / 40.0;

/// Decodes a packet, in microvolts.
///
/// # Errors
/// [`DeviceError::Truncated`] without a sample or when one is cut.
pub fn decode(bytes: &[u8]) -> Result<Vec<f32>, DeviceError> {
    let mut reader = Reader::new(bytes);
    let mut samples_uv = Vec::with_capacity(bytes.len() / 4);
    loop {
        samples_uv.push((f64::from(reader.i32("ECG sample")?) * MICROVOLTS) as f32);
        if reader.left() == 0 {
            return Ok(samples_uv);
        }
    }
}

/// Encodes microvolts.
#[must_use]
pub fn encode(samples_uv: &[f32]) -> Vec<u8> {
    let count = |uv: &f32| (f64::from(*uv) / MICROVOLTS).round() as i32;
    samples_uv.iter().flat_map(|uv| count(uv).to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_signed_and_cuts_found() {
        let bytes = encode(&[1000.0, -250.0]);
        let samples = decode(&bytes).unwrap();
        assert!((samples[0] - 1000.0).abs() < 0.2 && (samples[1] + 250.0).abs() < 0.2);
        assert_eq!(decode(&bytes[..4]).unwrap().len(), 1);
        for length in [0, 1, 2, 3, 5, 6, 7] {
            assert!(decode(&bytes[..length]).is_err(), "{length}");
        }
    }
}
