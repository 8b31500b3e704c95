//! All rules for everybody, anew: what should never find anything, because every change is followed in its transaction. For
//! operators after a restore, and for measuring.

use domain::permission::{Action, Actor, Facts};

use super::compiled::Compiled;
use super::follow::follow;
use crate::{Cx, Result, Service, boxed};

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recomputed {
    /// People looked at.
    pub people: usize,
    /// Assignments that began, changed or ended.
    pub changed: usize,
    /// Go on after this number; none when everybody was looked at.
    pub last: Option<i64>,
}

/// Brings the next people after a number in line with the rules, at most so many, in one transaction.
#[boxed]
pub async fn recompute(service: &Service, cx: &Cx, after: i64, most: i64) -> Result<Recomputed> {
    let permit = cx.decide(Action::GiveAccess, None, Facts::default())?;
    // Where nothing is to be changed, nobody is made to wait.
    let mut read = service.store.read().await?;
    let compiled = Compiled::of(service, &mut read).await?;
    let people = read.identities_after(after, most).await?;
    let Some(last) = people.last().map(|person| person.id.raw()) else {
        return Ok(Recomputed {
            people: 0,
            changed: 0,
            last: None,
        });
    };
    let stale = super::follow::differs(&mut read, &compiled, &people).await?;
    drop(read);
    let mut changed = 0;
    if !stale.is_empty() {
        let mut tx = service.begin(&Cx::of(Actor::System)).await?;
        let compiled = Compiled::of(service, &mut tx).await?;
        let ids: Vec<_> = stale.into_iter().collect();
        let stale = tx.identities_with(&ids).await?;
        let followed = follow(&mut tx, &compiled, &stale).await?;
        changed = followed.begun.len() + followed.changed.len();
        let mut events = followed.events(cx, &permit)?;
        if !events.is_empty() {
            let first = events.remove(0);
            tx.commit(first, events).await?;
        }
    }
    Ok(Recomputed {
        people: people.len(),
        changed,
        last: Some(last),
    })
}
