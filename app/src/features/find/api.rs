//! What the islands ask while someone types. Small answers that nobody keeps: they are about people.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::id::ObjectKind;
use domain::page::COUNT_CAP;
use frontend::api::{Suggestion, Suggestions};
use http::header;
use service::search::{self, Findings, Found};

use super::Asked;
use crate::refuse::json_refusal;
use crate::routes;
use crate::state::App;
use crate::visit::Visit;

/// For the palette: everything that can be found.
pub(super) async fn search(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    let found = search::everything(&app.service, &visit.cx(), &asked.q).await;
    answer(&visit, found, |found| Suggestion {
        id: found.object.to_string(),
        ..suggestion(found)
    })
}

/// For fields that take a person.
pub(super) async fn people(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    answer(
        &visit,
        search::people(&app.service, &visit.cx(), &asked.q).await,
        suggestion,
    )
}

/// For fields that take an application.
pub(super) async fn applications(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    answer(
        &visit,
        search::applications(&app.service, &visit.cx(), &asked.q).await,
        suggestion,
    )
}

/// For fields that take a role or an entitlement.
pub(super) async fn access(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    answer(
        &visit,
        search::access(&app.service, &visit.cx(), &asked.q).await,
        suggestion,
    )
}

fn answer(
    visit: &Visit,
    found: service::Result<Findings>,
    to: impl Fn(Found) -> Suggestion,
) -> Response {
    let mut response = match found {
        Ok(Findings { items, total }) => {
            let items = items.into_iter().map(to).collect();
            Json(Suggestions {
                items,
                total: total.min(COUNT_CAP),
                more: total > COUNT_CAP,
            })
            .into_response()
        }
        Err(error) => {
            if matches!(
                error,
                service::Error::Storage(_) | service::Error::Internal(_)
            ) {
                tracing::error!(%error, request = visit.origin.request, "suggestions failed");
            }
            json_refusal(&error)
        }
    };
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        http::HeaderValue::from_static("no-store"),
    );
    response
}

fn suggestion(found: Found) -> Suggestion {
    Suggestion {
        id: found.value,
        href: routes::object(found.object).unwrap_or_default(),
        kind: kind(found.object.kind).to_owned(),
        label: found.label,
        detail: found.detail,
    }
}

/// One thing of a kind, in a word.
fn kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Identity => "Person",
        ObjectKind::Application => "Application",
        ObjectKind::Entitlement => "Entitlement",
        ObjectKind::Assignment => "Assignment",
        ObjectKind::Organisation => "Organisation",
        ObjectKind::Job => "Job",
        ObjectKind::Role => "Role",
        ObjectKind::Account => "Account",
        ObjectKind::Source => "Source",
        ObjectKind::SourceRun => "Run",
        ObjectKind::View => "View",
        ObjectKind::Notification => "Notification",
        ObjectKind::Mail => "Mail",
        ObjectKind::Exclusion => "Exclusion",
        ObjectKind::Rule => "Rule",
        ObjectKind::Discovery => "Discovery",
        ObjectKind::ApprovalFlow => "Approval flow",
        ObjectKind::Request | ObjectKind::RequestItem => "Request",
        ObjectKind::RequestEvent => "Event",
        ObjectKind::Delegation => "Delegation",
        ObjectKind::FulfilmentTask => "Task",
        ObjectKind::Review => "Review",
        ObjectKind::Campaign => "Campaign",
        ObjectKind::AuditorLink => "Auditor link",
    }
}
