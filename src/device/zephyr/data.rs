//! Payloads: `sequence u8 | year u16 | month u8 | day u8 | ms of the day u32 | data`, and the summary.

use crate::device::reader::Reader;
use crate::device::DeviceError;
use crate::units::Milliseconds;

/// Samples of an ECG packet, and their rate.
pub(super) const SAMPLES: usize = 63;
pub(super) const RATE_HZ: f64 = 250.0;
/// Microvolts of a count, and the count at zero volts.
const MICROVOLTS: f32 = 25.0;
const ZERO: i32 = 512;
/// Values of an RR packet.
const RR_VALUES: usize = 18;
/// Date that encoded packets carry; devices that were never set send much the same.
const DATE: [u8; 4] = [0xD0, 0x07, 1, 1];

/// ECG of a packet.
#[derive(Debug, Clone, PartialEq)]
pub struct EcgData {
    /// Counts the packets.
    pub sequence: u8,
    /// The device's milliseconds of its day at the first sample.
    pub ms_of_day: u32,
    /// The samples, in microvolts; one that is none repeats the one before.
    pub samples_uv: Vec<f32>,
}

/// The date is passed over: an absolute time could identify.
fn head(reader: &mut Reader<'_>) -> Result<(u8, u32), DeviceError> {
    let sequence = reader.u8("sequence")?;
    reader.take("date", 4)?;
    Ok((sequence, reader.u32("time of day")?))
}

/// Ten bits each, packed from the lowest bit up: four values in five bytes.
fn unpack(bytes: &[u8]) -> impl Iterator<Item = u16> + '_ {
    (0..).map_while(move |i| {
        let bit = 10 * i;
        let (byte, shift) = (bit / 8, bit % 8);
        let pair = u16::from_le_bytes([*bytes.get(byte)?, *bytes.get(byte + 1)?]);
        Some(pair >> shift & 0x3FF)
    })
}

/// Decodes the payload of an ECG packet.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut.
pub fn decode_ecg(payload: &[u8]) -> Result<EcgData, DeviceError> {
    let mut reader = Reader::new(payload);
    let (sequence, ms_of_day) = head(&mut reader)?;
    let packed = reader.take("ECG samples", (10 * SAMPLES).div_ceil(8))?;
    let mut last = 0.0;
    let sample = |count: u16| {
        // 0 stands for no sample.
        if count > 0 {
            last = (i32::from(count) - ZERO) as f32 * MICROVOLTS;
        }
        last
    };
    Ok(EcgData { sequence, ms_of_day, samples_uv: unpack(packed).take(SAMPLES).map(sample).collect() })
}

fn encoded_head(sequence: u8, ms_of_day: u32) -> Vec<u8> {
    let mut head = vec![sequence];
    head.extend(DATE);
    head.extend(ms_of_day.to_le_bytes());
    head
}

/// Encodes the payload of an ECG packet; voltages are clipped to 1 to 1023 counts.
#[must_use]
pub fn encode_ecg(data: &EcgData) -> Vec<u8> {
    let mut payload = encoded_head(data.sequence, data.ms_of_day);
    let mut packed = vec![0_u8; (10 * SAMPLES).div_ceil(8)];
    for (i, uv) in data.samples_uv.iter().take(SAMPLES).enumerate() {
        let count = ((uv / MICROVOLTS).round() as i32).saturating_add(ZERO).clamp(1, 1023) as u16;
        for bit in (0..10).filter(|bit| count >> bit & 1 == 1) {
            let place = 10 * i + bit;
            if let Some(byte) = packed.get_mut(place / 8) {
                *byte |= 1 << (place % 8);
            }
        }
    }
    payload.extend(packed);
    payload
}

/// Values of an RR packet, sampled every 56 ms: an interval in milliseconds, whose sign flips with each beat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RrData {
    /// Counts the packets.
    pub sequence: u8,
    /// The values.
    pub values: Vec<i16>,
}

