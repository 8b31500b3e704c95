//! What the figures were taken on. Without it they mean nothing.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context as _, Result};
use domain::context::Clock as _;
use service::Store;
use service::clock::SystemClock;

use crate::home::{Engine, Home};
use crate::postgres;

/// The machine, the day and the tools.
#[derive(Debug)]
pub(crate) struct Machine {
    facts: Vec<(&'static str, String)>,
}

impl Machine {
    /// Looks before the first measurement, so that the load is that of others.
    pub(crate) async fn look() -> Result<Self> {
        let load = fs::read_to_string("/proc/loadavg").context("/proc/loadavg")?;
        let load: Vec<&str> = load.split_whitespace().take(3).collect();
        let mut facts = vec![
            (
                "Date",
                SystemClock.now().to_string().chars().take(10).collect(),
            ),
            ("Processor", format!("{}, {} cores", processor()?, cores())),
            ("Memory", format!("{:.1} GB", memory()?)),
            ("Load before the run (1, 5, 15 minutes)", load.join(", ")),
            ("Compiler", compiler()?),
            ("Engine", engine().await?),
        ];
        if let Some(about) = postgres::about().await? {
            facts.push(("Beside it", about));
        }
        Ok(Self { facts })
    }

    pub(crate) fn facts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.facts
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
    }
}

/// Cores we may use.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

fn processor() -> Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo").context("/proc/cpuinfo")?;
    // Not every architecture names its model.
    let model = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == "model name");
    Ok(model
        .map_or(std::env::consts::ARCH, |(_, value)| value.trim())
        .to_owned())
}

fn memory() -> Result<f64> {
    let text = fs::read_to_string("/proc/meminfo").context("/proc/meminfo")?;
    Ok(megabytes(&text, "MemTotal").context("/proc/meminfo names no total")? / 1_000.0)
}

/// A line such as `VmRSS:  1234 kB` in megabytes; the kernel's kB are 1024 bytes.
pub(crate) fn megabytes(text: &str, key: &str) -> Option<f64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1_024.0 / 1_000_000.0)
}

fn compiler() -> Result<String> {
    let output = Command::new("rustc")
        .arg("--version")
        .output()
        .context("rustc")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

async fn engine() -> Result<String> {
    let home = Home::new(Engine::Sqlite).await?;
    let store = home.store().await?;
    let name = store.engine();
    let Store::Sqlite { readers, .. } = &store else {
        anyhow::bail!("the embedded engine is SQLite")
    };
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(readers)
        .await?;
    store.close().await;
    Ok(format!("{name} {version}, every commit synced to the disk"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_lines_are_read() {
        let text = "VmHWM:\t   2000 kB\nVmRSS:\t   1000 kB\n";
        assert_eq!(megabytes(text, "VmRSS"), Some(1.024));
        assert_eq!(megabytes(text, "VmSwap"), None);
    }
}
