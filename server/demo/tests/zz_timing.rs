//! Scratch.
use domain::context::Clock;
#[tokio::test]
async fn timing() {
    testkit::both_engines(async |store| {
        let begun = std::time::Instant::now();
        let key = proof::checkpoint::SigningKey::from_seed("log.example", &[5; 32]).expect("x");
        let now = store.clock().now();
        demo::build(store.store().clone(), key, "https://x.example", now, |_| {}).await.expect("made");
        eprintln!("TOOK {:?} {:?}", begun.elapsed(), now);
    }).await;
}
