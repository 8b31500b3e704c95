//! Which role includes which: what nobody knows is reported, and a line that would close a circle is left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::RoleId;
use domain::role::{Role, cycle};

use super::{Drawing, KIND, Part};
use crate::imports::engine::names::{Name, key};
use crate::imports::engine::objects::needed;
use crate::imports::engine::{BATCH, Engine, Result};
use crate::imports::progress::Halt;

/// Circles that are cut one by one; a file with more is a mistake as a whole.
const CIRCLES: usize = 1000;

impl Engine<'_> {
    pub(super) async fn cut_circles(&mut self, drawing: &mut Drawing) -> Result<()> {
        self.drop_unknown(drawing).await?;
        let mut graph = self.inclusions(drawing).await?;
        for _ in 0..CIRCLES {
            let Some(path) = cycle(&graph) else {
                return Ok(());
            };
            let closing = path
                .windows(2)
                .filter_map(|step| {
                    let line = drawing
                        .roles
                        .get(&step[0])?
                        .parts
                        .get(&Part::Role(step[1]))?;
                    Some((*line, step[0], step[1]))
                })
                .max();
            let Some((line, from, to)) = closing else {
                return Err(Halt::Refused("The roles that are recorded include each other in a circle. Correct them before roles are imported.".to_owned()));
            };
            let way: Vec<&str> = path
                .iter()
                .map(|name| drawing.shown.get(name).map_or("?", String::as_str))
                .collect();
            self.tally.reject(
                KIND,
                line,
                "includes_role",
                format!(
                    "The role would include itself: {}. Take one of these lines out.",
                    way.join(" → ")
                ),
            );
            if let Some(role) = drawing.roles.get_mut(&from) {
                role.parts.remove(&Part::Role(to));
            }
            if let Some(included) = graph.get_mut(&from) {
                included.remove(&to);
            }
        }
        Err(Halt::Refused(format!(
            "More than {CIRCLES} lines of roles.csv make a role include itself. Check where the file comes from."
        )))
    }

    async fn drop_unknown(&mut self, drawing: &mut Drawing) -> Result<()> {
        self.learn_roles().await?;
        for (name, role) in &drawing.roles {
            drawing
                .shown
                .entry(*name)
                .or_insert_with(|| role.name.clone());
        }
        // A role that only broken lines speak of is not made by them.
        let made: BTreeSet<Name> = drawing
            .roles
            .iter()
            .filter(|(_, role)| role.before.is_some() || !role.stays || !role.parts.is_empty())
            .map(|(name, _)| *name)
            .collect();
        let mut unknown = Vec::new();
        for role in drawing.roles.values_mut() {
            role.parts.retain(|part, line| {
                let Part::Role(name) = part else { return true };
                if made.contains(name) {
                    return true;
                }
                let shown = drawing.shown.get(name).map_or("", String::as_str);
                match needed(&self.roles, *name, shown, "role", KIND) {
                    Ok(_) => true,
                    Err(why) => {
                        unknown.push((*line, why));
                        false
                    }
                }
            });
        }
        unknown.sort();
        for (line, why) in unknown {
            self.tally.reject(KIND, line, "includes_role", why);
        }
        Ok(())
    }

    /// All inclusions that will hold, as far as roles of the file are in them.
    async fn inclusions(&self, drawing: &mut Drawing) -> Result<BTreeMap<Name, BTreeSet<Name>>> {
        let mut graph: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
        let mut recorded: HashMap<RoleId, Role> = HashMap::new();
        let mut wanted: BTreeSet<RoleId> = BTreeSet::new();
        for (name, role) in &drawing.roles {
            let included = graph.entry(*name).or_default();
            for part in role.parts.keys() {
                if let Part::Role(other) = part {
                    included.insert(*other);
                    if !drawing.roles.contains_key(other) {
                        wanted.extend(self.roles.object(*other).map(RoleId::from_raw));
                    }
                }
            }
            for part in self.kept(role) {
                wanted.extend(part.what.role());
            }
        }
        while !wanted.is_empty() {
            let ids: Vec<RoleId> = std::mem::take(&mut wanted).into_iter().collect();
            for part in ids.chunks(BATCH) {
                for role in self.service.store.read().await?.roles_with(part).await? {
                    wanted.extend(
                        role.content
                            .parts
                            .iter()
                            .filter_map(|part| part.what.role())
                            .filter(|id| !recorded.contains_key(id)),
                    );
                    recorded.insert(role.id, role);
                }
            }
            wanted.retain(|id| !recorded.contains_key(id));
        }
        let names: HashMap<RoleId, Name> = recorded
            .values()
            .map(|role| (role.id, Name::of(&key(&role.content.name))))
            .collect();
        for role in recorded.values() {
            let name = names[&role.id];
            drawing
                .shown
                .entry(name)
                .or_insert_with(|| role.content.name.clone());
            if !drawing.roles.contains_key(&name) {
                let included = role
                    .content
                    .parts
                    .iter()
                    .filter_map(|part| names.get(&part.what.role()?).copied());
                graph.entry(name).or_default().extend(included);
            }
        }
        for (name, role) in &drawing.roles {
            let kept = self
                .kept(role)
                .into_iter()
                .filter_map(|part| names.get(&part.what.role()?).copied());
            graph.entry(*name).or_default().extend(kept);
        }
        Ok(graph)
    }
}
