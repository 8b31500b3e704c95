//! Somebody changes what is in a pack and makes everything fit again but the signature.

use proof::pack::{PackError, verify};

use crate::archive::Opened;
use crate::campaign::{Campaign, usual};

const POPULATION: &str = "population.jsonl";
const ACTS: &str = "acts.jsonl";
const ENTRIES: &str = "entries.jsonl";

/// One byte of a line, so that it is still JSON.
fn changed(line: &mut [u8]) {
    let at = line.iter().rposition(u8::is_ascii_alphabetic);
    let at = at.expect("the line has a word");
    line[at] ^= 2;
}

fn place(error: &PackError) -> (Option<&str>, Option<u64>, Option<u64>) {
    (error.part, error.line, error.item)
}

#[test]
fn a_changed_line_of_the_population_is_named_with_its_item() {
    let campaign = usual();
    let opened = Opened::of(&campaign.pack());
    // A thing and a person come first, so item 1 is on line 3.
    for (line, item) in [(1, None), (3, Some(1)), (8, Some(6)), (13, Some(11))] {
        let attack = opened
            .clone()
            .lines(POPULATION, |lines| changed(&mut lines[line - 1]));
        for attack in [attack.clone(), attack.relist()] {
            let error = attack.refused(&campaign);
            assert_eq!(
                place(&error),
                (Some(POPULATION), Some(line as u64), item),
                "{error}"
            );
        }
    }
    let attack = opened.lines(POPULATION, |lines| changed(&mut lines[7]));
    assert_eq!(
        attack.relist().refused(&campaign).to_string(),
        "Line 8 of population.jsonl (item 6) is not what the campaign was launched with: it was changed."
    );
}

#[test]
fn lines_that_were_taken_out_put_in_or_moved_are_named() {
    let campaign = usual();
    let opened = Opened::of(&campaign.pack());
    for line in [0, 5, 12] {
        let attack = opened
            .clone()
            .lines(POPULATION, |lines| drop(lines.remove(line)));
        let error = attack.relist().refused(&campaign);
        assert_eq!(
            place(&error),
            (Some(POPULATION), Some(line as u64 + 1), None)
        );
        assert!(error.sentence.contains("is missing"), "{error}");
    }
    let added = br#"{"kind":"item","number":99}"#;
    for line in [0, 5, 13] {
        let attack = opened.clone().lines(POPULATION, |lines| {
            lines.insert(line, [&added[..], b"\n"].concat());
        });
        let error = attack.relist().refused(&campaign);
        assert_eq!(
            place(&error),
            (Some(POPULATION), Some(line as u64 + 1), Some(99))
        );
        assert!(error.sentence.contains("was added"), "{error}");
    }
    for (one, other) in [(3, 4), (2, 9)] {
        let attack = opened
            .clone()
            .lines(POPULATION, |lines| lines.swap(one, other));
        let error = attack.relist().refused(&campaign);
        assert_eq!(
            place(&error),
            (
                Some(POPULATION),
                Some(one as u64 + 1),
                Some(other as u64 - 1)
            )
        );
        let was = format!("it is line {}", other + 1);
        assert!(error.sentence.contains(&was), "{error}");
    }
}

#[test]
fn a_decision_is_named_in_its_act() {
    let campaign = usual();
    let opened = Opened::of(&campaign.pack());
    // Heads are on the lines 1, 6 and 8.
    for (line, item) in [(2, 1), (5, 4), (7, 5), (9, 4), (11, 7)] {
        let attack = opened.clone().lines(ACTS, |lines| {
            let text = String::from_utf8(lines[line - 1].clone()).unwrap();
            lines[line - 1] = text
                .replace("decision\":\"", "decision\":\"un")
                .into_bytes();
        });
        let error = attack.relist().refused(&campaign);
        assert_eq!(
            place(&error),
            (Some(ACTS), Some(line as u64), Some(item)),
            "{error}"
        );
        assert!(
            error.sentence.contains("(review.submitted) recorded"),
            "{error}"
        );
    }
    for line in [2, 5, 7, 9, 11] {
        let attack = opened
            .clone()
            .lines(ACTS, |lines| drop(lines.remove(line - 1)));
        let error = attack.relist().refused(&campaign);
        assert_eq!(
            place(&error),
            (Some(ACTS), Some(line as u64), None),
            "{error}"
        );
        assert!(error.sentence.contains("is missing"), "{error}");
    }
    for line in [1, 2, 4, 6, 8, 12] {
        let added = b"{\"decision\":\"keep\",\"item\":8}\n".to_vec();
        let attack = opened
            .clone()
            .lines(ACTS, |lines| lines.insert(line - 1, added));
        let error = attack.relist().refused(&campaign);
        assert_eq!(
            place(&error),
            (Some(ACTS), Some(line as u64), Some(8)),
            "{error}"
        );
        assert!(error.sentence.contains("was added"), "{error}");
    }
    let attack = opened.lines(ACTS, |lines| lines.swap(2, 8));
    let error = attack.relist().refused(&campaign);
    assert_eq!(place(&error), (Some(ACTS), Some(3), Some(4)), "{error}");
}

