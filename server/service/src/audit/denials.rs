//! Anonymous denials become entries: one for an address, an action and a minute, however many there were.

use crate::boxed;
use domain::audit::{AuditAction, Detail, Event, Outcome};
use domain::permission::Actor;
use domain::time::{Instant, MINUTE};

use crate::{Cx, Result, Service};

/// Entries one transaction writes at most: others want to write, too.
const BATCH: usize = 500;

/// What an entry sums up.
#[derive(Debug)]
struct Sum {
    address: String,
    action: String,
    count: u64,
    minute: Instant,
}

/// Writes the denials of all minutes that are over into the log.
#[boxed]
pub async fn flush_denials(service: &Service) -> Result<()> {
    let now = service.clock.now();
    let minute = now.plus(-now.micros().rem_euclid(MINUTE));
    flush_stored(service, minute).await?;
    let sums = service
        .denials
        .take()
        .into_iter()
        .map(|((address, action), count)| Sum {
            address,
            action,
            count,
            minute: minute.plus(-MINUTE),
        });
    let sums: Vec<Sum> = sums.collect();
    for (at, batch) in sums.chunks(BATCH).enumerate() {
        let tx = service.store.write(now, service.entropy.clone()).await;
        let written = match (tx, events(batch)) {
            (Ok(tx), Some((first, rest))) => tx.commit(first, rest).await.map(drop),
            (Err(error), _) => Err(error),
            (Ok(_), None) => Ok(()),
        };
        if let Err(error) = written {
            // What could not be written is counted again for the next round.
            for sum in &sums[at * BATCH..] {
                service.denials.add(&sum.address, &sum.action, sum.count);
            }
            return Err(error.into());
        }
    }
    Ok(())
}

/// Sums that the database keeps, taken out and written in the same transaction.
async fn flush_stored(service: &Service, before: Instant) -> Result<()> {
    loop {
        let mut tx = service
            .store
            .write(service.clock.now(), service.entropy.clone())
            .await?;
        let stored = tx
            .take_denials(before, i64::try_from(BATCH).unwrap_or(i64::MAX))
            .await?;
        let sums: Vec<Sum> = stored
            .into_iter()
            .map(|sum| Sum {
                address: sum.address,
                action: sum.action,
                count: u64::try_from(sum.denials).unwrap_or(0),
                minute: sum.minute,
            })
            .collect();
        let Some((first, rest)) = events(&sums) else {
            return Ok(());
        };
        tx.commit(first, rest).await?;
        if sums.len() < BATCH {
            return Ok(());
        }
    }
}

fn events(sums: &[Sum]) -> Option<(Event, Vec<Event>)> {
    let mut events = sums.iter().map(event);
    let first = events.next()?;
    Some((first, events.collect()))
}

fn event(sum: &Sum) -> Event {
    let sign_in = sum.action == AuditAction::SignInDenied.word();
    let action = if sign_in {
        AuditAction::SignInDenied
    } else {
        AuditAction::Denied
    };
    let note = serde_json::json!({ "attempted": sum.action, "count": sum.count, "minute": sum.minute.to_string() });
    let address = Some(sum.address.clone()).filter(|address| !address.is_empty());
    let detail = Detail {
        note: Some(note),
        address,
        ..Detail::default()
    };
    Event {
        outcome: Outcome::Denied,
        details: vec![detail],
        ..Cx::of(Actor::Anonymous).event(action)
    }
}
