//! Setting a password through a one-time link and changing one's own.

use crate::boxed;
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::Identity;
use domain::permission::{Action, Actor, Facts, Rights};
use proof::hash::sha256;
use storage::ReadTx;

use super::{Personal, check};
use crate::sessions::throttle::subjects;
use crate::{Cx, Error, Result, Service};

/// Whose password a link sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOwner {
    /// Who.
    pub id: IdentityId,
    /// Sign-in name.
    pub username: String,
    /// Name.
    pub display_name: String,
}

/// Whom a link is for; [`Error::NotFound`] when it was used, replaced or has expired.
#[boxed]
pub async fn link_owner(service: &Service, token: &str) -> Result<LinkOwner> {
    let mut tx = service.store.read().await?;
    let person = owner(&mut tx, token, service.now()).await?;
    Ok(LinkOwner {
        id: person.id,
        username: person.content.username,
        display_name: person.content.display_name,
    })
}

async fn owner(tx: &mut ReadTx, token: &str, now: domain::time::Instant) -> Result<Identity> {
    let id = tx
        .link_owner(&sha256(token.as_bytes()).0, now)
        .await?
        .ok_or(Error::NotFound)?;
    let person = tx.identity(id).await?.ok_or(Error::NotFound)?;
    if person.content.status.may_sign_in() {
        Ok(person)
    } else {
        Err(Error::NotFound)
    }
}

/// Sets the password of whoever a link is for, uses the link up and ends all sessions.
#[boxed]
pub async fn set_by_link(
    service: &Service,
    cx: &Cx,
    token: &str,
    password: &str,
    again: &str,
) -> Result<LinkOwner> {
    let mut read = service.store.read().await?;
    let person = owner(&mut read, token, service.now()).await?;
    let organisation = read
        .organisation()
        .await?
        .map(|o| o.name)
        .unwrap_or_default();
    drop(read);
    let mut errors = FieldErrors::new();
    check(
        "password",
        password,
        personal(&person, &organisation),
        &mut errors,
    );
    if errors.is_empty() && password != again {
        errors.add(
            "again",
            "The two passwords differ. Type the same one twice.",
        );
    }
    errors.or(())?;
    let hash = service.passwords.hash(password).await?;
    // The link may have been used while the password was hashed: whoever was first wins.
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    let now = tx.recorded();
    let person = owner(&mut tx, token, now).await?;
    tx.put_password(person.id, &hash).await?;
    tx.delete_sessions_of(person.id, None).await?;
    let actor = Cx {
        actor: Actor::Person {
            id: person.id,
            rights: Rights::NONE,
        },
        origin: cx.origin.clone(),
        once: None,
    };
    let event = actor.about(AuditAction::PasswordSet, person.id);
    tx.commit(event, Vec::new()).await?;
    Ok(LinkOwner {
        id: person.id,
        username: person.content.username,
        display_name: person.content.display_name,
    })
}

/// Changes the actor's own password and ends all other sessions. `keep` is the hash of the present session's id.
#[boxed]
pub async fn change(
    service: &Service,
    cx: &Cx,
    old: &str,
    password: &str,
    again: &str,
    keep: &[u8],
) -> Result<()> {
    let id = cx.me().ok_or(Error::NotFound)?;
    cx.decide(
        Action::OwnAccount,
        Some(id.into()),
        Facts {
            is_self: true,
            ..Facts::default()
        },
    )?;
    service
        .check_throttle(&subjects(&id.to_string(), &cx.origin))
        .await?;
    let mut read = service.store.read().await?;
    let person = read.identity(id).await?.ok_or(Error::NotFound)?;
    let stored = read.password_hash(id).await?;
    let organisation = read
        .organisation()
        .await?
        .map(|o| o.name)
        .unwrap_or_default();
    drop(read);
    let mut errors = FieldErrors::new();
    check(
        "password",
        password,
        personal(&person, &organisation),
        &mut errors,
    );
    if errors.is_empty() && password != again {
        errors.add(
            "again",
            "The two passwords differ. Type the same one twice.",
        );
    }
    if !service.passwords.verify(old, stored).await? {
        service.note_failure(cx, &id.to_string()).await?;
        errors.add("old", "This is not your present password. Type it again.");
    }
    errors.or(())?;
    let hash = service.passwords.hash(password).await?;
    let mut tx = service.begin(cx).await?;
    tx.put_password(id, &hash).await?;
    tx.delete_sessions_of(id, Some(keep)).await?;
    let event = cx.about(AuditAction::PasswordChanged, id);
    service.commit(cx, tx, id, event, Vec::new()).await
}

fn personal<'a>(person: &'a Identity, organisation: &'a str) -> Personal<'a> {
    Personal {
        username: &person.content.username,
        display_name: &person.content.display_name,
        email: &person.content.email,
        organisation,
    }
}
