//! What the owner of a review does with its campaign, each a page of its own that says what follows and asks why.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::CampaignId;
use domain::review::Choice;
use leptos::prelude::*;
use service::reviews::{self, Closed, Progress, ToPass};
use service::{Error, Service};

use crate::format::number;
use crate::page::{Page, done};
use crate::posted::{Posted, error};
use crate::routes;
use crate::state::App;
use crate::ui::{Confirm, Crumb, Hidden, InputKind, TextArea, TextField};
use crate::visit::Visit;

/// Which act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Close,
    Cancel,
    Extend,
    Reassign,
    Restore,
}

impl Act {
    const fn verb(self) -> &'static str {
        match self {
            Self::Close => "Close the review",
            Self::Cancel => "Call it off",
            Self::Extend => "Extend it",
            Self::Reassign => "Reassign them",
            Self::Restore => "Restore it",
        }
    }

    const fn crumb(self) -> &'static str {
        match self {
            Self::Close => "Close",
            Self::Cancel => "Call off",
            Self::Extend => "Extend",
            Self::Reassign => "Reassign",
            Self::Restore => "Restore",
        }
    }

    fn title(self, name: &str) -> String {
        match self {
            Self::Close => format!("Close {name}?"),
            Self::Cancel => format!("Call off {name}?"),
            Self::Extend => format!("Give {name} more time?"),
            Self::Reassign => format!("Give items of {name} to somebody else?"),
            Self::Restore => format!("Restore access that {name} revoked?"),
        }
    }

    /// What follows, in sentences.
    fn effect(self, seen: &Progress) -> String {
        let terms = &seen.campaign.content.terms;
        match self {
            Self::Close => {
                let count = |choice: Choice| {
                    let mut all = seen.decided.iter();
                    all.find(|(known, _)| *known == choice).map_or(0, |one| one.1)
                };
                let ends = count(Choice::Revoke) + count(Choice::Change);
                format!(
                    "{} revocations and changes take effect after {} hours; until then each can be restored. {} items are not decided. {} Nothing can be decided any more.",
                    number(ends),
                    terms.grace_hours,
                    number(seen.open),
                    terms.unanswered.sentence()
                )
            }
            Self::Cancel => {
                "Nothing can be decided any more, and nothing ends, whatever was decided. It cannot be opened again.".to_owned()
            }
            Self::Extend => "Reviewers have until the end of the day that you choose.".to_owned(),
            Self::Reassign => {
                "Whoever you name decides instead, and is told. What is about themselves stays where it is. Decisions that were not submitted are dropped.".to_owned()
            }
            Self::Restore => "It does not end. The decision stays on record, and that it was restored with it.".to_owned(),
        }
    }
}

/// Whose items, or which item.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    item: String,
}

async fn opened(app: App, visit: Visit, id: String, act: Act, asked: Asked) -> Response {
    let posted = Posted::filled([
        ("idem", app.form_key()),
        ("from", asked.from),
        ("item", asked.item),
    ]);
    show(&app, &visit, &id, act, (&posted, &FieldErrors::new())).await
}

/// The page of an act, for those who may do it.
async fn show(
    app: &App,
    visit: &Visit,
    id: &str,
    act: Act,
    (posted, errors): (&Posted, &FieldErrors),
) -> Response {
    let seen = match read(app, visit, id).await {
        Ok(seen) => seen,
        Err(error) => return app.refuse(visit, error),
    };
    let name = seen.campaign.content.name.clone();
    let back = format!("{}/{}", routes::REVIEWS, seen.campaign.id);
    let page = Page {
        crumbs: vec![Crumb::link(&name, &back), Crumb::here(act.crumb())],
        ..Page::new(format!("{} {name}", act.crumb()), routes::REVIEWS)
            .text()
            .after(errors)
    };
    app.page(visit, page, || form(act, &seen, back, (posted, errors)))
}

async fn read(app: &App, visit: &Visit, id: &str) -> service::Result<Progress> {
    let id = super::id(id)?;
    reviews::may_run(&app.service, &visit.cx(), id).await?;
    reviews::progress(&app.service, &visit.cx(), id).await
}

