//! Which token the caret is in, what could stand there, and the text after accepting it.
//!
//! Positions are counted in UTF-16 units, as the browser counts them, only at the border; inside they are bytes.

use super::TokenKey;

const MOST: usize = 8;

/// What could stand in place of the token at the caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Completion {
    /// The text before the token.
    before: String,
    /// The text after it.
    after: String,
    /// At least one.
    pub(super) offers: Vec<Offer>,
}

/// One thing to put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// The token, with a colon at its end where a value is still to come.
    pub(super) text: String,
    /// What it means.
    pub(super) hint: String,
}

/// What to suggest for `text` with the caret at `caret`; nothing where nothing fits. With `whole`, an empty place
/// suggests all names: someone asked for them.
pub(super) fn complete(
    text: &str,
    caret: usize,
    keys: &[TokenKey],
    whole: bool,
) -> Option<Completion> {
    let caret = byte_of(text, caret);
    let start = token_start(&text[..caret]);
    let token = &text[start..caret];
    // In the middle of a word a completion would tear it apart.
    if (token.is_empty() && !whole) || text[caret..].starts_with(|c: char| !c.is_whitespace()) {
        return None;
    }
    let offers = match token.split_once(':') {
        Some((key, value)) => values(key, value, keys),
        None => names(token, keys),
    };
    (!offers.is_empty()).then(|| Completion {
        before: text[..start].to_owned(),
        after: text[caret..].to_owned(),
        offers,
    })
}

impl Completion {
    /// The whole text with that offer in it, and where the caret goes.
    pub(super) fn accept(&self, at: usize) -> Option<(String, usize)> {
        let offer = self.offers.get(at)?;
        let mut text = format!("{}{}", self.before, offer.text);
        let mut after = self.after.as_str();
        if !offer.text.ends_with(':') {
            text.push(' ');
            after = after.trim_start();
        }
        let caret = text.encode_utf16().count();
        text.push_str(after);
        Some((text, caret))
    }
}

fn names(prefix: &str, keys: &[TokenKey]) -> Vec<Offer> {
    let prefix = prefix.to_lowercase();
    let fitting = keys.iter().filter(|key| key.key.starts_with(&prefix));
    fitting
        .take(MOST)
        .map(|key| Offer {
            text: format!("{}:", key.key),
            hint: key.hint.clone(),
        })
        .collect()
}

fn values(key: &str, prefix: &str, keys: &[TokenKey]) -> Vec<Offer> {
    let prefix = prefix.trim_start_matches('"').to_lowercase();
    let Some(key) = keys
        .iter()
        .find(|other| other.key.eq_ignore_ascii_case(key))
    else {
        return Vec::new();
    };
    let fitting = key
        .values
        .iter()
        .filter(|value| value.to_lowercase().starts_with(&prefix));
    // What is there already in full needs no help; a list below it would only be in the way.
    let fitting = fitting.filter(|value| value.to_lowercase() != prefix);
    fitting
        .take(MOST)
        .map(|value| Offer {
            text: format!("{}:{}", key.key, quoted(value)),
            hint: String::new(),
        })
        .collect()
}

fn quoted(value: &str) -> String {
    if value.contains(|c: char| c.is_whitespace() || c == '"') {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// Where the token that ends at the end of `text` begins. Spaces within quotes belong to it.
fn token_start(text: &str) -> usize {
    let (mut start, mut quoted) = (0, false);
    for (at, c) in text.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c.is_whitespace() && !quoted {
            start = at + c.len_utf8();
        }
    }
    start
}

fn byte_of(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= utf16 {
            return at;
        }
        units += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Vec<TokenKey> {
        let key = |key: &str, values: &[&str]| TokenKey {
            key: key.to_owned(),
            hint: format!("the {key}"),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        };
        vec![
            key("status", &["active", "suspended", "ended"]),
            key("start", &[]),
            key("department", &["Finance", "Human Resources"]),
        ]
    }

    fn offers(text: &str) -> Vec<String> {
        let found = complete(text, text.encode_utf16().count(), &keys(), false);
        found
            .map(|it| it.offers.into_iter().map(|offer| offer.text).collect())
            .unwrap_or_default()
    }

    fn accepted(text: &str, caret: usize) -> Option<(String, usize)> {
        complete(text, caret, &keys(), false)?.accept(0)
    }

    #[test]
    fn a_beginning_suggests_names() {
        assert_eq!(offers("sta"), ["status:", "start:"]);
        assert_eq!(offers("kim STAT"), ["status:"]);
        assert!(offers("kim").is_empty());
        assert!(offers("").is_empty());
    }

    #[test]
    fn a_name_suggests_its_values() {
        assert_eq!(
            offers("status:"),
            ["status:active", "status:suspended", "status:ended"]
        );
        assert_eq!(offers("status:s"), ["status:suspended"]);
        assert!(offers("status:active").is_empty());
        assert!(offers("nothing:").is_empty());
        assert!(offers("start:2").is_empty());
    }

    #[test]
    fn values_with_spaces_are_quoted_and_found_within_quotes() {
        assert_eq!(offers("department:hu"), ["department:\"Human Resources\""]);
        assert_eq!(
            offers("department:\"human r"),
            ["department:\"Human Resources\""]
        );
    }

    #[test]
    fn all_names_on_request_only() {
        let whole = complete("", 0, &keys(), true).expect("names for an empty text");
        assert_eq!(whole.offers.len(), 3);
    }

    #[test]
    fn accepting_keeps_the_rest_of_the_text() {
        assert_eq!(accepted("sta", 3), Some(("status:".to_owned(), 7)));
        assert_eq!(
            accepted("status:a kim", 8),
            Some(("status:active kim".to_owned(), 14))
        );
        assert_eq!(
            accepted("ana stat", 8),
            Some(("ana status:".to_owned(), 11))
        );
    }

    #[test]
    fn the_caret_is_counted_as_the_browser_counts() {
        // The face takes two units in the browser and four bytes here.
        assert_eq!(accepted("😀 sta", 6), Some(("😀 status:".to_owned(), 10)));
    }

    #[test]
    fn nothing_in_the_middle_of_a_word() {
        assert!(accepted("status", 3).is_none());
    }
}
