//! Roots against the recursive definition and the known vectors; proofs against verification and tampering.

use std::collections::HashMap;
use std::convert::Infallible;

use proptest::prelude::*;

use super::*;
use crate::hash::leaf_hash;

/// A store of nodes as the caller keeps one: it fails on any node that was never completed.
fn stored(leaves: &[Hash]) -> impl FnMut(u32, u64) -> Result<Hash, String> {
    let mut nodes = HashMap::new();
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.push_with(*leaf, |level, index, hash| {
            assert_eq!(nodes.insert((level, index), hash), None);
        });
    }
    move |level, index| {
        nodes
            .get(&(level, index))
            .copied()
            .ok_or(format!("no node {level}/{index}"))
    }
}

fn some_leaves(count: usize) -> Vec<Hash> {
    (0..count)
        .map(|number| leaf_hash(&number.to_be_bytes()))
        .collect()
}

#[test]
fn the_vectors_of_certificate_transparency_hold() {
    let data: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root().to_string(), roots[0]);
    for (data, root) in data.iter().zip(&roots[1..]) {
        frontier.push(leaf_hash(data));
        assert_eq!(frontier.root().to_string(), *root);
    }
}

#[test]
fn every_proof_of_every_small_tree_holds() {
    let leaves = some_leaves(40);
    let mut node = stored(&leaves);
    for size in 0..=leaves.len() {
        let root = root_of(&leaves[..size]);
        assert_eq!(root_at(size as u64, &mut node), Ok(root));
        for (index, leaf) in leaves[..size].iter().enumerate() {
            let proof = inclusion_proof(index as u64, size as u64, &mut node).unwrap();
            assert_eq!(
                verify_inclusion(index as u64, size as u64, leaf, &proof, &root),
                Ok(())
            );
        }
        for old in 0..=size {
            let proof = consistency_proof(old as u64, size as u64, &mut node).unwrap();
            let old_root = root_of(&leaves[..old]);
            assert_eq!(
                verify_consistency(old as u64, size as u64, &old_root, &root, &proof),
                Ok(())
            );
        }
    }
}

#[test]
fn what_is_out_of_range_is_refused() {
    let mut node = |_, _| Ok::<_, Infallible>(sha256(b""));
    assert_eq!(
        inclusion_proof(5, 5, &mut node),
        Err(ProveError::NoLeaf { index: 5, size: 5 })
    );
    assert_eq!(
        consistency_proof(6, 5, &mut node),
        Err(ProveError::Shrunk { old: 6, new: 5 })
    );
    let hash = sha256(b"");
    assert_eq!(verify_inclusion(5, 5, &hash, &[], &hash), Err(NotProven));
    assert_eq!(verify_inclusion(0, 0, &hash, &[], &hash), Err(NotProven));
    assert_eq!(verify_consistency(6, 5, &hash, &hash, &[]), Err(NotProven));
    assert_eq!(verify_consistency(5, 6, &hash, &hash, &[]), Err(NotProven));
    assert_eq!(
        verify_consistency(0, 6, &leaf_hash(b""), &hash, &[]),
        Err(NotProven)
    );
    let mut failing = |_, _| Err("gone");
    assert_eq!(
        inclusion_proof(0, 2, &mut failing),
        Err(ProveError::Node("gone"))
    );
}

#[test]
fn a_stored_edge_of_the_wrong_length_is_refused() {
    let mut frontier = Frontier::new();
    assert_eq!(
        Frontier::from_bytes(&frontier.to_bytes()),
        Ok(frontier.clone())
    );
    frontier.push(leaf_hash(b"a"));
    let bytes = frontier.to_bytes();
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Frontier::from_bytes(&bytes[..7]).is_err());
    assert!(Frontier::from_bytes(&[&bytes[..], &[0; 32]].concat()).is_err());
}

