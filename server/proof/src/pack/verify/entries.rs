//! `entries.jsonl`: each line is an entry of the log, in the order of the log, and proven against one checkpoint.

use std::collections::BTreeMap;

use super::compare::Compare;
use super::contents::Contents;
use super::lines::Lines;
use super::log::{names, prove};
use crate::canonical;
use crate::checkpoint::Checkpoint;
use crate::entry::EnvelopeRef;
use crate::hash::Hash;
use crate::pack::error::PackError;
use crate::pack::line_hash::LineHashes;
use crate::pack::part::Part;
use crate::pack::record::{CAMPAIGN_ACTIONS, EntryLine, LAUNCHED};

/// More entries than any campaign has; each is remembered while acts are verified.
const MAX_ENTRIES: u64 = 1_000_000;

const NAME: &str = Part::Entries.name();

/// What the entries bind.
#[derive(Debug)]
pub(super) struct Entries {
    pub(super) launch: Launch,
    /// Those with records, in the order of the log.
    pub(super) acts: Vec<Act>,
    pub(super) by_action: BTreeMap<String, u64>,
    pub(super) count: u64,
}

/// The entry about the launch.
#[derive(Debug)]
pub(super) struct Launch {
    pub(super) root: Hash,
    pub(super) rows: u64,
    pub(super) population: u64,
    pub(super) included: u64,
    pub(super) excluded: u64,
    pub(super) at: Option<i64>,
}

/// An entry with a tree of records.
#[derive(Debug)]
pub(super) struct Act {
    pub(super) seq: u64,
    pub(super) action: String,
    pub(super) root: Hash,
    pub(super) rows: u64,
}

/// What was read so far.
#[derive(Debug, Default)]
struct Reading {
    launch: Option<Launch>,
    acts: Vec<Act>,
    by_action: BTreeMap<String, u64>,
    last: Option<(u64, u64)>,
}

/// Proves every entry, and that none was taken out or put in since the pack was made.
pub(super) fn check(
    contents: &Contents<'_>,
    checkpoint: &Checkpoint,
    campaign: &str,
) -> Result<Entries, PackError> {
    let (hashes_name, hashes) = contents.hashes(Part::Entries)?;
    let mut compare = Compare::new(hashes);
    let mut reading = Reading::default();
    let mut wrong = None;
    let mut lines = Lines::open(contents.member(Part::Entries));
    while lines.advance()? {
        let number = lines.number();
        if number > MAX_ENTRIES {
            return Err(PackError::line(
                NAME,
                number,
                None,
                "is beyond what a campaign can have",
            ));
        }
        compare.push(short_of(lines.line()), || None);
        if wrong.is_none() {
            let read = reading.take(lines.line(), checkpoint, campaign);
            wrong = read
                .err()
                .map(|why| PackError::line(NAME, number, None, why));
        }
        // What happened to a line is told by the hash of the next one.
        if compare.is_decided() || (wrong.is_some() && compare.agrees()) {
            break;
        }
    }
    match (wrong, compare.finish()) {
        (Some(wrong), _) => return Err(wrong),
        (None, Some(found)) => {
            // All lines are entries of the log, so what differs is which ones they are, or the hashes.
            return Err(found.error(NAME, 1, "what was packed"));
        }
        (None, None) => {}
    }
    contents.check_stored(hashes_name)?;
    let count = lines.number();
    contents.check_unpacked(Part::Entries, lines.finish(), false)?;
    let launch = reading.launch.ok_or_else(|| {
        PackError::of(
            NAME,
            format!("{NAME} has no entry about the launch of the campaign: it was taken out."),
        )
    })?;
    Ok(Entries {
        launch,
        acts: reading.acts,
        by_action: reading.by_action,
        count,
    })
}

impl Reading {
    /// Takes a line; the error goes on "Line 3 of entries.jsonl …".
    fn take(&mut self, line: &[u8], checkpoint: &Checkpoint, campaign: &str) -> Result<(), String> {
        let entry: EntryLine<'_> =
            serde_json::from_slice(line).map_err(|error| format!("is no entry: {error}"))?;
        let form = canonical::to_vec(&entry).map_err(|error| format!("is no entry: {error}"))?;
        canonical::same(line, &form).map_err(|error| format!("was changed: it is {error}"))?;
        prove(&entry, checkpoint)?;
        let envelope = &entry.envelope;
        let place = (entry.index, envelope.seq);
        if self
            .last
            .is_some_and(|last| place.0 <= last.0 || place.1 <= last.1)
        {
            return Err(
                "stands in the wrong place: the log has it before the line above".to_owned(),
            );
        }
        self.last = Some(place);
        let action = &*envelope.action;
        if action.starts_with(CAMPAIGN_ACTIONS) && !names(envelope, campaign) {
            return Err(format!(
                "is an entry about another campaign than {campaign}"
            ));
        }
        *self.by_action.entry(action.to_owned()).or_default() += 1;
        if action == LAUNCHED && &*envelope.outcome == "done" {
            if self.launch.is_some() {
                return Err("is a second launch of the campaign".to_owned());
            }
            self.launch = Some(launch(envelope)?);
        } else if let Some(bulk) = &envelope.bulk {
            self.acts.push(Act {
                seq: envelope.seq,
                action: action.to_owned(),
                root: bulk.manifest,
                rows: bulk.rows,
            });
        }
        Ok(())
    }
}

fn launch(envelope: &EnvelopeRef<'_>) -> Result<Launch, String> {
    let bulk = envelope
        .bulk
        .as_ref()
        .ok_or("is a launch that binds no population")?;
    let total = |name: &str| {
        let found = bulk.totals.iter().find(|(total, _)| &***total == name);
        found
            .map(|(_, count)| *count)
            .ok_or_else(|| format!("is a launch without the control total {name}"))
    };
    let (population, included, excluded) =
        (total("population")?, total("included")?, total("excluded")?);
    if included.checked_add(excluded) != Some(population) {
        return Err(format!(
            "is a launch whose control totals do not add up: {included} included and {excluded} excluded are not {population}"
        ));
    }
    Ok(Launch {
        root: bulk.manifest,
        rows: bulk.rows,
        population,
        included,
        excluded,
        at: envelope.at_micros(),
    })
}

fn short_of(line: &[u8]) -> [u8; 8] {
    let mut short = [0; 8];
    let mut hashes = LineHashes::default();
    hashes.feed(line, |_| ());
    hashes.feed(b"\n", |found| short = found);
    short
}
