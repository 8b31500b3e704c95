//! The job that looks for outliers: everybody, group by group, resolved like on their own page.
//!
//! People come in the order of their groups, some hundreds at a time, and what is kept of a group is a set of numbers for
//! each thing that somebody in it has. Rows are written as a run that does not count yet, in short transactions; the last
//! one makes it count. A look that breaks off is begun again from its beginning, and until one is whole the one before
//! is shown.

use std::collections::HashMap;

use domain::id::{EntitlementId, IdentityId};
use domain::job::JobKind;
use domain::outlier::Rarity;
use domain::permission::{Action, Facts};
use domain::time::Instant;
use roaring::RoaringTreemap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::WriteTx;
use storage::outliers::{Grouped, NewOutlier};

use crate::effective::{AsOf, load};
use crate::jobs::{Ended, Job, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Result, Service, boxed};

/// People resolved at a time.
const CHUNK: i64 = 500;
/// Chunks that are read in one transaction: long enough to cost nothing, short enough not to keep the log of SQLite open.
const STRETCH: usize = 20;
/// Rows written in one transaction.
const ROWS: usize = 2_000;
/// Rows deleted in one transaction.
const SWEPT: i64 = 5_000;

/// At most one look waits or runs.
pub(super) const KEY: &str = "outliers";

/// Looks for outliers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct LookForOutliers {}

/// Asks for a look in a transaction that was begun elsewhere.
pub(super) async fn ask(tx: &mut WriteTx, cx: &Cx) -> Result<domain::id::JobId> {
    let job = NewJob::of(&LookForOutliers {})?
        .title("Look for access that few peers have")
        .once(KEY);
    enqueue(tx, cx, &job).await
}

/// The people of one department and title, and who of them has what.
#[derive(Debug, Default)]
struct Group {
    department: String,
    title: String,
    people: u64,
    having: HashMap<EntitlementId, RoaringTreemap>,
}

impl Group {
    fn of(one: &Grouped) -> Self {
        Self {
            department: one.department.clone(),
            title: one.title.clone(),
            ..Self::default()
        }
    }

    fn is_of(&self, one: &Grouped) -> bool {
        self.department == one.department && self.title == one.title
    }

    fn add(&mut self, id: IdentityId, has: impl IntoIterator<Item = EntitlementId>) {
        self.people += 1;
        if let Ok(id) = u64::try_from(id.raw()) {
            for entitlement in has {
                self.having.entry(entitlement).or_default().insert(id);
            }
        }
    }

    /// What hardly anybody of the group has, with whoever has it.
    fn outliers(&mut self) -> Vec<(EntitlementId, Rarity, RoaringTreemap)> {
        let people = self.people;
        let all = std::mem::take(&mut self.having).into_iter();
        all.filter_map(|(entitlement, having)| {
            let rarity = Rarity::of(people, having.len()).filter(|rarity| rarity.is_outlier())?;
            Some((entitlement, rarity, having))
        })
        .collect()
    }

    fn row(&self, id: u64, entitlement: EntitlementId, rarity: Rarity) -> Option<NewOutlier> {
        Some(NewOutlier {
            person: Grouped {
                department: self.department.clone(),
                title: self.title.clone(),
                id: IdentityId::from_raw(i64::try_from(id).ok()?),
            },
            entitlement,
            rarity,
        })
    }
}

impl Job for LookForOutliers {
    const KIND: JobKind = JobKind::LookForOutliers;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        cx.decide(Action::EditAccess, None, Facts::default())?;
        // What a look left behind that broke off would be taken for this one's.
        if !sweep(service, work).await? {
            return Ok(Ended::Stopped);
        }
        let mut tx = service.store.read().await?;
        let run = tx.outlier_head().await?.run + 1;
        let total = tx.count_grouped().await?;
        drop(tx);
        let mut look = Look {
            service,
            work,
            run,
            moment: service.now(),
            total,
            people: 0,
            found: 0,
            rows: Vec::new(),
        };
        if !look.everybody().await? {
            return Ok(Ended::Stopped);
        }
        let mut tx = unaudited(service).await?;
        work.keep(&mut tx).await?;
        tx.finish_outliers(run, look.moment).await?;
        tx.commit_unaudited("a look for outliers is whole; it changes nobody's access")
            .await?;
        let result = json!({ "people": look.people, "outliers": look.found });
        sweep(service, work).await?;
        Ok(Ended::Done(result))
    }
}

/// A look on its way.
struct Look<'a> {
    service: &'a Service,
    work: &'a Work,
    run: i64,
    moment: Instant,
    total: u64,
    people: u64,
    found: u64,
    rows: Vec<NewOutlier>,
}

impl Look<'_> {
    /// Goes through all groups; false when it was asked to stop.
    async fn everybody(&mut self) -> Result<bool> {
        let mut group = Group::default();
        let mut last = None;
        loop {
            let mut tx = self.service.store.read().await?;
            for _ in 0..STRETCH {
                if self.work.stopping().is_some() {
                    return Ok(false);
                }
                let some = tx.grouped_after(last.as_ref(), CHUNK).await?;
                if some.is_empty() {
                    drop(tx);
                    self.close(&mut group).await?;
                    self.write().await?;
                    return Ok(true);
                }
                let ids: Vec<IdentityId> = some.iter().map(|one| one.id).collect();
                let people = load(&mut tx, &ids, AsOf::now(self.moment)).await?;
                for one in &some {
                    if !group.is_of(one) {
                        self.close(&mut group).await?;
                        group = Group::of(one);
                    }
                    let whole = people.by_id.get(&one.id);
                    let has = whole.map(|whole| whole.entitlements(&people.graph, people.moment));
                    group.add(one.id, has.into_iter().flatten());
                }
                self.people += some.len() as u64;
                self.work.progress(self.people, Some(self.total));
                self.work.count("Found", self.found);
                last = some.into_iter().last();
            }
        }
    }

    /// A group is through: what is rare in it is written.
    async fn close(&mut self, group: &mut Group) -> Result<()> {
        for (entitlement, rarity, having) in group.outliers() {
            for id in having {
                self.rows.extend(group.row(id, entitlement, rarity));
                if self.rows.len() >= ROWS {
                    self.write().await?;
                }
            }
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        let mut tx = unaudited(self.service).await?;
        self.work.keep(&mut tx).await?;
        tx.insert_outliers(self.run, &rows).await?;
        tx.commit_unaudited("outliers of a look that does not count yet")
            .await?;
        self.found += rows.len() as u64;
        Ok(())
    }
}

/// Deletes what does not count; false when it was asked to stop.
async fn sweep(service: &Service, work: &Work) -> Result<bool> {
    while work.stopping().is_none() {
        let mut tx = unaudited(service).await?;
        work.keep(&mut tx).await?;
        let swept = tx.sweep_outliers(SWEPT).await?;
        tx.commit_unaudited("outliers of looks that do not count")
            .await?;
        if swept == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[boxed]
async fn unaudited(service: &Service) -> Result<WriteTx> {
    Ok(service
        .store
        .write(service.now(), service.entropy.clone())
        .await?)
}
