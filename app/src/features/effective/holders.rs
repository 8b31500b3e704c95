//! Who has an entitlement at a moment: how, since, until, by whom and why, last used.
//!
//! A page goes on after a person in the order of ids; there is no way to a page but from the one before, or from the first.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{EntitlementId, IdentityId};
use domain::page::COUNT_CAP;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::effective::{Holder, HoldersPage, Total, entitlement_holders};

use super::export;
use super::words::{by_cell, how_cell, since, until, used, why_href};
use crate::access::person_href;
use crate::as_of::{Asked, NAME, spoken};
use crate::features::accounts::status_of_person;
use crate::features::entitlements::detail::{header, tabs};
use crate::format::{capped, number};
use crate::page::Page;
use crate::routes::{self, below, with_query};
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Absent, Button, Card, Column, Empty, EmptyKind, Icon, Pager, Table};
use crate::visit::Visit;

/// The address of a list of holders.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::features) struct Place {
    pub(in crate::features) as_of: String,
    after: String,
    /// The number of the first row.
    #[serde(rename = "at")]
    row: String,
}

impl Place {
    /// After whom the page goes on; what is no id is the first page.
    pub(in crate::features) fn after(&self) -> Option<IdentityId> {
        self.after.parse().ok()
    }

    /// The number of the first row, as far as the way here told; only for showing.
    fn first_row(&self) -> u64 {
        match self.after() {
            Some(_) => self.row.parse().unwrap_or(1).max(1),
            None => 1,
        }
    }
}

/// A list of holders, also of a role.
#[derive(Debug)]
pub(in crate::features) struct Holders<'a> {
    /// Its path.
    pub(in crate::features) base: &'a str,
    /// The id of what they have.
    pub(in crate::features) of: &'a str,
    /// Its moment.
    pub(in crate::features) asked: &'a Asked,
    /// Where in it the page is.
    pub(in crate::features) at: &'a Place,
    /// What is explained of each of them; a role has no such page.
    pub(in crate::features) why: Option<EntitlementId>,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(at): Query<Place>,
) -> Response {
    let Ok(id) = id.parse::<EntitlementId>() else {
        return app.nothing_here(&visit);
    };
    let asked = Asked::read(&at.as_of, &visit.zone());
    let found = entitlement_holders(&app.service, &visit.cx(), id, asked.at(), at.after()).await;
    let (detail, found) = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = detail.entitlement.content.display_name.clone();
    let title = format!("Holders of {name} · Entitlements");
    let page = Page::new(title, routes::ENTITLEMENTS).called(name);
    let parents = [("Entitlements", routes::ENTITLEMENTS)];
    app.page(&visit, page.under(&parents), || {
        let base = below(routes::ENTITLEMENTS, id, "holders");
        let of = id.to_string();
        let list = Holders {
            base: &base,
            of: &of,
            asked: &asked,
            at: &at,
            why: Some(id),
        };
        let list = list.view(&visit, &found);
        view! {
            {header(&detail)}
            {tabs(&detail, "holders")}
            {list}
        }
        .into_any()
    })
}

