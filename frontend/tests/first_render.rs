//! What the islands say before any script runs: the page must work and must not promise what it cannot do.

use std::sync::Arc;

use frontend::{
    BulkSelect, Combobox, CommandPalette, CopyButton, Guard, Keys, QuickLook, RevealPassword,
    Sitting, Toast, TokenKey, TokenSearch,
    api::{Suggestion, Suggestions},
};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

fn html<View: IntoView>(view: impl FnOnce() -> View) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    // Leptos marks where children end; a reader sees nothing of it.
    owner
        .with(|| view().into_view().to_html())
        .replace("<!>", "")
}

/// Without the properties, which stand as JSON in an attribute of the wrapper.
fn markup(html: &str) -> &str {
    html.split_once('>').map_or(html, |(_, markup)| markup)
}

#[test]
fn a_combobox_is_a_plain_field() {
    let html = html(|| {
        view! {
            <Combobox
                name="manager"
                value="ana"
                label_value="Ana Silva"
                endpoint="/api/pick/people"
                input_id="f-manager"
                described_by="f-manager-hint"
                invalid=true
                placeholder=""
            />
        }
    });
    let markup = markup(&html);
    for part in [
        "id=\"f-manager\"",
        "name=\"manager\"",
        "value=\"ana\"",
        "aria-invalid=\"true\"",
        "aria-describedby=\"f-manager-hint f-manager-chosen\"",
        "Ana Silva",
    ] {
        assert!(markup.contains(part), "{part} is missing in {markup}");
    }
    assert!(!markup.contains("role=\"combobox\""), "{markup}");
    assert!(!markup.contains("placeholder"), "{markup}");
}

#[test]
fn the_palette_is_closed_and_empty() {
    let commands = vec![Suggestion {
        label: "People".to_owned(),
        href: "/people".to_owned(),
        ..Suggestion::default()
    }];
    let html = html(|| view! { <CommandPalette commands=commands person="idn_1" /> });
    assert!(markup(&html).starts_with("<dialog"), "{html}");
    assert!(!markup(&html).contains("role=\"option\""), "{html}");
    assert!(html.contains("action=\"/search\""), "{html}");
}

#[test]
fn what_is_wrapped_is_there() {
    let copy = html(|| view! { <CopyButton value="idn_1" label="Copy id">"icon"</CopyButton> });
    assert!(
        copy.contains("aria-label=\"Copy id\"") && copy.contains("icon"),
        "{copy}"
    );
    let toast = html(|| view! { <Toast><p>"Saved."</p></Toast> });
    assert!(
        toast.contains("role=\"status\"") && toast.contains("<p>Saved.</p>"),
        "{toast}"
    );
    let reveal = html(
        || view! { <RevealPassword><input type="password" name="password"/></RevealPassword> },
    );
    assert!(
        reveal.contains("type=\"password\"") && reveal.contains("Show password"),
        "{reveal}"
    );
    let keys = vec![TokenKey {
        key: "status".to_owned(),
        ..TokenKey::default()
    }];
    let search = html(
        || view! { <TokenSearch keys=keys><input type="search" name="q" id="q"/></TokenSearch> },
    );
    assert!(
        search.contains("id=\"q\"") && !search.contains("role=\"option\""),
        "{search}"
    );
}

#[test]
fn listeners_take_no_room() {
    for html in [
        html(|| view! { <Guard /> }),
        html(|| view! { <BulkSelect /> }),
        html(|| view! { <QuickLook /> }),
        html(|| view! { <Keys go=vec![("p".to_owned(), "/people".to_owned())] /> }),
    ] {
        assert!(markup(&html).starts_with("<span hidden"), "{html}");
    }
}

#[test]
fn an_answer_reads_back_and_forgives_what_is_left_out() {
    let text = r#"{"items":[{"id":"ana","label":"Ana Silva"}],"total":1,"more":false}"#;
    let read: Suggestions = serde_json::from_str(text).expect("a short answer");
    assert_eq!(read.items[0].label, "Ana Silva");
    let again: Suggestions = serde_json::from_str(&serde_json::to_string(&read).expect("text"))
        .expect("the same answer");
    assert_eq!(again, read);
}

#[test]
fn the_progress_of_a_job_says_what_the_server_knows() {
    let now = frontend::api::JobNow {
        state: "running".to_owned(),
        label: "Running".to_owned(),
        title: "Export: People".to_owned(),
        line: "30 of 60".to_owned(),
        done: 30,
        total: 60,
        counts: vec![("Added".to_owned(), "12".to_owned())],
        ..frontend::api::JobNow::default()
    };
    let page = html({
        let now = now.clone();
        || view! { <frontend::JobProgress endpoint="/api/jobs/job_1" first=now /> }
    });
    for part in [
        "value=\"30\"",
        "max=\"60\"",
        "aria-label=\"Export: People\"",
        "Running",
        "30 of 60",
        "Added",
        "12",
    ] {
        assert!(markup(&page).contains(part), "{part} is missing in {page}");
    }
    // How much there is in all is not known: the bar only says that it moves.
    let unknown = frontend::api::JobNow { total: 0, ..now };
    let page =
        html(|| view! { <frontend::JobProgress endpoint="/api/jobs/job_1" first=unknown /> });
    assert!(!markup(&page).contains(" value="), "{page}");
}

#[test]
fn a_sitting_adds_nothing_to_the_page() {
    let html = html(|| view! { <Sitting /> });
    assert!(markup(&html).contains("hidden"), "{html}");
}
