//! Reports: how access, reviews and requests went over time, and what is there for the controls of standards and laws.
//!
//! What would have to be counted over everything is counted once a day by the housekeeping and kept; what campaigns and requests
//! came to is summed up when it is asked for.

mod controls;
mod count;
mod files;
mod times;

pub use controls::{Line, Proof};
pub(crate) use count::ensure_counted;
pub use domain::report::File;
pub use files::file;
pub use times::Times;

use std::collections::BTreeMap;

use domain::finding::Finding;
use domain::permission::{Action, Facts};
use domain::report::Measure;
use domain::review::{Campaign, CampaignState, RemedyState};
use domain::time::Date;
use jiff::tz::TimeZone;
use storage::ReadTx;
use storage::reports::CampaignSums;

use crate::{Cx, Result, Service, boxed};

/// Campaigns shown, the newest.
const CAMPAIGNS: i64 = 24;
/// Days shown.
const DAYS: i32 = 366;

/// What was counted on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub day: Date,
    /// The counts.
    pub counts: BTreeMap<Measure, u64>,
}

impl Counted {
    /// A count; none when it was not counted on this day.
    pub fn get(&self, measure: Measure) -> Option<u64> {
        self.counts.get(&measure).copied()
    }
}

/// A campaign and what came of it.
#[derive(Debug, Clone)]
pub struct Came {
    /// Which.
    pub campaign: Campaign,
    /// Kept, revoked and changed by people.
    pub kept: u64,
    /// Revoked by people.
    pub revoked: u64,
    /// Changed by people.
    pub changed: u64,
    /// What nobody answered, or is open.
    pub open: u64,
    /// Revocations, and how many of them are really gone.
    pub revocations: u64,
    /// Really gone.
    pub gone: u64,
    /// Half of the decisions were there after so many hours; none before the first.
    pub median_hours: Option<u64>,
}

impl Came {
    /// Whether it is past its time.
    pub fn overdue(&self, now: domain::time::Instant) -> bool {
        self.campaign.content.state == CampaignState::Open && self.campaign.content.due < now
    }
}

/// All reports.
#[derive(Debug, Clone)]
pub struct Reports {
    /// Today.
    pub today: Date,
    /// The counts of each day, the oldest first.
    pub days: Vec<Counted>,
    /// The campaigns, the newest first.
    pub campaigns: Vec<Came>,
    /// How long requests took, by month, the oldest first.
    pub requests: Vec<Times>,
    /// The controls.
    pub controls: Vec<Line>,
}

impl Reports {
    /// What was counted last.
    pub fn latest(&self) -> Option<&Counted> {
        self.days.last()
    }
}

/// Everything that reports say, for those who see all access.
#[boxed]
pub async fn read(service: &Service, cx: &Cx) -> Result<Reports> {
    let result = carry_out(service, cx).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx) -> Result<Reports> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let zone = zone(&mut tx).await?;
    let today = service.now().day(&zone);
    let mut days: Vec<Counted> = Vec::new();
    for (day, measure, value) in tx.report_days(today.plus_days(-DAYS)).await? {
        if days.last().is_none_or(|last| last.day != day) {
            days.push(Counted {
                day,
                counts: BTreeMap::new(),
            });
        }
        if let Some(last) = days.last_mut() {
            last.counts.insert(measure, value);
        }
    }
    let campaigns = campaigns(&mut tx).await?;
    let requests = times::requests(&mut tx, service.now(), &zone).await?;
    let signed = tx.latest_checkpoint().await?;
    let controls = controls::lines(days.last(), &campaigns, signed.as_ref());
    Ok(Reports {
        today,
        days,
        campaigns,
        requests,
        controls,
    })
}

async fn zone(tx: &mut ReadTx) -> Result<TimeZone> {
    Ok(match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    })
}

async fn campaigns(tx: &mut ReadTx) -> Result<Vec<Came>> {
    let found: Vec<Campaign> = tx
        .campaigns(None, None, CAMPAIGNS)
        .await?
        .into_iter()
        .filter(|one| one.content.population.all > 0)
        .collect();
    let ids: Vec<_> = found.iter().map(|one| one.id).collect();
    let sums: BTreeMap<_, CampaignSums> = tx
        .campaign_sums(&ids)
        .await?
        .into_iter()
        .map(|one| (one.campaign(), one))
        .collect();
    let submissions = tx.submissions_by_people(&ids).await?;
    let mut all = Vec::with_capacity(found.len());
    for campaign in found {
        let sum = sums.get(&campaign.id).copied().unwrap_or_default();
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let (mut revocations, mut gone) = (0, 0);
        for (state, number, _) in tx.count_remedies(campaign.id).await? {
            if state != RemedyState::Restored {
                revocations += number;
            }
            if matches!(state, RemedyState::Verified | RemedyState::Gone) {
                gone += number;
            }
        }
        let (kept, revoked, changed) = (count(sum.kept), count(sum.revoked), count(sum.changed));
        let decided = kept + revoked + changed;
        all.push(Came {
            open: campaign.content.population.included.saturating_sub(decided),
            median_hours: times::median_of(&campaign, &submissions),
            campaign,
            kept,
            revoked,
            changed,
            revocations,
            gone,
        });
    }
    Ok(all)
}

/// The measure that a finding's count is kept as.
const fn measure_of(finding: Finding) -> Option<Measure> {
    match finding {
        Finding::EndedWithAccess => Some(Measure::Leavers),
        Finding::OrphanAccount => Some(Measure::Orphans),
        Finding::Dormant => Some(Measure::Dormant),
        _ => None,
    }
}
