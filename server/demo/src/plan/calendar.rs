//! Days and office hours of the history. A day is a number: 0 is the Monday it begins on.

use domain::time::{DAY, Date, Instant, MINUTE};
use jiff::tz::TimeZone;

/// How long the history is.
const YEARS_IN_DAYS: i32 = 730;

/// The calendar between the first day and yesterday.
#[derive(Debug)]
pub(crate) struct Calendar {
    zone: TimeZone,
    first: Date,
    /// Number of the present day.
    pub(crate) today: i32,
    /// The last day in the office that is over.
    pub(crate) last: i32,
}

impl Calendar {
    /// Two years up to `now`.
    pub(crate) fn until(now: Instant, zone: TimeZone) -> Self {
        let present = now.day(&zone);
        let mut first = present.plus_days(-YEARS_IN_DAYS);
        while first.civil().weekday() != jiff::civil::Weekday::Monday {
            first = first.plus_days(1);
        }
        let length = present.start(&zone).since(first.start(&zone)) + DAY / 2;
        let today = i32::try_from(length / DAY).unwrap_or(YEARS_IN_DAYS);
        Self {
            zone,
            first,
            today,
            last: workday(today - 1),
        }
    }

    /// The date of a day.
    pub(crate) fn date(&self, day: i32) -> Date {
        self.first.plus_days(day)
    }

    /// A moment: so many minutes after midnight.
    pub(crate) fn at(&self, day: i32, minute: i32) -> Instant {
        self.date(day)
            .start(&self.zone)
            .plus(i64::from(minute) * MINUTE)
    }
}

/// The same day, or the Friday before when it is a weekend.
pub(crate) const fn workday(day: i32) -> i32 {
    match day.rem_euclid(7) {
        5 => day - 1,
        6 => day - 2,
        _ => day,
    }
}

/// A pen that moves through office hours, a few minutes from act to act.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub(crate) day: i32,
    pub(crate) minute: i32,
}

impl Pen {
    const OPENS: i32 = 8 * 60 + 40;
    const CLOSES: i32 = 17 * 60 + 20;

    /// Moves on; after hours to the next morning in the office.
    pub(crate) const fn advance(&mut self, minutes: i32) {
        self.minute += minutes;
        if self.minute > Self::CLOSES {
            self.day += 1;
            self.minute = Self::OPENS;
        }
        while self.day.rem_euclid(7) > 4 {
            self.day += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_begins_on_a_monday_and_ends_before_today() {
        let zone = TimeZone::get("Europe/Lisbon").expect("bundled zone");
        for day in 0..40 {
            let now: Instant = "2026-03-10T00:00:30Z".parse().expect("instant");
            let now = now.plus(day * DAY);
            let calendar = Calendar::until(now, zone.clone());
            assert_eq!(
                calendar.date(0).civil().weekday(),
                jiff::civil::Weekday::Monday
            );
            assert_eq!(calendar.date(calendar.today), now.day(&zone));
            assert!(calendar.at(calendar.last, 24 * 60) <= now);
            assert!((720..=730).contains(&calendar.today));
            assert!(workday(calendar.last) == calendar.last && calendar.today - calendar.last <= 3);
        }
    }
}
