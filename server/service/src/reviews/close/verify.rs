//! What tasks and readings of the applications say about what was ended. Only a reading that began after it was sent, and
//! does not show the access, verifies it (invariant 7): what somebody says was done is acknowledged, and no more.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::application::CONSOLE;
use domain::audit::{AuditAction, Event};
use domain::id::{
    AccountId, ApplicationId, CampaignId, EntitlementId, FulfilmentTaskId, IdentityId, RoleId,
    SourceRunId,
};
use domain::permission::Actor;
use domain::review::{ItemKind, Read, RemedyState, RemedyStep, verifies};
use domain::task::TaskState;
use domain::time::Instant;
use storage::reviews::{ActRecord, RemedyRow, ReviewItem};
use storage::{ReadTx, WriteTx};

use super::things::{Holders, content_shows, unless_unread};
use super::{act, record};
use crate::effective::{AsOf, load};
use crate::tasks::{Reading, still_there};
use crate::{Cx, Result, Service};

/// Items looked at, and moved on, in one transaction.
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

/// What was found of what an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// It is still there.
    Yes,
    /// It is gone.
    No,
    /// Not all applications were read since.
    Unread,
}

impl From<bool> for Shown {
    fn from(shows: bool) -> Self {
        if shows { Self::Yes } else { Self::No }
    }
}

/// What was found of some items.
#[derive(Debug)]
struct Found {
    /// When the reading began.
    began: Instant,
    /// By which run; none when this console was looked at.
    by: Option<SourceRunId>,
    /// By the number of an item: when it was sent, and whether it is there.
    items: HashMap<u64, (Instant, Shown)>,
}

impl Found {
    /// Where an item is after this, or why it is not verified; none when it stays as it is.
    fn next(
        &self,
        row: &RemedyRow,
        opened: &HashSet<FulfilmentTaskId>,
    ) -> Result<Option<RemedyRow>> {
        let found = self.items.get(&row.item);
        let Some((sent, look)) = found.filter(|one| row.sent == Some(one.0)) else {
            return Ok(None);
        };
        if row.state.is_over() {
            return Ok(None);
        }
        let shows = match look {
            Shown::Yes => true,
            Shown::No => false,
            Shown::Unread => return Ok(None),
        };
        let read = Read {
            began: self.began,
            shows,
        };
        let again = row.task.is_some_and(|task| opened.contains(&task));
        let step = if verifies(*sent, read) {
            RemedyStep::Verify
        } else if shows && again && row.state == RemedyState::Acknowledged {
            RemedyStep::Reopen
        } else {
            return Ok(None);
        };
        Ok(Some(RemedyRow {
            state: row.state.step(step)?,
            verified_by: self.by.filter(|_| step == RemedyStep::Verify),
            problem: String::new(),
            ..row.clone()
        }))
    }
}

