//! Long work that goes on beside the pages: asking for it, following it, stopping it, and what a worker needs.
//!
//! A job is its payload type (see [`Job`]). It is asked for in the transaction of the act that needs it, carried out by a
//! worker under a lease, and begun again when a worker is not heard of: so whatever it does, doing it again is harmless.

mod act;
mod cx;
mod enqueue;
mod handlers;
mod lease;
mod read;
mod watch;
mod work;

pub use act::{cancel, pause, resume};
pub use cx::cx_of;
pub use domain::job::{JobKind, JobState, JobWish, Pace};
pub use enqueue::{NewJob, enqueue};
pub use handlers::{Ended, Handlers, Job, handlers};
pub(crate) use lease::passing;
pub use lease::{LEASE, beat, claim, settle};
pub use read::{FILE_PIECE, JobView, JobsPage, May, file, file_piece, list, problems, read};
pub use storage::jobs::{JobFile, JobProblem, JobRow, Lease};
pub(crate) use watch::{ensure_timers, hindered};
pub use work::{Stop, Work};
