//! Every path of the console and the builders of links to single things.

use axum::Router;
use http::Method;

use crate::features;
use crate::state::App;

pub const HOME: &str = "/";
pub const WELCOME: &str = "/welcome";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
pub const SET_PASSWORD: &str = "/set-password/{token}";
/// Everything that whoever is signed in has.
pub const ME: &str = "/me";
pub const ME_ACCOUNT: &str = "/me/account";
pub const ME_GIVE_BACK: &str = "/me/give-back/{id}";
pub const ME_MORE_TIME: &str = "/me/more-time/{id}";
pub const ME_ACTIVATE: &str = "/me/activate/{id}";
pub const ME_PASSWORD: &str = "/me/password";
pub const ME_SESSIONS: &str = "/me/sessions";
pub const ME_PREFERENCES: &str = "/me/preferences";
/// How one is told things.
pub const ME_NOTIFICATIONS: &str = "/me/notifications";
/// Asks for a test message.
pub const ME_NOTIFICATIONS_TEST: &str = "/me/notifications/test";
/// What one was told.
pub const NOTIFICATIONS: &str = "/notifications";
/// Mail that waits or failed.
pub const MAIL: &str = "/mail";
pub const SEARCH: &str = "/search";
pub const HELP_KEYS: &str = "/help/keys";
pub const PEOPLE: &str = "/people";
pub const PEOPLE_NEW: &str = "/people/new";
pub const PEOPLE_EXPORT: &str = "/people/export.csv";
pub const PEOPLE_BULK: &str = "/people/bulk";
/// Giving something to many people.
pub const PEOPLE_GIVE: &str = "/people/give";
pub const APPLICATIONS: &str = "/applications";
pub const APPLICATIONS_NEW: &str = "/applications/new";
pub const APPLICATIONS_EXPORT: &str = "/applications/export.csv";
pub const ENTITLEMENTS: &str = "/entitlements";
pub const ENTITLEMENTS_NEW: &str = "/entitlements/new";
pub const ENTITLEMENTS_EXPORT: &str = "/entitlements/export.csv";
pub const ROLES: &str = "/roles";
pub const ROLES_NEW: &str = "/roles/new";
pub const ROLES_EXPORT: &str = "/roles/export.csv";
/// Roles found in what people have.
pub const ROLES_DISCOVER: &str = "/roles/discover";
pub const RULES: &str = "/rules";
pub const RULES_NEW: &str = "/rules/new";
pub const RULES_EXPORT: &str = "/rules/export.csv";
pub const ASSIGNMENTS: &str = "/assignments";
pub const ASSIGNMENTS_EXPORT: &str = "/assignments/export.csv";
pub const ASSIGNMENTS_BULK: &str = "/assignments/bulk";
pub const EXCLUSIONS: &str = "/exclusions";
pub const OVERVIEW: &str = "/overview";
/// What changed between two moments, in the whole organisation.
pub const CHANGES: &str = "/changes";
pub const FINDINGS: &str = "/findings";
/// Access that few peers have.
pub const OUTLIERS: &str = "/findings/outliers";
pub const OUTLIERS_EXPORT: &str = "/findings/outliers/export.csv";
/// Asks for a new look for them.
pub const OUTLIERS_LOOK: &str = "/findings/outliers/look";
pub const OVERLAPPING_ROLES: &str = "/findings/overlapping-roles";
pub const ACCOUNTS: &str = "/accounts";
pub const ACCOUNTS_EXPORT: &str = "/accounts/export.csv";
pub const ACCESS: &str = "/access";
pub const ACCESS_EXPORT: &str = "/access/export.csv";
/// How access, reviews and decisions went.
pub const REPORTS: &str = "/reports";
/// What is there for the controls of standards and laws.
pub const REPORTS_CONTROLS: &str = "/reports/controls";
pub const SOURCES: &str = "/sources";
pub const SOURCES_NEW: &str = "/sources/new";
pub const RUNS: &str = "/runs";
pub const AUDIT: &str = "/audit";
/// A list's view that is to be saved.
pub const VIEWS_NEW: &str = "/views/new";
/// What a list's columns are to be.
pub const VIEWS_COLUMNS: &str = "/views/columns";
pub const AUDIT_EXPORT: &str = "/audit/export.csv";

