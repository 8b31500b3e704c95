//! The versions of covered rows against what the log says each became.
//!
//! Both are read in the order of object and moment, so every version is met by its entry, or one of the two is alone.

use std::collections::VecDeque;

use domain::id::{ObjectKind, ObjectRef};
use domain::time::Instant;
use storage::ReadTx;
use storage::audit::{LoggedVersion, VersionCheck};

use super::entries::Logged;
use super::manifests::{Mark, Marks};
use super::{Checked, Stop, found};
use crate::audit::verify::report::Report;

/// Versions read at a time.
const CHUNK: i64 = 1_024;

/// Checks all versions of all kinds.
pub(super) async fn check(
    tx: &mut ReadTx,
    logged: &Logged,
    mut marks: Marks,
    report: &mut Report,
) -> Checked {
    for (kind, logged) in ObjectKind::ALL.iter().zip(logged) {
        let mut log = Log {
            kind: *kind,
            after: (i64::MIN, 0),
            ahead: VecDeque::new(),
            left: *logged,
            marks: marks.remove(kind).unwrap_or_default().into(),
        };
        let mut after = (i64::MIN, Instant::from_micros(0));
        let mut before: Option<VersionCheck> = None;
        loop {
            let versions = tx.versions_to_check(*kind, after, CHUNK).await?;
            let Some(last) = versions.last() else { break };
            after = (last.object.raw, last.from);
            for version in versions {
                chained(before.as_ref(), &version)?;
                log.meet(tx, &version).await?;
                report.versions += 1;
                before = Some(version);
            }
        }
        if let Some(last) = &before {
            open(last)?;
        }
        log.nothing_left(tx).await?;
    }
    Ok(())
}

/// A version begins where the one before it ends; only the last is open.
fn chained(before: Option<&VersionCheck>, version: &VersionCheck) -> Checked {
    let Some(before) = before else { return Ok(()) };
    if before.object != version.object {
        return open(before);
    }
    if before.to == Some(version.from) {
        return Ok(());
    }
    found(format!(
        "{}: the column recorded_to does not say {}, when the next version begins.",
        name(before),
        version.from
    ))
}

fn open(last: &VersionCheck) -> Checked {
    match last.to {
        None => Ok(()),
        Some(to) => found(format!(
            "{}: the column recorded_to says {to}, but no version follows: the current row is missing.",
            name(last)
        )),
    }
}

fn name(version: &VersionCheck) -> String {
    row(version.object, version.from)
}

fn row(object: ObjectRef, from: Instant) -> String {
    format!(
        "{} {object} (id {}) recorded from {from}",
        object.kind.name(),
        object.raw
    )
}

/// What the log says of the versions of a kind.
struct Log {
    kind: ObjectKind,
    after: (i64, i64),
    ahead: VecDeque<LoggedVersion>,
    /// Entries with content that the walk through the log counted and that are not read yet. Targets without content are
    /// many, and nothing is looked for among them once these are found.
    left: u64,
    /// What manifests say, in the order of number and moment.
    marks: VecDeque<Mark>,
}

/// What the log says that an object's content became.
#[derive(Debug, Clone)]
struct Said {
    place: (i64, Instant),
    content: Vec<u8>,
    /// Which entry, or which run's manifest.
    by: String,
}

impl Log {
    /// What the log says next: an entry, or a record of a manifest.
    async fn next(&mut self, tx: &mut ReadTx) -> Result<Option<Said>, Stop> {
        let entry = self.next_entry(tx).await?;
        let entry = entry.map(|logged| (logged.raw, logged.recorded));
        let mark = self.marks.front().map(|mark| (mark.raw, mark.recorded));
        let from_entry = match (entry, mark) {
            (Some(entry), Some(mark)) => entry <= mark,
            (entry, _) => entry.is_some(),
        };
        Ok(if from_entry {
            self.ahead.front().map(|logged| Said {
                place: (logged.raw, logged.recorded),
                content: logged.content.clone(),
                by: format!("entry {}", logged.seq),
            })
        } else {
            self.marks.front().map(|mark| Said {
                place: (mark.raw, mark.recorded),
                content: mark.content.to_vec(),
                by: format!("the manifest of run {}", mark.run),
            })
        })
    }

