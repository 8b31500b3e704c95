//! Verifies a pack, offline and without a database, and names the first thing that does not hold.
//!
//! From what is signed to what is not: keys, checkpoints and seal, the entries of the log, the lines that entries bind,
//! the parts for people, control totals, and last the list that the export bound. So a line that was changed is named
//! even when whoever changed it made the list anew. Memory grows with the number of lines, two bytes an item, not with
//! what is in them.

mod acts;
mod compare;
mod contents;
mod entries;
mod items;
mod lines;
mod log;
mod population;
mod readable;
mod records;
mod verified;

pub use contents::MAX_UNPACKED;
pub use verified::{CheckpointUsed, KeyUsed, Population, Verified};

use acts::Acts;
use contents::Contents;
use entries::Entries;
use items::Items;
use log::{Keys, Sealed, names};

use super::error::PackError;
use super::part::Part;
use super::record::Summary;
use crate::checkpoint::{Checkpoint, VerifyingKey};
use crate::hash::sha256;

/// Verifies the bytes of a pack: some hundred thousand lines a second.
///
/// `keys` are the organisation's public keys, as it publishes them. Without any, the pack's own are taken and the answer
/// has a warning: it then shows that the pack is whole, not whose it is.
pub fn verify(pack: &[u8], keys: &[VerifyingKey]) -> Result<Verified, PackError> {
    let mut contents = Contents::open(pack)?;
    for part in [Part::Keys, Part::Checkpoint, Part::Summary] {
        contents.check_stored(part.name())?;
    }
    let keys = Keys::choose(&contents, keys)?;
    let (checkpoint, signed_by) = keys.first(&contents)?;
    let mut sealed = keys.seal(&contents, &checkpoint)?;
    // While keys rotate, the two checkpoints may be signed by different ones.
    let others = signed_by
        .into_iter()
        .filter(|key| !sealed.keys.contains(key));
    let others: Vec<_> = others.collect();
    sealed.keys.extend(others);
    let bulk = sealed.entry.bulk.as_ref();
    contents.exported =
        bulk.is_some_and(|bulk| bulk.rows == 1 && bulk.manifest == contents.list_hash());
    let summary = summary(&contents, &sealed)?;
    let entries = entries::check(&contents, &checkpoint, &summary.campaign)?;
    let (population, mut items) = population::check(&contents, &entries.launch)?;
    let acts = acts::check(&contents, &entries, &mut items)?;
    for part in [Part::ItemsTable, Part::DecisionsTable, Part::Report] {
        readable::check(&contents, part)?;
    }
    let counted = Counted {
        population,
        items,
        acts,
        entries,
    };
    counted.compare_summary(&summary)?;
    counted.compare_export(&sealed)?;
    if contents.exported {
        Ok(counted.verified(pack, summary, checkpoint, sealed))
    } else {
        Err(PackError::of(
            Part::List.name(),
            "pack.json is not the list that was exported. Population, acts and entries are proven without it, but report.html, items.csv, decisions.csv and summary.json are not: at least one of them was changed.",
        ))
    }
}

/// The summary, when list, summary and seal speak of one campaign.
fn summary(contents: &Contents<'_>, sealed: &Sealed<'_>) -> Result<Summary, PackError> {
    let name = Part::Summary.name();
    let summary: Summary = serde_json::from_slice(contents.member(Part::Summary).data)
        .map_err(|error| PackError::of(name, format!("{name} is no summary: {error}.")))?;
    let campaign = &summary.campaign;
    if *campaign != contents.list.campaign {
        return Err(PackError::of(
            name,
            format!("{name} is of the campaign {campaign}, and pack.json of another."),
        ));
    }
    if !names(&sealed.entry, campaign) {
        return Err(PackError::of(
            Part::Seal.name(),
            format!("seal.json is about the export of another campaign than {campaign}."),
        ));
    }
    Ok(summary)
}

/// Everything that was counted in parts that hold.
struct Counted {
    population: Population,
    items: Items,
    acts: Acts,
    entries: Entries,
}

impl Counted {
    fn undecided(&self) -> u64 {
        let decided: u64 = self.items.decisions().values().sum();
        self.population.included - decided
    }

    /// The summary is only a sum: it must be the one of the lines.
    fn compare_summary(&self, summary: &Summary) -> Result<(), PackError> {
        let name = Part::Summary.name();
        let wrong = |what: String| Err(PackError::of(name, what));
        let Population {
            included, excluded, ..
        } = self.population;
        for (total, counted) in [
            ("population", included + excluded),
            ("included", included),
            ("excluded", excluded),
            ("decided", included - self.undecided()),
            ("undecided", self.undecided()),
        ] {
            match summary.totals.get(total) {
                Some(said) if *said != counted => {
                    return wrong(format!(
                        "{name} says {total}: {said}, and the lines are {counted}."
                    ));
                }
                _ => {}
            }
        }
        let mut decisions = summary.decisions.clone();
        decisions.retain(|_, count| *count > 0);
        let counted = self.items.decisions();
        if decisions == counted {
            return Ok(());
        }
        wrong(format!(
            "{name} says the decisions {decisions:?}, and the last ones on each item are {counted:?}."
        ))
    }

    /// The entry about the export says how much there was: what is missing now was taken out after it.
    fn compare_export(&self, sealed: &Sealed<'_>) -> Result<(), PackError> {
        let Some(bulk) = &sealed.entry.bulk else {
            return Ok(());
        };
        for (part, total, counted) in [
            (Part::Entries, "entries", self.entries.count),
            (Part::Acts, "acts", self.acts.acts),
            (Part::Acts, "records", self.acts.records),
            (Part::Population, "population_lines", self.population.lines),
        ] {
            let name = part.name();
            let said = bulk.totals.iter().find(|(name, _)| &***name == total);
            match said {
                Some((_, said)) if *said != counted => {
                    let total = total.replace('_', " ");
                    let sentence = format!(
                        "{name} has {counted} {total}, and {said} were exported: something was taken out or put in."
                    );
                    return Err(PackError::of(name, sentence));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn verified(
        self,
        pack: &[u8],
        summary: Summary,
        checkpoint: Checkpoint,
        sealed: Sealed<'_>,
    ) -> Verified {
        let warnings = self.warnings(&sealed);
        Verified {
            sha256: sha256(pack),
            lines: self.population.lines + self.acts.records,
            population: self.population,
            decisions: self.items.decisions(),
            undecided: self.undecided(),
            corrections: self.items.corrections(),
            acts: self.acts.acts,
            records: self.acts.records,
            launched_at: self.entries.launch.at,
            entries: self.entries.by_action,
            campaign: summary.campaign,
            name: summary.name,
            exported_at: sealed.entry.at_micros(),
            exported_by: sealed.entry.actor.to_string(),
            checkpoint: checkpoint.into(),
            seal: sealed.checkpoint.into(),
            keys: sealed.keys,
            warnings,
        }
    }

    fn warnings(&self, sealed: &Sealed<'_>) -> Vec<String> {
        let mut warnings = Vec::new();
        for key in sealed.keys.iter().filter(|key| key.from_pack) {
            warnings.push(format!(
                "The key is known only from the pack itself. Compare it with the one that the organisation publishes: {}",
                key.key
            ));
        }
        if self.population.other > 0 {
            warnings.push(format!(
                "{} lines of the population are of kinds that this version does not know; they are proven, and not counted.",
                self.population.other
            ));
        }
        warnings
    }
}
