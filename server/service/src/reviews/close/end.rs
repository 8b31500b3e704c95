//! Ending one item through the access model: what gives it to the person, or an exclusion where that gives it to many.
//!
//! What an import found and nothing here ever gave is written down as what it was, an assignment of the import, and ended:
//! so it is left over and no baseline any more, and comes back neither by itself nor when the source still shows it. An
//! exclusion would also keep it from somebody who is given it later with good reason.

use std::collections::BTreeMap;

use domain::audit::Event;
use domain::id::{EntitlementId, FulfilmentTaskId, IdentityId, ObjectKind, ObjectRef, RoleId};
use domain::review::{Campaign, Decision, Facts, How, ItemKind, Remedy, RemedyStep};
use domain::role::Grantable;
use domain::time::Instant;
use storage::WriteTx;
use storage::assignments::Assignment;

use super::ends::{Base, Ways};
use super::things::Changed;
use crate::notifications::Notice;
use crate::{Cx, Result};

/// What an attempt to end something came to.
#[derive(Debug)]
pub(super) struct Fate {
    /// What happened to the revocation.
    pub(super) step: RemedyStep,
    /// From when on a reading that does not show it verifies it.
    pub(super) sent: Option<Instant>,
    /// Who takes it away in the application.
    pub(super) task: Option<FulfilmentTaskId>,
    /// Whether the person has it in another way.
    pub(super) remains: bool,
    /// What ended it: ids of assignments and exclusions.
    pub(super) by: String,
    /// Why it could not be ended.
    pub(super) problem: String,
}

impl Fate {
    fn of(step: RemedyStep) -> Self {
        Self {
            step,
            sent: None,
            task: None,
            remains: false,
            by: String::new(),
            problem: String::new(),
        }
    }

    /// It could not be ended, for this reason.
    pub(super) fn failed(problem: String) -> Self {
        Self {
            problem,
            ..Self::of(RemedyStep::Fail)
        }
    }

    pub(super) fn sent(at: Instant) -> Self {
        Self {
            sent: Some(at),
            ..Self::of(RemedyStep::Send)
        }
    }

    /// There was nothing to end any more; perhaps the person has it in a way that was not reviewed.
    pub(super) fn gone(remains: bool) -> Self {
        Self {
            remains,
            ..Self::of(RemedyStep::Vanish)
        }
    }
}

/// Ends items in one transaction: what it wrote is in the entries.
pub(super) struct Ending<'a> {
    pub(super) tx: &'a mut WriteTx,
    pub(super) cx: &'a Cx,
    pub(super) campaign: &'a Campaign,
    pub(super) now: Instant,
    pub(super) log: Vec<Event>,
    pub(super) notices: Vec<Notice>,
    /// What ended the present item.
    pub(super) by: Vec<String>,
    /// Roles that are to be written.
    pub(super) roles: BTreeMap<RoleId, Changed>,
}

impl<'a> Ending<'a> {
    pub(super) fn new(tx: &'a mut WriteTx, cx: &'a Cx, campaign: &'a Campaign) -> Self {
        Self {
            now: tx.recorded(),
            tx,
            cx,
            campaign,
            log: Vec::new(),
            notices: Vec::new(),
            by: Vec::new(),
            roles: BTreeMap::new(),
        }
    }

    pub(super) fn into_parts(self) -> (Vec<Event>, Vec<Notice>) {
        (self.log, self.notices)
    }

    /// Why it ends, as the entries say it.
    pub(super) fn reason(&self, decision: &Decision) -> String {
        let name = &self.campaign.content.name;
        if decision.reason.is_empty() {
            format!("The review {name} revoked it.")
        } else {
            format!("The review {name}: {}", decision.reason)
        }
    }

    /// Ends or changes one item.
    pub(super) async fn one(&mut self, facts: &Facts, decision: &Decision) -> Result<Fate> {
        self.by.clear();
        let mut fate = match facts.item {
            ItemKind::Access => self.access(facts, decision).await?,
            ItemKind::Role => self.role(facts, decision).await?,
            ItemKind::Content => self.content(facts, decision).await?,
            ItemKind::Account => self.account(facts, decision).await?,
        };
        fate.by = self.by.join(" ");
        Ok(fate)
    }

    async fn access(&mut self, facts: &Facts, decision: &Decision) -> Result<Fate> {
        let person = IdentityId::from_raw(facts.holder.raw);
        let what = EntitlementId::from_raw(facts.what.raw);
        let Some(ways) = self.ways_to_entitlement(person, what).await? else {
            return Ok(Fate::gone(false));
        };
        if ways.is_empty() {
            return self.left_over(facts, &ways).await;
        }
        if let Some(until) = decision.until.filter(|_| decision.smaller.is_none()) {
            return self.shorten(facts, decision, (ways, until)).await;
        }
        if let Some(smaller) = decision.smaller {
            self.give(person, smaller, decision).await?;
        }
        let reviewed = |one: &&Assignment| {
            facts.how == How::Role
                && (facts.because == Some(one.content.what.object())
                    || facts.assignment == Some(one.id))
        };
        let mut base: Option<Base> = None;
        match remedy(facts, decision) {
            Remedy::End => {
                let ends: Vec<&Assignment> = ways
                    .direct
                    .iter()
                    .chain(ways.roles.iter().filter(reviewed))
                    .collect();
                if ends.is_empty() && ways.found.is_none() {
                    return Ok(Fate::gone(ways.has.contains(&what)));
                }
                for one in ends {
                    let ended = self
                        .end_or_exclude(one, Grantable::Entitlement(what), decision)
                        .await?;
                    base.get_or_insert(ended);
                }
            }
            remedy @ (Remedy::Exclude | Remedy::AskChange) => {
                self.exclude((person, Grantable::Entitlement(what)), self.now, decision)
                    .await?;
                base = ways.direct.iter().chain(&ways.roles).next().map(Base::of);
                if remedy == Remedy::AskChange {
                    self.ask_change(facts, decision).await?;
                }
            }
        }
        if let Some(found) = &ways.found {
            base = Some(self.end_found(found, None, decision).await?);
        }
        self.ended(person, &ways, base, |after| after.contains(&what))
            .await
    }

