//! What I have, by application: what it lets me do, why, until when, and what I can do about it. What is technical is
//! behind *Details*.

use maud::{Markup, html};
use service::requests::{MyApplication, MyEligible, MyGift, MyLine};

use super::words::{last_day, until, why};
use crate::format::{day, number};
use crate::routes::{self, below};
use crate::ui::Icon;
use crate::visit::Visit;

/// An end so near is worth a colour.
const SOON: i64 = 14 * domain::time::DAY;
/// More things of one application than this are shown when they are asked for.
const FIRST: usize = 8;

/// The card of an application.
pub(super) fn application(visit: &Visit, one: &MyApplication) -> Markup {
    let (first, rest) = one.lines.split_at(one.lines.len().min(FIRST));
    html! {
        section.card.have-card {
            header.card-head {
                h2 dir="auto" { (one.name) }
                span.card-count { (number(one.lines.len() as u64)) }
            }
            @if !one.description.is_empty() { p.have-about dir="auto" { (one.description) } }
            ul.have { @for line in first { (thing(visit, one, line)) } }
            @if !rest.is_empty() {
                details.have-more {
                    summary { (Icon::ChevronRight.markup()) span { "Show " (number(rest.len() as u64)) " more" } }
                    ul.have { @for line in rest { (thing(visit, one, line)) } }
                }
            }
        }
    }
}

fn thing(visit: &Visit, application: &MyApplication, one: &MyLine) -> Markup {
    let what = &one.line.entitlement;
    let access = &one.line.line;
    let first = access.ways.first();
    let ends = until(access.until, visit);
    let soon = access.until.is_some_and(|end| end.since(visit.now) < SOON);
    html! {
        li.have-one {
            div.have-words {
                h3 dir="auto" { (what.display_name) }
                @if !what.description.is_empty() { p.have-does dir="auto" { (what.description) } }
                @if let Some(way) = first {
                    p.have-why dir="auto" {
                        (why(way, visit))
                        @if access.ways.len() > 1 { " " (more(access.ways.len() - 1)) }
                    }
                }
                p.have-marks {
                    @if one.being_set_up { span.pill { "Being set up" } }
                    @if one.active_for_hours { span.pill data-tone="good" { "Active for now" } }
                    @if let Some(ends) = ends { span.have-until data-soon[soon] { (ends) } }
                    @if let Some(since) = access.since { span.soft { "since " (day(since.day(&visit.zone()))) } }
                }
            }
            @if let Some(gift) = &one.gift { (acts(gift, &what.display_name)) }
            (details(visit, application, one))
        }
    }
}

fn more(reasons: usize) -> String {
    if reasons == 1 {
        "There is one more reason.".to_owned()
    } else {
        format!("There are {reasons} more reasons.")
    }
}

fn acts(gift: &MyGift, name: &str) -> Markup {
    let (more_time, back) = (
        format!("/me/more-time/{}", gift.id),
        format!("/me/give-back/{}", gift.id),
    );
    html! {
        div.have-acts {
            @if gift.more_time {
                a.btn href=(more_time) { span.btn-label { "More time" span.unseen { " for " (name) } } }
            }
            a.btn data-kind="plain" href=(back) { span.btn-label { "Give back" span.unseen { " " (name) } } }
        }
    }
}

/// What only somebody who looks closer wants to know.
fn details(visit: &Visit, application: &MyApplication, one: &MyLine) -> Markup {
    let what = &one.line.entitlement;
    let access = &one.line.line;
    let me = visit.me().map(|me| routes::why(me, what.id));
    html! {
        details.have-details {
            summary { "Details" span.unseen { " of " (what.display_name) } }
            dl {
                dt { "Technical name" } dd { code { (what.application_name) "/" (what.name) } }
                @if let Some(risk) = what.risk { dt { "Risk" } dd { (risk.label()) } }
                @if let Some(used) = access.last_used { dt { "Last used" } dd { (day(used)) } }
                @if !application.console { dt { "Seen in the application" } dd { @if access.seen { "Yes" } @else { "Not yet, or not read" } } }
                dt { "Reasons" }
                dd { ul { @for way in &access.ways { li dir="auto" { (sentence(&way.because())) } } } }
            }
            @if let Some(href) = me { p { a href=(href) { "Everything about it" } } }
        }
    }
}

/// Half a sentence as a whole one.
fn sentence(half: &str) -> String {
    let mut letters = half.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut text: String = first.into_iter().flatten().chain(letters).collect();
    text.push('.');
    text
}

/// What can be activated.
pub(super) fn eligible(visit: &Visit, all: &[MyEligible]) -> Markup {
    html! {
        section.card {
            header.card-head { h2 { "When you need it" } span.card-count { (number(all.len() as u64)) } }
            p.have-about { "You can use these for some hours, with a reason." }
            ul.have { @for one in all { (one_eligible(visit, one)) } }
        }
    }
}

fn one_eligible(visit: &Visit, one: &MyEligible) -> Markup {
    let href = format!("/me/activate/{}", one.id);
    let back = below("/me", "give-back", &one.id.to_string());
    html! {
        li.have-one {
            div.have-words {
                h3 dir="auto" { (one.name) @if let Some(application) = &one.application { span.soft { " in " (application) } } }
                @if !one.description.is_empty() { p.have-does dir="auto" { (one.description) } }
                p.have-why {
                    "For at most " (super::words::counted(one.most_hours as usize, "hour")) " at a time"
                    @if one.approval { "; somebody must approve each time." } @else { "; nobody has to approve." }
                }
                p.have-marks {
                    @if let Some(end) = one.active_until {
                        span.pill data-tone="good" { "Active until " (crate::format::short(end, visit.now, &visit.zone())) }
                    }
                    @if one.waiting.is_some() { span.pill { "Waits for approval" } }
                    @if let Some(end) = one.until { span.have-until { "can be used until " (last_day(end, visit)) } }
                }
            }
            div.have-acts {
                @if let Some(item) = &one.waiting {
                    a.btn href=(format!("{}/{}", routes::REQUESTS, item.content.request)) { span.btn-label { "Open" span.unseen { " the request for " (one.name) } } }
                } @else if one.active_until.is_none() {
                    a.btn data-kind="secondary" href=(href) { (Icon::Play.markup()) span.btn-label { "Activate" span.unseen { " " (one.name) } } }
                }
                a.btn data-kind="plain" href=(back) { span.btn-label { "Give back" span.unseen { " " (one.name) } } }
            }
        }
    }
}
