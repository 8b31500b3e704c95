//! What it would do to change many assignments: which of them can be changed, and who gains and loses what by that.

use std::collections::{BTreeMap, BTreeSet};

use domain::assignment::AssignmentState;
use domain::field::FieldErrors;
use domain::id::{AssignmentId, EntitlementId, IdentityId};
use domain::page::{ListQuery, Position};
use domain::permission::{Action, Rights};
use domain::role::Grantable;
use domain::time::Instant;
use proof::hash::sha256;
use storage::ReadTx;
use storage::assignments::{Assignment, AssignmentContent};

use super::super::step::{by_hand, extended, stepped};
use super::super::{list, name, not_of_the_console, validity};
use super::{ChangeAct, ChangeMany, Item, Which};
use crate::effective::{NamedEntitlement, names_of};
use crate::many::said;
use crate::people::{MOST_AT_ONCE, MOST_MATCHING, facts_of};
use crate::plan::{Change, Outcome, Plan, outcomes, plan as plan_of};
use crate::{Cx, Error, Result, Service, boxed};

/// Of all that match, so many are shown one by one.
const SAMPLE: usize = 25;
/// Assignments read at a time.
const CHUNK: usize = 500;

/// Whether one of them is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Changes,
    /// It is so already.
    Unchanged,
    /// It cannot be, and why.
    Refused(String),
}

/// What one assignment is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The assignment as it is recorded.
    pub assignment: Assignment,
    /// Who has it.
    pub person: String,
    /// What it gives.
    pub what: String,
}

/// What becomes of an entitlement that an assignment gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The person loses it.
    Lost(String),
    /// They keep it, because this gives it too; empty when only a source sees it.
    Kept(String, String),
}

/// One assignment of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedChange {
    /// What it is called.
    pub names: Names,
    /// Whether it is changed.
    pub verdict: Verdict,
    /// What becomes of what it gives now.
    pub fates: Vec<Fate>,
}

/// What it would do to change many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedChanges {
    /// Who gains and loses what. Its hash is also that of the versions of the assignments.
    pub plan: Plan,
    /// All that it is about, also those that are not changed.
    pub ids: Vec<AssignmentId>,
    /// Tells this set from every other.
    pub mark: String,
    /// So many are changed.
    pub changes: usize,
    /// So many need no change.
    pub unchanged: usize,
    /// So many cannot be changed.
    pub refused: usize,
    /// Those that were ticked, or the first of all.
    pub first: Vec<PlannedChange>,
}

/// A plan with what is to be done.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) shown: PlannedChanges,
    pub(super) items: Vec<Item>,
}

/// What it would do.
#[boxed]
pub async fn plan_changes(service: &Service, cx: &Cx, ask: &ChangeMany) -> Result<PlannedChanges> {
    super::may_give_some(service, cx).await?;
    let mut tx = service.store.read().await?;
    let planned = plan(&mut tx, cx, ask, service.now()).await?;
    Ok(planned.shown)
}

pub(super) async fn plan(
    tx: &mut ReadTx,
    cx: &Cx,
    ask: &ChangeMany,
    now: Instant,
) -> Result<Planned> {
    let wanted = wanted(tx, cx, &ask.which, now).await?;
    let mut errors = FieldErrors::new();
    let (_, until) = match ask.act {
        ChangeAct::Extend => validity(tx, ("", &ask.until), now, &mut errors).await?,
        _ => (now, None),
    };
    errors.or(())?;
    let mut judge = Judge {
        cx,
        act: ask.act,
        until,
        now,
        console: BTreeMap::new(),
    };
    let (mut judged, mut replaced) = (Vec::with_capacity(wanted.len()), Vec::new());
    for some in wanted.chunks(CHUNK) {
        judge.read(tx, some, &mut judged, &mut replaced).await?;
    }
    let change = Change {
        replaced,
        ..Change::default()
    };
    let mut plan = plan_of(tx, &change, now).await?;
    let mut bytes = plan.hash.clone().into_bytes();
    for (assignment, verdict) in &judged {
        bytes.extend(assignment.id.raw().to_be_bytes());
        bytes.extend(assignment.recorded_from.micros().to_be_bytes());
        // Whether another last day changes one is not known before there is one.
        if ask.act != ChangeAct::Extend {
            bytes.push(verdict.byte());
        }
    }
    plan.hash = domain::text::hex(&sha256(&bytes).0);
    let most = match ask.which {
        Which::Ticked(_) => MOST_AT_ONCE,
        Which::Matching(..) => SAMPLE,
    };
    let first = first(tx, &judged, &change.replaced, most, now).await?;
    let count = |byte| judged.iter().filter(|(_, one)| one.byte() == byte).count();
    let ids: Vec<AssignmentId> = judged.iter().map(|(one, _)| one.id).collect();
    Ok(Planned {
        items: judged.iter().map(item).collect(),
        shown: PlannedChanges {
            plan,
            mark: mark(&ids),
            ids,
            changes: count(0),
            unchanged: count(1),
            refused: count(2),
            first,
        },
    })
}

