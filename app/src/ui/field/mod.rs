//! Form fields: a label, a hint, the control, and the message that says how to put it right.
//!
//! Ids and the wiring of `aria-describedby` are made here, once, from the name of the field.

pub mod choice;
pub mod input;

use leptos::prelude::*;

pub use self::{
    choice::{Checkbox, Choice, Radios, Select},
    input::{Input, InputKind, TextArea, TextField},
};
use super::{Icon, some, words};

/// The ids that describe a control: its hint, its error, both or none (then empty).
pub fn described_by(name: &str, hint: &str, error: &str) -> String {
    let mut ids = Vec::new();
    if !hint.is_empty() {
        ids.push(format!("f-{name}-hint"));
    }
    if !error.is_empty() {
        ids.push(format!("f-{name}-error"));
    }
    ids.join(" ")
}

/// The hint of a field, when it has one.
fn hint_view(name: &str, hint: String) -> Option<impl IntoView + use<>> {
    let id = format!("f-{name}-hint");
    some(hint).map(|hint| view! { <p class="hint" id=id>{hint}</p> })
}

/// The error of a field, when it has one.
pub(super) fn error_view(name: &str, error: String) -> Option<impl IntoView + use<>> {
    let id = format!("f-{name}-error");
    some(error).map(|error| view! { <p class="error" id=id>{Icon::CircleAlert.view()} <span>{error}</span></p> })
}

/// The frame around a control of your own, which must have the id `f-NAME`.
#[component]
pub fn Field(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: String,
    #[prop(optional)] required: bool,
    children: Children,
) -> impl IntoView {
    let invalid = (!error.is_empty()).then_some("");
    let optional = (!required).then(|| view! { <span class="optional">{words().optional}</span> });
    view! {
        <div class="field" data-invalid=invalid>
            <label for=format!("f-{name}")>{label} {optional}</label>
            {children()}
            {hint_view(&name, hint)}
            {error_view(&name, error)}
        </div>
    }
    .into_any()
}
