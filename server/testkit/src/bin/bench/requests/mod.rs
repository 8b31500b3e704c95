//! Requests: the inbox of somebody for whom 10,000 things wait, how long it takes until access that is approved by itself is
//! committed, and 64 people who decide on one thing at the same moment.

mod fill;

use std::time::{Duration, Instant as Clock};

use anyhow::{Context as _, Result, bail};
use domain::approval::Vote;
use domain::request::ItemState;
use service::Cx;
use service::requests::{self, Decided, Verdict};
use tokio::task::JoinSet;

use self::fill::Filled;
use crate::data::Data;
use crate::home::Engine;
use crate::http::Request;
use crate::lists::core;
use crate::load::{Latencies, at_rate};
use crate::report::{Limit, Row};
use crate::server::Server;

/// Things that wait for one person.
const WAITING: usize = 10_000;
const RATE: u32 = 50;
const WARM: Duration = Duration::from_secs(2);
const LASTING: Duration = Duration::from_secs(10);
/// Pages of the inbox that are asked for in turn.
const PAGES: usize = 20;
/// Requests that are approved by themselves.
const AUTOMATIC: usize = 300;
const DECIDERS: usize = 64;

pub(crate) async fn measure(engine: Engine) -> Result<Vec<Row>> {
    let data = Data::on(engine).await?;
    eprintln!("  asking for {WAITING} things ...");
    let filled = fill::fill(&data, WAITING, AUTOMATIC, DECIDERS).await?;
    let row = |what: String, unit, figure, limit| {
        Row::new(
            "requests",
            format!("{}: {what}", engine.name()),
            unit,
            figure,
            limit,
        )
    };
    eprintln!("  access that is approved by itself ...");
    let taken = automatic(&data, &filled).await?;
    let mut rows = vec![row(
        format!(
            "p95 from asking to committed access that is approved by itself ({AUTOMATIC} requests)"
        ),
        "ms",
        taken.percentile(95),
        Limit::AtMost(100.0),
    )];
    eprintln!("  {DECIDERS} who decide at once ...");
    let (milliseconds, late) = at_once(&data, &filled).await?;
    rows.push(row(
        format!("{DECIDERS} decide one thing at once: one counts, {late} are recorded as late; the last answer"),
        "ms",
        milliseconds,
        Limit::None,
    ));
    let paths = pages(&data, &filled).await?;
    let home = data.close().await?;
    let cores = core::split();
    let server = Server::start_on(&home, cores.server()).await?;
    let cookie = server.sign_in(fill::APPROVER).await?;
    let asked: Vec<Request> = paths
        .iter()
        .map(|path| Request::get(path, &[("cookie", &cookie)]))
        .collect();
    eprintln!("  the inbox ...");
    at_rate(server.address(), &asked, RATE, WARM).await?;
    let taken = at_rate(server.address(), &asked, RATE, LASTING).await?;
    for (of_hundred, limit) in [(50, Limit::None), (99, Limit::AtMost(50.0))] {
        rows.push(row(
            format!(
                "p{of_hundred} of pages of an inbox with {WAITING} things ({}, {RATE}/s)",
                cores.words()
            ),
            "ms",
            taken.percentile(of_hundred),
            limit,
        ));
    }
    Ok(rows)
}

async fn automatic(data: &Data, filled: &Filled) -> Result<Latencies> {
    let mut all = Latencies::default();
    for person in &filled.automatic {
        let cx = Cx::of(fill::acting(*person));
        let ask = fill::ask(*person, [fill::AT_ONCE]);
        let begun = Clock::now();
        let id = requests::submit(data.service(), &cx, &ask).await?;
        all.push(begun.elapsed());
        let found = requests::read(data.service(), &cx, id).await?;
        if found.items[0].item.content.state != ItemState::Granted {
            bail!("what should be approved by itself was not given");
        }
    }
    Ok(all)
}

/// The time to the last answer, and how many came too late.
async fn at_once(data: &Data, filled: &Filled) -> Result<(f64, usize)> {
    let mut tasks = JoinSet::new();
    let begun = Clock::now();
    for person in &filled.deciders {
        let (service, item, person) = (data.shared(), filled.contested, *person);
        tasks.spawn(async move {
            let verdict = Verdict {
                vote: Vote::Approve,
                note: String::new(),
                shorter: String::new(),
            };
            requests::decide(&service, &Cx::of(fill::acting(person)), item, &verdict).await
        });
    }
    let (mut counted, mut late) = (0, 0);
    while let Some(done) = tasks.join_next().await {
        match done?? {
            Decided::Counted(_) => counted += 1,
            Decided::TooLate(_) => late += 1,
        }
    }
    if counted != 1 {
        bail!("{counted} decisions count, where one should");
    }
    Ok((begun.elapsed().as_secs_f64() * 1_000.0, late))
}

/// Paths of the first pages of the approver's inbox.
async fn pages(data: &Data, filled: &Filled) -> Result<Vec<String>> {
    let cx = Cx::of(fill::acting(filled.approver));
    let mut paths = vec!["/inbox".to_owned()];
    let mut after: Option<String> = None;
    while paths.len() < PAGES {
        let page = requests::inbox(data.service(), &cx, after.as_deref(), 50).await?;
        let next = page.next.context("the inbox has more pages")?;
        paths.push(format!("/inbox?after={next}"));
        after = Some(next);
    }
    Ok(paths)
}
