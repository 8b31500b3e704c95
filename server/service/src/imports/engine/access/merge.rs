//! Two sorted rows of access side by side: what the file says and what is recorded.

use std::collections::VecDeque;

use domain::access::{AccessKey, ObservedAccess};
use domain::id::{AccountId, EntitlementId, IdentityId};
use domain::source::{RowChange, RowRecord, RowSubject};
use storage::access::NewAccess;

use super::{Grant, KIND, NEVER, Range, STAYS, from_days, to_days};
use crate::imports::engine::tally::differs;
use crate::imports::engine::{Engine, GRANTS, Result, SCAN};

/// What the merge found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Rows that the file has, each once.
    pub(super) named: u64,
    /// Rows that the source has now.
    pub(super) live: u64,
    /// How many of them end.
    pub(super) ended: u64,
    /// Changes to be shown.
    pub(super) shown: Vec<Shown>,
}

/// A change that is shown once its names are known.
#[derive(Debug)]
pub(super) struct Shown {
    line: u32,
    change: RowChange,
    key: AccessKey,
    fields: Vec<crate::imports::engine::FieldChange>,
}

/// Rows to be written together.
#[derive(Debug, Default)]
struct Chunk {
    added: Vec<NewAccess>,
    changed: Vec<NewAccess>,
    ended: Vec<AccessKey>,
    records: Vec<RowRecord>,
}

/// Recorded rows in order, page by page.
struct Recorded {
    page: VecDeque<ObservedAccess>,
    after: Option<AccessKey>,
    to: i32,
    over: bool,
}

impl Recorded {
    fn of(range: Range) -> Self {
        let before = i64::from(range.from) - 1;
        Self {
            page: VecDeque::new(),
            after: (before > 0).then(|| AccessKey {
                identity: IdentityId::from_raw(before),
                entitlement: EntitlementId::from_raw(i32::MAX.into()),
                account: AccountId::from_raw(i32::MAX.into()),
            }),
            to: range.to,
            over: false,
        }
    }

    async fn peek(&mut self, engine: &Engine<'_>) -> Result<Option<ObservedAccess>> {
        if self.page.is_empty() && !self.over {
            let page = engine
                .service
                .store
                .read()
                .await?
                .observed_after(engine.source.id, self.after, SCAN)
                .await?;
            self.over = page.is_empty();
            self.after = page.last().map(|row| row.key).or(self.after);
            self.page = page.into();
        }
        Ok(self
            .page
            .front()
            .copied()
            .filter(|row| row.key.identity.raw() <= self.to.into()))
    }
}