#[test]
fn an_act_is_there_once_whole_and_in_its_place() {
    let campaign = usual();
    let opened = Opened::of(&campaign.pack());
    let gone = opened.clone().lines(ACTS, |lines| drop(lines.drain(5..7)));
    let error = gone.rehash(ACTS).relist().refused(&campaign);
    assert_eq!(place(&error), (Some(ACTS), Some(6), None));
    assert_eq!(
        error.sentence,
        "The records of entry 7 (review.submitted), 1 in all, are missing from acts.jsonl: they should begin at line 6."
    );
    let last = opened.clone().lines(ACTS, |lines| lines.truncate(7));
    let error = last.rehash(ACTS).relist().refused(&campaign);
    assert_eq!(place(&error), (Some(ACTS), Some(8), None), "{error}");
    let twice = opened
        .clone()
        .lines(ACTS, |lines| lines.extend_from_within(5..7));
    let error = twice.rehash(ACTS).relist().refused(&campaign);
    assert_eq!(place(&error), (Some(ACTS), Some(12), None), "{error}");
    let other_order = opened.clone().lines(ACTS, |lines| lines.rotate_left(5));
    let error = other_order.rehash(ACTS).relist().refused(&campaign);
    assert_eq!(place(&error), (Some(ACTS), Some(1), None), "{error}");
    for (from, to) in [
        ("\"records\":4", "\"records\":3"),
        ("\"entry\":5", "\"entry\":6"),
        ("{\"entry\"", "{ \"entry\""),
    ] {
        let head = opened.clone().lines(ACTS, |lines| {
            let text = String::from_utf8(lines[0].clone()).unwrap();
            lines[0] = text.replace(from, to).into_bytes();
        });
        let error = head.relist().refused(&campaign);
        assert_eq!(place(&error), (Some(ACTS), Some(1), None), "{error}");
    }
}

#[test]
fn hashes_that_were_changed_are_told_from_lines_that_were() {
    let campaign = usual();
    let opened = Opened::of(&campaign.pack());
    for (part, hashes) in [
        (POPULATION, "hashes/population.jsonl.bin"),
        (ACTS, "hashes/acts.jsonl.bin"),
    ] {
        let mut attack = opened.clone();
        attack.part(hashes)[40] ^= 1;
        let error = attack.relist().refused(&campaign);
        assert_eq!(place(&error), (Some(hashes), Some(2), None), "{error}");
        let mut attack = opened.clone();
        attack.part(hashes).extend([0; 32]);
        assert_eq!(attack.relist().refused(&campaign).part, Some(hashes));
        let mut attack = opened.clone();
        attack.part(hashes).pop();
        assert_eq!(attack.relist().refused(&campaign).part, Some(hashes));
        // With the hashes made anew, too, the part is still known, but not the line.
        let attack = opened.clone().lines(part, |lines| changed(&mut lines[3]));
        let error = attack.rehash(part).relist().refused(&campaign);
        assert_eq!(place(&error), (Some(part), None, None), "{error}");
        assert!(error.sentence.contains("cannot be told"), "{error}");
    }
}

#[test]
fn an_entry_is_proven_by_itself_and_none_is_left_out() {
    let campaign = usual();
    let opened = Opened::of(&campaign.pack());
    for line in 0..6 {
        let attack = opened.clone().lines(ENTRIES, |lines| {
            let text = String::from_utf8(lines[line].clone()).unwrap();
            lines[line] = text.replace("idn_2", "idn_3").into_bytes();
        });
        let error = attack.relist().refused(&campaign);
        assert_eq!(place(&error), (Some(ENTRIES), Some(line as u64 + 1), None));
        assert!(error.sentence.contains("is not in the log"), "{error}");
        let attack = opened
            .clone()
            .lines(ENTRIES, |lines| drop(lines.remove(line)));
        let error = attack.clone().relist().refused(&campaign);
        assert_eq!(place(&error), (Some(ENTRIES), Some(line as u64 + 1), None));
        let error = attack.rehash(ENTRIES).relist().refused(&campaign);
        assert!([Some(ENTRIES), Some(ACTS)].contains(&error.part), "{error}");
        let attack = opened
            .clone()
            .lines(ENTRIES, |lines| lines.insert(line, lines[line].clone()));
        let error = attack.relist().refused(&campaign);
        assert_eq!(
            place(&error),
            (Some(ENTRIES), Some(line as u64 + 2), None),
            "{error}"
        );
    }
    let attack = opened.clone().lines(ENTRIES, |lines| lines.swap(1, 2));
    let error = attack.relist().refused(&campaign);
    assert_eq!(place(&error), (Some(ENTRIES), Some(3), None), "{error}");
    let attack = opened.lines(ENTRIES, Vec::clear);
    let error = attack.rehash(ENTRIES).relist().refused(&campaign);
    assert!(
        error.sentence.contains("no entry about the launch"),
        "{error}"
    );
}

