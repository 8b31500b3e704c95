//! Who decides on what, found for all items of a campaign at once: those who can act, from what was read before.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::approval::Approver;
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, ObjectRef, RoleId};
use domain::identity::IdentityStatus;
use domain::review::{
    Candidates, Chosen, Facts, ItemKind, Parts, ReviewContent, Stage, Why, choose,
};
use domain::time::Instant;
use storage::ReadTx;

use super::book::Book;
use super::people::{Crowd, Head};
use crate::Result;
use crate::effective::people_with_role;
use crate::flows::administrators;

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
        crowd: &Crowd,
        now: Instant,
    ) -> Result<Self> {
        let mut able = HashSet::new();
        for (id, head) in &crowd.heads {
            if acts(tx, *id, head, crowd, now).await? {
                able.insert(*id);
            }
        }
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
        // Before the first administrator there are no console rights either.
        let administrators = match tx.organisation().await? {
            Some(_) => administrators(tx, now).await?,
            None => Vec::new(),
        };
        reviewers.administrators = reviewers.those(administrators, Why::Administrator);
        let asked = [Some(&stage.reviewer), stage.fallback.as_ref()];
        for approver in asked.into_iter().flatten() {
            if let Approver::Role { role, .. } = approver {
                let people = people_with_role(tx, *role, now, MOST).await?;
                let candidates = reviewers.those(people, Why::Role);
                reviewers.roles.insert(*role, candidates);
            }
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
        let holder = (facts.holder.kind == ObjectKind::Identity)
            .then(|| IdentityId::from_raw(facts.holder.raw));
        let parts = Parts {
            holder,
            grantor: facts.granted_by.filter(|_| self.not_grantor),
        };
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
        let manager = facts.whose().and_then(|one| self.managers.get(&one));
        match approver {
            Approver::Manager => self.those(manager.copied(), Why::Manager),
            Approver::ManagersManager => {
                let above = manager.and_then(|manager| self.managers.get(manager));
                self.those(above.copied(), Why::ManagersManager)
            }
            Approver::Owner => {
                let own = match facts.item {
                    ItemKind::Access => entitlement(facts, book).and_then(|one| one.owner),
                    ItemKind::Role => role_owner(facts.what, book),
                    ItemKind::Content => role_owner(facts.holder, book),
                    ItemKind::Account => manager.copied(),
                };
                match own {
                    Some(owner) => self.those([owner], Why::Owner),
                    None => self.application_owner(facts, book),
                }
            }
            Approver::ApplicationOwner => self.application_owner(facts, book),
            Approver::People { people } => self.those(people.iter().copied(), Why::Named),
            Approver::Role { role, .. } => self.roles.get(role).cloned().unwrap_or_default(),
            Approver::Administrators => self.administrators.clone(),
        }
    }

    fn application_owner(&self, facts: &Facts, book: &Book) -> Candidates {
        let itself = (facts.what.kind == ObjectKind::Application)
            .then(|| ApplicationId::from_raw(facts.what.raw));
        let application = entitlement(facts, book).map(|one| one.application);
        let application = itself.or(application);
        let owner = application.and_then(|id| book.applications.get(&id)?.owner);
        self.those(owner, Why::ApplicationOwner)
    }
}

fn role_owner(role: ObjectRef, book: &Book) -> Option<IdentityId> {
    book.roles
        .get(&RoleId::from_raw(role.raw))
        .and_then(|role| role.owner)
}

fn entitlement<'a>(
    facts: &Facts,
    book: &'a Book,
) -> Option<&'a domain::entitlement::EntitlementContent> {
    (facts.what.kind == ObjectKind::Entitlement)
        .then(|| {
            book.entitlements
                .get(&EntitlementId::from_raw(facts.what.raw))
        })
        .flatten()
}

/// Whether somebody can act: who is on leave can when somebody stands in who is there.
async fn acts(
    tx: &mut ReadTx,
    id: IdentityId,
    head: &Head,
    crowd: &Crowd,
    now: Instant,
) -> Result<bool> {
    if !head.there || head.status != IdentityStatus::OnLeave {
        return Ok(head.there);
    }
    let others = tx.stood_in_by(id, now).await?;
    let there = |other: &IdentityId| {
        let head = crowd.heads.get(other);
        head.is_some_and(|head| head.there && head.status == IdentityStatus::Active)
    };
    Ok(others.iter().any(there))
}
