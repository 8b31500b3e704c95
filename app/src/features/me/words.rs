//! Why somebody has something, and how long things take, in the words of whoever reads it about themselves.

use domain::assignment::Agent;
use domain::id::IdentityId;
use domain::time::{DAY, HOUR, Instant, MINUTE};
use service::effective::Way;

use crate::format::day;
use crate::visit::Visit;

/// Why I have it, in one sentence or two.
pub(super) fn why(way: &Way, visit: &Visit) -> String {
    let reason = &way.reason;
    let on = day(reason.from.day(&visit.zone()));
    let quoted = reason.reason.trim().trim_end_matches('.');
    let quoted = if quoted.is_empty() {
        String::new()
    } else {
        format!(": “{quoted}”")
    };
    let mut text = match (&reason.rule, reason.agent) {
        (Some((_, rule)), _) => format!("The rule “{rule}” gives it to you."),
        (None, Agent::Request) => format!("Approved on {on}{quoted}."),
        (None, Agent::Emergency) => format!("Taken in an emergency on {on}{quoted}."),
        (None, Agent::Import) => {
            let source = reason.source.as_deref().unwrap_or("An import");
            if reason.assignment.is_some() {
                format!("{source} gives it to you.")
            } else {
                format!("{source} found it; nothing here gave it.")
            }
        }
        (None, _) => format!(
            "{} on {on}{quoted}.",
            given_by(reason.granted_by.as_ref(), visit)
        ),
    };
    if let Some(role) = way.roles.first() {
        text.push_str(" It comes with ");
        text.push_str(&role.display_name);
        text.push('.');
    }
    text
}

fn given_by(by: Option<&(IdentityId, String)>, visit: &Visit) -> String {
    match by {
        Some((id, _)) if visit.me() == Some(*id) => "Given by yourself".to_owned(),
        Some((_, name)) => format!("Given by {name}"),
        None => "Given by an administrator".to_owned(),
    }
}

/// `at once`, `20 min`, `4 h`, `2 days`.
pub(in crate::features) fn lasting(micros: i64) -> String {
    match micros {
        m if m < MINUTE => "at once".to_owned(),
        m if m < HOUR => format!("{} min", m / MINUTE),
        m if m < 2 * DAY => format!("{} h", m / HOUR),
        m => format!("{} days", m / DAY),
    }
}

/// `until 31 Dec 2026`, with the hour when that is near; nothing without an end.
pub(super) fn until(end: Option<Instant>, visit: &Visit) -> Option<String> {
    let end = end?;
    let zone = visit.zone();
    Some(if end.since(visit.now) < 2 * DAY {
        format!("until {}", crate::format::short(end, visit.now, &zone))
    } else {
        format!("until {}", last_day(end, visit))
    })
}

/// The last day of something that ends at a moment: what ends at midnight ends with the day before.
pub(in crate::features) fn last_day(end: Instant, visit: &Visit) -> String {
    day(end.last_day(&visit.zone()))
}

/// `1 thing`, `23 things`.
pub(in crate::features) fn things(n: usize) -> String {
    counted(n, "thing")
}

/// `1 application`, `9 applications`.
pub(in crate::features) fn counted(n: usize, one: &str) -> String {
    let number = crate::format::number(n as u64);
    if n == 1 {
        format!("{number} {one}")
    } else {
        format!("{number} {one}s")
    }
}
