//! Campaigns, with every version.

use crate::boxed;
use domain::audit::Target;
use domain::id::{CampaignId, ObjectKind, ReviewId};
use domain::review::{Campaign, CampaignContent, CampaignState};
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

    /// Campaigns in a state, or in any, before an id; the newest first.
    #[boxed]
    pub async fn campaigns(
        &mut self,
        state: Option<CampaignState>,
        before: Option<CampaignId>,
        most: i64,
    ) -> Result<Vec<Campaign>> {
        let before = before.map_or(i64::MAX, CampaignId::raw);
        let rows: Vec<Row> = if let Some(state) = state {
            let text = concat!(
                "SELECT ",
                document!("m"),
                " FROM campaign m WHERE m.state = $3 AND m.recorded_to IS NULL AND m.id < $1 ORDER BY m.id DESC LIMIT $2"
            );
            on!(self, c => sqlx::query_as(text).bind(before).bind(most).bind(state.word()).fetch_all(c).await)?
        } else {
            let text = concat!(
                "SELECT ",
                document!("m"),
                " FROM campaign m WHERE m.recorded_to IS NULL AND m.id < $1 ORDER BY m.id DESC LIMIT $2"
            );
            on!(self, c => sqlx::query_as(text).bind(before).bind(most).fetch_all(c).await)?
        };
        rows.into_iter().map(into_campaign).collect()
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
