//! Acceleration and pulse-to-pulse intervals: what straps and optical sensors of the family measure beside ECG.

use super::{ACCELERATION, PULSE_INTERVALS};
use crate::device::reader::Reader;
use crate::device::{DeviceError, PulseInterval};
use crate::units::{BeatsPerMinute, DeviceTime, Milliseconds};

/// Upper bit of the frame type: samples are compressed.
const COMPRESSED: u8 = 0x80;
/// Straps with ECG do not compress: a page's own module does without.
const UNPACKS: bool = cfg!(not(target_arch = "wasm32"));
/// Bits of a value at the head of compressed samples.
const REFERENCE_BITS: u32 = 16;
/// Most samples that one frame is believed to hold.
const MOST: usize = 4096;

/// A data frame of acceleration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccelerationData {
    /// Device clock at the last sample.
    pub last_sample: DeviceTime,
    /// The samples, oldest first: x, y, z in counts. Uncompressed frames, and compressed ones of type 1 with a factor
    /// of 1, count thousandths of standard gravity.
    pub samples: Vec<[i32; 3]>,
}

/// Decodes a data frame of acceleration: types 0, 1 and 2 with 8, 16 and 24 bits a value, and compressed frames.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut or no sample is there, [`DeviceError::Unexpected`] for another
/// measurement, [`DeviceError::Unsupported`] for other frame types, [`DeviceError::Invalid`] for impossible packing.
pub fn decode_acceleration(bytes: &[u8]) -> Result<AccelerationData, DeviceError> {
    let (last_sample, frame_type, mut reader) = head(bytes, ACCELERATION)?;
    let unsupported = DeviceError::Unsupported { field: "acceleration frame type" };
    let samples = match frame_type {
        0..=2 => plain(usize::from(frame_type) + 1, &mut reader)?,
        COMPRESSED | 0x81 if UNPACKS => compressed(&mut reader)?,
        _ => return Err(unsupported),
    };
    Ok(AccelerationData { last_sample, samples })
}

/// `[measurement][u64 stamp][frame type]`.
fn head(bytes: &[u8], measurement: u8) -> Result<(DeviceTime, u8, Reader<'_>), DeviceError> {
    let mut reader = Reader::new(bytes);
    if reader.u8("measurement")? & 0x3F != measurement {
        return Err(DeviceError::Unexpected { field: "measurement" });
    }
    let stamp = DeviceTime(reader.u64("time stamp")?);
    let frame_type = reader.u8("frame type")?;
    Ok((stamp, frame_type, reader))
}

/// Signed little-endian values of so many bytes.
fn plain(width: usize, reader: &mut Reader<'_>) -> Result<Vec<[i32; 3]>, DeviceError> {
    let value = |reader: &mut Reader<'_>| {
        let bytes = reader.take("acceleration", width)?;
        Ok(signed(bytes, 0, 8 * width as u32))
    };
    let mut samples = Vec::with_capacity(reader.left() / (3 * width));
    loop {
        samples.push([value(reader)?, value(reader)?, value(reader)?]);
        if reader.left() == 0 {
            return Ok(samples);
        }
    }
}

/// A reference sample, then blocks `[bit width][count][differences, packed from the lowest bit up]`.
fn compressed(reader: &mut Reader<'_>) -> Result<Vec<[i32; 3]>, DeviceError> {
    let reference = reader.take("reference sample", 6)?;
    let value = |axis: u32| signed(reference, axis * REFERENCE_BITS, REFERENCE_BITS);
    let mut last = [value(0), value(1), value(2)];
    let mut samples = vec![last];
    while reader.left() > 0 {
        let bits = u32::from(reader.u8("bit width")?);
        let count = usize::from(reader.u8("difference count")?);
        if bits > 32 || samples.len() + count > MOST {
            return Err(DeviceError::Invalid { field: "compressed acceleration" });
        }
        let packed = reader.take("differences", (3 * count * bits as usize).div_ceil(8))?;
        for i in 0..count as u32 {
            for (axis, value) in (0_u32..).zip(&mut last) {
                *value = value.wrapping_add(signed(packed, (3 * i + axis) * bits, bits));
            }
            samples.push(last);
        }
    }
    Ok(samples)
}

