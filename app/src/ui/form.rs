//! The shell of a form: error summary, hidden key and version, sections, and the row of actions.
//!
//! Forms post to their own page; an island may warn before a changed form is left, which `data-guard` asks for.

use leptos::prelude::*;

use super::some;

/// One thing that is wrong, linked to its field; without a field it concerns the whole form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

/// A form that posts; `problems` are listed on top and take the focus.
#[component]
pub fn Form(
    /// Where it posts; empty for the page's own path.
    #[prop(optional, into)]
    action: String,
    /// Key that makes sending it twice harmless.
    #[prop(optional, into)]
    idem: String,
    /// Version that was read, where two people may edit.
    #[prop(optional, into)]
    version: String,
    /// It sends files.
    #[prop(optional)]
    files: bool,
    #[prop(optional)] problems: Vec<Problem>,
    /// Heading of the list of problems.
    #[prop(optional, into)]
    summary: String,
    #[prop(default = true)] guard: bool,
    children: Children,
) -> impl IntoView {
    // What comes back with problems is not saved yet, so leaving it is worth a warning.
    let dirty = (!problems.is_empty()).then_some("");
    let summary = (!problems.is_empty()).then(|| error_summary(summary, problems));
    let idem = some(idem).map(|idem| view! { <Hidden name="idem" value=idem /> });
    let version = some(version).map(|version| view! { <Hidden name="version" value=version /> });
    view! {
        <form method="post" class="form" novalidate=true action=some(action) enctype=files.then_some("multipart/form-data") data-guard=guard.then_some("") data-dirty=dirty>
            {summary}
            {idem}
            {version}
            {children()}
        </form>
    }
    .into_any()
}

fn error_summary(title: String, problems: Vec<Problem>) -> AnyView {
    let items = problems
        .into_iter()
        .map(|Problem { field, message }| match some(field) {
            Some(field) => {
                view! { <li><a href=format!("#f-{field}")>{message}</a></li> }.into_any()
            }
            None => view! { <li>{message}</li> }.into_any(),
        })
        .collect_view();
    view! {
        <div class="summary" role="alert" tabindex="-1" id="summary" autofocus=true>
            <h2>{title}</h2>
            <ul>{items}</ul>
        </div>
    }
    .into_any()
}

/// A value that travels with a form unseen.
#[component]
pub fn Hidden(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }.into_any()
}

/// Fields that belong together, under a heading.
#[component]
pub fn FormSection(
    #[prop(into)] title: String,
    #[prop(optional, into)] hint: String,
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="form-section">
            <legend>{title}</legend>
            {some(hint).map(|hint| view! { <p class="hint">{hint}</p> })}
            {children()}
        </fieldset>
    }
    .into_any()
}

/// Fields side by side where there is room.
#[component]
pub fn FieldRow(children: Children) -> impl IntoView {
    view! { <div class="field-row">{children()}</div> }.into_any()
}

/// The buttons at the end of a form, the primary one first.
#[component]
pub fn FormActions(children: Children) -> impl IntoView {
    view! { <div class="form-actions">{children()}</div> }.into_any()
}
