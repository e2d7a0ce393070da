//! FLAC streams (RFC 9639), as WFDB formats 508, 516 and 524 store signals: one channel a signal. Frames are
//! decoded one by one; their checksum is compared.

use super::bits::{Bits, Short};
use crate::import::{ImportError, Source};

/// Bytes read at a time; a frame that is longer is read in more steps.
const BYTES_AT_A_TIME: usize = 1 << 16;

/// Longest frame: 8 channels of 65 535 samples of 33 bits, stored as they are.
const MAX_FRAME_BYTES: usize = 8 * 65_536 * 5;

const METADATA_HEADER_BYTES: u64 = 4;

/// A stream in a file.
pub(super) struct Flac {
    file: String,
    /// Place in the file of the first byte not yet held.
    offset: u64,
    held: Vec<u8>,
    /// Place in `held` of the next frame.
    at: usize,
    /// Samples of each channel that the stream announces, where it does.
    pub total: Option<u64>,
    pub channels: usize,
    bits_per_sample: u32,
    /// The frame decoded last, channel by channel.
    frame: Vec<Vec<i64>>,
    /// Place of the next sample in it.
    next: usize,
}

enum Failure {
    Short,
    Invalid,
}

impl From<Short> for Failure {
    fn from(_: Short) -> Self {
        Self::Short
    }
}

const INVALID: ImportError = ImportError::Invalid { what: "FLAC stream" };

impl Flac {
    /// Reads the stream's header, which begins at `offset`.
    pub(super) fn open(source: &dyn Source, file: &str, offset: u64) -> Result<Self, ImportError> {
        let truncated = || ImportError::Truncated { name: file.to_owned() };
        let magic = source.read(file, offset, 4)?;
        if magic.len() < 4 {
            return Err(truncated());
        }
        if magic != b"fLaC" {
            return Err(INVALID);
        }
        let mut offset = offset + 4;
        let mut info = None;
        loop {
            let block = source.read(file, offset, 4 + 34)?;
            let mut bits = Bits::new(&block);
            let head = (|| Ok::<_, Short>((bits.unsigned(1)?, bits.unsigned(7)?, bits.unsigned(24)?)))();
            let (last, kind, length) = head.map_err(|_| truncated())?;
            if kind == 0 {
                let body = (|| {
                    bits.unsigned(32)?; // block sizes
                    bits.unsigned(24)?; // frame sizes
                    bits.unsigned(24)?;
                    bits.unsigned(20)?; // rate: the record's header tells it
                    let (channels, width) = (bits.unsigned(3)? + 1, bits.unsigned(5)? + 1);
                    let total = u64::from(bits.unsigned(4)?) << 32 | u64::from(bits.unsigned(32)?);
                    Ok::<_, Short>((channels as usize, width, total))
                })();
                info = Some(body.map_err(|_| truncated())?);
            }
            offset += METADATA_HEADER_BYTES + u64::from(length);
            if last == 1 {
                break;
            }
        }
        let (channels, bits_per_sample, total) = info.ok_or(INVALID)?;
        Ok(Self {
            file: file.to_owned(),
            offset,
            held: Vec::new(),
            at: 0,
            total: Some(total).filter(|n| *n > 0),
            channels,
            bits_per_sample,
            frame: vec![Vec::new(); channels],
            next: 0,
        })
    }

    /// The next sample of every channel; `None` at the end of the file.
    pub(super) fn next(
        &mut self,
        source: &dyn Source,
    ) -> Result<Option<impl Iterator<Item = i32> + '_>, ImportError> {
        if self.next >= self.frame.first().map_or(0, Vec::len) && !self.frame(source)? {
            return Ok(None);
        }
        let at = self.next;
        self.next += 1;
        Ok(Some(self.frame.iter().map(move |c| c.get(at).copied().unwrap_or(0) as i32)))
    }

    /// Decodes the next frame; false at the end of the file.
    fn frame(&mut self, source: &dyn Source) -> Result<bool, ImportError> {
        loop {
            let rest = self.held.get(self.at..).unwrap_or_default();
            if !rest.is_empty() {
                match decode(rest, self.bits_per_sample, &mut self.frame) {
                    Ok(length) => {
                        self.at += length;
                        self.next = 0;
                        return Ok(true);
                    }
                    Err(Failure::Invalid) => return Err(INVALID),
                    Err(Failure::Short) if rest.len() > MAX_FRAME_BYTES => return Err(INVALID),
                    Err(Failure::Short) => {}
                }
            }
            let empty = rest.is_empty();
            self.held.drain(..self.at);
            self.at = 0;
            let more = source.read(&self.file, self.offset, BYTES_AT_A_TIME.max(self.held.len()))?;
            if more.is_empty() {
                return if empty {
                    Ok(false)
                } else {
                    Err(ImportError::Truncated { name: self.file.clone() })
                };
            }
            self.offset += more.len() as u64;
            self.held.extend(more);
        }
    }
}

