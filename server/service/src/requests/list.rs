//! Requests as a list: one's own, or everybody's for those who see everybody's access.

use std::collections::HashMap;

use domain::id::{IdentityId, RequestItemId};
use domain::permission::{Action, Denied, Visibility, visible_people};
use domain::request::{ItemState, RequestItem};
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;
use storage::requests::RequestFilter;

use super::detail::Named;
use super::inbox::things;
use crate::csv_export::{self, MOST_ROWS};
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed};

/// A row of the list.
#[derive(Debug, Clone)]
pub struct RequestLine {
    /// The item.
    pub item: RequestItem,
    /// What was asked for, by name.
    pub thing: String,
    /// Who asked.
    pub requester: Named,
    /// For whom.
    pub beneficiary: Named,
    /// Whom it waits for.
    pub waits_for: Vec<Named>,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct RequestsPage {
    /// The rows, the newest first.
    pub rows: Vec<RequestLine>,
    /// Where the next page begins; none at the end.
    pub next: Option<RequestItemId>,
    /// Whether the actor could see everybody's.
    pub may_see_all: bool,
}

/// A page of requests. `all` asks for everybody's; who may not see these gets their own.
#[boxed]
pub async fn list(
    service: &Service,
    cx: &Cx,
    (all, of): (bool, Option<IdentityId>),
    state: Option<ItemState>,
    before: Option<RequestItemId>,
    most: u32,
) -> Result<RequestsPage> {
    let may_see_all = visible_people(cx.actor) == Visibility::All;
    let mut tx = service.store.read().await?;
    let involving = involving(&mut tx, cx, (all, of), service.now()).await?;
    let most = usize::try_from(most).unwrap_or(50);
    let wanted = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let filter = RequestFilter { involving, state };
    let mut items = tx.request_page(filter, before, wanted).await?;
    let more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| more).map(|item| item.id);
    let raw: Vec<i64> = items.iter().map(|item| item.id.raw()).collect();
    let waiting = tx
        .inbox_of(domain::inbox::InboxKind::Approval, &raw)
        .await?;
    let mut people: Vec<IdentityId> = waiting.iter().map(|entry| entry.person).collect();
    for item in &items {
        people.extend([item.content.requester, item.content.beneficiary]);
    }
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
    let whats: Vec<Grantable> = items.iter().map(|item| item.content.what).collect();
    let things = things(&mut tx, &whats).await?;
    let rows = items.into_iter().map(|item| RequestLine {
        thing: things
            .get(&item.content.what)
            .map(|(name, _)| name.clone())
            .unwrap_or_default(),
        requester: named(item.content.requester),
        beneficiary: named(item.content.beneficiary),
        waits_for: waiting
            .iter()
            .filter(|entry| entry.object == item.id.raw())
            .map(|entry| named(entry.person))
            .collect(),
        item,
    });
    Ok(RequestsPage {
        rows: rows.collect(),
        next,
        may_see_all,
    })
}

/// Whose requests are asked for; none is everybody's. Those of one person are for whoever sees that person.
async fn involving(
    tx: &mut ReadTx,
    cx: &Cx,
    (all, of): (bool, Option<IdentityId>),
    now: Instant,
) -> Result<Option<IdentityId>> {
    let may_see_all = visible_people(cx.actor) == Visibility::All;
    match (all && may_see_all, of, cx.me()) {
        (true, _, _) => Ok(of),
        (false, Some(of), _) => {
            let (_, about) = facts(tx, cx, of, now).await?;
            cx.decide(Action::ReadRequest, Some(of.into()), about)?;
            Ok(Some(of))
        }
        (false, None, Some(me)) => Ok(Some(me)),
        (false, None, None) if may_see_all => Ok(None),
        (false, None, None) => Err(Error::Denied {
            denied: Denied::SignIn,
            action: Action::ReadRequest,
            object: None,
        }),
    }
}

/// The list as CSV, at most [`MOST_ROWS`] rows.
#[boxed]
pub async fn export(
    service: &Service,
    cx: &Cx,
    whose: (bool, Option<IdentityId>),
    state: Option<ItemState>,
) -> Result<Vec<u8>> {
    let mut before = None;
    let mut rows: Vec<Vec<String>> = Vec::new();
    loop {
        let page = list(service, cx, whose, state, before, PART).await?;
        rows.extend(page.rows.into_iter().map(record));
        if rows.len() as u64 > MOST_ROWS {
            return Err(Error::TooMany { most: MOST_ROWS });
        }
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    csv_export::write(HEADER, rows)
}

/// Rows that an export reads at once.
const PART: u32 = 500;

const HEADER: &[&str] = &[
    "request",
    "item",
    "kind",
    "what",
    "requester",
    "beneficiary",
    "length",
    "reason",
    "state",
    "waits_for",
    "asked",
    "ended",
];

fn record(line: RequestLine) -> Vec<String> {
    let content = line.item.content;
    let waits: Vec<String> = line.waits_for.into_iter().map(|one| one.name).collect();
    vec![
        content.request.to_string(),
        line.item.id.to_string(),
        content.kind.word().to_owned(),
        line.thing,
        line.requester.name,
        line.beneficiary.name,
        content.length.text(),
        content.reason,
        content.state.word().to_owned(),
        waits.join("; "),
        content.created.to_string(),
        content.ended.map(|at| at.to_string()).unwrap_or_default(),
    ]
}
