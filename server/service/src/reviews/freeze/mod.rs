//! Freezing: who has what at one moment, with everything a reviewer needs to know, a part at a time.
//!
//! People are gone through by department and title. What peers have is counted over the first thousand of a group; until
//! they are counted, the items of the group are held back. Nothing is written here: a campaign writes what comes, a preview
//! counts it.

mod book;
mod facts;
mod people;
mod reviewers;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, ObjectRef};
use domain::resolution::RoleGraph;
use domain::review::{
    Choice, Excluded, ExcludedWhy, Facts, Last, Population as Counts, ReviewContent, flags,
};
use domain::time::{DAY, Date, Instant};
use jiff::tz::TimeZone;
use proof::hash::sha256;
use storage::reviews::{Chunk, LastDecision, NewItem, Population, Subject, canonical};
use storage::{ReadTx, Store};

use crate::effective::{AsOf, Whole, graph, load_in};
use crate::{Error, Result};
use book::Book;
use facts::{Lens, changed_since};
use people::{Crowd, Step};
use reviewers::Reviewers;

/// People resolved at a time.
const BLOCK: usize = 500;

/// Items of somebody that wait until their peers are counted.
struct Held {
    person: Subject,
    has: HashSet<i64>,
    basis: bool,
    items: Vec<Facts>,
}

/// The group that is gone through.
#[derive(Default)]
struct Group {
    number: u32,
    people: u32,
    counts: HashMap<i64, u32>,
    held: Vec<Held>,
    /// Its peers are counted.
    counted: bool,
}

/// A population on its way.
pub(super) struct Freeze {
    store: Store,
    terms: ReviewContent,
    seed: u32,
    moment: AsOf,
    today: Date,
    zone: TimeZone,
    graph: Arc<RoleGraph>,
    book: Book,
    crowd: Crowd,
    reviewers: Reviewers,
    at: usize,
    group: Group,
    told: HashSet<ObjectRef>,
    last: HashMap<(i64, domain::review::ItemKind, i64), Last>,
    counts: Counts,
    by_reviewer: HashMap<IdentityId, u64>,
}

impl Freeze {
    /// Begins at a moment that is not in the future.
    pub(super) async fn begin(
        store: &Store,
        terms: &ReviewContent,
        seed: u32,
        moment: Instant,
    ) -> Result<Self> {
        let mut tx = store.read().await?;
        let zone = match tx.organisation().await? {
            Some(organisation) => organisation.time_zone(),
            None => TimeZone::UTC,
        };
        // Of the past, as soon as anything else is written.
        let moment = AsOf {
            at: moment,
            known: moment,
            present: false,
        };
        let stage = terms.stages.first().ok_or_else(no_stage)?;
        let crowd = Crowd::read(&mut tx, &terms.scope.people, &zone, moment.at).await?;
        Ok(Self {
            graph: graph(&mut tx, moment).await?,
            book: Book::read(&mut tx, &terms.scope).await?,
            reviewers: Reviewers::read(&mut tx, terms, stage, &crowd, moment.at).await?,
            store: store.clone(),
            terms: terms.clone(),
            seed,
            today: moment.at.day(&zone),
            moment,
            zone,
            crowd,
            at: 0,
            group: Group::default(),
            told: HashSet::new(),
            last: HashMap::new(),
            counts: Counts::default(),
            by_reviewer: HashMap::new(),
        })
    }

    /// How many people are to be gone through, and how many were.
    pub(super) fn progress(&self) -> (u64, u64) {
        (self.at as u64, self.crowd.steps.len() as u64)
    }

    /// How many there are so far.
    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    /// Items by reviewer so far.
    pub(super) const fn by_reviewer(&self) -> &HashMap<IdentityId, u64> {
        &self.by_reviewer
    }

