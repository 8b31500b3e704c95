//! Roles: roles.csv. Several rows make one role, and roles include each other, so the file is read whole: names become
//! numbers, circles are cut, and what is included is written before what includes it.

mod inclusion;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::field::FieldErrors;
use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::role::Role;
use domain::source::FileKind;

use super::names::{Name, Numbers, key};
use super::{BATCH, Engine, Result, SCAN, cells};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::Roles;

/// What a row puts into its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Entitlement(EntitlementId),
    /// A role by its name: it may come later in the file.
    Role(Name),
}

/// A role as the file tells of it.
#[derive(Debug, Default)]
struct Drawn {
    line: u64,
    name: String,
    display_name: String,
    description: String,
    owner: String,
    /// Each with the line that says so.
    parts: BTreeMap<Part, u64>,
    /// A row of it has a fault: what is in the role stays in it.
    stays: bool,
    before: Option<Role>,
}

/// All roles of the file.
#[derive(Debug, Default)]
struct Drawing {
    roles: BTreeMap<Name, Drawn>,
    /// How roles that are included are written.
    shown: HashMap<Name, String>,
}

/// One row.
struct Item {
    line: u64,
    role: String,
    includes: String,
    application: String,
    entitlement: String,
    display_name: String,
    description: String,
    owner: String,
}

impl Engine<'_> {
    /// Compares roles, and writes what differs.
    pub(super) async fn roles(&mut self) -> Result<()> {
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(());
        };
        let mut drawing = Drawing::default();
        let mut batch = Vec::new();
        while let Some(row) = reader.next().await? {
            if self.broken(KIND, row) {
                self.protect_role(&row, &mut drawing);
                continue;
            }
            batch.push(read(&row));
            if batch.len() == BATCH {
                self.draw_roles(std::mem::take(&mut batch), &mut drawing)
                    .await?;
                self.pause(KIND, reader.position()).await?;
            }
        }
        self.draw_roles(batch, &mut drawing).await?;
        self.read_to_end(KIND, &reader);
        self.match_roles(&mut drawing).await?;
        self.cut_circles(&mut drawing).await?;
        self.settle_roles(drawing).await
    }

    fn protect_role(&mut self, row: &Row<'_>, drawing: &mut Drawing) {
        if let Some(role) = row.certain("role") {
            drawing.role(role, row.line()).stays = true;
        } else {
            self.uncertain.insert(KIND);
        }
    }

    async fn draw_roles(&mut self, items: Vec<Item>, drawing: &mut Drawing) -> Result<()> {
        self.learn_entitlements().await?;
        for item in items {
            let mut errors = FieldErrors::new();
            errors.required("role", "The role", &item.role, 200);
            errors.line("display_name", "The name", &item.display_name, 200);
            errors.text("description", "The description", &item.description, 2000);
            let mut wrong = cells::wrong(&errors);
            if item.role.starts_with("rol_") {
                wrong.push((
                    "role".to_owned(),
                    "The name must not begin like an id (rol_). Choose another.".to_owned(),
                ));
            }
            let part = match (
                item.includes.is_empty(),
                item.application.is_empty(),
                item.entitlement.is_empty(),
            ) {
                (true, true, true) => None,
                (false, true, true) => {
                    let name = Name::of(&key(&item.includes));
                    drawing
                        .shown
                        .entry(name)
                        .or_insert_with(|| item.includes.clone());
                    Some(Part::Role(name))
                }
                (true, false, false) => {
                    match self.entitlement(&item.application, &item.entitlement) {
                        Ok(id) => Some(Part::Entitlement(EntitlementId::from_raw(id))),
                        Err((column, why)) => {
                            wrong.push((column.to_owned(), why));
                            None
                        }
                    }
                }
                _ => {
                    wrong.push(("includes_role".to_owned(), "A line names either a role that is included, or an application with an entitlement. Make two lines of it.".to_owned()));
                    None
                }
            };
            if !wrong.is_empty() {
                self.reject(KIND, item.line, wrong);
                if !item.role.is_empty() {
                    drawing.role(&item.role, item.line).stays = true;
                }
                continue;
            }
            let role = drawing.role(&item.role, item.line);
            for (known, said) in [
                (&mut role.display_name, item.display_name),
                (&mut role.description, item.description),
                (&mut role.owner, item.owner),
            ] {
                if known.is_empty() {
                    *known = said;
                }
            }
            if let Some(part) = part
                && let Some(first) = role.parts.insert(part, item.line)
            {
                role.parts.insert(part, first);
                self.tally.reject(
                    KIND,
                    item.line,
                    "",
                    format!("Line {first} puts this into the role already. Keep one of the lines."),
                );
            }
        }
        Ok(())
    }

    /// Finds what is recorded of the roles of the file.
    async fn match_roles(&mut self, drawing: &mut Drawing) -> Result<()> {
        self.learn_roles().await?;
        let names: Vec<(Name, RoleId)> = drawing
            .roles
            .keys()
            .filter_map(|name| Some((*name, RoleId::from_raw(self.roles.object(*name)?))))
            .collect();
        for part in names.chunks(BATCH) {
            let ids: Vec<RoleId> = part.iter().map(|(_, id)| *id).collect();
            let known = self.service.store.read().await?.roles_with(&ids).await?;
            let mut known: HashMap<RoleId, Role> =
                known.into_iter().map(|role| (role.id, role)).collect();
            for (name, id) in part {
                if let Some(drawn) = drawing.roles.get_mut(name) {
                    drawn.before = known.remove(id);
                }
            }
        }
        let owners: BTreeSet<String> = drawing
            .roles
            .values()
            .map(|role| role.owner.clone())
            .collect();
        self.learn_people(owners.iter().map(String::as_str)).await
    }

    /// Learns what the names of all roles mean, once.
    pub(super) async fn learn_roles(&mut self) -> Result<()> {
        if !self.learnt.insert(KIND) {
            return Ok(());
        }
        let mut tx = self.service.store.read().await?;
        let mut after = 0;
        loop {
            let page = tx.role_keys(after, SCAN).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id.raw();
            for known in page {
                self.roles
                    .learn(Name::of(&known.name_key), Some(known.id.raw()));
            }
        }
    }

    fn owner_of(&mut self, drawn: &Drawn) -> Option<IdentityId> {
        self.owner(KIND, drawn.line, "owner", &drawn.owner)
            .map(IdentityId::from_raw)
    }

    /// Roles of the source that the file still names.
    fn seen_roles(drawing: &Drawing) -> Numbers {
        let mut seen = Numbers::default();
        for role in drawing
            .roles
            .values()
            .filter_map(|drawn| drawn.before.as_ref())
        {
            seen.insert(role.id.raw());
        }
        seen
    }
}

impl Drawing {
    fn role(&mut self, name: &str, line: u64) -> &mut Drawn {
        self.roles
            .entry(Name::of(&key(name)))
            .or_insert_with(|| Drawn {
                line,
                name: name.to_owned(),
                ..Drawn::default()
            })
    }
}

fn read(row: &Row<'_>) -> Item {
    let cell = |name: &str| row.cell(name).to_owned();
    Item {
        line: row.line(),
        role: cell("role"),
        includes: cell("includes_role"),
        application: cell("application"),
        entitlement: cell("entitlement"),
        display_name: cell("display_name"),
        description: cell("description"),
        owner: cell("owner"),
    }
}
