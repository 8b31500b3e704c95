//! How the log calls things: acts, tokens, what the list covers, and links to lists of the like.

use domain::audit::{AuditAction, Outcome};
use domain::search::{Comparison, Search, Term};
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;

use crate::format;
use crate::routes;

/// What a token's key and a value of it are called.
pub(super) fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "actor" => "Who",
        "action" => "What",
        "target" => "On",
        "outcome" => "Outcome",
        "request" => "Request",
        "from" => "From",
        "to" => "To",
        "time" => "When",
        "seq" => "Entry",
        other => other,
    };
    let label = match key {
        "action" => action(value),
        "outcome" => Outcome::from_word(value).map(Outcome::label),
        "actor" => nobody(value),
        _ => None,
    };
    let day = value
        .parse::<Date>()
        .ok()
        .filter(|_| matches!(key, "from" | "to" | "time"))
        .map(format::day);
    (
        title.to_owned(),
        day.or(label.map(str::to_owned))
            .unwrap_or_else(|| value.to_owned()),
    )
}

/// An actor that is no person.
fn nobody(word: &str) -> Option<&'static str> {
    match word {
        "system" => Some("Bailiwick"),
        "command_line" => Some("The command line"),
        "anonymous" => Some("Somebody not signed in"),
        _ => None,
    }
}

/// What a group of acts is called.
fn group(word: &str) -> Option<&'static str> {
    match word {
        "identity" => Some("Changes to people"),
        "application" => Some("Changes to applications"),
        "entitlement" => Some("Changes to entitlements"),
        "assignment" => Some("Access given and ended"),
        "exclusion" => Some("Exclusions"),
        "role" => Some("Changes to roles"),
        "rule" => Some("Changes to rules"),
        "discovery" => Some("Searches for roles"),
        "source" => Some("Changes to sources"),
        "import" => Some("Imports"),
        "job" => Some("Jobs"),
        "session" => Some("Sign-ins"),
        "password" => Some("Passwords"),
        "request" => Some("Requests"),
        "approval_flow" => Some("Approval flows"),
        "delegation" => Some("Delegations"),
        "task" => Some("Fulfilment tasks"),
        _ => None,
    }
}

