//! The population of a campaign, written a part at a time while it is frozen.

use crate::boxed;
use domain::audit::Bulk;
use domain::id::{ApplicationId, CampaignId, IdentityId, ObjectKind};
use domain::review::{Excluded, Facts, Flag, Why};
use proof::hash::{Hash, leaf_hash};
use serde::{Deserialize, Serialize};

use super::Holder;
use super::trees::POPULATION;
use crate::engine::{ReadTx, WriteTx};
use crate::many::{Cell, Table};
use crate::{Error, Result};

/// What the tree of a population is called.
const ACTION: &str = "review.launched";

/// The tables of populations, at which the planner must look before a large one is read: a campaign that it does not know seems
/// to have no rows, and any way to them seems as good.
pub const POPULATION_TABLES: [&str; 4] = [
    "review_item",
    "review_subject",
    "review_holder",
    "review_pile",
];

/// A person or thing of a population, as it was when it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Which.
    pub id: domain::id::ObjectRef,
    /// Its name as people know it.
    pub name: String,
    /// Its technical name, or a person's username.
    pub technical: String,
    /// What it lets a person do; of a person title and department.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The application of an entitlement or account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
}

/// A record of a population, as it stands in the evidence.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Population<'a> {
    /// A person.
    Person(&'a Subject),
    /// Anything else that has a name.
    Thing(&'a Subject),
    /// An item.
    Item(&'a Facts),
    /// Something that is left out.
    Excluded(&'a Excluded),
}

/// The canonical JSON (RFC 8785) of a record and its leaf's hash (RFC 6962).
pub fn canonical(record: &Population<'_>) -> Result<(String, Hash)> {
    let bytes = proof::canonical::to_vec(record).map_err(|e| Error::Entry(e.to_string()))?;
    let hash = leaf_hash(&bytes);
    let text = String::from_utf8(bytes).map_err(|e| Error::Entry(e.to_string()))?;
    Ok((text, hash))
}

/// An item as it is written, with what its review counts of it.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Who decides it.
    pub reviewer: IdentityId,
    /// Why they do.
    pub why: Why,
    /// What is odd about it.
    pub flags: Vec<Flag>,
    /// Its application; none for a role.
    pub application: Option<ApplicationId>,
    number: u64,
    holder: i64,
    what: i64,
    likeness: i64,
    /// Its record and leaf.
    pub record: (String, Hash),
}

impl NewItem {
    /// Of its facts.
    pub fn new(facts: Facts, application: Option<ApplicationId>) -> Result<Self> {
        Ok(Self {
            reviewer: facts.reviewer,
            why: facts.why,
            application,
            number: facts.number,
            holder: facts.holder.raw,
            what: facts.what.raw,
            likeness: likeness(&facts),
            record: canonical(&Population::Item(&facts))?,
            flags: facts.flags,
        })
    }
}

/// Some of a population. The leaves are in the order of the fields.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// People and things that no chunk before had.
    pub subjects: Vec<(Subject, (String, Hash))>,
    /// Items.
    pub items: Vec<NewItem>,
    /// What is left out.
    pub excluded: Vec<(Excluded, (String, Hash))>,
    /// Where the items about people are; no leaves, because items say themselves whose they are.
    pub holders: Vec<Holder>,
}

impl Chunk {
    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.subjects.is_empty()
            && self.items.is_empty()
            && self.excluded.is_empty()
            && self.holders.is_empty()
    }

    fn leaves(&self) -> Vec<Hash> {
        let subjects = self.subjects.iter().map(|(_, record)| record.1);
        let items = self.items.iter().map(|item| item.record.1);
        let excluded = self.excluded.iter().map(|(_, record)| record.1);
        subjects.chain(items).chain(excluded).collect()
    }
}

