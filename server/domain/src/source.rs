//! Sources of access data, their runs, and the words of the files they bring.
//!
//! How files are read and compared is the service's; which columns a file has is said here once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::field::FieldErrors;
use crate::id::{IdentityId, SourceId, SourceRunId};
use crate::lifecycle::Lifecycle;
use crate::time::Instant;
use crate::words;

mod rows;

pub use rows::{PROBLEMS_KEPT, RowRecord, RowSubject, RunFile, RunProblem};

words! {
    /// What it means when a row is no longer in a file.
    ImportMode {
        /// The file is everything the source has: what is gone is ended.
        Snapshot = "snapshot", "Snapshot";
        /// The file has only what is new or changed.
        Delta = "delta", "Delta";
    }
}

words! {
    /// The files of an import, in the order in which they are applied.
    FileKind {
        /// People, services and agents.
        Identities = "identities", "People";
        /// Business systems.
        Applications = "applications", "Applications";
        /// What they can grant.
        Entitlements = "entitlements", "Entitlements";
        /// Logins in them.
        Accounts = "accounts", "Accounts";
        /// Bundles of entitlements and other roles.
        Roles = "roles", "Roles";
        /// Who has a role.
        RoleMembers = "role_members", "Role members";
        /// Who holds which entitlement.
        Access = "access", "Access";
        /// What was decided about it in the past.
        Decisions = "decisions", "Past decisions";
    }
}

words! {
    /// Where a run is in its life.
    RunState {
        /// Its files are here.
        Staged = "staged", "Staged";
        /// The dry run is on its way.
        Checking = "checking", "Checking";
        /// The dry run says what would change.
        Checked = "checked", "Checked";
        /// Changes are being written.
        Applying = "applying", "Applying";
        /// Everything is written.
        Applied = "applied", "Applied";
        /// It would have ended too much, or its files cannot be read.
        Refused = "refused", "Refused";
        /// It broke off; what it wrote stays and is in its manifest.
        Failed = "failed", "Failed";
        /// Somebody stopped it before it wrote anything.
        Cancelled = "cancelled", "Cancelled";
    }
}

impl RunState {
    /// Whether nothing follows any more.
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            Self::Applied | Self::Refused | Self::Failed | Self::Cancelled
        )
    }

    /// Whether a run may go on from this state to another.
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Staged => matches!(
                next,
                Self::Staged
                    | Self::Checking
                    | Self::Applying
                    | Self::Refused
                    | Self::Failed
                    | Self::Cancelled
            ),
            Self::Checking => matches!(
                next,
                Self::Staged
                    | Self::Checking
                    | Self::Checked
                    | Self::Refused
                    | Self::Failed
                    | Self::Cancelled
            ),
            Self::Checked => matches!(
                next,
                Self::Staged
                    | Self::Checking
                    | Self::Applying
                    | Self::Refused
                    | Self::Failed
                    | Self::Cancelled
            ),
            Self::Applying => matches!(
                next,
                Self::Applying | Self::Applied | Self::Refused | Self::Failed
            ),
            Self::Applied | Self::Refused | Self::Failed | Self::Cancelled => false,
        }
    }
}

words! {
    /// What is known about a key of a source.
    LinkState {
        /// It means an identity.
        Linked = "linked", "Linked";
        /// Several could be meant: somebody has to decide.
        Waiting = "waiting", "Waiting";
        /// Somebody decided that this is somebody new; the next run adds them.
        New = "new", "New";
    }
}

/// Which identity a source means by its key.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityLink {
    /// Whose key.
    pub source: SourceId,
    /// The key.
    pub external_key: String,
    /// How this source calls the person, folded by [`crate::text::key`].
    pub username_key: String,
    /// Who is meant; none unless linked.
    pub identity: Option<IdentityId>,
    /// Whether this source may change and end the person.
    pub authority: bool,
    /// What is known.
    pub state: LinkState,
    /// The status that the source said last, or `gone`; none when it never said one.
    pub stated: Option<String>,
    /// What the source says, for whoever decides; kept while it waits.
    pub seen: Option<serde_json::Value>,
}

