//! Every public asynchronous function of `storage` is named in its contract tests, which run on both engines.
//!
//! Being named is not being tested well; it makes forgetting impossible, not carelessness.

use super::{Finding, sources::Sources, words};

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.below("server/storage/src/", "rs") {
        for (line, text) in source.lines() {
            let Some(name) = function(text) else { continue };
            let tests = || sources.below("server/storage/tests/", "rs");
            if !tests().any(|test| words::contains(&test.text, name)) {
                let text = format!(
                    "`{name}` is in no contract test, so nothing says that both engines agree. Call it in \
                     server/storage/tests."
                );
                findings.push(Finding::new(&source.path, line, text));
            }
        }
    }
    findings
}

/// How often the engines need different SQL.
pub(super) fn dialects(sources: &Sources) -> usize {
    let count = |text: &str| {
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        code.map(|line| words::positions(line, "sql!").count())
            .sum::<usize>()
    };
    sources
        .below("server/", "rs")
        .map(|source| count(&source.text))
        .sum()
}

fn function(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub async fn ")?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untested_function_is_found() {
        let sources = Sources::of(&[
            (
                "server/storage/src/people.rs",
                "pub async fn insert(tx: &mut T) {}\n    pub async fn list<T>() {}\n",
            ),
            (
                "server/storage/tests/people.rs",
                "people::insert(&mut tx); listing(); // relist",
            ),
        ]);
        let findings = check(&sources);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 2);
        assert!(findings[0].text.starts_with("`list`"));
    }

    #[test]
    fn dialects_are_counted() {
        let text = "// sql! in words\nlet a = sql!{ sqlite: 1 };\nmysql!{}\n";
        assert_eq!(
            dialects(&Sources::of(&[("server/storage/src/a.rs", text)])),
            1
        );
    }
}
