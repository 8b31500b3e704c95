//! Asking the server for suggestions while someone types.
//!
//! Waits a moment so that not every key is a request, and drops answers that come after a newer question.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::{
    api::Suggestions,
    dom::{encode, later},
};

const PAUSE: u64 = 120;

/// What the server said to the last question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing asked.
    Silent,
    /// These, for that question.
    Found {
        /// What was asked.
        query: String,
        /// What was found.
        found: Suggestions,
    },
    /// No answer, or one that is not understood.
    Failed,
}

/// One place that asks; copies share the state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finder {
    turn: StoredValue<u32>,
    answer: RwSignal<Answer>,
}

impl Finder {
    pub(crate) fn new() -> Self {
        Self {
            turn: StoredValue::new(0),
            answer: RwSignal::new(Answer::Silent),
        }
    }

    /// The last answer. The question it belongs to may be older than the text in the field.
    pub(crate) fn answer(self) -> Answer {
        self.answer.get()
    }

    /// Forgets the answer and any question on its way.
    pub(crate) fn forget(self) {
        self.next_turn();
        self.answer.set(Answer::Silent);
    }

    /// Asks after a pause, unless another question comes first.
    pub(crate) fn ask(self, endpoint: String, query: String) {
        let turn = self.next_turn();
        let current = move || self.turn.try_get_value() == Some(turn);
        later(PAUSE, move || {
            if !current() {
                return;
            }
            spawn_local(async move {
                let found = fetch(&format!("{endpoint}?q={}", encode(&query))).await;
                if current() {
                    self.answer
                        .set(found.map_or(Answer::Failed, |found| Answer::Found { query, found }));
                }
            });
        });
    }

    fn next_turn(self) -> u32 {
        let next = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(next);
        next
    }
}

async fn fetch(address: &str) -> Option<Suggestions> {
    let response: Response = JsFuture::from(window().fetch_with_str(address))
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()?;
    serde_json::from_str(&text).ok()
}
