//! Canonical JSON: RFC 8785 (JCS), for the values the log uses.
//!
//! Null, booleans, strings, arrays, objects, and integers from -2^53 to 2^53. Fractions and larger integers are refused
//! instead of rounded: carry them, and instants, as strings. What is written once is written the same by every
//! implementation of RFC 8785, so an outsider can recompute a hash from the record alone.
//! It normalises no Unicode: two spellings of an accented letter are two strings, as the RFC says.

mod compound;
mod order;
mod serializer;
#[cfg(test)]
mod tests;
mod writer;

use serde::Serialize;
use serde_json::Value;

use writer::Writer;

/// The largest integer, and negated the smallest, that a record may hold: beyond it doubles skip integers.
pub const MAX_INTEGER: u64 = 1 << 53;

/// Arrays and objects inside each other, at most: what `serde_json` reads back.
pub const MAX_DEPTH: u8 = 127;

/// Why a value has no canonical form here, or why bytes are not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// A fraction, or a number that JSON cannot hold.
    #[error("a record holds no fractions: carry the number as a string")]
    Float,
    /// An integer beyond 2^53 either way.
    #[error("a record holds no integer beyond 2^53: carry the number as a string")]
    IntegerTooLarge,
    /// The key of a map is not a string.
    #[error("the keys of an object are strings")]
    KeyNotString,
    /// The same key twice in one object.
    #[error("the key {0:?} stands twice in one object")]
    DuplicateKey(String),
    /// More than [`MAX_DEPTH`] arrays and objects inside each other.
    #[error("arrays and objects are nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// An entry that does not fit the length field of a C2SP tlog-tiles entry bundle.
    #[error("the entry has {0} bytes, and the log takes at most 65535")]
    TooLong(usize),
    /// The bytes are no JSON text at all.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON, but spaced, escaped or ordered in another way; the offset is the first byte that differs.
    #[error("not in canonical form from byte {0} on")]
    OtherForm(usize),
    /// The value refused to be serialized.
    #[error("{0}")]
    Refused(String),
}

impl serde::ser::Error for NotCanonical {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Refused(message.to_string())
    }
}

/// The canonical bytes of a value.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    let mut writer = Writer::with_capacity(512);
    value.serialize(&mut writer)?;
    Ok(writer.into_bytes())
}

/// Reads bytes that must be canonical, and says where they are not.
pub fn check(bytes: &[u8]) -> Result<Value, NotCanonical> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| NotCanonical::NotJson(error.to_string()))?;
    same(bytes, &to_vec(&value)?)?;
    Ok(value)
}

/// Compares bytes with their canonical form, and says where they first differ.
pub(crate) fn same(bytes: &[u8], canonical: &[u8]) -> Result<(), NotCanonical> {
    if bytes == canonical {
        return Ok(());
    }
    let common = canonical
        .iter()
        .zip(bytes)
        .take_while(|(expected, found)| expected == found)
        .count();
    Err(NotCanonical::OtherForm(common))
}
