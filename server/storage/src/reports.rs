//! What reports say: counts that are kept by day, and the sums of campaigns.

use crate::boxed;
use domain::id::CampaignId;
use domain::report::Measure;
use domain::review::RemedyState;
use domain::time::{Date, Instant};

use crate::bulk::{Rows, keys};
use crate::column::{At, Day};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// What a source shows of somebody, or was given to them directly.
macro_rules! held {
    ($person:literal, $what:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM observed_access o WHERE o.identity_id = ",
            $person,
            " AND o.entitlement_id = ",
            $what,
            " AND o.gone IS NULL) OR EXISTS (SELECT 1 FROM assignment a WHERE a.identity_id = ",
            $person,
            " AND a.entitlement_id = ",
            $what,
            " AND a.state = 'active' AND a.recorded_to IS NULL))"
        )
    };
}

/// Active assignments of entitlements that no source shows; `$risk` narrows `o` or `a` by the entitlement's risk.
macro_rules! all_held {
    ($risk:literal) => {
        concat!(
            "SELECT (SELECT count(*) FROM observed_access x WHERE x.gone IS NULL",
            $risk,
            ") + (SELECT count(*) FROM assignment x WHERE x.recorded_to IS NULL AND x.state = 'active' \
             AND x.entitlement_id IS NOT NULL",
            $risk,
            " AND NOT EXISTS (SELECT 1 FROM observed_access o WHERE o.identity_id = x.identity_id \
             AND o.entitlement_id = x.entitlement_id AND o.gone IS NULL))"
        )
    };
}

/// Campaigns that were closed since $1: their first closed version is of then or later. What is recorded of them afterwards,
/// as their sign-off, makes them no younger.
macro_rules! closed_since {
    () => {
        "(SELECT m.id FROM campaign m WHERE m.state = 'closed' AND m.recorded_to IS NULL AND NOT EXISTS (SELECT 1 FROM campaign e \
         WHERE e.id = m.id AND e.state = 'closed' AND e.recorded_from < $1))"
    };
}

macro_rules! reviewed {
    ($risk:literal) => {
        concat!(
            "SELECT count(*) FROM review_last x WHERE x.item = 'access' AND x.item_id >> 32 IN ",
            closed_since!(),
            $risk,
            " AND ",
            held!("x.holder_id", "x.what_id")
        )
    };
}

/// What a stage of a campaign came to, by its piles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct StageSums {
    campaign_id: i64,
    /// Which stage, from 0.
    pub stage: i64,
    /// Items that came to reviewers and were not passed on.
    pub items: i64,
    /// Kept.
    pub kept: i64,
    /// Revoked.
    pub revoked: i64,
    /// Changed.
    pub changed: i64,
}

impl StageSums {
    /// Of which campaign.
    pub const fn campaign(&self) -> CampaignId {
        CampaignId::from_raw(self.campaign_id)
    }
}

/// What became of what reviews revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revocations {
    /// Those that nobody took back.
    pub all: u64,
    /// Those that are really gone.
    pub gone: u64,
}

impl Revocations {
    /// Adds so many in a state. What was taken back is none.
    pub const fn add(&mut self, state: RemedyState, count: u64) {
        match state {
            RemedyState::Restored => return,
            RemedyState::Verified | RemedyState::Gone => self.gone += count,
            _ => {}
        }
        self.all += count;
    }
}

/// When decisions of a campaign were submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    /// Which campaign.
    pub campaign: CampaignId,
    /// How many decisions.
    pub decisions: i64,
    /// When.
    pub at: Instant,
}

impl ReadTx {
    /// Counts one thing that is counted by a statement of its own; none for what reviews or findings say.
    #[boxed]
    pub async fn count_measure(&mut self, measure: Measure, now: Instant) -> Result<Option<u64>> {
        let text = match measure {
            Measure::People => {
                "SELECT count(*) FROM identity WHERE recorded_to IS NULL AND status <> 'ended'"
            }
            Measure::Accounts => "SELECT count(*) FROM account WHERE recorded_to IS NULL",
            Measure::Held => all_held!(""),
            Measure::Privileged => all_held!(
                " AND x.entitlement_id IN (SELECT e.id FROM entitlement e WHERE e.recorded_to IS NULL AND e.risk IN ('high', 'critical'))"
            ),
            Measure::Exclusions => {
                "SELECT count(*) FROM exclusion WHERE recorded_to IS NULL AND state = 'active'"
            }
            Measure::TasksOpen => {
                "SELECT count(*) FROM fulfilment_task WHERE recorded_to IS NULL AND state = 'open'"
            }
            Measure::Overdue => {
                let text = "SELECT count(*) FROM (SELECT DISTINCT kind, object_id FROM inbox_entry WHERE due < $1) AS late";
                let count: i64 =
                    on!(self, c => sqlx::query_scalar(text).bind(At(now)).fetch_one(c).await)?;
                return Ok(u64::try_from(count).ok());
            }
            _ => return Ok(None),
        };
        let count: i64 = on!(self, c => sqlx::query_scalar(text).fetch_one(c).await)?;
        Ok(u64::try_from(count).ok())
    }

