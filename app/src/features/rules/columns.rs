//! The columns of the list of rules, beside the rule.

use maud::html;
use service::rules::RuleRow;

use super::detail::gives_view;
use super::words::state_pill;
use crate::access::{no_owner, owner_cell};
use crate::listing::Offer;
use crate::ui::leaf::leaf;

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
    Offer::usual("state", "State", |_, row: &RuleRow| state_pill(row.state)),
];
