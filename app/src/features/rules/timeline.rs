//! What happened to a rule, with before and after.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{ObjectKind, RuleId};
use service::rules;

use super::detail::{Tab, framed};
use crate::fields;
use crate::history::{self, Below};
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(from): Query<Below>,
) -> Response {
    let Ok(id) = id.parse::<RuleId>() else {
        return app.nothing_here(&visit);
    };
    match rules::timeline(&app.service, &visit.cx(), id, from.seq()).await {
        Ok((detail, found)) => framed(&app, &visit, &detail, Tab::Timeline, || {
            let fields = fields::of(Some(ObjectKind::Rule));
            history::timeline(&visit, &found, fields, &Tab::Timeline.path(id))
        }),
        Err(error) => app.refuse(&visit, error),
    }
}
