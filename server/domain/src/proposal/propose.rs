//! A proposal on one pair: its score, what it leans to, and the reasons that moved it most.

use super::calibration::Peers;
use super::combinations::has;
use super::fields::Trait;
use super::hash::value_hash;
use super::learnt::{Learnt, TooFew};
use super::linear::Part;
use super::quality::chance;
use super::tally::Tally;
use super::{APPROVE_FROM, DENY_BELOW, Lean, words};
use crate::finding::DORMANT_DAYS;

/// Most reasons that are given.
const MOST_REASONS: usize = 4;
/// What moved the odds by less is no reason.
const LEAST: f64 = 0.05;
/// What access that is there and not used takes from the odds. Stated, not learnt: decisions do not tell of use.
const UNUSED: f64 = -1.0;

/// What is asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What is known of the person and the entitlement.
    pub traits: Vec<Trait>,
    /// Decisions on this very pair that were learnt from: approvals and denials. They count neither as those on others, nor in its reasons.
    pub own: (u32, u32),
    /// Who else has it; never the person.
    pub peers: Peers,
    /// Days since it was used last, of access that the person has already.
    pub unused_days: Option<i64>,
}

/// What it rests on.
#[derive(Debug, Clone, Copy)]
pub enum Basis<'a> {
    /// Past decisions.
    Decisions(&'a Learnt),
    /// Peers alone: too little was decided, or, with none, nothing was learnt yet.
    Peers(Option<TooFew>),
}

/// A score with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The chance of an approval, from 0 to 1; by peers alone, their share.
    pub score: f64,
    /// What that speaks for.
    pub lean: Lean,
    /// Why, in sentences; what moved the score most comes first.
    pub reasons: Vec<String>,
}

/// Scores a pair.
pub fn propose(basis: Basis<'_>, asked: &Asked) -> Proposal {
    match basis {
        Basis::Decisions(learnt) => by_decisions(learnt, asked),
        Basis::Peers(few) => by_peers(few, asked),
    }
}

fn by_decisions(learnt: &Learnt, asked: &Asked) -> Proposal {
    let values: Vec<u64> = learnt
        .fields
        .iter()
        .map(|field| of(asked, field).map_or(0, |known| value_hash(&known.value)))
        .collect();
    let calibration = &learnt.calibration;
    let (peers, unused) = (calibration.by_peers(asked.peers), unused(asked));
    let own = Tally {
        approved: asked.own.0,
        denied: asked.own.1,
    };
    let parts = learnt.linear.parts(&values, own);
    let odds = calibration.by_sum(learnt.linear.sum(&parts)) + peers + unused;
    let score = chance(odds);
    let inside = |set: u16| -> Vec<(&str, &str)> {
        let inside = (0..learnt.fields.len()).filter(|place| has(set, *place));
        let named = inside.map(|place| {
            let field = learnt.fields[place].as_str();
            (field, of(asked, field).map_or("", |known| &known.shown))
        });
        named.collect()
    };
    let evidence = Evidence::of(learnt, &parts);
    let verdicts = evidence.verdicts.iter().map(|(moved, set, tally)| {
        let text = words::decided(&inside(*set), *tally, learnt.usual());
        (*moved, text)
    });
    let counts = evidence.counts.iter().map(|(moved, set, tally)| {
        let text = words::counted(&inside(*set), tally.all(), *moved > 0.0);
        (*moved, text)
    });
    let mut reasons: Vec<(f64, String)> = verdicts.chain(counts).collect();
    reasons.push((peers, words::peers(asked)));
    reasons.push((unused, words::unused(asked)));
    reasons.retain(|(moved, _)| moved.abs() >= LEAST);
    reasons.sort_by(|one, other| other.0.abs().total_cmp(&one.0.abs()));
    reasons.truncate(MOST_REASONS);
    let mut reasons: Vec<String> = reasons.into_iter().map(|(_, text)| text).collect();
    if reasons.is_empty() {
        reasons.push(words::usual(learnt.usual()));
    }
    Proposal {
        score,
        lean: lean(score),
        reasons,
    }
}

fn by_peers(few: Option<TooFew>, asked: &Asked) -> Proposal {
    let score = asked
        .peers
        .odds()
        .map_or(0.5, |odds| chance(odds + unused(asked)));
    let mut reasons = vec![words::too_few(few)];
    reasons.push(match asked.peers.all {
        0 => "Nobody else has the same department and title.".to_owned(),
        _ => words::peers(asked),
    });
    if unused(asked) < 0.0 {
        reasons.push(words::unused(asked));
    }
    // That peers lack something is no ground to deny it.
    let lean = if score >= APPROVE_FROM {
        Lean::Approve
    } else {
        Lean::Open
    };
    Proposal {
        score,
        lean,
        reasons,
    }
}

fn lean(score: f64) -> Lean {
    if score >= APPROVE_FROM {
        Lean::Approve
    } else if score < DENY_BELOW {
        Lean::Deny
    } else {
        Lean::Open
    }
}

fn unused(asked: &Asked) -> f64 {
    match asked.unused_days {
        Some(days) if days >= DORMANT_DAYS.into() => UNUSED,
        _ => 0.0,
    }
}

pub(super) fn of<'a>(asked: &'a Asked, field: &str) -> Option<&'a Trait> {
    asked.traits.iter().find(|known| known.field == field)
}

/// What past decisions did to the odds, by the decisions that speak: combinations that the same decisions fall under are
/// one reason, told by the fewest fields.
struct Evidence {
    /// By how they ended.
    verdicts: Vec<Moved>,
    /// By how many they are.
    counts: Vec<Moved>,
}

/// By how much, and the combination of fields that tells it.
type Moved = (f64, u16, Tally);

impl Evidence {
    fn of(learnt: &Learnt, parts: &[Part]) -> Self {
        let (mut verdicts, mut counts) = (Vec::new(), Vec::new());
        for part in parts {
            let scale = learnt.calibration.scale;
            add(
                &mut counts,
                (part.moved_by_count * scale, part.set, part.tally),
            );
            if part.tally.all() > 0 {
                add(&mut verdicts, (part.moved * scale, part.set, part.tally));
            }
        }
        // Only what says in words what it did in numbers is a reason.
        verdicts.retain(|(moved, _, tally)| (tally.share() > learnt.usual()) == (*moved > 0.0));
        Self { verdicts, counts }
    }
}

/// Nothing in common is no evidence in common: combinations without decisions stay apart.
fn add(found: &mut Vec<Moved>, (moved, set, tally): Moved) {
    let same = |known: &&mut Moved| known.2 == tally && tally.all() > 0;
    match found.iter_mut().find(same) {
        Some(known) => known.0 += moved,
        None => found.push((moved, set, tally)),
    }
}
