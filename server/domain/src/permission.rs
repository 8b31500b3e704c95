//! Who may do what in this console: the one place where that is decided.
//!
//! [`decide`] is the only maker of a [`Permit`]; the service cannot write the log entry of a change without one, and
//! storage cannot commit without an entry, so a change without permission does not compile.
//! The rights are entitlements of the built-in application; relations (oneself, manager of, owner of) add the rest.

use crate::id::{IdentityId, ObjectRef};
use crate::words;

words! {
    /// A right in this console: an entitlement of the built-in application of the same technical name.
    ConsoleRight {
        /// Everything, and giving rights to others.
        Administer = "administer", "Administer";
        /// People: create, edit, suspend, end.
        ManageIdentities = "manage_identities", "Manage identities";
        /// Applications, entitlements, roles and rules.
        ManageAccessModel = "manage_access_model", "Manage access model";
        /// Policies and guardrails.
        ManagePolicies = "manage_policies", "Manage policies";
        /// Review campaigns.
        RunReviews = "run_reviews", "Run reviews";
        /// Read everything and the log; change nothing.
        Audit = "audit", "Audit (read-only)";
    }
}

impl ConsoleRight {
    /// What it lets a person do, in plain words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Administer => "Do everything in this console, and give these rights to others.",
            Self::ManageIdentities => "Create, edit, suspend and end people, services and agents.",
            Self::ManageAccessModel => {
                "Create, edit and end applications, entitlements, roles and rules."
            }
            Self::ManagePolicies => "Write, test and activate policies and guardrails.",
            Self::RunReviews => "Define, launch and close access reviews.",
            Self::Audit => "Read everything, including the audit log, and change nothing.",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of console rights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rights(u8);

impl Rights {
    /// No right.
    pub const NONE: Self = Self(0);

    /// The set with one more.
    #[must_use]
    pub const fn with(self, right: ConsoleRight) -> Self {
        Self(self.0 | right.bit())
    }

    /// Whether the right is in the set.
    pub const fn has(self, right: ConsoleRight) -> bool {
        self.0 & right.bit() != 0
    }

    /// Whether one of the rights is in the set.
    pub fn has_any(self, rights: &[ConsoleRight]) -> bool {
        rights.iter().any(|right| self.has(*right))
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The rights in their order.
    pub fn iter(self) -> impl Iterator<Item = ConsoleRight> {
        ConsoleRight::ALL
            .iter()
            .copied()
            .filter(move |right| self.has(*right))
    }
}

impl FromIterator<ConsoleRight> for Rights {
    fn from_iter<I: IntoIterator<Item = ConsoleRight>>(rights: I) -> Self {
        rights.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Someone who signed in.
    Person {
        /// Who.
        id: IdentityId,
        /// The console rights in force.
        rights: Rights,
    },
    /// The product itself, on a timer.
    System,
    /// Someone at the command line of the server: whoever may run it holds the data already.
    CommandLine,
    /// Nobody has signed in.
    Anonymous,
}

impl Actor {
    /// The identity, when a person acts.
    pub const fn identity(&self) -> Option<IdentityId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::System | Self::CommandLine | Self::Anonymous => None,
        }
    }

    /// The rights in force.
    pub const fn rights(&self) -> Rights {
        match self {
            Self::Person { rights, .. } => *rights,
            Self::System | Self::CommandLine | Self::Anonymous => Rights::NONE,
        }
    }

