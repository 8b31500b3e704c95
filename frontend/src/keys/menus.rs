//! What lies over the page and opens without scripts closes as people expect it: by a click elsewhere, and by Escape.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

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
    if dom::target_within(event, ".facets").is_none() {
        close_filters();
    }
}

/// Closes the panel of filters, and answers with its button. Without the panel it is the page to which the button leads, so
/// none is loaded: the address becomes that one, and the button leads to the open panel again.
fn close_filters() -> Option<HtmlElement> {
    let button = dom::query(FILTERS)?;
    let closed = button.get_attribute("href")?;
    let open = window().location().href().ok()?;
    let history = window().history().ok()?;
    history
        .replace_state_with_url(&JsValue::NULL, "", Some(&closed))
        .ok()?;
    if let Some(panel) = dom::query("#filters") {
        panel.remove();
    }
    dom::set(&button, "href", &open);
    dom::set(&button, "aria-expanded", "false");
    dom::unset(&button, "aria-controls");
    Some(button)
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
    } else if let Some(button) = close_filters() {
        event.prevent_default();
        dom::focus(&button);
    }
}
