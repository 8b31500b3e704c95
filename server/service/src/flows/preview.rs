//! Where a request would go: for one person and one thing, who would have to agree now, and why they.

use domain::approval::{Flow, StepNumber};
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::permission::{Action, Facts};
use domain::request::{Length, Parties};
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;
use storage::identities::IdentityName;

use super::words::{FlowNames, approver_in_words};
use super::{approvers, automatic, flow_for, may_ask, requestable};
use crate::{Cx, Result, Service, assignments, boxed, references, roles};

/// For whom and what, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviewDraft {
    /// The person's username or id.
    pub person: String,
    /// `APPLICATION/ENTITLEMENT`, `role:NAME`, or an id.
    pub what: String,
}

/// A step with those who would be asked now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewStep {
    /// Its number in the flow.
    pub number: StepNumber,
    /// Whom the flow means, in words.
    pub approver: String,
    /// Who that is now; empty when there is nobody.
    pub people: Vec<IdentityName>,
    /// How many of them must agree.
    pub needed: usize,
    /// Why they.
    pub because: String,
}

/// Where a request would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// For whom.
    pub person: IdentityName,
    /// What.
    pub what: Grantable,
    /// How it is called.
    pub what_name: String,
    /// The flow it would go through.
    pub flow: Flow,
    /// Whether it can be asked for at all.
    pub requestable: bool,
    /// Whether the person may ask for it.
    pub may_ask: bool,
    /// Whether it would be approved by itself; none when the flow has no condition for that.
    pub automatic: Option<bool>,
    /// The stages, one after the other, with their steps, which wait at the same time.
    pub stages: Vec<Vec<PreviewStep>>,
}

/// Where a request for a person and a thing would go now.
#[boxed]
pub async fn preview(service: &Service, cx: &Cx, draft: &PreviewDraft) -> Result<Preview> {
    let result = carry_out(service, cx, draft).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, draft: &PreviewDraft) -> Result<Preview> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let mut errors = FieldErrors::new();
    let person = references::person(&mut tx, "person", &draft.person, &mut errors).await?;
    if person.is_none() && errors.of("person").is_none() {
        errors.add("person", "Choose for whom.");
    }
    let what = what(&mut tx, &draft.what, &mut errors).await?;
    let (person, what) = errors.or((person, what))?;
    let (Some(person), Some(what)) = (person, what) else {
        return Err(crate::Error::NotFound);
    };
    of(&mut tx, person, what, service.now()).await
}

/// What is typed may also be a right in this console, which is given by requests only when it is marked so.
async fn what(tx: &mut ReadTx, typed: &str, errors: &mut FieldErrors) -> Result<Option<Grantable>> {
    if let Some(found) = roles::find_entitlement(tx, typed.trim()).await? {
        return Ok(Some(Grantable::Entitlement(found.id)));
    }
    assignments::what(tx, typed, errors).await
}

/// The same, of what is known to exist.
#[boxed]
pub(crate) async fn of(
    tx: &mut ReadTx,
    person: IdentityId,
    what: Grantable,
    now: Instant,
) -> Result<Preview> {
    let flow = flow_for(tx, what).await?;
    let names = FlowNames::of(tx, &[&flow.content]).await?;
    let parties = Parties {
        requester: person,
        beneficiary: person,
    };
    let mut stages = Vec::new();
    for (number, stage, step) in flow.content.steps() {
        let found = approvers(tx, step, parties, what, now).await?;
        if stages.len() <= stage {
            stages.push(Vec::new());
        }
        if let Some(steps) = stages.last_mut() {
            steps.push(PreviewStep {
                number,
                approver: approver_in_words(&step.approver, &names),
                people: tx.identity_names(&found.people).await?,
                needed: step.needed(),
                because: found.because,
            });
        }
    }
    let length = flow
        .content
        .longest_days
        .map_or(Length::Unlimited, Length::Days);
    let holds = automatic(tx, &flow, person, (what, length), now)
        .await?
        .is_some();
    let mut called = tx.identity_names(&[person]).await?;
    Ok(Preview {
        person: called.pop().ok_or(crate::Error::NotFound)?,
        what,
        what_name: assignments::name(tx, what).await?,
        requestable: requestable(tx, what).await?,
        may_ask: may_ask(tx, &flow, person).await?,
        automatic: (!flow.content.automatic.is_empty()).then_some(holds),
        stages,
        flow,
    })
}
