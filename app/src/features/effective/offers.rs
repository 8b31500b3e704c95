//! What a person could be given to have what the other one has: boxes where the two stand side by side, and the way on.
//!
//! A role that was given to the other one is offered once, as that role. What is of high risk is not ticked.

use domain::id::{EntitlementId, IdentityId};
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{Compared, Offer, OfferedRole, Offers};

use super::words::{link, linked};
use crate::format::number;
use crate::routes::{self, below};
use crate::ui::leaf::within;
use crate::ui::{Button, ButtonKind, Hidden, Icon};
use crate::visit::Visit;

/// The form that the boxes belong to.
const FORM: &str = "same";

/// A box of something that can be given.
fn pick(id: &str, name: &str, ticked: bool) -> Markup {
    html! {
        label.compare-pick {
            span.unseen { "Give " (name) }
            input type="checkbox" name="what" value=(id) form=(FORM) checked[ticked] autocomplete="off";
        }
    }
}

/// A row with a box, or with room for none.
pub(super) fn row(pick: Option<Markup>, content: &Markup) -> Markup {
    html! {
        li.compare-row[pick.is_some()] {
            @if let Some(pick) = pick { (pick) div.compare-words { (content) } } @else { (content) }
        }
    }
}

/// The box of an entitlement, and what is to be said of it where there is none.
pub(super) fn of_line(
    offers: &Offers,
    id: EntitlementId,
    name: &str,
) -> (Option<Markup>, Option<String>) {
    match offers.entitlements.get(&id) {
        Some(Offer::Itself { high }) => {
            let risk = high.then(|| "High risk: tick it if it is needed.".to_owned());
            (Some(pick(&id.to_string(), name, !high)), risk)
        }
        Some(Offer::With(roles)) => {
            let word = if roles.len() == 1 { "role" } else { "roles" };
            (
                None,
                Some(format!("Offered with the {word} {}.", roles.join(", "))),
            )
        }
        Some(Offer::Not(why)) => (None, Some(format!("Not offered: {why}"))),
        None => (None, None),
    }
}

/// The roles that were given to the other one.
pub(super) fn roles(visit: &Visit, other: &str, offers: &Offers) -> Option<Markup> {
    if offers.roles.is_empty() {
        return None;
    }
    let rows = offers.roles.iter().map(|one| role(visit, other, one));
    Some(html! {
        section.compare-group {
            h3 { "Roles" " " span.card-count { (number(offers.roles.len() as u64)) } }
            ul { @for row in rows { (row) } }
        }
    })
}

fn role(visit: &Visit, other: &str, one: &OfferedRole) -> Markup {
    let OfferedRole {
        role,
        gives,
        brings,
        high,
        refused,
    } = one;
    let name = &role.display_name;
    let href = linked(visit, format!("{}/{}", routes::ROLES, role.id));
    let text = if let Some(why) = refused {
        format!("Not offered: {why}")
    } else {
        let risk = if *high {
            " Of high risk: tick it if it is needed."
        } else {
            ""
        };
        format!(
            "Gives {}; brings {} of what only {other} has.{risk}",
            number(*gives as u64),
            number(*brings as u64)
        )
    };
    let content = html! {
        span.compare-name { (link(name, &href)) }
        span.compare-how dir="auto" { (text) }
    };
    let pick = refused
        .is_none()
        .then(|| pick(&role.id.to_string(), &format!("the role {name}"), !high));
    row(pick, &content)
}

/// The way to what giving the ticked ones would do.
pub(super) fn way_on(found: &Compared) -> Option<Markup> {
    let offers = found.offers.as_ref()?;
    if !offers.any() {
        return None;
    }
    let (id, other): (IdentityId, IdentityId) = (found.one.identity.id, found.other.identity.id);
    let name = &found.one.identity.content.display_name;
    let label = format!("Give the ticked ones to {name}");
    let form = view! {
        <form id=FORM method="get" class="compare-act" action=below(routes::PEOPLE, id, "same")>
            <Hidden name="with" value=other.to_string() />
            <Button label=label kind=ButtonKind::Primary icon=Icon::Plus />
            <p class="soft">"First you see what it would do."</p>
        </form>
    };
    Some(within(form.into_any()))
}
