//! The end-to-end tests: Node drives Debian's Chromium through the development binary.
//!
//! Knows how to run them, not what they do; that is in `end2end/`.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, ensure};

use super::{Run, tally};
use crate::{browser, process};

const RUNNER: &str = "end2end/run.mjs";

pub(super) fn test(run: &mut Run) -> anyhow::Result<()> {
    ensure!(Path::new(RUNNER).is_file(), "{RUNNER} is missing");
    let binary = fs::canonicalize("target/debug/bailiwick").context("target/debug/bailiwick")?;
    let clocked = fs::canonicalize("target/debug/testserver").context("target/debug/testserver")?;
    let chromium = browser::prepare()?;
    let mut node = Command::new("node");
    node.arg(RUNNER)
        .env("BAILIWICK_BIN", binary)
        .env("BAILIWICK_TEST_SERVER", clocked)
        .env("BAILIWICK_CHROMIUM", chromium)
        .env("BAILIWICK_TEST_POSTGRES", run.postgres_url()?);
    let told = process::tell(&mut node)?;
    let counted = tally::of_node(&told.text);
    run.tally.add(counted);
    counted.judge(told.success)
}
