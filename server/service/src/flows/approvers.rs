//! Who must agree in a step: people who can act now, found anew each time a step opens. Those whom the request is about are
//! never among them; when nobody is left, the step's fallback is asked, and then the administrators.

use std::collections::BTreeSet;

use domain::approval::{Approver, Step};
use domain::id::{EntitlementId, IdentityId};
use domain::identity::{Identity, IdentityStatus};
use domain::permission::ConsoleRight;
use domain::request::Parties;
use domain::role::Grantable;
use domain::time::Instant;
use jiff::tz::TimeZone;
use storage::ReadTx;

use crate::{Error, Result, boxed, effective, rights};

/// People of one step at most.
const MOST: i64 = 200;

/// Who is to decide in a step, and why they.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Who, in the order of ids; empty only when there is not even an administrator who can act.
    pub(crate) people: Vec<IdentityId>,
    /// Why they: the part of a sentence.
    pub(crate) because: String,
}

/// Whom an approver means before it is known who of them can act.
struct Meant {
    people: Vec<IdentityId>,
    /// How many of them must be able to act.
    least: usize,
    /// Why these, when some of them are left.
    because: String,
    /// How a single one of them is called in front of their name, as in `Ana Silva's manager`.
    one: Option<String>,
    /// Why nobody of them is left, when it is not one person who is missing.
    nobody: String,
}

/// What a step is about.
struct About<'a> {
    parties: Parties,
    what: Grantable,
    zone: &'a TimeZone,
    now: Instant,
}

/// Finds who must agree in a step.
#[boxed]
pub(crate) async fn approvers(
    tx: &mut ReadTx,
    step: &Step,
    parties: Parties,
    what: Grantable,
    now: Instant,
) -> Result<Found> {
    let zone = match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    };
    let about = About {
        parties,
        what,
        zone: &zone,
        now,
    };
    let first = match look(tx, &step.approver, &about).await? {
        Ok(found) => return Ok(found),
        Err(missing) => missing,
    };
    let mut reason = first;
    if let Some(fallback) = &step.fallback {
        match look(tx, fallback, &about).await? {
            Ok(found) => {
                return Ok(Found {
                    because: format!("{reason}: {}", label(fallback)),
                    ..found
                });
            }
            Err(_) => "nobody else is left".clone_into(&mut reason),
        }
    }
    match look(tx, &Approver::Administrators, &about).await? {
        Ok(found) => Ok(Found {
            because: format!("{reason}: administrators"),
            ..found
        }),
        Err(_) => Ok(Found {
            people: Vec::new(),
            because: "nobody is left who could decide".to_owned(),
        }),
    }
}

/// How an approver that stands in for another is called.
fn label(approver: &Approver) -> &'static str {
    match approver {
        Approver::Manager => "the manager",
        Approver::ManagersManager => "the manager's manager",
        Approver::Owner => "the owner",
        Approver::ApplicationOwner => "the owner of the application",
        Approver::People { .. } => "people whom the flow names",
        Approver::Role { .. } => "those who hold the role that the flow names",
        Approver::Administrators => "administrators",
    }
}

/// Those of an approver who can act, or why they are missing.
async fn look(
    tx: &mut ReadTx,
    approver: &Approver,
    about: &About<'_>,
) -> Result<std::result::Result<Found, String>> {
    let meant = meant(tx, approver, about).await?;
    let mut known = tx.identities_with(&meant.people).await?;
    known.sort_unstable_by_key(|one| one.id);
    let (mut people, mut missing) = (Vec::new(), None);
    for one in &known {
        match hindrance(tx, one, about).await? {
            None => people.push(one.id),
            Some(why) => missing = Some((one.content.display_name.clone(), why)),
        }
    }
    if !people.is_empty() && people.len() >= meant.least {
        return Ok(Ok(Found {
            people,
            because: meant.because,
        }));
    }
    Ok(Err(match (meant.one, missing) {
        (Some(called), Some((name, why))) => format!("{called} {name} {why}"),
        _ => meant.nobody,
    }))
}

/// Why somebody cannot decide this; none when they can.
async fn hindrance(
    tx: &mut ReadTx,
    one: &Identity,
    about: &About<'_>,
) -> Result<Option<&'static str>> {
    if about.parties.are(one.id) {
        return Ok(Some("would decide for themself"));
    }
    if !effective::presence(&one.content, about.zone).is_there(about.now) {
        return Ok(Some(match one.content.status {
            IdentityStatus::Suspended => "is suspended",
            _ => "has left",
        }));
    }
    if one.content.status != IdentityStatus::OnLeave {
        return Ok(None);
    }
    let others = tx.stood_in_by(one.id, about.now).await?;
    let others = tx.identities_with(&others).await?;
    let decides = |other: &Identity| {
        other.content.status == IdentityStatus::Active
            && !about.parties.are(other.id)
            && effective::presence(&other.content, about.zone).is_there(about.now)
    };
    Ok((!others.iter().any(decides)).then_some("is on leave and nobody stands in"))
}