/// A two's-complement value of up to 32 bits at a place counted in bits; what lies outside counts as 0.
fn signed(bytes: &[u8], place: u32, bits: u32) -> i32 {
    if bits == 0 {
        return 0;
    }
    let bit = |k: u32| {
        let at = place + k;
        bytes.get(at as usize / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    };
    let value = (0..bits).filter(|k| bit(*k)).fold(0_u32, |value, k| value | 1 << k);
    let unused = 32 - bits;
    // Placed in the upper bits, the arithmetic shift brings the sign down.
    ((value << unused) as i32) >> unused
}

/// Decodes a data frame of pulse-to-pulse intervals: `rate u8 | interval u16 | error u16 | flags u8` each. Flags: bit 0
/// moved too much, bit 1 contact, bit 2 contact is known.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut or no interval is there, [`DeviceError::Unexpected`] for another
/// measurement, [`DeviceError::Unsupported`] for other frame types.
pub fn decode_pulse_intervals(bytes: &[u8]) -> Result<Vec<PulseInterval>, DeviceError> {
    let (_, frame_type, mut reader) = head(bytes, PULSE_INTERVALS)?;
    if frame_type != 0 {
        return Err(DeviceError::Unsupported { field: "pulse interval frame type" });
    }
    let mut intervals = Vec::with_capacity(reader.left() / 6);
    loop {
        let rate = reader.u8("heart rate")?;
        let interval = Milliseconds(f64::from(reader.u16("pulse interval")?));
        let error = Milliseconds(f64::from(reader.u16("interval error")?));
        let flags = reader.u8("interval flags")?;
        let rate = (rate > 0).then(|| BeatsPerMinute(f64::from(rate)));
        let contact = (flags & 4 != 0).then_some(flags & 2 != 0);
        intervals.push(PulseInterval { interval, error, rate, blocked: flags & 1 != 0, contact });
        if reader.left() == 0 {
            return Ok(intervals);
        }
    }
}

/// Encodes acceleration as a frame of type 1.
#[must_use]
pub fn encode_acceleration(last_sample: DeviceTime, samples_mg: &[[i16; 3]]) -> Vec<u8> {
    let mut bytes = vec![ACCELERATION];
    bytes.extend(last_sample.0.to_le_bytes());
    bytes.push(1);
    bytes.extend(samples_mg.iter().flatten().flat_map(|mg| mg.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(measurement: u8, frame_type: u8, body: &[u8]) -> Vec<u8> {
        [&[measurement, 5, 0, 0, 0, 0, 0, 0, 0, frame_type], body].concat()
    }

    #[test]
    fn every_width_is_signed() {
        let samples =
            |frame_type, body: &[u8]| decode_acceleration(&frame(2, frame_type, body)).map(|d| d.samples);
        assert_eq!(samples(1, &[0xF7, 0xFF, 0xFF, 0xFF, 0xE7, 0x03]), Ok(vec![[-9, -1, 999]]));
        assert_eq!(samples(0, &[0xFF, 0x01, 0x80]), Ok(vec![[-1, 1, -128]]));
        assert_eq!(samples(2, &[0xFE, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0x80]), Ok(vec![[-2, 1, -8_388_608]]));
        for body in [&[][..], &[1, 0, 2, 0], &[1, 0, 2, 0, 3, 0, 4]] {
            assert!(samples(1, body).is_err());
        }
        assert_eq!(samples(7, &[0; 6]).map_err(DeviceError::code), Err("device.unsupported"));
    }

    #[test]
    fn differences_are_added_up() {
        // Reference 100, -100, 0; two differences of 4 bits: +1 -1 +2, then -8 +7 0.
        let body = [100, 0, 0x9C, 0xFF, 0, 0, 4, 2, 0xF1, 0x82, 0x07];
        let samples = decode_acceleration(&frame(2, 0x81, &body)).unwrap().samples;
        assert_eq!(samples, [[100, -100, 0], [101, -101, 2], [93, -94, 2]]);
        for length in (0..body.len()).filter(|length| *length != 6) {
            assert!(decode_acceleration(&frame(2, 0x81, &body[..length])).is_err(), "{length}");
        }
        assert!(decode_acceleration(&frame(2, 0x81, &[0, 0, 0, 0, 0, 0, 33, 1])).is_err());
    }

    #[test]
    fn pulse_intervals_keep_their_doubts() {
        let told = decode_pulse_intervals(&frame(3, 0, &[0x80, 0x80, 0x80, 0x80, 0x80, 0xFF])).unwrap();
        assert_eq!((told[0].interval.0, told[0].error.0, told[0].blocked), (32896.0, 32896.0, true));
        assert_eq!(told[0].rate.map(|r| r.0), Some(128.0));
        assert!(decode_pulse_intervals(&frame(3, 0, &[0; 5])).is_err());
        assert!(decode_pulse_intervals(&frame(2, 0, &[0; 6])).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer(body in proptest::collection::vec(any::<u8>(), 0..300), kind in 0_u8..4, frame_type: u8) {
            let bytes = frame(kind, frame_type, &body);
            if let Ok(data) = decode_acceleration(&bytes) {
                prop_assert!(!data.samples.is_empty() && data.samples.len() <= MOST + 1);
            }
            let _ = decode_pulse_intervals(&bytes);
        }

        #[test]
        fn what_is_encoded_is_decoded(samples in proptest::collection::vec(any::<[i16; 3]>(), 1..40)) {
            let data = decode_acceleration(&encode_acceleration(DeviceTime(9), &samples)).unwrap();
            prop_assert_eq!(data.samples, samples.iter().map(|s| s.map(i32::from)).collect::<Vec<_>>());
        }
    }
}
