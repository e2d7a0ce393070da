//! Random secrets and names: session cookies, invitation tokens, visit ids and visit codes.
//!
//! A bearer secret has 256 bits from the operating system and is stored as its SHA-256 only. It is looked up by
//! that digest, so no comparison ever runs over the secret itself and its timing tells nothing.

use std::fmt;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// The letters of a visit code: none that is easily taken for another (no 0/O, 1/I/L).
const CODE_ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Letters in a visit code.
const CODE_LENGTH: usize = 4;

/// Length of a secret in base64url without padding: 256 bits.
const SECRET_LENGTH: usize = 43;

/// A bearer secret in clear: shown once to whoever may hold it, never stored, never printed by `Debug`.
pub struct Secret(String);

impl Secret {
    /// A fresh secret. Fails only when the operating system has no randomness.
    pub fn random() -> Result<Self, Error> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?)))
    }

    /// Reads what a caller presents; `None` for anything that has not the shape of a secret.
    pub fn presented(text: &str) -> Option<Self> {
        let shaped = text.len() == SECRET_LENGTH
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        shaped.then(|| Self(text.to_owned()))
    }

    /// What is stored in its place.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The clear text, for the one answer that hands it out.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// SHA-256 of a [`Secret`] or of an opener's id.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    /// The digest of any text, for values that need to be told apart but not kept.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// The bytes as they are stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(..)")
    }
}

/// A fresh visit id: 128 random bits as 32 hex digits, derived from nothing.
pub fn visit_id() -> Result<String, Error> {
    Ok(random_bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A fresh visit code of four letters, each equally likely.
pub fn visit_code() -> Result<String, Error> {
    let mut code = String::with_capacity(CODE_LENGTH);
    while code.len() < CODE_LENGTH {
        for byte in random_bytes::<16>()? {
            // 248 = 8 * 31: bytes above would favour the first letters.
            if byte < 248 && code.len() < CODE_LENGTH {
                if let Some(letter) = CODE_ALPHABET.get(usize::from(byte) % CODE_ALPHABET.len()) {
                    code.push(char::from(*letter));
                }
            }
        }
    }
    Ok(code)
}

/// Whether `text` is 32 lower-case hex digits, the shape of visit ids, report ids and openers.
pub fn is_hex_128(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_256_bits_and_never_prints() {
        let secret = Secret::random().unwrap();
        assert_eq!(secret.reveal().len(), SECRET_LENGTH);
        assert_eq!(URL_SAFE_NO_PAD.decode(secret.reveal()).unwrap().len(), 32);
        assert!(!format!("{secret:?}").contains(secret.reveal()));
        assert_ne!(secret.reveal(), Secret::random().unwrap().reveal());
    }

    #[test]
    fn only_the_shape_of_a_secret_is_looked_up() {
        let secret = Secret::random().unwrap();
        let again = Secret::presented(secret.reveal()).unwrap();
        assert_eq!(again.digest(), secret.digest());
        for bad in ["", "short", &"a".repeat(44), &format!("{}=", "a".repeat(42)), &"ä".repeat(43)] {
            assert!(Secret::presented(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn every_letter_of_the_code_alphabet_is_used_about_equally() {
        let mut seen = [0_u32; 256];
        for _ in 0..3_100 {
            let code = visit_code().unwrap();
            assert_eq!(code.len(), CODE_LENGTH);
            code.bytes().for_each(|b| seen[usize::from(b)] += 1);
        }
        let total: u32 = CODE_ALPHABET.iter().map(|b| seen[usize::from(*b)]).sum();
        assert_eq!(total, 12_400, "a letter outside the alphabet");
        // 400 expected of each; 120 is six standard deviations.
        assert!(CODE_ALPHABET.iter().all(|b| (280..=520).contains(&seen[usize::from(*b)])));
    }

    #[test]
    fn a_visit_id_is_32_hex_digits() {
        let id = visit_id().unwrap();
        assert!(is_hex_128(&id));
        assert!(!is_hex_128(&id.to_uppercase()) || id.bytes().all(|b| b.is_ascii_digit()));
        assert!(!is_hex_128(&id[1..]));
    }
}
