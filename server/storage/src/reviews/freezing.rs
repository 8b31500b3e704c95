//! What freezing a population reads besides who has what, and taking back one that was not completed.

use std::collections::BTreeSet;

use crate::boxed;
use domain::id::{CampaignId, EntitlementId};
use domain::review::{Choice, Decision, ItemKind};

use super::records::ActRecord;
use crate::bulk::keys;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// Rows of an entitlement that are looked at for whether its application tells when things are used.
const SAMPLE: i64 = 50;

/// The last decision on something, in a campaign that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDecision {
    /// Whose.
    pub holder: i64,
    /// What kind of item.
    pub item: ItemKind,
    /// What.
    pub what: i64,
    /// What came of it; none when only time decided.
    pub choice: Choice,
    /// The decision.
    pub decision: Decision,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    holder_id: i64,
    item: String,
    what_id: i64,
    choice: String,
    content: String,
}

impl Row {
    fn read(self) -> Result<Option<LastDecision>> {
        let damaged = || Error::damaged(format!("review_last of {}", self.holder_id));
        let record: ActRecord = serde_json::from_str(&self.content).map_err(|_| damaged())?;
        let ActRecord::Decision(decision) = record else {
            return Ok(None);
        };
        Ok(Some(LastDecision {
            holder: self.holder_id,
            item: ItemKind::from_word(&self.item).ok_or_else(damaged)?,
            what: self.what_id,
            choice: Choice::from_word(&self.choice).ok_or_else(damaged)?,
            decision,
        }))
    }
}

impl ReadTx {
    /// Those of some entitlements of which a source tells when they are used, judged by some rows of each.
    #[boxed]
    pub async fn entitlements_in_use(
        &mut self,
        ids: &[EntitlementId],
    ) -> Result<BTreeSet<EntitlementId>> {
        let text = of_keys!(
            self,
            "CAST(k.value AS BIGINT)",
            "(SELECT 1 AS one) one",
            "EXISTS (SELECT 1 FROM (SELECT o.last_used FROM observed_access o WHERE o.entitlement_id = CAST(k.value AS BIGINT) \
             AND o.gone IS NULL LIMIT $2) AS part WHERE part.last_used IS NOT NULL)"
        );
        let wanted = keys(ids.iter().map(|id| id.raw()));
        let found: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(&wanted).bind(SAMPLE).fetch_all(c).await)?;
        Ok(found.into_iter().map(EntitlementId::from_raw).collect())
    }

    /// The last decisions on what some holders have, in campaigns that are closed.
    #[boxed]
    pub async fn last_decisions(&mut self, holders: &[i64]) -> Result<Vec<LastDecision>> {
        let text = of_keys!(
            self,
            "l.holder_id, l.item, l.what_id, l.choice, r.content",
            "review_last l JOIN review_record r ON r.item_id = l.item_id",
            "l.holder_id = CAST(k.value AS BIGINT) AND r.content LIKE '%\"kind\":\"decision\"%' ORDER BY l.holder_id, l.item, l.what_id, r.tree, r.place"
        );
        let wanted = keys(holders.iter().copied());
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut all: Vec<LastDecision> = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(one) = row.read()? else { continue };
            let same = |last: &LastDecision| {
                (last.holder, last.item, last.what) == (one.holder, one.item, one.what)
            };
            // The last of several stages counts.
            if all.last().is_some_and(same) {
                all.pop();
            }
            all.push(one);
        }
        Ok(all)
    }
}

/// What a population that was not completed left, each with how it is taken back in parts: campaign in $1, at most $2 rows.
/// Of a campaign that is being started there are no acts, so its only tree is that of the population.
const LEFT: [&str; 7] = [
    "DELETE FROM review_item WHERE id IN (SELECT i.id FROM review_item i WHERE i.id > ($1 << 32) AND i.id <= ($1 << 32) + 4294967295 LIMIT $2)",
    "DELETE FROM review_excluded WHERE id IN (SELECT i.id FROM review_excluded i WHERE i.id > ($1 << 32) AND i.id <= ($1 << 32) + 4294967295 LIMIT $2)",
    "DELETE FROM review_subject WHERE campaign_id = $1 AND (kind, object_id) IN \
     (SELECT s.kind, s.object_id FROM review_subject s WHERE s.campaign_id = $1 ORDER BY s.kind, s.object_id LIMIT $2)",
    "DELETE FROM review_holder WHERE campaign_id = $1 AND person_id IN \
     (SELECT h.person_id FROM review_holder h WHERE h.campaign_id = $1 ORDER BY h.person_id LIMIT $2)",
    "DELETE FROM review_pile WHERE campaign_id = $1 AND (reviewer_id, stage) IN \
     (SELECT l.reviewer_id, l.stage FROM review_pile l WHERE l.campaign_id = $1 ORDER BY l.reviewer_id, l.stage LIMIT $2)",
    "DELETE FROM review_leaves WHERE campaign_id = $1 AND (tree, first_leaf) IN \
     (SELECT f.tree, f.first_leaf FROM review_leaves f WHERE f.campaign_id = $1 ORDER BY f.tree, f.first_leaf LIMIT $2)",
    "DELETE FROM review_tree WHERE campaign_id = $1 AND seq IS NULL AND tree IN \
     (SELECT t.tree FROM review_tree t WHERE t.campaign_id = $1 AND t.seq IS NULL ORDER BY t.tree LIMIT $2)",
];

impl WriteTx {
    /// Takes back at most so many rows of a population that was not completed; how many there were. So one transaction holds
    /// no more than these, however much was written.
    #[boxed]
    pub async fn clear_population(&mut self, campaign: CampaignId, most: i64) -> Result<u64> {
        let mut left = most;
        for text in LEFT {
            let cleared = on!(self, c => sqlx::query(text).bind(campaign.raw()).bind(left).execute(c).await
                .map(|done| done.rows_affected()))?;
            left -= i64::try_from(cleared).unwrap_or(left);
            if left <= 0 {
                break;
            }
        }
        Ok(u64::try_from(most - left).unwrap_or(0))
    }
}
