//! Entitlements: see, create, edit, suspend, resume, end.

mod export;
mod read;
mod write;

pub(crate) use export::{COLUMNS as EXPORT_COLUMNS, rows as export_rows};
pub use storage::entitlements::EntitlementRow;

pub use read::{EntitlementDetail, EntitlementsPage, list, overview, read, timeline};
pub use write::{create, edit, step};

use domain::application::Application;
use domain::entitlement::Entitlement;
use domain::id::EntitlementId;
use domain::permission::Facts;
use storage::ReadTx;

use crate::{Cx, Error, Result};

/// An entitlement and its application with what the decision about it needs.
pub(crate) async fn facts(
    tx: &mut ReadTx,
    cx: &Cx,
    id: EntitlementId,
) -> Result<(Entitlement, Application, Facts)> {
    let entitlement = tx.entitlement(id).await?.ok_or(Error::NotFound)?;
    let application = tx
        .application(entitlement.content.application)
        .await?
        .ok_or(Error::NotFound)?;
    let me = cx.me();
    let is_owner =
        me.is_some() && (entitlement.content.owner == me || application.content.owner == me);
    Ok((
        entitlement,
        application,
        Facts {
            is_owner,
            ..Facts::default()
        },
    ))
}
