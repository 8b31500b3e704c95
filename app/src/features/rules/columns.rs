//! The columns of the list of rules, beside the rule.

use leptos::prelude::*;
use maud::html;
use service::rules::RuleRow;

use super::detail::gives_view;
use super::words::state_pill;
use crate::access::{no_owner, owner_cell};
use crate::format::number;
use crate::listing::Offer;
use crate::ui::Absent;
use crate::ui::leaf::leaf;

/// What names a rule in a file.
pub(super) const NAMING: &str = "rule";

pub(super) const COLUMNS: &[Offer<RuleRow>] = &[
    Offer::usual("condition", "Condition", |_, row: &RuleRow| {
        leaf(html! { code.rule-condition title=(row.condition) { (row.condition) } })
    }),
    Offer::usual("gives", "Gives", |visit, row: &RuleRow| {
        gives_view(visit, row.gives.0, &row.gives.1)
    }),
    Offer::usual("owner", "Owner", |visit, row: &RuleRow| {
        owner_cell(visit, row.owner.clone(), no_owner())
    }),
    Offer::usual("state", "State", |_, row: &RuleRow| state_pill(row.state)).sorted("state"),
    Offer::extra("description", "Description", |_, row: &RuleRow| {
        if row.description.trim().is_empty() {
            view! { <Absent /> }.into_any()
        } else {
            row.description.clone().into_any()
        }
    }),
    Offer::extra(
        "hand_over_days",
        "Days of hand-over",
        |_, row: &RuleRow| match u64::try_from(row.hand_over_days) {
            Ok(days) if days > 0 => number(days).into_any(),
            _ => view! { <Absent /> }.into_any(),
        },
    )
    .numeric(),
];
