//! `cargo xtask`: the one way in for people and for CI. Needs rustup and a C compiler, no global tools.
//!
//! One command a file. Nothing here is shipped; the product never depends on this crate.

mod bench;
mod browser;
mod build;
mod debian;
mod files;
mod postgres;
mod process;
mod report;
mod site;
mod start;
mod test;
mod tidy;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

/// Build, start, test and measure Bailiwick.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the browser's files and the server into one binary
    Build(build::Options),
    /// Build, then run the server (Ctrl-C stops it)
    Start(start::Options),
    /// Everything that must hold before a change is taken; the same command as CI
    Test(test::Options),
    /// Measure against the stated limits
    Bench(bench::Options),
    /// The house rules that no compiler checks
    Tidy,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let root = root();
    std::env::set_current_dir(&root).with_context(|| format!("cannot enter {}", root.display()))?;
    match command {
        Command::Build(options) => build::run(&options),
        Command::Start(options) => start::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Tidy => tidy::run(),
    }
}

/// The workspace root. Cargo names the package at run time, so a moved checkout still finds itself.
fn root() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(package);
    root.pop();
    root
}
