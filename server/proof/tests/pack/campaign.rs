//! A campaign in a log of its own, small enough to be packed a thousand times.

use std::collections::BTreeMap;
use std::io::Write;

use proof::checkpoint::{self, Checkpoint};
use proof::entry::{Bulk, TargetMark, VERSION};
use proof::hash::{Hash, leaf_hash};
use proof::pack::{EXPORTED, LAUNCHED, PackWriter, Readable, Summary};
use proof::tree::{consistency_proof, root_of};
use proof::{Envelope, SigningKey, VerifyingKey, canonical, manifest};
use serde_json::{Value, json};

pub(crate) const ORIGIN: &str = "bailiwick.example/log";

const WRITTEN: &str = "what is in order is written to memory";

/// What a campaign is made of; a test changes what it is about.
#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub(crate) id: String,
    /// What the entry about the launch names.
    pub(crate) launched_as: String,
    pub(crate) population: Vec<Value>,
    pub(crate) totals: Vec<(&'static str, u64)>,
    /// Records of each submission.
    pub(crate) acts: Vec<Vec<Value>>,
    /// Added to the summary's totals.
    pub(crate) summary: BTreeMap<String, u64>,
    pub(crate) decisions: BTreeMap<String, u64>,
    pub(crate) report: String,
    pub(crate) seed: u8,
}

/// A log, entry by entry.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) leaves: Vec<Vec<u8>>,
}

impl Campaign {
    /// A thing, a person, then items and exclusions in turn.
    pub(crate) fn of(included: u64, excluded: u64) -> Self {
        let mut population = vec![
            json!({"kind": "thing", "id": "ent_1", "name": "Ledger: post"}),
            json!({"kind": "person", "id": "idn_1", "name": "Ada Møller"}),
        ];
        for number in 1..=included + excluded {
            population.push(if number <= included {
                json!({"kind": "item", "number": number, "person": "idn_1", "facts": {"last_used": null}})
            } else {
                json!({"kind": "excluded", "number": number, "reason": "service account"})
            });
        }
        Self {
            id: "rvw_1".to_owned(),
            launched_as: "rvw_1".to_owned(),
            population,
            totals: vec![
                ("population", included + excluded),
                ("included", included),
                ("excluded", excluded),
            ],
            acts: Vec::new(),
            summary: BTreeMap::new(),
            decisions: BTreeMap::new(),
            report:
                "<!doctype html>\n<title>Review</title>\n<p>One paragraph without line feed</p>"
                    .to_owned(),
            seed: 7,
        }
    }

    /// Adds a submission.
    pub(crate) fn act(mut self, decisions: &[(u64, &str)]) -> Self {
        let record = |(item, decision): &(u64, &str)| json!({"item": item, "decision": decision, "seen": {"risk": "high"}});
        self.acts.push(decisions.iter().map(record).collect());
        self
    }

    /// What the summary says of decisions.
    pub(crate) fn decided(mut self, decisions: &[(&str, u64)]) -> Self {
        let decisions = decisions.iter();
        self.decisions = decisions
            .map(|(word, count)| ((*word).to_owned(), *count))
            .collect();
        self
    }

    pub(crate) fn key(&self) -> SigningKey {
        SigningKey::from_seed(ORIGIN, &[self.seed; 32]).expect("the origin is a name")
    }

    pub(crate) fn public(&self) -> VerifyingKey {
        self.key().verifying_key().clone()
    }

    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut log = Log::default();
        log.foreign(3);
        log.add(
            LAUNCHED,
            &self.launched_as,
            Some(bulk(&self.population, &self.totals)),
        );
        let mut campaign = vec![3];
        for act in &self.acts {
            campaign.push(log.add("review.submitted", &self.id, Some(bulk(act, &[]))));
            log.foreign(1);
        }
        // A run of a source that verified what was taken away: an entry with a tree that is not in the pack.
        campaign.push(log.add("import.applied", "run_1", Some(bulk(&[json!(1)], &[]))));
        campaign.push(log.add("review.signed_off", &self.id, None));
        let key = self.key();

