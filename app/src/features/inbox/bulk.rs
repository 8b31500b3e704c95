//! Several things of the queue at once: what is about to happen is shown first, and afterwards how it went with each.
//!
//! What is risky is not approved in a heap: it is named and left out, to be looked at by itself.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::approval::Vote;
use domain::field::FieldErrors;
use domain::id::{FulfilmentTaskId, RequestItemId};
use domain::lifecycle::Level;
use domain::request::{ItemState, RequestAct};
use http::StatusCode;
use leptos::prelude::*;
use service::requests::{self, Decided, Verdict};
use service::tasks;

use super::rows::href;
use crate::features::requests::words::asked;
use crate::page::Page;
use crate::posted::{Posted, error};
use crate::refuse::sentence;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, Cell, Column, Confirm, Empty, EmptyKind, Hidden, NameCell, PageHeader, Pill,
    Table, TextArea, Tone,
};
use crate::visit::Visit;

/// Things at once: a page of the queue.
const MOST: usize = 50;

/// What is done with all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Approve,
    Reject,
    Do,
}

impl Act {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "approve" => Some(Self::Approve),
            "reject" => Some(Self::Reject),
            "do" => Some(Self::Do),
            _ => None,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Do => "do",
        }
    }

    const fn verb(self) -> &'static str {
        match self {
            Self::Approve => "Approve",
            Self::Reject => "Reject",
            Self::Do => "Set done",
        }
    }
}

/// Something that was ticked.
struct Chosen {
    id: String,
    name: String,
    /// Why it is not done with the others; empty when it is.
    left_out: &'static str,
}

pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let posted = Posted::filled_owned(pairs);
    let errors = FieldErrors::new();
    preview(&app, &visit, &posted, &errors, StatusCode::OK).await
}

/// Those of a form that exist and that the visitor may see, in the order in which they were ticked.
async fn chosen(app: &App, visit: &Visit, posted: &Posted, act: Act) -> Vec<Chosen> {
    let mut ids = posted.all("id");
    ids.dedup();
    let mut all = Vec::new();
    for id in ids.into_iter().take(MOST) {
        let found = one(app, visit, &id, act).await;
        all.extend(found.map(|(name, left_out)| Chosen { id, name, left_out }));
    }
    all
}

async fn one(app: &App, visit: &Visit, id: &str, act: Act) -> Option<(String, &'static str)> {
    let cx = visit.cx();
    if let Ok(item) = id.parse::<RequestItemId>() {
        let detail = requests::item(&app.service, &cx, item).await.ok()?;
        let risky = detail.thing.risk >= Some(Level::High);
        let left_out = match act {
            Act::Do => "It is a request, not a task.",
            _ if !detail.acts.contains(&RequestAct::Approve) => "It does not wait for you.",
            Act::Approve if risky => "Its risk is high: decide it by itself.",
            _ => "",
        };
        return Some((asked(&detail), left_out));
    }
    let task = id.parse::<FulfilmentTaskId>().ok()?;
    let row = tasks::read(&app.service, &cx, task).await.ok()?.object;
    let what = row
        .entitlement
        .map(|named| named.display_name)
        .unwrap_or_default();
    let name = format!(
        "{}: {what} for {}",
        row.task.content.kind.label(),
        row.person
    );
    let left_out = match act {
        Act::Do if row.may_do => "",
        Act::Do => "It is not yours to do, or done already.",
        _ => "It is a task: nobody approves it.",
    };
    Some((name, left_out))
}

/// `1 thing`, `12 things`.
fn things(n: usize) -> String {
    if n == 1 {
        "1 thing".to_owned()
    } else {
        format!("{n} things")
    }
}

async fn preview(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    if visit.user.is_none() {
        // The use case asks them to sign in.
        if let Err(error) = requests::inbox(&app.service, &visit.cx(), None, 1).await {
            return app.refuse(visit, error);
        }
    }
    let page = Page::new("Several things at once", routes::INBOX)
        .under(&[("Inbox", routes::INBOX)])
        .status(status);
    let act = Act::from_word(posted.get("act"));
    let chosen = match act {
        Some(act) => chosen(app, visit, posted, act).await,
        None => Vec::new(),
    };
    let Some(act) = act.filter(|_| !chosen.is_empty()) else {
        return app.page(visit, page, nothing);
    };
    let fresh = app.form_key();
    app.page(visit, page, || {
        let (out, take): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|one| !one.left_out.is_empty());
        if take.is_empty() {
            return view! { {nothing()} {left_out(out)} }.into_any();
        }
        let verb = format!("{} {}", act.verb(), things(take.len()));
        let kept = take.iter().map(|one| view! { <Hidden name="id" value=one.id.clone() /> });
        let kept = kept.collect_view();
        let list = take.into_iter().map(|one| view! { <li dir="auto">{one.name}</li> });
        let list = list.collect_view();
        let left = left_out(out);
        let sent = posted.once();
        let idem = if sent.is_empty() { fresh } else { sent.to_owned() };
        let fields = field(act, posted, errors);
        view! {
            {left}
            <Confirm title=format!("{verb}?") verb=verb danger=act == Act::Reject idem=idem cancel=routes::INBOX>
                <ul class="contents">{list}</ul>
                <Hidden name="act" value=act.word() />
                {kept}
                {fields}
            </Confirm>
        }
        .into_any()
    })
}

/// One reason, or one note, for all of them.
fn field(act: Act, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let (label, hint) = match act {
        Act::Approve => ("Note", "Stays on record with each of them."),
        Act::Reject => (
            "Why not",
            "Each of the people reads this; it stays on record.",
        ),
        Act::Do => ("What did you do?", "Stays on record with each of them."),
    };
    view! {
        <TextArea name="note" label=label value=posted.text("note") error=error(errors, "note") required=act != Act::Approve rows=2 maxlength=1000 hint=hint />
    }
    .into_any()
}

