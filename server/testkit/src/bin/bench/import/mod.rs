//! `bailiwick import` of a large organisation into an empty data directory: how long, with how much memory, how much
//! of the disk, and whether the end is as quick as the beginning.
//!
//! Everything counts that the command does: reading, the dry run, writing, log and manifest. Then the same files again,
//! which must change nothing, and a look at the whole log.

mod carry_out;
mod disk;
mod files;
mod tenths;

use anyhow::{Context as _, Result, ensure};

use crate::audit_verify;
use crate::home::{Engine, Home};
use crate::organisation::{APPLICATIONS, EACH, HELD, size};
use crate::report::{Limit, Row};
use carry_out::{Totals, carry_out};

pub(crate) use files::write;

/// How many people, unless the environment says otherwise.
pub(crate) const PEOPLE: usize = 100_000;
/// What an import may hold in memory.
const MEMORY: f64 = 512.0;

pub(crate) async fn measure(engine: Engine) -> Result<Vec<Row>> {
    let (people, name) = (size(PEOPLE), engine.name());
    let home = Home::new(engine).await?;
    let files = home.beside("files");
    eprintln!("  writing files of {people} people ...");
    write(&files, people)?;
    let first = carry_out(&home, &files).await?;
    let expected = [
        ("identities", people),
        ("applications", APPLICATIONS),
        ("entitlements", APPLICATIONS * EACH),
        ("access", people * HELD),
    ];
    for (file, rows) in expected {
        let added = first.totals.of(file, "added");
        ensure!(
            added == rows as u64,
            "{file}: {added} of {rows} rows were added"
        );
    }
    let store = home.store().await?;
    let tenths = tenths::last_to_first(&store).await?;
    let disk = disk::measure(&store).await?;
    store.close().await;
    eprintln!("  the same files again ...");
    let again = carry_out(&home, &files).await?;
    let changes = again.totals.changes();
    ensure!(changes == 0, "the same files again changed {changes} rows");
    let (verified, _) = audit_verify::verify(&home, None).context("after the import")?;
    let row = |what: &str, unit, figure, limit| {
        Row::new("import", format!("{name}: {what}"), unit, figure, limit)
    };
    let whole = format!(
        "{people} people, {} grants, {} accounts they imply: whole command",
        people * HELD,
        disk.accounts
    );
    let held = "the most memory it held";
    let mut rows = vec![
        row(&whole, "s", first.seconds, Limit::AtMost(60.0)),
        row(held, "MiB", first.memory, Limit::AtMost(MEMORY)),
    ];
    if let Some(tenths) = tenths {
        let what = "time of a grant, last tenth to first tenth";
        rows.push(row(what, "times", tenths, Limit::AtMost(1.2)));
    }
    let of_grant = "disk of a grant with its indexes and history";
    let of_record = "disk of a record of the manifest";
    let nothing_new = "the same files again, nothing changed";
    rows.extend([
        row(of_grant, "bytes", disk.grant, Limit::AtMost(120.0)),
        row(of_record, "bytes", disk.record, Limit::None),
        row(nothing_new, "s", again.seconds, Limit::None),
        row("memory of that", "MiB", again.memory, Limit::AtMost(MEMORY)),
        row(
            "audit verify after both, it holds",
            "s",
            verified,
            Limit::None,
        ),
    ]);
    Ok(rows)
}

impl Totals {
    /// Everything but rows that say what was known.
    fn changes(&self) -> u64 {
        ["added", "changed", "ended", "rejected"]
            .iter()
            .map(|what| self.sum(what))
            .sum()
    }
}
