//! Where one is on a way of a few steps: done ones, the present one, what follows.

use leptos::prelude::*;

use super::Icon;

/// The steps by name; `current` counts from 0, and one past the last means that all are done.
#[component]
pub fn Steps(
    #[prop(into)] label: String,
    names: Vec<&'static str>,
    current: usize,
) -> impl IntoView {
    let steps = names
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            let done = at < current;
            let mark = if done {
                Icon::Check.view().into_any()
            } else {
                (at + 1).to_string().into_any()
            };
            let here = (at == current).then_some("step");
            let word = done.then(|| view! { <span class="unseen">", done"</span> });
            view! {
                <li data-done=done.then_some("") aria-current=here>
                    <span class="steps-mark" aria-hidden="true">{mark}</span>
                    <span>{name} {word}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps" aria-label=label>{steps}</ol> }.into_any()
}
