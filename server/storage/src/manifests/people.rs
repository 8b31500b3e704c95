//! Of whom runs changed what sources see, by the records of what they did.

use std::collections::BTreeSet;

use crate::boxed;
use domain::source::{RowChange, RowSubject};
use domain::time::Instant;

use super::read::{Row, into_chunk};
use super::record;
use crate::Result;
use crate::column::At;
use crate::engine::ReadTx;

impl ReadTx {
    /// Of whom a source saw an access for the first time, or no longer, after one moment and up to another. In the order of
    /// ids, each once; at most so many, and then not all.
    #[boxed]
    pub async fn people_seen_otherwise(
        &mut self,
        (after, until): (Instant, Instant),
        most: usize,
    ) -> Result<Vec<i64>> {
        let text = "SELECT run_id, ordinal, first_leaf, leaves, recorded, body FROM manifest_chunk \
                    WHERE (run_id, ordinal) > ($1, $2) AND recorded > $3 AND recorded <= $4 ORDER BY run_id, ordinal LIMIT 1";
        let (mut all, mut place) = (BTreeSet::new(), (0, 0));
        while all.len() < most {
            let row: Option<Row> = on!(self, c => sqlx::query_as(text)
                .bind(place.0)
                .bind(place.1)
                .bind(At(after))
                .bind(At(until))
                .fetch_optional(c).await)?;
            let Some(row) = row else { break };
            let chunk = into_chunk(row)?;
            place = (chunk.run.raw(), chunk.ordinal);
            // Most records are about objects, or about days of an access that stays.
            let about_access = chunk
                .lines()
                .filter(|line| line.contains("\"identity\":\""));
            for line in about_access {
                let record = record::read(line)?;
                if let RowSubject::Access { identity, .. } = record.about
                    && record.change != RowChange::Changed
                {
                    all.insert(identity.raw());
                }
            }
        }
        Ok(all.into_iter().take(most).collect())
    }
}
