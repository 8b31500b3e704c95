//! Writing people: one transaction for what a batch of rows leads to.

use std::collections::BTreeSet;

use domain::audit::Event;
use domain::id::{IdentityId, ObjectKind};
use domain::identity::{IdentityContent, IdentityStatus};
use domain::permission::{Action, Actor, Facts};
use domain::source::{LinkState, RowChange, RowRecord};
use domain::time::Instant;
use storage::WriteTx;

use super::book::Book;
use super::end::close_doors;
use super::plan::{Fate, Plan};
use super::write::{Item, Writes};
use super::{KIND, Privileged};
use crate::imports::engine::{Engine, Result, about};
use crate::imports::progress::Halt;
use crate::{Cx, Service, rights, rules};

/// What rules mean for people who came or changed, and for the reports of those who are called otherwise now, in the same
/// transaction: entries of their own, because no row of a file says so.
async fn follow_rules(
    service: &Service,
    tx: &mut WriteTx,
    ids: &[IdentityId],
    renamed: &[IdentityId],
) -> Result<Vec<Event>> {
    let compiled = rules::Compiled::of(service, tx).await?;
    if compiled.rules.is_empty() || ids.is_empty() {
        return Ok(Vec::new());
    }
    let cx = Cx::of(Actor::System);
    let permit = cx.decide(Action::GiveAccess, None, Facts::default())?;
    let people = tx.identities_with(ids).await?;
    let followed = rules::follow(tx, &compiled, &people).await?;
    let mut events = followed.events(&cx, &permit)?;
    events.extend(rules::follow_renamed(service, tx, &cx, &permit, renamed).await?);
    Ok(events)
}

impl Engine<'_> {
    /// Writes what a batch leads to, in one transaction.
    pub(super) async fn write(
        &mut self,
        plan: &mut Plan,
        (book, privileged): (&Book, &Privileged),
        batch: &[Item],
        mut writes: Writes,
    ) -> Result<()> {
        if writes.new.is_empty()
            && writes.changed.is_empty()
            && writes.linked.is_empty()
            && writes.links.is_empty()
        {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let mut records: Vec<RowRecord> = Vec::with_capacity(batch.len());
        let mut leaving = Vec::new();
        let mut changes: Vec<(IdentityId, Instant, IdentityContent)> =
            Vec::with_capacity(writes.changed.len());
        let mut rows = Vec::with_capacity(writes.changed.len());
        let mut going = BTreeSet::new();
        let mut renamed = Vec::new();
        for (row, before, content) in std::mem::take(&mut writes.changed) {
            if before.content.status != content.status && !content.status.may_sign_in() {
                if privileged.has(before.id)
                    && let Err(error) =
                        rights::keep_an_administrator_besides(&mut tx, before.id, &going).await
                {
                    self.tally
                        .reject(KIND, line(plan, row), "status", error.to_string());
                    plan.lines[row].fate = Fate::Rejected;
                    writes.links.retain(|link| link.identity != Some(before.id));
                    continue;
                }
                going.insert(before.id);
                leaving.push((before.id, content.status));
            }
            rows.push(row);
            if before.content.username != content.username {
                renamed.push(before.id);
            }
            changes.push((before.id, before.recorded_from, content));
        }
        if !changes.is_empty() {
            let marks = tx.replace_identities(&changes).await?;
            records.extend(rows.iter().zip(marks).map(|(row, mark)| {
                about(
                    RowChange::Changed,
                    KIND,
                    line(plan, *row),
                    mark.object,
                    mark.content,
                )
            }));
        }
        let ids = self
            .add_new(plan, batch, &mut writes, &mut tx, &mut records)
            .await?;
        records.extend(
            writes
                .linked
                .iter()
                .map(|(row, id)| about(RowChange::Changed, KIND, line(plan, *row), *id, None)),
        );
        match tx.put_links(&writes.links, book.read_at).await {
            // Whom a key means was decided since the book was read: comparing this batch again would not know of it.
            Err(storage::Error::Stale) => return Err(Halt::Overtaken),
            put => put?,
        }
        let ended: Vec<IdentityId> = leaving
            .iter()
            .filter(|(_, status)| *status == IdentityStatus::Ended)
            .map(|(id, _)| *id)
            .collect();
        let stopped: Vec<IdentityId> = leaving.iter().map(|(id, _)| *id).collect();
        if !ended.is_empty() {
            close_doors(&mut tx, &ended, &mut records).await?;
        }
        if !stopped.is_empty() {
            tx.delete_sessions_of_all(&stopped).await?;
        }
        let touched = changes.iter().map(|(id, ..)| *id);
        let touched: Vec<IdentityId> = touched
            .chain(ids.iter().map(|(_, id)| IdentityId::from_raw(*id)))
            .collect();
        let events = follow_rules(self.service, &mut tx, &touched, &renamed).await?;
        if records.is_empty() {
            self.keep(&mut tx).await?;
            tx.commit_unaudited("what a source said last of people who stay as they are")
                .await?;
        } else {
            self.commit_with(tx, &records, events).await?;
        }
        for (row, id) in ids {
            plan.lines[row].identity = id;
        }
        Ok(())
    }

    /// Adds who is new, with their links; answers which row became whom.
    async fn add_new(
        &mut self,
        plan: &Plan,
        batch: &[Item],
        writes: &mut Writes,
        tx: &mut WriteTx,
        records: &mut Vec<RowRecord>,
    ) -> Result<Vec<(usize, i64)>> {
        let new = std::mem::take(&mut writes.new);
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
        let next = tx.next_ids(ObjectKind::Identity, count).await?;
        let mut ids = Vec::with_capacity(new.len());
        let mut contents = Vec::with_capacity(new.len());
        for (id, (row, content)) in (next..).zip(new) {
            let item = place(batch, row);
            writes.links.extend(item.map(|item| {
                self.link(
                    plan.lines[row],
                    item,
                    Some(IdentityId::from_raw(id)),
                    LinkState::Linked,
                )
            }));
            if content.status == IdentityStatus::Ended {
                self.ended.insert(id);
            }
            ids.push((row, id));
            contents.push((IdentityId::from_raw(id), content));
        }
        let marks = tx.insert_identities(&contents).await?;
        records.extend(ids.iter().zip(marks).map(|((row, _), mark)| {
            about(
                RowChange::Added,
                KIND,
                line(plan, *row),
                mark.object,
                mark.content,
            )
        }));
        Ok(ids)
    }
}

fn line(plan: &Plan, row: usize) -> u64 {
    u64::from(plan.lines[row].number)
}

/// The item of a row; batches are in the order of the rows.
pub(super) fn place(batch: &[Item], row: usize) -> Option<&Item> {
    batch
        .binary_search_by_key(&row, |item| item.row)
        .ok()
        .map(|place| &batch[place])
}
