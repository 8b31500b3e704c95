//! Saved views of lists: each person's own, and those that others share.
//!
//! A view is a bookmark. What it shows is decided anew for whoever opens it, so sharing one shares no data, and nothing of
//! this goes into the log.

mod columns;
mod write;

use domain::id::{IdentityId, ViewId};
use domain::permission::{Action, Facts};
use domain::view::{ListName, SavedView};

use crate::people::list_guard;
use crate::{Cx, Error, Result, Service, boxed};

pub use columns::keep_columns;
pub use write::{change, create, delete, set_query};

/// What somebody has for a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Views {
    /// Their own views, by name.
    pub own: Vec<SavedView>,
    /// Views that others share, by name.
    pub shared: Vec<SavedView>,
    /// The columns they want to see when the address names none.
    pub columns: Option<String>,
}

/// The views of a list for the actor; nothing for who is no person.
#[boxed]
pub async fn of_list(service: &Service, cx: &Cx, list: ListName) -> Result<Views> {
    list_guard(cx)?;
    let Some(me) = cx.me() else {
        return Ok(Views::default());
    };
    let (views, columns) = service.store.views_and_columns(me, list).await?;
    let (own, shared) = views.into_iter().partition(|view| view.owner == me);
    Ok(Views {
        own,
        shared,
        columns,
    })
}

/// One of the actor's own views, to change it.
#[boxed]
pub async fn read_own(service: &Service, cx: &Cx, id: ViewId) -> Result<SavedView> {
    let found = service.store.read().await?.view(id).await?;
    service.noted(cx, own(cx, found)).await
}

/// The actor, who may do with their own views what they like.
fn me(cx: &Cx) -> Result<IdentityId> {
    list_guard(cx)?;
    let me = cx.me().ok_or(Error::NotFound)?;
    decide(cx, me)?;
    Ok(me)
}

/// The view, when it is the actor's: nobody changes another's.
fn own(cx: &Cx, view: Option<SavedView>) -> Result<SavedView> {
    list_guard(cx)?;
    let view = view.ok_or(Error::NotFound)?;
    decide(cx, view.owner)?;
    Ok(view)
}

fn decide(cx: &Cx, owner: IdentityId) -> Result<()> {
    let facts = Facts {
        is_self: cx.me() == Some(owner),
        ..Facts::default()
    };
    cx.decide(Action::OwnAccount, Some(owner.into()), facts)
        .map(drop)
}
