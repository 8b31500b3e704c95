//! The short hash of each line of a text, for parts that are in no tree.
//!
//! They only say where a part differs; that it differs at all is found by its whole hash. Eight bytes are enough for that.

use sha2::{Digest, Sha256};

/// The first bytes of the SHA-256 of a line with its line feed.
pub(super) type Short = [u8; 8];

/// Hashes lines from bytes that come in pieces.
#[derive(Debug, Default)]
pub(super) struct LineHashes {
    line: Sha256,
    open: bool,
}

impl LineHashes {
    /// Takes some bytes, and hands out the hash of each line that ended in them.
    pub(super) fn feed(&mut self, mut bytes: &[u8], mut each: impl FnMut(Short)) {
        while let Some(at) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(at + 1);
            self.line.update(line);
            each(self.take());
            bytes = rest;
        }
        if !bytes.is_empty() {
            self.line.update(bytes);
            self.open = true;
        }
    }

    /// The hash of a last line without line feed, if there is one.
    pub(super) fn last(&mut self) -> Option<Short> {
        self.open.then(|| self.take())
    }

    fn take(&mut self) -> Short {
        self.open = false;
        let hash: [u8; 32] = self.line.finalize_reset().into();
        let (short, _) = hash
            .split_first_chunk()
            .expect("invariant: SHA-256 has 32 bytes");
        *short
    }
}
