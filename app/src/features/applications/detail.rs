//! An application's page: what it is, who answers for it, what it can grant.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::ApplicationId;
use domain::lifecycle::Lifecycle;
use domain::page::ListQuery;
use domain::permission::Action;
use domain::search::{Search, Term};
use frontend::copy::CopyButton;
use leptos::prelude::*;
use service::applications::{self, ApplicationDetail};
use service::audit::WithLatest;
use service::entitlements::{self, EntitlementsPage};

use super::words::status;
use crate::access::{description_card, level_view, owner_fact};
use crate::features::entitlements::columns::{COLUMNS, OF_ONE};
use crate::features::entitlements::rows::{Rows, new_for, table};
use crate::format::{capped, number, time_view};
use crate::history;
use crate::listing::{Params, Shown};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::step;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Column, Empty, EmptyKind, Fact, Facts, Icon, IconTile, Id,
    PageHeader, Slot, Split, Stack, Tab, Tabs, Tone,
};
use crate::visit::Visit;

/// Entitlements shown on the page; the list has the rest.
const SHOWN: u16 = 25;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<ApplicationId>() else {
        return app.nothing_here(&visit);
    };
    match load(&app, &visit, id).await {
        Ok((detail, found)) => show(&app, &visit, &detail, found),
        Err(error) => app.refuse(&visit, error),
    }
}

/// An application with the first of its entitlements.
pub(super) async fn load(
    app: &App,
    visit: &Visit,
    id: ApplicationId,
) -> service::Result<(WithLatest<ApplicationDetail>, EntitlementsPage)> {
    let shown = applications::overview(&app.service, &visit.cx(), id).await?;
    let query = ListQuery {
        search: of_it(&shown.object),
        size: SHOWN,
        ..ListQuery::default()
    };
    let found = entitlements::list(&app.service, &visit.cx(), &query).await?;
    Ok((shown, found))
}

/// The search for the entitlements of an application. The technical name reads better in it than the id.
fn of_it(detail: &ApplicationDetail) -> Search {
    Search {
        terms: vec![Term::is("application", &detail.application.content.name)],
    }
}

fn show(
    app: &App,
    visit: &Visit,
    shown: &WithLatest<ApplicationDetail>,
    found: EntitlementsPage,
) -> Response {
    let detail = &shown.object;
    let name = detail.application.content.display_name.clone();
    let page =
        Page::new(format!("{name} · Applications"), routes::APPLICATIONS).called(name.clone());
    app.page(
        visit,
        page.under(&[("Applications", routes::APPLICATIONS)]),
        || {
            view! {
                {header(detail)}
                {tabs(detail, "")}
                {overview(visit, shown, found)}
            }
            .into_any()
        },
    )
}

/// What there is to know of an application at first: on its page, and in the panel of the list.
pub(super) fn overview(
    visit: &Visit,
    shown: &WithLatest<ApplicationDetail>,
    found: EntitlementsPage,
) -> AnyView {
    let detail = &shown.object;
    let description = description_card(
        "Description",
        &detail.application.content.description,
        "Nobody has described it yet.",
    );
    let facts = facts(visit, detail);
    let entitlements = entitlements_card(visit, detail, found);
    let latest = history::latest(
        visit,
        &shown.latest,
        below(routes::APPLICATIONS, detail.application.id, "timeline"),
    );
    view! {
        {fixed_note(detail)}
        <Split rail=Slot::from(facts)>
            <Stack>
                {description}
                {entitlements}
                {latest}
            </Stack>
        </Split>
    }
    .into_any()
}

/// Whether the visitor may change this application; the console's own record is fixed for everybody.
pub(super) fn may_edit(detail: &ApplicationDetail) -> bool {
    detail.may.contains(&Action::EditAccess) && !detail.application.content.built_in
}

/// The head of every page of an application.
pub(in crate::features) fn header(detail: &ApplicationDetail) -> AnyView {
    let content = &detail.application.content;
    let id = detail.application.id;
    let edit = may_edit(detail).then(|| {
        view! { <Button label="Edit" href=below(routes::APPLICATIONS, id, "edit") icon=Icon::Pencil kind=ButtonKind::Primary /> }
    });
    let menu = may_edit(detail)
        .then(|| {
            step::menu(
                routes::APPLICATIONS,
                id,
                &content.display_name,
                content.status,
            )
        })
        .flatten();
    let copy =
        view! { <CopyButton value=id.to_string() label="Copy id">{Icon::Copy.view()}</CopyButton> };
    view! {
        <PageHeader
            title=content.display_name.clone()
            lead=view! { <IconTile icon=Icon::AppWindow large=true /> }
            status=status(content.status, content.built_in)
            id=view! { <Id value=id.to_string()>{copy}</Id> }
            actions=view! { {menu} {edit} }
        />
    }
    .into_any()
}

