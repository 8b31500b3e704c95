//! What a campaign comes to, counted while all of it is compared with the log.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{IdentityId, ObjectRef};
use domain::review::{Choice, Decision, Facts, RemedyState};
use storage::reviews::ActRecord;

use super::source::Source;
use crate::reviews::standings;
use crate::reviews::trees::{ActWalk, Broken, Line, PopulationWalk};

/// What somebody had to do, and did.
#[derive(Debug, Default)]
pub(super) struct Reviewer {
    /// Items that came to them by the rule of a stage.
    pub(super) items: u64,
    /// Why they, with how many items.
    pub(super) why: BTreeMap<&'static str, u64>,
    /// Decisions by them, also those that were made again later.
    pub(super) decisions: u64,
    /// How many of them stood in for somebody.
    pub(super) for_others: u64,
    /// Items that were passed to them.
    pub(super) received: u64,
    /// Items that were passed from them.
    pub(super) passed: u64,
}

/// What became of revocations that are in one state.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Remedied {
    pub(super) items: u64,
    /// Of how many it is recorded what ended or showed it.
    pub(super) proven: u64,
    /// In how many the access remains through another way.
    pub(super) remains: u64,
}

/// The sums of a campaign. Of an item there are some bytes; nothing else grows with their number.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) included: u64,
    pub(super) excluded: BTreeMap<&'static str, u64>,
    pub(super) kinds: BTreeMap<&'static str, u64>,
    pub(super) flags: BTreeMap<&'static str, u64>,
    pub(super) reviewers: BTreeMap<IdentityId, Reviewer>,
    pub(super) passed: BTreeMap<(IdentityId, IdentityId), u64>,
    /// All decisions, also those that were made again later.
    pub(super) decisions: u64,
    /// Those that nobody made: time did.
    pub(super) by_time: u64,
    /// Those that were made together with others.
    pub(super) together: u64,
    pub(super) records: u64,
    /// The last choice on each item, by number.
    last: Vec<Option<Choice>>,
    /// Where the revocation of each item is, whether it says by what, and whether access remains.
    remedies: BTreeMap<u64, (RemedyState, bool, bool)>,
}

impl Tally {
    /// Reads all of a campaign and compares it with the log.
    pub(super) async fn read(source: &mut Source) -> Result<Self, Broken> {
        let mut tally = Self::default();
        let mut walk = PopulationWalk::new(source.id());
        loop {
            let lines = walk.part(&mut source.tx).await?;
            if lines.is_empty() {
                break;
            }
            for line in &lines {
                tally.line(line);
            }
        }
        walk.finish(&mut source.tx, Some(source.launch)).await?;
        for (tree, bound) in source.acts.clone() {
            let mut walk = ActWalk::new(source.id(), tree, bound.seq);
            loop {
                let records = walk.part(&mut source.tx).await?;
                if records.is_empty() {
                    break;
                }
                for record in &records {
                    tally.record(record);
                }
            }
            walk.finish(&mut source.tx, bound).await?;
        }
        standings::check(&mut source.tx, source.campaign.id).await?;
        Ok(tally)
    }

    fn line(&mut self, line: &Line) {
        match line {
            Line::Subject(_) => {}
            Line::Item(facts) => self.item(facts),
            Line::Excluded(one) => *self.excluded.entry(one.excluded.label()).or_default() += 1,
        }
    }

    fn item(&mut self, facts: &Facts) {
        self.included += 1;
        *self.kinds.entry(facts.item.label()).or_default() += 1;
        for flag in &facts.flags {
            *self.flags.entry(flag.label()).or_default() += 1;
        }
        let reviewer = self.reviewers.entry(facts.reviewer).or_default();
        reviewer.items += 1;
        *reviewer.why.entry(facts.why.label()).or_default() += 1;
    }

    fn record(&mut self, record: &ActRecord) {
        self.records += 1;
        match record {
            ActRecord::Decision(decision) => self.decision(decision),
            ActRecord::Passed { from, to, .. } => {
                *self.passed.entry((*from, *to)).or_default() += 1;
                self.reviewers.entry(*from).or_default().passed += 1;
                self.reviewers.entry(*to).or_default().received += 1;
            }
            ActRecord::Remedy {
                item,
                state,
                remains,
                by,
            } => {
                let known = (*state, !by.is_empty(), *remains);
                self.remedies.insert(*item, known);
            }
        }
    }

    fn decision(&mut self, decision: &Decision) {
        self.decisions += 1;
        self.together += u64::from(decision.together > 1);
        match decision.by {
            None => self.by_time += 1,
            Some(by) => {
                let reviewer = self.reviewers.entry(by).or_default();
                reviewer.decisions += 1;
                reviewer.for_others += u64::from(decision.on_behalf_of.is_some());
            }
        }
        if let Some(next) = decision.next {
            let reviewer = self.reviewers.entry(next.reviewer).or_default();
            reviewer.items += 1;
            *reviewer.why.entry(next.why.label()).or_default() += 1;
        }
        let Ok(place) = usize::try_from(decision.item) else {
            return;
        };
        if self.last.len() <= place {
            self.last.resize(place + 1, None);
        }
        self.last[place] = Some(decision.choice);
    }

    /// Items by their last decision.
    pub(super) fn last(&self) -> BTreeMap<Choice, u64> {
        let mut all = BTreeMap::new();
        for choice in self.last.iter().flatten() {
            *all.entry(*choice).or_default() += 1;
        }
        all
    }

    /// Items on which there is a decision.
    pub(super) fn decided(&self) -> u64 {
        self.last().values().sum()
    }

    /// All that is left out.
    pub(super) fn left_out(&self) -> u64 {
        self.excluded.values().sum()
    }

    /// Revocations and changes by where they are.
    pub(super) fn remedies(&self) -> BTreeMap<&'static str, Remedied> {
        let mut all: BTreeMap<&'static str, Remedied> = BTreeMap::new();
        for (state, proven, remains) in self.remedies.values() {
            let one = all.entry(state.label()).or_default();
            one.items += 1;
            one.proven += u64::from(*proven);
            one.remains += u64::from(*remains);
        }
        all
    }

    /// Everybody who is named in it.
    pub(super) fn people(&self) -> BTreeSet<ObjectRef> {
        let reviewers = self.reviewers.keys();
        reviewers.map(|id| ObjectRef::from(*id)).collect()
    }
}
