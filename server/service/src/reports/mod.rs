//! Reports: how access, reviews and requests went over time, and what is there for the controls of standards and laws.
//!
//! What would have to be counted over everything is counted once a day by the housekeeping and kept; what campaigns and requests
//! came to is summed up when it is asked for.

mod campaigns;
mod controls;
mod count;
mod files;
mod times;

pub use campaigns::{Came, OfPersons};
pub use controls::{Line, Proof};
pub(crate) use count::ensure_counted;
pub use domain::report::File;
pub use files::file;
pub use times::Times;

use std::collections::BTreeMap;

use domain::finding::Finding;
use domain::permission::{Action, Facts};
use domain::report::Measure;
use domain::time::Date;

use crate::reviews::zone;
use crate::{Cx, Result, Service, boxed};

/// Campaigns shown, the newest.
const CAMPAIGNS: usize = 24;
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

/// All reports.
#[derive(Debug, Clone)]
pub struct Reports {
    /// Today.
    pub today: Date,
    /// The counts of each day, the oldest first.
    pub days: Vec<Counted>,
    /// The campaigns that are not about one person only, the newest first.
    pub campaigns: Vec<Came>,
    /// Whether there are older ones, which are not among them.
    pub campaigns_cut: bool,
    /// The campaigns about one person only.
    pub of_persons: OfPersons,
    /// Items that wait in open campaigns of any kind whose time is over.
    pub overdue_items: u64,
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
    let result = carry_out(service, cx, CAMPAIGNS).await;
    service.noted(cx, result).await
}

/// With so many campaigns at most.
async fn carry_out(service: &Service, cx: &Cx, most: usize) -> Result<Reports> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let now = service.now();
    let mut tx = service.store.read().await?;
    let zone = zone(&mut tx).await?;
    let today = now.day(&zone);
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
    let (newest, campaigns_cut) = campaigns::newest(&mut tx, most).await?;
    let of_persons = campaigns::of_persons(&mut tx, now).await?;
    let revoked = campaigns::revoked(&mut tx, now).await?;
    let overdue_items = tx.overdue_items(now).await?;
    let requests = times::requests(&mut tx, now, &zone).await?;
    let signed = tx.latest_checkpoint().await?;
    let controls = controls::lines(days.last(), revoked, signed.as_ref());
    Ok(Reports {
        today,
        days,
        campaigns: newest,
        campaigns_cut,
        of_persons,
        overdue_items,
        requests,
        controls,
    })
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
