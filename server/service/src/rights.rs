//! Rights in the console: assignments of the built-in application's entitlements, given by administrators.

use crate::boxed;
use std::collections::BTreeSet;

use domain::application::{ApplicationContent, CONSOLE};
use domain::assignment::{Agent, AssignmentState};
use domain::audit::{AuditAction, Event};
use domain::entitlement::{EntitlementContent, EntitlementKind};
use domain::field::FieldErrors;
use domain::id::{EntitlementId, IdentityId};
use domain::lifecycle::{Level, Lifecycle};
use domain::permission::{Action, ConsoleRight, Permit};
use domain::role::Grantable;
use storage::assignments::{Assignment, AssignmentContent};
use storage::{ReadTx, WriteTx};

use crate::people::facts;
use crate::{Cx, Error, Result, Service};

/// Gives a person a console right.
#[boxed]
pub async fn grant(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    right: ConsoleRight,
    reason: &str,
) -> Result<()> {
    let result = carry_out_grant(service, cx, id, right, reason).await;
    service.noted(cx, result).await
}

/// Ends a person's console right.
#[boxed]
pub async fn end(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    right: ConsoleRight,
    reason: &str,
) -> Result<()> {
    let result = carry_out_end(service, cx, id, right, reason).await;
    service.noted(cx, result).await
}

async fn carry_out_grant(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    right: ConsoleRight,
    reason: &str,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, facts) = facts(&mut tx, cx, id, now).await?;
    let permit = cx.decide(Action::GrantRight, Some(id.into()), facts)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    if !person.content.status.may_sign_in() {
        return Err(Error::Refused(format!(
            "{} cannot sign in now. Resume the person first.",
            person.content.display_name
        )));
    }
    if tx.console_rights(id, now).await?.has(right) {
        return Err(Error::Refused(format!(
            "{} has this right already.",
            person.content.display_name
        )));
    }
    let event = assign(&mut tx, cx, &permit, id, right, &reason).await?;
    service.commit(cx, tx, id, event, Vec::new()).await
}

async fn carry_out_end(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    right: ConsoleRight,
    reason: &str,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (_, facts) = facts(&mut tx, cx, id, now).await?;
    let permit = cx.decide(Action::GrantRight, Some(id.into()), facts)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    if right == ConsoleRight::Administer {
        keep_an_administrator(&mut tx, id).await?;
    }
    let entitlement = entitlement_of(&mut tx, right).await?;
    let mut events = Vec::new();
    for assignment in tx.assignments_of(id).await? {
        if assignment.content.what == Grantable::Entitlement(entitlement) {
            events.push(end_assignment(&mut tx, cx, &permit, assignment, &reason).await?);
        }
    }
    if events.is_empty() {
        return Err(Error::Refused(
            "This right has been ended already.".to_owned(),
        ));
    }
    let first = events.remove(0);
    service.commit(cx, tx, id, first, events).await
}

/// Writes the assignment of a right within a transaction.
pub(crate) async fn assign(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    id: IdentityId,
    right: ConsoleRight,
    reason: &str,
) -> Result<Event> {
    let content = AssignmentContent {
        identity: id,
        what: Grantable::Entitlement(entitlement_of(tx, right).await?),
        agent: Agent::Admin,
        reason: reason.to_owned(),
        state: AssignmentState::Active,
        valid_from: tx.recorded(),
        valid_until: None,
        source: None,
        rule: None,
        granted_by: cx.me(),
        request: None,
        activates: None,
    };
    let (_, target) = tx.insert_assignment(&content).await?;
    let mut event = cx.change(
        permit,
        AuditAction::AssignmentCreated,
        target,
        None::<&AssignmentContent>,
        Some(&content),
        Some(reason),
    )?;
    touch(&mut event, id, content.what);
    Ok(event)
}

