//! Manifests: the stored row records of a bulk act, bound to its entry by one Merkle root.
//!
//! Each row is hashed like an entry of the log (RFC 6962 leaf over RFC 8785 bytes), so a single row is proven with the
//! same proofs as an entry, without showing the others. Rows have the order in which they are stored.

use serde::Serialize;

use crate::canonical::{self, NotCanonical};
use crate::hash::{Hash, leaf_hash};
use crate::tree::{Frontier, ProveError, inclusion_proof, root_of};

/// The leaf hash of a row record.
pub fn row<T: Serialize + ?Sized>(record: &T) -> Result<Hash, NotCanonical> {
    canonical::to_vec(record).map(|bytes| leaf_hash(&bytes))
}

/// The root over the leaf hashes of all rows, in one pass and constant memory.
pub fn root(rows: impl Iterator<Item = Hash>) -> Hash {
    let mut frontier = Frontier::new();
    rows.for_each(|row| frontier.push(row));
    frontier.root()
}

/// The path from one row to the root, for [`crate::tree::verify_inclusion`]. Reads every row once.
pub fn inclusion(index: u64, rows: &[Hash]) -> Result<Vec<Hash>, ProveError<&'static str>> {
    inclusion_proof(index, rows.len() as u64, &mut |level, index| {
        let place = usize::try_from(index).ok();
        let subtree = place.and_then(|place| rows.chunks_exact(1 << level).nth(place));
        subtree.map(root_of).ok_or("the manifest has too few rows")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::tree::verify_inclusion;

    #[test]
    fn a_row_is_hashed_in_its_canonical_form() {
        assert_eq!(
            row(&json!({"b": 1, "a": null})),
            Ok(leaf_hash(br#"{"a":null,"b":1}"#))
        );
        assert_eq!(row(&json!([0.5])), Err(NotCanonical::Float));
    }

    proptest! {
        #[test]
        fn every_row_is_provable(count in 1_u64..80, index: prop::sample::Index) {
            let rows: Vec<_> = (0..count).map(|number| row(&number).unwrap()).collect();
            let root = root(rows.iter().copied());
            let index = index.index(rows.len());
            let proof = inclusion(index as u64, &rows).unwrap();
            prop_assert!(verify_inclusion(index as u64, count, &rows[index], &proof, &root).is_ok());
            prop_assert!(inclusion(count, &rows).is_err());
        }
    }
}
