//! A sitting over many decisions: a press shows what it stages at once, and the server's answer follows.
//!
//! Every press is one of a plain form, which works by itself; this sends that form in the background. What the server does
//! not take is taken back in its place, with the reason.

use std::cell::RefCell;

use leptos::task::spawn_local;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, SubmitEvent};

use crate::api::SittingNow;
use crate::{dom, posting};

/// The region.
const REGION: &str = "[data-sitting]";
/// Its rows.
const ROW: &str = "[data-row]";
/// What is said when the server cannot be reached.
const LOST: &str = "This could not be saved: the server does not answer. Try it again.";

thread_local! {
    /// What was staged before each press of this page, the last one last: the row and the state that it had.
    static BEFORE: RefCell<Vec<(Element, Option<String>)>> = const { RefCell::new(Vec::new()) };
    /// When the row that has the focus came to be looked at.
    static LOOKED: RefCell<f64> = const { RefCell::new(0.0) };
}

/// Sends the forms of the items of this page in the background.
#[island]
pub fn Sitting() -> impl IntoView {
    Effect::new(|_| {
        window_event_listener(ev::submit, |event| submitted(&event));
        window_event_listener(ev::focusin, |event| {
            if dom::target_within(&event, ROW).is_some() {
                LOOKED.set(event.time_stamp());
            }
        });
        // Nobody came to a certain place of the page: the keys work from the first thing that is left.
        let nowhere = dom::focused().is_none_or(|element| element.tag_name() == "BODY");
        if nowhere && let Some(row) = dom::query("[data-first]") {
            dom::focus(&row);
        }
    });
    view! { <span hidden data-island="sitting"></span> }
}

/// Whether an element stands in a sitting.
pub(crate) fn region(element: &Element) -> Option<Element> {
    element.closest(REGION).ok().flatten()
}

/// Acts on a key inside a sitting, pressed at a moment of the page; true when it did something.
pub(crate) fn press(region: &Element, target: &Element, (key, at): (&str, f64)) -> bool {
    match key {
        "j" => walk(region, target, true),
        "k" => walk(region, target, false),
        "z" => undo(),
        "A" => click_in(region, "[data-key=A] button"),
        "a" | "r" => here(region, target).is_some_and(|row| decide(region, &row, (key, at))),
        "c" | "s" | "n" => here(region, target).is_some_and(|row| open(&row, key)),
        _ => false,
    }
}

/// Ctrl-Enter: in a field of an item it presses the button beside it, elsewhere it goes on to what is submitted.
pub(crate) fn finish(target: &Element) -> bool {
    let field = target.closest(".field").ok().flatten();
    let beside = field.and_then(|field| dom::query_in(&field, "button[name=act]"));
    let typing = matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
    let to = if typing {
        beside
    } else {
        dom::query("#sitting-submit")
    };
    if let Some(to) = &to {
        to.click();
    }
    to.is_some()
}

fn click_in(region: &Element, selector: &str) -> bool {
    let found = dom::query_in(region, selector);
    if let Some(found) = &found {
        found.click();
    }
    found.is_some()
}

fn rows(region: &Element) -> Vec<HtmlElement> {
    dom::all_in(region, ROW)
}

/// The row with the focus, or the first one that is left.
fn here(region: &Element, target: &Element) -> Option<Element> {
    let row = target.closest(ROW).ok().flatten();
    row.or_else(|| rows(region).into_iter().find(is_left).map(Into::into))
}

fn is_left(row: &HtmlElement) -> bool {
    !row.has_attribute("data-state") && dom::query_in(row, "form").is_some()
}

fn walk(region: &Element, target: &Element, down: bool) -> bool {
    let rows = rows(region);
    let row = target.closest(ROW).ok().flatten();
    let at = row.and_then(|row| rows.iter().position(|one| one.is_same_node(Some(&row))));
    let to = match at {
        None => Some(0),
        Some(at) if down => Some(at + 1),
        Some(at) => at.checked_sub(1),
    };
    let Some(to) = to.and_then(|to| rows.get(to)) else {
        return false;
    };
    go(to);
    true
}

