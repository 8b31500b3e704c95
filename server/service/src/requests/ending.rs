//! Telling people, a week before, that access they asked for ends.

use domain::assignment::AssignmentState;
use domain::notice::NoticeKind;
use domain::time::{DAY, HOUR};

use super::words::{last_day, zone};
use crate::assignments::name;
use crate::notifications::{Notice, tell};
use crate::{Result, Service};

/// So long before the end.
const BEFORE: i64 = 7 * DAY;
/// Ends that are told in one transaction lie within this time: after a long stop there are several.
const STEP: i64 = HOUR;

/// Tells of everything that ends within a week and was not told of. What is given for less than that is not told of: whoever
/// asked for it has just said how long.
pub(crate) async fn tell_of_ends(service: &Service) -> Result<()> {
    loop {
        let mut read = service.store.read().await?;
        if read.organisation().await?.is_none() {
            return Ok(());
        }
        let horizon = service.now().plus(BEFORE);
        let told = read.told_until().await?;
        // What ended meanwhile needs nobody any more.
        let from = told.unwrap_or(horizon).max(service.now());
        let until = horizon.min(from.plus(STEP));
        if told.is_some() && until <= from {
            return Ok(());
        }
        let found = read.assignments_ending((from, until)).await?;
        drop(read);
        if found.is_empty() && told.is_some() && until.since(from) < STEP {
            // Looked at again in a minute; nothing is worth a write.
            return Ok(());
        }
        let mut tx = service
            .store
            .write(service.now(), service.entropy.clone())
            .await?;
        let zone = zone(&mut tx).await?;
        let mut notices = Vec::with_capacity(found.len());
        for one in found {
            let content = &one.content;
            // An activation ends when it was meant to; nothing that is suspended is missed.
            if content.activates.is_some() || content.state == AssignmentState::Suspended {
                continue;
            }
            let what = name(&mut tx, content.what).await?;
            let end = content.valid_until.unwrap_or(until);
            let day = last_day(end, &zone);
            notices.push(Notice {
                to: content.identity,
                kind: NoticeKind::AccessEnding,
                object: one.id.into(),
                title: format!("{what} ends soon"),
                text: format!("Its last day is {day}. Ask for more time when you still need it."),
                path: "/me".to_owned(),
            });
        }
        tell(&mut tx, &notices).await?;
        tx.set_told_until(until).await?;
        tx.commit_unaudited("people were told of what ends; nothing changed")
            .await?;
    }
}
