//! The columns of an entry, its targets and its details against its leaf.

use std::collections::HashMap;
use std::iter::Peekable;

use domain::id::{ObjectKind, ObjectRef};
use proof::entry::{DetailMarkRef, EnvelopeRef, TargetMarkRef};
use proof::hash::{Hash, Salt, salted_hash};
use storage::audit::{DetailCheck, EntryCheck, TargetCheck};

use super::entries::Logged;
use super::{Checked, Stop, found};

/// Id texts that are remembered: the same objects come again and again.
const MOST_TEXTS: usize = 65_536;

/// Rows of a table, taken entry by entry.
type Rows<'i, T> = Peekable<Box<dyn Iterator<Item = T> + Send + 'i>>;

/// Targets of a chunk.
pub(super) struct TargetRows<'i, 'b>(Rows<'i, TargetCheck<'b>>);

/// Details of a chunk.
pub(super) struct DetailRows<'i, 'b>(Rows<'i, DetailCheck<'b>>);

macro_rules! rows {
    ($name:ident, $row:ident, $table:literal) => {
        impl<'i, 'b> $name<'i, 'b> {
            pub(super) fn new(rows: impl Iterator<Item = $row<'b>> + Send + 'i) -> Self {
                let rows: Box<dyn Iterator<Item = $row<'b>> + Send + 'i> = Box::new(rows);
                Self(rows.peekable())
            }

            /// The row of an entry at a place.
            fn take(&mut self, seq: i64, ordinal: usize) -> Result<$row<'b>, Stop> {
                match self.0.next_if(|row| row.seq == seq && usize::try_from(row.ordinal) == Ok(ordinal)) {
                    Some(row) => Ok(row),
                    None => found(match self.0.peek() {
                        Some(row) if row.seq < seq => none_such($table, row.seq, row.ordinal),
                        _ => format!("{} ({seq}, {ordinal}): the row is missing; the leaf of entry {seq} names it.", $table),
                    }),
                }
            }

            /// No row of an entry is left when its leaf names no more.
            fn no_more(&mut self, seq: i64) -> Checked {
                match self.0.next_if(|row| row.seq <= seq) {
                    None => Ok(()),
                    Some(row) => found(none_such($table, row.seq, row.ordinal)),
                }
            }

            /// No row is left when the entries are.
            pub(super) fn nothing_left(mut self) -> Checked {
                self.no_more(i64::MAX)
            }
        }
    };
}

rows!(TargetRows, TargetCheck, "audit_target");
rows!(DetailRows, DetailCheck, "audit_detail");

/// The finding of a row that no entry names.
pub(super) fn none_such(table: &str, seq: i64, ordinal: i64) -> String {
    format!(
        "{table} ({seq}, {ordinal}): no leaf names this row; check its columns seq and ordinal."
    )
}

/// What is remembered between entries.
#[derive(Debug, Default)]
pub(super) struct Columns {
    texts: HashMap<ObjectRef, String>,
    logged: Logged,
}

impl Columns {
    /// How many targets with content there are, by kind.
    pub(super) const fn logged(&self) -> Logged {
        self.logged
    }

    /// The columns that repeat parts of the leaf.
    pub(super) fn entry(entry: &EntryCheck<'_>, leaf: &EnvelopeRef<'_>) -> Checked {
        let seq = entry.seq;
        let says = |column: &str, leaf: &str| {
            found(format!(
                "audit_entry {seq}: the column {column} differs from the leaf, which says {leaf:?}."
            ))
        };
        if u64::try_from(seq) != Ok(leaf.seq) {
            return says("seq", &leaf.seq.to_string());
        }
        if leaf.at_micros() != Some(entry.recorded.micros()) {
            return says("recorded", &leaf.at);
        }
        for (column, stored, leaf) in [
            ("actor", entry.actor, &leaf.actor),
            ("action", entry.action, &leaf.action),
            ("outcome", entry.outcome, &leaf.outcome),
        ] {
            if stored != leaf.as_bytes() {
                return says(column, leaf);
            }
        }
        if entry.request != leaf.request.as_ref().map(|request| request.as_bytes()) {
            return says("request", leaf.request.as_deref().unwrap_or("nothing"));
        }
        Ok(())
    }

    /// The targets of an entry.
    pub(super) fn targets(
        &mut self,
        seq: i64,
        leaf: &[TargetMarkRef<'_>],
        rows: &mut TargetRows<'_, '_>,
    ) -> Checked {
        for (ordinal, mark) in leaf.iter().enumerate() {
            let row = rows.take(seq, ordinal)?;
            let object = row.object();
            if !object.is_some_and(|object| self.is_text(object, &mark.id)) {
                return found(format!(
                    "audit_target ({seq}, {ordinal}): the columns kind and object_id differ from the leaf, which says {}.",
                    &*mark.id
                ));
            }
            if row.content != mark.content.as_ref().map(|hash| &hash.0[..]) {
                return found(format!(
                    "audit_target ({seq}, {ordinal}): the column content differs from the leaf."
                ));
            }
            if let (Some(object), Some(_)) = (object, mark.content)
                && let Some(place) = ObjectKind::ALL.iter().position(|kind| *kind == object.kind)
            {
                self.logged[place] += 1;
            }
        }
        rows.no_more(seq)
    }

    /// The details of an entry; answers how many are erased.
    pub(super) fn details(
        seq: i64,
        leaf: &[DetailMarkRef<'_>],
        rows: &mut DetailRows<'_, '_>,
    ) -> Result<u64, Stop> {
        let mut erased = 0;
        for (ordinal, mark) in leaf.iter().enumerate() {
            let row = rows.take(seq, ordinal)?;
            if row.subject != mark.subject.as_bytes() {
                return found(format!(
                    "audit_detail ({seq}, {ordinal}): the column subject differs from the leaf, which says {:?}.",
                    &*mark.subject
                ));
            }
            match (row.salt, row.body) {
                (None, None) => erased += 1,
                (Some(salt), Some(body)) if hashes_to(salt, body, &mark.hash) => {}
                (Some(_), Some(_)) => {
                    return found(format!(
                        "audit_detail ({seq}, {ordinal}): the columns salt and body do not have the hash in the leaf."
                    ));
                }
                (None, Some(_)) => {
                    return found(format!(
                        "audit_detail ({seq}, {ordinal}): the column salt is missing, so body proves nothing."
                    ));
                }
                (Some(_), None) => {
                    return found(format!(
                        "audit_detail ({seq}, {ordinal}): the column body is missing, but salt is there: nobody erased it."
                    ));
                }
            }
        }
        rows.no_more(seq)?;
        Ok(erased)
    }

    /// Whether the object's id is this text.
    fn is_text(&mut self, object: ObjectRef, text: &str) -> bool {
        if let Some(known) = self.texts.get(&object) {
            return known == text;
        }
        if self.texts.len() >= MOST_TEXTS {
            self.texts.clear();
        }
        let known = object.to_string();
        let same = known == text;
        self.texts.insert(object, known);
        same
    }
}

fn hashes_to(salt: &[u8], body: &[u8], hash: &Hash) -> bool {
    Salt::try_from(salt).is_ok_and(|salt| salted_hash(&salt, body) == *hash)
}
