//! `audit verify`: everything the database can prove about itself, from the first entry on.
//!
//! Reads one moment of the database, so it can run beside a server, and stops at the first thing that does not hold.
//! What it cannot see: a history that was written anew, with new signatures, by somebody who holds both the database
//! and the signing key. A checkpoint kept elsewhere (`since`) shows that. It does not look at tables the log does not
//! cover: sessions, passwords, counters and the search words.

mod columns;
mod entries;
mod manifests;
mod plain;
mod report;
mod signed;
mod trees;
mod versions;

use proof::checkpoint::VerifyingKey;
use storage::Store;

use crate::{Result, boxed};
use entries::Walk;
pub use report::{Finding, Report, TreeHead};
use signed::Since;

/// Why a check stops: the finding, or a database that does not answer.
type Checked = std::result::Result<(), Stop>;

#[derive(Debug)]
enum Stop {
    Found(Finding),
    Failed(crate::Error),
}

impl From<storage::Error> for Stop {
    fn from(error: storage::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// The first thing that does not hold.
fn found<T>(what: impl Into<String>) -> std::result::Result<T, Stop> {
    Err(Stop::Found(Finding { what: what.into() }))
}

/// Verifies the log with the public keys that may have signed it. `since` is a checkpoint that was kept elsewhere.
#[boxed]
pub async fn verify(store: &Store, keys: &[VerifyingKey], since: Option<&str>) -> Result<Report> {
    let mut report = Report::default();
    let mut tx = store.read().await?;
    let walked = async {
        let since = since.map(|note| Since::open(note, keys)).transpose()?;
        let log = store.log_reader().await?;
        let mut walk = Walk::begin(&mut tx, log, keys, since, &mut report).await?;
        walk.all().await?;
        let (logged, mut sealed) = walk.finish().await?;
        trees::check(&mut tx, &mut sealed, &mut report).await?;
        let marks = manifests::check(&mut tx, sealed, &mut report).await?;
        versions::check(&mut tx, &logged, marks, &mut report).await
    };
    match walked.await {
        Ok(()) => {}
        Err(Stop::Found(finding)) => report.finding = Some(finding),
        Err(Stop::Failed(error)) => return Err(error),
    }
    Ok(report)
}
