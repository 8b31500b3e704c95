//! C2SP signed-note: a text, an empty line, and signature lines `— name base64(key hash || signature)`.
//!
//! Nothing of a note may be used before a trusted key has verified it, so the text is only handed out by [`open`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key::{SigningKey, VerifyingKey, is_name};

/// The longest note that is looked at, in bytes; checkpoints have some hundred.
const MAX_NOTE: usize = 1_000_000;
/// The most signatures that are looked at; the standard asks for at least 16.
const MAX_SIGNATURES: usize = 100;

/// Why a note is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not the form of a signed note, or too large.
    #[error("not a signed note")]
    NotANote,
    /// None of the given keys signed it.
    #[error("no trusted key signed the note")]
    Unsigned,
    /// A trusted key is named but its signature does not fit: the text was changed.
    #[error("the signature of {0} does not fit the note")]
    WrongSignature(String),
    /// Signed, but the text is not a checkpoint.
    #[error("the note is not a checkpoint")]
    NotACheckpoint,
}

/// Signs a text, which must end in a line feed and hold no other control characters to be readable again.
pub fn sign(text: &str, key: &SigningKey) -> String {
    format!("{text}\n{}", signature_line(text, key))
}

/// Adds the signature of another key, for instance the old and the new one while keys rotate.
pub fn add_signature(signed: &str, key: &SigningKey) -> Result<String, NoteError> {
    let (text, _) = split(signed)?;
    Ok(format!("{signed}{}", signature_line(text, key)))
}

/// The text of a note that at least one of the keys signed, while none of them signed it wrongly.
/// Signatures of unknown keys are skipped.
pub fn open<'note>(signed: &'note str, keys: &[VerifyingKey]) -> Result<&'note str, NoteError> {
    let (text, signatures) = split(signed)?;
    let mut verified = false;
    for (number, line) in signatures.lines().enumerate() {
        let (name, encoded) = line
            .strip_prefix("— ")
            .and_then(|line| line.split_once(' '))
            .ok_or(NoteError::NotANote)?;
        let decoded = STANDARD.decode(encoded).map_err(|_| NoteError::NotANote)?;
        let (hash, signature) = decoded.split_first_chunk().ok_or(NoteError::NotANote)?;
        if !is_name(name) || signature.is_empty() || number >= MAX_SIGNATURES {
            return Err(NoteError::NotANote);
        }
        let hash = u32::from_be_bytes(*hash);
        for key in keys
            .iter()
            .filter(|key| key.name() == name && key.key_hash() == hash)
        {
            if !key.verifies(text, signature) {
                return Err(NoteError::WrongSignature(name.to_owned()));
            }
            verified = true;
        }
    }
    if verified {
        Ok(text)
    } else {
        Err(NoteError::Unsigned)
    }
}

fn signature_line(text: &str, key: &SigningKey) -> String {
    let public = key.verifying_key();
    let bytes = [&public.key_hash().to_be_bytes()[..], &key.sign(text)].concat();
    format!("— {} {}\n", public.name(), STANDARD.encode(bytes))
}

/// The text with its last line feed, and the signature lines: the last empty line separates them.
fn split(signed: &str) -> Result<(&str, &str), NoteError> {
    let control = |byte: u8| byte < b' ' && byte != b'\n';
    if signed.len() > MAX_NOTE || signed.bytes().any(control) || !signed.ends_with('\n') {
        return Err(NoteError::NotANote);
    }
    let at = signed.rfind("\n\n").ok_or(NoteError::NotANote)?;
    let (text, signatures) = (&signed[..=at], &signed[at + 2..]);
    if signatures.is_empty() {
        Err(NoteError::NotANote)
    } else {
        Ok((text, signatures))
    }
}
