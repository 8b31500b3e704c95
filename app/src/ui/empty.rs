//! Three kinds of emptiness, each with a reason and a way on. No pictures for fun.

use leptos::prelude::*;

use super::Icon;

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyKind {
    /// There is nothing yet.
    Nothing,
    /// Nothing matches the search.
    NoMatch,
    /// There may be something, but not for this person.
    NotForYou,
}

/// An empty state; children are the actions that lead on.
#[component]
pub fn Empty(
    kind: EmptyKind,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// In place of the usual icon of the kind.
    #[prop(optional)]
    icon: Option<Icon>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let usual = match kind {
        EmptyKind::Nothing => Icon::Inbox,
        EmptyKind::NoMatch => Icon::SearchX,
        EmptyKind::NotForYou => Icon::Lock,
    };
    view! {
        <div class="empty">
            <span class="empty-mark">{icon.unwrap_or(usual).view()}</span>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}
