//! Checkpoints and stored subtrees against the tree that the entries make.

use std::collections::VecDeque;

use domain::time::Instant;
use proof::checkpoint::{self, Checkpoint, VerifyingKey};
use proof::hash::Hash;
use proof::tree::Frontier;
use storage::ReadTx;
use storage::audit::StoredCheckpoint;

use super::report::TreeHead;
use super::{Checked, Stop, found};
use crate::audit::checkpoint::stored_node;

/// Checkpoints read at a time.
const CHUNK: i64 = 256;

/// A checkpoint that was kept elsewhere.
#[derive(Debug)]
pub(super) struct Since(Checkpoint);

impl Since {
    /// Reads the note.
    pub(super) fn open(note: &str, keys: &[VerifyingKey]) -> Result<Self, Stop> {
        let opened = checkpoint::open(note, keys)
            .or_else(|error| found(format!("The given checkpoint is not believed: {error}.")))?;
        Ok(Self(opened))
    }

    /// The log must not be shorter than it was.
    pub(super) fn reached(&self, head: i64) -> Checked {
        if u64::try_from(head).unwrap_or(0) >= self.0.size {
            return Ok(());
        }
        found(format!(
            "audit_head: the column seq says {head} entries, but the given checkpoint covers {}: entries were taken away.",
            self.0.size
        ))
    }

    fn at(&self, frontier: &Frontier) -> Checked {
        let Checkpoint { size, root, .. } = &self.0;
        if frontier.size() == *size && frontier.root() != *root {
            return found(format!(
                "audit_entry: the root over the first {size} entries is {}, but the given checkpoint says {root}: history was rewritten.",
                frontier.root()
            ));
        }
        Ok(())
    }
}

/// The checkpoints that are still ahead.
#[derive(Debug)]
pub(super) struct Checkpoints<'a> {
    keys: &'a [VerifyingKey],
    since: Option<Since>,
    ahead: VecDeque<StoredCheckpoint>,
    last: i64,
}

impl<'a> Checkpoints<'a> {
    pub(super) const fn new(keys: &'a [VerifyingKey], since: Option<Since>) -> Self {
        Self {
            keys,
            since,
            ahead: VecDeque::new(),
            last: 0,
        }
    }

    /// Reads the checkpoints up to an entry.
    pub(super) async fn fetch(&mut self, tx: &mut ReadTx, done: i64, to: i64) -> Checked {
        if done == 0
            && let Some(first) = tx.checkpoints_above(i64::MIN, 1).await?.first()
            && first.size < 1
        {
            return found(format!(
                "audit_checkpoint {}: the column size is below 1.",
                first.size
            ));
        }
        let mut above = self.ahead.back().map_or(done, |last| last.size);
        while above < to {
            let more = tx.checkpoints_above(above, CHUNK).await?;
            let Some(last) = more.last() else { break };
            above = last.size;
            self.ahead.extend(more);
        }
        Ok(())
    }

    /// Checks the checkpoint of this size, if there is one.
    pub(super) fn at(
        &mut self,
        frontier: &Frontier,
        (seq, recorded): (i64, Instant),
    ) -> Result<Option<TreeHead>, Stop> {
        if let Some(since) = &self.since {
            since.at(frontier)?;
        }
        let Some(stored) = self.ahead.pop_front_if(|next| next.size == seq) else {
            return Ok(None);
        };
        let (size, root) = (stored.size, frontier.root());
        let says = |what: String| found(format!("audit_checkpoint {size}: {what}"));
        let signed = match checkpoint::open(&stored.note, self.keys) {
            Ok(signed) => signed,
            Err(error) => return says(format!("the column note is not believed: {error}.")),
        };
        if u64::try_from(size) != Ok(signed.size) {
            return says(format!(
                "the column size differs from the column note, which says {}.",
                signed.size
            ));
        }
        if !self
            .keys
            .iter()
            .any(|key| key.name() == signed.origin.as_ref())
        {
            return says(format!(
                "the column note is of the log {}, whose key is not known.",
                signed.origin
            ));
        }
        if stored.root != signed.root.0 {
            return says(format!(
                "the column root differs from the column note, which says {}.",
                signed.root
            ));
        }
        if root != signed.root {
            let last = self.last;
            return says(format!(
                "the entries up to {size} have the root {root}, but {} was signed: an entry after {last} was changed.",
                signed.root
            ));
        }
        if stored.frontier != frontier.to_bytes() {
            return says("the column frontier is not the edge of the tree.".to_owned());
        }
        if stored.created < recorded {
            return says(format!(
                "the column created is {}, before the entry {size} was recorded.",
                stored.created
            ));
        }
        self.last = size;
        Ok(Some(TreeHead {
            size: signed.size,
            root: root.to_string(),
            time: stored.created.to_string(),
        }))
    }

    /// No checkpoint may be larger than the log.
    pub(super) async fn nothing_left(&mut self, tx: &mut ReadTx, last: i64) -> Checked {
        match tx.checkpoints_above(last, 1).await?.first() {
            None => Ok(()),
            Some(beyond) => found(format!(
                "audit_checkpoint {}: the column size says more entries than the log has, which are {last}.",
                beyond.size
            )),
        }
    }
}

/// Stored subtrees that are still to be compared.
#[derive(Debug)]
pub(super) struct Nodes {
    signed: i64,
    pending: Vec<(i16, i64, Hash)>,
}

impl Nodes {
    /// Subtrees are stored up to the last checkpoint.
    pub(super) const fn until(signed: i64) -> Self {
        Self {
            signed,
            pending: Vec::new(),
        }
    }

    /// A subtree is complete.
    pub(super) fn completed(&mut self, level: u32, position: u64, hash: Hash) {
        let end = (position + 1) << level;
        if level > 0
            && level.is_multiple_of(8)
            && i64::try_from(end).is_ok_and(|end| end <= self.signed)
        {
            self.pending.extend(stored_node(level, position, hash));
        }
    }

    /// Compares what is complete with what is stored.
    pub(super) async fn check(&mut self, tx: &mut ReadTx) -> Checked {
        self.pending
            .sort_unstable_by_key(|(level, position, _)| (*level, *position));
        for same in self.pending.chunk_by(|one, other| one.0 == other.0) {
            let (level, first) = (same[0].0, same[0].1);
            let stored = tx
                .nodes_to_check(level, first, i64::try_from(same.len()).unwrap_or(i64::MAX))
                .await?;
            let mut stored = stored.iter();
            for (_, position, hash) in same {
                match stored.next() {
                    Some((at, bytes)) if at == position && hash.0[..] == bytes[..] => {}
                    Some((at, _)) if at == position => {
                        return found(format!(
                            "audit_node ({level}, {position}): the column hash is not that of the entries, {hash}."
                        ));
                    }
                    _ => {
                        return found(format!(
                            "audit_node ({level}, {position}): the row is missing."
                        ));
                    }
                }
            }
        }
        self.pending.clear();
        Ok(())
    }

    /// No other subtree may be stored.
    pub(super) async fn nothing_else(&self, tx: &mut ReadTx) -> Checked {
        match tx.node_beyond(self.signed).await? {
            None => Ok(()),
            Some((level, position)) => found(format!(
                "audit_node ({level}, {position}): no tree of {} entries has this row; check its columns level and position.",
                self.signed
            )),
        }
    }
}
