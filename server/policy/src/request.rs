//! A condition about something that somebody asks for: what is approved by itself.
//!
//! The same language as conditions about people, with one thing more: the request, as `context`. Whatever cannot be
//! answered does not approve; that nobody approves anything by it is for the caller.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use cedar_policy::pst::{BinaryOp, Expr, Literal, Var};
use cedar_policy::{
    Context, Expression, Policy, PolicySet, RestrictedExpression, ValidationMode, Validator,
};

use crate::cedar::{EvaluationError, Question};
use crate::check::{self, Finding};
use crate::condition::{AFTER, BEFORE, MAX_BYTES, only_clause};
use crate::explain;
use crate::facts::Facts;
use crate::place::Places;
use crate::problem::Problem;
use crate::stack;
use crate::term::Term;
use crate::token::{self, Tokens};
use crate::types;
use crate::vocabulary::{Attribute, Vocabulary, context_validator, nearest};

/// What stands in `context`, with its type in Cedar.
pub(crate) const CONTEXT: [(&str, &str); 8] = [
    ("risk", "String"),
    ("peers", "Long"),
    ("peers_known", "Boolean"),
    ("days", "Long"),
    ("application", "String"),
    ("entitlement", "String"),
    ("role", "String"),
    ("privileged", "Boolean"),
];

/// The words of `context.risk`; empty when nobody has said.
const RISKS: [&str; 5] = ["", "low", "medium", "high", "critical"];

/// An example that helps whoever does not know what to write.
const EXAMPLE: &str = "context.risk == \"low\" && context.peers >= 80";

/// What a condition sees of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestFacts {
    /// Word of the risk of what is asked for; empty when nobody has said.
    pub risk: String,
    /// How many percent of the person's peers have it; 0 when that is not known.
    pub peers: u8,
    /// Whether there are peers to compare with.
    pub peers_known: bool,
    /// For how many days; 0 without an end.
    pub days: u32,
    /// Technical name of the application; empty for a role.
    pub application: String,
    /// Technical name of the entitlement; empty for a role.
    pub entitlement: String,
    /// Technical name of the role; empty for an entitlement.
    pub role: String,
    /// Whether the risk is high or critical.
    pub privileged: bool,
}

/// One condition about a request. Cheap to clone.
#[derive(Clone)]
pub struct RequestCondition {
    text: Arc<str>,
    expression: Expression,
    reads: Arc<std::collections::BTreeSet<String>>,
    levels: usize,
}

impl RequestCondition {
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
            let message =
                format!("The condition is too long: at most {MAX_BYTES} bytes are possible.");
            return Err(vec![(MAX_BYTES..text.len(), message)]);
        }
        let tokens = token::cut(text);
        if tokens.list.is_empty() {
            let message = format!("The condition is empty. Write for example {EXAMPLE}.");
            return Err(vec![(0..0, message)]);
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
        let explained = |errors: &_, offset| {
            let findings = explain::syntax(errors, offset, text, vocabulary);
            findings
                .into_iter()
                .map(|finding| bare(finding, text))
                .collect::<Vec<_>>()
        };
        // Alone first: what is a whole expression by itself cannot end the clause it is put into.
        let expression: Expression = text.parse().map_err(|errors| explained(&errors, 0))?;
        let policy = Policy::parse(None, format!("{BEFORE}{text}{AFTER}"))
            .map_err(|errors| explained(&errors, BEFORE.len()))?;
        let body = only_clause(&policy).ok_or_else(|| {
            let message = format!(
                "This is not one expression about the request. Write for example {EXAMPLE}."
            );
            vec![(0..text.len(), message)]
        })?;
        let findings = refusals(text, vocabulary, tokens, policy, &body);
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Self {
            text: text.into(),
            expression,
            reads: Arc::new(check::reads(&body)),
            levels,
        })
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The attributes of the person that it reads.
    pub fn reads(&self) -> &std::collections::BTreeSet<String> {
        &self.reads
    }

    /// Whether it holds for a person and what is asked for.
    ///
    /// # Errors
    /// When Cedar fails at it, as when a calculation overflows; it must count as not holding then.
    pub fn holds(&self, person: &Facts, request: &RequestFacts) -> Result<bool, EvaluationError> {
        let question = Question::with(person, &self.reads, context(request)?)?;
        stack::with_room(self.levels, || question.ask(&self.expression))
            .unwrap_or_else(|| Err(EvaluationError::out_of_memory()))
    }
}

impl fmt::Debug for RequestCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestCondition").field(&self.text).finish()
    }
}

/// Two conditions are the same when their texts are.
impl PartialEq for RequestCondition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for RequestCondition {}

