//! Verifying a pack that somebody sends, for browsers that do not run the verifier themselves.
//!
//! Nothing of the pack is kept: it lies in a file without a name, which is gone with the answer. Nothing is recorded either,
//! because nothing of this console is read.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use proof::checkpoint::VerifyingKey;
use proof::pack::{PackError, Verified, verify};
use tokio::sync::Semaphore;

use crate::people::list_guard;
use crate::{Cx, Error, Result, Service};

/// Largest pack that is taken, in bytes: some 500,000 items. Larger ones are verified in the browser or at the command line.
pub const LARGEST_PACK: u64 = 64 * 1024 * 1024;
/// Packs verified at the same time: one is held in memory while it is.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What was found.
#[derive(Debug)]
pub enum Checked {
    /// Everything holds.
    Holds(Box<Verified>),
    /// The first thing that does not.
    Refused(PackError),
    /// A line that was given as a key is none.
    NoKey(String),
}

/// A pack that is on its way.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    bytes: u64,
}

impl Incoming {
    /// Begins to take one, from whoever is signed in.
    pub fn begin(cx: &Cx) -> Result<Self> {
        list_guard(cx)?;
        Ok(Self {
            file: tempfile::tempfile().map_err(broken)?,
            bytes: 0,
        })
    }

    /// Takes the next piece. False when the pack is too large; then it is not taken any further.
    pub fn push(&mut self, piece: &[u8]) -> Result<bool> {
        self.bytes += piece.len() as u64;
        if self.bytes > LARGEST_PACK {
            return Ok(false);
        }
        self.file.write_all(piece).map_err(broken)?;
        Ok(true)
    }

    /// Verifies it against public keys, one a line; without any, the pack's own are taken, and a warning says so.
    pub async fn check(mut self, keys: &str) -> Result<Checked> {
        let mut trusted: Vec<VerifyingKey> = Vec::new();
        for line in keys.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.parse() {
                Ok(key) => trusted.push(key),
                Err(_) => return Ok(Checked::NoKey(line.to_owned())),
            }
        }
        let turn = AT_ONCE.acquire().await;
        let turn = turn.map_err(|error| Error::Internal(error.to_string()))?;
        let checked = tokio::task::spawn_blocking(move || {
            let mut pack = Vec::with_capacity(usize::try_from(self.bytes).unwrap_or(0));
            self.file.seek(SeekFrom::Start(0))?;
            self.file.read_to_end(&mut pack)?;
            Ok(match verify(&pack, &trusted) {
                Ok(verified) => Checked::Holds(Box::new(verified)),
                Err(refused) => Checked::Refused(refused),
            })
        });
        let checked = checked.await;
        drop(turn);
        checked
            .map_err(|error| Error::Internal(error.to_string()))?
            .map_err(broken)
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::Internal(format!(
        "an evidence pack that is to be verified cannot be kept: {error}"
    ))
}

impl Service {
    /// The public key with which the packs of this console are verified.
    pub fn log_key(&self) -> String {
        self.signer.verifying_key().to_string()
    }
}
