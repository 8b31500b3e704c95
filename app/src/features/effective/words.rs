//! How access, its reasons and its dates read, the same in every list of this feature.

use domain::assignment::{Agent, AssignmentState};
use domain::id::{EntitlementId, IdentityId};
use domain::role::Grantable;
use domain::time::{DAY, Date, Instant};
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{AccessLine, How, Reason, Way};

use crate::access::{person_href, sees_all};
use crate::features::holders::last_used;
use crate::format::{day, exact};
use crate::routes;
use crate::ui::leaf::{leaf, within};
use crate::ui::{Absent, Pill, Time, Tone};
use crate::visit::Visit;

/// An end so near is worth a colour.
const SOON: i64 = 30 * DAY;

/// How, by the way that is shown: `Direct`, `Role Clerk`, `Rule Finance`.
pub(super) fn how(way: &Way) -> String {
    match (way.how, way.roles.first(), &way.reason.rule) {
        (How::Role, Some(role), _) => format!("Role {}", role.display_name),
        (How::Rule, _, Some((_, rule))) => format!("Rule {rule}"),
        (how, ..) => how.label().to_owned(),
    }
}

/// The way that a list shows: the most direct, or the first of those that were asked for.
pub(super) fn lead(line: &AccessLine, wanted: Option<How>) -> Option<&Way> {
    let mut ways = line.ways.iter();
    let found = wanted.and_then(|how| ways.find(|way| way.how == how));
    found.or_else(|| line.ways.first())
}

/// How somebody has it, as a link to why when there is one.
pub(super) fn how_cell(line: &AccessLine, wanted: Option<How>, why: &str) -> AnyView {
    let words = lead(line, wanted).map(how).unwrap_or_default();
    let more = match line.ways.len() {
        0 | 1 => String::new(),
        2 => "+1 more reason".to_owned(),
        ways => format!("+{} more reasons", ways - 1),
    };
    let inner = html! {
        span.says-first { (words) }
        @if !more.is_empty() { span.says-more { (more) } }
    };
    leaf(html! {
        @if why.is_empty() { span.says { (inner) } } @else { a.says href=(why) { (inner) } }
    })
}

/// Who or what gave it, and why in the giver's words.
pub(super) fn by_cell(visit: &Visit, reason: Option<&Reason>) -> AnyView {
    let Some(reason) = reason else {
        return view! { <Absent /> }.into_any();
    };
    let (who, why) = (giver(visit, reason), reason.reason.trim());
    leaf(html! {
        span.says {
            span.says-first { @if reason.rule.is_some() { "Rule " } (who) }
            @if !why.is_empty() { span.says-more dir="auto" { (why) } }
        }
    })
}

/// Who or what gave it; a link where there is a page that the visitor may see.
pub(super) fn giver(visit: &Visit, reason: &Reason) -> Markup {
    let (name, href) = match (&reason.granted_by, &reason.rule, &reason.source) {
        (_, Some((id, name)), _) => (
            name.clone(),
            linked(visit, format!("{}/{id}", routes::RULES)),
        ),
        (Some((id, name)), ..) => (name.clone(), person_href(visit, *id)),
        (.., Some(source)) => (source.clone(), String::new()),
        _ => (reason.agent.label().to_owned(), String::new()),
    };
    link(&name, &href)
}

/// What was at work, in a word; nothing here gave what a source only found.
pub(super) const fn agent(reason: &Reason) -> &'static str {
    match (reason.agent, reason.assignment.is_none()) {
        (Agent::Import, true) => "Found by an import",
        (agent, _) => agent.label(),
    }
}

/// A name, as a link when there is somewhere to go.
pub(super) fn link(name: &str, href: &str) -> Markup {
    html! {
        @if href.is_empty() { span dir="auto" { (name) } } @else { a href=(href) dir="auto" { (name) } }
    }
}

/// A path of the access model, for those who may see all of it; others read the name alone.
pub(super) fn linked(visit: &Visit, path: String) -> String {
    if sees_all(visit) { path } else { String::new() }
}

/// The page of what was given.
pub(super) fn thing_href(visit: &Visit, what: Grantable) -> String {
    let path = match what {
        Grantable::Entitlement(id) => format!("{}/{id}", routes::ENTITLEMENTS),
        Grantable::Role(id) => format!("{}/{id}", routes::ROLES),
    };
    linked(visit, path)
}

/// What was given, with the word that tells a role from an entitlement.
pub(super) fn thing(what: &(Grantable, String)) -> String {
    match what.0 {
        Grantable::Entitlement(_) => what.1.clone(),
        Grantable::Role(_) => format!("the role {}", what.1),
    }
}

/// Why a person has something, at the moment of the page; empty for who may not see the person.
pub(super) fn why_href(
    visit: &Visit,
    person: IdentityId,
    entitlement: EntitlementId,
    as_of: &str,
) -> String {
    if person_href(visit, person).is_empty() {
        return String::new();
    }
    let path = routes::why(person, entitlement);
    routes::with_query(&path, &[(crate::as_of::NAME, as_of)])
}

/// The day of a moment, the exact time on hover.
pub(super) fn day_of(visit: &Visit, at: Instant) -> AnyView {
    let zone = visit.zone();
    view! { <Time at=at.to_string() text=day(at.day(&zone)) full=exact(at, &zone) /> }.into_any()
}

/// The day of a moment that may be missing.
pub(super) fn since(visit: &Visit, at: Option<Instant>) -> AnyView {
    at.map_or_else(|| view! { <Absent /> }.into_any(), |at| day_of(visit, at))
}

/// When it ends; a colour when that is soon after the moment of the page.
pub(super) fn until(visit: &Visit, at: Option<Instant>, moment: Instant) -> AnyView {
    // What ends when a day is over is shown with that day.
    match at.map(|at| at.plus(-1)) {
        Some(at) if at.since(moment) < SOON => {
            let text = day(at.day(&visit.zone()));
            view! { <Pill text=text tone=Tone::Warn /> }.into_any()
        }
        at => since(visit, at),
    }
}

/// The last use as far as the moment of the page: what sources tell is not kept for the past, and a use after the moment says
/// nothing about it.
pub(super) fn used(used: Option<Date>, today: Date) -> AnyView {
    last_used(used.filter(|used| *used <= today), today)
}

/// Since when and until when in one line: `3 May 2026, until 31 Dec 2026`.
pub(super) fn span(visit: &Visit, from: Instant, until: Option<Instant>) -> Markup {
    html! {
        "Since " (within(day_of(visit, from)))
        @if let Some(until) = until { ", until " (within(day_of(visit, until.plus(-1)))) }
    }
}

/// Why something that was given gives nothing.
pub(super) const fn resting(state: AssignmentState) -> (&'static str, Tone) {
    match state {
        AssignmentState::Active => ("Begins later", Tone::Plain),
        AssignmentState::Eligible => ("Waits to be activated", Tone::Plain),
        AssignmentState::Suspended => ("Suspended", Tone::Warn),
        AssignmentState::Ended => ("Ended", Tone::Plain),
    }
}
