//! What closing promises: all connections are gone, and an SQLite database is one file again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use domain::permission::Visibility;
use storage::Store;
use testkit::{Engine, TestStore, a_person};

use crate::support::{people, search};

/// Readers see tables that grew since anybody looked at them: the moment at which SQLite would like to write statistics
/// when a connection is closed, which a reader must not try. On a machine with other work, threads end late.
#[tokio::test]
async fn a_closed_sqlite_database_is_one_file() {
    let many: Vec<_> = (0..200)
        .map(|n| a_person(&format!("Person {n}")).build())
        .collect();
    let over = Arc::new(AtomicBool::new(false));
    let other_work: Vec<_> = (0..6)
        .map(|_| {
            let over = Arc::clone(&over);
            thread::spawn(move || while !over.load(Ordering::Relaxed) {})
        })
        .collect();
    for _ in 0..8 {
        let db = TestStore::new(Engine::Sqlite).await;
        let first = people(&db, &many).await[0];
        let mut readers = Vec::new();
        for _ in 0..4 {
            readers.push(db.read().await);
        }
        for tx in &mut readers {
            tx.identity(first).await.unwrap();
            tx.identities(Visibility::All, None, &search("status:active"))
                .await
                .unwrap();
        }
        drop(readers);
        db.store().close().await;
        let Store::Sqlite { file, .. } = db.store() else {
            panic!("a file was asked for");
        };
        let log = file.with_extension("db-wal");
        assert!(!log.exists(), "{} is left", log.display());
    }
    over.store(true, Ordering::Relaxed);
    for thread in other_work {
        thread.join().unwrap();
    }
}
