//! A text field that suggests what the server knows.
//!
//! What is sent is the text in the field, a user name or an id, resolved by the server; so it is a plain field without
//! scripts, and typing the right text by hand is never wrong. The list holds some twenty matches and says how many more.

mod state;

use leptos::prelude::*;

use crate::api::Suggestion;
use state::Choice;

/// The field; its label and its messages are the page's.
#[island]
pub fn Combobox(
    /// The name under which the text is sent.
    #[prop(into)]
    name: String,
    /// The text in the field: a user name or an id.
    #[prop(into)]
    value: String,
    /// The name that people read for `value`, shown beside the field. May be empty.
    #[prop(into)]
    label_value: String,
    /// Where suggestions come from; `?q=` is added.
    #[prop(into)]
    endpoint: String,
    /// The id of the field, for its label.
    #[prop(into)]
    input_id: String,
    /// Ids of the hint and the error. May be empty.
    #[prop(into)]
    described_by: String,
    /// Whether the server refused the value.
    invalid: bool,
    /// An example, not a label. May be empty.
    #[prop(into)]
    placeholder: String,
) -> impl IntoView {
    let choice = Choice::new(label_value, endpoint, input_id.clone());
    Effect::new(move |_| choice.ready.set(true));
    let ready = choice.ready;
    let list_id = format!("{input_id}-list");
    let chosen_id = format!("{input_id}-chosen");
    let described_by = format!("{described_by} {chosen_id}").trim().to_owned();
    view! {
        <div class="combobox">
            <input
                node_ref=choice.input
                type="text"
                id=input_id
                name=name
                value=value
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                aria-describedby=described_by
                aria-invalid=invalid.then_some("true")
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                role=move || ready.get().then_some("combobox")
                aria-autocomplete=move || ready.get().then_some("list")
                aria-controls=list_id.clone()
                aria-expanded=move || ready.get().then(|| if choice.is_listing() { "true" } else { "false" })
                aria-activedescendant=move || choice.current()
                on:input=move |event| choice.typed(&event_target_value(&event))
                on:keydown=move |event| choice.pressed(&event)
                on:blur=move |_| choice.close()
            />
            <span class="combobox-chosen" id=chosen_id data-said=move || said(&choice.chosen.read())>
                {move || choice.chosen.get()}
            </span>
            <div class="combobox-pop" data-shown=move || said(&choice.said.read())>
                // Pressing the mouse must not take the focus from the field, or the list would close before the click.
                <div
                    class="combobox-list"
                    id=list_id
                    role="listbox"
                    aria-label="Suggestions"
                    hidden=move || !choice.is_listing()
                    on:mousedown=|event| event.prevent_default()
                >
                    {move || {
                        let items = choice.found.get().items.into_iter().enumerate();
                        items.map(|(at, item)| option(choice, item, at)).collect_view()
                    }}
                </div>
                <p class="combobox-more" role="status" data-said=move || said(&choice.said.read())>
                    {move || choice.said.get()}
                </p>
            </div>
        </div>
    }
}

/// The attribute of a box that has a text. A stylesheet cannot tell: an empty text is a node too.
fn said(text: &str) -> Option<&'static str> {
    (!text.is_empty()).then_some("")
}

fn option(choice: Choice, item: Suggestion, at: usize) -> impl IntoView {
    let active = choice.active;
    let Suggestion {
        label, detail, id, ..
    } = item.clone();
    view! {
        <div
            class="combobox-item"
            id=choice.option_id(at)
            role="option"
            aria-selected=move || if active.get() == Some(at) { "true" } else { "false" }
            on:click=move |_| choice.accept(item.clone())
        >
            <span class="combobox-label">{label}</span>
            <span class="combobox-detail">{detail}</span>
            <code class="combobox-id">{id}</code>
        </div>
    }
}