words! {
    /// What a run did to a row.
    RowChange {
        /// It is new.
        Added = "added", "Added";
        /// It says something else than before.
        Changed = "changed", "Changed";
        /// It is over.
        Ended = "ended", "Ended";
    }
}

impl FileKind {
    /// Columns a file must have.
    pub const fn required(self) -> &'static [&'static str] {
        match self {
            Self::Identities => &["username"],
            Self::Applications => &["application"],
            Self::Entitlements => &["application", "entitlement"],
            Self::Accounts => &["application", "account"],
            Self::Roles => &["role"],
            Self::RoleMembers => &["username", "role"],
            Self::Access => &["username", "application", "entitlement"],
            Self::Decisions => &["username", "application", "entitlement", "decision"],
        }
    }

    /// Columns a file may have.
    pub const fn optional(self) -> &'static [&'static str] {
        match self {
            Self::Identities => &[
                "external_id",
                "display_name",
                "email",
                "department",
                "title",
                "location",
                "manager",
                "employment_type",
                "status",
                "start_date",
                "end_date",
            ],
            Self::Applications => &["display_name", "description", "owner", "criticality"],
            Self::Entitlements => &[
                "kind",
                "display_name",
                "description",
                "actions",
                "resource_type",
                "resource_id",
                "risk",
                "owner",
                "requestable",
            ],
            Self::Accounts => &["username", "status", "last_used_at"],
            Self::Roles => &[
                "includes_role",
                "application",
                "entitlement",
                "display_name",
                "description",
                "owner",
            ],
            Self::RoleMembers => &["valid_from", "valid_until", "reason"],
            Self::Access => &["account", "granted_at", "last_used_at"],
            Self::Decisions => &["decided_at", "decided_by"],
        }
    }

    /// The name a file of this kind has in a folder.
    pub fn file_name(self) -> String {
        format!("{}.csv", self.word())
    }
}

/// Our column -> the file's column, for each kind of file; a column that is not named is called like ours.
pub type Mapping = BTreeMap<FileKind, BTreeMap<String, String>>;

/// What is recorded about a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceContent {
    /// Its name; unique without regard to case.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The folder that is watched; empty when none is.
    pub folder: String,
    /// How often the folder is looked at.
    pub every_minutes: Option<i64>,
    /// What missing rows mean when nobody says otherwise.
    pub mode: ImportMode,
    /// How its columns are called.
    pub mapping: Mapping,
    /// Where it is in its life.
    pub status: Lifecycle,
}

/// A source as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: SourceContent,
}

/// What a person types into the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceDraft {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The folder to watch, or empty.
    pub folder: String,
    /// How often, in minutes; empty when no folder is watched.
    pub every_minutes: String,
    /// Word of an [`ImportMode`].
    pub mode: String,
}

/// The longest pause between two looks at a folder: a week.
const LONGEST_MINUTES: i64 = 7 * 24 * 60;

impl SourceDraft {
    /// Checks everything that needs no database; mapping and status stay as they are in `before`.
    pub fn check(&self, before: Option<&SourceContent>, errors: &mut FieldErrors) -> SourceContent {
        let name = errors.required("name", "The name", &self.name, 200);
        if name.starts_with("src_") {
            errors.add(
                "name",
                "The name must not begin like an id (src_). Choose another.",
            );
        }
        let folder = errors.line("folder", "The folder", &self.folder, 1000);
        if !folder.is_empty() && !folder.starts_with('/') {
            errors.add(
                "folder",
                "The folder must be a whole path on the server, like /var/lib/bailiwick/drop/hr.",
            );
        }
        let every_minutes = self.check_minutes(&folder, errors);
        let mode = ImportMode::from_word(&self.mode).unwrap_or_else(|| {
            errors.add("mode", "Choose snapshot or delta.");
            ImportMode::Snapshot
        });
        SourceContent {
            name,
            description: errors.text("description", "The description", &self.description, 2000),
            folder,
            every_minutes,
            mode,
            mapping: before.map(|b| b.mapping.clone()).unwrap_or_default(),
            status: before.map_or(Lifecycle::Active, |b| b.status),
        }
    }

