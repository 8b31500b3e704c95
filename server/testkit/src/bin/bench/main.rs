//! `cargo xtask bench [NAME]`: our figures against the limits we set ourselves, on a server of its own.
//!
//! Makes its data with a seed in folders of its own, starts the optimised `bailiwick` beside it and speaks HTTP to it.
//! Prints the table; a run of everything also writes it to `BENCHMARKS.md`, misses included. Judges nothing: a miss is
//! a line in the table, and only what could not be measured is an error.

mod audit_verify;
mod data;
mod first_load;
mod http;
mod load;
mod machine;
mod memory;
mod people_page;
mod report;
mod server;
mod sign_in;
mod start;

use std::process::ExitCode;

use anyhow::{Result, bail};
use machine::Machine;
use report::Row;

/// Where a run of everything is written.
const FILE: &str = "BENCHMARKS.md";

const ALL: [&str; 6] = [
    "start",
    "memory",
    "first_load",
    "sign_in",
    "people_page",
    "audit_verify",
];

// One thread: what the bench does not use is left to the server it measures.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(std::env::args().nth(1).as_deref()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(only: Option<&str>) -> Result<()> {
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
    for name in names {
        eprintln!("{name} ...");
        match measure(name).await {
            Ok(measured) => rows.extend(measured),
            Err(error) => {
                eprintln!("bench: {name}: {error:#}");
                rows.push(Row::not_measured(name));
                failed.push(name);
            }
        }
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

async fn measure(name: &str) -> Result<Vec<Row>> {
    match name {
        "start" => start::measure().await,
        "memory" => memory::measure().await,
        "first_load" => first_load::measure().await,
        "sign_in" => sign_in::measure().await,
        "people_page" => people_page::measure().await,
        "audit_verify" => audit_verify::measure().await,
        _ => bail!("nothing measures this"),
    }
}
