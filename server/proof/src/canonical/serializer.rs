//! Writes canonical JSON in one pass, straight from the value, because every change writes an entry.
//!
//! Members of an object are written as they come and moved only when they came out of order; types whose fields are
//! declared in canonical order therefore cost no move. Implements the whole serde data model except fractions.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Value;

use super::{MAX_DEPTH, MAX_INTEGER, NotCanonical};

/// The output so far, and how deep it is nested.
pub(super) struct Writer {
    out: Vec<u8>,
    depth: u8,
}

impl Writer {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: Vec::with_capacity(bytes),
            depth: 0,
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn open(&mut self, bracket: u8) -> Result<(), NotCanonical> {
        if self.depth == MAX_DEPTH {
            return Err(NotCanonical::TooDeep);
        }
        self.depth += 1;
        self.out.push(bracket);
        Ok(())
    }

    fn close(&mut self, bracket: u8) {
        self.depth -= 1;
        self.out.push(bracket);
    }

    /// `{"Variant":`, the way serde tags an enum from outside.
    fn open_variant(&mut self, variant: &str) -> Result<(), NotCanonical> {
        self.open(b'{')?;
        self.string(variant);
        self.out.push(b':');
        Ok(())
    }

    fn list(&mut self, tagged: bool) -> Result<List<'_>, NotCanonical> {
        self.open(b'[')?;
        Ok(List {
            writer: self,
            first: true,
            tagged,
        })
    }

    fn object(&mut self, tagged: bool) -> Result<Object<'_>, NotCanonical> {
        self.open(b'{')?;
        Ok(Object {
            writer: self,
            members: Vec::new(),
            ordered: true,
            tagged,
        })
    }

    fn integer(&mut self, magnitude: u128, text: &str) -> Result<(), NotCanonical> {
        if magnitude > u128::from(MAX_INTEGER) {
            return Err(NotCanonical::IntegerTooLarge);
        }
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// RFC 8785 section 3.2.2.2: the short escapes, `\u00xx` for the other control characters, all else as it is.
    fn string(&mut self, text: &str) {
        self.out.push(b'"');
        let bytes = text.as_bytes();
        let mut copied = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.extend_from_slice(&bytes[copied..at]);
            copied = at + 1;
            match byte {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                0x08 => self.out.extend_from_slice(b"\\b"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                0x0c => self.out.extend_from_slice(b"\\f"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                control => self
                    .out
                    .extend_from_slice(format!("\\u{control:04x}").as_bytes()),
            }
        }
        self.out.extend_from_slice(&bytes[copied..]);
        self.out.push(b'"');
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty => $magnitude:expr),* $(,)?) => {
        $(fn $method(self, number: $type) -> Result<(), NotCanonical> {
            self.integer($magnitude(number).into(), &number.to_string())
        })*
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = NotCanonical;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = List<'a>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Object<'a>;

    integers! {
        serialize_i8: i8 => i8::unsigned_abs,
        serialize_i16: i16 => i16::unsigned_abs,
        serialize_i32: i32 => i32::unsigned_abs,
        serialize_i64: i64 => i64::unsigned_abs,
        serialize_i128: i128 => i128::unsigned_abs,
        serialize_u8: u8 => u8::from,
        serialize_u16: u16 => u16::from,
        serialize_u32: u32 => u32::from,
        serialize_u64: u64 => u64::from,
        serialize_u128: u128 => u128::from,
    }

    fn serialize_bool(self, value: bool) -> Result<(), NotCanonical> {
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), NotCanonical> {
        Err(NotCanonical::Float)
    }

    fn serialize_f64(self, _: f64) -> Result<(), NotCanonical> {
        Err(NotCanonical::Float)
    }

    fn serialize_char(self, value: char) -> Result<(), NotCanonical> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), NotCanonical> {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), NotCanonical> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), NotCanonical> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotCanonical> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NotCanonical> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NotCanonical> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), NotCanonical> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotCanonical> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NotCanonical> {
        self.open_variant(variant)?;
        value.serialize(&mut *self)?;
        self.close(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, NotCanonical> {
        self.list(false)
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'a>, NotCanonical> {
        self.list(false)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'a>, NotCanonical> {
        self.list(false)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'a>, NotCanonical> {
        self.open_variant(variant)?;
        self.list(true)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'a>, NotCanonical> {
        self.object(false)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'a>, NotCanonical> {
        self.object(false)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object<'a>, NotCanonical> {
        self.open_variant(variant)?;
        self.object(true)
    }
}

/// An array that is being written; `tagged` when it closes the object of an enum variant with itself.
pub(super) struct List<'a> {
    writer: &'a mut Writer,
    first: bool,
    tagged: bool,
}

