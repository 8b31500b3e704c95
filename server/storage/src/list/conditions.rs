//! The conditions of a list: constants of this crate, with a placeholder for everything that was typed.

use domain::search::{Comparison, Search, Term};

use super::Arg;

/// Conditions with their arguments.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    /// What always holds.
    pub(super) base: String,
    sql: String,
    pub(super) args: Vec<Arg>,
    /// Words that are looked for, apart from the other conditions.
    pub(super) words: Vec<Word>,
    /// Whether there is any condition besides the one that always holds, and words.
    pub(super) narrowed: bool,
    /// Whether rows are found in another order than they are shown in, and so are sorted.
    pub(super) unordered: bool,
}

/// A word that must begin a word of the object.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) id: &'static str,
    pub(super) table: &'static str,
    /// Placeholders of the first word that fits and of the first after those.
    pub(super) range: (String, String),
    /// Their values.
    pub(super) bounds: (Arg, Arg),
    /// Whether so many words fit that walking through the list finds a page sooner than collecting them all.
    pub(super) common: bool,
    /// How many words fit, as far as they were counted.
    pub(super) fitting: u64,
}

impl Word {
    pub(super) fn condition(&self) -> String {
        let Self {
            id, table, range, ..
        } = self;
        let (from, to) = range;
        if self.common {
            format!(
                "EXISTS (SELECT 1 FROM {table} w WHERE w.id = {id} AND w.word >= {from} AND w.word < {to})"
            )
        } else {
            format!("{id} IN (SELECT w.id FROM {table} w WHERE w.word >= {from} AND w.word < {to})")
        }
    }
}

impl Conditions {
    /// Begins with a condition that always holds for the list.
    pub(crate) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            sql: base.to_owned(),
            args: Vec::new(),
            words: Vec::new(),
            narrowed: false,
            unordered: false,
        }
    }

    /// Binds a value and gives its placeholder.
    pub(crate) fn bind(&mut self, arg: Arg) -> String {
        self.args.push(arg.comparable());
        format!("${}", self.args.len())
    }

    /// Adds a condition.
    pub(crate) fn and(&mut self, condition: &str) {
        self.narrowed = true;
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// Adds `expression OP value`.
    pub(crate) fn compare(&mut self, expression: &str, comparison: Comparison, arg: Arg) {
        let operator = match comparison {
            Comparison::Is => "=",
            Comparison::AtLeast => ">=",
            Comparison::AtMost => "<=",
            Comparison::Over => ">",
            Comparison::Under => "<",
        };
        let placeholder = self.bind(arg);
        self.and(&format!("{expression} {operator} {placeholder}"));
    }

    /// Adds a condition by which few rows are found, in another order than they are shown in.
    pub(crate) fn and_few(&mut self, condition: &str) {
        self.and(condition);
        self.unordered = true;
    }

    /// Nothing matches.
    pub(crate) fn never(&mut self) {
        self.and("1 = 0");
    }

    /// Every word of the search begins a word of the object.
    pub(crate) fn words(&mut self, id: &'static str, table: &'static str, search: &Search) {
        for words in search.words() {
            let folded = domain::text::prefix(words);
            for part in folded.split(' ').filter(|part| !part.is_empty()) {
                let bounds = (
                    Arg::Text(part.to_owned()).comparable(),
                    Arg::Text(format!("{part}\u{10FFFF}")).comparable(),
                );
                let range = (self.bind(bounds.0.clone()), self.bind(bounds.1.clone()));
                self.words.push(Word {
                    id,
                    table,
                    range,
                    bounds,
                    common: false,
                    fitting: 0,
                });
            }
        }
    }

    /// Whether words are all that is asked for.
    pub(super) fn only_words(&self) -> bool {
        !self.narrowed && !self.words.is_empty()
    }

    /// The rows `v` of the table of words whose object has all the words, by the first of them.
    pub(super) fn of_words(&self) -> String {
        let Some((word, others)) = self.words.split_first() else {
            return "(SELECT 0 AS id WHERE 1 = 0) v WHERE 1 = 0".to_owned();
        };
        let (from, to) = &word.range;
        let mut text = format!("{} v WHERE v.word >= {from} AND v.word < {to}", word.table);
        for other in others {
            let other = Word {
                id: "v.id",
                ..other.clone()
            };
            text.push_str(" AND ");
            text.push_str(&other.condition());
        }
        text
    }

    /// All conditions as text.
    pub(super) fn text(&self) -> String {
        let mut text = self.sql.clone();
        for word in &self.words {
            text.push_str(" AND ");
            text.push_str(&word.condition());
        }
        text
    }

    /// Every word of the search begins a word of one of several objects, each given by its id and its table of words.
    pub(crate) fn words_of_any(&mut self, objects: &[(&str, &str)], search: &Search) {
        for word in search.words() {
            let found: Vec<String> = objects
                .iter()
                .filter_map(|(id, table)| self.words_condition(id, table, word))
                .map(|found| format!("({found})"))
                .collect();
            if !found.is_empty() {
                self.and(&format!("({})", found.join(" OR ")));
            }
        }
    }

    /// The condition that each of some words begins a word of the object; none when there is no word. Quoted words are
    /// looked up one by one: the table holds single words.
    pub(crate) fn words_condition(&mut self, id: &str, table: &str, words: &str) -> Option<String> {
        let folded = domain::text::prefix(words);
        let parts = folded.split(' ').filter(|part| !part.is_empty());
        let each = parts.map(|part| {
            let from = self.bind(Arg::Text(part.to_owned()));
            let to = self.bind(Arg::Text(format!("{part}\u{10FFFF}")));
            format!("{id} IN (SELECT w.id FROM {table} w WHERE w.word >= {from} AND w.word < {to})")
        });
        let each: Vec<String> = each.collect();
        (!each.is_empty()).then(|| each.join(" AND "))
    }

    /// Hands every token to `apply`, which answers false for a key it does not know: such a token matches nothing, and
    /// the page says so.
    pub(crate) fn tokens(
        &mut self,
        search: &Search,
        mut apply: impl FnMut(&mut Self, &str, Comparison, &str) -> bool,
    ) {
        for term in &search.terms {
            if let Term::Token {
                key,
                comparison,
                value,
            } = term
                && !apply(self, key, *comparison, value)
            {
                self.never();
            }
        }
    }
}
