//! The roles of a proposal as a table, with boxes for those of which none was made yet.

use frontend::bulk::BulkSelect;
use leptos::prelude::*;
use maud::{Markup, html};
use service::roles::{Proposal, ProposedRow};

use super::{one, path, share};
use crate::format::number;
use crate::routes;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, select_cell, value_cell};
use crate::ui::{Absent, BulkBar, Button, Column, Icon, Pager, Table};

/// Where a page of them is, and the ways to others; an empty way is none.
pub(super) struct Paged {
    pub(super) range: String,
    pub(super) previous: String,
    pub(super) next: String,
    pub(super) first: String,
}

/// A page of them.
pub(super) fn table(shown: &Proposal, place: Paged) -> AnyView {
    let rows = shown.rows.iter().map(|found| row(shown, found));
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = vec![
        Column::new("Role"),
        Column::new("Entitlements").numeric(),
        Column::new("People").numeric(),
        Column::new("Share").numeric(),
        Column::new("With those before").numeric(),
        Column::new("Made"),
    ];
    let pager = view! {
        <Pager range=place.range previous=place.previous next=place.next first=place.first />
    };
    let action = format!("{}/create", path(shown.discovery.id));
    view! {
        <Table caption="Roles that were found" columns=columns selectable=true footer=pager>{rows}</Table>
        <BulkBar action=action>
            <Button label="Create as drafts…" form="bulk" icon=Icon::Plus />
        </BulkBar>
        <BulkSelect />
    }
    .into_any()
}

fn row(shown: &Proposal, found: &ProposedRow) -> Markup {
    let (id, grants) = (shown.discovery.id, shown.discovery.totals.grants);
    let own = found.entitlements.saturating_mul(found.members);
    let made = match &found.made {
        Some((role, name)) => {
            let href = format!("{}/{role}", routes::ROLES);
            leaf(html! { a href=(href) dir="auto" { (name) } })
        }
        None => view! { <Absent /> }.into_any(),
    };
    let detail = format!("No. {}", number(found.number.unsigned_abs()));
    html! {
        tr {
            @if found.made.is_some() { td.pick {} } @else { (select_cell(&found.number.to_string(), &found.name)) }
            (name_cell("Role", &found.name, one(id, found.number), detail, Some(Icon::Layers), false))
            (value_cell("Entitlements", "num", number(found.entitlements).into_any()))
            (value_cell("People", "num", number(found.members).into_any()))
            (value_cell("Share", "num", share(own, grants).into_any()))
            (value_cell("With those before", "num", share(found.covered, grants).into_any()))
            (value_cell("Made", "", made))
        }
    }
}