fn form(
    act: Act,
    seen: &Progress,
    back: String,
    (posted, errors): (&Posted, &FieldErrors),
) -> AnyView {
    let title = act.title(&seen.campaign.content.name);
    let effect = act.effect(seen);
    let more = match act {
        Act::Extend => {
            let (value, problem) = (posted.text("until"), error(errors, "until"));
            view! { <TextField name="until" label="Last day" kind=InputKind::Date value=value error=problem required=true /> }.into_any()
        }
        Act::Reassign => {
            let (value, problem) = (posted.text("to"), error(errors, "to"));
            view! {
                <Hidden name="from" value=posted.text("from") />
                <Hidden name="item" value=posted.text("item") />
                <TextField name="to" label="To" value=value error=problem required=true hint="A username" />
            }
            .into_any()
        }
        Act::Restore => view! { <Hidden name="item" value=posted.text("item") /> }.into_any(),
        Act::Close | Act::Cancel => ().into_any(),
    };
    let danger = matches!(act, Act::Close | Act::Cancel);
    let (reason, problem) = (posted.text("reason"), error(errors, "reason"));
    let idem = posted.once().to_owned();
    view! {
        <Confirm title=title verb=act.verb() danger=danger idem=idem cancel=back>
            <p>{effect}</p>
            {more}
            <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
        </Confirm>
    }
    .into_any()
}

/// What a form did, as a code of a message.
async fn carry_out(
    service: &Service,
    visit: &Visit,
    id: CampaignId,
    act: Act,
    posted: &Posted,
) -> service::Result<&'static str> {
    let cx = visit.cx_once(posted.once());
    let reason = posted.get("reason");
    let item = posted.get("item").parse::<u64>().ok();
    match act {
        Act::Close => match reviews::close(service, &cx, id, reason).await? {
            Closed::Closed(_) => Ok("review-closed"),
            Closed::Escalated(_) => Ok("review-escalated"),
        },
        Act::Cancel => {
            reviews::cancel(service, &cx, id, reason).await?;
            Ok("review-cancelled")
        }
        Act::Extend => {
            reviews::extend(service, &cx, id, posted.get("until"), reason).await?;
            Ok("review-extended")
        }
        Act::Reassign => {
            // Neither is nothing, which is refused to whoever may ask at all.
            let which = match (item, posted.get("from").parse()) {
                (None, Ok(from)) => ToPass::Pile(from),
                (item, _) => ToPass::Items(item.into_iter().collect()),
            };
            reviews::reassign(service, &cx, id, &which, posted.get("to"), reason).await?;
            Ok("review-reassigned")
        }
        Act::Restore => {
            let items: Vec<u64> = item.into_iter().collect();
            reviews::restore(service, &cx, id, &items, reason).await?;
            Ok("access-restored")
        }
    }
}

async fn sent(app: App, visit: Visit, id: String, act: Act, posted: Posted) -> Response {
    let known = match super::id(&id) {
        Ok(known) => known,
        Err(error) => return app.refuse(&visit, error),
    };
    match carry_out(&app.service, &visit, known, act, &posted).await {
        Ok(code) => done(&format!("{}/{known}", routes::REVIEWS), code),
        Err(Error::Invalid(errors)) => show(&app, &visit, &id, act, (&posted, &errors)).await,
        Err(error) => app.refuse(&visit, error),
    }
}

macro_rules! act {
    ($page:ident, $send:ident, $act:ident) => {
        pub(super) async fn $page(
            State(app): State<App>,
            visit: Visit,
            Path(id): Path<String>,
            Query(asked): Query<Asked>,
        ) -> Response {
            opened(app, visit, id, Act::$act, asked).await
        }

        pub(super) async fn $send(
            State(app): State<App>,
            visit: Visit,
            Path(id): Path<String>,
            posted: Posted,
        ) -> Response {
            sent(app, visit, id, Act::$act, posted).await
        }
    };
}

act!(close_page, close, Close);
act!(cancel_page, cancel, Cancel);
act!(extend_page, extend, Extend);
act!(reassign_page, reassign, Reassign);
act!(restore_page, restore, Restore);

/// Reminds everybody who has something left.
pub(super) async fn remind(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let known = match super::id(&id) {
        Ok(known) => known,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    match reviews::remind(&app.service, &cx, known).await {
        Ok(_) => done(&format!("{}/{known}", routes::REVIEWS), "reminded"),
        Err(error) => app.refuse(&visit, error),
    }
}
