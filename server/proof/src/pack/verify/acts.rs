//! `acts.jsonl`: the records of every act are those its entry binds, and each is about an item of the campaign.

use super::contents::Contents;
use super::entries::{Act, Entries};
use super::items::Items;
use super::lines::Lines;
use super::records::Tree;
use crate::canonical;
use crate::pack::error::PackError;
use crate::pack::part::Part;
use crate::pack::record::{ActHead, ActRecord, CAMPAIGN_ACTIONS};

const NAME: &str = Part::Acts.name();

/// How much of what was done is in the pack.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Acts {
    pub(super) acts: u64,
    pub(super) records: u64,
}

/// Compares each act with its entry, in the order of the log; every act of the campaign must be there.
pub(super) fn check(
    contents: &Contents<'_>,
    entries: &Entries,
    items: &mut Items,
) -> Result<Acts, PackError> {
    let (hashes_name, mut hashes) = contents.hashes::<32>(Part::Acts)?;
    let mut found = Acts::default();
    let mut expected = entries.acts.iter();
    let mut lines = Lines::open(contents.member(Part::Acts));
    while lines.advance()? {
        let head_line = lines.number();
        let head = head(lines.line()).ok_or_else(|| {
            let what = "is no head of an act: the line was added, or it was changed";
            PackError::line(NAME, head_line, item(lines.line()), what)
        })?;
        let act = find(&mut expected, head, head_line)?;
        let rows = usize::try_from(act.rows).unwrap_or(usize::MAX);
        let (own, rest) = hashes.split_at(rows.min(hashes.len()));
        let those = format!("what entry {} ({}) recorded", act.seq, act.action);
        let mut tree = Tree::new(
            NAME,
            head_line + 1,
            those,
            (act.root, act.rows),
            (hashes_name, own),
        );
        records(&mut lines, &mut tree, act.rows, items)?;
        tree.finish()?;
        if head.records != act.rows {
            let what = format!(
                "says {} records, and entry {} has {}",
                head.records, act.seq, act.rows
            );
            return Err(PackError::line(NAME, head_line, None, what));
        }
        hashes = rest;
        found.acts += 1;
        found.records += act.rows;
    }
    if let Some(act) = expected.find(|act| act.action.starts_with(CAMPAIGN_ACTIONS)) {
        return Err(missing(act, lines.number() + 1));
    }
    if !hashes.is_empty() {
        return Err(PackError::of(
            hashes_name,
            format!("{hashes_name} has more hashes than {NAME} has records: it was changed."),
        ));
    }
    contents.check_unpacked(Part::Acts, lines.finish(), true)?;
    contents.check_stored(hashes_name)?;
    Ok(found)
}

/// Reads the records of an act, and one more line where that tells what happened to one.
fn records(
    lines: &mut Lines<'_>,
    tree: &mut Tree<'_>,
    rows: u64,
    items: &mut Items,
) -> Result<(), PackError> {
    let mut read = 0;
    while !tree.is_done(read, rows) && lines.advance()? {
        let line = lines.line();
        // The head of the next act where a record should stand: the act has too few.
        if head(line).is_some() && !tree.expects(line) {
            break;
        }
        if tree.push(line, || item(line)) {
            take(line, items).map_err(|why| PackError::line(NAME, lines.number(), None, why))?;
        }
        read += 1;
    }
    Ok(())
}

/// The head of an act, in its one form.
fn head(line: &[u8]) -> Option<ActHead> {
    // Nearly all lines are records, and are told by their first member.
    let head = line.starts_with(b"{\"entry\":").then_some(line)?;
    let head = serde_json::from_slice(head).ok()?;
    (canonical::to_vec(&head).as_deref() == Ok(line)).then_some(head)
}

/// Takes a proven record; the error goes on "Line 3 of acts.jsonl …".
fn take(line: &[u8], items: &mut Items) -> Result<(), String> {
    let record: ActRecord<'_> =
        serde_json::from_slice(line).map_err(|error| format!("is no record of an act: {error}"))?;
    let decision = record.decision.as_deref();
    match record.item {
        Some(item) => items.take(item, decision),
        None if decision.is_some() => Err("is a decision about no item".to_owned()),
        None => Ok(()),
    }
}

/// The entry that the head of an act names; those in between must be none of the campaign.
fn find<'e>(
    expected: &mut std::slice::Iter<'e, Act>,
    head: ActHead,
    line: u64,
) -> Result<&'e Act, PackError> {
    for act in expected {
        if act.seq == head.entry {
            return Ok(act);
        }
        if act.seq > head.entry {
            break;
        }
        if act.action.starts_with(CAMPAIGN_ACTIONS) {
            return Err(missing(act, line));
        }
    }
    let what = format!(
        "names entry {}, which has no records there: the head of the act was changed, or acts are in another order",
        head.entry
    );
    Err(PackError::line(NAME, line, None, what))
}

fn missing(act: &Act, line: u64) -> PackError {
    PackError {
        line: Some(line),
        ..PackError::of(
            NAME,
            format!(
                "The records of entry {} ({}), {} in all, are missing from {NAME}: they should begin at line {line}.",
                act.seq, act.action, act.rows
            ),
        )
    }
}

/// The item on a line that was changed, if it can still be read.
fn item(line: &[u8]) -> Option<u64> {
    serde_json::from_slice::<ActRecord<'_>>(line).ok()?.item
}
