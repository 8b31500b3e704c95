//! Adding roles, describing them, and their life. What is in them is changed in `contents`.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{ObjectKind, RoleId};
use domain::lifecycle::{Lifecycle, Step};
use domain::permission::{Action, Facts};
use domain::resolution::Node;
use domain::role::{RoleContent, RoleDraft};
use domain::time::Instant;
use storage::{ReadTx, WriteTx};

use super::facts;
use crate::people::Edited;
use crate::plan::{self, Applied, Asked, Change, Plan};
use crate::{Cx, Error, Result, Service, boxed, references};

/// Adds an empty role and answers the id.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, draft: &RoleDraft) -> Result<RoleId> {
    let result = carry_out_create(service, cx, draft).await;
    service.noted(cx, result).await
}

/// Replaces the version `expected` of a role's description; [`Error::Conflict`] when there is a newer one.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    expected: Instant,
    draft: &RoleDraft,
) -> Result<Edited> {
    let result = carry_out_edit(service, cx, id, expected, draft).await;
    service.noted(cx, result).await
}

/// What suspending, resuming or ending a role would do.
#[boxed]
pub async fn plan_step(service: &Service, cx: &Cx, id: RoleId, step: Step) -> Result<Plan> {
    let result = carry_out_plan(service, cx, id, step).await;
    service.noted(cx, result).await
}

/// Suspends, resumes or ends a role, when that does what the plan with this hash says. The number of people is typed when
/// many lose something.
#[boxed]
pub async fn step(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    step: Step,
    asked: &Asked,
) -> Result<Applied> {
    let result = carry_out_step(service, cx, id, step, asked).await;
    service.noted(cx, result).await
}

async fn carry_out_create(service: &Service, cx: &Cx, draft: &RoleDraft) -> Result<RoleId> {
    let permit = cx.decide(Action::CreateAccess, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let owner = references::person(&mut tx, "owner", &draft.owner, &mut errors).await?;
    let content = draft.check(None, owner, &mut errors);
    unique(&mut tx, None, &content, &mut errors).await?;
    let content = errors.or(content)?;
    let id = RoleId::from_raw(tx.next_id(ObjectKind::Role).await?);
    let target = one(tx.insert_roles(&[(id, content.clone())]).await?)?;
    let event = cx.change(
        &permit,
        AuditAction::RoleCreated,
        target,
        None::<&RoleContent>,
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

async fn carry_out_edit(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    expected: Instant,
    draft: &RoleDraft,
) -> Result<Edited> {
    let mut tx = service.begin(cx).await?;
    let (before, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    let mut errors = FieldErrors::new();
    let kept = before
        .content
        .owner
        .filter(|owner| owner.to_string() == draft.owner.trim());
    let owner = match kept {
        Some(owner) => Some(owner),
        None => references::person(&mut tx, "owner", &draft.owner, &mut errors).await?,
    };
    let content = draft.check(Some(&before.content), owner, &mut errors);
    unique(&mut tx, Some(id), &content, &mut errors).await?;
    let content = errors.or(content)?;
    if content == before.content {
        return Ok(Edited::Same);
    }
    let target = one(tx.replace_roles(&[(id, expected, content.clone())]).await?)?;
    let event = cx.change(
        &permit,
        AuditAction::RoleEdited,
        target,
        Some(&before.content),
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Edited::Changed)
}

async fn carry_out_plan(service: &Service, cx: &Cx, id: RoleId, step: Step) -> Result<Plan> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let (role, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    let status = role.content.status.step(step)?;
    let change = with_status(&mut tx, id, status).await?;
    plan::plan(&mut tx, &change, now).await
}

async fn with_status(tx: &mut ReadTx, id: RoleId, status: Lifecycle) -> Result<Change> {
    let graph = tx.role_graph().await?;
    let node = graph.node(id).map(|node| Node {
        active: status == Lifecycle::Active,
        parts: node.parts.clone(),
    });
    Ok(Change {
        graph: Some(graph.with(node.map(|node| (id, node)))),
        ..Change::default()
    })
}

async fn carry_out_step(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    step: Step,
    asked: &Asked,
) -> Result<Applied> {
    let mut tx = service.begin(cx).await?;
    let (role, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    let status = role.content.status.step(step)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", &asked.reason, 500);
    let change = with_status(&mut tx, id, status).await?;
    let now = tx.recorded();
    let plan = plan::plan(&mut tx, &change, now).await?;
    if plan.hash != asked.hash {
        return Ok(Applied::Different(Box::new(plan)));
    }
    plan.confirmed(&asked.confirm, &mut errors);
    errors.or(())?;
    let content = RoleContent {
        status,
        ..role.content.clone()
    };
    let versions = [(id, role.recorded_from, content.clone())];
    let target = one(tx.replace_roles(&versions).await?)?;
    let action = match step {
        Step::Suspend => AuditAction::RoleSuspended,
        Step::Resume => AuditAction::RoleResumed,
        Step::End => AuditAction::RoleEnded,
    };
    let event = cx.change(
        &permit,
        action,
        target,
        Some(&role.content),
        Some(&content),
        Some(&reason),
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Applied::Done)
}

/// The one answer to one object.
pub(super) fn one(targets: Vec<domain::audit::Target>) -> Result<domain::audit::Target> {
    let mut targets = targets.into_iter();
    targets
        .next()
        .ok_or_else(|| Error::Internal("a role was written without a mark".to_owned()))
}

/// Adds a problem when another role uses the technical name.
pub(super) async fn unique(
    tx: &mut WriteTx,
    me: Option<RoleId>,
    content: &RoleContent,
    errors: &mut FieldErrors,
) -> Result<()> {
    if content.name.is_empty() || errors.of("name").is_some() {
        return Ok(());
    }
    if let Some(other) = tx.role_by_name(&content.name).await?
        && Some(other.id) != me
    {
        errors.add(
            "name",
            format!(
                "The role {} uses this technical name already. Choose another.",
                other.content.display_name
            ),
        );
    }
    Ok(())
}
