//! Writing roles: what is included before what includes it, and at last what is missing ends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::id::RoleId;
use domain::lifecycle::Lifecycle;
use domain::role::{Grantable, RoleContent, RolePart};
use domain::source::ImportMode;

use super::{Drawing, Drawn, KIND, Part};
use crate::imports::engine::names::Name;
use crate::imports::engine::recorded::Chunk;
use crate::imports::engine::{BATCH, Engine, Result};

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
            let mut chunk = Chunk::new();
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
            self.settle_chunk(chunk, &mut seen).await?;
            for name in done.into_iter().filter(|name| added.contains(name)) {
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
        self.end_missing::<RoleContent>(&seen).await
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
    fn compare_role(&mut self, name: Name, drawn: &Drawn, chunk: &mut Chunk<RoleContent>) -> bool {
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
            let version = (before.id, before.recorded_from, before.content.clone());
            chunk.changed.push((drawn.line, version, content));
        }
        true
    }
}
