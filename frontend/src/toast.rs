//! A passing message about what was just done: goes by itself, waits while someone reads, can be sent away.
//!
//! The text is the server's and is on the page without scripts too. Never the only place of an information.

use std::time::Duration;

use leptos::{html, prelude::*};

use crate::dom;

const TICK: u64 = 250;
/// Eight seconds.
const TICKS: u32 = 32;

/// Wraps the server's message.
#[island]
pub fn Toast(children: Children) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let pointed = RwSignal::new(false);
    let focused = RwSignal::new(false);
    let gone = RwSignal::new(false);

    let dismiss = move || {
        if gone.get_untracked() {
            return;
        }
        // Whoever pressed the button would otherwise start again at the top of the page.
        if focused.get_untracked()
            && let Some(main) = dom::query("#main")
        {
            dom::set(&main, "tabindex", "-1");
            dom::focus(&main);
        }
        gone.set(true);
    };

    Effect::new(move |_| {
        // A live region tells about changes only: what was there from the start is hidden for a moment, then comes.
        if let Some(text) = root
            .get_untracked()
            .and_then(|root| root.first_element_child())
        {
            dom::set(&text, "aria-hidden", "true");
            dom::later(150, move || dom::unset(&text, "aria-hidden"));
        }
        let left = StoredValue::new(TICKS);
        let timer = StoredValue::new(None::<IntervalHandle>);
        let tick = move || {
            if !pointed.get_untracked() && !focused.get_untracked() {
                left.update_value(|left| *left = left.saturating_sub(1));
            }
            if left.get_value() == 0 || gone.get_untracked() {
                if let Some(timer) = timer.get_value() {
                    timer.clear();
                }
                dismiss();
            }
        };
        timer.set_value(set_interval_with_handle(tick, Duration::from_millis(TICK)).ok());
    });

    view! {
        <div
            node_ref=root
            class="toast"
            role="status"
            hidden=move || gone.get()
            on:pointerenter=move |_| pointed.set(true)
            on:pointerleave=move |_| pointed.set(false)
            on:focusin=move |_| focused.set(true)
            on:focusout=move |_| focused.set(false)
        >
            <div class="toast-text">{children()}</div>
            <button type="button" class="toast-close" aria-label="Dismiss" on:click=move |_| dismiss()>
                <span aria-hidden="true">"×"</span>
            </button>
        </div>
    }
}