    /// How much of the access that is there now was last decided on by a campaign that was closed since a moment; only what is
    /// privileged, or all.
    #[boxed]
    pub async fn reviewed_since(&mut self, since: Instant, privileged: bool) -> Result<u64> {
        let text = if privileged {
            reviewed!(
                " AND x.what_id IN (SELECT e.id FROM entitlement e WHERE e.recorded_to IS NULL AND e.risk IN ('high', 'critical'))"
            )
        } else {
            reviewed!("")
        };
        let count: i64 =
            on!(self, c => sqlx::query_scalar(text).bind(At(since)).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// What became of what was revoked or changed by all campaigns that were closed since a moment.
    #[boxed]
    pub async fn revocations_since(&mut self, since: Instant) -> Result<Revocations> {
        let text = concat!(
            "SELECT r.state, count(*) FROM review_remedy r WHERE r.campaign_id IN ",
            closed_since!(),
            " GROUP BY r.state"
        );
        let rows: Vec<(String, i64)> =
            on!(self, c => sqlx::query_as(text).bind(At(since)).fetch_all(c).await)?;
        let mut found = Revocations::default();
        for (state, count) in rows {
            let state = RemedyState::from_word(&state);
            let state = state.ok_or_else(|| Error::damaged("a remedy: its state".to_owned()))?;
            found.add(state, u64::try_from(count).unwrap_or(0));
        }
        Ok(found)
    }

    /// How many items wait in campaigns that are open although their time is over.
    #[boxed]
    pub async fn overdue_items(&mut self, now: Instant) -> Result<u64> {
        let text = "SELECT CAST(COALESCE(sum(l.items - l.kept - l.revoked - l.changed - l.passed), 0) AS BIGINT) \
                    FROM campaign m JOIN review_pile l ON l.campaign_id = m.id \
                    WHERE m.state = 'open' AND m.recorded_to IS NULL AND m.due < $1";
        let count: i64 = on!(self, c => sqlx::query_scalar(text).bind(At(now)).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// What was counted, from a day on, in the order of days.
    #[boxed]
    pub async fn report_days(&mut self, from: Date) -> Result<Vec<(Date, Measure, u64)>> {
        let text =
            "SELECT day, measure, value FROM report_day WHERE day >= $1 ORDER BY day, measure";
        let rows: Vec<(Day, String, i64)> =
            on!(self, c => sqlx::query_as(text).bind(Day(from)).fetch_all(c).await)?;
        let known = rows.into_iter().filter_map(|(day, measure, value)| {
            // A word of a newer program is not shown by an older one.
            let measure = Measure::from_word(&measure)?;
            Some((day.0, measure, u64::try_from(value).unwrap_or(0)))
        });
        Ok(known.collect())
    }

    /// What each stage of campaigns came to, in the order of campaigns and stages.
    #[boxed]
    pub async fn stage_sums(&mut self, campaigns: &[CampaignId]) -> Result<Vec<StageSums>> {
        let text = of_keys!(
            self,
            "l.campaign_id, l.stage, CAST(sum(l.items - l.passed) AS BIGINT) AS items, CAST(sum(l.kept) AS BIGINT) AS kept, \
             CAST(sum(l.revoked) AS BIGINT) AS revoked, CAST(sum(l.changed) AS BIGINT) AS changed",
            "review_pile l",
            "l.campaign_id = CAST(k.value AS BIGINT) GROUP BY l.campaign_id, l.stage ORDER BY l.campaign_id, l.stage"
        );
        let wanted = keys(campaigns.iter().map(|id| id.raw()));
        Ok(on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?)
    }

    /// When people submitted decisions of campaigns; what time decided is not among them.
    #[boxed]
    pub async fn submissions_by_people(
        &mut self,
        campaigns: &[CampaignId],
    ) -> Result<Vec<Submission>> {
        let text = of_keys!(
            self,
            "t.campaign_id, t.records, e.recorded",
            "review_tree t JOIN audit_entry e ON e.seq = t.seq",
            "t.campaign_id = CAST(k.value AS BIGINT) AND t.action = 'review.submitted' AND e.actor <> 'system' \
             ORDER BY t.campaign_id, t.seq"
        );
        let wanted = keys(campaigns.iter().map(|id| id.raw()));
        let rows: Vec<(i64, i64, At)> =
            on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let submission = |(campaign, decisions, at): (i64, i64, At)| Submission {
            campaign: CampaignId::from_raw(campaign),
            decisions,
            at: at.0,
        };
        Ok(rows.into_iter().map(submission).collect())
    }

    /// When requests were made and when they came to their end, the latest first.
    #[boxed]
    pub async fn request_times(
        &mut self,
        from: Instant,
        most: i64,
    ) -> Result<Vec<(Instant, Instant)>> {
        let text = "SELECT created, ended FROM request_item WHERE recorded_to IS NULL AND ended IS NOT NULL AND ended >= $1 \
                    AND state IN ('granted', 'rejected') ORDER BY ended DESC LIMIT $2";
        let rows: Vec<(At, At)> =
            on!(self, c => sqlx::query_as(text).bind(At(from)).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(created, ended)| (created.0, ended.0))
            .collect())
    }
}

impl WriteTx {
    /// Keeps what was counted on a day, in place of what was counted on it before.
    #[boxed]
    pub async fn keep_day(&mut self, day: Date, counts: &[(Measure, u64)]) -> Result<()> {
        let rows = Rows::of(counts, |cells, (measure, value)| {
            cells.text(measure.word());
            cells.number(i64::try_from(*value).unwrap_or(i64::MAX));
        });
        let text = of_rows!(
            self,
            "INSERT INTO report_day (day, measure, value) SELECT $2, ",
            [text 0, number 1],
            " ON CONFLICT (day, measure) DO UPDATE SET value = excluded.value"
        );
        on!(self, c => sqlx::query(text).bind(&rows).bind(Day(day)).execute(c).await.map(drop))?;
        Ok(())
    }
}
