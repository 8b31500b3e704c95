//! Keeps forms safe: leaving with unsaved changes asks first, and a second click on the button sends nothing twice.
//!
//! Watches every `form[data-guard]` of the page. A form that the server sends back with errors carries `data-dirty`
//! already, for its values are not saved. The server refuses repeated submissions on its own; this saves the confusion.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement};

use crate::dom;

const FORM: &str = "form[data-guard]";
/// After this the button works again, for a load that was stopped by hand gives no sign.
const GIVE_UP: u64 = 10_000;

/// Watches the guarded forms of the page.
#[island]
pub fn Guard() -> impl IntoView {
    Effect::new(|_| {
        window_event_listener(ev::input, |event| touched(&event));
        window_event_listener(ev::change, |event| touched(&event));
        window_event_listener(ev::beforeunload, |event| {
            if dom::query("form[data-guard][data-dirty]").is_some() {
                event.prevent_default();
                event.set_return_value("unsaved");
            }
        });
        window_event_listener(ev::submit, |event| submitted(&event));
        window_event_listener(ev::pageshow, |_| release());
    });
    view! { <span hidden data-island="guard"></span> }
}

fn touched(event: &web_sys::Event) {
    if let Some(form) = dom::target_within(event, FORM) {
        dom::set(&form, "data-dirty", "");
    }
}

fn submitted(event: &web_sys::SubmitEvent) {
    if event.default_prevented() {
        return;
    }
    let Some(form) = dom::target_within(event, FORM) else {
        return;
    };
    if form.has_attribute("data-busy") {
        event.prevent_default();
        return;
    }
    dom::unset(&form, "data-dirty");
    dom::set(&form, "data-busy", "");
    if let Some(button) = event.submitter().or_else(|| first_button(&form)) {
        dom::set(&button, "data-busy", "");
        // Not `disabled`: a disabled button is left out of what is sent, and it drops the focus.
        dom::set(&button, "aria-disabled", "true");
    }
    dom::later(GIVE_UP, release);
}

fn first_button(form: &Element) -> Option<HtmlElement> {
    let form = form.dyn_ref::<HtmlFormElement>()?;
    dom::query_in(form, "button:not([type]), button[type=submit]")
}

fn release() {
    for element in dom::all::<Element>("[data-busy]") {
        dom::unset(&element, "data-busy");
        dom::unset(&element, "aria-disabled");
    }
}
