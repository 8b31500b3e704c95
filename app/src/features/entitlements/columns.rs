//! The columns that a list of entitlements offers, beside the entitlement.

use leptos::prelude::*;
use maud::html;
use service::entitlements::EntitlementRow;

use crate::access::{level_view, owner_cell, status_pill};
use crate::listing::Offer;
use crate::routes;
use crate::ui::Absent;
use crate::ui::leaf::leaf;

/// What names an entitlement in a file.
pub(super) const NAMING: &str = "application,entitlement,display_name";

/// Where all rows are of one application, which needs no column then.
pub(crate) const OF_ONE: &str = "kind,risk,owner,requestable,status";

pub(crate) const COLUMNS: &[Offer<EntitlementRow>] = &[
    Offer::usual("application", "Application", |_, row: &EntitlementRow| {
        let (id, name) = &row.application;
        leaf(html! { a href={ (routes::APPLICATIONS) "/" (id) } { (name) } })
    })
    .sorted("application"),
    Offer::usual("kind", "Kind", |_, row: &EntitlementRow| {
        row.kind.label().into_any()
    })
    .sorted("kind"),
    Offer::usual("risk", "Risk", |_, row: &EntitlementRow| {
        level_view(row.risk)
    })
    .sorted("risk"),
    Offer::usual("owner", "Owner", |visit, row: &EntitlementRow| {
        // Without one of its own the owner of the application answers for it.
        let missing = view! { <span class="soft">"Application’s"</span> }.into_any();
        owner_cell(visit, row.owner.clone(), missing)
    }),
    Offer::usual(
        "requestable",
        "Can be asked for",
        |_, row: &EntitlementRow| {
            if row.requestable {
                "Yes".into_any()
            } else {
                view! { <Absent /> }.into_any()
            }
        },
    ),
    Offer::usual("status", "Status", |_, row: &EntitlementRow| {
        status_pill(row.status)
    })
    .sorted("status"),
    Offer::extra(
        "entitlement",
        "Technical name",
        |_, row: &EntitlementRow| view! { <code>{row.name.clone()}</code> }.into_any(),
    ),
    Offer::extra("description", "Description", |_, row: &EntitlementRow| {
        if row.description.trim().is_empty() {
            view! { <Absent /> }.into_any()
        } else {
            row.description.clone().into_any()
        }
    }),
];
