//! Cells as values: days, moments, words. What is wrong is a sentence that says what to do.

use domain::field::FieldErrors;
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;

/// What is wrong with cells of one row: column and sentence.
pub(crate) type Wrong = Vec<(String, String)>;

/// What a draft finds wrong, where its fields are called like the columns.
pub(crate) fn wrong(errors: &FieldErrors) -> Wrong {
    errors
        .iter()
        .map(|error| (error.field.to_owned(), error.message.clone()))
        .collect()
}

/// A day: a date, or the UTC day of an RFC 3339 time. Empty is none.
pub(crate) fn day(column: &str, cell: &str, wrong: &mut Wrong) -> Option<Date> {
    if cell.is_empty() {
        return None;
    }
    let day = match cell.parse::<Date>() {
        Ok(day) => Some(day),
        Err(_) => cell
            .parse::<Instant>()
            .ok()
            .map(|at| at.day(&TimeZone::UTC)),
    };
    let day = day.filter(|day| counts(*day));
    if day.is_none() {
        wrong.push((column.to_owned(), no_time(cell)));
    }
    day
}

/// A moment: an RFC 3339 time, or the beginning of a day in the organisation's zone. Empty is none.
pub(crate) fn beginning(
    column: &str,
    cell: &str,
    zone: &TimeZone,
    wrong: &mut Wrong,
) -> Option<Instant> {
    if cell.is_empty() {
        return None;
    }
    let at = moment(cell, |day| day.start(zone)).filter(|at| at.micros() > i64::MIN);
    if at.is_none() {
        wrong.push((column.to_owned(), no_time(cell)));
    }
    at
}

/// A moment: an RFC 3339 time, or the end of a day in the organisation's zone. Empty is none, and so is an end with which
/// the calendar itself ends: many systems write 9999-12-31 when they mean that there is none.
pub(crate) fn end(column: &str, cell: &str, zone: &TimeZone, wrong: &mut Wrong) -> Option<Instant> {
    let day = cell.get(..10).unwrap_or_default();
    if cell.is_empty() || matches!(day, "9999-12-30" | "9999-12-31") {
        return None;
    }
    let at = moment(cell, |day| day.end(zone));
    if at.is_none() {
        wrong.push((column.to_owned(), no_time(cell)));
    }
    at.filter(|at| at.micros() < i64::MAX)
}

fn moment(cell: &str, of_day: impl Fn(Date) -> Instant) -> Option<Instant> {
    match cell.parse::<Date>() {
        Ok(day) => Some(day).filter(|day| counts(*day)).map(of_day),
        Err(_) => cell
            .parse::<Instant>()
            .ok()
            .filter(|at| counts(at.day(&TimeZone::UTC))),
    }
}

/// Whether a day is in a year that RFC 3339 can write and both databases can keep.
fn counts(day: Date) -> bool {
    day.civil().year() >= 1
}

fn no_time(cell: &str) -> String {
    format!(
        "“{}” is no day of the calendar. Write it as year-month-day, like 2026-11-30, or as an RFC 3339 time.",
        shown(cell)
    )
}

/// A word in any case, without the difference between spaces, dashes and underscores. Empty is `otherwise`.
pub(crate) fn word<T>(
    column: &str,
    cell: &str,
    otherwise: T,
    from: impl Fn(&str) -> Option<T>,
    words: &str,
    wrong: &mut Wrong,
) -> T {
    if cell.is_empty() {
        return otherwise;
    }
    let plain = cell.to_lowercase().replace([' ', '-'], "_");
    from(&plain).unwrap_or_else(|| {
        wrong.push((
            column.to_owned(),
            format!("“{}” is not known here. Use {words}.", shown(cell)),
        ));
        otherwise
    })
}

/// A value as a sentence shows it.
pub(crate) fn shown(cell: &str) -> String {
    const MOST: usize = 60;
    if cell.chars().count() <= MOST {
        return cell.to_owned();
    }
    let mut short: String = cell.chars().take(MOST).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_said_so() {
        for cell in [
            "2026-02-30",
            "2026-13-01",
            "30.11.2026",
            "tomorrow",
            "2026-11-22T25:00:00Z",
            "0000-01-01",
            "-000001-01-01",
            "-000001-01-01T00:00:00Z",
        ] {
            let mut wrong = Wrong::new();
            assert_eq!(day("end_date", cell, &mut wrong), None);
            assert!(wrong[0].1.contains(cell), "{wrong:?}");
        }
        let mut wrong = Wrong::new();
        assert_eq!(
            day("x", "2026-11-22T23:30:00-02:00", &mut wrong).map(|day| day.to_string()),
            Some("2026-11-23".to_owned())
        );
        assert_eq!(day("x", "", &mut wrong), None);
        assert!(wrong.is_empty());
    }

    #[test]
    fn an_end_with_the_calendar_is_none_and_a_beginning_there_is_wrong() {
        for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Niue"] {
            let zone = TimeZone::get(zone).expect("a zone");
            let mut wrong = Wrong::new();
            for cell in ["9999-12-30", "9999-12-31", "9999-12-31T23:59:59Z"] {
                assert_eq!(end("x", cell, &zone, &mut wrong), None);
            }
            assert!(end("x", "9999-12-29", &zone, &mut wrong).is_some());
            assert!(beginning("x", "0001-01-01", &zone, &mut wrong).is_some());
            assert_eq!(wrong, []);
            assert_eq!(beginning("x", "0000-12-31", &zone, &mut wrong), None);
            assert_eq!(end("x", "0000-12-31", &zone, &mut wrong), None);
            assert_eq!(wrong.len(), 2);
        }
    }

    #[test]
    fn a_validity_ends_with_its_day_in_the_organisation() {
        let zone = TimeZone::get("Europe/Lisbon").expect("a zone");
        let mut wrong = Wrong::new();
        let from = beginning("x", "2026-07-01", &zone, &mut wrong).expect("a moment");
        let until = end("x", "2026-07-01", &zone, &mut wrong).expect("a moment");
        assert_eq!(until.since(from), domain::time::DAY);
        assert_eq!(from.to_string(), "2026-06-30T23:00:00.000000Z");
    }
}