impl Holders<'_> {
    /// The moment, and who has it then.
    pub(in crate::features) fn view(&self, visit: &Visit, found: &HoldersPage) -> AnyView {
        let control = self.asked.control(visit, self.base, &[]);
        let list = if found.rows.is_empty() {
            self.nobody(visit)
        } else {
            self.card(visit, found)
        };
        view! { {control} {list} }.into_any()
    }

    fn card(&self, visit: &Visit, found: &HoldersPage) -> AnyView {
        let as_of = self.asked.word();
        let rows = found.rows.iter();
        let rows = rows.map(|holder| self.row(visit, found, &as_of, holder));
        let rows = leaf(html! { @for row in rows { (row) } });
        let first = self.at.first_row();
        let last = first + found.rows.len() as u64 - 1;
        let total = total(found, self.at.after().is_none(), last);
        let rows_in_all = match found.total {
            Total::Exactly(count) | Total::AtMost(count) => count,
            Total::Many => COUNT_CAP + 1,
        };
        let file = export::button(self.base, self.of, (self.asked, "", ""), rows_in_all);
        let range = format!("{}–{} of {total}", number(first), number(last));
        let next = found.next.map(|next| {
            let (next, row) = (next.to_string(), (last + 1).to_string());
            let parts = [(NAME, as_of.as_str()), ("after", &next), ("at", &row)];
            with_query(self.base, &parts)
        });
        let to_first = self.at.after().map(|_| self.first_page());
        let pager = view! { <Pager range=range next=next.unwrap_or_default() first=to_first.unwrap_or_default() /> };
        let columns = [
            "Person",
            "Title",
            "Status",
            "How",
            "Since",
            "Until",
            "Granted by",
            "Last used",
        ];
        let columns = columns.into_iter().map(Column::new).collect();
        view! {
            <Card title="Who has it" count=total actions=file flush=true>
                <Table caption="People who have it" columns=columns framed=false footer=pager>{rows}</Table>
            </Card>
        }
        .into_any()
    }

    fn row(&self, visit: &Visit, found: &HoldersPage, as_of: &str, holder: &Holder) -> Markup {
        let href = person_href(visit, holder.id);
        let why = self.why.map(|what| why_href(visit, holder.id, what, as_of));
        let (line, moment) = (&holder.line, found.moment.at);
        let how = how_cell(line, None, &why.unwrap_or_default());
        let last = used(line.last_used, moment.day(&visit.zone()));
        html! {
            tr {
                (name_cell("Person", &holder.display_name, href, holder.username.clone(), None, false))
                (value_cell("Title", "own", job(holder)))
                (value_cell("Status", "", status_of_person(holder.status)))
                (value_cell("How", "own", how))
                (value_cell("Since", "", since(visit, line.since)))
                (value_cell("Until", "", until(visit, line.until, moment)))
                (value_cell("Granted by", "by", by_cell(visit, holder.reason())))
                (value_cell("Last used", "", last))
            }
        }
    }

    fn first_page(&self) -> String {
        with_query(self.base, &[(NAME, &self.asked.word())])
    }

    /// Nobody: on a page after the last, at a moment, or at all.
    fn nobody(&self, visit: &Visit) -> AnyView {
        if self.at.after().is_some() {
            let first = self.first_page();
            return view! {
                <Empty kind=EmptyKind::NoMatch title="Nobody more" text="The list ended before this page, or changed since you came here.">
                    <Button label="First page" href=first icon=Icon::Undo2 />
                </Empty>
            }
            .into_any();
        }
        let (title, text) = match self.asked.at() {
            Some(at) if at > visit.now => (
                format!("Nobody on {}", spoken(at, &visit.zone())),
                "As things stand now, nobody will have it then.",
            ),
            Some(at) => (
                format!("Nobody on {}", spoken(at, &visit.zone())),
                "Nothing that was recorded then gave it to anybody.",
            ),
            None => (
                "Nobody has it".to_owned(),
                "People belong here to whom it is given, by itself, with a role or by a rule, and those of whom a source finds it.",
            ),
        };
        view! { <Empty kind=EmptyKind::Nothing icon=Icon::Users title=title text=text /> }
            .into_any()
    }
}

/// What somebody does, and where.
pub(super) fn job(holder: &Holder) -> AnyView {
    let parts = [holder.title.as_str(), &holder.department];
    let mut parts = parts.into_iter().filter(|part| !part.is_empty());
    let Some(first) = parts.next() else {
        return view! { <Absent /> }.into_any();
    };
    leaf(html! {
        span.says {
            span.says-first { (first) }
            @if let Some(second) = parts.next() { span.says-more { (second) } }
        }
    })
}

/// How many there are. Where the list ends, its place in it says so, too.
fn total(found: &HoldersPage, whole: bool, last: u64) -> String {
    if found.next.is_none() {
        return number(if whole { found.rows.len() as u64 } else { last });
    }
    match found.total {
        Total::Exactly(count) => number(count),
        Total::AtMost(count) => format!("at most {}", number(count)),
        Total::Many => capped(COUNT_CAP + 1),
    }
}
