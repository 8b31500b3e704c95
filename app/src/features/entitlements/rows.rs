//! The table of entitlements, in their list and on the page of their application, and the way to a new one.

use leptos::prelude::*;
use maud::html;
use service::entitlements::{EntitlementRow, EntitlementsPage};

use crate::listing::{Peek, Shown};
use crate::routes;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, peek_cell};
use crate::ui::{Column, Icon, Slot, Table};
use crate::visit::Visit;

/// What the table is besides its rows.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    /// What it holds.
    pub(crate) caption: &'static str,
    /// Its heads.
    pub(crate) heads: Vec<Column>,
    /// Its columns beside the name.
    pub(crate) shown: &'a Shown<EntitlementRow>,
    /// The way to the panel of a row in their list; on the page of an application, whose all rows are, there is none.
    pub(crate) peek: Option<&'a Peek<'a>>,
    /// What stands under it.
    pub(crate) footer: Slot,
}

/// The table; inside a card when it is of one application.
pub(crate) fn table(visit: &Visit, around: Rows<'_>, found: &EntitlementsPage) -> AnyView {
    let Rows {
        caption,
        heads,
        shown,
        peek,
        footer,
    } = around;
    let rows = found.page.rows.iter();
    let rows = rows.map(|one| row(visit, shown, peek, one)).collect_view();
    view! { <Table caption=caption columns=heads framed=peek.is_some() footer=footer>{rows}</Table> }
        .into_any()
}

fn row(
    visit: &Visit,
    shown: &Shown<EntitlementRow>,
    peek: Option<&Peek<'_>>,
    row: &EntitlementRow,
) -> AnyView {
    let (id, name) = (row.id.to_string(), &row.display_name);
    let technical = row.description.trim().is_empty();
    let detail = if technical {
        row.name.clone()
    } else {
        row.description.clone()
    };
    let place = peek.map(|_| format!("row-{id}"));
    let (href, icon) = (format!("{}/{id}", routes::ENTITLEMENTS), Icon::KeyRound);
    leaf(html! {
        tr id=[place] {
            (name_cell("Entitlement", name, href, detail, Some(icon), technical))
            (shown.cells(visit, row))
            @if let Some(peek) = peek { (peek_cell(&peek.to(&id), name, peek.shows(&id))) }
        }
    })
}

/// The form for a new one of an application.
pub(crate) fn new_for(application: &str) -> String {
    format!(
        "{}?{}",
        routes::ENTITLEMENTS_NEW,
        serde_urlencoded::to_string([("application", application)]).unwrap_or_default()
    )
}
