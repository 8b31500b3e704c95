//! Access reviews: what is reviewed, launching campaigns, deciding, closing, and what is proven of them.

pub mod evidence;
mod form;
mod freeze;
mod launch;
mod write;

pub use form::{ReviewForm, ScopeForm, StageForm};
pub(crate) use launch::LaunchReview;
pub use launch::{Launched, launch};
pub use write::{campaign, create, define, edit, list, read};

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
