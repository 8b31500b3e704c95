//! What becomes of revocations and changes: from the decision to access that is really gone.

use crate::boxed;
use domain::id::{ApplicationId, CampaignId, FulfilmentTaskId, IdentityId, SourceRunId};
use domain::review::RemedyState;
use domain::time::Instant;

use super::population::row_id;
use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// Where the revocation or change of an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyRow {
    /// Of which campaign.
    pub campaign: CampaignId,
    /// The item's number.
    pub item: u64,
    /// Where it is.
    pub state: RemedyState,
    /// When it takes effect.
    pub due: Instant,
    /// From when on a reading that does not show it verifies it; none until it took effect.
    pub sent: Option<Instant>,
    /// The task that asks somebody to take it away in the application.
    pub task: Option<FulfilmentTaskId>,
    /// The reading that does not show it any more.
    pub verified_by: Option<SourceRunId>,
    /// Whether the person still has it in another way.
    pub remains: bool,
    /// Why it could not be ended, in a sentence.
    pub problem: String,
}

impl RemedyRow {
    /// The number of its row, by which lists of several campaigns are in order.
    pub fn row(&self) -> i64 {
        row_id(self.campaign, self.item)
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    item_id: i64,
    campaign_id: i64,
    state: String,
    due: At,
    sent: Option<At>,
    task_id: Option<i64>,
    verified_by: Option<i64>,
    remains: bool,
    problem: String,
}

impl Row {
    fn into_remedy(self) -> Result<RemedyRow> {
        let state = RemedyState::from_word(&self.state)
            .ok_or_else(|| Error::damaged(format!("review_remedy {}: its state", self.item_id)))?;
        Ok(RemedyRow {
            campaign: CampaignId::from_raw(self.campaign_id),
            item: u64::try_from(self.item_id & 0xffff_ffff).unwrap_or(0),
            state,
            due: self.due.0,
            sent: self.sent.map(|at| at.0),
            task: self.task_id.map(FulfilmentTaskId::from_raw),
            verified_by: self.verified_by.map(SourceRunId::from_raw),
            remains: self.remains,
            problem: self.problem,
        })
    }
}

fn remedies(rows: Vec<Row>) -> Result<Vec<RemedyRow>> {
    rows.into_iter().map(Row::into_remedy).collect()
}

macro_rules! columns {
    () => {
        "r.item_id, r.campaign_id, r.state, r.due, r.sent, r.task_id, r.verified_by, r.remains, r.problem"
    };
}

impl ReadTx {
    /// What became of these items, in the order of their numbers; those that nothing is to become of are left out.
    #[boxed]
    pub async fn remedies_of(
        &mut self,
        campaign: CampaignId,
        numbers: &[u64],
    ) -> Result<Vec<RemedyRow>> {
        let text = of_keys!(
            self,
            columns!(),
            "review_remedy r",
            "r.item_id = CAST(k.value AS BIGINT) AND r.campaign_id = $2"
        );
        let wanted = keys(numbers.iter().map(|number| row_id(campaign, *number)));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(campaign.raw()).fetch_all(c).await)?;
        let mut all = remedies(rows)?;
        all.sort_unstable_by_key(|one| one.item);
        Ok(all)
    }

    /// A page of those of a campaign that are in a state, after an item, in the order of their numbers.
    #[boxed]
    pub async fn remedies_in(
        &mut self,
        campaign: CampaignId,
        state: RemedyState,
        after: u64,
        most: i64,
    ) -> Result<Vec<RemedyRow>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM review_remedy r WHERE r.campaign_id = $1 AND r.state = $2 AND r.item_id > $3 ORDER BY r.item_id LIMIT $4"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(state.word())
            .bind(row_id(campaign, after))
            .bind(most)
            .fetch_all(c).await)?;
        remedies(rows)
    }

    /// How many of a campaign are in each state, and of how many of these the access remains in another way.
    #[boxed]
    pub async fn count_remedies(
        &mut self,
        campaign: CampaignId,
    ) -> Result<Vec<(RemedyState, u64, u64)>> {
        let text = "SELECT r.state, count(*), CAST(sum(CASE WHEN r.remains THEN 1 ELSE 0 END) AS BIGINT) FROM review_remedy r \
                    WHERE r.campaign_id = $1 GROUP BY r.state ORDER BY r.state";
        let rows: Vec<(String, i64, i64)> =
            on!(self, c => sqlx::query_as(text).bind(campaign.raw()).fetch_all(c).await)?;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        rows.into_iter()
            .map(|(state, all, remain)| {
                let state = RemedyState::from_word(&state)
                    .ok_or_else(|| Error::damaged(format!("a remedy of {campaign}: its state")))?;
                Ok((state, count(all), count(remain)))
            })
            .collect()
    }

    /// The campaigns of which something takes effect at this moment or should have before, the longest due first.
    #[boxed]
    pub async fn campaigns_with_remedies_due(&mut self, now: Instant) -> Result<Vec<CampaignId>> {
        let text = "SELECT r.campaign_id FROM review_remedy r WHERE r.state = 'decided' AND r.due <= $1 \
                    GROUP BY r.campaign_id ORDER BY min(r.due), r.campaign_id";
        let ids: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(At(now)).fetch_all(c).await)?;
        Ok(ids.into_iter().map(CampaignId::from_raw).collect())
    }

    /// What a task takes away in the application, in the order of rows.
    #[boxed]
    pub async fn remedies_of_task(&mut self, task: FulfilmentTaskId) -> Result<Vec<RemedyRow>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM review_remedy r WHERE r.task_id = $1 AND r.task_id IS NOT NULL ORDER BY r.item_id"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(task.raw()).fetch_all(c).await)?;
        remedies(rows)
    }

    /// The applications in which something was ended that no reading has verified; 0 stands for roles, which are in none.
    #[boxed]
    pub async fn applications_with_remedies(&mut self) -> Result<Vec<i64>> {
        let text = "SELECT DISTINCT i.application_id FROM review_remedy r JOIN review_item i ON i.id = r.item_id \
                    WHERE r.state IN ('sent', 'acknowledged') ORDER BY i.application_id";
        Ok(on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?)
    }

    /// What was ended in an application (0: roles) and no reading has verified, after a row, in the order of rows.
    #[boxed]
    pub async fn remedies_to_verify(
        &mut self,
        application: i64,
        after: i64,
        most: i64,
    ) -> Result<Vec<RemedyRow>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM review_remedy r JOIN review_item i ON i.id = r.item_id WHERE r.state IN ('sent', 'acknowledged') \
             AND i.application_id = $1 AND r.item_id > $2 ORDER BY r.item_id LIMIT $3"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(application)
            .bind(after)
            .bind(most)
            .fetch_all(c).await)?;
        remedies(rows)
    }

    /// Whether an application was read by an import that began after a moment, brought access and came to its end.
    #[boxed]
    pub async fn application_read_since(
        &mut self,
        application: ApplicationId,
        moment: Instant,
    ) -> Result<bool> {
        let text = "SELECT CASE WHEN EXISTS (SELECT 1 FROM source_run u WHERE u.state = 'applied' AND u.created > $2 AND (u.totals -> 'access') IS NOT NULL AND ( \
                    EXISTS (SELECT 1 FROM application s WHERE s.id = $1 AND s.recorded_to IS NULL AND s.source_id = u.source_id) \
                    OR EXISTS (SELECT 1 FROM entitlement e JOIN observed_access x ON x.entitlement_id = e.id AND x.gone IS NULL \
                    WHERE e.application_id = $1 AND e.recorded_to IS NULL AND x.source_id = u.source_id))) THEN 1 ELSE 0 END";
        let read: i32 = on!(self, c => sqlx::query_scalar(text).bind(application.raw()).bind(At(moment)).fetch_one(c).await)?;
        Ok(read == 1)
    }
}

