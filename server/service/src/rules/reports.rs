//! Somebody is called otherwise: rules that ask for a manager's username then mean other people, although nothing of those
//! people changed.

use domain::audit::Event;
use domain::id::IdentityId;
use domain::permission::Permit;
use storage::WriteTx;

use super::MOST_AT_ONCE;
use super::apply::{ApplyRules, CHUNK};
use super::compiled::Compiled;
use super::follow::follow;
use crate::jobs::{NewJob, enqueue};
use crate::{Cx, Result, Service};

/// What new usernames mean for the reports of whom they belong to, as entries of the same transaction; or a job that is
/// asked for in it when they are many.
pub(crate) async fn follow_renamed(
    service: &Service,
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    renamed: &[IdentityId],
) -> Result<Vec<Event>> {
    if renamed.is_empty() {
        return Ok(Vec::new());
    }
    let compiled = Compiled::of(service, tx).await?;
    if !compiled.set.watched("manager") {
        return Ok(Vec::new());
    }
    let most = i64::try_from(MOST_AT_ONCE).unwrap_or(i64::MAX);
    let reports = tx.reports_of(renamed, 0, most.saturating_add(1)).await?;
    if reports.len() as u64 > MOST_AT_ONCE {
        let job = job(tx, renamed).await?;
        enqueue(tx, cx, &job).await?;
        return Ok(Vec::new());
    }
    let mut events = Vec::new();
    for some in reports.chunks(CHUNK) {
        let people = tx.identities_with(some).await?;
        events.extend(follow(tx, &compiled, &people).await?.events(cx, permit)?);
    }
    Ok(events)
}

async fn job(tx: &mut WriteTx, renamed: &[IdentityId]) -> Result<NewJob> {
    let job = NewJob::of(&ApplyRules::to_reports(renamed.to_vec()))?;
    let [one] = renamed else {
        let title = format!("Apply rules to the reports of {} people", renamed.len());
        return Ok(job.title(title));
    };
    let name = tx.identity(*one).await?;
    let name = name.map(|person| person.content.display_name);
    let title = format!("Apply rules to the reports of {}", name.unwrap_or_default());
    Ok(job.about(*one).title(title))
}
