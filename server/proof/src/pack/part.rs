//! The parts of a pack: their names, their order, and how they stand in the file.

use super::zip::{Method, Place};

/// A part of a pack, in the order in which parts stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// For people: the whole campaign on pages that print.
    Report,
    /// For spreadsheets: one row an item. Made from the parts below.
    ItemsTable,
    /// For spreadsheets: one row a decision. Made from the parts below.
    DecisionsTable,
    /// What the campaign was launched with: a canonical record a line, the leaves of the launch's tree in their order.
    Population,
    /// What was done on many items at once: for each act a head, then the records of its tree.
    Acts,
    /// The entries of the audit log about the campaign, each with its proof against the checkpoint.
    Entries,
    /// Which campaign, by whom the pack was made and when, control totals, sign-off.
    Summary,
    /// The signed checkpoint that the entries are proven against (C2SP signed note).
    Checkpoint,
    /// The public keys that sign the log's checkpoints, one a line.
    Keys,
    /// The list of all parts above with sizes and hashes; the entry about the export binds it.
    List,
    /// The entry about the export with its proof, and the checkpoint that covers it.
    Seal,
}

impl Part {
    /// All parts in their order.
    pub const ALL: [Self; 11] = [
        Self::Report,
        Self::ItemsTable,
        Self::DecisionsTable,
        Self::Population,
        Self::Acts,
        Self::Entries,
        Self::Summary,
        Self::Checkpoint,
        Self::Keys,
        Self::List,
        Self::Seal,
    ];

    /// The name of the part in the archive.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "report.html",
            Self::ItemsTable => "items.csv",
            Self::DecisionsTable => "decisions.csv",
            Self::Population => "population.jsonl",
            Self::Acts => "acts.jsonl",
            Self::Entries => "entries.jsonl",
            Self::Summary => "summary.json",
            Self::Checkpoint => "checkpoint.txt",
            Self::Keys => "key.txt",
            Self::List => "pack.json",
            Self::Seal => "seal.json",
        }
    }

    /// The part that stands behind this one and has a hash for each of its lines; none for parts of some lines.
    ///
    /// Without them a verifier could tell only that a part is not the one it was, not which line was changed.
    pub const fn hashes(self) -> Option<&'static str> {
        match self {
            Self::Report => Some("hashes/report.html.bin"),
            Self::ItemsTable => Some("hashes/items.csv.bin"),
            Self::DecisionsTable => Some("hashes/decisions.csv.bin"),
            Self::Population => Some("hashes/population.jsonl.bin"),
            Self::Acts => Some("hashes/acts.jsonl.bin"),
            Self::Entries => Some("hashes/entries.jsonl.bin"),
            _ => None,
        }
    }

    /// Where the part stands in an archive: parts of many lines deflated, the others as they are.
    pub(super) fn place(self) -> Place {
        let method = match self.hashes() {
            Some(_) => Method::Deflated,
            None => Method::Stored,
        };
        Place {
            name: self.name(),
            method,
        }
    }

    /// The place of the part's hashes; they do not get smaller by deflating.
    pub(super) fn hashes_place(self) -> Option<Place> {
        self.hashes().map(|name| Place {
            name,
            method: Method::Stored,
        })
    }
}

/// Everything that stands in a pack, in its order.
pub(super) fn places() -> Vec<Place> {
    let both = |part: Part| [Some(part.place()), part.hashes_place()];
    Part::ALL.into_iter().flat_map(both).flatten().collect()
}
