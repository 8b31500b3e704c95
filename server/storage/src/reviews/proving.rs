//! The trees of campaigns and their rows as they are stored, for verification.

use crate::boxed;
use domain::id::CampaignId;
use domain::review::Facts;

use super::population::{likeness, row_id};
use crate::Result;
use crate::engine::ReadTx;

/// What a tree says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeSeal {
    /// Of which campaign.
    pub campaign: CampaignId,
    /// Its number; 0 is the population's.
    pub tree: i64,
    /// The right edge.
    pub frontier: Vec<u8>,
    /// How many records it has.
    pub records: i64,
    /// The entry that binds it, once it is complete.
    pub seq: Option<i64>,
}

/// A table that has leaves of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafTable {
    /// Names of a population.
    Subjects,
    /// Its items.
    Items,
    /// What it leaves out.
    Excluded,
    /// What an act did to items; the tree's number.
    Records(i64),
}

/// A row that is a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafRow {
    /// Where the next part goes on from.
    pub key: i64,
    /// Its place in the tree.
    pub leaf: i64,
    /// What it says.
    pub content: String,
    /// Whether the columns beside it say the same.
    pub columns_fit: bool,
}

#[derive(Debug, sqlx::FromRow)]
struct Item {
    id: i64,
    leaf: i64,
    content: String,
    holder_id: i64,
    what_id: i64,
    flags: i64,
    likeness: i64,
    campaign_id: i64,
}

impl Item {
    fn fits(&self) -> bool {
        // One that cannot be read does not have the hash of its leaf either.
        serde_json::from_str::<Facts>(&self.content).map_or(true, |facts| {
            let campaign = CampaignId::from_raw(self.campaign_id);
            self.id == row_id(campaign, facts.number)
                && self.holder_id == facts.holder.raw
                && self.what_id == facts.what.raw
                && usize::try_from(self.flags) == Ok(facts.flags.len())
                && self.likeness == likeness(&facts)
        })
    }
}

type Plain = (i64, i64, String);
/// Campaign, number, right edge, records and entry of a tree.
type Tree = (i64, i64, Vec<u8>, i64, Option<i64>);

fn plain((key, leaf, content): Plain) -> LeafRow {
    LeafRow {
        key,
        leaf,
        content,
        columns_fit: true,
    }
}

impl ReadTx {
    /// The trees of all campaigns after one, in their order.
    #[boxed]
    pub async fn tree_seals(
        &mut self,
        after: (CampaignId, i64),
        most: i64,
    ) -> Result<Vec<TreeSeal>> {
        let text = "SELECT campaign_id, tree, frontier, records, seq FROM review_tree \
                    WHERE (campaign_id, tree) > ($1, $2) ORDER BY campaign_id, tree LIMIT $3";
        let rows: Vec<Tree> = on!(self, c => sqlx::query_as(text)
            .bind(after.0.raw())
            .bind(after.1)
            .bind(most)
            .fetch_all(c).await)?;
        let seal = |(campaign, tree, frontier, records, seq)| TreeSeal {
            campaign: CampaignId::from_raw(campaign),
            tree,
            frontier,
            records,
            seq,
        };
        Ok(rows.into_iter().map(seal).collect())
    }

    /// Rows of a table that are leaves, after a key.
    #[boxed]
    pub async fn leaf_rows(
        &mut self,
        campaign: CampaignId,
        table: LeafTable,
        after: i64,
        most: i64,
    ) -> Result<Vec<LeafRow>> {
        let (low, high) = (row_id(campaign, 0), row_id(campaign, u64::from(u32::MAX)));
        let after_id = after.max(low);
        let rows: Vec<Plain> = match table {
            LeafTable::Items => {
                let text = "SELECT i.id, i.leaf, i.content, i.holder_id, i.what_id, i.flags, i.likeness, i.campaign_id \
                            FROM review_item i WHERE i.id > $1 AND i.id <= $2 ORDER BY i.id LIMIT $3";
                let rows: Vec<Item> = on!(self, c => sqlx::query_as(text).bind(after_id).bind(high).bind(most).fetch_all(c).await)?;
                let row = |item: Item| LeafRow {
                    columns_fit: item.fits(),
                    key: item.id,
                    leaf: item.leaf,
                    content: item.content,
                };
                return Ok(rows.into_iter().map(row).collect());
            }
            LeafTable::Excluded => {
                let text = "SELECT x.id, x.leaf, x.content FROM review_excluded x WHERE x.id > $1 AND x.id <= $2 ORDER BY x.id LIMIT $3";
                on!(self, c => sqlx::query_as(text).bind(after_id).bind(high).bind(most).fetch_all(c).await)?
            }
            LeafTable::Subjects => {
                let text = "SELECT s.leaf, s.leaf, s.content FROM review_subject s WHERE s.campaign_id = $1 AND s.leaf > $2 \
                            ORDER BY s.leaf LIMIT $3";
                on!(self, c => sqlx::query_as(text).bind(campaign.raw()).bind(after).bind(most).fetch_all(c).await)?
            }
            LeafTable::Records(tree) => {
                let text = "SELECT r.place, r.place, r.content FROM review_record r WHERE r.campaign_id = $1 AND r.tree = $4 \
                            AND r.place > $2 ORDER BY r.place LIMIT $3";
                on!(self, c => sqlx::query_as(text).bind(campaign.raw()).bind(after).bind(most).bind(tree).fetch_all(c).await)?
            }
        };
        Ok(rows.into_iter().map(plain).collect())
    }
}
