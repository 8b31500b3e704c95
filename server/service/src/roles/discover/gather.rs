//! Reading what people have now, as pairs of numbers, with what names are suggested from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use domain::application::CONSOLE;
use domain::discovered::Scope;
use domain::id::{EntitlementId, IdentityId};
use domain::identity::Identity;
use storage::ReadTx;

use crate::effective::{AsOf, NamedEntitlement, load, names_of};
use crate::{Error, Result, Service};

/// People read at a time.
const CHUNK: usize = 500;
/// Grants that are looked at: they are in memory together, and the search needs several times as much.
const MOST_GRANTS: usize = 5_000_000;
const TOO_MANY: &str = "There are more than 5 000 000 grants here, and so many cannot be searched together. Choose one application or one department.";

/// Told how many people were read; breaks the reading off.
pub(super) type Reading<'a> = &'a mut (dyn FnMut(u64) -> ControlFlow<()> + Send);

/// What people have, in numbers.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Who has what.
    pub(super) pairs: Vec<(u32, u32)>,
    /// What is had, with names.
    pub(super) names: BTreeMap<EntitlementId, NamedEntitlement>,
    /// What those who have something do, and where.
    pub(super) places: Places,
    /// People who were looked at.
    pub(super) people: u64,
    /// Those of them who have nothing here.
    pub(super) idle: u64,
    /// Grants of rights in the console.
    pub(super) left_out: u64,
}

/// Departments and titles of people, each text once.
#[derive(Debug, Default)]
pub(super) struct Places {
    texts: Vec<String>,
    known: HashMap<String, u32>,
    of: HashMap<u32, (u32, u32)>,
}

impl Places {
    /// The department and the title of somebody, as numbers of texts.
    pub(super) fn of(&self, person: u32) -> Option<(u32, u32)> {
        self.of.get(&person).copied()
    }

    /// A text by its number.
    pub(super) fn text(&self, number: u32) -> &str {
        let place = usize::try_from(number).ok();
        place
            .and_then(|at| self.texts.get(at))
            .map_or("", String::as_str)
    }

    fn put(&mut self, person: u32, identity: &Identity) -> Result<()> {
        let department = self.number_of(identity.content.department.trim())?;
        let title = self.number_of(identity.content.title.trim())?;
        self.of.insert(person, (department, title));
        Ok(())
    }

    fn number_of(&mut self, text: &str) -> Result<u32> {
        if let Some(known) = self.known.get(text) {
            return Ok(*known);
        }
        let new = u32::try_from(self.texts.len()).map_err(|_| too_large())?;
        self.texts.push(text.to_owned());
        self.known.insert(text.to_owned(), new);
        Ok(new)
    }
}

/// Reads what the people of a scope have at this moment; none when `watch` broke it off.
pub(super) async fn gather(
    service: &Service,
    scope: &Scope,
    watch: Reading<'_>,
) -> Result<Option<Gathered>> {
    let moment = AsOf::now(service.now());
    let mut tx = service.store.read().await?;
    let mut next = Next::of(&mut tx, scope).await?;
    let mut all = Gathered::default();
    loop {
        let some = next.some(&mut tx).await?;
        if some.is_empty() {
            return Ok(Some(all));
        }
        let people = load(&mut tx, &some, moment).await?;
        let mut had: Vec<(&Identity, BTreeSet<EntitlementId>)> = Vec::new();
        for whole in people.by_id.values().filter(|one| one.subject.present) {
            had.push((&whole.identity, whole.entitlements(&people.graph, moment)));
        }
        all.name(&mut tx, &had).await?;
        for (identity, entitlements) in had {
            all.add(scope, identity, &entitlements)?;
        }
        if all.pairs.len() > MOST_GRANTS {
            return Err(Error::Refused(TOO_MANY.to_owned()));
        }
        if watch(all.people).is_break() {
            return Ok(None);
        }
    }
}

impl Gathered {
    /// Reads the names of what was not seen before.
    async fn name(
        &mut self,
        tx: &mut ReadTx,
        had: &[(&Identity, BTreeSet<EntitlementId>)],
    ) -> Result<()> {
        let new: BTreeSet<EntitlementId> = had
            .iter()
            .flat_map(|(_, entitlements)| entitlements)
            .filter(|id| !self.names.contains_key(id))
            .copied()
            .collect();
        let new: Vec<EntitlementId> = new.into_iter().collect();
        self.names.extend(names_of(tx, &new).await?);
        Ok(())
    }

    /// Adds what somebody has, as far as it is in the scope and roles may give it.
    fn add(
        &mut self,
        scope: &Scope,
        identity: &Identity,
        entitlements: &BTreeSet<EntitlementId>,
    ) -> Result<()> {
        self.people += 1;
        let person = number(identity.id.raw())?;
        let before = self.pairs.len();
        for id in entitlements {
            let Some(named) = self.names.get(id) else {
                continue;
            };
            if scope
                .application()
                .is_some_and(|only| named.application != only)
            {
                continue;
            }
            if named.application_name == CONSOLE {
                self.left_out += 1;
            } else {
                self.pairs.push((person, number(id.raw())?));
            }
        }
        if self.pairs.len() == before {
            self.idle += 1;
            Ok(())
        } else {
            self.places.put(person, identity)
        }
    }
}

/// Who is read next.
enum Next {
    /// Everybody after this id.
    After(i64),
    /// These, from the end.
    Of(Vec<IdentityId>),
}

impl Next {
    async fn of(tx: &mut ReadTx, scope: &Scope) -> Result<Self> {
        Ok(match scope.department() {
            None => Self::After(0),
            Some(department) => {
                let mut people = tx.people_of_department(department).await?;
                people.reverse();
                Self::Of(people)
            }
        })
    }

    async fn some(&mut self, tx: &mut ReadTx) -> Result<Vec<IdentityId>> {
        match self {
            Self::After(after) => {
                let most = i64::try_from(CHUNK).unwrap_or(i64::MAX);
                let people = tx.identities_after(*after, most).await?;
                if let Some(last) = people.last() {
                    *after = last.id.raw();
                }
                Ok(people.into_iter().map(|person| person.id).collect())
            }
            Self::Of(people) => Ok(people.split_off(people.len().saturating_sub(CHUNK))),
        }
    }
}

fn number(id: i64) -> Result<u32> {
    u32::try_from(id).map_err(|_| too_large())
}

fn too_large() -> Error {
    Error::Refused("There are too many people or entitlements to look for roles.".to_owned())
}
