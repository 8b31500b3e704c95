//! The trees of campaigns: their leaves against the roots that the log bound.

use domain::id::CampaignId;
use proof::hash::Hash;
use proof::tree::Frontier;
use storage::ReadTx;

use super::entries::Sealed;
use super::report::Report;
use super::{Checked, found};

/// Trees read at a time.
const TREES: i64 = 256;
/// Pieces of leaves read at a time.
const PIECES: i64 = 16;

/// Checks that each tree that an entry binds has the root and the size that the entry says.
pub(super) async fn check(tx: &mut ReadTx, sealed: &mut Sealed, report: &mut Report) -> Checked {
    let mut after = (0, -1);
    loop {
        let trees = tx.bound_trees(after, TREES).await?;
        let Some(last) = trees.last() else {
            return Ok(());
        };
        after = (last.0, last.1);
        for (campaign, tree, records, seq) in trees {
            let campaign = CampaignId::from_raw(campaign);
            let frontier = edge(tx, campaign, tree).await?;
            let of = format!("tree {tree} of campaign {campaign}");
            if i64::try_from(frontier.size()) != Ok(records) {
                return found(format!(
                    "{of}: the column records says {records}, and it has {} leaves.",
                    frontier.size()
                ));
            }
            report.records += frontier.size();
            let root = frontier.root();
            match sealed.remove(&seq) {
                Some((bound, rows)) if bound == root && rows == frontier.size() => {}
                Some((bound, rows)) => {
                    return found(format!(
                        "{of}: entry {seq} binds the root {bound} over {rows} records, and its leaves have the root {} over {}.",
                        Hash(root.0),
                        frontier.size()
                    ));
                }
                None => {
                    return found(format!(
                        "{of}: the column seq says {seq}, and that entry binds no tree, or another one."
                    ));
                }
            }
        }
    }
}

/// The leaves of a tree as one.
async fn edge(tx: &mut ReadTx, campaign: CampaignId, tree: i64) -> Result<Frontier, super::Stop> {
    let mut frontier = Frontier::new();
    loop {
        let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
        let pieces = tx.tree_leaves(campaign, tree, size, PIECES).await?;
        if pieces.is_empty() {
            return Ok(frontier);
        }
        for (first, hashes) in pieces {
            if i64::try_from(frontier.size()) != Ok(first) {
                return found(format!(
                    "review_leaves of tree {tree} of campaign {campaign}: the piece before leaf {first} is missing."
                ));
            }
            let (leaves, rest) = hashes.as_chunks::<32>();
            if !rest.is_empty() || leaves.is_empty() {
                return found(format!(
                    "review_leaves of tree {tree} of campaign {campaign}: the piece from leaf {first} on is damaged."
                ));
            }
            for leaf in leaves {
                frontier.push(Hash(*leaf));
            }
        }
    }
}