/// What an act, or a group of acts, is called on its own.
pub(super) fn action(word: &str) -> Option<&'static str> {
    let Some(action) = AuditAction::from_word(word) else {
        return group(word);
    };
    Some(match action {
        AuditAction::OrganisationCreated => "Organisation set up",
        AuditAction::IdentityCreated => "Person added",
        AuditAction::IdentityEdited => "Person edited",
        AuditAction::IdentitySuspended => "Person suspended",
        AuditAction::IdentityResumed => "Person resumed",
        AuditAction::IdentityEnded => "Person ended",
        AuditAction::ApplicationCreated => "Application added",
        AuditAction::ApplicationEdited => "Application edited",
        AuditAction::ApplicationSuspended => "Application suspended",
        AuditAction::ApplicationResumed => "Application resumed",
        AuditAction::ApplicationEnded => "Application ended",
        AuditAction::EntitlementCreated => "Entitlement added",
        AuditAction::EntitlementEdited => "Entitlement edited",
        AuditAction::EntitlementSuspended => "Entitlement suspended",
        AuditAction::EntitlementResumed => "Entitlement resumed",
        AuditAction::EntitlementEnded => "Entitlement ended",
        AuditAction::AssignmentCreated => "Access given",
        AuditAction::AssignmentExtended => "Length of access changed",
        AuditAction::AssignmentSuspended => "Access suspended",
        AuditAction::AssignmentRestored => "Access restored",
        AuditAction::AssignmentEnded => "Access ended",
        AuditAction::ExclusionCreated => "Excluded from access",
        AuditAction::ExclusionEnded => "Exclusion ended",
        AuditAction::RoleCreated => "Role added",
        AuditAction::RoleEdited => "Role changed",
        AuditAction::RoleSuspended => "Role suspended",
        AuditAction::RoleResumed => "Role resumed",
        AuditAction::RoleEnded => "Role ended",
        AuditAction::RuleCreated => "Rule added",
        AuditAction::RuleEdited => "Rule changed",
        AuditAction::RuleObserved => "Rule observed",
        AuditAction::RuleActivated => "Rule activated",
        AuditAction::RuleEnded => "Rule ended",
        AuditAction::DiscoveryAsked => "Search for roles asked for",
        AuditAction::DiscoveryFinished => "Roles found",
        AuditAction::SignedIn => "Signed in",
        AuditAction::SignedOut => "Signed out",
        AuditAction::SignInDenied => "Sign-in refused",
        AuditAction::PasswordSet => "Password set",
        AuditAction::PasswordChanged => "Password changed",
        AuditAction::LinkCreated => "Set-password link made",
        AuditAction::Denied => "Act refused",
        AuditAction::Exported => "List exported",
        AuditAction::Viewed => "Looked at by an auditor",
        AuditAction::SourceCreated => "Source added",
        AuditAction::SourceEdited => "Source changed",
        AuditAction::SourceEnded => "Source ended",
        AuditAction::ImportStarted => "Import started",
        AuditAction::ImportFinished => "Import finished",
        AuditAction::ImportRefused => "Import refused",
        AuditAction::ImportFailed => "Import failed",
        AuditAction::ImportCancelled => "Import cancelled",
        AuditAction::LinkDecided => "Person of a source decided",
        AuditAction::JobCreated => "Job asked for",
        AuditAction::JobPaused => "Job paused",
        AuditAction::JobResumed => "Job resumed",
        AuditAction::JobCancelled => "Job cancelled",
        AuditAction::ExportFetched => "File of an export downloaded",
        AuditAction::FlowCreated => "Approval flow added",
        AuditAction::FlowEdited => "Approval flow changed",
        AuditAction::FlowEnded => "Approval flow ended",
        AuditAction::RequestSubmitted => "Access asked for",
        AuditAction::RequestOpened => "Approval asked for",
        AuditAction::RequestApproved => "Request approved",
        AuditAction::RequestRejected => "Request rejected",
        AuditAction::RequestLate => "Decided too late",
        AuditAction::RequestAsked => "Asked back on a request",
        AuditAction::RequestCommented => "Comment on a request",
        AuditAction::RequestHandedOn => "Request handed on",
        AuditAction::RequestReminded => "Reminder of a request",
        AuditAction::RequestEscalated => "Request escalated",
        AuditAction::RequestTimedOut => "Request timed out",
        AuditAction::RequestWithdrawn => "Request withdrawn",
        AuditAction::RequestFailed => "Request could not be carried out",
        AuditAction::AssignmentActivated => "Access activated",
        AuditAction::EmergencyUsed => "Emergency access taken",
        AuditAction::DelegationCreated => "Decisions delegated",
        AuditAction::DelegationEnded => "Delegation ended",
        AuditAction::TaskCreated => "Task made",
        AuditAction::TaskDone => "Task done",
        AuditAction::TaskVerified => "Task verified",
        AuditAction::TaskReopened => "Task opened again",
        AuditAction::TaskReassigned => "Task handed on",
        AuditAction::TaskDropped => "Task dropped",
        AuditAction::KeyCreated => "Signing key made",
        other => return of_reviews(other),
    })
}