    fn check_minutes(&self, folder: &str, errors: &mut FieldErrors) -> Option<i64> {
        let text = self.every_minutes.trim();
        if text.is_empty() {
            if !folder.is_empty() {
                errors.add(
                    "every_minutes",
                    "Say how often the folder is looked at, in minutes, like 60.",
                );
            }
            return None;
        }
        let minutes = text
            .parse()
            .ok()
            .filter(|minutes| (1..=LONGEST_MINUTES).contains(minutes));
        if minutes.is_none() {
            errors.add(
                "every_minutes",
                format!("Enter whole minutes from 1 to {LONGEST_MINUTES} (a week)."),
            );
        } else if folder.is_empty() {
            errors.add(
                "folder",
                "Enter the folder to look at, or leave the minutes empty.",
            );
        }
        minutes
    }
}

/// Control totals of one file of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTotals {
    /// Rows read, without the header.
    pub rows: u64,
    /// Objects or grants that are new.
    pub added: u64,
    /// Those that say something else than before.
    pub changed: u64,
    /// Those that are over.
    pub ended: u64,
    /// Those that say what was known.
    pub unchanged: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
}

impl FileTotals {
    /// The sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            added: self.added + other.added,
            changed: self.changed + other.changed,
            ended: self.ended + other.ended,
            unchanged: self.unchanged + other.unchanged,
            rejected: self.rejected + other.rejected,
        }
    }
}

/// Control totals of a run, by kind of file.
pub type RunTotals = BTreeMap<FileKind, FileTotals>;

/// One reading of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRun {
    /// Its id.
    pub id: SourceRunId,
    /// Of which source.
    pub source: SourceId,
    /// What missing rows mean in it.
    pub mode: ImportMode,
    /// Where it is.
    pub state: RunState,
    /// When its files came.
    pub created: Instant,
    /// Who brought them, as the log writes actors.
    pub created_by: String,
    /// When its dry run was done.
    pub checked: Option<Instant>,
    /// When it was over.
    pub finished: Option<Instant>,
    /// The job that checks or applies it.
    pub job: Option<i64>,
    /// Whether it may change people who hold rights in the console; said when it begins to write, for whoever takes it to
    /// its end.
    pub may_touch_privileged: bool,
    /// Why it may end more than a tenth of the source.
    pub allow_shrink: Option<String>,
    /// Why it was refused or failed, in a sentence; empty otherwise.
    pub message: String,
    /// What it found, and did once it is applied.
    pub totals: RunTotals,
    /// The entry that says it began to write.
    pub started_seq: Option<i64>,
    /// The entry that says it is over, with totals and manifest.
    pub finished_seq: Option<i64>,
    /// Records in its manifest.
    pub records: u64,
    /// Root of its manifest, once it is over.
    pub root: Option<[u8; 32]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_over_stays_over() {
        for state in RunState::ALL {
            for next in RunState::ALL {
                assert!(!(state.is_over() && state.may_become(*next)));
            }
        }
        assert!(RunState::Checked.may_become(RunState::Applying));
        assert!(!RunState::Applying.may_become(RunState::Cancelled));
    }

    #[test]
    fn a_watched_folder_needs_its_pause_and_a_pause_its_folder() {
        let draft = |folder: &str, minutes: &str| SourceDraft {
            name: "HR".into(),
            folder: folder.into(),
            every_minutes: minutes.into(),
            mode: "snapshot".into(),
            ..SourceDraft::default()
        };
        for (folder, minutes, wrong) in [
            ("/drop", "", Some("every_minutes")),
            ("", "60", Some("folder")),
            ("drop", "60", Some("folder")),
            ("/drop", "0", Some("every_minutes")),
            ("/drop", "60", None),
            ("", "", None),
        ] {
            let mut errors = FieldErrors::new();
            draft(folder, minutes).check(None, &mut errors);
            let first = errors.iter().next().map(|error| error.field);
            assert_eq!(first, wrong, "{folder} {minutes}");
        }
    }
}