/// The tabs of an application.
pub(in crate::features) fn tabs(detail: &ApplicationDetail, current: &str) -> AnyView {
    let id = detail.application.id;
    let tab = |label: &str, page: &str| Tab {
        label: label.to_owned(),
        href: if page.is_empty() {
            format!("{}/{id}", routes::APPLICATIONS)
        } else {
            below(routes::APPLICATIONS, id, page)
        },
        count: String::new(),
        current: page == current,
    };
    view! { <Tabs label="About this application" items=vec![tab("Overview", ""), tab("Accounts", "accounts"), tab("Access changes", "changes"), tab("Timeline", "timeline")] /> }.into_any()
}

fn fixed_note(detail: &ApplicationDetail) -> Option<AnyView> {
    detail.application.content.built_in.then(|| {
        view! {
            <Banner tone=Tone::Plain title="This is the console itself">
                "Its entitlements are the rights in this console. They are given and ended on the page of a person; the record here is fixed."
            </Banner>
        }
        .into_any()
    })
}

fn facts(visit: &Visit, detail: &ApplicationDetail) -> AnyView {
    let content = &detail.application.content;
    let id = detail.application.id;
    let assign =
        may_edit(detail).then(|| format!("{}#f-owner", below(routes::APPLICATIONS, id, "edit")));
    let owner = if content.built_in && detail.owner.is_none() {
        "The administrators".into_any()
    } else {
        owner_fact(
            visit,
            detail
                .owner
                .as_ref()
                .map(|owner| (owner.id, owner.display_name.as_str(), owner.title.as_str())),
            assign,
        )
    };
    let criticality = level_view(content.criticality);
    let href = Params::default().with_search(routes::ENTITLEMENTS, &of_it(detail));
    let count = capped(detail.entitlements);
    let entitlements = if detail.entitlements == 0 {
        count.into_any()
    } else {
        view! { <a href=href>{count}</a> }.into_any()
    };
    let copy = view! { <CopyButton value=content.name.clone() label="Copy technical name">{Icon::Copy.view()}</CopyButton> };
    let name = content.name.clone();
    let since = time_view(detail.application.recorded_from, visit);
    view! {
        <Facts title="Facts">
            <Fact term="Owner">{owner}</Fact>
            <Fact term="Criticality">{criticality}</Fact>
            <Fact term="Technical name"><span class="id-line"><code>{name}</code> {copy}</span></Fact>
            <Fact term="Entitlements">{entitlements}</Fact>
            <Fact term="Recorded since">{since}</Fact>
        </Facts>
    }
    .into_any()
}

fn entitlements_card(
    visit: &Visit,
    detail: &ApplicationDetail,
    found: EntitlementsPage,
) -> AnyView {
    let content = &detail.application.content;
    let may_add = may_edit(detail) && content.status != Lifecycle::Ended;
    let add = may_add.then(
        || view! { <Button label="Add entitlement" href=new_for(&content.name) icon=Icon::Plus /> },
    );
    if found.page.rows.is_empty() {
        return view! {
            <Card title="Entitlements">
                <Empty kind=EmptyKind::Nothing icon=Icon::KeyRound title="No entitlements yet" text="What this application can grant belongs here: accounts, groups, permissions, licences, features.">
                    {add}
                </Empty>
            </Card>
        }
        .into_any();
    }
    let (total, shown) = (found.page.total, found.page.rows.len() as u64);
    let all = Params::default().with_search(routes::ENTITLEMENTS, &of_it(detail));
    let more = (total > shown).then(|| {
        let text = format!("{} of {} are shown here.", number(shown), capped(total));
        let href = all.clone();
        view! { <div class="pager"><p class="pager-range">{text}</p> <a class="pager-first" href=href>"See them all"</a></div> }.into_any()
    });
    let shown = Shown::fixed(COLUMNS, OF_ONE);
    let mut heads = vec![Column::new("Entitlement")];
    heads.extend(shown.plain_heads());
    let rows = Rows {
        caption: "Entitlements of this application",
        heads,
        shown: &shown,
        peek: None,
        footer: more.map(Slot::from).unwrap_or_default(),
    };
    let table = table(visit, rows, &found);
    let actions = view! { <Button label="Open as list" href=all icon=Icon::ListChecks /> {add} };
    view! { <Card title="Entitlements" count=capped(total) actions=actions flush=true>{table}</Card> }.into_any()
}
