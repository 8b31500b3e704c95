//! When a review begins again by itself.

use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use crate::time::Date;
use crate::words;

words! {
    /// How often.
    Every {
        /// Each week.
        Week = "week", "Every week";
        /// Each month.
        Month = "month", "Every month";
        /// Every three months.
        Quarter = "quarter", "Every three months";
        /// Twice a year.
        HalfYear = "half_year", "Every six months";
        /// Once a year.
        Year = "year", "Every year";
    }
}

/// How often a review is carried out, and from when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    /// How often.
    pub every: Every,
    /// The first day.
    pub from: Date,
}

impl Repeats {
    /// Its days from the first one on: always counted from the first, so that the last of a month stays the last of each.
    pub fn days(self) -> impl Iterator<Item = Date> {
        (0_i32..).map_while(move |n| {
            let span = match self.every {
                Every::Week => n.weeks(),
                Every::Month => n.months(),
                Every::Quarter => (3 * n).months(),
                Every::HalfYear => (6 * n).months(),
                Every::Year => n.years(),
            };
            self.from.civil().checked_add(span).ok().map(Date::new)
        })
    }

    /// The last of them that is not after a day.
    pub fn last(self, day: Date) -> Option<Date> {
        self.days()
            .take(10_000)
            .take_while(|one| *one <= day)
            .last()
    }

    /// The first of them that is not before a day.
    pub fn next(self, day: Date) -> Option<Date> {
        self.days().take(10_000).find(|one| *one >= day)
    }
}