fn item((assignment, verdict): &(Assignment, Verdict)) -> Item {
    Item {
        id: assignment.id,
        version: (*verdict != Verdict::Unchanged).then_some(assignment.recorded_from),
    }
}

/// The mark of a set.
fn mark(ids: &[AssignmentId]) -> String {
    let bytes: Vec<u8> = ids.iter().flat_map(|id| id.raw().to_be_bytes()).collect();
    domain::text::hex(&sha256(&bytes).0[..16])
}

/// Which ones, in the order of their ids.
async fn wanted(
    tx: &mut ReadTx,
    cx: &Cx,
    which: &Which,
    now: Instant,
) -> Result<Vec<AssignmentId>> {
    let mut ids = Vec::new();
    match which {
        Which::Ticked(ticked) => {
            ids.extend(ticked);
            ids.sort_unstable();
            ids.dedup();
            ids.truncate(MOST_AT_ONCE);
        }
        Which::Matching(search, _) => {
            let mut query = ListQuery {
                search: search.clone(),
                whole: true,
                ..ListQuery::default()
            };
            loop {
                let page = list::page(tx, cx, now, &query).await?;
                ids.extend(page.rows.iter().map(|row| row.assignment.id));
                if page.total > MOST_MATCHING || ids.len() as u64 > MOST_MATCHING {
                    return Err(Error::Refused(
                        "More than 10 000 assignments match. Narrow the list with a filter and select them again."
                            .to_owned(),
                    ));
                }
                match page.after {
                    Some(cursor) => query.position = Position::After(cursor),
                    None => break,
                }
            }
            ids.sort_unstable();
        }
    }
    Ok(ids)
}

/// Finds out which can be changed.
struct Judge<'a> {
    cx: &'a Cx,
    act: ChangeAct,
    until: Option<Instant>,
    now: Instant,
    /// Why something is not given here, each asked once.
    console: BTreeMap<Grantable, Option<String>>,
}

impl Judge<'_> {
    /// Judges some; what the actor may not know of is left out.
    async fn read(
        &mut self,
        tx: &mut ReadTx,
        ids: &[AssignmentId],
        judged: &mut Vec<(Assignment, Verdict)>,
        replaced: &mut Vec<Assignment>,
    ) -> Result<()> {
        let assignments = tx.assignments_with(ids).await?;
        let people: BTreeSet<IdentityId> =
            assignments.iter().map(|one| one.content.identity).collect();
        let people: Vec<IdentityId> = people.into_iter().collect();
        let people = tx.identities_with(&people).await?;
        for assignment in assignments {
            let id = assignment.content.identity;
            let Some(person) = people.iter().find(|person| person.id == id) else {
                continue;
            };
            // What rights the person has decides nothing about giving them access.
            let facts = facts_of(self.cx, person, Rights::NONE);
            if self
                .cx
                .decide(Action::ReadPerson, Some(id.into()), facts)
                .is_err()
            {
                continue;
            }
            let permitted = self.cx.decide(Action::GiveAccess, Some(id.into()), facts);
            let after = match permitted {
                Ok(_) => self.after(tx, &assignment.content).await?,
                Err(error) => Err(error),
            };
            let verdict = match after {
                Ok(content) if content == assignment.content => Verdict::Unchanged,
                Ok(content) => {
                    replaced.push(Assignment {
                        content,
                        ..assignment.clone()
                    });
                    Verdict::Changes
                }
                Err(Error::State(state)) if self.act.leads_to(state.from) => Verdict::Unchanged,
                Err(error) => Verdict::Refused(said(assignment.id, &error)),
            };
            judged.push((assignment, verdict));
        }
        Ok(())
    }

    /// How it would be, by the same rules as for one; the inner error says why it cannot be.
    async fn after(
        &mut self,
        tx: &mut ReadTx,
        before: &AssignmentContent,
    ) -> Result<Result<AssignmentContent>> {
        if let Some(refused) = self.of_console(tx, before.what).await? {
            return Ok(Err(Error::Refused(refused)));
        }
        if let Err(error) = by_hand(before) {
            return Ok(Err(error));
        }
        if let Some(step) = self.act.step() {
            return Ok(stepped(before, step, self.now));
        }
        let mut errors = FieldErrors::new();
        let after = extended(before, self.until, &mut errors);
        Ok(after.and_then(|after| Ok(errors.or(after)?)))
    }

    async fn of_console(&mut self, tx: &mut ReadTx, what: Grantable) -> Result<Option<String>> {
        if let Some(known) = self.console.get(&what) {
            return Ok(known.clone());
        }
        let refused = match not_of_the_console(tx, what).await {
            Ok(()) => None,
            Err(Error::Refused(text)) => Some(text),
            Err(error) => return Err(error),
        };
        self.console.insert(what, refused.clone());
        Ok(refused)
    }
}

