//! Who decides on what, found for all items of a campaign at once: those who can act, from what was read before.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::approval::Approver;
use domain::entitlement::EntitlementContent;
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, ObjectRef, RoleId};
use domain::identity::IdentityStatus;
use domain::review::{Candidates, Chosen, Facts, ReviewContent, Stage, Why, choose};
use domain::time::Instant;
use storage::ReadTx;

use super::book::Book;
use super::people::{Crowd, Head};
use crate::Result;
use crate::effective::people_with_role;
use crate::flows::administrators;
use crate::reviews::assign::parts_in;
use crate::reviews::meant::{Lines, meant};

/// Holders of a role who share the work at most.
const MOST: i64 = 500;

/// Who can decide.
#[derive(Debug)]
pub(super) struct Reviewers {
    /// Those who are there, or on leave with somebody standing in.
    able: HashSet<IdentityId>,
    managers: HashMap<IdentityId, IdentityId>,
    stage: Stage,
    roles: HashMap<RoleId, Candidates>,
    administrators: Candidates,
    owner: Candidates,
    not_grantor: bool,
}

impl Reviewers {
    /// Reviewers of one stage.
    pub(super) async fn read(
        tx: &mut ReadTx,
        terms: &ReviewContent,
        stage: &Stage,
        (crowd, book): (&mut Crowd, &Book),
        now: Instant,
    ) -> Result<Self> {
        // Before the first administrator there are no console rights either.
        let administrators = match tx.organisation().await? {
            Some(_) => administrators(tx, now).await?,
            None => Vec::new(),
        };
        let mut roles: HashMap<RoleId, Vec<IdentityId>> = HashMap::new();
        let mut known: BTreeSet<IdentityId> = book.owners();
        known.insert(terms.owner);
        known.extend(&administrators);
        let asked = [Some(&stage.reviewer), stage.fallback.as_ref()];
        for approver in asked.into_iter().flatten() {
            match approver {
                Approver::Role { role, .. } => {
                    let people = people_with_role(tx, *role, now, MOST).await?;
                    known.extend(&people);
                    roles.insert(*role, people);
                }
                Approver::People { people } => known.extend(people),
                _ => {}
            }
        }
        crowd.know(tx, known).await?;
        let able = able(tx, crowd, now).await?;
        let managers = crowd.heads.iter();
        let managers = managers.filter_map(|(id, head)| head.manager.map(|manager| (*id, manager)));
        let mut reviewers = Self {
            managers: managers.collect(),
            stage: stage.clone(),
            roles: HashMap::new(),
            administrators: Candidates::default(),
            owner: Candidates::default(),
            not_grantor: terms.not_grantor,
            able,
        };
        reviewers.owner = reviewers.those([terms.owner], Why::ReviewOwner);
        reviewers.administrators = reviewers.those(administrators, Why::Administrator);
        for (role, people) in roles {
            let candidates = reviewers.those(people, Why::Role);
            reviewers.roles.insert(role, candidates);
        }
        Ok(reviewers)
    }

    /// Those of some people who can act.
    fn those(&self, people: impl IntoIterator<Item = IdentityId>, why: Why) -> Candidates {
        let all: BTreeSet<IdentityId> = people.into_iter().collect();
        let able = all.into_iter().filter(|one| self.able.contains(one));
        Candidates {
            people: able.map(|one| (one, why)).collect(),
        }
    }

    /// Who decides on an item, and why they; nobody when it could only be the person themselves.
    pub(super) fn of(&self, facts: &Facts, book: &Book) -> Option<Chosen> {
        let parts = parts_in(self.not_grantor, facts);
        let asked = self.group(&self.stage.reviewer, facts, book);
        let fallback = self.stage.fallback.as_ref();
        let fallback = fallback
            .map(|one| self.group(one, facts, book))
            .unwrap_or_default();
        let groups = [&asked, &fallback, &self.owner, &self.administrators];
        let share = u64::try_from(facts.holder.raw).unwrap_or(0);
        choose(groups, parts, share)
    }

    fn group(&self, approver: &Approver, facts: &Facts, book: &Book) -> Candidates {
        let company = Company {
            managers: &self.managers,
            book,
        };
        if let Some((person, why)) = meant(approver, facts, &company) {
            return self.those(person, why);
        }
        match approver {
            Approver::People { people } => self.those(people.iter().copied(), Why::Named),
            Approver::Role { role, .. } => self.roles.get(role).cloned().unwrap_or_default(),
            _ => self.administrators.clone(),
        }
    }
}

/// Everybody, and everything that is reviewed.
struct Company<'a> {
    managers: &'a HashMap<IdentityId, IdentityId>,
    book: &'a Book,
}

impl Lines for Company<'_> {
    fn manager(&self, person: IdentityId) -> Option<IdentityId> {
        self.managers.get(&person).copied()
    }

    fn owner(&self, object: ObjectRef) -> Option<IdentityId> {
        match object.kind {
            ObjectKind::Role => self.book.roles.get(&RoleId::from_raw(object.raw))?.owner,
            _ => self.entitlement(object)?.owner,
        }
    }

    fn application_owner(&self, object: ObjectRef) -> Option<IdentityId> {
        let application = match object.kind {
            ObjectKind::Application => ApplicationId::from_raw(object.raw),
            _ => self.entitlement(object)?.application,
        };
        self.book.applications.get(&application)?.owner
    }
}

impl Company<'_> {
    fn entitlement(&self, object: ObjectRef) -> Option<&EntitlementContent> {
        let id = (object.kind == ObjectKind::Entitlement).then_some(object.raw)?;
        self.book.entitlements.get(&EntitlementId::from_raw(id))
    }
}

/// Those who can act: who is on leave can when somebody stands in who is there.
async fn able(tx: &mut ReadTx, crowd: &mut Crowd, now: Instant) -> Result<HashSet<IdentityId>> {
    let away = |head: &Head| head.there && head.status == IdentityStatus::OnLeave;
    let on_leave = crowd.heads.iter().filter(|(_, head)| away(head));
    let on_leave: Vec<IdentityId> = on_leave.map(|(id, _)| *id).collect();
    let stand_ins = tx.stood_in_by_many(&on_leave, now).await?;
    crowd
        .know(tx, stand_ins.values().flatten().copied())
        .await?;
    let active = |id: &IdentityId| {
        let head = crowd.heads.get(id);
        head.is_some_and(|head| head.there && head.status == IdentityStatus::Active)
    };
    let acts = |id: &IdentityId, head: &Head| {
        let others = stand_ins.get(id).filter(|_| away(head));
        head.there && (!away(head) || others.is_some_and(|others| others.iter().any(active)))
    };
    let able = crowd.heads.iter().filter(|(id, head)| acts(id, head));
    Ok(able.map(|(id, _)| *id).collect())
}