/// Decodes the frame at the beginning of the bytes; its length.
fn decode(bytes: &[u8], usual_width: u32, channels: &mut [Vec<i64>]) -> Result<usize, Failure> {
    let mut bits = Bits::new(bytes);
    if bits.unsigned(15)? != 0b111_1111_1111_1100 {
        return Err(Failure::Invalid);
    }
    bits.unsigned(1)?;
    let (size_code, rate_code) = (bits.unsigned(4)?, bits.unsigned(4)?);
    let (assignment, width_code) = (bits.unsigned(4)?, bits.unsigned(3)?);
    bits.unsigned(1)?;
    // The frame's or sample's number, coded like UTF-8.
    let first = bits.unsigned(8)?;
    for _ in 1..(first as u8).leading_ones().clamp(1, 7) {
        bits.unsigned(8)?;
    }
    let size = match size_code {
        1 => 192,
        2..=5 => 576 << (size_code - 2),
        6 => bits.unsigned(8)? + 1,
        7 => bits.unsigned(16)? + 1,
        8..=15 => 256 << (size_code - 8),
        _ => return Err(Failure::Invalid),
    };
    match rate_code {
        12 => bits.unsigned(8)?,
        13 | 14 => bits.unsigned(16)?,
        _ => 0,
    };
    bits.unsigned(8)?; // checksum of this header: that of the frame covers it
    let width = match width_code {
        0 => usual_width,
        1 => 8,
        2 => 12,
        4 => 16,
        5 => 20,
        6 => 24,
        7 => 32,
        _ => return Err(Failure::Invalid),
    };
    let count = if assignment < 8 { assignment as usize + 1 } else { 2 };
    if count != channels.len() || assignment > 10 {
        return Err(Failure::Invalid);
    }
    for (i, channel) in channels.iter_mut().enumerate() {
        // A difference of two channels needs one bit more.
        let is_side = matches!((assignment, i), (8 | 10, 1) | (9, 0));
        channel.clear();
        subframe(&mut bits, width + u32::from(is_side), size as usize, channel)?;
    }
    if let [left, right] = channels {
        for (a, b) in left.iter_mut().zip(right) {
            match assignment {
                8 => *b = *a - *b,
                9 => *a += *b,
                10 => {
                    let middle = *a << 1 | *b & 1;
                    (*a, *b) = ((middle + *b) >> 1, (middle - *b) >> 1);
                }
                _ => {}
            }
        }
    }
    let end = bits.align();
    let sum = bits.unsigned(16)?;
    if bytes.get(..end).map(crc_16) != Some(sum as u16) {
        return Err(Failure::Invalid);
    }
    Ok(end + 2)
}

fn subframe(bits: &mut Bits, width: u32, size: usize, out: &mut Vec<i64>) -> Result<(), Failure> {
    if bits.unsigned(1)? != 0 {
        return Err(Failure::Invalid);
    }
    let kind = bits.unsigned(6)?;
    let wasted = if bits.unsigned(1)? == 1 { bits.unary()? + 1 } else { 0 };
    let width = width.checked_sub(wasted).filter(|w| *w > 0).ok_or(Failure::Invalid)?;
    match kind {
        0 => {
            let value = bits.signed_wide(width)?;
            out.resize(size, value);
        }
        1 => {
            for _ in 0..size {
                out.push(bits.signed_wide(width)?);
            }
        }
        8..=12 => {
            const FIXED: [&[i64]; 5] = [&[], &[1], &[2, -1], &[3, -3, 1], &[4, -6, 4, -1]];
            let order = kind as usize - 8;
            warm_up(bits, width, order, size, out)?;
            let coefficients = FIXED.get(order).copied().unwrap_or_default();
            predicted(bits, coefficients, 0, size, out)?;
        }
        32..=63 => {
            let order = kind as usize - 31;
            warm_up(bits, width, order, size, out)?;
            let precision = bits.unsigned(4)? + 1;
            let shift = bits.signed(5)?;
            if precision == 16 || shift < 0 {
                return Err(Failure::Invalid);
            }
            let mut coefficients = [0; 32];
            let coefficients = coefficients.get_mut(..order).ok_or(Failure::Invalid)?;
            for c in coefficients.iter_mut() {
                *c = i64::from(bits.signed(precision)?);
            }
            predicted(bits, coefficients, shift as u32, size, out)?;
        }
        _ => return Err(Failure::Invalid),
    }
    if wasted > 0 {
        out.iter_mut().for_each(|v| *v <<= wasted);
    }
    Ok(())
}

fn warm_up(
    bits: &mut Bits,
    width: u32,
    order: usize,
    size: usize,
    out: &mut Vec<i64>,
) -> Result<(), Failure> {
    if order > size {
        return Err(Failure::Invalid);
    }
    for _ in 0..order {
        out.push(bits.signed_wide(width)?);
    }
    Ok(())
}

