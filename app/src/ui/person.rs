//! A person, and other named things: a small mark, the name, one line of detail. The same everywhere.

use leptos::prelude::*;
use maud::{Markup, html};

use super::leaf::leaf;
use super::{Icon, some};

/// The initials of a name on a disc. Decoration: the name stands beside it.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] large: bool) -> impl IntoView {
    leaf(disc(&name, large))
}

/// An icon on a tile, for things that are not people.
#[component]
pub fn IconTile(icon: Icon, #[prop(optional)] large: bool) -> impl IntoView {
    leaf(tile(icon, large))
}

/// A person in a line of text or a cell: initials, name, detail.
#[component]
pub fn Person(
    #[prop(into)] name: String,
    #[prop(optional, into)] detail: String,
    #[prop(optional, into)] href: String,
) -> impl IntoView {
    leaf(html! {
        span.person {
            (disc(&name, false))
            (named(&name, href, detail, false))
        }
    })
}

/// The initials of a name.
pub(super) fn disc(name: &str, large: bool) -> Markup {
    html! { span.avatar data-size=[large.then_some("large")] aria-hidden="true" { (initials(name)) } }
}

/// An icon in their place.
pub(super) fn tile(icon: Icon, large: bool) -> Markup {
    html! {
        span.avatar data-shape="tile" data-size=[large.then_some("large")] aria-hidden="true" { (icon.markup()) }
    }
}

/// Name over detail; the name is a link when there is somewhere to go.
pub(super) fn named(name: &str, href: String, detail: String, mono: bool) -> Markup {
    html! {
        span.person-words {
            @if let Some(href) = some(href) {
                a.person-name href=(href) dir="auto" title=(name) { (name) }
            } @else {
                span.person-name dir="auto" title=(name) { (name) }
            }
            @if let Some(detail) = some(detail) {
                span.person-detail data-mono=[mono.then_some("")] dir="auto" title=(detail) { (detail) }
            }
        }
    }
}

/// First letters of the first and the last word; names are not parsed beyond that.
fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn first_and_last_word() {
        assert_eq!(initials("Ana Silva"), "AS");
        assert_eq!(initials("Ana Maria da Silva"), "AS");
        assert_eq!(initials("svc-ledger-sync"), "S");
        assert_eq!(initials("(ext) élodie"), "EÉ");
        assert_eq!(initials("  "), "");
    }
}
