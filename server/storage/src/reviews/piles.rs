//! How far each reviewer is: numbers that follow from items and records, written with them.

use crate::boxed;
use domain::id::{CampaignId, IdentityId};

use crate::Result;
use crate::bulk::Rows;
use crate::engine::{ReadTx, WriteTx};

/// What a reviewer has to decide in a stage of a campaign, and how far they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Pile {
    campaign_id: i64,
    reviewer_id: i64,
    /// In which stage, from 0.
    pub stage: i64,
    /// Items that came to them.
    pub items: i64,
    /// Kept by them.
    pub kept: i64,
    /// Revoked by them.
    pub revoked: i64,
    /// Changed by them.
    pub changed: i64,
    /// Passed on to somebody else, or taken from them.
    pub passed: i64,
    /// Decided with others at one press.
    pub together: i64,
    /// The median time between two decisions in milliseconds; unknown without scripts.
    pub looked: Option<i64>,
}

impl Pile {
    /// A pile without decisions: so many items in a stage.
    pub const fn of(campaign: CampaignId, reviewer: IdentityId, stage: i64, items: i64) -> Self {
        Self {
            campaign_id: campaign.raw(),
            reviewer_id: reviewer.raw(),
            stage,
            items,
            kept: 0,
            revoked: 0,
            changed: 0,
            passed: 0,
            together: 0,
            looked: None,
        }
    }

    /// Of which campaign.
    pub const fn campaign(&self) -> CampaignId {
        CampaignId::from_raw(self.campaign_id)
    }

    /// Whose.
    pub const fn reviewer(&self) -> IdentityId {
        IdentityId::from_raw(self.reviewer_id)
    }

    /// Items that they decided.
    pub const fn decided(&self) -> i64 {
        self.kept + self.revoked + self.changed
    }

    /// Items that wait for them.
    pub const fn open(&self) -> i64 {
        self.items - self.decided() - self.passed
    }
}

macro_rules! columns {
    () => {
        "l.campaign_id, l.reviewer_id, l.stage, l.items, l.kept, l.revoked, l.changed, l.passed, l.together, l.looked"
    };
}
pub(super) use columns;

impl ReadTx {
    /// The piles of a campaign, after a reviewer and stage, in their order.
    #[boxed]
    pub async fn piles(
        &mut self,
        campaign: CampaignId,
        after: (i64, i64),
        most: i64,
    ) -> Result<Vec<Pile>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM review_pile l WHERE l.campaign_id = $1 AND (l.reviewer_id, l.stage) > ($2, $3) \
             ORDER BY l.reviewer_id, l.stage LIMIT $4"
        );
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(after.0)
            .bind(after.1)
            .bind(most)
            .fetch_all(c).await)?)
    }

    /// The piles of some people, in all campaigns, the newest first.
    #[boxed]
    pub async fn piles_of(&mut self, people: &[IdentityId], most: i64) -> Result<Vec<Pile>> {
        let text = of_keys!(
            self,
            columns!(),
            "review_pile l",
            "l.reviewer_id = CAST(k.value AS BIGINT) ORDER BY l.campaign_id DESC, l.reviewer_id, l.stage LIMIT $2"
        );
        let wanted = crate::bulk::keys(people.iter().map(|id| id.raw()));
        Ok(on!(self, c => sqlx::query_as(text).bind(&wanted).bind(most).fetch_all(c).await)?)
    }

    /// The piles of some people in which something waits, in campaigns that are open; what is due first, first.
    #[boxed]
    pub async fn open_piles_of(&mut self, people: &[IdentityId], most: i64) -> Result<Vec<Pile>> {
        let text = of_keys!(
            self,
            columns!(),
            "review_pile l JOIN campaign m ON m.id = l.campaign_id",
            "l.reviewer_id = CAST(k.value AS BIGINT) AND m.recorded_to IS NULL AND m.state = 'open' \
             AND l.items > l.kept + l.revoked + l.changed + l.passed \
             ORDER BY m.due, l.campaign_id, l.reviewer_id, l.stage LIMIT $2"
        );
        let wanted = crate::bulk::keys(people.iter().map(|id| id.raw()));
        Ok(on!(self, c => sqlx::query_as(text).bind(&wanted).bind(most).fetch_all(c).await)?)
    }

    /// Reviewers who have left or are suspended and in whose piles something waits, in campaigns that are open, after a
    /// campaign and reviewer, in their order.
    #[boxed]
    pub async fn reviewers_gone(
        &mut self,
        after: (CampaignId, IdentityId),
        most: i64,
    ) -> Result<Vec<(CampaignId, IdentityId)>> {
        let text = "SELECT DISTINCT l.campaign_id, l.reviewer_id FROM campaign m \
                    JOIN review_pile l ON l.campaign_id = m.id \
                    JOIN identity p ON p.id = l.reviewer_id AND p.recorded_to IS NULL \
                    WHERE m.state = 'open' AND m.recorded_to IS NULL AND (l.campaign_id, l.reviewer_id) > ($1, $2) \
                    AND l.items > l.kept + l.revoked + l.changed + l.passed \
                    AND p.status NOT IN ('active', 'on_leave') \
                    ORDER BY l.campaign_id, l.reviewer_id LIMIT $3";
        let rows: Vec<(i64, i64)> = on!(self, c => sqlx::query_as(text)
            .bind(after.0.raw())
            .bind(after.1.raw())
            .bind(most)
            .fetch_all(c).await)?;
        let ids = |(campaign, who)| (CampaignId::from_raw(campaign), IdentityId::from_raw(who));
        Ok(rows.into_iter().map(ids).collect())
    }
}

impl WriteTx {
    /// Adds what these say to the piles; those that are new begin with it. A time replaces the one before.
    #[boxed]
    pub async fn add_piles(&mut self, campaign: CampaignId, piles: &[Pile]) -> Result<()> {
        if piles.is_empty() {
            return Ok(());
        }
        let rows = Rows::of(piles, |cells, pile| {
            cells.number(pile.reviewer_id);
            cells.number(pile.stage);
            for count in [
                pile.items,
                pile.kept,
                pile.revoked,
                pile.changed,
                pile.passed,
                pile.together,
            ] {
                cells.number(count);
            }
            cells.maybe_number(pile.looked);
        });
        let text = of_rows!(
            self,
            "INSERT INTO review_pile (campaign_id, reviewer_id, stage, items, kept, revoked, changed, passed, together, looked) \
             SELECT $2, ",
            [number 0, number 1, number 2, number 3, number 4, number 5, number 6, number 7, number 8],
            " ON CONFLICT (campaign_id, reviewer_id, stage) DO UPDATE SET items = review_pile.items + excluded.items, \
             kept = review_pile.kept + excluded.kept, revoked = review_pile.revoked + excluded.revoked, \
             changed = review_pile.changed + excluded.changed, passed = review_pile.passed + excluded.passed, \
             together = review_pile.together + excluded.together, looked = COALESCE(excluded.looked, review_pile.looked)"
        );
        on!(self, c => sqlx::query(text).bind(&rows).bind(campaign.raw()).execute(c).await.map(drop))?;
        Ok(())
    }
}
