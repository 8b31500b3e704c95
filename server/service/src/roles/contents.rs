//! Changing what is in a role: first what it would do, then the change, if it still does that.

use std::collections::BTreeSet;

use domain::application::CONSOLE;
use domain::audit::AuditAction;
use domain::entitlement::Entitlement;
use domain::field::FieldErrors;
use domain::id::RoleId;
use domain::lifecycle::Lifecycle;
use domain::permission::Action;
use domain::resolution::{Inclusion, Node, RoleGraph};
use domain::role::{Grantable, Role, RoleContent, RolePart};
use domain::time::Instant;
use storage::ReadTx;

use super::facts;
use super::write::one;
use crate::plan::{self, Applied, Change, Plan};
use crate::{Cx, Error, Result, Service, boxed};

/// Lines that are read; a role with more is many roles.
const MOST_LINES: usize = 2_000;

/// What somebody wants in a role, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentsDraft {
    /// Ids of the parts that stay.
    pub keep: Vec<String>,
    /// What comes in, one a line: `APPLICATION/ENTITLEMENT`, `role:NAME`, or an id.
    pub add: String,
    /// Why.
    pub reason: String,
    /// The number of people whom the change touches, typed, when many lose something by it.
    pub confirm: String,
}

/// A plan with what it was made for.
#[derive(Debug, Clone)]
pub struct PlannedContents {
    /// The role as it is.
    pub role: Role,
    /// What it would do.
    pub plan: Plan,
    /// Whether anything in the role would change.
    pub changes: bool,
}

/// What another content of a role would do.
#[boxed]
pub async fn plan_contents(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    draft: &ContentsDraft,
) -> Result<PlannedContents> {
    let result = carry_out_plan(service, cx, id, draft).await;
    service.noted(cx, result).await
}

/// Gives the version `expected` of a role another content, when that does what the plan with this hash says.
#[boxed]
pub async fn change_contents(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    expected: Instant,
    draft: &ContentsDraft,
    hash: &str,
) -> Result<Applied> {
    let result = carry_out(service, cx, id, expected, draft, hash).await;
    service.noted(cx, result).await
}

async fn carry_out_plan(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    draft: &ContentsDraft,
) -> Result<PlannedContents> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let (role, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    let graph = tx.role_graph().await?;
    let parts = wanted(&mut tx, &role, draft, &graph).await?;
    let change = with_parts(&graph, &role, &parts, now);
    Ok(PlannedContents {
        plan: plan::plan(&mut tx, &change, now).await?,
        changes: parts != role.content.parts,
        role,
    })
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    expected: Instant,
    draft: &ContentsDraft,
    hash: &str,
) -> Result<Applied> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (role, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    if role.recorded_from != expected {
        return Err(Error::Conflict);
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", &draft.reason, 500);
    errors.or(())?;
    let graph = tx.role_graph().await?;
    let parts = wanted(&mut tx, &role, draft, &graph).await?;
    if parts == role.content.parts {
        return Ok(Applied::Same);
    }
    let change = with_parts(&graph, &role, &parts, now);
    let plan = plan::plan(&mut tx, &change, now).await?;
    if plan.hash != hash {
        return Ok(Applied::Different(Box::new(plan)));
    }
    let mut errors = FieldErrors::new();
    plan.confirmed(&draft.confirm, &mut errors);
    errors.or(())?;
    let content = RoleContent {
        parts,
        ..role.content.clone()
    };
    let target = one(tx.replace_roles(&[(id, expected, content.clone())]).await?)?;
    let event = cx.change(
        &permit,
        AuditAction::RoleEdited,
        target,
        Some(&role.content),
        Some(&content),
        Some(&reason),
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Applied::Done)
}

fn with_parts(graph: &RoleGraph, role: &Role, parts: &BTreeSet<RolePart>, now: Instant) -> Change {
    let parts = parts.iter().map(|part| Inclusion {
        what: part.what,
        since: now,
    });
    let node = Node {
        active: role.content.status == Lifecycle::Active,
        parts: parts.collect(),
    };
    Change {
        graph: Some(graph.with([(role.id, node)])),
        ..Change::default()
    }
}

/// The parts that stay and those that come in; every problem of the input at once.
async fn wanted(
    tx: &mut ReadTx,
    role: &Role,
    draft: &ContentsDraft,
    graph: &RoleGraph,
) -> Result<BTreeSet<RolePart>> {
    let mut errors = FieldErrors::new();
    let keep: BTreeSet<&str> = draft.keep.iter().map(|id| id.trim()).collect();
    let name = |what: Grantable| match what {
        Grantable::Entitlement(id) => id.to_string(),
        Grantable::Role(id) => id.to_string(),
    };
    let mut parts: BTreeSet<RolePart> = role
        .content
        .parts
        .iter()
        .filter(|part| keep.contains(name(part.what).as_str()))
        .copied()
        .collect();
    for what in resolve_parts(tx, &draft.add, &mut errors).await? {
        if parts.iter().all(|part| part.what != what) {
            parts.insert(RolePart { what, source: None });
        }
    }
    let whats: BTreeSet<Grantable> = parts.iter().map(|part| part.what).collect();
    if let Some(path) = graph.cycle_with(role.id, &whats) {
        let roles = tx.roles_with(&path).await?;
        let names = path.iter().map(|id| {
            let found = roles.iter().find(|role| role.id == *id);
            found.map_or_else(|| id.to_string(), |role| role.content.display_name.clone())
        });
        let way: Vec<String> = names.collect();
        errors.add(
            "add",
            format!(
                "A role cannot be in itself, and this would close a circle: {}. Leave one of these steps out.",
                way.join(" includes ")
            ),
        );
    }
    errors.or(parts).map_err(Error::from)
}

/// What lines name: `APPLICATION/ENTITLEMENT`, `role:NAME`, or ids. Unknown ones are problems at `add`.
async fn resolve_parts(
    tx: &mut ReadTx,
    text: &str,
    errors: &mut FieldErrors,
) -> Result<Vec<Grantable>> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if number >= MOST_LINES {
            errors.add(
                "add",
                format!("At most {MOST_LINES} lines are read. Leave some out."),
            );
            break;
        }
        match resolve_part(tx, line).await? {
            Ok(what) => found.push(what),
            Err(problem) => errors.add("add", format!("Line {}: {problem}", number + 1)),
        }
    }
    Ok(found)
}

