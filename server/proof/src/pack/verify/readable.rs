//! The parts for people: each is the one that was exported; where it is not, its line is named.

use super::compare::Compare;
use super::contents::Contents;
use super::lines::{Lines, Sums};
use crate::pack::error::PackError;
use crate::pack::line_hash::LineHashes;
use crate::pack::part::Part;

/// Compares a part with the list; only where it differs, or the list is not to be believed, is it read again, line by line.
pub(super) fn check(contents: &Contents<'_>, part: Part) -> Result<(), PackError> {
    let sums = sums(contents, part);
    let same = |sums: &Sums| contents.is_as_listed(part, sums);
    if !contents.exported || !sums.as_ref().is_ok_and(same) {
        name_the_line(contents, part)?;
    }
    contents.check_unpacked(part, sums?, false)?;
    let (hashes_name, _) = contents.hashes::<8>(part)?;
    contents.check_stored(hashes_name)
}

fn sums(contents: &Contents<'_>, part: Part) -> Result<Sums, PackError> {
    let mut lines = Lines::open(contents.member(part));
    let (mut count, mut last) = (0, b'\n');
    while lines.piece(|piece| {
        count += piece.split(|byte| *byte == b'\n').count() - 1;
        last = piece.last().copied().unwrap_or(last);
    })? {}
    let mut sums = lines.finish();
    sums.lines = count as u64 + u64::from(last != b'\n');
    Ok(sums)
}

/// The first line that differs from its hash, as an error; nothing when none does.
fn name_the_line(contents: &Contents<'_>, part: Part) -> Result<(), PackError> {
    let (_, hashes) = contents.hashes(part)?;
    let mut compare = Compare::new(hashes);
    let mut short = LineHashes::default();
    let mut lines = Lines::open(contents.member(part));
    let mut read = Ok(true);
    while matches!(read, Ok(true)) && !compare.is_decided() {
        read = lines.piece(|piece| short.feed(piece, |hash| compare.push(hash, || None)));
    }
    if let Some(hash) = short.last() {
        compare.push(hash, || None);
    }
    // A line that was damaged comes before the place where unpacking failed.
    if compare.agrees() {
        read?;
    }
    match compare.finish() {
        Some(found) => Err(found.error(part.name(), 1, "what was packed")),
        None => Ok(()),
    }
}
