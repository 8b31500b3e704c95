//! How many people gained and lost what between two moments, in an application or in the whole organisation. Everybody of
//! whom it may be so is resolved at both moments, so there is a limit of how many that are.

use std::collections::BTreeMap;

use domain::id::{ApplicationId, EntitlementId};
use domain::permission::{Action, Facts};
use domain::time::Instant;
use storage::ReadTx;

use super::Span;
use super::concerned::{Pair, concerned, ids};
use super::named::{NamedEntitlement, names_of};
use crate::applications::{self, ApplicationDetail};
use crate::{Cx, Result, Service, boxed};

/// People looked at; more are refused.
const MOST: u64 = 20_000;

/// People resolved at a time.
const AT_ONCE: usize = 500;

/// How many people gained and lost an entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What.
    pub entitlement: NamedEntitlement,
    /// So many gained it.
    pub gained: u64,
    /// So many lost it.
    pub lost: u64,
}

/// What changed between two moments, counted.
#[derive(Debug, Clone)]
pub struct Sums {
    /// The moments.
    pub span: Span,
    /// People who gained or lost anything.
    pub people: u64,
    /// By application and name; those that nobody gained or lost are left out.
    pub entitlements: Vec<Moved>,
}

impl Sums {
    /// How often something was gained.
    pub fn gained(&self) -> u64 {
        self.entitlements.iter().map(|moved| moved.gained).sum()
    }

    /// How often something was lost.
    pub fn lost(&self) -> u64 {
        self.entitlements.iter().map(|moved| moved.lost).sum()
    }

    /// The same by application, in the order of names.
    pub fn applications(&self) -> Vec<&[Moved]> {
        let same = |one: &Moved, other: &Moved| {
            one.entitlement.application == other.entitlement.application
        };
        self.entitlements.chunk_by(same).collect()
    }
}

/// How many people gained and lost what of an application between two moments; none is the present.
#[boxed]
pub async fn application_between(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    from: Option<Instant>,
    to: Option<Instant>,
) -> Result<(ApplicationDetail, Sums)> {
    let application = applications::read(service, cx, id).await?;
    let span = Span::of(from, to, service.now())?;
    let mut tx = service.store.read().await?;
    let of = tx.entitlements_of(id).await?;
    let sums = sums(&mut tx, span, Some(&of)).await?;
    Ok((application, sums))
}

/// How many people gained and lost what between two moments, for those who see all access.
#[boxed]
pub async fn organisation_between(
    service: &Service,
    cx: &Cx,
    from: Option<Instant>,
    to: Option<Instant>,
) -> Result<Sums> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let span = Span::of(from, to, service.now())?;
    let mut tx = service.store.read().await?;
    sums(&mut tx, span, None).await
}

async fn sums(tx: &mut ReadTx, span: Span, of: Option<&[EntitlementId]>) -> Result<Sums> {
    let pair = Pair::read(tx, span).await?;
    let all = ids(&concerned(tx, &pair, of, MOST).await?);
    let asked = |id: &EntitlementId| of.is_none_or(|of| of.binary_search(id).is_ok());
    let (mut people, mut counts) = (0, BTreeMap::<EntitlementId, (u64, u64)>::new());
    for some in all.chunks(AT_ONCE) {
        let (before, after) = pair.load(tx, some).await?;
        for id in some {
            let of = |all: &super::load::People| {
                let whole = all.by_id.get(id);
                whole.map(|whole| whole.entitlements(&all.graph, all.moment))
            };
            let (had, has) = (
                of(&before).unwrap_or_default(),
                of(&after).unwrap_or_default(),
            );
            let mut moved = false;
            for entitlement in had.symmetric_difference(&has).filter(|id| asked(id)) {
                let count = counts.entry(*entitlement).or_default();
                if has.contains(entitlement) {
                    count.0 += 1;
                } else {
                    count.1 += 1;
                }
                moved = true;
            }
            people += u64::from(moved);
        }
    }
    let ids: Vec<EntitlementId> = counts.keys().copied().collect();
    let names = names_of(tx, &ids).await?;
    let moved = names.into_iter().filter_map(|(id, entitlement)| {
        let (gained, lost) = *counts.get(&id)?;
        Some(Moved {
            entitlement,
            gained,
            lost,
        })
    });
    let mut entitlements: Vec<Moved> = moved.collect();
    entitlements.sort_by_cached_key(|moved| moved.entitlement.order());
    Ok(Sums {
        span,
        people,
        entitlements,
    })
}
