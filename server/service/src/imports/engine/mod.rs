//! The comparison of files with what is recorded: one walk over the rows, of which a dry run only counts what the apply
//! writes.
//!
//! Nothing here decides about permission; see `run`. A walk that broke off is simply walked again: what was written is
//! then unchanged, and the totals of what was written stand in the run's row.

mod access;
mod accounts;
mod applications;
mod cells;
mod decisions;
mod entitlements;
mod foretell;
mod members;
mod names;
mod objects;
mod people;
mod recorded;
mod roles;
mod tally;
mod usernames;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::application::ApplicationContent;
use domain::audit::Event;
use domain::entitlement::EntitlementContent;
use domain::id::SourceRunId;
use domain::source::{FileKind, ImportMode, RowRecord, RowSubject, RunFile, Source};
use domain::time::{Date, Instant, SECOND};
use jiff::tz::TimeZone;
use storage::WriteTx;

use names::Known;
pub(super) use names::Name;
pub(super) use tally::Tally;
use tally::totals_of;
pub use tally::{Change, FieldChange, Shrink};
use usernames::nobody;

use super::file::{Columns, Reader, Row};
use super::foreseen::Foreseen;
use super::progress::{Halt, Progress, Step};
use crate::jobs::Work;
use crate::{Error, Result as ServiceResult, Service};

type Result<T> = std::result::Result<T, Halt>;

/// Rows that are looked up, compared and written together.
const BATCH: usize = 2000;
/// Rows of access that are written together: they are small.
const GRANTS: usize = 5000;
/// Rows of a scan in one statement.
const SCAN: i64 = 20_000;

/// How long nobody relieves a worker that is not heard of.
pub(super) const LEASE: i64 = 30 * SECOND;

/// Who writes a run.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    /// The worker's name.
    pub(super) name: String,
    /// When it was last heard of.
    pub(super) held: Instant,
}

/// A staged file whose columns are known.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) file: RunFile,
    pub(super) columns: Columns,
}

/// One walk over the files of a run.
#[derive(Debug)]
pub(super) struct Engine<'a> {
    pub(super) service: &'a Service,
    pub(super) progress: &'a Progress,
    /// The job this is part of.
    pub(super) work: Option<&'a Work>,
    /// Who writes; none in a dry run.
    pub(super) holder: Option<Holder>,
    pub(super) run: SourceRunId,
    pub(super) source: Source,
    pub(super) mode: ImportMode,
    pub(super) files: BTreeMap<FileKind, Arc<Staged>>,
    /// Nothing is written.
    pub(super) dry: bool,
    /// What a dry run finds about access.
    foreseen: Option<Box<Foreseen>>,
    /// Whether people who hold rights in the console may be changed.
    pub(super) may_touch_privileged: bool,
    pub(super) zone: TimeZone,
    pub(super) tally: Tally,
    /// Distinct objects or grants that a file names.
    named: BTreeMap<FileKind, u64>,
    /// Files with lines of which nobody knows what they name: nothing of them counts as missing.
    uncertain: BTreeSet<FileKind>,
    people: Known,
    /// Who had a username of which nobody has decided yet whom it means now.
    waiting: HashMap<Name, i64>,
    applications: Known,
    entitlements: Known,
    logins: accounts::Logins,
    roles: Known,
    /// Who used a username last, of those who have ended; looked up when a file names one.
    former: Option<HashMap<Name, i64>>,
    /// People who have ended, or will when this is applied.
    ended: HashSet<i64>,
    /// Kinds of which all names were looked up.
    learnt: BTreeSet<FileKind>,
    /// The last number given to something that a dry run would add.
    fresh: i64,
    bytes_done: u64,
}

/// What a walk starts from.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) run: SourceRunId,
    pub(super) source: Source,
    pub(super) mode: ImportMode,
    pub(super) files: Vec<Staged>,
    pub(super) dry: bool,
    pub(super) may_touch_privileged: bool,
    pub(super) zone: TimeZone,
}

impl<'a> Engine<'a> {
    /// A walk that has not begun.
    pub(super) fn new(service: &'a Service, progress: &'a Progress, start: Start) -> Self {
        let foreseen = Foreseen::new(service.now(), &start.zone);
        Self {
            service,
            progress,
            foreseen: start.dry.then(|| Box::new(foreseen)),
            work: None,
            holder: None,
            run: start.run,
            source: start.source,
            mode: start.mode,
            files: start
                .files
                .into_iter()
                .map(|staged| (staged.file.kind, Arc::new(staged)))
                .collect(),
            dry: start.dry,
            may_touch_privileged: start.may_touch_privileged,
            zone: start.zone,
            tally: Tally::default(),
            named: BTreeMap::new(),
            uncertain: BTreeSet::new(),
            people: Known::default(),
            waiting: HashMap::new(),
            applications: Known::default(),
            entitlements: Known::default(),
            logins: accounts::Logins::default(),
            roles: Known::default(),
            former: None,
            ended: HashSet::new(),
            learnt: BTreeSet::new(),
            fresh: 0,
            bytes_done: 0,
        }
    }

    /// Walks over all files in the order in which they build on each other.
    pub(super) async fn walk(&mut self) -> Result<()> {
        for kind in self.files.keys().copied().collect::<Vec<_>>() {
            self.tally.of(kind);
        }
        self.people().await?;
        self.objects::<ApplicationContent>().await?;
        self.objects::<EntitlementContent>().await?;
        self.accounts().await?;
        self.roles().await?;
        self.members().await?;
        self.access().await?;
        self.decisions().await
    }

