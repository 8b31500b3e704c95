//! Carrying a changed rule out: at once for few people, else as a job that goes on after a crash. What is written already is
//! then unchanged.

use domain::audit::Event;
use domain::id::{IdentityId, RuleId};
use domain::job::JobKind;
use domain::permission::{Action, Permit};
use domain::rule::RuleState;
use roaring::RoaringTreemap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::WriteTx;

use super::compiled::Compiled;
use super::evaluate::{self, ids};
use super::follow::follow;
use super::{MOST_AT_ONCE, facts};
use crate::jobs::{Ended, Job, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Error, Result, Service};

/// People in one transaction of the job: bounded, so that others write in between.
const CHUNK: usize = 200;

/// What follows from a rule that was changed in this transaction, as entries of it; or a job that is asked for in it.
/// `applies` are the people to whom it applies now.
pub(super) async fn apply(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    id: RuleId,
    applies: RoaringTreemap,
) -> Result<Vec<Event>> {
    let had = tx.people_of_rule(id).await?;
    let mut people = applies;
    people.extend(had.into_iter().filter_map(|id| u64::try_from(id).ok()));
    if people.len() > MOST_AT_ONCE {
        let name = tx.rule(id).await?.map(|rule| rule.content.name);
        let job = NewJob::of(&ApplyRules { rule: id })?
            .about(id)
            .title(format!("Apply the rule “{}”", name.unwrap_or_default()))
            .once(format!("rule {id}"));
        enqueue(tx, cx, &job).await?;
        return Ok(Vec::new());
    }
    // This transaction changed the rule itself: what was kept is older.
    let compiled = Compiled::read(tx).await?;
    let mut events = Vec::new();
    for some in ids(&people).chunks(CHUNK) {
        let identities = tx.identities_with(some).await?;
        events.extend(
            follow(tx, &compiled, &identities)
                .await?
                .events(cx, permit)?,
        );
    }
    Ok(events)
}

/// Brings everybody's assignments of a rule in line with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ApplyRules {
    /// Which.
    pub(crate) rule: RuleId,
}

impl Job for ApplyRules {
    const KIND: JobKind = JobKind::ApplyRule;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        let people = self.people(service).await?;
        let total = people.len() as u64;
        let (mut done, mut begun, mut changed) = (0, 0, 0);
        for some in people.chunks(CHUNK) {
            if work.stopping().is_some() {
                return Ok(Ended::Stopped);
            }
            let mut tx = service.begin(&cx).await?;
            work.keep(&mut tx).await?;
            let (rule, facts) = facts(&mut tx, &cx, self.rule).await?;
            let permit = cx.decide(Action::EditAccess, Some(rule.id.into()), facts)?;
            let compiled = Compiled::of(service, &mut tx).await?;
            let identities = tx.identities_with(some).await?;
            let followed = follow(&mut tx, &compiled, &identities).await?;
            begun += followed.begun.len() as u64;
            changed += followed.changed.len() as u64;
            let mut events = followed.events(&cx, &permit)?;
            if events.is_empty() {
                tx.commit_unaudited("a part of a job that changed nothing")
                    .await?;
            } else {
                let first = events.remove(0);
                tx.commit(first, events).await?;
            }
            done += some.len() as u64;
            work.progress(done, Some(total));
            work.count("Assignments begun", begun);
            work.count("Assignments changed", changed);
        }
        Ok(Ended::Done(
            json!({ "people": total, "begun": begun, "changed": changed }),
        ))
    }
}

impl ApplyRules {
    /// To whom it applies, and to whom it gave something.
    async fn people(&self, service: &Service) -> Result<Vec<IdentityId>> {
        let mut tx = service.store.read().await?;
        let rule = tx.rule(self.rule).await?.ok_or(Error::NotFound)?;
        let mut people = RoaringTreemap::new();
        if rule.content.state == RuleState::Active {
            let compiled = Compiled::of(service, &mut tx).await?;
            if let Some(condition) = compiled.set.condition(self.rule) {
                people = evaluate::people(&mut tx, condition).await?;
            }
        }
        let had = tx.people_of_rule(self.rule).await?;
        people.extend(had.into_iter().filter_map(|id| u64::try_from(id).ok()));
        Ok(ids(&people))
    }
}
