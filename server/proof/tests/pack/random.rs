//! Whatever a campaign is made of, its pack verifies with the right numbers, and no change of a byte goes unseen.

use std::collections::BTreeMap;

use proof::pack::verify;
use proptest::prelude::*;

use crate::archive::Opened;
use crate::campaign::{Campaign, usual};

fn any_campaign() -> impl Strategy<Value = Campaign> {
    let word = prop_oneof![
        Just("keep"),
        Just("revoke"),
        Just("not \"sure\"\u{1f600}\n")
    ];
    let act = prop::collection::vec((1_u64..=20, word), 0..6);
    let acts = prop::collection::vec(act, 0..5);
    (1_u64..=20, 0_u64..5, acts, any::<String>(), any::<u64>()).prop_map(
        |(included, excluded, acts, report, shuffle)| {
            let mut campaign = Campaign::of(included, excluded);
            campaign.report = report;
            let count = campaign.population.len();
            campaign
                .population
                .rotate_left(usize::try_from(shuffle).unwrap_or(1) % count);
            for act in acts {
                let act: Vec<_> = act
                    .into_iter()
                    .map(|(item, word)| (1 + item % included, word))
                    .collect();
                campaign = campaign.act(&act);
            }
            campaign
        },
    )
}

fn last_decisions(campaign: &Campaign) -> BTreeMap<u64, String> {
    let records = campaign.acts.iter().flatten();
    let pair = |record: &serde_json::Value| {
        let word = record["decision"].as_str().expect("a word").to_owned();
        (record["item"].as_u64().expect("a number"), word)
    };
    records.map(pair).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_verifies(mut campaign in any_campaign()) {
        let last = last_decisions(&campaign);
        for word in last.values() {
            *campaign.decisions.entry(word.clone()).or_default() += 1;
        }
        let [population, included, excluded] = [0, 1, 2].map(|total| campaign.totals[total].1);
        campaign.summary = [
            ("population", population), ("included", included), ("excluded", excluded),
            ("decided", last.len() as u64), ("undecided", included - last.len() as u64),
        ].map(|(name, count)| (name.to_owned(), count)).into();
        let verified = verify(&campaign.pack(), &[campaign.public()]).unwrap();
        let records = campaign.acts.iter().flatten().count();
        prop_assert_eq!(verified.lines, (campaign.population.len() + records) as u64);
        prop_assert_eq!(verified.population.included, included);
        prop_assert_eq!(verified.population.excluded, excluded);
        prop_assert_eq!(verified.undecided, included - last.len() as u64);
        prop_assert_eq!(verified.corrections, (records - last.len()) as u64);
        prop_assert_eq!(verified.acts, campaign.acts.len() as u64);
        prop_assert_eq!(verified.decisions.values().sum::<u64>(), last.len() as u64);
        prop_assert_eq!(verified.warnings, Vec::<String>::new());
    }

    #[test]
    fn a_changed_part_is_found(part in 0_usize..16, at: prop::sample::Index, xor in 1_u8..) {
        let campaign = usual();
        let mut opened = Opened::of(&campaign.pack());
        let content = &mut opened.0[part].1;
        prop_assume!(!content.is_empty());
        let at = at.index(content.len());
        content[at] ^= xor;
        let error = opened.refused(&campaign);
        prop_assert!(error.part.is_some(), "{error}");
    }

    #[test]
    fn reading_never_panics(mut file: Vec<u8>, whole: bool) {
        if whole {
            file.splice(0..0, *b"PK\x03\x04");
        }
        prop_assert!(verify(&file, &[]).is_err());
    }
}
