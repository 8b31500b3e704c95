//! A flow: for what, for whom, and the steps that must agree.

use serde::{Deserialize, Serialize};

use crate::field::FieldErrors;
use crate::id::{ApplicationId, ApprovalFlowId, EntitlementId, IdentityId, RoleId};
use crate::lifecycle::{Level, Lifecycle};
use crate::role::Grantable;
use crate::time::Instant;
use crate::words;

/// The longest time a step or an activation can have, in hours: a year.
pub const MOST_HOURS: u32 = 24 * 366;
const MOST_STEPS: usize = 12;
const MOST_DAYS: u32 = 3_660;

/// The number of a step in its flow, counted from 0 through all stages.
pub type StepNumber = u16;

/// Who must agree in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Approver {
    /// The manager of the person it is for.
    Manager,
    /// That manager's manager.
    ManagersManager,
    /// The owner of what is asked for; where it has none, the owner of its application.
    Owner,
    /// The owner of the application.
    ApplicationOwner,
    /// Named people: any one of them.
    People {
        /// Who.
        people: Vec<IdentityId>,
    },
    /// Those who hold a role, so many of them.
    Role {
        /// Which role.
        role: RoleId,
        /// How many of them must agree; at least 1.
        quorum: u16,
    },
    /// Whoever may administer the console or its access model: the last resort when nobody else is there.
    Administrators,
}

words! {
    /// What happens when a step's time is over. Silence never approves.
    Late {
        /// It goes on waiting, and is shown as overdue.
        Wait = "wait", "Keep waiting";
        /// The approver's manager is asked as well; when there is none, the administrators are.
        Escalate = "escalate", "Ask the approver's manager too";
        /// The request is refused.
        Reject = "reject", "Refuse the request";
    }
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who must agree.
    pub approver: Approver,
    /// Who is asked when the approver is missing, has left, or is the requester. After it, the administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Approver>,
    /// Within how many hours.
    pub due_hours: u32,
    /// After how many hours they are reminded, again and again; none for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_hours: Option<u32>,
    /// What happens after that.
    pub late: Late,
}

impl Step {
    /// A step with the usual times: three days, a reminder each day, then the approver's manager is asked as well.
    pub const fn by(approver: Approver) -> Self {
        Self {
            approver,
            fallback: None,
            due_hours: 72,
            remind_hours: Some(24),
            late: Late::Escalate,
        }
    }

    /// How many must agree.
    pub fn needed(&self) -> usize {
        match &self.approver {
            Approver::Role { quorum, .. } => usize::from(*quorum).max(1),
            _ => 1,
        }
    }
}

/// What a flow is for. The most specific flow decides: one that names the thing before one that names its application,
/// before one for its risk, before one for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covers {
    /// Everything that no other flow covers.
    #[serde(default)]
    pub everything: bool,
    /// Entitlements of these risks.
    #[serde(default)]
    pub risks: Vec<Level>,
    /// Entitlements of these applications.
    #[serde(default)]
    pub applications: Vec<ApplicationId>,
    /// These entitlements.
    #[serde(default)]
    pub entitlements: Vec<EntitlementId>,
    /// These roles.
    #[serde(default)]
    pub roles: Vec<RoleId>,
}

impl Covers {
    /// How specifically it covers something, from 1; none when it does not. `application` and `risk` are those of an
    /// entitlement; a role has neither.
    pub fn fit(
        &self,
        what: Grantable,
        application: Option<ApplicationId>,
        risk: Option<Level>,
    ) -> Option<u8> {
        let named = match what {
            Grantable::Entitlement(id) => self.entitlements.contains(&id),
            Grantable::Role(id) => self.roles.contains(&id),
        };
        if named {
            Some(4)
        } else if application.is_some_and(|id| self.applications.contains(&id)) {
            Some(3)
        } else if risk.is_some_and(|risk| self.risks.contains(&risk)) {
            Some(2)
        } else {
            self.everything.then_some(1)
        }
    }

    /// Whether it covers nothing at all.
    pub fn is_empty(&self) -> bool {
        !self.everything
            && self.risks.is_empty()
            && self.applications.is_empty()
            && self.entitlements.is_empty()
            && self.roles.is_empty()
    }
}

/// What is recorded about an approval flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowContent {
    /// Its name; unique without regard to case.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Active, or ended. A flow is not suspended.
    pub status: Lifecycle,
    /// For what.
    pub covers: Covers,
    /// Who may see and ask for it: a condition about the person in Cedar; empty means everybody.
    pub asked_by: String,
    /// For at most how many days; none without a limit.
    pub longest_days: Option<u32>,
    /// When set, what is approved can only be activated for at most so many hours at a time.
    pub activation_hours: Option<u32>,
    /// Whether each activation needs approval, too.
    pub activation_approval: bool,
    /// When set, it can be taken at once in an emergency, for so many hours.
    pub emergency_hours: Option<u32>,
    /// What is approved by itself: a condition about the request in Cedar; empty means nothing.
    pub automatic: String,
    /// Who must agree: the stages one after the other, the steps of a stage at the same time.
    pub stages: Vec<Vec<Step>>,
}

