//! From an empty folder to a server that is ready: database made, schema applied, keys made.

use std::time::Instant;

use anyhow::Result;

use crate::data::{DATA, folder};
use crate::load::median;
use crate::report::{Limit, Row};
use crate::server::Server;

const RUNS: usize = 5;

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let seconds = median(RUNS, || async {
        let folder = folder()?;
        let data = folder.path().join(DATA);
        std::fs::create_dir(&data)?;
        let begun = Instant::now();
        let server = Server::start(&data).await?;
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
