//! A condition about people, checked and ready to be asked.
//!
//! Parsing accepts one expression of Cedar and nothing around it, so that no text can become a second policy. Who is
//! affected and what follows from the answer is not decided here.

use std::collections::BTreeSet;
use std::sync::Arc;

use cedar_policy::{Expression, Policy, PolicySet, ValidationMode, pst};

use crate::cedar::{EvaluationError, Question};
use crate::check::{self, Finding};
use crate::explain;
use crate::facts::Facts;
use crate::place::Places;
use crate::problem::Problem;
use crate::stack;
use crate::term::Term;
use crate::token::{self, Tokens};
use crate::types;
use crate::vocabulary::Vocabulary;

/// How long a condition may be.
pub const MAX_BYTES: usize = 8_000;

/// What stands before the text when Cedar checks its types. The line feeds around the text end a comment in it.
pub(crate) const BEFORE: &str = "permit(principal, action, resource) when {\n";
/// What stands after it.
pub(crate) const AFTER: &str = "\n};";

/// One condition. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Condition {
    text: Arc<str>,
    expression: Expression,
    term: Arc<Term>,
    reads: Arc<BTreeSet<String>>,
    has_comments: bool,
    levels: usize,
}

impl Condition {
    /// Checks a text: length, depth, syntax, names, words and types.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Problem>> {
        Self::check(text, vocabulary).map_err(|mut findings| {
            findings.sort_by_key(|(range, _)| (range.start, range.end));
            findings.dedup();
            findings
                .into_iter()
                .map(|(range, message)| Problem::at(text, &range, message))
                .collect()
        })
    }

    fn check(text: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Finding>> {
        if text.len() > MAX_BYTES {
            let message = format!(
                "The condition is too long: at most {MAX_BYTES} bytes are possible. Make several rules of it."
            );
            return Err(vec![(MAX_BYTES..text.len(), message)]);
        }
        let tokens = token::cut(text);
        if tokens.list.is_empty() {
            let message =
                "The condition is empty. Write for example principal.department == \"Finance\".";
            return Err(vec![(0..0, message.to_owned())]);
        }
        let levels = token::levels(&tokens).map_err(|excess| vec![excess])?;
        stack::with_room(levels, || Self::checked(text, vocabulary, &tokens, levels)).unwrap_or_else(
            || {
                let message = "The condition could not be checked because the system is out of memory. Try again later.";
                Err(vec![(0..text.len(), message.to_owned())])
            },
        )
    }

    fn checked(
        text: &str,
        vocabulary: &Vocabulary,
        tokens: &Tokens<'_>,
        levels: usize,
    ) -> Result<Self, Vec<Finding>> {
        // Alone first: what is a whole expression by itself cannot end the clause it is put into.
        let expression: Expression = text
            .parse()
            .map_err(|errors| explain::syntax(&errors, 0, text, vocabulary))?;
        let policy = Policy::parse(None, format!("{BEFORE}{text}{AFTER}"))
            .map_err(|errors| explain::syntax(&errors, BEFORE.len(), text, vocabulary))?;
        let body = only_clause(&policy).ok_or_else(|| {
            let message = "This is not one expression about the person. Write for example principal.department == \"Finance\".";
            vec![(0..text.len(), message.to_owned())]
        })?;
        let term = Term::of(&body);
        let findings = refusals(text, vocabulary, tokens, policy, &body, &term);
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Self {
            text: text.into(),
            expression,
            term: Arc::new(term),
            reads: Arc::new(check::reads(&body)),
            has_comments: tokens.has_comments,
            levels,
        })
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the attributes it reads: a change of any other leaves its answer as it is.
    pub fn reads(&self) -> &BTreeSet<String> {
        &self.reads
    }

    /// Whether it holds for a person.
    ///
    /// # Errors
    /// When Cedar fails at it, as when a calculation overflows; it must count as not holding then.
    pub fn holds(&self, facts: &Facts) -> Result<bool, EvaluationError> {
        match self.term.holds(facts) {
            Some(holds) => Ok(holds),
            None => self.holds_by_cedar(&Question::about(facts, &self.reads)?),
        }
    }

    /// Cedar's own answer, whatever the native tree says.
    pub(crate) fn holds_by_cedar(&self, question: &Question) -> Result<bool, EvaluationError> {
        stack::with_room(self.levels, || question.ask(&self.expression))
            .unwrap_or_else(|| Err(EvaluationError::out_of_memory()))
    }

    /// Its tree.
    pub(crate) fn term(&self) -> &Term {
        &self.term
    }

    /// Whether the text says more than its tree does.
    pub(crate) fn has_comments(&self) -> bool {
        self.has_comments
    }
}

/// Two conditions are the same when their texts are.
impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Condition {}

/// What a policy asks, when it is one `when` and nothing else.
pub(crate) fn only_clause(policy: &Policy) -> Option<Arc<pst::Expr>> {
    let pst::Policy::Static(body) = policy.to_pst().ok()? else {
        return None;
    };
    match body.body().clauses().as_slice() {
        [pst::Clause::When(expr)] => Some(Arc::clone(expr)),
        _ => None,
    }
}

/// Everything a well-formed text is refused for. Types are only checked once the scope is right: they would repeat it in
/// stranger words.
fn refusals(
    text: &str,
    vocabulary: &Vocabulary,
    tokens: &Tokens<'_>,
    policy: Policy,
    body: &pst::Expr,
    term: &Term,
) -> Vec<Finding> {
    let mut places = Places::new(tokens);
    let mut findings = check::scope(body, &mut places);
    if !findings.is_empty() {
        return findings;
    }
    findings.extend(check::attributes(body, vocabulary, &mut places));
    findings.extend(check::words(term, &mut places));
    match PolicySet::from_policies([policy]) {
        Ok(set) => {
            let result = vocabulary
                .validator()
                .validate(&set, ValidationMode::Strict);
            let errors = types::misfits(result.validation_errors(), BEFORE.len(), text);
            findings.extend(errors);
            if findings.is_empty() && !result.validation_passed() {
                findings.push((0..text.len(), result.to_string()));
            }
        }
        Err(error) => findings.push((0..text.len(), error.to_string())),
    }
    findings
}
