//! The lines of a person's access, under a heading for each application.
//!
//! Every row has a link, also a heading: the keys that walk through a table go from link to link.

use domain::time::Date;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{How, Line, NamedEntitlement, PersonAccess};
use service::people::Person;

use super::export;
use super::narrow::{Narrow, Narrowed};
use super::words::{by_cell, how_cell, lead, linked, since, until, used, why_href};
use crate::access::level_view;
use crate::as_of::Asked;
use crate::format::number;
use crate::routes::{self, below};
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Absent, Card, Column, Icon, Slot, Table};
use crate::visit::Visit;

/// What all rows of the table need.
struct Around<'a> {
    visit: &'a Visit,
    person: &'a Person,
    asked: &'a Asked,
    narrow: &'a Narrow,
    access: &'a PersonAccess,
    /// The path of the page.
    base: String,
    /// The moment of the page, as it stands in addresses.
    as_of: String,
    /// The day of that moment.
    today: Date,
    /// Peers are counted for the present only.
    peers: bool,
}

/// The lines of this page in a card.
pub(super) fn card(
    visit: &Visit,
    person: &Person,
    asked: &Asked,
    narrow: &Narrow,
    access: &PersonAccess,
    found: &Narrowed<'_>,
) -> AnyView {
    let around = Around {
        visit,
        person,
        asked,
        narrow,
        access,
        base: below(routes::PEOPLE, person.identity.id, "access"),
        as_of: asked.word(),
        today: access.moment.at.day(&visit.zone()),
        peers: access.moment.present,
    };
    let rows = leaf(around.rows(found));
    let footer = narrow
        .pager(&around.base, asked, found)
        .map_or_else(Slot::default, Slot::from);
    let columns = around.columns();
    let count = total(found, narrow.is_open());
    let of = person.identity.id.to_string();
    let how = narrow.how().map_or("", How::word);
    let file = export::button(
        &around.base,
        &of,
        (asked, how, &narrow.q),
        found.all.len() as u64,
    );
    let note = around.peers.then(|| view! {
        <p class="table-note">"Peers are the people with the same department and title. At most 200 of them are looked at."</p>
    });
    view! {
        <Card title="Access" count=count actions=file flush=true>
            <Table caption="What the person has, by application" columns=columns framed=false footer=footer>{rows}</Table>
            {note}
        </Card>
    }
    .into_any()
}

/// `23 in 9 applications`.
fn total(found: &Narrowed<'_>, whole: bool) -> String {
    let mut applications: Vec<_> = found
        .all
        .iter()
        .map(|line| line.entitlement.application)
        .collect();
    applications.sort_unstable();
    applications.dedup();
    let text = format!(
        "{} in {} application{}",
        number(found.all.len() as u64),
        number(applications.len() as u64),
        if applications.len() == 1 { "" } else { "s" }
    );
    if whole {
        text
    } else {
        format!("{text}, filtered")
    }
}

impl Around<'_> {
    fn columns(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = [
            "Entitlement",
            "How",
            "Since",
            "Until",
            "Granted by",
            "Last used",
        ]
        .into_iter()
        .map(Column::new)
        .collect();
        if self.peers {
            columns.push(Column::new("Peers").numeric());
        }
        columns.push(Column::new("Risk"));
        columns
    }

    fn rows(&self, found: &Narrowed<'_>) -> Markup {
        let mut last = None;
        let rows = found.shown().iter().map(|line| {
            let application = line.entitlement.application;
            let begins = last != Some(application);
            last = Some(application);
            html! {
                @if begins { (self.heading(&line.entitlement, found)) }
                (self.row(line))
            }
        });
        html! { @for row in rows { (row) } }
    }

    /// The application of the rows below; for who may not open its page, its name shows only these rows.
    fn heading(&self, named: &NamedEntitlement, found: &Narrowed<'_>) -> Markup {
        let id = named.application;
        let lines = found.all.iter();
        let count = lines.filter(|line| line.entitlement.application == id);
        let count = number(count.count() as u64);
        let page = linked(self.visit, format!("{}/{id}", routes::APPLICATIONS));
        let href = if page.is_empty() {
            let name = named.application_display.as_str();
            self.narrow.url(&self.base, self.asked, &[("q", name)])
        } else {
            page
        };
        let wide = self.columns().len();
        html! {
            tr.group {
                th colspan=(wide) scope="rowgroup" {
                    a href=(href) dir="auto" { (named.application_display) }
                    " " span.card-count { (count) }
                }
            }
        }
    }

    fn row(&self, line: &Line) -> Markup {
        let (visit, named, access) = (self.visit, &line.entitlement, &line.line);
        let technical = named.description.trim().is_empty();
        let detail = if technical && named.name != named.display_name {
            named.name.clone()
        } else {
            named.description.clone()
        };
        let href = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id));
        let why = why_href(visit, self.person.identity.id, named.id, &self.as_of);
        let wanted = self.narrow.how();
        let reason = lead(access, wanted).map(|way| &way.reason);
        let moment = self.access.moment.at;
        html! {
            tr {
                (name_cell("Entitlement", &named.display_name, href, detail, Some(Icon::KeyRound), technical))
                (value_cell("How", "own", how_cell(access, wanted, &why)))
                (value_cell("Since", "", since(visit, access.since)))
                (value_cell("Until", "", until(visit, access.until, moment)))
                (value_cell("Granted by", "by", by_cell(visit, reason)))
                (value_cell("Last used", "", used(access.last_used, self.today)))
                @if self.peers { (value_cell("Peers", "num", peers(line.peers))) }
                (value_cell("Risk", "", level_view(named.risk)))
            }
        }
    }
}

/// `12 of 14`.
fn peers(peers: Option<(usize, usize)>) -> AnyView {
    peers.map_or_else(
        || view! { <Absent /> }.into_any(),
        |(have, all)| leaf(html! { (have) " of " (all) }),
    )
}
