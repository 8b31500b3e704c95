//! Making roles and rules, giving access and excluding from it. What is planned first is planned, and done as planned.

use std::collections::BTreeMap;

use domain::assignment::AssignmentStep;
use domain::id::{AssignmentId, ExclusionId, RoleId, RuleId};
use domain::role::{Grantable, RoleDraft};
use domain::rule::RuleState;
use domain::time::Instant;
use service::assignments::{self, ExclusionDraft, GiveDraft};
use service::plan::Applied;
use service::roles::{self, ContentsDraft};
use service::rules::{self, Asked, RuleDraft};
use service::{Cx, Error, Result};

use super::Player;
use crate::catalogue::given::{EXCLUDED, GIVEN};
use crate::catalogue::model::Filling;
use crate::catalogue::rules::Rule;
use crate::plan::act::{Nth, Who};

/// The ids of what was made.
#[derive(Debug, Default)]
pub(super) struct Model {
    roles: BTreeMap<String, RoleId>,
    rules: BTreeMap<&'static str, RuleId>,
    given: BTreeMap<Nth, AssignmentId>,
    excluded: BTreeMap<Nth, ExclusionId>,
}

impl Player<'_> {
    pub(super) async fn add_role(&mut self, cx: &Cx, draft: &RoleDraft) -> Result<()> {
        let id = roles::create(&self.service, cx, draft).await?;
        self.model.roles.insert(draft.name.clone(), id);
        Ok(())
    }

    pub(super) async fn fill_role(&self, cx: &Cx, name: &str, filling: &Filling) -> Result<()> {
        let id = known(name, self.model.roles.get(name))?;
        let drops = filling.drops.iter().map(|what| self.id_of(what));
        let drops = drops.collect::<Result<Vec<String>>>()?;
        let present = roles::read(&self.service, cx, id, None)
            .await?
            .role
            .content
            .parts;
        let parts = present.iter().map(|part| match part.what {
            Grantable::Entitlement(id) => id.to_string(),
            Grantable::Role(id) => id.to_string(),
        });
        let draft = ContentsDraft {
            keep: parts.filter(|id| !drops.contains(id)).collect(),
            add: filling.adds.join("\n"),
            reason: filling.reason.to_owned(),
            ..ContentsDraft::default()
        };
        let planned = roles::plan_contents(&self.service, cx, id, &draft).await?;
        let expected = planned.role.recorded_from;
        let hash = &planned.plan.hash;
        let applied = roles::change_contents(&self.service, cx, id, expected, &draft, hash);
        done(name, &applied.await?)
    }

    pub(super) async fn add_rule(
        &mut self,
        cx: &Cx,
        rule: &'static Rule,
        owner: &str,
    ) -> Result<()> {
        let draft = RuleDraft {
            name: rule.name.to_owned(),
            description: rule.description.to_owned(),
            condition: rule.condition.to_owned(),
            what: rule.what.to_owned(),
            owner: owner.to_owned(),
            hand_over_days: rule.hand_over_days.to_string(),
            ..RuleDraft::default()
        };
        let id = rules::create(&self.service, cx, &draft).await?;
        self.model.rules.insert(rule.name, id);
        Ok(())
    }

    pub(super) async fn step_rule(
        &self,
        cx: &Cx,
        name: &str,
        next: RuleState,
        reason: &str,
    ) -> Result<()> {
        let id = known(name, self.model.rules.get(name))?;
        let plan = rules::plan_step(&self.service, cx, id, next).await?;
        let expected = rules::read(&self.service, cx, id).await?.rule.recorded_from;
        let asked = Asked {
            reason: reason.to_owned(),
            confirm: plan.people.to_string(),
            hash: plan.hash,
        };
        let applied = rules::step(&self.service, cx, id, expected, next, &asked).await?;
        done(name, &applied)
    }

    pub(super) async fn give(
        &mut self,
        cx: &Cx,
        nth: Nth,
        who: Who,
        (from, until): (&str, &str),
    ) -> Result<()> {
        let given = &GIVEN[nth];
        let draft = GiveDraft {
            what: given.what.to_owned(),
            reason: given.reason.to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
        };
        let id = assignments::give(&self.service, cx, self.id(who)?, &draft).await?;
        self.model.given.insert(nth, id);
        Ok(())
    }

    pub(super) async fn extend(&self, cx: &Cx, nth: Nth, until: &str, reason: &str) -> Result<()> {
        let (id, expected) = self.given(cx, nth).await?;
        assignments::extend(&self.service, cx, id, expected, until, reason).await
    }

    pub(super) async fn step_given(
        &self,
        cx: &Cx,
        nth: Nth,
        step: AssignmentStep,
        reason: &str,
    ) -> Result<()> {
        let (id, expected) = self.given(cx, nth).await?;
        assignments::step(&self.service, cx, id, expected, step, reason).await
    }

    pub(super) async fn exclude(&mut self, cx: &Cx, nth: Nth, who: Who) -> Result<()> {
        let excluded = &EXCLUDED[nth];
        let draft = ExclusionDraft {
            what: excluded.what.to_owned(),
            reason: excluded.reason.to_owned(),
            ..ExclusionDraft::default()
        };
        let id = assignments::exclude(&self.service, cx, self.id(who)?, &draft).await?;
        self.model.excluded.insert(nth, id);
        Ok(())
    }

    pub(super) async fn end_exclusion(&self, cx: &Cx, nth: Nth, reason: &str) -> Result<()> {
        let id = known(EXCLUDED[nth].what, self.model.excluded.get(&nth))?;
        let present = assignments::exclusion(&self.service, cx, id).await?;
        let expected = present.exclusion.recorded_from;
        assignments::end_exclusion(&self.service, cx, id, expected, reason).await
    }

    /// Something that was given, with its present version.
    async fn given(&self, cx: &Cx, nth: Nth) -> Result<(AssignmentId, Instant)> {
        let id = known(GIVEN[nth].what, self.model.given.get(&nth))?;
        let present = assignments::read(&self.service, cx, id).await?;
        Ok((id, present.assignment.recorded_from))
    }

    /// The id of `APPLICATION/ENTITLEMENT` or `role:NAME`.
    fn id_of(&self, what: &str) -> Result<String> {
        if let Some(name) = what.strip_prefix("role:") {
            return known(what, self.model.roles.get(name)).map(|id| id.to_string());
        }
        let (_, name) = what.split_once('/').unwrap_or_default();
        self.grant(name).map(|id| id.to_string())
    }
}

fn known<T: Copy>(name: &str, id: Option<&T>) -> Result<T> {
    id.copied().ok_or_else(|| {
        Error::Internal(format!(
            "the story speaks of {name}, which is not there yet"
        ))
    })
}

fn done(name: &str, applied: &Applied) -> Result<()> {
    if *applied == Applied::Done {
        Ok(())
    } else {
        Err(Error::Internal(format!(
            "{name} was not changed as planned: {applied:?}"
        )))
    }
}
