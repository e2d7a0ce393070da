//! Content of a realtime answer: 20 bytes of parameters, then `count u16 | n x int16`.

use crate::device::reader::Reader;
use crate::device::DeviceError;

/// Sampling rate of every device of the family that is read here.
pub(super) const RATE_HZ: f64 = 125.0;
/// Microvolts of a count: 1.0035 * 1800 mV / (4096 * 178.74).
const MICROVOLTS: f64 = 1.0035 * 1_800_000.0 / (4096.0 * 178.74);
/// Stands for a sample that is not one.
const INVALID: i16 = 0x7FFF;

/// What the device is doing: the low four bits of its run status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunStatus {
    /// Measures.
    Measuring,
    /// The electrodes do not touch.
    LeadOff,
    /// Anything else: idle, preparing, saving, saved.
    Other,
}

/// What was measured since the last answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Realtime {
    /// The device's own rate, beats a minute; 0 when it has none.
    pub rate_bpm: u16,
    /// Charge, percent.
    pub battery_percent: u8,
    /// What it is doing.
    pub status: RunStatus,
    /// The samples, in microvolts; one that is none repeats the one before.
    pub samples_uv: Vec<f32>,
    /// True when no sample is one.
    pub all_invalid: bool,
}

/// Decodes the content of a realtime answer.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut.
pub fn decode(content: &[u8]) -> Result<Realtime, DeviceError> {
    let mut reader = Reader::new(content);
    let rate_bpm = reader.u16("heart rate")?;
    reader.u8("system flags")?;
    let battery_percent = reader.u8("battery level")?;
    reader.u32("record time")?;
    let status = match reader.u8("run status")? & 0x0F {
        2 => RunStatus::Measuring,
        7 => RunStatus::LeadOff,
        _ => RunStatus::Other,
    };
    reader.take("parameters", 11)?;
    let count = usize::from(reader.u16("sample count")?);
    let mut samples = Reader::new(reader.take("ECG sample", 2 * count)?);
    let (mut last, mut all_invalid) = (0.0, true);
    let mut samples_uv = Vec::with_capacity(count);
    for _ in 0..count {
        let sample = samples.i16("ECG sample")?;
        if sample != INVALID {
            last = (f64::from(sample) * MICROVOLTS) as f32;
            all_invalid = false;
        }
        samples_uv.push(last);
    }
    Ok(Realtime { rate_bpm, battery_percent, status, samples_uv, all_invalid })
}

/// Encodes the content of a realtime answer; voltages are clipped to what a count can hold.
#[must_use]
pub fn encode_realtime(realtime: &Realtime, recorded_s: u32) -> Vec<u8> {
    let status = match realtime.status {
        RunStatus::Measuring => 2,
        RunStatus::LeadOff => 7,
        RunStatus::Other => 0,
    };
    let mut bytes = realtime.rate_bpm.to_le_bytes().to_vec();
    bytes.extend([0, realtime.battery_percent]);
    bytes.extend(recorded_s.to_le_bytes());
    bytes.push(status);
    bytes.extend([0; 11]);
    bytes.extend((realtime.samples_uv.len() as u16).to_le_bytes());
    for uv in &realtime.samples_uv {
        let count = if realtime.all_invalid {
            INVALID
        } else {
            ((f64::from(*uv) / MICROVOLTS).round() as i16).min(INVALID - 1)
        };
        bytes.extend(count.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_scaled_and_cuts_found() {
        let realtime = Realtime {
            rate_bpm: 72,
            battery_percent: 80,
            status: RunStatus::Measuring,
            samples_uv: vec![1000.0, -500.0],
            all_invalid: false,
        };
        let bytes = encode_realtime(&realtime, 3);
        let again = decode(&bytes).unwrap();
        assert_eq!((again.rate_bpm, again.battery_percent, again.status), (72, 80, RunStatus::Measuring));
        assert!((again.samples_uv[0] - 1000.0).abs() < 1.3 && (again.samples_uv[1] + 500.0).abs() < 1.3);
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]).map_err(DeviceError::code), Err("device.truncated"));
        }
        // The published factor, in millivolts.
        assert!((MICROVOLTS - 2.467).abs() < 0.001);
    }

    #[test]
    fn off_the_skin_nothing_is_a_sample() {
        let off = Realtime {
            rate_bpm: 0,
            battery_percent: 80,
            status: RunStatus::LeadOff,
            samples_uv: vec![0.0; 4],
            all_invalid: true,
        };
        assert_eq!(decode(&encode_realtime(&off, 0)), Ok(off));
    }
}