/// The row of an item or of something left out: its campaign's number in the upper half, its own in the lower.
pub fn row_id(campaign: CampaignId, number: u64) -> i64 {
    (campaign.raw() << 32) | i64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// What looks the same has the same number.
pub(super) fn likeness(facts: &Facts) -> i64 {
    let hash = leaf_hash(facts.likeness().as_bytes()).0;
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first)
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl ReadTx {
    /// How many records, items and things left out a population has so far.
    #[boxed]
    pub async fn population_written(&mut self, campaign: CampaignId) -> Result<(u64, u64, u64)> {
        let (_, records) = self.tree_edge(campaign, POPULATION).await?;
        let (low, high) = (row_id(campaign, 0), row_id(campaign, u64::from(u32::MAX)));
        let mut last = [0; 2];
        let texts = [
            "SELECT COALESCE(max(id), 0) FROM review_item WHERE id > $1 AND id <= $2",
            "SELECT COALESCE(max(id), 0) FROM review_excluded WHERE id > $1 AND id <= $2",
        ];
        for (last, text) in last.iter_mut().zip(texts) {
            let id: i64 =
                on!(self, c => sqlx::query_scalar(text).bind(low).bind(high).fetch_one(c).await)?;
            *last = u64::try_from(id & 0xffff_ffff).unwrap_or(0);
        }
        let [items, excluded] = last;
        Ok((u64::try_from(records).unwrap_or(0), items, excluded))
    }
}

impl WriteTx {
    /// Writes a part of a population with its leaves.
    #[boxed]
    pub async fn append_population(&mut self, campaign: CampaignId, chunk: &Chunk) -> Result<()> {
        let written = self.put_chunk(campaign, chunk).await;
        self.whole(written)
    }

    async fn put_chunk(&mut self, campaign: CampaignId, chunk: &Chunk) -> Result<()> {
        self.put_holders(campaign, &chunk.holders).await?;
        let leaves = chunk.leaves();
        if leaves.is_empty() {
            return Ok(());
        }
        let first = self
            .append_leaves(campaign, POPULATION, ACTION, &leaves)
            .await?;
        self.put_subjects(campaign, chunk, first).await?;
        let first = first + number(chunk.subjects.len());
        self.put_items(campaign, chunk, first).await?;
        let first = first + number(chunk.items.len());
        let rows = (first..).zip(&chunk.excluded);
        let rows = rows.map(|(leaf, (one, record))| {
            [
                Cell::Number(row_id(campaign, one.number)),
                Cell::Number(leaf),
                Cell::Text(&record.0),
            ]
        });
        EXCLUDED.add(&mut self.conn, rows).await
    }

    async fn put_subjects(
        &mut self,
        campaign: CampaignId,
        chunk: &Chunk,
        first: i64,
    ) -> Result<()> {
        let rows = (first..).zip(&chunk.subjects);
        let rows = rows.map(|(leaf, (one, record))| {
            [
                Cell::Number(campaign.raw()),
                Cell::Text(one.id.kind.name()),
                Cell::Number(one.id.raw),
                Cell::Number(leaf),
                Cell::Text(&record.0),
            ]
        });
        SUBJECT.add(&mut self.conn, rows).await
    }

    async fn put_items(&mut self, campaign: CampaignId, chunk: &Chunk, first: i64) -> Result<()> {
        let rows = (first..).zip(&chunk.items);
        let rows = rows.map(|(leaf, item)| {
            [
                Cell::Number(row_id(campaign, item.number)),
                Cell::Number(leaf),
                Cell::Text(&item.record.0),
                Cell::Number(item.holder),
                Cell::Number(item.what),
                Cell::Number(item.application.map_or(0, ApplicationId::raw)),
                Cell::Number(number(item.flags.len())),
                Cell::Number(item.likeness),
                Cell::Number(campaign.raw()),
                Cell::Number(item.reviewer.raw()),
                Cell::Number(0),
                Cell::Flag(true),
            ]
        });
        ITEM.add(&mut self.conn, rows).await
    }

    /// The population is complete. The first event of this transaction's commit must be the one that says so and carry the
    /// answer, completed by the totals.
    #[boxed]
    pub async fn bind_population(&mut self, campaign: CampaignId) -> Result<Bulk> {
        self.bind_tree(campaign, POPULATION).await
    }
}

const SUBJECT: Table<5> = Table {
    name: "review_subject",
    columns: ["campaign_id", "kind", "object_id", "leaf", "content"],
};

const ITEM: Table<12> = Table {
    name: "review_item",
    columns: [
        "id",
        "leaf",
        "content",
        "holder_id",
        "what_id",
        "application_id",
        "flags",
        "likeness",
        "campaign_id",
        "reviewer_id",
        "stage",
        "open",
    ],
};

const EXCLUDED: Table<3> = Table {
    name: "review_excluded",
    columns: ["id", "leaf", "content"],
};

impl ReadTx {
    /// People or things of a population as they were; unknown ones are left out.
    #[boxed]
    pub async fn review_subjects(
        &mut self,
        campaign: CampaignId,
        kind: ObjectKind,
        ids: &[i64],
    ) -> Result<Vec<Subject>> {
        let text = of_keys!(
            self,
            "s.content",
            "review_subject s",
            "s.campaign_id = $2 AND s.kind = $3 AND s.object_id = CAST(k.value AS BIGINT)"
        );
        let wanted = crate::bulk::keys(ids.iter().copied());
        let rows: Vec<String> = on!(self, c => sqlx::query_scalar(text)
            .bind(&wanted)
            .bind(campaign.raw())
            .bind(kind.name())
            .fetch_all(c).await)?;
        let read = |text: String| {
            serde_json::from_str(&text)
                .map_err(|error| Error::damaged(format!("review_subject of {campaign}: {error}")))
        };
        rows.into_iter().map(read).collect()
    }
}
