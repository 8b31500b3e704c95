//! Drafts of several proposed roles at once: first which ones, then how it ended with each.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::id::DiscoveryId;
use leptos::prelude::*;
use maud::{Markup, html};
use service::roles::{self, Made, PROPOSAL_PAGE, ProposedRow};
use service::{Error, Result};

use super::{PLACE, one, path, several_of, title};
use crate::format::number;
use crate::page::Page;
use crate::posted::Posted;
use crate::refuse::sentence;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{
    Button, ButtonKind, Column, Confirm, Empty, EmptyKind, Hidden, Icon, PageHeader, Pill, Slot,
    Table, Tone,
};
use crate::visit::Visit;

/// What was ticked, of one search.
struct Ticked {
    id: DiscoveryId,
    search: String,
    rows: Vec<ProposedRow>,
}

/// Which drafts would be made.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let ticked = match ticked(&app, &visit, &id, &Posted::filled_owned(pairs)).await {
        Ok(ticked) => ticked,
        Err(error) => return app.refuse(&visit, error),
    };
    let back = path(ticked.id);
    app.page(&visit, framed(&ticked, "Create drafts"), || {
        if ticked.rows.is_empty() {
            return view! {
                <PageHeader title="Create drafts" />
                <Empty kind=EmptyKind::NoMatch title="No role is selected" text="Go back and tick the roles that are to be made.">
                    <Button label="Back to what was found" href=back />
                </Empty>
            }
            .into_any();
        }
        let what = several_of(ticked.rows.len() as u64, "draft");
        let hidden = ticked.rows.iter();
        let hidden = hidden
            .map(|row| view! { <Hidden name="id" value=row.number.to_string() /> })
            .collect_view();
        let rows = ticked.rows.iter().map(|row| line(ticked.id, row, None));
        let rows = leaf(html! { @for row in rows { (row) } });
        let key = app.form_key();
        view! {
            <Confirm title=format!("Create {what}?") verb=format!("Create {what}") idem=key cancel=back>
                <p>"Each holds its entitlements, and nobody holds it: nobody gains or loses anything before you give it to people. The names are those below; they can be changed afterwards."</p>
                {hidden}
            </Confirm>
            <Table caption="Selected roles" columns=columns(false)>{rows}</Table>
        }
        .into_any()
    })
}

/// Makes them, and says how it ended with each.
pub(super) async fn create(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let ticked = match ticked(&app, &visit, &id, &posted).await {
        Ok(ticked) => ticked,
        Err(error) => return app.refuse(&visit, error),
    };
    let key = posted.once();
    let mut results = Vec::new();
    for row in &ticked.rows {
        // One key a role, so that a form sent twice goes on where the first stopped and makes nothing twice.
        let cx = visit.cx_once(&format!("{key} {}", row.number));
        let made = roles::create_suggested(&app.service, &cx, ticked.id, row.number).await;
        results.push(made.map_err(|error| sentence(&visit, &error)));
    }
    let fine = results.iter().filter(|result| result.is_ok()).count();
    let back = path(ticked.id);
    app.page(&visit, framed(&ticked, "Create drafts: result"), || {
        let rows = ticked.rows.iter().zip(results);
        let rows = rows.map(|(row, result)| line(ticked.id, row, Some(ended(result))));
        let rows = leaf(html! { @for row in rows { (row) } });
        let actions = Slot::from(view! {
            <Button label="Back to what was found" href=back />
            <Button label="All roles" href=routes::ROLES kind=ButtonKind::Plain />
        });
        let detail = summed(fine, ticked.rows.len() - fine);
        view! {
            <PageHeader title="Create drafts" detail=detail actions=actions />
            <Table caption="Results" columns=columns(true)>{rows}</Table>
        }
        .into_any()
    })
}

async fn ticked(app: &App, visit: &Visit, id: &str, posted: &Posted) -> Result<Ticked> {
    let id: DiscoveryId = id.parse().map_err(|_| Error::NotFound)?;
    let mut numbers: Vec<i64> = posted
        .all("id")
        .iter()
        .filter_map(|number| number.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(PROPOSAL_PAGE);
    let (discovery, rows) = roles::some_of(&app.service, &visit.cx(), id, &numbers).await?;
    Ok(Ticked {
        id,
        search: title(&discovery),
        rows,
    })
}

fn framed(ticked: &Ticked, called: &'static str) -> Page {
    let search = path(ticked.id);
    Page::new(called, routes::ROLES).under(&[
        ("Roles", routes::ROLES),
        (PLACE, routes::ROLES_DISCOVER),
        (&ticked.search, &search),
    ])
}

fn columns(ended: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::new("Role"),
        Column::new("Entitlements").numeric(),
        Column::new("People").numeric(),
    ];
    columns.extend(ended.then(|| Column::new("Result")));
    columns
}

fn line(id: DiscoveryId, row: &ProposedRow, ended: Option<AnyView>) -> Markup {
    let detail = format!("No. {}", number(row.number.unsigned_abs()));
    html! {
        tr {
            (name_cell("Role", &row.name, one(id, row.number), detail, Some(Icon::Layers), false))
            (value_cell("Entitlements", "num", number(row.entitlements).into_any()))
            (value_cell("People", "num", number(row.members).into_any()))
            @if let Some(ended) = ended { (value_cell("Result", "wrap", ended)) }
        }
    }
}

fn ended(result: std::result::Result<Made, String>) -> AnyView {
    let (made, word, tone) = match result {
        Ok(Made::Now(role)) => (role, "Created", Tone::Good),
        Ok(Made::Before(role)) => (role, "Was there", Tone::Plain),
        Err(why) => {
            let pill = within(view! { <Pill text="Not created" tone=Tone::Bad /> }.into_any());
            return leaf(html! { (pill) " " (why) });
        }
    };
    let pill = within(view! { <Pill text=word tone=tone /> }.into_any());
    let href = format!("{}/{made}", routes::ROLES);
    leaf(html! { (pill) " " a href=(href) { "Open the role" } })
}

/// `All 3 are there.`, or how many are not.
fn summed(fine: usize, failed: usize) -> String {
    match failed {
        0 => format!("All {fine} are there. Nobody holds them yet."),
        failed => format!("{fine} are there, {failed} are not: see why below."),
    }
}

#[cfg(test)]
mod tests {
    use super::summed;

    #[test]
    fn a_result_names_what_there_was() {
        assert_eq!(summed(2, 0), "All 2 are there. Nobody holds them yet.");
        assert_eq!(summed(2, 1), "2 are there, 1 are not: see why below.");
    }
}
