//! What tasks and readings of the applications say about what was ended. Only a reading that began after it was sent, and
//! does not show the access, verifies it (invariant 7): what somebody says was done is acknowledged, and no more.

use std::collections::{BTreeSet, HashSet};

use domain::application::CONSOLE;
use domain::audit::{AuditAction, Event};
use domain::id::{
    AccountId, ApplicationId, CampaignId, EntitlementId, FulfilmentTaskId, IdentityId, RoleId,
};
use domain::permission::Actor;
use domain::review::{ItemKind, Read, RemedyState, RemedyStep, verifies};
use domain::task::TaskState;
use domain::time::Instant;
use storage::WriteTx;
use storage::reviews::{ActRecord, RemedyRow, ReviewItem};

use super::things::content_shows;
use super::{act, record};
use crate::effective::{AsOf, load};
use crate::tasks::{Reading, still_there};
use crate::{Cx, Result, Service};

/// Items looked at in one transaction.
const AT_ONCE: i64 = 500;

/// Somebody says that a task is done, and with it what a review ended. Answers the entry, which must be the first of the
/// commit. Of several campaigns that wait for the same task the oldest is acknowledged: the others are verified all the same.
pub(crate) async fn acknowledged(
    tx: &mut WriteTx,
    cx: &Cx,
    task: FulfilmentTaskId,
) -> Result<Option<Event>> {
    let mut rows = tx.remedies_of_task(task).await?;
    rows.retain(|row| row.state == RemedyState::Sent);
    let Some(campaign) = rows.first().map(|row| row.campaign) else {
        return Ok(None);
    };
    rows.retain(|row| row.campaign == campaign);
    for row in &mut rows {
        row.state = row.state.step(RemedyStep::Acknowledge)?;
    }
    let event = write(tx, cx, campaign, &rows, &task.to_string()).await?;
    Ok(Some(event))
}

async fn write(
    tx: &mut WriteTx,
    cx: &Cx,
    campaign: CampaignId,
    rows: &[RemedyRow],
    by: &str,
) -> Result<Event> {
    let records: Vec<ActRecord> = rows.iter().map(|row| record(row, by.to_owned())).collect();
    tx.write_remedies(rows).await?;
    act(
        tx,
        cx,
        (campaign, AuditAction::CampaignVerified, ""),
        &records,
    )
    .await
}

/// Looks at everything that was ended and is not verified, after a run was applied that read access of its applications.
/// Doing it again changes nothing: what is verified is not found any more.
pub(crate) async fn verify(service: &Service, run: &Reading) -> Result<()> {
    let cx = Cx::of(Actor::System);
    let applications = service
        .store
        .read()
        .await?
        .applications_with_remedies()
        .await?;
    for application in applications {
        let mut read = service.store.read().await?;
        let id = ApplicationId::from_raw(application);
        // What is in no application, a role, is looked at after every run.
        if application != 0 && !read.source_shows(run.source, id).await? {
            continue;
        }
        drop(read);
        in_one(service, &cx, application, Some(run)).await?;
    }
    Ok(())
}

/// Looks at rights in this console that were ended: it is their application, and is read as it is now, later than they ended.
pub(super) async fn of_the_console(service: &Service) -> Result<()> {
    let mut read = service.store.read().await?;
    let console = read.application_by_name(CONSOLE).await?;
    drop(read);
    let Some(console) = console else {
        return Ok(());
    };
    in_one(service, &Cx::of(Actor::System), console.id.raw(), None).await
}

async fn in_one(service: &Service, cx: &Cx, application: i64, run: Option<&Reading>) -> Result<()> {
    let mut after = 0;
    loop {
        let mut read = service.store.read().await?;
        let rows = read.remedies_to_verify(application, after, AT_ONCE).await?;
        drop(read);
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.row();
        for part in rows.chunk_by(|one, next| one.campaign == next.campaign) {
            some(service, cx, part, run).await?;
        }
    }
}

/// What sources show of the people of some items.
type Seen = HashSet<(IdentityId, EntitlementId)>;

