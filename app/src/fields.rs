//! What the fields of records are called and how their values read, wherever a change is shown.
//!
//! The log keeps words and ids; people read labels and names. A field or value without words of its own is shown as it
//! is: nothing is hidden because nobody thought of it.

use std::collections::HashMap;

use domain::assignment::AssignmentState;
use domain::audit::AuditAction;
use domain::entitlement::EntitlementKind;
use domain::id::ObjectKind;
use domain::identity::{IdentityKind, IdentityStatus};
use domain::lifecycle::{Level, Lifecycle};
use domain::permission::Action;
use domain::rule::RuleState;
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;
use service::audit::FieldChange;

use crate::format;

/// What the fields of a kind of object are called.
pub type Fields = &'static [(&'static str, &'static str)];

/// A person's record.
pub const PEOPLE: Fields = &[
    ("display_name", "Name"),
    ("username", "Username"),
    ("email", "E-mail"),
    ("kind", "Kind"),
    ("status", "Status"),
    ("department", "Department"),
    ("title", "Title"),
    ("location", "Location"),
    ("manager", "Manager"),
    ("start_date", "First day"),
    ("end_date", "Last day"),
    ("external_id", "External id"),
    ("attributes", "Attributes"),
];

/// An application's record.
pub const APPLICATIONS: Fields = &[
    ("display_name", "Name"),
    ("name", "Technical name"),
    ("description", "Description"),
    ("owner", "Owner"),
    ("criticality", "Criticality"),
    ("status", "Status"),
    ("built_in", "Built in"),
];

/// An entitlement's record.
pub const ENTITLEMENTS: Fields = &[
    ("display_name", "Name"),
    ("name", "Technical name"),
    ("application", "Application"),
    ("description", "Description"),
    ("kind", "Kind"),
    ("actions", "Actions"),
    ("resource_type", "Resource type"),
    ("resource_id", "Resource"),
    ("risk", "Risk"),
    ("owner", "Owner"),
    ("requestable", "Can be asked for"),
    ("status", "Status"),
];

/// An assignment's record.
pub const ASSIGNMENTS: Fields = &[
    ("identity", "Person"),
    ("entitlement", "Entitlement"),
    ("role", "Role"),
    ("agent", "Given by"),
    ("reason", "Reason"),
    ("state", "State"),
    ("valid_from", "From"),
    ("valid_until", "Until"),
];

/// A role's record.
const ROLES: Fields = &[
    ("name", "Technical name"),
    ("display_name", "Name"),
    ("description", "Description"),
    ("owner", "Owner"),
    ("status", "Status"),
    ("source", "Source"),
    ("parts", "Contents"),
];

/// A source's record.
const SOURCES: Fields = &[
    ("name", "Name"),
    ("description", "Description"),
    ("folder", "Watched folder"),
    ("every_minutes", "Looked at every (minutes)"),
    ("mode", "Mode"),
    ("mapping", "Columns"),
    ("status", "Status"),
];

/// What a person shall not get.
const EXCLUSIONS: Fields = &[
    ("identity", "Person"),
    ("entitlement", "Entitlement"),
    ("role", "Role"),
    ("reason", "Reason"),
    ("owner", "Owner"),
    ("state", "State"),
    ("valid_from", "From"),
    ("valid_until", "Until"),
];

/// A rule's record.
const RULES: Fields = &[
    ("name", "Name"),
    ("description", "Description"),
    ("condition", "Condition"),
    ("entitlement", "Gives the entitlement"),
    ("role", "Gives the role"),
    ("owner", "Owner"),
    ("state", "State"),
    ("hand_over_days", "Days of hand-over"),
];

/// An approval flow's record.
const FLOWS: Fields = &[
    ("name", "Name"),
    ("description", "Description"),
    ("covers", "For"),
    ("asked_by", "Who may ask"),
    ("longest_days", "Longest, in days"),
    ("activation_hours", "Hours of an activation"),
    ("activation_approval", "Activations need approval"),
    ("emergency_hours", "Hours of emergency access"),
    ("automatic", "Approved by itself when"),
    ("stages", "Steps"),
    ("status", "Status"),
];

/// What was asked for.
const REQUEST_ITEMS: Fields = &[
    ("beneficiary", "For"),
    ("requester", "Asked by"),
    ("entitlement", "Entitlement"),
    ("role", "Role"),
    ("kind", "What for"),
    ("length", "For how long"),
    ("reason", "Reason"),
    ("state", "State"),
    ("ended", "Ended"),
    ("assignment", "Given as"),
];

/// Who decides for whom.
const DELEGATIONS: Fields = &[
    ("delegator", "For"),
    ("delegate", "Who decides"),
    ("valid_from", "From"),
    ("valid_until", "Until"),
    ("reason", "Reason"),
    ("state", "State"),
];

/// A fulfilment task.
const TASKS: Fields = &[
    ("kind", "What to do"),
    ("identity", "Person"),
    ("entitlement", "Entitlement"),
    ("application", "Application"),
    ("assignees", "Who should do it"),
    ("due", "Due"),
    ("state", "State"),
    ("note", "Note"),
    ("done_by", "Done by"),
    ("done_at", "Done"),
];

/// The organisation's record.
const ORGANISATION: Fields = &[("name", "Name"), ("zone", "Time zone")];

