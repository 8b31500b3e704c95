//! Everything that waits for somebody, in one queue, what is due first, first.

use std::collections::HashMap;

use domain::id::{FulfilmentTaskId, IdentityId, RequestItemId};
use domain::inbox::{InboxEntry, InboxKind};
use domain::lifecycle::Level;
use domain::permission::{Action, Denied};
use domain::request::{ItemHead, ItemKind, Length};
use domain::role::Grantable;
use domain::task::{TaskContent, TaskKind};
use domain::time::Instant;
use storage::ReadTx;

use super::detail::Named;
use super::facts::voices;
use crate::{Cx, Error, Result, Service, boxed};

/// Entries that are counted at most.
const MOST_COUNTED: i64 = 1_000;

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// A decision.
    Approval {
        /// On which item.
        item: RequestItemId,
        /// In which step.
        step: u16,
        /// What kind of thing is asked for.
        kind: ItemKind,
        /// For how long.
        length: Length,
    },
    /// An answer to a question.
    Answer {
        /// About which item.
        item: RequestItemId,
    },
    /// A fulfilment task.
    Task {
        /// Which.
        task: FulfilmentTaskId,
        /// What is to be done.
        kind: TaskKind,
    },
}

/// A row of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// What waits.
    pub waiting: Waiting,
    /// Whom it is about; of an account where it is.
    pub person: Named,
    /// What it is about, by name.
    pub thing: String,
    /// Why it was asked for, in the requester's words.
    pub reason: String,
    /// How bad it is in wrong hands.
    pub risk: Option<Level>,
    /// Since when it waits.
    pub opened: Instant,
    /// Until when it should be done.
    pub due: Instant,
    /// In whose place the reader would act, when not in their own.
    pub stands_in_for: Option<Named>,
}

/// A page of the inbox.
#[derive(Debug, Clone)]
pub struct InboxPage {
    /// The rows, what is due first, first.
    pub rows: Vec<InboxRow>,
    /// Where the next page begins, as it stands in an address; none at the end.
    pub next: Option<String>,
    /// How many wait, a review as one of them. Reviews have piles of their own and no rows here.
    pub total: u64,
    /// Whether more wait than were counted.
    pub capped: bool,
}

/// How many things wait for the actor, a review as one of them, and whether it is more than that.
#[boxed]
pub async fn waiting_count(service: &Service, cx: &Cx) -> Result<(u64, bool)> {
    let mut tx = service.store.read().await?;
    let voices = voices(&mut tx, cx, service.now()).await?;
    count(&mut tx, &voices).await
}

async fn count(tx: &mut ReadTx, voices: &[IdentityId]) -> Result<(u64, bool)> {
    let mut reviews: Vec<_> = tx
        .open_piles_of(voices, MOST_COUNTED)
        .await?
        .iter()
        .map(storage::reviews::Pile::campaign)
        .collect();
    reviews.dedup();
    let reviews = reviews.len() as u64;
    let found = reviews + tx.inbox_count(voices, MOST_COUNTED + 1).await?;
    let most = MOST_COUNTED.unsigned_abs();
    Ok((found.min(most), found > most))
}

/// A page of what waits for the actor; `after` is where the page before ended.
#[boxed]
pub async fn inbox(
    service: &Service,
    cx: &Cx,
    after: Option<&str>,
    most: u32,
) -> Result<InboxPage> {
    if cx.me().is_none() {
        return Err(Error::Denied {
            denied: Denied::SignIn,
            action: Action::OwnAccount,
            object: None,
        });
    }
    let mut tx = service.store.read().await?;
    let voices = voices(&mut tx, cx, service.now()).await?;
    let (total, capped) = count(&mut tx, &voices).await?;
    let most = usize::try_from(most).unwrap_or(50);
    let wanted = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let mut entries = tx.inbox(&voices, after.and_then(cursor), wanted).await?;
    let more = entries.len() > most;
    entries.truncate(most);
    let next = entries.last().filter(|_| more).map(|entry| {
        format!(
            "{}.{}.{}",
            entry.due.micros(),
            entry.kind.word(),
            entry.object
        )
    });
    let mut rows = rows(&mut tx, cx, &entries).await?;
    // The same thing can wait for somebody and for those they stand in for: it is shown once.
    let mut seen = std::collections::BTreeSet::new();
    let mut fresh = entries
        .iter()
        .map(|entry| seen.insert((entry.kind, entry.object)));
    rows.retain(|_| fresh.next().unwrap_or(true));
    Ok(InboxPage {
        rows: rows.into_iter().flatten().collect(),
        next,
        total,
        capped,
    })
}

fn cursor(text: &str) -> Option<(Instant, InboxKind, i64)> {
    let mut parts = text.split('.');
    let due = parts.next()?.parse().ok()?;
    let kind = InboxKind::from_word(parts.next()?)?;
    let object = parts.next()?.parse().ok()?;
    Some((Instant::from_micros(due), kind, object))
}

