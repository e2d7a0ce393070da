//! How samples lie in the bytes of a signal file, by signal(5).

/// A storage format of whole groups of bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    /// The number in the header.
    pub number: u16,
    /// Bytes of the smallest group that holds whole samples.
    pub group_bytes: usize,
    /// Samples in such a group.
    pub group_samples: usize,
    /// The value that marks a sample as invalid; format 8, which holds differences, has none.
    pub invalid: Option<i32>,
    /// Decodes whole groups, and what whole samples a last incomplete group holds.
    pub decode: fn(&[u8], &mut Vec<i32>),
}

/// The formats that are read; a row adds one. The FLAC formats are decoded in `flac`.
pub(super) const FORMATS: &[Format] = &[
    row(8, 1, 1, None, |b, out| out.extend(b.iter().map(|b| i32::from(*b as i8)))),
    row(16, 2, 1, Some(-32_768), |b, out| out.extend(words(b).map(|w| i32::from(i16::from_le_bytes(w))))),
    row(24, 3, 1, Some(-8_388_608), decode_24),
    row(32, 4, 1, Some(i32::MIN), |b, out| {
        out.extend(b.chunks_exact(4).filter_map(|c| c.try_into().ok()).map(i32::from_le_bytes));
    }),
    row(61, 2, 1, Some(-32_768), |b, out| out.extend(words(b).map(|w| i32::from(i16::from_be_bytes(w))))),
    row(80, 1, 1, Some(-128), |b, out| out.extend(b.iter().map(|b| i32::from(*b) - 128))),
    row(160, 2, 1, Some(-32_768), |b, out| {
        out.extend(words(b).map(|w| i32::from(u16::from_le_bytes(w)) - 32_768))
    }),
    row(212, 3, 2, Some(-2_048), decode_212),
    row(310, 4, 3, Some(-512), decode_310),
    row(311, 4, 3, Some(-512), decode_311),
];

const fn row(
    number: u16,
    group_bytes: usize,
    group_samples: usize,
    invalid: Option<i32>,
    decode: fn(&[u8], &mut Vec<i32>),
) -> Format {
    Format { number, group_bytes, group_samples, invalid, decode }
}

impl Format {
    pub(super) fn of(number: u16) -> Option<&'static Self> {
        FORMATS.iter().find(|f| f.number == number)
    }

    /// Whole samples in so many bytes. A last incomplete group may hold some.
    pub(super) fn samples_in(&self, bytes: u64) -> u64 {
        let (group, samples) = (self.group_bytes as u64, self.group_samples as u64);
        let rest = match (self.number, bytes % group) {
            (212 | 310 | 311, 2) => 1,
            (310, 3) => 1,
            (311, 3) => 2,
            _ => 0,
        };
        (bytes / group) * samples + rest
    }

    /// Whether the numbers are differences from sample to sample.
    pub(super) fn is_differences(&self) -> bool {
        self.number == 8
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 2]> + '_ {
    bytes.chunks_exact(2).filter_map(|c| c.try_into().ok())
}

/// Two's complement, 24 bit, least significant byte first.
fn decode_24(bytes: &[u8], out: &mut Vec<i32>) {
    for group in bytes.chunks_exact(3) {
        if let [low, middle, high] = group {
            out.push(i32::from_le_bytes([0, *low, *middle, *high]) >> 8);
        }
    }
}

/// Two's complement, 12 bit: two samples in three bytes, their upper halves in the middle byte.
fn decode_212(bytes: &[u8], out: &mut Vec<i32>) {
    for group in bytes.chunks(3) {
        match group {
            [a, middle, b] => {
                out.push(signed(u32::from(*a) | u32::from(middle & 0x0f) << 8, 12));
                out.push(signed(u32::from(*b) | u32::from(middle >> 4) << 8, 12));
            }
            [a, middle] => out.push(signed(u32::from(*a) | u32::from(middle & 0x0f) << 8, 12)),
            _ => {}
        }
    }
}

/// Two's complement, 10 bit: two samples in bits 1 to 10 of two words, the third in their bits 11 to 15.
fn decode_310(bytes: &[u8], out: &mut Vec<i32>) {
    for group in bytes.chunks(4) {
        let mut words = words(group).map(|w| u32::from(u16::from_le_bytes(w)));
        let Some(first) = words.next() else { continue };
        out.push(signed(first >> 1, 10));
        let Some(second) = words.next() else { continue };
        out.push(signed(second >> 1, 10));
        out.push(signed(first >> 11 | (second >> 11) << 5, 10));
    }
}

/// Two's complement, 10 bit: three samples from the lowest bit of four bytes up.
fn decode_311(bytes: &[u8], out: &mut Vec<i32>) {
    for group in bytes.chunks(4) {
        let word = group.iter().rev().fold(0_u32, |word, b| word << 8 | u32::from(*b));
        let whole = group.len() * 8 / 10;
        out.extend((0..whole).map(|i| signed(word >> (10 * i), 10)));
    }
}

/// The lowest bits of a word as two's complement.
const fn signed(word: u32, bits: u32) -> i32 {
    ((word << (32 - bits)) as i32) >> (32 - bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(number: u16, bytes: &[u8]) -> Vec<i32> {
        let mut out = Vec::new();
        let format = Format::of(number).unwrap();
        (format.decode)(bytes, &mut out);
        assert_eq!(format.samples_in(bytes.len() as u64), out.len() as u64, "{number}");
        out
    }

    #[test]
    fn twelve_bit_pairs_share_the_middle_byte() {
        assert_eq!(
            decoded(212, &[0xff, 0x87, 0x00, 0x01, 0x00, 0xff, 0x05, 0x0f]),
            [2047, -2048, 1, 255, -251]
        );
    }

    #[test]
    fn whole_bytes_in_either_order_and_with_an_offset() {
        assert_eq!(decoded(16, &[0x00, 0x80, 0xff, 0x7f, 0x01]), [-32_768, 32_767]);
        assert_eq!(decoded(61, &[0x80, 0x00, 0x7f, 0xff]), [-32_768, 32_767]);
        assert_eq!(decoded(160, &[0x00, 0x00, 0x00, 0x80, 0xff, 0xff]), [-32_768, 0, 32_767]);
        assert_eq!(decoded(80, &[0, 128, 255]), [-128, 0, 127]);
        assert_eq!(decoded(8, &[1, 0xff]), [1, -1]);
        assert_eq!(decoded(24, &[0xff, 0xff, 0xff, 0, 0, 0x80]), [-1, -8_388_608]);
        assert_eq!(decoded(32, &[0xfe, 0xff, 0xff, 0xff]), [-2]);
    }

    #[test]
    fn three_samples_of_ten_bits_in_four_bytes() {
        // Samples -1, 5, -300: 0x3ff, 0x005, 0x2d4 = 10110 10100.
        let (first, second): (u16, u16) = (0x3ff << 1 | 0b10100 << 11, 5 << 1 | 0b10110 << 11);
        let bytes = [first.to_le_bytes(), second.to_le_bytes()].concat();
        assert_eq!(decoded(310, &bytes), [-1, 5, -300]);
        assert_eq!(decoded(310, &bytes[..2]), [-1]);
        let packed = (0x3ff_u32 | 5 << 10 | 0x2d4 << 20).to_le_bytes();
        assert_eq!(decoded(311, &packed), [-1, 5, -300]);
        assert_eq!(decoded(311, &packed[..3]), [-1, 5]);
        assert_eq!(decoded(311, &packed[..2]), [-1]);
    }
}
