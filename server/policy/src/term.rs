//! The usual part of Cedar as a small tree that is answered without Cedar.
//!
//! Comparisons of texts, lists, patterns, and, or, not, if: nothing here can fail. What is outside of that becomes
//! [`Term::Foreign`] and is left to Cedar; a property test holds both answers to be the same. Reading and writing text
//! is not done here.

use cedar_policy::pst::{BinaryOp, Expr, Literal, UnaryOp, Var};

use crate::facts::Facts;
use crate::pattern::Pattern;
use crate::vocabulary::Attribute;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    Attribute(Attribute),
    Text(String),
}

impl Operand {
    /// Its value for a person.
    pub(crate) fn value<'a>(&'a self, facts: &'a Facts) -> &'a str {
        match self {
            Self::Attribute(attribute) => facts.read(attribute),
            Self::Text(text) => text,
        }
    }

    fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::GetAttr { expr, attr } if **expr == Expr::Var(Var::Principal) => {
                Some(Self::Attribute(Attribute::named(attr)))
            }
            Expr::Literal(Literal::String(text)) => Some(Self::Text(text.to_string())),
            _ => None,
        }
    }
}

/// A condition or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    Known(bool),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Same(Operand, Operand),
    Among(Operand, Vec<String>),
    Like(Operand, Pattern),
    /// If the first, then the second, else the third.
    Choice(Box<[Self; 3]>),
    /// Something only Cedar can answer, as text.
    Foreign(String),
}

impl Term {
    /// The tree of an expression of Cedar.
    pub(crate) fn of(expr: &Expr) -> Self {
        Self::native(expr).unwrap_or_else(|| Self::Foreign(expr.to_string()))
    }

    fn native(expr: &Expr) -> Option<Self> {
        Some(match expr {
            Expr::Literal(Literal::Bool(known)) => Self::Known(*known),
            Expr::UnaryOp {
                op: UnaryOp::Not,
                expr,
            } => Self::Not(Box::new(Self::of(expr))),
            Expr::BinaryOp { op, left, right } => match op {
                BinaryOp::And => Self::All(chain(expr, BinaryOp::And)),
                BinaryOp::Or => Self::Any(chain(expr, BinaryOp::Or)),
                BinaryOp::Eq => Self::Same(Operand::of(left)?, Operand::of(right)?),
                BinaryOp::NotEq => Self::Not(Box::new(Self::Same(
                    Operand::of(left)?,
                    Operand::of(right)?,
                ))),
                BinaryOp::Contains => Self::Among(Operand::of(right)?, texts(left)?),
                _ => return None,
            },
            Expr::Like { expr, pattern } => Self::Like(Operand::of(expr)?, Pattern::of(pattern)),
            Expr::IfThenElse {
                cond,
                then_expr,
                else_expr,
            } => Self::Choice(Box::new([cond, then_expr, else_expr].map(|e| Self::of(e)))),
            _ => return None,
        })
    }

    /// The answer for a person, or nothing when Cedar has to be asked. As in Cedar, the parts are taken from left to
    /// right and no further than needed, so that a part that would fail does not when it is not reached.
    pub(crate) fn holds(&self, facts: &Facts) -> Option<bool> {
        match self {
            Self::Known(known) => Some(*known),
            Self::All(parts) => first(parts, facts, false),
            Self::Any(parts) => first(parts, facts, true),
            Self::Not(part) => part.holds(facts).map(|holds| !holds),
            Self::Same(left, right) => Some(left.value(facts) == right.value(facts)),
            Self::Among(operand, values) => {
                let value = operand.value(facts);
                Some(values.iter().any(|v| v == value))
            }
            Self::Like(operand, pattern) => Some(pattern.matches(operand.value(facts))),
            Self::Choice(parts) => {
                let [condition, yes, no] = &**parts;
                if condition.holds(facts)? { yes } else { no }.holds(facts)
            }
            Self::Foreign(_) => None,
        }
    }

