//! How this feature calls things, and its sentences.

use domain::rule::RuleState;
use leptos::prelude::*;

use crate::format::number;
use crate::ui::{Pill, Tone};

/// What a token's key and a value of it are called.
pub(super) fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "state" => "State",
        "owner" => "Owner",
        "role" => "Gives the role",
        "entitlement" => "Gives the entitlement",
        "name" => "Name",
        "gives" => "Gives",
        "description" => "Description",
        other => other,
    };
    let label = match (key, value) {
        ("state", "current") => Some("Not ended"),
        ("gives", "role") => Some("A role"),
        ("gives", "entitlement") => Some("An entitlement"),
        ("state", word) => RuleState::from_word(word).map(RuleState::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

/// Where a rule is in its life.
pub(super) fn state_pill(state: RuleState) -> AnyView {
    let tone = match state {
        RuleState::Active => Tone::Good,
        RuleState::Draft | RuleState::Observing | RuleState::Ended => Tone::Plain,
    };
    view! { <Pill text=state.label() tone=tone /> }.into_any()
}

/// `Whoever's department is Finance gets Ledger reader.`
pub(super) fn lead(words: &str, condition: &str, gives: &str) -> String {
    match words {
        "always" => format!("Everybody gets {gives}."),
        "never" => format!("It applies to nobody, so nobody gets {gives}."),
        words if is_phrase(words, condition) => format!("Whoever’s {words} gets {gives}."),
        _ => format!("Whoever fits the condition gets {gives}."),
    }
}

/// `It applies to everybody whose department is Finance.`
pub(super) fn applies_to(words: &str, condition: &str) -> String {
    match words {
        "always" => "It applies to everybody.".to_owned(),
        "never" => "It applies to nobody.".to_owned(),
        words if is_phrase(words, condition) => format!("It applies to everybody whose {words}."),
        words => format!("It applies when this holds: {words}"),
    }
}

/// Whether words begin with an attribute, so that they go on after `whose`.
fn is_phrase(words: &str, condition: &str) -> bool {
    let begins = |start: &str| words.starts_with(start);
    words != condition.trim() && !begins("(") && !begins("not (") && !begins("if ")
}

/// What the state of a rule means for those to whom it applies.
pub(super) fn meaning(state: RuleState, people: u64) -> String {
    match state {
        RuleState::Draft => "It is a draft and gives nothing yet.".to_owned(),
        RuleState::Observing => {
            "It is observed: it shows to whom it would apply, and gives nothing yet.".to_owned()
        }
        RuleState::Active => match people {
            0 => "It is active, and it applies to nobody now.".to_owned(),
            1 => "It is active, and one person has something by it now.".to_owned(),
            n => format!(
                "It is active, and {} people have something by it now.",
                number(n)
            ),
        },
        RuleState::Ended => "It has ended and gives nothing any more.".to_owned(),
    }
}

/// `30 days`, `1 day`; none is said, too.
pub(super) fn hand_over(days: u16) -> String {
    match days {
        0 => "None: it ends at once".to_owned(),
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_one_sentence() {
        let text = r#"principal.department == "Finance""#;
        assert_eq!(
            lead("department is Finance", text, "Ledger reader"),
            "Whoever’s department is Finance gets Ledger reader."
        );
        assert_eq!(
            lead("always", "true", "Ledger reader"),
            "Everybody gets Ledger reader."
        );
        assert_eq!(
            lead("1 + 1 == 2", " 1 + 1 == 2 ", "Ledger reader"),
            "Whoever fits the condition gets Ledger reader."
        );
        assert_eq!(
            applies_to("department is Finance", text),
            "It applies to everybody whose department is Finance."
        );
    }
}
