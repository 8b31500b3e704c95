//! Completes `key:value` tokens below the search field of a list while someone types.
//!
//! The field is the page's. Nothing is asked from the server: names and values are few and known. Enter runs the search
//! unless an option was chosen with the arrows.

mod complete;

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, KeyboardEvent};

use crate::{dom, listbox};
use complete::{Completion, Offer};

/// One name that the search of a list understands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    /// The name, such as `status`.
    pub key: String,
    /// What it means, in a few words.
    pub hint: String,
    /// The values it can have, as they are typed; empty where any text will do.
    pub values: Vec<String>,
}

/// Wraps the search field, `#q`.
#[island]
pub fn TokenSearch(
    /// What the list understands.
    keys: Vec<TokenKey>,
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let keys = StoredValue::new(keys);
    let completion = RwSignal::new(None::<Completion>);
    let active = RwSignal::new(None::<usize>);
    let count = move || completion.with(|it| it.as_ref().map_or(0, |it| it.offers.len()));
    let field = move || {
        let field = root
            .get_untracked()
            .and_then(|root| dom::query_in(&root, "input[name=q]"))?;
        field.dyn_into::<HtmlInputElement>().ok()
    };
    let close = move || {
        completion.set(None);
        active.set(None);
    };
    let look = move |whole: bool| {
        let Some(field) = field() else { return };
        let caret = field
            .selection_start()
            .ok()
            .flatten()
            .map_or(usize::MAX, |at| at as usize);
        active.set(None);
        completion
            .set(keys.with_value(|keys| complete::complete(&field.value(), caret, keys, whole)));
    };
    let accept = move |at: usize| {
        let Some(field) = field() else { return };
        let Some((text, caret)) =
            completion.with_untracked(|it| it.as_ref().and_then(|it| it.accept(at)))
        else {
            return;
        };
        field.set_value(&text);
        let caret = u32::try_from(caret).ok();
        if let Some(caret) = caret {
            field.set_selection_range(caret, caret).ok();
        }
        dom::focus(&field);
        look(false);
    };
    let pressed = move |event: KeyboardEvent| {
        if !is_field(&event)
            || event.is_composing()
            || dom::has_modifier(&event)
            || event.shift_key()
        {
            return;
        }
        let key = event.key();
        let shown = untrack(count);
        if let Some(next) = listbox::step(active.get_untracked(), shown, &key) {
            event.prevent_default();
            active.set(Some(next));
            dom::later(0, move || dom::reveal(&option_id(next)));
        } else if key == "ArrowDown" {
            look(true);
        } else if shown > 0 && key == "Tab" {
            event.prevent_default();
            accept(active.get_untracked().unwrap_or(0));
        } else if key == "Enter"
            && let Some(at) = active.get_untracked()
        {
            event.prevent_default();
            accept(at);
        } else if shown > 0 && key == "Escape" {
            event.prevent_default();
            close();
        }
    };
    // The field is the page's, so its attributes are set by hand.
    Effect::new(move |_| {
        let Some(field) = field() else { return };
        dom::set(&field, "aria-autocomplete", "list");
        dom::set(&field, "aria-controls", "q-suggest");
        dom::set(&field, "autocomplete", "off");
    });
    Effect::new(move |_| {
        let option = active.get().filter(|at| *at < count());
        let Some(field) = field() else { return };
        match option {
            Some(at) => dom::set(&field, "aria-activedescendant", &option_id(at)),
            None => dom::unset(&field, "aria-activedescendant"),
        }
    });
    let status = move || match count() {
        0 => String::new(),
        1 => "1 suggestion, Tab to accept".to_owned(),
        count => format!("{count} suggestions, arrows to choose, Tab to accept"),
    };

    view! {
        <div
            node_ref=root
            class="suggest"
            on:input=move |event| {
                if is_field(&event) {
                    look(false);
                }
            }
            on:keydown=pressed
            on:focusout=move |_| close()
        >
            {children()}
            <div
                id="q-suggest"
                class="suggest-list"
                role="listbox"
                aria-label="Search suggestions"
                hidden=move || count() == 0
                on:mousedown=|event| event.prevent_default()
            >
                {move || {
                    let offers = completion.get().map(|it| it.offers).unwrap_or_default().into_iter().enumerate();
                    offers.map(|(at, offer)| option(offer, at, active, Callback::new(accept))).collect_view()
                }}
            </div>
            <span class="unseen" role="status">{status}</span>
        </div>
    }
}

fn option_id(at: usize) -> String {
    format!("q-suggest-{at}")
}

fn is_field(event: &Event) -> bool {
    dom::target_within(event, "input[name=q]").is_some()
}

fn option(
    offer: Offer,
    at: usize,
    active: RwSignal<Option<usize>>,
    accept: Callback<usize>,
) -> impl IntoView {
    view! {
        <div
            id=option_id(at)
            class="suggest-item"
            role="option"
            aria-selected=move || if active.get() == Some(at) { "true" } else { "false" }
            on:click=move |_| accept.run(at)
        >
            <code class="suggest-text">{offer.text}</code>
            <span class="suggest-hint">{offer.hint}</span>
        </div>
    }
}
