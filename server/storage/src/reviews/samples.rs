//! Samples that were drawn of campaigns, and the entries behind what was done to an item.

use crate::boxed;
use domain::id::{CampaignId, IdentityId};
use domain::time::Instant;

use crate::bulk::keys;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// A sample that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// What it was drawn with.
    pub seed: u32,
    /// How many items were wanted.
    pub size: u32,
    /// The numbers of the items, in the order in which they were drawn.
    pub items: Vec<u64>,
    /// When it was drawn first.
    pub drawn: Instant,
    /// By whom; nobody at the command line.
    pub drawn_by: Option<IdentityId>,
}

/// The entry that binds an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActEntry {
    /// The tree of the act.
    pub tree: i64,
    /// What it is called in the log.
    pub action: String,
    /// The number of the entry.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who, as the log writes it.
    pub actor: String,
}

/// How far the numbers of a campaign's items were read: along the index of piles, which has them without their facts.
#[derive(Debug, Clone, Copy)]
pub struct NumberReader {
    campaign: CampaignId,
    after: (i64, bool, i64),
}

impl NumberReader {
    /// Before the first one.
    pub const fn new(campaign: CampaignId) -> Self {
        Self {
            campaign,
            after: (i64::MIN, false, i64::MIN),
        }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    seed: i64,
    size: i64,
    items: String,
    drawn: At,
    drawn_by: Option<i64>,
}

impl Row {
    fn into_sample(self) -> Result<Sample> {
        let damaged = || Error::damaged(format!("review_sample {} {}", self.seed, self.size));
        Ok(Sample {
            seed: u32::try_from(self.seed).map_err(|_| damaged())?,
            size: u32::try_from(self.size).map_err(|_| damaged())?,
            items: serde_json::from_str(&self.items).map_err(|_| damaged())?,
            drawn: self.drawn.0,
            drawn_by: self.drawn_by.map(IdentityId::from_raw),
        })
    }
}

impl ReadTx {
    /// The next numbers of items of a campaign, at most so many, in an order that is not theirs; none after the last.
    #[boxed]
    pub async fn item_numbers(&mut self, reader: &mut NumberReader, most: i64) -> Result<Vec<u64>> {
        let text = "SELECT i.reviewer_id, i.open, i.id FROM review_item i WHERE i.campaign_id = $1 \
                    AND (i.reviewer_id, i.open, i.id) > ($2, $3, $4) ORDER BY i.reviewer_id, i.open, i.id LIMIT $5";
        let rows: Vec<(i64, bool, i64)> = on!(self, c => sqlx::query_as(text)
            .bind(reader.campaign.raw())
            .bind(reader.after.0)
            .bind(reader.after.1)
            .bind(reader.after.2)
            .bind(most)
            .fetch_all(c).await)?;
        reader.after = rows.last().copied().unwrap_or(reader.after);
        let number = |(_, _, id): (i64, bool, i64)| u64::try_from(id & 0xffff_ffff).unwrap_or(0);
        Ok(rows.into_iter().map(number).collect())
    }

    /// The samples of a campaign, the newest first.
    #[boxed]
    pub async fn samples(&mut self, campaign: CampaignId, most: i64) -> Result<Vec<Sample>> {
        let text = "SELECT seed, size, items, drawn, drawn_by FROM review_sample WHERE campaign_id = $1 \
                    ORDER BY drawn DESC, seed, size LIMIT $2";
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(campaign.raw()).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_sample).collect()
    }

    /// A sample that was drawn.
    #[boxed]
    pub async fn sample(
        &mut self,
        campaign: CampaignId,
        seed: u32,
        size: u32,
    ) -> Result<Option<Sample>> {
        let text = "SELECT seed, size, items, drawn, drawn_by FROM review_sample \
                    WHERE campaign_id = $1 AND seed = $2 AND size = $3";
        let row: Option<Row> = on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(i64::from(seed))
            .bind(i64::from(size))
            .fetch_optional(c).await)?;
        row.map(Row::into_sample).transpose()
    }

    /// The entries that bind some trees of a campaign, in the order of the log.
    #[boxed]
    pub async fn act_entries(
        &mut self,
        campaign: CampaignId,
        trees: &[i64],
    ) -> Result<Vec<ActEntry>> {
        let text = of_keys!(
            self,
            "t.tree, t.action, e.seq, e.recorded, e.actor",
            "review_tree t JOIN audit_entry e ON e.seq = t.seq",
            "t.campaign_id = $2 AND t.tree = CAST(k.value AS BIGINT)"
        );
        let wanted = keys(trees.iter().copied());
        let rows: Vec<(i64, String, i64, At, String)> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(campaign.raw()).fetch_all(c).await)?;
        let mut entries: Vec<ActEntry> = rows
            .into_iter()
            .map(|(tree, action, seq, at, actor)| ActEntry {
                tree,
                action,
                seq,
                at: at.0,
                actor,
            })
            .collect();
        entries.sort_unstable_by_key(|entry| entry.seq);
        Ok(entries)
    }
}

impl WriteTx {
    /// Keeps a sample; one of the same seed and size stays as it is.
    #[boxed]
    pub async fn keep_sample(&mut self, campaign: CampaignId, sample: &Sample) -> Result<()> {
        let items =
            serde_json::to_string(&sample.items).map_err(|e| Error::Entry(e.to_string()))?;
        let text = "INSERT INTO review_sample (campaign_id, seed, size, items, drawn, drawn_by) \
                    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (campaign_id, seed, size) DO NOTHING";
        on!(self, c => sqlx::query(text)
            .bind(campaign.raw())
            .bind(i64::from(sample.seed))
            .bind(i64::from(sample.size))
            .bind(&items)
            .bind(At(sample.drawn))
            .bind(sample.drawn_by.map(IdentityId::raw))
            .execute(c).await.map(drop))?;
        Ok(())
    }
}
