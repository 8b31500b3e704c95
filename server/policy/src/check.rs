//! What this product refuses although Cedar would accept it.
//!
//! A condition is about the attributes of one person: no resource, action or context, no other objects, no tests of
//! existence or type. Names and words that do not exist are refused with what was probably meant. Types are not checked
//! here but by Cedar.

use std::collections::BTreeSet;
use std::ops::Range;

use cedar_policy::pst::{BinaryOp, Expr, Literal, Var};

use crate::literal::access;
use crate::place::Places;
use crate::term::{Operand, Term};
use crate::vocabulary::Vocabulary;

/// A place and what is wrong there.
pub(crate) type Finding = (Range<usize>, String);

/// Uses of anything but attributes of the person.
pub(crate) fn scope(expr: &Expr, places: &mut Places<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    visit(expr, &mut |part| {
        if let Some((word, message)) = refused(part) {
            findings.push((places.word(word), message));
            // What is inside of something refused would only be refused again.
            return false;
        }
        // The person inside `principal.department` is what conditions are about.
        !is_attribute(part)
    });
    findings
}

/// The names of the attributes an expression reads.
pub(crate) fn reads(expr: &Expr) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    visit(expr, &mut |part| {
        if let (true, Expr::GetAttr { attr, .. }) = (is_attribute(part), part) {
            names.insert(attr.to_string());
        }
        true
    });
    names
}

/// Attributes that are not in the vocabulary.
pub(crate) fn attributes(
    expr: &Expr,
    vocabulary: &Vocabulary,
    places: &mut Places<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    visit(expr, &mut |part| {
        if let (true, Expr::GetAttr { attr, .. }) = (is_attribute(part), part)
            && !vocabulary.contains(attr)
        {
            let help = match vocabulary.nearest(attr) {
                Some(name) => format!("Did you mean {}?", access(name)),
                None => format!(
                    "Known are: {}.",
                    vocabulary
                        .attributes()
                        .take(30)
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            };
            findings.push((
                places.attribute(attr),
                format!("There is no attribute “{attr}”. {help}"),
            ));
        }
        true
    });
    findings
}

/// Comparisons of `kind` or `status` with a word that does not exist.
pub(crate) fn words(term: &Term, places: &mut Places<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut waiting = vec![term];
    while let Some(next) = waiting.pop() {
        let (operand, values): (&Operand, Vec<&String>) = match next {
            Term::All(parts) | Term::Any(parts) => {
                waiting.extend(parts.iter().rev());
                continue;
            }
            Term::Not(part) => {
                waiting.push(part);
                continue;
            }
            Term::Choice(parts) => {
                waiting.extend(parts.iter().rev());
                continue;
            }
            Term::Same(operand, Operand::Text(text)) | Term::Same(Operand::Text(text), operand) => {
                (operand, vec![text])
            }
            Term::Among(operand, values) => (operand, values.iter().collect()),
            Term::Known(_) | Term::Same(..) | Term::Like(..) | Term::Foreign(_) => continue,
        };
        let Operand::Attribute(attribute) = operand else {
            continue;
        };
        let Some(words) = Vocabulary::words_of(attribute.name()) else {
            continue;
        };
        for value in values {
            if !words.contains(&value.as_str()) {
                findings.push((
                    places.value(attribute, value),
                    format!(
                        "There is no {} “{value}”. It is one of: {}.",
                        attribute.name(),
                        words.join(", ")
                    ),
                ));
            }
        }
    }
    findings
}

/// Why a part is refused, whatever the condition is about, and the word that shows it.
pub(crate) fn refused(part: &Expr) -> Option<(&'static str, String)> {
    Some(match part {
        Expr::Var(Var::Principal) => (
            "principal",
            "The person alone cannot be compared. Name an attribute, as in principal.username."
                .to_owned(),
        ),
        Expr::Var(other) => {
            let word = match other {
                Var::Resource => "resource",
                Var::Action => "action",
                _ => "context",
            };
            let message = format!(
                "A condition is about the person only: “{word}” is not known here. Use attributes of the person, as in principal.department."
            );
            (word, message)
        }
        Expr::Literal(Literal::EntityUID(_)) => (
            "::",
            "Other objects cannot be named here. Compare an attribute of the person with a text, as in principal.username == \"ana\"."
                .to_owned(),
        ),
        Expr::HasAttr { .. } => (
            "has",
            "“has” is not needed: every attribute is always there, and empty when unknown. Write principal.location != \"\"."
                .to_owned(),
        ),
        Expr::Is { .. } => (
            "is",
            "“is” is not possible: a condition is always about a person. To compare texts write ==."
                .to_owned(),
        ),
        Expr::BinaryOp { op: BinaryOp::In, .. } => (
            "in",
            "“in” is not possible here. To test for one of several texts write [\"a\", \"b\"].contains(principal.department)."
                .to_owned(),
        ),
        Expr::BinaryOp { op: BinaryOp::HasTag, .. } => {
            ("hasTag", "People have no tags. Use attributes.".to_owned())
        }
        Expr::BinaryOp { op: BinaryOp::GetTag, .. } => {
            ("getTag", "People have no tags. Use attributes.".to_owned())
        }
        _ => return None,
    })
}

/// Whether a part reads an attribute of the person.
pub(crate) fn is_attribute(expr: &Expr) -> bool {
    matches!(expr, Expr::GetAttr { expr, .. } if **expr == Expr::Var(Var::Principal))
}

/// Shows every part in the order of the text; the parts inside one only when `see` says so.
pub(crate) fn visit(expr: &Expr, see: &mut impl FnMut(&Expr) -> bool) {
    if !see(expr) {
        return;
    }
    match expr {
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => visit(expr, see),
        Expr::BinaryOp { left, right, .. } => {
            visit(left, see);
            visit(right, see);
        }
        Expr::Is { expr, in_expr, .. } => {
            visit(expr, see);
            if let Some(inside) = in_expr {
                visit(inside, see);
            }
        }
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => {
            for part in [cond, then_expr, else_expr] {
                visit(part, see);
            }
        }
        Expr::Set(parts) => parts.iter().for_each(|part| visit(part, see)),
        Expr::Record(parts) => parts.values().for_each(|part| visit(part, see)),
        _ => {}
    }
}
