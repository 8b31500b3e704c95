//! What a run finds: control totals, problems by line, and a sample of its changes.

use std::collections::BTreeMap;

use domain::id::IdentityId;
use domain::lifecycle::Level;
use domain::source::{
    FileKind, FileTotals, PROBLEMS_KEPT, RowChange, RowRecord, RunProblem, RunTotals,
};
use serde::{Deserialize, Serialize};

/// Changes of one kind of one file that are kept for showing.
const SAMPLE_EACH: usize = 25;
/// Changes that are kept for showing in all.
const SAMPLE_MOST: usize = 200;
/// Longest text of a change that is kept.
const TEXT_MAX: usize = 200;

/// A change that the check foresees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// In which file.
    pub kind: FileKind,
    /// In which line; 0 for what is missing in the file.
    pub line: u64,
    /// Word of a [`RowChange`].
    pub change: String,
    /// What it is about, in words.
    pub name: String,
    /// What changes in it.
    pub fields: Vec<FieldChange>,
}

/// One field of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Our name of the column.
    pub field: String,
    /// What it was; empty when it was not there.
    pub before: String,
    /// What it becomes.
    pub after: String,
}

/// How much of a kind would end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shrink {
    /// Of what.
    pub kind: FileKind,
    /// How many the source has now.
    pub live: u64,
    /// How many of them would end.
    pub ended: u64,
}

/// The collected findings.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) totals: RunTotals,
    pub(crate) problems: Vec<RunProblem>,
    pub(crate) problems_found: u64,
    pub(crate) sample: Vec<Change>,
    sampled: BTreeMap<(FileKind, RowChange), usize>,
    pub(crate) shrink: Vec<Shrink>,
}

impl Tally {
    /// The totals of a file.
    pub(crate) fn of(&mut self, kind: FileKind) -> &mut FileTotals {
        self.totals.entry(kind).or_default()
    }

    /// Notes a problem that costs the row.
    pub(crate) fn reject(
        &mut self,
        kind: FileKind,
        line: u64,
        column: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.of(kind).rejected += 1;
        self.problem(kind, line, column, message);
    }

    /// Notes a problem that does not cost the row.
    pub(crate) fn problem(
        &mut self,
        kind: FileKind,
        line: u64,
        column: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.problems_found += 1;
        if self.problems_found <= PROBLEMS_KEPT {
            self.problems.push(RunProblem {
                kind,
                line,
                column: column.into(),
                message: message.into(),
            });
        }
    }

    /// Counts a change that a dry run foresees, and keeps it for showing while there is room; `fields` is what changes in
    /// it.
    pub(crate) fn foresee(
        &mut self,
        kind: FileKind,
        line: u64,
        change: RowChange,
        name: &str,
        fields: impl FnOnce() -> Vec<FieldChange>,
    ) {
        self.count(kind, change);
        if self.wants(kind, change) {
            self.show(kind, line, change, name, fields());
        }
    }

    /// Whether a change of this sort is still kept for showing.
    pub(crate) fn wants(&self, kind: FileKind, change: RowChange) -> bool {
        self.sample.len() < SAMPLE_MOST
            && self
                .sampled
                .get(&(kind, change))
                .is_none_or(|n| *n < SAMPLE_EACH)
    }

    /// Keeps a change for showing.
    pub(crate) fn show(
        &mut self,
        kind: FileKind,
        line: u64,
        change: RowChange,
        name: &str,
        fields: Vec<FieldChange>,
    ) {
        *self.sampled.entry((kind, change)).or_default() += 1;
        self.sample.push(Change {
            kind,
            line,
            change: change.word().to_owned(),
            name: short(name),
            fields,
        });
    }

    /// Counts a change.
    pub(crate) fn count(&mut self, kind: FileKind, change: RowChange) {
        let totals = self.of(kind);
        match change {
            RowChange::Added => totals.added += 1,
            RowChange::Changed => totals.changed += 1,
            RowChange::Ended => totals.ended += 1,
        }
    }
}

/// The control totals of some records.
pub(crate) fn totals_of(records: &[RowRecord]) -> RunTotals {
    let mut tally = Tally::default();
    for record in records {
        tally.count(record.file, record.change);
    }
    tally.totals
}

/// A field of a content: our name of the column, and its text.
pub(crate) type Field<T> = (&'static str, fn(&T) -> String);

/// The fields that change; before, there may have been nothing.
pub(crate) fn differences<T>(
    fields: &[Field<T>],
    before: Option<&T>,
    after: &T,
) -> Vec<FieldChange> {
    fields
        .iter()
        .filter_map(|(field, text)| {
            differs(field, &before.map(text).unwrap_or_default(), &text(after))
        })
        .collect()
}

/// The text of who a content names. Somebody whom the same dry run would add has no id yet.
pub(crate) fn person_text(id: Option<IdentityId>) -> String {
    id.filter(|id| id.raw() > 0)
        .map(|id| id.to_string())
        .unwrap_or_default()
}

/// The text of a level.
pub(crate) fn level_text(level: Option<Level>) -> String {
    level.map(Level::word).unwrap_or_default().to_owned()
}

/// A field that changes; nothing when it stays.
pub(crate) fn differs(field: &str, before: &str, after: &str) -> Option<FieldChange> {
    (before != after).then(|| FieldChange {
        field: field.to_owned(),
        before: short(before),
        after: short(after),
    })
}

fn short(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}
