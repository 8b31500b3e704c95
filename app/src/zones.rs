//! Time zones to choose from: the cities of the time zone database with how far they are from UTC now.
//!
//! Old spellings and zones without a place (`US/Eastern`, `Etc/GMT+3`) are left out; one that is in use stays choosable.

use domain::time::Instant;
use jiff::tz::TimeZone;

use crate::ui::Choice;

const REGIONS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Every zone by name, UTC first. `current` is among them even when it is unusual.
pub fn choices(now: Instant, current: &str) -> Vec<Choice> {
    zones(now, current)
        .into_iter()
        .map(|(name, label)| Choice::new(name, label))
        .collect()
}

/// Names and labels.
fn zones(now: Instant, current: &str) -> Vec<(String, String)> {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .filter(|name| has_place(name))
        .collect();
    if !current.is_empty() && current != "UTC" && !names.iter().any(|name| name == current) {
        names.push(current.to_owned());
    }
    names.sort_unstable();
    let utc = ("UTC".to_owned(), "UTC".to_owned());
    std::iter::once(utc)
        .chain(
            names
                .into_iter()
                .filter_map(|name| label(&name, now).map(|label| (name, label))),
        )
        .collect()
}

fn has_place(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(region, _)| REGIONS.contains(&region))
}

/// `America/New York (UTC-05:00)`; none for a zone that is not known.
fn label(name: &str, now: Instant) -> Option<String> {
    let zone = TimeZone::get(name).ok()?;
    Some(format!(
        "{} (UTC{})",
        name.replace('_', " "),
        now.zoned(&zone).strftime("%:z")
    ))
}

#[cfg(test)]
mod tests {
    use super::zones;

    fn labels(current: &str) -> Vec<String> {
        let now = "2026-11-22T12:00:00Z".parse().expect("time");
        zones(now, current)
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    }

    #[test]
    fn cities_are_there_and_what_is_in_use_stays() {
        let all = labels("");
        assert_eq!(all.first().map(String::as_str), Some("UTC"));
        assert!(
            all.iter()
                .any(|label| label == "America/New York (UTC-05:00)"),
            "{all:?}"
        );
        assert!(
            !all.iter()
                .any(|label| label.starts_with("Etc/") || label.starts_with("US/"))
        );
        assert!(
            labels("US/Eastern")
                .iter()
                .any(|label| label.starts_with("US/Eastern"))
        );
        assert_eq!(labels("Nowhere/Land").len(), all.len());
    }
}
