//! Buttons and links that look like buttons: four kinds, of which a page has at most one primary.
//!
//! A control that cannot be used now stays visible and says why; it is never merely grey.

use leptos::prelude::*;
use maud::html;

use super::kbd::caps;
use super::leaf::leaf;
use super::{Icon, some};

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// An ordinary action.
    #[default]
    Default,
    /// The one main action of a view.
    Primary,
    /// An action that stays in the background, such as "Cancel".
    Plain,
    /// An action that takes something away.
    Danger,
}

impl ButtonKind {
    fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::Primary => Some("primary"),
            Self::Plain => Some("plain"),
            Self::Danger => Some("danger"),
        }
    }
}

/// A link when `href` is set, otherwise a submit button.
#[component]
pub fn Button(
    #[prop(into)] label: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Icon>,
    /// Where the link goes; empty for a button.
    #[prop(optional, into)]
    href: String,
    #[prop(optional, into)] name: String,
    #[prop(optional, into)] value: String,
    /// Id of the form the button submits when it stands outside of it.
    #[prop(optional, into)]
    form: String,
    /// Where the button sends the form instead of where the form says.
    #[prop(optional, into)]
    action: String,
    /// Shortcut shown beside the label, for the eye only.
    #[prop(optional, into)]
    key: String,
    /// The link answers with a file.
    #[prop(optional)]
    download: bool,
    /// For the ear only: what it is about, where a page has several buttons with the same label.
    #[prop(optional, into)]
    about: String,
    /// Shows the icon alone; the label becomes the accessible name and the tooltip.
    #[prop(optional)]
    icon_only: bool,
    /// Takes the whole line, as in a sign-in card.
    #[prop(optional)]
    wide: bool,
    /// Why the action is not possible now; empty when it is.
    #[prop(optional, into)]
    disabled: String,
    /// Value of `data-open`, which islands listen to.
    #[prop(optional, into)]
    open: String,
) -> impl IntoView {
    let label_name = icon_only.then(|| label.clone());
    let title = label_name.clone().or_else(|| some(disabled.clone()));
    let inner = html! {
        @if let Some(icon) = icon { (icon.markup()) }
        @if !icon_only { span.btn-label { (label) } }
        @if let Some(about) = some(about) { span.unseen { " " (about) } }
    };
    let hint = html! { @if let Some(key) = some(key) { (caps(&key)) } };
    let kind = kind.attribute();
    let width = wide.then_some("full");
    let square = icon_only.then_some("square");
    let shape = width.or(square);
    if !href.is_empty() {
        return leaf(html! {
            a.btn data-kind=[kind] data-shape=[shape] href=(href) download[download] aria-label=[label_name] title=[title]
                data-open=[some(open)] { (inner) (hint) }
        });
    }
    if !disabled.is_empty() {
        return leaf(html! {
            button.btn type="button" data-kind=[kind] data-shape=[shape] aria-disabled="true" aria-label=[label_name]
                title=[title] { (inner) span.unseen { (disabled) } }
        });
    }
    leaf(html! {
        button.btn type="submit" data-kind=[kind] data-shape=[shape] name=[some(name)] value=[some(value)]
            form=[some(form)] formaction=[some(action)] aria-label=[label_name] title=[title] data-open=[some(open)] { (inner) (hint) }
    })
}
