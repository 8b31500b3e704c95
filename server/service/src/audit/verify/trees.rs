//! The trees of review campaigns: their rows against their leaves, and both against the roots that the log bound. So a
//! changed item, decision or manifest is named.

use std::collections::BTreeMap;

use domain::id::CampaignId;
use storage::ReadTx;
use storage::reviews::TreeRow;

use super::entries::Sealed;
use super::report::Report;
use super::{Checked, Stop, found};
use crate::reviews::standings;
use crate::reviews::trees::{ActWalk, Bound, Broken, POPULATION, PopulationWalk};

/// Campaigns read at a time.
const CAMPAIGNS: i64 = 256;

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Found(what) => Self::Found(super::Finding { what }),
            Broken::Failed(error) => Self::Failed(error),
            // Only a job is asked to stop.
            Broken::Stopped => Self::Failed(crate::Error::Busy),
        }
    }
}

/// Checks the trees of all campaigns.
pub(super) async fn check(
    tx: &mut ReadTx,
    sealed: &mut Sealed,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut after = CampaignId::from_raw(0);
    loop {
        let campaigns = tx.campaigns_with_trees(after, CAMPAIGNS).await?;
        let Some(last) = campaigns.last() else {
            return Ok(());
        };
        after = *last;
        for campaign in campaigns {
            trees_of(tx, campaign, sealed, report).await?;
        }
    }
}

/// Checks the trees of one campaign: those that have a row, and those of which only records or leaves are left.
async fn trees_of(
    tx: &mut ReadTx,
    campaign: CampaignId,
    sealed: &mut Sealed,
    report: &mut Report,
) -> Checked {
    let rows = tx.tree_rows(campaign).await?;
    let rows: BTreeMap<i64, TreeRow> = rows.into_iter().map(|row| (row.tree, row)).collect();
    let mut after = -1;
    while let Some(tree) = tx.tree_after(campaign, after).await? {
        after = tree;
        let Some(row) = rows.get(&tree) else {
            return found(format!(
                "review_tree: the row of {} was deleted, and its records are still there.",
                name(campaign, tree)
            ));
        };
        report.records += one(tx, campaign, row, sealed).await?;
    }
    Ok(standings::check(tx, campaign).await?)
}

fn name(campaign: CampaignId, tree: i64) -> String {
    match tree {
        POPULATION => format!("the population of campaign {campaign}"),
        tree => format!("act {tree} of campaign {campaign}"),
    }
}

/// Checks a tree; how many records it has.
async fn one(
    tx: &mut ReadTx,
    campaign: CampaignId,
    row: &TreeRow,
    sealed: &mut Sealed,
) -> Result<u64, Stop> {
    let of = name(campaign, row.tree);
    let bound = match row.seq {
        // A population that is not complete has nothing that binds it yet.
        None if row.tree == POPULATION => None,
        None => {
            return found(format!(
                "review_tree: the column seq of {of} is empty, and acts are always bound."
            ));
        }
        Some(seq) => match sealed.remove(&seq) {
            Some((root, records)) => Some(Bound { seq, root, records }),
            None => {
                return found(format!(
                    "review_tree: the column seq of {of} says {seq}, and that entry binds no manifest, or another one."
                ));
            }
        },
    };
    let edge = match bound {
        Some(bound) if row.tree != POPULATION => {
            let mut walk = ActWalk::new(campaign, row.tree, bound.seq);
            while !walk.part(tx).await?.is_empty() {}
            walk.finish(tx, bound).await?
        }
        _ => {
            let mut walk = PopulationWalk::new(campaign);
            while !walk.part(tx).await?.is_empty() {}
            walk.finish(tx, bound).await?
        }
    };
    if u64::try_from(row.records) != Ok(edge.size()) {
        return found(format!(
            "review_tree: {of} says {} records in the column records, and has {}.",
            row.records,
            edge.size()
        ));
    }
    if row.frontier != edge.to_bytes() {
        return found(format!(
            "review_tree: the column frontier of {of} does not fit its records."
        ));
    }
    Ok(edge.size())
}
