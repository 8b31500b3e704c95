//! One way to an access, as a chain from the person over what was given and its roles to the entitlement; and what would
//! really end it.

use domain::assignment::Agent;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{Explained, How, MustEnd, NamedEntitlement, Way};
use service::people::Person;

use super::words::{agent, day_of, giver, link, linked, span, thing, thing_href};
use crate::access::person_href;
use crate::routes;
use crate::ui::leaf::{leaf, within};
use crate::ui::{Card, Icon};
use crate::visit::Visit;

/// All ways, the most direct first.
pub(super) fn card(visit: &Visit, person: &Person, explained: &Explained) -> Option<AnyView> {
    let ways = &explained.line.as_ref()?.ways;
    let (title, count) = match ways.len() {
        1 => ("How they have it", String::new()),
        ways => ("Every way to it", ways.to_string()),
    };
    let all = ways.iter().map(|way| one(visit, person, explained, way));
    let all = leaf(html! { div.ways-all { @for way in all { (way) } } });
    Some(view! { <Card title=title count=count>{all}</Card> }.into_any())
}

fn one(visit: &Visit, person: &Person, explained: &Explained, way: &Way) -> Markup {
    // The sentence on top says it already where there is no other way.
    let only = explained
        .line
        .as_ref()
        .is_none_or(|line| line.ways.len() == 1);
    html! {
        section.way {
            @if !only { h3 { "Because " (way.because()) "." } }
            (chain(visit, person, explained, way))
            p.soft { (span(visit, way.since, way.until)) }
        }
    }
}

/// A step of a chain.
fn step(icon: Icon, kind: &str, name: &Markup, detail: &Markup) -> Markup {
    html! {
        li.chain-step {
            span.chain-icon { (icon.markup()) }
            span.chain-words {
                span.chain-kind { (kind) }
                span.chain-name { (name) }
                span.chain-detail dir="auto" { (detail) }
            }
        }
    }
}

fn chain(visit: &Visit, person: &Person, explained: &Explained, way: &Way) -> Markup {
    let none = html! {};
    let who = &person.identity;
    let who_name = link(&who.content.display_name, &person_href(visit, who.id));
    let what = &explained.entitlement;
    let entitlement = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, what.id));
    let roles = way.roles.iter().map(|role| {
        let href = linked(visit, format!("{}/{}", routes::ROLES, role.id));
        step(
            Icon::Layers,
            "Role",
            &link(&role.display_name, &href),
            &none,
        )
    });
    let application = html! { (what.application_display) };
    html! {
        ol.chain {
            (step(Icon::User, "Person", &who_name, &none))
            (given(visit, way))
            @for role in roles { (role) }
            (step(Icon::KeyRound, "Entitlement", &link(&what.display_name, &entitlement), &application))
        }
    }
}

/// How it began: who or what gave it, when, and why.
fn given(visit: &Visit, way: &Way) -> Markup {
    let reason = &way.reason;
    let icon = match (way.how, reason.agent) {
        (How::Rule, _) => Icon::ListChecks,
        (How::Import, _) | (_, Agent::Import) => Icon::Database,
        (_, Agent::Emergency) => Icon::TriangleAlert,
        (_, Agent::Request) => Icon::Inbox,
        _ => Icon::UserCheck,
    };
    let why = reason.reason.trim();
    let found = reason.assignment.is_none();
    let request = reason.request.and_then(|id| routes::object(id.into()));
    let detail = html! {
        @if found { "First seen " }
        (within(day_of(visit, reason.from)))
        @if !why.is_empty() { ": “" (why) "”" }
        @if let Some(href) = request { ". " (link("The request", &href)) }
    };
    step(icon, agent(reason), &giver(visit, reason), &detail)
}

/// What must end so that they do not have it any more, and what else would go with that.
pub(super) fn ends(visit: &Visit, person: &Person, explained: &Explained) -> Option<AnyView> {
    if explained.must_end.is_empty() {
        return None;
    }
    let name = &person.identity.content.display_name;
    let what = &explained.entitlement;
    let lead = match explained.must_end.len() {
        1 => "This is enough:",
        _ => "All of this is needed:",
    };
    let ends = explained.must_end.iter();
    let ends = ends.map(|end| must_end(visit, what, end));
    let also = if explained.also.is_empty() {
        html! { p { "With that, " (name) " would lose nothing else." } }
    } else {
        html! {
            p { "With that, " (name) " would also lose:" }
            ul.also { @for named in &explained.also { li { (other(visit, named)) } } }
        }
    };
    let shared = explained
        .must_end
        .iter()
        .any(|end| end.how == How::Rule || end.what.0.role().is_some());
    let only = shared.then(|| html! {
        p.soft { "To take only this away, and leave roles and rules as they are, exclude " (name) " from " (what.display_name) "." }
    });
    let body = leaf(html! {
        div.ends {
            p { (lead) }
            ul { @for end in ends { li { (end) } } }
            (also)
            @if let Some(only) = only { (only) }
        }
    });
    Some(view! { <Card title="To really end it">{body}</Card> }.into_any())
}

fn must_end(visit: &Visit, what: &NamedEntitlement, end: &MustEnd) -> Markup {
    let reason = &end.reason;
    let why = reason.reason.trim();
    let thing = link(&thing(&end.what), &thing_href(visit, end.what.0));
    let by = giver(visit, reason);
    let since = within(day_of(visit, reason.from));
    match end.how {
        How::Rule => html! {
            "Change the rule " (by) ", which has given " (thing) " since " (since) "."
        },
        How::Import => html! {
            "Have " (thing) " removed in " (what.application_display) ": " (by) " found it there, and nothing here gave it."
        },
        How::Direct | How::Role => html! {
            "Take back " (thing) ", given by " (by) ", " (since)
            @if why.is_empty() { "." } @else { ": “" (why) "”" }
        },
    }
}

fn other(visit: &Visit, named: &NamedEntitlement) -> Markup {
    let href = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id));
    html! { (link(&named.display_name, &href)) " in " (named.application_display) }
}
