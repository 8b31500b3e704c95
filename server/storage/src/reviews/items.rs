//! Items of campaigns: their frozen facts, and where they are.

use crate::boxed;
use domain::id::{CampaignId, IdentityId, ObjectKind};
use domain::review::{Choice, Facts, Standing};

use super::population::row_id;
use crate::bulk::{Rows, keys};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// An item of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewItem {
    /// What was frozen of it.
    pub facts: Facts,
    /// Who decides now.
    pub reviewer: IdentityId,
    /// In which stage it is, from 0.
    pub stage: u8,
    /// Whether somebody has to decide.
    pub open: bool,
    /// What was decided last.
    pub choice: Option<Choice>,
    /// What looks the same to its reviewer has the same number.
    pub likeness: i64,
}

impl ReviewItem {
    /// Where it is.
    pub const fn standing(&self) -> Standing {
        Standing {
            reviewer: self.reviewer,
            stage: self.stage,
            open: self.open,
            choice: self.choice,
        }
    }
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    content: String,
    reviewer_id: i64,
    stage: i64,
    open: bool,
    choice: Option<String>,
    likeness: i64,
}

impl Row {
    pub(super) fn into_item(self) -> Result<ReviewItem> {
        let damaged = |why: &str| Error::damaged(format!("review_item {}: {why}", self.id));
        let choice = self.choice.as_deref().map(|word| {
            Choice::from_word(word).ok_or_else(|| damaged("its choice is no word of ours"))
        });
        Ok(ReviewItem {
            facts: serde_json::from_str(&self.content).map_err(|e| damaged(&e.to_string()))?,
            reviewer: IdentityId::from_raw(self.reviewer_id),
            stage: u8::try_from(self.stage).map_err(|e| damaged(&e.to_string()))?,
            open: self.open,
            choice: choice.transpose()?,
            likeness: self.likeness,
        })
    }
}

macro_rules! columns {
    () => {
        "i.id, i.content, i.reviewer_id, i.stage, i.open, i.choice, i.likeness"
    };
}
pub(super) use columns;

/// What a reviewer's items are grouped by, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct PileGroup {
    /// The person, application or thing; its kind follows from what was asked for.
    pub object: i64,
    /// Items.
    pub items: i64,
    /// Those that are open.
    pub open: i64,
    /// Open ones that are flagged.
    pub flagged: i64,
}

macro_rules! grouped {
    ($column:literal) => {
        concat!(
            "SELECT ",
            $column,
            " AS object, count(*) AS items, CAST(sum(CASE WHEN i.open THEN 1 ELSE 0 END) AS BIGINT) AS open, \
             CAST(sum(CASE WHEN i.open AND i.flags > 0 THEN 1 ELSE 0 END) AS BIGINT) AS flagged \
             FROM review_item i WHERE i.campaign_id = $1 AND i.reviewer_id = $2 GROUP BY ",
            $column,
            " ORDER BY ",
            $column,
            " LIMIT $3"
        )
    };
}

macro_rules! in_group {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM review_item i WHERE i.campaign_id = $1 AND i.reviewer_id = $2 AND i.id > $3",
            $condition,
            " ORDER BY i.id LIMIT $4"
        )
    };
}

impl ReadTx {
    /// Items by their numbers, in their order; unknown ones are left out.
    #[boxed]
    pub async fn review_items(
        &mut self,
        campaign: CampaignId,
        numbers: &[u64],
    ) -> Result<Vec<ReviewItem>> {
        let text = of_keys!(
            self,
            columns!(),
            "review_item i",
            "i.id = CAST(k.value AS BIGINT) AND i.campaign_id = $2"
        );
        let wanted = keys(numbers.iter().map(|number| row_id(campaign, *number)));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(campaign.raw()).fetch_all(c).await)?;
        let mut items: Vec<ReviewItem> = rows
            .into_iter()
            .map(Row::into_item)
            .collect::<Result<_>>()?;
        items.sort_unstable_by_key(|item| item.facts.number);
        Ok(items)
    }

    /// What a reviewer's items are of: people (or other holders), applications or things, with numbers, in the order of ids.
    #[boxed]
    pub async fn pile_groups(
        &mut self,
        campaign: CampaignId,
        reviewer: IdentityId,
        by: ObjectKind,
        most: i64,
    ) -> Result<Vec<PileGroup>> {
        let text = match by {
            ObjectKind::Application => grouped!("i.application_id"),
            ObjectKind::Entitlement => grouped!("i.what_id"),
            _ => grouped!("i.holder_id"),
        };
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(reviewer.raw())
            .bind(most)
            .fetch_all(c).await)?)
    }

    /// A reviewer's items after a number, of one group or all, also those that are decided.
    #[boxed]
    pub async fn pile_items(
        &mut self,
        campaign: CampaignId,
        reviewer: IdentityId,
        group: Option<(ObjectKind, i64)>,
        after: u64,
        most: i64,
    ) -> Result<Vec<ReviewItem>> {
        let (text, object) = match group {
            None => (in_group!(" AND i.holder_id <> $5"), -1),
            Some((ObjectKind::Application, id)) => (in_group!(" AND i.application_id = $5"), id),
            Some((ObjectKind::Entitlement, id)) => (in_group!(" AND i.what_id = $5"), id),
            Some((_, id)) => (in_group!(" AND i.holder_id = $5"), id),
        };
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(reviewer.raw())
            .bind(row_id(campaign, after))
            .bind(most)
            .bind(object)
            .fetch_all(c).await)?;
        rows.into_iter().map(Row::into_item).collect()
    }
}

impl WriteTx {
    /// Items, by their numbers, are elsewhere after an act. What is said here follows from the records that are written with
    /// it.
    #[boxed]
    pub async fn move_items(
        &mut self,
        campaign: CampaignId,
        moved: &[(u64, Standing)],
    ) -> Result<()> {
        let rows = Rows::of(moved, |cells, (number, one)| {
            cells.number(row_id(campaign, *number));
            cells.number(one.reviewer.raw());
            cells.number(i64::from(one.stage));
            cells.flag(one.open);
            cells.maybe_text(one.choice.map(Choice::word));
        });
        let text = of_rows!(
            self,
            "WITH r (id, reviewer_id, stage, open, choice) AS (SELECT ",
            [number 0, number 1, number 2, flag 3, text 4],
            ") UPDATE review_item SET reviewer_id = r.reviewer_id, stage = r.stage, open = r.open, choice = r.choice \
             FROM r WHERE review_item.id = r.id"
        );
        on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(drop))?;
        Ok(())
    }
}
