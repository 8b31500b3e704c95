//! What is time-bound ends by itself. Nobody has it any more from its last moment on, whether or not this has run: access is
//! resolved from dates. This makes the end an entry in the log.

use domain::assignment::AssignmentState;
use domain::audit::AuditAction;
use domain::permission::Action;
use storage::assignments::AssignmentContent;

use super::touch;
use crate::notifications::tell;
use crate::people::facts;
use crate::{Cx, Result, Service, boxed, tasks};

/// Assignments ended in one transaction.
const AT_ONCE: i64 = 200;

/// Ends assignments whose time is over; answers how many.
#[boxed]
pub async fn end_due(service: &Service, cx: &Cx) -> Result<usize> {
    let mut ended = 0;
    loop {
        // Looked for without the lock: most minutes there is nothing.
        let due = service
            .store
            .read()
            .await?
            .assignments_due(service.now(), AT_ONCE)
            .await?;
        if due.is_empty() {
            return Ok(ended);
        }
        let mut tx = service.begin(cx).await?;
        let now = tx.recorded();
        let (mut events, mut over) = (Vec::with_capacity(due.len()), 0);
        for assignment in tx.assignments_due(now, AT_ONCE).await? {
            let person = assignment.content.identity;
            let (_, facts) = facts(&mut tx, cx, person, now).await?;
            let permit = cx.decide(Action::GiveAccess, Some(person.into()), facts)?;
            let after = AssignmentContent {
                state: AssignmentState::Ended,
                ..assignment.content.clone()
            };
            let target = tx
                .replace_assignment(assignment.id, assignment.recorded_from, &after)
                .await?;
            let mut event = cx.change(
                &permit,
                AuditAction::AssignmentEnded,
                target,
                Some(&assignment.content),
                Some(&after),
                Some("Its last day is over."),
            )?;
            touch(&mut event, after.identity, after.what);
            events.push(event);
            let made = tasks::after_end(&mut tx, cx, &permit, (assignment.id, &after)).await?;
            tell(&mut tx, &made.notices).await?;
            events.extend(made.entries);
            over += 1;
        }
        if events.is_empty() {
            return Ok(ended);
        }
        ended += over;
        let first = events.remove(0);
        tx.commit(first, events).await?;
    }
}
