//! What somebody types into the form of a flow, unchecked, and the form that says what a flow says.

use domain::approval::{Approver, FlowContent, Step};

use super::words::FlowNames;

/// A flow as it is typed: names or ids for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowForm {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Everything that no other flow covers.
    pub everything: bool,
    /// Words of risks.
    pub risks: Vec<String>,
    /// Applications.
    pub applications: Vec<String>,
    /// Entitlements, as `APPLICATION/ENTITLEMENT` or ids.
    pub entitlements: Vec<String>,
    /// Roles, with or without `role:` before the name.
    pub roles: Vec<String>,
    /// Who may ask: a condition about the person.
    pub asked_by: String,
    /// Days at most.
    pub longest_days: String,
    /// Hours of an activation.
    pub activation_hours: String,
    /// Whether activations need approval.
    pub activation_approval: bool,
    /// Hours of emergency access.
    pub emergency_hours: String,
    /// What is approved by itself: a condition about the request.
    pub automatic: String,
    /// Who must agree.
    pub steps: Vec<StepForm>,
}

/// A step as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepForm {
    /// The number of its stage; steps with the same number wait at the same time.
    pub stage: String,
    /// Word of an approver, as in [`StepForm::WORDS`].
    pub approver: String,
    /// People separated by commas, or a role.
    pub who: String,
    /// How many holders of the role must agree.
    pub quorum: String,
    /// Hours until it is due.
    pub due_hours: String,
    /// Hours between reminders; empty for none.
    pub remind_hours: String,
    /// What happens then: a word of [`domain::approval::Late`].
    pub late: String,
    /// Word of an approver who is asked when nobody of these can decide; empty for the administrators.
    pub fallback: String,
    /// People or a role, for the fallback.
    pub fallback_who: String,
}

impl StepForm {
    /// The words of approvers, with what a person reads.
    pub const WORDS: [(&'static str, &'static str); 7] = [
        ("manager", "Manager of the person"),
        ("managers_manager", "Manager's manager"),
        ("owner", "Owner of what is asked for"),
        ("application_owner", "Owner of the application"),
        ("people", "Named people (any one of them)"),
        ("role", "Holders of a role"),
        ("administrators", "Administrators"),
    ];

    /// A new step with the usual times.
    pub fn usual(stage: usize) -> Self {
        Self::of(&Step::by(Approver::Manager), stage, &FlowNames::default())
    }

    fn of(step: &Step, stage: usize, names: &FlowNames) -> Self {
        let (approver, who) = typed(&step.approver, names);
        let (fallback, fallback_who) = match &step.fallback {
            Some(fallback) => typed(fallback, names),
            None => (String::new(), String::new()),
        };
        Self {
            stage: stage.to_string(),
            approver,
            who,
            quorum: match &step.approver {
                Approver::Role { quorum, .. } => quorum.to_string(),
                _ => "1".to_owned(),
            },
            due_hours: step.due_hours.to_string(),
            remind_hours: step.remind_hours.map(|n| n.to_string()).unwrap_or_default(),
            late: step.late.word().to_owned(),
            fallback,
            fallback_who,
        }
    }
}

/// The word of an approver, and whom it names as they are typed.
pub(crate) fn typed(approver: &Approver, names: &FlowNames) -> (String, String) {
    let (word, who) = match approver {
        Approver::Manager => ("manager", String::new()),
        Approver::ManagersManager => ("managers_manager", String::new()),
        Approver::Owner => ("owner", String::new()),
        Approver::ApplicationOwner => ("application_owner", String::new()),
        Approver::People { people } => {
            let typed = people.iter().map(|id| names.typed((*id).into()));
            ("people", typed.collect::<Vec<_>>().join(", "))
        }
        Approver::Role { role, .. } => ("role", names.typed((*role).into())),
        Approver::Administrators => ("administrators", String::new()),
    };
    (word.to_owned(), who)
}

impl FlowForm {
    /// The form that says what a flow says.
    pub fn of(content: &FlowContent, names: &FlowNames) -> Self {
        let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        let covers = &content.covers;
        let steps = content.steps();
        Self {
            name: content.name.clone(),
            description: content.description.clone(),
            everything: covers.everything,
            risks: covers
                .risks
                .iter()
                .map(|risk| risk.word().to_owned())
                .collect(),
            applications: covers
                .applications
                .iter()
                .map(|id| names.typed((*id).into()))
                .collect(),
            entitlements: covers
                .entitlements
                .iter()
                .map(|id| names.typed((*id).into()))
                .collect(),
            roles: covers
                .roles
                .iter()
                .map(|id| names.typed((*id).into()))
                .collect(),
            asked_by: content.asked_by.clone(),
            longest_days: number(content.longest_days),
            activation_hours: number(content.activation_hours),
            activation_approval: content.activation_approval,
            emergency_hours: number(content.emergency_hours),
            automatic: content.automatic.clone(),
            steps: steps
                .map(|(_, stage, step)| StepForm::of(step, stage + 1, names))
                .collect(),
        }
    }
}
