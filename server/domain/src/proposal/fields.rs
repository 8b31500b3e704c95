//! What is looked at: fields of a person and of an entitlement, and which of them tell something.

use std::collections::{BTreeMap, BTreeSet};

/// The field that says what is asked for.
pub const ENTITLEMENT: &str = "entitlement";

/// Names of the other fields that everybody has; those of a source's own attributes begin with [`field::OWN`].
pub mod field {
    /// Where the entitlement belongs.
    pub const APPLICATION: &str = "application";
    /// How bad the entitlement is in wrong hands.
    pub const RISK: &str = "risk";
    /// Who decides for the person.
    pub const MANAGER: &str = "manager";
    /// The person's department.
    pub const DEPARTMENT: &str = "department";
    /// What the person does.
    pub const TITLE: &str = "title";
    /// Where the person works.
    pub const LOCATION: &str = "location";
    /// How the person is employed.
    pub const KIND: &str = "kind";
    /// Whom it is about; looked at alone, because it stands for all other fields of a person together.
    pub const PERSON: &str = "person";
    /// Before the name of an attribute of a source's own.
    pub const OWN: char = '.';
}

/// Most fields that are combined, beside the person; of more, those that tell most by themselves.
pub(super) const MOST_FIELDS: usize = 8;

/// A field of a person or of an entitlement, with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trait {
    /// Which field.
    pub field: String,
    /// Its value, as it is compared.
    pub value: String,
    /// Its value, as people read it.
    pub shown: String,
}

/// A decision, with the hashes of the values of both sides by the places of [`Past::fields`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Hashes of values; a row that is too short goes on with unknown ones.
    pub values: Vec<u64>,
    /// Whether it was approved.
    pub approved: bool,
    /// Who it was about.
    pub person: i64,
    /// The hash of person and entitlement.
    pub pair: u64,
}

impl Decided {
    fn value(&self, place: usize) -> u64 {
        self.values.get(place).copied().unwrap_or(0)
    }
}

/// Decisions to learn from. Their order does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Names of fields.
    pub fields: Vec<String>,
    /// What was decided.
    pub decisions: Vec<Decided>,
}

impl Past {
    /// The places of the fields that tell something, the entitlement first, the person last.
    ///
    /// Left out are fields that are the same for all, that name nearly everybody on their own, and that only repeat another.
    pub(super) fn telling(&self) -> Vec<usize> {
        let people: BTreeSet<i64> = self.decisions.iter().map(|one| one.person).collect();
        let (person, mut order): (Vec<usize>, Vec<usize>) =
            (0..self.fields.len()).partition(|place| self.fields[*place] == field::PERSON);
        order.sort_by_key(|place| (self.fields[*place] != ENTITLEMENT, &self.fields[*place]));
        let mut kept: Vec<usize> = Vec::new();
        for place in order {
            let (values, is_entitlement) =
                (self.distinct(&[place]), self.fields[place] == ENTITLEMENT);
            let of_one_each =
                values * 2 > people.len() && self.fields[place].starts_with(field::OWN);
            let repeats = |other: &usize| {
                self.distinct(&[*other]) == values && self.distinct(&[*other, place]) == values
            };
            if is_entitlement || (values > 1 && !of_one_each && !kept.iter().any(repeats)) {
                kept.push(place);
            }
        }
        if kept.len() > MOST_FIELDS {
            let rest = kept.split_off(1);
            let mut rest: Vec<(f64, usize)> = rest
                .iter()
                .map(|place| (self.gain(*place), *place))
                .collect();
            rest.sort_by(|one, other| other.0.total_cmp(&one.0));
            kept.extend(rest.iter().take(MOST_FIELDS - 1).map(|(_, place)| *place));
        }
        kept.extend(person);
        kept
    }

    /// How many different values, or tuples of them, there are.
    fn distinct(&self, places: &[usize]) -> usize {
        let tuples = self.decisions.iter();
        let tuples: BTreeSet<Vec<u64>> = tuples
            .map(|one| places.iter().map(|place| one.value(*place)).collect())
            .collect();
        tuples.len()
    }

    /// How much better a verdict is guessed by those on others with the same value than by all: a logarithm of odds.
    fn gain(&self, place: usize) -> f64 {
        /// So many decisions of the average count like those on a value.
        const PRIOR: f64 = 5.0;
        let mut tallies: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        let mut all = (0.0, 0.0);
        for one in &self.decisions {
            let tally = tallies.entry(one.value(place)).or_default();
            let (approved, denied) = if one.approved { (1.0, 0.0) } else { (0.0, 1.0) };
            *tally = (tally.0 + approved, tally.1 + denied);
            all = (all.0 + approved, all.1 + denied);
        }
        let rate = (all.0 + 1.0) / (all.0 + all.1 + 2.0);
        let gain = |one: &Decided| {
            let (approved, denied) = tallies[&one.value(place)];
            let own = f64::from(u8::from(one.approved));
            let guess = (approved - own + PRIOR * rate) / (approved + denied - 1.0 + PRIOR);
            if one.approved {
                (guess / rate).ln()
            } else {
                ((1.0 - guess) / (1.0 - rate)).ln()
            }
        };
        self.decisions.iter().map(gain).sum()
    }

    /// The rows with the values of these places only.
    pub(super) fn only(&self, places: &[usize]) -> Vec<Vec<u64>> {
        let rows = self.decisions.iter();
        rows.map(|one| places.iter().map(|place| one.value(*place)).collect())
            .collect()
    }
}
