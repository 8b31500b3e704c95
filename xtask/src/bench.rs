//! `cargo xtask bench [NAME [ENGINE]]`: hands over to the bench binary of `testkit`, optimised as the product is, with a
//! throw-away PostgreSQL beside it unless the environment names a server.
//!
//! Knows no figures and no limits; those stand beside what they measure. A run of everything writes `BENCHMARKS.md`.

use clap::Args;

use crate::debian::{self, Tool};
use crate::postgres::Postgres;
use crate::{browser, build, process, site};

/// The server to measure on. The throw-away one does not wait for the disk, so figures of writing are better than life.
const POSTGRES: &str = "BAILIWICK_BENCH_POSTGRES";

/// The browser in which keys are pressed, and the bench that does.
const CHROMIUM: &str = "BAILIWICK_CHROMIUM";
const KEYS: &str = "reviews";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this one (`start`, `memory`, `first_load`, `sign_in`, `people_page`, `audit_verify`, `import`,
    /// `import_meanwhile`, `lists`, `model`, `requests`, `recommend`, `reviews`); writes no file
    name: Option<String>,
    /// Only on this engine (`sqlite`, `postgresql`)
    engine: Option<String>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    build::run_release()?;
    let mut bench = process::cargo(["run", "--release", "-p", "testkit", "--bin", "bench", "--"]);
    bench.args(&options.name).args(&options.engine);
    if options.name.as_deref().is_none_or(|name| name == KEYS) {
        debian::ensure(&browser::TOOLS)?;
        bench.env(CHROMIUM, browser::prepare()?);
    }
    // Kept until the bench has ended.
    let server = match std::env::var_os(POSTGRES) {
        Some(_) => None,
        None => Some(throw_away()?),
    };
    if let Some(server) = &server {
        bench.env(POSTGRES, server.url());
    }
    process::run(build::carrying(&mut bench, &site::Manifest::read()?))
}

fn throw_away() -> anyhow::Result<Postgres> {
    debian::ensure(&[Tool::Postgres])?;
    Postgres::start()
}
