//! From an empty folder to a server that is ready: database made, schema applied, keys made.

use std::time::Instant;

use anyhow::Result;

use crate::home::{Engine, Home};
use crate::load::median;
use crate::report::{Limit, Row};
use crate::server::Server;

const RUNS: usize = 5;

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let seconds = median(RUNS, || async {
        let home = Home::new(Engine::Sqlite).await?;
        let begun = Instant::now();
        let server = Server::start(&home).await?;
        let taken = begun.elapsed().as_secs_f64();
        drop(server);
        Ok(taken)
    });
    let what = format!("empty folder to /readyz, median of {RUNS}");
    Ok(vec![Row::new(
        "start",
        what,
        "s",
        seconds.await?,
        Limit::AtMost(0.3),
    )])
}
