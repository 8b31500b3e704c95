//! What happened to a flow, with before and after.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{ApprovalFlowId, ObjectKind};
use service::flows;

use super::detail::framed;
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
    let Ok(id) = id.parse::<ApprovalFlowId>() else {
        return app.nothing_here(&visit);
    };
    match flows::timeline(&app.service, &visit.cx(), id, from.seq()).await {
        Ok((detail, found)) => framed(&app, &visit, &detail, id, true, || {
            let fields = fields::of(Some(ObjectKind::ApprovalFlow));
            let here = below(routes::FLOWS, id, "timeline");
            history::timeline(&visit, &found, fields, &here)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}
