//! A person, and other named things: a small mark, the name, one line of detail. The same everywhere.

use leptos::prelude::*;

use super::{Icon, some};

/// The initials of a name on a disc. Decoration: the name stands beside it.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] large: bool) -> impl IntoView {
    view! {
        <span class="avatar" data-size=large.then_some("large") aria-hidden="true">
            {initials(&name)}
        </span>
    }
    .into_any()
}

/// An icon on a tile, for things that are not people.
#[component]
pub fn IconTile(icon: Icon, #[prop(optional)] large: bool) -> impl IntoView {
    view! {
        <span class="avatar" data-shape="tile" data-size=large.then_some("large") aria-hidden="true">
            {icon.view()}
        </span>
    }
    .into_any()
}

/// A person in a line of text or a cell: initials, name, detail.
#[component]
pub fn Person(
    #[prop(into)] name: String,
    #[prop(optional, into)] detail: String,
    #[prop(optional, into)] href: String,
) -> impl IntoView {
    let words = named(name.clone(), href, detail, false);
    view! { <span class="person"><Avatar name=name /> {words}</span> }.into_any()
}

/// Name over detail; the name is a link when there is somewhere to go.
pub(super) fn named(name: String, href: String, detail: String, mono: bool) -> AnyView {
    let detail = some(detail).map(|detail| {
        view! { <span class="person-detail" data-mono=mono.then_some("") dir="auto" title=detail.clone()>{detail.clone()}</span> }
    });
    let title = name.clone();
    let name = match some(href) {
        Some(href) => {
            view! { <a class="person-name" href=href dir="auto" title=title>{name}</a> }.into_any()
        }
        None => view! { <span class="person-name" dir="auto" title=title>{name}</span> }.into_any(),
    };
    view! { <span class="person-words">{name} {detail}</span> }.into_any()
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
