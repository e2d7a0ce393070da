//! JSON text: one way to write what is stored, sent and shown.
//!
//! The texts are those of `serde_json`, byte for byte, for the shapes that this library has: structs, lists, options,
//! words and numbers. In WebAssembly it is a third of the code, because what does not depend on a type is written once.

use crate::units::{push_decimal, push_hex};
use serde::ser::{self, Impossible};
use serde::Serialize;
use std::fmt;

/// The text of a value; `None` for a shape that is not written: maps, bytes, variants with content.
#[must_use]
pub fn text<T: Serialize + ?Sized>(value: &T) -> Option<String> {
    let mut text = Text(String::with_capacity(1024));
    value.serialize(&mut text).ok()?;
    Some(text.0)
}

/// A shape that is not written.
#[derive(Debug)]
struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a shape that is not written")
    }
}

impl std::error::Error for Unknown {}

impl ser::Error for Unknown {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Done = Result<(), Unknown>;

struct Text(String);

impl Text {
    #[inline(never)]
    fn raw(&mut self, text: &str) -> Done {
        self.0.push_str(text);
        Ok(())
    }

    #[inline(never)]
    fn quoted(&mut self, text: &str) -> Done {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                '\u{8}' => self.0.push_str("\\b"),
                '\u{c}' => self.0.push_str("\\f"),
                '\0'..='\u{1f}' => {
                    self.0.push_str("\\u00");
                    push_hex(&mut self.0, c as u8);
                }
                _ => self.0.push(c),
            }
        }
        self.0.push('"');
        Ok(())
    }

    #[inline(never)]
    fn count(&mut self, number: u64) -> Done {
        push_decimal(&mut self.0, number);
        Ok(())
    }

    fn whole(&mut self, number: i64) -> Done {
        self.raw(if number < 0 { "-" } else { "" })?;
        self.count(number.unsigned_abs())
    }

    #[inline(never)]
    fn number(&mut self, number: f64) -> Done {
        if number.is_finite() {
            self.raw(zmij::Buffer::new().format_finite(number))
        } else {
            self.raw("null")
        }
    }

    /// What stands before an item of an object or list that may be its first.
    #[inline(never)]
    fn next(&mut self, name: Option<&str>) -> Done {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
        let Some(name) = name else { return Ok(()) };
        self.quoted(name)?;
        self.raw(":")
    }
}

macro_rules! numbers {
    ($how:ident: $($name:ident($kind:ty)),*) => {$(
        fn $name(self, number: $kind) -> Done {
            self.$how(number.into())
        }
    )*};
}

macro_rules! unknown {
    ($($name:ident($($kind:ty),*) -> $answer:ty;)*) => {$(
        fn $name(self, $(_: $kind),*) -> Result<$answer, Unknown> {
            Err(Unknown)
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Text {
    type Ok = ();
    type Error = Unknown;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeTupleStruct = Impossible<(), Unknown>;
    type SerializeTupleVariant = Impossible<(), Unknown>;
    type SerializeMap = Impossible<(), Unknown>;
    type SerializeStructVariant = Impossible<(), Unknown>;

    numbers!(whole: serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64));
    numbers!(count: serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64));
    // A number of 32 bits as the double that it is, so that all are printed in one way.
    numbers!(number: serialize_f32(f32), serialize_f64(f64));

    unknown! {
        serialize_bytes(&[u8]) -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
    }

    fn serialize_bool(self, truth: bool) -> Done {
        self.raw(if truth { "true" } else { "false" })
    }

    fn serialize_char(self, c: char) -> Done {
        self.quoted(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Done {
        self.quoted(text)
    }

    fn serialize_none(self) -> Done {
        self.raw("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.raw("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Done {
        self.quoted(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Done {
        Err(Unknown)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Unknown> {
        self.raw("[")?;
        Ok(Items(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, Unknown> {
        self.serialize_seq(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Unknown> {
        self.raw("{")?;
        Ok(Items(self))
    }
}

/// What follows the opening bracket.
struct Items<'a>(&'a mut Text);

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.0.next(None)?;
        value.serialize(&mut *self.0)
    }

    fn end(self) -> Done {
        self.0.raw("]")
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Done {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.0.next(Some(name))?;
        value.serialize(&mut *self.0)
    }

    fn end(self) -> Done {
        self.0.raw("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    enum Word {
        A,
    }

    #[derive(Serialize)]
    struct Inner {
        text: &'static str,
        list: Vec<Option<f64>>,
        pair: [Word; 1],
    }

    #[derive(Serialize)]
    struct Outer {
        none: [u8; 0],
        whole: (i64, u64),
        truth: bool,
        inner: Vec<Inner>,
    }

    #[test]
    fn the_text_is_that_of_serde_json() {
        let inner = || Inner {
            text: "a \"quoted\" \\ \u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f} \u{e9}\u{1f600} {[",
            list: vec![
                None,
                Some(0.1),
                Some(60.0),
                Some(-0.0),
                Some(1e21),
                Some(1.5e-7),
                Some(f64::MAX),
                Some(f64::MIN_POSITIVE),
                Some(f64::NAN),
                Some(f64::INFINITY),
            ],
            pair: [Word::A],
        };
        let value =
            Outer { none: [], whole: (i64::MIN, u64::MAX), truth: true, inner: vec![inner(), inner()] };
        assert_eq!(text(&value), serde_json::to_string(&value).ok());
    }

    #[test]
    fn what_is_not_written_has_no_text() {
        assert_eq!(text(&std::collections::BTreeMap::from([(1, 2)])), None);
    }
}
