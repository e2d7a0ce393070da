//! Checksums of a record and its sections (EN 1064: CRC-CCITT, from 0xffff on, over what follows it). Writers leave
//! them out or wrong, so they refuse nothing.

/// What stands in place of a checksum that was not made.
const NOT_MADE: [u16; 2] = [0, 0xffff];

/// Whether the checksum in front agrees with the bytes behind it; `None` when it was not made.
pub(super) fn agrees(bytes: &[u8]) -> Option<bool> {
    let (told, rest) = bytes.split_first_chunk::<2>()?;
    let told = u16::from_le_bytes(*told);
    let agrees = told == sum(rest);
    (agrees || !NOT_MADE.contains(&told)).then_some(agrees)
}

/// The eight steps of a byte at once.
fn sum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |sum: u16, byte| {
        let mut sum = sum.swap_bytes() ^ u16::from(*byte);
        sum ^= (sum & 0xff) >> 4;
        sum ^= sum << 12;
        sum ^ (sum & 0xff) << 5
    })
}

#[cfg(test)]
mod tests {
    use super::{agrees, sum};

    #[test]
    fn sums_are_those_of_the_catalogue() {
        // "CRC-16/IBM-3740" of the RevEng catalogue.
        assert_eq!(sum(b"123456789"), 0x29b1);
        assert_eq!(agrees(b"\xb1\x29123456789"), Some(true));
        assert_eq!(agrees(b"\xb1\x29123456788"), Some(false));
        assert_eq!((agrees(b"\0\x001"), agrees(b"\xff\xff1"), agrees(b"\xb1")), (None, None, None));
        assert_eq!(agrees(b"\xff\xff"), Some(true), "nothing has this sum");
    }
}
