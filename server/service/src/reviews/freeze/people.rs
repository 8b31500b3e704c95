//! Whose access is frozen, in the order in which they are gone through: by department and title, so that peers come together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::id::IdentityId;
use domain::identity::{IdentityContent, IdentityStatus};
use domain::page::Position;
use domain::permission::Visibility;
use domain::review::Scope;
use domain::search::Term;
use domain::time::{DAY, Date, Instant};
use jiff::tz::TimeZone;
use storage::ReadTx;

use super::book::whole;
use crate::Result;
use crate::effective::presence;

/// People read at a time.
const PART: i64 = 5_000;
/// People of a group by whom the others are measured: enough to tell what is usual.
pub(super) const BASIS: u32 = 1_000;

/// Somebody as far as it is known before what they have is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) manager: Option<IdentityId>,
    pub(super) status: IdentityStatus,
    pub(super) last_day: Option<Date>,
    /// Whether they can use anything at that moment.
    pub(super) there: bool,
}

/// Somebody in the order of the walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) id: IdentityId,
    /// Department and title; 0 for who has neither.
    pub(super) group: u32,
    /// Whether others are measured by them.
    pub(super) basis: bool,
    /// Whether their own access is in the review.
    pub(super) reviewed: bool,
}

/// Everybody; of a review of one person only those who matter for it.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) heads: HashMap<IdentityId, Head>,
    pub(super) steps: Vec<Step>,
    zone: TimeZone,
    now: Instant,
    /// Whether everybody is known already.
    everybody: bool,
}

impl Crowd {
    pub(super) async fn read(
        tx: &mut ReadTx,
        scope: &Scope,
        zone: &TimeZone,
        now: Instant,
    ) -> Result<Self> {
        let mut crowd = Self {
            heads: HashMap::new(),
            steps: Vec::new(),
            zone: zone.clone(),
            now,
            everybody: false,
        };
        match scope.person {
            Some(person) if scope.subjects.of_people() && scope.moved_days.is_none() => {
                crowd.read_one(tx, scope, person).await?;
            }
            _ => {
                crowd.read_all(tx, scope).await?;
                crowd.everybody = true;
            }
        }
        Ok(crowd)
    }

    /// Reads some people who are not known yet.
    pub(super) async fn know(
        &mut self,
        tx: &mut ReadTx,
        some: impl IntoIterator<Item = IdentityId>,
    ) -> Result<()> {
        if self.everybody {
            return Ok(());
        }
        let unknown = some.into_iter().filter(|id| !self.heads.contains_key(id));
        let unknown: BTreeSet<IdentityId> = unknown.collect();
        let unknown: Vec<IdentityId> = unknown.into_iter().collect();
        for one in tx.identities_with(&unknown).await? {
            if one.content.status != IdentityStatus::Ended {
                self.meet(one.id, &one.content);
            }
        }
        Ok(())
    }

    fn meet(&mut self, id: IdentityId, content: &IdentityContent) -> Head {
        let head = Head {
            manager: content.manager,
            status: content.status,
            last_day: content.end_date,
            there: presence(content, &self.zone).is_there(self.now),
        };
        self.heads.insert(id, head);
        head
    }

    /// Reads one person, those who lead them, and those by whom they are measured.
    async fn read_one(&mut self, tx: &mut ReadTx, scope: &Scope, person: IdentityId) -> Result<()> {
        let Some(found) = tx.identity(person).await? else {
            return Ok(());
        };
        let content = found.content;
        if content.status == IdentityStatus::Ended {
            return Ok(());
        }
        let head = self.meet(person, &content);
        self.know(tx, head.manager).await?;
        let above = head.manager.and_then(|one| self.heads.get(&one)?.manager);
        self.know(tx, above).await?;
        if !head.there || !is_found(tx, &scope.people, (person, &content.username)).await? {
            return Ok(());
        }
        let alone = content.department.is_empty() && content.title.is_empty();
        let basis = if alone {
            Vec::new()
        } else {
            self.basis(tx, (&content.department, &content.title))
                .await?
        };
        let step = |id: IdentityId| Step {
            id,
            group: u32::from(!alone),
            basis: basis.contains(&id),
            reviewed: id == person,
        };
        self.steps = basis.iter().copied().map(step).collect();
        if !basis.contains(&person) {
            self.steps.push(step(person));
        }
        Ok(())
    }