/// What was done in access reviews.
const fn of_reviews(action: AuditAction) -> Option<&'static str> {
    Some(match action {
        AuditAction::ReviewDefined => "Review defined",
        AuditAction::ReviewChanged => "Review changed",
        AuditAction::CampaignBegun => "Campaign begun",
        AuditAction::CampaignLaunched => "Campaign launched",
        AuditAction::CampaignSubmitted => "Decisions submitted",
        AuditAction::CampaignPassed => "Items passed on",
        AuditAction::CampaignReminded => "Reviewers reminded",
        AuditAction::CampaignExtended => "Campaign extended",
        AuditAction::CampaignClosed => "Campaign closed",
        AuditAction::CampaignCancelled => "Campaign called off",
        AuditAction::CampaignRestored => "Revocation taken back",
        AuditAction::CampaignCarriedOut => "Access ended by a campaign",
        AuditAction::CampaignVerified => "Revocations verified",
        AuditAction::CampaignSigned => "Campaign signed off",
        AuditAction::EvidenceExported => "Evidence exported",
        AuditAction::EvidenceFetched => "Evidence downloaded",
        AuditAction::SampleDrawn => "Sample of a review drawn",
        AuditAction::AuditorLinkMade => "Auditor link made",
        AuditAction::AuditorLinkRevoked => "Auditor link called back",
        AuditAction::AuditorLinkViewed => "Opened by an auditor link",
        _ => return None,
    })
}

/// The log with only what has this value.
pub(super) fn only(key: &str, value: &str) -> String {
    let search = Search {
        terms: vec![Term::is(key, value)],
    }
    .to_string();
    format!(
        "{}?{}",
        routes::AUDIT,
        serde_urlencoded::to_string([("q", search)]).unwrap_or_default()
    )
}

/// The time that a search covers: `all time`, `since 1 Nov 2026`, `1 Nov 2026 to 7 Nov 2026`.
pub(super) fn range(search: &Search, zone: &TimeZone) -> String {
    let mut from = Vec::new();
    let mut to = Vec::new();
    for term in &search.terms {
        let Term::Token {
            key,
            comparison,
            value,
        } = term
        else {
            continue;
        };
        let Some(text) = moment(value, zone) else {
            continue;
        };
        match (key.as_str(), comparison) {
            ("from", Comparison::Is) | ("time", Comparison::AtLeast) => from.push(text),
            ("time", Comparison::Over) => from.push(format!("after {text}")),
            ("to", Comparison::Is) | ("time", Comparison::AtMost) => to.push(text),
            ("time", Comparison::Under) => to.push(format!("before {text}")),
            ("time", Comparison::Is) => {
                from.push(text.clone());
                to.push(text);
            }
            _ => {}
        }
    }
    match (from.join(" and "), to.join(" and ")) {
        (from, to) if from.is_empty() && to.is_empty() => "all time".to_owned(),
        (from, to) if from == to => from,
        (from, to) if to.is_empty() => format!("since {from}"),
        (from, to) if from.is_empty() => format!("until {to}"),
        (from, to) => format!("{from} to {to}"),
    }
}

fn moment(text: &str, zone: &TimeZone) -> Option<String> {
    let day = text.parse::<Date>().ok().map(format::day);
    day.or_else(|| {
        text.parse::<Instant>()
            .ok()
            .map(|at| format::exact(at, zone))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_said_in_words() {
        let range = |text: &str| range(&Search::parse(text), &TimeZone::UTC);
        assert_eq!(range("kim action:identity"), "all time");
        assert_eq!(range("from:2026-11-22"), "since 22 Nov 2026");
        assert_eq!(
            range("from:2026-11-01 to:2026-11-07"),
            "1 Nov 2026 to 7 Nov 2026"
        );
        assert_eq!(range("time:2026-11-07"), "7 Nov 2026");
        assert_eq!(range("to:2026-11-07"), "until 7 Nov 2026");
        assert_eq!(
            range("time<2026-11-22T14:03:12Z"),
            "until before 22 Nov 2026, 14:03:12 UTC"
        );
        assert_eq!(range("from:yesterday"), "all time");
    }

    #[test]
    fn every_act_has_a_name_of_its_own() {
        let mut names: Vec<_> = AuditAction::ALL
            .iter()
            .filter_map(|known| action(known.word()))
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), AuditAction::ALL.len());
        assert_eq!(only("request", "0a1b"), "/audit?q=request%3A0a1b");
    }
}
