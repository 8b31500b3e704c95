//! The import table of ARCHITECTURE.md against what the manifests say, so that the document cannot lie.
//!
//! Rows read ``| `crate` | `allowed`, `allowed` |`` between `<!-- imports -->` and `<!-- /imports -->`. Tests
//! may use `testkit` everywhere.

use std::collections::BTreeMap;

use super::{Finding, metadata::Metadata, sources::Sources};

const FILE: &str = "ARCHITECTURE.md";

pub(super) fn check(sources: &Sources, metadata: &Metadata) -> Vec<Finding> {
    let Some(text) = sources.get(FILE) else {
        return vec![Finding::new(
            FILE,
            1,
            "The import table belongs here, but there is no such file. Write it.",
        )];
    };
    let table = table(text.lines());
    if table.is_empty() {
        let text = "No import table between <!-- imports --> and <!-- /imports -->. Put it back.";
        return vec![Finding::new(FILE, 1, text)];
    }
    let mut findings = stale_rows(&table, metadata);
    for package in metadata.members() {
        let Some(row) = table.get(&package.name) else {
            let text = format!(
                "Crate `{}` has no row in the import table. Say what it may use.",
                package.name
            );
            findings.push(Finding::new(FILE, first_line(&table), text));
            continue;
        };
        for dependency in &package.dependencies {
            let for_tests =
                dependency.kind.as_deref() == Some("dev") && dependency.name == "testkit";
            let allowed = for_tests || row.allowed.contains(&dependency.name);
            if !allowed && metadata.is_member(&dependency.name) {
                let text = format!(
                    "`{}` uses `{}`, which the import table does not allow. Remove the dependency, or change \
                     the table and say why.",
                    package.name, dependency.name
                );
                findings.push(Finding::new(FILE, row.line, text));
            }
        }
    }
    findings
}

#[derive(Debug)]
struct Row {
    line: usize,
    allowed: Vec<String>,
}

fn table<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> BTreeMap<String, Row> {
    let inside = lines
        .skip_while(|(_, text)| text.trim() != "<!-- imports -->")
        .take_while(|(_, text)| text.trim() != "<!-- /imports -->");
    let mut table = BTreeMap::new();
    for (line, text) in inside {
        let mut cells = text.trim().trim_matches('|').splitn(2, '|').map(quoted);
        if let (Some(name), Some(allowed)) = (cells.next(), cells.next())
            && let [name] = &name[..]
        {
            table.insert(name.clone(), Row { line, allowed });
        }
    }
    table
}

/// The words between backquotes.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn stale_rows(table: &BTreeMap<String, Row>, metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, row) in table {
        for named in std::iter::once(name).chain(&row.allowed) {
            if !metadata.is_member(named) {
                let text =
                    format!("`{named}` is no crate of this workspace. Correct the import table.");
                findings.push(Finding::new(FILE, row.line, text));
            }
        }
    }
    findings
}

fn first_line(table: &BTreeMap<String, Row>) -> usize {
    table.values().map(|row| row.line).min().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# A\n<!-- imports -->\n| crate | may use |\n|---|---|\n| `domain` | - |\n\
        | `service` | `domain` |\n| `testkit` | `service` |\n<!-- /imports -->\n| `edge` | `app` |\n";

    fn found(table: &str, service: &[(&str, Option<&str>)]) -> Vec<String> {
        let metadata = Metadata::of(&[
            ("domain", &[]),
            ("service", service),
            ("testkit", &[("service", None)]),
        ]);
        let findings = check(&Sources::of(&[(FILE, table)]), &metadata);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_the_table_allows_passes() {
        let uses = [("domain", None), ("serde", None), ("testkit", Some("dev"))];
        assert_eq!(found(TABLE, &uses), [""; 0]);
    }

    #[test]
    fn what_it_does_not_allow_is_found() {
        let findings = found(TABLE, &[("testkit", None)]);
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0].starts_with("ARCHITECTURE.md:6: `service` uses `testkit`"),
            "{findings:?}"
        );
    }

    #[test]
    fn a_missing_row_and_a_stale_row_are_found() {
        let stale = found(&TABLE.replace("| `service` |", "| `policy` |"), &[]);
        assert!(
            stale
                .iter()
                .any(|text| text.contains("`policy` is no crate")),
            "{stale:?}"
        );
        assert!(
            stale
                .iter()
                .any(|text| text.contains("`service` has no row")),
            "{stale:?}"
        );
    }

    #[test]
    fn no_table_is_found() {
        assert!(found("# A\n", &[])[0].contains("No import table"));
        let nothing = check(&Sources::of(&[]), &Metadata::of(&[]));
        assert!(nothing[0].text.contains("no such file"));
    }
}
