//! From what is typed to a flow: names become ids, and what does not exist or has ended is told.

use domain::approval::{Approver, Covers, FlowContent, FlowDraft, Late, Step};
use domain::field::FieldErrors;
use domain::id::{ApplicationId, EntitlementId, IdentityId, RoleId};
use domain::lifecycle::{Level, Lifecycle};
use policy::{Condition, RequestCondition};
use storage::ReadTx;

use super::form::{FlowForm, StepForm};
use crate::rules::vocabulary_of;
use crate::{Result, boxed, references, roles};

/// Stages at most: their numbers are typed.
const MOST_STAGES: usize = 12;

/// Everything that is wrong with a form at once, beside the content it means.
#[boxed]
pub(super) async fn resolve(
    tx: &mut ReadTx,
    form: &FlowForm,
    before: Option<&FlowContent>,
    errors: &mut FieldErrors,
) -> Result<FlowContent> {
    let covers = Covers {
        everything: form.everything,
        risks: risks(&form.risks, errors),
        applications: applications(tx, &form.applications, errors).await?,
        entitlements: entitlements(tx, &form.entitlements, errors).await?,
        roles: roles_of(tx, &form.roles, errors).await?,
    };
    let draft = FlowDraft {
        name: form.name.clone(),
        description: form.description.clone(),
        covers,
        asked_by: form.asked_by.clone(),
        longest_days: form.longest_days.clone(),
        activation_hours: form.activation_hours.clone(),
        activation_approval: form.activation_approval,
        emergency_hours: form.emergency_hours.clone(),
        automatic: form.automatic.clone(),
        stages: stages(tx, &form.steps, errors).await?,
    };
    conditions(tx, form, errors).await?;
    Ok(draft.check(before, errors))
}

/// Checks the two conditions.
pub(super) async fn conditions(
    tx: &mut ReadTx,
    form: &FlowForm,
    errors: &mut FieldErrors,
) -> Result<()> {
    let (asked_by, automatic) = (form.asked_by.trim(), form.automatic.trim());
    if asked_by.is_empty() && automatic.is_empty() {
        return Ok(());
    }
    let vocabulary = vocabulary_of(tx).await?;
    if !asked_by.is_empty()
        && let Err(problems) = Condition::parse(asked_by, &vocabulary)
    {
        for problem in problems {
            errors.add("asked_by", problem.to_string());
        }
    }
    if !automatic.is_empty()
        && let Err(problems) = RequestCondition::parse(automatic, &vocabulary)
    {
        for problem in problems {
            errors.add("automatic", problem.to_string());
        }
    }
    Ok(())
}

fn typed(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter()
        .map(|one| one.trim())
        .filter(|one| !one.is_empty())
}

/// Adds what is not there yet.
fn add<T: PartialEq>(list: &mut Vec<T>, one: T) {
    if !list.contains(&one) {
        list.push(one);
    }
}

fn risks(words: &[String], errors: &mut FieldErrors) -> Vec<Level> {
    let mut found = Vec::new();
    for word in typed(words) {
        match Level::from_word(word) {
            Some(level) => add(&mut found, level),
            None => errors.add("risks", format!("There is no risk “{word}”.")),
        }
    }
    found.sort_unstable();
    found
}

async fn applications(
    tx: &mut ReadTx,
    names: &[String],
    errors: &mut FieldErrors,
) -> Result<Vec<ApplicationId>> {
    let mut all = Vec::new();
    for name in typed(names) {
        let found = match name.parse::<ApplicationId>() {
            Ok(id) => tx.application(id).await?,
            Err(_) => tx.application_by_name(name).await?,
        };
        match found {
            None => errors.add(
                "applications",
                format!(
                    "No application has the name or id “{name}”. Choose one of the suggestions."
                ),
            ),
            Some(one) if one.content.status == Lifecycle::Ended => {
                errors.add("applications", ended(&one.content.display_name));
            }
            Some(one) => add(&mut all, one.id),
        }
    }
    Ok(all)
}

async fn entitlements(
    tx: &mut ReadTx,
    names: &[String],
    errors: &mut FieldErrors,
) -> Result<Vec<EntitlementId>> {
    let mut all = Vec::new();
    for name in typed(names) {
        match roles::find_entitlement(tx, name).await? {
            None => errors.add(
                "entitlements",
                format!("There is no entitlement “{name}”. Write it as APPLICATION/ENTITLEMENT, or choose one of the suggestions."),
            ),
            Some(one) if one.content.status == Lifecycle::Ended => {
                errors.add("entitlements", ended(&one.content.display_name));
            }
            Some(one) => add(&mut all, one.id),
        }
    }
    Ok(all)
}

async fn roles_of(
    tx: &mut ReadTx,
    names: &[String],
    errors: &mut FieldErrors,
) -> Result<Vec<RoleId>> {
    let mut all = Vec::new();
    for name in typed(names) {
        match role(tx, name).await? {
            Ok(id) => add(&mut all, id),
            Err(problem) => errors.add("roles", problem),
        }
    }
    Ok(all)
}

