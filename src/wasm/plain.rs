//! Reads plain JavaScript objects into typed options.
//!
//! `serde-wasm-bindgen` and `serde_json` read as well, but their errors carry texts with every type's name and the
//! code that formats floating-point numbers: 30 kB gzipped that nobody sees, since the caller gets one sentence per
//! argument. The error here holds nothing. Every type asks for what it expects, a struct by the names of its fields and
//! an enum by those of its variants, so nothing is tried out and no name is compared twice.

use super::error::invalid;
use js_sys::{Array, Object, Reflect};
use serde::de::{self, value::U32Deserializer, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};
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
    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        /// The largest whole number that a double holds exactly.
        const EXACT: f64 = 9_007_199_254_740_991.0;
        let number = self.0.as_f64().ok_or(Misfit)?;
        if number.fract() == 0.0 && number.abs() <= EXACT {
            visitor.visit_i64(number as i64)
        } else {
            visitor.visit_f64(number)
        }
    }

    fn text(&self) -> Result<String, Misfit> {
        self.0.as_string().ok_or(Misfit)
    }
}

macro_rules! numbers {
    ($($name:ident)*) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.number(visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Plain {
    type Error = Misfit;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    }

    /// Types that do not say what they expect are not read here.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misfit> {
        Err(Misfit)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_bool(self.0.as_bool().ok_or(Misfit)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(Items { list: self.0.dyn_into().map_err(|_| Misfit)?, next: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_seq(Fields::of(self.0, names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_enum(Variant::of(&self, names)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct map identifier
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

/// Fields of an object in the order of the struct. One that is undefined counts as absent, as TypeScript's optional
/// properties do; an object with one that the struct does not know is refused.
struct Fields {
    object: JsValue,
    names: core::slice::Iter<'static, &'static str>,
}

impl Fields {
    #[inline(never)]
    fn of(object: JsValue, names: &'static [&'static str]) -> Result<Self, Misfit> {
        let plain: &Object = object.dyn_ref().ok_or(Misfit)?;
        for name in Object::keys(plain) {
            let known = name.as_string().is_some_and(|name| names.contains(&name.as_str()));
            if !known && !field(&object, &name)?.is_undefined() {
                return Err(Misfit);
            }
        }
        Ok(Self { object, names: names.iter() })
    }

    #[inline(never)]
    fn next(&mut self) -> Result<Option<Plain>, Misfit> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let value = field(&self.object, &JsValue::from_str(name))?;
        Ok((!value.is_undefined()).then_some(Plain(value)))
    }
}

fn field(object: &JsValue, name: &JsValue) -> Result<JsValue, Misfit> {
    Reflect::get(object, name).map_err(|_| Misfit)
}

impl<'de> de::SeqAccess<'de> for Fields {
    type Error = Misfit;

    #[inline(never)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        self.next()?.map(|value| seed.deserialize(value)).transpose()
    }
}

/// A variant without content, by its place.
struct Variant(u32);

impl Variant {
    #[inline(never)]
    fn of(value: &Plain, names: &'static [&'static str]) -> Result<Self, Misfit> {
        let text = value.text()?;
        names.iter().position(|name| *name == text).map(|place| Self(place as u32)).ok_or(Misfit)
    }
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Misfit;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Misfit> {
        let place: U32Deserializer<Misfit> = self.0.into_deserializer();
        Ok((seed.deserialize(place)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Misfit> {
        Err(Misfit)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Misfit> {
        Err(Misfit)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Misfit> {
        Err(Misfit)
    }
}
