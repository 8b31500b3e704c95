//! Puts a text on the clipboard and says so.
//!
//! Hidden without scripts, where the text itself can be selected.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use crate::dom;

const SAID: u64 = 2_000;

/// A button that copies `value`; the children are its icon.
#[island]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    value: String,
    /// The name of the button, such as "Copy id".
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    let said = RwSignal::new("");
    let copy = move |_| {
        let value = value.clone();
        spawn_local(async move {
            let done = clipboard(&value).await || old_way(&value);
            said.set(if done { "Copied" } else { "Could not copy" });
            dom::later(SAID, move || said.set(""));
        });
    };
    view! {
        <span class="copy">
            <button type="button" class="copy-button" aria-label=label.clone() title=label on:click=copy>
                {children()}
            </button>
            <span class="copy-said" role="status" data-said=move || (!said.get().is_empty()).then_some("")>
                {move || said.get()}
            </span>
        </span>
    }
}

/// The clipboard of the browser, which is there only over https and on localhost.
async fn clipboard(value: &str) -> bool {
    let navigator = window().navigator();
    let there = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|it| it.is_object());
    there
        && JsFuture::from(navigator.clipboard().write_text(value))
            .await
            .is_ok()
}

/// Selects the text in a field of its own and asks the browser to copy the selection.
fn old_way(value: &str) -> bool {
    let before = dom::focused();
    let document = document();
    let field = document
        .create_element("input")
        .ok()
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    let (Some(field), Some(body)) = (field, document.body()) else {
        return false;
    };
    field.set_value(value);
    field.set_read_only(true);
    dom::set(&field, "aria-hidden", "true");
    dom::set(&field, "class", "copy-field");
    if body.append_child(&field).is_err() {
        return false;
    }
    field.select();
    let command = js_sys::Reflect::get(&document, &JsValue::from_str("execCommand")).ok();
    let command = command.and_then(|command| command.dyn_into::<js_sys::Function>().ok());
    let done =
        command.and_then(|command| command.call1(&document, &JsValue::from_str("copy")).ok());
    field.remove();
    if let Some(before) = before {
        dom::focus(&before);
    }
    done.is_some_and(|done| done.is_truthy())
}
