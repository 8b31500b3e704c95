//! The items of a campaign as lists narrow them.

use crate::boxed;
use domain::id::{CampaignId, IdentityId};

use super::items::{ReviewItem, Row, columns};
use super::population::row_id;
use crate::Result;
use crate::engine::ReadTx;

/// What a list of items is narrowed by; each as far as it is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Who decides, or decided last.
    pub reviewer: Option<IdentityId>,
    /// Of which application; 0 for none.
    pub application: Option<i64>,
    /// `open`, or the word of what was decided.
    pub state: Option<&'static str>,
}

macro_rules! listed {
    ($reviewer:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM review_item i WHERE i.id > $1 AND i.id <= $2 AND ",
            $reviewer,
            " AND (CAST($5 AS BIGINT) < 0 OR i.application_id = $5) \
             AND (CAST($6 AS TEXT) = '' OR CASE WHEN i.open THEN 'open' ELSE COALESCE(i.choice, '') END = $6) \
             ORDER BY i.id LIMIT $7"
        )
    };
}

impl ReadTx {
    /// The items of a campaign after a number, in their order. Of one reviewer they are found by the index of piles; of all,
    /// the rows are gone through until the page is full.
    #[boxed]
    pub async fn listed_items(
        &mut self,
        campaign: CampaignId,
        filter: ItemFilter,
        after: u64,
        most: i64,
    ) -> Result<Vec<ReviewItem>> {
        let text = match filter.reviewer {
            Some(_) => listed!("i.campaign_id = $3 AND i.reviewer_id = $4"),
            None => listed!("i.campaign_id = $3 AND CAST($4 AS BIGINT) < 0"),
        };
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, u64::from(u32::MAX)))
            .bind(campaign.raw())
            .bind(filter.reviewer.map_or(-1, IdentityId::raw))
            .bind(filter.application.unwrap_or(-1))
            .bind(filter.state.unwrap_or_default())
            .bind(most)
            .fetch_all(c).await)?;
        rows.into_iter().map(Row::into_item).collect()
    }

    /// How many open items of a reviewer are about a person.
    #[boxed]
    pub async fn open_items_about(
        &mut self,
        campaign: CampaignId,
        reviewer: IdentityId,
        person: IdentityId,
    ) -> Result<u64> {
        let text = "SELECT count(*) FROM review_item i WHERE i.campaign_id = $1 AND i.reviewer_id = $2 AND i.open = $4 \
                    AND i.holder_id = $3";
        let count: i64 = on!(self, c => sqlx::query_scalar(text)
            .bind(campaign.raw())
            .bind(reviewer.raw())
            .bind(person.raw())
            .bind(true)
            .fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
