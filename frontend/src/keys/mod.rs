//! Keyboard shortcuts of the whole page and of its table, and what closes its menus.
//!
//! Single letters are an addition: each has a visible control that does the same, they are silent while someone types,
//! and `html[data-keys=off]` turns them off. Keys of the table work only while the focus is inside it (WCAG 2.1.4).

mod decide;
mod menus;
mod prefix;
mod rows;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlDialogElement, HtmlElement, HtmlFormElement, HtmlInputElement, KeyboardEvent,
};

use crate::{dom, sitting};
use prefix::{Meaning, Prefix};

/// Listens for the shortcuts.
#[island]
pub fn Keys(
    /// The key after `g` and where it leads: `("p", "/people")`.
    go: Vec<(String, String)>,
) -> impl IntoView {
    let state = StoredValue::new(Prefix::default());
    let go = StoredValue::new(go);
    Effect::new(move |_| {
        rows::return_focus();
        decide::return_focus();
        menus::listen();
        window_event_listener(ev::keydown, move |event| {
            if event.default_prevented() || event.is_composing() {
                return;
            }
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                submit(&event);
            } else if !dom::has_modifier(&event)
                && !is_typing(&event)
                && dom::query("dialog[open]").is_none()
            {
                let mut prefix = state.get_value();
                let meaning =
                    go.with_value(|go| prefix.press(&event.key(), event.time_stamp(), go));
                state.set_value(prefix);
                press(&event, meaning);
            }
        });
    });
    view! { <span hidden data-island="keys"></span> }
}

fn press(event: &KeyboardEvent, meaning: Meaning) {
    if is_off() && event.key().chars().count() == 1 {
        return;
    }
    let done = match meaning {
        Meaning::Go(path) => window().location().assign(&path).is_ok(),
        Meaning::Started => true,
        Meaning::Search => search(),
        Meaning::Help => help(),
        Meaning::Other => rows::press(event) || decide::press(event),
    };
    if done {
        event.prevent_default();
    }
}

fn is_off() -> bool {
    document()
        .document_element()
        .and_then(|root| root.get_attribute("data-keys"))
        .is_some_and(|keys| keys == "off")
}

/// Whether the key belongs to the control that has the focus.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(target) = dom::target(event) else {
        return false;
    };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return !matches!(
            input.type_().as_str(),
            "checkbox" | "button" | "submit" | "reset"
        );
    }
    matches!(target.tag_name().as_str(), "TEXTAREA" | "SELECT")
        || target
            .dyn_ref::<HtmlElement>()
            .is_some_and(HtmlElement::is_content_editable)
}

fn search() -> bool {
    let field = dom::query("#q");
    if let Some(field) = &field {
        dom::focus(field);
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
    } else if let Some(opener) = dom::query("[data-open=palette]") {
        opener.click();
        return true;
    }
    field.is_some()
}

fn help() -> bool {
    let dialog =
        dom::query("dialog#keys").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
    match dialog {
        Some(dialog) => dialog.show_modal().is_ok(),
        None => window().location().assign("/help/keys").is_ok(),
    }
}

/// Ctrl-Enter sends the form that is being filled in, from any of its fields.
fn submit(event: &KeyboardEvent) {
    let target = dom::target(event).filter(|target| sitting::region(target).is_some());
    if let Some(target) = target {
        event.prevent_default();
        sitting::finish(&target);
        return;
    }
    let form = dom::target(event)
        .and_then(|target: Element| target.closest("form[method=post]").ok().flatten());
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        event.prevent_default();
        if decide::is_inside(&form) {
            decide::remember();
        }
        form.request_submit().ok();
    }
}
