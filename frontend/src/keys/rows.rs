//! Keys inside a table: move from row to row, open, look, tick, turn the page.
//!
//! The focus moves between the first links of the rows; the table stays a table, and Tab reaches everything in it.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::dom;

/// Says to the next page of the same tab that the focus was in the rows.
const KEY: &str = "bailiwick.rows";

/// Acts on a key; true when it did something.
pub(super) fn press(event: &KeyboardEvent) -> bool {
    let Some(target) = dom::target(event) else {
        return false;
    };
    let Ok(Some(table)) = target.closest(".table") else {
        return false;
    };
    let key = event.key();
    match key.as_str() {
        "j" | "ArrowDown" | "k" | "ArrowUp" => {
            let down = matches!(key.as_str(), "j" | "ArrowDown");
            walk(&table, &target, down, event.shift_key())
        }
        "Enter" => target.has_attribute("type") && open(&target),
        "x" => row(&target).is_some_and(|row| tick(&row, None)),
        "o" | " " => look(&target),
        "n" => turn("a[rel~=next]"),
        "p" => turn("a[rel~=prev]"),
        _ => false,
    }
}

/// Puts the focus back into the rows when a key turned the page.
pub(super) fn return_focus() {
    let Some(storage) = dom::session_storage() else {
        return;
    };
    if storage.get_item(KEY).ok().flatten().is_some() {
        storage.remove_item(KEY).ok();
        if let Some(first) = dom::query(".table tbody a[href]") {
            dom::focus(&first);
        }
    }
}

/// The row to go to, or `None` at either end.
fn next(current: Option<usize>, rows: usize, down: bool) -> Option<usize> {
    match current {
        None => (rows > 0).then_some(0),
        Some(at) if down => Some(at + 1).filter(|at| *at < rows),
        Some(at) => at.checked_sub(1),
    }
}

fn row(target: &Element) -> Option<Element> {
    target.closest("tbody tr").ok().flatten()
}

fn walk(table: &Element, target: &Element, down: bool, extend: bool) -> bool {
    let rows = dom::all_in::<HtmlElement>(table, "tbody tr");
    let here = row(target);
    let current = rows
        .iter()
        .position(|row| Some(row.as_ref()) == here.as_ref());
    let Some(to) = next(current, rows.len(), down).and_then(|at| rows.get(at)) else {
        return false;
    };
    if let Some(link) = dom::query_in(to, "a[href]").or_else(|| dom::query_in(to, "input, button"))
    {
        dom::focus(&link);
        link.scroll_into_view_with_scroll_into_view_options(&nearest());
    }
    if extend {
        if let Some(here) = here {
            tick(&here, Some(true));
        }
        tick(to, Some(true));
    }
    true
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let how = web_sys::ScrollIntoViewOptions::new();
    how.set_block(web_sys::ScrollLogicalPosition::Nearest);
    how
}

/// Enter in a tick box would send the form of the selection; it opens the row like Enter on the link.
fn open(target: &Element) -> bool {
    let link = row(target).and_then(|row| dom::query_in(&row, "a[href]"));
    let boxed = target
        .get_attribute("type")
        .is_some_and(|kind| kind == "checkbox");
    match link {
        Some(link) if boxed => {
            link.click();
            true
        }
        _ => false,
    }
}

/// Opens the panel of the row. A box keeps Space for itself.
fn look(target: &Element) -> bool {
    let link = row(target)
        .filter(|_| !target.has_attribute("type"))
        .and_then(|row| dom::query_in(&row, "a.peek"));
    if let Some(link) = &link {
        link.click();
    }
    link.is_some()
}

/// Ticks the box of a row, or turns it where no state is asked for.
fn tick(row: &Element, want: Option<bool>) -> bool {
    let tick = dom::query_in(row, "input[type=checkbox]")
        .and_then(|tick| tick.dyn_into::<HtmlInputElement>().ok());
    let Some(tick) = tick else { return false };
    if want != Some(tick.checked()) {
        tick.click();
    }
    true
}

fn turn(selector: &str) -> bool {
    let Some(link) = dom::query(selector) else {
        return false;
    };
    if let Some(storage) = dom::session_storage() {
        storage.set_item(KEY, "1").ok();
    }
    link.click();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_at_both_ends() {
        assert_eq!(next(Some(0), 3, true), Some(1));
        assert_eq!(next(Some(2), 3, true), None);
        assert_eq!(next(Some(0), 3, false), None);
        assert_eq!(next(Some(2), 3, false), Some(1));
    }

    #[test]
    fn from_the_head_the_first_row_is_next() {
        assert_eq!(next(None, 3, true), Some(0));
        assert_eq!(next(None, 0, true), None);
    }
}
