//! Giving to so many that nobody waits for it.

use domain::audit::AuditAction;
use domain::id::{IdentityId, JobId};
use domain::job::JobKind;
use domain::role::Grantable;
use serde::{Deserialize, Serialize};
use storage::WriteTx;

use super::{GiveMany, PlannedGifts, one};
use crate::jobs::{Ended, Job, NewJob, Work, enqueue};
use crate::many::{Did, Many, each};
use crate::{Cx, Result, Service};

/// Asks for the job in the transaction that remembers the form.
pub(super) async fn ask_for(
    service: &Service,
    cx: &Cx,
    mut tx: WriteTx,
    ask: &GiveMany,
    planned: &PlannedGifts,
) -> Result<JobId> {
    let payload = GiveToMany { ask: ask.clone() };
    let people = match ask.people.len() {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    let mut job = NewJob::of(&payload)?;
    job = match planned.what.as_slice() {
        [(Grantable::Entitlement(id), name)] => {
            job.about(*id).title(format!("Give {name} to {people}"))
        }
        [(Grantable::Role(id), name)] => job
            .about(*id)
            .title(format!("Give the role {name} to {people}")),
        whats => job.title(format!("Give {} things to {people}", whats.len())),
    };
    let id = enqueue(&mut tx, cx, &job).await?;
    let event = cx.about(AuditAction::JobCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(id)
}

/// The work. Each item has a key of its own in this job, so that beginning again gives nothing twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GiveToMany {
    ask: GiveMany,
}

impl Job for GiveToMany {
    const KIND: JobKind = JobKind::BulkGive;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let items: Vec<(IdentityId, String)> = self
            .ask
            .each()
            .map(|(person, what)| (person, what.to_owned()))
            .collect();
        match each(&self, &items, service, work).await? {
            Some(went) => went.finish(service, work).await,
            None => Ok(Ended::Stopped),
        }
    }
}

impl Many for GiveToMany {
    type Item = (IdentityId, String);

    fn key(&self, work: &Work, (person, what): &Self::Item) -> String {
        format!("{} {person} {what}", work.job())
    }

    fn subject(&self, (person, _): &Self::Item) -> String {
        person.to_string()
    }

    async fn one(&self, service: &Service, cx: &Cx, (person, what): &Self::Item) -> Result<Did> {
        one(service, cx, &self.ask, *person, what).await
    }
}
