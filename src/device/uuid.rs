//! Names of services and characteristics.

use crate::units::push_hex;
use core::fmt;

/// A 128-bit UUID. Prints as Web Bluetooth wants it: lower case, 36 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(u128);

/// Where the 16-bit numbers of the Bluetooth SIG live (Core 5.4, Vol 3, Part B, 2.5.1).
const BASE: u128 = 0x0000_0000_0000_1000_8000_0080_5f9b_34fb;

impl Uuid {
    /// The UUID with these 128 bits, written as they are printed.
    #[must_use]
    pub const fn new(bits: u128) -> Self {
        Self(bits)
    }

    /// The UUID of a number that the Bluetooth SIG assigned.
    #[must_use]
    pub const fn from_u16(number: u16) -> Self {
        Self(BASE | (number as u128) << 96)
    }

    /// The 128 bits.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The 36-character form in lower case.
    #[must_use]
    pub fn text(self) -> String {
        let mut text = String::with_capacity(36);
        for (place, byte) in self.0.to_be_bytes().into_iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            push_hex(&mut text, byte);
        }
        text
    }

    /// Reads the 36-character form, either case, or the 4-digit form of an assigned number.
    ///
    /// # Errors
    /// `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |s: &str| s.bytes().all(|b| b.is_ascii_hexdigit());
        if text.len() == 4 && hex(text) {
            return u16::from_str_radix(text, 16).ok().map(Self::from_u16);
        }
        let mut groups = text.split('-');
        let mut bits = 0_u128;
        for length in [8, 4, 4, 4, 12] {
            let group = groups.next().filter(|g| g.len() == length && hex(g))?;
            bits = bits << (4 * length) | u128::from_str_radix(group, 16).ok()?;
        }
        groups.next().is_none().then_some(Self(bits))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heart_rate_service_prints_as_the_browser_writes_it() {
        let service = Uuid::from_u16(0x180D);
        assert_eq!(service.to_string(), "0000180d-0000-1000-8000-00805f9b34fb");
        assert_eq!(Uuid::parse("0000180D-0000-1000-8000-00805F9B34FB"), Some(service));
        assert_eq!(Uuid::parse("180d"), Some(service));
    }

    #[test]
    fn print_and_parse_are_inverse() {
        let pmd = Uuid::new(0xfb005c80_02e7_f387_1cad_8acd2d8df0c8);
        assert_eq!(pmd.to_string(), "fb005c80-02e7-f387-1cad-8acd2d8df0c8");
        assert_eq!(Uuid::parse(&pmd.to_string()), Some(pmd));
    }

    #[test]
    fn what_is_no_uuid_is_none() {
        for text in [
            "",
            "18",
            "+80d",
            "180g",
            "0000180d",
            "0000180d-0000-1000-8000-00805f9b34f",
            "0000180d-0000-1000-8000-00805f9b34fb-",
            "+000180d-0000-1000-8000-00805f9b34fb",
            "é180",
        ] {
            assert_eq!(Uuid::parse(text), None, "{text}");
        }
    }
}
