//! What the palette knows and does, apart from how it looks.

use leptos::{ev, html, prelude::*};
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, MouseEventInit};

use super::{
    rank::{self, Section},
    recent,
};
use crate::{
    api::Suggestion,
    dom,
    finder::{Answer, Finder},
    listbox,
};

/// Copies share the state.
#[derive(Clone, Copy)]
pub(super) struct Palette {
    pub(super) dialog: NodeRef<html::Dialog>,
    pub(super) input: NodeRef<html::Input>,
    /// The option that Enter opens.
    pub(super) active: RwSignal<Option<usize>>,
    /// What is listed; nothing while closed, for the commands are in every page and their list need not be.
    pub(super) sections: Memo<Vec<Section>>,
    open: RwSignal<bool>,
    query: RwSignal<String>,
    finder: Finder,
    visits: RwSignal<Vec<Suggestion>>,
    person: StoredValue<String>,
}

impl Palette {
    pub(super) fn new(commands: Vec<Suggestion>, person: String) -> Self {
        let open = RwSignal::new(false);
        let query = RwSignal::new(String::new());
        let finder = Finder::new();
        let visits = RwSignal::new(Vec::new());
        let sections = Memo::new(move |_| {
            if open.get() {
                rank::sections(&query.read(), &commands, &visits.read(), &finder.answer())
            } else {
                Vec::new()
            }
        });
        Self {
            dialog: NodeRef::new(),
            input: NodeRef::new(),
            active: RwSignal::new(None),
            sections,
            open,
            query,
            finder,
            visits,
            person: StoredValue::new(person),
        }
    }

    /// Waits for the keys and for clicks on what opens the palette, anywhere on the page.
    pub(super) fn listen(self) {
        window_event_listener(ev::keydown, move |event| {
            let command =
                (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
            if command && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                if self.open.get_untracked() {
                    self.close();
                } else {
                    self.show();
                }
            }
        });
        window_event_listener(ev::click, move |event| {
            if !dom::is_special_click(&event)
                && dom::target_within(&event, "[data-open=palette]").is_some()
            {
                event.prevent_default();
                self.show();
            }
        });
        window_event_listener(ev::submit, |event| {
            if dom::target_within(&event, "form[action='/sign-out']").is_some() {
                recent::forget();
            }
        });
    }

    fn show(self) {
        let Some(dialog) = self.dialog.get_untracked().filter(|dialog| !dialog.open()) else {
            return;
        };
        self.visits
            .set(self.person.with_value(|person| recent::load(person)));
        self.query.set(String::new());
        self.finder.forget();
        self.active.set(None);
        self.open.set(dialog.show_modal().is_ok());
        if let Some(input) = self.input.get_untracked() {
            input.set_value("");
            dom::focus(&input);
        }
    }

    /// Closes the dialog, which gives the focus back.
    pub(super) fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// The dialog was closed, by whatever means.
    pub(super) fn closed(self) {
        self.open.set(false);
        self.finder.forget();
    }

    pub(super) fn typed(self, text: String) {
        self.active.set((!text.trim().is_empty()).then_some(0));
        if is_question(&text) {
            self.finder
                .ask("/api/search".to_owned(), text.trim().to_owned());
        } else {
            self.finder.forget();
        }
        self.query.set(text);
    }

    pub(super) fn pressed(self, event: &KeyboardEvent) {
        if event.is_composing() || event.shift_key() {
            return;
        }
        let active = self.active.get_untracked();
        if let Some(next) = listbox::step(active, untrack(|| self.count()), &event.key()) {
            event.prevent_default();
            self.active.set(Some(next));
            dom::later(0, move || dom::reveal(&option_id(next)));
        } else if event.key() == "Enter"
            && let Some(option) = active.and_then(|at| dom::query(&format!("#{}", option_id(at))))
        {
            // Without an active option Enter submits the form, which is the search page.
            event.prevent_default();
            click(&option, event);
        }
    }

    /// An option was followed.
    pub(super) fn chosen(self, item: &Suggestion) {
        self.person.with_value(|person| recent::add(person, item));
        // A target on the same page would leave the palette open over it.
        dom::later(0, move || self.close());
    }

    /// How many options there are.
    pub(super) fn count(self) -> usize {
        self.sections
            .read()
            .iter()
            .map(|section| section.items.len())
            .sum()
    }

    /// The id of the active option, if it is still there.
    pub(super) fn current(self) -> Option<String> {
        self.active
            .get()
            .filter(|at| *at < self.count())
            .map(option_id)
    }

    /// What the last line says.
    pub(super) fn status(self) -> String {
        match self.finder.answer() {
            Answer::Failed if self.open.get() => {
                "The search did not answer. Enter opens the search page.".to_owned()
            }
            Answer::Found { found, .. } if !found.items.is_empty() => {
                listbox::showing(found.items.len(), found.total, found.more)
            }
            Answer::Found { .. } if self.count() == 0 => "Nothing matches.".to_owned(),
            _ => String::new(),
        }
    }
}

/// The id of the option at this place.
pub(super) fn option_id(at: usize) -> String {
    format!("palette-{at}")
}

/// A single letter finds half of everything: not worth asking.
fn is_question(text: &str) -> bool {
    text.trim().chars().nth(1).is_some()
}

/// Follows a link as a click with the same modifiers would: Ctrl-Enter opens a tab.
fn click(option: &HtmlElement, event: &KeyboardEvent) {
    let init = MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_ctrl_key(event.ctrl_key());
    init.set_meta_key(event.meta_key());
    if let Ok(click) = MouseEvent::new_with_mouse_event_init_dict("click", &init) {
        option.dispatch_event(&click).ok();
    }
}
