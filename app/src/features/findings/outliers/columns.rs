//! The columns that the list of outliers offers, beside the person.

use leptos::prelude::*;
use maud::html;
use service::findings::OutlierRow;

use crate::access::{level_view, sees_all};
use crate::listing::Offer;
use crate::routes;
use crate::ui::Absent;
use crate::ui::leaf::leaf;

/// What names a row in a file, with the number that another column is out of.
pub(super) const NAMING: &str = "username,person,application,entitlement,peers";

pub(super) const COLUMNS: &[Offer<OutlierRow>] = &[
    Offer::usual("entitlement_name", "Entitlement", |_, row: &OutlierRow| {
        let why = routes::why(row.person, row.entitlement);
        leaf(html! { a href=(why) title="Why they have it" { (row.entitlement_display) } })
    }),
    Offer::usual(
        "application_name",
        "Application",
        |visit, row: &OutlierRow| {
            if sees_all(visit) {
                let (id, name) = (row.application, &row.application_display);
                leaf(html! { a href={ (routes::APPLICATIONS) "/" (id) } { (name) } })
            } else {
                row.application_display.clone().into_any()
            }
        },
    ),
    Offer::usual("risk", "Risk", |_, row: &OutlierRow| level_view(row.risk)),
    Offer::usual("peers_with_it", "Who has it", |_, row: &OutlierRow| {
        let rarity = row.rarity;
        leaf(html! { (rarity.holders) " of " (rarity.peers) " peers" })
    })
    .sorted("rarity"),
    Offer::usual("department", "Department", |_, row: &OutlierRow| {
        text(&row.department)
    }),
    Offer::usual("title", "Title", |_, row: &OutlierRow| text(&row.title)),
    Offer::extra("username", "Username", |_, row: &OutlierRow| {
        text(&row.username)
    }),
];

fn text(value: &str) -> AnyView {
    if value.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        value.to_owned().into_any()
    }
}