    /// Whether no part of it is Cedar's.
    pub(crate) fn is_native(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::is_native),
            Self::Not(part) => part.is_native(),
            Self::Choice(parts) => parts.iter().all(Self::is_native),
            Self::Foreign(_) => false,
            Self::Known(_) | Self::Same(..) | Self::Among(..) | Self::Like(..) => true,
        }
    }

    /// An attribute and values of it, when the term is false, and certainly does not fail, for every person who has none
    /// of them.
    pub(crate) fn needs(&self) -> Option<(&Attribute, Vec<&str>)> {
        match self {
            Self::Same(Operand::Attribute(attribute), Operand::Text(text))
            | Self::Same(Operand::Text(text), Operand::Attribute(attribute)) => {
                Some((attribute, vec![text]))
            }
            Self::Among(Operand::Attribute(attribute), values) => {
                Some((attribute, values.iter().map(String::as_str).collect()))
            }
            Self::Any(parts) => {
                let mut parts = parts.iter().map(Self::needs);
                let (attribute, mut values) = parts.next()??;
                for part in parts {
                    let (other, more) = part?;
                    if other != attribute {
                        return None;
                    }
                    values.extend(more);
                }
                Some((attribute, values))
            }
            Self::All(parts) => {
                // What comes after a part that may fail, is of no use: it is not reached then.
                let safe = parts.iter().take_while(|p| p.is_native()).count();
                parts
                    .iter()
                    .take(safe + 1)
                    .filter_map(Self::needs)
                    .min_by_key(|(_, values)| values.len())
            }
            _ => None,
        }
    }

    /// The parts of the top-level and-chain; itself when it is none.
    pub(crate) fn parts(&self) -> &[Self] {
        match self {
            Self::All(parts) => parts,
            other => std::slice::from_ref(other),
        }
    }
}

/// The answer of the first part that decides, else the opposite.
fn first(parts: &[Term], facts: &Facts, decisive: bool) -> Option<bool> {
    for part in parts {
        if part.holds(facts)? == decisive {
            return Some(decisive);
        }
    }
    Some(!decisive)
}

/// The parts of `a && b && c`, which Cedar keeps as `(a && b) && c`; from any brackets, because order is all that counts.
fn chain(expr: &Expr, operator: BinaryOp) -> Vec<Term> {
    let mut parts = Vec::new();
    let mut waiting = vec![expr];
    while let Some(next) = waiting.pop() {
        match next {
            Expr::BinaryOp { op, left, right } if *op == operator => {
                waiting.push(right);
                waiting.push(left);
            }
            other => parts.push(Term::of(other)),
        }
    }
    parts
}

fn texts(expr: &Expr) -> Option<Vec<String>> {
    let Expr::Set(elements) = expr else {
        return None;
    };
    elements
        .iter()
        .map(|element| match &**element {
            Expr::Literal(Literal::String(text)) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::{Condition, Vocabulary};

    fn needs(text: &str) -> Option<(String, Vec<String>)> {
        let condition = Condition::parse(text, &Vocabulary::default()).expect("the text is right");
        let (attribute, values) = condition.term().needs()?;
        Some((
            attribute.name().to_owned(),
            values.into_iter().map(str::to_owned).collect(),
        ))
    }

    fn found(attribute: &str, values: &[&str]) -> (String, Vec<String>) {
        (
            attribute.to_owned(),
            values.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn the_necessary_equality_with_the_fewest_values_is_found() {
        assert_eq!(
            needs(r#"principal.title like "A*" && principal.department == "X""#),
            Some(found("department", &["X"]))
        );
        assert_eq!(
            needs(r#""X" == principal.department"#),
            Some(found("department", &["X"]))
        );
        assert_eq!(
            needs(
                r#"["a", "b"].contains(principal.location) && (principal.title == "T" || false)"#
            ),
            Some(found("location", &["a", "b"]))
        );
        assert_eq!(
            needs(
                r#"principal.location == "a" || (principal.location == "b" && principal.title == "t")"#
            ),
            Some(found("location", &["a", "b"]))
        );
    }

    #[test]
    fn what_is_not_necessary_or_comes_after_something_that_may_fail_is_not_used() {
        for text in [
            r#"principal.department != "X""#,
            r#"!(principal.department == "X")"#,
            r#"principal.department == "X" || principal.title == "Y""#,
            r#"9223372036854775807 + 1 > 0 && principal.department == "X""#,
            r#"if true then principal.title == "X" else false"#,
        ] {
            assert_eq!(needs(text), None, "{text}");
        }
        assert_eq!(
            needs(r#"principal.department == "X" && 1 + 1 == 2"#),
            Some(found("department", &["X"]))
        );
    }
}
