//! Bringing files in: they are kept in the database in pieces until the run is over, so that any node can work on it.

use std::collections::BTreeMap;

use domain::id::{SourceId, SourceRunId};
use domain::permission::{Action, Facts};
use domain::source::{FileKind, ImportMode, Mapping, RunFile, RunState, Source, SourceRun};
use sha2::{Digest as _, Sha256};
use storage::WriteTx;
use storage::runs::NewRun;

use super::engine::Staged as StagedColumns;
use super::file::{PIECE, beginning, columns, plain};
use super::run::write;
use crate::boxed;
use crate::{Cx, Error, Result, Service};

/// Most bytes of a file.
const FILE_MAX: u64 = 16 << 30;
/// Pieces that are written in one transaction.
const TOGETHER: usize = 16;
/// Pieces that are removed in one transaction.
const TOGETHER_GONE: i64 = 400;
/// Rows that are shown of a file.
const SHOWN: usize = 3;

/// What is known of a staged file before it is read.
#[derive(Debug, Clone)]
pub struct StagedFile {
    /// What is in it.
    pub kind: FileKind,
    /// What it was called.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its columns, as the file has them.
    pub header: Vec<String>,
    /// The first rows; none once the files are gone.
    pub rows: Vec<Vec<String>>,
    /// Our columns and which of the file's stands for each.
    pub columns: Vec<ColumnChoice>,
    /// The file's other columns: attributes of people, or left aside.
    pub others: Vec<String>,
    /// What is wrong with the header; then nothing of the file can be read.
    pub problems: Vec<String>,
}

/// One of our columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChoice {
    /// Its name.
    pub ours: &'static str,
    /// Whether a file must have it.
    pub required: bool,
    /// The file's column that stands for it.
    pub theirs: Option<String>,
}

/// A run with its files.
#[derive(Debug, Clone)]
pub struct Staged {
    /// The run.
    pub run: SourceRun,
    /// Its source.
    pub source: Source,
    /// Its files, in the order in which they are applied.
    pub files: Vec<StagedFile>,
}

/// Begins a run: files can be brought in. A form that began one before is answered with [`Error::AlreadyDone`] and the id of
/// that run.
#[boxed]
pub async fn begin(
    service: &Service,
    cx: &Cx,
    source: SourceId,
    mode: ImportMode,
) -> Result<SourceRunId> {
    let result = carry_out_begin(service, cx, source, mode).await;
    service.noted(cx, result).await
}