    /// How the log writes the actor.
    pub fn text(&self) -> String {
        match self {
            Self::Person { id, .. } => id.to_string(),
            Self::System => "system".to_owned(),
            Self::CommandLine => "command_line".to_owned(),
            Self::Anonymous => "anonymous".to_owned(),
        }
    }
}

words! {
    /// An act that needs permission.
    Action {
        /// See a person's record.
        ReadPerson = "read_person", "See a person";
        /// Add a person.
        CreatePerson = "create_person", "Add a person";
        /// Change a person's record.
        EditPerson = "edit_person", "Edit a person";
        /// Suspend, resume or end a person.
        MovePerson = "move_person", "Suspend, resume or end a person";
        /// Make a one-time link to set a password.
        LinkPerson = "link_person", "Make a set-password link";
        /// Give or end a console right.
        GrantRight = "grant_right", "Give or end a console right";
        /// See an application or entitlement.
        ReadAccess = "read_access", "See applications, entitlements, roles and rules";
        /// Add an application or entitlement.
        CreateAccess = "create_access", "Add applications, entitlements, roles and rules";
        /// Change, suspend, resume or end an application or entitlement.
        EditAccess = "edit_access", "Edit applications, entitlements, roles and rules";
        /// Read the audit log.
        ReadAudit = "read_audit", "Read the audit log";
        /// Give, change or end access, and exclude from it.
        GiveAccess = "give_access", "Give, change or end access";
        /// See sources, their imports, and what these found.
        ReadSource = "read_source", "See sources and imports";
        /// Add, change or end a source.
        ManageSource = "manage_source", "Manage sources";
        /// Choose the folder of a source: what lies in it comes in with all rights.
        WatchFolder = "watch_folder", "Choose the folder of a source";
        /// Bring files in and apply them.
        RunImport = "run_import", "Run imports";
        /// See a job.
        ReadJob = "read_job", "See a job";
        /// Pause, resume or cancel a job.
        ControlJob = "control_job", "Pause, resume or cancel a job";
        /// See mail that could not be sent, and send it again.
        ManageMail = "manage_mail", "See mail that could not be sent";
        /// See and change one's own password, sessions and preferences.
        OwnAccount = "own_account", "Manage one's own account";
        /// See a request and what became of it.
        ReadRequest = "read_request", "See a request";
        /// Ask for access for a person.
        AskAccess = "ask_access", "Ask for access";
        /// Withdraw a request, remind those it waits for, or give back what it gave.
        FollowRequest = "follow_request", "Follow up a request";
        /// Approve, reject or change what was asked for.
        DecideRequest = "decide_request", "Decide a request";
        /// Let somebody else decide it.
        HandOnRequest = "hand_on_request", "Let somebody else decide a request";
        /// Say who decides for a person for a time.
        Delegate = "delegate", "Delegate decisions";
        /// Do, or hand back, what no connector does.
        DoTask = "do_task", "Do a fulfilment task";
        /// See a review, its campaigns and what became of them.
        ReadReview = "read_review", "See a review";
        /// Define, launch, follow up and close reviews.
        RunReview = "run_review", "Run a review";
        /// Decide on items of a campaign.
        DecideReview = "decide_review", "Decide in a review";
        /// Say that one answers for how a campaign ended.
        SignReview = "sign_review", "Sign off a review";
        /// Let somebody outside read a campaign by a link.
        ShareReview = "share_review", "Share a review with an auditor";
    }
}

/// What about the object matters for the decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a relation of its own, and any of them can hold together"
)]
pub struct Facts {
    /// The actor is the object.
    pub is_self: bool,
    /// The actor is the object's manager.
    pub is_manager: bool,
    /// The actor owns the object. Owning a job is having asked for it; owning a request or an item of a review is being asked
    /// to decide it; owning a task is being the one who should do it; owning a campaign is answering for it.
    pub is_owner: bool,
    /// The object is a person who holds console rights.
    pub is_privileged: bool,
}

/// Proof that an act was permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    actor: Actor,
    action: Action,
    object: Option<ObjectRef>,
}

impl Permit {
    /// Who may act.
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// What is permitted.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// On what; none for acts on no object yet.
    pub const fn object(&self) -> Option<ObjectRef> {
        self.object
    }
}

/// Why an act is not permitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody has signed in.
    #[error("sign in first")]
    SignIn,
    /// The actor may not even know of the object: answered as not found.
    #[error("there is nothing here for you")]
    Hidden,
    /// The actor may see the object but not do this.
    #[error("this needs the right {}", needs.iter().map(|right| right.label()).collect::<Vec<_>>().join(" or "))]
    Forbidden {
        /// Any of these rights would do.
        needs: &'static [ConsoleRight],
    },
    /// No right would help: nobody may do this to themselves.
    #[error("nobody may do this to themselves; ask another administrator")]
    Oneself,
    /// No right would help: only those who are asked decide.
    #[error("somebody else decides this; its page says who")]
    NotAsked,
}

use ConsoleRight::{
    Administer, Audit, ManageAccessModel, ManageIdentities, ManagePolicies, RunReviews,
};

