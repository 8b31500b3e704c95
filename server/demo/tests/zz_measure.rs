//! temporary
use domain::context::Clock;
#[tokio::test]
async fn measure() {
    let now = service::clock::SystemClock.now();
    let key = || proof::checkpoint::SigningKey::from_seed("log.example", &[5; 32]).unwrap();
    let _ = std::fs::remove_file("/tmp/demo_measure.db"); let _ = std::fs::remove_file("/tmp/demo_measure.db-wal");
    let mut stores = vec![service::Store::open_sqlite(std::path::Path::new("/tmp/demo_measure.db")).await.unwrap()];
    if let Ok(url) = std::env::var("MEASURE_PG") { stores.push(service::Store::open_postgres(&url).await.unwrap()); }
    for store in stores {
        let t = std::time::Instant::now();
        let accounts = demo::build(store.clone(), key(), "http://127.0.0.1:8700", now, |q| eprintln!("{q}")).await.unwrap();
        eprintln!("{} {:?} {:?}", store.engine(), t.elapsed(), accounts);
        let t = std::time::Instant::now();
        let r = service::audit::verify(&store, &[key().verifying_key().clone()], None, |_, _| {}).await.unwrap();
        eprintln!("{r} {:?}", t.elapsed());
        store.close().await;
    }
}
