//! Writes a pack, from front to back and once: no part is held in memory, only the hashes of its lines.
//!
//! The order of the calls is the order of [`Part`]. Between [`PackWriter::list`] and [`Unsealed::seal`] the caller
//! records the export in the audit log, with [`Unsealed::bulk`], and waits for a checkpoint that covers the entry.
//! The writer does not prove anything: verify what it wrote before handing it out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::deflating::Deflating;
use super::list::{FORMAT, ListedPart, PartList, VERSION};
use super::part::Part;
use super::record::{ActHead, EntryLine, Seal, Summary};
use super::zip::ZipWriter;
use crate::canonical::{self, NotCanonical};
use crate::checkpoint::VerifyingKey;
use crate::entry::{Bulk, EnvelopeRef, NotAnEntry};
use crate::hash::{Hash, leaf_hash, sha256};

/// The longest record, in bytes: a verifier holds one line in memory.
pub const MAX_LINE: usize = 1 << 20;

/// Why a pack cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// What it is written to failed, or the pack gets too large for its format.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Parts are written in their order, records behind the head of their act.
    #[error("{0} cannot be written now: the parts of a pack, and what is in them, have one order")]
    Order(&'static str),
    /// A record is one line.
    #[error("a record is one line of at most {MAX_LINE} bytes")]
    NotALine,
    /// An act has as many records as its head says.
    #[error("the act of entry {entry} has {expected} records, and {found} were written")]
    Records {
        /// The number of the act's entry.
        entry: u64,
        /// As its head says.
        expected: u64,
        /// As came.
        found: u64,
    },
    /// Only entries of the log can be proven.
    #[error(transparent)]
    NotAnEntry(#[from] NotAnEntry),
    /// The summary cannot be written in canonical form.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
}

/// A part for people, whose bytes the caller makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readable {
    /// `report.html`.
    Report,
    /// `items.csv`.
    ItemsTable,
    /// `decisions.csv`.
    DecisionsTable,
}

/// An act whose records are being written.
#[derive(Debug)]
struct OpenAct {
    head: ActHead,
    found: u64,
}

/// A pack that is being written. `Write` goes to the readable part that was begun last.
#[derive(Debug)]
pub struct PackWriter<W: Write> {
    zip: ZipWriter<W>,
    open: Option<Deflating>,
    act: Option<OpenAct>,
    parts: Vec<ListedPart>,
    /// The next part of [`Part::ALL`].
    next: usize,
    counted: Counted,
}

/// What the entry about the export says it holds.
#[derive(Debug, Default)]
struct Counted {
    acts: u64,
    entries: u64,
    population: u64,
    records: u64,
}

impl<W: Write> PackWriter<W> {
    /// Begins a pack. Nothing is sought in `to`; it may be drained between two calls (see [`PackWriter::get_mut`]).
    pub fn new(to: W) -> Self {
        Self {
            zip: ZipWriter::new(to),
            open: None,
            act: None,
            parts: Vec::new(),
            next: 0,
            counted: Counted::default(),
        }
    }

    /// What it is written to.
    pub fn get_mut(&mut self) -> &mut W {
        self.zip.get_mut()
    }

    /// Begins a part for people; its bytes follow by `Write`. Report and tables may be left out, and are empty then.
    pub fn readable(&mut self, part: Readable) -> Result<(), WriteError> {
        self.enter(match part {
            Readable::Report => Part::Report,
            Readable::ItemsTable => Part::ItemsTable,
            Readable::DecisionsTable => Part::DecisionsTable,
        })
    }

    /// The next record of the population, in the order of the launch's tree: canonical bytes without line feed.
    pub fn population(&mut self, record: &[u8]) -> Result<(), WriteError> {
        self.enter(Part::Population)?;
        self.counted.population += 1;
        self.record_line(record)
    }

    /// Begins an act: the number of its entry, and how many records its tree has. Acts have the order of their entries.
    pub fn act(&mut self, entry: u64, records: u64) -> Result<(), WriteError> {
        self.enter(Part::Acts)?;
        self.end_act()?;
        let head = ActHead { entry, records };
        self.act = Some(OpenAct { head, found: 0 });
        self.counted.acts += 1;
        self.line(&canonical::to_vec(&head)?, None)
    }

    /// The next record of the act: canonical bytes without line feed.
    pub fn record(&mut self, record: &[u8]) -> Result<(), WriteError> {
        let act = self.act.as_mut();
        act.ok_or(WriteError::Order("a record without its act"))?
            .found += 1;
        self.counted.records += 1;
        self.record_line(record)
    }

    /// The next entry of the campaign: its leaf, its place in the log, and its path to the root of the checkpoint that
    /// [`PackWriter::list`] is given. Entries have the order of the log; one of them is the launch.
    pub fn entry(&mut self, leaf: &[u8], index: u64, path: &[Hash]) -> Result<(), WriteError> {
        self.enter(Part::Entries)?;
        self.counted.entries += 1;
        let line = canonical::to_vec(&entry_line(leaf, index, path)?)?;
        self.text(&line)?;
        self.text(b"\n")
    }

