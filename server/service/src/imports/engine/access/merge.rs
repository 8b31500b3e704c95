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

/// What is to be written of a row.
#[derive(Debug, Clone, Copy)]
enum Write {
    Add(NewAccess),
    Change(NewAccess),
    End(AccessKey),
}

impl Write {
    const fn key(&self) -> AccessKey {
        match self {
            Self::Add(access) | Self::Change(access) => access.key,
            Self::End(key) => *key,
        }
    }
}

/// Rows that wait to be written, each with its record.
#[derive(Debug, Default)]
struct Waiting {
    rows: Vec<(Write, RowRecord)>,
    /// Rows that a dry run looked at since it last said how far it is.
    looked: usize,
}

impl Waiting {
    /// The rows in the order in which they are written: so many in a chunk, those of the same entitlements together.
    fn take(&mut self, chunk: usize) -> Vec<(Write, RowRecord)> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by_key(|(write, _)| write.key().entitlement);
        for chunk in rows.chunks_mut(chunk) {
            chunk.sort_by_key(|(write, _)| write.key());
        }
        rows
    }
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
        let grants = self.each_once(grants, found);
        let together = even(grants.len(), self.service.store.chunks_together() * GRANTS);
        let mut waiting = Waiting::default();
        let mut grants = grants.into_iter().peekable();
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
            if let Some(foreseen) = &mut self.foreseen
                && let Some(key) = known.map(|known| known.key).or(grant.map(|one| one.key()))
            {
                let stays = grant.is_some_and(|grant| known.is_some() || grant.granted != STAYS);
                let has = stays || (known.is_some() && !ends);
                foreseen.looked((key.identity, key.entitlement), known.is_some(), has);
            }
            match (grant, known) {
                (Some(grant), None) if grant.granted != STAYS => {
                    self.add_grant(grant, &mut waiting, found);
                }
                (Some(grant), Some(known)) if grant.granted != STAYS => {
                    self.change_grant(grant, known, &mut waiting, found);
                }
                (None, Some(known)) if ends => self.end_grant(known, &mut waiting, found),
                _ => {}
            }
            if waiting.rows.len() == together || waiting.looked == GRANTS {
                self.write_access(&mut waiting).await?;
            }
        }
        if let Some(foreseen) = &mut self.foreseen {
            foreseen.looked_at_all();
        }
        self.write_access(&mut waiting).await
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

    fn add_grant(&mut self, grant: Grant, waiting: &mut Waiting, found: &mut Found) {
        if self.dry {
            waiting.looked += 1;
            self.foresee_grant(RowChange::Added, grant.line, grant.key(), Vec::new(), found);
            return;
        }
        let record = self.record(RowChange::Added, grant.line, grant.key());
        waiting.rows.push((Write::Add(new_access(grant)), record));
    }

    fn change_grant(
        &mut self,
        grant: Grant,
        known: ObservedAccess,
        waiting: &mut Waiting,
        found: &mut Found,
    ) {
        let (granted, used) = (to_days(known.granted), to_days(known.last_used));
        if (granted, used) == (grant.granted, grant.used) {
            return;
        }
        if !self.dry {
            let record = self.record(RowChange::Changed, grant.line, grant.key());
            waiting
                .rows
                .push((Write::Change(new_access(grant)), record));
            return;
        }
        waiting.looked += 1;
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

    fn end_grant(&mut self, known: ObservedAccess, waiting: &mut Waiting, found: &mut Found) {
        found.ended += 1;
        if self.dry {
            waiting.looked += 1;
            self.foresee_grant(RowChange::Ended, 0, known.key, Vec::new(), found);
            return;
        }
        let record = self.record(RowChange::Ended, 0, known.key);
        waiting.rows.push((Write::End(known.key), record));
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

    async fn write_access(&mut self, waiting: &mut Waiting) -> Result<()> {
        waiting.looked = 0;
        let chunk = even(waiting.rows.len(), GRANTS);
        let rows = waiting.take(chunk);
        if rows.is_empty() {
            return self.progress.go_on();
        }
        for chunk in rows.chunks(chunk) {
            let (mut added, mut changed, mut ended) = (Vec::new(), Vec::new(), Vec::new());
            let mut records = Vec::with_capacity(chunk.len());
            for (write, record) in chunk {
                match write {
                    Write::Add(access) => added.push(*access),
                    Write::Change(access) => changed.push(*access),
                    Write::End(key) => ended.push(*key),
                }
                records.push(record.clone());
            }
            let mut tx = self.begin().await?;
            if !ended.is_empty() {
                tx.end_observed(self.source.id, &ended).await?;
            }
            if !changed.is_empty() {
                tx.change_observed(self.source.id, &changed).await?;
            }
            if !added.is_empty() {
                tx.insert_observed(self.source.id, &added).await?;
            }
            self.commit(tx, &records).await?;
        }
        Ok(())
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

/// How large parts of the same size are, none larger than `most`: a small last part would be dear for its few rows.
const fn even(all: usize, most: usize) -> usize {
    let parts = all.div_ceil(most);
    if parts == 0 {
        most
    } else {
        all.div_ceil(parts)
    }
}

fn new_access(grant: Grant) -> NewAccess {
    NewAccess {
        key: grant.key(),
        granted: from_days(grant.granted),
        last_used: from_days(grant.used),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_are_alike(all in 0_usize..10_000, most in 1_usize..500) {
            let size = even(all, most);
            prop_assert!((1..=most).contains(&size));
            prop_assert_eq!(all.div_ceil(size), all.div_ceil(most));
            let last = if all % size == 0 { size } else { all % size };
            prop_assert!(all < most || size - last < all.div_ceil(size), "{size} and at last {last}");
        }

        #[test]
        fn rows_that_wait_are_written_once_in_chunks_of_few_entitlements(
            chunk in 1_usize..20,
            keys in proptest::collection::btree_set((1_i32..40, 1_i32..400), 0..300),
        ) {
            let mut waiting = Waiting::default();
            for (identity, entitlement) in &keys {
                let grant = Grant { identity: *identity, entitlement: *entitlement, account: 1, line: 2, granted: NEVER, used: NEVER };
                let about = RowSubject::Access { identity: grant.key().identity, entitlement: grant.key().entitlement, account: None, source: domain::id::SourceId::from_raw(1) };
                let record = RowRecord { change: RowChange::Added, file: KIND, line: None, about };
                waiting.rows.push((Write::Add(new_access(grant)), record));
            }
            let rows = waiting.take(chunk);
            prop_assert!(waiting.rows.is_empty());
            let written: std::collections::BTreeSet<_> = rows.iter().map(|(write, _)| write.key()).collect();
            prop_assert_eq!(written.len(), keys.len());
            prop_assert_eq!(rows.len(), keys.len());
            for (write, record) in &rows {
                let RowSubject::Access { identity, entitlement, .. } = record.about else { panic!("access") };
                prop_assert_eq!((identity, entitlement), (write.key().identity, write.key().entitlement));
            }
            prop_assert!(rows.chunks(chunk).all(|chunk| chunk.is_sorted_by_key(|(write, _)| write.key())));
            let entitlements = |chunk: &[(Write, RowRecord)]| {
                let each = chunk.iter().map(|(write, _)| write.key().entitlement);
                (each.clone().min(), each.max())
            };
            let parts: Vec<_> = rows.chunks(chunk).map(entitlements).collect();
            prop_assert!(parts.windows(2).all(|pair| pair[0].1 <= pair[1].0), "chunks overlap");
        }
    }
}