/// What one text names; a sentence that says what is wrong otherwise.
pub(crate) async fn resolve_part(
    tx: &mut ReadTx,
    line: &str,
) -> Result<std::result::Result<Grantable, String>> {
    let role = match (line.strip_prefix("role:"), line.parse::<RoleId>()) {
        (Some(name), _) => match name.trim().parse::<RoleId>() {
            Ok(id) => tx.role(id).await?,
            Err(_) => tx.role_by_name(name.trim()).await?,
        },
        (None, Ok(id)) => tx.role(id).await?,
        (None, Err(_)) => return resolve_entitlement(tx, line).await,
    };
    Ok(match role {
        None => Err(format!(
            "There is no role “{line}”. Write role: and its technical name."
        )),
        Some(role) if role.content.status == Lifecycle::Ended => {
            Err(format!("The role {} has ended.", role.content.display_name))
        }
        Some(role) => Ok(Grantable::Role(role.id)),
    })
}

async fn resolve_entitlement(
    tx: &mut ReadTx,
    line: &str,
) -> Result<std::result::Result<Grantable, String>> {
    let found = find_entitlement(tx, line).await?;
    let Some(found) = found else {
        return Ok(Err(format!(
            "There is no entitlement “{line}”. Write it as APPLICATION/ENTITLEMENT with the technical names."
        )));
    };
    let application = tx.application(found.content.application).await?;
    // Rights in the console are given one by one: a role that holds one would make whoever may edit roles an administrator.
    if application.is_some_and(|application| application.content.name == CONSOLE) {
        return Ok(Err(
            "The console's own rights are given to people one by one, not by roles or rules."
                .to_owned(),
        ));
    }
    if found.content.status == Lifecycle::Ended {
        return Ok(Err(format!("{} has ended.", found.content.display_name)));
    }
    Ok(Ok(Grantable::Entitlement(found.id)))
}

/// The entitlement with an id or `APPLICATION/ENTITLEMENT`, whatever its state.
pub(crate) async fn find_entitlement(tx: &mut ReadTx, typed: &str) -> Result<Option<Entitlement>> {
    if let Ok(id) = typed.parse() {
        return Ok(tx.entitlement(id).await?);
    }
    // Names of either may hold a slash.
    for (index, _) in typed.match_indices('/') {
        if let Some(application) = tx.application_by_name(&typed[..index]).await?
            && let Some(one) = tx
                .entitlement_by_name(application.id, &typed[index + 1..])
                .await?
        {
            return Ok(Some(one));
        }
    }
    Ok(None)
}
