//! What was learnt from past decisions, and what is read to learn and to propose.
//!
//! Learnt from are decisions of sources, and what people decided on requests here: not what a condition approved, nobody
//! waited for, or was taken in an emergency.

mod peers;

use crate::boxed;
use domain::decision::Verdict;
use domain::id::{EntitlementId, IdentityId};
use domain::time::Instant;

use crate::bulk::Rows;
use crate::column::At;
use crate::deflate::{deflate, inflate};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// On what something was learnt, and how good it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasisHead {
    /// When it was learnt.
    pub learnt: Instant,
    /// When the newest decision was recorded, or ended, that was known.
    pub basis: Instant,
    /// Approvals learnt from.
    pub approved: u32,
    /// Denials learnt from.
    pub denied: u32,
    /// Area under the ROC curve on decisions that were held back, in millionths; none when there were not both verdicts.
    pub quality: Option<u32>,
}

/// A decision to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    /// On whose access.
    pub identity: IdentityId,
    /// To what.
    pub entitlement: EntitlementId,
    /// How it was decided.
    pub verdict: Verdict,
}

type LessonRow = (i64, i64, String);
type HeadRow = (At, At, i64, i64, Option<i64>);

fn into_lesson((identity, entitlement, verdict): LessonRow) -> Result<Lesson> {
    let identity = IdentityId::from_raw(identity);
    Ok(Lesson {
        identity,
        entitlement: EntitlementId::from_raw(entitlement),
        verdict: Verdict::from_word(&verdict)
            .ok_or_else(|| Error::damaged(format!("past_decision on {identity}")))?,
    })
}

/// What people decided on requests here, as a lesson's row: from `i`, an item.
macro_rules! made_here {
    () => {
        "i.beneficiary_id, i.entitlement_id, CASE i.state WHEN 'granted' THEN 'approved' ELSE 'denied' END"
    };
}

/// Of which items.
macro_rules! decided_here {
    () => {
        "i.recorded_to IS NULL AND i.entitlement_id IS NOT NULL AND i.state IN ('granted', 'rejected') \
         AND EXISTS (SELECT 1 FROM request_event v WHERE v.item_id = i.id AND v.event = 'decided')"
    };
}

impl ReadTx {
    /// Present decisions to learn from on pairs after one, in the order of identity and entitlement. May be more than `most`,
    /// because the decisions on one pair stay together.
    #[boxed]
    pub async fn decisions_to_learn(
        &mut self,
        after: Option<(IdentityId, EntitlementId)>,
        most: i64,
    ) -> Result<Vec<Lesson>> {
        let text = "SELECT identity_id, entitlement_id, decision FROM past_decision \
                    WHERE recorded_to IS NULL AND (identity_id, entitlement_id) > ($1, $2) \
                    ORDER BY identity_id, entitlement_id LIMIT $3";
        let (identity, entitlement) = after.map_or((0, 0), |(identity, entitlement)| {
            (identity.raw(), entitlement.raw())
        });
        let found: Vec<LessonRow> = on!(self, c => sqlx::query_as(text)
            .bind(identity)
            .bind(entitlement)
            .bind(most)
            .fetch_all(c).await)?;
        let text = concat!(
            "SELECT ",
            made_here!(),
            " FROM request_item i WHERE ",
            decided_here!(),
            " AND (i.beneficiary_id, i.entitlement_id) > ($1, $2) ORDER BY i.beneficiary_id, i.entitlement_id LIMIT $3"
        );
        let made: Vec<LessonRow> = on!(self, c => sqlx::query_as(text)
            .bind(identity)
            .bind(entitlement)
            .bind(most)
            .fetch_all(c).await)?;
        // What either part may have more of is read whole at its last pair; behind that one the other is not used, either.
        let last = |rows: &[LessonRow]| {
            let full = i64::try_from(rows.len()).is_ok_and(|count| count >= most);
            rows.last().filter(|_| full).map(|row| (row.0, row.1))
        };
        let bound = [last(&found), last(&made)].into_iter().flatten().min();
        let rows = found.into_iter().chain(made);
        let rows = rows.filter(|row| bound.is_none_or(|bound| (row.0, row.1) < bound));
        let mut lessons: Vec<Lesson> = rows.map(into_lesson).collect::<Result<_>>()?;
        if let Some((identity, entitlement)) = bound {
            let pair = (
                IdentityId::from_raw(identity),
                EntitlementId::from_raw(entitlement),
            );
            let forever = Instant::from_micros(i64::MAX);
            lessons.extend(self.decisions_on_pairs(&[pair], forever).await?);
        }
        lessons.sort_by_key(|one| (one.identity, one.entitlement, one.verdict));
        Ok(lessons)
    }

    /// When a decision was recorded last, or ended.
    #[boxed]
    pub async fn newest_decision(&mut self) -> Result<Option<Instant>> {
        let texts = [
            "SELECT max(recorded_from) FROM past_decision",
            "SELECT max(recorded_to) FROM past_decision WHERE recorded_to IS NOT NULL",
            "SELECT max(ended) FROM request_item WHERE recorded_to IS NULL AND ended IS NOT NULL",
        ];
        let mut newest = None;
        for text in texts {
            let at: Option<At> = on!(self, c => sqlx::query_scalar(text).fetch_one(c).await)?;
            newest = newest.max(at.map(|at| at.0));
        }
        Ok(newest)
    }