impl Engine<'_> {
    /// Merges the rows of some people with what is recorded of them.
    pub(super) async fn merge_access(
        &mut self,
        grants: Vec<Grant>,
        range: Range,
        found: &mut Found,
    ) -> Result<()> {
        let ends = self.ends_what_is_missing(KIND);
        let mut recorded = Recorded::of(range);
        let mut chunk = Chunk::default();
        let mut grants = self.each_once(grants, found).into_iter().peekable();
        loop {
            let known = recorded.peek(self).await?;
            let grant = grants.peek().copied();
            let (grant, known) = match (grant, known) {
                (None, None) => break,
                (Some(grant), Some(known)) if grant.key() == known.key => {
                    (Some(grant), Some(known))
                }
                (Some(grant), Some(known)) if grant.key() < known.key => (Some(grant), None),
                (Some(grant), None) => (Some(grant), None),
                (_, known) => (None, known),
            };
            if grant.is_some() {
                grants.next();
            }
            if known.is_some() {
                recorded.page.pop_front();
                found.live += 1;
            }
            match (grant, known) {
                (Some(grant), None) if grant.granted != STAYS => {
                    self.add_grant(grant, &mut chunk, found);
                }
                (Some(grant), Some(known)) if grant.granted != STAYS => {
                    self.change_grant(grant, known, &mut chunk, found);
                }
                (None, Some(known)) if ends => self.end_grant(known, &mut chunk, found),
                _ => {}
            }
            if chunk.records.len() == GRANTS {
                self.write_access(&mut chunk).await?;
            }
        }
        self.write_access(&mut chunk).await
    }

    /// Rows in order, doubled ones reported and left out.
    fn each_once(&mut self, grants: Vec<Grant>, found: &mut Found) -> Vec<Grant> {
        let mut once: Vec<Grant> = grants;
        let mut last: Option<Grant> = None;
        let mut doubled = Vec::new();
        once.retain(|grant| match last {
            Some(first) if first.place() == grant.place() => {
                if grant.granted != STAYS && first.granted != STAYS {
                    doubled.push((grant.line, first.line));
                }
                false
            }
            _ => {
                last = Some(*grant);
                found.named += u64::from(grant.granted != STAYS);
                true
            }
        });
        doubled.sort_unstable();
        for (line, first) in doubled {
            self.tally.reject(
                KIND,
                line.into(),
                "",
                format!("Line {first} names this access already. Keep one of the lines."),
            );
        }
        once
    }

    fn add_grant(&mut self, grant: Grant, chunk: &mut Chunk, found: &mut Found) {
        chunk
            .records
            .push(self.record(RowChange::Added, grant.line, grant.key()));
        if self.dry {
            self.foresee_grant(RowChange::Added, grant.line, grant.key(), Vec::new(), found);
        } else {
            chunk.added.push(new_access(grant));
        }
    }

    fn change_grant(
        &mut self,
        grant: Grant,
        known: ObservedAccess,
        chunk: &mut Chunk,
        found: &mut Found,
    ) {
        let (granted, used) = (to_days(known.granted), to_days(known.last_used));
        if (granted, used) == (grant.granted, grant.used) {
            return;
        }
        chunk
            .records
            .push(self.record(RowChange::Changed, grant.line, grant.key()));
        if !self.dry {
            chunk.changed.push(new_access(grant));
            return;
        }
        let text = |days: i32| {
            if days == NEVER {
                String::new()
            } else {
                from_days(days)
                    .map(|day| day.to_string())
                    .unwrap_or_default()
            }
        };
        let fields = [
            differs("granted_at", &text(granted), &text(grant.granted)),
            differs("last_used_at", &text(used), &text(grant.used)),
        ];
        self.foresee_grant(
            RowChange::Changed,
            grant.line,
            grant.key(),
            fields.into_iter().flatten().collect(),
            found,
        );
    }

    fn end_grant(&mut self, known: ObservedAccess, chunk: &mut Chunk, found: &mut Found) {
        found.ended += 1;
        chunk
            .records
            .push(self.record(RowChange::Ended, 0, known.key));
        if self.dry {
            self.foresee_grant(RowChange::Ended, 0, known.key, Vec::new(), found);
        } else {
            chunk.ended.push(known.key);
        }
    }

    fn record(&self, change: RowChange, line: u32, key: AccessKey) -> RowRecord {
        RowRecord {
            change,
            file: KIND,
            line: (line > 0).then_some(line.into()),
            about: RowSubject::Access {
                identity: key.identity,
                entitlement: key.entitlement,
                account: Some(key.account),
                source: self.source.id,
            },
        }
    }

    fn foresee_grant(
        &mut self,
        change: RowChange,
        line: u32,
        key: AccessKey,
        fields: Vec<crate::imports::engine::FieldChange>,
        found: &mut Found,
    ) {
        self.tally.count(KIND, change);
        let shown = found
            .shown
            .iter()
            .filter(|shown| shown.change == change)
            .count();
        if shown < 25 {
            found.shown.push(Shown {
                line,
                change,
                key,
                fields,
            });
        }
    }

    async fn write_access(&mut self, chunk: &mut Chunk) -> Result<()> {
        let chunk = std::mem::take(chunk);
        if self.dry || chunk.records.is_empty() {
            return self.progress.go_on();
        }
        let mut tx = self.begin().await?;
        if !chunk.ended.is_empty() {
            tx.end_observed(self.source.id, &chunk.ended).await?;
        }
        if !chunk.changed.is_empty() {
            tx.change_observed(self.source.id, &chunk.changed).await?;
        }
        if !chunk.added.is_empty() {
            tx.insert_observed(self.source.id, &chunk.added).await?;
        }
        self.commit(tx, &chunk.records).await
    }

    /// Names the changes that are shown: by the file where it names them, otherwise by what is recorded.
    pub(super) async fn show_grants(&mut self, shown: Vec<Shown>) -> Result<()> {
        if shown.is_empty() {
            return Ok(());
        }
        let mut names = std::collections::HashMap::new();
        let lines: std::collections::BTreeSet<u32> = shown
            .iter()
            .map(|shown| shown.line)
            .filter(|line| *line > 0)
            .collect();
        if let Some((last, mut reader)) = lines.last().copied().zip(self.reader(KIND)) {
            while let Some(row) = reader.next().await? {
                let line = u32::try_from(row.line()).unwrap_or(u32::MAX);
                if lines.contains(&line) {
                    names.insert(
                        line,
                        format!(
                            "{} – {} / {}",
                            row.cell("username"),
                            row.cell("application"),
                            row.cell("entitlement")
                        ),
                    );
                }
                if line >= last {
                    break;
                }
            }
        }
        for shown in shown {
            let name = if let Some(name) = names.get(&shown.line) {
                name.clone()
            } else {
                let mut tx = self.service.store.read().await?;
                let person = tx
                    .identity_names(&[shown.key.identity])
                    .await?
                    .pop()
                    .map(|name| name.username)
                    .unwrap_or_default();
                let entitlement = tx.entitlements_with(&[shown.key.entitlement]).await?.pop();
                format!(
                    "{person} – {}",
                    entitlement
                        .map(|entitlement| entitlement.content.display_name)
                        .unwrap_or_default()
                )
            };
            if self.tally.wants(KIND, shown.change) {
                self.tally
                    .show(KIND, shown.line.into(), shown.change, &name, shown.fields);
            }
        }
        Ok(())
    }
}

fn new_access(grant: Grant) -> NewAccess {
    NewAccess {
        key: grant.key(),
        granted: from_days(grant.granted),
        last_used: from_days(grant.used),
    }
}
