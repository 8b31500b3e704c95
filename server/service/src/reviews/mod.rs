//! Access reviews: what is reviewed, launching campaigns, deciding, closing, and what is proven of them.

mod assign;
mod close;
mod decide;
pub mod evidence;
mod form;
mod freeze;
pub mod inspect;
mod launch;
mod meant;
mod offers;
mod person;
mod preview;
mod sentences;
mod sign;
pub(crate) mod standings;
mod templates;
mod time;
pub(crate) mod trees;
mod typed;
mod write;

pub use close::{
    ApplicationRow, Closed, ItemRow, ItemState, ItemsPage, ListedItem, Passed, PendingPage,
    Progress, ReviewerRow, ToPass, Which, cancel, close, extend, items, may_run, pending, progress,
    reassign, remind, restore,
};
pub(crate) use close::{CarryOutReview, acknowledged, verify};
pub use decide::{
    AboutItem, AboutPerson, Asked, Counted, Draft, Grouping, KeptTogether, Left, OpenPile, Pile,
    PileGroup, PileItem, Receipt, Replacements, Smaller, Spoken, Submitted, Summary, Went,
    keep_unflagged, of_person, open_piles, pile, receipt, replacements, stage, submit, summary,
    unstage,
};
pub use form::{ReviewForm, ScopeForm, StageForm};
pub(crate) use launch::LaunchReview;
pub use launch::{Launched, launch};
pub use offers::Offer;
pub use person::review_person;
pub use preview::{Preview, Share, preview, read_form};
pub use sentences::sentences;
pub use sign::{SignOff, may_sign, sign, sign_off};
pub use templates::Template;
pub(crate) use time::keep_time;
pub use time::{Turns, turns};
pub use typed::form_of;
pub use write::{
    campaign, change, create, define, define_or_change, edit, end, list, may_define, read,
};

use jiff::tz::TimeZone;
use storage::ReadTx;

use crate::{Result, Service};

/// What reviews do every minute: what was revoked ends when its time has come, and whoever moved is reviewed where that is
/// said.
pub(crate) async fn ensure_carried_out(service: &Service) -> Result<()> {
    close::ensure_carried_out(service).await?;
    person::review_movers(service).await
}

/// The organisation's time zone.
pub(crate) async fn zone(tx: &mut ReadTx) -> Result<TimeZone> {
    Ok(match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    })
}
