//! The list of jobs: one's own, or all for who may read the log. The newest first.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::permission::{Visibility, visible_jobs};
use domain::search::Search;
use leptos::prelude::*;
use service::jobs::{self, JobRow, JobState, JobsPage};

use super::words::{icon, state_pill, token_words};
use crate::format::{ago_view, capped, number};
use crate::listing::{ListParams, Listing, Params, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, Button, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader, Tab, Table, Tabs,
};
use crate::visit::Visit;

/// Shipped views: a name and the search behind it.
const VIEWS: &[(&str, &str)] = &[
    ("All", ""),
    ("Not over", "state:open"),
    ("Failed", "state:failed"),
    ("Mine", "by:me"),
];

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    match jobs::list(&app.service, &visit.cx(), &params.query()).await {
        Ok(found) => app.page(&visit, Page::new("Jobs", routes::JOBS), || {
            content(&visit, &params, found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, params: &Params, found: JobsPage) -> AnyView {
    let all = visible_jobs(visit.cx().actor) == Visibility::All;
    let listing = Listing {
        base: routes::JOBS,
        params,
        label: "Search jobs",
        placeholder: "Who asked, id or state:failed",
        tokens: vec![
            token(
                "state",
                "Where it is",
                &[
                    "open",
                    "queued",
                    "running",
                    "paused",
                    "done",
                    "failed",
                    "cancelled",
                ],
            ),
            token(
                "kind",
                "What it does",
                &[
                    "export",
                    "check_import",
                    "apply_import",
                    "watch_folder",
                    "bulk_people",
                    "bulk_assignments",
                    "bulk_give",
                ],
            ),
            token("by", "Who asked: username, id, me or none", &["me", "none"]),
        ],
        facets: Some(found.facets),
        unknown: found.unknown,
        words: token_words,
    };
    let search = params.search().to_string();
    let views = VIEWS.iter().filter(|(label, _)| all || *label != "Mine");
    let tabs = views.map(|(label, view)| Tab {
        label: (*label).to_owned(),
        href: params.with_search(routes::JOBS, &Search::parse(view)),
        count: if *view == search {
            capped(found.page.total)
        } else {
            String::new()
        },
        current: *view == search,
    });
    let tabs = tabs.collect::<Vec<_>>();
    let top = listing.top();
    let body = if found.page.rows.is_empty() {
        empty(&listing)
    } else {
        let pager = listing.pager(&found.page);
        let columns = vec![
            Column::new("Job"),
            Column::new("State"),
            Column::new("Progress"),
            Column::new("Asked by"),
            listing.newest("Asked", "created"),
            Column::new("Ended"),
        ];
        let rows = found
            .page
            .rows
            .into_iter()
            .map(|job| row(visit, job))
            .collect_view();
        view! { <Table caption="Jobs" columns=columns footer=pager>{rows}</Table> }.into_any()
    };
    let detail = if all {
        "Long work of everybody: imports, exports, bulk changes and timers"
    } else {
        "Long work that you asked for"
    };
    view! {
        <PageHeader title="Jobs" detail=detail />
        <Tabs label="Views" items=tabs />
        {top}
        {body}
    }
    .into_any()
}

fn row(visit: &Visit, row: JobRow) -> AnyView {
    let JobRow { job, asked_by } = row;
    let asked_by = match (job.created_by, asked_by) {
        (Some(id), Some(name)) => {
            view! { <a href=format!("{}/{id}", routes::PEOPLE)>{name}</a> }.into_any()
        }
        _ => "Bailiwick".into_any(),
    };
    let progress = &job.progress;
    let how_far = match (job.state, progress.total) {
        // A timer that waits has nothing done and nothing to do.
        (JobState::Queued, _) if progress.done == 0 => view! { <Absent /> }.into_any(),
        (_, Some(total)) if total > 0 && !job.state.is_over() => {
            format!("{} %", progress.done.saturating_mul(100) / total).into_any()
        }
        _ if progress.done == 0 => view! { <Absent /> }.into_any(),
        _ => number(progress.done).into_any(),
    };
    let ended = job
        .finished
        .map_or_else(|| view! { <Absent /> }.into_any(), |at| ago_view(at, visit));
    let state = state_pill(&job);
    let asked = ago_view(job.created, visit);
    view! {
        <tr>
            <NameCell column="Job" name=job.title href=routes::job(job.id) detail=job.kind.label() icon=icon(job.kind) />
            <Cell column="State">{state}</Cell>
            <Cell column="Progress">{how_far}</Cell>
            <Cell column="Asked by">{asked_by}</Cell>
            <Cell column="Asked">{asked}</Cell>
            <Cell column="Ended">{ended}</Cell>
        </tr>
    }
    .into_any()
}

fn empty(listing: &Listing<'_>) -> AnyView {
    if listing.unfiltered() {
        return view! {
            <Empty kind=EmptyKind::Nothing title="Nothing to wait for" text="Imports, exports of long lists and changes to many people at once appear here, with how far they are.">
                ""
            </Empty>
        }
        .into_any();
    }
    let shorter = listing.drop_last();
    view! {
        <Empty kind=EmptyKind::NoMatch title="No job matches" text="No job fits everything in the search. Take the last part out, or start again.">
            <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
        </Empty>
    }
    .into_any()
}
