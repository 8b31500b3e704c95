//! Who decides on items as things are now: in a later stage, and when whoever decided can no longer do so.
//!
//! The rules are those by which a launch finds the first reviewers (`freeze::reviewers`). There everybody is read once for
//! all items; here as much is read as some thousand items need, in a number of statements that does not grow with them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::approval::Approver;
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, ObjectRef, RoleId};
use domain::identity::{Identity, IdentityStatus};
use domain::review::{Campaign, Candidates, Chosen, Facts, Parts, Why, choose, choose_apart};
use domain::time::Instant;
use storage::ReadTx;
use storage::reviews::ReviewItem;

use super::meant::{Lines, meant};
use super::zone;
use crate::Result;
use crate::effective::{people_with_role, presence};
use crate::flows::administrators;

/// Holders of a role who share the work at most.
const MOST: i64 = 500;

/// An item for which somebody is looked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'a> {
    /// The item.
    pub(super) item: &'a ReviewItem,
    /// In which stage they decide, from 0.
    pub(super) stage: u8,
    /// Who decided in the stages before: they decide again only when there is nobody else.
    pub(super) earlier: Vec<IdentityId>,
}

/// Who must not decide an item.
pub(super) fn parts(campaign: &Campaign, facts: &Facts) -> Parts {
    parts_in(campaign.content.terms.not_grantor, facts)
}

/// The same where a review says whether who gave something may decide on it.
pub(super) fn parts_in(not_grantor: bool, facts: &Facts) -> Parts {
    Parts {
        holder: facts.whose(),
        grantor: facts.granted_by.filter(|_| not_grantor),
    }
}

