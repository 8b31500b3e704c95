//! What holds for any decisions, and a pattern that must be found.

use proptest::prelude::*;

use super::*;

const FIELDS: [&str; 4] = [ENTITLEMENT, field::DEPARTMENT, field::TITLE, field::MANAGER];

fn decided(number: u64, approved: impl Fn([u64; 4]) -> bool) -> Decided {
    let roll = |of: u64| hash::mix(of, number) % 8;
    let values = [roll(11), roll(12), roll(13), roll(14)];
    let hashes = values.map(|value| value_hash(&value.to_string()));
    Decided {
        values: hashes.to_vec(),
        approved: approved(values),
        person: i64::try_from(number).expect("small"),
        pair: hash::mix(5, number),
    }
}

fn past(count: u64, approved: impl Fn([u64; 4]) -> bool) -> Past {
    Past {
        fields: FIELDS.map(str::to_owned).to_vec(),
        decisions: (0..count)
            .map(|number| decided(number, &approved))
            .collect(),
    }
}

fn learn(past: &Past) -> Learnt {
    let trial = begin(past).expect("enough decisions");
    trial.finish(&[], u64::MAX)
}

fn asked(values: [u64; 4]) -> Asked {
    let traits = FIELDS.iter().zip(values).map(|(field, value)| Trait {
        field: (*field).to_owned(),
        value: value.to_string(),
        shown: format!("number {value}"),
    });
    Asked {
        traits: traits.collect(),
        own: (0, 0),
        peers: Peers::default(),
        unused_days: None,
    }
}

/// Denied is what a department asks of one entitlement, and nothing else is.
fn planted([entitlement, department, ..]: [u64; 4]) -> bool {
    !(entitlement + department).is_multiple_of(4)
}

#[test]
fn a_pattern_of_two_fields_is_found_where_nothing_was_decided() {
    let learnt = learn(&past(1_500, planted));
    let unseen = (10_000..10_400).map(|number| {
        let one = decided(number, planted);
        let roll = |of: u64| hash::mix(of, number) % 8;
        let values = [roll(11), roll(12), roll(13), roll(14)];
        let proposal = propose(Basis::Decisions(&learnt), &asked(values));
        (proposal.score, one.approved)
    });
    let scored: Vec<(f64, bool)> = unseen.collect();
    let area = area_under_curve(&scored).expect("both verdicts");
    assert!(area > 0.97, "{area}");
    let quality = learnt.quality.expect("both verdicts were held back");
    assert!(quality > 0.95, "{quality}");
}

#[test]
fn the_reason_names_the_fields_that_decided() {
    let learnt = learn(&past(1_500, planted));
    let proposal = propose(Basis::Decisions(&learnt), &asked([1, 3, 5, 5]));
    assert_eq!(proposal.lean, Lean::Deny, "{proposal:?}");
    let first = &proposal.reasons[0];
    assert!(
        first.starts_with("Past requests for this access by people in number 3: 0 of "),
        "{first}"
    );
    let proposal = propose(Basis::Decisions(&learnt), &asked([1, 4, 5, 5]));
    assert!(proposal.score > 0.8, "{proposal:?}");
}

#[test]
fn what_was_learnt_is_the_same_after_it_was_kept_as_bytes() {
    let learnt = learn(&past(400, planted));
    let bytes = learnt.to_bytes();
    assert!(Learnt::from_bytes(&bytes).as_ref() == Some(&learnt));
    assert_eq!(Learnt::from_bytes(&bytes[..bytes.len() - 1]), None);
    assert_eq!(Learnt::from_bytes(b""), None);
}

#[test]
fn few_decisions_or_only_approvals_leave_it_to_peers_and_say_so() {
    let few = begin(&past(199, planted)).expect_err("too few");
    let mut asked = asked([1, 2, 3, 4]);
    asked.peers = Peers {
        having: 12,
        all: 14,
    };
    let proposal = propose(Basis::Peers(Some(few)), &asked);
    assert_eq!(
        proposal.reasons,
        [
            "Too few past decisions to learn from, 199 of at least 200: judged by peers alone.",
            "12 of 14 other people in number 2 with the title number 3 have it."
        ]
    );
    assert!(
        proposal.score > 0.8 && proposal.lean == Lean::Open,
        "{proposal:?}"
    );
    let alike = begin(&past(300, |_| true)).expect_err("no denial");
    assert_eq!(
        alike,
        TooFew {
            approved: 300,
            denied: 0
        }
    );
    asked.peers = Peers::default();
    assert_eq!(propose(Basis::Peers(Some(alike)), &asked).lean, Lean::Open);
}

