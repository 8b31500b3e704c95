//! A flow in words: what it covers, its steps, and the whole of it as sentences. Never parsed back.

use std::collections::{BTreeMap, BTreeSet};

use domain::approval::{Approver, Covers, FlowContent, Late, Step};
use domain::id::{ApplicationId, IdentityId, ObjectKind, ObjectRef};
use domain::role::Grantable;
use storage::ReadTx;

use crate::{Result, applications, assignments, audit};

/// Names of one list at most; more are counted.
const MOST_NAMED: usize = 3;

/// How the things that a flow names are called: for people, and as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowNames {
    shown: BTreeMap<ObjectRef, String>,
    typed: BTreeMap<ObjectRef, String>,
}

impl FlowNames {
    /// The name for people; the id of what has none.
    pub fn name(&self, object: ObjectRef) -> String {
        self.shown
            .get(&object)
            .cloned()
            .unwrap_or_else(|| object.to_string())
    }

    /// The name as a form takes it.
    pub fn typed(&self, object: ObjectRef) -> String {
        self.typed
            .get(&object)
            .cloned()
            .unwrap_or_else(|| object.to_string())
    }

    /// The names of all that some flows name.
    pub(crate) async fn of(tx: &mut ReadTx, flows: &[&FlowContent]) -> Result<Self> {
        let mut objects: BTreeSet<ObjectRef> = BTreeSet::new();
        for flow in flows {
            let covers = &flow.covers;
            objects.extend(covers.applications.iter().map(|id| ObjectRef::from(*id)));
            objects.extend(covers.entitlements.iter().map(|id| ObjectRef::from(*id)));
            objects.extend(covers.roles.iter().map(|id| ObjectRef::from(*id)));
            for (_, _, step) in flow.steps() {
                let asked = [Some(&step.approver), step.fallback.as_ref()];
                objects.extend(asked.into_iter().flatten().flat_map(named_by));
            }
        }
        Self::of_objects(tx, objects).await
    }

    /// The names of some objects.
    pub(crate) async fn of_objects(tx: &mut ReadTx, objects: BTreeSet<ObjectRef>) -> Result<Self> {
        let grantable = objects.iter().filter_map(|object| Grantable::of(*object));
        let technical = assignments::technical_names(tx, grantable).await?;
        let mut typed: BTreeMap<ObjectRef, String> = technical
            .into_iter()
            .map(|(what, name)| {
                let name = name
                    .strip_prefix("role:")
                    .map(str::to_owned)
                    .unwrap_or(name);
                (what.object(), name)
            })
            .collect();
        let of = objects.iter();
        let of = of.filter(|one| one.kind == ObjectKind::Application);
        let of = of.map(|one| ApplicationId::from_raw(one.raw));
        let of = applications::technical_names(tx, of).await?;
        typed.extend(of.into_iter().map(|(id, name)| (id.into(), name)));
        let people: Vec<IdentityId> = objects
            .iter()
            .filter_map(|object| object.identity())
            .collect();
        let people = tx.identity_names(&people).await?;
        typed.extend(people.into_iter().map(|one| (one.id.into(), one.username)));
        let shown = audit::names(tx, objects).await?.into_iter().collect();
        Ok(Self { shown, typed })
    }
}

/// Whom or what an approver names.
pub(crate) fn named_by(approver: &Approver) -> Vec<ObjectRef> {
    match approver {
        Approver::People { people } => people.iter().map(|id| (*id).into()).collect(),
        Approver::Role { role, .. } => vec![(*role).into()],
        _ => Vec::new(),
    }
}

fn listed(names: Vec<String>, last: &str) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    let mut names = names;
    if more > 1 {
        names.truncate(MOST_NAMED);
        names.push(format!("{more} more"));
        return joined(&names, "and");
    }
    joined(&names, last)
}

