//! Bits of a FLAC stream, most significant first.

/// The bits ran out.
#[derive(Debug, PartialEq)]
pub(super) struct Short;

/// A place between bits.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Counted in bits.
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next 32 bits; bits beyond the end are 0.
    fn window(&self) -> u32 {
        let from = self.at / 8;
        let mut word = [0; 8];
        let there = self.bytes.get(from..).unwrap_or_default();
        for (to, byte) in word.iter_mut().zip(there.iter().take(5)) {
            *to = *byte;
        }
        ((u64::from_be_bytes(word) << (self.at % 8)) >> 32) as u32
    }

    fn advance(&mut self, n: usize) -> Result<(), Short> {
        self.at += n;
        if self.at > self.bytes.len() * 8 {
            Err(Short)
        } else {
            Ok(())
        }
    }

    /// Up to 32 bits as a number without sign.
    pub(super) fn unsigned(&mut self, n: u32) -> Result<u32, Short> {
        let word = self.window();
        self.advance(n as usize)?;
        Ok(if n == 0 { 0 } else { word >> (32 - n.min(32)) })
    }

    /// Up to 32 bits as two's complement.
    pub(super) fn signed(&mut self, n: u32) -> Result<i32, Short> {
        let word = self.unsigned(n)?;
        Ok(if n == 0 { 0 } else { ((word << (32 - n.min(32))) as i32) >> (32 - n.min(32)) })
    }

    /// Up to 64 bits as two's complement.
    pub(super) fn signed_wide(&mut self, n: u32) -> Result<i64, Short> {
        if n <= 32 {
            return self.signed(n).map(i64::from);
        }
        let high = self.signed(n - 32)?;
        Ok(i64::from(high) << 32 | i64::from(self.unsigned(32)?))
    }

    /// How many 0 bits stand before the next 1, which is taken too.
    pub(super) fn unary(&mut self) -> Result<u32, Short> {
        let mut zeros = 0;
        loop {
            let leading = self.window().leading_zeros();
            if leading < 32 {
                self.advance(leading as usize + 1)?;
                return Ok(zeros + leading);
            }
            self.advance(32)?;
            zeros += 32;
        }
    }

    /// Goes on to the next whole byte; its place.
    pub(super) fn align(&mut self) -> usize {
        self.at = self.at.next_multiple_of(8);
        self.at / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_taken_in_order_and_never_beyond_the_end() {
        let mut b = Bits::new(&[0b1010_0001, 0xff, 0x80, 0, 0, 0, 1]);
        assert_eq!((b.unsigned(3), b.signed(2)), (Ok(0b101), Ok(0)));
        assert_eq!((b.unary(), b.signed(4)), (Ok(2), Ok(-1)));
        assert_eq!(b.align(), 2);
        assert_eq!((b.unary(), b.unary()), (Ok(0), Ok(38)));
        assert_eq!(b.unsigned(1), Err(Short));
        assert_eq!(Bits::new(&[0; 3]).unary(), Err(Short));
        assert_eq!(Bits::new(&[0xff; 5]).signed_wide(40), Ok(-1));
    }
}
