//! A job: what it does, how far it is, what went wrong, and its buttons.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::job::{JobKind, JobState};
use leptos::prelude::*;
use service::jobs::{self, JobProblem, JobView};

use super::panel::progress;
use super::words::{icon, size, state_pill};
use crate::format::{number, time_view};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Cell, Column, Fact, Facts, Hidden, Icon, IconTile,
    PageHeader, Split, Table, Tone,
};
use crate::visit::Visit;

/// Seconds between two looks of a page without scripts.
const REFRESH: u32 = 5;

/// Where the list of problems goes on.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    after: i64,
}

/// Problems with their numbers, and whether more follow.
type Problems = (Vec<(i64, JobProblem)>, bool);

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match read(&app, &visit, &id, asked.after).await {
        Ok((view, problems)) => {
            let page = Page::new(view.job.title.clone(), routes::JOBS)
                .under(&[("Jobs", routes::JOBS)])
                .refresh((!view.job.state.is_over()).then_some(REFRESH));
            let key = app.form_key();
            app.page(&visit, page, || content(&visit, view, problems, &key))
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read(
    app: &App,
    visit: &Visit,
    id: &str,
    after: i64,
) -> service::Result<(JobView, Problems)> {
    let id = super::id(id)?;
    let view = jobs::read(&app.service, &visit.cx(), id).await?;
    let problems = jobs::problems(&app.service, &visit.cx(), id, after).await?;
    Ok((view, problems))
}

fn content(visit: &Visit, view: JobView, problems: Problems, key: &str) -> AnyView {
    let bar = progress(&view);
    let actions = actions(&view, key);
    let rail = rail(visit, &view);
    let failure = view.job.failure.clone().map(|failure| {
        let (title, tone) = match view.job.state {
            JobState::Failed => ("This failed", Tone::Bad),
            _ => ("The last attempt failed; it is tried again", Tone::Warn),
        };
        view! { <Banner tone=tone title=title>{failure}</Banner> }
    });
    let (result, file) = (result(&view), file(visit, &view));
    let problems = table(&view, problems);
    let tile = view! { <IconTile icon=icon(view.job.kind) large=true /> };
    let status = state_pill(&view.job);
    view! {
        <PageHeader title=view.job.title.clone() detail=view.job.kind.label() lead=tile status=status actions=actions />
        <Split rail=rail>
            {failure}
            <Card title="Progress">{bar}</Card>
            {result}
            {file}
            {problems}
        </Split>
    }
    .into_any()
}

/// The buttons of what is possible now, each a form of its own.
fn actions(view: &JobView, key: &str) -> AnyView {
    let id = view.job.id;
    let resume = if view.job.state == JobState::Running {
        "Go on after all"
    } else {
        "Resume"
    };
    let cancel = if view.job.state == JobState::Failed {
        None
    } else {
        Some("Cancel")
    };
    let buttons = [
        (
            view.may.pause,
            "pause",
            Some("Pause"),
            Icon::Pause,
            ButtonKind::Default,
        ),
        (
            view.may.resume,
            "resume",
            Some(resume),
            Icon::Play,
            ButtonKind::Primary,
        ),
        (
            view.may.cancel,
            "cancel",
            cancel,
            Icon::X,
            ButtonKind::Danger,
        ),
    ];
    let forms = buttons
        .into_iter()
        .filter(|(may, ..)| *may)
        .filter_map(|(_, act, label, icon, kind)| label.map(|label| (act, label, icon, kind)))
        .map(|(act, label, icon, kind)| {
            let action = routes::below(routes::JOBS, id, act);
            view! {
                <form method="post" action=action>
                    <Hidden name="idem" value=format!("{key}-{act}") />
                    <Button label=label icon=icon kind=kind />
                </form>
            }
        });
    forms.collect_view().into_any()
}

fn rail(visit: &Visit, view: &JobView) -> AnyView {
    let job = &view.job;
    let absent = || view! { <Absent /> }.into_any();
    let time =
        |at: Option<domain::time::Instant>| at.map_or_else(absent, |at| time_view(at, visit));
    let asked_by = match (job.created_by, &view.asked_by) {
        (Some(id), Some(name)) => {
            view! { <a href=format!("{}/{id}", routes::PEOPLE)>{name.clone()}</a> }.into_any()
        }
        _ => "Bailiwick itself".into_any(),
    };
    let subject = view.subject.clone().map(|(object, name)| {
        let linked = match routes::object(object) {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        view! { <Fact term="About">{linked}</Fact> }
    });
    let waits = (job.state == JobState::Queued && job.run_at > visit.now).then(|| {
        let at = time_view(job.run_at, visit);
        view! { <Fact term="Begins">{at}</Fact> }
    });
    let attempts = (job.attempts > 1).then(|| {
        let attempts = number(job.attempts.unsigned_abs());
        view! { <Fact term="Attempts">{attempts}</Fact> }
    });
    let (asked, started, ended) = (
        time(Some(job.created)),
        time(job.started),
        time(job.finished),
    );
    view! {
        <Facts title="Facts">
            {subject}
            <Fact term="Asked by">{asked_by}</Fact>
            <Fact term="Asked">{asked}</Fact>
            {waits}
            <Fact term="Started">{started}</Fact>
            <Fact term="Ended">{ended}</Fact>
            {attempts}
        </Facts>
    }
    .into_any()
}

/// The way to what came out, where that has a page of its own.
fn result(view: &JobView) -> Option<AnyView> {
    if view.job.kind != JobKind::DiscoverRoles || view.job.state != JobState::Done {
        return None;
    }
    let href = view
        .subject
        .as_ref()
        .and_then(|(object, _)| routes::object(*object))?;
    Some(
        view! {
            <Card title="Result">
                <Button label="See what was found" href=href icon=Icon::Layers kind=ButtonKind::Primary />
            </Card>
        }
        .into_any(),
    )
}

/// The file with its button, or why there is none.
fn file(visit: &Visit, view: &JobView) -> Option<AnyView> {
    let about = view.file.clone().map(|file| {
        let expires = time_view(file.expires, visit);
        let about = format!("{}, {}. Kept until ", file.name, size(file.bytes));
        view! { <p>{about} {expires} "."</p> }
    });
    let fetch = view.may.fetch.then(|| {
        let href = routes::below(routes::JOBS, view.job.id, "file");
        view! {
            <Button label="Download" href=href icon=Icon::Download kind=ButtonKind::Primary download=true />
        }
    });
    let withheld = view.withheld.clone();
    let withheld = withheld.map(|why| view! { <p class="hint">{why}</p> });
    (about.is_some() || withheld.is_some()).then(|| {
        view! {
            <Card title="File">
                {about}
                {fetch}
                {withheld}
            </Card>
        }
        .into_any()
    })
}

fn table(view: &JobView, (problems, more): Problems) -> Option<AnyView> {
    let last = problems.last()?.0;
    let rows = problems.into_iter().map(|(_, problem)| {
        let subject = match problem.subject.parse::<domain::id::ObjectRef>() {
            Ok(object) => match routes::object(object) {
                Some(href) => view! { <a href=href>{problem.subject}</a> }.into_any(),
                None => problem.subject.into_any(),
            },
            Err(_) if problem.subject.is_empty() => view! { <Absent /> }.into_any(),
            Err(_) => problem.subject.into_any(),
        };
        view! {
            <tr>
                <Cell column="Item" mono=true>{subject}</Cell>
                <Cell column="Problem" wrap=true>{problem.message}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let next = more.then(|| {
        let href = format!("{}?after={last}", routes::job(view.job.id));
        view! { <Button label="More problems" href=href icon=Icon::ChevronRight /> }
    });
    let count = number(view.job.progress.problems.max(last.unsigned_abs()));
    let columns = vec![Column::new("Item"), Column::new("Problem")];
    Some(
        view! {
            <Card title="Problems" count=count flush=true>
                <Table caption="Problems" columns=columns framed=false>{rows}</Table>
            </Card>
            {next}
        }
        .into_any(),
    )
}
