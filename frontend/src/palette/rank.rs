//! What the palette shows for a text, in which order: pure, without the document.
//!
//! Local things come first and do not move when the server's answer arrives, so that Enter opens what was seen.

use crate::{api::Suggestion, finder::Answer, listbox::matches};

const RECENT: usize = 5;
const COMMANDS: usize = 6;

/// A named part of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) items: Vec<Suggestion>,
}

/// The parts that have something in them. Nothing leads twice to the same place.
pub(super) fn sections(
    query: &str,
    commands: &[Suggestion],
    recent: &[Suggestion],
    answer: &Answer,
) -> Vec<Section> {
    let query = query.trim();
    let mut seen = Vec::new();
    let mut fresh = |item: &&Suggestion| {
        let fresh = !seen.contains(&item.href);
        if fresh {
            seen.push(item.href.clone());
        }
        fresh
    };
    let mut section = |title, items: &mut dyn Iterator<Item = &Suggestion>, most| Section {
        title,
        items: items.filter(&mut fresh).take(most).cloned().collect(),
    };

    let recent = section(
        "Recent",
        &mut recent.iter().filter(|item| fits(item, query)),
        RECENT,
    );
    let mut fitting: Vec<_> = commands
        .iter()
        .filter(|item| matches(&item.label, query))
        .collect();
    // Stable, so that commands of the same rank keep the order of the menu.
    fitting.sort_by_key(|item| rank(&item.label, query));
    let most = if query.is_empty() {
        usize::MAX
    } else {
        COMMANDS
    };
    let commands = section("Go to", &mut fitting.into_iter(), most);
    let found = match answer {
        Answer::Found {
            query: asked,
            found,
        } => {
            // An older answer stays until the newer one comes, as far as it still fits the text.
            let current = asked == query;
            section(
                "Found",
                &mut found
                    .items
                    .iter()
                    .filter(|item| current || fits(item, query)),
                usize::MAX,
            )
        }
        Answer::Silent | Answer::Failed => Section {
            title: "Found",
            items: Vec::new(),
        },
    };
    [recent, commands, found]
        .into_iter()
        .filter(|section| !section.items.is_empty())
        .collect()
}

fn fits(item: &Suggestion, query: &str) -> bool {
    matches(
        &format!("{} {} {}", item.label, item.detail, item.id),
        query,
    )
}

fn rank(label: &str, query: &str) -> u8 {
    let (label, query) = (label.to_lowercase(), query.to_lowercase());
    if label == query {
        0
    } else if label.starts_with(&query) {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Suggestions;

    fn item(label: &str, href: &str) -> Suggestion {
        Suggestion {
            id: href.to_owned(),
            label: label.to_owned(),
            href: href.to_owned(),
            ..Suggestion::default()
        }
    }

    fn titles(sections: &[Section]) -> Vec<(&str, Vec<&str>)> {
        sections
            .iter()
            .map(|section| {
                (
                    section.title,
                    section
                        .items
                        .iter()
                        .map(|item| item.label.as_str())
                        .collect(),
                )
            })
            .collect()
    }

    fn found(query: &str, items: Vec<Suggestion>) -> Answer {
        Answer::Found {
            query: query.to_owned(),
            found: Suggestions {
                items,
                total: 9,
                more: false,
            },
        }
    }

    #[test]
    fn an_empty_text_shows_recent_then_all_commands() {
        let commands = [item("People", "/people"), item("Audit", "/audit")];
        let shown = sections("", &commands, &[item("Ana", "/people/1")], &Answer::Silent);
        assert_eq!(
            titles(&shown),
            [("Recent", vec!["Ana"]), ("Go to", vec!["People", "Audit"])]
        );
    }

    #[test]
    fn a_better_match_comes_first() {
        let commands = [
            item("New person", "/people/new"),
            item("Person", "/p"),
            item("Personal settings", "/me"),
        ];
        let shown = sections("person", &commands, &[], &Answer::Silent);
        assert_eq!(
            titles(&shown),
            [("Go to", vec!["Person", "Personal settings", "New person"])]
        );
    }

    #[test]
    fn nothing_is_shown_twice() {
        let shown = sections(
            "an",
            &[],
            &[item("Ana", "/people/1")],
            &found(
                "an",
                vec![item("Ana", "/people/1"), item("Anders", "/people/2")],
            ),
        );
        assert_eq!(
            titles(&shown),
            [("Recent", vec!["Ana"]), ("Found", vec!["Anders"])]
        );
    }

    #[test]
    fn an_older_answer_shows_only_what_still_fits() {
        let answer = found(
            "an",
            vec![item("Ana", "/people/1"), item("Anders", "/people/2")],
        );
        assert_eq!(
            titles(&sections("and", &[], &[], &answer)),
            [("Found", vec!["Anders"])]
        );
        assert!(sections("bo", &[], &[], &answer).is_empty());
    }
}
