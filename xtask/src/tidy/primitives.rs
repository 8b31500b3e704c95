//! Every primitive of `app/src/ui` has its stylesheet of the same name, so that both are found together.

use super::{Finding, sources::Sources};

/// Primitives without a look of their own, and why.
const WITHOUT_STYLE: [(&str, &str); 1] =
    [("leaf", "how primitives are written; shows nothing itself")];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.below("app/src/ui/", "rs") {
        let name = source
            .path
            .trim_start_matches("app/src/ui/")
            .trim_end_matches(".rs")
            .trim_end_matches("/mod");
        let excepted = WITHOUT_STYLE.iter().any(|(excepted, _)| *excepted == name);
        if name == "mod" || name.contains('/') || excepted {
            continue;
        }
        let sheet = format!("style/components/{}.css", name.replace('_', "-"));
        let same = format!("style/components/{name}.css");
        if sources.get(&sheet).is_none() && sources.get(&same).is_none() {
            let text = format!(
                "primitive without {same}. Write it, or list the primitive in xtask/src/tidy/primitives.rs with \
                 the reason."
            );
            findings.push(Finding::new(&source.path, 1, text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_primitive_without_sheet_is_found() {
        let sources = Sources::of(&[
            ("app/src/ui/mod.rs", ""),
            ("app/src/ui/pill.rs", ""),
            ("app/src/ui/bulk_bar.rs", ""),
            ("app/src/ui/pager.rs", ""),
            ("app/src/ui/table/mod.rs", ""),
            ("app/src/ui/table/cell.rs", ""),
            ("style/components/pill.css", ""),
            ("style/components/bulk-bar.css", ""),
        ]);
        let findings = check(&sources);
        let files: Vec<_> = findings
            .iter()
            .map(|finding| finding.file.as_str())
            .collect();
        assert_eq!(files, ["app/src/ui/pager.rs", "app/src/ui/table/mod.rs"]);
    }
}
