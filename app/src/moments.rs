//! Two moments between which a page shows what changed: read from the address, and chosen in a small form.
//!
//! They are typed and linked as one moment is (see `as_of`). What cannot be read, or is the wrong way round, is said at the
//! field, and the page shows the last thirty days.

use domain::field::FieldErrors;
use domain::time::{DAY, Instant};
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::as_of::{local, parse, place, spoken, whole_minute, word};
use crate::posted::error;
use crate::routes::with_query;
use crate::ui::{Button, Icon, Input, InputKind, described_by};
use crate::visit::Visit;

/// How far back a page looks when nothing is asked for.
const USUAL: i64 = 30 * DAY;

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    from: Instant,
    to: Option<Instant>,
    problems: FieldErrors,
}

impl Moments {
    /// Reads both; without an end it is the present, without a beginning thirty days before the end.
    pub fn read(from: &str, to: &str, now: Instant, zone: &TimeZone) -> Self {
        let mut problems = FieldErrors::new();
        let mut of = |field, typed| {
            parse(typed, zone).unwrap_or_else(|problem| {
                problems.add(field, format!("{problem} {INSTEAD}"));
                None
            })
        };
        let (from, to) = (of("from", from), of("to", to));
        let end = to.unwrap_or(now);
        let from = from.unwrap_or_else(|| back(end, USUAL));
        if problems.is_empty() && from >= end {
            let problem = "This is not before the other moment. Choose an earlier one.";
            problems.add("from", format!("{problem} {INSTEAD}"));
        }
        if problems.is_empty() {
            return Self { from, to, problems };
        }
        Self {
            from: back(now, USUAL),
            to: None,
            problems,
        }
    }

    /// The earlier one.
    pub const fn from(&self) -> Option<Instant> {
        Some(self.from)
    }

    /// The later one; none is the present.
    pub const fn to(&self) -> Option<Instant> {
        self.to
    }

    /// Both, as addresses have them.
    pub fn words(&self) -> (String, String) {
        (word(self.from), self.to.map(word).unwrap_or_default())
    }

    /// Another page about the same moments.
    pub fn href(&self, path: &str) -> String {
        let (from, to) = self.words();
        with_query(path, &[("from", &from), ("to", &to)])
    }

    /// `between 3 March 2026, 12:00 Lisbon time and now`.
    pub fn spoken(&self, zone: &TimeZone) -> String {
        let to = self.to.map_or("now".to_owned(), |to| spoken(to, zone));
        format!("between {} and {to}", spoken(self.from, zone))
    }

    /// The form.
    pub fn control(&self, visit: &Visit, path: &str) -> AnyView {
        let zone = visit.zone();
        let quick = [("7 days", 7), ("30 days", 30), ("365 days", 365)].map(|(label, days)| {
            let from = back(visit.now, days * DAY);
            let current = (self.problems.is_empty() && self.to.is_none() && self.from == from)
                .then_some("true");
            let href = with_query(path, &[("from", &word(from))]);
            view! { <a href=href aria-current=current>{format!("Last {label}")}</a> }
        });
        let quick = quick.into_iter().collect_view();
        let from = self.field("from", local(self.from, &zone));
        let to = self.field("to", self.to.map(|at| local(at, &zone)).unwrap_or_default());
        let errors = ["from", "to"].map(|name| self.problem(name));
        let errors = errors.into_iter().collect_view();
        let note = format!("{}; without an end it is now", place(&zone));
        view! {
            <form method="get" class="as-of" action=path.to_owned() aria-label="The moments to look at">
                <span class="moment"><label for="f-from">"From"</label> {from}</span>
                <span class="moment"><label for="f-to">"To"</label> {to}</span>
                <span class="as-of-zone">{note}</span>
                <Button label="Show" />
                <span class="as-of-quick">{quick}</span>
                {errors}
            </form>
        }
        .into_any()
    }

    fn field(&self, name: &'static str, value: String) -> AnyView {
        let problem = error(&self.problems, name);
        let describing = described_by(name, "", &problem);
        view! { <Input name=name kind=InputKind::DateTime value=value invalid=!problem.is_empty() described_by=describing autocomplete="off" /> }
            .into_any()
    }

    fn problem(&self, name: &'static str) -> Option<AnyView> {
        let text = self.problems.of(name)?.to_owned();
        let id = format!("f-{name}-error");
        Some(
            view! { <p class="error" id=id>{Icon::CircleAlert.view()} <span>{text}</span></p> }
                .into_any(),
        )
    }
}

/// What is shown when something is wrong.
const INSTEAD: &str = "This page shows the last 30 days.";

fn back(from: Instant, micros: i64) -> Instant {
    whole_minute(from.plus(-micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: &str, to: &str) -> Moments {
        let now = "2026-07-31T12:00:30Z".parse().expect("a moment");
        let zone = TimeZone::get("Europe/Lisbon").expect("bundled zone");
        Moments::read(from, to, now, &zone)
    }

    #[test]
    fn without_moments_it_is_the_last_thirty_days() {
        let moments = read("", " ");
        assert_eq!(
            moments.words(),
            ("2026-07-01T12:00:00Z".to_owned(), String::new())
        );
        assert!(moments.problems.is_empty());
        assert_eq!(
            moments.href("/changes"),
            "/changes?from=2026-07-01T12%3A00%3A00Z"
        );
        // Before the moment that is asked for, not before now.
        let (from, _) = read("", "2026-03-31T12:00").words();
        assert_eq!(from, "2026-03-01T11:00:00Z");
    }

    #[test]
    fn both_moments_are_said() {
        let moments = read("2026-03-03T12:00", "2026-07-03T12:00");
        let zone = TimeZone::get("Europe/Lisbon").expect("bundled zone");
        assert_eq!(
            moments.spoken(&zone),
            "between 3 March 2026, 12:00 Lisbon time and 3 July 2026, 12:00 Lisbon time"
        );
        assert!(
            read("2026-03-03T12:00", "")
                .spoken(&zone)
                .ends_with(" and now")
        );
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_and_the_usual_is_shown() {
        for (from, to, field, said) in [
            ("yesterday", "", "from", "“yesterday” is not a moment"),
            ("", "12:00", "to", "“12:00” is not a moment"),
            ("2026-08-01", "", "from", "not before the other moment"),
            (
                "2026-03-03",
                "2026-03-03",
                "from",
                "not before the other moment",
            ),
            ("9999-06-01", "", "from", "Only moments from 1970"),
        ] {
            let moments = read(from, to);
            let problem = moments.problems.of(field).expect("a problem");
            assert!(
                problem.contains(said) && problem.ends_with(INSTEAD),
                "{problem}"
            );
            assert_eq!(moments.words(), read("", "").words(), "{from} {to}");
        }
    }
}