/// The fields of a kind of object.
pub fn of(kind: Option<ObjectKind>) -> Fields {
    match kind {
        Some(ObjectKind::Identity) => PEOPLE,
        Some(ObjectKind::Application) => APPLICATIONS,
        Some(ObjectKind::Entitlement) => ENTITLEMENTS,
        Some(ObjectKind::Assignment) => ASSIGNMENTS,
        Some(ObjectKind::Organisation) => ORGANISATION,
        Some(ObjectKind::Role) => ROLES,
        Some(ObjectKind::Source) => SOURCES,
        Some(ObjectKind::Exclusion) => EXCLUSIONS,
        Some(ObjectKind::Rule) => RULES,
        Some(ObjectKind::ApprovalFlow) => FLOWS,
        Some(ObjectKind::RequestItem) => REQUEST_ITEMS,
        Some(ObjectKind::Delegation) => DELEGATIONS,
        Some(ObjectKind::FulfilmentTask) => TASKS,
        Some(
            ObjectKind::Request
            | ObjectKind::RequestEvent
            | ObjectKind::Account
            | ObjectKind::Job
            | ObjectKind::SourceRun
            | ObjectKind::View
            | ObjectKind::Notification
            | ObjectKind::Mail
            | ObjectKind::AuditorLink
            | ObjectKind::Discovery
            | ObjectKind::Review
            | ObjectKind::Campaign,
        )
        | None => &[],
    }
}

/// What a field is called; one without a name of its own is shown with spaces for underscores.
pub fn label(field: &str, fields: Fields) -> String {
    if let Some((_, label)) = fields.iter().find(|(known, _)| *known == field) {
        return (*label).to_owned();
    }
    match field.split_once('.') {
        Some((outer, inner)) => format!("{}: {inner}", label(outer, fields)),
        None => field.replace('_', " "),
    }
}

/// Changes in the order in which a record is read; fields without a name come last.
pub fn in_order(mut changes: Vec<FieldChange>, fields: Fields) -> Vec<FieldChange> {
    changes.sort_by_key(|change| {
        let outer = change.field.split('.').next().unwrap_or_default();
        fields
            .iter()
            .position(|(known, _)| *known == outer)
            .unwrap_or(fields.len())
    });
    changes
}

/// A value as people read it: names for ids, labels for words, days and moments in the reader's zone.
pub(crate) fn readable(
    field: &str,
    value: &str,
    names: &HashMap<String, String>,
    zone: &TimeZone,
) -> String {
    if let Some(name) = names.get(value) {
        return name.clone();
    }
    // Several ids, such as what is in a role.
    if value.contains(", ") && value.split(", ").all(|id| names.contains_key(id)) {
        let all = value.split(", ").filter_map(|id| names.get(id));
        return all.cloned().collect::<Vec<_>>().join(", ");
    }
    let label = match field {
        "status" | "state" => IdentityStatus::from_word(value)
            .map(IdentityStatus::label)
            .or_else(|| Lifecycle::from_word(value).map(Lifecycle::label))
            .or_else(|| RuleState::from_word(value).map(RuleState::label))
            .or_else(|| AssignmentState::from_word(value).map(AssignmentState::label)),
        "kind" => IdentityKind::from_word(value)
            .map(IdentityKind::label)
            .or_else(|| EntitlementKind::from_word(value).map(EntitlementKind::label)),
        "risk" | "criticality" => Level::from_word(value).map(Level::label),
        "agent" => match value {
            "admin" => Some("An administrator"),
            "import" => Some("An import"),
            "rule" => Some("A rule"),
            _ => None,
        },
        "built_in" | "requestable" => Some(if value == "true" { "Yes" } else { "No" }),
        "attempted" => Action::from_word(value)
            .map(Action::label)
            .or_else(|| AuditAction::from_word(value).map(|_| "Sign in")),
        _ => None,
    };
    if let Some(label) = label {
        return label.to_owned();
    }
    let moment = match field {
        "start_date" | "end_date" => value.parse::<Date>().ok().map(format::day),
        "valid_from" | "valid_until" | "minute" => value
            .parse::<Instant>()
            .ok()
            .map(|at| format::exact(at, zone)),
        _ => None,
    };
    moment.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str, value: &str) -> String {
        let names = HashMap::from([("idn_1".to_owned(), "Ana Silva".to_owned())]);
        readable(field, value, &names, &TimeZone::UTC)
    }

    #[test]
    fn values_read_as_people_say_them() {
        assert_eq!(read("manager", "idn_1"), "Ana Silva");
        assert_eq!(read("status", "on_leave"), "On leave");
        assert_eq!(read("kind", "licence"), "Licence");
        assert_eq!(read("end_date", "2026-11-22"), "22 Nov 2026");
        assert_eq!(read("requestable", "false"), "No");
        assert_eq!(read("title", "active"), "active");
    }

    #[test]
    fn fields_without_words_are_shown_all_the_same() {
        assert_eq!(label("end_date", PEOPLE), "Last day");
        assert_eq!(
            label("attributes.cost_centre", PEOPLE),
            "Attributes: cost_centre"
        );
        assert_eq!(label("legal_hold", PEOPLE), "legal hold");
    }
}
