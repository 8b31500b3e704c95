//! Writing roles: what is included before what includes it, and at last what is missing ends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::id::{ObjectKind, RoleId};
use domain::lifecycle::Lifecycle;
use domain::role::{Grantable, Role, RoleContent, RolePart};
use domain::source::{ImportMode, RowChange};

use super::{Drawing, Drawn, KIND, Part};
use crate::imports::engine::names::Name;
use crate::imports::engine::tally::{FieldChange, differs};
use crate::imports::engine::{BATCH, Engine, Result, about};

#[derive(Debug, Default)]
struct Chunk {
    new: Vec<(u64, Name, RoleContent)>,
    changed: Vec<(u64, Role, RoleContent)>,
}

impl Engine<'_> {
    pub(super) async fn settle_roles(&mut self, drawing: Drawing) -> Result<()> {
        let mut seen = Self::seen_roles(&drawing);
        let mut waits: BTreeMap<Name, usize> = BTreeMap::new();
        let mut includers: BTreeMap<Name, Vec<Name>> = BTreeMap::new();
        let mut ready = VecDeque::new();
        for (name, role) in &drawing.roles {
            let new: Vec<Name> = role
                .parts
                .keys()
                .filter_map(|part| {
                    if let Part::Role(other) = part {
                        Some(*other)
                    } else {
                        None
                    }
                })
                .filter(|other| self.roles.object(*other).is_none())
                .collect();
            if new.is_empty() {
                ready.push_back(*name);
            }
            waits.insert(*name, new.len());
            for other in new {
                includers.entry(other).or_default().push(*name);
            }
        }
        let mut named = 0;
        while !ready.is_empty() {
            // What one chunk adds has numbers only after it: roles that wait for it come in a later one.
            let mut chunk = Chunk::default();
            let mut done = Vec::new();
            while let Some(name) = ready.pop_front() {
                if let Some(drawn) = drawing.roles.get(&name) {
                    named += u64::from(self.compare_role(name, drawn, &mut chunk));
                }
                done.push(name);
                if done.len() == BATCH {
                    break;
                }
            }
            let added: BTreeSet<Name> = chunk.new.iter().map(|(_, name, _)| *name).collect();
            if self.dry {
                self.foresee_roles(chunk);
            } else {
                self.write_roles(chunk).await?;
            }
            for name in done.into_iter().filter(|name| added.contains(name)) {
                seen.insert(self.roles.object(name).unwrap_or_default());
                for includer in includers.remove(&name).unwrap_or_default() {
                    if let Some(left) = waits.get_mut(&includer) {
                        *left -= 1;
                        if *left == 0 {
                            ready.push_back(includer);
                        }
                    }
                }
            }
        }
        self.named.insert(KIND, named);
        self.end_roles(&seen).await
    }

    /// Parts of a recorded role that a file leaves alone: those of others, and all when nothing of it may be missing.
    pub(super) fn kept(&self, drawn: &Drawn) -> Vec<RolePart> {
        let keeps_own =
            drawn.stays || self.mode == ImportMode::Delta || self.uncertain.contains(&KIND);
        let parts = drawn
            .before
            .iter()
            .flat_map(|role| role.content.parts.iter().copied());
        parts
            .filter(|part| keeps_own || part.source != Some(self.source.id))
            .collect()
    }

    /// Whether the role counts as one.
    fn compare_role(&mut self, name: Name, drawn: &Drawn, chunk: &mut Chunk) -> bool {
        if drawn.before.is_none() && drawn.stays && drawn.parts.is_empty() {
            return false;
        }
        let mut parts: BTreeSet<RolePart> = self.kept(drawn).into_iter().collect();
        for part in drawn.parts.keys() {
            let what = match part {
                Part::Entitlement(id) => Grantable::Entitlement(*id),
                Part::Role(other) => match self.roles.object(*other) {
                    Some(id) => Grantable::Role(RoleId::from_raw(id)),
                    None => continue,
                },
            };
            // What others put there already needs not be there twice.
            if !parts.iter().any(|part| part.what == what) {
                parts.insert(RolePart {
                    what,
                    source: Some(self.source.id),
                });
            }
        }
        let owner = self.owner_of(drawn);
        let display_name = if drawn.display_name.is_empty() {
            drawn.name.clone()
        } else {
            drawn.display_name.clone()
        };
        let Some(before) = &drawn.before else {
            let content = RoleContent {
                name: drawn.name.clone(),
                display_name,
                description: drawn.description.clone(),
                owner,
                status: Lifecycle::Active,
                source: Some(self.source.id),
                parts,
            };
            chunk.new.push((drawn.line, name, content));
            return true;
        };
        let mine = before.content.source == Some(self.source.id);
        let content = if mine {
            RoleContent {
                name: drawn.name.clone(),
                display_name,
                description: drawn.description.clone(),
                owner,
                status: before.content.status,
                source: before.content.source,
                parts,
            }
        } else {
            RoleContent {
                parts,
                ..before.content.clone()
            }
        };
        if content != before.content {
            chunk.changed.push((drawn.line, before.clone(), content));
        }
        true
    }

    fn foresee_roles(&mut self, chunk: Chunk) {
        for (line, name, content) in chunk.new {
            let id = self.provisional();
            self.roles.learn(name, Some(id));
            self.tally.count(KIND, RowChange::Added);
            if self.tally.wants(KIND, RowChange::Added) {
                self.tally.show(
                    KIND,
                    line,
                    RowChange::Added,
                    &content.display_name,
                    fields(None, &content),
                );
            }
        }
        for (line, before, content) in chunk.changed {
            self.tally.count(KIND, RowChange::Changed);
            if self.tally.wants(KIND, RowChange::Changed) {
                self.tally.show(
                    KIND,
                    line,
                    RowChange::Changed,
                    &content.display_name,
                    fields(Some(&before.content), &content),
                );
            }
        }
    }

    async fn write_roles(&mut self, chunk: Chunk) -> Result<()> {
        if chunk.new.is_empty() && chunk.changed.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let mut records = Vec::with_capacity(chunk.new.len() + chunk.changed.len());
        if !chunk.changed.is_empty() {
            let lines: Vec<u64> = chunk.changed.iter().map(|(line, _, _)| *line).collect();
            let versions: Vec<_> = chunk
                .changed
                .into_iter()
                .map(|(_, before, content)| (before.id, before.recorded_from, content))
                .collect();
            let marks = tx.replace_roles(&versions).await?;
            records.extend(lines.iter().zip(marks).map(|(line, mark)| {
                about(RowChange::Changed, KIND, *line, mark.object, mark.content)
            }));
        }
        let mut learnt = Vec::with_capacity(chunk.new.len());
        if !chunk.new.is_empty() {
            let first = tx
                .next_ids(
                    ObjectKind::Role,
                    i64::try_from(chunk.new.len()).unwrap_or(i64::MAX),
                )
                .await?;
            let mut contents = Vec::with_capacity(chunk.new.len());
            for (id, (line, name, content)) in (first..).zip(chunk.new) {
                learnt.push((line, name, id));
                contents.push((RoleId::from_raw(id), content));
            }
            let marks = tx.insert_roles(&contents).await?;
            records.extend(learnt.iter().zip(marks).map(|((line, _, _), mark)| {
                about(RowChange::Added, KIND, *line, mark.object, mark.content)
            }));
        }
        self.commit(tx, &records).await?;
        for (_, name, id) in learnt {
            self.roles.learn(name, Some(id));
        }
        Ok(())
    }

    async fn end_roles(&mut self, seen: &crate::imports::engine::names::Numbers) -> Result<()> {
        let missing = self.missing(KIND, seen).await?;
        for part in missing.chunks(BATCH) {
            let ids: Vec<RoleId> = part.iter().copied().map(RoleId::from_raw).collect();
            let gone = self.service.store.read().await?.roles_with(&ids).await?;
            if self.dry {
                for role in &gone {
                    self.foresee_end(KIND, &role.content.display_name);
                }
                continue;
            }
            let versions: Vec<_> = gone
                .into_iter()
                .map(|gone| {
                    let content = RoleContent {
                        status: Lifecycle::Ended,
                        ..gone.content
                    };
                    (gone.id, gone.recorded_from, content)
                })
                .collect();
            let mut tx = self.begin().await?;
            let marks = tx.replace_roles(&versions).await?;
            let records: Vec<_> = marks
                .iter()
                .map(|mark| about(RowChange::Ended, KIND, 0, mark.object, mark.content))
                .collect();
            self.commit(tx, &records).await?;
        }
        Ok(())
    }
}

fn fields(before: Option<&RoleContent>, after: &RoleContent) -> Vec<FieldChange> {
    let text = |of: fn(&RoleContent) -> String| (before.map(of).unwrap_or_default(), of(after));
    [
        ("role", text(|content| content.name.clone())),
        ("display_name", text(|content| content.display_name.clone())),
        ("description", text(|content| content.description.clone())),
        (
            "owner",
            text(|content| {
                content
                    .owner
                    .filter(|id| id.raw() > 0)
                    .map(|id| id.to_string())
                    .unwrap_or_default()
            }),
        ),
        ("parts", text(|content| content.parts.len().to_string())),
    ]
    .into_iter()
    .filter_map(|(field, (before, after))| differs(field, &before, &after))
    .collect()
}
