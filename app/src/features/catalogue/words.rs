//! What a row says about itself: who must agree, how long it usually takes, and how one stands to it.

use domain::id::IdentityId;
use maud::{Markup, html};
use service::requests::{Offered, Standing};

use crate::features::me::{last_day, lasting};
use crate::routes::{self, with_query};
use crate::ui::Icon;
use crate::visit::Visit;

/// `manager → owner, usually 4 h`.
pub(super) fn way(one: &Offered) -> String {
    let usual = one.usual.map(lasting);
    let usual = usual.map_or_else(String::new, |usual| format!(", usually {usual}"));
    let automatic = if one.automatic {
        "; some requests are approved at once"
    } else {
        ""
    };
    format!("{}{usual}{automatic}", one.steps)
}

/// How the person stands to it; nothing when it can simply be asked for.
pub(super) fn standing(visit: &Visit, one: &Offered, oneself: bool) -> Option<Markup> {
    let who = if oneself {
        "You have it"
    } else {
        "They have it"
    };
    Some(match &one.standing {
        Standing::Open => return None,
        Standing::InCart => {
            html! { a.offer-state data-tone="good" href=(routes::CART) { (Icon::ShoppingCart.markup()) "In your cart" } }
        }
        Standing::Has(end) => html! {
            span.offer-state data-tone="good" {
                (Icon::CircleCheck.markup())
                (who) @if let Some(end) = end { " until " (last_day(*end, visit)) }
            }
        },
        Standing::Eligible => html! {
            span.offer-state data-tone="good" {
                (Icon::CircleCheck.markup())
                @if oneself { a href=(routes::ME) { "You can activate it" } } @else { "They can activate it" }
            }
        },
        Standing::Waiting { request, people } => html! {
            span.offer-state {
                (Icon::Clock.markup())
                span {
                    a href=(format!("{}/{request}", routes::REQUESTS)) { "Asked for" }
                    @if let Some(first) = people.first() {
                        ", waits for " bdi { (first.name) }
                        @if people.len() > 1 { " and " (people.len() - 1) " more" }
                    }
                }
            }
        },
        Standing::Excluded(reason) => html! {
            span.offer-state data-tone="bad" { (Icon::Ban.markup()) span { "Excluded: " bdi { (reason) } } }
        },
    })
}

/// A page of the catalogue for a person; nobody is oneself.
pub(super) fn for_person(path: &str, person: Option<IdentityId>, parts: &[(&str, &str)]) -> String {
    let person = person.map(|id| id.to_string()).unwrap_or_default();
    let mut all = vec![("for", person.as_str())];
    all.extend_from_slice(parts);
    with_query(path, &all)
}
