//! What of a person's access is shown: by how they have it, by words of a name, and at most so many lines a page. All of it
//! stands in the address. A person's access is in memory as a whole, so nothing here asks the database.

use domain::text::fold;
use leptos::prelude::*;
use maud::html;
use serde::Deserialize;
use service::effective::{How, Line};

use crate::as_of::{self, Asked};
use crate::format::number;
use crate::routes::with_query;
use crate::ui::leaf::leaf;
use crate::ui::{Pager, SearchInput, Toolbar};

/// Lines on one page.
const PAGE: usize = 200;

/// The address of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Narrow {
    pub(super) as_of: String,
    pub(super) how: String,
    pub(super) q: String,
    pub(super) page: String,
}

/// The lines of a page, and how many there are around them.
#[derive(Debug)]
pub(super) struct Narrowed<'a> {
    /// All that match, on this page and on others.
    pub(super) all: Vec<&'a Line>,
    /// Where this page begins among them.
    pub(super) start: usize,
    /// How many lines match the words, by how.
    counts: Vec<(How, usize)>,
    /// How many lines match the words.
    any: usize,
}

impl Narrow {
    /// How, when the address asks for one.
    pub(super) fn how(&self) -> Option<How> {
        How::from_word(&self.how)
    }

    /// Whether everything is shown.
    pub(super) fn is_open(&self) -> bool {
        self.how().is_none() && self.q.trim().is_empty()
    }

    /// The lines that are asked for.
    pub(super) fn of<'a>(&self, lines: &'a [Line]) -> Narrowed<'a> {
        let folded = fold(&self.q);
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let matching = lines
            .iter()
            .filter(|line| line.entitlement.has_words(&words));
        let mut all: Vec<&Line> = matching.collect();
        let counts = How::ALL.iter().map(|how| {
            let lines = all.iter().filter(|line| comes(line, *how));
            (*how, lines.count())
        });
        let (counts, any) = (counts.collect(), all.len());
        if let Some(how) = self.how() {
            all.retain(|line| comes(line, how));
        }
        let page = self.page.parse::<usize>().unwrap_or(1).max(1);
        let last = all.len().saturating_sub(1) / PAGE;
        Narrowed {
            start: (page - 1).min(last) * PAGE,
            all,
            counts,
            any,
        }
    }

    /// The page with some things changed, from its first page of lines.
    pub(super) fn url(&self, path: &str, asked: &Asked, changes: &[(&str, &str)]) -> String {
        let as_of = asked.word();
        let own = [
            (as_of::NAME, as_of.as_str()),
            ("how", self.how().map_or("", How::word)),
            ("q", self.q.trim()),
        ];
        let kept = own
            .into_iter()
            .filter(|(key, _)| !changes.iter().any(|(changed, _)| changed == key));
        let parts: Vec<_> = kept.chain(changes.iter().copied()).collect();
        with_query(path, &parts)
    }

    /// The search and the ways to choose from.
    pub(super) fn top(&self, path: &str, asked: &Asked, found: &Narrowed<'_>) -> AnyView {
        let chosen = self.how().map_or("", How::word);
        let hidden = [(as_of::NAME, asked.word()), ("how", chosen.to_owned())]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        let choice = |word: &str, label: &str, count: usize| {
            let current = (word == chosen).then_some("true");
            html! {
                li { a.chip href=(self.url(path, asked, &[("how", word)])) aria-current=[current] {
                    (label) " " span.chip-key { (number(count as u64)) }
                } }
            }
        };
        // What is chosen stays there, so that it can be seen and left.
        let there = found.counts.iter();
        let there = there.filter(|(how, count)| *count > 0 || how.word() == chosen);
        let choices = leaf(html! {
            ul.chips.ways aria-label="How they have it" {
                (choice("", "All", found.any))
                @for (how, count) in there { (choice(how.word(), how.label(), *count)) }
            }
        });
        let typed = self.q.trim().to_owned();
        view! {
            <Toolbar action=path.to_owned() hidden=hidden filters=choices>
                <SearchInput label="Search access" value=typed placeholder="Words of a name" />
            </Toolbar>
        }
        .into_any()
    }

    /// The foot of the table, when there is more than one page.
    pub(super) fn pager(&self, path: &str, asked: &Asked, found: &Narrowed<'_>) -> Option<AnyView> {
        let (total, start) = (found.all.len(), found.start);
        if total <= PAGE {
            return None;
        }
        let to = |page: usize| {
            let page = if page > 1 {
                page.to_string()
            } else {
                String::new()
            };
            self.url(path, asked, &[("page", &page)])
        };
        let page = start / PAGE + 1;
        let end = (start + PAGE).min(total);
        let range = format!(
            "{}–{} of {}",
            number(start as u64 + 1),
            number(end as u64),
            number(total as u64)
        );
        let previous = if page > 1 {
            to(page - 1)
        } else {
            String::new()
        };
        let next = if end < total {
            to(page + 1)
        } else {
            String::new()
        };
        let first = if page > 1 { to(1) } else { String::new() };
        Some(view! { <Pager range=range previous=previous next=next first=first /> }.into_any())
    }
}

