//! What to propose to whoever decides on access: learnt from past decisions as a job, told with its reasons, never chosen
//! for anybody.
//!
//! What was learnt is one row of the database and is kept in memory until there is a newer one. Whether a reader may know
//! of a pair is for the caller to decide, where it is not decided here: a proposal tells of what was decided on others.

mod gather;
mod holdings;
mod job;
mod kept;
mod learn;
mod named;
mod propose;
mod subject;

pub use domain::proposal::{Lean, Proposal};
pub use job::learn_again;
pub(crate) use job::{LearnProposals, ensure_learnt};
pub(crate) use kept::LastLearnt;
pub use named::{NamedPair, known, pairs};
pub(crate) use propose::{Seen, propose_seen};
pub use propose::{propose, propose_anew, propose_in};
pub use storage::proposals::BasisHead;
