//! What a dry run foresees of people: it counts what the apply writes, and notes what decides about access.

use std::collections::{HashMap, HashSet};

use domain::id::IdentityId;
use domain::identity::{Identity, IdentityContent, IdentityStatus};
use domain::source::RowChange;

use super::book::Book;
use super::plan::{Fate, Plan, Upper};
use super::put::place;
use super::write::{Item, Writes};
use super::{KIND, Privileged};
use crate::imports::engine::names::{Name, key};
use crate::imports::engine::tally::{FieldChange, differs};
use crate::imports::engine::{Engine, Result};
use crate::imports::foreseen::Following;
use crate::rights;

impl Engine<'_> {
    /// Finds out what rules will need to know: what managers are called afterwards.
    pub(super) async fn foresee_rules(
        &mut self,
        plan: &Plan,
        book: &Book,
        privileged: &Privileged,
    ) -> Result<()> {
        let Some(foreseen) = &mut self.foreseen else {
            return Ok(());
        };
        let mut tx = self.service.store.read().await?;
        foreseen.following = Following::read(self.service, &mut tx).await?;
        let Some(following) = &mut foreseen.following else {
            return Ok(());
        };
        if !following.asks_for_managers() {
            return Ok(());
        }
        let mut renamed: HashMap<u64, IdentityId> = HashMap::new();
        for line in &plan.lines {
            if let Upper::Row(row) = line.upper {
                following.leads(row);
            }
            let id = IdentityId::from_raw(line.identity);
            let stays = book.holders.get(&line.username) == Some(&line.identity);
            let may = self.may_touch_privileged || !privileged.has(id);
            if line.fate.governs() && line.identity > 0 && !stays && may {
                renamed.insert(line.number.into(), id);
            }
        }
        drop(tx);
        let lines: HashSet<u64> = renamed.keys().copied().collect();
        let names = self.people_in(&lines).await?;
        if let Some(following) = self.following() {
            for (line, (username, _)) in names {
                if let Some(id) = renamed.get(&line) {
                    following.renamed(*id, &username);
                }
            }
        }
        Ok(())
    }

    fn following(&mut self) -> Option<&mut Following> {
        self.foreseen.as_mut()?.following.as_mut()
    }

    /// The rules of people whose manager is called otherwise, once all people were looked at.
    pub(super) async fn foresee_reports(&mut self) -> Result<()> {
        if let Some(foreseen) = &mut self.foreseen {
            let mut tx = self.service.store.read().await?;
            foreseen.follow_reports(&mut tx).await?;
        }
        Ok(())
    }

    /// Why somebody has to stay although a file ends them; nothing when they can go, and nobody goes after the last one.
    pub(super) async fn foresee_leaving(&mut self, id: IdentityId) -> Result<Option<String>> {
        let Some(foreseen) = &mut self.foreseen else {
            return Ok(None);
        };
        let mut tx = self.service.store.read().await?;
        let gone = &foreseen.administrators;
        if let Err(error) = rights::keep_an_administrator_besides(&mut tx, id, gone).await {
            return Ok(Some(error.to_string()));
        }
        foreseen.administrators.insert(id);
        Ok(None)
    }

    /// Counts what a batch leads to.
    pub(super) async fn foresee(
        &mut self,
        plan: &mut Plan,
        privileged: &Privileged,
        batch: &[Item],
        mut writes: Writes,
    ) -> Result<()> {
        let mut people: Vec<(IdentityId, IdentityContent)> = Vec::new();
        for (row, content) in std::mem::take(&mut writes.new) {
            let id = self.foresee_new(plan, row, &content);
            people.push((id, content));
        }
        let mut changed = Vec::with_capacity(writes.changed.len());
        for (row, before, content) in std::mem::take(&mut writes.changed) {
            let leaves = before.content.status != content.status && !content.status.may_sign_in();
            if leaves
                && privileged.has(before.id)
                && let Some(why) = self.foresee_leaving(before.id).await?
            {
                let number = u64::from(plan.lines[row].number);
                self.tally.reject(KIND, number, "status", why);
                plan.lines[row].fate = Fate::Rejected;
                continue;
            }
            self.foresee_change(plan, &before, &content);
            changed.push((row, before, content));
        }
        let leaving: Vec<IdentityId> = changed
            .iter()
            .filter(|(_, before, content)| ends(&before.content, content))
            .map(|(_, before, _)| before.id)
            .collect();
        self.foresee_closed_doors(&leaving).await?;
        self.show_changes(plan, batch, &changed).await?;
        self.show_linked(plan, &writes.linked).await?;
        people.extend(
            changed
                .into_iter()
                .map(|(_, before, after)| (before.id, after)),
        );
        if let Some(foreseen) = &mut self.foreseen
            && foreseen.following.is_some()
        {
            let people: Vec<_> = people.iter().map(|(id, content)| (*id, content)).collect();
            let mut tx = self.service.store.read().await?;
            foreseen.follow(&mut tx, &people).await?;
        }
        Ok(())
    }

    fn foresee_new(
        &mut self,
        plan: &mut Plan,
        row: usize,
        content: &IdentityContent,
    ) -> IdentityId {
        let id = self.provisional();
        let line = &mut plan.lines[row];
        line.identity = id;
        if content.status == IdentityStatus::Ended {
            self.ended.insert(id);
        }
        if let Some(foreseen) = &mut self.foreseen {
            foreseen.comes(id, line.number, line.username, content);
            if let Some(following) = &mut foreseen.following
                && following.has_reports(row)
            {
                following.called(id, &content.username);
            }
        }
        let (number, name) = (u64::from(line.number), &content.display_name);
        self.tally
            .foresee(KIND, number, RowChange::Added, name, || {
                fields(None, content)
            });
        IdentityId::from_raw(id)
    }

    fn foresee_change(&mut self, plan: &Plan, before: &Identity, after: &IdentityContent) {
        let Some(foreseen) = &mut self.foreseen else {
            return;
        };
        foreseen.changes(before, after);
        if before.content.username == after.username {
            return;
        }
        if let Some(following) = &mut foreseen.following
            && following.asks_for_managers()
        {
            following.renamed(before.id, &after.username);
        }
        // Nobody is called so afterwards.
        let old = Name::of(&key(&before.content.username));
        if !plan.by_username.contains_key(&old) {
            self.people.learn(old, None);
        }
    }

    async fn show_changes(
        &mut self,
        plan: &Plan,
        batch: &[Item],
        changed: &[(usize, Identity, IdentityContent)],
    ) -> Result<()> {
        for (row, before, content) in changed {
            self.tally.count(KIND, RowChange::Changed);
            if self.tally.wants(KIND, RowChange::Changed) {
                let mut fields = fields(Some(&before.content), content);
                if before.content.manager != content.manager {
                    let said = place(batch, *row).map_or("", |item| item.said.manager.as_str());
                    let was = match before.content.manager {
                        Some(id) => self
                            .service
                            .store
                            .read()
                            .await?
                            .identity_names(&[id])
                            .await?
                            .pop(),
                        None => None,
                    };
                    fields.extend(differs(
                        "manager",
                        &was.map(|name| name.username).unwrap_or_default(),
                        said,
                    ));
                }
                self.tally.show(
                    KIND,
                    u64::from(plan.lines[*row].number),
                    RowChange::Changed,
                    &before.content.display_name,
                    fields,
                );
            }
        }
        Ok(())
    }

    async fn show_linked(&mut self, plan: &Plan, linked: &[(usize, IdentityId)]) -> Result<()> {
        for (row, id) in linked {
            self.tally.count(KIND, RowChange::Changed);
            if self.tally.wants(KIND, RowChange::Changed) {
                let name = self
                    .service
                    .store
                    .read()
                    .await?
                    .identity_names(&[*id])
                    .await?
                    .pop();
                let fields = differs("source", "", &self.source.content.name)
                    .into_iter()
                    .collect();
                self.tally.show(
                    KIND,
                    u64::from(plan.lines[*row].number),
                    RowChange::Changed,
                    &name.map(|name| name.display_name).unwrap_or_default(),
                    fields,
                );
            }
        }
        Ok(())
    }
}

