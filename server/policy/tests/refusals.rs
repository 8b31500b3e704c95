//! What is refused, where, and in which words.

use policy::{Condition, Problem, Vocabulary};

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
fn an_unknown_name_is_told_with_the_nearest_known_one() {
    refused(
        r#"principal.depatment == "x""#,
        11,
        9,
        "Did you mean principal.department?",
    );
    refused(
        r#"principal["Cost-Center"] == "x""#,
        11,
        13,
        r#"principal["cost center"]"#,
    );
    refused(
        r#"principal.salary == "x""#,
        11,
        6,
        "Known are: username, display_name",
    );
    refused(r#"department == "x""#, 1, 10, "Write principal.department");
    refused(
        "principal.department == Finance",
        25,
        7,
        r#"as in "Finance""#,
    );
    let two = problems("principal.a == \"x\" &&\n  principal.a == \"y\"");
    let places: Vec<_> = two.iter().map(|p| (p.line, p.column)).collect();
    assert_eq!(places, [(1, 11), (2, 13)]);
}

#[test]
fn a_word_that_does_not_exist_is_told_with_those_that_do() {
    refused(
        r#"principal.title == "manager" && principal.kind == "manager""#,
        51,
        9,
        "It is one of: employee, contractor, external, service, agent.",
    );
    refused(
        r#""left" != principal.status"#,
        1,
        6,
        "active, on_leave, suspended, ended",
    );
    refused(
        r#"!["agent", "robot"].contains(principal["kind"])"#,
        12,
        7,
        "no kind “robot”",
    );
    refused(r#"true && (principal.kind == "")"#, 28, 2, "no kind “”");
}

#[test]
fn types_that_do_not_fit_are_told_in_plain_words() {
    refused(
        "principal.department == 3",
        1,
        25,
        "a number and a text, which are never the same",
    );
    refused(
        "principal.department",
        1,
        20,
        "This is a text, but yes or no is needed",
    );
    refused("1", 1, 1, "This is a number, but yes or no");
    refused("!principal.title", 2, 15, "This is a text, but yes or no");
    refused("principal.title > 3", 1, 15, "a number is needed");
    refused(
        "principal.title.foo == \"x\"",
        1,
        19,
        "no attributes of its own",
    );
    refused("[].contains(principal.title)", 1, 2, "list is empty");
    refused(
        "[1, \"a\"].contains(principal.title)",
        1,
        8,
        "mixes a number and a text",
    );
    refused(
        "principal.title.contains(\"x\")",
        1,
        29,
        "a list is needed before the dot",
    );
    refused("principal.title.isEmpty()", 1, 25, "== \"\"");
    refused("{a: 1}.b == 1", 1, 13, "not found");
    let sum = problems("principal.title + \"x\" == \"y\"");
    assert!(sum[0].message.contains("put together"), "{sum:?}");
}

#[test]
fn a_wrong_sign_or_bracket_is_told_with_what_was_expected() {
    refused("", 1, 0, "empty");
    refused(" // nothing", 1, 0, "empty");
    refused("principal.title = \"x\"", 17, 1, "Write ==");
    refused("principal.title == 'x'", 20, 1, "double quotes");
    refused("principal.title == “x”", 20, 1, "straight double quotes");
    refused("principal.title == \"x", 20, 1, "not closed");
    refused(
        "principal.title ==",
        19,
        0,
        "ends too early: expected an attribute",
    );
    refused("(principal.title == \"a\"", 24, 0, "expected )");
    refused("principal.title == \"a\")", 23, 1, "expected the end");
    refused(
        "principal.title == \"é\" and true",
        24,
        3,
        "Write && instead of “and”",
    );
    refused("principal.title == \"é\" OR true", 24, 2, "Write ||");
    refused("principal.title == \"a\" & true", 24, 1, "Write &&");
    refused("principal.title == \"\\q\"", 20, 4, "backslash");
    refused(
        "principal.title like principal.kind",
        22,
        14,
        "double quotes",
    );
    refused(
        "principal.title.startsWith(\"x\")",
        1,
        31,
        "no “startsWith”",
    );
    refused(
        "lower(principal.title) == \"x\"",
        1,
        22,
        "no function “lower”",
    );
    refused("[1].contains()", 1, 14, "takes one value");
    refused("true / true", 1, 11, "Dividing");
    refused("!!!!!true", 1, 9, "four times");
    refused("99999999999999999999 > 1", 1, 20, "too large");
    refused("principal.if == \"x\"", 11, 2, "principal[\"if\"]");
    refused("true == true == true", 1, 20, "Two comparisons");
    refused("true && \u{1}", 9, 1, "invisible");
    refused(
        "?principal == principal",
        1,
        10,
        "Write principal for the person",
    );
}

#[test]
fn only_attributes_of_the_person_can_be_used() {
    refused("resource == 1", 1, 8, "“resource” is not known here");
    refused("true || context.resource == 1", 9, 7, "“context”");
    refused(
        "\"action\" == \"\" || action has x",
        26,
        3,
        "“has” is not needed",
    );
    refused("principal in Team::\"a\"", 11, 2, "[\"a\", \"b\"].contains");
    refused(
        "principal.title in [\"a\"]",
        17,
        2,
        "[\"a\", \"b\"].contains",
    );
    refused("principal is Person", 11, 2, "always about a person");
    refused(
        "principal has title",
        11,
        3,
        "every attribute is always there",
    );
    refused("principal.hasTag(\"x\")", 11, 6, "no tags");
    let both = problems("principal == Person::\"ana\"");
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both[1].message.contains("username"), "{both:?}");
}
