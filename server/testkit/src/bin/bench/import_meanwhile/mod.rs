//! People sign in and edit while a large import goes on in the same server: how long they wait, and whether any page
//! fails. The same is measured before the import.
//!
//! The import is asked for on its page: files sent, checked and applied as jobs of the server.

mod by_page;
pub(crate) mod edits;

use std::time::Duration;

use anyhow::Result;

use crate::data::{ADMINISTRATOR, Data};
use crate::home::Engine;
use crate::import;
use crate::organisation::{HELD, size};
use crate::report::{Limit, Row};
use crate::server::Server;
use edits::{Felt, Others, Work};

const QUIET: Duration = Duration::from_secs(10);

pub(crate) async fn measure(engine: Engine) -> Result<Vec<Row>> {
    let people = size(import::PEOPLE);
    let data = Data::on(engine).await?;
    let others = Others::add(&data).await?;
    let home = data.close().await?;
    let files = home.beside("files");
    import::write(&files, people)?;
    let store = home.store().await?;
    let server = Server::start(&home).await?;
    let cookie = server.sign_in(ADMINISTRATOR).await?;
    let work = Work::on(&server, others).await?;
    eprintln!("  before the import ...");
    let quiet = work.during(rest()).await?.1;
    eprintln!("  sending, checking and applying {people} people ...");
    let (run, while_sent) = work.during(by_page::send(&server, &cookie, &files)).await?;
    let (seconds, during) = work
        .during(by_page::check_and_apply(&server, &cookie, &store, run))
        .await?;
    drop(server);
    store.close().await;
    Ok(rows(engine, people, seconds, &quiet, &while_sent, &during))
}

fn rows(
    engine: Engine,
    people: usize,
    seconds: f64,
    quiet: &Felt,
    while_sent: &Felt,
    during: &Felt,
) -> Vec<Row> {
    let row = |what: String, unit, figure, limit| {
        Row::new(
            "import_meanwhile",
            format!("{}: {what}", engine.name()),
            unit,
            figure,
            limit,
        )
    };
    let edits = during.edits.len();
    let failed = u32::try_from(quiet.failed.len() + while_sent.failed.len() + during.failed.len())
        .map_or(f64::INFINITY, f64::from);
    vec![
        row(
            format!(
                "p99 of {edits} edits, form fetched and saved, while {people} people and {} grants are checked and applied",
                people * HELD
            ),
            "ms",
            during.edits.percentile(99),
            Limit::AtMost(500.0),
        ),
        row(
            "p50 of those".to_owned(),
            "ms",
            during.edits.percentile(50),
            Limit::None,
        ),
        row(
            "the slowest of those".to_owned(),
            "ms",
            during.edits.percentile(100),
            Limit::None,
        ),
        row(
            "p99 of saving alone".to_owned(),
            "ms",
            during.saves.percentile(99),
            Limit::None,
        ),
        row(
            "p99 of an edit while the files are sent".to_owned(),
            "ms",
            while_sent.edits.percentile(99),
            Limit::AtMost(500.0),
        ),
        row(
            "p99 of an edit before".to_owned(),
            "ms",
            quiet.edits.percentile(99),
            Limit::None,
        ),
        row(
            "p99 of a sign-in during the import".to_owned(),
            "ms",
            during.sign_ins.percentile(99),
            Limit::None,
        ),
        row(
            "p99 of a sign-in before".to_owned(),
            "ms",
            quiet.sign_ins.percentile(99),
            Limit::None,
        ),
        row(
            "pages that failed".to_owned(),
            "pages",
            failed,
            Limit::AtMost(0.0),
        ),
        row(
            "the import, checked and applied beside that".to_owned(),
            "s",
            seconds,
            Limit::None,
        ),
    ]
}

async fn rest() -> Result<()> {
    tokio::time::sleep(QUIET).await;
    Ok(())
}
