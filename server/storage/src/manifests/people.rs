//! Of whom runs changed what sources see, by the records of what they did.
//!
//! A record is looked at as text: a run that brought everything wrote millions, and reading an id costs more than the rest.

use std::collections::{BTreeSet, HashSet};

use crate::boxed;
use domain::id::IdentityId;
use domain::time::Instant;

use super::read::{Row, into_chunk};
use crate::column::At;
use crate::engine::ReadTx;
use crate::{Error, Result};

/// In a record about an access, before its person. Nothing in a record is escaped.
const PERSON: &str = ",\"identity\":\"";

/// In a record about an access that stays, of which a source says other days.
const STAYS: &str = "\"change\":\"changed\"";

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
        let (mut all, mut known, mut place) = (BTreeSet::new(), HashSet::new(), (0, 0));
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
            for person in chunk.lines().filter_map(person) {
                if known.contains(person) {
                    continue;
                }
                let id: IdentityId = person
                    .parse()
                    .map_err(|_| Error::damaged(format!("a manifest's person: {person}")))?;
                all.insert(id.raw());
                known.insert(person.to_owned());
            }
        }
        Ok(all.into_iter().take(most).collect())
    }
}

/// The person of a record about an access that begins or ends.
fn person(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once(PERSON)?;
    let (person, _) = rest.split_once('"')?;
    (!before.contains(STAYS)).then_some(person)
}
