//! The columns of the list of roles, beside the role.

use leptos::prelude::*;
use service::roles::RoleRow;

use crate::access::{no_owner, owner_cell, status_pill};
use crate::format::number;
use crate::listing::Offer;
use crate::ui::Absent;

/// What names a role in a file.
pub(super) const NAMING: &str = "role,display_name";

pub(super) const COLUMNS: &[Offer<RoleRow>] = &[
    Offer::usual("description", "Description", |_, row: &RoleRow| {
        if row.description.trim().is_empty() {
            view! { <Absent /> }.into_any()
        } else {
            row.description.clone().into_any()
        }
    }),
    Offer::usual("owner", "Owner", |visit, row: &RoleRow| {
        owner_cell(visit, row.owner.clone(), no_owner())
    }),
    Offer::usual(
        "contains",
        "Contains",
        |_, row: &RoleRow| match u64::try_from(row.parts) {
            Ok(parts) if parts > 0 => number(parts).into_any(),
            _ => view! { <Absent /> }.into_any(),
        },
    )
    .numeric(),
    Offer::usual("status", "Status", |_, row: &RoleRow| {
        status_pill(row.status)
    })
    .sorted("status"),
    Offer::extra("role", "Technical name", |_, row: &RoleRow| {
        view! { <code>{row.name.clone()}</code> }.into_any()
    }),
];
