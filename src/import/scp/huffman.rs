//! Huffman codes and differences (EN 1064, 5.5 and annex C).

use crate::import::bytes::Bytes;
use crate::import::ImportError;

/// The number of tables that stands for the default one.
const DEFAULT_TABLE: u16 = 19_999;

/// One code of a table.
pub(super) struct Code {
    prefix_bits: u32,
    /// The prefix as it is met, first bit highest.
    prefix: u32,
    total_bits: u32,
    /// False when the code switches to another table.
    is_value: bool,
    /// The value, or the table's number from 1.
    base: i32,
}

/// How the samples of sections 5 and 6 are coded.
pub(super) enum Coding {
    /// 16 bit numbers.
    Plain,
    Tables(Vec<Vec<Code>>),
}

impl Coding {
    /// From section 2, which is missing in files that are not compressed.
    pub(super) fn read(section: Option<Bytes>) -> Result<Self, ImportError> {
        let Some(mut bytes) = section else { return Ok(Self::Plain) };
        let count = bytes.u16()?;
        if count == 0 {
            return Ok(Self::Plain);
        }
        if count == DEFAULT_TABLE {
            return Ok(Self::Tables(vec![default_table()]));
        }
        let mut tables = Vec::new();
        for _ in 0..count {
            let codes = bytes.u16()?;
            let mut table = Vec::new();
            for _ in 0..codes {
                let (prefix_bits, total_bits) = (u32::from(bytes.u8()?), u32::from(bytes.u8()?));
                let is_value = bytes.u8()? != 0;
                let base = i32::from(bytes.i16()?);
                let stored = bytes.u32()?;
                if prefix_bits == 0
                    || prefix_bits > 32
                    || total_bits < prefix_bits
                    || total_bits > prefix_bits + 32
                {
                    return Err(ImportError::Invalid { what: "Huffman table" });
                }
                // The prefix is stored with its first bit lowest.
                let prefix = stored.reverse_bits() >> (32 - prefix_bits);
                table.push(Code { prefix_bits, prefix, total_bits, is_value, base });
            }
            tables.push(table);
        }
        Ok(Self::Tables(tables))
    }

    /// Up to `count` samples, with differences of this order undone.
    pub(super) fn decode(
        &self,
        bytes: &[u8],
        count: usize,
        differences: u8,
    ) -> Result<Vec<i32>, ImportError> {
        let mut samples = match self {
            Self::Plain => bytes
                .chunks_exact(2)
                .filter_map(|b| b.try_into().ok())
                .map(|b| i32::from(i16::from_le_bytes(b)))
                .take(count)
                .collect(),
            Self::Tables(tables) => huffman(tables, bytes, count)?,
        };
        let mut integrate = |from: usize| {
            // From the place where the differences begin.
            let mut sum = from.checked_sub(1).and_then(|i| samples.get(i)).copied().unwrap_or(0);
            samples.iter_mut().skip(from).for_each(|s| {
                sum = sum.wrapping_add(*s);
                *s = sum;
            });
        };
        match differences {
            0 => {}
            1 => integrate(1),
            2 => second(&mut samples),
            _ => return Err(ImportError::Unsupported { what: "SCP-ECG difference coding" }),
        }
        Ok(samples)
    }
}

/// x[n] = d[n] + 2 x[n-1] - x[n-2]; the first two stand as they are.
fn second(samples: &mut [i32]) {
    let (mut a, mut b) = (0_i32, 0_i32);
    for (i, sample) in samples.iter_mut().enumerate() {
        if i >= 2 {
            *sample = sample.wrapping_add(b.wrapping_mul(2)).wrapping_sub(a);
        }
        (a, b) = (b, *sample);
    }
}

/// Table C.1: 0; n ones, a zero and a sign for 1 to 8; nine ones and a zero before 8 bits, ten ones before 16.
fn default_table() -> Vec<Code> {
    let ones = |n: u32| (1_u32 << n) - 1;
    let code = |prefix_bits, prefix, extra, base| Code {
        prefix_bits,
        prefix,
        total_bits: prefix_bits + extra,
        is_value: true,
        base,
    };
    let mut table = vec![code(1, 0, 0, 0)];
    for n in 1..=8 {
        table.push(code(n + 2, ones(n) << 2, 0, n as i32));
        table.push(code(n + 2, ones(n) << 2 | 1, 0, -(n as i32)));
    }
    table.push(code(10, ones(9) << 1, 8, 0));
    table.push(code(10, ones(10), 16, 0));
    table
}

