//! Outliers as they are shown: what the last look found and is still so, and when the next look is.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::audit::AuditAction;
use domain::id::{EntitlementId, IdentityId, JobId};
use domain::job::JobKind;
use domain::page::{Facet, ListQuery, Page, Position};
use domain::permission::{Action, Actor, Facts, Visibility, visible_people};
use domain::search::{Search, Term};
use domain::time::{DAY, Instant};
use jiff::tz::TimeZone;
use storage::ReadTx;
use storage::outliers::{OutlierHead, OutlierRow, TOKENS};

use super::look::{self, KEY};
use crate::effective::{AsOf, load};
use crate::people::list_guard;
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Result, Service, boxed};

/// People resolved at a time.
const CHUNK: usize = 500;
/// Pages of which nothing is left that are passed by; then an empty one is shown, with the way on.
const MOST_PASSED: usize = 20;
/// The hour after which the look of a night begins, in the organisation's zone.
const HOUR_OF_NIGHT: i8 = 2;

/// When outliers were looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// When the look began that is shown; none before the first.
    pub found: Option<Instant>,
    /// Whether another one waits or runs.
    pub looking: bool,
    /// Whether the reader may ask for one.
    pub may_look: bool,
}

/// A page of outliers.
#[derive(Debug, Clone)]
pub struct OutliersPage {
    /// What is still so.
    pub page: Page<OutlierRow>,
    /// How many rows were found here that are no longer so, and are left out.
    pub gone: usize,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
    /// When it was computed.
    pub looked: Looked,
}

/// A page of the outliers of people whom the actor may see.
///
/// What the last look found is resolved once more for the page: access that has gone since is left out, so a page may be
/// shorter than asked for. The total is that of the look.
#[boxed]
pub async fn outliers(service: &Service, cx: &Cx, query: &ListQuery) -> Result<OutliersPage> {
    list_guard(cx)?;
    let visibility = visible_people(cx.actor);
    let mut tx = service.store.read().await?;
    let head = tx.outlier_head().await?;
    let (page, gone) = present(&mut tx, cx, service.now(), head, query).await?;
    let facets = tx.outlier_facets(head.run, visibility, cx.me(), &query.search);
    Ok(OutliersPage {
        page,
        gone,
        facets: wanted_facets(query, facets).await?,
        unknown: unknown_tokens(&query.search, TOKENS),
        looked: looked(&mut tx, cx).await?,
    })
}

/// When outliers were looked for.
pub(super) async fn looked(tx: &mut ReadTx, cx: &Cx) -> Result<Looked> {
    Ok(Looked {
        found: tx.outlier_head().await?.found,
        looking: tx.live_job(KEY).await?.is_some(),
        may_look: cx
            .decide(Action::EditAccess, None, Facts::default())
            .is_ok(),
    })
}

/// The next page that has something left, and how many rows are left out on the way there.
pub(super) async fn present(
    tx: &mut ReadTx,
    cx: &Cx,
    now: Instant,
    head: OutlierHead,
    query: &ListQuery,
) -> Result<(Page<OutlierRow>, usize)> {
    let visibility = visible_people(cx.actor);
    let mut query = query.clone();
    let (mut gone, mut passed) = (0, 0);
    loop {
        let mut page = tx.outliers(head.run, visibility, cx.me(), &query).await?;
        let found = page.rows.len();
        page.rows = still(tx, now, page.rows).await?;
        gone += found - page.rows.len();
        let next = match &query.position {
            Position::Before(_) => page.before.clone().map(Position::Before),
            Position::Start | Position::After(_) => page.after.clone().map(Position::After),
        };
        match next {
            Some(next) if page.rows.is_empty() && passed < MOST_PASSED => {
                query.position = next;
                passed += 1;
            }
            _ => return Ok((page, gone)),
        }
    }
}

/// Those that their people still have.
async fn still(tx: &mut ReadTx, now: Instant, rows: Vec<OutlierRow>) -> Result<Vec<OutlierRow>> {
    let people: BTreeSet<IdentityId> = rows.iter().map(|row| row.person).collect();
    let people: Vec<IdentityId> = people.into_iter().collect();
    let mut has: BTreeSet<(IdentityId, EntitlementId)> = BTreeSet::new();
    for some in people.chunks(CHUNK) {
        let people = load(tx, some, AsOf::now(now)).await?;
        for (id, whole) in &people.by_id {
            let all = whole.entitlements(&people.graph, people.moment);
            has.extend(all.into_iter().map(|entitlement| (*id, entitlement)));
        }
    }
    let still = rows.into_iter();
    Ok(still
        .filter(|row| has.contains(&(row.person, row.entitlement)))
        .collect())
}

/// Asks for a look now; one that waits or runs already is enough. Recorded in the log.
#[boxed]
pub async fn look_again(service: &Service, cx: &Cx) -> Result<JobId> {
    let result = asked(service, cx).await;
    let id = service.noted(cx, result).await?;
    service.wake_worker();
    Ok(id)
}

async fn asked(service: &Service, cx: &Cx) -> Result<JobId> {
    let mut tx = service.begin(cx).await?;
    cx.decide(Action::EditAccess, None, Facts::default())?;
    let id = look::ask(&mut tx, cx).await?;
    let event = cx.about(AuditAction::JobCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

/// Sees to it that there is a look every night.
pub(crate) async fn ensure_look(service: &Service) -> Result<()> {
    let mut tx = service.store.read().await?;
    let Some(organisation) = tx.organisation().await? else {
        return Ok(());
    };
    let head = tx.outlier_head().await?;
    let is_live = tx.live_job(KEY).await?.is_some();
    drop(tx);
    let night = last_night(service.now(), &organisation.time_zone());
    if is_live || head.found.or(head.since).is_none_or(|last| last >= night) {
        return Ok(());
    }
    // One that failed or was called off is not begun again in the same night.
    let search = Search {
        terms: vec![Term::is("kind", JobKind::LookForOutliers.word())],
    };
    let query = ListQuery {
        search,
        ..ListQuery::default()
    };
    let mut tx = service.store.read().await?;
    let last = tx.jobs(Visibility::All, None, &query).await?;
    if last.rows.iter().any(|row| row.job.created >= night) {
        return Ok(());
    }
    drop(tx);
    let mut tx = service
        .store
        .write(service.now(), Arc::clone(&service.entropy))
        .await?;
    look::ask(&mut tx, &Cx::of(Actor::System)).await?;
    tx.commit_unaudited("the look for outliers of a night; it changes nobody's access")
        .await?;
    service.wake_worker();
    Ok(())
}

/// When the work of the last night was to begin.
pub(crate) fn last_night(now: Instant, zone: &TimeZone) -> Instant {
    let of_day = |at: Instant| {
        let begin = at.day(zone).start(zone);
        begin.plus(i64::from(HOUR_OF_NIGHT) * domain::time::HOUR)
    };
    let today = of_day(now);
    if today <= now {
        today
    } else {
        of_day(now.plus(-DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_night_began_at_two_o_clock_here() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let night = |now: &str| {
            let now: Instant = now.parse().expect("a time");
            last_night(now, &zone).to_string()
        };
        let expected = "2026-01-05T07:00:00.000000Z";
        assert_eq!(night("2026-01-05T07:00:00Z"), expected);
        assert_eq!(night("2026-01-06T06:59:59Z"), expected);
        assert_eq!(night("2026-01-05T23:00:00Z"), expected);
    }
}