    /// Present decisions on some pairs that were recorded up to a moment. In no order.
    #[boxed]
    pub async fn decisions_on_pairs(
        &mut self,
        pairs: &[(IdentityId, EntitlementId)],
        until: Instant,
    ) -> Result<Vec<Lesson>> {
        let text = of_rows!(
            self,
            "WITH asked (identity, entitlement) AS (SELECT ",
            [number 0, number 1],
            ") SELECT d.identity_id, d.entitlement_id, d.decision FROM asked JOIN past_decision d \
             ON d.identity_id = asked.identity AND d.entitlement_id = asked.entitlement \
             WHERE d.recorded_to IS NULL AND d.recorded_from <= $2"
        );
        let rows = Rows::of(pairs, |cells, (identity, entitlement)| {
            cells.number(identity.raw());
            cells.number(entitlement.raw());
        });
        let mut found: Vec<LessonRow> =
            on!(self, c => sqlx::query_as(text).bind(&rows).bind(At(until)).fetch_all(c).await)?;
        let text = of_rows!(
            self,
            "WITH asked (identity, entitlement) AS (SELECT ",
            [number 0, number 1],
            concat!(
                ") SELECT ",
                made_here!(),
                " FROM asked JOIN request_item i ON i.beneficiary_id = asked.identity AND i.entitlement_id = asked.entitlement WHERE ",
                decided_here!(),
                " AND i.recorded_from <= $2"
            )
        );
        let made: Vec<LessonRow> =
            on!(self, c => sqlx::query_as(text).bind(&rows).bind(At(until)).fetch_all(c).await)?;
        found.extend(made);
        found.into_iter().map(into_lesson).collect()
    }

    /// Approvals and denials among so many present decisions: all of them when there are fewer.
    #[boxed]
    pub async fn some_decisions(&mut self, most: i64) -> Result<(usize, usize)> {
        let text = "SELECT x.decision, count(*) FROM (SELECT d.decision FROM past_decision d WHERE d.recorded_to IS NULL LIMIT $1) AS x \
                    GROUP BY x.decision";
        let mut counts: Vec<(String, i64)> =
            on!(self, c => sqlx::query_as(text).bind(most).fetch_all(c).await)?;
        let text = concat!(
            "SELECT x.decision, count(*) FROM (SELECT CASE i.state WHEN 'granted' THEN 'approved' ELSE 'denied' END AS decision \
             FROM request_item i WHERE ",
            decided_here!(),
            " LIMIT $1) AS x GROUP BY x.decision"
        );
        let made: Vec<(String, i64)> =
            on!(self, c => sqlx::query_as(text).bind(most).fetch_all(c).await)?;
        counts.extend(made);
        let of = |verdict: Verdict| {
            let counts = counts.iter().filter(|(word, _)| word == verdict.word());
            let sum: i64 = counts.map(|(_, count)| count).sum();
            usize::try_from(sum).unwrap_or(0)
        };
        Ok((of(Verdict::Approved), of(Verdict::Denied)))
    }

    /// On what the last thing was learnt; none before the first.
    #[boxed]
    pub async fn proposal_basis(&mut self) -> Result<Option<BasisHead>> {
        let text = "SELECT learnt, basis, approved, denied, quality FROM proposal_basis";
        let row: Option<HeadRow> = on!(self, c => sqlx::query_as(text).fetch_optional(c).await)?;
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(
            row.map(|(learnt, basis, approved, denied, quality)| BasisHead {
                learnt: learnt.0,
                basis: basis.0,
                approved: number(approved),
                denied: number(denied),
                quality: quality.map(number),
            }),
        )
    }

    /// What was learnt last.
    #[boxed]
    pub async fn proposal_content(&mut self) -> Result<Option<Vec<u8>>> {
        let text = "SELECT content FROM proposal_basis";
        let content: Option<Vec<u8>> =
            on!(self, c => sqlx::query_scalar(text).fetch_optional(c).await)?;
        content.map(|content| inflate(&content)).transpose()
    }
}

impl WriteTx {
    /// Keeps what was learnt instead of what was learnt before.
    #[boxed]
    pub async fn keep_proposals(&mut self, head: &BasisHead, content: &[u8]) -> Result<()> {
        let text = "INSERT INTO proposal_basis (id, learnt, basis, approved, denied, quality, content) \
                    VALUES (1, $1, $2, $3, $4, $5, $6) \
                    ON CONFLICT (id) DO UPDATE SET learnt = excluded.learnt, basis = excluded.basis, approved = excluded.approved, \
                    denied = excluded.denied, quality = excluded.quality, content = excluded.content";
        let content = deflate(content);
        on!(self, c => sqlx::query(text)
            .bind(At(head.learnt))
            .bind(At(head.basis))
            .bind(i64::from(head.approved))
            .bind(i64::from(head.denied))
            .bind(head.quality.map(i64::from))
            .bind(&content)
            .execute(c).await.map(drop))?;
        Ok(())
    }
}