impl Verdict {
    const fn byte(&self) -> u8 {
        match self {
            Self::Changes => 0,
            Self::Unchanged => 1,
            Self::Refused(_) => 2,
        }
    }
}

/// The first of them, with names and what becomes of what each gives.
async fn first(
    tx: &mut ReadTx,
    judged: &[(Assignment, Verdict)],
    replaced: &[Assignment],
    most: usize,
    now: Instant,
) -> Result<Vec<PlannedChange>> {
    let shown = judged.get(..judged.len().min(most)).unwrap_or_default();
    let ids: Vec<AssignmentId> = shown.iter().map(|(one, _)| one.id).collect();
    // Of those that give nothing any more: others take nothing away.
    let changed = replaced.iter();
    let changed = changed.filter(|one| one.content.state != AssignmentState::Active);
    let some: BTreeSet<AssignmentId> = changed
        .map(|one| one.id)
        .filter(|id| ids.contains(id))
        .collect();
    let mut outcomes = outcomes(tx, replaced, &some, now).await?;
    let of = |outcome: &Outcome| match outcome {
        Outcome::Lost(id) | Outcome::Kept(id, _) => *id,
    };
    let all: BTreeSet<EntitlementId> = outcomes.values().flatten().map(of).collect();
    let all: Vec<EntitlementId> = all.into_iter().collect();
    let entitlements = names_of(tx, &all).await?;
    let mut whats = Whats::default();
    let mut names = names(tx, &ids).await?;
    let mut first = Vec::with_capacity(shown.len());
    for (assignment, verdict) in shown {
        let Some(names) = names.remove(&assignment.id) else {
            continue;
        };
        let mut fates = Vec::new();
        for outcome in outcomes.remove(&assignment.id).unwrap_or_default() {
            fates.push(fate(tx, &outcome, &entitlements, &mut whats).await?);
        }
        first.push(PlannedChange {
            names,
            verdict: verdict.clone(),
            fates,
        });
    }
    Ok(first)
}

async fn fate(
    tx: &mut ReadTx,
    outcome: &Outcome,
    entitlements: &BTreeMap<EntitlementId, NamedEntitlement>,
    whats: &mut Whats,
) -> Result<Fate> {
    let called = |id: &EntitlementId| {
        let found = entitlements.get(id);
        found.map_or_else(|| id.to_string(), |named| named.display_name.clone())
    };
    Ok(match outcome {
        Outcome::Lost(id) => Fate::Lost(called(id)),
        Outcome::Kept(id, because) => {
            let because = match because {
                Some(what) => whats.of(tx, *what).await?,
                None => String::new(),
            };
            Fate::Kept(called(id), because)
        }
    })
}

/// What things are called, each looked up once.
#[derive(Default)]
struct Whats(BTreeMap<Grantable, String>);

impl Whats {
    async fn of(&mut self, tx: &mut ReadTx, what: Grantable) -> Result<String> {
        if let Some(known) = self.0.get(&what) {
            return Ok(known.clone());
        }
        let found = name(tx, what).await?;
        self.0.insert(what, found.clone());
        Ok(found)
    }
}

/// What some assignments are called, as they are recorded now.
pub(super) async fn names(
    tx: &mut ReadTx,
    ids: &[AssignmentId],
) -> Result<BTreeMap<AssignmentId, Names>> {
    let assignments = tx.assignments_with(ids).await?;
    let people: BTreeSet<IdentityId> = assignments.iter().map(|one| one.content.identity).collect();
    let people: Vec<IdentityId> = people.into_iter().collect();
    let people = tx.identity_names(&people).await?;
    let mut whats = Whats::default();
    let mut all = BTreeMap::new();
    for assignment in assignments {
        let (id, what) = (assignment.content.identity, assignment.content.what);
        let person = people.iter().find(|person| person.id == id);
        let person = person.map_or_else(|| id.to_string(), |person| person.display_name.clone());
        let names = Names {
            person,
            what: whats.of(tx, what).await?,
            assignment,
        };
        all.insert(names.assignment.id, names);
    }
    Ok(all)
}
