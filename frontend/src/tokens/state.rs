//! What the completion below the search knows and does, apart from how it looks.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, KeyboardEvent};

use super::{
    TokenKey,
    complete::{self, Completion},
};
use crate::{dom, listbox};

/// Copies share the state.
#[derive(Clone, Copy)]
pub(super) struct Suggest {
    pub(super) root: NodeRef<html::Div>,
    pub(super) completion: RwSignal<Option<Completion>>,
    /// The option that Enter takes.
    pub(super) active: RwSignal<Option<usize>>,
    keys: StoredValue<Vec<TokenKey>>,
}

impl Suggest {
    pub(super) fn new(keys: Vec<TokenKey>) -> Self {
        Self {
            root: NodeRef::new(),
            completion: RwSignal::new(None),
            active: RwSignal::new(None),
            keys: StoredValue::new(keys),
        }
    }

    /// The field is the page's, so its attributes are set by hand.
    pub(super) fn describe(self) {
        let Some(field) = self.field() else { return };
        dom::set(&field, "aria-autocomplete", "list");
        dom::set(&field, "aria-controls", "q-suggest");
        dom::set(&field, "autocomplete", "off");
    }

    /// Points the field at the active option.
    pub(super) fn point(self) {
        let option = self.active.get().filter(|at| *at < self.count());
        let Some(field) = self.field() else { return };
        match option {
            Some(at) => dom::set(&field, "aria-activedescendant", &option_id(at)),
            None => dom::unset(&field, "aria-activedescendant"),
        }
    }

    pub(super) fn typed(self, event: &Event) {
        if is_field(event) {
            self.look(false);
        }
    }

    pub(super) fn pressed(self, event: &KeyboardEvent) {
        if !is_field(event) || event.is_composing() || dom::has_modifier(event) || event.shift_key()
        {
            return;
        }
        let key = event.key();
        let active = self.active.get_untracked();
        let shown = untrack(|| self.count());
        if let Some(next) = listbox::step(active, shown, &key) {
            event.prevent_default();
            self.active.set(Some(next));
            dom::later(0, move || dom::reveal(&option_id(next)));
            return;
        }
        match (key.as_str(), active) {
            ("ArrowDown", _) => self.look(true),
            ("Tab", _) if shown > 0 => {
                event.prevent_default();
                self.accept(active.unwrap_or(0));
            }
            ("Enter", Some(at)) if shown > 0 => {
                event.prevent_default();
                self.accept(at);
            }
            ("Escape", _) if shown > 0 => {
                event.prevent_default();
                self.close();
            }
            _ => {}
        }
    }

    /// Puts the option in place of the token, and looks what may follow.
    pub(super) fn accept(self, at: usize) {
        let accepted = self
            .completion
            .with_untracked(|it| it.as_ref().and_then(|it| it.accept(at)));
        let (Some(field), Some((text, caret))) = (self.field(), accepted) else {
            return;
        };
        field.set_value(&text);
        if let Ok(caret) = u32::try_from(caret) {
            field.set_selection_range(caret, caret).ok();
        }
        dom::focus(&field);
        self.look(false);
    }

    pub(super) fn close(self) {
        self.completion.set(None);
        self.active.set(None);
    }

    /// How many options there are.
    pub(super) fn count(self) -> usize {
        self.completion
            .read()
            .as_ref()
            .map_or(0, |it| it.offers.len())
    }

    /// What a screen reader hears when the list changes.
    pub(super) fn status(self) -> String {
        match self.count() {
            0 => String::new(),
            1 => "1 suggestion, Tab to accept".to_owned(),
            count => format!("{count} suggestions, arrows to choose, Tab to accept"),
        }
    }

    fn look(self, whole: bool) {
        let Some(field) = self.field() else { return };
        let caret = field
            .selection_start()
            .ok()
            .flatten()
            .map_or(usize::MAX, |at| at as usize);
        self.active.set(None);
        let completion = self
            .keys
            .with_value(|keys| complete::complete(&field.value(), caret, keys, whole));
        self.completion.set(completion);
    }

    fn field(self) -> Option<HtmlInputElement> {
        let root = self.root.get_untracked()?;
        dom::query_in(&root, "input[name=q]")?.dyn_into().ok()
    }
}

/// The id of the option at this place.
pub(super) fn option_id(at: usize) -> String {
    format!("q-suggest-{at}")
}

fn is_field(event: &Event) -> bool {
    dom::target_within(event, "input[name=q]").is_some()
}
