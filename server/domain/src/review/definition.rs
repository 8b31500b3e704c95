//! What a review is: what is looked at, by whom, in how many stages, and what happens to what nobody answers.

use serde::{Deserialize, Serialize};

use super::{How, ItemKind, Repeats};
use crate::approval::Approver;
use crate::field::FieldErrors;
use crate::id::{IdentityId, ObjectKind, ReviewId};
use crate::lifecycle::{Level, Lifecycle};
use crate::time::Instant;
use crate::words;

/// Stages at most.
pub const MOST_STAGES: usize = 3;
/// What the fields of a stage are called where it is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageFields {
    /// Who decides.
    pub reviewer: &'static str,
    /// Which people or role.
    pub who: &'static str,
    /// Who decides when nobody of these can.
    pub fallback: &'static str,
    /// Which people or role, for the fallback.
    pub fallback_who: &'static str,
    /// How many days.
    pub days: &'static str,
    /// How many days before the end there is a reminder.
    pub remind_days: &'static str,
}

macro_rules! stage_fields {
    ($($n:literal),+) => {
        [$(StageFields {
            reviewer: concat!("reviewer-", $n),
            who: concat!("who-", $n),
            fallback: concat!("fallback-", $n),
            fallback_who: concat!("fallback_who-", $n),
            days: concat!("stage_days-", $n),
            remind_days: concat!("remind-", $n),
        }),+]
    };
}

/// The fields of each stage.
pub const STAGE_FIELDS: [StageFields; MOST_STAGES] = stage_fields!(1, 2, 3);

/// Days a stage can have at most.
pub const MOST_DAYS: u16 = 366;
/// Items of a campaign at most. What is larger takes longer to decide than access stays the same; it is split.
pub const MOST_ITEMS: u64 = 1_500_000;
/// The longest time, in hours, until what was revoked ends: 90 days.
pub const LONGEST_GRACE: u32 = 24 * 90;

words! {
    /// What kind of thing is reviewed.
    Subjects {
        /// Everything that people have.
        Access = "access", "Access that people have";
        /// Roles that were given to people.
        Roles = "roles", "Roles that people hold";
        /// What a role gives, whoever holds it.
        Contents = "contents", "What is in roles";
        /// Accounts that belong to nobody, or to a program.
        Accounts = "accounts", "Service and orphan accounts";
        /// Who may do what in this console.
        Rights = "rights", "Rights in this console";
    }
}

impl Subjects {
    /// Whether people have it, so that a search of people says whose.
    pub const fn of_people(self) -> bool {
        matches!(self, Self::Access | Self::Roles | Self::Rights)
    }

    /// Whether applications can tell when it was used.
    pub const fn told_by_use(self) -> bool {
        matches!(self, Self::Access | Self::Accounts)
    }

    /// What kind of items there are.
    pub const fn item(self) -> ItemKind {
        match self {
            Self::Access | Self::Rights => ItemKind::Access,
            Self::Roles => ItemKind::Role,
            Self::Contents => ItemKind::Content,
            Self::Accounts => ItemKind::Account,
        }
    }

    /// What the holders of items are.
    pub const fn holders(self) -> ObjectKind {
        match self {
            Self::Access | Self::Roles | Self::Rights => ObjectKind::Identity,
            Self::Contents => ObjectKind::Role,
            Self::Accounts => ObjectKind::Account,
        }
    }

    /// The rest of a sentence that says who decides.
    pub const fn decided_on(self) -> &'static str {
        match self {
            Self::Access => "decide on access",
            Self::Roles => "decide on roles that people hold",
            Self::Contents => "decide on what roles give",
            Self::Accounts => "decide on accounts that belong to nobody or to a program",
            Self::Rights => "decide on who may do what in this console",
        }
    }
}

words! {
    /// What the decisions of several stages come to.
    StageRule {
        /// Each stage sees what the one before decided, and the last one counts.
        LastDecides = "last_decides", "The last stage decides";
        /// Revoking in any stage ends it; what is kept goes on to the next stage.
        RevokeIsEnough = "revoke_is_enough", "One stage that revokes is enough";
    }
}

