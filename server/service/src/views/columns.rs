//! The columns that somebody wants to see in a list, on every machine they use.

use domain::view::{COLUMNS_MAX, ListName};

use super::me;
use crate::{Cx, Error, Result, Service, boxed};

/// Keeps the columns of a list for the actor; none takes the list's own again.
#[boxed]
pub async fn keep_columns(
    service: &Service,
    cx: &Cx,
    list: ListName,
    columns: Option<&str>,
) -> Result<()> {
    let me = me(cx)?;
    if columns.is_some_and(|columns| columns.len() > COLUMNS_MAX) {
        return Err(Error::Refused(
            "These are more columns than a list has. Choose them again.".to_owned(),
        ));
    }
    let mut tx = service.begin(cx).await?;
    tx.keep_columns(me, list, columns).await?;
    tx.commit_unaudited("how somebody likes to see a list")
        .await?;
    Ok(())
}
