//! The form that says what a review says, so that it can be changed.

use std::collections::BTreeSet;

use domain::approval::Approver;
use domain::id::{ObjectRef, ReviewId};
use domain::review::{How, Review, ReviewContent, Scope, Stage};

use super::form::{ReviewForm, ScopeForm, StageForm};
use super::write::may_define;
use crate::flows::{FlowNames, named_by, typed};
use crate::{Cx, Error, Result, Service, boxed};

/// A review as it is now, with the form that says it, for whoever may define reviews.
#[boxed]
pub async fn form_of(service: &Service, cx: &Cx, id: ReviewId) -> Result<(Review, ReviewForm)> {
    may_define(service, cx).await?;
    let mut tx = service.store.read().await?;
    let review = tx.review(id).await?.ok_or(Error::NotFound)?;
    let content = &review.content;
    let asked = content.stages.iter().flat_map(asked).flat_map(named_by);
    let objects: BTreeSet<ObjectRef> = asked.chain([content.owner.into()]).collect();
    let names = FlowNames::of_objects(&mut tx, objects).await?;
    let form = ReviewForm::of(content, &names);
    Ok((review, form))
}

fn asked(stage: &Stage) -> impl Iterator<Item = &Approver> {
    [Some(&stage.reviewer), stage.fallback.as_ref()]
        .into_iter()
        .flatten()
}

fn number(number: Option<impl ToString>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}

impl ReviewForm {
    fn of(content: &ReviewContent, names: &FlowNames) -> Self {
        let repeats = content.repeats;
        Self {
            name: content.name.clone(),
            instructions: content.instructions.clone(),
            owner: names.typed(content.owner.into()),
            scope: ScopeForm::of(&content.scope),
            stages: content
                .stages
                .iter()
                .map(|stage| StageForm::of(stage, names))
                .collect(),
            rule: content.rule.word().to_owned(),
            unanswered: content.unanswered.word().to_owned(),
            not_grantor: content.not_grantor,
            unused_after: content.unused_after.to_string(),
            grace_hours: content.grace_hours.to_string(),
            every: repeats.map_or("", |one| one.every.word()).to_owned(),
            from: number(repeats.map(|one| one.from)),
            each_mover: content.each_mover,
        }
    }
}

impl ScopeForm {
    fn of(scope: &Scope) -> Self {
        Self {
            subjects: scope.subjects.word().to_owned(),
            people: scope.people.clone(),
            things: scope.things.clone(),
            risk: scope.risk.map_or("", |risk| risk.word()).to_owned(),
            unused_days: number(scope.unused_days),
            how: scope
                .how
                .iter()
                .copied()
                .map(How::word)
                .map(str::to_owned)
                .collect(),
            changed: scope.changed,
            sample: number(scope.sample),
            moved_days: number(scope.moved_days),
        }
    }
}

impl StageForm {
    fn of(stage: &Stage, names: &FlowNames) -> Self {
        let (reviewer, who) = typed(&stage.reviewer, names);
        let fallback = stage.fallback.as_ref();
        let (fallback, fallback_who) = fallback.map(|one| typed(one, names)).unwrap_or_default();
        Self {
            reviewer,
            who,
            fallback,
            fallback_who,
            days: stage.days.to_string(),
            remind_days: number(stage.remind_days),
        }
    }
}
