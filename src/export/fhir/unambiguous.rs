//! JSON in which no object has a key twice.
//!
//! Of two fields with one name a reader sees one, while the bytes keep both: the other could carry anything. RFC 8259
//! section 4 leaves such objects undefined; a receiver that keeps bytes as they came must refuse them.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Proof that a text was read to its end and no key came twice.
pub(super) struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Walk)
    }
}

struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = Unambiguous;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated keys")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_unit<E>(self) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unambiguous, A::Error> {
        while items.next_element::<Unambiguous>()?.is_some() {}
        Ok(Unambiguous)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Unambiguous, A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = fields.next_key::<String>()? {
            fields.next_value::<Unambiguous>()?;
            if !seen.insert(key) {
                return Err(A::Error::custom("a key came twice"));
            }
        }
        Ok(Unambiguous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(text: &str) -> bool {
        serde_json::from_str::<Unambiguous>(text).is_ok()
    }

    #[test]
    fn a_key_may_come_again_in_another_object_only() {
        assert!(passes(r#"{"a": {"a": [1, -2, 3.5, null, true, "a"]}, "b": [{"a": 1}, {"a": 2}]}"#));
        assert!(!passes(r#"{"a": 1, "a": 1}"#));
        assert!(!passes(r#"[{"x": {"b": {"a": "kept", "c": 0, "a": "seen"}}}]"#));
        assert!(!passes("{\"a\": 1, \"\\u0061\": 2}"), "the same key, written with an escape");
    }

    #[test]
    fn what_is_no_json_does_not_pass() {
        for text in ["", "{", "{} x", "[1,]", &"[".repeat(100_000)] {
            assert!(!passes(text));
        }
    }
}
