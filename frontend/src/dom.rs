//! Small, tolerant steps through the document.
//!
//! A missing element or a refused call is never an error here: pages work without scripts, so an island that finds
//! nothing to enhance does nothing.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, Event, HtmlElement, KeyboardEvent, MouseEvent, NodeList, Storage,
};

/// Runs `act` after some milliseconds.
pub(crate) fn later(milliseconds: u64, act: impl FnOnce() + 'static) {
    set_timeout(act, Duration::from_millis(milliseconds));
}

/// The first element that matches.
pub(crate) fn query(selector: &str) -> Option<HtmlElement> {
    document()
        .query_selector(selector)
        .ok()
        .flatten()
        .and_then(|element| element.dyn_into().ok())
}

/// The first element below `root` that matches.
pub(crate) fn query_in(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector)
        .ok()
        .flatten()
        .and_then(|element| element.dyn_into().ok())
}

/// All elements of the page that match and are a `T`.
pub(crate) fn all<T: JsCast>(selector: &str) -> Vec<T> {
    collect(Document::query_selector_all(&document(), selector).ok())
}

/// All elements below `root` that match and are a `T`.
pub(crate) fn all_in<T: JsCast>(root: &Element, selector: &str) -> Vec<T> {
    collect(root.query_selector_all(selector).ok())
}

fn collect<T: JsCast>(list: Option<NodeList>) -> Vec<T> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at)))
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}

/// The element that an event happened to.
pub(crate) fn target(event: &Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// The nearest element from the target of the event upwards that matches.
pub(crate) fn target_within(event: &Event, selector: &str) -> Option<Element> {
    target(event)?.closest(selector).ok().flatten()
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<HtmlElement> {
    document()
        .active_element()
        .and_then(|element| element.dyn_into().ok())
}

/// Moves the focus; an element that is gone refuses silently.
pub(crate) fn focus(element: &HtmlElement) {
    element.focus().ok();
}

/// Sets an attribute.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    element.set_attribute(name, value).ok();
}

/// Removes an attribute.
pub(crate) fn unset(element: &Element, name: &str) {
    element.remove_attribute(name).ok();
}

/// Tells listeners, other islands among them, that a script changed a control, as if a person had.
pub(crate) fn announce(element: &Element, event: &str) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict(event, &init) {
        element.dispatch_event(&event).ok();
    }
}

/// Whether a click should stay the browser's own: another button, or a modifier that opens a tab.
pub(crate) fn is_special_click(event: &MouseEvent) -> bool {
    event.button() != 0
        || event.ctrl_key()
        || event.meta_key()
        || event.shift_key()
        || event.alt_key()
}

/// Whether a key comes with a modifier that makes it the browser's or the system's.
pub(crate) fn has_modifier(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key()
}

/// Scrolls as little as needed to show the element with this id.
pub(crate) fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let how = web_sys::ScrollIntoViewOptions::new();
        how.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&how);
    }
}

/// What outlives the page, where the person allows it.
pub(crate) fn local_storage() -> Option<Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

/// What outlives the page but not the tab.
pub(crate) fn session_storage() -> Option<Storage> {
    leptos::prelude::window().session_storage().ok().flatten()
}

/// A text as part of a query string.
pub(crate) fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
