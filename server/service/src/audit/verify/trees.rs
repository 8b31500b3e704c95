//! The trees of review campaigns: their leaves against the roots that the log bound, and every row against its leaf. So a
//! changed item, decision or manifest is named.

use domain::id::CampaignId;
use proof::hash::{Hash, leaf_hash};
use proof::tree::Frontier;
use storage::ReadTx;
use storage::reviews::{LeafTable, TreeSeal};

use super::entries::Sealed;
use super::report::Report;
use super::{Checked, Stop, found};

/// Trees read at a time.
const TREES: i64 = 256;
/// Pieces of leaves read at a time; each has some thousand.
const PIECES: i64 = 64;
/// Rows read at a time.
const ROWS: i64 = 5_000;
/// The number of a population's tree.
const POPULATION: i64 = 0;

/// Checks the trees of all campaigns.
pub(super) async fn check(
    tx: &mut ReadTx,
    sealed: &mut Sealed,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut after = (CampaignId::from_raw(0), i64::MIN);
    loop {
        let trees = tx.tree_seals(after, TREES).await?;
        let Some(last) = trees.last() else {
            return Ok(());
        };
        after = (last.campaign, last.tree);
        for seal in &trees {
            let leaves = leaves(tx, seal).await?;
            bound(seal, &leaves, sealed)?;
            rows(tx, seal, &leaves).await?;
            report.records += leaves.len() as u64;
        }
    }
}

fn name(seal: &TreeSeal) -> String {
    let campaign = format!("campaign {} (id {})", seal.campaign, seal.campaign.raw());
    if seal.tree == POPULATION {
        format!("the population of {campaign}")
    } else {
        format!("act {} of {campaign}", seal.tree)
    }
}

/// The leaves of a tree as they are kept.
async fn leaves(tx: &mut ReadTx, seal: &TreeSeal) -> Result<Vec<Hash>, Stop> {
    let mut leaves: Vec<Hash> = Vec::new();
    loop {
        let from = i64::try_from(leaves.len()).unwrap_or(i64::MAX);
        let pieces = tx
            .tree_leaves(seal.campaign, seal.tree, from, PIECES)
            .await?;
        if pieces.is_empty() {
            return Ok(leaves);
        }
        for (first, hashes) in pieces {
            let (whole, rest) = hashes.as_chunks::<32>();
            if i64::try_from(leaves.len()) != Ok(first) || !rest.is_empty() || whole.is_empty() {
                return found(format!(
                    "review_leaves: {} has no leaves from {} on.",
                    name(seal),
                    leaves.len()
                ));
            }
            leaves.extend(whole.iter().map(|hash| Hash(*hash)));
        }
    }
}

/// What a tree and the entry that binds it say, against its leaves.
fn bound(seal: &TreeSeal, leaves: &[Hash], sealed: &mut Sealed) -> Checked {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.push(*leaf);
    }
    let of = name(seal);
    if u64::try_from(seal.records) != Ok(frontier.size()) {
        return found(format!(
            "review_tree: {of} says {} records in the column records, and has {} leaves.",
            seal.records,
            frontier.size()
        ));
    }
    if seal.frontier != frontier.to_bytes() {
        return found(format!(
            "review_tree: the column frontier of {of} does not fit its leaves: a leaf was changed."
        ));
    }
    // A population that is not complete has nothing that binds it yet.
    let Some(seq) = seal.seq else { return Ok(()) };
    let root = frontier.root();
    match sealed.remove(&seq) {
        Some((bound, records)) if bound == root && records == frontier.size() => Ok(()),
        Some((bound, records)) => found(format!(
            "review_leaves: entry {seq} binds the root {bound} over {records} records, and {of} has the root {root} over {}.",
            frontier.size()
        )),
        None => found(format!(
            "review_tree: the column seq of {of} says {seq}, and that entry binds no manifest, or another one."
        )),
    }
}

/// Every row of a tree against its leaf; every leaf has one row.
async fn rows(tx: &mut ReadTx, seal: &TreeSeal, leaves: &[Hash]) -> Result<(), Stop> {
    let tables: &[LeafTable] = if seal.tree == POPULATION {
        &[LeafTable::Subjects, LeafTable::Items, LeafTable::Excluded]
    } else {
        &[LeafTable::Records(seal.tree)]
    };
    let mut seen = vec![false; leaves.len()];
    for table in tables {
        let mut after = -1;
        loop {
            let rows = tx.leaf_rows(seal.campaign, *table, after, ROWS).await?;
            let Some(last) = rows.last() else { break };
            after = last.key;
            for row in rows {
                let place = usize::try_from(row.leaf).ok();
                let leaf = place.and_then(|place| leaves.get(place));
                if leaf != Some(&leaf_hash(row.content.as_bytes())) {
                    return found(format!(
                        "{}: it is not what {} was recorded with.",
                        row_name(*table, row.key),
                        name(seal)
                    ));
                }
                if !row.columns_fit {
                    return found(format!(
                        "{}: a column beside its content does not say what that says.",
                        row_name(*table, row.key)
                    ));
                }
                if let Some(seen) = place.and_then(|place| seen.get_mut(place)) {
                    *seen = true;
                }
            }
        }
    }
    match seen.iter().position(|seen| !seen) {
        None => Ok(()),
        Some(leaf) => found(format!(
            "{}: leaf {leaf} has no row. It was deleted.",
            name(seal)
        )),
    }
}

fn row_name(table: LeafTable, key: i64) -> String {
    match table {
        LeafTable::Subjects => format!("review_subject with leaf {key}"),
        LeafTable::Items => format!("review_item, number {}", key & 0xffff_ffff),
        LeafTable::Excluded => format!("review_excluded, number {}", key & 0xffff_ffff),
        LeafTable::Records(tree) => format!("review_record {key} of act {tree}"),
    }
}
