//! Arrays and objects while they are written.
//!
//! Members of an object are written as they come and moved only when they came out of order; types whose fields are
//! declared in canonical order therefore cost no move.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};
use serde_json::Value;

use super::NotCanonical;
use super::order::{reorder, utf16_order};
use super::writer::Writer;

/// An array that is being written; `tagged` when it closes the object of an enum variant with itself.
pub(super) struct List<'a> {
    writer: &'a mut Writer,
    first: bool,
    tagged: bool,
}

impl<'a> List<'a> {
    pub(super) fn open(writer: &'a mut Writer, tagged: bool) -> Result<Self, NotCanonical> {
        writer.open(b'[')?;
        Ok(Self {
            writer,
            first: true,
            tagged,
        })
    }

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

/// An object that is being written; its members are the writer's from `first` on.
pub(super) struct Object<'a> {
    writer: &'a mut Writer,
    first: usize,
    ordered: bool,
    tagged: bool,
}

impl<'a> Object<'a> {
    pub(super) fn open(writer: &'a mut Writer, tagged: bool) -> Result<Self, NotCanonical> {
        writer.open(b'{')?;
        let first = writer.members.len();
        Ok(Self {
            writer,
            first,
            ordered: true,
            tagged,
        })
    }

    fn key(&mut self, key: Cow<'static, str>) {
        if let Some((last, _)) = self.writer.members[self.first..].last() {
            self.ordered &= utf16_order(last, &key) == Ordering::Less;
            self.writer.out.push(b',');
        }
        let start = self.writer.out.len();
        self.writer.string(&key);
        self.writer.out.push(b':');
        self.writer.members.push((key, start));
    }

    fn finish(self) -> Result<(), NotCanonical> {
        if self.ordered {
            self.writer.members.truncate(self.first);
        } else {
            let members = self.writer.members.drain(self.first..);
            reorder(&mut self.writer.out, members)?;
        }
        self.writer.close(b'}');
        if self.tagged {
            self.writer.close(b'}');
        }
        Ok(())
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