    /// Goes on behind what [`Log::next`] answered.
    fn pop(&mut self, said: &Said) {
        let entry = self.ahead.front();
        if entry.is_some_and(|logged| (logged.raw, logged.recorded) == said.place) {
            self.ahead.pop_front();
        } else {
            self.marks.pop_front();
        }
    }

    async fn next_entry(&mut self, tx: &mut ReadTx) -> Result<Option<&LoggedVersion>, Stop> {
        if self.ahead.is_empty() && self.left > 0 {
            let most = CHUNK.min(i64::try_from(self.left).unwrap_or(CHUNK));
            let logged = tx.logged_versions(self.kind, self.after, most).await?;
            self.left = self.left.saturating_sub(logged.len() as u64);
            match logged.last() {
                Some(last) => self.after = (last.raw, last.seq),
                None => self.left = 0,
            }
            self.ahead.extend(logged);
        }
        Ok(self.ahead.front())
    }

    /// Compares a version with its entry.
    async fn meet(&mut self, tx: &mut ReadTx, version: &VersionCheck) -> Checked {
        let place = (version.object.raw, version.from);
        match self.next(tx).await? {
            Some(said) if said.place < place => return self.alone(&said),
            Some(said) if said.place == place => {}
            _ => {
                return found(format!(
                    "{}: no entry recorded this version; it was added, or its columns id and recorded_from were changed.",
                    name(version)
                ));
            }
        }
        // Several entries of one transaction may name the same new content.
        while let Some(said) = self.next(tx).await?
            && said.place == place
        {
            match version.computed {
                None => {
                    return found(format!(
                        "{}: the row cannot be read: a column holds what was never written.",
                        name(version)
                    ));
                }
                Some(hash) if hash[..] != said.content[..] => {
                    return found(format!(
                        "{}: the columns do not have the hash that {} recorded: one of them, or salt, was changed.",
                        name(version),
                        said.by
                    ));
                }
                Some(_) => {}
            }
            self.pop(&said);
        }
        if version.derived_fits {
            return Ok(());
        }
        found(format!(
            "{}: a column for sorting and finding ({}) does not fit the others.",
            name(version),
            derived(version.object.kind)
        ))
    }

    /// What the log recorded has no row.
    fn alone(&self, said: &Said) -> Checked {
        let object = ObjectRef {
            kind: self.kind,
            raw: said.place.0,
        };
        found(format!(
            "{}: the row that {} recorded is missing.",
            row(object, said.place.1),
            said.by
        ))
    }

    async fn nothing_left(&mut self, tx: &mut ReadTx) -> Checked {
        match self.next(tx).await? {
            Some(said) => self.alone(&said),
            None => Ok(()),
        }
    }
}

const fn derived(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Identity => "username_key, name_key, email_key",
        ObjectKind::Application | ObjectKind::Entitlement | ObjectKind::Rule => {
            "name_key, display_key"
        }
        ObjectKind::Role => "name_key, display_key, or the times of role_content",
        ObjectKind::Source => "name_key",
        ObjectKind::ApprovalFlow | ObjectKind::Review => "name_key, status",
        ObjectKind::Request => "requester_id, beneficiary_id",
        ObjectKind::RequestItem => {
            "request_id, requester_id, beneficiary_id, entitlement_id, role_id, state, created, ended"
        }
        ObjectKind::RequestEvent => "item_id, by_id, event",
        ObjectKind::Delegation => "delegator_id, delegate_id, state, valid_from, valid_until",
        ObjectKind::FulfilmentTask => {
            "kind, identity_id, entitlement_id, application_id, assignment_id, account_id, state"
        }
        ObjectKind::Campaign => "review_id, state, due",
        ObjectKind::Assignment
        | ObjectKind::Exclusion
        | ObjectKind::Organisation
        | ObjectKind::Account
        | ObjectKind::SourceRun
        | ObjectKind::Job
        | ObjectKind::View
        | ObjectKind::Notification
        | ObjectKind::Mail
        | ObjectKind::AuditorLink
        | ObjectKind::Discovery => "none",
    }
}
