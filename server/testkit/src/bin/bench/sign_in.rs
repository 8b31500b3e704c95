//! A flood of sign-ins: how near it comes to what hashing alone allows, and what others feel of it.
//!
//! Each round measures the raw rate, a page in quiet, and the same page in the flood: what the machine does beside us
//! then meets all three alike. Nothing else runs while the raw rate is taken.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::data::{ADMINISTRATOR, Data};
use crate::http::Request;
use crate::load::{Latencies, at_rate, without_pause};
use crate::machine::cores;
use crate::report::{Limit, Row};
use crate::server::{Server, sign_in};

const PEOPLE: usize = 400;
const CONNECTIONS: usize = 8;
const ROUNDS: u32 = 3;
const FLOOD: Duration = Duration::from_secs(10);
const RAW: Duration = Duration::from_secs(3);
/// Pages of others, per second.
const OTHERS: u32 = 20;

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let data = Data::new().await?;
    data.add_people(PEOPLE).await?;
    let names: Vec<String> = (0..CONNECTIONS)
        .map(|number| format!("flood.{number}"))
        .collect();
    for name in &names {
        data.add_with_password(name).await?;
    }
    let data = data.close().await?;
    let server = Server::start(&data).await?;
    let cookie = server.sign_in(ADMINISTRATOR).await?;
    let page = Request::get("/people", &[("cookie", &cookie)]);
    let others = || at_rate(server.address(), std::slice::from_ref(&page), OTHERS, FLOOD);
    // As many as the server hashes with: see its `hashing_threads`.
    let threads = cores().div_ceil(2);
    let (mut raw, mut reused, mut rate) = (0.0, 0.0, 0.0);
    let (mut quiet, mut flooded) = (Latencies::default(), Latencies::default());
    for _ in 0..ROUNDS {
        raw += hashes(threads, fresh)? / f64::from(ROUNDS);
        reused += hashes(threads, reusing)? / f64::from(ROUNDS);
        quiet.extend(others().await?);
        let flood = names.iter().map(|name| sign_in(name)).collect();
        let flood = without_pause(server.address(), flood, FLOOD);
        let (signed_in, taken) = tokio::try_join!(flood, others())?;
        rate += signed_in / f64::from(ROUNDS);
        flooded.extend(taken);
    }
    let row = |what: String, unit, figure, limit| Row::new("sign_in", what, unit, figure, limit);
    let (before, during) = (quiet.percentile(99), flooded.percentile(99));
    Ok(vec![
        row(
            format!(
                "sign-ins on {CONNECTIONS} connections; limit 80 % of raw argon2 on {threads} of {} cores",
                cores()
            ),
            "/s",
            rate,
            Limit::AtLeast(0.8 * raw),
        ),
        row(
            "raw argon2, memory taken anew for each hash".to_owned(),
            "/s",
            raw,
            Limit::None,
        ),
        row(
            "raw argon2, memory kept".to_owned(),
            "/s",
            reused,
            Limit::None,
        ),
        row(
            format!("p99 of GET /people at {OTHERS}/s during that; limit twice the p99 without"),
            "ms",
            during,
            Limit::AtMost(2.0 * before),
        ),
        row(
            "p99 of GET /people without".to_owned(),
            "ms",
            before,
            Limit::None,
        ),
        row(
            "p50 of GET /people during".to_owned(),
            "ms",
            flooded.percentile(50),
            Limit::None,
        ),
        row(
            "p50 of GET /people without".to_owned(),
            "ms",
            quiet.percentile(50),
            Limit::None,
        ),
    ])
}

/// Hashes per second of so many threads that do nothing else.
fn hashes(threads: usize, work: fn(Instant) -> argon2::Result<u32>) -> Result<f64> {
    let begun = Instant::now();
    let done = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| work(begun + RAW)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().ok()?.ok())
            .sum::<Option<u32>>()
    });
    let done = done.context("argon2 failed")?;
    Ok(f64::from(done) / begun.elapsed().as_secs_f64())
}

/// The parameters are those of the server's `PasswordPool`.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn fresh(end: Instant) -> argon2::Result<u32> {
    until(end, |out| {
        hasher().hash_password_into(testkit::PASSWORD.as_bytes(), &[7; 16], out)
    })
}

fn reusing(end: Instant) -> argon2::Result<u32> {
    let mut memory = vec![Block::new(); hasher().params().block_count()];
    until(end, |out| {
        hasher().hash_password_into_with_memory(
            testkit::PASSWORD.as_bytes(),
            &[7; 16],
            out,
            &mut memory,
        )
    })
}

fn until(
    end: Instant,
    mut hash: impl FnMut(&mut [u8]) -> argon2::Result<()>,
) -> argon2::Result<u32> {
    let mut done = 0;
    while Instant::now() < end {
        let mut out = [0; 32];
        hash(&mut out)?;
        std::hint::black_box(out);
        done += 1;
    }
    Ok(done)
}
