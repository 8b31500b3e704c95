//! What a new review can begin with: the usual reviews, as filled forms. Everything in them can be changed.

use domain::review::{Every, Subjects, Unanswered};
use domain::time::Date;
use domain::words;

use super::form::{ReviewForm, ScopeForm, StageForm};

words! {
    /// A usual review.
    Template {
        /// Managers look at what their people have.
        Teams = "teams", "Managers review their teams";
        /// Owners look at who is in their application.
        Applications = "applications", "Owners review their application";
        /// High and critical risk, every three months.
        Privileged = "privileged", "Privileged access, every quarter";
        /// What nobody uses.
        Dormant = "dormant", "Dormant access";
        /// People who moved or leave.
        Movers = "movers", "Leavers and movers";
        /// What roles give.
        Contents = "contents", "What is in roles";
        /// Accounts of programs and of nobody.
        Accounts = "accounts", "Service and orphan accounts";
        /// Who may do what here.
        Rights = "rights", "Console rights";
    }
}

impl Template {
    /// What it does, in a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Teams => "Each manager decides on everything that their people have.",
            Self::Applications => {
                "Each owner of an application decides on everybody who has access in it."
            }
            Self::Privileged => {
                "Managers, then owners, decide on access of high or critical risk; one of them who revokes is enough."
            }
            Self::Dormant => "Managers decide on access that was not used for 90 days.",
            Self::Movers => {
                "Managers decide on what people have who changed department, title or manager, or who leave."
            }
            Self::Contents => "Owners of roles decide on everything that their roles give.",
            Self::Accounts => {
                "Owners decide on enabled accounts that belong to a program or to nobody."
            }
            Self::Rights => {
                "Administrators decide on who may do what in this console, never on themselves."
            }
        }
    }

    /// The form that it fills, on a day.
    pub fn form(self, today: Date) -> ReviewForm {
        let mut form = ReviewForm {
            name: self.label().to_owned(),
            ..ReviewForm::usual()
        };
        match self {
            Self::Teams => {
                "Keep what somebody needs for their present work. Revoke the rest; it can be asked for again."
                    .clone_into(&mut form.instructions);
            }
            Self::Applications => {
                form.stages = vec![stage("application_owner", "manager", 21)];
                Unanswered::Escalate.word().clone_into(&mut form.unanswered);
            }
            Self::Privileged => {
                "high".clone_into(&mut form.scope.risk);
                form.stages = vec![
                    stage("manager", "managers_manager", 10),
                    stage("owner", "application_owner", 10),
                ];
                "revoke_is_enough".clone_into(&mut form.rule);
                form.not_grantor = true;
                repeat(&mut form, Every::Quarter, today);
            }
            Self::Dormant => {
                "90".clone_into(&mut form.scope.unused_days);
                "72".clone_into(&mut form.grace_hours);
            }
            Self::Movers => {
                "30".clone_into(&mut form.scope.moved_days);
                form.each_mover = true;
                form.stages = vec![stage("manager", "managers_manager", 7)];
                repeat(&mut form, Every::Month, today);
            }
            Self::Contents => {
                form.scope = of(Subjects::Contents);
                form.stages = vec![stage("owner", "application_owner", 21)];
                Unanswered::Report.word().clone_into(&mut form.unanswered);
                repeat(&mut form, Every::HalfYear, today);
            }
            Self::Accounts => {
                form.scope = of(Subjects::Accounts);
                form.stages = vec![stage("owner", "application_owner", 21)];
                Unanswered::Report.word().clone_into(&mut form.unanswered);
                repeat(&mut form, Every::Quarter, today);
            }
            Self::Rights => {
                form.scope = of(Subjects::Rights);
                form.stages = vec![stage("administrators", "", 7)];
                Unanswered::Escalate.word().clone_into(&mut form.unanswered);
                form.not_grantor = true;
                repeat(&mut form, Every::Quarter, today);
            }
        }
        form
    }
}

impl ReviewForm {
    /// What a new review begins with.
    pub fn usual() -> Self {
        Self {
            scope: of(Subjects::Access),
            stages: vec![StageForm::usual()],
            unanswered: Unanswered::Revoke.word().to_owned(),
            unused_after: "90".to_owned(),
            grace_hours: "24".to_owned(),
            ..Self::default()
        }
    }
}

fn of(subjects: Subjects) -> ScopeForm {
    ScopeForm {
        subjects: subjects.word().to_owned(),
        ..ScopeForm::default()
    }
}

fn stage(reviewer: &str, fallback: &str, days: u16) -> StageForm {
    StageForm {
        reviewer: reviewer.to_owned(),
        fallback: fallback.to_owned(),
        days: days.to_string(),
        ..StageForm::usual()
    }
}

/// From the first of the next month on.
fn repeat(form: &mut ReviewForm, every: Every, today: Date) {
    every.word().clone_into(&mut form.every);
    let first = today.civil().first_of_month();
    let next = first.checked_add(jiff::ToSpan::months(1)).unwrap_or(first);
    form.from = Date::new(next).to_string();
}
