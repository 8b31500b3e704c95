//! What the field with suggestions knows and does, apart from how it looks.

use leptos::{html, prelude::*};
use web_sys::KeyboardEvent;

use crate::{
    api::{Suggestion, Suggestions},
    dom,
    finder::{Answer, Finder},
    listbox,
};

/// Copies share the state.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) input: NodeRef<html::Input>,
    /// Whether scripts run: the field says "combobox" only once it is one.
    pub(super) ready: RwSignal<bool>,
    /// The option that Enter takes.
    pub(super) active: RwSignal<Option<usize>>,
    /// The name that people read for the text in the field.
    pub(super) chosen: RwSignal<String>,
    /// What is listed now.
    pub(super) found: Memo<Suggestions>,
    /// What is said below the list.
    pub(super) said: Memo<String>,
    open: RwSignal<bool>,
    finder: Finder,
    endpoint: StoredValue<String>,
    input_id: StoredValue<String>,
}

impl Choice {
    pub(super) fn new(chosen: String, endpoint: String, input_id: String) -> Self {
        let open = RwSignal::new(false);
        let finder = Finder::new();
        let answer = move || {
            if open.get() {
                finder.answer()
            } else {
                Answer::Silent
            }
        };
        Self {
            input: NodeRef::new(),
            ready: RwSignal::new(false),
            active: RwSignal::new(None),
            chosen: RwSignal::new(chosen),
            found: Memo::new(move |_| match answer() {
                Answer::Found { found, .. } => found,
                Answer::Silent | Answer::Failed => Suggestions::default(),
            }),
            said: Memo::new(move |_| say(&answer())),
            open,
            finder,
            endpoint: StoredValue::new(endpoint),
            input_id: StoredValue::new(input_id),
        }
    }

    pub(super) fn typed(self, text: &str) {
        self.chosen.set(String::new());
        if text.trim().is_empty() {
            self.close();
        } else {
            self.ask(text);
        }
    }

    pub(super) fn pressed(self, event: &KeyboardEvent) {
        if event.is_composing() || dom::has_modifier(event) {
            return;
        }
        let key = event.key();
        let active = self.active.get_untracked();
        if let Some(next) = listbox::step(active, self.found.read_untracked().items.len(), &key) {
            event.prevent_default();
            self.active.set(Some(next));
            dom::later(0, move || dom::reveal(&self.option_id(next)));
            return;
        }
        let choice = active.and_then(|at| self.found.read_untracked().items.get(at).cloned());
        match (key.as_str(), choice) {
            ("ArrowDown", _) => {
                event.prevent_default();
                self.ask(&event_target_value(event));
            }
            ("Enter", Some(choice)) => {
                event.prevent_default();
                self.accept(choice);
            }
            ("Tab", Some(choice)) => self.accept(choice),
            // Only the list closes, not a dialog around it.
            ("Escape", _) if !self.said.read_untracked().is_empty() => {
                event.prevent_default();
                self.close();
            }
            _ => {}
        }
    }

    /// Puts the option's text into the field.
    pub(super) fn accept(self, item: Suggestion) {
        if let Some(input) = self.input.get_untracked() {
            input.set_value(&item.id);
            dom::announce(&input, "change");
        }
        self.chosen.set(item.label);
        self.close();
    }

    pub(super) fn close(self) {
        self.open.set(false);
        self.active.set(None);
        self.finder.forget();
    }

    /// Whether a list is open.
    pub(super) fn is_listing(self) -> bool {
        !self.found.read().items.is_empty()
    }

    /// The id of the active option, if it is still there.
    pub(super) fn current(self) -> Option<String> {
        self.active
            .get()
            .filter(|at| *at < self.found.read().items.len())
            .map(|at| self.option_id(at))
    }

    /// The id of the option at this place.
    pub(super) fn option_id(self, at: usize) -> String {
        self.input_id.with_value(|id| format!("{id}-option-{at}"))
    }

    fn ask(self, text: &str) {
        self.open.set(true);
        self.active.set(None);
        self.finder
            .ask(self.endpoint.get_value(), text.trim().to_owned());
    }
}

fn say(answer: &Answer) -> String {
    match answer {
        Answer::Silent => String::new(),
        Answer::Failed => "No suggestions just now. Type it in full.".to_owned(),
        Answer::Found { found, .. } if found.items.is_empty() => "Nothing matches.".to_owned(),
        Answer::Found { found, .. } => {
            let shown = found.items.len();
            let hidden = found.more || found.total > shown as u64;
            let narrow = if hidden { " – type to narrow" } else { "" };
            format!(
                "{}{narrow}",
                listbox::showing(shown, found.total, found.more)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(shown: usize, total: u64) -> Answer {
        let items = vec![Suggestion::default(); shown];
        Answer::Found {
            query: String::new(),
            found: Suggestions {
                items,
                total,
                more: false,
            },
        }
    }

    #[test]
    fn says_how_many_are_left_out() {
        assert_eq!(say(&found(20, 412)), "Showing 20 of 412 – type to narrow");
        assert_eq!(say(&found(3, 3)), "Showing 3 of 3");
        assert_eq!(say(&found(0, 0)), "Nothing matches.");
        assert_eq!(say(&Answer::Silent), "");
    }
}
