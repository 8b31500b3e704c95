//! What each row of identities.csv is going to be, decided before anything is written.

use std::collections::HashMap;

use crate::imports::engine::names::{Name, Numbers};

use super::book::{Book, Link, Users};
use domain::source::LinkState;

/// No row.
pub(super) const NOBODY: u32 = u32::MAX;

/// What a row is going to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// A new person.
    New,
    /// A person this source may change.
    Governed,
    /// A person whom another source governs: only the link matters.
    Followed,
    /// A person who is linked now for the first time; whether this source governs them from now on.
    Adopted { authority: bool },
    /// Several people could be meant.
    Waiting,
    /// It was reported.
    Rejected,
    /// Its username belongs to somebody else; reported when its text is at hand.
    Taken,
}

impl Fate {
    /// Whether the person is written by this source.
    pub(super) const fn governs(self) -> bool {
        matches!(
            self,
            Self::New | Self::Governed | Self::Adopted { authority: true }
        )
    }

    /// Whether the row counts as a person.
    pub(super) const fn counts(self) -> bool {
        !matches!(self, Self::Waiting | Self::Rejected | Self::Taken)
    }
}

/// Why a row's manager is left empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upper {
    /// None is named.
    None,
    /// Another row.
    Row(u32),
    /// Somebody recorded.
    Person(i64),
    /// Nobody knows them.
    Unknown,
    /// The line of managers would come back to the row.
    Cycle,
    /// The line of managers is too long.
    TooLong,
}

/// A row, as much of it as is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) external: Name,
    pub(super) username: Name,
    pub(super) manager: Name,
    pub(super) upper: Upper,
    pub(super) fate: Fate,
    /// Who it is; 0 while new.
    pub(super) identity: i64,
}

/// All rows.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) lines: Vec<Line>,
    pub(super) by_username: HashMap<Name, u32>,
    by_external: HashMap<Name, u32>,
    /// People whom rows name, whatever becomes of the rows.
    pub(super) seen: Numbers,
    adopted: Numbers,
    /// Rows that want a username which somebody else has.
    wanted: Vec<(u32, i64)>,
}

/// A row that names somebody whom an earlier row names, too.
pub(super) struct Doubled {
    pub(super) column: &'static str,
    pub(super) first: u32,
}

impl Plan {
    /// Adds a row; rows that double an earlier one are not added.
    pub(super) fn add(&mut self, line: Line) -> Result<u32, Doubled> {
        let first = |row: &u32| self.lines.get(*row as usize).map_or(0, |line| line.number);
        if let Some(row) = self.by_external.get(&line.external) {
            return Err(Doubled {
                column: "external_id",
                first: first(row),
            });
        }
        if let Some(row) = self.by_username.get(&line.username) {
            return Err(Doubled {
                column: "username",
                first: first(row),
            });
        }
        let row = u32::try_from(self.lines.len()).unwrap_or(NOBODY);
        self.by_external.insert(line.external, row);
        self.by_username.insert(line.username, row);
        self.lines.push(line);
        Ok(row)
    }

    /// Decides what a row is that reads well. `mail` is the address in it.
    pub(super) fn decide(&mut self, row: u32, book: &Book, mail: Name) {
        let line = self.lines[row as usize];
        let holder = book.holders.get(&line.username).copied();
        let (fate, identity) = match book.links.get(&line.external) {
            Some(Link {
                identity,
                authority,
                state: LinkState::Linked,
                ..
            }) if *identity > 0 => (
                if *authority {
                    Fate::Governed
                } else {
                    Fate::Followed
                },
                *identity,
            ),
            Some(Link {
                state: LinkState::New,
                ..
            }) => (Fate::New, 0),
            _ => self.correlate(holder, mail, book),
        };
        let line = &mut self.lines[row as usize];
        (line.fate, line.identity) = (fate, identity);
        self.seen.insert(identity);
        if let Some(holder) = holder.filter(|holder| fate.governs() && *holder != identity) {
            self.wanted.push((row, holder));
        }
    }

    /// Whom a row means that this source never told of: by username or mail address, among people it does not know.
    fn correlate(&mut self, holder: Option<i64>, mail: Name, book: &Book) -> (Fate, i64) {
        let free = |id: &i64| !book.person(*id).linked;
        let by_name = holder.filter(free);
        let by_mail = match book.mails.get(&mail) {
            _ if mail == Name::NONE => None,
            Some(Users::Several) if by_name.is_none() => return (Fate::Waiting, 0),
            Some(Users::One(id)) => Some(*id).filter(free),
            _ => None,
        };
        let candidate = match (by_name, by_mail) {
            (Some(one), Some(other)) if one != other => return (Fate::Waiting, 0),
            (one, other) => one.or(other),
        };
        match candidate {
            // Two rows for one person: which of them it is, nobody can say.
            Some(id) if !self.adopted.insert(id) => (Fate::Waiting, 0),
            Some(id) => (
                Fate::Adopted {
                    authority: !book.person(id).governed,
                },
                id,
            ),
            None => (Fate::New, 0),
        }
    }

    /// Finds rows whose username stays with somebody else, and answers the rows that must be renamed before others can
    /// have their names. `leaving` are people who end before anything else is written.
    pub(super) fn settle_usernames(&mut self, leaving: &Numbers) -> Vec<u32> {
        if self.wanted.is_empty() {
            return Vec::new();
        }
        let row_of: HashMap<i64, u32> = (0_u32..)
            .zip(&self.lines)
            .filter(|(_, line)| line.identity > 0)
            .map(|(row, line)| (line.identity, row))
            .collect();
        let wanted = std::mem::take(&mut self.wanted);
        loop {
            let mut changed = false;
            for (row, holder) in &wanted {
                let (line, other) = (
                    self.lines[*row as usize],
                    row_of.get(holder).map(|row| self.lines[*row as usize]),
                );
                let gives_up = other
                    .is_some_and(|other| other.fate.governs() && other.username != line.username);
                if line.fate.governs() && !gives_up && !leaving.has(*holder) {
                    self.lines[*row as usize].fate = Fate::Taken;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let mut first: Vec<u32> = wanted
            .iter()
            .filter(|(row, holder)| {
                self.lines[*row as usize].fate.governs() && !leaving.has(*holder)
            })
            .filter_map(|(_, holder)| row_of.get(holder).copied())
            .collect();
        first.sort_unstable();
        first.dedup();
        first
    }
}
