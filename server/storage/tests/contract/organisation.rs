//! The organisation.

use domain::organisation::Organisation;
use testkit::both_engines;

use crate::support::commit;

#[tokio::test]
async fn it_is_there_once_it_was_set_up() {
    both_engines(async |db| {
        assert_eq!(db.read().await.organisation().await.unwrap(), None);
        let organisation = Organisation {
            name: "Água & Söhne".to_owned(),
            zone: "Europe/Lisbon".to_owned(),
        };
        let mut tx = db.write().await;
        let target = tx.insert_organisation(&organisation).await.unwrap();
        assert_eq!(target.object.kind, domain::id::ObjectKind::Organisation);
        assert!(target.content.is_some());
        commit(tx, [target]).await;
        assert_eq!(
            db.read().await.organisation().await.unwrap(),
            Some(organisation)
        );
    })
    .await;
}
