//! ECG voltages: `time | n x int16`. The time is u32 milliseconds, or, from firmware 0.9 on, u64 microseconds. It belongs to
//! the last sample.

use crate::device::reader::Reader;
use crate::device::DeviceError;

/// Samples of a packet; another number can be asked of the first firmware, which nobody here does, but another page may
/// have done.
const SAMPLES: usize = 16;
/// Samples of the longest packet that a link carries.
const MOST_SAMPLES: usize = (512 - 4) / 2;
/// Length of a packet with the short time stamp, and with the long one.
const SHORT: usize = 4 + 2 * SAMPLES;
const LONG: usize = 8 + 2 * SAMPLES;
/// Stands for a voltage that does not fit.
const INVALID: i16 = i16::MIN;
/// Microvolts of a count: the sensor's own.
const MICROVOLTS: f64 = 0.381_469_726_563;

/// A packet of ECG.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityEcg {
    /// The sensor's microseconds near the *last* sample. The long form counts from 1970 where the sensor's clock was
    /// set: only differences are used.
    pub last_sample_us: u64,
    /// True when the time stamp was the short one, which starts again after 49 days.
    pub short: bool,
    /// The samples, in microvolts; a voltage that did not fit repeats the one before.
    pub samples_uv: Vec<f32>,
}

/// Decodes a packet of the newer characteristic. The two forms are told apart by their length, which is fixed in every published version.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is shorter than the short form, [`DeviceError::Invalid`] when its length is that
/// of neither form.
pub fn decode(bytes: &[u8]) -> Result<ActivityEcg, DeviceError> {
    let mut reader = Reader::new(bytes);
    let short = bytes.len() == SHORT;
    if bytes.len() > SHORT && bytes.len() != LONG {
        return Err(DeviceError::Invalid { field: "ECG packet length" });
    }
    let last_sample_us = if bytes.len() <= SHORT {
        u64::from(reader.u32("time stamp")?) * 1000
    } else {
        reader.u64("time stamp")?
    };
    let samples_uv = samples(&mut reader, SAMPLES)?;
    Ok(ActivityEcg { last_sample_us, short, samples_uv })
}

/// Decodes a packet of the older characteristic: its time stamp is short, its samples as many as there are.
///
/// # Errors
/// [`DeviceError::Truncated`] when no sample is in it or half of one, [`DeviceError::Invalid`] when it is longer than a
/// link carries.
pub fn decode_old(bytes: &[u8]) -> Result<ActivityEcg, DeviceError> {
    let mut reader = Reader::new(bytes);
    let last_sample_us = u64::from(reader.u32("time stamp")?) * 1000;
    let count = (bytes.len() - 3) / 2;
    if count > MOST_SAMPLES {
        return Err(DeviceError::Invalid { field: "ECG packet length" });
    }
    // No sample is one too few.
    let samples_uv = samples(&mut reader, count.max(1))?;
    Ok(ActivityEcg { last_sample_us, short: true, samples_uv })
}

fn samples(reader: &mut Reader<'_>, count: usize) -> Result<Vec<f32>, DeviceError> {
    let mut last = 0.0;
    let mut sample = || {
        let count = reader.i16("ECG sample")?;
        if count != INVALID {
            last = (f64::from(count) * MICROVOLTS) as f32;
        }
        Ok(last)
    };
    (0..count).map(|_| sample()).collect()
}

/// Encodes a packet; voltages that do not fit become the invalid count.
#[must_use]
pub fn encode(packet: &ActivityEcg) -> Vec<u8> {
    let mut bytes = if packet.short {
        ((packet.last_sample_us / 1000) as u32).to_le_bytes().to_vec()
    } else {
        packet.last_sample_us.to_le_bytes().to_vec()
    };
    for uv in &packet.samples_uv {
        let count = (f64::from(*uv) / MICROVOLTS).round();
        let count = if count.abs() <= f64::from(i16::MAX) { count as i16 } else { INVALID };
        bytes.extend(count.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_time_stamps_and_the_voltage_that_does_not_fit() {
        for short in [true, false] {
            let mut samples_uv = vec![100.0; SAMPLES];
            samples_uv[7] = 99_999.0;
            let packet = ActivityEcg { last_sample_us: 5_000_000, short, samples_uv };
            let bytes = encode(&packet);
            assert_eq!(bytes.len(), if short { 36 } else { 40 });
            let again = decode(&bytes).unwrap();
            assert_eq!((again.last_sample_us, again.short, again.samples_uv.len()), (5_000_000, short, 16));
            assert!(again.samples_uv.iter().all(|uv| (uv - 100.0).abs() < 0.2), "{:?}", again.samples_uv);
        }
        for length in (0..=60).filter(|length| ![36, 40].contains(length)) {
            assert!(decode(&vec![1; length]).is_err(), "{length}");
        }
    }

    #[test]
    fn the_older_characteristic_has_as_many_samples_as_fit() {
        for count in [1, 2, 15, 16, 18, 254] {
            let packet = ActivityEcg { last_sample_us: 7_000, short: true, samples_uv: vec![50.0; count] };
            let again = decode_old(&encode(&packet)).unwrap();
            assert_eq!((again.last_sample_us, again.short, again.samples_uv.len()), (7_000, true, count));
        }
        // Half a sample, none, half a time, more than a link carries.
        for length in [37, 4, 5, 3, 0, 514, 600] {
            assert!(decode_old(&vec![1; length]).is_err(), "{length}");
        }
    }
}