    /// The first of a group who are there.
    async fn basis(
        &mut self,
        tx: &mut ReadTx,
        (department, title): (&str, &str),
    ) -> Result<Vec<IdentityId>> {
        let most = usize::try_from(BASIS).unwrap_or(usize::MAX);
        // Some of them may have had their last day.
        let mut wanted = i64::from(BASIS);
        loop {
            let all = tx.peers(department, title, wanted).await?;
            let end = i64::try_from(all.len()).unwrap_or(i64::MAX) < wanted;
            self.know(tx, all.iter().copied()).await?;
            let there = |id: &IdentityId| self.heads.get(id).is_some_and(|head| head.there);
            let some: Vec<IdentityId> = all.into_iter().filter(there).take(most).collect();
            if end || some.len() == most {
                return Ok(some);
            }
            wanted *= 2;
        }
    }

    async fn read_all(&mut self, tx: &mut ReadTx, scope: &Scope) -> Result<()> {
        let (zone, now) = (self.zone.clone(), self.now);
        let mut chosen = chosen(tx, &scope.people).await?;
        if let Some(person) = scope.person {
            only(&mut chosen, HashSet::from([person]));
        }
        let mut groups: BTreeMap<(String, String), Vec<IdentityId>> = BTreeMap::new();
        let mut after = 0;
        loop {
            let some = tx.identities_after(after, PART).await?;
            let Some(last) = some.last() else { break };
            after = last.id.raw();
            for one in some {
                let head = self.meet(one.id, &one.content);
                if head.there {
                    let group = (one.content.department, one.content.title);
                    groups.entry(group).or_default().push(one.id);
                }
            }
        }
        if let Some(days) = scope.moved_days {
            let (from, until) = (
                now.plus(-i64::from(days) * DAY),
                now.plus(i64::from(days) * DAY).day(&zone),
            );
            let mut some: HashSet<IdentityId> = tx
                .movers(from, now)
                .await?
                .into_iter()
                .map(|one| one.0)
                .collect();
            let leave = self
                .heads
                .iter()
                .filter(|(_, head)| head.last_day.is_some_and(|day| day <= until));
            some.extend(leave.map(|(id, _)| *id));
            only(&mut chosen, some);
        }
        for (number, ((department, title), members)) in (1_u32..).zip(groups) {
            let alone = department.is_empty() && title.is_empty();
            let reviewed = |id: &IdentityId| chosen.as_ref().is_none_or(|all| all.contains(id));
            if !members.iter().any(reviewed) {
                continue;
            }
            for (place, id) in (0_u32..).zip(members) {
                let step = Step {
                    id,
                    group: if alone { 0 } else { number },
                    basis: !alone && place < BASIS,
                    reviewed: reviewed(&id),
                };
                if step.basis || step.reviewed {
                    self.steps.push(step);
                }
            }
        }
        Ok(())
    }
}

/// Of those who were chosen, only these.
fn only(chosen: &mut Option<HashSet<IdentityId>>, some: HashSet<IdentityId>) {
    *chosen = Some(match chosen.take() {
        None => some,
        Some(all) => all.intersection(&some).copied().collect(),
    });
}

/// Whether a scope's search finds somebody who has not ended, by id and username.
pub(in crate::reviews) async fn is_found(
    tx: &mut ReadTx,
    people: &str,
    (person, username): (IdentityId, &str),
) -> Result<bool> {
    if people.trim().is_empty() {
        return Ok(true);
    }
    let mut query = whole(people);
    // All parts of a search hold, also two of one kind; by these two it is looked up and not searched for.
    query.search.terms.push(Term::is("status", "current"));
    query.search.terms.push(Term::is("username", username));
    let page = tx.identities(Visibility::All, None, &query).await?;
    Ok(page.rows.iter().any(|row| row.id == person))
}

/// Those whom a scope's search finds; none for everybody.
async fn chosen(tx: &mut ReadTx, people: &str) -> Result<Option<HashSet<IdentityId>>> {
    if people.trim().is_empty() {
        return Ok(None);
    }
    let mut all = HashSet::new();
    let mut query = whole(people);
    loop {
        let page = tx.identities(Visibility::All, None, &query).await?;
        all.extend(page.rows.iter().map(|row| row.id));
        match page.after {
            Some(cursor) => query.position = Position::After(cursor),
            None => return Ok(Some(all)),
        }
    }
}