async fn meant(tx: &mut ReadTx, approver: &Approver, about: &About<'_>) -> Result<Meant> {
    match approver {
        Approver::Manager => manager(tx, about.parties.beneficiary).await,
        Approver::ManagersManager => managers_manager(tx, about.parties.beneficiary).await,
        Approver::Owner => owner(tx, about.what).await,
        Approver::ApplicationOwner => application_owner(tx, about.what).await,
        Approver::People { people } => Ok(Meant {
            people: people
                .iter()
                .copied()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            least: 1,
            because: "named in the flow".to_owned(),
            one: None,
            nobody: "nobody whom the flow names can decide".to_owned(),
        }),
        Approver::Role { role, quorum } => {
            let name = tx
                .role(*role)
                .await?
                .map_or_else(|| role.to_string(), |role| role.content.display_name);
            let least = usize::from(*quorum).max(1);
            Ok(Meant {
                people: effective::people_with_role(tx, *role, about.now, MOST).await?,
                least,
                because: if least == 1 {
                    format!("holders of {name}")
                } else {
                    format!("holders of {name}, {least} of whom must agree")
                },
                one: None,
                nobody: if least == 1 {
                    format!("nobody who holds {name} can decide")
                } else {
                    format!("fewer than {least} people who hold {name} can decide")
                },
            })
        }
        Approver::Administrators => Ok(Meant {
            people: administrators(tx, about.now).await?,
            least: 1,
            because: "administrators".to_owned(),
            one: None,
            nobody: "there is no administrator who can decide".to_owned(),
        }),
    }
}

impl Meant {
    fn single(person: Option<IdentityId>, because: String, called: String, nobody: String) -> Self {
        Self {
            people: person.into_iter().collect(),
            least: 1,
            because,
            one: Some(called),
            nobody,
        }
    }
}

async fn known(tx: &mut ReadTx, id: IdentityId) -> Result<Identity> {
    tx.identity(id).await?.ok_or(Error::NotFound)
}

async fn manager(tx: &mut ReadTx, person: IdentityId) -> Result<Meant> {
    let content = known(tx, person).await?.content;
    let name = content.display_name;
    Ok(Meant::single(
        content.manager,
        format!("manager of {name}"),
        format!("{name}'s manager"),
        format!("{name} has no manager"),
    ))
}

async fn managers_manager(tx: &mut ReadTx, person: IdentityId) -> Result<Meant> {
    let content = known(tx, person).await?.content;
    let name = content.display_name;
    let above = match content.manager {
        Some(manager) => known(tx, manager).await?.content.manager,
        None => None,
    };
    Ok(Meant::single(
        above,
        format!("manager of {name}'s manager"),
        format!("the manager of {name}'s manager"),
        format!("{name}'s manager has no manager"),
    ))
}

async fn owner(tx: &mut ReadTx, what: Grantable) -> Result<Meant> {
    let (owner, name) = match what {
        Grantable::Role(id) => {
            let role = tx.role(id).await?.ok_or(Error::NotFound)?.content;
            (role.owner, role.display_name)
        }
        Grantable::Entitlement(id) => {
            let found = tx.entitlement(id).await?.ok_or(Error::NotFound)?.content;
            if found.owner.is_none() {
                return application_owner(tx, what).await;
            }
            (found.owner, found.display_name)
        }
    };
    Ok(Meant::single(
        owner,
        format!("owner of {name}"),
        format!("the owner of {name}"),
        format!("{name} has no owner"),
    ))
}

async fn application_owner(tx: &mut ReadTx, what: Grantable) -> Result<Meant> {
    let application = match what {
        Grantable::Entitlement(id) => {
            let found = application_of(tx, id).await?;
            tx.application(found).await?
        }
        Grantable::Role(_) => None,
    };
    let Some(application) = application else {
        return Ok(Meant::single(
            None,
            String::new(),
            String::new(),
            "a role has no application".to_owned(),
        ));
    };
    let name = application.content.display_name;
    Ok(Meant::single(
        application.content.owner,
        format!("owner of {name}"),
        format!("the owner of {name}"),
        format!("{name} has no owner"),
    ))
}

async fn application_of(tx: &mut ReadTx, id: EntitlementId) -> Result<domain::id::ApplicationId> {
    let found = tx.entitlement(id).await?.ok_or(Error::NotFound)?;
    Ok(found.content.application)
}

/// Whoever may administer the console or its access model.
pub(crate) async fn administrators(tx: &mut ReadTx, now: Instant) -> Result<Vec<IdentityId>> {
    const RIGHTS: [ConsoleRight; 2] = [ConsoleRight::Administer, ConsoleRight::ManageAccessModel];
    let mut all = BTreeSet::new();
    for right in RIGHTS {
        let entitlement = rights::entitlement_of(tx, right).await?;
        all.extend(tx.active_holders(entitlement, MOST).await?);
    }
    let mut found = Vec::new();
    for one in all {
        // An assignment that has not begun, or is over, is active as a row.
        if tx.console_rights(one, now).await?.has_any(&RIGHTS) {
            found.push(one);
        }
    }
    Ok(found)
}