impl<'a> Narrowed<'a> {
    /// The lines of this page.
    pub(super) fn shown(&self) -> &[&'a Line] {
        let end = (self.start + PAGE).min(self.all.len());
        &self.all[self.start.min(end)..end]
    }
}

fn comes(line: &Line, how: How) -> bool {
    line.line.ways.iter().any(|way| way.how == how)
}

#[cfg(test)]
mod tests {
    use domain::assignment::Agent;
    use domain::id::{ApplicationId, EntitlementId};
    use domain::time::Instant;
    use service::effective::{AccessLine, NamedEntitlement, Reason, Way};

    use super::*;

    fn line(number: i64, name: &str, hows: &[How]) -> Line {
        let way = |how: &How| Way {
            how: *how,
            reason: Reason {
                assignment: None,
                agent: Agent::Admin,
                reason: String::new(),
                granted_by: None,
                request: None,
                rule: None,
                source: None,
                from: Instant::from_micros(0),
                until: None,
            },
            roles: Vec::new(),
            since: Instant::from_micros(0),
            until: None,
        };
        Line {
            line: AccessLine {
                ways: hows.iter().map(way).collect(),
                since: None,
                until: None,
                last_used: None,
                seen: false,
            },
            peers: None,
            entitlement: NamedEntitlement {
                id: EntitlementId::from_raw(number),
                name: format!("technical.{number}"),
                display_name: name.to_owned(),
                description: String::new(),
                risk: None,
                application: ApplicationId::from_raw(1),
                application_name: "ledger".to_owned(),
                application_display: "Ledger".to_owned(),
            },
        }
    }

    #[test]
    fn lines_are_found_by_words_of_their_names_and_by_any_of_their_ways() {
        let lines = [
            line(1, "Écrire des factures", &[How::Direct, How::Rule]),
            line(2, "Read invoices", &[How::Role]),
        ];
        let of = |how: &str, q: &str| {
            let narrow = Narrow {
                how: how.to_owned(),
                q: q.to_owned(),
                ..Narrow::default()
            };
            let found = narrow.of(&lines);
            let ids = found.all.iter().map(|line| line.entitlement.id.raw());
            ids.collect::<Vec<_>>()
        };
        assert_eq!(of("", ""), [1, 2]);
        assert_eq!(of("", "ecrire LEDGER"), [1]);
        assert_eq!(of("", "technical.2"), [2]);
        assert_eq!(of("rule", ""), [1]);
        assert_eq!(of("rule", "read"), [0_i64; 0]);
        assert_eq!(of("nonsense", ""), [1, 2]);
    }

    #[test]
    fn a_page_after_the_last_is_the_last() {
        let lines: Vec<Line> = (0..201)
            .map(|number| line(number, "Read", &[How::Role]))
            .collect();
        let on = |page: &str| {
            let narrow = Narrow {
                page: page.to_owned(),
                ..Narrow::default()
            };
            narrow.of(&lines).shown().len()
        };
        assert_eq!((on(""), on("1"), on("2"), on("9")), (200, 200, 1, 1));
        assert_eq!((on("0"), on("-1"), on("x")), (200, 200, 200));
        assert!(Narrow::default().of(&[]).shown().is_empty());
    }

    #[test]
    fn a_change_of_the_address_begins_with_the_first_page_and_keeps_the_moment() {
        let narrow = Narrow {
            how: "role".to_owned(),
            q: "read it".to_owned(),
            page: "3".to_owned(),
            ..Narrow::default()
        };
        let asked = Asked::read("2026-03-03T12:00:00Z", &jiff::tz::TimeZone::UTC);
        assert_eq!(
            narrow.url("/a", &asked, &[("how", "")]),
            "/a?as_of=2026-03-03T12%3A00%3A00Z&q=read+it"
        );
        assert_eq!(Narrow::default().url("/a", &Asked::default(), &[]), "/a");
    }
}