    /// Completes the totals: `written` are those of what was written, of this attempt and those before.
    pub(super) fn totals(
        &self,
        written: Option<&domain::source::RunTotals>,
    ) -> domain::source::RunTotals {
        let mut totals = self.tally.totals.clone();
        if let Some(written) = written {
            for counted in totals.values_mut() {
                (counted.added, counted.changed, counted.ended) = (0, 0, 0);
            }
            for (kind, done) in written {
                let counted = totals.entry(*kind).or_default();
                (counted.added, counted.changed, counted.ended) =
                    (done.added, done.changed, done.ended);
            }
        }
        for (kind, named) in &self.named {
            let counted = totals.entry(*kind).or_default();
            counted.unchanged = named.saturating_sub(counted.added + counted.changed);
        }
        totals
    }

    fn reader(&self, kind: FileKind) -> Option<Reader> {
        let staged = self.files.get(&kind)?;
        Some(Reader::new(
            self.service.store.clone(),
            self.run,
            Arc::clone(staged),
            self.dry,
        ))
    }

    /// Notes a row that cannot be read, when it is one.
    fn broken(&mut self, kind: FileKind, row: Row<'_>) -> bool {
        let Some((column, message)) = row.fault() else {
            return false;
        };
        self.tally.reject(kind, row.line(), column, message);
        true
    }

    /// Counts the rows of a file once it was read.
    fn read_to_end(&mut self, kind: FileKind, reader: &Reader) {
        self.tally.of(kind).rows = reader.rows();
        self.bytes_done += reader.position();
        self.step(kind, 0);
    }

    /// Says how far this is and whether it goes on.
    fn step(&mut self, kind: FileKind, position: u64) {
        self.progress.report(Step {
            kind,
            done: self.bytes_done + position,
            total: self.files.values().map(|staged| staged.file.bytes).sum(),
            problems: self.tally.problems_found,
        });
    }

    /// A place where it may be stopped, and others get on.
    async fn pause(&mut self, kind: FileKind, position: u64) -> Result<()> {
        let now = self.now();
        if self
            .holder
            .as_ref()
            .is_some_and(|holder| now.since(holder.held) > LEASE / 3)
        {
            let mut tx = self.begin().await?;
            self.hold(&mut tx).await?;
            tx.commit_unaudited("who works on a run").await?;
        }
        self.step(kind, position);
        tokio::task::yield_now().await;
        self.progress.go_on()
    }

    /// Rejects a row with everything that is wrong in it.
    fn reject(&mut self, kind: FileKind, line: u64, wrong: cells::Wrong) {
        self.tally.of(kind).rejected += 1;
        for (column, message) in wrong {
            self.tally.problem(kind, line, column, message);
        }
    }

    /// Whether rows of a kind that the file does not name have ended.
    fn ends_what_is_missing(&self, kind: FileKind) -> bool {
        self.mode == ImportMode::Snapshot
            && self.files.contains_key(&kind)
            && !self.uncertain.contains(&kind)
    }

    /// A number for something that would be new.
    fn provisional(&mut self) -> i64 {
        self.fresh -= 1;
        self.fresh
    }

    /// Keeps the run in a transaction; [`Halt::Held`] when another worker has it.
    async fn hold(&mut self, tx: &mut WriteTx) -> Result<()> {
        let now = self.service.now();
        let Some(holder) = &mut self.holder else {
            return Ok(());
        };
        match tx
            .hold_run(self.run, &holder.name, now, now.plus(LEASE))
            .await
        {
            Err(storage::Error::Stale) => Err(Halt::Held),
            held => {
                holder.held = now;
                Ok(held?)
            }
        }
    }

    /// Keeps the job and the run in a transaction that writes what the walk found: whoever lost one of them writes nothing.
    async fn keep(&mut self, tx: &mut WriteTx) -> Result<()> {
        if let Some(work) = self.work {
            match work.keep(tx).await {
                // Another worker goes on with it.
                Err(Error::Conflict) => return Err(Halt::Held),
                kept => kept?,
            }
        }
        self.hold(tx).await
    }

    async fn begin(&self) -> ServiceResult<WriteTx> {
        Ok(self
            .service
            .store
            .write(self.service.now(), self.service.entropy.clone())
            .await?)
    }

    /// Commits a chunk with its records and their totals, and lets others write.
    async fn commit(&mut self, tx: WriteTx, records: &[RowRecord]) -> Result<()> {
        self.commit_with(tx, records, Vec::new()).await
    }

    /// The same, with entries of what followed from the rows.
    async fn commit_with(
        &mut self,
        mut tx: WriteTx,
        records: &[RowRecord],
        events: Vec<Event>,
    ) -> Result<()> {
        self.keep(&mut tx).await?;
        tx.commit_rows(self.run, records, &totals_of(records), events)
            .await?;
        tokio::task::yield_now().await;
        self.progress.go_on()
    }

    fn today(&self) -> Date {
        self.now().day(&self.zone)
    }

    fn now(&self) -> Instant {
        self.service.now()
    }
}

/// A record about an object.
fn about(
    change: domain::source::RowChange,
    file: FileKind,
    line: u64,
    target: impl Into<domain::id::ObjectRef>,
    content: Option<[u8; 32]>,
) -> RowRecord {
    RowRecord {
        change,
        file,
        line: (line > 0).then_some(line),
        about: RowSubject::Object {
            target: target.into(),
            content,
        },
    }
}
