//! One job from its claim to its end: it runs beside its heartbeat, and is told when to stop.

use std::sync::Arc;
use std::time::Duration;

use service::jobs::{self, Ended, Handlers, Stop, Work};
use service::{Error, Result, Service};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

/// Time between two heartbeats. Each is a small write, and what the job's page shows is as old as the last one.
const BEAT: Duration = Duration::from_secs(1);
/// How long a job may take to its next safe point when the program ends; then it is cut off, and what it had not
/// committed is rolled back.
const GRACE: Duration = Duration::from_secs(8);
/// Carries out a job that was claimed. Dropping this is a crash: the lease runs out, and another worker goes on.
pub async fn carry_out(
    service: Arc<Service>,
    handlers: Handlers,
    work: Arc<Work>,
    mut stop: watch::Receiver<bool>,
) {
    // A task of its own, so that the job does not stand still while its heartbeat waits for the database. A set, so that
    // it is cut off when this is dropped.
    let mut task = JoinSet::new();
    task.spawn({
        let (service, handlers, work) = (Arc::clone(&service), handlers.clone(), Arc::clone(&work));
        async move { handlers.run(service, work).await }
    });
    let mut timer = interval(BEAT);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    timer.tick().await;
    let mut deadline = None;
    if *stop.borrow() {
        deadline = Some(told(&work));
    }
    let outcome = loop {
        let cut = deadline.unwrap_or_else(Instant::now);
        tokio::select! {
            ended = task.join_next() => break ended.map_or_else(|| Ok(Ended::Stopped), flat),
            _ = timer.tick() => beat(&service, &work).await,
            changed = stop.changed(), if deadline.is_none() => {
                // An error means that the sender is gone, which is a reason to stop, too.
                let _ = changed;
                deadline = Some(told(&work));
            }
            () = sleep_until(cut), if deadline.is_some() => {
                tracing::warn!(job = %work.job(), "a job took too long to stop and was cut off");
                task.shutdown().await;
                break Ok(Ended::Stopped);
            }
        }
        if work.stopping() == Some(Stop::Lost) && deadline.is_none() {
            // Another worker has it: whatever this one still does cannot be kept.
            deadline = Some(Instant::now() + GRACE);
        }
    };
    end(&service, &work, outcome).await;
}

fn told(work: &Work) -> Instant {
    work.stop(Stop::Shutdown);
    Instant::now() + GRACE
}

async fn beat(service: &Service, work: &Work) {
    if let Err(error) = jobs::beat(service, work).await {
        tracing::warn!(%error, job = %work.job(), "a job's heartbeat could not be written");
    }
}

async fn end(service: &Service, work: &Work, outcome: Result<Ended>) {
    if let Err(error) = jobs::settle(service, work, outcome).await {
        tracing::error!(%error, job = %work.job(), "how a job ended could not be written; its lease runs out and it is begun again");
    }
}

/// A job that panicked has failed; the panic itself is in the server's log.
fn flat(ended: std::result::Result<Result<Ended>, JoinError>) -> Result<Ended> {
    ended.unwrap_or_else(|error| Err(Error::Internal(format!("a job broke off: {error}"))))
}
