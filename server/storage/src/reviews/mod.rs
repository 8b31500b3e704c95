//! Access reviews: their definitions with every version, and their campaigns, populations and acts.

mod auditor_links;
mod campaigns;
mod clock;
mod evidence;
mod freezing;
mod items;
mod last;
mod listed;
mod persons;
mod piles;
mod population;
mod records;
mod remedies;
mod samples;
mod staged;
mod trees;

pub use auditor_links::{AuditorLink, NewAuditorLink};
pub use clock::TimedState;
pub use evidence::{
    ItemColumns, PopulationPlace, PopulationReader, PopulationRow, StandingRow, TreeRow,
};
pub use freezing::LastDecision;
pub use items::{PileGroup, ReviewItem};
pub use listed::ItemFilter;
pub use persons::Holder;
pub use piles::Pile;
pub use population::{Chunk, NewItem, POPULATION_TABLES, Population, Subject, canonical, row_id};
pub use records::{ActRecord, Written};
pub use remedies::RemedyRow;
pub use samples::{ActEntry, NumberReader, Sample};
pub use staged::Draft;

use crate::boxed;
use domain::audit::Target;
use domain::id::{ObjectKind, ReviewId};
use domain::review::{Review, ReviewContent};
use domain::text;
use domain::time::Instant;

use crate::column::{At, can_be_kept};
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

fn into_review(row: Row) -> Result<Review> {
    let (id, recorded_from, content) = row.read("review")?;
    Ok(Review {
        id: ReviewId::from_raw(id),
        recorded_from,
        content,
    })
}

impl ReadTx {
    /// The present version of a review.
    #[boxed]
    pub async fn review(&mut self, id: ReviewId) -> Result<Option<Review>> {
        let text = concat!(
            "SELECT ",
            document!("v"),
            " FROM review v WHERE v.id = $1 AND v.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(into_review).transpose()
    }

    /// The reviews that have not ended, by name. They are written by people: some dozens.
    #[boxed]
    pub async fn reviews(&mut self, most: i64) -> Result<Vec<Review>> {
        let text = concat!(
            "SELECT ",
            document!("v"),
            " FROM review v WHERE v.recorded_to IS NULL AND v.status <> 'ended' ORDER BY v.name_key, v.id LIMIT $1"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_review).collect()
    }

    /// The review of this name that has not ended; names differ in more than case.
    #[boxed]
    pub async fn review_named(&mut self, name: &str) -> Result<Option<ReviewId>> {
        let query = "SELECT id FROM review WHERE name_key = $1 AND recorded_to IS NULL AND status <> 'ended'";
        let key = text::key(name);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let id: Option<i64> =
            on!(self, c => sqlx::query_scalar(query).bind(&key).fetch_optional(c).await)?;
        Ok(id.map(ReviewId::from_raw))
    }
}

impl WriteTx {
    /// Adds a review.
    #[boxed]
    pub async fn insert_review(&mut self, content: &ReviewContent) -> Result<(ReviewId, Target)> {
        let id = ReviewId::from_raw(self.next_id(ObjectKind::Review).await?);
        let written = self.put_review(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_review(
        &mut self,
        id: ReviewId,
        expected: Instant,
        content: &ReviewContent,
    ) -> Result<Target> {
        let text = "UPDATE review SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_review(id, content).await;
        self.whole(written)
    }

    async fn put_review(&mut self, id: ReviewId, content: &ReviewContent) -> Result<Target> {
        let document = self.document(id, content)?;
        let recorded = At(self.recorded);
        let query = "INSERT INTO review (id, recorded_from, salt, content, name_key, status) VALUES ($1, $2, $3, $4, $5, $6)";
        on!(self, c => sqlx::query(query)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(text::key(&content.name))
            .bind(content.status.word())
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(document.target)
    }
}
