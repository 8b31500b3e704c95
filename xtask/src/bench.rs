//! `cargo xtask bench [NAME]`: hands over to the bench binary of `testkit`, optimised as the product is.
//!
//! Knows no figures and no limits; those stand beside what they measure. A run of everything writes `BENCHMARKS.md`.

use clap::Args;

use crate::{build, process, site};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this one (`start`, `memory`, `first_load`, `sign_in`, `people_page`, `audit_verify`); writes no file
    name: Option<String>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    build::run_release()?;
    let mut bench = process::cargo(["run", "--release", "-p", "testkit", "--bin", "bench", "--"]);
    bench.args(&options.name);
    process::run(build::carrying(&mut bench, &site::Manifest::read()?))
}