async fn role(tx: &mut ReadTx, typed: &str) -> Result<std::result::Result<RoleId, String>> {
    let name = typed.strip_prefix("role:").unwrap_or(typed).trim();
    let found = match name.parse::<RoleId>() {
        Ok(id) => tx.role(id).await?,
        Err(_) => tx.role_by_name(name).await?,
    };
    Ok(match found {
        None => Err(format!(
            "No role has the name or id “{name}”. Choose one of the suggestions."
        )),
        Some(role) if role.content.status == Lifecycle::Ended => {
            Err(ended(&role.content.display_name))
        }
        Some(role) => Ok(role.id),
    })
}

fn ended(name: &str) -> String {
    format!("{name} has ended. Take it out, or choose another.")
}

/// The steps by their stages, which are counted anew from 1 without gaps.
async fn stages(
    tx: &mut ReadTx,
    forms: &[StepForm],
    errors: &mut FieldErrors,
) -> Result<Vec<Vec<Step>>> {
    let mut found: Vec<(usize, Step)> = Vec::new();
    for (at, form) in forms.iter().enumerate() {
        let name = format!("Step {}", at + 1);
        let stage = form.stage.trim().parse().ok();
        let stage = stage.filter(|stage| (1..=MOST_STAGES).contains(stage));
        if stage.is_none() {
            errors.add(
                "steps",
                format!("{name}: the stage must be a number from 1 to {MOST_STAGES}."),
            );
        }
        let step = one(tx, form, &name, errors).await?;
        found.extend(stage.zip(step));
    }
    found.sort_by_key(|(stage, _)| *stage);
    let mut stages: Vec<(usize, Vec<Step>)> = Vec::new();
    for (stage, step) in found {
        match stages.last_mut() {
            Some((last, steps)) if *last == stage => steps.push(step),
            _ => stages.push((stage, vec![step])),
        }
    }
    Ok(stages.into_iter().map(|(_, steps)| steps).collect())
}

async fn one(
    tx: &mut ReadTx,
    form: &StepForm,
    name: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Step>> {
    let word = form.approver.trim();
    let first = approver(tx, (word, &form.who), &form.quorum, name, errors).await?;
    let fallback = match form.fallback.trim() {
        "" => None,
        word => approver(tx, (word, &form.fallback_who), "1", name, errors).await?,
    };
    let hours = |label: &str, text: &str, errors: &mut FieldErrors| {
        let hours = text.trim().parse::<u32>().ok().filter(|hours| *hours > 0);
        if hours.is_none() {
            errors.add(
                "steps",
                format!("{name}: {label} must be a number of hours."),
            );
        }
        hours
    };
    let due = hours("the time until it is due", &form.due_hours, errors);
    let remind_hours = match form.remind_hours.trim() {
        "" => None,
        text => hours("the time between reminders", text, errors),
    };
    let late = Late::from_word(form.late.trim());
    if late.is_none() {
        errors.add(
            "steps",
            format!("{name}: choose what happens when it is late."),
        );
    }
    let (Some(approver), Some(due_hours), Some(late)) = (first, due, late) else {
        return Ok(None);
    };
    Ok(Some(Step {
        approver,
        fallback,
        due_hours,
        remind_hours,
        late,
    }))
}

pub(crate) async fn approver(
    tx: &mut ReadTx,
    (word, who): (&str, &str),
    quorum: &str,
    name: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Approver>> {
    Ok(match word {
        "manager" => Some(Approver::Manager),
        "managers_manager" => Some(Approver::ManagersManager),
        "owner" => Some(Approver::Owner),
        "application_owner" => Some(Approver::ApplicationOwner),
        "administrators" => Some(Approver::Administrators),
        "people" => {
            let people = people(tx, who, name, errors).await?;
            people.map(|people| Approver::People { people })
        }
        "role" => {
            let quorum = quorum
                .trim()
                .parse::<u16>()
                .ok()
                .filter(|n| (1..=50).contains(n));
            if quorum.is_none() {
                errors.add(
                    "steps",
                    format!("{name}: the number of holders who must agree is from 1 to 50."),
                );
            }
            let role = if who.trim().is_empty() {
                Err("the role is missing.".to_owned())
            } else {
                role(tx, who.trim()).await?
            };
            match (role, quorum) {
                (Ok(role), Some(quorum)) => Some(Approver::Role { role, quorum }),
                (Err(problem), _) => {
                    errors.add("steps", format!("{name}: {problem}"));
                    None
                }
                _ => None,
            }
        }
        _ => {
            errors.add("steps", format!("{name}: choose who must agree."));
            None
        }
    })
}

async fn people(
    tx: &mut ReadTx,
    who: &str,
    name: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Vec<IdentityId>>> {
    let (mut all, mut problems) = (Vec::new(), FieldErrors::new());
    for typed in who.split([',', ';', '\n']) {
        if let Some(id) = references::person(tx, "steps", typed, &mut problems).await? {
            add(&mut all, id);
        }
    }
    if all.is_empty() && problems.is_empty() {
        errors.add("steps", format!("{name}: name at least one person."));
        return Ok(None);
    }
    let right = problems.is_empty();
    for problem in problems.iter() {
        errors.add("steps", format!("{name}: {}", problem.message));
    }
    Ok(right.then_some(all))
}
