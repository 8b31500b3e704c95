//! One person and what happened to them.

use crate::boxed;
use std::collections::{BTreeSet, HashMap};

use domain::id::{IdentityId, ObjectRef};
use domain::identity::Identity;
use domain::permission::{Action, Facts, Rights};
use storage::identities::IdentityName;

use super::{facts, facts_of};
use crate::audit::{EntryView, WithLatest, mentioned, names, views};
use crate::{Cx, Error, Result, Service};

/// Entries on one page of a timeline.
const TIMELINE_PAGE: i64 = 50;
/// Entries beside an object.
const LATEST: i64 = 5;

/// A person as their page shows them.
#[derive(Debug, Clone)]
pub struct Person {
    /// The record.
    pub identity: Identity,
    /// Who decides for them.
    pub manager: Option<IdentityName>,
    /// Their rights in this console.
    pub rights: Rights,
    /// What the reader may do here, for buttons.
    pub may: Vec<Action>,
    /// Whether they can sign in with a password.
    pub has_password: bool,
}

/// Alias kept short for pages: what a timeline lists.
pub type TimelineEntry = EntryView;

/// A page of a timeline, the newest first.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The entries.
    pub entries: Vec<EntryView>,
    /// Continue below this entry, when there are more.
    pub below: Option<i64>,
    /// Names of the people, applications and entitlements whose ids stand in the changes, by id text.
    pub names: HashMap<String, String>,
}

/// One person; an auditor's look is recorded.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: IdentityId) -> Result<Person> {
    let result = carry_out(service, cx, id).await;
    let person = service.noted(cx, result).await?;
    service.note_view(cx, id).await?;
    Ok(person)
}

/// One person with the latest entries about them; an auditor's look is recorded.
#[boxed]
pub async fn overview(service: &Service, cx: &Cx, id: IdentityId) -> Result<WithLatest<Person>> {
    let object = read(service, cx, id).await?;
    let latest = latest_of(service, id.into()).await?;
    Ok(WithLatest { object, latest })
}

async fn carry_out(service: &Service, cx: &Cx, id: IdentityId) -> Result<Person> {
    let mut tx = service.store.read().await?;
    let identity = tx.identity(id).await?.ok_or(Error::NotFound)?;
    let rights = tx.console_rights(id, service.now()).await?;
    let facts = facts_of(cx, &identity, rights);
    cx.decide(Action::ReadPerson, Some(id.into()), facts)?;
    let manager = match identity.content.manager {
        Some(manager) => tx.identity_names(&[manager]).await?.pop(),
        None => None,
    };
    let may = Action::ALL
        .iter()
        .copied()
        .filter(|action| cx.decide(*action, Some(id.into()), facts).is_ok())
        .collect();
    Ok(Person {
        manager,
        rights,
        may,
        has_password: tx.password_hash(id).await?.is_some(),
        identity,
    })
}

/// The id of whoever uses a username now, if the actor may know.
#[boxed]
pub async fn by_username(service: &Service, cx: &Cx, username: &str) -> Result<Option<IdentityId>> {
    let Some(found) = service
        .store
        .read()
        .await?
        .identity_by_username(username)
        .await?
    else {
        return Ok(None);
    };
    let result = carry_out(service, cx, found.id).await;
    match service.noted(cx, result).await {
        Ok(person) => Ok(Some(person.identity.id)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the actor may do this to a person; a refusal is recorded and says what is missing.
#[boxed]
pub async fn may(service: &Service, cx: &Cx, id: IdentityId, action: Action) -> Result<()> {
    let result = check(service, cx, id, action).await;
    service.noted(cx, result).await
}

/// Whether the actor may suspend, resume or end people at all; a refusal is recorded.
#[boxed]
pub async fn may_move_some(service: &Service, cx: &Cx) -> Result<()> {
    service
        .noted(
            cx,
            cx.decide(Action::MovePerson, None, Facts::default())
                .map(drop),
        )
        .await
}

async fn check(service: &Service, cx: &Cx, id: IdentityId, action: Action) -> Result<()> {
    let mut tx = service.store.read().await?;
    let (_, facts) = facts(&mut tx, cx, id, service.now()).await?;
    cx.decide(action, Some(id.into()), facts).map(drop)
}

/// What happened to a person, with before and after.
#[boxed]
pub async fn timeline(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    below: Option<i64>,
) -> Result<(Person, Timeline)> {
    let person = read(service, cx, id).await?;
    let timeline = timeline_of(service, id.into(), below).await?;
    Ok((person, timeline))
}

/// The latest entries about any object whose page the reader has been let in to.
pub(crate) async fn latest_of(service: &Service, object: ObjectRef) -> Result<Vec<EntryView>> {
    let mut tx = service.store.read().await?;
    let latest = tx.audit_of(object, None, LATEST).await?;
    views(&mut tx, latest).await
}

/// The timeline of any object whose page the reader has been let in to.
pub(crate) async fn timeline_of(
    service: &Service,
    object: ObjectRef,
    below: Option<i64>,
) -> Result<Timeline> {
    let mut tx = service.store.read().await?;
    let mut entries = tx.audit_of(object, below, TIMELINE_PAGE + 1).await?;
    let more = i64::try_from(entries.len()).is_ok_and(|n| n > TIMELINE_PAGE);
    entries.truncate(usize::try_from(TIMELINE_PAGE).unwrap_or(usize::MAX));
    let below = entries.last().filter(|_| more).map(|entry| entry.seq);
    let mentioned: BTreeSet<ObjectRef> = entries.iter().flat_map(mentioned).collect();
    let names = names(&mut tx, mentioned)
        .await?
        .into_iter()
        .map(|(object, name)| (object.to_string(), name))
        .collect();
    Ok(Timeline {
        entries: views(&mut tx, entries).await?,
        below,
        names,
    })
}
