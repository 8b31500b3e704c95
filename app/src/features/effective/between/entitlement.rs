//! Who gained and who lost an entitlement between two moments. A page goes on after a person in the order of ids, as the
//! list of holders does.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{EntitlementId, IdentityId};
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::effective::{Mover, MoversPage, entitlement_between};

use super::super::holders::job;
use super::super::words::{by_cell, how_cell, since, until, why_href};
use super::nothing;
use crate::access::person_href;
use crate::features::entitlements::detail::{header, tabs};
use crate::format::number;
use crate::moments::Moments;
use crate::page::Page;
use crate::routes::{self, below, with_query};
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Button, Card, Column, Empty, EmptyKind, Icon, Pager, Pill, Table, Tone};
use crate::visit::Visit;

/// The address of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Place {
    from: String,
    to: String,
    after: String,
    /// The number of the first row; only for showing.
    #[serde(rename = "at")]
    row: String,
}

impl Place {
    fn after(&self) -> Option<IdentityId> {
        self.after.parse().ok()
    }

    fn first_row(&self) -> u64 {
        match self.after() {
            Some(_) => self.row.parse().unwrap_or(1).max(1),
            None => 1,
        }
    }
}

pub(in super::super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(at): Query<Place>,
) -> Response {
    let Ok(id) = id.parse::<EntitlementId>() else {
        return app.nothing_here(&visit);
    };
    let moments = Moments::read(&at.from, &at.to, visit.now, &visit.zone());
    let asked = (moments.from(), moments.to());
    let found = entitlement_between(&app.service, &visit.cx(), id, asked, at.after()).await;
    let (detail, found) = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = detail.entitlement.content.display_name.clone();
    let title = format!("Access changes of {name} · Entitlements");
    let of_it = format!("{}/{id}", routes::ENTITLEMENTS);
    let page = Page::new(title, routes::ENTITLEMENTS)
        .called("Access changes")
        .under(&[("Entitlements", routes::ENTITLEMENTS), (&name, &of_it)]);
    app.page(&visit, page, || {
        let base = below(routes::ENTITLEMENTS, id, "changes");
        let control = moments.control(&visit, &base);
        let list = Movers {
            visit: &visit,
            moments: &moments,
            at: &at,
            base: &base,
            what: id,
        };
        let list = list.view(&found);
        view! {
            {header(&detail)}
            {tabs(&detail, "changes")}
            {control}
            {list}
        }
        .into_any()
    })
}

struct Movers<'a> {
    visit: &'a Visit,
    moments: &'a Moments,
    at: &'a Place,
    base: &'a str,
    what: EntitlementId,
}

impl Movers<'_> {
    fn view(&self, found: &MoversPage) -> AnyView {
        if found.rows.is_empty() {
            return self.nobody(found);
        }
        let rows = found.rows.iter().map(|mover| self.row(found, mover));
        let rows = leaf(html! { @for row in rows { (row) } });
        let columns = [
            "Person",
            "Title",
            "Change",
            "How",
            "Since",
            "Until",
            "Granted by",
        ];
        let columns = columns.into_iter().map(Column::new).collect();
        let pager = self.pager(found);
        let note = format!(
            "Who gained it or lost it {}.",
            self.moments.spoken(&self.visit.zone())
        );
        view! {
            <p class="changes-sentence">{note}</p>
            <Card title="People" flush=true>
                <Table caption="Who gained and who lost it" columns=columns framed=false footer=pager>{rows}</Table>
            </Card>
        }
        .into_any()
    }

    fn pager(&self, found: &MoversPage) -> AnyView {
        let first = self.at.first_row();
        let last = first + found.rows.len() as u64 - 1;
        let mut range = format!("{}–{}", number(first), number(last));
        if found.next.is_none() {
            range = format!("{range} of {}", number(last));
        }
        let next = self.next(found, last).unwrap_or_default();
        let to_first = self.at.after().map(|_| self.moments.href(self.base));
        view! { <Pager range=range next=next first=to_first.unwrap_or_default() /> }.into_any()
    }

    fn next(&self, found: &MoversPage, last: u64) -> Option<String> {
        let (from, to) = self.moments.words();
        let (next, row) = (found.next?.to_string(), (last + 1).to_string());
        let parts = [
            ("from", from.as_str()),
            ("to", &to),
            ("after", &next),
            ("at", &row),
        ];
        Some(with_query(self.base, &parts))
    }

    fn row(&self, found: &MoversPage, mover: &Mover) -> Markup {
        let (visit, holder) = (self.visit, &mover.holder);
        let (from, to) = self.moments.words();
        let (moment, as_of, change) = if mover.gained {
            let change = view! { <Pill text="Gained" tone=Tone::Good /> };
            (found.span.to.at, to, change.into_any())
        } else {
            let change = view! { <Pill text="Lost" tone=Tone::Warn /> };
            (found.span.from.at, from, change.into_any())
        };
        let line = &holder.line;
        let why = why_href(visit, holder.id, self.what, &as_of);
        html! {
            tr {
                (name_cell("Person", &holder.display_name, person_href(visit, holder.id), holder.username.clone(), None, false))
                (value_cell("Title", "own", job(holder)))
                (value_cell("Change", "", change))
                (value_cell("How", "own", how_cell(line, None, &why)))
                (value_cell("Since", "", since(visit, line.since)))
                (value_cell("Until", "", until(visit, line.until, moment)))
                (value_cell("Granted by", "by", by_cell(visit, holder.reason())))
            }
        }
    }

    /// Nobody: among the people of this page, on a page after the last, or at all.
    fn nobody(&self, found: &MoversPage) -> AnyView {
        let first = self.at.first_row();
        if let Some(next) = self.next(found, first.saturating_sub(1)) {
            return view! {
                <Empty kind=EmptyKind::NoMatch title="Nobody so far" text="Of the people looked at up to here nobody gained or lost it. There are more to look at.">
                    <Button label="Look further" href=next icon=Icon::ArrowRight />
                </Empty>
            }
            .into_any();
        }
        if self.at.after().is_some() {
            let first = self.moments.href(self.base);
            return view! {
                <Empty kind=EmptyKind::NoMatch title="Nobody more" text="The list ended before this page, or changed since you came here.">
                    <Button label="First page" href=first icon=Icon::Undo2 />
                </Empty>
            }
            .into_any();
        }
        let spoken = self.moments.spoken(&self.visit.zone());
        nothing(&format!("Nobody gained or lost it {spoken}."))
    }
}