#[test]
fn a_changed_row_of_a_table_is_named() {
    let campaign = usual();
    let opened = Opened::of(&campaign.pack());
    for (part, line) in [("items.csv", 5), ("decisions.csv", 1), ("report.html", 3)] {
        let attack = opened
            .clone()
            .lines(part, |lines| lines[line - 1].insert(0, b' '));
        for attack in [attack.clone(), attack.clone().relist()] {
            let error = attack.refused(&campaign);
            assert_eq!(
                place(&error),
                (Some(part), Some(line as u64), None),
                "{error}"
            );
        }
        // With everything made anew but the signature, the list is not the one that was exported.
        let error = attack.rehash(part).relist().refused(&campaign);
        assert_eq!(place(&error), (Some("pack.json"), None, None));
        assert!(error.sentence.contains(part), "{error}");
    }
    let attack = opened.lines("items.csv", |lines| drop(lines.remove(6)));
    let error = attack.relist().refused(&campaign);
    assert_eq!(place(&error), (Some("items.csv"), Some(7), None), "{error}");
}

#[test]
fn a_summary_is_the_sum_of_the_lines() {
    let mut campaign = usual();
    campaign.summary = [("decided".to_owned(), 7), ("population".to_owned(), 11)].into();
    let opened = Opened::of(&campaign.pack());
    for (from, to, says) in [
        ("\"decided\":7", "\"decided\":9", "decided: 9"),
        ("\"keep\":3", "\"keep\":4", "says the decisions"),
        ("autumn", "spring", "pack.json is not the list"),
        ("rvw_1", "rvw_2", "pack.json of another"),
    ] {
        let mut attack = opened.clone();
        let summary = attack.part("summary.json");
        *summary = String::from_utf8(summary.clone())
            .unwrap()
            .replace(from, to)
            .into_bytes();
        let error = attack.relist().refused(&campaign);
        assert!(error.sentence.contains(says), "{error}");
    }
}

#[test]
fn only_the_organisations_key_is_believed() {
    let (ours, theirs) = (usual(), Campaign { seed: 8, ..usual() });
    let pack = theirs.pack();
    // Whoever makes log and pack anew with a key of their own passes where nobody gives a key; the answer says so.
    let verified = verify(&pack, &[]).unwrap();
    assert!(verified.keys[0].from_pack);
    assert!(verified.warnings[0].contains(&theirs.public().to_string()));
    assert!(!verified.warnings[0].contains(&ours.public().to_string()));
    let error = verify(&pack, &[ours.public()]).unwrap_err();
    assert_eq!(error.part, Some("checkpoint.txt"));
    assert!(
        error.sentence.contains(&theirs.public().to_string()),
        "{error}"
    );
    // Our key in front of their signatures.
    let mut mixed = Opened::of(&pack);
    *mixed.part("key.txt") = format!("{}\n", ours.public()).into_bytes();
    let error = verify(&mixed.relist().file(), &[]).unwrap_err();
    assert_eq!(error.part, Some("checkpoint.txt"), "{error}");
    let both = verify(&ours.pack(), &[theirs.public(), ours.public()]).unwrap();
    assert_eq!(both.keys.len(), 1);
}

#[test]
fn parts_of_another_campaign_are_refused() {
    let ours = usual();
    let mut theirs = Campaign::of(3, 0)
        .act(&[(1, "keep")])
        .decided(&[("keep", 1)]);
    theirs.id = "rvw_2".to_owned();
    theirs.launched_as = theirs.id.clone();
    let (one, other) = (Opened::of(&ours.pack()), Opened::of(&theirs.pack()));
    let mixed = |names: &[&str]| {
        let mut mixed = one.clone();
        for name in names {
            *mixed.part(name) = other.clone().part(name).clone();
        }
        mixed.relist().refused(&ours)
    };
    let entries = [ENTRIES, "hashes/entries.jsonl.bin", "checkpoint.txt"];
    let error = mixed(&entries);
    assert_eq!(
        error.part,
        Some("seal.json"),
        "the log did not grow from theirs: {error}"
    );
    let log = [&entries[..], &["seal.json"]].concat();
    let error = mixed(&log);
    assert_eq!(error.part, Some("seal.json"));
    assert!(error.sentence.contains("another campaign"), "{error}");
    let error = mixed(&["seal.json", "checkpoint.txt"]);
    assert!(error.sentence.contains("another campaign"), "{error}");
    let error = mixed(&[POPULATION, "hashes/population.jsonl.bin"]);
    assert_eq!(error.part, Some(POPULATION), "{error}");
    let error = mixed(&[POPULATION]);
    assert_eq!(place(&error).0, Some(POPULATION), "{error}");
    // A launch of theirs in our log.
    let strange = Campaign {
        launched_as: "rvw_2".to_owned(),
        ..usual()
    };
    let error = verify(&strange.pack(), &[strange.public()]).unwrap_err();
    assert_eq!(place(&error), (Some(ENTRIES), Some(1), None));
    assert!(error.sentence.contains("another campaign"), "{error}");
}
