//! One run of the command: its time, its memory, and what it said it did.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::home::Home;
use crate::machine::megabytes;

/// Between two looks at its memory. The kernel keeps the most it ever was, so only the last moments can be missed.
const LOOK: Duration = Duration::from_millis(20);

/// What an import took and did.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) seconds: f64,
    /// The most memory it held, in MiB.
    pub(super) memory: f64,
    pub(super) totals: Totals,
}

/// What the command printed.
#[derive(Debug)]
pub(super) struct Totals(Value);

impl Totals {
    /// A figure of a file.
    pub(super) fn of(&self, file: &str, what: &str) -> u64 {
        let files = self.0.get("files").unwrap_or(&self.0);
        let found = match files {
            Value::Array(files) => files
                .iter()
                .find(|one| one["file"] == file || one["kind"] == file),
            other => other.get(file),
        };
        found.and_then(|file| file[what].as_u64()).unwrap_or(0)
    }

    /// The sum of a figure over all files.
    pub(super) fn sum(&self, what: &str) -> u64 {
        let files = domain::source::FileKind::ALL.iter();
        files.map(|kind| self.of(kind.word(), what)).sum()
    }
}

/// Imports a folder; anything but success is an error.
pub(super) async fn carry_out(home: &Home, files: &Path) -> Result<Done> {
    let (said, told) = (home.beside("import.json"), home.beside("import.log"));
    let folder = files.to_str().context("the folder's name is text")?;
    let begun = Instant::now();
    let mut child = home
        .command(None, &["import", folder, "--source", "bench", "--json"])?
        .stdout(File::create(&said)?)
        .stderr(File::create(&told)?)
        .spawn()?;
    let (status, mut memory) = (format!("/proc/{}/status", child.id()), 0.0_f64);
    let ended = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        if let Some(most) = megabytes(&text, "VmHWM") {
            memory = memory.max(most * 1_000_000.0 / 1_048_576.0);
        }
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        tokio::time::sleep(LOOK).await;
    };
    let seconds = begun.elapsed().as_secs_f64();
    let said = std::fs::read_to_string(&said)?;
    ensure!(
        ended.success(),
        "the import ended with {ended}: {}{said}",
        std::fs::read_to_string(&told)?
    );
    let totals =
        serde_json::from_str(&said).with_context(|| format!("the import printed {said:?}"))?;
    Ok(Done {
        seconds,
        memory,
        totals: Totals(totals),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_by_file() {
        let file = |added: u64| serde_json::json!({ "added": added });
        let totals =
            Totals(serde_json::json!({ "files": { "access": file(7), "identities": file(2) } }));
        assert_eq!((totals.of("access", "added"), totals.sum("added")), (7, 9));
        assert_eq!(totals.sum("ended"), 0);
    }
}