    /// The next part; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Chunk>> {
        let mut chunk = Chunk::default();
        while chunk.items.len() + chunk.excluded.len() < BLOCK {
            let end = (self.at + BLOCK).min(self.crowd.steps.len());
            if self.at == end {
                self.close(&mut chunk)?;
                break;
            }
            let steps: Vec<Step> = self.crowd.steps[self.at..end].to_vec();
            self.at = end;
            let ids: Vec<IdentityId> = steps.iter().map(|step| step.id).collect();
            let mut tx = self.store.read().await?;
            let people = load_in(&mut tx, Arc::clone(&self.graph), &ids, self.moment).await?;
            self.remember(&mut tx, &steps).await?;
            drop(tx);
            for step in steps {
                if let Some(whole) = people.by_id.get(&step.id) {
                    self.one(step, whole, &mut chunk)?;
                }
            }
        }
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    /// Reads what was decided before on what people have.
    async fn remember(&mut self, tx: &mut ReadTx, steps: &[Step]) -> Result<()> {
        let reviewed = steps.iter().filter(|step| step.reviewed);
        let holders: Vec<i64> = reviewed.map(|step| step.id.raw()).collect();
        for one in tx.last_decisions(&holders).await? {
            let LastDecision {
                holder,
                item,
                what,
                choice,
                decision,
            } = one;
            let Some(by) = decision.by else { continue };
            let last = Last {
                choice,
                by,
                at: decision.at,
            };
            self.last.insert((holder, item, what), last);
        }
        Ok(())
    }

    /// Goes through one person.
    fn one(&mut self, step: Step, whole: &Whole, chunk: &mut Chunk) -> Result<()> {
        if step.group != self.group.number {
            self.close(chunk)?;
            self.group.number = step.group;
        }
        let lens = Lens {
            book: &self.book,
            terms: &self.terms,
            graph: &self.graph,
            moment: self.moment,
            today: self.today,
        };
        let (all, items) = lens.items(whole);
        if !step.basis && !self.group.counted {
            // Those by whom the others are measured come first.
            self.count(chunk)?;
        }
        if step.basis {
            self.group.people += 1;
            for what in &all {
                *self.group.counts.entry(*what).or_default() += 1;
            }
        }
        if !step.reviewed || items.is_empty() {
            return Ok(());
        }
        let content = &whole.identity.content;
        let parts = [content.title.as_str(), content.department.as_str()];
        let detail: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let held = Held {
            person: Subject {
                id: step.id.into(),
                name: content.display_name.clone(),
                technical: content.username.clone(),
                detail: detail.join(" · "),
                application: None,
            },
            has: all.into_iter().collect(),
            basis: step.basis,
            items,
        };
        if self.group.counted {
            return self.put(held, chunk);
        }
        self.group.held.push(held);
        Ok(())
    }

    /// The peers of the group are counted: what was held back goes out.
    fn count(&mut self, chunk: &mut Chunk) -> Result<()> {
        self.group.counted = true;
        for held in std::mem::take(&mut self.group.held) {
            self.put(held, chunk)?;
        }
        Ok(())
    }

    /// A group is through.
    fn close(&mut self, chunk: &mut Chunk) -> Result<()> {
        self.count(chunk)?;
        self.group = Group::default();
        Ok(())
    }