const READ_PEOPLE: &[ConsoleRight] = &[
    Administer,
    ManageIdentities,
    ManageAccessModel,
    ManagePolicies,
    RunReviews,
    Audit,
];
const MANAGE_PEOPLE: &[ConsoleRight] = &[Administer, ManageIdentities];
const READ_ACCESS: &[ConsoleRight] = &[
    Administer,
    ManageIdentities,
    ManageAccessModel,
    ManagePolicies,
    RunReviews,
    Audit,
];
const MANAGE_ACCESS: &[ConsoleRight] = &[Administer, ManageAccessModel];
const READ_LOG: &[ConsoleRight] = &[Administer, Audit];
const READ_SOURCES: &[ConsoleRight] = &[Administer, ManageIdentities, Audit];
const READ_REVIEWS: &[ConsoleRight] = &[Administer, RunReviews, Audit];
const RUN_REVIEWS: &[ConsoleRight] = &[Administer, RunReviews];
const ADMINISTRATORS: &[ConsoleRight] = &[Administer];

/// Decides. The facts must be about `object` and this actor.
pub fn decide(
    actor: Actor,
    action: Action,
    object: Option<ObjectRef>,
    facts: Facts,
) -> Result<Permit, Denied> {
    let permit = Permit {
        actor,
        action,
        object,
    };
    let rights = match actor {
        Actor::System | Actor::CommandLine => return Ok(permit),
        Actor::Anonymous => return Err(Denied::SignIn),
        Actor::Person { rights, .. } => rights,
    };
    let sees_people = rights.has_any(READ_PEOPLE) || facts.is_self || facts.is_manager;
    let sees_access = rights.has_any(READ_ACCESS) || facts.is_owner;
    let seen = |holds: bool| {
        if holds {
            Ok(permit)
        } else {
            Err(Denied::Hidden)
        }
    };
    let (visible, needs): (bool, &'static [ConsoleRight]) = match action {
        Action::ReadPerson => return seen(sees_people),
        Action::ReadAccess => return seen(sees_access),
        Action::OwnAccount => return seen(facts.is_self),
        Action::ReadRequest => return seen(sees_people || facts.is_owner),
        Action::ReadReview => return seen(rights.has_any(READ_REVIEWS) || facts.is_owner),
        // Not even an administrator decides or signs what others are asked to, and nobody decides what is for them.
        Action::DecideReview | Action::SignReview | Action::DecideRequest => {
            let knows = if action == Action::DecideRequest {
                sees_people
            } else {
                rights.has_any(READ_REVIEWS)
            };
            return if facts.is_self {
                Err(Denied::Oneself)
            } else if facts.is_owner {
                Ok(permit)
            } else if knows {
                Err(Denied::NotAsked)
            } else {
                Err(Denied::Hidden)
            };
        }
        Action::FollowRequest => {
            return if facts.is_self {
                Ok(permit)
            } else if sees_people || facts.is_owner {
                Err(Denied::NotAsked)
            } else {
                Err(Denied::Hidden)
            };
        }
        Action::AskAccess | Action::Delegate if facts.is_self => return Ok(permit),
        Action::AskAccess if facts.is_manager => return Ok(permit),
        Action::HandOnRequest if facts.is_owner && !facts.is_self => return Ok(permit),
        Action::DoTask | Action::ControlJob | Action::RunReview | Action::ShareReview
            if facts.is_owner =>
        {
            return Ok(permit);
        }
        Action::RunReview => (true, RUN_REVIEWS),
        Action::ReadJob => return seen(rights.has_any(READ_LOG) || facts.is_owner),
        Action::ControlJob => (rights.has_any(READ_LOG), ADMINISTRATORS),
        Action::ReadAudit => (true, READ_LOG),
        Action::ReadSource => (true, READ_SOURCES),
        Action::ManageSource | Action::RunImport | Action::CreatePerson => (true, MANAGE_PEOPLE),
        Action::CreateAccess => (true, MANAGE_ACCESS),
        Action::EditAccess => (sees_access, MANAGE_ACCESS),
        Action::AskAccess | Action::HandOnRequest | Action::DoTask | Action::GiveAccess => {
            (sees_people, MANAGE_ACCESS)
        }
        Action::Delegate | Action::GrantRight => (sees_people, ADMINISTRATORS),
        Action::WatchFolder | Action::ManageMail | Action::ShareReview => (true, ADMINISTRATORS),
        // Whoever could edit an administrator, or set their password, would be one.
        Action::EditPerson | Action::MovePerson | Action::LinkPerson if facts.is_privileged => {
            (sees_people, ADMINISTRATORS)
        }
        Action::EditPerson | Action::MovePerson | Action::LinkPerson => {
            (sees_people, MANAGE_PEOPLE)
        }
    };
    if !visible {
        return Err(Denied::Hidden);
    }
    if !rights.has_any(needs) {
        return Err(Denied::Forbidden { needs });
    }
    if facts.is_self
        && matches!(
            action,
            Action::MovePerson | Action::GrantRight | Action::GiveAccess | Action::HandOnRequest
        )
    {
        return Err(Denied::Oneself);
    }
    Ok(permit)
}

