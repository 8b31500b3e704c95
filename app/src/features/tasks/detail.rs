//! A task: what to do and why, the form that says that it is done, and its history.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::FulfilmentTaskId;
use domain::task::{TaskKind, TaskState};
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::audit::WithLatest;
use service::tasks::{self, TaskRow};

use crate::access::{person_href, sees_all};
use crate::features::inbox::acts::Way;
use crate::features::inbox::decide::next;
use crate::format::time_view;
use crate::history;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, Button, ButtonKind, Card, Fact, Facts, Form, FormActions, Hidden, Icon, PageHeader,
    Pill, Split, TextArea, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let id = match super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    let nothing = (Posted::default(), FieldErrors::new());
    show(&app, &visit, id, &nothing, StatusCode::OK).await
}

/// Says that it is done.
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
    let cx = visit.cx_once(posted.once());
    match tasks::do_one(&app.service, &cx, id, posted.get("note")).await {
        Ok(()) if posted.ticked("queue") => done(&next(&posted), "task-done"),
        Ok(()) => done(&format!("{}/{id}", routes::TASKS), "task-done"),
        Err(Error::Invalid(errors)) => {
            let said = (posted, errors);
            show(&app, &visit, id, &said, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    id: FulfilmentTaskId,
    said: &(Posted, FieldErrors),
    status: StatusCode,
) -> Response {
    match tasks::read(&app.service, &visit.cx(), id).await {
        Ok(found) => {
            let (place, label) = if sees_all(visit) {
                (routes::TASKS, "Tasks")
            } else {
                (routes::INBOX, "Inbox")
            };
            let page = Page::new(title(&found.object), routes::INBOX)
                .called(found.object.task.content.kind.label())
                .under(&[(label, place)])
                .status(status);
            let key = app.form_key();
            app.page(visit, page, || content(visit, &found, said, &key))
        }
        Err(error) => app.refuse(visit, error),
    }
}

fn content(
    visit: &Visit,
    found: &WithLatest<TaskRow>,
    said: &(Posted, FieldErrors),
    key: &str,
) -> AnyView {
    let row = &found.object;
    let pill = state_pill(row.task.content.state);
    let rail = facts(visit, row);
    let form = form(row, said, "", key);
    let explained = explained(row);
    let note = note(row);
    let history = history::events(visit, &found.latest, "History");
    view! {
        <PageHeader title=title(row) status=pill />
        <Split rail=rail>
            <div data-decide="" class="item-page">
                <p>{explained}</p>
                {note}
                {form}
            </div>
            <Card title="History" flush=true>{history}</Card>
        </Split>
    }
    .into_any()
}

/// The same in the pane of the queue; `way` is what comes next, and where the page of the queue begins.
pub(in crate::features) fn pane(visit: &Visit, row: &TaskRow, way: &Way, key: &str) -> AnyView {
    let pill = state_pill(row.task.content.state);
    let explained = explained(row);
    let facts = facts(visit, row);
    let note = note(row);
    let nothing = (
        Posted::filled([("next", way.next.clone()), ("after", way.after.clone())]),
        FieldErrors::new(),
    );
    let form = form(row, &nothing, "1", key);
    let full = format!("{}/{}", routes::TASKS, row.task.id);
    view! {
        <header class="pane-head">
            <h2 id="pane-title" tabindex="-1" autofocus=way.chosen dir="auto">{title(row)}</h2>
            <span class="pane-ways">
                {pill}
                <Button label="Its page" href=full icon=Icon::FileText kind=ButtonKind::Plain />
            </span>
        </header>
        <p>{explained}</p>
        {facts}
        {note}
        {form}
    }
    .into_any()
}

/// What is to be done in one line.
fn title(row: &TaskRow) -> String {
    let what = what(row);
    match row.task.content.kind {
        TaskKind::Give => format!("Set up {what} for {}", row.person),
        TaskKind::Take => format!("Remove {what} from {}", row.person),
        TaskKind::FollowUp => format!(
            "Look into {what}, which {} took in an emergency",
            row.person
        ),
        TaskKind::Disable => format!("Disable the account {what} in {}", place(row)),
    }
}

/// The name of the access.
pub(super) fn what(row: &TaskRow) -> String {
    if let Some((account, _)) = &row.account {
        return account.clone();
    }
    let named = row.entitlement.as_ref();
    named.map_or_else(
        || {
            let id = row.task.content.entitlement.map(|id| id.to_string());
            id.unwrap_or_else(|| "An account".to_owned())
        },
        |named| named.display_name.clone(),
    )
}

/// Where it is to be done.
fn place(row: &TaskRow) -> &str {
    let named = row.entitlement.as_ref();
    let of_account = row.account.as_ref().map(|(_, place)| place.as_str());
    of_account
        .or(named.map(|named| named.application_display.as_str()))
        .unwrap_or("the application")
}

/// What to do, in words.
fn explained(row: &TaskRow) -> String {
    let application = place(row);
    let (what, person) = (what(row), &row.person);
    match row.task.content.kind {
        TaskKind::Give => format!(
            "{person} was given {what}, and no connector sets it up. Give it to them in {application}, then write here what you did. The next reading of {application} verifies it."
        ),
        TaskKind::Take => format!(
            "{person} may not have {what} any more, and no connector removes it. Take it away in {application}, then write here what you did. The next reading of {application} verifies it."
        ),
        TaskKind::FollowUp => format!(
            "{person} took {what} without asking first. Find out what it was needed for and whether anything must be put right, then write down what you found."
        ),
        TaskKind::Disable => format!(
            "A review decided that nobody needs the account {what}, and no connector disables it. Disable or remove it in {application}, then write here what you did. The next reading of the accounts of {application} verifies it."
        ),
    }
}

/// What whoever did it wrote.
fn note(row: &TaskRow) -> Option<AnyView> {
    let content = &row.task.content;
    if content.note.is_empty() {
        return None;
    }
    let who = row.done_by.clone().unwrap_or_else(|| "Somebody".to_owned());
    let text = content.note.clone();
    Some(
        view! { <p>{format!("{who} wrote:")}</p> <blockquote dir="auto">{text}</blockquote> }
            .into_any(),
    )
}

fn form(
    row: &TaskRow,
    (posted, errors): &(Posted, FieldErrors),
    queue: &'static str,
    key: &str,
) -> Option<AnyView> {
    if !row.may_do {
        return None;
    }
    let action = format!("{}/{}", routes::TASKS, row.task.id);
    let sent = posted.once();
    let idem = if sent.is_empty() {
        format!("{key}-do")
    } else {
        sent.to_owned()
    };
    let (next, after) = (posted.text("next"), posted.text("after"));
    let (problems, summary) = (problems(errors), summary(errors));
    let (typed, wrong) = (posted.text("note"), error(errors, "note"));
    Some(
        view! {
            <div data-key="n">
                <Form action=action idem=idem problems=problems summary=summary>
                    <Hidden name="queue" value=queue />
                    <Hidden name="next" value=next />
                    <Hidden name="after" value=after />
                    <TextArea name="note" label="What did you do?" value=typed error=wrong required=true rows=2 maxlength=2000 />
                    <FormActions><Button label="Done" icon=Icon::Check kind=ButtonKind::Primary /></FormActions>
                </Form>
            </div>
        }
        .into_any(),
    )
}

/// Where a task is.
pub(super) fn state_pill(state: TaskState) -> AnyView {
    let tone = match state {
        TaskState::Open => Tone::Warn,
        TaskState::Verified => Tone::Good,
        TaskState::Done | TaskState::Dropped => Tone::Plain,
    };
    view! { <Pill text=state.label() tone=tone /> }.into_any()
}

/// Who should do it, by name.
pub(super) fn assignees(row: &TaskRow) -> String {
    let names: Vec<&str> = row
        .assignees
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    if names.is_empty() {
        "Nobody is named".to_owned()
    } else {
        names.join(", ")
    }
}

fn facts(visit: &Visit, row: &TaskRow) -> AnyView {
    let content = &row.task.content;
    let href = content.identity.map(|id| person_href(visit, id));
    let href = href.unwrap_or_default();
    let person = if row.person.is_empty() {
        "Nobody".into_any()
    } else if href.is_empty() {
        row.person.clone().into_any()
    } else {
        view! { <a href=href>{row.person.clone()}</a> }.into_any()
    };
    let technical = row.entitlement.as_ref();
    let technical = technical.map(|named| format!("{}/{}", named.application_name, named.name));
    let account = row.account.as_ref();
    let account = account.map(|(name, place)| format!("{place}: the account {name}"));
    let access = match (
        technical.or(account),
        content.entitlement.filter(|_| sees_all(visit)),
    ) {
        (Some(text), Some(entitlement)) => {
            let href = format!("{}/{entitlement}", routes::ENTITLEMENTS);
            view! { <a href=href>{text}</a> }.into_any()
        }
        (text, _) => text.unwrap_or_default().into_any(),
    };
    let (made, due) = (
        time_view(content.created, visit),
        time_view(content.due, visit),
    );
    let done = match content.done_at {
        Some(at) => time_view(at, visit),
        None => view! { <Absent /> }.into_any(),
    };
    let run = content.verified_by.map(|run| {
        let href = format!("{}/{run}", routes::RUNS);
        view! { <Fact term="Shown by"><a href=href>"a reading"</a></Fact> }
    });
    let whom = assignees(row);
    view! {
        <Facts title="Facts">
            <Fact term="For">{person}</Fact>
            <Fact term="Access">{access}</Fact>
            <Fact term="Who should do it">{whom}</Fact>
            <Fact term="Made">{made}</Fact>
            <Fact term="Due">{due}</Fact>
            <Fact term="Done">{done}</Fact>
            {run}
        </Facts>
    }
    .into_any()
}
