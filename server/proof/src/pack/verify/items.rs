//! What is known of each item of the population: that it is there once, and how the last decision on it was.

use std::collections::BTreeMap;

/// Two bytes an item, because there are a million.
#[derive(Debug)]
pub(super) struct Items {
    states: Vec<u16>,
    words: Vec<String>,
    corrections: u64,
}

const UNSEEN: u16 = 0;
const EXCLUDED: u16 = 1;
const UNDECIDED: u16 = 2;
/// From here on, the place of the decision's word.
const DECIDED: u16 = 3;

impl Items {
    /// For items and exclusions that are numbered from 1 to `population`.
    pub(super) fn of(population: usize) -> Self {
        Self {
            states: vec![UNSEEN; population],
            words: Vec::new(),
            corrections: 0,
        }
    }

    /// Takes an item or an exclusion of the population.
    pub(super) fn add(&mut self, number: Option<u64>, included: bool) -> Result<(), String> {
        let number = number.ok_or("has no number")?;
        let count = self.states.len();
        let state = self
            .state(number)
            .ok_or_else(|| format!("has a number beyond the population of {count}"))?;
        if *state != UNSEEN {
            return Err("has a number that another line has, too".to_owned());
        }
        *state = if included { UNDECIDED } else { EXCLUDED };
        Ok(())
    }

    /// Makes sure that a record is about an item of the campaign, and remembers what was decided on it.
    pub(super) fn take(&mut self, number: u64, decision: Option<&str>) -> Result<(), String> {
        let decided = match decision {
            Some(word) => Some(self.word(word)?),
            None => None,
        };
        let state = self.state(number);
        let state = state.filter(|state| **state >= UNDECIDED);
        let state = state.ok_or("is about an item that the campaign does not have")?;
        if let Some(decided) = decided {
            let corrects = *state >= DECIDED;
            *state = decided;
            self.corrections += u64::from(corrects);
        }
        Ok(())
    }

    /// How many items ended with each decision.
    pub(super) fn decisions(&self) -> BTreeMap<String, u64> {
        let mut counts = vec![0; self.words.len()];
        for state in &self.states {
            if let Some(place) = state.checked_sub(DECIDED) {
                counts[usize::from(place)] += 1;
            }
        }
        let counted = self.words.iter().cloned().zip(counts);
        // A word whose every decision was corrected says nothing any more.
        counted.filter(|(_, count)| *count > 0).collect()
    }

    /// Decisions that came after another one on the same item.
    pub(super) fn corrections(&self) -> u64 {
        self.corrections
    }

    fn state(&mut self, number: u64) -> Option<&mut u16> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        self.states.get_mut(place)
    }

    fn word(&mut self, word: &str) -> Result<u16, String> {
        let known = self.words.iter().position(|known| known == word);
        let place = known.unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        });
        // A campaign has some kinds of decisions; whoever sends thousands wants the verifier to be slow.
        let state = u16::try_from(place).ok().filter(|place| *place < 1000);
        state
            .map(|place| place + DECIDED)
            .ok_or_else(|| "has one more kind of decision than a campaign can have".to_owned())
    }
}
