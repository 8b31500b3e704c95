//! The columns that the list of people offers, beside the person.

use domain::time::Date;
use leptos::prelude::*;
use maud::html;
use service::people::IdentityRow;

use super::words::status_pill;
use crate::format::{ago_view, day_view};
use crate::listing::Offer;
use crate::routes;
use crate::ui::Absent;
use crate::ui::leaf::leaf;

/// What names a person in a file.
pub(super) const NAMING: &str = "username,display_name";

pub(super) const COLUMNS: &[Offer<IdentityRow>] = &[
    Offer::usual("status", "Status", |visit, row: &IdentityRow| {
        status_pill(row.status, row.end_date, visit.now.day(&visit.zone()))
    })
    .sorted("status"),
    Offer::usual("department", "Department", |_, row: &IdentityRow| {
        text(&row.department)
    })
    .sorted("department"),
    Offer::usual("manager", "Manager", |_, row: &IdentityRow| {
        match &row.manager {
            Some((id, name)) => leaf(html! { a href={ (routes::PEOPLE) "/" (id) } { (name) } }),
            None => view! { <Absent /> }.into_any(),
        }
    }),
    Offer::usual("employment_type", "Kind", |_, row: &IdentityRow| {
        row.kind.label().into_any()
    })
    .sorted("kind"),
    Offer::usual("end_date", "Last day", |_, row: &IdentityRow| {
        day(row.end_date)
    })
    .sorted("ends"),
    Offer::usual("changed_at_utc", "Changed", |visit, row: &IdentityRow| {
        ago_view(row.recorded_from, visit)
    })
    .sorted("changed"),
    Offer::extra("username", "Username", |_, row: &IdentityRow| {
        text(&row.username)
    }),
    Offer::extra("email", "E-mail", |_, row: &IdentityRow| text(&row.email)),
    Offer::extra("title", "Title", |_, row: &IdentityRow| text(&row.title)),
    Offer::extra("location", "Location", |_, row: &IdentityRow| {
        text(&row.location)
    }),
    Offer::extra("start_date", "First day", |_, row: &IdentityRow| {
        day(row.start_date)
    }),
];

fn text(value: &str) -> AnyView {
    if value.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        value.to_owned().into_any()
    }
}

fn day(day: Option<Date>) -> AnyView {
    day.map_or_else(|| view! { <Absent /> }.into_any(), day_view)
}