/// Residuals in Rice codes, added to what the last samples predict.
fn predicted(
    bits: &mut Bits,
    coefficients: &[i64],
    shift: u32,
    size: usize,
    out: &mut Vec<i64>,
) -> Result<(), Failure> {
    let (width, escape) = match bits.unsigned(2)? {
        0 => (4, 15),
        1 => (5, 31),
        _ => return Err(Failure::Invalid),
    };
    let partitions = 1_usize << bits.unsigned(4)?;
    let length = size / partitions;
    if length * partitions != size || length < coefficients.len() {
        return Err(Failure::Invalid);
    }
    for partition in 1..=partitions {
        let rice = bits.unsigned(width)?;
        let raw = if rice == escape { Some(bits.unsigned(5)?) } else { None };
        while out.len() < partition * length {
            let residual = match raw {
                Some(n) => i64::from(bits.signed(n)?),
                None => {
                    let high = u64::from(bits.unary()?);
                    let code = high << rice | u64::from(bits.unsigned(rice)?);
                    (code >> 1) as i64 ^ -((code & 1) as i64)
                }
            };
            let last = out.iter().rev().zip(coefficients);
            let sum = last.fold(0_i64, |sum, (s, c)| sum.wrapping_add(s.wrapping_mul(*c)));
            // Real streams stay within 33 bits; others must not overflow later.
            let value = (sum >> shift).wrapping_add(residual);
            if value.unsigned_abs() > 1 << 33 {
                return Err(Failure::Invalid);
            }
            out.push(value);
        }
    }
    Ok(())
}

/// CRC with the polynomial 0x8005, most significant bit first.
fn crc_16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(
            crc ^ u16::from(*byte) << 8,
            |c: u16, _| if c & 0x8000 == 0 { c << 1 } else { c << 1 ^ 0x8005 },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::MemorySource;

    /// A stream of one frame of mono 8 bit samples: the subframe's bits, padded with zeros.
    fn stream(block_size: u8, subframe: &[u8]) -> Vec<u8> {
        let mut bytes = b"fLaC\x80\x00\x00\x22".to_vec();
        bytes.extend([0; 10]);
        // Rate 1, 1 channel, 8 bits, 0 samples: 20 + 3 + 5 + 36 bits.
        bytes.extend([0, 0, 0x10, 0x70, 0, 0, 0, 0]);
        bytes.extend([0; 16]);
        let mut frame = vec![0xff, 0xf8, 0x60, 0x02, 0x00, block_size - 1, 0];
        frame.extend(subframe);
        let sum = crc_16(&frame);
        frame.extend(sum.to_be_bytes());
        bytes.extend(frame);
        bytes
    }

    fn decoded(bytes: Vec<u8>) -> Result<Vec<i32>, ImportError> {
        let mut files = MemorySource::new();
        files.insert("f", bytes);
        let mut flac = Flac::open(&files, "f", 0)?;
        let mut all = Vec::new();
        while let Some(samples) = flac.next(&files)? {
            all.extend(samples);
        }
        Ok(all)
    }

    #[test]
    fn every_kind_of_subframe() {
        assert_eq!(decoded(stream(3, &[0, 0xfb])), Ok(vec![-5; 3]), "constant");
        assert_eq!(decoded(stream(2, &[2, 1, 0xff])), Ok(vec![1, -1]), "verbatim");
        // Fixed predictor of order 1, 8 bit start 10, Rice parameter 0 in one partition: residuals 0, -1, 1 are
        // the codes 0, 1, 2, so 1 01 001.
        assert_eq!(decoded(stream(4, &[18, 10, 0b0000_0000, 0b0010_1001])), Ok(vec![10, 10, 9, 10]), "fixed");
        // Linear predictor of order 1: precision 2 bits, shift 0, coefficient 1, then residuals 0, 0.
        let lpc = [64, 10, 0b0001_0000, 0b0010_0000, 0b0000_0110];
        assert_eq!(decoded(stream(3, &lpc)), Ok(vec![10, 10, 10]), "linear");
    }

    #[test]
    fn damage_is_seen() {
        let mut bytes = stream(3, &[0, 0xfb]);
        let at = bytes.len() - 3;
        bytes[at] ^= 1;
        assert_eq!(decoded(bytes).unwrap_err().code(), "import.invalid");
        let mut cut = stream(3, &[0, 0xfb]);
        cut.truncate(cut.len() - 1);
        assert_eq!(decoded(cut).unwrap_err().code(), "import.truncated");
        assert_eq!(decoded(b"fLaC".to_vec()).unwrap_err().code(), "import.truncated");
        assert_eq!(decoded(b"OggS".to_vec()).unwrap_err().code(), "import.invalid");
    }
}
