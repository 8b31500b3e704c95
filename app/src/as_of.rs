//! The moment that a page shows: read from the address, chosen in a small form, and said in a banner.
//!
//! A moment is typed in the visitor's zone. Links carry it in UTC, so that an address that is passed on shows the same
//! moment to everybody. What cannot be read is said at the field, and the page shows the present. What was valid at a moment
//! is the service's business.

use domain::time::{DAY, Date, Instant, MINUTE, SECOND};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::routes::with_query;
use crate::ui::{Banner, Button, Hidden, Icon, Input, InputKind, described_by};
use crate::visit::Visit;

/// Its name in the address and in the form.
pub const NAME: &str = "as_of";

/// Year 9999: what lies after it fits into no field and into no column.
const LATEST: Instant = Instant::from_micros(253_370_764_800 * SECOND);

/// What the address asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    at: Option<Instant>,
    problem: String,
}

impl Asked {
    /// Reads RFC 3339, a local date with a time of day, or a day, which means its end.
    pub fn read(typed: &str, zone: &TimeZone) -> Self {
        match parse(typed, zone) {
            Ok(at) => Self {
                at,
                problem: String::new(),
            },
            Err(problem) => Self {
                at: None,
                problem: format!("{problem} This page shows the present."),
            },
        }
    }

    /// The moment; none is the present.
    pub const fn at(&self) -> Option<Instant> {
        self.at
    }

    /// The moment as addresses have it; empty for the present.
    pub fn word(&self) -> String {
        self.at.map(word).unwrap_or_default()
    }

    /// The form, and what is shown when it is not the present. `kept` is what else stands in the address of the page.
    pub fn control(&self, visit: &Visit, path: &str, kept: &[(&str, &str)]) -> AnyView {
        let zone = visit.zone();
        let to = |at: Option<Instant>| {
            let word = at.map(word).unwrap_or_default();
            with_query(path, &[kept, &[(NAME, &word)]].concat())
        };
        let hidden = kept.iter().filter(|(_, value)| !value.is_empty());
        let hidden = hidden
            .map(|(name, value)| view! { <Hidden name=*name value=*value /> })
            .collect_view();
        let invalid = !self.problem.is_empty();
        let describing = described_by(NAME, "", &self.problem);
        let error = invalid.then(|| {
            let text = self.problem.clone();
            view! { <p class="error" id="f-as_of-error">{Icon::CircleAlert.view()} <span>{text}</span></p> }
        });
        let value = self.at.map(|at| local(at, &zone)).unwrap_or_default();
        let current = (self.at.is_none() && !invalid).then_some("true");
        let (month, year) = (
            to(Some(days_ago(visit.now))),
            to(Some(year_ago(visit.now, &zone))),
        );
        let banner = self.banner(visit, to(None));
        view! {
            <form method="get" class="as-of" action=path.to_owned() aria-label="The moment to show">
                {hidden}
                <label for="f-as_of">"As of"</label>
                <Input name=NAME kind=InputKind::DateTime value=value invalid=invalid described_by=describing autocomplete="off" />
                <span class="as-of-zone">{place(&zone)}</span>
                <Button label="Show" />
                <span class="as-of-quick">
                    <a href=to(None) aria-current=current>"Now"</a>
                    <a href=month>"30 days ago"</a>
                    <a href=year>"A year ago"</a>
                </span>
                {error}
            </form>
            {banner}
        }
        .into_any()
    }

    fn banner(&self, visit: &Visit, now: String) -> Option<AnyView> {
        let at = self.at?;
        let spoken = spoken(at, &visit.zone());
        let text = if at > visit.now {
            format!(
                "Scheduled for {spoken}. This is what will be valid then, if nothing is changed until then. "
            )
        } else {
            format!("As of {spoken}. This is what was recorded and valid then. ")
        };
        let link = view! { <a href=now>"Back to now"</a> };
        Some(view! { <Banner><p>{text} {link}</p></Banner> }.into_any())
    }
}

/// The moment in a text, none in an empty one; or what is wrong with it.
pub fn parse(typed: &str, zone: &TimeZone) -> Result<Option<Instant>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    match moment(typed, zone) {
        Some(at) if at.micros() >= 0 && at < LATEST => Ok(Some(at)),
        Some(_) => Err("Only moments from 1970 to 9998 can be shown.".to_owned()),
        None => Err(format!(
            "“{typed}” is not a moment. Write it like 2026-03-03T12:00."
        )),
    }
}

/// `3 March 2026, 12:00 Lisbon time`; seconds only where there are some.
pub fn spoken(at: Instant, zone: &TimeZone) -> String {
    let then = at.zoned(zone);
    let form = if then.second() == 0 {
        "%-d %B %Y, %H:%M"
    } else {
        "%-d %B %Y, %H:%M:%S"
    };
    format!("{} {}", then.strftime(form), place(zone))
}

/// `Lisbon time`; a zone without a place by its name.
pub fn place(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some(name) if name.contains('/') => {
            let city = name.rsplit('/').next().unwrap_or(name);
            format!("{} time", city.replace('_', " "))
        }
        Some(name) => name.to_owned(),
        None => "local time".to_owned(),
    }
}

