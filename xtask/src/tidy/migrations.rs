//! Both engines have the same migrations by name; what is in them, a parity test of `storage` compares.

use super::{Finding, sources::Sources};

const ENGINES: [(&str, &str); 2] = [
    ("migrations/sqlite/", "migrations/postgres/"),
    ("migrations/postgres/", "migrations/sqlite/"),
];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (here, there) in ENGINES {
        for source in sources.below(here, "sql") {
            let twin = source.path.replacen(here, there, 1);
            if sources.get(&twin).is_none() {
                let text = format!("has no twin {twin}, so the engines would differ. Write it.");
                findings.push(Finding::new(&source.path, 1, text));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_without_twin_is_found_on_either_side() {
        let sources = Sources::of(&[
            ("migrations/sqlite/1_start.sql", ""),
            ("migrations/postgres/1_start.sql", ""),
            ("migrations/sqlite/2_more.sql", ""),
            ("migrations/postgres/3_other.sql", ""),
        ]);
        let findings = check(&sources);
        let files: Vec<_> = findings
            .iter()
            .map(|finding| finding.file.as_str())
            .collect();
        assert_eq!(
            files,
            [
                "migrations/sqlite/2_more.sql",
                "migrations/postgres/3_other.sql"
            ]
        );
    }
}
