//! The Rust tests. Our own package goes separately: together, cargo would unify features and compile the
//! build tools a second time.

use super::{Run, tally};
use crate::process;

/// The server and everything its tests need, in one go, so that features are unified once.
pub(super) fn compile() -> anyhow::Result<()> {
    process::run(&mut process::cargo([
        "build",
        "--workspace",
        "--exclude",
        "xtask",
        "--lib",
        "--bins",
        "--tests",
    ]))
}

pub(super) fn test(run: &mut Run) -> anyhow::Result<()> {
    let url = run.postgres_url()?;
    for selection in [
        &["--workspace", "--exclude", "xtask"][..],
        &["--package", "xtask"],
    ] {
        let mut command = process::cargo(["test"]);
        command.args(selection).env("BAILIWICK_TEST_POSTGRES", &url);
        let told = process::tell(&mut command)?;
        let counted = tally::of_cargo(&told.text);
        run.tally.add(counted);
        counted.judge(told.success)?;
    }
    Ok(())
}