    /// Writes the small parts and the list of all. `checkpoint` is the signed note that the entries are proven against,
    /// `keys` are those that an outsider needs for it and for the one that will seal the pack.
    pub fn list(
        mut self,
        summary: &Summary,
        checkpoint: &str,
        keys: &[VerifyingKey],
    ) -> Result<Unsealed<W>, WriteError> {
        self.enter(Part::Summary)?;
        self.stored(Part::Summary, &canonical::to_vec(summary)?)?;
        self.stored(Part::Checkpoint, checkpoint.as_bytes())?;
        let mut texts: Vec<_> = keys.iter().map(VerifyingKey::to_string).collect();
        texts.push(String::new());
        self.stored(Part::Keys, texts.join("\n").as_bytes())?;
        let list = canonical::to_vec(&PartList {
            campaign: summary.campaign.clone(),
            format: FORMAT.to_owned(),
            parts: std::mem::take(&mut self.parts),
            version: VERSION,
        })?;
        self.zip.stored(Part::List.place(), &list)?;
        Ok(Unsealed {
            bulk: self.counted.bulk(&list),
            zip: self.zip,
        })
    }

    /// Ends what is open and begins `part`; parts in between are empty.
    fn enter(&mut self, part: Part) -> Result<(), WriteError> {
        if self.open.as_ref().is_some_and(|open| open.part() == part) {
            return Ok(());
        }
        loop {
            self.close()?;
            let next = Part::ALL.get(self.next).filter(|next| **next <= part);
            let next = *next.ok_or(WriteError::Order(part.name()))?;
            if next.hashes().is_some() {
                self.open = Some(Deflating::begin(next, &mut self.zip)?);
                self.next += 1;
            }
            if next == part {
                return Ok(());
            }
        }
    }

    fn close(&mut self) -> Result<(), WriteError> {
        self.end_act()?;
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let place = open.part().hashes_place();
        let (listed, hashes) = open.end(&mut self.zip)?;
        self.parts.push(listed);
        if let Some(place) = place {
            self.zip.stored(place, &hashes)?;
            self.parts.push(listed_as_it_is(place.name, None, &hashes));
        }
        Ok(())
    }

    fn end_act(&mut self) -> Result<(), WriteError> {
        match self.act.take() {
            Some(OpenAct { head, found }) if head.records != found => Err(WriteError::Records {
                entry: head.entry,
                expected: head.records,
                found,
            }),
            _ => Ok(()),
        }
    }

    fn stored(&mut self, part: Part, bytes: &[u8]) -> Result<(), WriteError> {
        self.zip.stored(part.place(), bytes)?;
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').count();
        let listed = listed_as_it_is(part.name(), Some(lines as u64), bytes);
        self.parts.push(listed);
        Ok(())
    }

    fn record_line(&mut self, record: &[u8]) -> Result<(), WriteError> {
        self.line(record, Some(leaf_hash(record)))
    }

    fn line(&mut self, line: &[u8], leaf: Option<Hash>) -> Result<(), WriteError> {
        if line.len() > MAX_LINE || line.contains(&b'\n') {
            return Err(WriteError::NotALine);
        }
        let open = self.open.as_mut();
        open.ok_or(WriteError::Order("a line without its part"))?
            .line(line, leaf, &mut self.zip)?;
        Ok(())
    }

    fn text(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let open = self.open.as_mut();
        open.ok_or(WriteError::Order("a text without its part"))?
            .text(bytes, &mut self.zip)?;
        Ok(())
    }
}

impl<W: Write> Write for PackWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let readable = self.open.as_mut();
        let readable = readable.filter(|open| open.part() <= Part::DecisionsTable);
        let readable = readable.ok_or_else(|| {
            io::Error::other("begin a readable part before its bytes are written")
        })?;
        readable.text(bytes, &mut self.zip)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.get_mut().flush()
    }
}

/// A pack that is complete but for its seal.
#[derive(Debug)]
pub struct Unsealed<W: Write> {
    zip: ZipWriter<W>,
    bulk: Bulk,
}

impl<W: Write> Unsealed<W> {
    /// What the entry about the export must bind, in an envelope with the action [`super::record::EXPORTED`] and the
    /// campaign among its targets.
    pub fn bulk(&self) -> &Bulk {
        &self.bulk
    }

    /// What it is written to.
    pub fn get_mut(&mut self) -> &mut W {
        self.zip.get_mut()
    }

    /// Ends the pack with the entry about its export: leaf, place in the log and path to the root of `checkpoint`, and
    /// the proof that the log at that checkpoint extends the one at the checkpoint of the entries.
    pub fn seal(
        mut self,
        leaf: &[u8],
        index: u64,
        path: &[Hash],
        checkpoint: &str,
        consistency: &[Hash],
    ) -> Result<W, WriteError> {
        let seal = canonical::to_vec(&Seal {
            checkpoint: checkpoint.to_owned(),
            consistency: consistency.to_vec(),
            entry: entry_line(leaf, index, path)?,
        })?;
        self.zip.stored(Part::Seal.place(), &seal)?;
        Ok(self.zip.finish()?)
    }
}

impl Counted {
    fn bulk(&self, list: &[u8]) -> Bulk {
        let totals = [
            ("acts", self.acts),
            ("entries", self.entries),
            ("population_lines", self.population),
            ("records", self.records),
        ];
        Bulk {
            manifest: leaf_hash(list),
            rows: 1,
            totals: BTreeMap::from(totals.map(|(name, count)| (name.to_owned(), count))),
        }
    }
}

fn entry_line<'a>(leaf: &'a [u8], index: u64, path: &[Hash]) -> Result<EntryLine<'a>, NotAnEntry> {
    Ok(EntryLine {
        envelope: EnvelopeRef::parse(leaf)?,
        index,
        path: path.to_vec(),
    })
}

fn listed_as_it_is(name: &str, lines: Option<u64>, bytes: &[u8]) -> ListedPart {
    ListedPart {
        bytes: bytes.len() as u64,
        lines,
        name: name.to_owned(),
        packed: None,
        sha256: sha256(bytes),
    }
}
