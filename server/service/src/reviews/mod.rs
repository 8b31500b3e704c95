//! Access reviews: what is reviewed, launching campaigns, deciding, closing, and what is proven of them.

mod close;
mod decide;
pub mod evidence;
mod form;
mod freeze;
mod launch;
mod preview;
pub(crate) mod trees;
mod write;

pub(crate) use close::{CarryOutReview, acknowledged, ensure_carried_out, verify};
pub use close::{
    Closed, ItemRow, Passed, PendingPage, Progress, ReviewerRow, ToPass, cancel, close, extend,
    may_run, pending, progress, reassign, remind, restore,
};
pub use decide::{
    Asked, Counted, Draft, Grouping, KeptTogether, Left, OpenPile, Pile, PileGroup, PileItem,
    Receipt, Spoken, Submitted, Summary, Went, keep_unflagged, open_piles, pile, receipt, stage,
    submit, summary, unstage,
};
pub use form::{ReviewForm, ScopeForm, StageForm};
pub(crate) use launch::LaunchReview;
pub use launch::{Launched, launch};
pub use preview::{Preview, Share, preview, sentences};
pub use write::{campaign, create, define, edit, list, may_define, read};

use jiff::tz::TimeZone;
use storage::ReadTx;

use crate::Result;

/// The organisation's time zone.
async fn zone(tx: &mut ReadTx) -> Result<TimeZone> {
    Ok(match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    })
}
