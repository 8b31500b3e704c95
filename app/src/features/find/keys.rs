//! All keyboard shortcuts: exactly those that the islands listen to. Each does what a visible control does, too.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use crate::navigation;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{Banner, Card, Kbd, PageHeader};
use crate::visit::Visit;

/// Keys (alternatives beside each other) and what they do.
type Shortcut = (&'static [&'static str], &'static str);

const EVERYWHERE: &[Shortcut] = &[
    (
        &["Ctrl K", "⌘ K"],
        "Search or jump: find a person, an application, an entitlement, a role, a rule or a page",
    ),
    (&["/"], "Search on this page"),
    (&["?"], "This list"),
    (
        &["Ctrl Enter", "⌘ Enter"],
        "Send the form you are filling in",
    ),
    (&["Esc"], "Close what is open"),
];

const LISTS: &[Shortcut] = &[
    (&["j", "↓"], "Next row"),
    (&["k", "↑"], "Previous row"),
    (&["Enter"], "Open the row"),
    (&["o", "Space"], "Look at the row beside the list"),
    (&["x"], "Tick the row, where rows can be ticked"),
    (
        &["Shift ↓", "Shift ↑"],
        "Tick further rows; Shift and a click tick everything between",
    ),
    (&["n"], "Next page"),
    (&["p"], "Previous page"),
];

const DECIDING: &[Shortcut] = &[
    (
        &["j"],
        "Next thing: in the queue its row, in the pane the thing",
    ),
    (&["k"], "The thing before"),
    (&["a"], "Approve; in a review keep"),
    (&["r"], "Reject: asks for the reason; in a review revoke"),
    (
        &["c"],
        "Change: approve for less time; in a review keep until a day",
    ),
    (&["s"], "Not sure: let somebody else decide"),
    (&["q"], "Ask back"),
    (&["n"], "Write a note"),
    (&["x"], "Tick the row of the queue"),
    (&["z"], "In a review: take back the last decision"),
    (
        &["Shift A"],
        "In a review: keep everything in the group that is not flagged",
    ),
    (
        &["Ctrl Enter", "⌘ Enter"],
        "In a review: go on to submit what is staged",
    ),
];

const SUGGESTIONS: &[Shortcut] = &[
    (&["↓", "↑"], "Choose"),
    (&["Enter"], "Take or open what is chosen"),
    (
        &["Tab"],
        "Take the suggestion, in the search of a list and in form fields",
    ),
    (
        &["Ctrl Enter", "⌘ Enter"],
        "Open it in a new tab, in the palette",
    ),
    (&["Esc"], "Close the suggestions"),
];

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    // Only somebody signed in has pages where these keys work.
    if let Err(error) = service::search::everything(&app.service, &visit.cx(), "").await {
        return app.refuse(&visit, error);
    }
    app.page(
        &visit,
        Page::new("Keyboard shortcuts", routes::HELP_KEYS),
        || content(&visit),
    )
}

fn content(visit: &Visit) -> AnyView {
    let places = navigation::key_list(visit)
        .into_iter()
        .map(|(keys, place)| line(vec![keys], place));
    let places: Vec<AnyView> = places.collect();
    let off = visit.preferences.keys_off;
    let state = if off {
        "Shortcuts of a single key are off"
    } else {
        "Shortcuts of a single key can be switched off"
    };
    let how = if off {
        "Letters, / and ? do nothing now; keys with Ctrl, arrows, Enter and Esc still work. Switch them on again in "
    } else {
        "If letters get in the way of speech input or of your own tools, switch them off in "
    };
    view! {
        <PageHeader title="Keyboard shortcuts" detail="Everything works without them. They are silent while you type in a field." />
        <Banner title=state>
            {how} <a href=routes::ME_PREFERENCES>"your preferences"</a> "."
        </Banner>
        <div class="shortcut-groups">
            {card("Everywhere", "", lines(EVERYWHERE))}
            {card("Go to", "One key after the other.", places)}
            {card("Lists", "While the focus is in the table.", lines(LISTS))}
            {card("Deciding", "While the focus is in the inbox or on what is to be decided.", lines(DECIDING))}
            {card("Suggestions", "While you type in the palette, a list’s search or a form field.", lines(SUGGESTIONS))}
        </div>
    }
    .into_any()
}

fn lines(shortcuts: &'static [Shortcut]) -> Vec<AnyView> {
    shortcuts
        .iter()
        .map(|(keys, does)| {
            line(
                keys.iter().map(|keys| (*keys).to_owned()).collect(),
                (*does).to_owned(),
            )
        })
        .collect()
}

fn line(keys: Vec<String>, does: String) -> AnyView {
    let or = |at: usize| (at > 0).then(|| view! { <span class="shortcut-or">"or"</span> });
    let keys = keys
        .into_iter()
        .enumerate()
        .map(|(at, keys)| view! { {or(at)} <Kbd keys=keys /> })
        .collect_view();
    view! { <div class="shortcut"><dt>{keys}</dt><dd>{does}</dd></div> }.into_any()
}

fn card(title: &'static str, when: &'static str, lines: Vec<AnyView>) -> AnyView {
    let when = (!when.is_empty()).then(|| view! { <p class="shortcut-when">{when}</p> });
    view! { <Card title=title>{when} <dl class="shortcuts">{lines}</dl></Card> }.into_any()
}
