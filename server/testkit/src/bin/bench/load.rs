//! Making load: at a rate that does not wait for the server, or as much as it takes.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::http::{Connection, Request};

/// Connections that share a rate: so many answers may be late before requests queue up at our side.
const CONNECTIONS: u32 = 32;

/// How long answers took.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(crate) fn push(&mut self, taken: Duration) {
        self.0.push(taken);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The time in milliseconds that so many of a hundred answers did not exceed (nearest rank).
    pub(crate) fn percentile(&self, of_hundred: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * of_hundred).div_ceil(100).max(1);
        sorted
            .get(rank - 1)
            .map_or(f64::NAN, |taken| taken.as_secs_f64() * 1_000.0)
    }
}

/// Sends requests, one after the other and from the first again, so many times a second, whether or not earlier ones
/// were answered. An answer's time begins when its request was due, also when no connection was free then: waiting
/// counts.
pub(crate) async fn at_rate(
    address: SocketAddr,
    requests: &[Request],
    per_second: u32,
    lasting: Duration,
) -> Result<Latencies> {
    let interval = Duration::from_secs(1) / per_second;
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Connection::open(address).await?);
    }
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    let requests: Arc<[Request]> = requests.into();
    for (first, mut connection) in (0..CONNECTIONS).zip(connections) {
        let requests = Arc::clone(&requests);
        tasks.spawn(async move {
            let mut taken = Vec::new();
            for number in (first..).step_by(CONNECTIONS as usize) {
                let due = interval * number;
                if due >= lasting {
                    break;
                }
                let request = &requests[number as usize % requests.len()];
                taken.push(send_when_due(&mut connection, request, begun + due).await?);
            }
            anyhow::Ok(taken)
        });
    }
    let mut all = Latencies::default();
    while let Some(taken) = tasks.join_next().await {
        all.0.extend(taken??);
    }
    Ok(all)
}

async fn send_when_due(
    connection: &mut Connection,
    request: &Request,
    due: Instant,
) -> Result<Duration> {
    let mut begun = due;
    if Instant::now() < due {
        sleep_until(due).await;
        // The timer's own coarseness is not the server's.
        begun = Instant::now();
    }
    connection.send(request).await?;
    Ok(begun.elapsed())
}

/// Sends each request on a connection of its own, again as soon as it was answered. Answers per second.
pub(crate) async fn without_pause(
    address: SocketAddr,
    requests: Vec<Request>,
    lasting: Duration,
) -> Result<f64> {
    let each = requests.into_iter().map(|request| vec![request]);
    all_without_pause(address, each.collect(), lasting).await
}

/// The same with several requests for each connection, which it sends in turn.
pub(crate) async fn all_without_pause(
    address: SocketAddr,
    requests: Vec<Vec<Request>>,
    lasting: Duration,
) -> Result<f64> {
    let end = Instant::now() + lasting;
    let mut tasks = JoinSet::new();
    for requests in requests {
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut answered = 0_u32;
            for request in requests.iter().cycle() {
                connection.send(request).await?;
                if Instant::now() > end {
                    break;
                }
                answered += 1;
            }
            anyhow::Ok(answered)
        });
    }
    let mut all = 0;
    while let Some(answered) = tasks.join_next().await {
        all += answered??;
    }
    Ok(f64::from(all) / lasting.as_secs_f64())
}

/// The middle one of an odd number of runs.
pub(crate) async fn median<F: Future<Output = Result<f64>>>(
    runs: usize,
    mut run: impl FnMut() -> F,
) -> Result<f64> {
    let mut figures = Vec::new();
    for _ in 0..runs {
        figures.push(run().await?);
    }
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(runs / 2).copied().context("nothing was run")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let taken = Latencies((1..=200).rev().map(Duration::from_millis).collect());
        let is = |of_hundred, expected: f64| (taken.percentile(of_hundred) - expected).abs() < 1e-9;
        assert!(is(50, 100.0) && is(99, 198.0) && is(100, 200.0));
        assert!(Latencies::default().percentile(50).is_nan());
    }
}
