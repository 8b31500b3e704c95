//! Names that nobody else in the company has, with the usernames and addresses made of them.

use std::collections::BTreeSet;

use domain::text::fold;

use crate::company::names::{ABROAD, of_city};
use crate::dice::Dice;

/// Gives names out.
#[derive(Debug, Default)]
pub(crate) struct Namer {
    taken: BTreeSet<String>,
}

/// A name with its username.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) display: String,
    pub(crate) username: String,
}

impl Namer {
    /// A name as one meets it in a city.
    pub(crate) fn name(&mut self, dice: &mut Dice, city: &str) -> Name {
        loop {
            let (home, percent) = of_city(city);
            let language = if dice.chance(percent) {
                home
            } else {
                dice.pick(ABROAD)
            };
            let display = format!(
                "{} {}",
                any(dice, language.given),
                any(dice, language.family)
            );
            let username = username(&display);
            if self.taken.insert(username.clone()) {
                return Name { display, username };
            }
        }
    }
}

/// One of the names of a list.
fn any(dice: &mut Dice, list: &'static str) -> &'static str {
    let names: Vec<&str> = list.split(", ").collect();
    names[dice.below(names.len())]
}

/// `Søren van den Berg` -> `soren.vandenberg`.
pub(crate) fn username(name: &str) -> String {
    let plain = name
        .replace('ß', "ss")
        .replace(['ł', 'Ł'], "l")
        .replace(['ø', 'Ø'], "o")
        .replace('ı', "i");
    let folded = fold(&plain);
    let (given, family) = folded.split_once(' ').unwrap_or((&folded, ""));
    let keep = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    format!("{}.{}", keep(given), keep(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_plain_letters() {
        for (name, expected) in [
            ("Søren van den Berg", "soren.vandenberg"),
            ("Paweł Dąbrowski", "pawel.dabrowski"),
            ("Ayşe Yıldız", "ayse.yildiz"),
            ("João Magalhães", "joao.magalhaes"),
        ] {
            assert_eq!(username(name), expected);
        }
    }
}
