//! Roles on three levels and rules, worked out from numbers: who is given what follows from the person alone.

use crate::data::{LOCATIONS, TITLES};
use crate::dice::Dice;
use crate::organisation::{Person, department};

const SEED: u64 = 8_800;
pub(super) const ENTITLEMENTS: usize = 10_000;
pub(super) const LEAVES: usize = 1_400;
pub(super) const MIDDLES: usize = 500;
pub(super) const TOPS: usize = 100;
/// Entitlements directly in a role of the lowest level.
pub(super) const IN_LEAF: usize = 2;
/// Rules with an equality on the department; with those on titles and locations 180.
const BY_DEPARTMENT: usize = 170;
/// Rules that every person must be asked for.
const UNSCOPED: usize = 20;
/// People with the role whose change is planned.
pub(super) const WIDE: usize = 100_000;

/// A rule: its condition, and the number of the role it gives.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) condition: String,
    pub(super) role: usize,
}

/// The roles in a role of a higher level, by number.
pub(super) fn inside(role: usize) -> Vec<usize> {
    match role {
        number if number < LEAVES => Vec::new(),
        number if number < LEAVES + MIDDLES => {
            let first = (number - LEAVES) * 2;
            vec![first % LEAVES, (first + 1) % LEAVES]
        }
        number => {
            let first = (number - LEAVES - MIDDLES) * 2;
            vec![LEAVES + first % MIDDLES, LEAVES + (first + 1) % MIDDLES]
        }
    }
}

/// The rules: 180 with an equality, 20 without one.
pub(super) fn rules() -> Vec<Made> {
    let is = |attribute: &str, value: &str| format!("principal.{attribute} == \"{value}\"");
    let departments = (0..BY_DEPARTMENT).map(|number| Made {
        condition: format!(
            "{} && principal.status != \"suspended\"",
            is("department", &department(number))
        ),
        role: LEAVES + number,
    });
    let titles = TITLES.iter().enumerate().map(|(number, title)| Made {
        condition: is("title", title),
        role: 1_200 + number,
    });
    let locations = LOCATIONS.iter().enumerate().map(|(number, location)| Made {
        condition: is("location", location),
        role: 1_220 + number,
    });
    let unscoped = (0..UNSCOPED).map(|number| Made {
        condition: format!(
            "principal.username like \"*{number:02}\" && principal.kind != \"external\""
        ),
        role: 1_240 + number,
    });
    departments
        .chain(titles)
        .chain(locations)
        .chain(unscoped)
        .collect()
}

/// The rules that apply to somebody, by number.
pub(super) fn applying(person: &Person) -> Vec<usize> {
    let mut all: Vec<usize> = (0..BY_DEPARTMENT)
        .filter(|number| department(*number) == person.department)
        .collect();
    let title = TITLES.iter().position(|title| *title == person.title);
    all.extend(title.map(|number| BY_DEPARTMENT + number));
    let location = LOCATIONS
        .iter()
        .position(|location| *location == person.location);
    all.extend(location.map(|number| BY_DEPARTMENT + TITLES.len() + number));
    let end: usize = person.username[person.username.len() - 2..]
        .parse()
        .unwrap_or(99);
    all.extend((end < UNSCOPED).then_some(BY_DEPARTMENT + TITLES.len() + LOCATIONS.len() + end));
    all
}

/// The role that somebody was given by hand.
pub(super) fn by_hand(number: usize) -> usize {
    if number < WIDE {
        1_399
    } else {
        Dice::new(SEED, number).below(1_200)
    }
}