/// Entries with names, in their order; none for what is not there any more.
async fn rows(tx: &mut ReadTx, cx: &Cx, entries: &[InboxEntry]) -> Result<Vec<Option<InboxRow>>> {
    let of = |wanted: &[InboxKind]| -> Vec<i64> {
        let mut ids: Vec<i64> = entries
            .iter()
            .filter(|entry| wanted.contains(&entry.kind))
            .map(|entry| entry.object)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let items: Vec<RequestItemId> = of(&[InboxKind::Approval, InboxKind::Answer])
        .into_iter()
        .map(RequestItemId::from_raw)
        .collect();
    let items: HashMap<i64, _> = tx
        .item_heads(&items)
        .await?
        .into_iter()
        .map(|item| (item.id.raw(), item))
        .collect();
    let tasks: Vec<FulfilmentTaskId> = of(&[InboxKind::Task])
        .into_iter()
        .map(FulfilmentTaskId::from_raw)
        .collect();
    let tasks: HashMap<i64, _> = tx
        .tasks(&tasks)
        .await?
        .into_iter()
        .map(|task| (task.id.raw(), task.content))
        .collect();
    let mut people: Vec<IdentityId> = entries.iter().map(|entry| entry.person).collect();
    people.extend(items.values().map(|item| item.beneficiary));
    people.extend(tasks.values().filter_map(|task| task.identity));
    let known: HashMap<IdentityId, String> = tx
        .identity_names(&people)
        .await?
        .into_iter()
        .map(|one| (one.id, one.display_name))
        .collect();
    let named = |id: IdentityId| Named {
        id,
        name: known.get(&id).cloned().unwrap_or_else(|| id.to_string()),
    };
    let whats: Vec<Grantable> = items
        .values()
        .map(|item| item.what)
        .chain(
            tasks
                .values()
                .filter_map(|task| task.entitlement.map(Grantable::Entitlement)),
        )
        .collect();
    let things = things(tx, &whats).await?;
    let accounts = accounts(tx, &tasks).await?;
    let thing = |what: Grantable| things.get(&what).cloned().unwrap_or_default();
    Ok(entries
        .iter()
        .map(|entry| {
            let mine = cx.me() == Some(entry.person);
            let stands_in_for = (!mine).then(|| named(entry.person));
            let (waiting, who, what, reason) = match entry.kind {
                InboxKind::Task => {
                    let task = tasks.get(&entry.object)?;
                    let waiting = Waiting::Task {
                        task: FulfilmentTaskId::from_raw(entry.object),
                        kind: task.kind,
                    };
                    let what = task.entitlement.map(Grantable::Entitlement);
                    (waiting, task.identity, what, String::new())
                }
                InboxKind::Approval | InboxKind::Answer => {
                    let item = items.get(&entry.object)?;
                    let (who, what) = (Some(item.beneficiary), Some(item.what));
                    (asks(entry, item), who, what, item.reason.clone())
                }
            };
            let who = who.unwrap_or(entry.person);
            let (person, (thing, risk)) = if let Some(what) = what {
                (named(who), thing(what))
            } else {
                let (account, name) = accounts.get(&entry.object).cloned()?;
                (Named { id: who, name }, (account, None))
            };
            Some(InboxRow {
                waiting,
                person,
                thing,
                reason,
                risk,
                opened: entry.opened,
                due: entry.due,
                stands_in_for,
            })
        })
        .collect())
}

/// What an item that was asked for waits for.
fn asks(entry: &InboxEntry, item: &ItemHead) -> Waiting {
    let id = RequestItemId::from_raw(entry.object);
    if entry.kind == InboxKind::Answer {
        return Waiting::Answer { item: id };
    }
    Waiting::Approval {
        item: id,
        step: entry.step,
        kind: item.kind,
        length: item.length,
    }
}

/// Names of the accounts of tasks with those of their applications, by task.
async fn accounts(
    tx: &mut ReadTx,
    tasks: &HashMap<i64, TaskContent>,
) -> Result<HashMap<i64, (String, String)>> {
    let mut all = HashMap::new();
    for (task, content) in tasks {
        let Some(account) = content.account else {
            continue;
        };
        let name = tx.account(account).await?.map(|one| one.content.name);
        let place = tx.application(content.application).await?;
        let place = place.map_or_else(String::new, |one| one.content.display_name);
        all.insert(*task, (name.unwrap_or_else(|| account.to_string()), place));
    }
    Ok(all)
}

/// Names and risks of things.
pub(super) async fn things(
    tx: &mut ReadTx,
    whats: &[Grantable],
) -> Result<HashMap<Grantable, (String, Option<Level>)>> {
    let mut all = HashMap::new();
    let ids: Vec<_> = whats.iter().filter_map(|what| what.entitlement()).collect();
    for (id, named) in crate::effective::names_of(tx, &ids).await? {
        all.insert(Grantable::Entitlement(id), (named.display_name, named.risk));
    }
    let ids: Vec<_> = whats.iter().filter_map(|what| what.role()).collect();
    for role in tx.roles_with(&ids).await? {
        all.insert(Grantable::Role(role.id), (role.content.display_name, None));
    }
    Ok(all)
}
