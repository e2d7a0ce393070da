//! The report's own random identifier.

use crate::device::Uuid;
use crate::units::push_hex;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// Not 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is 32 lower-case hexadecimal digits")]
pub struct IdentifierError;

/// 128 random bits, made once when a recording is finished; unrelated to person, device and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReportId(pub [u8; 16]);

impl ReportId {
    /// Reads 32 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`IdentifierError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return Err(IdentifierError);
        }
        let mut bytes = [0u8; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                let nibble = match digit {
                    b'0'..=b'9' => digit - b'0',
                    b'a'..=b'f' => digit - b'a' + 10,
                    _ => return Err(IdentifierError),
                };
                *byte = (*byte << 4) | nibble;
            }
        }
        Ok(Self(bytes))
    }

    /// The 32 digits.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(32);
        self.0.iter().for_each(|byte| push_hex(&mut text, *byte));
        text
    }

    /// The same bits in the grouping of a UUID, for `urn:uuid:`.
    #[must_use]
    pub fn grouped(&self) -> String {
        Uuid::new(u128::from_be_bytes(self.0)).text()
    }
}

impl core::fmt::Display for ReportId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for ReportId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for ReportId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bits_agree_and_nothing_else_is_accepted() {
        let text = "00112233445566778899aabbccddeeff";
        let id = ReportId::parse(text).unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(id.grouped(), "00112233-4455-6677-8899-aabbccddeeff");
        for bad in ["", "0011", &text.to_uppercase(), "g0112233445566778899aabbccddeeff", &format!("{text}0")]
        {
            assert!(ReportId::parse(bad).is_err(), "{bad}");
        }
    }
}
