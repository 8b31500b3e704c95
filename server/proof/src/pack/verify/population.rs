//! `population.jsonl`: every line is what the campaign was launched with, and the control totals are those of the lines.

use super::contents::Contents;
use super::entries::Launch;
use super::items::Items;
use super::lines::Lines;
use super::records::Tree;
use super::verified::Population;
use crate::pack::error::PackError;
use crate::pack::part::Part;
use crate::pack::record::PopulationLine;

const NAME: &str = Part::Population.name();

/// Compares each line with the tree of the launch, and counts.
pub(super) fn check(
    contents: &Contents<'_>,
    launch: &Launch,
) -> Result<(Population, Items), PackError> {
    let hashes = contents.hashes(Part::Population)?;
    let those = "what the campaign was launched with".to_owned();
    let mut tree = Tree::new(NAME, 1, those, (launch.root, launch.rows), hashes);
    // A launch that says more than it has lines would otherwise decide how much memory is taken.
    let lines_at_most = u64::try_from(hashes.1.len()).unwrap_or(u64::MAX);
    let room = usize::try_from(launch.population.min(lines_at_most)).unwrap_or(0);
    let (mut counted, mut items) = (Population::default(), Items::of(room));
    let mut lines = Lines::open(contents.member(Part::Population));
    while !tree.is_decided() && lines.advance()? {
        if tree.push(lines.line(), || number(lines.line())) {
            counted
                .take(lines.line(), &mut items)
                .map_err(|why| PackError::line(NAME, lines.number(), None, why))?;
        }
    }
    tree.finish()?;
    contents.check_unpacked(Part::Population, lines.finish(), true)?;
    contents.check_stored(hashes.0)?;
    counted.compare(launch)?;
    Ok((counted, items))
}

impl Population {
    /// Takes a proven line; the error goes on "Line 3 of population.jsonl …".
    fn take(&mut self, line: &[u8], items: &mut Items) -> Result<(), String> {
        let record: PopulationLine<'_> = serde_json::from_slice(line)
            .map_err(|error| format!("is no record of a population: {error}"))?;
        self.lines += 1;
        let count = match &*record.kind {
            "thing" => &mut self.things,
            "person" => &mut self.persons,
            "item" => {
                items.add(record.number, true)?;
                &mut self.included
            }
            "excluded" => {
                items.add(record.number, false)?;
                &mut self.excluded
            }
            _ => &mut self.other,
        };
        *count += 1;
        Ok(())
    }

    /// Control totals are what an auditor adds up: they must be those of the lines.
    fn compare(&self, launch: &Launch) -> Result<(), PackError> {
        let (included, excluded) = (launch.included, launch.excluded);
        if (self.included, self.excluded) == (included, excluded) {
            return Ok(());
        }
        Err(PackError::of(
            NAME,
            format!(
                "The launch counted {included} items and {excluded} exclusions, and {NAME} has {} and {}.",
                self.included, self.excluded
            ),
        ))
    }
}

/// The number on a line that was changed, if it can still be read.
fn number(line: &[u8]) -> Option<u64> {
    serde_json::from_slice::<PopulationLine<'_>>(line)
        .ok()?
        .number
}
