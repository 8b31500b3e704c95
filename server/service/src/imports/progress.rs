//! How far an import is, for whoever watches, the wish to stop it, and why it does not go on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::source::FileKind;

use crate::Error;

/// Where an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The file that is worked on.
    pub kind: FileKind,
    /// Bytes of all files that were gone through, out of `total`.
    pub done: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Problems found so far.
    pub problems: u64,
}

type Watch = Box<dyn Fn(Step) + Send + Sync>;

/// Who watches an import, and whether it shall stop at the next safe place.
pub struct Progress {
    watch: Watch,
    stop: Arc<AtomicBool>,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}

impl Progress {
    /// Calls `watch` after each part; stops once `stop` is true.
    pub fn new(watch: impl Fn(Step) + Send + Sync + 'static, stop: Arc<AtomicBool>) -> Self {
        Self {
            watch: Box::new(watch),
            stop,
        }
    }

    /// Nobody watches and nobody stops it.
    pub fn silent() -> Self {
        Self::new(|_| {}, Arc::default())
    }

    pub(super) fn report(&self, step: Step) {
        (self.watch)(step);
    }

    /// [`Halt::Stopped`] when somebody wants it to stop.
    pub(super) fn go_on(&self) -> Result<(), Halt> {
        if self.stop.load(Ordering::Relaxed) {
            Err(Halt::Stopped)
        } else {
            Ok(())
        }
    }
}

/// Why an import does not go on.
#[derive(Debug)]
pub(super) enum Halt {
    /// Somebody wants it to stop; it can go on later.
    Stopped,
    /// Another worker has the run.
    Held,
    /// Somebody decided meanwhile about what was read: it must be read and compared anew.
    Overtaken,
    /// The files cannot be taken; the sentence says why and what to do.
    Refused(String),
    /// The database or the machine failed.
    Failed(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(sentence) => Self::Refused(sentence),
            other => Self::Failed(other),
        }
    }
}

impl From<storage::Error> for Halt {
    fn from(error: storage::Error) -> Self {
        Self::Failed(error.into())
    }
}
