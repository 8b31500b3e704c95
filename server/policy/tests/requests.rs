//! Conditions about a request: what they see, what is refused and where, and that no text does harm.

use policy::{Facts, MAX_BYTES, Problem, RequestCondition, RequestFacts, Vocabulary};
use proptest::prelude::*;

fn vocabulary() -> Vocabulary {
    Vocabulary::new(["cost center".to_owned()])
}

fn parse(text: &str) -> Result<RequestCondition, Vec<Problem>> {
    RequestCondition::parse(text, &vocabulary())
}

fn refused(text: &str, column: usize, length: usize, says: &str) {
    let found = parse(text).expect_err(text);
    let [problem] = found.as_slice() else {
        panic!("{text}: {found:#?}");
    };
    assert_eq!(
        (problem.line, problem.column, problem.length),
        (1, column, length),
        "{text}: {problem}"
    );
    assert!(problem.message.contains(says), "{text}: {problem}");
}

fn usual() -> RequestFacts {
    RequestFacts {
        risk: "low".to_owned(),
        peers: 85,
        peers_known: true,
        days: 30,
        application: "sap".to_owned(),
        entitlement: "post".to_owned(),
        ..RequestFacts::default()
    }
}

fn holds(text: &str, request: &RequestFacts) -> bool {
    let condition = parse(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let person = Facts::default()
        .with("department", "Finance")
        .with("cost center", "7");
    condition.holds(&person, request).unwrap_or(false)
}

#[test]
fn the_person_and_the_request_are_seen() {
    for (text, expected) in [
        ("true", true),
        ("context.risk == \"low\" && context.peers >= 80", true),
        ("context.peers > 85", false),
        ("context.peers_known && !context.privileged", true),
        ("context.days > 0 && context.days <= 30", true),
        (
            "context.application == \"sap\" && context.entitlement like \"po*\"",
            true,
        ),
        ("context.role == \"\"", true),
        ("[\"low\", \"medium\"].contains(context.risk)", true),
        ("context.risk == \"\" || context.risk == \"high\"", false),
        (
            "principal.department == \"Finance\" && principal[\"cost center\"] == \"7\"",
            true,
        ),
        ("principal.department == context.application", false),
        ("context[\"risk\"] == \"low\"", true),
        (
            "if context.privileged then false else context.peers * 2 > 100",
            true,
        ),
        // What cannot be answered does not hold.
        ("context.peers + 9223372036854775807 > 0", false),
        (
            "context.days == 30 || context.peers + 9223372036854775807 > 0",
            true,
        ),
    ] {
        assert_eq!(holds(text, &usual()), expected, "{text}");
    }
    assert!(!holds("context.peers_known", &RequestFacts::default()));
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    refused(
        "context.riskk == \"low\"",
        9,
        5,
        "Did you mean context.risk?",
    );
    refused("context.salary == \"low\"", 9, 6, "Known are: risk, peers");
    refused("risk == \"low\"", 1, 4, "Write context.risk");
    refused(
        "context.risk == \"hihg\"",
        17,
        6,
        "low, medium, high, critical",
    );
    refused(
        "[\"low\", \"none\"].contains(context.risk)",
        9,
        6,
        "no risk “none”",
    );
    refused("context.peers >= \"80\"", 18, 4, "a number is needed");
    refused("context.peers == \"80\"", 1, 21, "never the same");
    refused("context.risk", 1, 12, "yes or no is needed");
    refused("context == principal.title", 1, 7, "as in context.risk");
    refused("resource.name == \"x\"", 1, 8, "as in context.risk");
    refused(
        "principal.depatment == \"x\"",
        11,
        9,
        "Did you mean principal.department?",
    );
    refused("principal.kind == \"robot\"", 19, 7, "It is one of");
    refused("context has risk", 9, 3, "“has” is not needed");
    refused("context.risk = \"low\"", 14, 1, "Write == to compare");
    refused("", 1, 0, "context.risk == \"low\"");
    refused(
        "true } ; permit(principal, action, resource) when { true",
        6,
        1,
        "single expression",
    );
    refused(&" ".repeat(MAX_BYTES + 3), MAX_BYTES + 1, 3, "too long");
}

#[test]
fn deep_and_long_texts_are_refused_or_fit_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let thread = small.spawn(|| {
        for text in [
            "(".repeat(MAX_BYTES),
            "if ".repeat(MAX_BYTES / 3),
            "context.".repeat(MAX_BYTES / 8),
            "true && ".repeat(MAX_BYTES / 8),
        ] {
            assert!(parse(&text).is_err());
        }
        for text in [
            vec!["context.privileged"; 300].join(" || "),
            format!("{} > 0", vec!["context.peers"; 300].join(" + ")),
            format!("{}context.peers_known{}", "!(".repeat(29), ")".repeat(29)),
        ] {
            let condition = parse(&text).expect("the text is allowed");
            assert!(
                condition.holds(&Facts::default(), &usual()).is_ok(),
                "{text}"
            );
        }
    });
    assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
}

proptest! {
    #[test]
    fn any_text_is_answered_with_a_condition_or_with_places_inside_of_it(text in any::<String>()) {
        never_harmful(&text)?;
    }

    #[test]
    fn pieces_of_conditions_in_any_order_do_no_harm(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "context", "principal", ".", "risk", "peers", "days", "title", "==", "!=", ">=", "=", "\"low\"", "\"", "&&",
            "||", "!", "(", ")", "[", "]", "{", "}", ";", "::", "-", "+", "80", "like", "in", "has", "is", "if", "then",
            "else", "true", "resource", "?principal", "@", "//", "\n", "\\", "é", "permit", "when", ".contains(",
            "[\"low\"]", "context.risk", "context.peers > 1", " ",
        ]), 0..30)
    ) {
        never_harmful(&pieces.concat())?;
        never_harmful(&pieces.join(" "))?;
    }
}

fn never_harmful(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(condition) => {
            let _ = condition.holds(&Facts::default(), &usual());
        }
        Err(problems) => {
            prop_assert!(!problems.is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            for problem in problems {
                prop_assert!(problem.line >= 1 && problem.line <= lines.len());
                let line = lines[problem.line - 1].chars().count();
                prop_assert!(
                    problem.column >= 1 && problem.column <= line + 1,
                    "{}: {}",
                    text,
                    problem
                );
                prop_assert!(!problem.message.is_empty() && !problem.message.contains("policy0"));
            }
        }
    }
    Ok(())
}
