//! Properties over random conditions and people: the native tree, the index and the form say what Cedar says.
//!
//! Conditions are made as text, so that the whole way from typing to answering is tested. Only compiled for tests.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::cedar::Question;
use crate::literal::{access, quoted};
use crate::{Comparison, Condition, Facts, Form, Operator, RuleSet, Vocabulary};

const ATTRIBUTES: [&str; 4] = ["department", "title", "cost center", "manager"];

fn vocabulary() -> Vocabulary {
    Vocabulary::new(["cost center".to_owned()])
}

/// Few values, so that equalities are often true, and the odd one.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab*\\\\]{0,3}",
        2 => prop::sample::select(vec!["", "a", "b", "é", "a\"b"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn attribute() -> impl Strategy<Value = String> {
    prop::sample::select(ATTRIBUTES.to_vec()).prop_map(access)
}

fn operand() -> impl Strategy<Value = String> {
    prop_oneof![4 => attribute(), 1 => value().prop_map(|v| quoted(&v))]
}

/// The parts of a pattern, joined by stars that count, each of its own stars escaped.
fn pattern() -> impl Strategy<Value = String> {
    prop::collection::vec("[abé*]{0,2}", 1..5).prop_map(|parts| {
        let parts: Vec<String> = parts.iter().map(|p| p.replace('*', "\\*")).collect();
        format!("\"{}\"", parts.join("*"))
    })
}

fn list() -> impl Strategy<Value = String> {
    prop::collection::vec(value().prop_map(|v| quoted(&v)), 1..4).prop_map(|v| v.join(", "))
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => (operand(), prop::sample::select(vec!["==", "!="]), operand())
            .prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
        3 => (list(), operand()).prop_map(|(list, operand)| format!("[{list}].contains({operand})")),
        3 => (operand(), pattern()).prop_map(|(operand, pattern)| format!("{operand} like {pattern}")),
        1 => prop::sample::select(vec![
            "true",
            "false",
            "1 + 1 == 2",
            "9223372036854775807 + 1 > 0",
            "[principal.title].containsAny([\"a\", \"b\"])",
        ])
        .prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" && "))),
            3 => prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" || "))),
            1 => inner.clone().prop_map(|part| format!("!({part})")),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
        ]
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    prop::collection::vec(value(), ATTRIBUTES.len()).prop_map(|values| {
        ATTRIBUTES
            .iter()
            .zip(values)
            .fold(Facts::default(), |facts, (name, value)| {
                facts.with(name, value)
            })
    })
}

fn form() -> impl Strategy<Value = Form> {
    let row = (
        prop::sample::select(ATTRIBUTES.to_vec()),
        prop::sample::select(Operator::ALL.to_vec()),
        prop::collection::vec(prop_oneof![value(), any::<String>()], 1..4),
    );
    let row = row.prop_map(|(attribute, operator, mut values)| {
        match operator {
            Operator::IsEmpty | Operator::IsNotEmpty => values.clear(),
            Operator::IsOneOf | Operator::IsNotOneOf => {}
            // Being the empty text has an operator of its own.
            Operator::Is | Operator::IsNot => {
                values.truncate(1);
                values[0].push('.');
            }
            Operator::StartsWith | Operator::Contains => values.truncate(1),
        }
        Comparison {
            attribute: attribute.to_owned(),
            operator,
            values,
        }
    });
    prop::collection::vec(row, 0..5).prop_map(|all| Form { all })
}

proptest! {
    #[test]
    fn the_native_answer_is_cedars(text in text(), people in prop::collection::vec(facts(), 3)) {
        let condition = Condition::parse(&text, &vocabulary())
            .map_err(|problems| TestCaseError::fail(format!("{text}: {problems:?}")))?;
        for person in people {
            let question = Question::about(&person, condition.reads()).expect("texts are values");
            let cedar = condition.holds_by_cedar(&question);
            if let Some(native) = condition.term().holds(&person) {
                prop_assert_eq!(Ok(native), cedar.clone(), "{}", text);
            }
            prop_assert_eq!(condition.holds(&person), cedar);
            prop_assert!(!condition.in_words().is_empty());
            prop_assert_eq!(condition.why(&person).is_empty(), condition.holds(&person) != Ok(true));
        }
    }

    #[test]
    fn the_index_changes_no_answer(texts in prop::collection::vec(text(), 1..8), person in facts()) {
        let vocabulary = vocabulary();
        let rules: Vec<(usize, Condition)> = texts
            .iter()
            .enumerate()
            .filter_map(|(key, text)| Some((key, Condition::parse(text, &vocabulary).ok()?)))
            .collect();
        let (mut holding, mut failed) = (Vec::new(), Vec::new());
        for (key, condition) in &rules {
            match condition.holds(&person) {
                Ok(true) => holding.push(*key),
                Ok(false) => {}
                Err(error) => failed.push((*key, error)),
            }
        }
        let set = RuleSet::new(rules.clone());
        let found = set.matching(&person);
        prop_assert_eq!(found.holding, holding);
        prop_assert_eq!(found.failed, failed);
        let reads: BTreeSet<String> = rules.iter().flat_map(|(_, c)| c.reads().clone()).collect();
        prop_assert_eq!(set.reads(), &reads);
    }

    #[test]
    fn a_form_survives_being_text(form in form()) {
        let text = form.to_text();
        prop_assume!(text.len() <= crate::MAX_BYTES);
        let condition = Condition::parse(&text, &vocabulary())
            .map_err(|problems| TestCaseError::fail(format!("{text}: {problems:?}")))?;
        prop_assert_eq!(condition.as_form(), Some(form));
    }
}
