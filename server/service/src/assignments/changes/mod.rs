//! Ending, extending, suspending or restoring many assignments: first what it would do, then one after the other, each by
//! [`super::step`] or [`super::extend`], or as a job.
//!
//! The plan is made again before the first is changed, and compared. Others write in between while one after the other is
//! changed: each is changed only in the version that was planned.

mod act;
mod job;
mod plan;

pub use act::ChangeAct;
pub(crate) use job::ChangeAssignments;
pub use plan::{Fate, Names, PlannedChange, PlannedChanges, Verdict, plan_changes};

use domain::field::FieldErrors;
use domain::id::{AssignmentId, JobId};
use domain::search::Search;
use domain::time::Instant;
use serde::{Deserialize, Serialize};

use self::plan::Planned;
use super::{extend, may_give_some, step};
use crate::people::MOST_AT_ONCE;
use crate::plan::Asked;
use crate::{Cx, Did, Error, Result, Service, boxed};

/// Which assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those that were ticked.
    Ticked(Vec<AssignmentId>),
    /// All that match a search; the mark is that of the set that was looked at.
    Matching(Search, String),
}

/// What is done to which, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeMany {
    /// What is done.
    pub act: ChangeAct,
    /// To which.
    pub which: Which,
    /// The last day, where that is changed; empty is without end.
    pub until: String,
}

/// One of them, and how it went.
#[derive(Debug)]
pub struct ChangedItem {
    /// What it is called.
    pub names: Names,
    /// How it went, or why it was not done.
    pub result: Result<Did>,
}

/// What became of changing many.
#[derive(Debug)]
pub enum ChangedMany {
    /// It was tried with each.
    Each(Vec<ChangedItem>),
    /// They are so many that a job does it.
    Job(JobId),
    /// Others match now than those that were looked at. Nothing was done.
    Others,
    /// Something else changed meanwhile: this is what it would do now. Nothing was done.
    Different(Box<PlannedChanges>),
}

/// One assignment that is to be changed: in this version, or not at all because there is nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Item {
    id: AssignmentId,
    version: Option<Instant>,
}

/// What is done to each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Doing {
    act: ChangeAct,
    until: String,
    reason: String,
}

/// Changes all of them when that does what the plan with this hash says. A form that is sent again goes on where it stopped
/// and does nothing twice.
#[boxed]
pub async fn change_many(
    service: &Service,
    cx: &Cx,
    ask: &ChangeMany,
    asked: &Asked,
) -> Result<ChangedMany> {
    may_give_some(service, cx).await?;
    let doing = Doing {
        act: ask.act,
        until: ask.until.clone(),
        reason: asked.reason.clone(),
    };
    // Before anything is planned: what this very form did makes the plan another one.
    match service.begin(cx).await {
        Ok(unused) => drop(unused),
        Err(Error::AlreadyDone(led_to)) => return again(service, cx, &doing, &led_to).await,
        Err(error) => return Err(error),
    }
    let mut tx = service.store.read().await?;
    let planned = plan::plan(&mut tx, cx, ask, service.now()).await?;
    drop(tx);
    if let Which::Matching(_, mark) = &ask.which
        && planned.shown.mark != *mark
    {
        return Ok(ChangedMany::Others);
    }
    if planned.shown.plan.hash != asked.hash {
        return Ok(ChangedMany::Different(Box::new(planned.shown)));
    }
    let mut errors = FieldErrors::new();
    errors.required("reason", "The reason", &asked.reason, 500);
    planned.shown.plan.confirmed(&asked.confirm, &mut errors);
    errors.or(())?;
    carry_out(service, cx, &doing, planned).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    doing: &Doing,
    planned: Planned,
) -> Result<ChangedMany> {
    let tx = match service.begin(cx).await {
        Ok(tx) => tx,
        Err(Error::AlreadyDone(led_to)) => return again(service, cx, doing, &led_to).await,
        Err(error) => return Err(error),
    };
    let items = planned.items;
    if items.len() > MOST_AT_ONCE {
        let id = job::ask_for(service, cx, tx, doing, items).await?;
        return Ok(ChangedMany::Job(id));
    }
    let reason = "a form is remembered; what it changes has entries of its own";
    service.commit_once(cx, tx, written(&items), reason).await?;
    each(service, cx, doing, &items).await
}

/// The same form once more: the job it asked for, or those that it began with.
async fn again(service: &Service, cx: &Cx, doing: &Doing, led_to: &str) -> Result<ChangedMany> {
    match led_to.parse::<JobId>() {
        Ok(id) => Ok(ChangedMany::Job(id)),
        Err(_) => each(service, cx, doing, &read(led_to)).await,
    }
}

/// Few items as the form's memory keeps them: `asn_7@1790000000000000`, without a version where there is nothing to do.
fn written(items: &[Item]) -> String {
    let each = items.iter().map(|item| match item.version {
        Some(version) => format!("{}@{}", item.id, version.micros()),
        None => item.id.to_string(),
    });
    each.collect::<Vec<_>>().join(" ")
}

fn read(text: &str) -> Vec<Item> {
    let each = text.split(' ').filter_map(|item| {
        let (id, version) = match item.split_once('@') {
            Some((id, version)) => (id, version.parse().ok()),
            None => (item, None),
        };
        Some(Item {
            id: id.parse().ok()?,
            version: version.map(Instant::from_micros),
        })
    });
    each.collect()
}

/// One after the other, while somebody waits. Each has a key of its own.
async fn each(service: &Service, cx: &Cx, doing: &Doing, items: &[Item]) -> Result<ChangedMany> {
    let mut results = Vec::with_capacity(items.len());
    for item in items {
        let own = Cx {
            once: cx.once.as_ref().map(|key| format!("{key} {}", item.id)),
            ..cx.clone()
        };
        results.push(one(service, &own, doing, *item).await);
    }
    let mut tx = service.store.read().await?;
    let ids: Vec<AssignmentId> = items.iter().map(|item| item.id).collect();
    let mut names = plan::names(&mut tx, &ids).await?;
    let done = items.iter().zip(results);
    let done = done.filter_map(|(item, result)| {
        let names = names.remove(&item.id)?;
        Some(ChangedItem { names, result })
    });
    Ok(ChangedMany::Each(done.collect()))
}

/// Changes one of them. What is there already is not a failure.
async fn one(service: &Service, cx: &Cx, doing: &Doing, item: Item) -> Result<Did> {
    let Some(version) = item.version else {
        return Ok(Did::Unchanged);
    };
    let (act, reason) = (doing.act, &doing.reason);
    let result = match act.step() {
        Some(taken) => step(service, cx, item.id, version, taken, reason).await,
        None => extend(service, cx, item.id, version, &doing.until, reason).await,
    };
    match result {
        Ok(()) | Err(Error::AlreadyDone(_)) => Ok(Did::Done),
        Err(Error::State(state)) if act.leads_to(state.from) => Ok(Did::Unchanged),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_a_form_is_read_as_it_was_written() {
        let item = |id, version: Option<i64>| Item {
            id: AssignmentId::from_raw(id),
            version: version.map(Instant::from_micros),
        };
        let items = [item(7, Some(1_790_000_000_000_000)), item(8, None)];
        assert_eq!(read(&written(&items)), items);
        assert_eq!(read(""), []);
    }
}
