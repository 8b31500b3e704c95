//! How long decisions took.

use std::collections::BTreeMap;

use domain::review::Campaign;
use domain::time::{DAY, HOUR, Instant};
use jiff::tz::TimeZone;
use storage::ReadTx;
use storage::reports::Submission;

use crate::Result;

/// Requests looked at, the latest.
const MOST: i64 = 20_000;
/// For how long back.
const BACK: i64 = 366 * DAY;

/// How long requests of a month took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// The month in which they came to their end, such as `2026-11`.
    pub month: String,
    /// How many.
    pub count: u64,
    /// Half of them took at most so many minutes.
    pub median_minutes: u64,
}

fn minutes(from: Instant, to: Instant) -> u64 {
    u64::try_from((to.micros() - from.micros()) / (HOUR / 60)).unwrap_or(0)
}

/// The times of requests by month, the oldest first.
pub(super) async fn requests(tx: &mut ReadTx, now: Instant, zone: &TimeZone) -> Result<Vec<Times>> {
    let mut months: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (created, ended) in tx.request_times(now.plus(-BACK), MOST).await? {
        let day = ended.day(zone).to_string();
        let month = day.get(..7).unwrap_or(&day).to_owned();
        months
            .entry(month)
            .or_default()
            .push(minutes(created, ended));
    }
    let times = months.into_iter().map(|(month, mut all)| {
        all.sort_unstable();
        Times {
            month,
            count: all.len() as u64,
            median_minutes: all.get((all.len() - 1) / 2).copied().unwrap_or(0),
        }
    });
    Ok(times.collect())
}

/// After how many hours half of the decisions of a campaign were submitted, of those that were; these are in their order.
pub(super) fn median_of(campaign: &Campaign, submissions: &[Submission]) -> Option<u64> {
    let all: i64 = submissions.iter().map(|one| one.decisions).sum();
    let mut so_far = 0;
    for one in submissions {
        so_far += one.decisions;
        if 2 * so_far >= all {
            return Some(minutes(campaign.content.frozen, one.at) / 60);
        }
    }
    None
}
