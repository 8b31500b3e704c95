//! What lies over the page and opens without scripts closes as people expect it: by a click elsewhere, and by Escape.

use leptos::{ev, prelude::*};
use web_sys::{Element, Event, KeyboardEvent};

use crate::dom;

/// Menus and panels on `<details>`; a disclosure in the text of a page stays as it was left.
const OPEN: &str = "details:is(.menu, .columns)[open]";
/// The button of a panel of filters that stands open; where it leads, the panel is closed.
const FILTERS: &str = ".facets > [aria-expanded=true]";

/// Listens for what closes them.
pub(super) fn listen() {
    window_event_listener(ev::click, |event| click(&event));
    window_event_listener(ev::keydown, |event| escape(&event));
}

/// A click outside closes; whatever was clicked still does what it does.
fn click(event: &Event) {
    let within = dom::target_within(event, OPEN);
    for open in dom::all::<Element>(OPEN) {
        if within.as_ref() != Some(&open) {
            dom::unset(&open, "open");
        }
    }
}

/// Escape closes the one that has the focus, or whichever is open; the focus goes back to what opened it. With none of
/// them open it closes the filters.
fn escape(event: &KeyboardEvent) {
    if event.key() != "Escape"
        || event.default_prevented()
        || event.is_composing()
        || dom::query("dialog[open]").is_some()
    {
        return;
    }
    let open = dom::target_within(event, OPEN).or_else(|| dom::query(OPEN).map(Into::into));
    if let Some(open) = open {
        event.prevent_default();
        dom::unset(&open, "open");
        if let Some(summary) = dom::query_in(&open, "summary") {
            dom::focus(&summary);
        }
    } else if let Some(closed) = dom::query(FILTERS).and_then(|button| button.get_attribute("href"))
    {
        event.prevent_default();
        if let Err(error) = window().location().set_href(&closed) {
            leptos::logging::error!("the list's address is none: {error:?}");
        }
    }
}
