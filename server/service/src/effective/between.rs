//! What changed between two moments: for a person what they gained and lost, for an entitlement who did. Both sides are
//! resolved in full, so whatever the reason was (an assignment, a role, a rule, a last day), it is there.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{EntitlementId, IdentityId};
use domain::time::Instant;

use super::Span;
use super::concerned::{Pair, concerned};
use super::holders::{Holder, Scope, holders};
use super::load::load;
use super::named::{Names, Wanted};
use super::person::Line;
use super::side::Side;
use crate::entitlements::{self, EntitlementDetail};
use crate::people::{self, Person};
use crate::{Cx, Result, Service, boxed};

/// What of a person's access changed; each list by application and name.
#[derive(Debug, Clone)]
pub struct Between {
    /// The moments.
    pub span: Span,
    /// What they have at the later one only, with how they have it then.
    pub gained: Vec<Line>,
    /// What they have at the earlier one only, with how they had it.
    pub lost: Vec<Line>,
    /// How much they have at both.
    pub kept: usize,
}

/// Somebody who gained or lost something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mover {
    /// Who, and how at the moment at which they have it.
    pub holder: Holder,
    /// Whether they gained it.
    pub gained: bool,
}

/// A page of people who gained or lost an entitlement, in the order of ids.
#[derive(Debug, Clone)]
pub struct MoversPage {
    /// The moments.
    pub span: Span,
    /// Who.
    pub rows: Vec<Mover>,
    /// Where the next page begins, when there may be more.
    pub next: Option<IdentityId>,
}

/// Rows of a page.
const PAGE: usize = 50;

/// People looked at for one part of a page.
const PART: usize = 200;

/// People looked at for one page; with more of them the page ends early, and the next one goes on.
const MOST_LOOKED_AT: usize = 5_000;

/// What a person gained and lost between two moments; none is the present.
#[boxed]
pub async fn person_between(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    from: Option<Instant>,
    to: Option<Instant>,
) -> Result<(Person, Between)> {
    let person = people::read(service, cx, id).await?;
    let span = Span::of(from, to, service.now())?;
    let mut tx = service.store.read().await?;
    let before = load(&mut tx, &[id], span.from).await?;
    let after = load(&mut tx, &[id], span.to).await?;
    let (then, later) = (Side::of(&before, id), Side::of(&after, id));
    let (had, has) = (then.entitlements(), later.entitlements());
    let (gained, lost): (BTreeSet<EntitlementId>, _) = (&has - &had, &had - &has);
    let mut wanted = Wanted::default();
    later.want(&mut wanted, &gained);
    then.want(&mut wanted, &lost);
    let names = Names::read(&mut tx, wanted).await?;
    let between = Between {
        span,
        gained: later.lines(&gained, &names),
        lost: then.lines(&lost, &names),
        kept: had.intersection(&has).count(),
    };
    Ok((person, between))
}

/// Who gained and who lost an entitlement between two moments, after a person in the order of ids.
#[boxed]
pub async fn entitlement_between(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    (from, to): (Option<Instant>, Option<Instant>),
    after: Option<IdentityId>,
) -> Result<(EntitlementDetail, MoversPage)> {
    let entitlement = entitlements::read(service, cx, id).await?;
    let span = Span::of(from, to, service.now())?;
    let mut tx = service.store.read().await?;
    let pair = Pair::read(&mut tx, span).await?;
    let all = concerned(&mut tx, &pair, Some(&[id]), u64::MAX).await?;
    let after = after.map_or(0, IdentityId::raw);
    let all = super::concerned::ids(&all);
    let rest = &all[all.partition_point(|id| id.raw() <= after)..];
    let scope = Scope::Entitlement(id);
    let (mut rows, mut next) = (Vec::new(), None);
    for (index, part) in rest.chunks(PART).enumerate() {
        let (before, after) = pair.load(&mut tx, part).await?;
        let mut had = by_id(holders(&mut tx, &before, scope).await?);
        let mut has = by_id(holders(&mut tx, &after, scope).await?);
        rows.extend(part.iter().filter_map(|id| {
            let (holder, gained) = match (had.remove(id), has.remove(id)) {
                (None, Some(holder)) => (holder, true),
                (Some(holder), None) => (holder, false),
                _ => return None,
            };
            Some(Mover { holder, gained })
        }));
        if rows.len() > PAGE {
            rows.truncate(PAGE);
            next = rows.last().map(|mover: &Mover| mover.holder.id);
            break;
        }
        let looked_at = (index + 1) * PART;
        if looked_at >= MOST_LOOKED_AT && looked_at < rest.len() {
            next = part.last().copied();
            break;
        }
    }
    Ok((entitlement, MoversPage { span, rows, next }))
}

fn by_id(holders: Vec<Holder>) -> BTreeMap<IdentityId, Holder> {
    let holders = holders.into_iter();
    holders.map(|holder| (holder.id, holder)).collect()
}
