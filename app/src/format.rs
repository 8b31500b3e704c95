//! Numbers and times as people read them.

use domain::page::COUNT_CAP;
use domain::time::{DAY, Date, HOUR, Instant, MINUTE};
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::ui::Time;
use crate::visit::Visit;

/// `3 214` with narrow no-break spaces.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A count that stops at 10,000.
pub fn capped(n: u64) -> String {
    if n > COUNT_CAP {
        format!("{}+", number(COUNT_CAP))
    } else {
        number(n)
    }
}

/// `812 B`, `3.4 kB`, `12 MB`: powers of a thousand, two digits where they help.
pub fn bytes(n: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let Some((unit, word)) = units.into_iter().find(|(unit, _)| n >= *unit) else {
        return format!("{n} B");
    };
    let tenths = n / (unit / 10);
    if tenths < 100 {
        format!("{}.{} {word}", tenths / 10, tenths % 10)
    } else {
        format!("{} {word}", number(tenths / 10))
    }
}

/// `every 15 minutes`, `every hour`, `every 2 days`.
pub fn every(minutes: i64) -> String {
    let (n, word) = match minutes {
        m if m % (24 * 60) == 0 => (m / (24 * 60), "day"),
        m if m % 60 == 0 => (m / 60, "hour"),
        m => (m, "minute"),
    };
    if n == 1 {
        format!("every {word}")
    } else {
        format!("every {n} {word}s")
    }
}

/// `22 Nov 2026`.
pub fn day(date: Date) -> String {
    date.civil().strftime("%-d %b %Y").to_string()
}

/// How many days lie between a day and a later one; none when it is not later.
pub fn days_between(first: Date, later: Date) -> u64 {
    let days = later.civil() - first.civil();
    u64::try_from(days.get_days()).unwrap_or(0)
}

/// `22 Nov 2026, 14:03:12 WET`.
pub fn exact(at: Instant, zone: &TimeZone) -> String {
    at.zoned(zone)
        .strftime("%-d %b %Y, %H:%M:%S %Z")
        .to_string()
}

/// `14:03` today, `22 Nov, 14:03` this year, `22 Nov 2025, 14:03` before.
pub fn short(at: Instant, now: Instant, zone: &TimeZone) -> String {
    let (then, today) = (at.zoned(zone), now.zoned(zone));
    if then.date() == today.date() {
        then.strftime("%H:%M").to_string()
    } else if then.year() == today.year() {
        then.strftime("%-d %b, %H:%M").to_string()
    } else {
        then.strftime("%-d %b %Y, %H:%M").to_string()
    }
}

/// `just now`, `5 min ago`, `3 h ago`, `2 d ago`, then the date.
pub fn ago(at: Instant, now: Instant, zone: &TimeZone) -> String {
    match now.since(at) {
        past if past < MINUTE => "just now".to_owned(),
        past if past < HOUR => format!("{} min ago", past / MINUTE),
        past if past < DAY => format!("{} h ago", past / HOUR),
        past if past < 30 * DAY => format!("{} d ago", past / DAY),
        _ => day(at.day(zone)),
    }
}

/// A moment, relative, with the exact time and zone on hover.
pub fn ago_view(at: Instant, visit: &Visit) -> AnyView {
    let zone = visit.zone();
    view! { <Time at=at.to_string() text=ago(at, visit.now, &zone) full=exact(at, &zone) /> }
        .into_any()
}

/// A moment, absolute, with seconds and zone on hover.
pub fn time_view(at: Instant, visit: &Visit) -> AnyView {
    let zone = visit.zone();
    view! { <Time at=at.to_string() text=short(at, visit.now, &zone) full=exact(at, &zone) /> }
        .into_any()
}

/// A calendar day.
pub fn day_view(date: Date) -> AnyView {
    view! { <Time at=date.to_string() text=day(date) /> }.into_any()
}

/// A text as it stands inside an element that holds nothing but text: `title` and `textarea`. As a child it would be
/// followed by the mark with which Leptos ends children, and a browser shows that mark there.
pub fn only_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_group_and_counts_stop() {
        assert_eq!(number(3_214), "3\u{202f}214");
        assert_eq!(number(999), "999");
        assert_eq!(capped(10_001), "10\u{202f}000+");
    }

    #[test]
    fn sizes_and_pauses_read_like_words() {
        assert_eq!(bytes(812), "812 B");
        assert_eq!(bytes(3_449), "3.4 kB");
        assert_eq!(bytes(12_345_678), "12 MB");
        assert_eq!(every(60), "every hour");
        assert_eq!(every(15), "every 15 minutes");
        assert_eq!(every(2 * 24 * 60), "every 2 days");
    }

    #[test]
    fn times_say_what_is_needed() {
        let now: Instant = "2026-11-22T14:03:12Z".parse().expect("time");
        assert_eq!(ago(now.plus(-3 * HOUR), now, &TimeZone::UTC), "3 h ago");
        assert_eq!(
            short(now.plus(-400 * DAY), now, &TimeZone::UTC),
            "18 Oct 2025, 14:03"
        );
        assert_eq!(exact(now, &TimeZone::UTC), "22 Nov 2026, 14:03:12 UTC");
    }
}
