//! Writing a population, a part in each transaction, and taking back what an attempt before left. Nobody sees any of it until
//! the campaign is open, so the parts need not wait for the disk: the transaction that opens it does.

use std::collections::BTreeMap;

use domain::id::{CampaignId, IdentityId};
use domain::review::{MOST_ITEMS, Population};
use storage::WriteTx;
use storage::reviews::{Chunk, Pile};
use tokio::sync::mpsc;

use crate::jobs::Work;
use crate::reviews::freeze::Freeze;
use crate::{Error, Result, Service};

/// Rows written in one transaction.
const ROWS: usize = 12_000;
/// Rows taken back in one transaction.
const SWEPT: i64 = 5_000;

/// Why the log says nothing of a part.
const UNBOUND: &str = "a part of a population, which the log binds when it is complete";

/// Begins a part.
async fn begin(service: &Service, work: &Work) -> Result<WriteTx> {
    let store = &service.store;
    let tx = store.write_part(service.now(), service.entropy.clone());
    let mut tx = tx.await?;
    work.keep(&mut tx).await?;
    Ok(tx)
}

/// Takes back what an attempt before left; false when it was asked to stop.
pub(super) async fn clear(service: &Service, work: &Work, id: CampaignId) -> Result<bool> {
    loop {
        if work.stopping().is_some() {
            return Ok(false);
        }
        let mut tx = service
            .store
            .write(service.now(), service.entropy.clone())
            .await?;
        work.keep(&mut tx).await?;
        let cleared = tx.clear_population(id, SWEPT).await?;
        tx.commit_unaudited("a population that was not completed")
            .await?;
        if cleared == 0 {
            return Ok(true);
        }
    }
}

/// A part of a population that was found, with how far that is.
struct Found {
    chunk: Chunk,
    counts: Population,
    progress: (u64, u64),
}

/// Finds parts, until nobody takes them any more.
async fn find(mut freeze: Freeze, parts: mpsc::Sender<Found>) -> Result<Freeze> {
    while let Some(chunk) = freeze.next().await? {
        let found = Found {
            chunk,
            counts: freeze.counts(),
            progress: freeze.progress(),
        };
        if parts.send(found).await.is_err() {
            break;
        }
    }
    Ok(freeze)
}

/// Writes the population: while a part is written, the next ones are found by a task of its own. None when it was asked to
/// stop.
pub(super) async fn freeze_all(
    service: &Service,
    work: &Work,
    id: CampaignId,
    freeze: Freeze,
) -> Result<Option<Freeze>> {
    let (sender, mut parts) = mpsc::channel(1);
    let finding = tokio::spawn(find(freeze, sender));
    while let Some(found) = parts.recv().await {
        if work.stopping().is_some() {
            return Ok(None);
        }
        work.progress(found.progress.0, Some(found.progress.1));
        work.count("Items", found.counts.included);
        work.count("Left out", found.counts.excluded);
        if found.counts.all > MOST_ITEMS {
            break;
        }
        write(service, work, id, found.chunk).await?;
    }
    drop(parts);
    let freeze = finding
        .await
        .map_err(|error| Error::Internal(error.to_string()))??;
    Ok(Some(freeze))
}

async fn write(service: &Service, work: &Work, id: CampaignId, chunk: Chunk) -> Result<()> {
    for part in parts(chunk) {
        let mut tx = begin(service, work).await?;
        tx.append_population(id, &part).await?;
        tx.commit_unaudited(UNBOUND).await?;
    }
    Ok(())
}

/// A chunk in parts of which each fits into a transaction.
fn parts(chunk: Chunk) -> Vec<Chunk> {
    if chunk.subjects.len() + chunk.items.len() + chunk.excluded.len() <= ROWS {
        return vec![chunk];
    }
    let subjects = split(chunk.subjects).into_iter().map(|subjects| Chunk {
        subjects,
        ..Chunk::default()
    });
    let items = split(chunk.items).into_iter().map(|items| Chunk {
        items,
        ..Chunk::default()
    });
    let excluded = split(chunk.excluded).into_iter().map(|excluded| Chunk {
        excluded,
        ..Chunk::default()
    });
    let holders = split(chunk.holders).into_iter().map(|holders| Chunk {
        holders,
        ..Chunk::default()
    });
    let parts = subjects.chain(items).chain(excluded);
    parts.chain(holders).collect()
}

/// Pieces of at most [`ROWS`].
fn split<T>(all: Vec<T>) -> Vec<Vec<T>> {
    let mut rest = all.into_iter();
    let mut parts = Vec::new();
    loop {
        let part: Vec<T> = rest.by_ref().take(ROWS).collect();
        if part.is_empty() {
            return parts;
        }
        parts.push(part);
    }
}

/// How much each reviewer has to decide; false when it was asked to stop.
pub(super) async fn put_piles(
    service: &Service,
    work: &Work,
    id: CampaignId,
    freeze: &Freeze,
) -> Result<bool> {
    // In the order of the table's key.
    let all: BTreeMap<IdentityId, u64> =
        freeze.by_reviewer().iter().map(|(k, v)| (*k, *v)).collect();
    let all: Vec<Pile> = all
        .into_iter()
        .map(|(who, items)| Pile::of(id, who, 0, i64::try_from(items).unwrap_or(i64::MAX)))
        .collect();
    for part in all.chunks(ROWS) {
        if work.stopping().is_some() {
            return Ok(false);
        }
        let mut tx = begin(service, work).await?;
        tx.add_piles(id, part).await?;
        tx.commit_unaudited(UNBOUND).await?;
    }
    Ok(true)
}
