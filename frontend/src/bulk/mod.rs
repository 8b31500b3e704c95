//! Selecting rows of a list for one act on many.
//!
//! The tick boxes belong to `form#bulk` and work without scripts; this adds the box in the head, ranges with Shift, the
//! count, and hides the bar while nothing is selected. What may be done with the selection is the server's business.

mod range;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use crate::dom;

const TICKS: &str = "input[type=checkbox][form=bulk]:not([data-select])";
const HEAD: &str = "input[type=checkbox][data-select=page]";
/// Takes all that match, whatever is ticked.
const MATCHING: &str = "input[type=checkbox][data-select=matching]";
/// The form too, for an empty one would still take its place between the rows of the page.
const BAR: &str = ".bulkbar, form#bulk";

/// Enhances the table, the bar and the form of the selection.
#[island]
pub fn BulkSelect() -> impl IntoView {
    let last = StoredValue::new(None::<usize>);
    Effect::new(move |_| {
        show();
        window_event_listener(ev::click, move |event| {
            let Some(target) = dom::target(&event) else {
                return;
            };
            let ticks = ticks();
            let Some(at) = ticks
                .iter()
                .position(|tick| AsRef::<Element>::as_ref(tick) == &target)
            else {
                return;
            };
            if event.shift_key()
                && let Some(from) = last.get_value()
            {
                let checked = ticks[at].checked();
                for tick in range::between(from, at).filter_map(|at| ticks.get(at)) {
                    tick.set_checked(checked);
                }
            }
            last.set_value(Some(at));
            show();
        });
        window_event_listener(ev::change, |event| {
            if let Some(head) =
                dom::target(&event).filter(|target| target.matches(HEAD).unwrap_or(false))
            {
                let all = is_checked(&head);
                for tick in ticks() {
                    tick.set_checked(all);
                }
            }
            show();
        });
        window_event_listener(ev::pageshow, |_| show());
        // A reset empties the boxes only after its event.
        window_event_listener(ev::reset, |_| dom::later(0, show));
    });
    view! { <span hidden data-island="bulk"></span> }
}

fn ticks() -> Vec<HtmlInputElement> {
    dom::all(TICKS)
}

fn is_checked(element: &Element) -> bool {
    element
        .dyn_ref::<HtmlInputElement>()
        .is_some_and(HtmlInputElement::checked)
}

fn show() {
    let ticks = ticks();
    let chosen = ticks.iter().filter(|tick| tick.checked()).count();
    for tick in &ticks {
        if let Ok(Some(row)) = tick.closest("tr") {
            if tick.checked() {
                dom::set(&row, "data-state", "selected");
            } else {
                dom::unset(&row, "data-state");
            }
        }
    }
    for head in dom::all::<HtmlInputElement>(HEAD) {
        head.set_checked(chosen > 0 && chosen == ticks.len());
        head.set_indeterminate(chosen > 0 && chosen < ticks.len());
    }
    let all = dom::all::<HtmlInputElement>(MATCHING)
        .into_iter()
        .find(HtmlInputElement::checked)
        .and_then(|all| all.get_attribute("data-count"));
    let said = all.unwrap_or_else(|| chosen.to_string());
    for count in dom::all::<Element>("[data-bulk=count]") {
        count.set_text_content(Some(&said));
    }
    for bar in dom::all::<Element>(BAR) {
        if chosen == 0 {
            for matching in dom::all::<HtmlInputElement>(MATCHING) {
                matching.set_checked(false);
            }
            dom::set(&bar, "hidden", "");
        } else {
            dom::unset(&bar, "hidden");
        }
    }
}
