//! The head of a page: its only `h1`, the state of the thing, its id, and what can be done with it.

use leptos::prelude::*;

use super::{Slot, some};

/// Title and actions; the first thing on every page.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    /// One line under the title.
    #[prop(optional, into)]
    detail: String,
    /// An avatar or an icon tile before the title.
    #[prop(optional, into)]
    lead: Slot,
    #[prop(optional, into)] status: Slot,
    #[prop(optional, into)] id: Slot,
    #[prop(optional, into)] actions: Slot,
) -> impl IntoView {
    view! {
        <div class="header">
            {lead.wrapped(|view| view! { <span class="header-lead">{view}</span> })}
            <div class="header-words">
                <div class="header-title">
                    <h1 dir="auto">{title}</h1>
                    {status.wrapped(|view| view! { <span class="header-status">{view}</span> })}
                    {id.wrapped(|view| view! { <span class="header-id">{view}</span> })}
                </div>
                {some(detail).map(|detail| view! { <p class="header-detail" dir="auto">{detail}</p> })}
            </div>
            {actions.wrapped(|view| view! { <div class="header-actions">{view}</div> })}
        </div>
    }
    .into_any()
}