words! {
    /// What happens to what nobody answered in time. There is no keeping in silence.
    Unanswered {
        /// It is revoked.
        Revoke = "revoke", "It is revoked";
        /// The campaign's owner decides on it.
        Escalate = "escalate", "The owner of the review decides";
        /// It stays, and is reported as not reviewed.
        Report = "report", "It stays and is reported as not reviewed";
    }
}

impl Unanswered {
    /// In a sentence of its own.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Revoke => "What nobody answers is revoked.",
            Self::Escalate => "What nobody answers goes to the owner of the review.",
            Self::Report => "What nobody answers stays and is reported as not reviewed.",
        }
    }
}

/// What is in a review. What is narrowed by several is narrowed by all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// What kind of thing.
    pub subjects: Subjects,
    /// Whose: a search of the list of people; empty for everybody.
    #[serde(default)]
    pub people: String,
    /// Of what: a search of the list of entitlements, or of roles or accounts where these are reviewed; empty for everything.
    #[serde(default)]
    pub things: String,
    /// Only of this risk or a higher one.
    #[serde(default)]
    pub risk: Option<Level>,
    /// Only what was not used for so many days, of applications that tell when things are used.
    #[serde(default)]
    pub unused_days: Option<u32>,
    /// Only what comes in one of these ways; empty for all.
    #[serde(default)]
    pub how: Vec<How>,
    /// Leaves out what has not changed since it was last kept.
    #[serde(default)]
    pub changed: bool,
    /// Every so-manieth item only, chosen by a seed that is recorded; none for all.
    #[serde(default)]
    pub sample: Option<u32>,
    /// Only of people whose department, title or manager changed within so many days, or who leave within them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_days: Option<u32>,
    /// Only of this one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<IdentityId>,
}

impl Scope {
    /// Everything that people have.
    pub const fn everything() -> Self {
        Self {
            subjects: Subjects::Access,
            people: String::new(),
            things: String::new(),
            risk: None,
            unused_days: None,
            how: Vec::new(),
            changed: false,
            sample: None,
            moved_days: None,
            person: None,
        }
    }

    /// What does not go with what is reviewed: it would silently leave everything out, or nothing.
    fn fits(&self, errors: &mut FieldErrors) {
        if !self.subjects.of_people() && !self.people.trim().is_empty() {
            errors.add(
                "people",
                "No person has what is reviewed here. Leave this empty, and say under “Of what” which.",
            );
        }
        if !self.subjects.told_by_use() && self.unused_days.is_some() {
            errors.add(
                "unused_days",
                "Nobody tells when this was used. Leave this empty.",
            );
        }
        if !self.subjects.of_people() && self.moved_days.is_some() {
            errors.add(
                "moved_days",
                "What is reviewed here belongs to no person who could move. Leave this empty.",
            );
        }
        if self.moved_days.is_some_and(|days| days == 0 || days > 366) {
            errors.add(
                "moved_days",
                "Write a number of days from 1 to 366, or leave it empty.",
            );
        }
        if self.subjects == Subjects::Accounts && self.risk.is_some() {
            errors.add("risk", "An account has no risk. Choose any risk.");
        }
    }
}

/// One round of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Who decides.
    pub reviewer: Approver,
    /// Who decides when the reviewer is missing, has left, or would decide on themselves. After it, the owner of the review.
    #[serde(default)]
    pub fallback: Option<Approver>,
    /// Within how many days.
    pub days: u16,
    /// So many days before its end who has something left is reminded, once; none for never.
    #[serde(default)]
    pub remind_days: Option<u16>,
}

impl Stage {
    /// Two weeks, with a reminder four days before the end.
    pub const fn by(reviewer: Approver) -> Self {
        Self {
            reviewer,
            fallback: None,
            days: 14,
            remind_days: Some(4),
        }
    }
}

