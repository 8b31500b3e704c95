//! What happened, newest first: who, when, what, and the details on demand of the page.

use leptos::prelude::*;

use super::{Icon, Slot, Tone};

/// An ordered list of events.
#[component]
pub fn Timeline(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ol class="timeline" aria-label=label>{children()}</ol> }.into_any()
}

/// One event; children are its details, such as a table of changes.
#[component]
pub fn TimelineEvent(
    #[prop(into)] title: Slot,
    #[prop(optional, into)] actor: Slot,
    #[prop(optional, into)] at: Slot,
    #[prop(default = Icon::Pencil)] icon: Icon,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="event" data-tone=tone.attribute()>
            <span class="event-mark">{icon.view()}</span>
            <div class="event-words">
                {title.wrapped(|view| view! { <p class="event-title">{view}</p> })}
                <p class="event-meta">
                    {actor.wrapped(|view| view! { <span class="event-actor">{view}</span> })}
                    {at.wrapped(|view| view)}
                </p>
            </div>
            {children.map(|children| view! { <div class="event-body">{children()}</div> })}
        </li>
    }
    .into_any()
}