fn go(row: &HtmlElement) {
    dom::focus(row);
    dom::reveal(&row.id());
}

/// Keep or revoke. What is flagged is kept with a reason: without one the field for it opens. The form is sent as its button
/// would, without the browser's own steps before that: they take as long as everything else that a key does.
fn decide(region: &Element, row: &Element, (key, at): (&str, f64)) -> bool {
    let button = dom::query_in(row, &format!("button[data-key={key}]:enabled"));
    let act = button.and_then(|button| button.get_attribute("value"));
    let (Some(act), Some(form)) = (act, form_of(row)) else {
        return false;
    };
    let reason = dom::query_in(row, "textarea[name=reason]")
        .and_then(|field| field.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    let unsaid = reason.is_none_or(|field| field.value().trim().is_empty());
    if key == "a" && row.has_attribute("data-flagged") && unsaid {
        return open(row, "n");
    }
    stage(&form, row, (&act, at));
    go_on(region, row);
    true
}

/// Opens the fields and goes to the one with this letter.
fn open(row: &Element, key: &str) -> bool {
    let Some(details) = dom::query_in(row, "details") else {
        return false;
    };
    dom::set(&details, "open", "");
    let at = format!("textarea[data-key={key}], input[data-key={key}], [data-key={key}] input");
    let field = dom::query_in(row, &at);
    if let Some(field) = &field {
        dom::focus(field);
    }
    field.is_some()
}

/// The next row on which nothing is staged, from this one on and then from above; else where it goes on.
fn go_on(region: &Element, row: &Element) {
    let rows = rows(region);
    let at = rows.iter().position(|one| one.is_same_node(Some(row)));
    let (before, after) = rows.split_at(at.unwrap_or(0));
    if let Some(next) = after.iter().chain(before).find(|one| is_left(one)) {
        go(next);
    } else if let Some(on) =
        dom::query_in(region, "[data-next]").or_else(|| dom::query("#sitting-submit"))
    {
        dom::focus(&on);
    }
}

/// Takes the last press back: the row is as it was before it.
fn undo() -> bool {
    let Some((row, before)) = BEFORE.with_borrow_mut(Vec::pop) else {
        return false;
    };
    let act = before.unwrap_or_else(|| "take_back".to_owned());
    let Some(form) = form_of(&row) else {
        return false;
    };
    send(&form, &row, &act);
    if let Some(row) = row.dyn_ref::<HtmlElement>() {
        go(row);
    }
    true
}

fn form_of(row: &Element) -> Option<HtmlFormElement> {
    dom::query_in(row, "form[data-stage]").and_then(|form| form.dyn_into().ok())
}

fn submitted(event: &SubmitEvent) {
    if event.default_prevented() {
        return;
    }
    let Some(form) = dom::target_within(event, "form[data-stage]")
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    let Some(row) = form.closest(ROW).ok().flatten() else {
        return;
    };
    let act = event
        .submitter()
        .and_then(|button| button.get_attribute("value"));
    // What is decided for several changes more than this row: the page comes anew.
    let Some(act) = act.filter(|act| !act.ends_with("_like")) else {
        return;
    };
    event.prevent_default();
    // Enter in a field: what stands beside it is meant. Not at once: a form that is being sent is sent no second time (HTML,
    // form submission).
    if act.is_empty() {
        if let Some(field) = dom::focused() {
            dom::later(0, move || {
                finish(&field);
            });
        }
        return;
    }
    stage(&form, &row, (&act, event.time_stamp()));
}

/// Stages what was pressed at a moment, and remembers what was there before.
fn stage(form: &HtmlFormElement, row: &Element, (act, at): (&str, f64)) {
    let before = row.get_attribute("data-state");
    BEFORE.with_borrow_mut(|all| all.push((row.clone(), before)));
    note(form, at - LOOKED.with_borrow(|at| *at));
    send(form, row, act);
}

/// Writes down how long it was looked at.
fn note(form: &HtmlFormElement, looked: f64) {
    let field = dom::query_in(form, "input[name=looked]")
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value(&format!("{:.0}", looked.clamp(0.0, 3_600_000.0)));
    }
}