fn joined(names: &[String], last: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// What a flow covers, in words.
pub fn covers_in_words(covers: &Covers, names: &FlowNames) -> String {
    let mut parts = Vec::new();
    let called = |objects: Vec<ObjectRef>| objects.into_iter().map(|one| names.name(one)).collect();
    if covers.everything {
        parts.push("everything that no other flow covers".to_owned());
    }
    if !covers.risks.is_empty() {
        let risks = covers.risks.iter().map(|risk| risk.label().to_lowercase());
        parts.push(format!(
            "entitlements of {} risk",
            listed(risks.collect(), "or")
        ));
    }
    if !covers.applications.is_empty() {
        let all = called(covers.applications.iter().map(|id| (*id).into()).collect());
        parts.push(format!("everything in {}", listed(all, "and")));
    }
    if !covers.entitlements.is_empty() {
        let all = called(covers.entitlements.iter().map(|id| (*id).into()).collect());
        parts.push(listed(all, "and"));
    }
    if !covers.roles.is_empty() {
        let all: Vec<String> = called(covers.roles.iter().map(|id| (*id).into()).collect());
        let word = if all.len() == 1 {
            "the role"
        } else {
            "the roles"
        };
        parts.push(format!("{word} {}", listed(all, "and")));
    }
    parts.join("; ")
}

/// Who must agree, as short as possible.
pub fn approver_in_words(approver: &Approver, names: &FlowNames) -> String {
    match approver {
        Approver::Manager => "manager".to_owned(),
        Approver::ManagersManager => "manager's manager".to_owned(),
        Approver::Owner => "owner".to_owned(),
        Approver::ApplicationOwner => "owner of the application".to_owned(),
        Approver::People { people } => {
            let all = people.iter().map(|id| names.name((*id).into()));
            listed(all.collect(), "or")
        }
        Approver::Role { role, quorum } => {
            let name = names.name((*role).into());
            if *quorum <= 1 {
                format!("a holder of {name}")
            } else {
                format!("{quorum} holders of {name}")
            }
        }
        Approver::Administrators => "an administrator".to_owned(),
    }
}

/// The steps in their order: `manager → owner and Bo Lind`.
pub fn steps_in_words(content: &FlowContent, names: &FlowNames) -> String {
    let stages = content.stages.iter().map(|steps| {
        let steps = steps
            .iter()
            .map(|step| approver_in_words(&step.approver, names));
        joined(&steps.collect::<Vec<_>>(), "and")
    });
    stages.collect::<Vec<_>>().join(" → ")
}

/// Hours as people say them: `3 days`, `1 day and 4 hours`.
pub fn hours_in_words(hours: u32) -> String {
    let counted = |n: u32, one: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    match (hours / 24, hours % 24) {
        (0, hours) => counted(hours, "hour"),
        (days, 0) => counted(days, "day"),
        (days, hours) => format!("{} and {}", counted(days, "day"), counted(hours, "hour")),
    }
}

/// The whole flow as sentences.
pub fn in_words(content: &FlowContent, names: &FlowNames) -> Vec<String> {
    let mut sentences = vec![format!(
        "Is for {}.",
        covers_in_words(&content.covers, names)
    )];
    let who = if content.asked_by.is_empty() {
        "Everybody may ask for it".to_owned()
    } else {
        "Only those to whom the condition applies may ask for it".to_owned()
    };
    sentences.push(match content.longest_days {
        Some(1) => format!("{who}, for at most 1 day."),
        Some(days) => format!("{who}, for at most {days} days."),
        None => format!("{who}, for any time."),
    });
    if !content.automatic.is_empty() {
        sentences.push(
            "What fits the condition for automatic approval is given at once. Of everything else:"
                .to_owned(),
        );
    }
    let last = content.stages.len();
    for (stage, steps) in content.stages.iter().enumerate() {
        let steps: Vec<String> = steps
            .iter()
            .map(|step| step_in_words(step, names))
            .collect();
        let order = match (stage, last) {
            (_, 1) => String::new(),
            (0, _) => "First ".to_owned(),
            (stage, last) if stage + 1 == last => "At last ".to_owned(),
            _ => "Then ".to_owned(),
        };
        sentences.push(sentence(&format!(
            "{order}{}.",
            joined(&steps, "and, at the same time,")
        )));
    }
    if let Some(hours) = content.activation_hours {
        let approval = if content.activation_approval {
            "each activation is approved in the same way"
        } else {
            "no further approval is needed then"
        };
        sentences.push(format!(
            "What is approved is not there at once: it is activated when needed, for at most {}; {approval}.",
            hours_in_words(hours)
        ));
    }
    if let Some(hours) = content.emergency_hours {
        sentences.push(format!(
            "In an emergency it can be taken at once, for {}, and somebody looks into it afterwards.",
            hours_in_words(hours)
        ));
    }
    sentences
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn step_in_words(step: &Step, names: &FlowNames) -> String {
    let who = match &step.approver {
        Approver::Manager
        | Approver::ManagersManager
        | Approver::Owner
        | Approver::ApplicationOwner => {
            format!("the {}", approver_in_words(&step.approver, names))
        }
        other => approver_in_words(other, names),
    };
    let many = matches!(step.approver, Approver::Role { quorum, .. } if quorum > 1);
    let decide = if many { "decide" } else { "decides" };
    let late = match step.late {
        Late::Wait => "after that it keeps waiting and is shown as overdue",
        Late::Escalate => "after that the approver's manager is asked, too",
        Late::Reject => "after that the request is refused",
    };
    format!(
        "{who} {decide} within {} ({late})",
        hours_in_words(step.due_hours)
    )
}
