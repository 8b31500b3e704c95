//! The command palette: go to a page, find an object by name, e-mail or id, without the mouse.
//!
//! `/search?q=` is the same as a page, and what opens the palette is a link to it, so nothing is lost without scripts.
//! The focus stays in the field; options are real links.

mod rank;
mod recent;

use leptos::{ev, html, prelude::*};
use web_sys::{KeyboardEvent, MouseEvent};

use crate::{
    api::Suggestion,
    dom,
    finder::{Answer, Finder},
    listbox,
};
use rank::Section;

/// Opens on Ctrl-K, Command-K and a click on `[data-open=palette]`.
#[island]
pub fn CommandPalette(
    /// Pages and acts that this person may open; filtered here, without asking the server.
    commands: Vec<Suggestion>,
    /// The id of the person signed in, so that recent things are shown to nobody else on this computer.
    #[prop(into, optional)]
    person: Option<String>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let open = RwSignal::new(false);
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(None::<usize>);
    let finder = Finder::new();
    let commands = StoredValue::new(commands);
    let person = StoredValue::new(person.unwrap_or_default());
    let visits = RwSignal::new(Vec::<Suggestion>::new());
    // Empty while closed: the commands are in every page, their list need not be.
    let sections = Memo::new(move |_| {
        if !open.get() {
            return Vec::new();
        }
        commands.with_value(|commands| {
            rank::sections(&query.get(), commands, &visits.get(), &finder.answer())
        })
    });
    let count = move || {
        sections.with(|sections| {
            sections
                .iter()
                .map(|section| section.items.len())
                .sum::<usize>()
        })
    };

    let show = move || {
        let Some(dialog) = dialog.get_untracked() else {
            return;
        };
        if dialog.open() {
            return;
        }
        visits.set(person.with_value(|person| recent::load(person)));
        query.set(String::new());
        finder.forget();
        active.set(None);
        open.set(true);
        if dialog.show_modal().is_err() {
            open.set(false);
            return;
        }
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            dom::focus(&input);
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    Effect::new(move |_| {
        window_event_listener(ev::keydown, move |event| {
            let command =
                (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
            if command && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                if open.get_untracked() {
                    close()
                } else {
                    show()
                }
            }
        });
        window_event_listener(ev::click, move |event| {
            if !dom::is_special_click(&event)
                && dom::target_within(&event, "[data-open=palette]").is_some()
            {
                event.prevent_default();
                show();
            }
        });
        window_event_listener(ev::submit, |event| {
            if dom::target_within(&event, "form[action='/sign-out']").is_some() {
                recent::forget();
            }
        });
    });

    let typed = move |text: String| {
        active.set((!text.trim().is_empty()).then_some(0));
        if text.trim().chars().nth(1).is_some() {
            finder.ask("/api/search".to_owned(), text.trim().to_owned());
        } else {
            finder.forget();
        }
        query.set(text);
    };
    let pressed = move |event: KeyboardEvent| {
        if event.is_composing() || event.shift_key() {
            return;
        }
        if let Some(next) = listbox::step(active.get_untracked(), untrack(count), &event.key()) {
            event.prevent_default();
            active.set(Some(next));
            dom::later(0, move || dom::reveal(&option_id(next)));
        } else if event.key() == "Enter"
            && let Some(option) = active
                .get_untracked()
                .and_then(|at| document().get_element_by_id(&option_id(at)))
        {
            // Without an active option Enter submits the form, which is the search page.
            event.prevent_default();
            let init = web_sys::MouseEventInit::new();
            init.set_bubbles(true);
            init.set_cancelable(true);
            init.set_ctrl_key(event.ctrl_key());
            init.set_meta_key(event.meta_key());
            if let Ok(click) = MouseEvent::new_with_mouse_event_init_dict("click", &init) {
                option.dispatch_event(&click).ok();
            }
        }
    };
    let chosen = Callback::new(move |item: Suggestion| {
        person.with_value(|person| recent::add(person, &item));
        // A target on the same page would leave the palette open over it.
        dom::later(0, close);
    });
    let status = move || {
        let typed = query.with(|query| query.trim().chars().nth(1).is_some());
        match finder.answer() {
            _ if !open.get() => String::new(),
            Answer::Failed => "The search did not answer. Enter opens the search page.".to_owned(),
            Answer::Found { found, .. } if typed && count() == 0 && found.items.is_empty() => {
                "Nothing matches.".to_owned()
            }
            Answer::Found { found, .. } if !found.items.is_empty() => {
                listbox::showing(found.items.len(), found.total, found.more)
            }
            _ => String::new(),
        }
    };

    let expanded = move || if count() > 0 { "true" } else { "false" };
    let current = move || active.get().filter(|at| *at < count()).map(option_id);

    view! {
        <dialog
            node_ref=dialog
            class="palette"
            aria-label="Search or jump"
            on:close=move |_| open.set(false)
            on:click=move |event| {
                // The dialog itself is hit only on its backdrop: its content covers it.
                if dom::target(&event).is_some_and(|target| target.tag_name() == "DIALOG") {
                    close();
                }
            }
        >
            <form class="palette-form" method="get" action="/search">
                <input
                    node_ref=input
                    class="palette-input"
                    type="text"
                    name="q"
                    role="combobox"
                    aria-label="Search or jump to"
                    aria-autocomplete="list"
                    aria-controls="palette-list"
                    aria-expanded=expanded
                    aria-activedescendant=current
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder="Name, e-mail, id or page"
                    on:input=move |event| typed(event_target_value(&event))
                    on:keydown=pressed
                />
                <button type="button" class="palette-close" on:click=move |_| close()>
                    "Close"
                </button>
            </form>
            <div id="palette-list" class="palette-list" role="listbox" aria-label="Results">
                {move || {
                    let mut from = 0;
                    let groups = sections.get().into_iter().map(|section| {
                        let first = from;
                        from += section.items.len();
                        group(section, first, active, chosen)
                    });
                    groups.collect_view()
                }}
            </div>
            <div class="palette-foot">
                <span role="status">{status}</span>
                <span class="palette-keys" aria-hidden="true">
                    <kbd>"↑"</kbd>
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

fn option_id(at: usize) -> String {
    format!("palette-{at}")
}

fn group(
    section: Section,
    first: usize,
    active: RwSignal<Option<usize>>,
    chosen: Callback<Suggestion>,
) -> impl IntoView {
    let options = section.items.into_iter().enumerate().map(|(offset, item)| {
        let at = first + offset;
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
                on:click=move |_| chosen.run(item.clone())
            >
                <span class="palette-label">{label}</span>
                <span class="palette-detail">{detail}</span>
                <span class="palette-kind">{kind}</span>
            </a>
        }
    });
    view! {
        <div class="palette-group" role="group" aria-label=section.title>
            <div class="palette-title" aria-hidden="true">{section.title}</div>
            {options.collect_view()}
        </div>
    }
}
