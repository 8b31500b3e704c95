//! How this feature says things: names of what can be given as forms take them, lists of names, days.

use domain::id::{EntitlementId, RoleId};
use domain::lifecycle::Lifecycle;
use domain::organisation::Organisation;
use domain::role::Grantable;
use domain::time::Instant;
use jiff::tz::TimeZone;
use service::{entitlements, roles};

use crate::format::number;
use crate::state::App;
use crate::visit::Visit;

/// Names in a sentence; more are counted.
const MOST_NAMES: usize = 10;

/// As the forms take it: `ledger/post-invoice`, `role:clerk`; by its id where nobody may read the names, and of what has
/// ended, because another may have its name by now.
pub(in crate::features) async fn technical(app: &App, visit: &Visit, what: Grantable) -> String {
    let (service, cx) = (&app.service, visit.cx());
    match what {
        Grantable::Entitlement(id) => match entitlements::read(service, &cx, id).await {
            Ok(found) if found.entitlement.content.status == Lifecycle::Ended => id.to_string(),
            Ok(found) => {
                let (application, own) = (&found.application.content, &found.entitlement.content);
                format!("{}/{}", application.name, own.name)
            }
            Err(_) => id.to_string(),
        },
        Grantable::Role(id) => match roles::read(service, &cx, id, None).await {
            Ok(found) if found.role.content.status == Lifecycle::Ended => id.to_string(),
            Ok(found) => format!("role:{}", found.role.content.name),
            Err(_) => id.to_string(),
        },
    }
}

/// What an address asks for: an id in technical names, everything else as it is.
pub(in crate::features) async fn asked_for(app: &App, visit: &Visit, typed: &str) -> String {
    if let Ok(id) = typed.parse::<EntitlementId>() {
        technical(app, visit, Grantable::Entitlement(id)).await
    } else if let Ok(id) = typed.parse::<RoleId>() {
        technical(app, visit, Grantable::Role(id)).await
    } else {
        typed.to_owned()
    }
}

/// `Reader, Writer and Clerk`; many are counted: `Reader, Writer and 12 more`.
pub(super) fn listed(names: &[String]) -> String {
    let (first, rest) = names.split_at(names.len().min(MOST_NAMES));
    match (first, rest.len()) {
        ([], _) => String::new(),
        ([one], 0) => one.clone(),
        ([most @ .., last], 0) => format!("{} and {last}", most.join(", ")),
        (first, more) => format!("{} and {} more", first.join(", "), number(more as u64)),
    }
}

/// The last day that belongs to what ends at a moment, as a field of a form has it.
pub(super) fn last_day(until: Option<Instant>, zone: &TimeZone) -> String {
    until.map_or_else(String::new, |until| until.last_day(zone).to_string())
}

/// The zone in which days are meant: the organisation's, whatever the visitor reads times in.
pub(super) fn zone(visit: &Visit) -> TimeZone {
    let organisation = visit.organisation.as_ref();
    organisation.map_or(TimeZone::UTC, Organisation::time_zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Date;

    #[test]
    fn names_are_listed_and_many_are_counted() {
        let names = |n: usize| vec!["x".to_owned(); n];
        assert_eq!(listed(&names(0)), "");
        assert_eq!(listed(&names(1)), "x");
        assert_eq!(listed(&names(3)), "x, x and x");
        assert!(listed(&names(12)).ends_with("x and 2 more"));
    }

    #[test]
    fn the_last_day_is_the_one_that_was_typed() {
        let zone = TimeZone::get("Europe/Lisbon").expect("bundled zone");
        let typed: Date = "2026-12-31".parse().expect("a day");
        assert_eq!(last_day(Some(typed.end(&zone)), &zone), "2026-12-31");
        assert_eq!(last_day(None, &zone), "");
    }
}
