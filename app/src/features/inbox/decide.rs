//! The forms of an item: carried out by the use cases; what is wrong comes back with what was typed, and afterwards the
//! next thing of the queue is open.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::approval::Vote;
use domain::id::{FulfilmentTaskId, RequestItemId};
use domain::request::{ItemState, RequestAct};
use http::StatusCode;
use service::requests::{self, Decided, Verdict};
use service::{Cx, Error};

use super::item::show;
use super::rows::href;
use super::said::{Said, sent};
use crate::page::done;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let id = match super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    let Some(act) = RequestAct::from_word(posted.get("act")) else {
        // A form that says nothing is carried out by nobody; whoever may see the item sees it again.
        return show(
            &app,
            &visit,
            id,
            &Said::default(),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let cx = visit.cx_once(posted.once());
    match carry_out(&app, &cx, id, act, &posted).await {
        Ok(code) => done(&where_to(act, code, id, &posted), code),
        Err(Error::Invalid(errors)) => {
            let said = Said::new(act, posted, errors);
            show(&app, &visit, id, &said, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

/// Does it; answers what to say of it.
pub(in crate::features) async fn carry_out(
    app: &App,
    cx: &Cx,
    id: RequestItemId,
    act: RequestAct,
    posted: &Posted,
) -> service::Result<&'static str> {
    let service = &app.service;
    let typed = |known: &str| sent(posted, act, known);
    match act {
        RequestAct::Approve | RequestAct::Reject | RequestAct::Change => {
            let vote = if act == RequestAct::Reject {
                Vote::Reject
            } else {
                Vote::Approve
            };
            let less = if act == RequestAct::Change {
                shorter(posted)?
            } else {
                String::new()
            };
            let note = if act == RequestAct::Approve {
                ""
            } else {
                typed("note")
            };
            let verdict = Verdict {
                vote,
                note: note.to_owned(),
                shorter: less,
            };
            Ok(code(
                vote,
                requests::decide(service, cx, id, &verdict).await?,
            ))
        }
        RequestAct::Ask => requests::ask_back(service, cx, id, typed("note"))
            .await
            .map(|()| "asked-back"),
        RequestAct::HandOn => requests::hand_on(service, cx, id, typed("to"), typed("reason"))
            .await
            .map(|()| "handed-on"),
        RequestAct::Withdraw => requests::withdraw(service, cx, id, typed("reason"))
            .await
            .map(|()| "withdrawn"),
        RequestAct::Remind => requests::remind(service, cx, id).await.map(|()| "reminded"),
        RequestAct::Comment => requests::comment(service, cx, id, typed("comment"))
            .await
            .map(|()| "commented"),
    }
}

/// The shorter time; to change something without saying what is a mistake.
fn shorter(posted: &Posted) -> service::Result<String> {
    let typed = posted.get("shorter").trim();
    if typed.is_empty() {
        let mut errors = domain::field::FieldErrors::new();
        errors.add(
            "shorter",
            "The time is missing. Enter a number that is less than what was asked for.",
        );
        return Err(Error::Invalid(errors));
    }
    Ok(typed.to_owned())
}

/// What to say of a decision.
pub(super) const fn code(vote: Vote, decided: Decided) -> &'static str {
    match (vote, decided) {
        (_, Decided::TooLate(_)) => "late",
        (Vote::Reject, _) => "rejected",
        (Vote::Approve, Decided::Counted(ItemState::Granted)) => "approved-given",
        (Vote::Approve, Decided::Counted(ItemState::Failed)) => "approved-failed",
        (Vote::Approve, _) => "approved",
    }
}

/// The next thing of the queue after a decision; the item where there is something to read about it.
fn where_to(act: RequestAct, code: &str, id: RequestItemId, posted: &Posted) -> String {
    let stays = matches!(
        act,
        RequestAct::Comment | RequestAct::Remind | RequestAct::Withdraw
    );
    if stays || matches!(code, "late" | "approved-failed") {
        return format!("{}/{id}", routes::INBOX);
    }
    next(posted)
}

/// The queue with what comes next open, as the form says.
pub(in crate::features) fn next(posted: &Posted) -> String {
    let next = posted.get("next");
    let known = next.parse::<RequestItemId>().is_ok() || next.parse::<FulfilmentTaskId>().is_ok();
    href(if known { next } else { "" }, posted.get("after"))
}
