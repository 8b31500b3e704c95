//! To whom one condition applies: everybody who is there, a part at a time.

use domain::id::IdentityId;
use policy::Condition;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::compiled::facts_of;
use crate::Result;

/// People read at a time.
const CHUNK: i64 = 5_000;

/// People to whom a condition applies.
pub(super) async fn people(tx: &mut ReadTx, condition: &Condition) -> Result<RoaringTreemap> {
    let mut all = RoaringTreemap::new();
    let mut after = 0;
    loop {
        let people = tx.identities_after(after, CHUNK).await?;
        let Some(last) = people.last() else {
            return Ok(all);
        };
        after = last.id.raw();
        let seen: Vec<_> = people.iter().collect();
        let facts = facts_of(tx, &seen, condition.reads().contains("manager")).await?;
        for (person, facts) in people.iter().zip(&facts) {
            // What cannot be decided does not apply.
            if condition.holds(facts).unwrap_or(false) {
                all.extend(u64::try_from(person.id.raw()).ok());
            }
        }
    }
}

/// Ids of a set.
pub(super) fn ids(people: &RoaringTreemap) -> Vec<IdentityId> {
    let people = people.iter().filter_map(|id| i64::try_from(id).ok());
    people.map(IdentityId::from_raw).collect()
}
