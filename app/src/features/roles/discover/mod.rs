//! Roles found in what people have: asking for a search, what it proposes, and making drafts of it.

mod origin;
mod proposal;
mod role;
mod rows;
mod several;
mod start;

pub(super) use origin::{banner, fact};

use domain::discovered::DiscoveryState;
use domain::id::DiscoveryId;
use leptos::prelude::*;
use service::roles::Discovery;

use crate::access::may_manage;
use crate::format::number;
use crate::pages::Pages;
use crate::routes;
use crate::ui::{Button, Icon, Pill, Tone};
use crate::visit::Visit;

/// The pages of searches.
pub(super) fn pages(pages: Pages) -> Pages {
    pages
        .get(routes::ROLES_DISCOVER, start::page)
        .post(routes::ROLES_DISCOVER, start::send)
        .get("/roles/discover/{id}", proposal::page)
        .get("/roles/discover/{id}/create", several::page)
        .post("/roles/discover/{id}/create", several::create)
        .get("/roles/discover/{id}/{number}", role::page)
        .post("/roles/discover/{id}/{number}", role::create)
}

/// The way here from the list of roles, for whoever may make roles.
pub(super) fn button(visit: &Visit) -> Option<AnyView> {
    may_manage(visit).then(|| {
        view! { <Button label=PLACE href=routes::ROLES_DISCOVER icon=Icon::Search /> }.into_any()
    })
}

/// What the pages of searches are called.
const PLACE: &str = "Find roles in present access";

/// The page of a search.
fn path(id: DiscoveryId) -> String {
    format!("{}/{id}", routes::ROLES_DISCOVER)
}

/// The page of a role that it proposes.
fn one(id: DiscoveryId, number: i64) -> String {
    format!("{}/{id}/{number}", routes::ROLES_DISCOVER)
}

/// `Roles in the access of everybody`.
fn title(discovery: &Discovery) -> String {
    format!("Roles in {}", service::roles::about(discovery))
}

/// How far it came.
fn state_pill(state: DiscoveryState) -> AnyView {
    let tone = match state {
        DiscoveryState::Found => Tone::Good,
        DiscoveryState::Failed => Tone::Bad,
        DiscoveryState::Searching | DiscoveryState::Cancelled => Tone::Plain,
    };
    view! { <Pill text=state.label() tone=tone /> }.into_any()
}

/// `81 %`, with tenths where there is little: `0.4 %`. Never rounded up to all or down to nothing.
fn share(part: u64, whole: u64) -> String {
    let tenths = (u128::from(part) * 1_000)
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    match tenths {
        0 if part > 0 => "< 0.1 %".to_owned(),
        tenths if tenths < 100 => format!("{}.{} %", tenths / 10, tenths % 10),
        tenths => format!("{} %", tenths / 10),
    }
}

/// `1 person`, `3 477 people`.
fn people(n: u64) -> String {
    if n == 1 {
        "1 person".to_owned()
    } else {
        format!("{} people", number(n))
    }
}

/// `1 role`, `178 roles`; for any word with a plural in s.
fn several_of(n: u64, word: &str) -> String {
    if n == 1 {
        format!("1 {word}")
    } else {
        format!("{} {word}s", number(n))
    }
}

#[cfg(test)]
mod tests {
    use super::{people, several_of, share};

    #[test]
    fn shares_say_no_more_than_there_is() {
        for (part, whole, text) in [
            (0, 10, "0.0 %"),
            (1, 100_000, "< 0.1 %"),
            (4, 1_000, "0.4 %"),
            (81, 100, "81 %"),
            (9_999, 10_000, "99 %"),
            (10, 10, "100 %"),
            (0, 0, "0.0 %"),
        ] {
            assert_eq!(share(part, whole), text);
        }
    }

    #[test]
    fn one_is_one() {
        assert_eq!(
            (people(1), people(2)),
            ("1 person".to_owned(), "2 people".to_owned())
        );
        assert_eq!(several_of(1, "role"), "1 role");
    }
}
