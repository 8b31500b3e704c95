//! Sources: versioned like an application.

use std::collections::BTreeMap;

use domain::lifecycle::Lifecycle;
use domain::source::{FileKind, ImportMode, SourceContent};
use domain::time::MINUTE;
use storage::Error;
use testkit::both_engines;

use crate::support::commit;

fn a_source(name: &str) -> SourceContent {
    let columns = BTreeMap::from([("username".to_owned(), "Kürzel".to_owned())]);
    SourceContent {
        name: name.to_owned(),
        description: "The HR system".to_owned(),
        folder: "/drop/hr".to_owned(),
        every_minutes: Some(60),
        mode: ImportMode::Snapshot,
        mapping: BTreeMap::from([(FileKind::Identities, columns)]),
        status: Lifecycle::Active,
    }
}

#[tokio::test]
async fn a_source_keeps_its_versions_and_is_found_by_name() {
    both_engines(async |db| {
        let content = a_source("HR");
        let mut tx = db.write().await;
        let (id, target) = tx.insert_source(&content).await.unwrap();
        let from = tx.recorded();
        commit(tx, [target]).await;
        let mut tx = db.write().await;
        let again = tx.insert_source(&a_source("hr")).await;
        assert!(matches!(again, Err(Error::Duplicate)));
        drop(tx);
        let mut read = db.read().await;
        assert_eq!(read.source(id).await.unwrap().unwrap().content, content);
        assert_eq!(read.source_by_name(" hR").await.unwrap().unwrap().id, id);
        assert_eq!(read.source_by_name("h\0").await.unwrap(), None);
        assert_eq!(read.sources_to_watch().await.unwrap().len(), 1);
        drop(read);
        db.clock().advance(MINUTE);
        let ended = SourceContent {
            status: Lifecycle::Ended,
            ..content.clone()
        };
        let mut tx = db.write().await;
        let target = tx.replace_source(id, from, &ended).await.unwrap();
        commit(tx, [target]).await;
        let mut tx = db.write().await;
        assert!(matches!(
            tx.replace_source(id, from, &ended).await,
            Err(Error::Stale)
        ));
        drop(tx);
        let mut read = db.read().await;
        assert_eq!(read.source_by_name("hr").await.unwrap(), None);
        assert_eq!(read.sources().await.unwrap()[0].content, ended);
        assert_eq!(read.sources_to_watch().await.unwrap(), []);
    })
    .await;
}
