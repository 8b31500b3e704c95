//! The form of a flow between the browser and the service: which fields it has, and what its buttons ask for.

use service::flows::{FlowForm, StepForm};

use crate::posted::Posted;

/// Steps that a form can hold.
const MOST_STEPS: usize = 20;

/// What a button asks for; what is unknown saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    /// Save.
    Save,
    /// Show the form again with the conditions checked and the flow in words.
    Check,
    /// One step more.
    Add,
    /// One step less: this one.
    Remove(usize),
}

impl Press {
    /// As it was sent.
    pub(super) fn of(posted: &Posted) -> Self {
        match posted.get("press") {
            "check" => Self::Check,
            "add" => Self::Add,
            other => match other.strip_prefix("remove-").map(str::parse) {
                Some(Ok(step)) => Self::Remove(step),
                _ => Self::Save,
            },
        }
    }
}

fn list(posted: &Posted, name: &str) -> Vec<String> {
    let all = posted.all(name).into_iter();
    all.map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
        .collect()
}

/// What was typed.
pub(super) fn form(posted: &Posted) -> FlowForm {
    let count = posted.get("steps").parse::<usize>().unwrap_or(0);
    let (roles, entitlements) = list(posted, "things")
        .into_iter()
        .partition(|one| one.starts_with("role:") || one.starts_with("rol_"));
    FlowForm {
        name: posted.text("name"),
        description: posted.text("description"),
        everything: posted.ticked("everything"),
        risks: list(posted, "risks"),
        applications: list(posted, "applications"),
        entitlements,
        roles,
        asked_by: posted.text("asked_by"),
        longest_days: posted.text("longest_days"),
        activation_hours: posted.text("activation_hours"),
        activation_approval: posted.ticked("activation_approval"),
        emergency_hours: posted.text("emergency_hours"),
        automatic: posted.text("automatic"),
        steps: (1..=count.min(MOST_STEPS))
            .map(|n| step(posted, n))
            .collect(),
    }
}

/// The name of a field of a step; steps are counted from 1.
pub(super) fn named(field: &str, step: usize) -> String {
    format!("{field}-{step}")
}

fn step(posted: &Posted, n: usize) -> StepForm {
    let value = |field: &str| posted.text(&named(field, n));
    StepForm {
        stage: value("stage"),
        approver: value("approver"),
        who: value("who"),
        quorum: value("quorum"),
        due_hours: value("due"),
        remind_hours: value("remind"),
        late: value("late"),
        fallback: value("fallback"),
        fallback_who: value("fallback_who"),
    }
}

/// The form after a button that changes its steps.
pub(super) fn pressed(mut form: FlowForm, press: Press) -> FlowForm {
    match press {
        Press::Add if form.steps.len() < MOST_STEPS => {
            let last = form
                .steps
                .iter()
                .filter_map(|step| step.stage.trim().parse().ok());
            let stage = last.max().unwrap_or(0_usize) + 1;
            form.steps.push(StepForm::usual(stage));
        }
        Press::Remove(step) if (1..=form.steps.len()).contains(&step) => {
            form.steps.remove(step - 1);
        }
        _ => {}
    }
    form
}

/// What a new flow begins with: the manager, then the owner.
pub(super) fn new() -> FlowForm {
    let owner = StepForm {
        approver: "owner".to_owned(),
        ..StepForm::usual(2)
    };
    FlowForm {
        steps: vec![StepForm::usual(1), owner],
        ..FlowForm::default()
    }
}
