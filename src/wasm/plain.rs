//! Reads plain JavaScript objects into typed options.
//!
//! `serde-wasm-bindgen` and `serde_json` read as well, but their errors carry texts with every type's name and the
//! code that formats floating-point numbers: 30 kB gzipped that nobody sees, since the caller gets one sentence per
//! argument. The error here holds nothing.

use super::error::invalid;
use js_sys::{Array, Object, Reflect};
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};
use wasm_bindgen::{JsCast, JsValue};

/// Reads a value; `what` tells the caller what was wanted.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue, what: &str) -> Result<T, JsValue> {
    T::deserialize(Plain(value)).map_err(|_| invalid(what))
}

/// Something does not fit.
#[derive(Debug)]
struct Misfit;

impl core::fmt::Display for Misfit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("misfit")
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

struct Plain(JsValue);

impl Plain {
    /// Whole numbers as such, since types of whole numbers refuse others.
    fn number<'de, V: Visitor<'de>>(number: f64, visitor: V) -> Result<V::Value, Misfit> {
        /// The largest whole number that a double holds exactly.
        const EXACT: f64 = 9_007_199_254_740_991.0;
        if number.fract() == 0.0 && (0.0..=EXACT).contains(&number) {
            visitor.visit_u64(number as u64)
        } else {
            visitor.visit_f64(number)
        }
    }
}

impl<'de> de::Deserializer<'de> for Plain {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let value = self.0;
        if value.is_null() || value.is_undefined() {
            visitor.visit_unit()
        } else if let Some(number) = value.as_f64() {
            Self::number(number, visitor)
        } else if let Some(text) = value.as_string() {
            visitor.visit_string(text)
        } else if let Some(truth) = value.as_bool() {
            visitor.visit_bool(truth)
        } else if Array::is_array(&value) {
            visitor.visit_seq(Items { list: value.unchecked_into(), next: 0 })
        } else if let Some(object) = value.dyn_ref::<Object>() {
            visitor.visit_map(Fields { names: Object::keys(object), object: object.clone(), next: 0 })
        } else {
            Err(Misfit)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.0.is_null() || self.0.is_undefined() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_enum(self.0.as_string().ok_or(Misfit)?.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items {
    list: Array,
    next: u32,
}

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        if self.next >= self.list.length() {
            return Ok(None);
        }
        let item = self.list.get(self.next);
        self.next += 1;
        seed.deserialize(Plain(item)).map(Some)
    }
}

/// Fields of an object. One that is undefined counts as absent, as TypeScript's optional properties do.
struct Fields {
    object: Object,
    names: Array,
    next: u32,
}

impl<'de> de::MapAccess<'de> for Fields {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        while self.next < self.names.length() {
            let name = self.names.get(self.next);
            let value = Reflect::get(&self.object, &name).map_err(|_| Misfit)?;
            if !value.is_undefined() {
                return seed.deserialize(Plain(name)).map(Some);
            }
            self.next += 1;
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let value = Reflect::get(&self.object, &self.names.get(self.next)).map_err(|_| Misfit)?;
        self.next += 1;
        seed.deserialize(Plain(value))
    }
}
