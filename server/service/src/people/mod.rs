//! People, services and agents: see, create, edit, suspend, resume, end.

mod bulk;
mod create;
mod edit;
mod export;
mod link;
mod list;
mod move_;
mod read;

pub(crate) use bulk::MovePeople;
pub use bulk::{Act, MOST_AT_ONCE, MOST_MATCHING, Matching, Move, matching, move_many, move_one};
pub use create::{create, may_create};
pub use edit::{Edited, edit};
pub(crate) use export::{COLUMNS as EXPORT_COLUMNS, rows as export_rows};
pub use link::{NewLink, link};
pub(crate) use list::list_guard;
pub use list::{PeoplePage, list};
pub use move_::{End, end, end_due, resume, suspend};
pub use read::{
    Person, Timeline, TimelineEntry, by_username, may, may_move_some, overview, read, timeline,
};
pub(crate) use read::{latest_of, timeline_of};

pub use storage::identities::IdentityRow;

use std::collections::{BTreeSet, HashMap};

use domain::id::IdentityId;
use domain::identity::Identity;
use domain::permission::{Facts, Rights};
use storage::ReadTx;

use crate::{Cx, Error, Result};

/// A person with what the decision about them needs.
pub(crate) async fn facts(
    tx: &mut ReadTx,
    cx: &Cx,
    id: IdentityId,
    now: domain::time::Instant,
) -> Result<(Identity, Facts)> {
    let person = tx.identity(id).await?.ok_or(Error::NotFound)?;
    let rights = tx.console_rights(id, now).await?;
    let facts = facts_of(cx, &person, rights);
    Ok((person, facts))
}

/// What the decision about a person with these console rights needs.
pub(crate) fn facts_of(cx: &Cx, person: &Identity, rights: Rights) -> Facts {
    let me = cx.me();
    Facts {
        is_self: me == Some(person.id),
        is_manager: me.is_some() && person.content.manager == me,
        is_owner: false,
        is_privileged: !rights.is_empty(),
    }
}

/// How people are called in files, by id.
pub(crate) async fn usernames(
    tx: &mut ReadTx,
    ids: impl Iterator<Item = IdentityId>,
) -> Result<HashMap<IdentityId, String>> {
    let ids: BTreeSet<_> = ids.collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let people = tx.identities_with(&ids).await?.into_iter();
    Ok(people
        .map(|person| (person.id, person.content.username))
        .collect())
}
