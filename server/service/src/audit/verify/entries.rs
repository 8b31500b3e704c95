//! The walk over all entries: each by itself, and together as a tree.

use std::collections::BTreeMap;

use domain::id::ObjectKind;
use domain::time::Instant;
use proof::checkpoint::VerifyingKey;
use proof::entry::EnvelopeRef;
use proof::hash::{Hash, leaf_hash};
use proof::pack::EXPORTED;
use proof::tree::Frontier;
use storage::ReadTx;
use storage::audit::{EntryCheck, LogReader};

use super::columns::{Columns, DetailRows, TargetRows, none_such};
use super::plain::plain;
use super::report::{Report, TreeHead};
use super::signed::{Checkpoints, Nodes, Since};
use super::{Checked, Stop, found};

/// Entries read at a time: enough to make the question's cost small, few enough to stay small in memory.
const CHUNK: i64 = 512;

/// How many targets with content the log has, by kind: how many versions there must be.
pub(super) type Logged = [u64; ObjectKind::ALL.len()];

/// What the entries of bulk acts say of their manifests, by number of the entry: root and records.
pub(super) type Sealed = BTreeMap<i64, (Hash, u64)>;

/// The state between two entries.
pub(super) struct Walk<'a> {
    tx: &'a mut ReadTx,
    log: LogReader,
    report: &'a mut Report,
    head: (i64, Instant),
    last: (i64, Instant),
    frontier: Frontier,
    checkpoints: Checkpoints<'a>,
    nodes: Nodes,
    columns: Columns,
    sealed: Sealed,
}

impl<'a> Walk<'a> {
    pub(super) async fn begin(
        tx: &'a mut ReadTx,
        log: LogReader,
        keys: &'a [VerifyingKey],
        since: Option<Since>,
        report: &'a mut Report,
    ) -> Result<Self, Stop> {
        let head = tx.audit_head().await?;
        let signed = tx
            .latest_checkpoint()
            .await?
            .map_or(0, |latest| latest.size);
        if let Some(since) = &since {
            since.reached(head.0)?;
        }
        Ok(Self {
            head,
            last: (0, Instant::from_micros(i64::MIN)),
            frontier: Frontier::new(),
            checkpoints: Checkpoints::new(keys, since),
            nodes: Nodes::until(signed),
            columns: Columns::default(),
            sealed: Sealed::new(),
            tx,
            log,
            report,
        })
    }

    /// Checks all entries in their order.
    pub(super) async fn all(&mut self) -> Checked {
        let (first, last) = self.tx.entry_range().await?.unwrap_or((1, 0));
        if first < 1 {
            return found(format!(
                "audit_entry {first}: the column seq is below 1, where no entry can be."
            ));
        }
        let mut from = 1;
        loop {
            let to = (from + CHUNK - 1).min(self.head.0);
            self.chunk(from, to).await?;
            if to == self.head.0 {
                break;
            }
            from = to + 1;
        }
        if let Some((table, seq, ordinal)) = self.tx.part_above(self.head.0).await? {
            return found(none_such(table, seq, ordinal));
        }
        if last > self.head.0 {
            return found(format!(
                "audit_entry {last}: the row stands after the last entry, which audit_head.seq says is {}.",
                self.head.0
            ));
        }
        Ok(())
    }

    /// Checks the entries `from..=to`. What stands before all entries is found with the first of them.
    async fn chunk(&mut self, from: i64, to: i64) -> Checked {
        let parts = (if from == 1 { i64::MIN } else { from }, to);
        let chunk = self.log.chunk(self.tx, (from, to), parts).await?;
        self.checkpoints.fetch(self.tx, self.last.0, to).await?;
        let (mut targets, mut details) = (
            TargetRows::new(chunk.targets.iter()),
            DetailRows::new(chunk.details.iter()),
        );
        for entry in chunk.entries.iter() {
            self.entry(&entry, &mut targets, &mut details)?;
        }
        if self.last.0 < to {
            return found(format!(
                "audit_entry {}: the row is missing; audit_head.seq says there are {}.",
                self.last.0 + 1,
                self.head.0
            ));
        }
        targets.nothing_left()?;
        details.nothing_left()?;
        self.nodes.check(self.tx).await
    }

    fn entry(
        &mut self,
        entry: &EntryCheck<'_>,
        targets: &mut TargetRows<'_, '_>,
        details: &mut DetailRows<'_, '_>,
    ) -> Checked {
        let seq = entry.seq;
        let expected = self.last.0 + 1;
        if seq != expected {
            return found(format!(
                "audit_entry {expected}: the row is missing; the next one is {seq}."
            ));
        }
        if entry.recorded < self.last.1 {
            return found(format!(
                "audit_entry {seq}: the column recorded goes back to {}, before {} of the entry before it.",
                entry.recorded, self.last.1
            ));
        }
        if entry.recorded > self.head.1 {
            return found(format!(
                "audit_entry {seq}: the column recorded is {}, after audit_head.recorded, {}.",
                entry.recorded, self.head.1
            ));
        }
        let hash = leaf_hash(entry.leaf);
        if hash.0 != entry.leaf_hash {
            return found(format!(
                "audit_entry {seq}: the hash of the column leaf is {hash}, and the column leaf_hash says another."
            ));
        }
        let envelope = match plain(entry.leaf) {
            Some(envelope) => envelope,
            None => EnvelopeRef::parse(entry.leaf).or_else(|error| {
                found(format!(
                    "audit_entry {seq}: the column leaf is not a canonical entry: {error}."
                ))
            })?,
        };
        Columns::entry(entry, &envelope)?;
        self.columns.targets(seq, &envelope.targets, targets)?;
        let erased = Columns::details(seq, &envelope.details, details)?;
        self.report.details += envelope.details.len() as u64 - erased;
        self.report.erased_details += erased;
        // What the entry about an evidence pack binds is in the pack; nothing of it is kept here.
        if let Some(bulk) = &envelope.bulk
            && &*envelope.action != EXPORTED
        {
            self.sealed.insert(seq, (bulk.manifest, bulk.rows));
        }
        self.last = (seq, entry.recorded);
        self.push(hash)
    }

    fn push(&mut self, hash: Hash) -> Checked {
        let nodes = &mut self.nodes;
        self.frontier.push_with(hash, |level, position, hash| {
            nodes.completed(level, position, hash);
        });
        if let Some(latest) = self.checkpoints.at(&self.frontier, self.last)? {
            self.report.checkpoints += 1;
            self.report.latest_checkpoint = Some(latest);
        }
        self.report.entries += 1;
        Ok(())
    }

    /// Checks what only shows at the end, and answers what the log says of versions and of manifests.
    pub(super) async fn finish(mut self) -> Result<(Logged, Sealed), Stop> {
        self.checkpoints.nothing_left(self.tx, self.last.0).await?;
        self.nodes.nothing_else(self.tx).await?;
        self.report.head = (self.last.0 > 0).then(|| TreeHead {
            size: self.frontier.size(),
            root: self.frontier.root().to_string(),
            time: self.last.1.to_string(),
        });
        Ok((self.columns.logged(), self.sealed))
    }
}
