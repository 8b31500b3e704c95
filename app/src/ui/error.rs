//! The body of an error page: what happened, what to do, the request id, a way on. The shell stays around it.

use leptos::prelude::*;

use super::{Id, Slot, some, words};

/// Words instead of a code; the code is there for the one who has to report it.
#[component]
pub fn ErrorBody(
    /// Such as `404`.
    #[prop(into)]
    code: String,
    #[prop(into)] title: String,
    /// What happened and what to do about it.
    #[prop(into)]
    text: String,
    /// The request id; empty when there is none.
    #[prop(optional, into)]
    request: String,
    /// The copy button for the request id.
    #[prop(optional, into)]
    copy: Slot,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let request = some(request).map(|request| {
        view! {
            <p class="error-request">
                <span>{words().request}</span>
                <Id value=request>{copy.wrapped(|view| view)}</Id>
            </p>
        }
    });
    view! {
        <section class="error-body">
            <p class="error-code">{code}</p>
            <h1>{title}</h1>
            <p class="error-text">{text}</p>
            {children.map(|children| view! { <div class="error-ways">{children()}</div> })}
            {request}
        </section>
    }
    .into_any()
}
