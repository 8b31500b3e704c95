//! Giving an entitlement or a role to a person.

use domain::assignment::{Agent, AssignmentState};
use domain::audit::AuditAction;
use domain::exclusion::Exclusion;
use domain::field::FieldErrors;
use domain::id::{AssignmentId, IdentityId};
use domain::identity::{Identity, IdentityStatus};
use domain::permission::Action;
use domain::role::Grantable;
use domain::time::Instant;
use storage::assignments::{Assignment, AssignmentContent};

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
        return Err(Error::Refused(left(&person)));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", &draft.reason, 500);
    let what = what(&mut tx, &draft.what, &mut errors).await?;
    let (valid_from, valid_until) =
        validity(&mut tx, (&draft.from, &draft.until), now, &mut errors).await?;
    if let Some(what) = what {
        let has = tx.assignments_as_of(&[id], now.plus(1)).await?;
        let exclusions = tx.exclusions_as_of(&[id], now.plus(1)).await?;
        let span = (valid_from, valid_until);
        if let Some(hindrance) = hindrance((what, span), &has, &exclusions, now) {
            errors.add("what", hindrance.sentence());
        }
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
        request: None,
        activates: None,
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

/// Why somebody who has left is given nothing.
pub(super) fn left(person: &Identity) -> String {
    let name = &person.content.display_name;
    format!("{name} has left and can be given nothing.")
}

/// What stands against giving something to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// The same thing by the same hand twice would need to be ended twice. It is in this state.
    Given(AssignmentState),
    /// All that time they are excluded from it, for this reason: it would never give anything.
    Excluded(String),
}

impl Hindrance {
    /// What to do instead.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Given(state) => format!(
                "This was given already and is {}. Change how long it lasts instead.",
                state.label().to_lowercase()
            ),
            Self::Excluded(reason) => format!(
                "The person is excluded from this (“{}”). End the exclusion first.",
                reason.trim().trim_end_matches('.')
            ),
        }
    }
}

/// What stands against giving something to a person for a time; `has` and `exclusions` are theirs.
pub(crate) fn hindrance(
    (what, (from, until)): (Grantable, (Instant, Option<Instant>)),
    has: &[Assignment],
    exclusions: &[Exclusion],
    now: Instant,
) -> Option<Hindrance> {
    let same = has.iter().find(|one| {
        let content = &one.content;
        content.what == what
            && content.agent == Agent::Admin
            && content.valid_until.is_none_or(|until| until > now)
    });
    if let Some(same) = same {
        return Some(Hindrance::Given(same.content.state));
    }
    let excluded = exclusions.iter().find(|one| {
        let content = &one.content;
        let over = content.valid_until;
        content.what == what
            && content.valid_from <= from
            && over.is_none_or(|over| until.is_some_and(|until| until <= over))
    });
    excluded.map(|one| Hindrance::Excluded(one.content.reason.clone()))
}
