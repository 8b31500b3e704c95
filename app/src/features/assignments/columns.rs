//! The columns that the list of assignments offers, beside the person.

use domain::assignment::AssignmentState;
use domain::role::Grantable;
use leptos::prelude::*;
use maud::html;
use service::assignments::{AssignmentRow, giver, state_word};

use super::words::zone;
use crate::access::{person_href, sees_all};
use crate::format::day_view;
use crate::listing::Offer;
use crate::routes;
use crate::ui::leaf::leaf;
use crate::ui::{Absent, Pill, Tone};
use crate::visit::Visit;

/// What names an assignment in a file.
pub(super) const NAMING: &str = "username,person,what";

type Columns = [Offer<AssignmentRow>; 9];

/// The list by when they began.
pub(super) const BY_SINCE: &Columns = &columns(true, false);
/// The list by what ends first, when the search says when.
pub(super) const BY_UNTIL: &Columns = &columns(false, true);
/// The list of one thing or of one kind, by people and things.
pub(super) const BY_OTHERS: &Columns = &columns(false, false);

/// Sorted by when they began, or by when they end, or by neither: storage has one order for each question.
const fn columns(by_since: bool, by_until: bool) -> Columns {
    let mut since = Offer::usual("since_at_utc", "Since", |visit, row: &AssignmentRow| {
        day_view(row.assignment.content.valid_from.day(&zone(visit)))
    });
    let mut until = Offer::usual("until_at_utc", "Last day", |visit, row: &AssignmentRow| {
        let until = row.assignment.content.valid_until;
        until.map_or_else(
            || view! { <Absent /> }.into_any(),
            |until| day_view(until.last_day(&zone(visit))),
        )
    });
    if by_since {
        since = since.sorted("since");
    }
    if by_until {
        until = until.sorted("until");
    }
    [
        Offer::usual("what_name", "Gives", what),
        Offer::usual("state", "State", |visit, row: &AssignmentRow| {
            state_pill(visit, row)
        }),
        Offer::usual("agent", "How", |_, row: &AssignmentRow| {
            row.assignment.content.agent.label().into_any()
        }),
        since,
        until,
        Offer::usual("given_by", "By", by),
        Offer::usual("reason", "Reason", |_, row: &AssignmentRow| {
            text(&row.assignment.content.reason)
        }),
        Offer::extra("kind", "Kind", |_, row: &AssignmentRow| {
            match row.assignment.content.what {
                Grantable::Role(_) => "Role",
                Grantable::Entitlement(_) => "Entitlement",
            }
            .into_any()
        }),
        Offer::extra("username", "Username", |_, row: &AssignmentRow| {
            text(&row.username)
        }),
    ]
}

fn what(visit: &Visit, row: &AssignmentRow) -> AnyView {
    let (list, id) = match row.assignment.content.what {
        Grantable::Role(id) => (routes::ROLES, id.to_string()),
        Grantable::Entitlement(id) => (routes::ENTITLEMENTS, id.to_string()),
    };
    let of = match &row.application {
        Some((_, name)) => name.as_str(),
        None => "Role",
    };
    leaf(html! {
        @if sees_all(visit) { a href={ (list) "/" (id) } { (row.what) } } @else { (row.what) }
        " " span.soft { (of) }
    })
}

/// Where it is in its life at the moment of the visit.
pub(super) fn state_pill(visit: &Visit, row: &AssignmentRow) -> AnyView {
    let content = &row.assignment.content;
    if state_word(content, visit.now) == "scheduled" {
        return view! { <Pill text="Scheduled" /> }.into_any();
    }
    let tone = match content.state {
        AssignmentState::Active => Tone::Good,
        AssignmentState::Suspended => Tone::Warn,
        AssignmentState::Eligible | AssignmentState::Ended => Tone::Plain,
    };
    view! { <Pill text=content.state.label() tone=tone /> }.into_any()
}

/// The rule, the source or the person that gave it.
fn by(visit: &Visit, row: &AssignmentRow) -> AnyView {
    let content = &row.assignment.content;
    let name = giver(row);
    if name.is_empty() {
        return view! { <Absent /> }.into_any();
    }
    let href = match (content.rule, content.source, content.granted_by) {
        (Some(rule), _, _) if sees_all(visit) => format!("{}/{rule}", routes::RULES),
        (None, None, Some(person)) => person_href(visit, person),
        _ => String::new(),
    };
    leaf(html! {
        @if href.is_empty() { (name) } @else { a href=(href) { (name) } }
    })
}

fn text(value: &str) -> AnyView {
    if value.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        value.to_owned().into_any()
    }
}
