//! Applications: see, create, edit, suspend, resume, end.

mod export;
mod read;
mod write;

pub(crate) use export::{COLUMNS as EXPORT_COLUMNS, rows as export_rows};
pub use storage::applications::ApplicationRow;

pub use read::{ApplicationDetail, ApplicationsPage, list, overview, read, timeline};
pub use write::{create, edit, may_create, step};

use std::collections::{BTreeSet, HashMap};

use domain::application::Application;
use domain::id::ApplicationId;
use domain::permission::Facts;
use storage::ReadTx;

use crate::{Cx, Error, Result};

/// An application with what the decision about it needs.
pub(crate) async fn facts(
    tx: &mut ReadTx,
    cx: &Cx,
    id: ApplicationId,
) -> Result<(Application, Facts)> {
    let application = tx.application(id).await?.ok_or(Error::NotFound)?;
    let is_owner = cx.me().is_some() && application.content.owner == cx.me();
    Ok((
        application,
        Facts {
            is_owner,
            ..Facts::default()
        },
    ))
}

/// How applications are called in files, by id.
pub(crate) async fn technical_names(
    tx: &mut ReadTx,
    ids: impl Iterator<Item = ApplicationId>,
) -> Result<HashMap<ApplicationId, String>> {
    let ids: BTreeSet<_> = ids.collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let found = tx.applications_with(&ids).await?.into_iter();
    Ok(found
        .map(|application| (application.id, application.content.name))
        .collect())
}
