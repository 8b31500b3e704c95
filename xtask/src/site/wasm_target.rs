//! The compiler's target for browsers: there already, or added through rustup.

use std::{path::Path, process::Command};

use anyhow::Context as _;

use crate::process;

const TARGET: &str = "wasm32-unknown-unknown";

/// Asks the compiler itself, so that toolchains without rustup count too.
pub(crate) fn ensure() -> anyhow::Result<((), String)> {
    if is_there() {
        return Ok(((), "already there".to_owned()));
    }
    process::run(Command::new("rustup").args(["target", "add", TARGET]))
        .context("the compiler lacks wasm32-unknown-unknown; install it or rustup")?;
    Ok(((), "added".to_owned()))
}

fn is_there() -> bool {
    let asked = ["--print", "target-libdir", "--target", TARGET];
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    process::read(Command::new(compiler).args(asked))
        .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}
