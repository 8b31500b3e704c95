//! What can happen in the history.

use domain::application::ApplicationDraft;
use domain::assignment::AssignmentStep;
use domain::entitlement::EntitlementDraft;
use domain::lifecycle::Step;
use domain::permission::ConsoleRight;
use domain::role::RoleDraft;
use domain::rule::RuleState;
use domain::time::Date;

use super::feeds::Delivery;
use crate::catalogue::model::Filling;
use crate::catalogue::requests::Turn;
use crate::catalogue::rules::Rule;

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    Administrator,
    IdentityManager,
    AccessManager,
    Auditor,
    Manager,
    Employee,
    /// Somebody else who works here.
    Person(Who),
    /// The product's own timer: signs in nowhere.
    System,
}

/// A person's place in [`super::Plan::members`].
pub(crate) type Who = usize;
/// An application's place in [`super::access::applications`].
pub(crate) type Which = usize;
/// A place in [`crate::catalogue::given::GIVEN`] or [`crate::catalogue::given::EXCLUDED`], in
/// [`crate::catalogue::requests::FLOWS`] or [`crate::catalogue::requests::ASKED`].
pub(crate) type Nth = usize;

/// One act of the history.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// The first page: organisation and first administrator.
    Found(Who),
    SignIn,
    SignOut,
    /// A sign-in with a wrong password.
    Mistype,
    /// Writes wrong passwords of the minutes before into the log.
    SumUpDenials,
    Hire(Who),
    Edit(Who, Change),
    Suspend(Who, &'static str),
    Resume(Who, &'static str),
    /// At once, or after a last day.
    End(Who, &'static str, Option<Date>),
    /// Ends whoever's last day is over.
    EndDue,
    Grant(Who, ConsoleRight, &'static str),
    Withdraw(Who, ConsoleRight, &'static str),
    /// A one-time link, through which a password is set.
    Invite(Who),
    /// Somebody without the right tries to make a link for a person.
    Overreach(Who),
    LookAt(Who),
    ExportPeople,
    AddApplication(Which, Box<ApplicationDraft>),
    EditApplication(Which, AppChange),
    StepApplication(Which, Step, &'static str),
    AddGrant(Box<EntitlementDraft>),
    EditGrant(&'static str, GrantChange),
    StepGrant(&'static str, Step, &'static str),
    AddRole(Box<RoleDraft>),
    /// Puts something into a role and takes something out, as its plan says.
    FillRole(&'static str, Filling),
    /// With its owner's username.
    AddRule(&'static Rule, String),
    StepRule(&'static str, RuleState, &'static str),
    /// With the first and the last day; empty is now, and without end.
    Give(Nth, Who, String, String),
    /// With another last day.
    Extend(Nth, String, &'static str),
    StepGiven(Nth, AssignmentStep, &'static str),
    Exclude(Nth, Who),
    EndExclusion(Nth, &'static str),
    /// Ends access whose last day is over.
    EndAccessDue,
    /// An approval flow.
    AddFlow(Nth),
    /// The manager lets somebody decide, with the first and the last day.
    Delegate(String, String, String),
    /// Somebody asks for something, for so many days.
    Ask(Nth, Who, &'static str, String),
    /// Somebody decides about it, asks back, answers, takes it back, or uses it.
    Turn(Nth, Turn),
    /// What was given is set up.
    DoTask(Nth, &'static str),
    /// Reminds, asks others, and ends what was given for a time.
    SweepRequests,
    /// The source of people.
    AddPeopleFeed,
    /// The source of accounts and access.
    AddDirectory,
    /// The HR system sends everybody; how often it did so before.
    ImportPeople(usize),
    /// The directory sends what people have.
    ImportDirectory(Box<Delivery>),
    /// A step of a review.
    Review(Reviewing),
    Checkpoint,
}

/// A step of a review. Reviews are counted from 0.
#[derive(Debug, Clone)]
pub(crate) enum Reviewing {
    /// It begins, of the people whom a search finds.
    Launch(usize, String),
    /// The manager decides on everything.
    Decide(usize),
    /// Nothing more is decided.
    Close(usize),
    /// What was revoked ends.
    CarryOut,
}

/// A change of a person's record.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Everything that the plan knows of the person.
    Complete,
    Title(String),
    /// `Senior` is put in front of whatever the title is.
    Promote,
    Manager(Who),
    Location(&'static str),
    Transfer {
        department: &'static str,
        title: String,
        location: &'static str,
        manager: Who,
    },
    OnLeave,
    Back,
    Rename {
        display_name: String,
        email: String,
    },
    LastDay(Date),
}

/// A change of an application's record.
#[derive(Debug, Clone)]
pub(crate) enum AppChange {
    Describe(&'static str),
    Criticality(&'static str),
}

/// A change of an entitlement's record.
#[derive(Debug, Clone)]
pub(crate) enum GrantChange {
    Describe(&'static str),
    Risk(&'static str),
    Requestable(bool),
}
