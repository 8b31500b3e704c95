//! What evidence is made of, in the order of its leaves: a population, what acts did, and the entries that bind them.
//!
//! Rows come as they are, with the columns that repeat their content: comparing them is what evidence is for.

use std::collections::VecDeque;

use crate::boxed;
use domain::id::{CampaignId, ObjectRef};
use domain::review::Facts;

use super::population::{likeness, row_id};
use crate::Result;
use crate::engine::ReadTx;

/// A tree as its row says it is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TreeRow {
    /// Its number: 0 is the population, the others are acts.
    pub tree: i64,
    /// The word of the act in the log.
    pub action: String,
    /// Its right edge.
    pub frontier: Vec<u8>,
    /// How many records it has.
    pub records: i64,
    /// The number of the entry that binds it; none while it is not complete.
    pub seq: Option<i64>,
}

/// The columns of an item that repeat what is in its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct ItemColumns {
    id: i64,
    campaign_id: i64,
    holder_id: i64,
    what_id: i64,
    /// Its application; 0 for a role.
    pub application_id: i64,
    flags: i64,
    likeness: i64,
}

impl ItemColumns {
    /// The first column that does not say what the frozen facts say. The application is not among them.
    pub fn misfit(&self, campaign: CampaignId, facts: &Facts) -> Option<&'static str> {
        let flags = i64::try_from(facts.flags.len()).unwrap_or(i64::MAX);
        let columns = [
            ("id", self.id, row_id(campaign, facts.number)),
            ("campaign_id", self.campaign_id, campaign.raw()),
            ("holder_id", self.holder_id, facts.holder.raw),
            ("what_id", self.what_id, facts.what.raw),
            ("flags", self.flags, flags),
            ("likeness", self.likeness, likeness(facts)),
        ];
        let wrong = columns.into_iter().find(|(_, kept, said)| kept != said);
        wrong.map(|(name, _, _)| name)
    }
}

/// Where an item is as its columns say, beside what was frozen of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StandingRow {
    id: i64,
    /// What was frozen, as JSON.
    pub content: String,
    /// The column `reviewer_id`.
    pub reviewer_id: i64,
    /// The column `stage`.
    pub stage: i64,
    /// The column `open`.
    pub open: bool,
    /// The column `choice`.
    pub choice: Option<String>,
}

impl StandingRow {
    /// The item's number.
    pub fn number(&self) -> u64 {
        u64::try_from(self.id & i64::from(u32::MAX)).unwrap_or(0)
    }
}

/// Which row of a population it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PopulationPlace {
    /// A person or thing: the columns `kind` and `object_id`.
    Subject(String, i64),
    /// An item.
    Item(ItemColumns),
    /// What is left out: the column `id`.
    Excluded(i64),
}

impl PopulationPlace {
    /// The number of the item or of what is left out, by the column `id`.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Subject(..) => None,
            Self::Item(ItemColumns { id, .. }) | Self::Excluded(id) => {
                u64::try_from(id & i64::from(u32::MAX)).ok()
            }
        }
    }
}

/// A row of a population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopulationRow {
    /// Its place in the tree, by the column `leaf`.
    pub leaf: i64,
    /// The canonical JSON of the leaf.
    pub content: String,
    /// Which row it is.
    pub place: PopulationPlace,
}

/// How far a population was read, and what was read ahead: rows of three tables in one order.
#[derive(Debug)]
pub struct PopulationReader {
    campaign: CampaignId,
    after: [i64; 3],
    ahead: [VecDeque<PopulationRow>; 3],
    done: [bool; 3],
}

impl PopulationReader {
    /// Before the first row.
    pub fn new(campaign: CampaignId) -> Self {
        let first = row_id(campaign, 0);
        Self {
            campaign,
            after: [i64::MIN, first, first],
            ahead: Default::default(),
            done: [false; 3],
        }
    }

