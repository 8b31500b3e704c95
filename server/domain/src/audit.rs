//! What the log says: events with their actor, targets and details. How an entry is hashed is the crate `proof`'s.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::id::{IdentityId, ObjectRef};
use crate::permission::Actor;
use crate::words;

words! {
    /// Every act the log knows, as `object.past_participle`.
    AuditAction {
        /// The database was made.
        OrganisationCreated = "organisation.created", "set up the organisation";
        /// A person was added.
        IdentityCreated = "identity.created", "added";
        /// A person's record was changed.
        IdentityEdited = "identity.edited", "edited";
        /// A person was suspended.
        IdentitySuspended = "identity.suspended", "suspended";
        /// A person was resumed.
        IdentityResumed = "identity.resumed", "resumed";
        /// A person was ended.
        IdentityEnded = "identity.ended", "ended";
        /// An application was added.
        ApplicationCreated = "application.created", "added";
        /// An application was changed.
        ApplicationEdited = "application.edited", "edited";
        /// An application was suspended.
        ApplicationSuspended = "application.suspended", "suspended";
        /// An application was resumed.
        ApplicationResumed = "application.resumed", "resumed";
        /// An application was ended.
        ApplicationEnded = "application.ended", "ended";
        /// An entitlement was added.
        EntitlementCreated = "entitlement.created", "added";
        /// An entitlement was changed.
        EntitlementEdited = "entitlement.edited", "edited";
        /// An entitlement was suspended.
        EntitlementSuspended = "entitlement.suspended", "suspended";
        /// An entitlement was resumed.
        EntitlementResumed = "entitlement.resumed", "resumed";
        /// An entitlement was ended.
        EntitlementEnded = "entitlement.ended", "ended";
        /// Access was assigned.
        AssignmentCreated = "assignment.created", "gave access to";
        /// Until when access lasts was changed.
        AssignmentExtended = "assignment.extended", "changed how long access lasts of";
        /// Access was stopped for now.
        AssignmentSuspended = "assignment.suspended", "suspended access of";
        /// Suspended access is there again.
        AssignmentRestored = "assignment.restored", "restored access of";
        /// Access was taken away.
        AssignmentEnded = "assignment.ended", "ended access of";
        /// A person shall not get something.
        ExclusionCreated = "exclusion.created", "excluded from access";
        /// A person may get something again.
        ExclusionEnded = "exclusion.ended", "ended the exclusion of";
        /// A role was added.
        RoleCreated = "role.created", "added the role";
        /// A role, or what is in it, was changed.
        RoleEdited = "role.edited", "changed the role";
        /// A role was suspended: it gives nothing.
        RoleSuspended = "role.suspended", "suspended the role";
        /// A role was resumed.
        RoleResumed = "role.resumed", "resumed the role";
        /// A role was ended.
        RoleEnded = "role.ended", "ended the role";
        /// A rule was added.
        RuleCreated = "rule.created", "added the rule";
        /// A rule was changed.
        RuleEdited = "rule.edited", "changed the rule";
        /// A rule shows whom it would apply to.
        RuleObserved = "rule.observed", "began to observe the rule";
        /// A rule gives access.
        RuleActivated = "rule.activated", "activated the rule";
        /// A rule gives nothing any more.
        RuleEnded = "rule.ended", "ended the rule";
        /// A search for roles in what people have was asked for.
        DiscoveryAsked = "discovery.asked", "asked to look for";
        /// A search for roles in what people have came to its end.
        DiscoveryFinished = "discovery.finished", "found";
        /// Someone signed in.
        SignedIn = "session.started", "signed in";
        /// Someone signed out, or was signed out.
        SignedOut = "session.ended", "signed out";
        /// A sign-in was refused.
        SignInDenied = "session.denied", "was refused at sign-in";
        /// A password was set through a link.
        PasswordSet = "password.set", "set a password";
        /// A password was changed by its owner.
        PasswordChanged = "password.changed", "changed the password";
        /// A one-time link was made.
        LinkCreated = "link.created", "made a set-password link for";
        /// An act was refused.
        Denied = "act.denied", "was refused";
        /// Rows left the console in a file.
        Exported = "list.exported", "exported";
        /// An auditor opened something.
        Viewed = "object.viewed", "viewed";
        /// Long work was asked for.
        JobCreated = "job.created", "asked for";
        /// Long work was stopped for now.
        JobPaused = "job.paused", "paused";
        /// Long work goes on.
        JobResumed = "job.resumed", "resumed";
        /// Long work was called off.
        JobCancelled = "job.cancelled", "cancelled";
        /// The file that long work made was fetched.
        ExportFetched = "export.fetched", "downloaded the file of";
        /// A source of access data was added.
        SourceCreated = "source.created", "added the source";
        /// A source of access data was changed.
        SourceEdited = "source.edited", "changed the source";
        /// A source of access data was ended.
        SourceEnded = "source.ended", "ended the source";
        /// An import began to write.
        ImportStarted = "import.started", "started the import";
        /// An import wrote everything.
        ImportFinished = "import.finished", "finished the import";
        /// An import was not carried out: it cannot be read, or would end too much.
        ImportRefused = "import.refused", "refused the import";
        /// An import broke off.
        ImportFailed = "import.failed", "could not finish the import";
        /// An import was called off before it wrote anything.
        ImportCancelled = "import.cancelled", "cancelled the import";
        /// It was decided whom a source means.
        LinkDecided = "identity.linked", "decided whom the source means by";
        /// An approval flow was added.
        FlowCreated = "approval_flow.created", "added the approval flow";
        /// An approval flow was changed.
        FlowEdited = "approval_flow.edited", "changed the approval flow";
        /// An approval flow was ended.
        FlowEnded = "approval_flow.ended", "ended the approval flow";
        /// Access was asked for.
        RequestSubmitted = "request.submitted", "asked for access for";
        /// A request waits for these people now.
        RequestOpened = "request.opened", "asked for approval of";
        /// Somebody agreed.
        RequestApproved = "request.approved", "approved";
        /// Somebody refused.
        RequestRejected = "request.rejected", "rejected";
        /// Somebody decided when it was over.
        RequestLate = "request.decided_late", "decided too late on";
        /// An approver asked back.
        RequestAsked = "request.asked", "asked back on";
        /// Somebody wrote an answer or a remark.
        RequestCommented = "request.commented", "commented on";
        /// Somebody else is to decide.
        RequestHandedOn = "request.handed_on", "handed on";
        /// Those it waits for were reminded.
        RequestReminded = "request.reminded", "sent a reminder of";
        /// More people were asked because nobody decided in time.
        RequestEscalated = "request.escalated", "escalated";
        /// Nobody decided in time.
        RequestTimedOut = "request.timed_out", "timed out";
        /// Whoever asked does not want it any more.
        RequestWithdrawn = "request.withdrawn", "withdrew";
        /// It was approved and could not be given.
        RequestFailed = "request.failed", "could not carry out";
        /// Access was activated for some hours.
        AssignmentActivated = "assignment.activated", "activated access of";
        /// Access was taken at once in an emergency.
        EmergencyUsed = "emergency.used", "took EMERGENCY access for";
        /// Somebody decides for somebody else for a time.
        DelegationCreated = "delegation.created", "delegated decisions";
        /// A delegation was called back.
        DelegationEnded = "delegation.ended", "ended the delegation";
        /// Somebody has to do what no connector does.
        TaskCreated = "task.created", "made the task";
        /// Somebody says that a task is done.
        TaskDone = "task.done", "did the task";
        /// A reading of the application shows that a task is done.
        TaskVerified = "task.verified", "verified the task";
        /// A reading of the application does not show it.
        TaskReopened = "task.reopened", "opened the task again";
        /// Somebody else should do a task.
        TaskReassigned = "task.reassigned", "handed on the task";
        /// A task is not needed any more.
        TaskDropped = "task.dropped", "dropped the task";
        /// A review was defined.
        ReviewDefined = "review.defined", "defined the review";
        /// A review was changed.
        ReviewChanged = "review.changed", "changed the review";
        /// A campaign was begun; its population is being frozen.
        CampaignBegun = "review.begun", "began the campaign";
        /// The population of a campaign is complete, and its reviewers decide.
        CampaignLaunched = "review.launched", "launched the campaign";
        /// Decisions were submitted.
        CampaignSubmitted = "review.submitted", "submitted decisions in the campaign";
        /// Items were given to another reviewer.
        CampaignPassed = "review.passed", "gave items to another reviewer in the campaign";
        /// Reviewers were reminded.
        CampaignReminded = "review.reminded", "reminded reviewers of the campaign";
        /// A campaign got more time.
        CampaignExtended = "review.extended", "extended the campaign";
        /// A campaign was closed.
        CampaignClosed = "review.closed", "closed the campaign";
        /// A campaign was called off.
        CampaignCancelled = "review.cancelled", "called off the campaign";
        /// Revocations were taken back before they took effect.
        CampaignRestored = "review.restored", "restored access that the campaign revoked";
        /// Revocations took effect.
        CampaignCarriedOut = "review.carried_out", "ended access that the campaign revoked";
        /// What became of revocations in the applications.
        CampaignVerified = "review.verified", "verified revocations of the campaign";
        /// A campaign was signed off.
        CampaignSigned = "review.signed", "signed off the campaign";
        /// An evidence pack was made.
        EvidenceExported = "evidence.exported", "exported the evidence of the campaign";
        /// An evidence pack was downloaded.
        EvidenceFetched = "evidence.fetched", "downloaded the evidence of the campaign";
        /// A sample of a campaign was drawn.
        SampleDrawn = "sample.drawn", "drew a sample of the campaign";
        /// A link for an outside auditor was made.
        AuditorLinkMade = "auditor_link.made", "made an auditor link to the campaign";
        /// A link for an outside auditor was called back.
        AuditorLinkRevoked = "auditor_link.revoked", "called back an auditor link to the campaign";
        /// Something was opened with a link for an outside auditor.
        AuditorLinkViewed = "auditor_link.viewed", "opened by an auditor link the campaign";
        /// The key that signs checkpoints was made or changed.
        KeyCreated = "key.created", "made the log's signing key";
    }
}

