//! The trees of a campaign: that of its population, and one for each act on many items. The log binds their roots; the leaves
//! are kept beside them, so that a changed row is found by its place.

use crate::boxed;
use domain::audit::{AuditAction, Bulk};
use domain::id::CampaignId;
use domain::time::Instant;
use proof::Frontier;
use proof::hash::Hash;

use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// The number of a population's tree.
pub(super) const POPULATION: i64 = 0;

impl ReadTx {
    /// The right edge of a tree and how many records it has; those of an empty one before it is begun.
    pub(super) async fn tree_edge(
        &mut self,
        campaign: CampaignId,
        tree: i64,
    ) -> Result<(Frontier, i64)> {
        let text = "SELECT frontier, records FROM review_tree WHERE campaign_id = $1 AND tree = $2";
        let row: Option<(Vec<u8>, i64)> = on!(self, c => sqlx::query_as(text).bind(campaign.raw()).bind(tree).fetch_optional(c).await)?;
        let Some((frontier, records)) = row else {
            return Ok((Frontier::new(), 0));
        };
        let frontier = Frontier::from_bytes(&frontier)
            .ok()
            .filter(|frontier| i64::try_from(frontier.size()) == Ok(records));
        let frontier = frontier
            .ok_or_else(|| Error::damaged(format!("tree {tree} of campaign {campaign}")))?;
        Ok((frontier, records))
    }

    /// The leaves of a tree from one on, at most so many pieces: the first leaf of each, and their hashes one after another.
    #[boxed]
    pub async fn tree_leaves(
        &mut self,
        campaign: CampaignId,
        tree: i64,
        from: i64,
        most: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>> {
        let text = "SELECT first_leaf, hashes FROM review_leaves WHERE campaign_id = $1 AND tree = $2 AND first_leaf >= $3 \
                    ORDER BY first_leaf LIMIT $4";
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(tree)
            .bind(from)
            .bind(most)
            .fetch_all(c).await)?)
    }

    /// When decisions on items of a campaign were submitted, in their order, and how many each time.
    #[boxed]
    pub async fn submissions(&mut self, campaign: CampaignId) -> Result<Vec<(Instant, u64)>> {
        let text = "SELECT e.recorded, t.records FROM review_tree t JOIN audit_entry e ON e.seq = t.seq \
                    WHERE t.campaign_id = $1 AND t.action = $2 ORDER BY t.tree";
        let action = AuditAction::CampaignSubmitted.word();
        let rows: Vec<(At, i64)> = on!(self, c => sqlx::query_as(text).bind(campaign.raw()).bind(action).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(at, records)| (at.0, u64::try_from(records).unwrap_or(0)))
            .collect())
    }

    /// When something was last done to items of a campaign, or its population was bound.
    #[boxed]
    pub async fn last_act(&mut self, campaign: CampaignId) -> Result<Option<Instant>> {
        let text = "SELECT max(e.recorded) FROM review_tree t JOIN audit_entry e ON e.seq = t.seq WHERE t.campaign_id = $1";
        let at: Option<At> =
            on!(self, c => sqlx::query_scalar(text).bind(campaign.raw()).fetch_one(c).await)?;
        Ok(at.map(|at| at.0))
    }

    /// The trees of a campaign: number, what the act is called, records, and the number of the entry that binds it.
    #[boxed]
    pub async fn trees(
        &mut self,
        campaign: CampaignId,
    ) -> Result<Vec<(i64, String, i64, Option<i64>)>> {
        let text = "SELECT tree, action, records, seq FROM review_tree WHERE campaign_id = $1 ORDER BY tree";
        Ok(on!(self, c => sqlx::query_as(text).bind(campaign.raw()).fetch_all(c).await)?)
    }
}

impl WriteTx {
    /// The number of a campaign's next tree.
    pub(super) async fn next_tree(&mut self, campaign: CampaignId) -> Result<i64> {
        let text = "SELECT COALESCE(max(tree), 0) + 1 FROM review_tree WHERE campaign_id = $1";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(campaign.raw()).fetch_one(c).await)?)
    }

    /// Adds leaves to a tree, which begins with its first ones. Answers the place of the first of them.
    pub(super) async fn append_leaves(
        &mut self,
        campaign: CampaignId,
        tree: i64,
        action: &str,
        leaves: &[Hash],
    ) -> Result<i64> {
        let (mut frontier, first) = self.tree_edge(campaign, tree).await?;
        let mut hashes = Vec::with_capacity(leaves.len() * 32);
        for leaf in leaves {
            frontier.push(*leaf);
            hashes.extend_from_slice(&leaf.0);
        }
        let count = i64::try_from(leaves.len()).map_err(|e| Error::Entry(e.to_string()))?;
        let text = "INSERT INTO review_tree (campaign_id, tree, action, frontier, records) VALUES ($1, $2, $3, $4, $5) \
                    ON CONFLICT (campaign_id, tree) DO UPDATE SET frontier = excluded.frontier, records = excluded.records";
        on!(self, c => sqlx::query(text)
            .bind(campaign.raw())
            .bind(tree)
            .bind(action)
            .bind(frontier.to_bytes())
            .bind(first + count)
            .execute(c).await.map(drop))?;
        let text = "INSERT INTO review_leaves (campaign_id, tree, first_leaf, leaves, hashes) VALUES ($1, $2, $3, $4, $5)";
        on!(self, c => sqlx::query(text)
            .bind(campaign.raw())
            .bind(tree)
            .bind(first)
            .bind(count)
            .bind(&hashes)
            .execute(c).await.map(drop))?;
        Ok(first)
    }

    /// A tree is complete. The first event of this transaction's commit must be the one that says so and carry the answer,
    /// completed by the totals: its number is kept.
    pub(super) async fn bind_tree(&mut self, campaign: CampaignId, tree: i64) -> Result<Bulk> {
        let (frontier, records) = self.tree_edge(campaign, tree).await?;
        let text =
            "UPDATE review_tree SET seq = $3 WHERE campaign_id = $1 AND tree = $2 AND seq IS NULL";
        let seq = self.seq + 1;
        on!(self, c => sqlx::query(text).bind(campaign.raw()).bind(tree).bind(seq).execute(c).await.map(drop))?;
        Ok(Bulk {
            root: frontier.root().0,
            records: u64::try_from(records).unwrap_or(0),
            totals: std::collections::BTreeMap::new(),
        })
    }
}
