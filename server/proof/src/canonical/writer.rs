//! The output of the serializer: brackets, integers and strings in the spelling of RFC 8785.

use std::borrow::Cow;

use super::{MAX_DEPTH, MAX_INTEGER, NotCanonical};

/// The output so far, how deep it is nested, and the members of all objects that are still open.
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
    depth: u8,
    pub(super) members: Vec<Member>,
}

/// A member of an object: its key, and where its text starts in the output.
pub(super) type Member = (Cow<'static, str>, usize);

impl Writer {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: Vec::with_capacity(bytes),
            depth: 0,
            members: Vec::with_capacity(16),
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    pub(super) fn open(&mut self, bracket: u8) -> Result<(), NotCanonical> {
        if self.depth == MAX_DEPTH {
            return Err(NotCanonical::TooDeep);
        }
        self.depth += 1;
        self.out.push(bracket);
        Ok(())
    }

    pub(super) fn close(&mut self, bracket: u8) {
        self.depth -= 1;
        self.out.push(bracket);
    }

    /// `{"Variant":`, the way serde tags an enum from outside.
    pub(super) fn open_variant(&mut self, variant: &str) -> Result<(), NotCanonical> {
        self.open(b'{')?;
        self.string(variant);
        self.out.push(b':');
        Ok(())
    }

    pub(super) fn integer(&mut self, negative: bool, magnitude: u128) -> Result<(), NotCanonical> {
        let mut rest = match u64::try_from(magnitude) {
            Ok(magnitude) if magnitude <= MAX_INTEGER => magnitude,
            _ => return Err(NotCanonical::IntegerTooLarge),
        };
        if negative {
            self.out.push(b'-');
        }
        // 2^53 has 16 digits.
        let mut digits = [0; 16];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.out.extend_from_slice(&digits[at..]);
        Ok(())
    }

    /// RFC 8785 section 3.2.2.2: the short escapes, `\u00xx` for the other control characters, all else as it is.
    pub(super) fn string(&mut self, text: &str) {
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
