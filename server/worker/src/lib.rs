//! What runs beside the pages: a round of housekeeping every minute.
//!
//! Jobs with leases and progress come with the first long work; until then every round is short and idempotent.

use std::sync::Arc;
use std::time::Duration;

use service::audit::StoredCheckpoint;
use service::{Service, housekeeping};
use tokio::sync::watch;

/// Time between two rounds.
const EVERY: Duration = Duration::from_mins(1);

/// Runs until `stop` changes. `publish` is given every checkpoint that was signed.
pub async fn run(
    service: Arc<Service>,
    mut stop: watch::Receiver<bool>,
    publish: impl Fn(&StoredCheckpoint) + Send,
) {
    let mut timer = tokio::time::interval(EVERY);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    // The first tick is at once; the server has better things to do while it starts.
    timer.tick().await;
    loop {
        tokio::select! {
            _ = timer.tick() => {
                if let Some(checkpoint) = housekeeping::round(&service).await {
                    publish(&checkpoint);
                }
            }
            _ = stop.changed() => return,
        }
    }
}