/// Every way to spoil a proof by one step: a changed, dropped, doubled or swapped hash.
fn spoiled(proof: &[Hash], at: usize, bit: usize) -> Vec<Vec<Hash>> {
    let mut longer = proof.to_vec();
    longer.push(longer.last().copied().unwrap_or(sha256(b"")));
    let mut all = vec![longer];
    if !proof.is_empty() {
        let at = at % proof.len();
        let mut changed = proof.to_vec();
        changed[at].0[bit / 8] ^= 1 << (bit % 8);
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        let mut swapped = proof.to_vec();
        swapped.swap(0, at);
        all.extend([changed, shorter]);
        if at > 0 {
            all.push(swapped);
        }
    }
    all
}

proptest! {
    #[test]
    fn the_edge_has_the_root_of_the_definition(count in 0_usize..600) {
        let leaves = some_leaves(count);
        let mut frontier = Frontier::new();
        for leaf in &leaves {
            frontier.push(*leaf);
        }
        prop_assert_eq!(frontier.root(), root_of(&leaves));
        prop_assert_eq!(frontier.size(), count as u64);
        prop_assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier.clone()));
        prop_assert_eq!(Frontier::load(count as u64, &mut stored(&leaves)), Ok(frontier));
    }

    #[test]
    fn inclusion_holds_and_tampering_fails(
        size in 1_usize..300, index: prop::sample::Index, at: usize, bit in 0_usize..256,
    ) {
        let leaves = some_leaves(size);
        let index = index.index(size);
        let (leaf, root) = (leaves[index], root_of(&leaves));
        let (index, size) = (index as u64, size as u64);
        let proof = inclusion_proof(index, size, &mut stored(&leaves)).unwrap();
        prop_assert_eq!(verify_inclusion(index, size, &leaf, &proof, &root), Ok(()));
        for proof in spoiled(&proof, at, bit) {
            prop_assert_eq!(verify_inclusion(index, size, &leaf, &proof, &root), Err(NotProven));
        }
        let mut other = leaf;
        other.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify_inclusion(index, size, &other, &proof, &root), Err(NotProven));
        prop_assert_eq!(verify_inclusion(index, size, &leaf, &proof, &other), Err(NotProven));
        if size > 1 {
            prop_assert_eq!(verify_inclusion((index + 1) % size, size, &leaf, &proof, &root), Err(NotProven));
        }
    }

    #[test]
    fn consistency_holds_and_tampering_fails(
        new in 2_usize..300, old: prop::sample::Index, at: usize, bit in 0_usize..256,
    ) {
        let leaves = some_leaves(new);
        let old = 1 + old.index(new - 1);
        let (old_root, new_root) = (root_of(&leaves[..old]), root_of(&leaves));
        let (old, new) = (old as u64, new as u64);
        let proof = consistency_proof(old, new, &mut stored(&leaves)).unwrap();
        prop_assert_eq!(verify_consistency(old, new, &old_root, &new_root, &proof), Ok(()));
        for proof in spoiled(&proof, at, bit) {
            prop_assert_eq!(verify_consistency(old, new, &old_root, &new_root, &proof), Err(NotProven));
        }
        let mut other = old_root;
        other.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify_consistency(old, new, &other, &new_root, &proof), Err(NotProven));
        prop_assert_eq!(verify_consistency(old, new, &old_root, &other, &proof), Err(NotProven));
    }

    #[test]
    fn a_rewritten_past_is_not_extended(new in 2_usize..200, old: prop::sample::Index, which: prop::sample::Index) {
        let honest = some_leaves(new);
        let old = 1 + old.index(new - 1);
        let mut rewritten = honest.clone();
        rewritten[which.index(old)] = leaf_hash(b"rewritten");
        let proof = consistency_proof(old as u64, new as u64, &mut stored(&rewritten)).unwrap();
        let (old_root, new_root) = (root_of(&honest[..old]), root_of(&rewritten));
        prop_assert_eq!(verify_consistency(old as u64, new as u64, &old_root, &new_root, &proof), Err(NotProven));
    }
}
