//! A run's page, from its files to what it did: always the same address.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::JobId;
use domain::source::{RunState, SourceRun};
use frontend::copy::CopyButton;
use http::StatusCode;
use leptos::prelude::*;
use service::imports::{self, Change, ProblemsPage, RunView};
use service::jobs::{self, JobView};

use super::runs::state_pill;
use super::upload::STEPS;
use super::{columns, outcome, plan, problems, sample};
use crate::features::jobs::progress;
use crate::format::{bytes, number, time_view};
use crate::page::Page;
use crate::posted::Posted;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Disclosure, Fact, Facts, Form, Hidden, Icon, IconTile, Id,
    PageHeader, Slot, Split, Stack, Steps, Tone,
};
use crate::visit::Visit;

/// Seconds between two looks of a page without scripts while work goes on.
const REFRESH: u32 = 3;

/// Everything the page shows.
struct Shown {
    view: RunView,
    /// The job that is at it, or was.
    job: Option<JobView>,
    sample: Vec<Change>,
    problems: ProblemsPage,
    /// Another plan was looked at when it was to be applied.
    otherwise: bool,
}

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let nothing = (Posted::default(), FieldErrors::new());
    match load(&app, &visit, &id).await {
        Ok(shown) => show(
            &app,
            &visit,
            &shown,
            (&nothing.0, &nothing.1),
            StatusCode::OK,
        ),
        Err(error) => app.refuse(&visit, error),
    }
}

/// The page after its form was sent with something missing.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    id: &str,
    posted: &Posted,
    errors: &FieldErrors,
) -> Response {
    match load(app, visit, id).await {
        Ok(shown) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(app, visit, &shown, (posted, errors), status)
        }
        Err(error) => app.refuse(visit, error),
    }
}