/// What is recorded about a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewContent {
    /// Its name; unique without regard to case.
    pub name: String,
    /// What reviewers are told.
    pub instructions: String,
    /// Active, or ended. A review is not suspended.
    pub status: Lifecycle,
    /// Who answers for it: watches, closes and signs it off.
    pub owner: IdentityId,
    /// What is looked at.
    pub scope: Scope,
    /// The rounds, one to three.
    pub stages: Vec<Stage>,
    /// What their decisions come to.
    pub rule: StageRule,
    /// What happens to what nobody answers.
    pub unanswered: Unanswered,
    /// Nobody decides on what they gave themselves.
    pub not_grantor: bool,
    /// After how many days without use something counts as unused.
    pub unused_after: u32,
    /// For how many hours after the close what was revoked can be restored before it ends.
    pub grace_hours: u32,
    /// When it begins again by itself.
    #[serde(default)]
    pub repeats: Option<Repeats>,
    /// Whether whoever moves is reviewed by themselves, as soon as that is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each_mover: bool,
}

impl ReviewContent {
    /// What a new review begins with: everything, by managers, in two weeks.
    pub fn draft(owner: IdentityId) -> Self {
        Self {
            name: String::new(),
            instructions: String::new(),
            status: Lifecycle::Active,
            owner,
            scope: Scope::everything(),
            stages: vec![Stage {
                fallback: Some(Approver::ManagersManager),
                ..Stage::by(Approver::Manager)
            }],
            rule: StageRule::LastDecides,
            unanswered: Unanswered::Revoke,
            not_grantor: false,
            unused_after: 90,
            grace_hours: 24,
            repeats: None,
            each_mover: false,
        }
    }

    /// Days until the last stage ends.
    pub fn days(&self) -> u32 {
        self.stages.iter().map(|stage| u32::from(stage.days)).sum()
    }

    /// Checks what was typed; all problems at once.
    pub fn check(mut self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        self.name = errors.required("name", "The name", &self.name, 120);
        self.instructions = errors.text(
            "instructions",
            "The instructions",
            &self.instructions,
            4_000,
        );
        if self.stages.is_empty() || self.stages.len() > MOST_STAGES {
            errors.add("stages", "A review has one to three stages.");
        }
        for (stage, fields) in self.stages.iter().zip(&STAGE_FIELDS) {
            if stage.days == 0 || stage.days > MOST_DAYS {
                errors.add(fields.days, "A stage has 1 to 366 days.");
            }
            if stage.remind_days == Some(0) {
                errors.add(
                    fields.remind_days,
                    "A reminder comes at least a day before the end of its stage.",
                );
            }
            let nobody =
                |one: &Approver| matches!(one, Approver::People { people } if people.is_empty());
            if nobody(&stage.reviewer) {
                errors.add(fields.who, "Nobody is named. Name at least one person.");
            }
            if stage.fallback.as_ref().is_some_and(nobody) {
                errors.add(
                    fields.fallback_who,
                    "Nobody is named. Name at least one person.",
                );
            }
        }
        if self.grace_hours > LONGEST_GRACE {
            errors.add(
                "grace_hours",
                "What was revoked ends after at most 90 days.",
            );
        }
        if self.unused_after == 0 {
            errors.add("unused_after", "Something is unused after at least 1 day.");
        }
        if self.scope.unused_days == Some(0) {
            errors.add(
                "unused_days",
                "Write a number of days from 1 on, or leave it empty.",
            );
        }
        self.scope.fits(&mut errors);
        if self.each_mover && !self.scope.subjects.of_people() {
            errors.add(
                "each_mover",
                "Only what people have can be reviewed when they move. Leave this out.",
            );
        }
        if self.scope.sample.is_some_and(|every| every < 2) {
            errors.add(
                "sample",
                "A sample takes every second item at most. Leave it empty for all.",
            );
        }
        errors.or(self)
    }
}

/// A review as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: ReviewContent,
}
