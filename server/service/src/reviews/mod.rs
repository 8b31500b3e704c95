//! Access reviews: what people decide on who has what, and how what they revoke is really gone.

mod close;

pub(crate) use close::{CarryOutReview, acknowledged, ensure_carried_out, verify};
pub use close::{
    Closed, ItemRow, Passed, PendingPage, Progress, ReviewerRow, ToPass, cancel, close, extend,
    pending, progress, reassign, remind, restore,
};
