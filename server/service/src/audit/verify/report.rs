//! What verification says.

use std::fmt;

use serde::Serialize;

/// The first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A sentence that names table, row and column, and what does not hold.
    pub what: String,
}

/// A size and root of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TreeHead {
    /// Entries.
    pub size: u64,
    /// Root over them, in hexadecimal.
    pub root: String,
    /// When the last of them was recorded, or the checkpoint was signed.
    pub time: String,
}

/// What was verified, and the first thing that does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Entries that hold.
    pub entries: u64,
    /// Checkpoints that hold.
    pub checkpoints: u64,
    /// Versions of covered rows that hold.
    pub versions: u64,
    /// Details that hold.
    pub details: u64,
    /// Records of manifests that hold.
    pub records: u64,
    /// Details that were erased, and prove nothing any more.
    pub erased_details: u64,
    /// The first thing that does not hold; none when everything does.
    pub finding: Option<Finding>,
    /// The log as it was read, once all entries were.
    pub head: Option<TreeHead>,
    /// The last checkpoint that holds.
    pub latest_checkpoint: Option<TreeHead>,
}

impl Report {
    /// Whether everything holds.
    pub const fn holds(&self) -> bool {
        self.finding.is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.finding {
            None => writeln!(f, "The log holds.")?,
            Some(finding) => writeln!(
                f,
                "The log does not hold. The first finding:\n  {}",
                finding.what
            )?,
        }
        writeln!(
            f,
            "Verified: {} entries, {} details ({} erased), {} checkpoints, {} versions of records.",
            self.entries, self.details, self.erased_details, self.checkpoints, self.versions
        )?;
        if self.records > 0 {
            writeln!(
                f,
                "Verified: {} records of what imports and access reviews did.",
                self.records
            )?;
        }
        if let Some(head) = &self.head {
            writeln!(
                f,
                "Last entry: {} of {}, root {}.",
                head.size, head.time, head.root
            )?;
        }
        match &self.latest_checkpoint {
            Some(latest) => write!(
                f,
                "Last checkpoint that holds: {} entries, signed {}.",
                latest.size, latest.time
            ),
            None => write!(f, "No checkpoint was verified."),
        }
    }
}
