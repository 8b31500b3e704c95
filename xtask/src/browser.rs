//! Node with the packages of `end2end/`, and Debian's Chromium that it drives.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Context as _;

use crate::debian::Tool;
use crate::process;

/// What must be there to drive a browser.
pub(crate) const TOOLS: [Tool; 3] = [Tool::Node, Tool::Npm, Tool::Chromium];

const LOCK: &str = "end2end/package-lock.json";
/// A copy of the lock that the installed packages were made from.
const INSTALLED: &str = "end2end/node_modules/.bailiwick-lock.json";

/// Installs the packages unless they are those of the lock, and answers where Chromium is.
pub(crate) fn prepare() -> anyhow::Result<PathBuf> {
    let chromium = process::find("chromium").context("chromium is missing")?;
    let lock = fs::read(LOCK).context(LOCK)?;
    if !fs::read(INSTALLED).is_ok_and(|installed| installed == lock) {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]);
        process::run(npm.current_dir("end2end"))?;
        fs::write(INSTALLED, lock)?;
    }
    Ok(chromium)
}
