//! The list of outliers, the rarest first: who has what that hardly anybody like them has.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::lifecycle::Level;
use domain::outlier::{LEAST_PEERS, MOST_OF_A_HUNDRED};
use domain::view::ListName;
use leptos::prelude::*;
use maud::html;
use service::exports::ExportList;
use service::findings::{self, OutlierRow, OutliersPage};
use service::views;

use super::columns::{COLUMNS, NAMING};
use super::form;
use crate::access::sees_all;
use crate::features::jobs::{self, export_button};
use crate::format::exact;
use crate::listing::{Bar, ListParams, Listing, Params, Shipped, Shown, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::name_cell;
use crate::ui::{Banner, Button, Column, Empty, EmptyKind, Icon, PageHeader, Table, Tone};
use crate::visit::Visit;

const TITLE: &str = "Access few peers have";

/// Views that come with the list.
fn shipped() -> Vec<Shipped> {
    vec![
        Shipped::new("all", "All", ""),
        Shipped::new("high", "High risk", "risk>=high"),
        Shipped::new("no-risk", "Risk not set", "risk:none"),
    ]
}

pub(in crate::features::findings) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    let (found, saved) = match read(&app, &visit, &params).await {
        Ok(read) => read,
        Err(error) => return app.refuse(&visit, error),
    };
    let shown = Shown::of(COLUMNS, &params, saved.columns.as_deref());
    let bar = Bar {
        list: ListName::Outliers,
        base: routes::OUTLIERS,
        params: &params,
        shipped: shipped(),
        saved: &saved,
        total: found.page.total,
        idem: app.form_key(),
    };
    let mut page = Page::new(TITLE, routes::FINDINGS).called(TITLE);
    // The way up is for those who may go it.
    if sees_all(&visit) {
        page = page.under(&[("Findings", routes::FINDINGS)]);
    }
    let key = app.form_key();
    app.page(&visit, page, || content(&visit, &bar, &shown, found, key))
}

async fn read(
    app: &App,
    visit: &Visit,
    params: &Params,
) -> service::Result<(OutliersPage, views::Views)> {
    let found = findings::outliers(&app.service, &visit.cx(), &params.query()).await?;
    let saved = views::of_list(&app.service, &visit.cx(), ListName::Outliers).await?;
    Ok((found, saved))
}

pub(in crate::features::findings) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Outliers).await
}

fn content(
    visit: &Visit,
    bar: &Bar<'_>,
    shown: &Shown<OutlierRow>,
    mut found: OutliersPage,
    key: String,
) -> AnyView {
    let listing = Listing {
        base: routes::OUTLIERS,
        params: bar.params,
        label: "Search outliers",
        placeholder: "Person, entitlement or risk>=high",
        tokens: tokens(),
        facets: Some(std::mem::take(&mut found.facets)),
        unknown: std::mem::take(&mut found.unknown),
        words,
    };
    let (total, looked) = (found.page.total, found.looked);
    let file = shown.in_file(bar.params, NAMING);
    let export = export_button(&file, ExportList::Outliers, routes::OUTLIERS_EXPORT, total);
    let look = form(looked, key);
    let actions = view! { {export} {look} };
    let detail = looked.found.map_or_else(
        || "Nobody has looked for it yet.".to_owned(),
        |at| {
            let at = exact(at, &visit.zone());
            format!(
                "As found {at}. Peers have the same department and title. Looked for every night."
            )
        },
    );
    let gone = (found.gone > 0).then(|| gone(found.gone));
    let (views, top) = (bar.view(shown), listing.top());
    let body = if found.page.rows.is_empty() && found.page.after.is_none() {
        empty(visit, &listing, &found)
    } else {
        table(visit, &listing, shown, &found)
    };
    view! {
        <PageHeader title=TITLE detail=detail actions=actions />
        {views}
        {top}
        {gone}
        {body}
    }
    .into_any()
}

/// Rows that are not shown, so that nobody wonders about the numbers.
fn gone(rows: usize) -> AnyView {
    let text = if rows == 1 {
        "One row of this page is left out: that access has ended since.".to_owned()
    } else {
        format!("{rows} rows of this page are left out: that access has ended since.")
    };
    view! { <Banner tone=Tone::Plain title="Some of it is gone already">{text}</Banner> }.into_any()
}

fn tokens() -> Vec<frontend::tokens::TokenKey> {
    vec![
        token("application", "Technical name or id", &[]),
        token("department", "Department of the person", &[]),
        token("title", "Title of the person", &[]),
        token(
            "risk",
            "How bad it is in wrong hands; risk>=high too",
            &["low", "medium", "high", "critical", "none"],
        ),
        token("person", "Username, id or me", &["me"]),
        token("entitlement", "Technical name or id", &[]),
    ]
}

/// What a token's key and a value of it are called.
fn words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "application" => "Application",
        "department" => "Department",
        "title" => "Title",
        "risk" => "Risk",
        "person" => "Person",
        "entitlement" => "Entitlement",
        other => other,
    };
    let label = match key {
        "risk" => Level::from_word(value).map(Level::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

fn table(
    visit: &Visit,
    listing: &Listing<'_>,
    shown: &Shown<OutlierRow>,
    found: &OutliersPage,
) -> AnyView {
    let mut heads = vec![Column::new("Person")];
    heads.extend(shown.heads(listing));
    let rows = found.page.rows.iter();
    let rows = leaf(html! { @for one in rows { (row(visit, shown, one)) } });
    let pager = listing.pager(&found.page);
    view! { <Table caption=TITLE columns=heads footer=pager>{rows}</Table> }.into_any()
}

fn row(visit: &Visit, shown: &Shown<OutlierRow>, row: &OutlierRow) -> maud::Markup {
    // Whoever sees the row may see the person.
    let (name, href) = (
        &row.display_name,
        format!("{}/{}", routes::PEOPLE, row.person),
    );
    html! {
        tr {
            (name_cell("Person", name, href, row.username.clone(), None, true))
            (shown.cells(visit, row))
        }
    }
}

fn empty(visit: &Visit, listing: &Listing<'_>, found: &OutliersPage) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="No outlier matches" text="None fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    if !sees_all(visit) {
        return view! {
            <Empty kind=EmptyKind::NotForYou title="Nothing of your team" text="You see what few peers have of the people who report to you; there is none. If somebody is missing, ask whoever manages people here to name you as their manager." />
        }
        .into_any();
    }
    if found.looked.found.is_none() {
        let text = "Once a night everybody’s access is compared with that of their peers. What hardly any of them has is listed here.";
        return view! { <Empty kind=EmptyKind::Nothing icon=Icon::Clock title="Not looked for yet" text=text /> }
            .into_any();
    }
    let text = format!(
        "Nobody with at least {LEAST_PEERS} peers has anything that at most {MOST_OF_A_HUNDRED} % of them have."
    );
    view! { <Empty kind=EmptyKind::Nothing icon=Icon::CircleCheck title="Nothing found" text=text /> }
        .into_any()
}
