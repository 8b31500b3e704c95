//! Access reviews: launching a million items while others work, the page of a reviewer, ten thousand decisions at once, a
//! close with a hundred thousand revocations, an evidence pack of as many items, and keys in a browser.
//!
//! The large launch, the pages and the keys go through the server; the rest is done by the use cases in this process.

mod acts;
mod campaign;
mod keys;
mod large;

use anyhow::Result;

use crate::data::Data;
use crate::home::Engine;
use crate::import_meanwhile::edits::{Others, Work};
use crate::lists::fill;
use crate::organisation::{HELD, size};
use crate::report::{Limit, Row};
use crate::server::Server;

/// A million things to decide.
const PEOPLE: usize = 1_000_000 / HELD;

pub(crate) async fn measure(engine: Engine) -> Result<Vec<Row>> {
    keys::can()?;
    let people = size(PEOPLE);
    let data = Data::on(engine).await?;
    eprintln!("  adding {people} people with {HELD} grants each ...");
    let filled = fill::fill(data.service().store(), people).await?;
    let others = Others::add(&data).await?;
    let managers = large::managers(&data, &filled.people).await?;
    let row = |what: String, unit, figure, limit| {
        Row::new(
            "reviews",
            format!("{}: {what}", engine.name()),
            unit,
            figure,
            limit,
        )
    };
    let mut rows = acts::measure(&data, &filled.people, &row).await?;
    let campaign = campaign::begun(&data, campaign::terms(&data, "Everything").await?).await?;
    let home = data.close().await?;
    let store = home.store().await?;
    let begun = std::time::Instant::now();
    let server = Server::start(&home).await?;
    let work = Work::on(&server, others).await?;
    eprintln!("  launching the review of everything ...");
    let (items, felt) = work.during(large::opened(&store, campaign)).await?;
    rows.push(row(
        format!(
            "{items} items frozen and the campaign open, while {} edits and {} sign-ins come",
            felt.edits.len(),
            felt.sign_ins.len()
        ),
        "s",
        begun.elapsed().as_secs_f64(),
        Limit::AtMost(20.0),
    ));
    rows.push(row(
        "p99 of those edits, form fetched and saved".to_owned(),
        "ms",
        felt.edits.percentile(99),
        Limit::AtMost(500.0),
    ));
    let failed = u32::try_from(felt.failed.len()).map_or(f64::INFINITY, f64::from);
    rows.push(row(
        "pages that failed meanwhile".to_owned(),
        "pages",
        failed,
        Limit::AtMost(0.0),
    ));
    rows.extend(large::pages(&server, campaign, &managers, &row).await?);
    rows.extend(keys::measure(&server, campaign, &managers, &row).await?);
    drop(server);
    store.close().await;
    Ok(rows)
}
