//! The parts for people: each is the one that was exported; where it is not, its line is named.

use super::compare::Compare;
use super::contents::Contents;
use super::lines::Lines;
use crate::pack::error::PackError;
use crate::pack::line_hash::LineHashes;
use crate::pack::part::Part;

/// Compares a part with the list, and its lines with their hashes.
pub(super) fn check(contents: &Contents<'_>, part: Part) -> Result<(), PackError> {
    let (hashes_name, hashes) = contents.hashes(part)?;
    let mut compare = Compare::new(hashes);
    let (mut short, mut count) = (LineHashes::default(), 0);
    let mut lines = Lines::open(contents.member(part));
    let mut read = Ok(true);
    while matches!(read, Ok(true)) && !compare.is_decided() {
        read = lines.piece(|piece| {
            short.feed(piece, |hash| {
                compare.push(hash, || None);
                count += 1;
            });
        });
    }
    if let Some(hash) = short.last() {
        compare.push(hash, || None);
        count += 1;
    }
    // A line that was damaged comes before the place where unpacking it failed.
    let differs = !compare.agrees();
    let found = compare.finish();
    if let (Err(damaged), false) = (read, differs) {
        return Err(damaged);
    }
    let mut sums = lines.finish();
    sums.lines = count;
    if let Some(found) = found {
        // With the part as exported, it is the hashes that were changed.
        if contents.is_as_listed(part, &sums) {
            contents.check_stored(hashes_name)?;
        }
        return Err(found.error(part.name(), 1, "what was packed"));
    }
    contents.check_unpacked(part, sums, false)?;
    contents.check_stored(hashes_name)
}
