//! What somebody who decides has to know, before any verdict: who, what it lets them do, why, how long, how risky.

use domain::request::ItemKind;
use domain::time::{DAY, HOUR, MINUTE};
use leptos::prelude::*;
use maud::{Markup, html};
use service::requests::{ItemDetail, Named, Similar, Thing};

use crate::access::{level_view, person_href, sees_all};
use crate::features::requests::words::for_so_long;
use crate::format::number;
use crate::routes;
use crate::ui::leaf::{leaf, within};
use crate::ui::{Disclosure, Person};
use crate::visit::Visit;

/// All facts of an item.
pub(in crate::features) fn facts(visit: &Visit, detail: &ItemDetail) -> AnyView {
    let content = &detail.item.content;
    let who = person(visit, &detail.beneficiary, &detail.beneficiary_detail);
    let asker = (detail.requester.id != detail.beneficiary.id)
        .then(|| person(visit, &detail.requester, ""));
    let length = length(detail);
    let owner = detail.thing.owner.as_ref();
    let owner = owner.map(|owner| person(visit, owner, ""));
    let peers = detail.peers.map(|(with, of)| peers_in_words(with, of));
    let similar = similar_in_words(&detail.similar);
    let risk = within(level_view(detail.thing.risk));
    let what = what(visit, &detail.thing);
    let contents = contents(&detail.thing);
    let facts = leaf(html! {
        dl.about {
            div { dt { "For" } dd { (who) } }
            @if let Some(asker) = asker { div { dt { "Asked by" } dd { (asker) } } }
            div.about-wide { dt { "Reason" } dd { blockquote dir="auto" { (content.reason) } } }
            div.about-wide { dt { "Lets them" } dd dir="auto" { (what) } }
            div { dt { "How long" } dd { (length) } }
            div { dt { "Risk" } dd { (risk) } }
            div { dt { "Peers" } dd { (peers.unwrap_or_else(|| "No peers to compare with".to_owned())) } }
            div { dt { "Asked for before" } dd { (similar) } }
            div { dt { "Owner" } dd { @if let Some(owner) = owner { (owner) } @else { "Nobody is named" } } }
            @if let Some(application) = &detail.thing.application { div { dt { "Application" } dd dir="auto" { (application) } } }
        }
    });
    view! { {facts} {contents} }.into_any()
}

fn person(visit: &Visit, one: &Named, detail: &str) -> Markup {
    let href = person_href(visit, one.id);
    within(view! { <Person name=one.name.clone() detail=detail.to_owned() href=href /> }.into_any())
}

/// What it lets somebody do, and its page for those who may open it.
fn what(visit: &Visit, thing: &Thing) -> Markup {
    let text = if thing.description.is_empty() {
        "Nobody has written down what this lets people do."
    } else {
        thing.description.as_str()
    };
    let href = routes::object(thing.what.object()).filter(|_| sees_all(visit));
    html! {
        (text) " "
        span.about-technical {
            @if let Some(href) = href { a href=(href) { (thing.technical) } } @else { (thing.technical) }
        }
    }
}

fn length(detail: &ItemDetail) -> Markup {
    let asked = detail.item.content.length;
    let now = detail.state.length;
    let words = match detail.item.content.kind {
        ItemKind::Extend => format!("{} more", for_so_long(asked)),
        _ => for_so_long(asked),
    };
    html! { (words) @if now != asked { " (approved so far: " (now.text()) ")" } }
}

/// `12 of 14 peers have this`.
fn peers_in_words(with: usize, of: usize) -> String {
    match (with, of) {
        (0, of) => format!("None of {} peers has this", number(of as u64)),
        (with, of) => format!(
            "{} of {} peers have this",
            number(with as u64),
            number(of as u64)
        ),
    }
}

/// `5 of the last 6 were approved, usually within 4 hours`.
fn similar_in_words(similar: &Similar) -> String {
    let all = similar.granted + similar.rejected;
    if all == 0 {
        return "Never decided before".to_owned();
    }
    let usual = similar
        .usual
        .map(|micros| format!(", usually {}", within_time(micros)))
        .unwrap_or_default();
    if all == 1 {
        let how = if similar.granted == 1 {
            "was approved"
        } else {
            "was rejected"
        };
        return format!("Once, and {how}{usual}");
    }
    format!("{} of the last {all} were approved{usual}", similar.granted)
}

/// `within 4 hours`.
fn within_time(micros: i64) -> String {
    let (n, word) = if micros < MINUTE {
        return "at once".to_owned();
    } else if micros < HOUR {
        (micros / MINUTE + 1, "minutes")
    } else if micros < DAY {
        (micros / HOUR + 1, "hours")
    } else {
        (micros / DAY + 1, "days")
    };
    format!("within {n} {word}")
}

/// What a role contains, to open.
fn contents(thing: &Thing) -> Option<AnyView> {
    if thing.contains_count == 0 {
        return None;
    }
    let more = thing.contains_count - thing.contains.len();
    let list = leaf(html! {
        ul.contents {
            @for one in &thing.contains {
                li dir="auto" {
                    b { (one.display_name) } " "
                    span.hint { (one.application_display) @if let Some(risk) = one.risk { " · " (risk.label()) " risk" } }
                }
            }
            @if more > 0 { li.hint { "and " (number(more as u64)) " more" } }
        }
    });
    let title = format!(
        "This role contains {} things",
        number(thing.contains_count as u64)
    );
    Some(view! { <Disclosure title=title>{list}</Disclosure> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_decisions_read_like_a_sentence() {
        let similar = |granted, rejected, usual| Similar {
            granted,
            rejected,
            usual,
        };
        assert_eq!(
            similar_in_words(&similar(0, 0, None)),
            "Never decided before"
        );
        assert_eq!(
            similar_in_words(&similar(0, 1, None)),
            "Once, and was rejected"
        );
        assert_eq!(
            similar_in_words(&similar(5, 1, Some(3 * HOUR + MINUTE))),
            "5 of the last 6 were approved, usually within 4 hours"
        );
    }

    #[test]
    fn peers_are_counted_in_words() {
        assert_eq!(peers_in_words(12, 14), "12 of 14 peers have this");
        assert_eq!(peers_in_words(0, 14), "None of 14 peers has this");
    }
}
