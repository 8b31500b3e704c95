//! Requests as a list: one's own, or everybody's for those who see everybody's access.

use std::collections::HashMap;

use domain::id::{IdentityId, RequestItemId};
use domain::permission::{Action, Denied, Visibility, visible_people};
use domain::request::{ItemState, RequestItem};
use domain::role::Grantable;
use storage::requests::RequestFilter;

use super::detail::Named;
use super::inbox::things;
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
    let involving = match (all && may_see_all, cx.me()) {
        (true, _) => of,
        (false, Some(me)) => Some(me),
        (false, None) if may_see_all => of,
        (false, None) => {
            return Err(Error::Denied {
                denied: Denied::SignIn,
                action: Action::ReadRequest,
                object: None,
            });
        }
    };
    let mut tx = service.store.read().await?;
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
    let names: HashMap<IdentityId, String> = tx
        .identity_names(&people)
        .await?
        .into_iter()
        .map(|one| (one.id, one.display_name))
        .collect();
    let named = |id: IdentityId| Named {
        id,
        name: names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
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
