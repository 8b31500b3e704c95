//! Keys where something is decided: the queue of the inbox with its pane, and the page of an item.
//!
//! A key does what the visible control with its letter does: opens it, puts the focus into it, or sends it. They work only
//! while the focus is inside the region, like the keys of a table.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement, HtmlElement, KeyboardEvent};

use crate::{dom, sitting};

/// Says to the next page of the same tab that the focus was in the region.
const KEY: &str = "bailiwick.decide";
/// The region.
const REGION: &str = "[data-decide]";

/// Acts on a key; true when it did something.
pub(super) fn press(event: &KeyboardEvent) -> bool {
    let Some(target) = dom::target(event) else {
        return false;
    };
    let Ok(Some(region)) = target.closest(REGION) else {
        return false;
    };
    if let Some(sitting) = sitting::region(&target) {
        return sitting::press(&sitting, &target, (&event.key(), event.time_stamp()));
    }
    match event.key().as_str() {
        "j" => walk(&region, &target, true),
        "k" => walk(&region, &target, false),
        "x" => tick(&target),
        letter @ ("a" | "r" | "c" | "q" | "s" | "n") => act(&region, letter),
        _ => false,
    }
}

/// Puts the focus back into the region when a key or a form led to the next thing.
pub(super) fn return_focus() {
    let Some(storage) = dom::session_storage() else {
        return;
    };
    if storage.get_item(KEY).ok().flatten().is_none() {
        return;
    }
    storage.remove_item(KEY).ok();
    // In this order: one list of selectors would find what comes first in the page, a link above the queue.
    let places = ["#pane-title", ".queue-link", "[data-decide] a[href]"];
    if let Some(place) = places.into_iter().find_map(dom::query) {
        dom::focus(&place);
    }
}

/// The next page of this tab puts the focus back.
pub(super) fn remember() {
    if let Some(storage) = dom::session_storage() {
        storage.set_item(KEY, "1").ok();
    }
}

/// Whether a form that is being sent stands in the region, so that what follows it continues there.
pub(super) fn is_inside(element: &Element) -> bool {
    element.closest(REGION).ok().flatten().is_some()
}

/// In the queue the focus goes from row to row; in the pane the next thing is opened.
fn walk(region: &Element, target: &Element, down: bool) -> bool {
    let links = dom::all_in::<HtmlElement>(region, ".queue-link");
    let row = target.closest(".queue > li").ok().flatten();
    let here = match &row {
        Some(row) => links.iter().position(|link| row.contains(Some(link))),
        None => links
            .iter()
            .position(|link| link.has_attribute("aria-current")),
    };
    let Some(to) = next(here, links.len(), down).and_then(|at| links.get(at)) else {
        return false;
    };
    if row.is_some() {
        dom::focus(to);
    } else {
        remember();
        to.click();
    }
    true
}

/// The place to go to, or `None` at either end.
fn next(here: Option<usize>, all: usize, down: bool) -> Option<usize> {
    match here {
        None => (all > 0).then_some(0),
        Some(at) if down => Some(at + 1).filter(|at| *at < all),
        Some(at) => at.checked_sub(1),
    }
}

fn tick(target: &Element) -> bool {
    let row = target.closest(".queue > li").ok().flatten();
    let tick = row.and_then(|row| dom::query_in(&row, "input[type=checkbox]"));
    if let Some(tick) = &tick {
        tick.click();
    }
    tick.is_some()
}

/// The control with this letter: a form without fields is sent, one with fields opens and takes the focus.
fn act(region: &Element, letter: &str) -> bool {
    let Some(control) = dom::query_in(region, &format!("[data-key={letter}]")) else {
        return false;
    };
    if let Some(details) = control.dyn_ref::<HtmlDetailsElement>() {
        details.set_open(true);
    }
    let field = "input:not([type=hidden]), textarea, select";
    if let Some(field) = dom::query_in(&control, field) {
        dom::focus(&field);
        return true;
    }
    let Some(button) = dom::query_in(&control, "button") else {
        return false;
    };
    remember();
    button.click();
    true
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_queue_ends_at_both_ends() {
        assert_eq!(next(Some(0), 2, true), Some(1));
        assert_eq!(next(Some(1), 2, true), None);
        assert_eq!(next(Some(0), 2, false), None);
        assert_eq!(next(None, 2, true), Some(0));
        assert_eq!(next(None, 0, true), None);
    }
}
