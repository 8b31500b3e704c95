//! Signing the log: what was added since the last checkpoint is hashed on, and the new root is signed.
//!
//! Entries are read outside the write transaction, in chunks; inside it the result is only stored. Nothing is signed
//! over a log whose last checkpoint, or whose new entries, do not hold: two signed roots that contradict each other
//! would prove nothing any more.

use crate::boxed;
use proof::checkpoint::{self, Checkpoint, Origin};
use proof::hash::{Hash, leaf_hash};
use proof::tree::Frontier;
use storage::ReadTx;
use storage::audit::StoredCheckpoint;

use crate::{Error, Result, Service};

/// Entries read at a time.
const CHUNK: i64 = 1_024;
/// Levels of the tree between two stored ones.
const STORED_EVERY: u32 = 8;

/// The hash of a complete subtree that is to be stored.
type Node = (i16, i64, Hash);

/// Signs the log as it is; answers the new checkpoint, or none when there is nothing new.
#[boxed]
pub async fn checkpoint(service: &Service) -> Result<Option<StoredCheckpoint>> {
    let mut tx = service.store.read().await?;
    let latest = tx.latest_checkpoint().await?;
    let (head, _) = tx.audit_head().await?;
    let size = latest.as_ref().map_or(0, |latest| latest.size);
    if head == size {
        return Ok(None);
    }
    let mut frontier = latest
        .as_ref()
        .map_or_else(|| Ok(Frontier::new()), |latest| resume(service, latest))?;
    if head < size {
        return Err(broken(&format!(
            "it has {head} entries, but {size} were signed"
        )));
    }
    let nodes = push(&mut tx, &mut frontier, head).await?;
    drop(tx);
    let root = frontier.root();
    let origin: Origin = service
        .signer
        .verifying_key()
        .name()
        .parse()
        .map_err(|error| Error::Internal(format!("{error}")))?;
    let note = checkpoint::sign(
        &Checkpoint {
            origin,
            size: frontier.size(),
            root,
        },
        &service.signer,
    );
    store(
        service,
        StoredCheckpoint {
            size: head,
            root: root.0.to_vec(),
            frontier: frontier.to_bytes(),
            note,
            created: service.clock.now(),
        },
        &nodes,
    )
    .await
}

/// The tree's edge at the latest checkpoint, believed only when everything about it fits.
fn resume(service: &Service, latest: &StoredCheckpoint) -> Result<Frontier> {
    let size = latest.size;
    let signed = checkpoint::open(
        &latest.note,
        std::slice::from_ref(service.signer.verifying_key()),
    )
    .map_err(|error| {
        broken(&format!(
            "its checkpoint at {size} entries is not believed: {error}"
        ))
    })?;
    let frontier = Frontier::from_bytes(&latest.frontier)
        .map_err(|error| broken(&format!("its checkpoint at {size} entries: {error}")))?;
    let fits = u64::try_from(size) == Ok(signed.size)
        && signed.origin.as_ref() == service.signer.verifying_key().name()
        && frontier.size() == signed.size
        && frontier.root() == signed.root
        && latest.root == signed.root.0;
    if fits {
        Ok(frontier)
    } else {
        Err(broken(&format!(
            "its checkpoint at {size} entries contradicts itself"
        )))
    }
}

/// Hashes the entries up to `head` on, and names the complete subtrees to be stored.
async fn push(tx: &mut ReadTx, frontier: &mut Frontier, head: i64) -> Result<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut done = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    while done < head {
        let block = tx
            .entries_to_check(done + 1, CHUNK.min(head - done))
            .await?;
        let before = done;
        for entry in block.iter() {
            done += 1;
            if entry.seq != done {
                return Err(broken(&format!("entry {done} is missing")));
            }
            let hash = leaf_hash(entry.leaf);
            if hash.0 != entry.leaf_hash {
                return Err(broken(&format!("entry {done} does not have its hash")));
            }
            frontier.push_with(hash, |level, position, hash| {
                if level > 0 && level.is_multiple_of(STORED_EVERY) {
                    nodes.extend(stored_node(level, position, hash));
                }
            });
        }
        if done == before {
            return Err(broken(&format!("entry {} is missing", done + 1)));
        }
    }
    Ok(nodes)
}

/// A subtree's name in the database.
pub(super) fn stored_node(level: u32, position: u64, hash: Hash) -> Option<Node> {
    Some((
        i16::try_from(level / STORED_EVERY).ok()?,
        i64::try_from(position).ok()?,
        hash,
    ))
}

/// Stores a checkpoint, unless another node was faster.
async fn store(
    service: &Service,
    mut made: StoredCheckpoint,
    nodes: &[Node],
) -> Result<Option<StoredCheckpoint>> {
    let mut tx = service
        .store
        .write(service.clock.now(), service.entropy.clone())
        .await?;
    if tx
        .latest_checkpoint()
        .await?
        .is_some_and(|latest| latest.size >= made.size)
    {
        return Ok(None);
    }
    made.created = tx.recorded();
    for (level, position, hash) in nodes {
        tx.insert_audit_node(*level, *position, &hash.0).await?;
    }
    tx.insert_checkpoint(&made).await?;
    tx.commit_unaudited("a checkpoint only repeats what the log says")
        .await?;
    Ok(Some(made))
}

fn broken(what: &str) -> Error {
    Error::Internal(format!(
        "the log is damaged and is not signed again: {what}. Run `bailiwick audit verify` to see what does not hold"
    ))
}
