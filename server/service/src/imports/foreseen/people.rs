//! People whom a check finds new, changed or gone.

use domain::id::IdentityId;
use domain::identity::{Identity, IdentityContent, IdentityStatus};
use domain::time::Instant;
use jiff::tz::TimeZone;

use super::{Foreseen, place};
use crate::effective::presence;
use crate::imports::engine::Name;

/// Somebody who would be added.
#[derive(Debug, Clone, Copy)]
pub(in crate::imports) struct Newcomer {
    /// Their number in the walk, below zero.
    number: i64,
    /// In which line they stand.
    pub(super) line: u32,
    /// Their username.
    pub(super) username: Name,
}

fn there(content: &IdentityContent, zone: &TimeZone, now: Instant) -> bool {
    presence(content, zone).is_there(now)
}

impl Foreseen {
    /// Somebody who would be added.
    pub(in crate::imports) fn comes(
        &mut self,
        number: i64,
        line: u32,
        username: Name,
        content: &IdentityContent,
    ) {
        self.newcomers.push(Newcomer {
            number,
            line,
            username,
        });
        if !there(content, &self.zone, self.now) {
            self.absent.insert(place(number));
        }
    }

    /// Somebody who changes.
    pub(in crate::imports) fn changes(&mut self, before: &Identity, after: &IdentityContent) {
        let is = there(after, &self.zone, self.now);
        if after.status == IdentityStatus::Ended {
            self.follows_no_more(before.id);
        }
        if there(&before.content, &self.zone, self.now) != is {
            self.presence.insert(before.id, is);
        }
    }

    /// Somebody who is no longer in the file and ends.
    pub(in crate::imports) fn leaves(&mut self, id: IdentityId) {
        self.presence.insert(id, false);
        self.follows_no_more(id);
    }

    /// Who is meant by a place in a set from [`super::NEW`] on.
    pub(super) fn newcomer(&self, at: u64) -> Option<Newcomer> {
        // Numbers go down, so the places go up.
        let found = self
            .newcomers
            .binary_search_by_key(&at, |newcomer| place(newcomer.number));
        found
            .ok()
            .and_then(|index| self.newcomers.get(index))
            .copied()
    }
}
