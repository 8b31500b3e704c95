//! Controls that choose: a select, a group of radio buttons, a checkbox.

use leptos::prelude::*;

use super::{
    super::{Icon, some, words},
    Field, described_by, error_view, hint_view,
};

/// One thing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    value: String,
    label: String,
    detail: String,
}

impl Choice {
    /// A value and how it reads.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            detail: String::new(),
        }
    }

    /// What choosing it means, shown under the label of a radio button.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// A labelled select.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    options: Vec<Choice>,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let describing = described_by(&name, &hint, &error);
    let invalid = !error.is_empty();
    let options = options
        .into_iter()
        .map(|choice| {
            let selected = choice.value == value;
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect_view();
    view! {
        <Field name=name.clone() label=label hint=hint error=error required=required>
            <span class="select">
                <select
                    class="input"
                    id=format!("f-{name}")
                    name=name
                    required=required
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=some(describing)
                >
                    {options}
                </select>
                {Icon::ChevronDown.view()}
            </span>
        </Field>
    }
    .into_any()
}

/// A group of radio buttons; the error summary's link lands on the first.
#[component]
pub fn Radios(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    options: Vec<Choice>,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let describing = described_by(&name, &hint, &error);
    let invalid = (!error.is_empty()).then_some("");
    let optional = (!required).then(|| view! { <span class="optional">{words().optional}</span> });
    let buttons = options
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let id = if index == 0 { format!("f-{name}") } else { format!("f-{name}-{index}") };
            let checked = choice.value == value;
            let detail = some(choice.detail).map(|detail| view! { <span class="choice-detail">{detail}</span> });
            view! {
                <label class="choice" for=id.clone()>
                    <input type="radio" id=id.clone() name=name.clone() value=choice.value checked=checked required=required />
                    <span>{choice.label} {detail}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" data-invalid=invalid aria-describedby=some(describing)>
            <legend>{label} {optional}</legend>
            {hint_view(&name, hint)}
            {buttons}
            {error_view(&name, error)}
        </fieldset>
    }
    .into_any()
}

/// A checkbox with its label on the right.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(default = "on".to_owned(), into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: String,
) -> impl IntoView {
    let describing = described_by(&name, &hint, &error);
    let invalid = !error.is_empty();
    let id = format!("f-{name}");
    view! {
        <div class="field" data-invalid=invalid.then_some("")>
            <label class="choice" for=id.clone()>
                <input
                    type="checkbox"
                    id=id.clone()
                    name=name.clone()
                    value=value
                    checked=checked
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=some(describing)
                />
                <span>{label}</span>
            </label>
            {hint_view(&name, hint)}
            {error_view(&name, error)}
        </div>
    }
    .into_any()
}