fn huffman(tables: &[Vec<Code>], bytes: &[u8], count: usize) -> Result<Vec<i32>, ImportError> {
    const INVALID: ImportError = ImportError::Invalid { what: "Huffman code" };
    let end = bytes.len() * 8;
    let word = |at: usize| {
        let mut window = [0; 8];
        let there = bytes.get(at / 8..).unwrap_or_default();
        window.iter_mut().zip(there).for_each(|(to, from)| *to = *from);
        ((u64::from_be_bytes(window) << (at % 8)) >> 32) as u32
    };
    let mut table = tables.first().ok_or(INVALID)?;
    let mut samples = Vec::new();
    let mut at = 0;
    while samples.len() < count && at < end {
        let window = word(at);
        let code = table.iter().find(|c| window >> (32 - c.prefix_bits) == c.prefix);
        // Zero bits that fill the last byte may look like the beginning of a code.
        let Some(code) = code else {
            if at + 8 > end {
                break;
            }
            return Err(INVALID);
        };
        if at + code.total_bits as usize > end {
            break;
        }
        if !code.is_value {
            table = usize::try_from(code.base - 1).ok().and_then(|i| tables.get(i)).ok_or(INVALID)?;
            at += code.total_bits as usize;
            continue;
        }
        let extra = code.total_bits - code.prefix_bits;
        let value =
            if extra == 0 { 0 } else { (word(at + code.prefix_bits as usize) as i32) >> (32 - extra) };
        samples.push(code.base.wrapping_add(value));
        at += code.total_bits as usize;
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits as text, padded with zeros.
    fn bits(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
        digits.chunks(8).map(|c| c.iter().enumerate().fold(0, |byte, (i, b)| byte | b << (7 - i))).collect()
    }

    #[test]
    fn the_default_table_is_that_of_annex_c() {
        let coding = Coding::read(Some(Bytes::new("s", &DEFAULT_TABLE.to_le_bytes()))).unwrap();
        let coded = bits("0 100 101 1111111100 1111111101 1111111110 11111101 1111111111 0000000100000000");
        assert_eq!(coding.decode(&coded, 7, 0), Ok(vec![0, 1, -1, 8, -8, -3, 256]));
        // Second differences: 5, 7, then d = 1: 7 + 2 + 1.
        assert_eq!(coding.decode(&bits("11111 00 1111111 00 100"), 3, 2), Ok(vec![5, 7, 10]));
        assert_eq!(coding.decode(&bits("100 100 101"), 3, 1), Ok(vec![1, 2, 1]));
    }

    #[test]
    fn own_tables_switch_between_each_other() {
        let mut section = vec![2, 0];
        let code = |prefix_bits: u8, total_bits: u8, mode: u8, base: i16, prefix: u32| {
            [&[prefix_bits, total_bits, mode][..], &base.to_le_bytes(), &prefix.to_le_bytes()].concat()
        };
        // First table: 0 is 7; 10 is followed by 4 bits; 11 goes to the second. The prefix 10 is stored as 01.
        section.extend([3, 0]);
        section.extend([code(1, 1, 1, 7, 0), code(2, 6, 1, 0, 0b01), code(2, 2, 0, 2, 0b11)].concat());
        section.extend([1, 0]);
        section.extend(code(1, 1, 1, -9, 1));
        let coding = Coding::read(Some(Bytes::new("s", &section))).unwrap();
        assert_eq!(coding.decode(&bits("0 10 1111 11 1"), 4, 0), Ok(vec![7, -1, -9]));
        assert!(coding.decode(&bits("11 0 1111111 1111111"), 4, 0).is_err(), "no such code");
        assert!(Coding::read(Some(Bytes::new("s", &[1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]))).is_err());
    }

    #[test]
    fn without_a_table_numbers_are_plain() {
        assert_eq!(Coding::Plain.decode(&[1, 0, 0xff, 0xff, 9], 9, 0), Ok(vec![1, -1]));
        assert!(Coding::Plain.decode(&[1, 0], 1, 3).is_err());
    }
}
