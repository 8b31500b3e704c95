//! Decisions that are not submitted: drafts of whoever makes them, in the database so that they outlive a browser.

use crate::boxed;
use domain::id::{CampaignId, IdentityId, ObjectKind};
use domain::review::Staged;

use super::population::row_id;
use crate::bulk::{Rows, keys};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// What is staged on an item, by its number.
pub type Draft = (u64, Staged);

/// The number of an item from its row.
fn number_of(row: i64) -> u64 {
    u64::from(u32::try_from(row & i64::from(u32::MAX)).unwrap_or(u32::MAX))
}

fn into_draft((row, text): (i64, String)) -> Result<Draft> {
    let staged = serde_json::from_str(&text)
        .map_err(|error| Error::damaged(format!("review_staged {row}: {error}")))?;
    Ok((number_of(row), staged))
}

macro_rules! grouped {
    ($column:literal) => {
        concat!(
            "SELECT ",
            $column,
            ", count(*) FROM review_staged s JOIN review_item i ON i.id = s.item_id \
             WHERE s.reviewer_id = $1 AND s.item_id > $2 AND s.item_id <= $3 AND i.open = $4 GROUP BY ",
            $column
        )
    };
}

impl ReadTx {
    /// On how many open items of each person (or other holder), application or thing somebody staged something; in no
    /// order.
    #[boxed]
    pub async fn drafts_in_groups(
        &mut self,
        campaign: CampaignId,
        staged_by: IdentityId,
        group_by: ObjectKind,
    ) -> Result<Vec<(i64, i64)>> {
        let text = match group_by {
            ObjectKind::Application => grouped!("i.application_id"),
            ObjectKind::Entitlement => grouped!("i.what_id"),
            _ => grouped!("i.holder_id"),
        };
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(staged_by.raw())
            .bind(row_id(campaign, 0))
            .bind(row_id(campaign, u64::MAX))
            .bind(true)
            .fetch_all(c).await)?)
    }

    /// What somebody staged in a campaign after a number, in the order of items.
    #[boxed]
    pub async fn drafts(
        &mut self,
        campaign: CampaignId,
        by: IdentityId,
        after: u64,
        most: i64,
    ) -> Result<Vec<Draft>> {
        let text = "SELECT s.item_id, s.content FROM review_staged s WHERE s.reviewer_id = $1 AND s.item_id > $2 \
                    AND s.item_id <= $3 ORDER BY s.item_id LIMIT $4";
        let rows: Vec<(i64, String)> = on!(self, c => sqlx::query_as(text)
            .bind(by.raw())
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, u64::MAX))
            .bind(most)
            .fetch_all(c).await)?;
        rows.into_iter().map(into_draft).collect()
    }

    /// What somebody staged on some items; in no order.
    #[boxed]
    pub async fn drafts_on(
        &mut self,
        campaign: CampaignId,
        by: IdentityId,
        items: &[u64],
    ) -> Result<Vec<Draft>> {
        let text = of_keys!(
            self,
            "s.item_id, s.content",
            "review_staged s",
            "s.reviewer_id = $2 AND s.item_id = CAST(k.value AS BIGINT)"
        );
        let wanted = keys(items.iter().map(|number| row_id(campaign, *number)));
        let rows: Vec<(i64, String)> =
            on!(self, c => sqlx::query_as(text).bind(&wanted).bind(by.raw()).fetch_all(c).await)?;
        rows.into_iter().map(into_draft).collect()
    }

    /// How many items somebody staged each choice on, by the choice's word.
    #[boxed]
    pub async fn draft_counts(
        &mut self,
        campaign: CampaignId,
        by: IdentityId,
    ) -> Result<Vec<(String, i64)>> {
        let text = "SELECT s.choice, count(*) FROM review_staged s WHERE s.reviewer_id = $1 AND s.item_id > $2 \
                    AND s.item_id <= $3 GROUP BY s.choice ORDER BY s.choice";
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(by.raw())
            .bind(row_id(campaign, 0))
            .bind(row_id(campaign, u64::MAX))
            .fetch_all(c).await)?)
    }
}

impl WriteTx {
    /// Stages decisions; what was staged on the same items is replaced.
    #[boxed]
    pub async fn put_drafts(
        &mut self,
        campaign: CampaignId,
        by: IdentityId,
        drafts: &[Draft],
    ) -> Result<()> {
        let rows = Rows::of(drafts, |cells, (number, staged)| {
            cells.number(row_id(campaign, *number));
            cells.text(staged.choice.word());
            cells.json(staged);
        });
        let text = of_rows!(
            self,
            "INSERT INTO review_staged (reviewer_id, item_id, choice, content) SELECT $2, ",
            [number 0, text 1, text 2],
            " ON CONFLICT (reviewer_id, item_id) DO UPDATE SET choice = excluded.choice, content = excluded.content"
        );
        on!(self, c => sqlx::query(text).bind(&rows).bind(by.raw()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes back what somebody staged on some items. Answers on how many something was staged.
    #[boxed]
    pub async fn drop_drafts(
        &mut self,
        campaign: CampaignId,
        by: IdentityId,
        items: &[u64],
    ) -> Result<u64> {
        let text = of_ids!(
            self,
            "DELETE FROM review_staged WHERE reviewer_id = $2 AND item_id IN ",
            ""
        );
        let wanted = keys(items.iter().map(|number| row_id(campaign, *number)));
        Ok(
            on!(self, c => sqlx::query(text).bind(&wanted).bind(by.raw()).execute(c).await.map(|done| done.rows_affected()))?,
        )
    }
}
