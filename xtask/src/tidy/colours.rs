//! Colours are named in `style/tokens/` and nowhere else: a theme that misses one place is no theme.
//!
//! Also refuses inline styles in pages and islands: the content security policy drops them.

use super::{
    Finding,
    sources::{Source, Sources},
    words,
};

const FUNCTIONS: [&str; 9] = [
    "rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(",
];
const NAMES: [&str; 14] = [
    "aqua", "black", "blue", "cyan", "gray", "green", "grey", "magenta", "orange", "pink",
    "purple", "red", "white", "yellow",
];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let sheets = sources
        .below("style/", "css")
        .filter(|sheet| !sheet.path.starts_with("style/tokens"));
    let code = || {
        sources
            .below("app/", "rs")
            .chain(sources.below("frontend/", "rs"))
    };
    sheets
        .flat_map(in_sheet)
        .chain(code().flat_map(in_code))
        .chain(code().flat_map(inline))
        .collect()
}

fn in_sheet(sheet: &Source) -> Vec<Finding> {
    let plain = words::without_block_comments(&sheet.text);
    let found = (1..).zip(plain.lines()).filter_map(|(line, text)| {
        let value = text.split_once(':').map_or("", |(_, value)| value);
        let value = value.split('{').next().unwrap_or_default();
        // Quoted text is no colour.
        let value = value.split(['"', '\'']).step_by(2).collect::<String>();
        let colour = function(text)
            .or_else(|| hex(&value))
            .or_else(|| name(&value))?;
        Some(raw(&sheet.path, line, &colour))
    });
    found.collect()
}

fn in_code(source: &Source) -> Vec<Finding> {
    let literal = |text: &str| {
        let literals = text.split('"').skip(1).step_by(2);
        literals.filter(|text| text.starts_with('#')).find_map(hex)
    };
    let lines = source
        .lines()
        .filter(|(_, text)| !text.trim_start().starts_with("//"));
    lines
        .filter_map(|(line, text)| {
            let quoted = text.contains('"').then(|| function(text)).flatten();
            Some(raw(&source.path, line, &quoted.or_else(|| literal(text))?))
        })
        .collect()
}

fn raw(file: &str, line: usize, colour: &str) -> Finding {
    let text = format!(
        "raw colour `{colour}`. Both themes come from style/tokens: use a custom property of it, or add one there."
    );
    Finding::new(file, line, text)
}

/// A colour function; one derived from a token (`oklch(from var(…) …)`) is fine.
fn function(text: &str) -> Option<String> {
    FUNCTIONS.into_iter().find_map(|function| {
        let at = words::positions(text, function).find(|at| {
            !text[at + function.len()..]
                .trim_start()
                .starts_with("from var(")
        })?;
        let end = text[at..].find(')').map_or(text.len(), |end| at + end + 1);
        Some(text[at..end].to_owned())
    })
}

fn hex(value: &str) -> Option<String> {
    value.match_indices('#').find_map(|(at, _)| {
        let rest = &value[at + 1..];
        let digits = rest
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(rest.len());
        let ends = !rest[digits..].starts_with(words::is_word);
        (ends && matches!(digits, 3 | 4 | 6 | 8)).then(|| format!("#{}", &rest[..digits]))
    })
}

fn name(value: &str) -> Option<String> {
    NAMES
        .into_iter()
        .find(|name| words::contains(value, name))
        .map(str::to_owned)
}

fn inline(source: &Source) -> Vec<Finding> {
    let lines = source.lines().filter(|(_, text)| {
        let attribute = words::positions(text, "style=").any(|at| {
            let before = text[..at].chars().next_back();
            before.is_none_or(|before| before.is_whitespace() || before == '<' || before == '"')
        });
        attribute || has_style_directive(text)
    });
    lines
        .map(|(line, _)| {
            let text = "inline style. The content security policy drops it: use a class or an SVG attribute.";
            Finding::new(&source.path, line, text)
        })
        .collect()
}

/// `style:width=…` of the view macro.
fn has_style_directive(text: &str) -> bool {
    words::positions(text, "style:").any(|at| {
        let rest = &text[at + "style:".len()..];
        let property = rest
            .find(|c: char| !words::is_word(c))
            .unwrap_or(rest.len());
        property > 0 && rest[property..].starts_with('=')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(usize, String)> {
        let findings = check(&Sources::of(&[(path, text)]));
        findings
            .into_iter()
            .map(|finding| (finding.line, finding.text))
            .collect()
    }

    #[test]
    fn raw_colours_in_sheets_are_found() {
        for value in [
            "#fff",
            "#A1B2C3d4",
            "rgb(1 2 3)",
            "oklch(50% .1 20)",
            "1px solid white",
            "red",
        ] {
            let text = format!(".a {{\n  color: {value};\n}}");
            let findings = found("style/components/a.css", &text);
            assert_eq!(findings.len(), 1, "{value}");
            assert_eq!(findings[0].0, 2);
        }
    }

    #[test]
    fn tokens_and_what_is_made_of_them_pass() {
        for value in [
            "var(--red)",
            "color-mix(in oklch, var(--ink) 40%, transparent)",
            "oklch(from var(--ink) l c h / .5)",
            "currentColor",
            "CanvasText",
            "\"red #fff\"",
            "0; /* #fff red */",
        ] {
            assert_eq!(
                found("style/base/a.css", &format!(".a {{ color: {value}; }}")),
                [],
                "{value}"
            );
        }
        assert_eq!(
            found("style/tokens/light.css", ":root { --ink: #111; }"),
            []
        );
        assert_eq!(
            found(
                "style/base/a.css",
                "a:hover { }\n.white-space { white-space: nowrap; }"
            ),
            []
        );
    }

    #[test]
    fn raw_colours_in_views_are_found() {
        assert_eq!(
            found("app/src/a.rs", "view! { <path fill=\"#0af\"/> }").len(),
            1
        );
        assert_eq!(
            found("app/src/a.rs", "view! { <path fill=\"rgb(0 0 0)\"/> }").len(),
            1
        );
        assert_eq!(
            found("app/src/a.rs", "view! { <a href=\"#f-name\">\"Name\"</a> }"),
            []
        );
    }

    #[test]
    fn inline_styles_are_found() {
        assert_eq!(found("app/src/a.rs", "<p style=\"x\">").len(), 1);
        assert_eq!(
            found("frontend/src/a.rs", "<p style:width=move || 1>").len(),
            1
        );
        assert_eq!(
            found("app/src/a.rs", "let list_style=1; Style { style: 1 }"),
            []
        );
    }
}
