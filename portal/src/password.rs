//! Passwords: argon2id (RFC 9106) with the crate's default cost, m = 19 MiB, t = 2, p = 1.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::Error;

/// At most this many verifications at once: together 38 MiB, whatever the number of callers.
const AT_ONCE: usize = 2;

/// The shortest password that can be set, in characters.
pub const SHORTEST: usize = 12;

/// The longest password that can be set or tried, in bytes.
pub const LONGEST: usize = 256;

/// Hashes and verifies passwords off the async threads.
#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    /// The hash of nobody's password, so that an unknown name costs the same time as a known one.
    decoy: Arc<str>,
}

impl Passwords {
    /// Makes the decoy hash; takes as long as one verification.
    pub fn new() -> Result<Self, Error> {
        let decoy = hash(crate::secret::Secret::random()?.reveal())?;
        Ok(Self { slots: Arc::new(Semaphore::new(AT_ONCE)), decoy: decoy.into() })
    }

    /// Whether `password` is the one whose hash is `stored`. With `stored` absent (no such user) it takes as long
    /// and says no.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        let _slot = self.slots.acquire().await.map_err(Error::internal)?;
        let known = stored.is_some();
        let against = stored.unwrap_or_else(|| self.decoy.to_string());
        let matches =
            spawn_blocking(move || matches(&password, &against)).await.map_err(Error::internal)??;
        Ok(known && matches)
    }
}

/// The PHC string to store for `password`, with a fresh salt.
pub fn hash(password: &str) -> Result<String, Error> {
    let hashed = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(hashed.to_string())
}

fn matches(password: &str, stored: &str) -> Result<bool, Error> {
    let parsed = PasswordHash::new(stored).map_err(Error::internal)?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_as_argon2id_with_a_salt_of_its_own() {
        let (one, two) = (hash("correct horse").unwrap(), hash("correct horse").unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn right_wrong_and_unknown() {
        let passwords = Passwords::new().unwrap();
        let stored = hash("correct horse").unwrap();
        assert!(passwords.verify("correct horse".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("correct horsf".into(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("correct horse".into(), None).await.unwrap());
    }
}