/// Decodes the payload of an RR packet.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut.
pub fn decode_rr(payload: &[u8]) -> Result<RrData, DeviceError> {
    let mut reader = Reader::new(payload);
    let (sequence, _) = head(&mut reader)?;
    let values = (0..RR_VALUES).map(|_| reader.i16("RR interval")).collect::<Result<_, _>>()?;
    Ok(RrData { sequence, values })
}

/// Encodes the payload of an RR packet.
#[must_use]
pub fn encode_rr(data: &RrData, ms_of_day: u32) -> Vec<u8> {
    let mut payload = encoded_head(data.sequence, ms_of_day);
    payload.extend(data.values.iter().flat_map(|value| value.to_le_bytes()));
    payload
}

/// Follows the signs from packet to packet.
#[derive(Debug, Clone, Default)]
pub struct RrSigns {
    /// Sequence of the last packet and sign of its last value.
    last: Option<(u8, bool)>,
}

impl RrSigns {
    /// The intervals that ended in a packet. After a lost packet the first value's beat may have been told before: its
    /// sign is learned and its interval is not.
    pub fn intervals(&mut self, data: &RrData) -> Vec<Milliseconds> {
        let follows = |last: &(u8, bool)| last.0.wrapping_add(1) == data.sequence;
        let mut sign = self.last.filter(follows).map(|(_, sign)| sign);
        let mut intervals = Vec::new();
        for value in data.values.iter().filter(|value| **value != 0) {
            let positive = *value > 0;
            if sign.is_some_and(|sign| sign != positive) {
                intervals.push(Milliseconds(f64::from(*value).abs()));
            }
            sign = Some(positive);
        }
        self.last = sign.map(|sign| (data.sequence, sign));
        intervals
    }
}

/// Decodes the rate of a summary, beats a minute: the fourth byte, 0 when there is none.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut.
pub fn decode_summary(bytes: &[u8]) -> Result<u8, DeviceError> {
    let mut reader = Reader::new(bytes);
    reader.take("summary", 3)?;
    reader.u8("heart rate")
}

/// Encodes a summary with this rate, and nothing else.
#[must_use]
pub fn encode_summary(rate_bpm: u8) -> Vec<u8> {
    let mut bytes = vec![0; 20];
    if let Some(rate) = bytes.get_mut(3) {
        *rate = rate_bpm;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_bits_are_unpacked() {
        // 1023, 0, 512, 1: the bits of each follow those of the one before.
        let counts: Vec<u16> = unpack(&[0xFF, 0x03, 0x00, 0x60, 0x00]).collect();
        assert_eq!(counts, [1023, 0, 512, 1]);
        let samples_uv: Vec<f32> = (0..63).map(|i| 25.0 * (i as f32 * 16.0 - 500.0)).collect();
        let data = EcgData { sequence: 200, ms_of_day: 86_399_999, samples_uv };
        let payload = encode_ecg(&data);
        assert_eq!(payload.len(), 88);
        assert_eq!(decode_ecg(&payload), Ok(data));
        for length in 0..payload.len() {
            assert!(decode_ecg(&payload[..length]).is_err());
        }
    }

    #[test]
    fn an_interval_counts_once_and_only_when_its_beat_is_seen() {
        let mut signs = RrSigns::default();
        let mut told = |sequence, head: &[i16]| {
            let mut values = head.to_vec();
            values.resize(18, *head.last().unwrap());
            let data = RrData { sequence, values };
            assert_eq!(decode_rr(&encode_rr(&data, 5)), Ok(data.clone()));
            signs.intervals(&data).iter().map(|rr| rr.0).collect::<Vec<_>>()
        };
        assert_eq!(told(255, &[800, 800, -810]), [810.0]);
        assert_eq!(told(0, &[-810, 790]), [790.0]);
        assert_eq!(told(2, &[-777, 805]), [805.0], "the packet between was lost");
        assert_eq!(told(3, &[-805]), [805.0]);
        assert!(decode_rr(&[0; 44]).is_err() && decode_summary(&[1, 2, 3]).is_err());
        assert_eq!(decode_summary(&encode_summary(77)), Ok(77));
    }
}
