//! The single writes by which access ends, and what somebody has before and after.

use std::collections::BTreeSet;

use domain::access::ObservedAccess;
use domain::assignment::{Agent, AssignmentState, AssignmentStep};
use domain::audit::AuditAction;
use domain::exclusion::{ExclusionContent, ExclusionState};
use domain::id::{
    AssignmentId, EntitlementId, FulfilmentTaskId, IdentityId, ObjectKind, RoleId, RuleId,
};
use domain::lifecycle::Lifecycle;
use domain::notice::NoticeKind;
use domain::permission::{Action, ConsoleRight, Facts as About, Permit};
use domain::resolution::Subject;
use domain::review::{Decision, Facts};
use domain::role::Grantable;
use domain::task::{TaskKind, TaskState};
use domain::time::Instant;
use storage::assignments::{Assignment, AssignmentContent};

use super::end::{Ending, is};
use crate::assignments::{by_hand, not_of_the_console, of_the_console, stepped, touch};
use crate::effective::{AsOf, People, Via, Whole, load};
use crate::notifications::Notice;
use crate::rights::{entitlement_of, keep_an_administrator};
use crate::{Error, Result, requests, tasks};

/// The assignment by which something was given: what is to be taken away in the application names it.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) id: AssignmentId,
    pub(super) content: AssignmentContent,
}

/// In which ways somebody has something.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// Assignments of the thing itself, also those that rest.
    pub(super) direct: Vec<Assignment>,
    /// Assignments of roles that give it.
    pub(super) roles: Vec<Assignment>,
    /// What a source found and nothing gave.
    pub(super) found: Option<ObservedAccess>,
    /// Everything the person has, whether or not they can use it now.
    pub(super) has: BTreeSet<EntitlementId>,
    /// Whether a source shows it.
    pub(super) shown: bool,
}

impl Ways {
    pub(super) fn is_empty(&self) -> bool {
        self.direct.is_empty() && self.roles.is_empty() && self.found.is_none()
    }
}

/// What somebody has, also when they cannot use it now: what ends must end for them, too.
fn all_of(whole: &Whole, people: &People, moment: AsOf) -> BTreeSet<EntitlementId> {
    let there = Whole {
        subject: Subject {
            present: true,
            ends: None,
        },
        ..whole.clone()
    };
    there.entitlements(&people.graph, moment)
}

