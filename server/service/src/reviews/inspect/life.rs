//! The whole life of an item: what was frozen of it, why its reviewer, everything that was decided and done, with the entries
//! that bind it.

use std::collections::HashMap;

use domain::id::{CampaignId, FulfilmentTaskId, IdentityId, ObjectRef, SourceRunId};
use domain::review::{Campaign, Choice, Decision, Facts, RemedyState};
use domain::time::Instant;
use storage::ReadTx;
use storage::reviews::{ActEntry, ActRecord, RemedyRow, ReviewItem, Written};

use super::readable;
use crate::reviews::decide::Known;
use crate::{Cx, Error, Result, Service, boxed};

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LifeStep {
    /// Its facts were frozen, and it came to its first reviewer.
    Frozen,
    /// Somebody decided, or time did.
    Decided {
        /// The decision as it is recorded.
        decision: Box<Decision>,
        /// For whom, when they stood in, by name.
        on_behalf_of: Option<String>,
        /// Who is asked next, when they were not sure, by name.
        to: Option<String>,
        /// What there is instead, by name.
        smaller: Option<String>,
    },
    /// Somebody else decides.
    Passed {
        /// Who had it.
        from: String,
        /// Who has it.
        to: String,
        /// Why.
        reason: String,
    },
    /// What became of its revocation.
    Remedied {
        /// Where it was then.
        state: RemedyState,
        /// Whether the access remained in another way.
        remains: bool,
        /// What ended or showed it, as an id or a sentence.
        by: String,
        /// What that is, where it is known.
        proof: Option<ObjectRef>,
    },
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEvent {
    /// When.
    pub at: Instant,
    /// Who, by name; none when the console did by itself.
    pub by: Option<String>,
    /// The number of the entry in the log.
    pub seq: i64,
    /// The place of its record in the act that the entry binds, from 0.
    pub place: i64,
    /// What.
    pub step: LifeStep,
}

/// An item with its whole life.
#[derive(Debug, Clone)]
pub struct Life {
    /// Its campaign.
    pub campaign: Campaign,
    /// What was frozen of it, which is what everybody saw who decided on it.
    pub facts: Facts,
    /// Whose it is.
    pub holder: String,
    /// Title and department of a person.
    pub holder_detail: String,
    /// What is had.
    pub what: String,
    /// What it lets one do.
    pub what_detail: String,
    /// Its application; empty when it has none.
    pub application: String,
    /// The role or rule that gives it.
    pub because: Option<String>,
    /// Who gave it.
    pub granted_by: Option<String>,
    /// Who decided in the campaign before.
    pub last_by: Option<String>,
    /// Who was asked first.
    pub first_reviewer: String,
    /// Who decides now, or decided last.
    pub reviewer: String,
    /// Whether somebody has to decide.
    pub open: bool,
    /// What was decided last.
    pub choice: Option<Choice>,
    /// Where its revocation is.
    pub remedy: Option<RemedyRow>,
    /// What happened, in its order.
    pub events: Vec<LifeEvent>,
}

/// An item with its whole life, for whoever may see the campaign.
#[boxed]
pub async fn life(service: &Service, cx: &Cx, id: CampaignId, number: u64) -> Result<Life> {
    let result = async {
        let mut tx = service.store.read().await?;
        let campaign = readable(&mut tx, cx, id).await?;
        read(&mut tx, campaign, number).await
    };
    let found = service.noted(cx, result.await).await?;
    service.note_view(cx, id).await?;
    Ok(found)
}

/// The same for whoever was found to be allowed.
pub(super) async fn read(tx: &mut ReadTx, campaign: Campaign, number: u64) -> Result<Life> {
    let id = campaign.id;
    if !campaign.content.is_frozen() {
        return Err(Error::NotFound);
    }
    let item = tx.review_items(id, &[number]).await?.pop();
    let item = item.ok_or(Error::NotFound)?;
    let written = tx.review_records(id, &[number]).await?;
    let trees: Vec<i64> = std::iter::once(0)
        .chain(written.iter().map(|one| one.tree))
        .collect();
    let entries: HashMap<i64, ActEntry> = tx
        .act_entries(id, &trees)
        .await?
        .into_iter()
        .map(|entry| (entry.tree, entry))
        .collect();
    let known = Known::of(tx, id, mentioned(&item, &written, &entries)).await?;
    let remedy = tx.remedies_of(id, &[number]).await?.pop();
    let mut events: Vec<LifeEvent> = entries
        .get(&0)
        .map(|entry| event(&known, entry, 0, LifeStep::Frozen))
        .into_iter()
        .collect();
    for one in written {
        let entry = entries
            .get(&one.tree)
            .ok_or_else(|| Error::Internal(format!("no entry binds act {} of {id}", one.tree)))?;
        let step = step(&known, one.record);
        events.push(event(&known, entry, one.place, step));
    }
    let facts = item.facts;
    Ok(Life {
        holder: known.name(facts.holder),
        holder_detail: known.detail(facts.holder),
        what: known.name(facts.what),
        what_detail: known.detail(facts.what),
        application: known.application(facts.what),
        because: facts.because.map(|because| known.name(because)),
        granted_by: facts.granted_by.map(|by| known.name(by.into())),
        last_by: facts.last.as_ref().map(|last| known.name(last.by.into())),
        first_reviewer: known.name(facts.reviewer.into()),
        reviewer: known.name(item.reviewer.into()),
        open: item.open,
        choice: item.choice,
        remedy,
        events,
        campaign,
        facts,
    })
}

/// Everything that has a name on the page.
fn mentioned(
    item: &ReviewItem,
    written: &[Written],
    entries: &HashMap<i64, ActEntry>,
) -> Vec<ObjectRef> {
    let facts = &item.facts;
    let mut all = vec![
        facts.holder,
        facts.what,
        facts.reviewer.into(),
        item.reviewer.into(),
    ];
    all.extend(facts.because);
    all.extend(facts.granted_by.map(ObjectRef::from));
    all.extend(facts.last.as_ref().map(|last| ObjectRef::from(last.by)));
    all.extend(entries.values().filter_map(|entry| actor(&entry.actor)));
    for one in written {
        match &one.record {
            ActRecord::Decision(decision) => {
                let people = [decision.by, decision.on_behalf_of, decision.to];
                all.extend(people.into_iter().flatten().map(ObjectRef::from));
                all.extend(decision.smaller.map(ObjectRef::from));
            }
            ActRecord::Passed { from, to, .. } => {
                all.extend([ObjectRef::from(*from), ObjectRef::from(*to)]);
            }
            ActRecord::Remedy { .. } => {}
        }
    }
    all
}

/// The person who acted, as the log writes them.
fn actor(text: &str) -> Option<ObjectRef> {
    text.parse::<IdentityId>().ok().map(ObjectRef::from)
}

fn event(known: &Known, entry: &ActEntry, place: i64, step: LifeStep) -> LifeEvent {
    let decided_by = match &step {
        LifeStep::Decided { decision, .. } => Some(decision.by.map(ObjectRef::from)),
        _ => None,
    };
    let by = decided_by.unwrap_or_else(|| actor(&entry.actor));
    LifeEvent {
        at: entry.at,
        by: by.map(|by| known.name(by)),
        seq: entry.seq,
        place,
        step,
    }
}

fn step(known: &Known, record: ActRecord) -> LifeStep {
    match record {
        ActRecord::Decision(decision) => LifeStep::Decided {
            on_behalf_of: decision.on_behalf_of.map(|whom| known.name(whom.into())),
            to: decision.to.map(|to| known.name(to.into())),
            smaller: decision.smaller.map(|what| known.name(what.into())),
            decision: Box::new(decision),
        },
        ActRecord::Passed {
            from, to, reason, ..
        } => LifeStep::Passed {
            from: known.name(from.into()),
            to: known.name(to.into()),
            reason,
        },
        ActRecord::Remedy {
            state, remains, by, ..
        } => {
            let task = by.parse::<FulfilmentTaskId>().ok().map(ObjectRef::from);
            let run = by.parse::<SourceRunId>().ok().map(ObjectRef::from);
            LifeStep::Remedied {
                state,
                remains,
                proof: task.or(run),
                by,
            }
        }
    }
}
