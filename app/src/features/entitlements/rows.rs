//! The table of entitlements, in their list and on the page of their application, and the way to a new one.

use leptos::prelude::*;
use service::entitlements::EntitlementsPage;

use crate::access::{level_view, owner_cell, status_pill};
use crate::listing::Peek;
use crate::routes;
use crate::ui::{Absent, Cell, Column, Icon, NameCell, PeekCell, Slot, Table};
use crate::visit::Visit;

/// What the table is besides its rows.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    /// What it holds.
    pub(crate) caption: &'static str,
    /// Its heads; the second is the application, unless all rows are of one.
    pub(crate) columns: Vec<Column>,
    /// The way to the panel of a row in their list; on the page of an application, whose all rows are, there is none.
    pub(crate) peek: Option<&'a Peek<'a>>,
    /// What stands under it.
    pub(crate) footer: Slot,
}

/// The table; inside a card when it is of one application.
pub(crate) fn table(visit: &Visit, around: Rows<'_>, found: EntitlementsPage) -> AnyView {
    let Rows {
        caption,
        columns,
        peek,
        footer,
    } = around;
    let of_one = peek.is_none();
    let rows = found.page.rows.into_iter().map(|row| {
        let (application, name) = row.application;
        let application = (!of_one).then(|| {
            view! { <Cell column="Application"><a href=format!("{}/{application}", routes::APPLICATIONS)>{name}</a></Cell> }
        });
        let technical = row.description.trim().is_empty();
        let detail = if technical { row.name } else { row.description };
        // Without one of its own the owner of the application answers for it.
        let owner = owner_cell(visit, row.owner, view! { <span class="soft">"Application’s"</span> }.into_any());
        let risk = level_view(row.risk);
        let status = status_pill(row.status);
        let requestable = if row.requestable { "Yes".into_any() } else { view! { <Absent /> }.into_any() };
        let href = format!("{}/{}", routes::ENTITLEMENTS, row.id);
        let look = peek.map(|peek| {
            let (look, open, name) = (peek.to(row.id), peek.shows(row.id), row.display_name.clone());
            view! { <PeekCell href=look label=name current=open /> }
        });
        let place = peek.map(|_| format!("row-{}", row.id));
        view! {
            <tr id=place>
                <NameCell column="Entitlement" name=row.display_name detail=detail mono=technical icon=Icon::KeyRound href=href />
                {application}
                <Cell column="Kind">{row.kind.label()}</Cell>
                <Cell column="Risk">{risk}</Cell>
                <Cell column="Owner">{owner}</Cell>
                <Cell column="Can be asked for">{requestable}</Cell>
                <Cell column="Status">{status}</Cell>
                {look}
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect_view();
    view! { <Table caption=caption columns=columns framed=!of_one footer=footer>{rows}</Table> }
        .into_any()
}

/// The form for a new one of an application.
pub(crate) fn new_for(application: &str) -> String {
    format!(
        "{}?{}",
        routes::ENTITLEMENTS_NEW,
        serde_urlencoded::to_string([("application", application)]).unwrap_or_default()
    )
}