fn moment(typed: &str, zone: &TimeZone) -> Option<Instant> {
    // A plus sign that nobody escaped arrives as a space; a date with a time of day has no other.
    let offset = match typed.split_once('T') {
        Some((_, time)) if time.contains(' ') => typed.replace(' ', "+"),
        _ => typed.to_owned(),
    };
    if let Ok(at) = offset.parse() {
        return Some(at);
    }
    if let Ok(day) = typed.parse::<Date>() {
        return Some(day.end(zone).plus(-1));
    }
    // Without a time of day it would be the beginning of a day that is written in another way.
    let local: DateTime = typed.contains(':').then(|| typed.parse().ok()).flatten()?;
    let at = zone.to_timestamp(local).ok()?;
    Some(Instant::from_micros(at.as_microsecond()))
}

/// As an address has it: to the second where that says it all.
pub fn word(at: Instant) -> String {
    at.to_string().replace(".000000Z", "Z")
}

/// As the field has it.
pub fn local(at: Instant, zone: &TimeZone) -> String {
    let then = at.zoned(zone);
    let form = if then.second() == 0 {
        "%Y-%m-%dT%H:%M"
    } else {
        "%Y-%m-%dT%H:%M:%S"
    };
    then.strftime(form).to_string()
}

fn days_ago(now: Instant) -> Instant {
    whole_minute(now.plus(-30 * DAY))
}

fn year_ago(now: Instant, zone: &TimeZone) -> Instant {
    let then = now.zoned(zone).saturating_sub(jiff::Span::new().years(1));
    whole_minute(Instant::from_micros(then.timestamp().as_microsecond()))
}

/// The minute that a moment is in.
pub fn whole_minute(at: Instant) -> Instant {
    at.plus(-at.micros().rem_euclid(MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lisbon() -> TimeZone {
        TimeZone::get("Europe/Lisbon").expect("bundled zone")
    }

    fn read(typed: &str) -> String {
        Asked::read(typed, &lisbon()).word()
    }

    #[test]
    fn moments_are_read_as_people_and_machines_write_them() {
        assert_eq!(read("2026-07-03T12:00:00Z"), "2026-07-03T12:00:00Z");
        assert_eq!(read("2026-07-03T12:00:00+02:00"), "2026-07-03T10:00:00Z");
        assert_eq!(read("2026-07-03T12:00:00 02:00"), "2026-07-03T10:00:00Z");
        // Summer time in Lisbon.
        assert_eq!(read("2026-07-03T12:00"), "2026-07-03T11:00:00Z");
        assert_eq!(read(" 2026-07-03 12:00:30 "), "2026-07-03T11:00:30Z");
        assert_eq!(read("2026-03-03"), "2026-03-03T23:59:59.999999Z");
    }

    #[test]
    fn what_is_no_moment_is_the_present_and_says_so() {
        for typed in [
            "yesterday",
            "2026-02-30",
            "20260303",
            "12:00",
            "-5000-01-01",
        ] {
            let asked = Asked::read(typed, &lisbon());
            assert_eq!(asked.at(), None, "{typed}");
            assert!(asked.problem.contains(typed), "{}", asked.problem);
        }
        for typed in ["1969-12-31", "9999-06-01", "0001-01-01T00:00:00Z"] {
            let asked = Asked::read(typed, &lisbon());
            assert_eq!(asked.at(), None, "{typed}");
            assert!(
                asked.problem.starts_with("Only moments"),
                "{}",
                asked.problem
            );
        }
        assert_eq!(Asked::read("  ", &lisbon()), Asked::default());
    }

    #[test]
    fn a_moment_survives_its_address_and_its_field() {
        for typed in ["2026-07-03T11:00:00Z", "2026-07-03T11:00:30Z"] {
            let asked = Asked::read(typed, &lisbon());
            let at = asked.at().expect("a moment");
            assert_eq!(Asked::read(&asked.word(), &lisbon()), asked);
            assert_eq!(Asked::read(&local(at, &lisbon()), &lisbon()), asked);
        }
    }

    #[test]
    fn moments_are_said_with_the_place() {
        let at: Instant = "2026-03-03T12:00:00Z".parse().expect("time");
        assert_eq!(spoken(at, &lisbon()), "3 March 2026, 12:00 Lisbon time");
        assert_eq!(spoken(at, &TimeZone::UTC), "3 March 2026, 12:00 UTC");
        let zone = TimeZone::get("America/New_York").expect("bundled zone");
        assert_eq!(
            spoken(at.plus(5 * SECOND), &zone),
            "3 March 2026, 07:00:05 New York time"
        );
    }

    #[test]
    fn a_year_ago_is_the_same_day_of_the_calendar() {
        let now: Instant = "2028-02-29T10:00:30.5Z".parse().expect("time");
        assert_eq!(word(year_ago(now, &lisbon())), "2027-02-28T10:00:00Z");
        assert_eq!(word(days_ago(now)), "2028-01-30T10:00:00Z");
    }
}
