//! What acts did to items: appended with a tree of their own, never changed.

use crate::boxed;
use domain::audit::Bulk;
use domain::id::{CampaignId, IdentityId};
use domain::review::{Decision, RemedyState, Why};
use proof::hash::leaf_hash;
use serde::{Deserialize, Serialize};

use super::population::row_id;
use crate::bulk::{Pieces, Rows, keys};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// What an act did to an item, as it stands in the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActRecord {
    /// It was decided, or somebody was not sure.
    Decision(Decision),
    /// Somebody else decides now.
    Passed {
        /// The item's number.
        item: u64,
        /// In which stage, from 0.
        stage: u8,
        /// Who had it.
        from: IdentityId,
        /// Who has it.
        to: IdentityId,
        /// By which rule they have it; none when somebody named them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
        /// Why it was passed on.
        reason: String,
    },
    /// What became of its revocation.
    Remedy {
        /// The item's number.
        item: u64,
        /// Where it is now.
        state: RemedyState,
        /// Whether the access remains through another way.
        #[serde(default)]
        remains: bool,
        /// What ended or showed it: an assignment, exclusion, task or run; or why it could not be.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by: String,
    },
}

impl ActRecord {
    /// The number of the item.
    pub const fn item(&self) -> u64 {
        match self {
            Self::Decision(decision) => decision.item,
            Self::Passed { item, .. } | Self::Remedy { item, .. } => *item,
        }
    }
}

/// A record as it was written: the tree and place of its leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The tree.
    pub tree: i64,
    /// The leaf.
    pub place: i64,
    /// The record.
    pub record: ActRecord,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    tree: i64,
    place: i64,
    content: String,
}

impl Row {
    fn into_written(self) -> Result<Written> {
        let record = serde_json::from_str(&self.content)
            .map_err(|error| Error::damaged(format!("review_record: {error}")))?;
        Ok(Written {
            tree: self.tree,
            place: self.place,
            record,
        })
    }
}

impl ReadTx {
    /// What was done to items, in the order in which it was done.
    #[boxed]
    pub async fn review_records(
        &mut self,
        campaign: CampaignId,
        items: &[u64],
    ) -> Result<Vec<Written>> {
        let text = of_keys!(
            self,
            "r.tree, r.place, r.content",
            "review_record r",
            "r.item_id = CAST(k.value AS BIGINT)"
        );
        let wanted = keys(items.iter().map(|number| row_id(campaign, *number)));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut all: Vec<Written> = rows
            .into_iter()
            .map(Row::into_written)
            .collect::<Result<_>>()?;
        all.sort_unstable_by_key(|one| (one.tree, one.place));
        Ok(all)
    }
}

impl WriteTx {
    /// Appends what an act did to items, at least one, as a tree of its own. The first event of this transaction's commit must
    /// be the act and carry the answer, completed by the totals. `action` is the act's word in the log.
    #[boxed]
    pub async fn append_act(
        &mut self,
        campaign: CampaignId,
        action: &str,
        records: &[ActRecord],
    ) -> Result<Bulk> {
        if records.is_empty() {
            return Err(Error::Empty);
        }
        let written = self.put_act(campaign, action, records).await;
        self.whole(written)
    }

    async fn put_act(
        &mut self,
        campaign: CampaignId,
        action: &str,
        records: &[ActRecord],
    ) -> Result<Bulk> {
        let mut texts = Vec::with_capacity(records.len());
        let mut leaves = Vec::with_capacity(records.len());
        for record in records {
            let bytes =
                proof::canonical::to_vec(record).map_err(|e| Error::Entry(e.to_string()))?;
            leaves.push(leaf_hash(&bytes));
            texts.push(String::from_utf8(bytes).map_err(|e| Error::Entry(e.to_string()))?);
        }
        let tree = self.next_tree(campaign).await?;
        self.append_leaves(campaign, tree, action, &leaves).await?;
        let mut pieces = Pieces::default();
        let rows = Rows::of(
            (0_i64..).zip(records.iter().zip(&texts)),
            |cells, (place, (record, text))| {
                cells.number(place);
                cells.number(row_id(campaign, record.item()));
                cells.number(pieces.add(text));
            },
        );
        let text = of_rows!(
            self,
            "INSERT INTO review_record (campaign_id, tree, place, item_id, content) SELECT $3, $4, ",
            [number 0, number 1, piece 2],
            ""
        );
        on!(self, c => sqlx::query(text)
            .bind(&rows)
            .bind(pieces.into_bytes())
            .bind(campaign.raw())
            .bind(tree)
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        self.bind_tree(campaign, tree).await
    }
}
