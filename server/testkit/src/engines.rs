//! One test, both engines.

use std::thread;

use crate::{Engine, TestStore};

/// Runs a test on SQLite and then on PostgreSQL, each time with a database of its own.
pub async fn both_engines(test: impl AsyncFn(&TestStore)) {
    for engine in Engine::ALL {
        let _named = Named(*engine);
        let store = TestStore::new(*engine).await;
        test(&store).await;
    }
}

/// Says which engine a test failed on.
struct Named(Engine);

impl Drop for Named {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("this failed on {:?}", self.0);
        }
    }
}
