//! Campaigns, with every version, and reviews part by part.

use crate::boxed;
use domain::audit::Target;
use domain::id::{CampaignId, ObjectKind, ReviewId};
use domain::review::{Campaign, CampaignContent, CampaignState, Review};
use domain::time::Instant;

use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

pub(super) fn into_campaign(row: Row) -> Result<Campaign> {
    let (id, recorded_from, content) = row.read("campaign")?;
    Ok(Campaign {
        id: CampaignId::from_raw(id),
        recorded_from,
        content,
    })
}

/// Campaigns before an id, in `$state` if it is said; `$persons` says whether they are about one person only.
macro_rules! listed {
    ($state:literal, "") => {
        concat!(
            "SELECT ",
            document!("m"),
            " FROM campaign m WHERE m.recorded_to IS NULL AND m.id < $1",
            $state,
            " ORDER BY m.id DESC LIMIT $2"
        )
    };
    ($state:literal, $persons:literal) => {
        concat!(
            "SELECT ",
            document!("m"),
            " FROM campaign m WHERE m.recorded_to IS NULL AND m.id < $1",
            $state,
            $persons,
            "(SELECT 1 FROM campaign_of_person o WHERE o.campaign_id = m.id) ORDER BY m.id DESC LIMIT $2"
        )
    };
}

impl ReadTx {
    /// The present version of a campaign.
    #[boxed]
    pub async fn campaign(&mut self, id: CampaignId) -> Result<Option<Campaign>> {
        let text = concat!(
            "SELECT ",
            document!("m"),
            " FROM campaign m WHERE m.id = $1 AND m.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(into_campaign).transpose()
    }

    /// Campaigns in a state, or in any, before an id; the newest first. Those about one person only, those that are not, or
    /// both: where whoever moves is reviewed, there are many of the first kind.
    #[boxed]
    pub async fn campaigns(
        &mut self,
        state: Option<CampaignState>,
        before: Option<CampaignId>,
        of_person: Option<bool>,
        most: i64,
    ) -> Result<Vec<Campaign>> {
        let text = match (state.is_some(), of_person) {
            (false, None) => listed!("", ""),
            (false, Some(true)) => listed!("", " AND EXISTS "),
            (false, Some(false)) => listed!("", " AND NOT EXISTS "),
            (true, None) => listed!(" AND m.state = $3", ""),
            (true, Some(true)) => listed!(" AND m.state = $3", " AND EXISTS "),
            (true, Some(false)) => listed!(" AND m.state = $3", " AND NOT EXISTS "),
        };
        let before = before.map_or(i64::MAX, CampaignId::raw);
        let rows: Vec<Row> = if let Some(state) = state {
            on!(self, c => sqlx::query_as(text).bind(before).bind(most).bind(state.word()).fetch_all(c).await)?
        } else {
            on!(self, c => sqlx::query_as(text).bind(before).bind(most).fetch_all(c).await)?
        };
        rows.into_iter().map(into_campaign).collect()
    }

    /// Those that were closed, or signed off after that, at a moment or later.
    #[boxed]
    pub async fn campaigns_closed_since(&mut self, since: Instant) -> Result<Vec<Campaign>> {
        let text = concat!(
            "SELECT ",
            document!("m"),
            " FROM campaign m WHERE m.recorded_to IS NULL AND m.state = 'closed' AND m.recorded_from >= $1 ORDER BY m.id"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(At(since)).fetch_all(c).await)?;
        rows.into_iter().map(into_campaign).collect()
    }

    /// How many campaigns about one person only began since a moment and were not called off, and how many of them are open.
    #[boxed]
    pub async fn count_campaigns_of_persons(&mut self, since: Instant) -> Result<(u64, u64)> {
        let text = "SELECT count(*), CAST(COALESCE(sum(CASE WHEN m.state = 'open' THEN 1 ELSE 0 END), 0) AS BIGINT) \
                    FROM campaign_of_person o JOIN campaign m ON m.id = o.campaign_id AND m.recorded_to IS NULL \
                    WHERE o.begun >= $1 AND m.state <> 'cancelled'";
        let (all, open): (i64, i64) =
            on!(self, c => sqlx::query_as(text).bind(At(since)).fetch_one(c).await)?;
        let count = |n| u64::try_from(n).unwrap_or(0);
        Ok((count(all), count(open)))
    }

    /// The campaigns of a review, the newest first.
    #[boxed]
    pub async fn campaigns_of(&mut self, review: ReviewId, most: i64) -> Result<Vec<Campaign>> {
        let text = concat!(
            "SELECT ",
            document!("m"),
            " FROM campaign m WHERE m.review_id = $1 AND m.recorded_to IS NULL AND m.review_id IS NOT NULL ORDER BY m.id DESC LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(review.raw()).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_campaign).collect()
    }

    /// The reviews that have not ended, after one of them, in the order of ids.
    #[boxed]
    pub async fn reviews_after(
        &mut self,
        after: Option<ReviewId>,
        most: i64,
    ) -> Result<Vec<Review>> {
        let text = concat!(
            "SELECT ",
            document!("v"),
            " FROM review v WHERE v.recorded_to IS NULL AND v.status <> 'ended' AND v.id > $1 ORDER BY v.id LIMIT $2"
        );
        let after = after.map_or(0, ReviewId::raw);
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(after).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(super::into_review).collect()
    }
}

impl WriteTx {
    /// Adds a campaign.
    #[boxed]
    pub async fn insert_campaign(
        &mut self,
        content: &CampaignContent,
    ) -> Result<(CampaignId, Target)> {
        let id = CampaignId::from_raw(self.next_id(ObjectKind::Campaign).await?);
        let written = self.put_campaign(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_campaign(
        &mut self,
        id: CampaignId,
        expected: Instant,
        content: &CampaignContent,
    ) -> Result<Target> {
        let text = "UPDATE campaign SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_campaign(id, content).await;
        self.whole(written)
    }

    async fn put_campaign(&mut self, id: CampaignId, content: &CampaignContent) -> Result<Target> {
        let document = self.document(id, content)?;
        let recorded = At(self.recorded);
        let query = "INSERT INTO campaign (id, recorded_from, salt, content, review_id, state, due) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on!(self, c => sqlx::query(query)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(content.review.map(ReviewId::raw))
            .bind(content.state.word())
            .bind(At(content.due))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(document.target)
    }
}
