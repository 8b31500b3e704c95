//! Freezing: who has what at one moment, with everything a reviewer needs to know, a part at a time.
//!
//! People are gone through by department and title. What peers have is counted over the first thousand of a group; until
//! they are counted, the items of the group are held back. Nothing is written here: a campaign writes what comes, a preview
//! counts it.

mod block;
mod book;
mod facts;
mod people;
mod reviewers;
mod things;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, ObjectRef};
use domain::resolution::RoleGraph;
use domain::review::{
    Choice, Excluded, ExcludedWhy, Facts, ItemKind, Last, Population as Counts, ReviewContent,
    Subjects, flags,
};
use domain::time::{DAY, Date, Instant};
use jiff::tz::TimeZone;
use proof::hash::sha256;
use storage::Store;
use storage::reviews::{Chunk, Holder, LastDecision, NewItem, Population, Subject, canonical};
use tokio::task::JoinHandle;

use crate::effective::{AsOf, Whole, graph};
use crate::{Error, Result};
use block::Block;
use book::Book;
use facts::{Lens, changed_since};
pub(super) use people::is_found;
use people::{Crowd, Step};
use reviewers::Reviewers;
use things::Walk;

/// People resolved at a time.
const BLOCK: usize = 500;
/// So many rows make a part: fewer cost more for the transactions than for the rows.
const CHUNK: usize = 6_000;

/// What was decided before on what one holder has.
type Decided = HashMap<(ItemKind, i64), Last>;

