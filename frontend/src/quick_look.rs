//! The panel of a list, by hand: a click on the free space of a row opens it, Escape closes it.
//!
//! Every row has a link to its panel and the panel has a link that closes it; this only follows them. While the panel
//! lies over the list, the list cannot be reached by keyboard, and after it was closed the focus is back in its row.

use leptos::{ev, prelude::*};
use web_sys::Element;

use crate::dom;

/// What a row holds that answers to a click of its own.
const CONTROLS: &str = "a, button, input, select, label, summary, .menu";

/// Enhances the rows of the list and the panel beside them.
#[island]
pub fn QuickLook() -> impl IntoView {
    Effect::new(move |_| {
        return_focus();
        shut_off();
        window_event_listener(ev::resize, |_| shut_off());
        window_event_listener(ev::click, |event| {
            if event.default_prevented() || dom::is_special_click(&event) || is_selecting() {
                return;
            }
            let free = dom::target_within(&event, CONTROLS).is_none();
            let row = dom::target_within(&event, ".table tbody tr").filter(|_| free);
            let link = row.and_then(|row| dom::query_in(&row, "a.peek"));
            if let Some(panel) = link.and_then(|link| link.get_attribute("href")) {
                // A click on the link would come back here while this one is still being answered.
                if let Err(error) = window().location().set_href(&panel) {
                    leptos::logging::error!("the panel's address is none: {error:?}");
                }
            }
        });
        window_event_listener(ev::keydown, |event| {
            let typing = dom::target_within(&event, "input:not([type=checkbox]), textarea, select")
                .or_else(|| dom::target_within(&event, "details[open], .facets"));
            if event.key() != "Escape"
                || event.default_prevented()
                || typing.is_some()
                || dom::query("dialog[open]").is_some()
            {
                return;
            }
            if let Some(close) = dom::query("[data-panel=close]") {
                event.prevent_default();
                close.click();
            }
        });
    });
    view! { <span hidden data-island="quick-look"></span> }
}

/// Whether the click ended a selection of text, which is no wish to open anything.
fn is_selecting() -> bool {
    window()
        .get_selection()
        .ok()
        .flatten()
        .is_some_and(|selection| !selection.is_collapsed())
}

/// After a panel was closed, its row has the focus: the address names it.
fn return_focus() {
    let hash = window().location().hash().unwrap_or_default();
    let row = hash
        .strip_prefix('#')
        .filter(|id| id.starts_with("row-"))
        .and_then(|id| document().get_element_by_id(id));
    if let Some(link) = row.and_then(|row| dom::query_in(&row, "a.peek")) {
        dom::focus(&link);
    }
}

/// The list behind a panel that lies over it is out of reach.
fn shut_off() {
    let Some(list) = dom::query(".beside-list") else {
        return;
    };
    let over = dom::query(".panel-veil").is_some_and(|veil| veil.offset_width() > 0);
    let list: &Element = list.as_ref();
    if over {
        dom::set(list, "inert", "");
    } else {
        dom::unset(list, "inert");
    }
}
