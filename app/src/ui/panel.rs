//! The panel of a list: the overview of one row beside the rows, so that a look costs no way and no way back.
//!
//! It is a part of the page that the address asks for: every control is a link, and nothing of it needs scripts.

use leptos::prelude::*;

use super::{Button, ButtonKind, Icon, Slot, some, words};

/// A list and the panel at its right; the list alone while the panel is empty.
#[component]
pub fn Beside(
    #[prop(into)] panel: Slot,
    /// The list without the panel, to which a click beside the panel leads.
    #[prop(into)]
    close: String,
    children: Children,
) -> impl IntoView {
    if panel.is_empty() {
        return children().into_any();
    }
    view! {
        <div class="beside">
            <div class="beside-list">{children()}</div>
            <a class="panel-veil" href=close tabindex="-1" aria-hidden="true"></a>
            {panel.wrapped(|view| view)}
        </div>
    }
    .into_any()
}

/// The panel; children are the overview of the row.
#[component]
pub fn Panel(
    #[prop(into)] title: String,
    #[prop(optional, into)] detail: String,
    #[prop(optional, into)] lead: Slot,
    #[prop(optional, into)] status: Slot,
    /// The full page of the row.
    #[prop(into)]
    open: String,
    /// The list without the panel.
    #[prop(into)]
    close: String,
    /// The panel of the row before; empty at the first.
    #[prop(optional, into)]
    previous: String,
    /// The panel of the row after; empty at the last.
    #[prop(optional, into)]
    next: String,
    children: Children,
) -> impl IntoView {
    let words = words();
    let detail =
        some(detail).map(|detail| view! { <p class="panel-detail" dir="auto">{detail}</p> });
    view! {
        <aside class="panel" aria-labelledby="panel-title">
            <header class="panel-head">
                <div class="panel-bar">
                    {step(previous, words.previous_row, Icon::ArrowUp)}
                    {step(next, words.next_row, Icon::ArrowDown)}
                    <span class="panel-ways">
                        <Button label=words.open_page href=open icon=Icon::ExternalLink />
                        <a class="btn" data-kind="plain" data-shape="square" data-panel="close" href=close aria-label=words.close title=words.close>
                            {Icon::X.view()}
                        </a>
                    </span>
                </div>
                <div class="panel-name">
                    {lead.wrapped(|view| view)}
                    <div class="panel-words">
                        <h2 id="panel-title" tabindex="-1" autofocus dir="auto">{title}</h2>
                        {detail}
                    </div>
                    {status.wrapped(|view| view! { <span class="panel-status">{view}</span> })}
                </div>
            </header>
            <div class="panel-body">{children()}</div>
        </aside>
    }
    .into_any()
}

fn step(href: String, label: &'static str, icon: Icon) -> AnyView {
    if href.is_empty() {
        return view! {
            <span class="btn" data-kind="plain" data-shape="square" aria-disabled="true" aria-hidden="true">{icon.view()}</span>
        }
        .into_any();
    }
    view! { <Button label=label href=href icon=icon kind=ButtonKind::Plain icon_only=true /> }
        .into_any()
}
