//! Turning what people type for another object into its id.

use domain::field::FieldErrors;
use domain::id::{ApplicationId, IdentityId};
use domain::identity::{Identity, IdentityStatus};
use storage::ReadTx;

use crate::Result;

/// Longest chain of managers that is followed; longer ones are a mistake.
const CHAIN: usize = 64;

/// A person by username or id. Empty is nobody; an unknown or ended one is a problem at `field`.
pub(crate) async fn person(
    tx: &mut ReadTx,
    field: &'static str,
    typed: &str,
    errors: &mut FieldErrors,
) -> Result<Option<IdentityId>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let found: Option<Identity> = match typed.parse::<IdentityId>() {
        Ok(id) => tx.identity(id).await?,
        Err(_) => tx.identity_by_username(typed).await?,
    };
    match found {
        None => {
            errors.add(field, format!("Nobody here has the username or id “{typed}”. Choose one of the suggestions, or leave this empty."));
            Ok(None)
        }
        Some(person) if person.content.status == IdentityStatus::Ended => {
            errors.add(
                field,
                format!(
                    "{} has left. Choose somebody else.",
                    person.content.display_name
                ),
            );
            Ok(None)
        }
        Some(person) => Ok(Some(person.id)),
    }
}

/// Adds a problem when `manager` would make `id` decide for itself, directly or through others.
pub(crate) async fn no_manager_cycle(
    tx: &mut ReadTx,
    id: IdentityId,
    manager: Option<IdentityId>,
    errors: &mut FieldErrors,
) -> Result<()> {
    let mut above = manager;
    let mut path = Vec::new();
    while let Some(current) = above {
        if current == id {
            let way = if path.is_empty() {
                "nobody is their own manager".to_owned()
            } else {
                format!(
                    "the line of managers would come back through {}",
                    path.join(", ")
                )
            };
            errors.add("manager", format!("Choose another manager: {way}."));
            return Ok(());
        }
        if path.len() >= CHAIN {
            return Ok(());
        }
        let Some(person) = tx.identity(current).await? else {
            return Ok(());
        };
        path.push(person.content.display_name);
        above = person.content.manager;
    }
    Ok(())
}

/// An application by technical name or id; required.
pub(crate) async fn application(
    tx: &mut ReadTx,
    typed: &str,
    errors: &mut FieldErrors,
) -> Result<Option<ApplicationId>> {
    let typed = typed.trim();
    if typed.is_empty() {
        errors.add(
            "application",
            "The application is missing. Choose the one that grants this.",
        );
        return Ok(None);
    }
    let found = match typed.parse::<ApplicationId>() {
        Ok(id) => tx.application(id).await?,
        Err(_) => tx.application_by_name(typed).await?,
    };
    match found {
        Some(application) if application.content.built_in => {
            errors.add(
                "application",
                "The console's own rights are fixed. Choose another application.",
            );
            Ok(None)
        }
        Some(application) if application.content.status == domain::lifecycle::Lifecycle::Ended => {
            errors.add(
                "application",
                format!(
                    "{} has ended. Choose another application.",
                    application.content.display_name
                ),
            );
            Ok(None)
        }
        Some(application) => Ok(Some(application.id)),
        None => {
            errors.add(
                "application",
                format!(
                    "No application has the name or id “{typed}”. Choose one of the suggestions."
                ),
            );
            Ok(None)
        }
    }
}
