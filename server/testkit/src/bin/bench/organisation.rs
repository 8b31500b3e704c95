//! A large organisation, worked out from a seed: who is there, who leads whom, and who holds what.
//!
//! Names have frequent and rare words. Some entitlements are held by half of all people, most by few; everybody has
//! access to the first application and to two that their department works with. Nothing is kept in memory: person
//! 731,004 is the same whenever somebody asks.

use crate::data::{DEPARTMENTS, GIVEN, LOCATIONS, TITLES};
use crate::dice::Dice;

const SEED: u64 = 8_700;
/// Set to try a measurement out with fewer people.
const VARIABLE: &str = "BAILIWICK_BENCH_PEOPLE";
pub(crate) const APPLICATIONS: usize = 20;
/// Entitlements of each application.
pub(crate) const EACH: usize = 250;
/// Grants of a person.
pub(crate) const HELD: usize = 10;
/// How many of them are in the first application.
const FIRST: usize = 4;
/// Departments of the same name.
const SITES: usize = 25;
/// People who lead each level: a tenth of the level below.
const LED: usize = 10;
const SYLLABLES: [&str; 20] = [
    "ba", "cor", "da", "el", "fin", "gar", "ho", "is", "jan", "ka", "lo", "mar", "ne", "or", "pe",
    "rin", "sa", "tor", "ul", "ven",
];

/// So many people, unless the environment says another number.
pub(crate) fn size(usual: usize) -> usize {
    let chosen = std::env::var(VARIABLE).ok();
    chosen.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Somebody, without what the database adds.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) department: String,
    pub(crate) title: &'static str,
    pub(crate) location: &'static str,
    /// The manager's number, always a smaller one.
    pub(crate) manager: Option<usize>,
    pub(crate) kind: &'static str,
    pub(crate) status: &'static str,
    pub(crate) start_date: String,
    /// Empty for most.
    pub(crate) end_date: String,
}

/// A grant: the entitlement's number, counted through all applications, and the day of its last use.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) entitlement: usize,
    pub(crate) last_used: String,
}

pub(crate) fn username(number: usize) -> String {
    format!("u{number:07}")
}

pub(crate) fn application(number: usize) -> String {
    format!("app-{number:02}")
}

/// A name that is unique in its application.
pub(crate) fn entitlement(number: usize) -> String {
    format!("right-{:03}", number % EACH)
}

/// The department of this number; there are 200.
pub(crate) fn department(number: usize) -> String {
    let words = DEPARTMENTS.len();
    format!(
        "{}-{:02}",
        DEPARTMENTS[number % words],
        number / words % SITES
    )
}

/// A family name; the numbers below 8,000 give one each.
pub(crate) fn family(number: usize) -> String {
    let part = |place: u32| SYLLABLES[number / SYLLABLES.len().pow(place) % SYLLABLES.len()];
    format!("{}{}{}", part(0), part(1), part(2))
}

pub(crate) fn person(number: usize) -> Person {
    let mut dice = Dice::new(SEED, number);
    let given = GIVEN[dice.below(GIVEN.len())];
    let family = family(dice.skewed(SYLLABLES.len().pow(3)));
    let of_hundred = dice.below(100);
    Person {
        username: username(number),
        name: format!("{given} {}{}", family[..1].to_uppercase(), &family[1..]),
        department: department(department_of(number)),
        title: TITLES[dice.skewed(TITLES.len())],
        location: LOCATIONS[dice.skewed(LOCATIONS.len())],
        manager: (number >= LED).then_some(number / LED),
        kind: if of_hundred < 85 {
            "employee"
        } else {
            "contractor"
        },
        status: if of_hundred == 0 {
            "on_leave"
        } else {
            "active"
        },
        start_date: day(&mut dice, 2_010, 15),
        end_date: if of_hundred < 90 {
            String::new()
        } else {
            day(&mut dice, 2_027, 3)
        },
    }
}

/// What somebody holds, in no order, nothing twice.
pub(crate) fn grants(number: usize) -> Vec<Grant> {
    let mut dice = Dice::new(SEED + 1, number);
    let department = department_of(number);
    let theirs = [
        1 + department % (APPLICATIONS - 1),
        1 + (department * 7 + 3) % (APPLICATIONS - 1),
    ];
    let mut held: Vec<Grant> = Vec::with_capacity(HELD);
    while held.len() < HELD {
        let application = if held.len() < FIRST {
            0
        } else {
            theirs[held.len() % 2]
        };
        let entitlement = application * EACH + dice.skewed(EACH);
        if held.iter().all(|grant| grant.entitlement != entitlement) {
            let last_used = day(&mut dice, 2_024, 2);
            held.push(Grant {
                entitlement,
                last_used,
            });
        }
    }
    held
}

fn department_of(number: usize) -> usize {
    Dice::new(SEED + 2, number).below(DEPARTMENTS.len() * SITES)
}

fn day(dice: &mut Dice, first: usize, years: usize) -> String {
    let year = first + dice.below(years);
    format!("{year}-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_people_hold_the_same_things() {
        for number in [0, 9, 10, 54_321, 999_999] {
            let held: BTreeSet<usize> = grants(number)
                .iter()
                .map(|grant| grant.entitlement)
                .collect();
            assert_eq!(held.len(), HELD);
            assert!(
                held.iter()
                    .all(|entitlement| *entitlement < APPLICATIONS * EACH)
            );
            assert_eq!(person(number).name, person(number).name);
            assert!(
                person(number)
                    .manager
                    .is_none_or(|manager| manager < number)
            );
        }
        let levels = std::iter::successors(Some(99_999), |number| person(*number).manager);
        assert_eq!(levels.count(), 5);
    }
}
