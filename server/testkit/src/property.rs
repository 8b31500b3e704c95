//! Property tests against a database.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};

use crate::{TestApp, TestStore, both_apps, both_engines};

/// Shrinking makes a database for every attempt: this much is worth the wait.
const SHRINKS: u32 = 200;

/// Runs a test with so many generated values, every value on both engines with databases of its own.
///
/// # Panics
/// When the test panics for one of the values; the message shows the smallest that was found.
pub fn property<S: Strategy>(cases: u32, values: S, test: impl AsyncFn(&TestStore, &S::Value)) {
    run(cases, &values, async |value| {
        both_engines(async |store| test(store, value).await).await;
    });
}

/// The same with the use cases on top; the log is verified each time.
///
/// # Panics
/// As [`property`].
pub fn property_of_apps<S: Strategy>(
    cases: u32,
    values: S,
    test: impl AsyncFn(&TestApp, &S::Value),
) {
    run(cases, &values, async |value| {
        both_apps(async |app| test(app, value).await).await;
    });
}

fn run<S: Strategy>(cases: u32, values: &S, test: impl AsyncFn(&S::Value)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for the test");
    let config = Config {
        cases,
        max_shrink_iters: SHRINKS,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(values, |value| {
        runtime.block_on(test(&value));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
