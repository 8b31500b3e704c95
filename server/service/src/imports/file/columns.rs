//! Which column of a file is which of ours.

use std::collections::{BTreeMap, BTreeSet};

use domain::source::FileKind;

use super::scan::COLUMNS_MAX;

/// Longest name of an attribute.
const NAME_MAX: usize = 100;

/// Where our columns are in a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    places: Vec<(&'static str, usize)>,
    /// Columns of no meaning of their own, with their names: attributes of people, or left aside.
    pub(crate) others: Vec<(usize, String)>,
    /// How many fields each row has.
    pub(crate) width: usize,
}

impl Columns {
    /// The place of one of our columns in the file, from 0.
    pub(crate) fn place(&self, ours: &str) -> Option<usize> {
        self.places
            .iter()
            .find(|(name, _)| *name == ours)
            .map(|(_, place)| *place)
    }

    /// The name of a place: ours when it has one, otherwise the file's.
    pub(crate) fn name(&self, place: usize) -> String {
        let ours = self
            .places
            .iter()
            .find(|(_, at)| *at == place)
            .map(|(name, _)| (*name).to_owned());
        ours.or_else(|| {
            self.others
                .iter()
                .find(|(at, _)| *at == place)
                .map(|(_, name)| name.clone())
        })
        .unwrap_or_default()
    }
}

/// Finds our columns in a header. What is wrong with it comes back as sentences, and then nothing of the file is read.
pub(crate) fn columns(
    kind: FileKind,
    header: &[String],
    mapping: Option<&BTreeMap<String, String>>,
) -> Result<Columns, Vec<String>> {
    let mut problems = Vec::new();
    if header.len() > COLUMNS_MAX {
        problems.push(format!(
            "The header has more than {COLUMNS_MAX} columns. Take out those that are not needed."
        ));
        return Err(problems);
    }
    let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
    let mut seen = BTreeSet::new();
    for (name, shown) in names.iter().zip(header) {
        if !name.is_empty() && !seen.insert(name) {
            problems.push(format!(
                "The column “{}” stands in the header twice. Rename or remove one of them.",
                shown.trim()
            ));
        }
    }
    let mut columns = Columns {
        width: header.len(),
        ..Columns::default()
    };
    let mut left_out = Vec::new();
    for ours in kind.required().iter().chain(kind.optional()) {
        let required = kind.required().contains(ours);
        let mapped = mapping.and_then(|map| map.get(*ours));
        // Somebody said that no column stands for it, also not the one that is called like it.
        if mapped.is_some_and(String::is_empty) && !required {
            left_out.push(*ours);
            continue;
        }
        let mapped = mapped.filter(|theirs| !theirs.is_empty());
        let wanted = mapped.map_or_else(|| (*ours).to_owned(), |theirs| plain(theirs));
        let place = names.iter().position(|name| *name == wanted);
        match (place, mapped) {
            (Some(place), _) => columns.places.push((ours, place)),
            (None, Some(theirs)) => problems.push(format!(
                "The column “{theirs}”, which stands for {ours}, is not in the file. Choose another, or send a file that has it."
            )),
            (None, None) if required => problems.push(format!(
                "The column “{ours}” is missing. Add it, or say which column stands for it."
            )),
            (None, None) => {}
        }
    }
    for (place, shown) in header.iter().enumerate() {
        let name = shown.trim();
        if name.is_empty()
            || left_out.contains(&names[place].as_str())
            || columns.places.iter().any(|(_, taken)| *taken == place)
        {
            continue;
        }
        if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            problems.push(format!(
                "The name of column {} is too long or holds control characters. Rename it.",
                place + 1
            ));
        }
        columns.others.push((place, name.to_owned()));
    }
    if problems.is_empty() {
        Ok(columns)
    } else {
        Err(problems)
    }
}

/// A column's name as it is compared: `Display Name` is `display_name`.
pub(crate) fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn columns_are_found_in_any_order_and_by_another_name() {
        let mapping = BTreeMap::from([("username".to_owned(), "Login".to_owned())]);
        let found = columns(
            FileKind::Identities,
            &header(&["Cost Centre", "Display Name", " login "]),
            Some(&mapping),
        )
        .expect("fits");
        assert_eq!(found.place("username"), Some(2));
        assert_eq!(found.place("display_name"), Some(1));
        assert_eq!(found.others, [(0, "Cost Centre".to_owned())]);
    }

    #[test]
    fn an_optional_column_can_be_left_out() {
        let mapping = BTreeMap::from([
            ("title".to_owned(), String::new()),
            ("username".to_owned(), String::new()),
        ]);
        let found = columns(
            FileKind::Identities,
            &header(&["username", "title"]),
            Some(&mapping),
        );
        let found = found.expect("fits");
        assert_eq!(
            (found.place("username"), found.place("title")),
            (Some(0), None)
        );
        assert!(found.others.is_empty());
    }

    #[test]
    fn missing_and_doubled_columns_are_all_named() {
        let problems = columns(
            FileKind::Access,
            &header(&["username", "User", "user", "entitlement"]),
            None,
        )
        .expect_err("does not fit");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("“user” stands in the header twice"));
        assert!(problems[1].contains("“application” is missing"));
    }
}