#[test]
fn a_decision_on_the_pair_itself_is_not_told_as_evidence_for_it() {
    let mut past = past(600, planted);
    let mut own = decided(0, planted);
    own.values = ["only", "here", "and", "now"].map(value_hash).to_vec();
    own.approved = false;
    past.decisions.extend([own.clone(), own]);
    let learnt = learn(&past);
    let mut asked = asked([0, 0, 0, 0]);
    for (known, value) in asked.traits.iter_mut().zip(["only", "here", "and", "now"]) {
        value.clone_into(&mut known.value);
    }
    let with = propose(Basis::Decisions(&learnt), &asked);
    assert!(with.reasons[0].contains("0 of 2"), "{with:?}");
    asked.own = (0, 2);
    let without = propose(Basis::Decisions(&learnt), &asked);
    assert!(
        without.reasons.iter().all(|one| !one.contains("0 of 2")),
        "{without:?}"
    );
}

/// Requests of forty departments for forty entitlements: what a department asks for often is approved.
fn alone(count: u64) -> Past {
    let asks = |number: u64| (hash::mix(21, number) % 40, hash::mix(22, number) % 40);
    let fields = [ENTITLEMENT, field::DEPARTMENT, field::PERSON];
    let one = |number: u64| {
        let (entitlement, department) = asks(number);
        let usual = entitlement.is_multiple_of(4) == department.is_multiple_of(4);
        // What is usual is asked for often.
        let department = if usual { entitlement } else { department };
        let values = [entitlement, department, number].map(|value| value_hash(&value.to_string()));
        Decided {
            values: values.to_vec(),
            approved: usual,
            person: i64::try_from(number).expect("small"),
            pair: hash::mix(5, number),
        }
    };
    Past {
        fields: fields.map(str::to_owned).to_vec(),
        decisions: (0..count).map(one).collect(),
    }
}

#[test]
fn that_nobody_asked_before_is_a_reason_when_such_requests_were_denied() {
    let learnt = learn(&alone(1_500));
    assert_eq!(
        learnt.fields().last().map(String::as_str),
        Some(field::PERSON)
    );
    let a_trait = |field: &str, value: &str| Trait {
        field: field.to_owned(),
        value: value.to_owned(),
        shown: format!("number {value}"),
    };
    let mut asked = asked([0; 4]);
    asked.traits = vec![
        a_trait(ENTITLEMENT, "8"),
        a_trait(field::DEPARTMENT, "never"),
        a_trait(field::PERSON, "new"),
    ];
    let proposal = propose(Basis::Decisions(&learnt), &asked);
    let expected = "No past requests for this access by people in number never: with none, less is approved than usual.";
    assert!(
        proposal.reasons.iter().any(|one| one == expected),
        "{proposal:?}"
    );
    asked.traits[1] = a_trait(field::DEPARTMENT, "8");
    let usual = propose(Basis::Decisions(&learnt), &asked);
    assert!(usual.score > proposal.score, "{usual:?}");
}

#[test]
fn a_verdict_is_never_compared_with_itself() {
    let verdicts: Vec<(usize, bool)> = (0..50)
        .map(|number| (tally::part(number), number.is_multiple_of(3)))
        .collect();
    for ((part, _), others) in verdicts.iter().zip(tally::of_others(&verdicts)) {
        let counted = verdicts.iter().filter(|other| other.0 != *part);
        let mut expected = tally::Tally::default();
        counted.for_each(|other| expected.add(other.1));
        assert_eq!(others, expected);
    }
}

#[test]
fn access_that_is_not_used_is_less_likely_to_be_right() {
    let learnt = learn(&past(600, planted));
    let mut asked = asked([1, 2, 3, 4]);
    let used = propose(Basis::Decisions(&learnt), &asked).score;
    asked.unused_days = Some(200);
    let unused = propose(Basis::Decisions(&learnt), &asked);
    assert!(unused.score < used);
    assert!(
        unused
            .reasons
            .iter()
            .any(|one| one == "Unused for 200 days."),
        "{unused:?}"
    );
}

#[test]
fn the_area_under_the_curve_counts_ties_half() {
    let area = |scored: &[(f64, bool)]| area_under_curve(scored);
    assert_eq!(area(&[(0.1, false), (0.9, true)]), Some(1.0));
    assert_eq!(area(&[(0.9, false), (0.1, true)]), Some(0.0));
    assert_eq!(area(&[(0.5, false), (0.5, true)]), Some(0.5));
    assert_eq!(area(&[(0.5, true)]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn the_same_decisions_teach_the_same_and_scores_are_chances(
        seed in 0..1_000_u64, values: [u64; 4], having in 0..50_u32, all in 0..50_u32,
    ) {
        let verdict = |values: [u64; 4]| !hash::mix(seed, values.iter().sum()).is_multiple_of(3);
        let past = past(250, verdict);
        let trial = || begin(&past).map(|trial| trial.finish(&[Peers { having, all }], 7));
        let (Ok(one), Ok(again)) = (trial(), trial()) else {
            return Ok(());
        };
        prop_assert_eq!(one.to_bytes(), again.to_bytes());
        let mut asked = asked(values);
        asked.peers = Peers { having, all };
        let proposal = propose(Basis::Decisions(&one), &asked);
        prop_assert!((0.0..=1.0).contains(&proposal.score));
        prop_assert!(!proposal.reasons.is_empty());
    }
}
