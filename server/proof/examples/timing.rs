//! Throwaway.
use proof::*;
use std::time::Instant;
fn main() {
    let entries: Vec<Envelope> = (0..100_000u64).map(|seq| Envelope {
        action: "assignment.granted".into(), actor: "idn_4q9XbTz".into(), at: (1_795_323_792_000_000 + seq).to_string(), bulk: None,
        details: vec![DetailMark { hash: hash::sha256(&seq.to_be_bytes()), subject: "idn_7Yt2kQw".into() }],
        on_behalf_of: None, outcome: "done".into(), request: Some("req_01HZX9".into()), seq,
        targets: vec![TargetMark { content: Some(hash::sha256(&seq.to_le_bytes())), id: "asg_9kQ2".into() }, TargetMark { content: None, id: "idn_7Yt2kQw".into() }], v: 1 }).collect();
    for _ in 0..3 {
        let t = Instant::now();
        let leaves: Vec<Vec<u8>> = entries.iter().map(|e| e.leaf().unwrap()).collect();
        let write = t.elapsed();
        let t = Instant::now();
        let mut n = 0;
        for l in &leaves { let e = serde_json::from_slice::<EnvelopeRef>(l).unwrap(); n += e.seq; std::hint::black_box(hash::leaf_hash(l)); }
        let bare = t.elapsed();
        let t = Instant::now();
        for l in &leaves { let e = EnvelopeRef::parse(l).unwrap(); n += e.seq; std::hint::black_box(hash::leaf_hash(l)); }
        let strict = t.elapsed();
        let t = Instant::now();
        let mut f = Frontier::new();
        for l in &leaves { f.push(hash::leaf_hash(l)); }
        let tree = t.elapsed();
        let t = Instant::now();
        for e in &entries { std::hint::black_box(serde_json::to_vec(e).unwrap()); }
        let plain = t.elapsed();
        println!("len {} leaf() {} ns (serde_json::to_vec {}), bare parse+hash {} ns, strict parse+hash {} ns, hash+tree {} ns, {n} {}", leaves[5].len(), write.as_nanos()/100_000, plain.as_nanos()/100_000, bare.as_nanos()/100_000, strict.as_nanos()/100_000, tree.as_nanos()/100_000, f.root());
    }
}
