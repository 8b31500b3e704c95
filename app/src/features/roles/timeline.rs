//! What happened to a role, with before and after.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{ObjectKind, RoleId};
use service::roles;

use super::detail::{Tab, framed};
use crate::fields;
use crate::history::{self, Below};
use crate::routes::{self, below};
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(from): Query<Below>,
) -> Response {
    let Ok(id) = id.parse::<RoleId>() else {
        return app.nothing_here(&visit);
    };
    match roles::timeline(&app.service, &visit.cx(), id, from.seq()).await {
        Ok((detail, found)) => framed(&app, &visit, &detail, Tab::Timeline, "", || {
            let here = below(routes::ROLES, id, "timeline");
            history::timeline(&visit, &found, fields::of(Some(ObjectKind::Role)), &here)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}