    /// Nothing gives it any more. Where a source still shows it, it is to be taken away there.
    async fn left_over(&mut self, facts: &Facts, ways: &Ways) -> Result<Fate> {
        if !ways.shown {
            return Ok(Fate::gone(false));
        }
        let mut fate = Fate::sent(self.now);
        if let Some(id) = facts.assignment
            && let Some(known) = self.tx.assignment(id).await?
        {
            let lost = [EntitlementId::from_raw(facts.what.raw)].into();
            fate.task = self.take_away(&Base::of(&known), &lost).await?;
        }
        Ok(fate)
    }

    /// What is kept for a time ends then: by its own last day, or by an exclusion from then on.
    async fn shorten(
        &mut self,
        facts: &Facts,
        decision: &Decision,
        (ways, until): (Ways, Instant),
    ) -> Result<Fate> {
        let person = IdentityId::from_raw(facts.holder.raw);
        let what: Grantable = match facts.item {
            ItemKind::Role => Grantable::Role(RoleId::from_raw(facts.what.raw)),
            _ => Grantable::Entitlement(EntitlementId::from_raw(facts.what.raw)),
        };
        let until = until.max(self.now);
        let mut bound = !ways.roles.is_empty() && matches!(facts.how, How::Role | How::Rule);
        for one in &ways.direct {
            bound |= !self.last_day(one, until, decision).await?;
        }
        if let Some(found) = &ways.found {
            self.end_found(found, Some(until), decision).await?;
        }
        if bound {
            self.exclude((person, what), until, decision).await?;
        }
        let mut fate = Fate::sent(until);
        fate.remains = self.has_at(person, what, until.plus(1)).await?;
        Ok(fate)
    }

    async fn role(&mut self, facts: &Facts, decision: &Decision) -> Result<Fate> {
        let person = IdentityId::from_raw(facts.holder.raw);
        let role = RoleId::from_raw(facts.what.raw);
        let Some(ways) = self.ways_to_role(person, role).await? else {
            return Ok(Fate::gone(false));
        };
        if ways.is_empty() {
            let remains = self
                .has_at(person, Grantable::Role(role), self.now.plus(1))
                .await?;
            return Ok(Fate::gone(remains));
        }
        if let Some(until) = decision.until.filter(|_| decision.smaller.is_none()) {
            return self.shorten(facts, decision, (ways, until)).await;
        }
        if let Some(smaller) = decision.smaller {
            self.give(person, smaller, decision).await?;
        }
        let mut base: Option<Base> = None;
        match remedy(facts, decision) {
            Remedy::End => {
                for one in &ways.direct {
                    let ended = self
                        .end_or_exclude(one, Grantable::Role(role), decision)
                        .await?;
                    base.get_or_insert(ended);
                }
            }
            remedy @ (Remedy::Exclude | Remedy::AskChange) => {
                self.exclude((person, Grantable::Role(role)), self.now, decision)
                    .await?;
                base = ways.direct.first().map(Base::of);
                if remedy == Remedy::AskChange {
                    self.ask_change(facts, decision).await?;
                }
            }
        }
        let mut fate = self.ended(person, &ways, base, |_| false).await?;
        fate.remains = self
            .has_at(person, Grantable::Role(role), self.now.plus(1))
            .await?;
        Ok(fate)
    }

    /// Ends what people gave; excludes the person from what a rule or a source would give again.
    async fn end_or_exclude(
        &mut self,
        one: &Assignment,
        what: Grantable,
        decision: &Decision,
    ) -> Result<Base> {
        if crate::assignments::by_hand(&one.content).is_ok() {
            self.end(one, decision).await?;
        } else {
            let person = one.content.identity;
            self.exclude((person, what), self.now, decision).await?;
        }
        Ok(Base::of(one))
    }

    /// What follows when something has ended: somebody takes away what the application shows and nothing gives any more.
    async fn ended(
        &mut self,
        person: IdentityId,
        before: &Ways,
        base: Option<Base>,
        remains: impl Fn(&std::collections::BTreeSet<EntitlementId>) -> bool,
    ) -> Result<Fate> {
        let mut fate = Fate::sent(self.now);
        let (after, present) = self.has(person).await?;
        if let Some(base) = base {
            let lost = before.has.difference(&after).copied().collect();
            fate.task = self.take_away(&base, &lost).await?;
        }
        fate.remains = present && remains(&after);
        Ok(fate)
    }
}

/// How it ends when the decision does not say: what was given itself or found ends. What comes with a role or by a rule is
/// taken from the person by an exclusion, because that takes nothing else away.
fn remedy(facts: &Facts, decision: &Decision) -> Remedy {
    decision.remedy.unwrap_or(match (facts.item, facts.how) {
        (_, How::Direct | How::Import) | (ItemKind::Role, How::Role) => Remedy::End,
        (_, How::Role | How::Rule) => Remedy::Exclude,
    })
}

impl Base {
    /// An assignment as it is.
    pub(super) fn of(one: &Assignment) -> Self {
        Self {
            id: one.id,
            content: one.content.clone(),
        }
    }
}

/// Whether an object is of this kind.
pub(super) fn is(object: Option<ObjectRef>, kind: ObjectKind) -> Option<i64> {
    object.filter(|one| one.kind == kind).map(|one| one.raw)
}
