//! Items as time, their owner or the close of a campaign leaves them: passed on, decided by nobody, and remembered for the
//! next campaign.

use crate::boxed;
use domain::id::{CampaignId, IdentityId};
use domain::review::{Choice, Standing};

use super::items::{ReviewItem, Row, columns};
use super::population::row_id;
use crate::bulk::keys;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// How many items were decided so.
macro_rules! decided {
    ($choice:literal) => {
        concat!(
            "CAST(COALESCE(sum(CASE WHEN NOT i.open AND i.choice = '",
            $choice,
            "' THEN 1 ELSE 0 END), 0) AS BIGINT)"
        )
    };
}

impl ReadTx {
    /// The items of a campaign that somebody has to decide, after a number, in their order; those of one reviewer, or all.
    #[boxed]
    pub async fn open_items(
        &mut self,
        campaign: CampaignId,
        reviewer: Option<IdentityId>,
        after: u64,
        most: i64,
    ) -> Result<Vec<ReviewItem>> {
        // With the reviewer the index of piles is in order; without, the rows themselves are.
        let rows: Vec<Row> = if let Some(reviewer) = reviewer {
            let text = concat!(
                "SELECT ",
                columns!(),
                " FROM review_item i WHERE i.campaign_id = $1 AND i.reviewer_id = $4 AND i.open = $5 AND i.id > $2 \
                 ORDER BY i.id LIMIT $3"
            );
            on!(self, c => sqlx::query_as(text)
                .bind(campaign.raw())
                .bind(row_id(campaign, after))
                .bind(most)
                .bind(reviewer.raw())
                .bind(true)
                .fetch_all(c).await)?
        } else {
            let text = concat!(
                "SELECT ",
                columns!(),
                " FROM review_item i WHERE i.id > $2 AND i.id <= $1 AND i.open = $4 ORDER BY i.id LIMIT $3"
            );
            on!(self, c => sqlx::query_as(text)
                .bind(row_id(campaign, u64::from(u32::MAX)))
                .bind(row_id(campaign, after))
                .bind(most)
                .bind(true)
                .fetch_all(c).await)?
        };
        rows.into_iter().map(Row::into_item).collect()
    }

    /// How many items of a campaign are in each state: open, and by what was decided.
    #[boxed]
    pub async fn count_items(&mut self, campaign: CampaignId) -> Result<(u64, Vec<(Choice, u64)>)> {
        // In one pass: by groups, SQLite would sort all items.
        let text = concat!(
            "SELECT count(*), ",
            decided!("change"),
            ", ",
            decided!("keep"),
            ", ",
            decided!("revoke"),
            " FROM review_item i WHERE i.campaign_id = $1"
        );
        let (all, change, keep, revoke): (i64, i64, i64, i64) =
            on!(self, c => sqlx::query_as(text).bind(campaign.raw()).fetch_one(c).await)?;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let decided = [
            (Choice::Change, count(change)),
            (Choice::Keep, count(keep)),
            (Choice::Revoke, count(revoke)),
        ];
        let open = count(all - change - keep - revoke);
        let decided = decided.into_iter().filter(|(_, number)| *number > 0);
        Ok((open, decided.collect()))
    }

    /// By application: its number (0 for roles), items, and those that are open.
    #[boxed]
    pub async fn count_items_by_application(
        &mut self,
        campaign: CampaignId,
        most: i64,
    ) -> Result<Vec<(i64, i64, i64)>> {
        let text = "SELECT i.application_id, count(*), CAST(sum(CASE WHEN i.open THEN 1 ELSE 0 END) AS BIGINT) \
                    FROM review_item i WHERE i.campaign_id = $1 GROUP BY i.application_id ORDER BY 3 DESC, 1 LIMIT $2";
        Ok(on!(self, c => sqlx::query_as(text).bind(campaign.raw()).bind(most).fetch_all(c).await)?)
    }
}

impl WriteTx {
    /// Items are elsewhere after an act of somebody who did not have them, or of time: as [`WriteTx::move_items`], and drafts of
    /// them are gone.
    #[boxed]
    pub async fn take_items(
        &mut self,
        campaign: CampaignId,
        moved: &[(u64, Standing)],
    ) -> Result<()> {
        self.move_items(campaign, moved).await?;
        let wanted = keys(moved.iter().map(|(number, _)| row_id(campaign, *number)));
        let text = of_ids!(self, "DELETE FROM review_staged WHERE item_id IN ", "");
        on!(self, c => sqlx::query(text).bind(&wanted).execute(c).await.map(drop))?;
        Ok(())
    }

    /// What was decided on some items of a campaign, after a number and up to another, is the last decision on them. A
    /// campaign has each thing once.
    #[boxed]
    pub async fn keep_last_decisions(
        &mut self,
        campaign: CampaignId,
        (after, to): (u64, u64),
    ) -> Result<()> {
        let text = sql!(self,
            sqlite: "INSERT INTO review_last (holder_id, item, what_id, item_id, choice) \
                     SELECT i.holder_id, i.content ->> 'item', i.what_id, i.id, i.choice FROM review_item i \
                     WHERE i.id > $1 AND i.id <= $2 AND NOT i.open AND i.choice IS NOT NULL \
                     ON CONFLICT (holder_id, item, what_id) DO UPDATE SET item_id = excluded.item_id, choice = excluded.choice",
            postgres: "INSERT INTO review_last (holder_id, item, what_id, item_id, choice) \
                       SELECT i.holder_id, i.content::json ->> 'item', i.what_id, i.id, i.choice FROM review_item i \
                       WHERE i.id > $1 AND i.id <= $2 AND NOT i.open AND i.choice IS NOT NULL \
                       ON CONFLICT (holder_id, item, what_id) DO UPDATE SET item_id = excluded.item_id, choice = excluded.choice",
        );
        on!(self, c => sqlx::query(text)
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, to))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)
    }
}