/// Shows it, and sends it.
fn send(form: &HtmlFormElement, row: &Element, act: &str) {
    let before = row.get_attribute("data-state");
    let next = (act != "take_back").then_some(act);
    show(row, next);
    say(row, "", "");
    let (form, row, act) = (form.clone(), row.clone(), act.to_owned());
    spawn_local(async move {
        let Some(now) = ask(&form, &act).await else {
            show(&row, before.as_deref());
            say(&row, "", LOST);
            return;
        };
        if now.why.is_empty() {
            say(&row, &now.said, "");
        } else {
            show(&row, before.as_deref());
            say(&row, "", &now.why);
            if let Some(details) = dom::query_in(&row, "details") {
                dom::set(&details, "open", "");
            }
        }
        count(&now);
    });
}

/// What is staged on a row, as its buttons and its colour say it.
fn show(row: &Element, state: Option<&str>) {
    let (was, is) = (row.has_attribute("data-state"), state.is_some());
    if let Some(left) = dom::query("[data-group] [data-left]").filter(|_| was != is) {
        let now: i64 = left
            .text_content()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        left.set_text_content(Some(&(now + if is { -1 } else { 1 }).to_string()));
    }
    match state {
        Some(state) => dom::set(row, "data-state", state),
        None => dom::unset(row, "data-state"),
    }
    for button in dom::all_in::<Element>(row, "button[aria-pressed]") {
        let pressed = state.is_some() && button.get_attribute("value").as_deref() == state;
        dom::set(
            &button,
            "aria-pressed",
            if pressed { "true" } else { "false" },
        );
    }
    if let Some(button) = dom::query_in(row, "button[value=take_back]") {
        button.set_hidden(state.is_none());
    }
}

fn say(row: &Element, said: &str, why: &str) {
    for (place, text) in [(".review-said", said), (".review-wrong", why)] {
        if let Some(place) = dom::query_in(row, place) {
            place.set_text_content(Some(text));
        }
    }
}

/// The numbers of the page, as the server has them.
fn count(now: &SittingNow) {
    bar(now);
    if let Some(submit) = dom::query("#sitting-submit") {
        if now.staged == 0 {
            dom::set(&submit, "data-empty", "");
        } else {
            dom::unset(&submit, "data-empty");
        }
    }
    for place in dom::all::<Element>("[data-effort]") {
        place.set_text_content(Some(&now.effort));
    }
    for (name, number) in [("staged", now.staged), ("left", now.left)] {
        for place in dom::all::<Element>(&format!("[data-count={name}]")) {
            place.set_text_content(Some(&number.to_string()));
        }
    }
}

/// The bar of what is staged, in the server's numbers.
fn bar(now: &SittingNow) {
    let Some(bar) = dom::all::<Element>("[data-all]").into_iter().next() else {
        return;
    };
    let all = bar
        .get_attribute("data-all")
        .and_then(|all| all.parse().ok());
    let staged = bar.query_selector(".staged").ok().flatten();
    if let (Some(all), Some(staged)) = (all.filter(|all: &u64| *all > 0), staged) {
        dom::set(&staged, "width", &(now.staged * 600 / all).to_string());
    }
}

async fn ask(form: &HtmlFormElement, act: &str) -> Option<SittingNow> {
    let address = form.get_attribute("action")?;
    let (status, text) = posting::post(form, &address, ("act", act)).await?;
    if !(200..300).contains(&status) && status != 422 {
        return None;
    }
    serde_json::from_str(&text).ok()
}
