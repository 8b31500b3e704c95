//! What somebody gained or lost, under a heading for each application.

use domain::id::IdentityId;
use domain::time::Instant;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{Line, NamedEntitlement};

use super::super::words::{by_cell, how_cell, link, linked, since, until, why_href};
use crate::access::level_view;
use crate::format::number;
use crate::routes;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Card, Column, Icon, Table};
use crate::visit::Visit;

/// Lines in a card; all are counted.
const MOST: usize = 500;

/// One of the two cards.
#[derive(Debug)]
pub(super) struct Side<'a> {
    /// Its title.
    pub(super) title: &'static str,
    /// What it is, for who does not see it.
    pub(super) caption: &'static str,
    /// What they have at its moment and not at the other.
    pub(super) lines: &'a [Line],
    /// Its moment.
    pub(super) at: Instant,
    /// The same as it stands in addresses; empty for the present.
    pub(super) as_of: &'a str,
}

impl Side<'_> {
    /// The card; none when there is nothing in it.
    pub(super) fn card(&self, visit: &Visit, person: IdentityId) -> Option<AnyView> {
        if self.lines.is_empty() {
            return None;
        }
        let shown = &self.lines[..self.lines.len().min(MOST)];
        let columns = ["Entitlement", "How", "Since", "Until", "Granted by", "Risk"];
        let same =
            |one: &Line, other: &Line| one.entitlement.application == other.entitlement.application;
        let groups = shown.chunk_by(same).map(|lines| {
            let rows = lines.iter().map(|line| self.row(visit, person, line));
            html! {
                (heading(visit, &lines[0].entitlement, columns.len()))
                @for row in rows { (row) }
            }
        });
        let rows = leaf(html! { @for group in groups { (group) } });
        let columns = columns.into_iter().map(Column::new).collect();
        let more = self.lines.len().saturating_sub(MOST);
        let note = (more > 0).then(|| {
            let text = format!("and {} more", number(more as u64));
            view! { <p class="table-note">{text}</p> }
        });
        let (title, caption) = (self.title, self.caption);
        let count = number(self.lines.len() as u64);
        Some(
            view! {
                <Card title=title count=count flush=true>
                    <Table caption=caption columns=columns framed=false>{rows}</Table>
                    {note}
                </Card>
            }
            .into_any(),
        )
    }

    fn row(&self, visit: &Visit, person: IdentityId, line: &Line) -> Markup {
        let (named, access) = (&line.entitlement, &line.line);
        let href = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id));
        let why = why_href(visit, person, named.id, self.as_of);
        let reason = access.ways.first().map(|way| &way.reason);
        html! {
            tr {
                (name_cell("Entitlement", &named.display_name, href, named.description.clone(), Some(Icon::KeyRound), false))
                (value_cell("How", "own", how_cell(access, None, &why)))
                (value_cell("Since", "", since(visit, access.since)))
                (value_cell("Until", "", until(visit, access.until, self.at)))
                (value_cell("Granted by", "by", by_cell(visit, reason)))
                (value_cell("Risk", "", level_view(named.risk)))
            }
        }
    }
}

/// The application of the rows below.
pub(super) fn heading(visit: &Visit, named: &NamedEntitlement, wide: usize) -> Markup {
    let href = linked(
        visit,
        format!("{}/{}", routes::APPLICATIONS, named.application),
    );
    html! {
        tr.group {
            th colspan=(wide) scope="rowgroup" { (link(&named.application_display, &href)) }
        }
    }
}
