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

/// Items that one request of a list goes through, where no index says which ones are asked for.
const LOOKED_AT: u64 = 50_000;

/// Of a reviewer: the index of piles is in the order of items for those that are open, and for those that are not, and has
/// what they are narrowed by.
macro_rules! of_reviewer {
    ($narrowed:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM review_item i WHERE i.campaign_id = $1 AND i.reviewer_id = $2 AND i.open = $3 AND i.id > $4",
            $narrowed,
            " ORDER BY i.id LIMIT $5"
        )
    };
}

impl ReadTx {
    /// The items of a campaign after a number, in their order, and after which number there may be more; none when there are
    /// none. Of one reviewer they are found by the index of piles; of all, so many rows are gone through at most, so a page
    /// that is not full can have a next one, too.
    #[boxed]
    pub async fn listed_items(
        &mut self,
        campaign: CampaignId,
        filter: ItemFilter,
        after: u64,
        most: usize,
    ) -> Result<(Vec<ReviewItem>, Option<u64>)> {
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let (mut items, to) = if let Some(reviewer) = filter.reviewer {
            let mut items = Vec::new();
            for open in [true, false] {
                if filter.state.is_none_or(|state| (state == "open") == open) {
                    let of = (reviewer, open);
                    items.extend(
                        self.of_reviewer(campaign, of, filter, (after, limit))
                            .await?,
                    );
                }
            }
            items.sort_unstable_by_key(|item| item.facts.number);
            (items, None)
        } else {
            let to = after.saturating_add(LOOKED_AT).min(u64::from(u32::MAX));
            let items = self.of_all(campaign, filter, (after, to), limit).await?;
            (items, Some(to))
        };
        let full = items.len() > most;
        items.truncate(most);
        let next = match (items.last(), to) {
            (Some(last), _) if full => Some(last.facts.number),
            (_, Some(to)) => self
                .item_after(campaign, to)
                .await?
                .map(|number| number - 1),
            _ => None,
        };
        Ok((items, next))
    }

    async fn of_reviewer(
        &mut self,
        campaign: CampaignId,
        (reviewer, open): (IdentityId, bool),
        filter: ItemFilter,
        (after, limit): (u64, i64),
    ) -> Result<Vec<ReviewItem>> {
        let choice = filter.state.filter(|_| !open);
        let text = match (filter.application.is_some(), choice.is_some()) {
            (false, false) => of_reviewer!(""),
            (true, false) => of_reviewer!(" AND i.application_id = $6"),
            (false, true) => of_reviewer!(" AND i.choice = $6"),
            (true, true) => of_reviewer!(" AND i.application_id = $6 AND i.choice = $7"),
        };
        let rows: Vec<Row> = on!(self, c => {
            let mut query = sqlx::query_as(text)
                .bind(campaign.raw())
                .bind(reviewer.raw())
                .bind(open)
                .bind(row_id(campaign, after))
                .bind(limit);
            if let Some(application) = filter.application {
                query = query.bind(application);
            }
            if let Some(choice) = choice {
                query = query.bind(choice);
            }
            query.fetch_all(c).await
        })?;
        rows.into_iter().map(Row::into_item).collect()
    }

    async fn of_all(
        &mut self,
        campaign: CampaignId,
        filter: ItemFilter,
        (after, to): (u64, u64),
        limit: i64,
    ) -> Result<Vec<ReviewItem>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM review_item i WHERE i.id > $1 AND i.id <= $2 AND (CAST($3 AS BIGINT) < 0 OR i.application_id = $3) \
             AND (CAST($4 AS TEXT) = '' OR CASE WHEN i.open THEN 'open' ELSE COALESCE(i.choice, '') END = $4) \
             ORDER BY i.id LIMIT $5"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, to))
            .bind(filter.application.unwrap_or(-1))
            .bind(filter.state.unwrap_or_default())
            .bind(limit)
            .fetch_all(c).await)?;
        rows.into_iter().map(Row::into_item).collect()
    }

    /// The number of the first item after a number.
    async fn item_after(&mut self, campaign: CampaignId, after: u64) -> Result<Option<u64>> {
        let text =
            "SELECT i.id FROM review_item i WHERE i.id > $1 AND i.id <= $2 ORDER BY i.id LIMIT 1";
        let id: Option<i64> = on!(self, c => sqlx::query_scalar(text)
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, u64::from(u32::MAX)))
            .fetch_optional(c).await)?;
        Ok(id.and_then(|id| u64::try_from(id & 0xffff_ffff).ok()))
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
