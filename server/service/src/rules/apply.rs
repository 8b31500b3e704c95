//! Carrying a changed rule out: at once for few people, else as a job that goes on after a crash. What is written already is
//! then unchanged.

use domain::audit::Event;
use domain::id::{IdentityId, RuleId};
use domain::job::JobKind;
use domain::permission::{Action, Actor, Facts, Permit};
use domain::rule::RuleState;
use domain::time::Instant;
use roaring::RoaringTreemap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::{ReadTx, WriteTx};

use super::compiled::Compiled;
use super::evaluate::{self, ids};
use super::follow::follow;
use super::{MOST_AT_ONCE, facts};
use crate::jobs::{Ended, Job, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Error, Result, Service};

/// People in one transaction of the job: bounded, so that others write in between.
pub(super) const CHUNK: usize = 200;

/// Reports read at a time.
const READ_AT_ONCE: i64 = 5_000;

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
        let job = NewJob::of(&ApplyRules::of(id))?
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

/// Brings everybody's assignments of a rule in line with it; or those of the reports of some people in line with all rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ApplyRules {
    /// Which rule.
    rule: Option<RuleId>,
    /// Whose reports, because the manager's name is another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reports_of: Vec<IdentityId>,
}

impl Job for ApplyRules {
    const KIND: JobKind = JobKind::ApplyRule;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        // A new name was given to a manager already, and whoever did that need not be allowed to give access.
        let cx = match self.rule {
            Some(_) => cx_of(service, work).await?,
            None => Cx::of(Actor::System),
        };
        let (mut seen, mut begun, mut changed) = (0, 0, 0);
        loop {
            let version = self.version(&mut service.store.read().await?).await?;
            let people = self.people(service).await?;
            let total = seen + people.len() as u64;
            for some in people.chunks(CHUNK) {
                if work.stopping().is_some() {
                    return Ok(Ended::Stopped);
                }
                let mut tx = service.begin(&cx).await?;
                work.keep(&mut tx).await?;
                let permit = self.permit(&mut tx, &cx).await?;
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
                seen += some.len() as u64;
                work.progress(seen, Some(total));
                work.count("Assignments begun", begun);
                work.count("Assignments changed", changed);
            }
            let mut tx = service
                .store
                .write(service.clock.now(), service.entropy.clone())
                .await?;
            // Who changed the rule meanwhile asked for this same job: it is not over before it has seen that, too.
            if self.version(&mut tx).await? == version {
                let result = json!({ "people": seen, "begun": begun, "changed": changed });
                work.finish(&mut tx, &result).await?;
                tx.commit_unaudited("a job is through; what it did is in the log")
                    .await?;
                return Ok(Ended::Settled);
            }
        }
    }
}

impl ApplyRules {
    /// The work of applying a rule.
    const fn of(rule: RuleId) -> Self {
        Self {
            rule: Some(rule),
            reports_of: Vec::new(),
        }
    }

    /// The work of applying all rules to the reports of some people.
    pub(super) const fn to_reports(of: Vec<IdentityId>) -> Self {
        Self {
            rule: None,
            reports_of: of,
        }
    }

    /// The version of the rule.
    async fn version(&self, tx: &mut ReadTx) -> Result<Option<Instant>> {
        let rule = match self.rule {
            Some(id) => tx.rule(id).await?,
            None => None,
        };
        Ok(rule.map(|rule| rule.recorded_from))
    }

    async fn permit(&self, tx: &mut WriteTx, cx: &Cx) -> Result<Permit> {
        let Some(rule) = self.rule else {
            return cx.decide(Action::GiveAccess, None, Facts::default());
        };
        let (rule, facts) = facts(tx, cx, rule).await?;
        cx.decide(Action::EditAccess, Some(rule.id.into()), facts)
    }

    /// To whom it applies, and to whom it gave something; or the reports.
    async fn people(&self, service: &Service) -> Result<Vec<IdentityId>> {
        let mut tx = service.store.read().await?;
        let Some(id) = self.rule else {
            return reports(&mut tx, &self.reports_of).await;
        };
        let rule = tx.rule(id).await?.ok_or(Error::NotFound)?;
        let mut people = RoaringTreemap::new();
        if rule.content.state == RuleState::Active {
            let compiled = Compiled::of(service, &mut tx).await?;
            if let Some(condition) = compiled.set.condition(id) {
                people = evaluate::people(&mut tx, condition).await?;
            }
        }
        let had = tx.people_of_rule(id).await?;
        people.extend(had.into_iter().filter_map(|id| u64::try_from(id).ok()));
        Ok(ids(&people))
    }
}

async fn reports(tx: &mut ReadTx, of: &[IdentityId]) -> Result<Vec<IdentityId>> {
    let mut all: Vec<IdentityId> = Vec::new();
    loop {
        let after = all.last().map_or(0, |id| id.raw());
        let more = tx.reports_of(of, after, READ_AT_ONCE).await?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}
