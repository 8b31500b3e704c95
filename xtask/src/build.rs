//! `cargo xtask build`: the browser's files first, then the server that carries them.
//!
//! The browser's part is always optimised: it is what people feel. `--dev` concerns the server alone.

use std::process::Command;

use clap::Args;

use crate::{process, report, site};

#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// An optimised server in target/release (the default)
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// A quickly built server in target/debug
    #[arg(long)]
    dev: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let manifest = site::build()?;
    if options.dev {
        report::step("server", "compile the server for development", || {
            process::run(&mut process::cargo([
                "build",
                "-p",
                "server",
                "--bin",
                "bailiwick",
            ]))?;
            Ok(((), "target/debug/bailiwick".to_owned()))
        })
    } else {
        release(&manifest)
    }
}

/// Site and optimised server, for `start` and `bench`.
pub(crate) fn run_release() -> anyhow::Result<()> {
    run(&Options {
        release: true,
        dev: false,
    })
}

fn release(manifest: &site::Manifest) -> anyhow::Result<()> {
    report::step(
        "server",
        "compile the server with everything the browser needs inside",
        || {
            let mut command =
                process::cargo(["build", "--release", "-p", "server", "--bin", "bailiwick"]);
            process::run(carrying(&mut command, manifest))?;
            Ok(((), "target/release/bailiwick".to_owned()))
        },
    )
}

/// Tells `edge` which site it embeds: cargo cannot see a folder appear, but it sees this change.
pub(crate) fn carrying<'a>(command: &'a mut Command, manifest: &site::Manifest) -> &'a mut Command {
    command.env("BAILIWICK_SITE", manifest.fingerprint())
}