impl FlowContent {
    /// What holds where no flow covers something: the manager, then the owner.
    pub fn standard() -> Self {
        Self {
            name: "Standard".to_owned(),
            description: "Holds where no other flow covers what is asked for.".to_owned(),
            status: Lifecycle::Active,
            covers: Covers {
                everything: true,
                ..Covers::default()
            },
            asked_by: String::new(),
            longest_days: None,
            activation_hours: None,
            activation_approval: false,
            emergency_hours: None,
            automatic: String::new(),
            stages: vec![
                vec![Step {
                    fallback: Some(Approver::ManagersManager),
                    ..Step::by(Approver::Manager)
                }],
                vec![Step::by(Approver::Owner)],
            ],
        }
    }

    /// The steps in the order of their numbers, each with its stage.
    pub fn steps(&self) -> impl Iterator<Item = (StepNumber, usize, &Step)> {
        self.stages
            .iter()
            .enumerate()
            .flat_map(|(stage, steps)| steps.iter().map(move |step| (stage, step)))
            .zip(0..)
            .map(|((stage, step), number)| (number, stage, step))
    }

    /// A step by its number.
    pub fn step(&self, number: StepNumber) -> Option<&Step> {
        self.steps()
            .find(|(other, _, _)| *other == number)
            .map(|(_, _, step)| step)
    }
}

/// An approval flow as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Its id; none for the standard flow, which is not recorded.
    pub id: Option<ApprovalFlowId>,
    /// When this version was recorded; the beginning of time for the standard flow.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: FlowContent,
}

impl Flow {
    /// The standard flow.
    pub fn standard() -> Self {
        Self {
            id: None,
            recorded_from: Instant::from_micros(0),
            content: FlowContent::standard(),
        }
    }
}

/// What a person types into the form of a flow, unchecked. What names things is resolved by the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowDraft {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// For what, resolved.
    pub covers: Covers,
    /// Who may ask; checked by the service.
    pub asked_by: String,
    /// Days at most, as typed.
    pub longest_days: String,
    /// Hours of an activation, as typed.
    pub activation_hours: String,
    /// Whether activations need approval.
    pub activation_approval: bool,
    /// Hours of emergency access, as typed.
    pub emergency_hours: String,
    /// What is approved by itself; checked by the service.
    pub automatic: String,
    /// Who must agree.
    pub stages: Vec<Vec<Step>>,
}

impl FlowDraft {
    /// Checks everything that needs no database.
    pub fn check(&self, before: Option<&FlowContent>, errors: &mut FieldErrors) -> FlowContent {
        let number = |field, label: &str, text: &str, most: u32, errors: &mut FieldErrors| {
            let text = text.trim();
            if text.is_empty() {
                return None;
            }
            let number = text.parse().ok().filter(|n| (1..=most).contains(n));
            if number.is_none() {
                errors.add(
                    field,
                    format!("{label} must be a number from 1 to {most}, or empty."),
                );
            }
            number
        };
        if self.covers.is_empty() {
            errors.add(
                "covers",
                "This flow covers nothing. Choose everything, a risk, an application, an entitlement or a role.",
            );
        }
        let steps: usize = self.stages.iter().map(Vec::len).sum();
        if steps == 0 {
            errors.add(
                "steps",
                "There is no step. Add at least one: nothing is given without somebody's approval.",
            );
        } else if steps > MOST_STEPS {
            errors.add(
                "steps",
                format!("There are too many steps: at most {MOST_STEPS} are possible."),
            );
        }
        for step in self.stages.iter().flatten() {
            step.check(errors);
        }
        FlowContent {
            name: errors.required("name", "The name", &self.name, 200),
            description: errors.text("description", "The description", &self.description, 2000),
            status: before.map_or(Lifecycle::Active, |before| before.status),
            covers: self.covers.clone(),
            asked_by: self.asked_by.trim().to_owned(),
            longest_days: number(
                "longest_days",
                "The longest time in days",
                &self.longest_days,
                MOST_DAYS,
                errors,
            ),
            activation_hours: number(
                "activation_hours",
                "The hours of an activation",
                &self.activation_hours,
                MOST_HOURS,
                errors,
            ),
            activation_approval: self.activation_approval,
            emergency_hours: number(
                "emergency_hours",
                "The hours of emergency access",
                &self.emergency_hours,
                MOST_HOURS,
                errors,
            ),
            automatic: self.automatic.trim().to_owned(),
            stages: self
                .stages
                .iter()
                .filter(|stage| !stage.is_empty())
                .cloned()
                .collect(),
        }
    }
}

impl Step {
    fn check(&self, errors: &mut FieldErrors) {
        if !(1..=MOST_HOURS).contains(&self.due_hours) {
            errors.add(
                "steps",
                format!("A step must be due within 1 to {MOST_HOURS} hours."),
            );
        }
        if self
            .remind_hours
            .is_some_and(|hours| !(1..=MOST_HOURS).contains(&hours))
        {
            errors.add(
                "steps",
                format!("Reminders must come every 1 to {MOST_HOURS} hours."),
            );
        }
        for approver in [Some(&self.approver), self.fallback.as_ref()]
            .into_iter()
            .flatten()
        {
            match approver {
                Approver::People { people } if people.is_empty() => {
                    errors.add(
                        "steps",
                        "A step with named people names nobody. Choose at least one person.",
                    );
                }
                Approver::Role { quorum: 0, .. } => {
                    errors.add("steps", "At least one holder of the role must agree.");
                }
                _ => {}
            }
        }
    }
}
