//! Events for tests in which it does not matter who did what, only that something is in the log.

use domain::audit::{AuditAction, Detail, Event, Outcome, Target};
use domain::permission::Actor;

/// What the command line did to these targets, with an empty detail about each.
pub fn an_event(action: AuditAction, targets: impl IntoIterator<Item = Target>) -> Event {
    let targets: Vec<Target> = targets.into_iter().collect();
    let details = targets
        .iter()
        .map(|target| Detail {
            subject: target.object.to_string(),
            ..Detail::default()
        })
        .collect();
    Event {
        actor: Actor::CommandLine,
        on_behalf_of: None,
        action,
        outcome: Outcome::Done,
        request: None,
        targets,
        details,
        bulk: None,
    }
}
