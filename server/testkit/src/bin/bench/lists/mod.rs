//! Lists over a million people and ten million grants: pages at a rate of 100 a second, facets, and as many pages as
//! the server gives.
//!
//! The server has the first core alone to itself; the load comes from the second. PostgreSQL's own processes run where
//! the system puts them. What is asked for changes from one request to the next.

mod asked;
pub(crate) mod contents;
pub(crate) mod core;
mod facets;
pub(crate) mod fill;
pub(crate) mod indexes;

use std::time::Duration;

use anyhow::Result;

use crate::data::{ADMINISTRATOR, Data};
use crate::home::Engine;
use crate::http::Request;
use crate::load::{all_without_pause, at_rate};
use crate::organisation::{HELD, size};
use crate::report::{Limit, Row};
use crate::server::Server;
use asked::Asked;

const PEOPLE: usize = 1_000_000;
const RATE: u32 = 100;
const WARM: Duration = Duration::from_secs(3);
const LASTING: Duration = Duration::from_secs(10);
const CONNECTIONS: usize = 8;

pub(crate) async fn measure(engine: Engine) -> Result<Vec<Row>> {
    let people = size(PEOPLE);
    let data = Data::on(engine).await?;
    eprintln!("  adding {people} people with {HELD} grants each ...");
    let filled = fill::fill(data.service().store(), people).await?;
    let home = data.close().await?;
    let store = home.store().await?;
    let cores = core::split();
    let server = Server::start_on(&home, cores.server()).await?;
    let cookie = server.sign_in(ADMINISTRATOR).await?;
    let all = asked::all(&server, &cookie, &filled).await?;
    let size = format!(
        "{}: {people} people, {} grants, {}",
        engine.name(),
        people * HELD,
        cores.words()
    );
    let mut rows = Vec::new();
    for asked in &all {
        rows.extend(pages(&server, asked, &size, rows.is_empty()).await?);
    }
    let mix: Vec<Vec<Request>> = (0..CONNECTIONS).map(|first| mixed(&all, first)).collect();
    let most = all_without_pause(server.address(), mix, LASTING).await?;
    let row = |what: String, unit, figure, limit| {
        Row::new(
            "lists",
            format!("{}: {what}", engine.name()),
            unit,
            figure,
            limit,
        )
    };
    rows.push(row(
        format!("all of those in turn, {CONNECTIONS} connections without pause"),
        "/s",
        most,
        Limit::AtLeast(500.0),
    ));
    drop(server);
    for (search, slowest) in facets::slowest(&store, &filled).await? {
        rows.push(row(
            format!("facets of {search}, the slowest time"),
            "ms",
            slowest,
            Limit::AtMost(100.0),
        ));
    }
    store.close().await;
    Ok(rows)
}

/// Two figures of a kind of page.
async fn pages(server: &Server, asked: &Asked, size: &str, first: bool) -> Result<[Row; 2]> {
    eprintln!("  {} ...", asked.name);
    at_rate(server.address(), &asked.requests, RATE, WARM).await?;
    let taken = at_rate(server.address(), &asked.requests, RATE, LASTING).await?;
    let (engine, rest) = size.split_once(": ").unwrap_or((size, ""));
    let about = if first {
        format!(" ({rest}, {RATE}/s)")
    } else {
        String::new()
    };
    let row = |of_hundred, most| {
        let what = format!("{engine}: p{of_hundred} of {}{about}", asked.name);
        Row::new(
            "lists",
            what,
            "ms",
            taken.percentile(of_hundred),
            Limit::AtMost(most),
        )
    };
    Ok([row(50, 20.0), row(99, 50.0)])
}

/// A request of each kind in turn, each connection at another place.
fn mixed(all: &[Asked], first: usize) -> Vec<Request> {
    let turns = all
        .iter()
        .map(|asked| asked.requests.len())
        .max()
        .unwrap_or(0);
    let one = |turn: usize| {
        let asked = &all[(turn + first) % all.len()];
        asked.requests[(turn / all.len() + first * 7) % asked.requests.len()].clone()
    };
    (0..turns.max(1) * all.len()).map(one).collect()
}
