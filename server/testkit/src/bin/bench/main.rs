//! `cargo xtask bench [NAME [ENGINE]]`: our figures against the limits we set ourselves, on a server of its own.
//!
//! Makes its data with a seed in folders of its own, starts the optimised `bailiwick` beside it and speaks HTTP to it.
//! Prints the table; a run of everything also writes it to `BENCHMARKS.md`, misses included. Judges nothing: a miss is
//! a line in the table, and only what could not be measured is an error.

mod audit_verify;
mod data;
mod dice;
mod first_load;
mod home;
mod http;
mod import;
mod import_meanwhile;
mod lists;
mod load;
mod machine;
mod memory;
mod model;
mod organisation;
mod people_page;
mod postgres;
mod recommend;
mod report;
mod requests;
mod reviews;
mod server;
mod sign_in;
mod start;

use std::process::ExitCode;

use anyhow::{Result, bail};
use home::Engine;
use machine::Machine;
use report::Row;

/// Where a run of everything is written.
const FILE: &str = "BENCHMARKS.md";

const ALL: [&str; 13] = [
    "start",
    "memory",
    "first_load",
    "sign_in",
    "people_page",
    "audit_verify",
    "import",
    "import_meanwhile",
    "lists",
    "model",
    "requests",
    "reviews",
    "recommend",
];
/// Those that are measured on each engine; the others are about the embedded one.
const ON_EACH: [&str; 6] = [
    "import",
    "import_meanwhile",
    "lists",
    "model",
    "requests",
    "reviews",
];

// One thread: what the bench does not use is left to the server it measures.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match run(arguments.next().as_deref(), arguments.next().as_deref()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(only: Option<&str>, engine: Option<&str>) -> Result<()> {
    let names: Vec<&str> = ALL
        .into_iter()
        .filter(|name| only.is_none_or(|only| only == *name))
        .collect();
    if names.is_empty() {
        bail!(
            "there is no such measurement. These are: {}",
            ALL.join(", ")
        );
    }
    let machine = Machine::look().await?;
    let (mut rows, mut failed) = (Vec::new(), Vec::new());
    let on = |name| {
        Engine::there()
            .filter(move |engine| *engine == Engine::Sqlite || ON_EACH.contains(&name))
            .filter(move |there| {
                engine.is_none_or(|wanted| there.name().eq_ignore_ascii_case(wanted))
            })
    };
    for (name, engine) in names
        .into_iter()
        .flat_map(|name| on(name).map(move |engine| (name, engine)))
    {
        eprintln!("{name} on {} ...", engine.name());
        match measure(name, engine).await {
            Ok(measured) => rows.extend(measured),
            Err(error) => {
                eprintln!("bench: {name}: {error:#}");
                rows.push(Row::not_measured(name));
                failed.push(name);
            }
        }
    }
    if rows.is_empty() {
        bail!(
            "nothing is measured there. The engines are sqlite and, where there is a server, postgresql"
        );
    }
    println!("{}", report::table(&rows));
    if only.is_none() {
        std::fs::write(FILE, report::document(&machine, &rows))?;
        println!("Written to {FILE}.");
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("could not be measured: {}", failed.join(", "))
}

async fn measure(name: &str, engine: Engine) -> Result<Vec<Row>> {
    match name {
        "start" => start::measure().await,
        "memory" => memory::measure().await,
        "first_load" => first_load::measure().await,
        "sign_in" => sign_in::measure().await,
        "people_page" => people_page::measure().await,
        "audit_verify" => audit_verify::measure().await,
        "import" => import::measure(engine).await,
        "import_meanwhile" => import_meanwhile::measure(engine).await,
        "lists" => lists::measure(engine).await,
        "model" => model::measure(engine).await,
        "requests" => requests::measure(engine).await,
        "reviews" => reviews::measure(engine).await,
        "recommend" => recommend::measure().await,
        _ => bail!("nothing measures this"),
    }
}
