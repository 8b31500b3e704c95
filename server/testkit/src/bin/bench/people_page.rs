//! A page of fifty among ten thousand people, as an administrator sees it.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::audit_verify;
use crate::data::{ADMINISTRATOR, Data};
use crate::http::Request;
use crate::load::{at_rate, without_pause};
use crate::report::{Limit, Row};
use crate::server::Server;

const PEOPLE: usize = 10_000;
const PATH: &str = "/people?size=50";
const SIZE: usize = 50;
const RATE: u32 = 100;
const WARM: Duration = Duration::from_secs(2);
const LASTING: Duration = Duration::from_secs(15);
const CONNECTIONS: usize = 8;

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let data = Data::new().await?;
    eprintln!("  adding {PEOPLE} people ...");
    data.add_people(PEOPLE).await?;
    let data = data.close().await?;
    let server = Server::start(&data).await?;
    let cookie = server.sign_in(ADMINISTRATOR).await?;
    let page = Request::get(PATH, &[("cookie", &cookie)]);
    let answer = server.connect().await?.send(&page).await?;
    let shown = String::from_utf8_lossy(&answer.body)
        .matches("name=\"id\"")
        .count();
    ensure!(shown == SIZE, "the page shows {shown} people, not {SIZE}");
    at_rate(server.address(), std::slice::from_ref(&page), RATE, WARM).await?;
    let taken = at_rate(server.address(), std::slice::from_ref(&page), RATE, LASTING).await?;
    let most = without_pause(server.address(), vec![page; CONNECTIONS], LASTING).await?;
    drop(server);
    let verified = audit_verify::entries_per_second(&data)?;
    let row = |what: &str, unit, figure, limit| Row::new("people_page", what, unit, figure, limit);
    let what = format!("p50 of {SIZE} of {PEOPLE} people at {RATE}/s");
    Ok(vec![
        row(&what, "ms", taken.percentile(50), Limit::AtMost(20.0)),
        row("p99 of that", "ms", taken.percentile(99), Limit::None),
        row(
            &format!("pages/s, {CONNECTIONS} connections without pause"),
            "/s",
            most,
            Limit::None,
        ),
        row(
            "audit verify of this log: short, each entry with a row to check",
            "/s",
            verified,
            Limit::None,
        ),
    ])
}
