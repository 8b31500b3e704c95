//! What a form means, in sentences that follow what is typed.
//!
//! The sentences of what was sent last are there without scripts. While something cannot be understood they stay as they
//! were, and it is said why.

use std::{cell::Cell, rc::Rc};

use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

use crate::api::SaysNow;
use crate::{dom, posting};

/// How long nothing more is typed before it is asked, in milliseconds.
const PAUSE: u64 = 250;
/// Sentences of a form.
const FORM: &str = "form:has([data-says])";

/// The sentences of the form in which it stands.
#[island]
pub fn Says(
    /// Where to ask.
    #[prop(into)]
    action: String,
    /// What the form says when the page is made.
    first: SaysNow,
) -> impl IntoView {
    let now = RwSignal::new(first);
    Effect::new(move |_| {
        let typed = Rc::new(Cell::new(0_u32));
        let action = action.clone();
        window_event_listener(ev::input, move |event| {
            let form = dom::target_within(&event, FORM);
            let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
                return;
            };
            let turn = typed.get().wrapping_add(1);
            typed.set(turn);
            let (typed, action) = (Rc::clone(&typed), action.clone());
            dom::later(PAUSE, move || {
                if typed.get() != turn {
                    return;
                }
                spawn_local(async move {
                    let answer = posting::post(&form, &action, ("press", "says")).await;
                    let said = answer.filter(|(status, _)| *status == 200);
                    let said = said.and_then(|(_, text)| serde_json::from_str(&text).ok());
                    // What was typed meanwhile is asked for by itself.
                    if let Some(said) = said.filter(|_| typed.get() == turn) {
                        take(now, said);
                    }
                });
            });
        });
    });
    let lines = move || {
        now.with(|now| now.says.clone())
            .into_iter()
            .map(|line| view! { <p>{line}</p> })
            .collect_view()
    };
    let why = move || {
        now.with(|now| now.why.clone())
            .map(|why| view! { <p class="review-unsaid">{why}</p> })
    };
    let empty = move || now.with(|now| now.says.is_empty() && now.why.is_none());
    view! {
        <div class="review-says" role="status" data-says="" dir="auto" hidden=empty>
            {lines}
            {why}
        </div>
    }
}

/// What cannot be understood leaves the sentences as they were.
fn take(now: RwSignal<SaysNow>, said: SaysNow) {
    now.try_update(|now| {
        if said.why.is_none() {
            now.says = said.says;
        }
        now.why = said.why;
    });
}