/// The page after it was to be applied by who saw another plan than there is now.
pub(super) async fn otherwise(app: &App, visit: &Visit, id: &str) -> Response {
    let nothing = (Posted::default(), FieldErrors::new());
    match load(app, visit, id).await {
        Ok(shown) => {
            let otherwise = Shown {
                otherwise: true,
                ..shown
            };
            let typed = (&nothing.0, &nothing.1);
            show(app, visit, &otherwise, typed, StatusCode::CONFLICT)
        }
        Err(error) => app.refuse(visit, error),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    shown: &Shown,
    typed: (&Posted, &FieldErrors),
    status: StatusCode,
) -> Response {
    let source = &shown.view.source;
    let (name, back) = (
        source.content.name.clone(),
        format!("{}/{}", routes::SOURCES, source.id),
    );
    let busy = match &shown.job {
        Some(job) => !job.job.state.is_over(),
        // Work of the command line, or a job that only others may see.
        None => matches!(
            shown.view.run.state,
            RunState::Checking | RunState::Applying
        ),
    };
    let page = Page::new(format!("Import · {name}"), routes::SOURCES).called("Import");
    let page = page
        .under(&[("Sources", routes::SOURCES), (&name, &back)])
        .refresh(busy.then_some(REFRESH))
        .status(status);
    app.page(visit, page, || content(app, visit, shown, busy, typed))
}

async fn load(app: &App, visit: &Visit, id: &str) -> service::Result<Shown> {
    let (service, cx) = (&app.service, &visit.cx());
    let id = super::id(id)?;
    let view = imports::run(service, cx, id).await?;
    // A job that only others may see is no reason to hide the run.
    let job = match view.run.job {
        Some(job) => jobs::read(service, cx, JobId::from_raw(job)).await.ok(),
        None => None,
    };
    let sample = if view.run.state == RunState::Checked {
        imports::sample(service, cx, id).await?
    } else {
        Vec::new()
    };
    Ok(Shown {
        problems: imports::problems(service, cx, id, None).await?,
        view,
        job,
        sample,
        otherwise: false,
    })
}

fn content(
    app: &App,
    visit: &Visit,
    shown: &Shown,
    busy: bool,
    (posted, errors): (&Posted, &FieldErrors),
) -> AnyView {
    let run = &shown.view.run;
    let header = header(app, shown, busy);
    let steps = step(run)
        .map(|at| view! { <Steps label="Steps of an import" names=STEPS.to_vec() current=at /> });
    let message = message(run);
    let stuck = stuck(shown, busy);
    let progress = shown.job.as_ref().filter(|_| busy).map(|job| {
        let panel = progress(job);
        view! { <Card title="Progress">{panel}</Card> }
    });
    let shrink = (run.state == RunState::Checked && !busy)
        .then(|| outcome::shrink(app, &shown.view, posted.get("reason"), errors))
        .flatten();
    let plan = (!busy)
        .then(|| plan::section(visit, &shown.view, shown.otherwise))
        .flatten();
    let totals = outcome::totals(&shown.view);
    let sample = sample::card(visit, &shown.sample, &shown.view.names);
    let problems = problems::card(&shown.view, &shown.problems);
    let open = matches!(run.state, RunState::Staged | RunState::Checked);
    let files = (open && shown.view.may.cancel && !busy).then(|| {
        let cards = columns::cards(app, run, &shown.view.files);
        if run.state == RunState::Staged {
            return cards;
        }
        let note = "Change them, then check again.";
        view! { <Disclosure title="Files and columns" note=note><Stack>{cards}</Stack></Disclosure> }.into_any()
    });
    let rail = facts(visit, shown);
    view! {
        {header}
        {steps}
        {message}
        {stuck}
        <Split rail=Slot::from(rail)>
            <Stack>
                {progress}
                {shrink}
                {plan}
                {totals}
                {problems}
                {sample}
                {files}
            </Stack>
        </Split>
    }
    .into_any()
}

/// Which of the steps it is at; none when it ended otherwise than planned.
const fn step(run: &SourceRun) -> Option<usize> {
    match run.state {
        RunState::Staged => Some(1),
        RunState::Checking => Some(2),
        RunState::Checked | RunState::Applying => Some(3),
        RunState::Applied => Some(4),
        RunState::Refused | RunState::Failed | RunState::Cancelled => None,
    }
}

fn header(app: &App, shown: &Shown, busy: bool) -> AnyView {
    let run = &shown.view.run;
    let may = &shown.view.may;
    let act = |act: &str, label: &'static str, icon: Icon, kind: ButtonKind| {
        let seen = (act == "apply").then(|| seen(&shown.view));
        view! {
            <Form action=below(routes::RUNS, run.id, act) idem=app.form_key() guard=false>
                {seen}
                <Button label=label icon=icon kind=kind />
            </Form>
        }
        .into_any()
    };
    let checked = run.state == RunState::Checked;
    let open = matches!(run.state, RunState::Staged | RunState::Checked);
    let check = (open && may.cancel && !busy).then(|| match (may.check, checked) {
        (true, true) => act("check", "Check again", Icon::RefreshCw, ButtonKind::Default),
        (true, false) => act("check", "Check", Icon::ListChecks, ButtonKind::Primary),
        (false, _) => {
            let why = if shown.view.files.is_empty() {
                "Add a file first"
            } else {
                "A file needs your attention first"
            };
            view! { <Button label="Check" icon=Icon::ListChecks disabled=why /> }.into_any()
        }
    });
    // A reason is asked for beside what would end, so the button stands there.
    let apply = (may.apply && !busy && shown.view.shrink.is_empty())
        .then(|| act("apply", "Apply", Icon::Check, ButtonKind::Primary));
    let cancel =
        (may.cancel && !busy).then(|| act("cancel", "Cancel import", Icon::X, ButtonKind::Plain));
    let copy = view! { <CopyButton value=run.id.to_string() label="Copy id">{Icon::Copy.view()}</CopyButton> };
    let files = match shown.view.files.len() {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    let size: u64 = shown.view.files.iter().map(|file| file.bytes).sum();
    view! {
        <PageHeader
            title=format!("Import from {}", shown.view.source.content.name)
            detail=format!("{} · {files} · {}", run.mode.label(), bytes(size))
            lead=view! { <IconTile icon=Icon::Upload large=true /> }
            status=state_pill(run.state)
            id=view! { <Id value=run.id.to_string()>{copy}</Id> }
            actions=view! { {cancel} {check} {apply} }
        />
    }
    .into_any()
}

/// The plan that stands beside a button, in its form.
pub(super) fn seen(view: &RunView) -> AnyView {
    let hash = view.plan.as_ref().map(|told| told.plan.hash.clone());
    view! { <Hidden name="plan" value=hash.unwrap_or_default() /> }.into_any()
}

/// Why it was refused or failed.
fn message(run: &SourceRun) -> Option<AnyView> {
    let (title, tone) = match run.state {
        RunState::Refused => ("This import was refused; nothing was written", Tone::Bad),
        RunState::Failed => ("This import broke off", Tone::Bad),
        RunState::Cancelled => (
            "This import was cancelled; nothing was written",
            Tone::Plain,
        ),
        _ if run.message.is_empty() => return None,
        _ => ("Look at this before you go on", Tone::Warn),
    };
    let message = run.message.clone();
    Some(view! { <Banner tone=tone title=title>{message}</Banner> }.into_any())
}

/// Work that stopped half-way goes on from the page of its job.
fn stuck(shown: &Shown, busy: bool) -> Option<AnyView> {
    let half = matches!(
        shown.view.run.state,
        RunState::Checking | RunState::Applying
    );
    let job = shown.job.as_ref().filter(|_| half && !busy)?;
    let (href, why) = (
        routes::job(job.job.id),
        job.job.failure.clone().unwrap_or_default(),
    );
    Some(
        view! {
            <Banner tone=Tone::Bad title="The work stopped half-way">
                {why} " " <a href=href>"Open the job to let it go on"</a>
            </Banner>
        }
        .into_any(),
    )
}

fn facts(visit: &Visit, shown: &Shown) -> AnyView {
    let run = &shown.view.run;
    let by = match run.created_by.as_str() {
        "system" => "The watched folder".into_any(),
        "command_line" => "The command line".into_any(),
        actor => {
            let name = shown.view.names.get(actor).cloned();
            let href = format!("{}/{actor}", routes::PEOPLE);
            view! { <a href=href>{name.unwrap_or_else(|| actor.to_owned())}</a> }.into_any()
        }
    };
    let source = shown.view.source.content.name.clone();
    let href = format!("{}/{}", routes::SOURCES, shown.view.source.id);
    let times = [
        ("Begun", Some(run.created)),
        ("Checked", run.checked),
        ("Finished", run.finished),
    ]
    .into_iter()
    .filter_map(|(term, at)| at.map(|at| (term, time_view(at, visit))))
    .map(|(term, at)| view! { <Fact term=term>{at}</Fact> })
    .collect_view();
    let job = shown.job.as_ref().map(|job| {
        let (href, title) = (routes::job(job.job.id), job.job.title.clone());
        view! { <Fact term="Job"><a href=href>{title}</a></Fact> }
    });
    let entry = run.finished_seq.map(|seq| {
        let text = format!("Entry {}", number(u64::try_from(seq).unwrap_or(0)));
        view! { <Fact term="In the audit log"><a href=format!("{}/{seq}", routes::AUDIT)>{text}</a></Fact> }
    });
    let rows = (run.records > 0).then(|| {
        let (href, records) = (below(routes::RUNS, run.id, "rows"), number(run.records));
        view! { <Fact term="Rows it touched"><a href=href>{records}</a></Fact> }
    });
    let root = run.root.filter(|_| run.records > 0).map(|root| {
        let hex = domain::text::hex(&root);
        let copy = view! { <CopyButton value=hex.clone() label="Copy manifest root">{Icon::Copy.view()}</CopyButton> };
        view! { <Fact term="Manifest root"><Id value=hex>{copy}</Id></Fact> }
    });
    let reason = run
        .allow_shrink
        .clone()
        .map(|reason| view! { <Fact term="Why it may end more">{reason}</Fact> });
    view! {
        <Facts title="Facts">
            <Fact term="Source"><a href=href>{source}</a></Fact>
            <Fact term="Brought by">{by}</Fact>
            {times}
            {reason}
            {job}
            {rows}
            {entry}
            {root}
        </Facts>
    }
    .into_any()
}
