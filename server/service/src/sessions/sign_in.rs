//! Checking a name and password.

use crate::boxed;
use domain::field::FieldErrors;
use domain::id::IdentityId;

use super::throttle::subjects;
use crate::{Cx, Error, Origin, Result, Service};

/// Someone whose password was right and whose session is about to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Who.
    pub identity: IdentityId,
    /// From where.
    pub origin: Origin,
}

/// Checks a name and password: the same answer, after the same work, whether the name or the password is wrong.
#[boxed]
pub async fn verify(service: &Service, cx: &Cx, username: &str, password: &str) -> Result<Opening> {
    let mut errors = FieldErrors::new();
    if username.trim().is_empty() {
        errors.add("username", "The username is missing. Enter it.");
    }
    if password.is_empty() {
        errors.add("password", "The password is missing. Enter it.");
    }
    errors.or(())?;
    // A longer one than can be set fits nobody; hashing megabytes would only help a flood.
    let too_long = password.chars().count() > crate::passwords::MAX_CHARACTERS * 4
        || username.chars().count() > 1000;
    let key = domain::text::key(username);
    service.check_throttle(&subjects(&key, &cx.origin)).await?;
    let mut tx = service.store.read().await?;
    let person = if too_long {
        None
    } else {
        tx.identity_by_username(username).await?
    };
    let person = person.filter(|person| person.content.status.may_sign_in());
    let stored = match &person {
        Some(person) => tx.password_hash(person.id).await?,
        None => None,
    };
    drop(tx);
    let fits = service
        .passwords
        .verify(if too_long { "" } else { password }, stored)
        .await?;
    match person {
        Some(person) if fits => {
            service.clear_account_failures(&key).await?;
            Ok(Opening {
                identity: person.id,
                origin: cx.origin.clone(),
            })
        }
        _ => {
            service.note_failure(cx, &key).await?;
            Err(Error::WrongPassword)
        }
    }
}
