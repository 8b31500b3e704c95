//! Access reviews: what is reviewed, launching campaigns, deciding, closing, and what is proven of them.

pub mod evidence;
mod freeze;
mod launch;
mod write;

pub(crate) use launch::LaunchReview;
pub use launch::{Launched, launch};
pub use write::{campaign, create, edit, list, read};

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
