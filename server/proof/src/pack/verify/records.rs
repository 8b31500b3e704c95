//! Lines that are the leaves of a signed tree, and their hashes in the pack.
//!
//! The hashes are believed when they lead to the root that the log has; then the line that differs is known for certain.
//! When they do not, either they or the lines were changed, and the lines' own root tells which.

use super::compare::Compare;
use crate::hash::{Hash, leaf_hash};
use crate::manifest;
use crate::pack::error::PackError;
use crate::tree::Frontier;

/// A signed tree over lines of a part.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    part: &'static str,
    /// The line of its first record.
    first: u64,
    /// What the records should be, such as "what the campaign was launched with".
    those: String,
    root: Hash,
    rows: u64,
    hashes_name: &'static str,
    hashes: &'a [[u8; 32]],
    state: State<'a>,
}

#[derive(Debug)]
enum State<'a> {
    /// The hashes lead to the root.
    Comparing(Compare<'a, 32>),
    /// They do not; the lines may.
    Doubtful {
        lines: Frontier,
        differs: Option<u64>,
    },
}

impl<'a> Tree<'a> {
    pub(super) fn new(
        part: &'static str,
        first: u64,
        those: String,
        (root, rows): (Hash, u64),
        (hashes_name, hashes): (&'static str, &'a [[u8; 32]]),
    ) -> Self {
        let led =
            hashes.len() as u64 == rows && manifest::root(hashes.iter().copied().map(Hash)) == root;
        let state = if led {
            State::Comparing(Compare::new(hashes))
        } else {
            State::Doubtful {
                lines: Frontier::new(),
                differs: None,
            }
        };
        Self {
            part,
            first,
            those,
            root,
            rows,
            hashes_name,
            hashes,
            state,
        }
    }

    /// Takes the next line. True when it is the one of the tree, as far as can be told; `item` is asked when it is not.
    pub(super) fn push(&mut self, line: &[u8], item: impl FnOnce() -> Option<u64>) -> bool {
        let hash = leaf_hash(line);
        match &mut self.state {
            State::Comparing(compare) => {
                compare.push(hash.0, item);
                compare.agrees()
            }
            State::Doubtful { lines, differs } => {
                let at = usize::try_from(lines.size()).ok();
                let known = at.and_then(|at| self.hashes.get(at));
                if known != Some(&hash.0) && differs.is_none() {
                    *differs = Some(lines.size() + 1);
                }
                lines.push(hash);
                false
            }
        }
    }

    /// Whether enough is known to stop before the last line.
    pub(super) fn is_decided(&self) -> bool {
        matches!(&self.state, State::Comparing(compare) if compare.is_decided())
    }

    /// Whether no more of the lines that follow is needed after `read` of `rows`: all are there, or what differs is known.
    pub(super) fn is_done(&self, read: u64, rows: u64) -> bool {
        match &self.state {
            State::Comparing(compare) => compare.is_decided() || (compare.agrees() && read >= rows),
            State::Doubtful { .. } => read >= rows,
        }
    }

    /// Whether the next line of the tree may be this one.
    pub(super) fn expects(&self, line: &[u8]) -> bool {
        match &self.state {
            State::Comparing(compare) => compare.expects(&leaf_hash(line).0),
            State::Doubtful { .. } => true,
        }
    }

    /// After the last line: nothing, or where the lines differ from the tree.
    pub(super) fn finish(self) -> Result<(), PackError> {
        let (part, name, those) = (self.part, self.hashes_name, &self.those);
        match self.state {
            State::Comparing(compare) => match compare.finish() {
                Some(found) => Err(found.error(part, self.first, those)),
                None => Ok(()),
            },
            State::Doubtful { lines, differs } => {
                let whole = lines.size() == self.rows && lines.root() == self.root;
                match differs {
                    _ if !whole => Err(PackError::of(
                        part,
                        format!(
                            "{part} is not {those}, and its hashes in {name} were changed with it: which line it is cannot be told."
                        ),
                    )),
                    Some(at) => Err(PackError::line(
                        name,
                        at,
                        None,
                        format!(
                            "is not the hash of that line of {part}, which is {those}: the hash was changed"
                        ),
                    )),
                    None => Err(PackError::of(
                        name,
                        format!("{name} has more hashes than {part} has lines: it was changed."),
                    )),
                }
            }
        }
    }
}