/// Which rows of a list an actor sees; becomes part of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// All.
    All,
    /// What is related to this person: direct reports, what they and oneself hold, or what one owns.
    Related(IdentityId),
    /// None.
    Nothing,
}

/// The people an actor sees in lists; related are those they manage.
pub fn visible_people(actor: Actor) -> Visibility {
    visibility(actor, READ_PEOPLE)
}

/// The jobs an actor sees; related are those they asked for.
pub fn visible_jobs(actor: Actor) -> Visibility {
    visibility(actor, READ_LOG)
}

/// The applications and entitlements an actor sees.
pub fn visible_access(actor: Actor) -> Visibility {
    visibility(actor, READ_ACCESS)
}

fn visibility(actor: Actor, all: &[ConsoleRight]) -> Visibility {
    match actor {
        Actor::System | Actor::CommandLine => Visibility::All,
        Actor::Anonymous => Visibility::Nothing,
        Actor::Person { rights, .. } if rights.has_any(all) => Visibility::All,
        Actor::Person { id, .. } => Visibility::Related(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_facts() -> impl Strategy<Value = Facts> {
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(is_self, is_manager, is_owner, is_privileged)| Facts {
                is_self,
                is_manager,
                is_owner,
                is_privileged,
            },
        )
    }

    proptest! {
        #[test]
        fn anonymous_may_nothing(action in proptest::sample::select(Action::ALL), facts in any_facts()) {
            prop_assert_eq!(decide(Actor::Anonymous, action, None, facts), Err(Denied::SignIn));
        }

        #[test]
        fn more_rights_never_allow_less(action in proptest::sample::select(Action::ALL), facts in any_facts(), bits in 0_u8..64, more in proptest::sample::select(ConsoleRight::ALL)) {
            let actor = |rights| Actor::Person { id: IdentityId::from_raw(1), rights };
            if decide(actor(Rights(bits)), action, None, facts).is_ok() {
                prop_assert!(decide(actor(Rights(bits).with(more)), action, None, facts).is_ok());
            }
        }

        #[test]
        fn an_auditor_changes_nothing(action in proptest::sample::select(Action::ALL), facts in any_facts()) {
            let auditor = Actor::Person { id: IdentityId::from_raw(1), rights: Rights::NONE.with(Audit) };
            let reads = matches!(action, Action::ReadPerson | Action::ReadAccess | Action::ReadAudit | Action::ReadSource | Action::ReadJob | Action::OwnAccount | Action::ReadRequest | Action::ReadReview);
            // As everybody else they ask for themselves and their reports, and decide what they are asked to decide.
            let related = facts.is_self || facts.is_manager || facts.is_owner;
            let reads = reads || related && matches!(action, Action::AskAccess | Action::FollowRequest | Action::DecideRequest | Action::HandOnRequest | Action::Delegate | Action::DoTask);
            // What they asked for, such as a long export, they may call off; and they may answer for a review or decide in one.
            let own_job = facts.is_owner && matches!(action, Action::ControlJob | Action::RunReview | Action::SignReview | Action::ShareReview | Action::DecideReview);
            prop_assert!(reads || own_job || decide(auditor, action, None, facts).is_err());
        }

        #[test]
        fn nobody_decides_what_is_for_them_and_only_who_is_asked_decides(facts in any_facts(), bits in 0_u8..64) {
            let actor = Actor::Person { id: IdentityId::from_raw(1), rights: Rights(bits) };
            prop_assert_eq!(decide(actor, Action::DecideReview, None, facts).is_ok(), facts.is_owner && !facts.is_self);
            let may = decide(actor, Action::DecideRequest, None, facts).is_ok();
            prop_assert_eq!(may, facts.is_owner && !facts.is_self);
        }

        #[test]
        fn only_administrators_touch_the_privileged(bits in 0_u8..64, is_manager: bool, is_self: bool) {
            let rights = Rights(bits);
            let facts = Facts { is_privileged: true, is_manager, is_self, is_owner: false };
            let actor = Actor::Person { id: IdentityId::from_raw(1), rights };
            for action in [Action::EditPerson, Action::MovePerson, Action::LinkPerson, Action::GrantRight] {
                prop_assert!(rights.has(Administer) || decide(actor, action, None, facts).is_err());
            }
        }
    }
}
