//! The versions of covered rows against what the log says each became.
//!
//! Both are read in the order of object and moment, so every version is met by its entry, or one of the two is alone.

use std::collections::VecDeque;

use domain::id::{ObjectKind, ObjectRef};
use domain::time::Instant;
use storage::ReadTx;
use storage::audit::{LoggedVersion, VersionCheck};

use super::entries::Logged;
use super::{Checked, Stop, found};
use crate::audit::verify::report::Report;

/// Versions read at a time.
const CHUNK: i64 = 1_024;

/// Checks all versions of all kinds.
pub(super) async fn check(tx: &mut ReadTx, logged: &Logged, report: &mut Report) -> Checked {
    for (kind, logged) in ObjectKind::ALL.iter().zip(logged) {
        let mut log = Log {
            kind: *kind,
            after: (i64::MIN, 0),
            ahead: VecDeque::new(),
            over: *logged == 0,
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
    over: bool,
}

impl Log {
    async fn next(&mut self, tx: &mut ReadTx) -> Result<Option<&LoggedVersion>, Stop> {
        if self.ahead.is_empty() && !self.over {
            self.ahead
                .extend(tx.logged_versions(self.kind, self.after, CHUNK).await?);
            match self.ahead.back() {
                Some(last) => self.after = (last.raw, last.seq),
                None => self.over = true,
            }
        }
        Ok(self.ahead.front())
    }

    /// Compares a version with its entry.
    async fn meet(&mut self, tx: &mut ReadTx, version: &VersionCheck) -> Checked {
        let place = (version.object.raw, version.from);
        match self.next(tx).await? {
            Some(logged) if (logged.raw, logged.recorded) < place => return self.alone(),
            Some(logged) if (logged.raw, logged.recorded) == place => {}
            _ => {
                return found(format!(
                    "{}: no entry recorded this version; it was added, or its columns id and recorded_from were changed.",
                    name(version)
                ));
            }
        }
        // Several entries of one transaction may name the same new content.
        while let Some(logged) = self.next(tx).await?
            && (logged.raw, logged.recorded) == place
        {
            let seq = logged.seq;
            match version.computed {
                None => {
                    return found(format!(
                        "{}: the row cannot be read: a column holds what was never written.",
                        name(version)
                    ));
                }
                Some(hash) if hash[..] != logged.content[..] => {
                    return found(format!(
                        "{}: the columns do not have the hash that entry {seq} recorded: one of them, or salt, was changed.",
                        name(version)
                    ));
                }
                Some(_) => {}
            }
            self.ahead.pop_front();
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
    fn alone(&self) -> Checked {
        let Some(logged) = self.ahead.front() else {
            return Ok(());
        };
        let object = ObjectRef {
            kind: self.kind,
            raw: logged.raw,
        };
        found(format!(
            "{}: the row that entry {} recorded is missing.",
            row(object, logged.recorded),
            logged.seq
        ))
    }

    async fn nothing_left(&mut self, tx: &mut ReadTx) -> Checked {
        self.next(tx).await?;
        self.alone()
    }
}

const fn derived(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Identity => "username_key, name_key, email_key",
        ObjectKind::Application | ObjectKind::Entitlement => "name_key, display_key",
        ObjectKind::Assignment | ObjectKind::Organisation => "none",
    }
}
