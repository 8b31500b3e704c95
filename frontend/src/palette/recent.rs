//! What this person opened last from the palette, kept in this browser.
//!
//! A refusing or broken storage is an empty one. Entries of another person are dropped, not shown.

use serde::{Deserialize, Serialize};

use crate::{api::Suggestion, dom};

const KEY: &str = "bailiwick.recent";
const MOST: usize = 8;

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Visits {
    person: String,
    items: Vec<Suggestion>,
}

/// The last places of this person, newest first.
pub(super) fn load(person: &str) -> Vec<Suggestion> {
    let text = dom::local_storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    read(&text.unwrap_or_default(), person)
}

/// Puts a place on top.
pub(super) fn add(person: &str, item: &Suggestion) {
    let visits = Visits {
        person: person.to_owned(),
        items: with(load(person), item.clone()),
    };
    if let (Some(storage), Ok(text)) = (dom::local_storage(), serde_json::to_string(&visits)) {
        storage.set_item(KEY, &text).ok();
    }
}

/// Removes everything: the next person at this computer is another one.
pub(super) fn forget() {
    if let Some(storage) = dom::local_storage() {
        storage.remove_item(KEY).ok();
    }
}

fn read(text: &str, person: &str) -> Vec<Suggestion> {
    let visits = serde_json::from_str::<Visits>(text).unwrap_or_default();
    if visits.person != person {
        return Vec::new();
    }
    // The storage is not ours alone: only paths of this site are followed.
    visits
        .items
        .into_iter()
        .filter(|item| item.href.starts_with('/') && !item.href.starts_with("//"))
        .take(MOST)
        .collect()
}

fn with(mut items: Vec<Suggestion>, item: Suggestion) -> Vec<Suggestion> {
    items.retain(|other| other.href != item.href);
    items.insert(0, item);
    items.truncate(MOST);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(href: &str) -> Suggestion {
        Suggestion {
            href: href.to_owned(),
            ..Suggestion::default()
        }
    }

    #[test]
    fn the_newest_is_first_and_only_once() {
        let items = with(vec![item("/a"), item("/b")], item("/b"));
        assert_eq!(items, [item("/b"), item("/a")]);
    }

    #[test]
    fn only_the_last_few_are_kept() {
        let many = (0..20).fold(Vec::new(), |items, at| with(items, item(&format!("/{at}"))));
        assert_eq!(many.len(), MOST);
        assert_eq!(many[0].href, "/19");
    }

    #[test]
    fn what_is_broken_foreign_or_another_persons_is_not_shown() {
        let text = |person: &str, href: &str| {
            serde_json::to_string(&Visits {
                person: person.to_owned(),
                items: vec![item(href)],
            })
            .unwrap_or_default()
        };
        assert_eq!(read(&text("idn_1", "/people"), "idn_1"), [item("/people")]);
        assert!(read(&text("idn_1", "/people"), "idn_2").is_empty());
        assert!(read(&text("idn_1", "javascript:alert(1)"), "idn_1").is_empty());
        assert!(read(&text("idn_1", "//elsewhere.example"), "idn_1").is_empty());
        assert!(read("{", "idn_1").is_empty());
    }
}