/// Moves on some items of one campaign. They are looked at before the lock is taken, and what was found is written in one
/// transaction: everything that is looked at was sent before, and what is true of it then stays true of that moment.
async fn some(service: &Service, cx: &Cx, part: &[RemedyRow], run: Option<&Reading>) -> Result<()> {
    let Some(campaign) = part.first().map(|row| row.campaign) else {
        return Ok(());
    };
    let mut read = service.store.read().await?;
    let found = look(&mut read, service.now(), part, run).await?;
    let opened = still_open(&mut read, part).await?;
    drop(read);
    let mut wanted = Vec::new();
    for row in part {
        wanted.extend(found.next(row, &opened)?.map(|row| row.item));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let mut tx = service.begin(cx).await?;
    let rows = tx.remedies_of(campaign, &wanted).await?;
    let opened = still_open(&mut tx, &rows).await?;
    let mut moved = Vec::new();
    for row in rows {
        moved.extend(found.next(&row, &opened)?);
    }
    if moved.is_empty() {
        return Ok(());
    }
    let by = run.map_or_else(|| "this console".to_owned(), |run| run.run.to_string());
    let event = write(&mut tx, cx, campaign, &moved, &by).await?;
    tx.commit(event, Vec::new()).await?;
    Ok(())
}

/// The tasks of some items that are open.
async fn still_open(tx: &mut ReadTx, rows: &[RemedyRow]) -> Result<HashSet<FulfilmentTaskId>> {
    let tasks: Vec<FulfilmentTaskId> = rows.iter().filter_map(|row| row.task).collect();
    let tasks = tx.tasks(&tasks).await?.into_iter();
    let open = tasks.filter(|task| task.content.state == TaskState::Open);
    Ok(open.map(|task| task.id).collect())
}

/// Looks at what some items of one campaign are about.
async fn look(
    tx: &mut ReadTx,
    clock: Instant,
    part: &[RemedyRow],
    run: Option<&Reading>,
) -> Result<Found> {
    // Later than everything that was written, also when the clock stands.
    let now = clock.max(tx.audit_head().await?.1.plus(1));
    let mut found = Found {
        began: run.map_or(now, |run| run.began),
        by: run.map(|run| run.run),
        items: HashMap::new(),
    };
    let numbers: Vec<u64> = part.iter().map(|row| row.item).collect();
    let Some(campaign) = part.first().map(|row| row.campaign) else {
        return Ok(found);
    };
    let items = tx.review_items(campaign, &numbers).await?;
    let people: BTreeSet<IdentityId> = items.iter().filter_map(person).collect();
    let people: Vec<IdentityId> = people.into_iter().collect();
    let seen: Seen = tx
        .observed_of_people(&people, now)
        .await?
        .into_iter()
        .map(|one| (one.key.identity, one.key.entitlement))
        .collect();
    let mut holders = Holders::new(now);
    for row in part {
        let item = items.iter().find(|item| item.facts.number == row.item);
        let Some((item, sent)) = item.zip(row.sent) else {
            continue;
        };
        let shown = match run {
            Some(run) if !tells(run, item.facts.item) => continue,
            Some(_) => shows(tx, item, (&seen, &mut holders), sent).await?,
            None => still_has(tx, item, now).await?.into(),
        };
        found.items.insert(row.item, (sent, shown));
    }
    Ok(found)
}

fn person(item: &ReviewItem) -> Option<IdentityId> {
    matches!(item.facts.item, ItemKind::Access | ItemKind::Role)
        .then(|| IdentityId::from_raw(item.facts.holder.raw))
}

/// Whether the applications show what an item is about.
async fn shows(
    tx: &mut ReadTx,
    item: &ReviewItem,
    (seen, holders): (&Seen, &mut Holders),
    sent: Instant,
) -> Result<Shown> {
    let facts = &item.facts;
    let person = IdentityId::from_raw(facts.holder.raw);
    match facts.item {
        ItemKind::Access => {
            let what = EntitlementId::from_raw(facts.what.raw);
            Ok(seen.contains(&(person, what)).into())
        }
        ItemKind::Role => {
            let role = RoleId::from_raw(facts.what.raw);
            role_shows(tx, (person, role), seen, (sent, holders.now)).await
        }
        ItemKind::Account => {
            let id = AccountId::from_raw(facts.holder.raw);
            Ok(still_there(tx, id).await?.into())
        }
        ItemKind::Content => content_shows(tx, facts, holders, sent).await,
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
async fn still_has(tx: &mut ReadTx, item: &ReviewItem, now: Instant) -> Result<bool> {
    let person = IdentityId::from_raw(item.facts.holder.raw);
    let what = EntitlementId::from_raw(item.facts.what.raw);
    let moment = AsOf::now(now.plus(1));
    let people = load(tx, &[person], moment).await?;
    let whole = people.by_id.get(&person);
    Ok(whole.is_some_and(|whole| whole.entitlements(&people.graph, moment).contains(&what)))
}

/// A role is gone when nothing of what it gave and nothing else gives is shown, in applications that were all read since.
async fn role_shows(
    tx: &mut ReadTx,
    (person, role): (IdentityId, RoleId),
    seen: &Seen,
    (sent, now): (Instant, Instant),
) -> Result<Shown> {
    let moment = AsOf::now(now.plus(1));
    let people = load(tx, &[person], moment).await?;
    let kept = people
        .by_id
        .get(&person)
        .map_or_else(BTreeSet::new, |whole| {
            whole.entitlements(&people.graph, people.moment)
        });
    let lost: BTreeSet<EntitlementId> = people
        .graph
        .reach(role)
        .iter()
        .copied()
        .filter(|one| !kept.contains(one))
        .collect();
    if lost.iter().any(|one| seen.contains(&(person, *one))) {
        return Ok(Shown::Yes);
    }
    unless_unread(tx, &lost, sent).await
}