/// Who decides on each of some items by the rule of its stage, and why they; nobody where everybody who could is a party.
pub(super) async fn assign(
    tx: &mut ReadTx,
    campaign: &Campaign,
    wanted: &[Wanted<'_>],
    now: Instant,
) -> Result<Vec<Option<Chosen>>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let known = Known::read(tx, campaign, wanted, now).await?;
    let mut meant: Vec<Vec<Cow<'_, Candidates>>> = wanted
        .iter()
        .map(|one| known.groups(campaign, one))
        .collect();
    let alone = meant.iter().flatten().filter_map(|group| match group {
        Cow::Owned(one) => Some(one.people.iter().map(|(who, _)| *who)),
        Cow::Borrowed(_) => None,
    });
    let able = able(tx, alone.flatten().collect(), now).await?;
    for group in meant.iter_mut().flatten() {
        if let Cow::Owned(one) = group {
            one.people.retain(|(who, _)| able.contains(who));
        }
    }
    let apart = |groups: &[Cow<'_, Candidates>], one: &Wanted<'_>| {
        let parts = parts(campaign, &one.item.facts);
        let groups = groups.iter().map(AsRef::as_ref);
        choose_apart(groups, parts, &one.earlier, share(one))
    };
    let mut found: Vec<Option<Chosen>> = meant
        .iter()
        .zip(wanted)
        .map(|(groups, one)| apart(groups, one))
        .collect();
    if found.iter().all(Option::is_some) {
        return Ok(found);
    }
    // Only now: who administers takes a statement each.
    let last = administration(tx, now).await?;
    for ((chosen, groups), one) in found.iter_mut().zip(&mut meant).zip(wanted) {
        if chosen.is_none() {
            groups.push(Cow::Borrowed(&last));
            let parts = parts(campaign, &one.item.facts);
            let all = groups.iter().map(AsRef::as_ref);
            *chosen = apart(groups, one).or_else(|| choose(all, parts, share(one)));
        }
    }
    Ok(found)
}

/// The owner of the review for each of some items, or an administrator where it is about the owner.
pub(super) async fn assign_owner(
    tx: &mut ReadTx,
    campaign: &Campaign,
    items: impl IntoIterator<Item = &ReviewItem>,
    now: Instant,
) -> Result<Vec<Option<Chosen>>> {
    let owner = campaign.content.terms.owner;
    let owner = of_those_able(tx, [owner], Why::ReviewOwner, now).await?;
    let groups = [owner, administration(tx, now).await?];
    let chosen = |item: &ReviewItem| {
        let share = u64::try_from(item.facts.holder.raw).unwrap_or(0);
        choose(&groups, parts(campaign, &item.facts), share)
    };
    Ok(items.into_iter().map(chosen).collect())
}

/// What one person holds goes to one reviewer.
fn share(one: &Wanted<'_>) -> u64 {
    u64::try_from(one.item.facts.holder.raw).unwrap_or(0)
}

/// The administrators who can act.
async fn administration(tx: &mut ReadTx, now: Instant) -> Result<Candidates> {
    // Before the first administrator there are no console rights either.
    if tx.organisation().await?.is_none() {
        return Ok(Candidates::default());
    }
    let all = administrators(tx, now).await?;
    of_those_able(tx, all, Why::Administrator, now).await
}

/// Those of some people who can decide, in the order of ids.
async fn of_those_able(
    tx: &mut ReadTx,
    people: impl IntoIterator<Item = IdentityId>,
    why: Why,
    now: Instant,
) -> Result<Candidates> {
    let able = able(tx, people.into_iter().collect(), now).await?;
    Ok(those(able, why))
}

/// Those of some people who can decide now: who is on leave can when somebody stands in who is there.
pub(super) async fn able(
    tx: &mut ReadTx,
    people: BTreeSet<IdentityId>,
    now: Instant,
) -> Result<BTreeSet<IdentityId>> {
    let zone = zone(tx).await?;
    let there = |one: &Identity| presence(&one.content, &zone).is_there(now);
    let people: Vec<IdentityId> = people.into_iter().collect();
    let mut present = tx.identities_with(&people).await?;
    present.retain(there);
    let on_leave = |one: &&Identity| one.content.status == IdentityStatus::OnLeave;
    let away: Vec<IdentityId> = present.iter().filter(on_leave).map(|one| one.id).collect();
    let stand_ins = tx.stood_in_by_many(&away, now).await?;
    let others: BTreeSet<IdentityId> = stand_ins.values().flatten().copied().collect();
    let others: Vec<IdentityId> = others.into_iter().collect();
    let mut others = tx.identities_with(&others).await?;
    others.retain(|one| one.content.status == IdentityStatus::Active && there(one));
    let others: BTreeSet<IdentityId> = others.into_iter().map(|one| one.id).collect();
    let acts = |one: &Identity| {
        one.content.status != IdentityStatus::OnLeave
            || stand_ins
                .get(&one.id)
                .is_some_and(|all| all.iter().any(|other| others.contains(other)))
    };
    let able = present.into_iter().filter(acts).map(|one| one.id);
    Ok(able.collect())
}

fn those(people: impl IntoIterator<Item = IdentityId>, why: Why) -> Candidates {
    let all: BTreeSet<IdentityId> = people.into_iter().collect();
    Candidates {
        people: all.into_iter().map(|one| (one, why)).collect(),
    }
}

/// What is known of those who could decide.
#[derive(Debug, Default)]
struct Known {
    managers: HashMap<IdentityId, IdentityId>,
    /// The own owner of an entitlement or role.
    owners: HashMap<ObjectRef, IdentityId>,
    application_of: HashMap<ObjectRef, ApplicationId>,
    application_owners: HashMap<ApplicationId, IdentityId>,
    /// Who is asked whatever it is about, those of them who can act.
    fixed: Vec<(Approver, Candidates)>,
    owner: Candidates,
}

impl Known {
    async fn read(
        tx: &mut ReadTx,
        campaign: &Campaign,
        wanted: &[Wanted<'_>],
        now: Instant,
    ) -> Result<Self> {
        let mut known = Self::default();
        let owner = campaign.content.terms.owner;
        known.owner = of_those_able(tx, [owner], Why::ReviewOwner, now).await?;
        let (mut managers, mut above, mut owners) = (false, false, false);
        let stages: BTreeSet<u8> = wanted.iter().map(|one| one.stage).collect();
        for approver in stages.iter().flat_map(|stage| asked(campaign, *stage)) {
            let fixed = match approver {
                Approver::Manager => {
                    managers = true;
                    continue;
                }
                Approver::ManagersManager => {
                    (managers, above) = (true, true);
                    continue;
                }
                Approver::Owner => {
                    (managers, owners) = (true, true);
                    continue;
                }
                Approver::ApplicationOwner => {
                    owners = true;
                    continue;
                }
                Approver::People { people } => {
                    of_those_able(tx, people.iter().copied(), Why::Named, now).await?
                }
                Approver::Role { role, .. } => {
                    let people = people_with_role(tx, *role, now, MOST).await?;
                    of_those_able(tx, people, Why::Role, now).await?
                }
                Approver::Administrators => administration(tx, now).await?,
            };
            known.fixed.push((approver.clone(), fixed));
        }
        if managers {
            let people = wanted.iter();
            let people = people.filter_map(|one| one.item.facts.whose());
            let found = known.read_managers(tx, people.collect()).await?;
            if above {
                known.read_managers(tx, found).await?;
            }
        }
        if owners {
            known.read_owners(tx, wanted).await?;
        }
        Ok(known)
    }

    /// Reads the managers of some people, and answers them.
    async fn read_managers(
        &mut self,
        tx: &mut ReadTx,
        people: BTreeSet<IdentityId>,
    ) -> Result<BTreeSet<IdentityId>> {
        let people: Vec<IdentityId> = people.into_iter().collect();
        let mut above = BTreeSet::new();
        for one in tx.identities_with(&people).await? {
            if let Some(manager) = one.content.manager {
                self.managers.insert(one.id, manager);
                above.insert(manager);
            }
        }
        Ok(above)
    }

    async fn read_owners(&mut self, tx: &mut ReadTx, wanted: &[Wanted<'_>]) -> Result<()> {
        let mut by_kind: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for one in wanted {
            let facts = &one.item.facts;
            for object in [facts.holder, facts.what] {
                by_kind
                    .entry(object.kind.name())
                    .or_default()
                    .insert(object.raw);
            }
        }
        let of = |kind: ObjectKind| by_kind.get(kind.name()).into_iter().flatten().copied();
        let entitlements: Vec<EntitlementId> = of(ObjectKind::Entitlement)
            .map(EntitlementId::from_raw)
            .collect();
        let roles: Vec<RoleId> = of(ObjectKind::Role).map(RoleId::from_raw).collect();
        let mut applications: BTreeSet<ApplicationId> = of(ObjectKind::Application)
            .map(ApplicationId::from_raw)
            .collect();
        for one in tx.entitlements_with(&entitlements).await? {
            self.application_of
                .insert(one.id.into(), one.content.application);
            applications.insert(one.content.application);
            let owner = one.content.owner;
            self.owners
                .extend(owner.map(|owner| (one.id.into(), owner)));
        }
        for one in tx.roles_with(&roles).await? {
            let owner = one.content.owner;
            self.owners
                .extend(owner.map(|owner| (one.id.into(), owner)));
        }
        let applications: Vec<ApplicationId> = applications.into_iter().collect();
        for one in tx.applications_with(&applications).await? {
            self.application_of.insert(one.id.into(), one.id);
            let owner = one.content.owner;
            self.application_owners
                .extend(owner.map(|owner| (one.id, owner)));
        }
        Ok(())
    }

    /// Who is asked about an item, in their order. Those who are found for this item alone may be unable to act.
    fn groups(&self, campaign: &Campaign, one: &Wanted<'_>) -> Vec<Cow<'_, Candidates>> {
        let facts = &one.item.facts;
        let asked = asked(campaign, one.stage);
        let asked = asked.map(|approver| self.group(approver, facts));
        asked.chain([Cow::Borrowed(&self.owner)]).collect()
    }

    fn group(&self, approver: &Approver, facts: &Facts) -> Cow<'_, Candidates> {
        if let Some((person, why)) = meant(approver, facts, self) {
            return Cow::Owned(those(person, why));
        }
        let found = self.fixed.iter().find(|(known, _)| known == approver);
        found.map_or_else(
            || Cow::Owned(Candidates::default()),
            |(_, group)| Cow::Borrowed(group),
        )
    }
}

impl Lines for Known {
    fn manager(&self, person: IdentityId) -> Option<IdentityId> {
        self.managers.get(&person).copied()
    }

    fn owner(&self, object: ObjectRef) -> Option<IdentityId> {
        self.owners.get(&object).copied()
    }

    fn application_owner(&self, object: ObjectRef) -> Option<IdentityId> {
        let application = self.application_of.get(&object)?;
        self.application_owners.get(application).copied()
    }
}

/// Who is asked in a stage: its reviewer, then its fallback.
fn asked(campaign: &Campaign, stage: u8) -> impl Iterator<Item = &Approver> {
    let stage = campaign.content.terms.stages.get(usize::from(stage));
    let reviewer = stage.map(|stage| &stage.reviewer);
    let fallback = stage.and_then(|stage| stage.fallback.as_ref());
    reviewer.into_iter().chain(fallback)
}