fn left_out(out: Vec<Chosen>) -> Option<AnyView> {
    if out.is_empty() {
        return None;
    }
    let title = format!("{} left out", things(out.len()));
    let list = out.into_iter().map(|one| {
        let way = href(&one.id, "");
        view! { <li><a href=way dir="auto">{one.name}</a> " " {one.left_out}</li> }
    });
    let list = list.collect_view();
    Some(view! { <Banner tone=Tone::Warn title=title><ul>{list}</ul></Banner> }.into_any())
}

fn nothing() -> AnyView {
    view! {
        <PageHeader title="Several things at once" />
        <Empty kind=EmptyKind::NoMatch title="Nothing is selected" text="Go back to the queue and tick what this is about.">
            <Button label="Back to the queue" href=routes::INBOX />
        </Empty>
    }
    .into_any()
}

/// How it went with one of them: words for the visitor, or why not.
type Went = (String, std::result::Result<&'static str, String>);

pub(super) async fn carry_out(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let ids = posted.all("id");
    let Some(act) = Act::from_word(posted.get("act")).filter(|_| !ids.is_empty()) else {
        return preview(
            &app,
            &visit,
            &posted,
            &FieldErrors::new(),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let mut errors = FieldErrors::new();
    if act != Act::Approve && posted.get("note").trim().is_empty() {
        errors.add(
            "note",
            "Without a reason nothing is done. Write one for all of them.",
        );
        return preview(
            &app,
            &visit,
            &posted,
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    let cx = visit.cx_once(posted.once());
    let went = match act {
        Act::Do => {
            let ids: Vec<FulfilmentTaskId> = ids
                .iter()
                .take(MOST)
                .filter_map(|id| id.parse().ok())
                .collect();
            let all = tasks::do_many(&app.service, &cx, &ids, posted.get("note")).await;
            let one = |(id, result): (FulfilmentTaskId, service::Result<()>)| {
                (
                    id.to_string(),
                    result
                        .map(|()| "Done")
                        .map_err(|error| sentence(&visit, &error)),
                )
            };
            all.into_iter().map(one).collect()
        }
        Act::Approve | Act::Reject => {
            let vote = if act == Act::Reject {
                Vote::Reject
            } else {
                Vote::Approve
            };
            let verdict = Verdict {
                vote,
                note: posted.text("note"),
                shorter: String::new(),
            };
            let ids: Vec<RequestItemId> = ids
                .iter()
                .take(MOST)
                .filter_map(|id| id.parse().ok())
                .collect();
            let all = requests::decide_many(&app.service, &cx, &ids, &verdict).await;
            let one = |(id, result): (RequestItemId, service::Result<Decided>)| {
                (
                    id.to_string(),
                    result
                        .map(|how| words(vote, how))
                        .or_else(|error| again(&visit, &error)),
                )
            };
            all.into_iter().map(one).collect()
        }
    };
    results(&app, &visit, act, went).await
}

/// A form that was sent twice did it the first time.
fn again(visit: &Visit, error: &service::Error) -> std::result::Result<&'static str, String> {
    match error {
        service::Error::AlreadyDone(_) => Ok("Done before"),
        error => Err(sentence(visit, error)),
    }
}

const fn words(vote: Vote, how: Decided) -> &'static str {
    match (vote, how) {
        (_, Decided::TooLate(_)) => "Decided before: recorded as late",
        (Vote::Reject, _) => "Rejected",
        (Vote::Approve, Decided::Counted(ItemState::Granted)) => "Approved, given",
        (Vote::Approve, _) => "Approved, waits for others",
    }
}

async fn results(app: &App, visit: &Visit, act: Act, went: Vec<Went>) -> Response {
    let mut named = Vec::with_capacity(went.len());
    for (id, how) in went {
        let name = one(app, visit, &id, act)
            .await
            .map_or_else(|| id.clone(), |(name, _)| name);
        named.push((id, name, how));
    }
    let failed: Vec<(&str, String)> = std::iter::once(("act", act.word().to_owned()))
        .chain(
            named
                .iter()
                .filter(|(_, _, how)| how.is_err())
                .map(|(id, _, _)| ("id", id.clone())),
        )
        .collect();
    let again = serde_urlencoded::to_string(&failed).unwrap_or_default();
    let bad = failed.len() - 1;
    let detail = crate::features::people::summed(named.len() - bad, 0, bad);
    let page =
        Page::new("Several things: result", routes::INBOX).under(&[("Inbox", routes::INBOX)]);
    app.page(visit, page, || {
        let retry = (bad > 0).then(|| {
            view! { <Button label="Try the failed ones again" href=format!("{}/bulk?{again}", routes::INBOX) /> }
        });
        let actions = view! { {retry} <Button label="Back to the queue" href=routes::INBOX /> };
        let rows = named.into_iter().map(|(id, name, how)| {
            let way = if id.starts_with("tsk") { format!("{}/{id}", routes::TASKS) } else { format!("{}/{id}", routes::INBOX) };
            let how = match how {
                Ok(words) => view! { <Pill text=words tone=Tone::Good /> }.into_any(),
                Err(why) => view! { <Pill text="Not done" tone=Tone::Bad /> " " {why} }.into_any(),
            };
            view! {
                <tr>
                    <NameCell column="What" name=name href=way icon=crate::ui::Icon::Inbox />
                    <Cell column="Result" wrap=true>{how}</Cell>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let columns = vec![Column::new("What"), Column::new("Result")];
        view! {
            <PageHeader title="Several things at once" detail=detail actions=actions />
            <Table caption="Results" columns=columns>{rows}</Table>
        }
        .into_any()
    })
}
