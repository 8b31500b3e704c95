//! `bailiwick audit verify` of a long log on one core, from the start of the process to its end.
//!
//! Each entry has a target and a detail, and none says a row changed: what checking rows costs is not in this figure.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use domain::audit::{AuditAction, Detail, Event, Outcome, Target};
use domain::context::Clock as _;
use domain::id::IdentityId;
use domain::permission::Actor;
use serde_json::json;
use service::clock::SystemClock;
use testkit::SeededEntropy;

use crate::data::Data;
use crate::home::Home;
use crate::load::median;
use crate::report::{Limit, Row};

const ENTRIES: u32 = 250_000;
const BATCH: u32 = 1_000;
const RUNS: usize = 3;

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let data = Data::new().await?;
    eprintln!("  writing {ENTRIES} entries ...");
    write(&data).await?;
    let data = data.close().await?;
    let rate = median(RUNS, || async { entries_per_second(&data) }).await?;
    let what = format!("{ENTRIES} entries on one core, whole process, median of {RUNS}");
    Ok(vec![Row::new(
        "audit_verify",
        what,
        "/s",
        rate,
        Limit::AtLeast(200_000.0),
    )])
}

async fn write(data: &Data) -> Result<()> {
    let entropy = Arc::new(SeededEntropy::new(1));
    for batch in 0..ENTRIES / BATCH {
        let tx = data
            .service()
            .store()
            .write(SystemClock.now(), entropy.clone())
            .await?;
        let mut events = (0..BATCH).map(|number| event(batch * BATCH + number));
        let first = events.next().context("a batch is not empty")?;
        tx.commit(first, events.collect()).await?;
    }
    Ok(())
}

/// Somebody was viewed from a browser: the smallest entry with everything an entry has.
fn event(number: u32) -> Event {
    let object = IdentityId::from_raw(i64::from(number % 10_000) + 1);
    Event {
        actor: Actor::CommandLine,
        on_behalf_of: None,
        action: AuditAction::Viewed,
        outcome: Outcome::Done,
        request: Some(format!("{number:020x}")),
        targets: vec![Target {
            object: object.into(),
            content: None,
        }],
        details: vec![Detail {
            subject: object.to_string(),
            address: Some("192.0.2.1".to_owned()),
            user_agent: Some(
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned(),
            ),
            note: Some(json!({ "page": number % 100 })),
            ..Detail::default()
        }],
        bulk: None,
    }
}

/// Verifies a log once, on one core; it must hold.
pub(crate) fn entries_per_second(home: &Home) -> Result<f64> {
    let (seconds, report) = verify(home, Some(0))?;
    let entries = report["entries"]
        .as_u64()
        .and_then(|entries| u32::try_from(entries).ok());
    Ok(f64::from(entries.context("the report counts no entries")?) / seconds)
}

/// Verifies a log once: how long it took and what it said. It must hold.
pub(crate) fn verify(home: &Home, core: Option<usize>) -> Result<(f64, serde_json::Value)> {
    let begun = Instant::now();
    let output = home
        .command(core, &["audit", "verify", "--json"])?
        .output()
        .context("taskset (package util-linux) keeps the process on one core")?;
    let seconds = begun.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "the log does not verify: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok((seconds, serde_json::from_str(&said)?))
}
