//! Why a condition holds for a person: its parts in words, with what the person has.
//!
//! Of alternatives the first one that holds is told, not all. Why a condition does not hold is not told.

use std::collections::BTreeSet;

use crate::condition::Condition;
use crate::facts::Facts;
use crate::term::{Operand, Term};
use crate::vocabulary::Attribute;
use crate::wording::{has, name, neither, value};
use crate::words::{negated, phrase};

impl Condition {
    /// The parts of a condition that holds, each with the person's value; empty when it does not hold.
    pub fn why(&self, facts: &Facts) -> Vec<String> {
        if self.holds(facts) != Ok(true) {
            return Vec::new();
        }
        self.term()
            .parts()
            .iter()
            .map(|part| reason(part, facts))
            .collect()
    }
}

/// One part of a condition that holds, with what the person has.
fn reason(term: &Term, facts: &Facts) -> String {
    match term {
        Term::All(parts) => {
            let reasons: Vec<String> = parts.iter().map(|part| reason(part, facts)).collect();
            reasons.join(" and ")
        }
        Term::Any(parts) => parts
            .iter()
            .find(|part| part.holds(facts) == Some(true))
            .map_or_else(|| phrase(term), |part| reason(part, facts)),
        Term::Same(Operand::Attribute(attribute), Operand::Text(_))
        | Term::Same(Operand::Text(_), Operand::Attribute(attribute))
        | Term::Among(Operand::Attribute(attribute), _) => has(attribute, facts),
        Term::Same(Operand::Attribute(a), Operand::Attribute(b)) => format!(
            "{} and {} are both {}",
            name(a),
            name(b),
            value(a, facts.read(a))
        ),
        Term::Like(Operand::Attribute(attribute), _) => {
            let rest = phrase(term);
            let rest = rest.strip_prefix(&name(attribute)).unwrap_or(&rest);
            format!("{}, which{rest}", has(attribute, facts))
        }
        Term::Not(part) => match &**part {
            Term::Same(Operand::Attribute(attribute), Operand::Text(text))
            | Term::Same(Operand::Text(text), Operand::Attribute(attribute)) => {
                if text.is_empty() {
                    has(attribute, facts)
                } else {
                    format!("{}, not {}", has(attribute, facts), value(attribute, text))
                }
            }
            Term::Among(Operand::Attribute(attribute), values) => {
                let values: Vec<String> = values.iter().map(|v| value(attribute, v)).collect();
                format!("{}, {}", has(attribute, facts), neither(&values))
            }
            Term::Like(Operand::Attribute(attribute), _) => {
                let rest = negated(part);
                let rest = rest.strip_prefix(&name(attribute)).unwrap_or(&rest);
                format!("{}, which{rest}", has(attribute, facts))
            }
            _ => with_values(term, facts),
        },
        _ => with_values(term, facts),
    }
}

/// The phrase, and the values of what it reads behind it.
fn with_values(term: &Term, facts: &Facts) -> String {
    let mut read = BTreeSet::new();
    gather(term, &mut read);
    let values: Vec<String> = read.into_iter().map(|a| has(a, facts)).collect();
    if values.is_empty() {
        phrase(term)
    } else {
        format!("{} ({})", phrase(term), values.join(", "))
    }
}

fn gather<'a>(term: &'a Term, read: &mut BTreeSet<&'a Attribute>) {
    let mut operand = |operand: &'a Operand| {
        if let Operand::Attribute(attribute) = operand {
            read.insert(attribute);
        }
    };
    match term {
        Term::Same(a, b) => {
            operand(a);
            operand(b);
        }
        Term::Among(a, _) | Term::Like(a, _) => operand(a),
        Term::All(parts) | Term::Any(parts) => parts.iter().for_each(|part| gather(part, read)),
        Term::Not(part) => gather(part, read),
        Term::Choice(parts) => parts.iter().for_each(|part| gather(part, read)),
        Term::Known(_) | Term::Foreign(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{Condition, Facts, Vocabulary};

    fn condition(text: &str) -> Condition {
        Condition::parse(text, &Vocabulary::default()).expect("the text is right")
    }

    #[test]
    fn the_reasons_name_what_the_person_has() {
        let ana = Facts::default()
            .with("department", "Finance")
            .with("location", "Porto")
            .with("kind", "employee")
            .with("title", "Senior Analyst");
        let holds = condition(
            r#"(principal.department == "HR" || principal.department == "Finance") && ["Lisbon", "Porto"].contains(principal.location) && principal.kind != "external" && principal.title like "Senior*" && principal.title != "" && !(principal.title like "*x*") && !["a", "b", "c"].contains(principal.title)"#,
        );
        assert_eq!(
            holds.why(&ana),
            [
                "department is Finance",
                "location is Porto",
                "kind is employee, not external",
                "title is Senior Analyst, which starts with Senior",
                "title is Senior Analyst",
                "title is Senior Analyst, which does not contain x",
                "title is Senior Analyst, none of a, b or c"
            ]
        );
        let nested = condition(r#"!(principal.title == "A" && principal.kind == "agent")"#);
        assert_eq!(
            nested.why(&ana),
            ["not (title is A and kind is agent) (title is Senior Analyst, kind is employee)"]
        );
        assert!(condition("false").why(&ana).is_empty());
    }
}