/// Items of somebody that wait until their peers are counted.
struct Held {
    person: Subject,
    has: HashSet<i64>,
    basis: bool,
    items: Vec<Facts>,
    last: Decided,
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
    /// Through what belongs to no person.
    things: Option<Walk>,
    reviewers: Reviewers,
    at: usize,
    /// Those after the people who are gone through, on their way.
    ahead: Option<JoinHandle<Result<Block>>>,
    group: Group,
    told: HashSet<ObjectRef>,
    /// What was decided before on what the next holders have; a holder's goes when they are gone through.
    last: HashMap<i64, Decided>,
    counts: Counts,
    by_reviewer: HashMap<IdentityId, u64>,
    by_department: BTreeMap<String, u64>,
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
        let mut crowd = Crowd::read(&mut tx, &terms.scope, &zone, moment.at).await?;
        let book = Book::read(&mut tx, &terms.scope).await?;
        let known = (&mut crowd, &book);
        let reviewers = Reviewers::read(&mut tx, terms, stage, known, moment.at).await?;
        Ok(Self {
            graph: graph(&mut tx, moment).await?,
            things: Walk::of(terms, &book),
            book,
            reviewers,
            store: store.clone(),
            terms: terms.clone(),
            seed,
            today: moment.at.day(&zone),
            moment,
            zone,
            crowd,
            at: 0,
            ahead: None,
            group: Group::default(),
            told: HashSet::new(),
            last: HashMap::new(),
            counts: Counts::default(),
            by_reviewer: HashMap::new(),
            by_department: BTreeMap::new(),
        })
    }

    /// How many people or things were gone through, and how many are to be.
    pub(super) fn progress(&self) -> (u64, u64) {
        match &self.things {
            Some(walk) => walk.progress(),
            None => (self.at as u64, self.crowd.steps.len() as u64),
        }
    }

    /// How many there are so far.
    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether somebody answers for a thing, or for its application.
    pub(super) fn has_owner(&self, object: ObjectRef) -> bool {
        self.book.has_owner(object)
    }

    /// Items by department so far.
    pub(super) fn by_department(&self) -> Vec<(String, u64)> {
        let all = self.by_department.iter();
        all.map(|(name, items)| (name.clone(), *items)).collect()
    }

    /// Items by reviewer so far.
    pub(super) const fn by_reviewer(&self) -> &HashMap<IdentityId, u64> {
        &self.by_reviewer
    }

    /// The next part; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Chunk>> {
        if self.things.is_some() {
            return self.next_things().await;
        }
        let mut chunk = Chunk::default();
        while chunk.items.len() + chunk.excluded.len() < CHUNK {
            let Some(block) = self.block().await? else {
                self.close(&mut chunk)?;
                break;
            };
            self.remember(block.decided);
            for step in block.steps {
                if let Some(whole) = block.people.by_id.get(&step.id) {
                    self.one(step, whole, &mut chunk)?;
                }
            }
        }
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    /// The next people with what they have; while they are gone through, those after them are read. None at the end.
    async fn block(&mut self) -> Result<Option<Block>> {
        let block = match self.ahead.take() {
            Some(reading) => reading
                .await
                .map_err(|error| Error::Internal(error.to_string()))??,
            None => match self.reading() {
                Some(reading) => reading.await?,
                None => return Ok(None),
            },
        };
        self.ahead = self.reading().map(tokio::spawn);
        Ok(Some(block))
    }

    /// Reads the people after those that were read; none at the end.
    fn reading(&mut self) -> Option<impl Future<Output = Result<Block>> + Send + 'static> {
        let end = (self.at + BLOCK).min(self.crowd.steps.len());
        let steps: Vec<Step> = self.crowd.steps.get(self.at..end)?.to_vec();
        self.at = end;
        let (store, graph, moment) = (self.store.clone(), Arc::clone(&self.graph), self.moment);
        (!steps.is_empty()).then(|| Block::read(store, graph, steps, moment))
    }

    /// Keeps what was decided before on what the next have.
    fn remember(&mut self, decided: Vec<LastDecision>) {
        let made = kind(self.terms.scope.subjects);
        for one in decided {
            let LastDecision {
                holder,
                item,
                what,
                choice,
                decision,
            } = one;
            // Things of other kinds have the same numbers.
            let Some(by) = decision.by.filter(|_| item == made) else {
                continue;
            };
            let last = Last {
                choice,
                by,
                at: decision.at,
            };
            let of_holder = self.last.entry(holder).or_default();
            of_holder.insert((item, what), last);
        }
    }

    fn lens(&self) -> Lens<'_> {
        Lens {
            book: &self.book,
            terms: &self.terms,
            graph: &self.graph,
            moment: self.moment,
            today: self.today,
        }
    }

    /// Goes through one person.
    fn one(&mut self, step: Step, whole: &Whole, chunk: &mut Chunk) -> Result<()> {
        if step.group != self.group.number {
            self.close(chunk)?;
            self.group.number = step.group;
        }
        let last = self.last.remove(&step.id.raw()).unwrap_or_default();
        let (all, items) = self.lens().items(whole);
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
        let count = items.len() as u64;
        match self.by_department.get_mut(&content.department) {
            Some(known) => *known += count,
            None => {
                self.by_department.insert(content.department.clone(), count);
            }
        }
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
            last,
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
    fn put(&mut self, mut held: Held, chunk: &mut Chunk) -> Result<()> {
        self.counts.holders += 1;
        let first = self.counts.all + 1;
        if let Some(person) = held.person.id.identity() {
            chunk.holders.push(Holder {
                person,
                first,
                last: self.counts.all + held.items.len() as u64,
            });
        }
        let mut shown = false;
        for mut facts in held.items {
            facts.peers = self.peers(&held.has, held.basis, facts.what.raw);
            facts.last = held.last.remove(&(facts.item, facts.what.raw));
            facts.changed = facts
                .last
                .as_ref()
                .is_some_and(|last| changed_since(&facts, last.at));
            let leaves = facts.whose().is_some_and(|one| self.leaves(one));
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
                self.introduce(&held.person, chunk)?;
                shown = true;
            }
            let application = self.application(facts.what);
            chunk.items.push(NewItem::new(facts, application)?);
        }
        Ok(())
    }

    /// The name of a holder. People come once; a role may have been in another one before.
    fn introduce(&mut self, holder: &Subject, chunk: &mut Chunk) -> Result<()> {
        let record = if holder.id.kind == ObjectKind::Identity {
            Population::Person(holder)
        } else if self.told.insert(holder.id) {
            Population::Thing(holder)
        } else {
            return Ok(());
        };
        let record = canonical(&record)?;
        chunk.subjects.push((holder.clone(), record));
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
        match what.kind {
            ObjectKind::Application => return Some(ApplicationId::from_raw(what.raw)),
            ObjectKind::Entitlement => {}
            _ => return None,
        }
        let content = self
            .book
            .entitlements
            .get(&EntitlementId::from_raw(what.raw))?;
        Some(content.application)
    }
}

/// The kind of the items that a review makes.
const fn kind(subjects: Subjects) -> ItemKind {
    match subjects {
        Subjects::Access | Subjects::Rights => ItemKind::Access,
        Subjects::Roles => ItemKind::Role,
        Subjects::Contents => ItemKind::Content,
        Subjects::Accounts => ItemKind::Account,
    }
}

fn no_stage() -> Error {
    Error::Internal("a review without stages".to_owned())
}
