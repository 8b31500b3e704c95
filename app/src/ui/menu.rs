//! A menu on `<details>`: opens and works without scripts. Changes are tiny forms, never links.

use leptos::prelude::*;
use maud::html;

use super::leaf::leaf;
use super::{Form, Icon, some, words};

/// A button that opens a list of links and actions. Without `text` it is the ⋯ button.
#[component]
pub fn Menu(
    /// What the menu is for, for screen readers and as a tooltip.
    #[prop(into)]
    label: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional, into)] text: String,
    /// Opens upwards.
    #[prop(optional)]
    up: bool,
    children: Children,
) -> impl IntoView {
    let words = words();
    let text = some(text);
    let alone = text.is_none();
    let drawing = icon.or(alone.then_some(Icon::Ellipsis)).map(Icon::view);
    let label = if label.is_empty() {
        words.actions.to_owned()
    } else {
        label
    };
    let text =
        text.map(|text| view! { <span class="btn-label">{text}</span> {Icon::ChevronDown.view()} });
    view! {
        <details class="menu" data-up=up.then_some("")>
            <summary
                class="btn"
                data-shape=alone.then_some("square")
                aria-label=alone.then(|| label.clone())
                title=alone.then(|| label.clone())
            >
                {drawing}
                {text}
            </summary>
            <div class="menu-list">{children()}</div>
        </details>
    }
    .into_any()
}

/// An entry that leads somewhere, such as to a confirmation page.
#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] danger: bool,
) -> impl IntoView {
    leaf(html! {
        a.menu-item href=(href) data-kind=[danger.then_some("danger")] {
            @if let Some(icon) = icon { (icon.markup()) }
            span { (label) }
        }
    })
}

/// An entry that does something at once: a form with one button; children are further hidden fields.
#[component]
pub fn MenuAction(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional, into)] idem: String,
    #[prop(optional)] danger: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <Form action=action idem=idem guard=false>
            {children.map(|children| children())}
            <button type="submit" class="menu-item" data-kind=danger.then_some("danger")>
                {icon.map(Icon::view)}
                <span>{label}</span>
            </button>
        </Form>
    }
    .into_any()
}

/// A line between groups of entries.
#[component]
pub fn MenuLine() -> impl IntoView {
    view! { <hr class="menu-line" /> }.into_any()
}
