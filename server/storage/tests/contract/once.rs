//! A form that is sent twice is carried out once.

use testkit::{START, both_engines};

#[tokio::test]
async fn a_form_is_remembered_with_what_it_did_and_forgotten_later() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        assert_eq!(tx.carried_out(b"key").await.unwrap(), None);
        tx.remember_carried_out(b"key", "idn_1").await.unwrap();
        assert_eq!(
            tx.carried_out(b"key").await.unwrap().as_deref(),
            Some("idn_1")
        );
        tx.commit_unaudited("a test").await.unwrap();
        let mut tx = db.write().await;
        assert_eq!(
            tx.carried_out(b"key").await.unwrap().as_deref(),
            Some("idn_1")
        );
        assert_eq!(tx.carried_out(b"other").await.unwrap(), None);
        tx.forget_carried_out(START).await.unwrap();
        assert!(tx.carried_out(b"key").await.unwrap().is_some());
        tx.forget_carried_out(START.plus(1)).await.unwrap();
        assert_eq!(tx.carried_out(b"key").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_form_is_forgotten_with_its_transaction() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        tx.remember_carried_out(b"key", "idn_1").await.unwrap();
        assert!(tx.remember_carried_out(b"key", "idn_2").await.is_err());
        drop(tx);
        assert_eq!(db.write().await.carried_out(b"key").await.unwrap(), None);
    })
    .await;
}
