//! The log's side of a pack: keys, the two checkpoints, and the entry about the export.

use crate::canonical;
use crate::checkpoint::{self, Checkpoint, NoteError, VerifyingKey};
use crate::entry::{EnvelopeRef, TargetMarkRef};
use crate::hash::leaf_hash;
use crate::pack::error::PackError;
use crate::pack::part::Part;
use crate::pack::record::{EXPORTED, EntryLine, Seal};
use crate::tree::{verify_consistency, verify_inclusion};

use super::contents::Contents;
use super::verified::{CheckpointUsed, KeyUsed};

/// The keys that are trusted: the caller's, or else the pack's own.
#[derive(Debug)]
pub(super) struct Keys {
    trusted: Vec<VerifyingKey>,
    from_pack: bool,
    /// The pack's own, for the message that none of the caller's signed it.
    named: String,
}

/// What the seal says, all of it proven.
#[derive(Debug)]
pub(super) struct Sealed<'a> {
    pub(super) checkpoint: Checkpoint,
    pub(super) keys: Vec<KeyUsed>,
    pub(super) entry: EnvelopeRef<'a>,
}

impl Keys {
    /// `given` are the caller's; without any, those of the pack are taken.
    pub(super) fn choose(
        contents: &Contents<'_>,
        given: &[VerifyingKey],
    ) -> Result<Self, PackError> {
        let name = Part::Keys.name();
        let text = str::from_utf8(contents.member(Part::Keys).data);
        let text =
            text.map_err(|error| PackError::of(name, format!("{name} is no text: {error}.")))?;
        let own: Result<Vec<VerifyingKey>, _> = text.lines().map(str::parse).collect();
        let own =
            own.map_err(|error| PackError::of(name, format!("{name} holds no keys: {error}.")))?;
        Ok(Self {
            from_pack: given.is_empty(),
            trusted: if given.is_empty() {
                own
            } else {
                given.to_vec()
            },
            named: text.lines().collect::<Vec<_>>().join(" "),
        })
    }

    /// The checkpoint in a signed note, and which of the keys signed it.
    fn open(&self, part: Part, note: &str) -> Result<(Checkpoint, Vec<KeyUsed>), PackError> {
        let name = part.name();
        let checkpoint = checkpoint::open(note, &self.trusted);
        let checkpoint = checkpoint.map_err(|error| match error {
            NoteError::Unsigned if self.from_pack => PackError::of(
                name,
                format!("The checkpoint in {name} is signed by none of the keys in key.txt."),
            ),
            NoteError::Unsigned => PackError::of(
                name,
                format!(
                    "The checkpoint in {name} is signed by none of your keys. The pack names {}: if that is your organisation's key, verify with it.",
                    self.named
                ),
            ),
            error => PackError::of(name, format!("The checkpoint in {name} is not to be believed: {error}.")),
        })?;
        let signed =
            |key: &&VerifyingKey| checkpoint::open(note, std::slice::from_ref(*key)).is_ok();
        let used = self.trusted.iter().filter(signed).map(|key| KeyUsed {
            key: key.to_string(),
            from_pack: self.from_pack,
        });
        Ok((checkpoint, used.collect()))
    }

    /// The checkpoint that the entries are proven against, and which of the keys signed it.
    pub(super) fn first(
        &self,
        contents: &Contents<'_>,
    ) -> Result<(Checkpoint, Vec<KeyUsed>), PackError> {
        let name = Part::Checkpoint.name();
        let note = str::from_utf8(contents.member(Part::Checkpoint).data);
        let note =
            note.map_err(|error| PackError::of(name, format!("{name} is no text: {error}.")))?;
        self.open(Part::Checkpoint, note)
    }

    /// Proves the seal: its checkpoint is signed and extends the first one, and holds an entry about an export.
    pub(super) fn seal<'a>(
        &self,
        contents: &Contents<'a>,
        first: &Checkpoint,
    ) -> Result<Sealed<'a>, PackError> {
        let name = Part::Seal.name();
        let wrong = |why: &str| PackError::of(name, format!("seal.json {why}."));
        let bytes = contents.member(Part::Seal).data;
        let seal: Seal<'a> = serde_json::from_slice(bytes)
            .map_err(|error| wrong(&format!("is no seal: {error}")))?;
        let form =
            canonical::to_vec(&seal).map_err(|error| wrong(&format!("is no seal: {error}")))?;
        canonical::same(bytes, &form).map_err(|error| wrong(&format!("was changed: {error}")))?;
        let (checkpoint, keys) = self.open(Part::Seal, &seal.checkpoint)?;
        if checkpoint.origin != first.origin {
            return Err(wrong(&format!(
                "is of the log {}, and the entries are of the log {}",
                checkpoint.origin, first.origin
            )));
        }
        verify_consistency(
            first.size,
            checkpoint.size,
            &first.root,
            &checkpoint.root,
            &seal.consistency,
        )
        .map_err(|_| {
            wrong("does not show that the log only grew since the checkpoint in checkpoint.txt")
        })?;
        prove(&seal.entry, &checkpoint)
            .map_err(|why| wrong(&format!("holds an entry about the export that {why}")))?;
        let entry = seal.entry.envelope;
        if &*entry.action != EXPORTED || &*entry.outcome != "done" {
            return Err(wrong(&format!(
                "holds an entry that is not about an export but {}",
                &*entry.action
            )));
        }
        Ok(Sealed {
            checkpoint,
            keys,
            entry,
        })
    }
}

/// Checks that the entry is in the log at that checkpoint; the error goes on "the entry …".
pub(super) fn prove(line: &EntryLine<'_>, checkpoint: &Checkpoint) -> Result<(), String> {
    let leaf = canonical::to_vec(&line.envelope)
        .map_err(|error| format!("has no canonical form ({error})"))?;
    verify_inclusion(
        line.index,
        checkpoint.size,
        &leaf_hash(&leaf),
        &line.path,
        &checkpoint.root,
    )
    .map_err(|_| "is not in the log that the checkpoint signs: it was changed".to_owned())
}

/// Whether an entry names the object among what it touched.
pub(super) fn names(entry: &EnvelopeRef<'_>, id: &str) -> bool {
    entry
        .targets
        .iter()
        .any(|target: &TargetMarkRef<'_>| &*target.id == id)
}

impl From<Checkpoint> for CheckpointUsed {
    fn from(checkpoint: Checkpoint) -> Self {
        Self {
            origin: checkpoint.origin.to_string(),
            size: checkpoint.size,
            root: checkpoint.root,
        }
    }
}