fn context(request: &RequestFacts) -> Result<Context, EvaluationError> {
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    let values: HashMap<String, RestrictedExpression> = [
        ("risk", text(&request.risk)),
        (
            "peers",
            RestrictedExpression::new_long(i64::from(request.peers)),
        ),
        (
            "peers_known",
            RestrictedExpression::new_bool(request.peers_known),
        ),
        (
            "days",
            RestrictedExpression::new_long(i64::from(request.days)),
        ),
        ("application", text(&request.application)),
        ("entitlement", text(&request.entitlement)),
        ("role", text(&request.role)),
        (
            "privileged",
            RestrictedExpression::new_bool(request.privileged),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    Context::from_pairs(values).map_err(EvaluationError::new)
}

/// A name of the request without `context.` before it is told what to write.
fn bare((range, message): Finding, text: &str) -> Finding {
    let part = text.get(range.clone()).unwrap_or_default();
    let known = CONTEXT.iter().any(|(name, _)| *name == part);
    if known && message.contains("is not known") {
        let message = format!("Write context.{part} for the request, or \"{part}\" for a text.");
        return (range, message);
    }
    (range, message)
}

/// Everything a well-formed text is refused for.
fn refusals(
    text: &str,
    vocabulary: &Vocabulary,
    tokens: &Tokens<'_>,
    policy: Policy,
    body: &Expr,
) -> Vec<Finding> {
    let mut places = Places::new(tokens);
    let mut findings = scope(body, &mut places);
    if !findings.is_empty() {
        return findings;
    }
    findings.extend(check::attributes(body, vocabulary, &mut places));
    findings.extend(names(body, &mut places));
    findings.extend(check::words(&Term::of(body), &mut places));
    findings.extend(risks(body, &mut places));
    match PolicySet::from_policies([policy]) {
        Ok(set) => {
            let validator: Validator = context_validator(vocabulary, &CONTEXT);
            let result = validator.validate(&set, ValidationMode::Strict);
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

/// The name that is read of the request.
fn context_name(part: &Expr) -> Option<&str> {
    match part {
        Expr::GetAttr { expr, attr } if **expr == Expr::Var(Var::Context) => Some(attr),
        _ => None,
    }
}

/// Uses of anything but attributes of the person and of the request.
fn scope(body: &Expr, places: &mut Places<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    check::visit(body, &mut |part| {
        let found: Option<(&'static str, String)> = match part {
            Expr::Var(Var::Context) => Some((
                "context",
                "The request alone cannot be compared. Name something of it, as in context.risk."
                    .to_owned(),
            )),
            Expr::Var(word @ (Var::Resource | Var::Action)) => {
                let word = if *word == Var::Resource {
                    "resource"
                } else {
                    "action"
                };
                let message = format!(
                    "“{word}” is not known here. Use attributes of the person, as in principal.department, and of the request, as in context.risk."
                );
                Some((word, message))
            }
            _ => check::refused(part),
        };
        if let Some((word, message)) = found {
            findings.push((places.word(word), message));
            return false;
        }
        !check::is_attribute(part) && context_name(part).is_none()
    });
    findings
}

/// Names that the request does not have.
fn names(body: &Expr, places: &mut Places<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    check::visit(body, &mut |part| {
        let known = || CONTEXT.iter().map(|(name, _)| *name);
        if let Some(name) = context_name(part)
            && !known().any(|other| other == name)
        {
            let help = match nearest(known(), name) {
                Some(name) => format!("Did you mean context.{name}?"),
                None => format!("Known are: {}.", known().collect::<Vec<_>>().join(", ")),
            };
            let place: Range<usize> = places.attribute(name);
            findings.push((place, format!("A request has no “{name}”. {help}")));
        }
        true
    });
    findings
}

/// Comparisons of the risk with a word that does not exist.
fn risks(body: &Expr, places: &mut Places<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let risk = Attribute::named("risk");
    check::visit(body, &mut |part| {
        let Expr::BinaryOp { op, left, right } = part else {
            return true;
        };
        let values: Vec<&Expr> = match (op, &**left, &**right) {
            (BinaryOp::Eq | BinaryOp::NotEq, one, other) if context_name(one) == Some("risk") => {
                vec![other]
            }
            (BinaryOp::Eq | BinaryOp::NotEq, other, one) if context_name(one) == Some("risk") => {
                vec![other]
            }
            (BinaryOp::Contains, Expr::Set(all), one) if context_name(one) == Some("risk") => {
                all.iter().map(|one| &**one).collect()
            }
            _ => return true,
        };
        for value in values {
            if let Expr::Literal(Literal::String(word)) = value
                && !RISKS.contains(&word.as_str())
            {
                let message = format!(
                    "There is no risk “{word}”. It is one of: low, medium, high, critical, or \"\" when nobody has said."
                );
                findings.push((places.value(&risk, word), message));
            }
        }
        true
    });
    findings
}
