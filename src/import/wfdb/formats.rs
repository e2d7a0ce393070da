//! How samples lie in the bytes of a signal file, by signal(5).

/// A storage format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    /// The number in the header.
    pub number: u16,
    /// Bytes of the smallest group that holds whole samples.
    pub group_bytes: usize,
    /// Samples in such a group.
    pub group_samples: usize,
    /// The value that marks a sample as invalid.
    pub invalid: i32,
    /// Decodes whole groups, and what whole samples a last incomplete group holds.
    pub decode: fn(&[u8], &mut Vec<i32>),
}

/// The formats that are read; a row adds one.
pub(super) const FORMATS: &[Format] = &[
    Format { number: 16, group_bytes: 2, group_samples: 1, invalid: -32_768, decode: decode_16 },
    Format { number: 212, group_bytes: 3, group_samples: 2, invalid: -2_048, decode: decode_212 },
];

impl Format {
    pub(super) fn of(number: u16) -> Option<&'static Self> {
        FORMATS.iter().find(|f| f.number == number)
    }

    /// Whole samples in so many bytes. A lone last sample of format 212 takes two bytes.
    pub(super) fn samples_in(&self, bytes: u64) -> u64 {
        let (group, samples) = (self.group_bytes as u64, self.group_samples as u64);
        let rest = bytes % group;
        (bytes / group) * samples + u64::from(self.number == 212 && rest == 2)
    }
}

/// Two's complement, 16 bit, least significant byte first.
fn decode_16(bytes: &[u8], out: &mut Vec<i32>) {
    out.extend(bytes.chunks_exact(2).filter_map(|b| match b {
        [low, high] => Some(i32::from(i16::from_le_bytes([*low, *high]))),
        _ => None,
    }));
}

/// Two's complement, 12 bit: two samples in three bytes, their upper halves in the middle byte.
fn decode_212(bytes: &[u8], out: &mut Vec<i32>) {
    for group in bytes.chunks(3) {
        match group {
            [a, middle, b] => {
                out.push(signed_12(u16::from(*a) | u16::from(middle & 0x0f) << 8));
                out.push(signed_12(u16::from(*b) | u16::from(middle >> 4) << 8));
            }
            [a, middle] => out.push(signed_12(u16::from(*a) | u16::from(middle & 0x0f) << 8)),
            _ => {}
        }
    }
}

fn signed_12(value: u16) -> i32 {
    i32::from(((value << 4) as i16) >> 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_bit_pairs_share_the_middle_byte() {
        let mut out = Vec::new();
        decode_212(&[0xff, 0x87, 0x00, 0x01, 0x00, 0xff, 0x05, 0x0f], &mut out);
        assert_eq!(out, [2047, -2048, 1, 255, -251]);
        assert_eq!(Format::of(212).unwrap().samples_in(8), 5);
    }

    #[test]
    fn sixteen_bit_samples_are_little_endian() {
        let mut out = Vec::new();
        decode_16(&[0x00, 0x80, 0xff, 0x7f, 0x01], &mut out);
        assert_eq!(out, [-32_768, 32_767]);
        assert_eq!(Format::of(16).unwrap().samples_in(5), 2);
    }
}
