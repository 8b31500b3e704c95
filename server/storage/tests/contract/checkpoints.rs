//! Signed tree heads and the hashes of subtrees.

use storage::audit::StoredCheckpoint;
use testkit::{START, both_engines};

use crate::support::commit;

fn checkpoint(size: i64) -> StoredCheckpoint {
    StoredCheckpoint {
        size,
        root: vec![0, 255],
        frontier: vec![1; 64],
        note: format!("bailiwick\n{size}\n\n— ü"),
        created: START.plus(size),
    }
}

#[tokio::test]
async fn checkpoints_are_kept_as_they_were_first_stored() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        assert_eq!(tx.latest_checkpoint().await.unwrap(), None);
        for size in [3, 10, 7] {
            tx.insert_checkpoint(&checkpoint(size)).await.unwrap();
        }
        tx.insert_checkpoint(&StoredCheckpoint {
            note: "another".to_owned(),
            ..checkpoint(10)
        })
        .await
        .unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(
            read.latest_checkpoint().await.unwrap(),
            Some(checkpoint(10))
        );
        assert_eq!(
            read.checkpoints_above(0, 2).await.unwrap(),
            [checkpoint(3), checkpoint(7)]
        );
        assert_eq!(
            read.checkpoints_above(3, 9).await.unwrap(),
            [checkpoint(7), checkpoint(10)]
        );
        assert_eq!(read.checkpoints_above(10, 9).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn nodes_are_kept_by_level_and_position() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        for (level, position, byte) in [(1, 1, 11), (1, 0, 10), (2, 0, 20), (1, 2, 12), (1, 1, 99)]
        {
            tx.insert_audit_node(level, position, &[byte; 32])
                .await
                .unwrap();
        }
        assert_eq!(tx.audit_nodes(1, 1, 9).await.unwrap(), [[11; 32], [12; 32]]);
        assert_eq!(tx.audit_nodes(1, 0, 2).await.unwrap(), [[10; 32], [11; 32]]);
        assert_eq!(tx.audit_nodes(3, 0, 9).await.unwrap(), [[0; 32]; 0]);
        assert_eq!(
            tx.nodes_to_check(1, 1, 9).await.unwrap(),
            [(1, vec![11; 32]), (2, vec![12; 32])]
        );
    })
    .await;
}

#[tokio::test]
async fn a_node_that_the_log_is_too_short_for_is_found() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        tx.insert_audit_node(1, 0, &[1; 32]).await.unwrap();
        tx.insert_audit_node(1, 255, &[1; 32]).await.unwrap();
        tx.insert_audit_node(2, 0, &[1; 32]).await.unwrap();
        assert_eq!(tx.node_beyond(65_536).await.unwrap(), None);
        assert_eq!(tx.node_beyond(65_535).await.unwrap(), Some((1, 255)));
        assert_eq!(tx.node_beyond(255).await.unwrap(), Some((1, 0)));
        assert_eq!(tx.node_beyond(i64::MAX).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn leaf_hashes_come_in_the_order_of_the_log() {
    both_engines(async |db| {
        for _ in 0..5 {
            commit(db.write().await, []).await;
        }
        let mut read = db.read().await;
        let mut hashes = Vec::new();
        for seq in 1..=5 {
            hashes.push(read.audit_leaf(seq).await.unwrap().unwrap().1);
        }
        assert_eq!(read.leaf_hashes(1, 9).await.unwrap(), hashes);
        assert_eq!(read.leaf_hashes(2, 3).await.unwrap(), hashes[1..4]);
        assert_eq!(read.leaf_hashes(6, 3).await.unwrap(), Vec::<Vec<u8>>::new());
    })
    .await;
}
