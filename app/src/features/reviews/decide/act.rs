//! The forms of items: each press stages, or takes back. Asked by a script for data, the answer is a few words of JSON;
//! otherwise the page, at the item.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::field::FieldErrors;
use domain::id::CampaignId;
use domain::review::Choice;
use frontend::api::SittingNow;
use http::{HeaderMap, StatusCode, header};
use service::Error;
use service::reviews::{self, Asked, Draft, Went};

use super::item::Back;
use super::page::show;
use super::{Place, words};
use crate::page::{done, see_other};
use crate::posted::Posted;
use crate::state::App;
use crate::visit::Visit;

/// How it went, when it went well.
enum Did {
    /// What is staged now, in words; empty when nothing is.
    Staged(String),
    /// So many were kept together; a message says so.
    Together(&'static str),
}

pub(in crate::features::reviews) async fn act(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
    posted: Posted,
) -> Response {
    let campaign = match super::super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    let place = Place {
        by: posted.text("by"),
        group: posted.text("group"),
        after: posted.text("after"),
    };
    let number: u64 = posted.get("item").parse().unwrap_or(0);
    let result = carry_out(&app, &visit, campaign, number, &posted).await;
    let wants_data = headers
        .get(header::ACCEPT)
        .is_some_and(|value| value == "application/json");
    if wants_data {
        return data(&app, &visit, campaign, result).await;
    }
    let at = |number: u64| format!("{}#item-{number}", place.href(campaign));
    match result {
        Ok(Did::Staged(_)) | Err(Error::AlreadyDone(_)) => see_other(&at(number)),
        Ok(Did::Together(code)) => done(&place.href(campaign), code),
        Err(error) if !posted.get("instead").is_empty() && explains(&error) => {
            let wrong = (field(&error), why(&error));
            super::smaller::show(&app, &visit, campaign, number, (&posted, wrong)).await
        }
        Err(error) if number > 0 && explains(&error) => {
            let back = Back {
                item: number,
                field: field(&error),
                why: why(&error),
                reason: posted.text("reason"),
                until: posted.text("until"),
            };
            show(&app, &visit, &id, place, &back).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

/// Whether an error is for whoever decides, in a sentence.
const fn explains(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Refused(_))
}

fn why(error: &Error) -> String {
    match error {
        Error::Invalid(errors) => errors.to_string(),
        error => error.to_string(),
    }
}

fn field(error: &Error) -> &'static str {
    match error {
        Error::Invalid(errors) => errors.iter().next().map_or("", |error| error.field),
        _ => "",
    }
}

async fn carry_out(
    app: &App,
    visit: &Visit,
    campaign: CampaignId,
    number: u64,
    posted: &Posted,
) -> service::Result<Did> {
    let (service, cx) = (&app.service, visit.cx_once(posted.once()));
    let (choice, like) = match posted.get("act") {
        "take_back" => {
            reviews::unstage(service, &cx, campaign, &[number]).await?;
            return Ok(Did::Staged(String::new()));
        }
        "keep_unflagged" => {
            let by = Place {
                by: posted.text("by"),
                ..Place::default()
            };
            let group = posted.get("group").parse().map_err(|_| Error::NotFound)?;
            let kept = reviews::keep_unflagged(service, &cx, campaign, by.by(), group).await?;
            return Ok(Did::Together(match (kept.kept.is_empty(), kept.flagged) {
                (true, _) => "review-kept-none",
                (false, 0) => "review-kept",
                (false, _) => "review-kept-unflagged",
            }));
        }
        "keep_like" => ("keep", true),
        "revoke_like" => ("revoke", true),
        other => (other, false),
    };
    // On the page of what is smaller a last day alone is no answer: what is there would stay.
    if !posted.get("instead").is_empty() && posted.get("smaller").is_empty() {
        return Err(FieldErrors::one("smaller", "Choose what is enough.").into());
    }
    let numbers: Vec<u64> = if like {
        let all = posted.get("like").split('.');
        all.filter_map(|one| one.parse().ok()).collect()
    } else {
        vec![number]
    };
    let draft = Draft {
        choice: choice.to_owned(),
        reason: posted.text("reason"),
        until: posted.text("until"),
        smaller: posted.text("smaller"),
        to: posted.text("to"),
        remedy: posted.text("remedy"),
        looked: posted.get("looked").parse().ok(),
    };
    let went = reviews::stage(service, &cx, campaign, &numbers, &draft).await?;
    let to = draft.to.as_str();
    of_all(visit, &went, number, like, (!to.is_empty()).then_some(to))
}

/// What to say of all of them: the first reason when it could not be staged.
fn of_all(
    visit: &Visit,
    went: &[Went],
    number: u64,
    like: bool,
    to: Option<&str>,
) -> service::Result<Did> {
    let own = went
        .iter()
        .find(|one| one.number == number)
        .or(went.first());
    match own.map(|one| &one.staged) {
        Some(Ok(_)) if like => Ok(Did::Together("review-alike")),
        Some(Ok(staged)) => Ok(Did::Staged(words::staged(
            visit,
            staged,
            to.filter(|_| staged.choice == Choice::NotSure),
            None,
        ))),
        Some(Err(why)) => Err(Error::Refused(why.clone())),
        None => Err(Error::NotFound),
    }
}

/// The answer to a script.
async fn data(
    app: &App,
    visit: &Visit,
    campaign: CampaignId,
    result: service::Result<Did>,
) -> Response {
    let mut now = SittingNow::default();
    match result {
        Ok(Did::Staged(said)) => now.said = said,
        Ok(Did::Together(_)) | Err(Error::AlreadyDone(_)) => {}
        Err(error) if explains(&error) => now.why = why(&error),
        Err(error) => return app.refuse(visit, error),
    }
    let asked = Asked {
        by: reviews::Grouping::Flat,
        group: None,
        after: 0,
        most: 0,
    };
    match reviews::pile(&app.service, &visit.cx(), campaign, asked).await {
        Ok(pile) => {
            now.staged = pile.counted.staged;
            now.left = pile.counted.left;
            now.effort = words::effort(pile.counted);
            let status = if now.why.is_empty() {
                StatusCode::OK
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            (status, Json(now)).into_response()
        }
        Err(error) => app.refuse(visit, error),
    }
}