impl List<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotCanonical> {
        if !std::mem::take(&mut self.first) {
            self.writer.out.push(b',');
        }
        value.serialize(&mut *self.writer)
    }

    fn finish(self) {
        self.writer.close(b']');
        if self.tagged {
            self.writer.close(b'}');
        }
    }
}

macro_rules! elements {
    ($($trait:ident $method:ident),*) => {
        $(impl $trait for List<'_> {
            type Ok = ();
            type Error = NotCanonical;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotCanonical> {
                self.element(value)
            }

            fn end(self) -> Result<(), NotCanonical> {
                self.finish();
                Ok(())
            }
        })*
    };
}

elements!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

/// An object that is being written: each member's key and where its text starts.
pub(super) struct Object<'a> {
    writer: &'a mut Writer,
    members: Vec<(Cow<'static, str>, usize)>,
    ordered: bool,
    tagged: bool,
}

impl Object<'_> {
    fn key(&mut self, key: Cow<'static, str>) {
        if let Some((last, _)) = self.members.last() {
            self.ordered &= utf16_order(last, &key) == Ordering::Less;
            self.writer.out.push(b',');
        }
        let start = self.writer.out.len();
        self.writer.string(&key);
        self.writer.out.push(b':');
        self.members.push((key, start));
    }

    fn finish(self) -> Result<(), NotCanonical> {
        if !self.ordered {
            reorder(&mut self.writer.out, self.members)?;
        }
        self.writer.close(b'}');
        if self.tagged {
            self.writer.close(b'}');
        }
        Ok(())
    }
}

/// Moves the members, which end the output, into the order of their keys; a key that stands twice is an error.
fn reorder(
    out: &mut Vec<u8>,
    members: Vec<(Cow<'static, str>, usize)>,
) -> Result<(), NotCanonical> {
    let Some(&(_, begin)) = members.first() else {
        return Ok(());
    };
    let mut end = out.len();
    let mut texts: Vec<(Cow<'static, str>, Range<usize>)> = Vec::with_capacity(members.len());
    for (key, start) in members.into_iter().rev() {
        texts.push((key, start..end));
        end = start.saturating_sub(1);
    }
    texts.sort_by(|(left, _), (right, _)| utf16_order(left, right));
    if let Some(pair) = texts.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(NotCanonical::DuplicateKey(pair[0].0.to_string()));
    }
    let mut moved = Vec::with_capacity(out.len() - begin);
    for (_, text) in texts {
        if !moved.is_empty() {
            moved.push(b',');
        }
        moved.extend_from_slice(&out[text]);
    }
    out.truncate(begin);
    out.append(&mut moved);
    Ok(())
}

/// RFC 8785 section 3.2.3 orders keys by UTF-16 code units, which differs from UTF-8 beyond U+D800.
fn utf16_order(left: &str, right: &str) -> Ordering {
    if left.is_ascii() || right.is_ascii() {
        left.cmp(right)
    } else {
        left.encode_utf16().cmp(right.encode_utf16())
    }
}

impl SerializeMap for Object<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotCanonical> {
        match serde_json::to_value(key) {
            Ok(Value::String(key)) => self.key(Cow::Owned(key)),
            _ => return Err(NotCanonical::KeyNotString),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotCanonical> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), NotCanonical> {
        self.finish()
    }
}

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl $trait for Object<'_> {
            type Ok = ();
            type Error = NotCanonical;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NotCanonical> {
                self.key(Cow::Borrowed(key));
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result<(), NotCanonical> {
                self.finish()
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);
