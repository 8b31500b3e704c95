//! No file over 500 lines, unless its head says why.

use super::{Finding, sources::Sources};

const LIMIT: usize = 500;

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let code = sources
        .all()
        .filter(|source| matches!(source.extension(), "rs" | "css" | "mjs"));
    code.filter_map(|source| {
        let lines = source.text.lines().count();
        let excused = source.text.lines().take(15).any(|line| line.contains("Long because"));
        (lines > LIMIT && !excused).then(|| {
            let text = format!(
                "{lines} lines. Files of one idea are read and reviewed whole: split it, or write a comment \
                 \"Long because …\" at its head."
            );
            Finding::new(&source.path, LIMIT + 1, text)
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_needs_a_reason() {
        let long = "a\n".repeat(LIMIT + 1);
        let excused = format!("/* Long because it is a table. */\n{long}");
        let exact = "a\n".repeat(LIMIT);
        let sources = Sources::of(&[
            ("a.rs", &long),
            ("b.css", &excused),
            ("c.mjs", &exact),
            ("d.md", &long),
        ]);
        let findings = check(&sources);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "a.rs");
    }
}
