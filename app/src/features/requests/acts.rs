//! The forms of a request's page: take back, remind, write. What is wrong comes back with what was typed.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::RequestItemId;
use domain::request::RequestAct;
use http::StatusCode;
use service::Error;

use super::detail::show;
use crate::features::inbox::decide::carry_out as act_on;
use crate::features::inbox::said::Said;
use crate::page::done;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::visit::Visit;

/// A form that came back, with the item that it is about.
#[derive(Debug, Default)]
pub(super) struct Back {
    pub(super) item: Option<RequestItemId>,
    pub(super) said: Said,
}

pub(super) async fn carry_out(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let id = match super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    let act = RequestAct::from_word(posted.get("act")).filter(|act| {
        matches!(
            act,
            RequestAct::Withdraw | RequestAct::Remind | RequestAct::Comment
        )
    });
    let item = posted.get("item").parse::<RequestItemId>().ok();
    let (Some(act), Some(item)) = (act, item) else {
        return show(
            &app,
            &visit,
            id,
            Back::default(),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let cx = visit.cx_once(posted.once());
    match act_on(&app, &cx, item, act, &posted).await {
        Ok(code) => done(&format!("{}/{id}", routes::REQUESTS), code),
        Err(Error::Invalid(errors)) => {
            let back = Back {
                item: Some(item),
                said: Said::new(act, posted, errors),
            };
            show(&app, &visit, id, back, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}