words! {
    /// How an act ended.
    Outcome {
        /// Done.
        Done = "done", "Done";
        /// Not permitted.
        Denied = "denied", "Denied";
    }
}

/// An object an event touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub object: ObjectRef,
    /// Salted hash of its new content; none when its content did not change.
    pub content: Option<[u8; 32]>,
}

/// What the log keeps about one subject of an event; can be erased without breaking the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detail {
    /// Whom or what it is about, as id text; empty when about nobody.
    pub subject: String,
    /// Content before.
    pub before: Option<Value>,
    /// Content after.
    pub after: Option<Value>,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// The actor's network address.
    pub address: Option<String>,
    /// The actor's browser.
    pub user_agent: Option<String>,
    /// Anything else worth keeping.
    pub note: Option<Value>,
}

impl Detail {
    /// The JSON that is hashed and stored: only what is there.
    pub fn to_json(&self) -> Value {
        let mut map = serde_json::Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                map.insert(key.to_owned(), value);
            }
        };
        put("before", self.before.clone());
        put("after", self.after.clone());
        put("reason", self.reason.clone().map(Value::String));
        put("address", self.address.clone().map(Value::String));
        put("user_agent", self.user_agent.clone().map(Value::String));
        put("note", self.note.clone());
        Value::Object(map)
    }
}

/// What binds an act on many rows to its entry: the root of its manifest and the control totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Root over the records of its rows.
    pub root: [u8; 32],
    /// How many records there are.
    pub records: u64,
    /// Counts by name, such as `access.added`.
    pub totals: BTreeMap<String, u64>,
}

/// One thing that happened, not yet in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Who acted.
    pub actor: Actor,
    /// For whom, when the actor stands in for someone.
    pub on_behalf_of: Option<IdentityId>,
    /// What was done.
    pub action: AuditAction,
    /// How it ended.
    pub outcome: Outcome,
    /// The id of the request it came with.
    pub request: Option<String>,
    /// What it touched.
    pub targets: Vec<Target>,
    /// What is kept about each subject.
    pub details: Vec<Detail>,
    /// For an act on many rows, what binds them.
    pub bulk: Option<Bulk>,
}
