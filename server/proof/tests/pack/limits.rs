//! Files that were made to take memory and time, and packs whose honest signer recorded what does not add up.

use proof::pack::{MAX_LINE, PackError, verify};
use serde_json::json;

use crate::archive::{Opened, members};
use crate::campaign::{Campaign, usual};

/// Writes another size of a member everywhere where it stands.
fn resized(file: &mut [u8], name: &str, size: u32) {
    let found = members(file).into_iter().find(|(own, _, _)| own == name);
    let (_, _, data) = found.expect("the file has the part");
    file[data.end + 12..data.end + 16].copy_from_slice(&size.to_le_bytes());
    let header = b"PK\x01\x02";
    let entry = |window: &[u8]| window.starts_with(header) && window.ends_with(name.as_bytes());
    let at = file
        .windows(46 + name.len())
        .rposition(entry)
        .expect("the directory has the part");
    file[at + 24..at + 28].copy_from_slice(&size.to_le_bytes());
}

fn refused(campaign: &Campaign) -> PackError {
    verify(&campaign.pack(), &[campaign.public()]).expect_err("what does not add up is found")
}

#[test]
fn what_unpacks_without_end_is_not_unpacked() {
    let campaign = usual();
    let keys = [campaign.public()];
    let mut file = campaign.pack();
    for part in ["report.html", "items.csv"] {
        resized(&mut file, part, u32::MAX);
    }
    let error = verify(&file, &keys).unwrap_err();
    assert!(error.sentence.contains("nothing of it was read"), "{error}");

    let zeros = vec![0; 8 << 20];
    for part in [
        "population.jsonl",
        "acts.jsonl",
        "entries.jsonl",
        "items.csv",
    ] {
        let mut bomb = Opened::of(&campaign.pack());
        *bomb.part(part) = zeros.clone();
        let error = bomb.refused(&campaign);
        assert_eq!(error.part, Some(part), "{error}");
        // The same with a header that promises little.
        let mut file = bomb.file();
        assert!(file.len() < 64 << 10);
        resized(&mut file, part, 100);
        let error = verify(&file, &keys).unwrap_err();
        assert_eq!(error.part, Some(part), "{error}");
        let says = "longer than the archive says";
        assert!(
            error.sentence.contains(says) || part == "items.csv",
            "{error}"
        );
    }
    let mut long = Opened::of(&campaign.pack());
    long.part("pack.json").extend(vec![b' '; 1 << 16]);
    assert_eq!(long.refused(&campaign).part, Some("pack.json"));
}

#[test]
fn a_line_is_never_longer_than_a_record_may_be() {
    let campaign = usual();
    let mut opened = Opened::of(&campaign.pack());
    opened
        .part("population.jsonl")
        .splice(0..0, vec![b'x'; MAX_LINE + 1]);
    let error = opened.relist().refused(&campaign);
    assert_eq!(
        (error.part, error.line),
        (Some("population.jsonl"), Some(1)),
        "{error}"
    );
}

#[test]
fn other_formats_and_versions_are_told_apart() {
    let campaign = usual();
    for (from, to, says) in [
        (
            "\"version\":1",
            "\"version\":2",
            "verify it with a newer version",
        ),
        ("bailiwick-evidence", "other-evidence", "another format"),
        ("items.csv", "item.csv", "in their order"),
        ("{\"campaign", "{ \"campaign", "not in canonical form"),
    ] {
        let mut opened = Opened::of(&campaign.pack());
        let list = opened.part("pack.json");
        *list = String::from_utf8(list.clone())
            .unwrap()
            .replacen(from, to, 1)
            .into_bytes();
        let error = opened.refused(&campaign);
        assert_eq!(error.part, Some("pack.json"));
        assert!(error.sentence.contains(says), "{error}");
    }
}

#[test]
fn a_population_is_numbered_and_counted_as_it_was_launched() {
    for (record, says) in [
        (json!({"kind": "item"}), "has no number"),
        (
            json!({"kind": "item", "number": 9}),
            "another line has, too",
        ),
        (
            json!({"kind": "excluded", "number": 0}),
            "beyond the population of 11",
        ),
        (
            json!({"kind": "item", "number": 12}),
            "beyond the population of 11",
        ),
        (json!({"number": 1}), "is no record of a population"),
        (json!([]), "is no record of a population"),
    ] {
        let mut campaign = usual();
        campaign.population[12] = record;
        let error = refused(&campaign);
        assert_eq!(
            (error.part, error.line),
            (Some("population.jsonl"), Some(13))
        );
        assert!(error.sentence.contains(says), "{error}");
    }
    let mut fewer = usual();
    fewer.population.pop();
    assert!(
        refused(&fewer)
            .sentence
            .contains("counted 9 items and 2 exclusions")
    );
    for (total, count, says) in [
        (0, 12, "do not add up"),
        (1, 10, "do not add up"),
        (1, u64::MAX >> 11, "do not add up"),
    ] {
        let mut campaign = usual();
        campaign.totals[total].1 = count;
        let error = refused(&campaign);
        assert_eq!((error.part, error.line), (Some("entries.jsonl"), Some(1)));
        assert!(error.sentence.contains(says), "{error}");
    }
    let mut huge = usual();
    huge.totals = vec![
        ("population", 1 << 53),
        ("included", 1 << 53),
        ("excluded", 0),
    ];
    assert_eq!(refused(&huge).part, Some("population.jsonl"));
    let mut silent = usual();
    silent.totals.pop();
    assert!(
        refused(&silent)
            .sentence
            .contains("without the control total excluded")
    );
    let mut strange = usual();
    strange.population.push(json!({"kind": "note"}));
    let verified = verify(&strange.pack(), &[strange.public()]).unwrap();
    assert_eq!((verified.population.other, verified.warnings.len()), (1, 1));
}

#[test]
fn a_decision_is_about_an_item_of_the_campaign() {
    for (record, says) in [
        (
            json!({"item": 10, "decision": "keep"}),
            "that the campaign does not have",
        ),
        (
            json!({"item": 12, "decision": "keep"}),
            "that the campaign does not have",
        ),
        (json!({"item": 0}), "that the campaign does not have"),
        (json!({"decision": "keep"}), "about no item"),
        (json!({"item": "1"}), "is no record of an act"),
    ] {
        let mut campaign = usual();
        campaign.acts[1].push(record);
        let error = refused(&campaign);
        assert_eq!((error.part, error.line), (Some("acts.jsonl"), Some(8)));
        assert!(error.sentence.contains(says), "{error}");
    }
    let words: Vec<_> = (0..1001)
        .map(|word| json!({"item": 1, "decision": word.to_string()}))
        .collect();
    let mut campaign = usual();
    campaign.acts.push(words);
    assert!(
        refused(&campaign)
            .sentence
            .contains("one more kind of decision")
    );
    let mut campaign = usual();
    campaign.acts[0].push(json!({"item": 1, "reviewer": "idn_3", "why": "the manager left"}));
    assert!(verify(&campaign.pack(), &[campaign.public()]).is_ok());
}
