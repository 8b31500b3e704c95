//! Passwords and one-time links.

use domain::id::IdentityId;
use domain::time::{HOUR, SECOND};
use testkit::{START, both_engines};

const ANA: IdentityId = IdentityId::from_raw(1);
const BEN: IdentityId = IdentityId::from_raw(2);

#[tokio::test]
async fn a_password_is_replaced() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        assert!(!tx.any_password().await.unwrap());
        assert_eq!(tx.password_hash(ANA).await.unwrap(), None);
        tx.put_password(ANA, "$argon2id$one").await.unwrap();
        tx.put_password(ANA, "$argon2id$two").await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert!(read.any_password().await.unwrap());
        assert_eq!(
            read.password_hash(ANA).await.unwrap().as_deref(),
            Some("$argon2id$two")
        );
        assert_eq!(read.password_hash(BEN).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_the_only_one_and_ends_with_its_hour() {
    both_engines(async |db| {
        let end = START.plus(HOUR);
        let mut tx = db.write().await;
        tx.put_link(ANA, b"old", end).await.unwrap();
        tx.put_link(ANA, b"new", end).await.unwrap();
        tx.put_link(BEN, b"ben", end.plus(SECOND)).await.unwrap();
        assert_eq!(tx.link_owner(b"old", START).await.unwrap(), None);
        assert_eq!(tx.link_owner(b"new", START).await.unwrap(), Some(ANA));
        assert_eq!(
            tx.link_owner(b"new", end.plus(-1)).await.unwrap(),
            Some(ANA)
        );
        assert_eq!(tx.link_owner(b"new", end).await.unwrap(), None);
        tx.drop_expired_links(end).await.unwrap();
        assert_eq!(tx.link_owner(b"new", START).await.unwrap(), None);
        assert_eq!(tx.link_owner(b"ben", START).await.unwrap(), Some(BEN));
    })
    .await;
}

#[tokio::test]
async fn a_new_password_uses_up_the_links_of_its_owner_alone() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        tx.put_link(ANA, b"ana", START.plus(HOUR)).await.unwrap();
        tx.put_link(BEN, b"ben", START.plus(HOUR)).await.unwrap();
        tx.put_password(ANA, "$argon2id$").await.unwrap();
        assert_eq!(tx.link_owner(b"ana", START).await.unwrap(), None);
        assert_eq!(tx.link_owner(b"ben", START).await.unwrap(), Some(BEN));
        tx.drop_links(BEN).await.unwrap();
        assert_eq!(tx.link_owner(b"ben", START).await.unwrap(), None);
    })
    .await;
}
