//! Saving, changing and forgetting one's own views.

use domain::field::FieldErrors;
use domain::id::{IdentityId, ViewId};
use domain::text;
use domain::view::{ListName, SavedView, VIEWS_MAX, ViewContent, ViewDraft};
use storage::WriteTx;

use super::{me, own};
use crate::{Cx, Result, Service, boxed};

/// Why these commits carry no entry.
const BOOKMARK: &str = "a saved view is a bookmark: it gives nobody anything to see";

/// Saves a view of a list for the actor.
#[boxed]
pub async fn create(
    service: &Service,
    cx: &Cx,
    list: ListName,
    draft: &ViewDraft,
) -> Result<ViewId> {
    let me = me(cx)?;
    let content = draft.check()?;
    let mut tx = service.begin(cx).await?;
    let others = names(&mut tx, me, list, None).await?;
    if others.len() >= VIEWS_MAX {
        let message = format!(
            "You keep {VIEWS_MAX} views of this list already. Delete one that you no longer need."
        );
        return Err(FieldErrors::one("name", message).into());
    }
    unique(&others, &content)?;
    let id = tx.insert_view(me, list, &content).await?;
    service.commit_once(cx, tx, id, BOOKMARK).await?;
    Ok(id)
}

/// Renames one of the actor's views, and says whether others find it; its query stays.
#[boxed]
pub async fn change(service: &Service, cx: &Cx, id: ViewId, draft: &ViewDraft) -> Result<()> {
    let result = rewrite(service, cx, id, |view| ViewDraft {
        query: view.content.query.clone(),
        ..draft.clone()
    })
    .await;
    service.noted(cx, result).await
}

/// Makes one of the actor's views show what they look at now.
#[boxed]
pub async fn set_query(service: &Service, cx: &Cx, id: ViewId, query: &str) -> Result<()> {
    let result = rewrite(service, cx, id, |view| ViewDraft {
        name: view.content.name.clone(),
        query: query.to_owned(),
        shared: view.content.shared,
    })
    .await;
    service.noted(cx, result).await
}

/// Forgets one of the actor's views.
#[boxed]
pub async fn delete(service: &Service, cx: &Cx, id: ViewId) -> Result<()> {
    let result = carry_out_delete(service, cx, id).await;
    service.noted(cx, result).await
}

async fn rewrite(
    service: &Service,
    cx: &Cx,
    id: ViewId,
    draft: impl FnOnce(&SavedView) -> ViewDraft,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let view = own(cx, tx.view(id).await?)?;
    let content = draft(&view).check()?;
    let others = names(&mut tx, view.owner, view.list, Some(id)).await?;
    unique(&others, &content)?;
    tx.change_view(id, &content).await?;
    service.commit_once(cx, tx, id, BOOKMARK).await
}

async fn carry_out_delete(service: &Service, cx: &Cx, id: ViewId) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    own(cx, tx.view(id).await?)?;
    tx.delete_view(id).await?;
    service.commit_once(cx, tx, id, BOOKMARK).await
}

/// The keys of the names of somebody's other views of a list.
async fn names(
    tx: &mut WriteTx,
    owner: IdentityId,
    list: ListName,
    but: Option<ViewId>,
) -> Result<Vec<String>> {
    let views = tx.views(owner, list).await?;
    Ok(views
        .into_iter()
        .filter(|view| view.owner == owner && Some(view.id) != but)
        .map(|view| text::key(&view.content.name))
        .collect())
}

fn unique(others: &[String], content: &ViewContent) -> Result<()> {
    if others.contains(&text::key(&content.name)) {
        let message =
            "You have a view of this name already. Choose another name, or save that view.";
        return Err(FieldErrors::one("name", message).into());
    }
    Ok(())
}