/// Everything that waits for whoever is signed in.
pub const INBOX: &str = "/inbox";
/// What people may ask for.
pub const CATALOGUE: &str = "/request";
pub const CATALOGUE_ONE: &str = "/request/{what}";
/// What a colleague has and somebody does not.
pub const CATALOGUE_SAME: &str = "/request/same";
pub const CART: &str = "/request/cart";
pub const REQUESTS: &str = "/requests";
pub const REQUESTS_EXPORT: &str = "/requests/export.csv";
pub const FLOWS: &str = "/flows";
pub const FLOWS_NEW: &str = "/flows/new";
pub const TASKS: &str = "/tasks";
pub const REVIEWS: &str = "/reviews";
pub const REVIEWS_NEW: &str = "/reviews/new";
/// Where a browser verifies an evidence pack.
pub const EVIDENCE_VERIFY: &str = "/evidence/verify";
pub const DELEGATIONS: &str = "/me/delegations";

pub const JOBS: &str = "/jobs";
pub const EXPORTS: &str = "/exports";

/// JSON for the command palette.
pub const API_SEARCH: &str = "/api/search";
/// JSON for pickers of people.
pub const API_PICK_PEOPLE: &str = "/api/pick/people";
/// JSON for pickers of applications.
pub const API_PICK_APPLICATIONS: &str = "/api/pick/applications";
/// JSON for pickers of what can be given: roles and entitlements.
pub const API_PICK_ACCESS: &str = "/api/pick/access";

/// The page of a job.
pub fn job(id: domain::id::JobId) -> String {
    format!("{JOBS}/{id}")
}

/// JSON with how far a job is.
pub fn api_job(id: domain::id::JobId) -> String {
    format!("/api/jobs/{id}")
}

/// One's own saved view, to change it.
pub fn view(id: domain::id::ViewId) -> String {
    format!("/views/{id}")
}

/// The page of an object of any kind that has one.
pub fn object(object: domain::id::ObjectRef) -> Option<String> {
    use domain::id::ObjectKind;
    match object.kind {
        ObjectKind::Identity => Some(format!("{PEOPLE}/{object}")),
        ObjectKind::Application => Some(format!("{APPLICATIONS}/{object}")),
        ObjectKind::Entitlement => Some(format!("{ENTITLEMENTS}/{object}")),
        ObjectKind::Job => Some(format!("{JOBS}/{object}")),
        ObjectKind::Source => Some(format!("{SOURCES}/{object}")),
        ObjectKind::Role => Some(format!("{ROLES}/{object}")),
        ObjectKind::Rule => Some(format!("{RULES}/{object}")),
        ObjectKind::SourceRun => Some(format!("{RUNS}/{object}")),
        ObjectKind::Discovery => Some(format!("{ROLES_DISCOVER}/{object}")),
        ObjectKind::ApprovalFlow => Some(format!("{FLOWS}/{object}")),
        ObjectKind::Request => Some(format!("{REQUESTS}/{object}")),
        ObjectKind::RequestItem => Some(format!("{INBOX}/{object}")),
        ObjectKind::FulfilmentTask => Some(format!("{TASKS}/{object}")),
        ObjectKind::Review => Some(format!("{REVIEWS}/definitions/{object}")),
        ObjectKind::Campaign => Some(format!("{REVIEWS}/{object}")),
        ObjectKind::RequestEvent
        | ObjectKind::Delegation
        | ObjectKind::Assignment
        | ObjectKind::Organisation
        | ObjectKind::Account
        | ObjectKind::Exclusion
        | ObjectKind::View
        | ObjectKind::Notification
        | ObjectKind::AuditorLink
        | ObjectKind::Mail => None,
    }
}

/// A page below the page of an object, such as `edit` or `timeline`.
pub fn below(list: &str, id: impl std::fmt::Display, page: &str) -> String {
    format!("{list}/{id}/{page}")
}

/// A path with the parts of an address that are not empty.
pub fn with_query(path: &str, parts: &[(&str, &str)]) -> String {
    let parts: Vec<_> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    match serde_urlencoded::to_string(&parts) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// Two roles side by side.
pub fn two_roles(one: domain::id::RoleId, other: domain::id::RoleId) -> String {
    format!("{OVERLAPPING_ROLES}/{one}/{other}")
}

/// Why a person has an entitlement.
pub fn why(person: domain::id::IdentityId, entitlement: domain::id::EntitlementId) -> String {
    format!("{PEOPLE}/{person}/why/{entitlement}")
}

/// All pages.
pub fn router() -> Router<App> {
    features::pages().into_router()
}

/// The forms that bring files; they need other limits than pages.
pub fn uploads() -> Router<App> {
    features::pages().into_uploads()
}

/// Methods and paths of all pages, for a test that calls every one.
pub fn surface() -> Vec<(Method, &'static str)> {
    features::pages().surface().to_vec()
}
