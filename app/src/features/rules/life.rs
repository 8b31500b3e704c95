//! The life of a rule in words: what its steps are called, where they stand, and what they mean. What is possible is said by
//! the domain.

use domain::rule::RuleState;

use crate::ui::Icon;

/// The last part of the path of a step.
pub(super) const fn word(next: RuleState) -> &'static str {
    match next {
        RuleState::Draft => "draft",
        RuleState::Observing => "observe",
        RuleState::Active => "activate",
        RuleState::Ended => "end",
    }
}

/// The verb on the button.
pub(super) const fn verb(next: RuleState) -> &'static str {
    match next {
        RuleState::Draft => "Back to draft",
        RuleState::Observing => "Observe",
        RuleState::Active => "Activate",
        RuleState::Ended => "End",
    }
}

/// What stands beside the verb.
pub(super) const fn icon(next: RuleState) -> Icon {
    match next {
        RuleState::Draft => Icon::Undo2,
        RuleState::Observing => Icon::Eye,
        RuleState::Active => Icon::Play,
        RuleState::Ended => Icon::Archive,
    }
}

/// The step that a rule usually takes next.
pub(super) const fn usual(state: RuleState) -> Option<RuleState> {
    match state {
        RuleState::Draft => Some(RuleState::Observing),
        RuleState::Observing => Some(RuleState::Active),
        RuleState::Active | RuleState::Ended => None,
    }
}

/// The other steps that are possible, in the order of the menu.
pub(super) fn others(state: RuleState) -> impl Iterator<Item = RuleState> {
    let possible = move |next: &RuleState| state.to(*next).is_ok() && usual(state) != Some(*next);
    RuleState::ALL.iter().copied().filter(possible)
}

/// Whether a step is shown as a plan: when it changes access, or leads to a rule that will.
pub(super) fn is_planned(from: RuleState, next: RuleState) -> bool {
    from == RuleState::Active || (next != RuleState::Ended && next != RuleState::Draft)
}

/// The step that the last part of a path names.
pub(super) fn from_word(wanted: &str) -> Option<RuleState> {
    let mut all = RuleState::ALL.iter().copied();
    all.find(|next| word(*next) == wanted)
}

/// The message when it is done.
pub(super) const fn flash(next: RuleState) -> &'static str {
    match next {
        RuleState::Draft => "rule-draft",
        RuleState::Observing => "rule-observed",
        RuleState::Active => "rule-activated",
        RuleState::Ended => "ended",
    }
}

/// What will happen.
pub(super) const fn effect(from: RuleState, next: RuleState) -> &'static str {
    match (from, next) {
        (_, RuleState::Draft) => "It gave nothing yet, so nobody gains or loses anything.",
        (RuleState::Active, RuleState::Observing) => {
            "What it gave ends at once, without a hand-over. Until somebody activates it again it only shows to whom it would apply."
        }
        (_, RuleState::Observing) => {
            "It gives nothing yet. It shows to whom it would apply, until somebody activates it."
        }
        (_, RuleState::Active) => {
            "From now on it gives access to everybody to whom it applies, and ends that when it no longer does."
        }
        (RuleState::Active, RuleState::Ended) => {
            "It never comes back. What it gave ends at once, without a hand-over; the record stays for the log."
        }
        (_, RuleState::Ended) => {
            "It never comes back; the record stays for the log. It gave nothing yet, so nobody loses anything."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_possible_step_is_offered_once() {
        for from in RuleState::ALL {
            let mut offered: Vec<RuleState> =
                usual(*from).into_iter().chain(others(*from)).collect();
            offered.sort();
            let all = RuleState::ALL.iter().copied();
            let possible: Vec<RuleState> = all.filter(|next| from.to(*next).is_ok()).collect();
            assert_eq!(offered, possible);
        }
    }

    #[test]
    fn the_words_of_steps_are_read_back() {
        for next in RuleState::ALL {
            assert_eq!(from_word(word(*next)), Some(*next));
        }
        assert_eq!(from_word("edit"), None);
    }

    #[test]
    fn what_changes_access_is_always_planned() {
        assert!(is_planned(RuleState::Observing, RuleState::Active));
        assert!(is_planned(RuleState::Active, RuleState::Observing));
        assert!(is_planned(RuleState::Active, RuleState::Ended));
        assert!(is_planned(RuleState::Draft, RuleState::Observing));
        assert!(!is_planned(RuleState::Observing, RuleState::Draft));
        assert!(!is_planned(RuleState::Draft, RuleState::Ended));
    }
}
