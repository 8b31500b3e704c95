//! Instants and calendar days.
//!
//! An [`Instant`] is UTC in whole microseconds, the precision both database engines keep. The clock is not here:
//! see [`crate::context::Clock`].

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(i64);

/// One second in microseconds.
pub const SECOND: i64 = 1_000_000;
/// One minute in microseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour in microseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day of 24 hours in microseconds.
pub const DAY: i64 = 24 * HOUR;

impl Instant {
    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Moved by so many microseconds (negative: earlier), stopping at the ends of the range.
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to `self`.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The calendar day at this moment in `zone`.
    pub fn day(self, zone: &TimeZone) -> Date {
        Date(self.zoned(zone).date())
    }

    /// The last calendar day in `zone` of what ends at this moment, which is the first one after it ([`Date::end`]).
    pub fn last_day(self, zone: &TimeZone) -> Date {
        self.plus(-1).day(zone)
    }

    /// With its zone, for showing.
    pub fn zoned(self, zone: &TimeZone) -> jiff::Zoned {
        self.timestamp().to_zoned(zone.clone())
    }

    fn timestamp(self) -> jiff::Timestamp {
        // Values outside jiff's range (years -9999 to 9999) can only come from a damaged row: show its nearest end.
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

/// Writes a moment as text. In canonical JSON it must be one: as a number it would be too large from the year 2255 on.
pub fn moment<S: Serializer>(at: &Instant, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(at)
}

/// Like [`moment`], for one that may be missing.
pub fn moment_or_none<S: Serializer>(at: &Option<Instant>, s: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(s)
}

/// A moment as text, both ways.
pub mod written {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Instant;

    /// Writes it.
    pub fn serialize<S: Serializer>(at: &Instant, s: S) -> Result<S::Ok, S::Error> {
        super::moment(at, s)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Instant, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Like [`written`], for a moment that may be missing.
pub mod written_or_none {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Instant;

    /// Writes it.
    pub fn serialize<S: Serializer>(at: &Option<Instant>, s: S) -> Result<S::Ok, S::Error> {
        super::moment_or_none(at, s)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Instant>, D::Error> {
        let text = Option::<String>::deserialize(d)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom))
            .transpose()
    }
}

/// RFC 3339 in UTC with six decimals, so that texts sort as instants do.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

impl FromStr for Instant {
    type Err = InvalidTime;
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let at: jiff::Timestamp = text.parse().map_err(|_| InvalidTime(text.to_owned()))?;
        Ok(Self(at.as_microsecond()))
    }
}

/// A calendar day without zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// From a calendar date.
    pub const fn new(date: civil::Date) -> Self {
        Self(date)
    }

    /// The calendar date.
    pub const fn civil(self) -> civil::Date {
        self.0
    }

    /// So many days later (negative: earlier), stopping at the ends of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// The first moment after this day in `zone`: an end date means the end of that day.
    pub fn end(self, zone: &TimeZone) -> Instant {
        let next = self.plus_days(1).0;
        zone.to_timestamp(next.at(0, 0, 0, 0))
            .map_or(Instant(i64::MAX), |at| Instant(at.as_microsecond()))
    }

    /// The first moment of this day in `zone`.
    pub fn start(self, zone: &TimeZone) -> Instant {
        zone.to_timestamp(self.0.at(0, 0, 0, 0))
            .map_or(Instant(i64::MIN), |at| Instant(at.as_microsecond()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = InvalidTime;
    /// Accepts exactly `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let invalid = || InvalidTime(text.to_owned());
        let date: civil::Date = text.parse().map_err(|_| invalid())?;
        if date.to_string() == text {
            Ok(Self(date))
        } else {
            Err(invalid())
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Text that is no date or instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a date or time")]
pub struct InvalidTime(pub String);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn instants_survive_their_text_and_sort_like_it(a in 0_i64..4_000_000_000_000_000, b in 0_i64..4_000_000_000_000_000) {
            let (x, y) = (Instant(a), Instant(b));
            prop_assert_eq!(x.to_string().parse::<Instant>(), Ok(x));
            prop_assert_eq!(x.cmp(&y), x.to_string().cmp(&y.to_string()));
        }
    }

    #[test]
    fn a_day_ends_where_the_next_begins_also_when_clocks_change() {
        let zone = TimeZone::get("Europe/Lisbon").expect("bundled zone");
        let day: Date = "2026-10-25".parse().expect("date");
        assert_eq!(day.end(&zone).since(day.start(&zone)), 25 * HOUR);
        assert_eq!(day.end(&zone).last_day(&zone), day);
        assert!("2026-02-30".parse::<Date>().is_err() && "20261025".parse::<Date>().is_err());
    }
}
