//! The one place that takes bytes apart. Little-endian, as Bluetooth GATT is (Core 5.4, Vol 3, Part G, 2.4).

use super::DeviceError;

/// Reads values from the front of a byte slice; never reads past its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(crate) const fn left(&self) -> usize {
        self.rest.len()
    }

    /// Everything that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    pub(crate) fn take(&mut self, field: &'static str, n: usize) -> Result<&'a [u8], DeviceError> {
        let short = DeviceError::Truncated { field, needed: n, got: self.rest.len() };
        let (head, tail) = self.rest.split_at_checked(n).ok_or(short)?;
        self.rest = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DeviceError> {
        let short = DeviceError::Truncated { field, needed: N, got: self.rest.len() };
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or(short)?;
        self.rest = tail;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self, field: &'static str) -> Result<u8, DeviceError> {
        Ok(u8::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn u16(&mut self, field: &'static str) -> Result<u16, DeviceError> {
        Ok(u16::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn i16(&mut self, field: &'static str) -> Result<i16, DeviceError> {
        Ok(i16::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn i32(&mut self, field: &'static str) -> Result<i32, DeviceError> {
        Ok(i32::from_le_bytes(self.array(field)?))
    }

    /// Big-endian, against the custom of GATT.
    pub(crate) fn u16_big(&mut self, field: &'static str) -> Result<u16, DeviceError> {
        Ok(u16::from_be_bytes(self.array(field)?))
    }

    pub(crate) fn u24(&mut self, field: &'static str) -> Result<u32, DeviceError> {
        let [a, b, c] = self.array(field)?;
        Ok(u32::from_le_bytes([a, b, c, 0]))
    }

    pub(crate) fn i24(&mut self, field: &'static str) -> Result<i32, DeviceError> {
        let [a, b, c] = self.array(field)?;
        // Placed in the upper three bytes, the arithmetic shift brings the sign down.
        Ok(i32::from_le_bytes([0, a, b, c]) >> 8)
    }

    pub(crate) fn u32(&mut self, field: &'static str) -> Result<u32, DeviceError> {
        Ok(u32::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn u64(&mut self, field: &'static str) -> Result<u64, DeviceError> {
        Ok(u64::from_le_bytes(self.array(field)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_four_bits_keep_their_sign() {
        let mut r = Reader::new(&[0xFF, 0xFF, 0xFF, 0, 0, 0x80, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
        assert_eq!(r.i24("a"), Ok(-1));
        assert_eq!(r.i24("a"), Ok(-8_388_608));
        assert_eq!(r.i24("a"), Ok(8_388_607));
        assert_eq!(r.u24("a"), Ok(16_777_215));
    }

    #[test]
    fn a_short_read_says_so_and_takes_nothing() {
        let mut r = Reader::new(&[1, 2, 3]);
        assert_eq!(r.u32("stamp"), Err(DeviceError::Truncated { field: "stamp", needed: 4, got: 3 }));
        assert_eq!(r.u16("rate"), Ok(0x0201));
        assert_eq!(r.left(), 1);
        assert_eq!(r.rest(), &[3]);
        assert!(r.u8("end").is_err());
    }
}
