//! Reading one file of a run, row by row, out of the pieces in the database.
//!
//! The file is never whole in memory. What is read here has no meaning yet: see the phases for that.

mod columns;
mod fault;
mod scan;

use std::sync::Arc;

use domain::id::SourceRunId;
use sha2::{Digest as _, Sha256};
use storage::Store;

pub(crate) use columns::{Columns, columns, plain};
use fault::Fault;
use scan::{Record, Scanner, Step};

use super::engine::Staged;

use crate::{Error, Result};

/// Bytes of a piece of a file; every piece but the last has exactly so many.
pub(crate) const PIECE: u64 = 256 << 10;
/// Most rows of a file.
pub(crate) const ROWS_MAX: u64 = 20_000_000;

/// Why the whole of a row cannot be used.
#[derive(Debug, Clone, Copy)]
enum Broken {
    Fault(Fault),
    Ragged,
}

/// A row of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    record: &'a Record,
    columns: &'a Columns,
    broken: Option<Broken>,
}

impl Row<'_> {
    /// The line it begins in; the header's is 1.
    pub(crate) const fn line(&self) -> u64 {
        self.record.line
    }

    /// A cell without the space around it; empty when the file has no such column.
    pub(crate) fn cell(&self, ours: &str) -> &str {
        self.columns
            .place(ours)
            .map_or("", |place| self.record.get(place).trim())
    }

    /// Columns of no meaning of their own that have something in this row.
    pub(crate) fn others(&self) -> impl Iterator<Item = (&str, &str)> {
        let cells = self
            .columns
            .others
            .iter()
            .map(|(place, name)| (name.as_str(), self.record.get(*place).trim()));
        cells.filter(|(_, cell)| !cell.is_empty())
    }

    /// Why the row cannot be used: the column, which may be none, and a sentence.
    pub(crate) fn fault(&self) -> Option<(String, String)> {
        Some(match self.broken? {
            Broken::Fault(fault) => (self.columns.name(fault.column), fault.sentence()),
            Broken::Ragged => {
                let (found, expected) = (self.record.len(), self.columns.width);
                let more = if found > expected {
                    "A value with a comma in it must stand in quotation marks."
                } else {
                    "Write a comma for every column, also when it is empty."
                };
                (
                    String::new(),
                    format!(
                        "The line has {found} values and the header {expected} columns. {more}"
                    ),
                )
            }
        })
    }

    /// A cell with something in it that can be trusted although the row has a fault.
    pub(crate) fn certain(&self, ours: &str) -> Option<&str> {
        Some(self.cell(ours)).filter(|cell| self.stands(ours) && !cell.is_empty())
    }

    /// Whether what a cell says can be trusted, also that it is empty, although the row has a fault.
    pub(crate) fn stands(&self, ours: &str) -> bool {
        let Some(place) = self.columns.place(ours) else {
            return true;
        };
        match self.broken {
            None => true,
            Some(Broken::Fault(fault)) if fault.breaks_the_row() => place < fault.column,
            Some(Broken::Fault(fault)) => place != fault.column,
            Some(Broken::Ragged) => false,
        }
    }
}

/// Reads a file from its first row on.
#[derive(Debug)]
pub(crate) struct Reader {
    store: Store,
    run: SourceRunId,
    staged: Arc<Staged>,
    scanner: Scanner,
    header_read: bool,
    rows: u64,
    /// The hash of the pieces so far and the number of the next one; none when nobody asks.
    seen: Option<(Sha256, u64)>,
}

impl Reader {
    /// A reader of a staged file whose columns are known. With `verify` a file is refused at its end when it is not the
    /// one that was brought in.
    pub(crate) fn new(store: Store, run: SourceRunId, staged: Arc<Staged>, verify: bool) -> Self {
        Self {
            seen: verify.then(|| (Sha256::new(), 0)),
            store,
            run,
            scanner: Scanner::new(staged.file.bytes, PIECE),
            staged,
            header_read: false,
            rows: 0,
        }
    }

    /// How many rows were read, without the header.
    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    /// How many bytes were read.
    pub(crate) const fn position(&self) -> u64 {
        self.scanner.position()
    }

    /// The next row; none at the end. A file with too many rows is refused there.
    pub(crate) async fn next(&mut self) -> Result<Option<Row<'_>>> {
        let broken = loop {
            let broken = match self.scanner.step() {
                Step::Piece(ordinal) => {
                    self.load(ordinal).await?;
                    continue;
                }
                Step::End => {
                    self.verify()?;
                    return Ok(None);
                }
                Step::Row => None,
                Step::Broken(fault) => Some(Broken::Fault(fault)),
            };
            if self.header_read {
                break broken;
            }
            self.header_read = true;
        };
        self.rows += 1;
        if self.rows > ROWS_MAX {
            return Err(Error::Refused(format!(
                "The file {} has more than {ROWS_MAX} rows, from line {} on. Split it and import the parts in mode delta.",
                self.staged.file.kind.file_name(),
                self.scanner.record().line
            )));
        }
        let record = self.scanner.record();
        let broken =
            broken.or((record.len() != self.staged.columns.width).then_some(Broken::Ragged));
        Ok(Some(Row {
            record,
            columns: &self.staged.columns,
            broken,
        }))
    }

    async fn load(&mut self, ordinal: u64) -> Result<()> {
        let number = i64::try_from(ordinal)
            .map_err(|_| Error::Internal("a file of a run is too large".to_owned()))?;
        let piece = self
            .store
            .read()
            .await?
            .run_chunk(self.run, self.staged.file.kind, number)
            .await?;
        let piece = piece.ok_or_else(|| {
            Error::Internal(format!(
                "piece {number} of {} is missing",
                self.staged.file.kind.file_name()
            ))
        })?;
        let file = &self.staged.file;
        let left = file.bytes.saturating_sub(ordinal.saturating_mul(PIECE));
        if piece.len() as u64 != left.min(PIECE) {
            return Err(mixed(&file.name));
        }
        // A quotation mark that is never closed makes it go back; what was hashed stays hashed.
        if let Some((hash, next)) = &mut self.seen
            && *next == ordinal
        {
            hash.update(&piece);
            *next += 1;
        }
        self.scanner.load(ordinal, piece);
        Ok(())
    }

    fn verify(&mut self) -> Result<()> {
        let file = &self.staged.file;
        match self.seen.take().map(|(hash, _)| hash.finalize()) {
            Some(hash) if *hash != file.sha256 => Err(mixed(&file.name)),
            _ => Ok(()),
        }
    }
}

/// The answer when the pieces of a file are not those of one file.
pub(crate) fn mixed(name: &str) -> Error {
    Error::Refused(format!(
        "The file {name} is not here as it was sent: perhaps it was sent twice at the same time. Bring it in again."
    ))
}

/// The first row of a file of which the first bytes are given, and up to `most` rows after it.
pub(crate) fn beginning(bytes: &[u8], most: usize) -> Vec<Vec<String>> {
    let mut scanner = Scanner::new(bytes.len() as u64, bytes.len() as u64);
    scanner.load(0, bytes.to_vec());
    let mut rows = Vec::new();
    while rows.len() <= most {
        match scanner.step() {
            Step::Row => rows.push(scanner.record().fields().map(str::to_owned).collect()),
            // A broken header is still shown: its fields before the fault say more than nothing.
            Step::Broken(_) if rows.is_empty() => {
                rows.push(scanner.record().fields().map(str::to_owned).collect());
            }
            Step::Broken(_) => {}
            Step::Piece(_) | Step::End => break,
        }
    }
    rows
}
