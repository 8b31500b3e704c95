//! Follows a job while its page is open: asks each second how far it is.
//!
//! What the server wrote is there without scripts. When the state of the job changes, the page is loaded anew, because
//! its buttons, its file and its problems change with it.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::{api::JobNow, dom};

const EACH: u64 = 1_000;
/// After so many answers in a row that did not come, the page stands still; loading it anew begins again.
const PATIENCE: u32 = 30;

/// The bar of a job with its line and its counts.
#[island]
pub fn JobProgress(
    /// Where to ask.
    #[prop(into)]
    endpoint: String,
    /// What is known when the page is made.
    first: JobNow,
) -> impl IntoView {
    let label = first.title.clone();
    let now = RwSignal::new(first);
    Effect::new(move |_| {
        if !now.get_untracked().over {
            follow(endpoint.clone(), now, 0);
        }
    });
    let value = move || now.with(|now| (now.over || now.total > 0).then(|| bar(now).0.to_string()));
    let most = move || now.with(|now| bar(now).1.to_string());
    let counts = move || {
        now.with(|now| now.counts.clone())
            .into_iter()
            .map(|(name, count)| view! { <div class="job-count"><dt>{name}</dt><dd>{count}</dd></div> })
            .collect_view()
    };
    view! {
        <div class="progress job-progress">
            <progress aria-label=label value=value max=most></progress>
            <p class="job-line">
                <strong>{move || now.with(|now| now.label.clone())}</strong>
                <span>{move || now.with(|now| now.line.clone())}</span>
            </p>
            <p class="job-note">{move || now.with(|now| now.note.clone())}</p>
            <dl class="job-counts">{counts}</dl>
        </div>
    }
}

/// How full the bar is, and of how much. What is done is full, whatever was counted.
fn bar(now: &JobNow) -> (u64, u64) {
    if now.state == "done" {
        (1, 1)
    } else {
        (now.done.min(now.total), now.total.max(1))
    }
}

/// Asks after a second, and again, until the state changes or the page is gone.
fn follow(endpoint: String, now: RwSignal<JobNow>, missed: u32) {
    dom::later(EACH, move || {
        spawn_local(async move {
            let Some(before) = now.try_get_untracked() else {
                return;
            };
            match fetch(&endpoint).await {
                Some(new) if new.state != before.state => {
                    window().location().reload().ok();
                }
                Some(new) => {
                    now.try_set(new);
                    follow(endpoint, now, 0);
                }
                None if missed < PATIENCE => follow(endpoint, now, missed + 1),
                None => {}
            }
        });
    });
}

async fn fetch(address: &str) -> Option<JobNow> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_full_only_when_the_job_is_done() {
        let now = |state: &str, done, total| JobNow {
            state: state.to_owned(),
            done,
            total,
            ..JobNow::default()
        };
        assert_eq!(bar(&now("running", 30, 60)), (30, 60));
        assert_eq!(bar(&now("running", 70, 60)), (60, 60));
        assert_eq!(bar(&now("failed", 0, 0)), (0, 1));
        assert_eq!(bar(&now("done", 7, 0)), (1, 1));
    }
}