impl Ending<'_> {
    fn permit(&self, person: IdentityId) -> Result<Permit> {
        self.cx
            .decide(Action::GiveAccess, Some(person.into()), About::default())
    }

    async fn people(&mut self, person: IdentityId) -> Result<People> {
        load(self.tx, &[person], AsOf::now(self.now.plus(1))).await
    }

    /// The ways to an entitlement; none when nobody knows the person.
    pub(super) async fn ways_to_entitlement(
        &mut self,
        person: IdentityId,
        what: EntitlementId,
    ) -> Result<Option<Ways>> {
        let people = self.people(person).await?;
        let Some(whole) = people.by_id.get(&person) else {
            return Ok(None);
        };
        let mut ways = Ways {
            has: all_of(whole, &people, people.moment),
            shown: whole.observed.iter().any(|one| one.key.entitlement == what),
            ..Ways::default()
        };
        let itself = Grantable::Entitlement(what);
        let assigned = whole.via.iter().filter_map(|via| match via {
            Via::Assigned(one) => Some(one),
            Via::Found(_) => None,
        });
        for one in assigned.chain(&whole.resting) {
            if one.content.valid_until.is_some_and(|end| end <= self.now) {
                continue;
            }
            match one.content.what {
                given if given == itself => ways.direct.push(one.clone()),
                Grantable::Role(role) if people.graph.reach(role).contains(&what) => {
                    ways.roles.push(one.clone());
                }
                _ => {}
            }
        }
        ways.found = whole.via.iter().find_map(|via| match via {
            Via::Found(seen) if seen.key.entitlement == what => Some(*seen),
            _ => None,
        });
        Ok(Some(ways))
    }

    /// The assignments of a role; none when nobody knows the person.
    pub(super) async fn ways_to_role(
        &mut self,
        person: IdentityId,
        role: RoleId,
    ) -> Result<Option<Ways>> {
        let people = self.people(person).await?;
        let Some(whole) = people.by_id.get(&person) else {
            return Ok(None);
        };
        let mut ways = Ways {
            has: all_of(whole, &people, people.moment),
            ..Ways::default()
        };
        let assigned = whole.via.iter().filter_map(|via| match via {
            Via::Assigned(one) => Some(one),
            Via::Found(_) => None,
        });
        ways.direct = assigned
            .chain(&whole.resting)
            .filter(|one| one.content.what == Grantable::Role(role))
            .filter(|one| one.content.valid_until.is_none_or(|end| end > self.now))
            .cloned()
            .collect();
        Ok(Some(ways))
    }

    /// What somebody has now, and whether they can use it.
    pub(super) async fn has(
        &mut self,
        person: IdentityId,
    ) -> Result<(BTreeSet<EntitlementId>, bool)> {
        let people = self.people(person).await?;
        Ok(people.by_id.get(&person).map_or_else(
            || (BTreeSet::new(), false),
            |whole| {
                let there = whole.subject.is_there(self.now);
                (all_of(whole, &people, people.moment), there)
            },
        ))
    }

    /// Whether somebody has something at a moment, as it stands now.
    pub(super) async fn has_at(
        &mut self,
        person: IdentityId,
        what: Grantable,
        at: Instant,
    ) -> Result<bool> {
        let people = self.people(person).await?;
        let Some(whole) = people.by_id.get(&person) else {
            return Ok(false);
        };
        let moment = AsOf {
            at,
            ..people.moment
        };
        Ok(match what {
            Grantable::Entitlement(id) => whole.entitlements(&people.graph, moment).contains(&id),
            Grantable::Role(role) => {
                let excluded = whole.exclusions.iter().any(|one| {
                    one.content.what == what
                        && one.content.valid_from <= at
                        && one.content.valid_until.is_none_or(|end| end > at)
                });
                let mut given = whole.given.iter().filter(|one| one.holds(at));
                whole.subject.is_there(at)
                    && !excluded
                    && given.any(|one| {
                        one.what.role().is_some_and(|held| {
                            held == role || people.graph.within(held).contains(&role)
                        })
                    })
            }
        })
    }

    /// What permits to end something. A right in the console ends only while somebody else can administer it.
    async fn permit_end(&mut self, person: IdentityId, what: Grantable) -> Result<Permit> {
        if !of_the_console(self.tx, what).await? {
            return self.permit(person);
        }
        let administer = entitlement_of(self.tx, ConsoleRight::Administer).await?;
        if what == Grantable::Entitlement(administer) {
            keep_an_administrator(self.tx, person).await?;
        }
        self.cx
            .decide(Action::GrantRight, Some(person.into()), About::default())
    }

    /// Ends an assignment, with what follows from that.
    pub(super) async fn end(&mut self, one: &Assignment, decision: &Decision) -> Result<()> {
        let permit = self
            .permit_end(one.content.identity, one.content.what)
            .await?;
        let after = stepped(&one.content, AssignmentStep::End, self.now)?;
        let reason = self.reason(decision);
        let target = self
            .tx
            .replace_assignment(one.id, one.recorded_from, &after)
            .await?;
        let mut event = self.cx.change(
            &permit,
            AuditAction::AssignmentEnded,
            target,
            Some(&one.content),
            Some(&after),
            Some(&reason),
        )?;
        touch(&mut event, after.identity, after.what);
        self.log.push(event);
        let ended = (one.id, &after);
        let made = tasks::after_end(self.tx, self.cx, &permit, ended).await?;
        self.log.extend(made.entries);
        self.notices.extend(made.notices);
        let activations = requests::end_activations(self.tx, self.cx, &permit, ended).await?;
        self.log.extend(activations);
        self.by.push(one.id.to_string());
        Ok(())
    }

    /// Gives an assignment an earlier last day. False when nobody may: a rule or a source gives it.
    pub(super) async fn last_day(
        &mut self,
        one: &Assignment,
        until: Instant,
        decision: &Decision,
    ) -> Result<bool> {
        let permit = self
            .permit_end(one.content.identity, one.content.what)
            .await?;
        if by_hand(&one.content).is_err() {
            return Ok(false);
        }
        if one.content.valid_until.is_some_and(|end| end <= until) {
            return Ok(true);
        }
        let after = AssignmentContent {
            valid_until: Some(until),
            ..one.content.clone()
        };
        let reason = self.reason(decision);
        let target = self
            .tx
            .replace_assignment(one.id, one.recorded_from, &after)
            .await?;
        let mut event = self.cx.change(
            &permit,
            AuditAction::AssignmentExtended,
            target,
            Some(&one.content),
            Some(&after),
            Some(&reason),
        )?;
        touch(&mut event, after.identity, after.what);
        self.log.push(event);
        self.by.push(one.id.to_string());
        Ok(true)
    }

    /// Writes down what an import found as given by it, and ends it now or then.
    pub(super) async fn end_found(
        &mut self,
        seen: &ObservedAccess,
        until: Option<Instant>,
        decision: &Decision,
    ) -> Result<Base> {
        let what = Grantable::Entitlement(seen.key.entitlement);
        not_of_the_console(self.tx, what).await?;
        let (state, action) = match until {
            Some(_) => (AssignmentState::Active, AuditAction::AssignmentCreated),
            None => (AssignmentState::Ended, AuditAction::AssignmentEnded),
        };
        let content = AssignmentContent {
            identity: seen.key.identity,
            what,
            agent: Agent::Import,
            reason: self.reason(decision),
            state,
            valid_from: seen.first_seen.min(self.now),
            valid_until: Some(until.unwrap_or(self.now)),
            source: None,
            rule: None,
            granted_by: None,
            request: None,
            activates: None,
        };
        self.write_new(content, action).await
    }

    /// Gives something smaller instead, unless the person has it.
    pub(super) async fn give(
        &mut self,
        person: IdentityId,
        what: EntitlementId,
        decision: &Decision,
    ) -> Result<()> {
        let what_given = Grantable::Entitlement(what);
        not_of_the_console(self.tx, what_given).await?;
        let known = self.tx.entitlement(what).await?;
        let usable = known.filter(|one| one.content.status == Lifecycle::Active);
        if usable.is_none() {
            return Err(Error::Refused(
                "What should be enough instead cannot be given any more. Decide on this again in another review, or end it on the person’s page.".to_owned(),
            ));
        }
        // What gives the person more may give this, too, and ends now: only what is given by itself stays.
        let ways = self.ways_to_entitlement(person, what).await?;
        let stays = |one: &Assignment| {
            one.content.state == AssignmentState::Active && one.content.valid_until.is_none()
        };
        if ways.is_some_and(|ways| ways.direct.iter().any(stays)) {
            return Ok(());
        }
        let content = AssignmentContent {
            identity: person,
            what: what_given,
            agent: Agent::Admin,
            reason: self.reason(decision),
            state: AssignmentState::Active,
            valid_from: self.now,
            valid_until: decision.until,
            source: None,
            rule: None,
            granted_by: decision.by,
            request: None,
            activates: None,
        };
        let given = self
            .write_new(content, AuditAction::AssignmentCreated)
            .await?;
        let permit = self.permit(person)?;
        let made =
            tasks::after_grant(self.tx, self.cx, &permit, (given.id, &given.content)).await?;
        self.log.extend(made.entries);
        self.notices.extend(made.notices);
        Ok(())
    }

    async fn write_new(&mut self, content: AssignmentContent, action: AuditAction) -> Result<Base> {
        let permit = self.permit(content.identity)?;
        let (id, target) = self.tx.insert_assignment(&content).await?;
        let mut event = self.cx.change(
            &permit,
            action,
            target,
            None::<&AssignmentContent>,
            Some(&content),
            Some(&content.reason),
        )?;
        touch(&mut event, content.identity, content.what);
        self.log.push(event);
        self.by.push(id.to_string());
        Ok(Base { id, content })
    }

    /// Excludes somebody from something from a moment on, unless they are.
    pub(super) async fn exclude(
        &mut self,
        (person, what): (IdentityId, Grantable),
        from: Instant,
        decision: &Decision,
    ) -> Result<()> {
        not_of_the_console(self.tx, what).await?;
        let known = self
            .tx
            .exclusions_as_of(&[person], self.now.plus(1))
            .await?;
        let same = known.iter().find(|one| {
            let content = &one.content;
            content.what == what && content.valid_from <= from && content.valid_until.is_none()
        });
        if let Some(same) = same {
            self.by.push(same.id.to_string());
            return Ok(());
        }
        let permit = self.permit(person)?;
        let content = ExclusionContent {
            identity: person,
            what,
            reason: self.reason(decision),
            owner: Some(self.campaign.content.terms.owner),
            state: ExclusionState::Active,
            valid_from: from,
            valid_until: None,
        };
        let (id, target) = self.tx.insert_exclusion(&content).await?;
        let mut event = self.cx.change(
            &permit,
            AuditAction::ExclusionCreated,
            target,
            None::<&ExclusionContent>,
            Some(&content),
            Some(&content.reason),
        )?;
        touch(&mut event, person, what);
        self.log.push(event);
        self.by.push(id.to_string());
        Ok(())
    }

    /// Tells whoever answers for the rule or role that it should be changed.
    pub(super) async fn ask_change(&mut self, facts: &Facts, decision: &Decision) -> Result<()> {
        let (owner, name, path) = if let Some(raw) = is(facts.because, ObjectKind::Role) {
            let id = RoleId::from_raw(raw);
            let found = self.tx.role(id).await?;
            let path = format!("/roles/{id}");
            let known = found.map(|one| (one.content.owner, one.content.display_name));
            let (owner, name) = known.unwrap_or_default();
            (owner, format!("the role {name}"), path)
        } else if let Some(raw) = is(facts.because, ObjectKind::Rule) {
            let id = RuleId::from_raw(raw);
            let found = self.tx.rule(id).await?;
            let path = format!("/rules/{id}");
            let known = found.map(|one| (one.content.owner, one.content.name));
            let (owner, name) = known.unwrap_or_default();
            (owner, format!("the rule {name}"), path)
        } else {
            return Ok(());
        };
        let Some(object) = facts.because else {
            return Ok(());
        };
        self.notices.push(Notice {
            to: owner.unwrap_or(self.campaign.content.terms.owner),
            kind: NoticeKind::ChangeAsked,
            object,
            title: format!("A review asks to change {name}"),
            text: self.reason(decision),
            path,
        });
        Ok(())
    }

    /// Asks that what applications still show of what was lost is taken away there. Answers the task, the first of several.
    pub(super) async fn take_away(
        &mut self,
        base: &Base,
        lost: &BTreeSet<EntitlementId>,
    ) -> Result<Option<FulfilmentTaskId>> {
        let permit = self.permit(base.content.identity)?;
        let given = (base.id, &base.content);
        let made = tasks::take_away(self.tx, self.cx, &permit, given, lost).await?;
        self.log.extend(made.entries);
        self.notices.extend(made.notices);
        let mut asked = self.tx.tasks_of(&[base.id]).await?;
        asked.sort_unstable_by_key(|task| task.id.raw());
        let waits = |state| matches!(state, TaskState::Open | TaskState::Done);
        Ok(asked
            .into_iter()
            .find(|task| {
                task.content.kind == TaskKind::Take
                    && waits(task.content.state)
                    && task
                        .content
                        .entitlement
                        .is_some_and(|one| lost.contains(&one))
            })
            .map(|task| task.id))
    }
}
