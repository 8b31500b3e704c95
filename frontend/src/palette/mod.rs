//! The command palette: go to a page, find an object by name, e-mail or id, without the mouse.
//!
//! `/search?q=` is the same as a page, and what opens the palette is a link to it, so nothing is lost without scripts.
//! The focus stays in the field; options are real links.

mod rank;
mod recent;
mod state;

use leptos::prelude::*;

use crate::{api::Suggestion, dom};
use rank::Section;
use state::{Palette, option_id};

/// Opens on Ctrl-K, Command-K and a click on `[data-open=palette]`.
#[island]
pub fn CommandPalette(
    /// Pages and acts that this person may open; filtered here, without asking the server.
    commands: Vec<Suggestion>,
    /// The id of the person signed in, so that recent things are shown to nobody else on this computer.
    #[prop(into, optional)]
    person: Option<String>,
) -> impl IntoView {
    let palette = Palette::new(commands, person.unwrap_or_default());
    Effect::new(move |_| palette.listen());
    view! {
        <dialog
            node_ref=palette.dialog
            class="palette"
            aria-label="Search or jump"
            on:close=move |_| palette.closed()
            on:click=move |event| {
                // The dialog itself is hit only on its backdrop: its content covers it.
                if dom::target(&event).is_some_and(|target| target.tag_name() == "DIALOG") {
                    palette.close();
                }
            }
        >
            {field(palette)}
            <div id="palette-list" class="palette-list" role="listbox" aria-label="Results">
                {move || groups(palette)}
            </div>
            <div class="palette-foot">
                <span role="status">{move || palette.status()}</span>
                <span class="palette-keys" aria-hidden="true">
                    <kbd>"↑"</kbd>
                    " "
                    <kbd>"↓"</kbd>
                    " choose "
                    <kbd>"Enter"</kbd>
                    " open "
                    <kbd>"Esc"</kbd>
                    " close"
                </span>
            </div>
        </dialog>
    }
}

fn field(palette: Palette) -> impl IntoView {
    view! {
        <form class="palette-form" method="get" action="/search">
            <input
                node_ref=palette.input
                class="palette-input"
                type="text"
                name="q"
                role="combobox"
                aria-label="Search or jump to"
                aria-autocomplete="list"
                aria-controls="palette-list"
                aria-expanded=move || if palette.count() == 0 { "false" } else { "true" }
                aria-activedescendant=move || palette.current()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder="Name, e-mail, id or page"
                on:input=move |event| palette.typed(event_target_value(&event))
                on:keydown=move |event| palette.pressed(&event)
            />
            <button type="button" class="palette-close" on:click=move |_| palette.close()>
                "Close"
            </button>
        </form>
    }
}

fn groups(palette: Palette) -> impl IntoView {
    let mut from = 0;
    let groups = palette.sections.get().into_iter().map(|section| {
        let first = from;
        from += section.items.len();
        group(palette, section, first)
    });
    groups.collect_view()
}

fn group(palette: Palette, section: Section, first: usize) -> impl IntoView {
    let options = section
        .items
        .into_iter()
        .enumerate()
        .map(|(offset, item)| option(palette, item, first + offset));
    view! {
        <div class="palette-group" role="group" aria-label=section.title>
            <div class="palette-title" aria-hidden="true">
                {section.title}
            </div>
            {options.collect_view()}
        </div>
    }
}

fn option(palette: Palette, item: Suggestion, at: usize) -> impl IntoView {
    let active = palette.active;
    let Suggestion {
        label,
        detail,
        href,
        kind,
        ..
    } = item.clone();
    view! {
        <a
            id=option_id(at)
            class="palette-item"
            role="option"
            tabindex="-1"
            href=href
            aria-selected=move || if active.get() == Some(at) { "true" } else { "false" }
            on:pointermove=move |_| {
                if active.get_untracked() != Some(at) {
                    active.set(Some(at));
                }
            }
            on:click=move |_| palette.chosen(&item)
        >
            <span class="palette-label">{label}</span>
            <span class="palette-detail">{detail}</span>
            <span class="palette-kind">{kind}</span>
        </a>
    }
}
