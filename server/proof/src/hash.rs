//! Hashes and salts, and the four ways the log uses SHA-256.
//!
//! `leaf_hash` and `node_hash` are the domain-separated hashes of RFC 6962 section 2.1 (RFC 9162 section 2.1.1).
//! Text forms are lower-case hexadecimal and nothing else, so that one hash has one spelling in a canonical record.
//! Comparison is not constant-time: hashes here are public.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The text or bytes do not have the length or the alphabet of a hash or salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} bytes, in text as {} lower-case hexadecimal digits", expected * 2)]
pub struct Malformed {
    expected: usize,
}

macro_rules! hex_bytes {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            fn hex(self) -> [u8; 2 * $len] {
                let mut text = [0; 2 * $len];
                for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
                    pair[0] = DIGITS[usize::from(byte >> 4)];
                    pair[1] = DIGITS[usize::from(byte & 15)];
                }
                text
            }

            fn with_hex<T>(self, then: impl FnOnce(&str) -> T) -> T {
                let text = self.hex();
                then(std::str::from_utf8(&text).expect("invariant: hexadecimal digits are ASCII"))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.with_hex(|text| f.pad(text))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.with_hex(|text| write!(f, "{}({text})", stringify!($name)))
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                let mut bytes = [0; $len];
                if decode(text.as_bytes(), &mut bytes) {
                    Ok(Self(bytes))
                } else {
                    Err(Malformed { expected: $len })
                }
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = Malformed;

            fn try_from(bytes: &[u8]) -> Result<Self, Malformed> {
                bytes.try_into().map(Self).map_err(|_| Malformed { expected: $len })
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.with_hex(|text| serializer.serialize_str(text))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "{} lower-case hexadecimal digits", 2 * $len)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    };
}

hex_bytes!(
    /// A SHA-256 hash: of a leaf, a tree node, a record or a salted record.
    Hash,
    32
);

hex_bytes!(
    /// The 128 random bits of one subject's details; the caller draws them and erases them with the details.
    Salt,
    16
);

/// SHA-256 of the bytes as they are (FIPS 180-4).
pub fn sha256(data: &[u8]) -> Hash {
    Hash(Sha256::digest(data).into())
}

/// The hash of a leaf: `SHA-256(0x00 || data)`, RFC 6962 section 2.1.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([0])
            .chain_update(data)
            .finalize()
            .into(),
    )
}

/// The hash of an inner node: `SHA-256(0x01 || left || right)`, RFC 6962 section 2.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut data = [1; 65];
    data[1..33].copy_from_slice(&left.0);
    data[33..].copy_from_slice(&right.0);
    sha256(&data)
}

/// `SHA-256(salt || data)`: without the salt, nobody can test a guess of the data against the hash.
pub fn salted_hash(salt: &Salt, data: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update(salt.0)
            .chain_update(data)
            .finalize()
            .into(),
    )
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The value of each digit, 255 where the byte is not a lower-case hexadecimal digit.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut value = 0;
    while value < 16 {
        values[DIGITS[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Fills `bytes` from exactly twice as many digits; false if the text is anything else.
fn decode(text: &[u8], bytes: &mut [u8]) -> bool {
    let mut seen = 0;
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        seen |= high | low;
        *byte = (high << 4) | (low & 15);
    }
    text.len() == 2 * bytes.len() && seen < 16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hashes_are_separated_by_domain() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b"").to_string(), empty);
        assert_eq!(leaf_hash(b"log"), sha256(b"\0log"));
        let (left, right) = (sha256(b"l"), sha256(b"r"));
        let joined = [&[1], left.as_ref(), right.as_ref()].concat();
        assert_eq!(node_hash(&left, &right), sha256(&joined));
        assert_eq!(
            salted_hash(&Salt(*b"0123456789abcdef"), b"x"),
            sha256(b"0123456789abcdefx")
        );
    }

    #[test]
    fn only_one_spelling_is_read() {
        let text = sha256(b"").to_string();
        assert!(text.parse::<Hash>().is_ok());
        assert!(text.to_uppercase().parse::<Hash>().is_err());
        assert!(text[..62].parse::<Hash>().is_err());
        assert!(format!("{text}00").parse::<Hash>().is_err());
        assert!(format!("{}g", &text[..63]).parse::<Hash>().is_err());
        assert_eq!(
            Malformed { expected: 32 }.to_string(),
            "expected 32 bytes, in text as 64 lower-case hexadecimal digits"
        );
    }

    proptest! {
        #[test]
        fn text_and_json_come_back(bytes: [u8; 32]) {
            let hash = Hash(bytes);
            prop_assert_eq!(hash.to_string().parse::<Hash>(), Ok(hash));
            let json = serde_json::to_string(&hash).unwrap();
            prop_assert_eq!(&json, &format!("\"{hash}\""));
            prop_assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
            prop_assert_eq!(Hash::try_from(&bytes[..]), Ok(hash));
        }
    }
}
