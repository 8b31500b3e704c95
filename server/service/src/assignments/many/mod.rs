//! Giving something to many people, or several things to one: first what it would do, then one after the other, each by
//! [`give`], or as a job.
//!
//! The plan is compared before the first is given. Others write in between while one after the other is given; what each
//! may be given is decided again when it is.

mod forecast;
mod job;
mod plan;

pub use forecast::{Forecast, Remark};
pub(crate) use job::GiveToMany;
pub use plan::{PlannedGifts, plan_many};

use domain::field::FieldErrors;
use domain::id::{IdentityId, JobId};
use domain::permission::{Action, Facts};
use proof::hash::sha256;
use serde::{Deserialize, Serialize};
use storage::ReadTx;

use super::give::{Hindrance, hindrance};
use super::{GiveDraft, give, validity, what};
use crate::people::{MOST_AT_ONCE, MOST_MATCHING};
use crate::rules::MANY;
use crate::{Cx, Did, Error, Result, Service, boxed};

/// What is given to whom, unchecked. Everything is given to everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveMany {
    /// Who.
    pub people: Vec<IdentityId>,
    /// What, each as in [`GiveDraft`].
    pub what: Vec<String>,
    /// Why; required.
    pub reason: String,
    /// First day; empty is now.
    pub from: String,
    /// Last day; empty is without end.
    pub until: String,
}

/// What comes with the second of the two steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Of the plan that was seen.
    pub hash: String,
    /// The number of people who gain something, typed, when they gain much.
    pub confirm: String,
}

/// One thing for one person, and how it went.
#[derive(Debug)]
pub struct GivenItem {
    /// Who.
    pub person: IdentityId,
    /// Their name.
    pub name: String,
    /// What, by name.
    pub what: String,
    /// How it went, or why it was not done.
    pub result: Result<Did>,
}

/// What became of giving to many.
#[derive(Debug)]
pub enum GaveMany {
    /// It was tried with each, in the order of people.
    Each(Vec<GivenItem>),
    /// They are so many that a job does it.
    Job(JobId),
    /// Something else changed meanwhile: this is what it would do now. Nothing was done.
    Different(Box<PlannedGifts>),
}

/// Whether the actor may give access at all; a refusal is recorded.
#[boxed]
pub async fn may_give_some(service: &Service, cx: &Cx) -> Result<()> {
    let decided = cx.decide(Action::GiveAccess, None, Facts::default());
    service.noted(cx, decided.map(drop)).await
}

/// Gives to all of them, when that does what the plan with this hash says. A form that is sent again goes on where it
/// stopped and gives nothing twice.
#[boxed]
pub async fn give_many(
    service: &Service,
    cx: &Cx,
    ask: &GiveMany,
    agreed: &Agreed,
) -> Result<GaveMany> {
    may_give_some(service, cx).await?;
    let ask = ask.tidy()?;
    let mut errors = FieldErrors::new();
    errors.required("reason", "The reason", &ask.reason, 500);
    let mut read = service.store.read().await?;
    let planned = plan::plan(&mut read, cx, &ask, service.now()).await;
    drop(read);
    if let Err(Error::Invalid(more)) = &planned {
        let more = more.iter();
        more.for_each(|error| errors.add(error.field, error.message.clone()));
    }
    let own = Cx {
        once: cx.once.as_deref().and_then(|key| ask.key(key)),
        ..cx.clone()
    };
    // Also where the plan is another one now: what this very form did makes it another one.
    let tx = match service.begin(&own).await {
        Ok(tx) => tx,
        Err(Error::AlreadyDone(led_to)) => {
            return match led_to.parse::<JobId>() {
                Ok(id) => Ok(GaveMany::Job(id)),
                Err(_) => each(service, &own, &ask).await,
            };
        }
        Err(error) => return Err(error),
    };
    errors.or(())?;
    let planned = planned?;
    if planned.plan.hash != agreed.hash {
        return Ok(GaveMany::Different(Box::new(planned)));
    }
    let people = planned.plan.gaining;
    if planned.plan.gains >= MANY && agreed.confirm.trim() != people.to_string() {
        let text = format!(
            "This gives {} grants. Type {people}, the number of people who gain something, to confirm.",
            planned.plan.gains
        );
        return Err(FieldErrors::one("confirm", text).into());
    }
    if ask.items() > MOST_AT_ONCE {
        let id = job::ask_for(service, &own, tx, &ask, &planned).await?;
        return Ok(GaveMany::Job(id));
    }
    let reason = "a form is remembered; what it gives has entries of its own";
    service.commit_once(&own, tx, "given", reason).await?;
    each(service, &own, &ask).await
}