    /// Moves rows into their order, until some must be read first.
    fn merge(&mut self, most: usize, merged: &mut Vec<PopulationRow>) {
        while merged.len() < most {
            let mut least: Option<(i64, usize)> = None;
            for (table, rows) in self.ahead.iter().enumerate() {
                match rows.front() {
                    Some(row) if least.is_none_or(|(leaf, _)| row.leaf < leaf) => {
                        least = Some((row.leaf, table));
                    }
                    Some(_) => {}
                    None if self.done[table] => {}
                    None => return,
                }
            }
            let Some((_, table)) = least else { return };
            merged.extend(self.ahead[table].pop_front());
        }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct ItemRow {
    leaf: i64,
    content: String,
    #[sqlx(flatten)]
    columns: ItemColumns,
}

impl ReadTx {
    /// The next rows of a population, at most so many; none after the last. They come in the order of their leaves as long
    /// as nobody changed the column `leaf`.
    #[boxed]
    pub async fn population_rows(
        &mut self,
        reader: &mut PopulationReader,
        most: i64,
    ) -> Result<Vec<PopulationRow>> {
        let limit = usize::try_from(most).unwrap_or(usize::MAX);
        let mut merged = Vec::new();
        loop {
            for table in 0..3 {
                if reader.ahead[table].is_empty() && !reader.done[table] {
                    let rows = match table {
                        0 => self.subject_rows(reader, most).await?,
                        1 => self.item_rows(reader, most).await?,
                        _ => self.excluded_rows(reader, most).await?,
                    };
                    reader.done[table] = rows.is_empty();
                    reader.ahead[table] = rows;
                }
            }
            reader.merge(limit, &mut merged);
            let ended = (0..3).all(|table| reader.done[table] && reader.ahead[table].is_empty());
            if ended || !merged.is_empty() {
                return Ok(merged);
            }
        }
    }

    async fn subject_rows(
        &mut self,
        reader: &mut PopulationReader,
        most: i64,
    ) -> Result<VecDeque<PopulationRow>> {
        let text = "SELECT s.leaf, s.content, s.kind, s.object_id FROM review_subject s \
                    WHERE s.campaign_id = $1 AND s.leaf > $2 ORDER BY s.leaf LIMIT $3";
        let rows: Vec<(i64, String, String, i64)> = on!(self, c => sqlx::query_as(text)
            .bind(reader.campaign.raw())
            .bind(reader.after[0])
            .bind(most)
            .fetch_all(c).await)?;
        reader.after[0] = rows.last().map_or(reader.after[0], |row| row.0);
        let rows = rows
            .into_iter()
            .map(|(leaf, content, kind, object)| PopulationRow {
                leaf,
                content,
                place: PopulationPlace::Subject(kind, object),
            });
        Ok(rows.collect())
    }

    async fn item_rows(
        &mut self,
        reader: &mut PopulationReader,
        most: i64,
    ) -> Result<VecDeque<PopulationRow>> {
        let text = "SELECT i.leaf, i.content, i.id, i.campaign_id, i.holder_id, i.what_id, i.application_id, i.flags, i.likeness \
                    FROM review_item i WHERE i.id > $1 AND i.id <= $2 ORDER BY i.id LIMIT $3";
        let rows: Vec<ItemRow> = on!(self, c => sqlx::query_as(text)
            .bind(reader.after[1])
            .bind(row_id(reader.campaign, u64::from(u32::MAX)))
            .bind(most)
            .fetch_all(c).await)?;
        reader.after[1] = rows.last().map_or(reader.after[1], |row| row.columns.id);
        let rows = rows.into_iter().map(|row| PopulationRow {
            leaf: row.leaf,
            content: row.content,
            place: PopulationPlace::Item(row.columns),
        });
        Ok(rows.collect())
    }

    async fn excluded_rows(
        &mut self,
        reader: &mut PopulationReader,
        most: i64,
    ) -> Result<VecDeque<PopulationRow>> {
        let text = "SELECT i.leaf, i.content, i.id FROM review_excluded i WHERE i.id > $1 AND i.id <= $2 ORDER BY i.id LIMIT $3";
        let rows: Vec<(i64, String, i64)> = on!(self, c => sqlx::query_as(text)
            .bind(reader.after[2])
            .bind(row_id(reader.campaign, u64::from(u32::MAX)))
            .bind(most)
            .fetch_all(c).await)?;
        reader.after[2] = rows.last().map_or(reader.after[2], |row| row.2);
        let rows = rows.into_iter().map(|(leaf, content, id)| PopulationRow {
            leaf,
            content,
            place: PopulationPlace::Excluded(id),
        });
        Ok(rows.collect())
    }

    /// Where the items of a campaign are after a number, in their order, as their columns say.
    #[boxed]
    pub async fn item_standings(
        &mut self,
        campaign: CampaignId,
        after: u64,
        most: i64,
    ) -> Result<Vec<StandingRow>> {
        let text = "SELECT i.id, i.content, i.reviewer_id, i.stage, i.open, i.choice FROM review_item i \
                    WHERE i.id > $1 AND i.id <= $2 ORDER BY i.id LIMIT $3";
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(row_id(campaign, after))
            .bind(row_id(campaign, u64::from(u32::MAX)))
            .bind(most)
            .fetch_all(c).await)?)
    }

