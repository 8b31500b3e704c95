//! A source's page: its runs with their control totals, what it holds now, and how its columns are called.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{SourceId, SourceRunId};
use domain::lifecycle::Lifecycle;
use domain::source::FileKind;
use frontend::copy::CopyButton;
use leptos::prelude::*;
use serde::Deserialize;
use service::sources::{self, SourceView};

use super::words::{mode_detail, watched};
use crate::access::status_pill;
use crate::features::imports::runs::{Of, table};
use crate::format::{capped, number, time_view};
use crate::page::{Page, done};
use crate::posted::Posted;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Disclosure, Empty, EmptyKind, Fact, Facts, Form,
    Hidden, Icon, IconTile, Id, KeyValue, Menu, MenuLink, PageHeader, Slot, Split, Stack, Stat,
    Stats, Tone,
};
use crate::visit::Visit;

/// Runs on a page.
const RUNS: usize = 20;

/// Where the list of runs goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Older {
    below: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(older): Query<Older>,
) -> Response {
    let Ok(id) = id.parse::<SourceId>() else {
        return app.nothing_here(&visit);
    };
    let mut found = match sources::read(&app.service, &visit.cx(), id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    if let Ok(run) = older.below.parse::<SourceRunId>() {
        match sources::runs(&app.service, &visit.cx(), id, Some(run)).await {
            Ok(runs) => found.runs = runs,
            Err(error) => return app.refuse(&visit, error),
        }
    }
    let name = found.source.content.name.clone();
    let page = Page::new(format!("{name} · Sources"), routes::SOURCES).called(name.clone());
    app.page(&visit, page.under(&[("Sources", routes::SOURCES)]), || {
        content(&app, &visit, &found)
    })
}

/// Forgets how the columns of a kind of file are called.
pub(super) async fn forget(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(id) = id.parse::<SourceId>() else {
        return app.nothing_here(&visit);
    };
    let cx = visit.cx_once(posted.once());
    let kind = FileKind::from_word(posted.get("kind")).unwrap_or(FileKind::Identities);
    match sources::forget_mapping(&app.service, &cx, id, kind).await {
        Ok(()) => done(&format!("{}/{id}", routes::SOURCES), "forgotten"),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(app: &App, visit: &Visit, found: &SourceView) -> AnyView {
    let rail = facts(visit, found);
    let waiting = waiting(found);
    let folder = found.folder_problem.clone().map(|text| {
        view! { <Banner tone=Tone::Warn title="Its folder could not be imported">{text}</Banner> }
    });
    let held_back = held_back(visit, found);
    let live = live(found);
    let runs = runs(visit, found);
    let columns = columns(app, found);
    view! {
        {header(found)}
        {waiting}
        {folder}
        {held_back}
        {live}
        <Split rail=Slot::from(rail)>
            <Stack>
                {runs}
                {columns}
            </Stack>
        </Split>
    }
    .into_any()
}

/// The head of the pages of a source.
fn header(found: &SourceView) -> AnyView {
    let content = &found.source.content;
    let id = found.source.id;
    let open = found.may_manage && content.status != Lifecycle::Ended;
    let import = open.then(|| {
        view! { <Button label="Import files" href=below(routes::SOURCES, id, "import") icon=Icon::Upload kind=ButtonKind::Primary /> }
    });
    let edit = open.then(|| {
        view! { <Button label="Edit" href=below(routes::SOURCES, id, "edit") icon=Icon::Pencil /> }
    });
    let menu = open.then(|| {
        view! {
            <Menu label=format!("More for {}", content.name)>
                <MenuLink href=below(routes::SOURCES, id, "end") label="End…" icon=Icon::Archive danger=true />
            </Menu>
        }
    });
    let copy =
        view! { <CopyButton value=id.to_string() label="Copy id">{Icon::Copy.view()}</CopyButton> };
    view! {
        <PageHeader
            title=content.name.clone()
            detail=content.description.clone()
            lead=view! { <IconTile icon=Icon::Database large=true /> }
            status=status_pill(content.status)
            id=view! { <Id value=id.to_string()>{copy}</Id> }
            actions=view! { {menu} {edit} {import} }
        />
    }
    .into_any()
}

/// Somebody has to say who is meant.
fn waiting(found: &SourceView) -> Option<AnyView> {
    (found.waiting > 0).then(|| {
        let (n, verb) = (
            number(found.waiting),
            if found.waiting == 1 { "person" } else { "people" },
        );
        let text = format!("{n} {verb} of this source could be one of several here. Until it is decided, what the source says about them is left out.");
        let href = below(routes::SOURCES, found.source.id, "waiting");
        view! { <Banner tone=Tone::Warn title="Somebody has to decide who is meant">{text} " " <a href=href>"Decide now"</a></Banner> }.into_any()
    })
}

/// Importing what is in the folder failed: when that is tried again, and what helps sooner.
fn held_back(visit: &Visit, found: &SourceView) -> Option<AnyView> {
    found.held_back.map(|until| {
        let when = if until > visit.now {
            view! { "after " {time_view(until, visit)} }.into_any()
        } else {
            "at the next look".into_any()
        };
        view! {
            <Banner tone=Tone::Warn title="Importing the files in its folder failed">
                "The last import says why. The same files are tried again " {when} "; changed ones at the next look."
            </Banner>
        }
        .into_any()
    })
}

/// What the source holds now.
fn live(found: &SourceView) -> Option<AnyView> {
    let stats: Vec<_> = found
        .live
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| {
            view! { <Stat label=kind.label() value=capped(*count) /> }
        })
        .collect();
    (!stats.is_empty()).then(|| view! { <Stats>{stats}</Stats> }.into_any())
}

fn facts(visit: &Visit, found: &SourceView) -> AnyView {
    let content = &found.source.content;
    let folder = if content.folder.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        view! { <code>{content.folder.clone()}</code> }.into_any()
    };
    let every = match watched(&found.source) {
        every if every.is_empty() => view! { <Absent /> }.into_any(),
        every => every.into_any(),
    };
    let mode = content.mode;
    let since = time_view(found.source.recorded_from, visit);
    view! {
        <Facts title="Facts">
            <Fact term="Mode">{mode.label()} <p class="soft">{mode_detail(mode)}</p></Fact>
            <Fact term="Watched folder">{folder}</Fact>
            <Fact term="Looked at">{every}</Fact>
            <Fact term="Recorded since">{since}</Fact>
        </Facts>
    }
    .into_any()
}

fn runs(visit: &Visit, found: &SourceView) -> AnyView {
    let id = found.source.id;
    if found.runs.is_empty() {
        let import = (found.may_manage && found.source.content.status != Lifecycle::Ended).then(|| {
            view! { <Button label="Import files" href=below(routes::SOURCES, id, "import") icon=Icon::Upload /> }
        });
        return view! {
            <Card title="Imports">
                <Empty kind=EmptyKind::Nothing icon=Icon::Upload title="Nothing was imported yet" text="Drop the files of this source: people, applications, entitlements, accounts, access, roles, and who decided what.">
                    {import}
                </Empty>
            </Card>
        }
        .into_any();
    }
    let older = found
        .runs
        .last()
        .filter(|_| found.runs.len() >= RUNS)
        .map(|run| {
            let href = format!("{}/{id}?below={}", routes::SOURCES, run.id);
            view! { <div class="pager"><a class="pager-first" href=href>"Older imports"</a></div> }
                .into_any()
        });
    let rows = table(visit, Of::One, &found.runs);
    view! { <Card title="Imports" flush=true>{rows} {older}</Card> }.into_any()
}

/// How the columns are called, with a way to forget it.
fn columns(app: &App, found: &SourceView) -> Option<AnyView> {
    let id = found.source.id;
    let mapping = &found.source.content.mapping;
    let kinds: Vec<AnyView> = mapping
        .iter()
        .filter(|(_, columns)| !columns.is_empty())
        .map(|(kind, columns)| {
            let pairs = columns
                .iter()
                .map(|(ours, theirs)| {
                    let theirs = match theirs.as_str() {
                        "" => "left out".to_owned(),
                        theirs => theirs.to_owned(),
                    };
                    view! { <KeyValue name=ours.clone()>{theirs}</KeyValue> }
                })
                .collect_view();
            let (word, label) = (kind.word(), format!("Forget the columns of {}", kind.label()));
            let forget = found.may_manage.then(|| {
                view! {
                    <Form action=below(routes::SOURCES, id, "forget") idem=app.form_key() guard=false>
                        <Hidden name="kind" value=word />
                        <Button label=label icon=Icon::Trash2 kind=ButtonKind::Plain />
                    </Form>
                }
            });
            let note = match columns.len() {
                1 => "1 column".to_owned(),
                n => format!("{} columns", capped(n as u64)),
            };
            view! {
                <Disclosure title=kind.label() note=note>
                    <div class="mapped">{pairs}</div>
                    {forget}
                </Disclosure>
            }
            .into_any()
        })
        .collect();
    (!kinds.is_empty()).then(|| {
        view! { <Card title="Columns that are called otherwise">{kinds}</Card> }.into_any()
    })
}
