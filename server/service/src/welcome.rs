//! The first run: the organisation, the built-in application and the first administrator, in one transaction.

use crate::boxed;
use domain::audit::{AuditAction, Event};
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::{IdentityContent, IdentityDraft};
use domain::organisation::Organisation;
use domain::permission::{Action, Actor, ConsoleRight, Facts, Rights};
use storage::WriteTx;

use crate::passwords::{Personal, check};
use crate::{Cx, Error, Result, Service, rights};

/// What the first page asks for.
#[derive(Clone, Default)]
pub struct Welcome {
    /// The organisation's name.
    pub organisation: String,
    /// IANA time zone.
    pub zone: String,
    /// The administrator's name.
    pub display_name: String,
    /// Sign-in name.
    pub username: String,
    /// Mail address; may be empty.
    pub email: String,
    /// Password.
    pub password: String,
    /// The same again.
    pub again: String,
}

/// Shows no password.
impl std::fmt::Debug for Welcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Welcome")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Whether nobody can administer this console yet.
#[boxed]
pub async fn is_open(service: &Service) -> Result<bool> {
    Ok(service.store.read().await?.organisation().await?.is_none())
}

/// Creates the first administrator; refused once there is one.
#[boxed]
pub async fn create_first(service: &Service, cx: &Cx, welcome: &Welcome) -> Result<IdentityId> {
    if !is_open(service).await? {
        return Err(Error::NotFound);
    }
    let mut errors = FieldErrors::new();
    let organisation = Organisation::check(&welcome.organisation, &welcome.zone, &mut errors);
    let draft = IdentityDraft {
        username: welcome.username.clone(),
        display_name: welcome.display_name.clone(),
        email: welcome.email.clone(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let content = draft.check(None, None, &mut errors);
    let personal = Personal {
        username: &content.username,
        display_name: &content.display_name,
        email: &content.email,
        organisation: &organisation.name,
    };
    check("password", &welcome.password, personal, &mut errors);
    if errors.of("password").is_none() && welcome.password != welcome.again {
        errors.add(
            "again",
            "The two passwords differ. Type the same one twice.",
        );
    }
    errors.or(())?;
    let hash = service.passwords.hash(&welcome.password).await?;
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    // Two people at the first page at the same moment: the second finds the organisation there.
    if tx.organisation().await?.is_some() {
        return Err(Error::NotFound);
    }
    let (id, events) = set_up(&mut tx, cx, &organisation, &content).await?;
    tx.put_password(id, &hash).await?;
    let mut events = events.into_iter();
    let first = events
        .next()
        .ok_or_else(|| Error::Internal("setting up wrote nothing".to_owned()))?;
    tx.commit(first, events.collect()).await?;
    Ok(id)
}

/// Creates one more administrator from the command line, or the first one of an empty database.
#[boxed]
pub async fn create_administrator(
    service: &Service,
    username: &str,
    password: &str,
) -> Result<IdentityId> {
    let cx = Cx::of(Actor::CommandLine);
    if is_open(service).await? {
        let welcome = Welcome {
            organisation: "My organisation".to_owned(),
            zone: "UTC".to_owned(),
            display_name: username.to_owned(),
            username: username.to_owned(),
            email: String::new(),
            password: password.to_owned(),
            again: password.to_owned(),
        };
        return create_first(service, &cx, &welcome).await;
    }
    let mut errors = FieldErrors::new();
    let draft = IdentityDraft {
        username: username.to_owned(),
        display_name: username.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let content = draft.check(None, None, &mut errors);
    check(
        "password",
        password,
        Personal {
            username,
            ..Personal::default()
        },
        &mut errors,
    );
    errors.or(())?;
    let hash = service.passwords.hash(password).await?;
    let mut tx = service.begin(&cx).await?;
    if tx.identity_by_username(username).await?.is_some() {
        return Err(FieldErrors::one("username", "Somebody uses this username already. Choose another, or give that person the right Administer in the console.").into());
    }
    let (id, target) = tx.insert_identity(&content).await?;
    tx.put_password(id, &hash).await?;
    let permit = cx.decide(Action::GrantRight, Some(id.into()), Facts::default())?;
    let created = cx.change(
        &permit,
        AuditAction::IdentityCreated,
        target,
        None::<&IdentityContent>,
        Some(&content),
        Some("Created at the command line."),
    )?;
    let granted = rights::assign(
        &mut tx,
        &cx,
        &permit,
        id,
        ConsoleRight::Administer,
        "Created at the command line.",
    )
    .await?;
    service.commit(&cx, tx, id, created, vec![granted]).await?;
    Ok(id)
}

async fn set_up(
    tx: &mut WriteTx,
    cx: &Cx,
    organisation: &Organisation,
    content: &IdentityContent,
) -> Result<(IdentityId, Vec<Event>)> {
    let target = tx.insert_organisation(organisation).await?;
    let (id, person) = tx.insert_identity(content).await?;
    // The first administrator is the actor of what their first page does; before that there is nobody.
    let actor = if cx.actor == Actor::Anonymous {
        Actor::Person {
            id,
            rights: Rights::NONE.with(ConsoleRight::Administer),
        }
    } else {
        cx.actor
    };
    let cx = Cx {
        actor,
        ..cx.clone()
    };
    let permit = cx.decide(
        Action::GrantRight,
        None,
        Facts {
            is_manager: true,
            ..Facts::default()
        },
    )?;
    let mut events = vec![
        cx.change(
            &permit,
            AuditAction::OrganisationCreated,
            target,
            None::<&Organisation>,
            Some(organisation),
            None,
        )?,
        cx.change(
            &permit,
            AuditAction::IdentityCreated,
            person,
            None::<&IdentityContent>,
            Some(content),
            None,
        )?,
    ];
    events.extend(rights::install(tx, &cx, &permit).await?);
    events.push(
        rights::assign(
            tx,
            &cx,
            &permit,
            id,
            ConsoleRight::Administer,
            "The first administrator.",
        )
        .await?,
    );
    Ok((id, events))
}