    /// The records of an act after a place, in their order: place, the row of the item as the column `item_id` says, and the
    /// canonical JSON of the leaf.
    #[boxed]
    pub async fn act_records(
        &mut self,
        campaign: CampaignId,
        tree: i64,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, i64, String)>> {
        let text = "SELECT r.place, r.item_id, r.content FROM review_record r \
                    WHERE r.campaign_id = $1 AND r.tree = $2 AND r.place > $3 ORDER BY r.place LIMIT $4";
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(campaign.raw())
            .bind(tree)
            .bind(after)
            .bind(most)
            .fetch_all(c).await)?)
    }

    /// The trees of a campaign as their rows say they are, by number.
    #[boxed]
    pub async fn tree_rows(&mut self, campaign: CampaignId) -> Result<Vec<TreeRow>> {
        let text = "SELECT tree, action, frontier, records, seq FROM review_tree WHERE campaign_id = $1 ORDER BY tree";
        Ok(on!(self, c => sqlx::query_as(text).bind(campaign.raw()).fetch_all(c).await)?)
    }

    /// The next tree of a campaign after one, whether a row of its own, records or leaves tell of it.
    #[boxed]
    pub async fn tree_after(&mut self, campaign: CampaignId, after: i64) -> Result<Option<i64>> {
        let text = "SELECT min(least) FROM (\
                    SELECT min(tree) AS least FROM review_tree WHERE campaign_id = $1 AND tree > $2 UNION ALL \
                    SELECT min(tree) FROM review_leaves WHERE campaign_id = $1 AND tree > $2 UNION ALL \
                    SELECT min(tree) FROM review_record WHERE campaign_id = $1 AND tree > $2) AS trees";
        Ok(
            on!(self, c => sqlx::query_scalar(text).bind(campaign.raw()).bind(after).fetch_one(c).await)?,
        )
    }

    /// Campaigns after an id of which there is anything in the tables of trees, leaves and records.
    #[boxed]
    pub async fn campaigns_with_trees(
        &mut self,
        after: CampaignId,
        most: i64,
    ) -> Result<Vec<CampaignId>> {
        let text = "SELECT campaign_id FROM review_tree WHERE campaign_id > $1 UNION \
                    SELECT campaign_id FROM review_leaves WHERE campaign_id > $1 UNION \
                    SELECT campaign_id FROM review_record WHERE campaign_id > $1 UNION \
                    SELECT campaign_id FROM review_subject WHERE campaign_id > $1 ORDER BY 1 LIMIT $2";
        let rows: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(after.raw()).bind(most).fetch_all(c).await)?;
        Ok(rows.into_iter().map(CampaignId::from_raw).collect())
    }

    /// Entries about an object after a number, in the order of the log: number and leaf.
    #[boxed]
    pub async fn entries_of(
        &mut self,
        object: ObjectRef,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>> {
        let text = "SELECT e.seq, e.leaf FROM audit_entry e WHERE e.seq IN (SELECT DISTINCT t.seq FROM audit_target t \
                    WHERE t.kind = $1 AND t.object_id = $2 AND t.seq > $3 ORDER BY t.seq LIMIT $4) ORDER BY e.seq";
        Ok(on!(self, c => sqlx::query_as(text)
            .bind(object.kind.name())
            .bind(object.raw)
            .bind(after)
            .bind(most)
            .fetch_all(c).await)?)
    }
}
