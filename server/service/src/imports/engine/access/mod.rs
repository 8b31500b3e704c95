//! Access: access.csv, the largest file.
//!
//! Each row becomes three numbers and two days, 24 bytes. They are sorted and merged with the rows in the database, which
//! come in the same order; a file with more rows than fit is walked once for each range of people.

mod merge;
mod scan;

use std::collections::BTreeMap;

use domain::access::AccessKey;
use domain::id::{AccountId, EntitlementId, IdentityId};
use domain::source::FileKind;
use domain::time::{DAY, Date, Instant};
use jiff::tz::TimeZone;

use super::{Engine, Result};

const KIND: FileKind = FileKind::Access;
/// Rows that are sorted in memory at once.
const MOST: usize = 4_000_000;
/// No day.
const NEVER: i32 = i32::MIN;
/// The row has a fault: what it names stays as it is.
const STAYS: i32 = i32::MIN + 1;

/// A row of the file, by numbers. The order is that of the merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Grant {
    identity: i32,
    entitlement: i32,
    account: i32,
    line: u32,
    granted: i32,
    used: i32,
}

impl Grant {
    const fn place(&self) -> (i32, i32, i32) {
        (self.identity, self.entitlement, self.account)
    }

    fn key(&self) -> AccessKey {
        AccessKey {
            identity: IdentityId::from_raw(self.identity.into()),
            entitlement: EntitlementId::from_raw(self.entitlement.into()),
            account: AccountId::from_raw(self.account.into()),
        }
    }
}

/// People from one number to another, both included.
#[derive(Debug, Clone, Copy)]
struct Range {
    from: i32,
    to: i32,
}

const EVERYBODY: Range = Range {
    from: i32::MIN,
    to: i32::MAX,
};

impl Engine<'_> {
    /// Compares access, writes what differs, and ends accounts and access that are gone.
    pub(super) async fn access(&mut self) -> Result<()> {
        if self.files.contains_key(&KIND) {
            let mut found = merge::Found::default();
            let mut people = BTreeMap::new();
            match self.scan_access(EVERYBODY, Some(&mut people)).await? {
                Some(grants) => self.merge_access(grants, EVERYBODY, &mut found).await?,
                None => {
                    for range in ranges(&people, MOST) {
                        let grants = self.scan_access(range, None).await?.unwrap_or_default();
                        self.merge_access(grants, range, &mut found).await?;
                    }
                }
            }
            self.named.insert(KIND, found.named);
            self.shrinks(KIND, found.live, found.ended);
            self.show_grants(found.shown).await?;
        }
        self.end_accounts().await
    }
}

/// Ranges of people with at most so many rows each, unless one alone has more.
fn ranges(rows: &BTreeMap<i32, usize>, most: usize) -> Vec<Range> {
    let mut ranges = Vec::new();
    let (mut from, mut count, mut last) = (i32::MIN, 0, i32::MIN);
    for (person, more) in rows {
        if count > 0 && count + more > most {
            ranges.push(Range { from, to: last });
            (from, count) = (last.saturating_add(1), 0);
        }
        count += more;
        last = *person;
    }
    ranges.push(Range { from, to: i32::MAX });
    ranges
}

/// A number of an object in the half of the space it needs.
fn small(number: i64) -> Result<i32> {
    i32::try_from(number).map_err(|_| super::Halt::Refused("There are more than two thousand million objects of one kind. This is more than one database can keep.".to_owned()))
}

fn to_days(day: Option<Date>) -> i32 {
    let days = day.map(|day| day.start(&TimeZone::UTC).micros() / DAY);
    days.and_then(|days| i32::try_from(days).ok())
        .unwrap_or(NEVER)
}

fn from_days(days: i32) -> Option<Date> {
    (days != NEVER).then(|| Instant::from_micros(i64::from(days) * DAY).day(&TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn days_survive_as_numbers(days in -30_000_i32..60_000) {
            prop_assert_eq!(to_days(from_days(days)), days);
        }

        #[test]
        fn ranges_cover_everybody_once(rows in proptest::collection::btree_map(any::<i32>(), 1_usize..50, 0..40), most in 1_usize..100) {
            let ranges = ranges(&rows, most);
            prop_assert_eq!(ranges[0].from, i32::MIN);
            prop_assert_eq!(ranges[ranges.len() - 1].to, i32::MAX);
            prop_assert!(ranges.windows(2).all(|pair| pair[0].to.checked_add(1) == Some(pair[1].from)));
            for range in ranges {
                let inside: Vec<usize> = rows.iter().filter(|(person, _)| (range.from..=range.to).contains(*person)).map(|(_, n)| *n).collect();
                prop_assert!(inside.len() <= 1 || inside.iter().sum::<usize>() <= most);
            }
        }
    }
}
