//! Programs that tests need: looked for, installed from Debian by name when we may, named when we may not.

use std::process::Command;

use anyhow::{Context as _, bail};

use crate::{postgres, process};

/// A program and the Debian package that brings it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tool {
    Node,
    Npm,
    Chromium,
    Postgres,
}

impl Tool {
    fn package(self) -> &'static str {
        match self {
            Self::Node => "nodejs",
            Self::Npm => "npm",
            Self::Chromium => "chromium",
            Self::Postgres => "postgresql",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Self::Node => process::find("node").is_some(),
            Self::Npm => process::find("npm").is_some(),
            Self::Chromium => process::find("chromium").is_some(),
            Self::Postgres => postgres::folder().is_some(),
        }
    }
}

/// Makes sure that all of them are there.
pub(crate) fn ensure(tools: &[Tool]) -> anyhow::Result<()> {
    let missing = missing(tools);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !(process::is_root() && process::find("apt-get").is_some()) {
        bail!("tests need programs that are missing; install them: sudo apt-get install {names}");
    }
    println!("> install   {names}");
    apt_get(&["update"])?;
    apt_get(&[&["install", "-y", "--no-install-recommends"][..], &missing].concat())?;
    match self::missing(tools).join(" ") {
        still if still.is_empty() => Ok(()),
        still => bail!("installed, yet not found: {still}"),
    }
}

fn missing(tools: &[Tool]) -> Vec<&'static str> {
    tools
        .iter()
        .filter(|tool| !tool.is_there())
        .map(|tool| tool.package())
        .collect()
}

fn apt_get(arguments: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new("apt-get");
    command
        .arg("-qq")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    process::run(&mut command).context("Debian's package manager")
}