/// One after the other, while somebody waits. Each has a key of its own.
async fn each(service: &Service, cx: &Cx, ask: &GiveMany) -> Result<GaveMany> {
    let mut done = Vec::with_capacity(ask.items());
    for (person, what) in ask.each() {
        let own = Cx {
            once: cx.once.as_ref().map(|key| format!("{key} {person} {what}")),
            ..cx.clone()
        };
        let result = one(service, &own, ask, person, what).await;
        done.push((person, what, result));
    }
    let mut tx = service.store.read().await?;
    let mut items = Vec::with_capacity(done.len());
    let people = tx.identity_names(&ask.people).await?;
    for (person, typed, result) in done {
        let known = people.iter().find(|one| one.id == person);
        let found = what(&mut tx, typed, &mut FieldErrors::new()).await?;
        items.push(GivenItem {
            person,
            name: known.map_or_else(|| person.to_string(), |one| one.display_name.clone()),
            what: match found {
                Some(found) => super::name(&mut tx, found).await?,
                None => typed.to_owned(),
            },
            result,
        });
    }
    Ok(GaveMany::Each(items))
}

/// Gives one thing to one person. That it was given before is not a failure.
async fn one(
    service: &Service,
    cx: &Cx,
    ask: &GiveMany,
    person: IdentityId,
    what: &str,
) -> Result<Did> {
    let draft = GiveDraft {
        what: what.to_owned(),
        reason: ask.reason.clone(),
        from: ask.from.clone(),
        until: ask.until.clone(),
    };
    match give(service, cx, person, &draft).await {
        Ok(_) | Err(Error::AlreadyDone(_)) => Ok(Did::Done),
        Err(Error::Invalid(errors)) => {
            let only_what = errors.iter().all(|error| error.field == "what");
            if only_what && was_given(service, person, &draft).await? {
                return Ok(Did::Unchanged);
            }
            Err(Error::Invalid(errors))
        }
        Err(error) => Err(error),
    }
}

/// Whether the reason why something is not given is that it was given before.
async fn was_given(service: &Service, person: IdentityId, draft: &GiveDraft) -> Result<bool> {
    let mut tx = service.store.read().await?;
    let tx: &mut ReadTx = &mut tx;
    let (now, mut errors) = (service.now(), FieldErrors::new());
    let Some(what) = what(tx, &draft.what, &mut errors).await? else {
        return Ok(false);
    };
    let span = validity(tx, (&draft.from, &draft.until), now, &mut errors).await?;
    let known = crate::effective::AsOf::now(now).known;
    let has = tx.assignments_as_of(&[person], known).await?;
    let found = hindrance((what, span), &has, &[], now);
    Ok(matches!(found, Some(Hindrance::Given(_))))
}

impl GiveMany {
    /// Each person and each thing once, in their order.
    fn tidy(&self) -> Result<Self> {
        let mut ask = self.clone();
        ask.people.sort_unstable();
        ask.people.dedup();
        ask.what = ask.what.iter().map(|one| one.trim().to_owned()).collect();
        ask.what.sort_unstable();
        ask.what.dedup();
        if ask.items() as u64 > MOST_MATCHING {
            return Err(Error::Refused(
                "This is more than 10 000 assignments at once. Choose fewer people or fewer things."
                    .to_owned(),
            ));
        }
        Ok(ask)
    }

    fn items(&self) -> usize {
        self.people.len().saturating_mul(self.what.len())
    }

    fn each(&self) -> impl Iterator<Item = (IdentityId, &str)> {
        let what = || self.what.iter().map(String::as_str);
        let people = self.people.iter();
        people.flat_map(move |person| what().map(move |what| (*person, what)))
    }

    /// The key of a form with what it asks for: sent again with something else in it, it is another form.
    fn key(&self, key: &str) -> Option<String> {
        let people: Vec<String> = self.people.iter().map(ToString::to_string).collect();
        let what = self.what.join("\n");
        let text = format!(
            "{}\n\n{what}\n\n{}\n{}",
            people.join("\n"),
            self.from,
            self.until
        );
        let mark = domain::text::hex(&sha256(text.as_bytes()).0);
        (!key.is_empty()).then(|| format!("{key} {mark}"))
    }
}
