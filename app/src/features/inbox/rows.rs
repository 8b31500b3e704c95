//! The rows of the queue: what waits, about whom, since when and until when.

use domain::time::{DAY, Instant};
use leptos::prelude::*;
use maud::{Markup, html};
use service::requests::{InboxRow, Waiting};
use service::reviews::OpenPile;

use crate::access::level_view;
use crate::features::requests::words::{for_so_long, kind};
use crate::format::{ago_view, number, time_view};
use crate::routes;
use crate::ui::Icon;
use crate::ui::leaf::{leaf, within};
use crate::visit::Visit;

/// What a row is called in an address.
pub(super) fn key(waiting: &Waiting) -> String {
    match waiting {
        Waiting::Approval { item, .. } | Waiting::Answer { item } => item.to_string(),
        Waiting::Task { task, .. } => task.to_string(),
    }
}

/// Whether something should be done within a day, or should have been done.
pub(super) fn is_late(due: Instant, now: Instant) -> bool {
    due.since(now) <= DAY
}

/// The address of the queue with one thing open.
pub(super) fn href(item: &str, after: &str) -> String {
    routes::with_query(routes::INBOX, &[("item", item), ("after", after)])
}

/// The rows; `current` is what the pane shows.
pub(super) fn rows(visit: &Visit, rows: &[InboxRow], current: &str, after: &str) -> AnyView {
    leaf(html! {
        ol.queue aria-label="What waits for you" {
            @for row in rows { (one(visit, row, current, after)) }
        }
    })
}

/// The reviews in which something waits, each as one row with how far it is.
pub(super) fn piles(visit: &Visit, all: &[OpenPile]) -> Option<AnyView> {
    if all.is_empty() {
        return None;
    }
    Some(leaf(html! {
        ol.queue.queue-reviews aria-label="Reviews that wait for you" {
            @for pile in all {
                @let content = &pile.campaign.content;
                @let late = is_late(content.due, visit.now);
                li {
                    span.queue-pick {}
                    a.queue-link href={ (routes::REVIEWS) "/" (pile.campaign.id) "/decide" } {
                        span.queue-top {
                            span.queue-kind { (Icon::ShieldCheck.markup()) "Review" }
                            span.queue-age { (number(pile.decided)) "/" (number(pile.all)) " decided" }
                        }
                        span.queue-who dir="auto" { (content.name) }
                        span.queue-meta {
                            span.queue-due data-late=[late.then_some("")] {
                                @if content.due < visit.now { "overdue since " } @else { "due " }
                                (within(time_view(content.due, visit)))
                            }
                        }
                    }
                }
            }
        }
    }))
}

fn one(visit: &Visit, row: &InboxRow, current: &str, after: &str) -> Markup {
    let key = key(&row.waiting);
    let here = key == current;
    let (icon, word, what) = words(row);
    let late = is_late(row.due, visit.now);
    let over = row.due < visit.now;
    html! {
        li data-current=[here.then_some("")] {
            @if !matches!(row.waiting, Waiting::Answer { .. }) {
                label.queue-pick {
                    span.unseen { "Select " (row.thing) " for " (row.person.name) }
                    input type="checkbox" name="id" value=(key) form="bulk" autocomplete="off";
                }
            } @else { span.queue-pick {} }
            a.queue-link href=(href(&key, after)) aria-current=[here.then_some("true")] {
                span.queue-top {
                    span.queue-kind { (icon.markup()) (word) }
                    span.queue-age { (within(ago_view(row.opened, visit))) }
                }
                span.queue-who dir="auto" { (row.person.name) }
                span.queue-what dir="auto" { (what) }
                span.queue-meta {
                    span.queue-due data-late=[late.then_some("")] {
                        @if over { "overdue since " } @else { "due " }
                        (within(time_view(row.due, visit)))
                    }
                    @if row.risk.is_some() { (within(level_view(row.risk))) }
                    @if let Some(other) = &row.stands_in_for { span { "for " (other.name) } }
                }
            }
        }
    }
}

/// Icon and word of the kind, and what it is about.
fn words(row: &InboxRow) -> (Icon, &'static str, String) {
    match &row.waiting {
        Waiting::Approval {
            kind: of, length, ..
        } => {
            let (icon, word) = kind(*of);
            (
                icon,
                word,
                format!("{}, {}", row.thing, for_so_long(*length)),
            )
        }
        Waiting::Answer { .. } => (
            Icon::CircleQuestionMark,
            "Question to you",
            row.thing.clone(),
        ),
        Waiting::Task { kind, .. } => (Icon::ListChecks, kind.label(), row.thing.clone()),
    }
}
