//! What runs beside the pages: jobs as they come, and a round of housekeeping every minute.
//!
//! Which job is next, whose it is and how it ended are decided by the service and its database; several workers of
//! several processes share one queue. Here is only when to look, how many at once, and how to stop.

mod job;

use std::sync::Arc;
use std::time::Duration;

use service::audit::StoredCheckpoint;
use service::jobs::{self, Handlers};
use service::{Service, housekeeping};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

pub use job::carry_out;

/// Time between two rounds of housekeeping.
const ROUND: Duration = Duration::from_mins(1);
/// Time between two looks for a job that another process asked for; this process rings.
const LOOK: Duration = Duration::from_secs(1);
/// Jobs that one process carries out at a time.
const AT_ONCE: usize = 2;

/// Runs until `stop` changes, and then until the jobs have stopped. `publish` is given every checkpoint that was signed.
pub async fn run(
    service: Arc<Service>,
    handlers: Handlers,
    stop: watch::Receiver<bool>,
    publish: impl Fn(&StoredCheckpoint) + Send,
) {
    tokio::join!(
        rounds(&service, stop.clone(), publish),
        queue(&service, &handlers, stop.clone()),
    );
}

async fn rounds(
    service: &Service,
    mut stop: watch::Receiver<bool>,
    publish: impl Fn(&StoredCheckpoint) + Send,
) {
    let mut timer = interval(ROUND);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is at once; the server has better things to do while it starts.
    timer.tick().await;
    loop {
        tokio::select! {
            _ = timer.tick() => {
                if let Some(checkpoint) = housekeeping::round(service).await {
                    publish(&checkpoint);
                }
            }
            _ = stop.changed() => return,
        }
    }
}

async fn queue(service: &Arc<Service>, handlers: &Handlers, mut stop: watch::Receiver<bool>) {
    let mut timer = interval(LOOK);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE {
            match jobs::claim(service, handlers).await {
                Ok(Some(work)) => {
                    let (service, handlers) = (Arc::clone(service), handlers.clone());
                    running.spawn(carry_out(service, handlers, work, stop.clone()));
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%error, "no job could be claimed; it is tried again in a second");
                    break;
                }
            }
        }
        tokio::select! {
            _ = timer.tick() => {}
            () = service.woken() => {}
            Some(_) = running.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    // Each was told to stop, and gives its job back.
    while running.join_next().await.is_some() {}
}
