//! What time does to reviews once: how far it is with it. Nothing of this is governed or in the log.

use crate::boxed;
use domain::id::{CampaignId, ObjectRef};
use domain::review::Timed;

use super::Pile;
use super::piles::columns;
use crate::Result;
use crate::engine::{ReadTx, WriteTx};

/// How far something is that time does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimedState {
    /// Up to which reviewer it is done.
    pub reached: i64,
    /// Whether nothing is left of it.
    pub done: bool,
}

impl ReadTx {
    /// How far something is that time does to a review or campaign; `part` is the stage or the day of a turn.
    #[boxed]
    pub async fn timed(
        &mut self,
        object: ObjectRef,
        what: Timed,
        part: &str,
    ) -> Result<TimedState> {
        let text = "SELECT c.reached, c.done FROM review_clock c WHERE c.object = $1 AND c.what = $2 AND c.part = $3";
        let row: Option<(i64, bool)> = on!(self, c => sqlx::query_as(text)
            .bind(object.to_string())
            .bind(what.word())
            .bind(part)
            .fetch_optional(c).await)?;
        Ok(
            row.map_or_else(TimedState::default, |(reached, done)| TimedState {
                reached,
                done,
            }),
        )
    }

    /// The piles of a stage in which something waits, after a reviewer, in their order.
    #[boxed]
    pub async fn open_piles_in(
        &mut self,
        campaign: CampaignId,
        stage: u8,
        after: i64,
        most: i64,
    ) -> Result<Vec<Pile>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM review_pile l WHERE l.campaign_id = $1 AND l.reviewer_id > $2 AND l.stage = $3 \
             AND l.items > l.kept + l.revoked + l.changed + l.passed ORDER BY l.reviewer_id LIMIT $4"
        );
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(after)
            .bind(i64::from(stage))
            .bind(most)
            .fetch_all(c).await)?)
    }

    /// How much waits in the stages up to one, and for how many people.
    #[boxed]
    pub async fn waiting_until(&mut self, campaign: CampaignId, stage: u8) -> Result<(u64, u64)> {
        let text = "SELECT CAST(COALESCE(sum(l.items - l.kept - l.revoked - l.changed - l.passed), 0) AS BIGINT), \
                    count(DISTINCT l.reviewer_id) FROM review_pile l WHERE l.campaign_id = $1 AND l.stage <= $2 \
                    AND l.items > l.kept + l.revoked + l.changed + l.passed";
        let (items, people): (i64, i64) = on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(i64::from(stage))
            .fetch_one(c).await)?;
        let count = |n| u64::try_from(n).unwrap_or(0);
        Ok((count(items), count(people)))
    }
}

impl WriteTx {
    /// Writes how far something is that time does.
    #[boxed]
    pub async fn set_timed(
        &mut self,
        object: ObjectRef,
        what: Timed,
        part: &str,
        state: TimedState,
    ) -> Result<()> {
        let text = "INSERT INTO review_clock (object, what, part, reached, done) VALUES ($1, $2, $3, $4, $5) \
                    ON CONFLICT (object, what, part) DO UPDATE SET reached = excluded.reached, done = excluded.done";
        on!(self, c => sqlx::query(text)
            .bind(object.to_string())
            .bind(what.word())
            .bind(part)
            .bind(state.reached)
            .bind(state.done)
            .execute(c).await.map(drop))?;
        Ok(())
    }
}
