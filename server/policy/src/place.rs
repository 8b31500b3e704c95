//! Finds the place of something in a text that the syntax tree only names.
//!
//! Cedar's public syntax tree carries no places, so the tokens are searched: exact for all that people write, and the
//! whole text when nothing fits, which is imprecise but never wrong. Decides nothing.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::literal::quoted;
use crate::token::{Kind, Token, Tokens};
use crate::vocabulary::Attribute;

/// Finds places of what the syntax tree names. Each place is given once, in the order of the text; the whole text when
/// there is none, which is imprecise and never wrong.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    tokens: &'a Tokens<'a>,
    given: BTreeSet<usize>,
}

impl<'a> Places<'a> {
    /// Of a text that was cut.
    pub(crate) fn new(tokens: &'a Tokens<'a>) -> Self {
        Self {
            tokens,
            given: BTreeSet::new(),
        }
    }

    /// A keyword, variable or method; `principal` only where no attribute of it is read.
    pub(crate) fn word(&mut self, word: &str) -> Range<usize> {
        let bare_principal = word == "principal";
        self.best(|list, at| {
            let accessed = list
                .get(at + 1)
                .is_some_and(|t| t.text == "." || t.text == "[");
            let member = at > 0 && list[at - 1].text == ".";
            let method = word.ends_with("Tag");
            (list[at].text == word && member == method && !(bare_principal && accessed))
                .then_some(0)
        })
    }

    /// The name of an attribute that is read.
    pub(crate) fn attribute(&mut self, name: &str) -> Range<usize> {
        self.best(|list, at| is_name(list, at, name).then_some(0))
    }

    /// The text nearest to the attribute it is compared with.
    pub(crate) fn value(&mut self, attribute: &Attribute, value: &str) -> Range<usize> {
        let written = quoted(value);
        self.best(|list, at| {
            let fits = list[at].text == written && !is_name(list, at, value);
            fits.then(|| {
                (0..list.len())
                    .filter(|near| is_name(list, *near, attribute.name()))
                    .map(|near| near.abs_diff(at))
                    .min()
                    .unwrap_or(usize::MAX)
            })
        })
    }

    /// The token that was not given yet with the lowest score, the first of equals.
    fn best(&mut self, score: impl Fn(&[Token<'a>], usize) -> Option<usize>) -> Range<usize> {
        let list = &self.tokens.list;
        let found = (0..list.len())
            .filter(|at| !self.given.contains(at))
            .filter_map(|at| score(list, at).map(|score| (score, at)))
            .min();
        match (found, list.first(), list.last()) {
            (Some((_, at)), ..) => {
                self.given.insert(at);
                list[at].range()
            }
            (None, Some(begin), Some(end)) => begin.start..end.range().end,
            _ => 0..0,
        }
    }
}

/// Whether the token is the name in `principal.name` or `principal["name"]`.
fn is_name(list: &[Token<'_>], at: usize, name: &str) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| list[before].text) else {
        return false;
    };
    let after_value = at >= 2 && (list[at - 2].kind == Kind::Word || list[at - 2].text == ")");
    match list[at].kind {
        Kind::Word => before == "." && list[at].text == name,
        Kind::Text => before == "[" && after_value && list[at].text == quoted(name),
        Kind::Sign => false,
    }
}
