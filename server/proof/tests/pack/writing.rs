//! The writer: its order, what it refuses, and parts of many pieces.

use std::io::Write;

use proof::pack::{MAX_LINE, PackWriter, Readable, WriteError, verify};
use serde_json::json;

use crate::campaign::{Campaign, usual};

#[test]
fn parts_are_written_in_their_order() {
    let mut pack = PackWriter::new(Vec::new());
    assert!(pack.write(b"nowhere yet").is_err());
    assert!(matches!(pack.record(b"{}"), Err(WriteError::Order(_))));
    pack.readable(Readable::ItemsTable).unwrap();
    assert!(matches!(
        pack.readable(Readable::Report),
        Err(WriteError::Order("report.html"))
    ));
    let mut pack = PackWriter::new(Vec::new());
    pack.population(b"{}").unwrap();
    assert!(pack.write(b"no part for people").is_err());
    pack.act(1, 0).unwrap();
    assert!(matches!(
        pack.population(b"{}"),
        Err(WriteError::Order("population.jsonl"))
    ));
}

#[test]
fn an_act_has_the_records_it_says() {
    let mut pack = PackWriter::new(Vec::new());
    pack.act(4, 2).unwrap();
    pack.record(b"{}").unwrap();
    let wrong = pack.act(5, 0);
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "the act of entry 4 has 2 records, and 1 were written"
    );
}

#[test]
fn a_record_is_one_line_and_an_entry_one_of_the_log() {
    let mut pack = PackWriter::new(Vec::new());
    assert!(matches!(
        pack.population(b"{}\n"),
        Err(WriteError::NotALine)
    ));
    let long = vec![b' '; MAX_LINE + 1];
    assert!(matches!(pack.population(&long), Err(WriteError::NotALine)));
    assert!(pack.population(&long[1..]).is_ok());
    assert!(matches!(
        pack.entry(b"{}", 0, &[]),
        Err(WriteError::NotAnEntry(_))
    ));
}

#[test]
fn a_campaign_without_acts_or_reports_is_a_pack() {
    let mut campaign = Campaign::of(1, 0);
    campaign.report = String::new();
    let verified = verify(&campaign.pack(), &[campaign.public()]).unwrap();
    assert_eq!((verified.undecided, verified.acts), (1, 0));
}

#[test]
fn parts_of_many_pieces_come_together() {
    let mut campaign = usual();
    // Hashes do not get smaller, so the parts are handed on many times.
    for number in 0_u64..4000 {
        let hash = proof::hash::sha256(&number.to_be_bytes());
        campaign
            .population
            .push(json!({"kind": "thing", "id": hash}));
        campaign.acts[2].push(json!({"item": 1 + number % 9, "seen": hash}));
    }
    let verified = verify(&campaign.pack(), &[campaign.public()]).unwrap();
    assert_eq!(verified.population.lines, 4013);
    assert_eq!(verified.records, 4008);
    assert_eq!(verified.lines, 8021);
}
