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
pub const ME: &str = "/me";
pub const ME_PASSWORD: &str = "/me/password";
pub const ME_SESSIONS: &str = "/me/sessions";
pub const ME_PREFERENCES: &str = "/me/preferences";
pub const SEARCH: &str = "/search";
pub const HELP_KEYS: &str = "/help/keys";
pub const PEOPLE: &str = "/people";
pub const PEOPLE_NEW: &str = "/people/new";
pub const PEOPLE_EXPORT: &str = "/people/export.csv";
pub const PEOPLE_BULK: &str = "/people/bulk";
pub const APPLICATIONS: &str = "/applications";
pub const APPLICATIONS_NEW: &str = "/applications/new";
pub const APPLICATIONS_EXPORT: &str = "/applications/export.csv";
pub const ENTITLEMENTS: &str = "/entitlements";
pub const ENTITLEMENTS_NEW: &str = "/entitlements/new";
pub const ENTITLEMENTS_EXPORT: &str = "/entitlements/export.csv";
pub const AUDIT: &str = "/audit";
pub const AUDIT_EXPORT: &str = "/audit/export.csv";

/// JSON for the command palette.
pub const API_SEARCH: &str = "/api/search";
/// JSON for pickers of people.
pub const API_PICK_PEOPLE: &str = "/api/pick/people";
/// JSON for pickers of applications.
pub const API_PICK_APPLICATIONS: &str = "/api/pick/applications";

/// The page of an object of any kind that has one.
pub fn object(object: domain::id::ObjectRef) -> Option<String> {
    use domain::id::ObjectKind;
    match object.kind {
        ObjectKind::Identity => Some(format!("{PEOPLE}/{object}")),
        ObjectKind::Application => Some(format!("{APPLICATIONS}/{object}")),
        ObjectKind::Entitlement => Some(format!("{ENTITLEMENTS}/{object}")),
        ObjectKind::Assignment | ObjectKind::Organisation => None,
    }
}

/// A page below the page of an object, such as `edit` or `timeline`.
pub fn below(list: &str, id: impl std::fmt::Display, page: &str) -> String {
    format!("{list}/{id}/{page}")
}

/// All pages.
pub fn router() -> Router<App> {
    features::pages().into_router()
}

/// Methods and paths of all pages, for a test that calls every one.
pub fn surface() -> Vec<(Method, &'static str)> {
    features::pages().surface().to_vec()
}
