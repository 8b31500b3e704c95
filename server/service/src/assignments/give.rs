//! Giving an entitlement or a role to a person.

use domain::assignment::{Agent, AssignmentState};
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{AssignmentId, IdentityId};
use domain::identity::IdentityStatus;
use domain::permission::Action;
use domain::role::Grantable;
use storage::WriteTx;
use storage::assignments::AssignmentContent;

use super::{touch, validity, what};
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed};

/// What somebody types to give access, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GiveDraft {
    /// `APPLICATION/ENTITLEMENT`, `role:NAME`, or an id.
    pub what: String,
    /// Why; required.
    pub reason: String,
    /// First day; empty is now.
    pub from: String,
    /// Last day; empty is without end.
    pub until: String,
}

/// Gives access and answers the assignment.
#[boxed]
pub async fn give(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    draft: &GiveDraft,
) -> Result<AssignmentId> {
    let result = carry_out(service, cx, id, draft).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    draft: &GiveDraft,
) -> Result<AssignmentId> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, facts) = facts(&mut tx, cx, id, now).await?;
    let permit = cx.decide(Action::GiveAccess, Some(id.into()), facts)?;
    if person.content.status == IdentityStatus::Ended {
        return Err(Error::Refused(format!(
            "{} has left and can be given nothing.",
            person.content.display_name
        )));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", &draft.reason, 500);
    let what = what(&mut tx, &draft.what, &mut errors).await?;
    let (valid_from, valid_until) =
        validity(&mut tx, (&draft.from, &draft.until), now, &mut errors).await?;
    if let Some(what) = what {
        not_twice(&mut tx, id, what, &mut errors).await?;
    }
    errors.or(())?;
    let Some(what) = what else {
        return Err(Error::Internal(
            "what was given is neither known nor a problem".to_owned(),
        ));
    };
    let content = AssignmentContent {
        identity: id,
        what,
        agent: Agent::Admin,
        reason,
        state: AssignmentState::Active,
        valid_from,
        valid_until,
        source: None,
        rule: None,
        granted_by: cx.me(),
    };
    let (assignment, target) = tx.insert_assignment(&content).await?;
    let mut event = cx.change(
        &permit,
        AuditAction::AssignmentCreated,
        target,
        None::<&AssignmentContent>,
        Some(&content),
        Some(&content.reason),
    )?;
    touch(&mut event, id, what);
    service
        .commit(cx, tx, assignment, event, Vec::new())
        .await?;
    Ok(assignment)
}

/// The same thing by the same hand twice would need to be ended twice.
async fn not_twice(
    tx: &mut WriteTx,
    id: IdentityId,
    what: Grantable,
    errors: &mut FieldErrors,
) -> Result<()> {
    let now = tx.recorded();
    let has = tx.assignments_as_of(&[id], now.plus(1)).await?;
    let same = has.iter().find(|one| {
        let content = &one.content;
        content.what == what
            && content.agent == Agent::Admin
            && content.valid_until.is_none_or(|until| until > now)
    });
    if let Some(same) = same {
        let state = same.content.state.label().to_lowercase();
        errors.add(
            "what",
            format!("This was given already and is {state}. Change how long it lasts instead."),
        );
    }
    Ok(())
}
