//! The columns that the list of applications offers, beside the application.

use domain::lifecycle::Lifecycle;
use domain::search::{Search, Term};
use leptos::prelude::*;
use service::applications::ApplicationRow;

use super::words::status;
use crate::access::{level_view, no_owner, owner_cell};
use crate::format::number;
use crate::listing::{Offer, Params};
use crate::routes;
use crate::ui::Absent;

/// What names an application in a file.
pub(super) const NAMING: &str = "application,display_name";

pub(super) const COLUMNS: &[Offer<ApplicationRow>] = &[
    Offer::usual("owner", "Owner", |visit, row: &ApplicationRow| {
        let missing = match row.status {
            _ if row.built_in => view! { <span class="soft">"Administrators"</span> }.into_any(),
            Lifecycle::Ended => view! { <Absent /> }.into_any(),
            Lifecycle::Active | Lifecycle::Suspended => no_owner(),
        };
        owner_cell(visit, row.owner.clone(), missing)
    }),
    Offer::usual("criticality", "Criticality", |_, row: &ApplicationRow| {
        level_view(row.criticality)
    })
    .sorted("criticality"),
    Offer::usual("entitlements", "Entitlements", |_, row: &ApplicationRow| {
        entitlements_link(row)
    })
    .numeric(),
    Offer::usual("status", "Status", |_, row: &ApplicationRow| {
        status(row.status, row.built_in).into_any()
    })
    .sorted("status"),
    Offer::extra("description", "Description", |_, row: &ApplicationRow| {
        if row.description.is_empty() {
            view! { <Absent /> }.into_any()
        } else {
            row.description.clone().into_any()
        }
    }),
];

/// How many entitlements an application has, leading to them.
fn entitlements_link(row: &ApplicationRow) -> AnyView {
    let count = row.entitlements.unsigned_abs();
    if count == 0 {
        return number(0).into_any();
    }
    let of_it = Search {
        terms: vec![Term::is("application", &row.name)],
    };
    let href = Params::default().with_search(routes::ENTITLEMENTS, &of_it);
    let noun = if count == 1 {
        "entitlement"
    } else {
        "entitlements"
    };
    let spoken = format!(" {noun} of {}", row.display_name);
    view! { <a href=href>{number(count)} <span class="unseen">{spoken}</span></a> }.into_any()
}