/// Ends an assignment within a transaction.
pub(crate) async fn end_assignment(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    assignment: Assignment,
    reason: &str,
) -> Result<Event> {
    let after = AssignmentContent {
        state: AssignmentState::Ended,
        valid_until: Some(tx.recorded()),
        ..assignment.content.clone()
    };
    let target = tx
        .replace_assignment(assignment.id, assignment.recorded_from, &after)
        .await?;
    let mut event = cx.change(
        permit,
        AuditAction::AssignmentEnded,
        target,
        Some(&assignment.content),
        Some(&after),
        Some(reason),
    )?;
    touch(&mut event, after.identity, after.what);
    Ok(event)
}

/// The person and the entitlement or role find the entry in their timelines, too.
fn touch(event: &mut Event, id: IdentityId, what: Grantable) {
    event.targets.push(domain::audit::Target {
        object: id.into(),
        content: None,
    });
    event.targets.push(domain::audit::Target {
        object: match what {
            Grantable::Entitlement(entitlement) => entitlement.into(),
            Grantable::Role(role) => role.into(),
        },
        content: None,
    });
}

/// Refuses when nobody but `leaving` could administer the console.
pub(crate) async fn keep_an_administrator(tx: &mut WriteTx, leaving: IdentityId) -> Result<()> {
    keep_an_administrator_besides(tx, leaving, &BTreeSet::new()).await
}

/// The same where others leave together with this one.
pub(crate) async fn keep_an_administrator_besides(
    tx: &mut ReadTx,
    leaving: IdentityId,
    others: &BTreeSet<IdentityId>,
) -> Result<()> {
    let entitlement = entitlement_of(tx, ConsoleRight::Administer).await?;
    let most = i64::try_from(others.len()).unwrap_or(0).saturating_add(2);
    let mut holders = tx.active_holders(entitlement, most).await?;
    holders.retain(|holder| !others.contains(holder));
    if holders.contains(&leaving) && holders.len() == 1 {
        return Err(Error::Refused(
            "This is the last person who can administer the console. Give the right Administer to somebody else first.".to_owned(),
        ));
    }
    Ok(())
}

/// The entitlement of the built-in application that is a right.
pub(crate) async fn entitlement_of(tx: &mut ReadTx, right: ConsoleRight) -> Result<EntitlementId> {
    let missing = || Error::Internal("the built-in application has no such right".to_owned());
    let console = tx.application_by_name(CONSOLE).await?.ok_or_else(missing)?;
    Ok(tx
        .entitlement_by_name(console.id, right.word())
        .await?
        .ok_or_else(missing)?
        .id)
}

/// Makes the built-in application with its rights, in the first transaction of a database.
pub(crate) async fn install(tx: &mut WriteTx, cx: &Cx, permit: &Permit) -> Result<Vec<Event>> {
    let application = ApplicationContent {
        name: CONSOLE.to_owned(),
        display_name: "Bailiwick".to_owned(),
        description: "This console: who may administer, manage, review and audit.".to_owned(),
        owner: None,
        criticality: Some(Level::Critical),
        status: Lifecycle::Active,
        built_in: true,
        source: None,
    };
    let (id, target) = tx.insert_application(&application).await?;
    let mut events = vec![cx.change(
        permit,
        AuditAction::ApplicationCreated,
        target,
        None::<&ApplicationContent>,
        Some(&application),
        None,
    )?];
    for right in ConsoleRight::ALL {
        let risk = if *right == ConsoleRight::Administer {
            Level::Critical
        } else {
            Level::High
        };
        let content = EntitlementContent {
            application: id,
            name: right.word().to_owned(),
            display_name: right.label().to_owned(),
            description: right.description().to_owned(),
            kind: EntitlementKind::Permission,
            actions: Vec::new(),
            resource_type: String::new(),
            resource_id: String::new(),
            risk: Some(risk),
            owner: None,
            requestable: false,
            status: Lifecycle::Active,
            source: None,
        };
        let (_, target) = tx.insert_entitlement(&content).await?;
        events.push(cx.change(
            permit,
            AuditAction::EntitlementCreated,
            target,
            None::<&EntitlementContent>,
            Some(&content),
            None,
        )?);
    }
    Ok(events)
}
