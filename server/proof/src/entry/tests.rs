//! Entries: their one form, what is refused, and that reading gives back what was written.

use proptest::prelude::*;

use super::*;
use crate::hash::sha256;

fn small() -> Envelope {
    Envelope {
        action: "person.created".into(),
        actor: "idn_4q9XbTz".into(),
        at: "1795323792000000".into(),
        bulk: None,
        details: vec![],
        on_behalf_of: None,
        outcome: "done".into(),
        request: None,
        seq: 7,
        targets: vec![],
        v: VERSION,
    }
}

#[test]
fn empty_fields_are_left_out_of_the_leaf() {
    let leaf = String::from_utf8(small().leaf().unwrap()).unwrap();
    assert_eq!(
        leaf,
        r#"{"action":"person.created","actor":"idn_4q9XbTz","at":"1795323792000000","outcome":"done","seq":7,"v":1}"#
    );
}

#[test]
fn an_entry_that_is_too_long_is_refused() {
    let mut entry = small();
    let room = MAX_ENTRY - entry.leaf().unwrap().len();
    entry.action.push_str(&"x".repeat(room));
    assert!(EnvelopeRef::parse(&entry.leaf().unwrap()).is_ok());
    entry.action.push('x');
    assert_eq!(entry.leaf(), Err(NotCanonical::TooLong(MAX_ENTRY + 1)));
    assert!(EnvelopeRef::parse(&vec![b' '; MAX_ENTRY + 1]).is_err());
    let beyond = Envelope {
        seq: canonical::MAX_INTEGER + 1,
        ..small()
    };
    assert_eq!(beyond.leaf(), Err(NotCanonical::IntegerTooLarge));
}

#[test]
fn only_the_one_form_of_an_entry_is_read() {
    let leaf = String::from_utf8(small().leaf().unwrap()).unwrap();
    let parse = |text: &str| EnvelopeRef::parse(text.as_bytes()).map(|entry| entry.seq);
    assert_eq!(parse(&leaf), Ok(7));
    assert!(matches!(
        parse(&leaf.replace(":7", ": 7")),
        Err(NotAnEntry::NotCanonical(_))
    ));
    assert!(matches!(
        parse(&leaf.replace("done", "d\\u006fne")),
        Err(NotAnEntry::NotCanonical(_))
    ));
    assert!(matches!(
        parse(&leaf.replace(",\"v\"", ",\"targets\":[],\"v\"")),
        Err(NotAnEntry::NotCanonical(_))
    ));
    assert_eq!(
        parse(&leaf.replace("\"v\":1", "\"v\":2")),
        Err(NotAnEntry::Version(2))
    );
    assert!(matches!(
        parse(&leaf.replace(",\"v\"", ",\"u\":0,\"v\"")),
        Err(NotAnEntry::Malformed(_))
    ));
    assert!(matches!(
        parse(&leaf.replace(",\"v\"", ",\"seq\":7,\"v\"")),
        Err(NotAnEntry::Malformed(_))
    ));
    assert!(matches!(parse("{}"), Err(NotAnEntry::Malformed(_))));
}

#[test]
fn texts_are_borrowed_and_instants_have_one_spelling() {
    let entry = Envelope {
        request: Some("req_1".into()),
        on_behalf_of: Some("a\nb".into()),
        ..small()
    };
    let leaf = entry.leaf().unwrap();
    let read = EnvelopeRef::parse(&leaf).unwrap();
    assert!(matches!(
        read.request,
        Some(Text(std::borrow::Cow::Borrowed("req_1")))
    ));
    assert!(matches!(read.action, Text(std::borrow::Cow::Borrowed(_))));
    assert!(matches!(
        read.on_behalf_of,
        Some(Text(std::borrow::Cow::Owned(_)))
    ));
    assert_eq!(read.at_micros(), Some(1_795_323_792_000_000));
    for at in ["+1", "01", "1.0", "", "-0"] {
        let leaf = Envelope {
            at: at.into(),
            ..small()
        }
        .leaf()
        .unwrap();
        assert_eq!(EnvelopeRef::parse(&leaf).unwrap().at_micros(), None);
    }
}

#[test]
fn details_are_bound_by_their_salt() {
    let details = br#"{"reason":"left"}"#;
    let salted = [&[7; 16][..], details].concat();
    assert_eq!(details_hash(&Salt([7; 16]), details), sha256(&salted));
}

fn any_envelope() -> impl Strategy<Value = Envelope> {
    let hash = || any::<[u8; 32]>().prop_map(Hash);
    let count = || 0..=canonical::MAX_INTEGER;
    let bulk = (
        hash(),
        count(),
        prop::collection::btree_map(any::<String>(), count(), 0..4),
    )
        .prop_map(|(manifest, rows, totals)| Bulk {
            manifest,
            rows,
            totals,
        });
    let detail = (hash(), any::<String>()).prop_map(|(hash, subject)| DetailMark { hash, subject });
    let target = (prop::option::of(hash()), any::<String>())
        .prop_map(|(content, id)| TargetMark { content, id });
    (
        any::<[String; 4]>(),
        any::<[Option<String>; 2]>(),
        prop::option::of(bulk),
        prop::collection::vec(detail, 0..4),
        prop::collection::vec(target, 0..4),
        count(),
    )
        .prop_map(
            |(
                [action, actor, at, outcome],
                [on_behalf_of, request],
                bulk,
                details,
                targets,
                seq,
            )| Envelope {
                action,
                actor,
                at,
                bulk,
                details,
                on_behalf_of,
                outcome,
                request,
                seq,
                targets,
                v: VERSION,
            },
        )
}

proptest! {
    #[test]
    fn every_entry_comes_back(entry in any_envelope()) {
        let leaf = entry.leaf().unwrap();
        prop_assert!(canonical::check(&leaf).is_ok());
        prop_assert_eq!(EnvelopeRef::parse(&leaf).unwrap().to_envelope(), entry.clone());
        prop_assert_eq!(serde_json::from_slice::<Envelope>(&leaf).unwrap(), entry);
    }

    #[test]
    fn reading_never_panics(leaf: Vec<u8>) {
        let _ = EnvelopeRef::parse(&leaf);
    }
}
