//! Texts that must not be committed: silenced lints, unfinished code, tests that do not run.
//!
//! The needles are put together from two halves, so that this file does not find itself.

use super::{Finding, sources::Sources};

/// File extension, text, and what to do instead.
const TEXTS: [(&str, &str, &str); 12] = [
    (
        "rs",
        concat!("#[", "allow("),
        "Silenced for ever, for no stated reason. Use #[expect(lint, reason = \"…\")].",
    ),
    (
        "rs",
        concat!("#![", "allow("),
        "Silenced for ever, for no stated reason. Use #![expect(lint, reason = \"…\")].",
    ),
    (
        "rs",
        concat!("todo", "!("),
        "Unfinished. Finish it or return an error that says what to do.",
    ),
    (
        "rs",
        concat!("dbg", "!("),
        "Left over from looking for a fault. Remove it or use tracing.",
    ),
    (
        "rs",
        concat!("#[", "ignore"),
        "A test that does not run proves nothing. Make it run or remove it.",
    ),
    (
        "mjs",
        concat!(".on", "ly("),
        "Silently leaves all other tests out. Remove it.",
    ),
    (
        "mjs",
        concat!("only", ": true"),
        "Silently leaves all other tests out. Remove it.",
    ),
    (
        "mjs",
        concat!("test.", "skip"),
        "A test that does not run proves nothing. Make it run or remove it.",
    ),
    (
        "mjs",
        concat!(".sk", "ip("),
        "A test that does not run proves nothing. Make it run or remove it.",
    ),
    (
        "mjs",
        concat!("skip", ": true"),
        "A test that does not run proves nothing. Make it run or remove it.",
    ),
    (
        "mjs",
        concat!(".to", "do("),
        "A test that may fail proves nothing. Make it pass or remove it.",
    ),
    (
        "mjs",
        concat!("waitFor", "Timeout("),
        "Waits by the clock are too short or too long. Wait for what is to appear.",
    ),
];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.all() {
        let code = source
            .lines()
            .filter(|(_, text)| !text.trim_start().starts_with("//"));
        for (line, text) in code {
            let wrong = |(extension, needle, _): &&(&str, &str, &str)| {
                source.extension() == *extension && text.contains(needle)
            };
            if let Some((_, needle, instead)) = TEXTS.iter().find(wrong) {
                findings.push(Finding::new(
                    &source.path,
                    line,
                    format!("`{needle}`. {instead}"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_found_in_its_kind_of_file() {
        for (extension, needle, _) in TEXTS {
            let (file, other) = (format!("a.{extension}"), "a.md");
            let text = format!("fine\n    x{needle}x\n// {needle}\n");
            let findings = check(&Sources::of(&[(&file, &text), (other, &text)]));
            assert_eq!(findings.len(), 1, "{needle}");
            assert_eq!(
                (findings[0].file.as_str(), findings[0].line),
                (file.as_str(), 2)
            );
        }
    }

    #[test]
    fn an_iterator_may_leave_items_out() {
        let text = format!("lines{}2)", concat!(".sk", "ip("));
        assert_eq!(check(&Sources::of(&[("a.rs", &text)])), []);
    }
}
