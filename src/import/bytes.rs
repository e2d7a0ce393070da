//! The one reader of binary files: every access is checked, and a file that ends too early says so by name.

use super::ImportError;

/// Order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

/// A place in a file's bytes.
#[derive(Clone)]
pub(crate) struct Bytes<'a> {
    name: &'a str,
    rest: &'a [u8],
    order: Order,
}

impl<'a> Bytes<'a> {
    /// Starts at the first byte, with the least significant byte first. The name is that of the file.
    pub(crate) fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self { name, rest: bytes, order: Order::Little }
    }

    /// The same bytes, with numbers in this order.
    pub(crate) fn ordered(self, order: Order) -> Self {
        Self { order, ..self }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) const fn left(&self) -> usize {
        self.rest.len()
    }

    /// The error of a file that ends here.
    pub(crate) fn short(&self) -> ImportError {
        ImportError::Truncated { name: self.name.to_owned() }
    }

    /// The next `n` bytes.
    pub(crate) fn take(&mut self, n: usize) -> Result<&'a [u8], ImportError> {
        let (head, tail) = self.rest.split_at_checked(n).ok_or_else(|| self.short())?;
        self.rest = tail;
        Ok(head)
    }

    /// Everything that is left.
    pub(crate) fn take_all(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    /// The next `n` bytes as a reader of their own.
    pub(crate) fn part(&mut self, n: usize) -> Result<Self, ImportError> {
        let (name, order) = (self.name, self.order);
        Ok(Self { name, rest: self.take(n)?, order })
    }

    pub(crate) fn skip(&mut self, n: usize) -> Result<(), ImportError> {
        self.take(n).map(|_| ())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ImportError> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or_else(|| self.short())?;
        self.rest = tail;
        let mut bytes = *head;
        if self.order == Order::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, ImportError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(crate) fn u16(&mut self) -> Result<u16, ImportError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(crate) fn i16(&mut self) -> Result<i16, ImportError> {
        Ok(i16::from_le_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ImportError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, ImportError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(crate) fn i32(&mut self) -> Result<i32, ImportError> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    /// A fixed field of text: Latin-1, without the padding around it.
    pub(crate) fn text(&mut self, n: usize) -> Result<String, ImportError> {
        Ok(latin_1(self.take(n)?))
    }
}

/// Latin-1 without blanks and NULs around it.
pub(crate) fn latin_1(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|b| char::from(*b)).collect();
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_either_order_and_a_short_read_takes_nothing() {
        let mut b = Bytes::new("f", &[1, 2, 0xff, 0xfe, 0xff, 0xff, 9]);
        assert_eq!(b.clone().ordered(Order::Big).u16(), Ok(0x0102));
        assert_eq!(b.u16(), Ok(0x0201));
        assert_eq!(b.clone().ordered(Order::Big).i16(), Ok(-2));
        assert_eq!(b.i32(), Ok(-257));
        assert_eq!(b.u32(), Err(ImportError::Truncated { name: "f".to_owned() }));
        assert_eq!((b.left(), b.u8()), (1, Ok(9)));
        assert!(b.is_empty());
    }

    #[test]
    fn fields_lose_their_padding() {
        assert_eq!(Bytes::new("f", b" V1\0\0 x").text(6), Ok("V1".to_owned()));
        assert_eq!(latin_1(b"\xb5V "), "µV");
    }
}