    /// Puts out what somebody has.
    fn put(&mut self, held: Held, chunk: &mut Chunk) -> Result<()> {
        self.counts.holders += 1;
        let mut shown = false;
        for mut facts in held.items {
            facts.peers = self.peers(&held.has, held.basis, facts.what.raw);
            let key = (facts.holder.raw, facts.item, facts.what.raw);
            facts.last = self.last.remove(&key);
            facts.changed = facts
                .last
                .as_ref()
                .is_some_and(|last| changed_since(&facts, last.at));
            let leaves = self.leaves(IdentityId::from_raw(facts.holder.raw));
            facts.flags = flags(&facts, self.terms.unused_after, self.today, leaves);
            self.counts.all += 1;
            let chosen = self.reviewers.of(&facts, &self.book);
            let (reviewer, why) = match (self.left_out(&facts), chosen) {
                (None, Some(chosen)) => chosen,
                (Some(excluded), _) => {
                    self.leave_out(&facts, excluded, chunk)?;
                    continue;
                }
                (None, None) => {
                    self.leave_out(&facts, ExcludedWhy::NobodyElse, chunk)?;
                    continue;
                }
            };
            self.counts.included += 1;
            (facts.number, facts.reviewer, facts.why) = (self.counts.all, reviewer, why);
            *self.by_reviewer.entry(reviewer).or_default() += 1;
            self.tell(&facts, chunk)?;
            if !shown {
                let record = canonical(&Population::Person(&held.person))?;
                chunk.subjects.push((held.person.clone(), record));
                shown = true;
            }
            let application = self.application(facts.what);
            let record = canonical(&Population::Item(&facts))?;
            chunk.items.push(NewItem {
                facts,
                application,
                record,
            });
        }
        Ok(())
    }

    fn peers(&self, has: &HashSet<i64>, basis: bool, what: i64) -> Option<(u32, u32)> {
        let own = u32::from(basis);
        let of = self.group.people.checked_sub(own).filter(|of| *of > 0)?;
        let all = self.group.counts.get(&what).copied().unwrap_or(0);
        let own = if has.contains(&what) { own } else { 0 };
        Some((all.saturating_sub(own), of))
    }

    fn leaves(&self, person: IdentityId) -> bool {
        let end = i64::from(self.terms.days()) * DAY;
        let until = self.moment.at.plus(end).day(&self.zone);
        let head = self.crowd.heads.get(&person);
        head.is_some_and(|head| head.last_day.is_some_and(|day| day <= until))
    }

    fn left_out(&self, facts: &Facts) -> Option<ExcludedWhy> {
        let scope = &self.terms.scope;
        let kept = facts
            .last
            .as_ref()
            .is_some_and(|last| last.choice == Choice::Keep);
        if scope.changed && kept && !facts.changed && facts.flags.is_empty() {
            return Some(ExcludedWhy::Unchanged);
        }
        let every = u64::from(scope.sample?);
        let text = format!("{} {} {}", self.seed, facts.holder, facts.what);
        let hash = sha256(text.as_bytes()).0;
        let drawn = u64::from_be_bytes(hash[..8].try_into().ok()?);
        (!drawn.is_multiple_of(every)).then_some(ExcludedWhy::NotSampled)
    }

    fn leave_out(&mut self, facts: &Facts, why: ExcludedWhy, chunk: &mut Chunk) -> Result<()> {
        self.counts.excluded += 1;
        let excluded = Excluded {
            number: self.counts.all,
            item: facts.item,
            holder: facts.holder,
            what: facts.what,
            excluded: why,
        };
        let record = canonical(&Population::Excluded(&excluded))?;
        chunk.excluded.push((excluded, record));
        Ok(())
    }

    /// The names of what an item speaks of, once each.
    fn tell(&mut self, facts: &Facts, chunk: &mut Chunk) -> Result<()> {
        let application = self.application(facts.what).map(ObjectRef::from);
        let spoken = [Some(facts.what), facts.because, application];
        for object in spoken.into_iter().flatten() {
            if !self.told.insert(object) {
                continue;
            }
            if let Some(subject) = self.book.subject(object) {
                let record = canonical(&Population::Thing(&subject))?;
                chunk.subjects.push((subject, record));
            }
        }
        Ok(())
    }

    fn application(&self, what: ObjectRef) -> Option<ApplicationId> {
        if what.kind != ObjectKind::Entitlement {
            return None;
        }
        let content = self
            .book
            .entitlements
            .get(&EntitlementId::from_raw(what.raw))?;
        Some(content.application)
    }
}

fn no_stage() -> Error {
    Error::Internal("a review without stages".to_owned())
}