/// Moves on some items of one campaign in one transaction.
async fn some(service: &Service, cx: &Cx, part: &[RemedyRow], run: Option<&Reading>) -> Result<()> {
    let Some(campaign) = part.first().map(|row| row.campaign) else {
        return Ok(());
    };
    let numbers: Vec<u64> = part.iter().map(|row| row.item).collect();
    let mut tx = service.begin(cx).await?;
    let rows = tx.remedies_of(campaign, &numbers).await?;
    let items = tx.review_items(campaign, &numbers).await?;
    let people: BTreeSet<IdentityId> = items.iter().filter_map(person).collect();
    let people: Vec<IdentityId> = people.into_iter().collect();
    let now = tx.recorded();
    let seen: Seen = tx
        .observed_of_people(&people, now)
        .await?
        .into_iter()
        .map(|one| (one.key.identity, one.key.entitlement))
        .collect();
    let tasks: Vec<FulfilmentTaskId> = rows.iter().filter_map(|row| row.task).collect();
    let opened: HashSet<FulfilmentTaskId> = tx
        .tasks(&tasks)
        .await?
        .into_iter()
        .filter(|task| task.content.state == TaskState::Open)
        .map(|task| task.id)
        .collect();
    let mut moved = Vec::new();
    for row in rows {
        let Some(item) = items.iter().find(|item| item.facts.number == row.item) else {
            continue;
        };
        let Some(sent) = row.sent.filter(|_| !row.state.is_over()) else {
            continue;
        };
        let shows = match run {
            Some(run) if !tells(run, item.facts.item) => continue,
            Some(_) => shows(&mut tx, item, &seen, sent).await?,
            None => Some(still_has(&mut tx, item).await?),
        };
        let Some(shows) = shows else {
            continue;
        };
        let read = Read {
            began: run.map_or(now, |run| run.began),
            shows,
        };
        let again = row.task.is_some_and(|task| opened.contains(&task));
        let step = if verifies(sent, read) {
            RemedyStep::Verify
        } else if shows && again && row.state == RemedyState::Acknowledged {
            RemedyStep::Reopen
        } else {
            continue;
        };
        moved.push(RemedyRow {
            state: row.state.step(step)?,
            verified_by: run
                .filter(|_| step == RemedyStep::Verify)
                .map(|run| run.run),
            ..row
        });
    }
    if moved.is_empty() {
        return Ok(());
    }
    let by = run.map_or_else(|| "this console".to_owned(), |run| run.run.to_string());
    let event = write(&mut tx, cx, campaign, &moved, &by).await?;
    tx.commit(event, Vec::new()).await?;
    Ok(())
}

fn person(item: &ReviewItem) -> Option<IdentityId> {
    matches!(item.facts.item, ItemKind::Access | ItemKind::Role)
        .then(|| IdentityId::from_raw(item.facts.holder.raw))
}

/// Whether the applications show what an item is about; none while they have not all been read since.
async fn shows(
    tx: &mut WriteTx,
    item: &ReviewItem,
    seen: &Seen,
    sent: Instant,
) -> Result<Option<bool>> {
    let facts = &item.facts;
    let person = IdentityId::from_raw(facts.holder.raw);
    match facts.item {
        ItemKind::Access => {
            let what = EntitlementId::from_raw(facts.what.raw);
            Ok(Some(seen.contains(&(person, what))))
        }
        ItemKind::Role => {
            role_shows(tx, person, RoleId::from_raw(facts.what.raw), seen, sent).await
        }
        ItemKind::Account => {
            let id = AccountId::from_raw(facts.holder.raw);
            Ok(Some(still_there(tx, id).await?))
        }
        ItemKind::Content => content_shows(tx, facts, sent).await,
    }
}

/// Whether a reading says anything about items of this kind.
const fn tells(run: &Reading, item: ItemKind) -> bool {
    match item {
        ItemKind::Access | ItemKind::Role | ItemKind::Content => run.access,
        ItemKind::Account => run.accounts,
    }
}

/// Whether a person still has what this console itself gives.
async fn still_has(tx: &mut WriteTx, item: &ReviewItem) -> Result<bool> {
    let person = IdentityId::from_raw(item.facts.holder.raw);
    let what = EntitlementId::from_raw(item.facts.what.raw);
    let moment = AsOf::now(tx.recorded().plus(1));
    let people = load(tx, &[person], moment).await?;
    let whole = people.by_id.get(&person);
    Ok(whole.is_some_and(|whole| whole.entitlements(&people.graph, moment).contains(&what)))
}

/// A role is gone when nothing of what it gave and nothing else gives is shown, in applications that were all read since.
async fn role_shows(
    tx: &mut WriteTx,
    person: IdentityId,
    role: RoleId,
    seen: &Seen,
    sent: Instant,
) -> Result<Option<bool>> {
    let moment = AsOf::now(tx.recorded().plus(1));
    let people = load(tx, &[person], moment).await?;
    let kept = people
        .by_id
        .get(&person)
        .map_or_else(BTreeSet::new, |whole| {
            whole.entitlements(&people.graph, people.moment)
        });
    let lost: Vec<EntitlementId> = people
        .graph
        .reach(role)
        .iter()
        .copied()
        .filter(|one| !kept.contains(one))
        .collect();
    if lost.iter().any(|one| seen.contains(&(person, *one))) {
        return Ok(Some(true));
    }
    let mut read = BTreeSet::new();
    for id in lost {
        let Some(found) = tx.entitlement(id).await? else {
            continue;
        };
        let application = found.content.application;
        if read.contains(&application) {
            continue;
        }
        if !tx.application_read_since(application, sent).await? {
            return Ok(None);
        }
        read.insert(application);
    }
    Ok(Some(false))
}
