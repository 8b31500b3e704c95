use std::sync::Arc;
use domain::audit::*; use domain::context::*; use domain::permission::*; use domain::time::Instant; use domain::id::*;
use proof::checkpoint::SigningKey;
#[derive(Debug)] struct C; impl Clock for C { fn now(&self)->Instant{Instant::from_micros(1_767_603_600_000_000)} }
#[derive(Debug)] struct E(std::sync::atomic::AtomicU64); impl Entropy for E { fn fill(&self,b:&mut[u8]){ let n=self.0.fetch_add(1,std::sync::atomic::Ordering::Relaxed); for (i,x) in b.iter_mut().enumerate(){*x=(n>>(8*(i%8))) as u8 ^ i as u8;} } }
#[tokio::test]
async fn bench() {
    let path = std::path::PathBuf::from("/tmp/ha-bench.db");
    let fresh = !path.exists();
    let store = storage::Store::open_sqlite(&path).await.unwrap();
    let key = SigningKey::from_seed("log.example", &[9;32]).unwrap();
    let service = service::Service::new(service::Parts{store: store.clone(), clock: Arc::new(C), entropy: Arc::new(E(Default::default())), signer: key.clone(), public_url: "http://x".into(), hashing_threads:1});
    if fresh {
        let entropy: Arc<dyn Entropy> = Arc::new(E(Default::default()));
        for batch in 0..200 {
            let ev = |n: i64| { let id = IdentityId::from_raw(1 + (n % 10_000)); Event { actor: Actor::Person{id: IdentityId::from_raw(7), rights: Rights::NONE}, on_behalf_of: None, action: AuditAction::IdentityEdited, outcome: Outcome::Done, request: Some(format!("0198c6e2-7c9b-7d3c-a9ab-{n:012}")),
                targets: vec![Target{object: id.into(), content: None}],
                details: vec![Detail{ subject: id.to_string(), before: Some(serde_json::json!({"title":"Clerk","department":"Finance","name":"Ana Silva"})), after: Some(serde_json::json!({"title":"Head","department":"Finance","name":"Ana Silva"})), address: Some("192.0.2.10".into()), user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0".into()), ..Detail::default()}]}};
            let tx = store.write(C.now(), entropy.clone()).await.unwrap();
            let base = batch*1000;
            tx.commit(ev(base), (1..1000).map(|i| ev(base+i)).collect()).await.unwrap();
            if batch % 20 == 19 { service::audit::checkpoint(&service).await.unwrap(); }
        }
    }
    for _ in 0..4 {
        let cpu = || { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect(); f[11].parse::<f64>().unwrap()+f[12].parse::<f64>().unwrap() };
        let (c0, t) = (cpu(), std::time::Instant::now());
        let report = service::audit::verify(&store, &[key.verifying_key().clone()], None, |_,_|{}).await.unwrap();
        let (dt, dc) = (t.elapsed().as_secs_f64(), (cpu()-c0)/100.0);
        println!("{report}\n{:.0} entries/s wall, {:.0} entries/s cpu ({dt:.3}s, cpu {dc:.2}s)", report.entries as f64/dt, report.entries as f64/dc);
    }
}
