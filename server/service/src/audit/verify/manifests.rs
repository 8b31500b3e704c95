//! The manifests of runs: their records against the roots that the log bound, and what they say of versions.
//!
//! A run that is still applied has no entry that binds its manifest yet; its records are checked against the edge of the
//! tree that the run itself keeps.

use std::collections::HashMap;

use domain::id::{ObjectKind, SourceRunId};
use domain::time::Instant;
use proof::hash::{Hash, leaf_hash};
use proof::tree::Frontier;
use storage::ReadTx;
use storage::manifests::{ManifestChunk, ManifestSeal};

use super::entries::Sealed;
use super::report::Report;
use super::{Checked, Stop, found};

/// Chunks read at a time. Each holds some thousand records.
const CHUNKS: i64 = 16;
/// Runs read at a time.
const RUNS: i64 = 256;

/// What a manifest says that an object's content became.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// The object's number.
    pub(super) raw: i64,
    /// When.
    pub(super) recorded: Instant,
    /// By which run.
    pub(super) run: SourceRunId,
    /// Hash of its content.
    pub(super) content: [u8; 32],
}

/// Marks by kind, each in the order of number and moment.
pub(super) type Marks = HashMap<ObjectKind, Vec<Mark>>;

/// Checks all manifests and answers their marks.
pub(super) async fn check(
    tx: &mut ReadTx,
    mut sealed: Sealed,
    report: &mut Report,
) -> Result<Marks, Stop> {
    let mut marks = Marks::new();
    let mut chunks = Chunks {
        after: (i64::MIN, i64::MIN),
        ahead: Vec::new().into_iter().peekable(),
    };
    let mut after = i64::MIN;
    loop {
        let runs = tx.manifest_seals(after, RUNS).await?;
        let Some(last) = runs.last() else { break };
        after = last.run.raw();
        for seal in &runs {
            let frontier = records(tx, &mut chunks, seal, &mut marks).await?;
            report.records += frontier.size();
            against(seal, &frontier, &mut sealed)?;
        }
    }
    if let Some(chunk) = chunks.next(tx).await? {
        return found(format!("{}: no run has it.", name(chunk)));
    }
    if let Some((seq, _)) = sealed.first_key_value() {
        return found(format!(
            "audit_entry {seq}: the leaf binds a manifest, and neither a row of source_run nor of review_tree says that it is its own."
        ));
    }
    for marks in marks.values_mut() {
        marks.sort_by_key(|mark| (mark.raw, mark.recorded));
    }
    Ok(marks)
}

/// Reads the records of a run into a tree.
async fn records(
    tx: &mut ReadTx,
    chunks: &mut Chunks,
    seal: &ManifestSeal,
    marks: &mut Marks,
) -> Result<Frontier, Stop> {
    let mut frontier = Frontier::new();
    let mut ordinal = 0;
    while let Some(chunk) = chunks.next_of(tx, seal.run).await? {
        let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
        if (chunk.ordinal, chunk.first_leaf) != (ordinal, size) {
            return found(format!(
                "{}: the chunk {ordinal} from record {size} on is missing before it.",
                name(&chunk)
            ));
        }
        for line in chunk.lines() {
            frontier.push(leaf_hash(line.as_bytes()));
        }
        if i64::try_from(frontier.size()) != Ok(size + chunk.leaves) {
            return found(format!(
                "{}: the column leaves does not say how many records it has.",
                name(&chunk)
            ));
        }
        for (kind, raw, content) in chunk.marks() {
            marks.entry(kind).or_default().push(Mark {
                raw,
                recorded: chunk.recorded,
                run: chunk.run,
                content,
            });
        }
        ordinal += 1;
    }
    Ok(frontier)
}

/// What the run and the entry that ended it say, against what its records are.
fn against(seal: &ManifestSeal, frontier: &Frontier, sealed: &mut Sealed) -> Checked {
    let (run, root) = (seal.run, frontier.root());
    let of = format!("source_run {run} (id {})", run.raw());
    if i64::try_from(frontier.size()) != Ok(seal.records) {
        return found(format!(
            "{of}: the column records says {}, and its manifest has {}.",
            seal.records,
            frontier.size()
        ));
    }
    if seal.frontier != frontier.to_bytes() {
        return found(format!(
            "{of}: the column frontier does not fit its manifest: a record was changed."
        ));
    }
    let Some(seq) = seal.finished_seq else {
        return if seal.root.is_none() {
            Ok(())
        } else {
            found(format!(
                "{of}: the column root is filled, and finished_seq is not."
            ))
        };
    };
    if seal.root.as_deref() != Some(&root.0[..]) {
        return found(format!(
            "{of}: the column root differs from the root of its manifest, {root}."
        ));
    }
    match sealed.remove(&seq) {
        Some((bound, records)) if bound == root && records == frontier.size() => Ok(()),
        Some((bound, records)) => found(format!(
            "{of}: entry {seq} binds the root {bound} over {records} records, and its manifest has the root {} over {}.",
            Hash(root.0),
            frontier.size()
        )),
        // Nothing was done, so nothing had to be bound: a run that was refused or called off.
        None if frontier.size() == 0 => Ok(()),
        None => found(format!(
            "{of}: the column finished_seq says {seq}, and that entry binds no manifest, or that of another run."
        )),
    }
}

fn name(chunk: &ManifestChunk) -> String {
    format!(
        "manifest_chunk {} of run {} (id {})",
        chunk.ordinal,
        chunk.run,
        chunk.run.raw()
    )
}

/// All chunks in the order of run and ordinal.
struct Chunks {
    after: (i64, i64),
    ahead: std::iter::Peekable<std::vec::IntoIter<ManifestChunk>>,
}

impl Chunks {
    async fn next(&mut self, tx: &mut ReadTx) -> Result<Option<&ManifestChunk>, Stop> {
        if self.ahead.peek().is_none() {
            let chunks = tx.manifest_chunks(self.after, CHUNKS).await?;
            if let Some(last) = chunks.last() {
                self.after = (last.run.raw(), last.ordinal);
            }
            self.ahead = chunks.into_iter().peekable();
        }
        Ok(self.ahead.peek())
    }

    /// The next chunk, when it is of this run.
    async fn next_of(
        &mut self,
        tx: &mut ReadTx,
        run: SourceRunId,
    ) -> Result<Option<ManifestChunk>, Stop> {
        let is_next = self.next(tx).await?.is_some_and(|chunk| chunk.run == run);
        Ok(if is_next { self.ahead.next() } else { None })
    }
}