impl ReadTx {
    /// Who loses something, or has it for a shorter time, by what was decided on some items of a campaign, after a number and
    /// up to another, and is not queued yet; by how many items. Only for campaigns about people.
    #[boxed]
    pub async fn people_to_lose(
        &mut self,
        campaign: CampaignId,
        (after, to): (u64, u64),
    ) -> Result<Vec<(IdentityId, u64)>> {
        let text = "SELECT i.holder_id, count(*) FROM review_item i \
                    WHERE i.id > $1 AND i.id <= $2 AND NOT i.open AND i.choice IN ('revoke', 'change') \
                    AND NOT EXISTS (SELECT 1 FROM review_remedy r WHERE r.item_id = i.id) \
                    GROUP BY i.holder_id ORDER BY i.holder_id";
        let rows: Vec<(i64, i64)> = on!(self, c => sqlx::query_as(text)
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, to))
            .fetch_all(c).await)?;
        let known = |(id, items)| (IdentityId::from_raw(id), u64::try_from(items).unwrap_or(0));
        Ok(rows.into_iter().map(known).collect())
    }
}

impl WriteTx {
    /// Everything that was decided to be revoked or changed among some items of a campaign, after a number and up to another,
    /// takes effect at a moment. What is queued already stays as it is. Answers how many came to it.
    #[boxed]
    pub async fn queue_remedies(
        &mut self,
        campaign: CampaignId,
        (after, to): (u64, u64),
        due: Instant,
    ) -> Result<u64> {
        let text = "INSERT INTO review_remedy (item_id, campaign_id, state, due, remains, problem) \
                    SELECT i.id, i.campaign_id, 'decided', $3, $4, '' FROM review_item i \
                    WHERE i.id > $1 AND i.id <= $2 AND NOT i.open AND i.choice IN ('revoke', 'change') \
                    ON CONFLICT (item_id) DO NOTHING";
        Ok(on!(self, c => sqlx::query(text)
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, to))
            .bind(At(due))
            .bind(false)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }

    /// Writes where some are now, whatever was written of them before.
    #[boxed]
    pub async fn write_remedies(&mut self, some: &[RemedyRow]) -> Result<()> {
        if some.is_empty() {
            return Ok(());
        }
        let rows = Rows::of(some, |cells, one| {
            cells.number(one.row());
            cells.number(one.campaign.raw());
            cells.text(one.state.word());
            cells.number(one.due.micros());
            cells.maybe_number(one.sent.map(Instant::micros));
            cells.maybe_number(one.task.map(FulfilmentTaskId::raw));
            cells.maybe_number(one.verified_by.map(SourceRunId::raw));
            cells.flag(one.remains);
            cells.text(&one.problem);
        });
        let text = of_rows!(
            self,
            "INSERT INTO review_remedy (item_id, campaign_id, state, due, sent, task_id, verified_by, remains, problem) SELECT ",
            [number 0, number 1, text 2, at 3, at 4, number 5, number 6, flag 7, text 8],
            " ON CONFLICT (item_id) DO UPDATE SET state = excluded.state, due = excluded.due, sent = excluded.sent, \
             task_id = excluded.task_id, verified_by = excluded.verified_by, remains = excluded.remains, \
             problem = excluded.problem"
        );
        on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(drop))
            .map_err(Error::from_write)
    }
}
