//! A text field that suggests what the server knows.
//!
//! What is sent is the text in the field, a user name or an id, resolved by the server; so it is a plain field without
//! scripts, and typing the right text by hand is never wrong. The list holds some twenty matches and says how many more.

use leptos::{html, prelude::*};
use web_sys::KeyboardEvent;

use crate::{
    api::{Suggestion, Suggestions},
    dom,
    finder::{Answer, Finder},
    listbox,
};

/// The field; its label and its messages are the page's.
#[island]
pub fn Combobox(
    /// The name under which the text is sent.
    #[prop(into)]
    name: String,
    /// The text in the field: a user name or an id.
    #[prop(into)]
    value: String,
    /// The name that people read for `value`, shown beside the field.
    #[prop(into)]
    label_value: String,
    /// Where suggestions come from; `?q=` is added.
    #[prop(into)]
    endpoint: String,
    /// The id of the field, for its label.
    #[prop(into)]
    input_id: String,
    /// Ids of the hint and the error.
    #[prop(into)]
    described_by: String,
    /// Whether the server refused the value.
    invalid: bool,
    /// An example, not a label.
    #[prop(into)]
    placeholder: String,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    // Says "combobox" only once it is one.
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let chosen = RwSignal::new(label_value);
    let finder = Finder::new();
    let found = Memo::new(move |_| match finder.answer() {
        Answer::Found { found, .. } if open.get() => found,
        _ => Suggestions::default(),
    });
    let count = move || found.with(|found| found.items.len());
    let shown = move || count() > 0;
    let list_id = format!("{input_id}-list");
    let chosen_id = format!("{input_id}-chosen");
    let option_id = {
        let stem = StoredValue::new(format!("{input_id}-option"));
        move |at: usize| stem.with_value(|stem| format!("{stem}-{at}"))
    };
    let described_by = format!("{described_by} {chosen_id}").trim().to_owned();

    let close = move || {
        open.set(false);
        active.set(None);
        finder.forget();
    };
    let endpoint = StoredValue::new(endpoint);
    let ask = move |text: &str| {
        open.set(true);
        active.set(None);
        finder.ask(endpoint.get_value(), text.trim().to_owned());
    };
    let typed = move |text: String| {
        chosen.set(String::new());
        if text.trim().is_empty() {
            close()
        } else {
            ask(&text)
        }
    };
    let accept = Callback::new(move |item: Suggestion| {
        if let Some(input) = input.get_untracked() {
            input.set_value(&item.id);
            dom::announce(&input, "change");
        }
        chosen.set(item.label);
        close();
    });
    let pressed = move |event: KeyboardEvent| {
        if event.is_composing() || dom::has_modifier(&event) {
            return;
        }
        let key = event.key();
        let choice = active
            .get_untracked()
            .and_then(|at| found.with_untracked(|found| found.items.get(at).cloned()));
        if let Some(next) = listbox::step(active.get_untracked(), untrack(count), &key) {
            event.prevent_default();
            active.set(Some(next));
            dom::later(0, move || dom::reveal(&option_id(next)));
        } else if key == "ArrowDown" {
            event.prevent_default();
            ask(&event_target_value(&event));
        } else if let Some(choice) = choice
            && matches!(key.as_str(), "Enter" | "Tab")
        {
            if key == "Enter" {
                event.prevent_default();
            }
            accept.run(choice);
        } else if key == "Escape" && untrack(shown) {
            // Only the list closes, not a dialog around it.
            event.prevent_default();
            close();
        }
    };
    let status = move || match finder.answer() {
        Answer::Found { found, .. } if open.get() && found.items.is_empty() => {
            "Nothing matches.".to_owned()
        }
        Answer::Found { found, .. } if open.get() => {
            let narrow = if found.more || found.total > found.items.len() as u64 {
                " – type to narrow"
            } else {
                ""
            };
            format!(
                "{}{narrow}",
                listbox::showing(found.items.len(), found.total, found.more)
            )
        }
        Answer::Failed if open.get() => {
            "No suggestions just now. Type the user name or id.".to_owned()
        }
        _ => String::new(),
    };

    let said = Memo::new(move |_| status());
    let has_said = move || (!said.read().is_empty()).then_some("");
    let current = move || active.get().filter(|at| *at < count()).map(option_id);

    view! {
        <div class="combobox">
            <input
                node_ref=input
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
                aria-expanded=move || ready.get().then(|| if shown() { "true" } else { "false" })
                aria-activedescendant=current
                on:input=move |event| typed(event_target_value(&event))
                on:keydown=pressed
                on:blur=move |_| close()
            />
            <span class="combobox-chosen" id=chosen_id data-said=move || (!chosen.get().is_empty()).then_some("")>
                {move || chosen.get()}
            </span>
            <div class="combobox-pop" data-shown=has_said>
                <div
                    class="combobox-list"
                    id=list_id
                    role="listbox"
                    aria-label="Suggestions"
                    hidden=move || !shown()
                    // Pressing the mouse must not take the focus from the field, or the list would close before the click.
                    on:mousedown=|event| event.prevent_default()
                >
                    {move || {
                        let items = found.get().items.into_iter().enumerate();
                        items.map(|(at, item)| option(item, option_id(at), at, active, accept)).collect_view()
                    }}
                </div>
                <p class="combobox-more" role="status" data-said=has_said>
                    {move || said.get()}
                </p>
            </div>
        </div>
    }
}

fn option(
    item: Suggestion,
    id: String,
    at: usize,
    active: RwSignal<Option<usize>>,
    accept: Callback<Suggestion>,
) -> impl IntoView {
    let Suggestion {
        label,
        detail,
        id: text,
        ..
    } = item.clone();
    view! {
        <div
            class="combobox-item"
            id=id
            role="option"
            aria-selected=move || if active.get() == Some(at) { "true" } else { "false" }
            on:click=move |_| accept.run(item.clone())
        >
            <span class="combobox-label">{label}</span>
            <span class="combobox-detail">{detail}</span>
            <code class="combobox-id">{text}</code>
        </div>
    }
}
