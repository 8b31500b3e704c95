//! What a use case answers when it does not do what was asked.

use domain::field::FieldErrors;
use domain::id::ObjectRef;
use domain::lifecycle::InvalidTransition;
use domain::permission::{Action, Denied};
use domain::time::Instant;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is wrong; nothing was changed.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// There is nothing with this id, or the actor may not know of it.
    #[error("there is nothing here")]
    NotFound,
    /// Not permitted.
    #[error("{denied}")]
    Denied {
        /// Why.
        denied: Denied,
        /// What was attempted.
        action: Action,
        /// On what.
        object: Option<ObjectRef>,
    },
    /// Somebody else changed the object since the form was opened.
    #[error("somebody else changed this meanwhile")]
    Conflict,
    /// The object's state does not allow this.
    #[error("{0}")]
    State(#[from] InvalidTransition),
    /// A rule of the product forbids this; the sentence says which and what to do.
    #[error("{0}")]
    Refused(String),
    /// This very form was carried out before; the object it led to.
    #[error("this was done already")]
    AlreadyDone(String),
    /// Too many attempts.
    #[error("too many attempts")]
    Throttled {
        /// When to try again.
        until: Instant,
    },
    /// Name or password is wrong; deliberately not said which.
    #[error("username or password is wrong")]
    WrongPassword,
    /// Too much work waits already.
    #[error("the server is busy")]
    Busy,
    /// More rows than a file may have.
    #[error("too many rows")]
    TooMany {
        /// At most.
        most: u64,
    },
    /// The database or the machine failed.
    #[error("{0}")]
    Storage(storage::Error),
    /// Something that cannot happen did.
    #[error("{0}")]
    Internal(String),
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Stale => Self::Conflict,
            storage::Error::NotFound => Self::NotFound,
            other => Self::Storage(other),
        }
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