async fn carry_out_begin(
    service: &Service,
    cx: &Cx,
    source: SourceId,
    mode: ImportMode,
) -> Result<SourceRunId> {
    cx.decide(Action::RunImport, Some(source.into()), Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let found = tx.source(source).await?.ok_or(Error::NotFound)?;
    if found.content.status != domain::lifecycle::Lifecycle::Active {
        return Err(Error::Refused(
            "This source has ended. Choose another, or add a new one.".to_owned(),
        ));
    }
    let run = tx
        .insert_run(&NewRun {
            source,
            mode,
            created_by: cx.actor.text(),
            allow_shrink: None,
        })
        .await?;
    let reason = "a run without files; what it changes is in the log when it is applied";
    service.commit_once(cx, tx, run, reason).await?;
    Ok(run)
}

/// A file on its way in.
#[derive(Debug)]
pub struct Upload {
    run: SourceRunId,
    kind: FileKind,
    name: String,
    bytes: u64,
    hash: Sha256,
    piece: Vec<u8>,
    full: Vec<Vec<u8>>,
    written: i64,
    head: Vec<u8>,
}

impl Upload {
    /// Begins to bring a file in. One of the same kind is taken out first.
    #[boxed]
    pub async fn begin(
        service: &Service,
        cx: &Cx,
        run: SourceRunId,
        kind: FileKind,
        name: &str,
    ) -> Result<Self> {
        let result = open_run(service, cx, run).await;
        service.noted(cx, result).await?;
        // Pieces of two files never stand side by side, also when this one does not come to its end.
        take_out(service, run, kind).await?;
        Ok(Self {
            run,
            kind,
            name: name
                .rsplit(['/', '\\'])
                .next()
                .unwrap_or_default()
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect(),
            bytes: 0,
            hash: Sha256::new(),
            piece: Vec::new(),
            full: Vec::new(),
            written: 0,
            head: Vec::new(),
        })
    }

    /// Takes the next bytes, any number of them.
    #[boxed]
    pub async fn push(&mut self, service: &Service, mut bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > FILE_MAX {
            return Err(Error::Refused(format!(
                "The file is larger than {} GiB. Split it and import the parts in mode delta.",
                FILE_MAX >> 30
            )));
        }
        self.hash.update(bytes);
        let size = usize::try_from(PIECE).unwrap_or(usize::MAX);
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(size - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == size {
                self.full.push(std::mem::take(&mut self.piece));
            }
        }
        if self.full.len() >= TOGETHER {
            self.write(service).await?;
        }
        Ok(())
    }

    /// Keeps the file.
    #[boxed]
    pub async fn finish(mut self, service: &Service) -> Result<StagedFile> {
        if !self.piece.is_empty() {
            self.full.push(std::mem::take(&mut self.piece));
        }
        self.write(service).await?;
        let header = beginning(&self.head, 0)
            .into_iter()
            .next()
            .unwrap_or_default();
        let file = RunFile {
            kind: self.kind,
            name: self.name,
            bytes: self.bytes,
            sha256: self.hash.finalize().into(),
            header,
        };
        let mut tx = write(service).await?;
        reopen(&mut tx, self.run).await?;
        tx.put_run_file(self.run, &file).await?;
        tx.commit_unaudited("a file of a run that has changed nothing yet")
            .await?;
        let mut read = service.store.read().await?;
        let run = read.run(self.run).await?.ok_or(Error::NotFound)?;
        let source = read.source(run.source).await?.ok_or(Error::NotFound)?;
        Ok(describe(&file, &self.head, &source.content.mapping))
    }

    /// SHA-256 and size of what was brought in so far.
    pub(super) fn seen(&self) -> (u64, [u8; 32]) {
        (self.bytes, self.hash.clone().finalize().into())
    }

    async fn write(&mut self, service: &Service) -> Result<()> {
        if self.full.is_empty() {
            return Ok(());
        }
        if self.written == 0 {
            self.head.clone_from(&self.full[0]);
        }
        let mut tx = write(service).await?;
        reopen(&mut tx, self.run).await?;
        for piece in self.full.drain(..) {
            tx.append_run_chunk(self.run, self.kind, self.written, &piece)
                .await?;
            self.written += 1;
        }
        tx.commit_unaudited("pieces of a file of a run that has changed nothing yet")
            .await?;
        Ok(())
    }
}

/// Takes a staged file out again.
#[boxed]
pub async fn discard(service: &Service, cx: &Cx, run: SourceRunId, kind: FileKind) -> Result<()> {
    let result = open_run(service, cx, run).await;
    service.noted(cx, result).await?;
    take_out(service, run, kind).await
}

async fn take_out(service: &Service, run: SourceRunId, kind: FileKind) -> Result<()> {
    loop {
        let mut tx = write(service).await?;
        reopen(&mut tx, run).await?;
        let gone = tx.delete_run_file(run, kind, TOGETHER_GONE).await?;
        tx.commit_unaudited("a file of a run that has changed nothing yet")
            .await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

/// A run with its files, for choosing columns.
#[boxed]
pub async fn staged(service: &Service, cx: &Cx, run: SourceRunId) -> Result<Staged> {
    let result = read_staged(service, cx, run).await;
    service.noted(cx, result).await
}

pub(super) async fn read_staged(service: &Service, cx: &Cx, run: SourceRunId) -> Result<Staged> {
    cx.decide(Action::ReadSource, Some(run.into()), Facts::default())?;
    let mut tx = service.store.read().await?;
    let found = tx.run(run).await?.ok_or(Error::NotFound)?;
    let source = tx.source(found.source).await?.ok_or(Error::NotFound)?;
    let mut files = Vec::new();
    for file in tx.run_files(run).await? {
        // Rows of files are personal data: only who may import sees them, and only as long as they are here.
        let may = cx
            .decide(Action::RunImport, Some(run.into()), Facts::default())
            .is_ok();
        let head = if may {
            tx.run_chunk(run, file.kind, 0).await?.unwrap_or_default()
        } else {
            Vec::new()
        };
        files.push(describe(&file, &head, &source.content.mapping));
    }
    files.sort_by_key(|file| file.kind);
    Ok(Staged {
        run: found,
        source,
        files,
    })
}

/// Says which of a file's columns stand for ours; remembered in the source. Columns that are called like ours need not be
/// named.
#[boxed]
pub async fn map(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    kind: FileKind,
    mapping: BTreeMap<String, String>,
) -> Result<()> {
    let result = carry_out_map(service, cx, run, kind, mapping).await;
    service.noted(cx, result).await
}

async fn carry_out_map(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    kind: FileKind,
    mapping: BTreeMap<String, String>,
) -> Result<()> {
    let run = open_run(service, cx, run).await?;
    crate::sources::remember_mapping(service, cx, run.source, kind, Some((mapping, run.id))).await
}

/// In the transaction that changes what a run reads: what was checked is no longer what would be applied, so it must be
/// checked again; and while it is checked or applied, nothing of it changes.
pub(crate) async fn reopen(tx: &mut WriteTx, run: SourceRunId) -> Result<()> {
    match tx.reopen_run(run).await {
        Err(storage::Error::Stale) => {
            let found = tx.run(run).await?.ok_or(Error::NotFound)?;
            Err(closed(found.state))
        }
        reopened => Ok(reopened?),
    }
}

/// A run whose files may still change, for somebody who may change them.
pub(super) async fn open_run(service: &Service, cx: &Cx, run: SourceRunId) -> Result<SourceRun> {
    cx.decide(Action::RunImport, Some(run.into()), Facts::default())?;
    let found = service
        .store
        .read()
        .await?
        .run(run)
        .await?
        .ok_or(Error::NotFound)?;
    match found.state {
        RunState::Staged | RunState::Checked => Ok(found),
        state => Err(closed(state)),
    }
}

fn closed(state: RunState) -> Error {
    Error::Refused(format!(
        "This import is {} and cannot be changed. Begin a new one.",
        state.label().to_lowercase()
    ))
}

/// The columns of all files of a run; what is wrong with headers comes back by file.
pub(super) fn with_columns(
    files: Vec<RunFile>,
    mapping: &Mapping,
) -> (Vec<StagedColumns>, Vec<(FileKind, String)>) {
    let (mut staged, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        if file.bytes == 0 || file.header.is_empty() {
            problems.push((
                file.kind,
                "The file is empty. It needs at least a header.".to_owned(),
            ));
            continue;
        }
        match columns(file.kind, &file.header, mapping.get(&file.kind)) {
            Ok(columns) => staged.push(StagedColumns { file, columns }),
            Err(wrong) => problems.extend(wrong.into_iter().map(|problem| (file.kind, problem))),
        }
    }
    (staged, problems)
}

fn describe(file: &RunFile, head: &[u8], mapping: &Mapping) -> StagedFile {
    let mapped = mapping.get(&file.kind);
    let mut problems = Vec::new();
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        problems.push(
            "The file is in UTF-16. Save it as “CSV UTF-8” and bring it in again.".to_owned(),
        );
    }
    if let Err(wrong) = columns(file.kind, &file.header, mapped) {
        problems.extend(wrong);
    }
    let theirs = |ours: &str| {
        let said = mapped.and_then(|map| map.get(ours));
        if said.is_some_and(String::is_empty) && file.kind.optional().contains(&ours) {
            return None;
        }
        let said = said.filter(|theirs| !theirs.is_empty());
        let wanted = said.map_or_else(|| ours.to_owned(), |theirs| plain(theirs));
        file.header
            .iter()
            .find(|name| plain(name) == wanted)
            .map(|name| name.trim().to_owned())
    };
    let choices: Vec<ColumnChoice> = file
        .kind
        .required()
        .iter()
        .map(|ours| (*ours, true))
        .chain(file.kind.optional().iter().map(|ours| (*ours, false)))
        .map(|(ours, required)| ColumnChoice {
            ours,
            required,
            theirs: theirs(ours),
        })
        .collect();
    let taken = |name: &&String| {
        !name.trim().is_empty()
            && !choices
                .iter()
                .any(|choice| choice.theirs.as_deref() == Some(name.trim()))
    };
    StagedFile {
        kind: file.kind,
        name: file.name.clone(),
        bytes: file.bytes,
        header: file.header.clone(),
        rows: beginning(head, SHOWN).into_iter().skip(1).collect(),
        others: file
            .header
            .iter()
            .filter(taken)
            .map(|name| name.trim().to_owned())
            .collect(),
        columns: choices,
        problems,
    }
}
