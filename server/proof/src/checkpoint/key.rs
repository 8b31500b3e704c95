//! Names and Ed25519 keys of note signers, in the text encoding of C2SP signed-note and Go's `sumdb/note`.
//!
//! Keys are made from a seed that the caller draws; a private key is wiped from memory when dropped and has neither
//! `Display` nor `Serialize`: writing it out takes the word [`SigningKey::encode_private`].

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer};
use zeroize::Zeroizing;

use crate::hash::sha256;

/// The signature type of Ed25519 in C2SP signed-note.
const ED25519: u8 = 1;
const PRIVATE: &str = "PRIVATE+KEY+";

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name cannot stand in a signature line.
    #[error("the name of a key is not empty and has no spaces, plus signs or control characters")]
    Name,
    /// Not the encoding of a key of this kind.
    #[error("not an Ed25519 note key")]
    Format,
    /// The hash in the text is not that of the name and the key.
    #[error("the key does not belong to the name and hash beside it")]
    Mismatch,
}

/// The private key that signs checkpoints under a name.
#[derive(Clone)]
pub struct SigningKey {
    public: VerifyingKey,
    secret: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key of this name made from 32 random bytes, which the caller draws and wipes.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifyingKey::new(name, secret.verifying_key())?;
        Ok(Self { public, secret })
    }

    /// The public half, to be given to everybody.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// `PRIVATE+KEY+name+hash+base64`: whoever reads this can sign for the log.
    pub fn encode_private(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([ED25519; 33]);
        bytes[1..].copy_from_slice(self.secret.as_bytes());
        let seed = Zeroizing::new(STANDARD.encode(*bytes));
        Zeroizing::new(format!(
            "{PRIVATE}{}+{:08x}+{}",
            self.public.name, self.public.hash, *seed
        ))
    }

    pub(super) fn sign(&self, text: &str) -> [u8; 64] {
        self.secret.sign(text.as_bytes()).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, hash, seed) = parts(text.strip_prefix(PRIVATE).ok_or(KeyError::Format)?)?;
        let key = Self::from_seed(name, &seed)?;
        if key.public.hash == hash {
            Ok(key)
        } else {
            Err(KeyError::Mismatch)
        }
    }
}

/// The public key of a signer, with its name. `Display` and `FromStr` are `name+hash+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    hash: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    fn new(name: &str, key: ed25519_dalek::VerifyingKey) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let hashed = sha256(&[name.as_bytes(), b"\n", &[ED25519], key.as_bytes()].concat());
        let [a, b, c, d, ..] = hashed.0;
        Ok(Self {
            name: name.to_owned(),
            hash: u32::from_be_bytes([a, b, c, d]),
            key,
        })
    }

    /// The name in the signature line; by custom the origin of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first 32 bits of the hash of name and key: which of several keys of one name.
    pub fn key_hash(&self) -> u32 {
        self.hash
    }

    /// Strict verification: also refuses weak keys and second forms of one signature.
    pub(super) fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [ED25519; 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            self.hash,
            STANDARD.encode(bytes)
        )
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, hash, bytes) = parts(text)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Format)?;
        let key = Self::new(name, key)?;
        if key.hash == hash {
            Ok(key)
        } else {
            Err(KeyError::Mismatch)
        }
    }
}

/// Whether a signature line can carry the name: no Unicode spaces, no plus sign, no control character.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// Splits `name+hash+base64(type || 32 bytes)`; base64 may hold plus signs, the name and the hash may not.
fn parts(text: &str) -> Result<(&str, u32, Zeroizing<[u8; 32]>), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Format);
    };
    if hash.len() != 8
        || !hash
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    {
        return Err(KeyError::Format);
    }
    let hash = u32::from_str_radix(hash, 16).map_err(|_| KeyError::Format)?;
    let key = Zeroizing::new(STANDARD.decode(key).map_err(|_| KeyError::Format)?);
    match key.split_first() {
        Some((&ED25519, key)) => Ok((
            name,
            hash,
            Zeroizing::new(key.try_into().map_err(|_| KeyError::Format)?),
        )),
        _ => Err(KeyError::Format),
    }
}
