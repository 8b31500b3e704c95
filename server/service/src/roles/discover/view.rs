//! Searches and proposals as their pages show them.

use domain::discovered::DiscoveryState;
use domain::id::DiscoveryId;
use domain::permission::{Action, Facts};
use storage::discoveries::{Discovery, Narrowed, ProposedRow, Sums};

use super::{known, permitted};
use crate::jobs::{self, JobView};
use crate::{Cx, Error, Result, Service, boxed};

/// Searches of a page.
const PAGE: usize = 25;
/// Proposed roles of a page.
pub const PROPOSAL_PAGE: usize = 50;
/// The largest roles of which is told how much they give together.
const LARGEST: u64 = 20;

/// A page of searches.
#[derive(Debug, Clone)]
pub struct DiscoveriesPage {
    /// The newest first.
    pub rows: Vec<Discovery>,
    /// Below which the next page begins.
    pub next: Option<DiscoveryId>,
}

/// How much the largest roles give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Largest {
    /// How many roles these are.
    pub roles: u64,
    /// Grants that they give together.
    pub covered: u64,
}

/// A search with a page of what it proposes.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The search.
    pub discovery: Discovery,
    /// Its job, while there is nothing found, for those who may see it.
    pub job: Option<JobView>,
    /// What it holds in all.
    pub sums: Sums,
    /// What the largest of many roles give together.
    pub largest: Option<Largest>,
    /// Roles, those that give the most first.
    pub rows: Vec<ProposedRow>,
    /// After which number the next page begins.
    pub next: Option<i64>,
}

/// Earlier searches, the newest first.
#[boxed]
pub async fn discoveries(
    service: &Service,
    cx: &Cx,
    below: Option<DiscoveryId>,
) -> Result<DiscoveriesPage> {
    service.noted(cx, permitted(cx).map(drop)).await?;
    let mut tx = service.store.read().await?;
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = tx.discoveries(below, most).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| last.id);
    Ok(DiscoveriesPage { rows, next })
}

/// A search with the roles it proposes after a number.
#[boxed]
pub async fn proposal(
    service: &Service,
    cx: &Cx,
    id: DiscoveryId,
    narrowed: Narrowed,
    after: i64,
) -> Result<Proposal> {
    service.noted(cx, permitted(cx).map(drop)).await?;
    let mut tx = service.store.read().await?;
    let discovery = known(&mut tx, id).await?;
    if discovery.state != DiscoveryState::Found {
        drop(tx);
        return Ok(Proposal {
            job: job(service, cx, &discovery).await?,
            discovery,
            sums: Sums::default(),
            largest: None,
            rows: Vec::new(),
            next: None,
        });
    }
    let most = i64::try_from(PROPOSAL_PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = tx.proposed_roles(id, narrowed, after, most).await?;
    let more = rows.len() > PROPOSAL_PAGE;
    rows.truncate(PROPOSAL_PAGE);
    let mut largest = None;
    if discovery.totals.roles > LARGEST {
        let before = i64::try_from(LARGEST - 1).unwrap_or(0);
        let last = tx.proposed_roles(id, Narrowed::All, before, 1).await?.pop();
        largest = last.map(|last| Largest {
            roles: LARGEST,
            covered: last.covered,
        });
    }
    Ok(Proposal {
        sums: tx.proposed_sums(id).await?,
        job: None,
        largest,
        next: rows.last().filter(|_| more).map(|last| last.number),
        rows,
        discovery,
    })
}

/// Some roles of a proposal by their numbers; unknown ones are left out.
#[boxed]
pub async fn some_of(
    service: &Service,
    cx: &Cx,
    id: DiscoveryId,
    numbers: &[i64],
) -> Result<(Discovery, Vec<ProposedRow>)> {
    service.noted(cx, permitted(cx).map(drop)).await?;
    let mut tx = service.store.read().await?;
    let discovery = known(&mut tx, id).await?;
    let mut rows = Vec::with_capacity(numbers.len());
    if discovery.state == DiscoveryState::Found {
        for number in numbers {
            let found = tx.proposed_roles(id, Narrowed::All, number.saturating_sub(1), 1);
            rows.extend(found.await?.into_iter().filter(|row| row.number == *number));
        }
    }
    Ok((discovery, rows))
}

/// The job of a search, for those who may see jobs of others or asked for it themselves.
async fn job(service: &Service, cx: &Cx, discovery: &Discovery) -> Result<Option<JobView>> {
    let owner = discovery.created_by.as_ref().map(|(id, _)| *id);
    let facts = Facts {
        is_owner: owner.is_some() && owner == cx.me(),
        ..Facts::default()
    };
    let object = Some(discovery.job.into());
    if cx.decide(Action::ReadJob, object, facts).is_err() {
        return Ok(None);
    }
    match jobs::read(service, cx, discovery.job).await {
        Ok(view) => Ok(Some(view)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