        let mut pack = PackWriter::new(Vec::new());
        self.readable(&mut pack);
        for record in &self.population {
            pack.population(&line(record)).expect(WRITTEN);
        }
        for (place, act) in campaign[1..].iter().zip(&self.acts) {
            pack.act(*place + 1, act.len() as u64).expect(WRITTEN);
            for record in act {
                pack.record(&line(record)).expect(WRITTEN);
            }
        }
        for index in campaign {
            let path = log.path(index);
            pack.entry(log.leaf(index), index, &path).expect(WRITTEN);
        }
        let (first, first_size) = (log.checkpoint(&key), log.leaves.len() as u64);
        let public = [key.verifying_key().clone()];
        let mut unsealed = pack.list(&self.summary(), &first, &public).expect(WRITTEN);
        // What came so far may be taken away at any time.
        let begun = std::mem::take(unsealed.get_mut());
        let export = log.add(EXPORTED, &self.id, Some(unsealed.bulk().clone()));
        log.foreign(2);
        let sealed = unsealed.seal(
            log.leaf(export),
            export,
            &log.path(export),
            &log.checkpoint(&key),
            &log.grown(first_size),
        );
        [begun, sealed.expect(WRITTEN)].concat()
    }

    fn readable(&self, pack: &mut PackWriter<Vec<u8>>) {
        pack.readable(Readable::Report).expect(WRITTEN);
        pack.write_all(self.report.as_bytes()).expect(WRITTEN);
        pack.readable(Readable::ItemsTable).expect(WRITTEN);
        writeln!(pack, "item,line").expect(WRITTEN);
        for (number, record) in self.population.iter().enumerate() {
            writeln!(pack, "{number},{record}").expect(WRITTEN);
        }
        pack.readable(Readable::DecisionsTable).expect(WRITTEN);
        for (number, act) in self.acts.iter().enumerate() {
            writeln!(pack, "{number},{}", act.len()).expect(WRITTEN);
        }
    }

    fn summary(&self) -> Summary {
        Summary {
            campaign: self.id.clone(),
            decisions: self.decisions.clone(),
            name: "Ledger, autumn".to_owned(),
            totals: self.summary.clone(),
            more: json!({"made_by": "idn_2", "sign_off": null})
                .as_object()
                .expect("an object")
                .clone(),
        }
    }
}

impl Log {
    /// Entries that have nothing to do with the campaign.
    fn foreign(&mut self, count: usize) {
        for _ in 0..count {
            self.add("person.edited", "idn_9", None);
        }
    }

    pub(crate) fn add(&mut self, action: &str, target: &str, bulk: Option<Bulk>) -> u64 {
        let index = self.leaves.len() as u64;
        let envelope = Envelope {
            action: action.to_owned(),
            actor: "idn_2".to_owned(),
            at: (1_795_000_000_000_000 + index).to_string(),
            bulk,
            details: vec![],
            on_behalf_of: None,
            outcome: "done".to_owned(),
            request: None,
            seq: index + 1,
            targets: vec![TargetMark {
                content: None,
                id: target.to_owned(),
            }],
            v: VERSION,
        };
        self.leaves
            .push(envelope.leaf().expect("an entry is canonical"));
        index
    }

    fn leaf(&self, index: u64) -> &[u8] {
        &self.leaves[usize::try_from(index).expect("a small log")]
    }

    fn hashes(&self) -> Vec<Hash> {
        self.leaves.iter().map(|leaf| leaf_hash(leaf)).collect()
    }

    fn path(&self, index: u64) -> Vec<Hash> {
        manifest::inclusion(index, &self.hashes()).expect("the entry is in the log")
    }

    fn checkpoint(&self, key: &SigningKey) -> String {
        let checkpoint = Checkpoint {
            origin: ORIGIN.parse().expect("an origin"),
            size: self.leaves.len() as u64,
            root: root_of(&self.hashes()),
        };
        checkpoint::sign(&checkpoint, key)
    }

    fn grown(&self, old: u64) -> Vec<Hash> {
        let hashes = self.hashes();
        let node = |level: u32, index: u64| {
            let rows = hashes.chunks_exact(1 << level);
            let mut rows = rows.skip(usize::try_from(index).expect("a small log"));
            rows.next().map(root_of).ok_or("no such node")
        };
        consistency_proof(old, hashes.len() as u64, &mut { node }).expect("the log has all nodes")
    }
}

pub(crate) fn line(record: &Value) -> Vec<u8> {
    canonical::to_vec(record).expect("records hold no fractions")
}

fn bulk(records: &[Value], totals: &[(&str, u64)]) -> Bulk {
    let totals = totals.iter();
    Bulk {
        manifest: manifest::root(records.iter().map(|record| leaf_hash(&line(record)))),
        rows: records.len() as u64,
        totals: totals
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect(),
    }
}

/// A campaign that has a bit of everything.
pub(crate) fn usual() -> Campaign {
    Campaign::of(9, 2)
        .act(&[(1, "keep"), (2, "revoke"), (3, "keep"), (4, "keep")])
        .act(&[(5, "revoke")])
        .act(&[(4, "revoke"), (6, "keep"), (7, "not_sure")])
        .decided(&[("keep", 3), ("revoke", 3), ("not_sure", 1)])
}