/// Whether a person leaves by a change.
fn ends(before: &IdentityContent, after: &IdentityContent) -> bool {
    before.status != IdentityStatus::Ended && after.status == IdentityStatus::Ended
}

/// What is different between two contents, without the manager.
fn fields(before: Option<&IdentityContent>, after: &IdentityContent) -> Vec<FieldChange> {
    let texts = |content: &IdentityContent| {
        let day =
            |day: Option<domain::time::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let mut texts = vec![
            ("username".to_owned(), content.username.clone()),
            ("display_name".to_owned(), content.display_name.clone()),
            ("email".to_owned(), content.email.clone()),
            ("department".to_owned(), content.department.clone()),
            ("title".to_owned(), content.title.clone()),
            ("location".to_owned(), content.location.clone()),
            ("employment_type".to_owned(), content.kind.word().to_owned()),
            ("status".to_owned(), content.status.word().to_owned()),
            ("start_date".to_owned(), day(content.start_date)),
            ("end_date".to_owned(), day(content.end_date)),
            ("external_id".to_owned(), content.external_id.clone()),
        ];
        texts.extend(
            content
                .attributes
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        texts
    };
    let was: HashMap<String, String> = before.map(texts).unwrap_or_default().into_iter().collect();
    let is = texts(after);
    let gone: Vec<FieldChange> = was
        .iter()
        .filter(|(field, _)| !is.iter().any(|(name, _)| name == *field))
        .filter_map(|(field, value)| differs(field, value, ""))
        .collect();
    is.iter()
        .filter_map(|(field, value)| {
            differs(field, was.get(field).map_or("", String::as_str), value)
        })
        .chain(gone)
        .collect()
}
