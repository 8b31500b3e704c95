//! No text whatever does harm: none leaves its place, overflows a stack or panics.

use policy::{Condition, Facts, MAX_BYTES, Problem, Vocabulary};
use proptest::prelude::*;

fn vocabulary() -> Vocabulary {
    Vocabulary::new(["cost center".to_owned()])
}

fn problems(text: &str) -> Vec<Problem> {
    match Condition::parse(text, &vocabulary()) {
        Ok(_) => panic!("accepted: {text}"),
        Err(problems) => problems,
    }
}

/// The only problem is at this place (column and length) and says this.
fn refused(text: &str, column: usize, length: usize, says: &str) {
    let found = problems(text);
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

#[test]
fn nothing_can_follow_or_leave_the_condition() {
    refused(
        "true } ; permit(principal, action, resource) when { true",
        6,
        1,
        "single expression",
    );
    refused("true; true", 5, 1, "single expression");
    refused("@id(\"x\") true", 1, 1, "no annotations");
    let commented = "true // } ; permit(principal, action, resource) when { true";
    assert!(Condition::parse(commented, &vocabulary()).is_ok());
    let quoted = "principal.title == \"} ; permit(principal, action, resource) when { true\n\"";
    assert!(Condition::parse(quoted, &vocabulary()).is_ok());
    for text in [
        "true }; permit(principal, action, resource",
        "true\n}; forbid(principal, action, resource) when { true",
        "true } unless { false",
        "when { true }",
        "true // \r } unless { false",
    ] {
        assert!(Condition::parse(text, &vocabulary()).is_err(), "{text}");
    }
}

#[test]
fn long_and_deep_texts_are_refused_before_they_cost_anything() {
    refused(&" ".repeat(MAX_BYTES + 3), MAX_BYTES + 1, 3, "too long");
    let hostile = [
        "(".repeat(MAX_BYTES),
        "[".repeat(MAX_BYTES),
        "!(".repeat(MAX_BYTES / 2),
        "-(".repeat(MAX_BYTES / 2),
        "if ".repeat(MAX_BYTES / 3),
        "{a:".repeat(MAX_BYTES / 3),
        "true && ".repeat(MAX_BYTES / 8),
        "1 + ".repeat(MAX_BYTES / 4),
        "a.".repeat(MAX_BYTES / 2),
        "f(".repeat(MAX_BYTES / 2),
        "a::".repeat(MAX_BYTES / 3),
        "a[\"\"]".repeat(MAX_BYTES / 5),
        format!("true{}", " || true".repeat(MAX_BYTES / 9)),
    ];
    for text in hostile {
        assert!(Condition::parse(&text, &vocabulary()).is_err());
    }
}

#[test]
fn the_deepest_and_longest_accepted_texts_fit_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let thread = small.spawn(|| {
        let part = "principal.title != \"x\"";
        let chain = vec!["true"; 400];
        for text in [
            chain.join(" && "),
            chain.join(" || "),
            format!("{} > 0", vec!["1"; 300].join(" + ")),
            format!("{}{part}{}", "(".repeat(30), ")".repeat(30)),
            format!("{}{part}{}", "!(".repeat(29), ")".repeat(29)),
            format!("{}{part}{}", "(".repeat(8), ")".repeat(8)),
            ["true"; 9].join(" && "),
            format!("{}true", "if true then true else ".repeat(30)),
            format!("{}true{}", "(true && (true || ".repeat(14), "))".repeat(14)),
            format!(
                "[{}].contains(principal.title)",
                vec!["\"x\""; 1500].join(",")
            ),
        ] {
            let condition = Condition::parse(&text, &vocabulary()).expect("the text is allowed");
            assert!(condition.holds(&Facts::default()).is_ok(), "{text}");
            assert!(!condition.in_words().is_empty());
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
            "principal", ".", "title", "kind", "==", "!=", "=", "\"a\"", "\"", "'", "&&", "||", "!", "(", ")", "[",
            "]", "{", "}", ";", ",", ":", "::", "-", "+", "1", "like", "in", "has", "is", "if", "then", "else",
            "true", "resource", "context", "?principal", "@", "//", "\n", "\r", "\\", "é", "permit", "when",
            ".contains(", "[\"a\"]", "Person::\"a\"", " ",
        ]), 0..30)
    ) {
        never_harmful(&pieces.concat())?;
        never_harmful(&pieces.join(" "))?;
    }

    #[test]
    fn any_text_in_quotes_is_only_a_text(value in "[^\"\\\\\r]*") {
        let text = format!("principal.title == \"{value}\"");
        let condition = Condition::parse(&text, &vocabulary())
            .map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        prop_assert_eq!(condition.holds(&Facts::default().with("title", value)), Ok(true));
    }
}

fn never_harmful(text: &str) -> Result<(), TestCaseError> {
    match Condition::parse(text, &vocabulary()) {
        Ok(condition) => {
            let _ = condition.holds(&Facts::default());
            prop_assert!(
                condition
                    .as_form()
                    .is_none_or(|form| form.to_text().len() > 3)
            );
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
