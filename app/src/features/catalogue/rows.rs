//! A thing of the catalogue as a row: what it lets somebody do, who must agree, and the button that puts it into the cart.

use domain::id::IdentityId;
use maud::{Markup, html};
use service::requests::{Offered, Standing};

use super::words::{for_person, standing, way};
use crate::routes;
use crate::ui::Icon;
use crate::visit::Visit;

/// For whom rows are, and where their buttons lead back to.
pub(super) struct Around<'a> {
    pub(super) visit: &'a Visit,
    /// For whom; nobody is oneself.
    pub(super) person: Option<IdentityId>,
    pub(super) back: &'a str,
}

/// The address of one thing.
pub(super) fn href(one: &Offered, person: Option<IdentityId>) -> String {
    let path = format!("{}/{}", routes::CATALOGUE, one.what.object());
    for_person(&path, person, &[])
}

/// A list of things; `notes` says something more about each.
pub(super) fn offers(around: &Around<'_>, all: &[Offered], notes: &[String]) -> Markup {
    html! {
        ul.offers {
            @for (at, one) in all.iter().enumerate() {
                (offer(around, one, notes.get(at).map_or("", String::as_str)))
            }
        }
    }
}

fn offer(around: &Around<'_>, one: &Offered, note: &str) -> Markup {
    let state = standing(around.visit, one, around.person.is_none());
    let high = one
        .risk
        .filter(|risk| *risk >= domain::lifecycle::Level::High);
    html! {
        li.offer {
            div.offer-words {
                h3 {
                    a href=(href(one, around.person)) dir="auto" { (one.name) }
                    @if one.what.role().is_some() { span.pill { "Bundle" } }
                    @if let Some(risk) = high { span.pill data-tone="warn" { (risk.label()) " risk" } }
                }
                @if !one.description.is_empty() { p.offer-does dir="auto" { (one.description) } }
                p.offer-facts {
                    @if let Some((_, application)) = &one.application { span { bdi { (application) } } }
                    @if one.contains > 0 { span { "gives " (super::super::me::things(one.contains)) } }
                    @if let Some(owner) = &one.owner { span { "owner " bdi { (owner.name) } } }
                    span { (way(one)) }
                }
                @if !note.is_empty() { p.offer-note { (Icon::Users.markup()) (note) } }
                @if let Some(state) = state { p { (state) } }
            }
            @if one.standing == Standing::Open { (add(around, one)) }
        }
    }
}

/// The button that puts it into the cart.
pub(super) fn add(around: &Around<'_>, one: &Offered) -> Markup {
    let person = around.person.map(|id| id.to_string()).unwrap_or_default();
    html! {
        form.offer-add method="post" action=(routes::CART) {
            input type="hidden" name="for" value=(person);
            input type="hidden" name="back" value=(around.back);
            button.btn type="submit" name="add" value=(one.what.object()) {
                (Icon::Plus.markup())
                span.btn-label { "Add" span.unseen { " " (one.name) " to the cart" } }
            }
        }
    }
}
