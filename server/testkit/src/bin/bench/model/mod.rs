//! The access model over a million people: who has what and why, at a moment too, what a change would do, and how fast
//! rules follow people.
//!
//! Pages are asked for over HTTP, the server on the first core alone; the rest is done by the use cases in this process.

mod acts;
mod fill;
mod organisation;
mod pages;

use anyhow::Result;

use crate::data::Data;
use crate::home::Engine;
use crate::lists::core;
use crate::organisation::size;
use crate::report::Row;
use crate::server::Server;

const PEOPLE: usize = 1_000_000;

pub(crate) async fn measure(engine: Engine) -> Result<Vec<Row>> {
    let people = size(PEOPLE);
    let data = Data::on(engine).await?;
    eprintln!("  adding {people} people, roles and rules ...");
    let filled = fill::fill(data.service().store(), people).await?;
    let mut rows = acts::measure(engine, &data, &filled).await?;
    let home = data.close().await?;
    let cores = core::split();
    let server = Server::start_on(&home, cores.server()).await?;
    rows.extend(pages::measure(engine, &server, &filled, cores.words()).await?);
    Ok(rows)
}
