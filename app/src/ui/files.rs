//! Choosing files: an area to drop them on, which is the native file input, so that it works without scripts.

use leptos::prelude::*;

use super::field::{described_by, error_view};
use super::{Icon, some};

/// Many files at once, or a single one. The whole area is the input: a click opens the browser's own choice, a drop puts
/// files in.
#[component]
pub fn FileDrop(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// Such as `.csv,text/csv`.
    #[prop(optional, into)]
    accept: String,
    #[prop(optional, into)] error: String,
    /// One file only.
    #[prop(optional)]
    single: bool,
) -> impl IntoView {
    let id = format!("f-{name}");
    let describing = some(described_by(&name, &hint, &error));
    let invalid = (!error.is_empty()).then_some("true");
    let error = error_view(&name, error);
    let hint = some(hint).map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> });
    view! {
        <div class="field">
            <div class="drop">
                <div class="drop-words">
                    {Icon::Upload.view()}
                    <label for=id.clone()>{label}</label>
                    {hint}
                </div>
                <input type="file" id=id name=name multiple=!single accept=some(accept) aria-invalid=invalid aria-describedby=describing />
            </div>
            {error}
        </div>
    }
    .into_any()
}

/// One file, in a line of its own.
#[component]
pub fn FileField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] accept: String,
) -> impl IntoView {
    let id = format!("f-{name}");
    let describing = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let hint = some(hint).map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> });
    view! {
        <div class="file-field">
            <label for=id.clone()>{label}</label>
            <input type="file" id=id name=name accept=some(accept) aria-describedby=describing />
            {hint}
        </div>
    }
    .into_any()
}
