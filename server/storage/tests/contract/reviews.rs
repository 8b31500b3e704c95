//! Reviews and campaigns: versions, populations with their leaves, piles, and what acts did to items.

use domain::audit::Bulk;
use domain::id::{ApplicationId, CampaignId, EntitlementId, IdentityId, ObjectKind, ReviewId};
use domain::review::{
    CampaignContent, CampaignState, Choice, Decision, Excluded, ExcludedWhy, Facts, Flag, How,
    ItemKind, Population as Counts, RemedyState, ReviewContent, Staged, Standing, Why,
};
use domain::time::{DAY, MINUTE};
use proof::hash::Hash;
use storage::WriteTx;
use storage::reviews::{
    ActRecord, Chunk, Holder, NewItem, Pile, Population, Subject, canonical, row_id,
};
use testkit::{START, TestStore, both_engines};

use crate::support::commit;

const ANA: IdentityId = IdentityId::from_raw(1);
const BO: IdentityId = IdentityId::from_raw(2);

pub(crate) fn a_review(name: &str) -> ReviewContent {
    ReviewContent {
        name: name.to_owned(),
        ..ReviewContent::draft(ANA)
    }
}

pub(crate) fn a_campaign(review: Option<ReviewId>) -> CampaignContent {
    CampaignContent {
        name: "Autumn".to_owned(),
        review,
        terms: a_review("Autumn"),
        state: CampaignState::Launching,
        launched_by: Some(ANA),
        frozen: START,
        due: START.plus(14 * DAY),
        escalated: None,
        seed: 7,
        population: Counts::default(),
        ended: None,
        effective: None,
        signed_by: None,
        sign_off: String::new(),
    }
}

pub(crate) async fn campaign(db: &TestStore, content: &CampaignContent) -> CampaignId {
    let mut tx = db.write().await;
    let (id, target) = tx.insert_campaign(content).await.expect("a campaign");
    commit(tx, [target]).await;
    id
}

/// The item with this number: of a person, an entitlement of application 3, flagged where it is odd.
pub(crate) fn facts(number: u64, holder: IdentityId, what: i64) -> Facts {
    Facts {
        number,
        item: ItemKind::Access,
        holder: holder.into(),
        what: EntitlementId::from_raw(what).into(),
        how: How::Direct,
        because: None,
        ways: 1,
        assignment: None,
        since: Some(START),
        until: None,
        granted_by: None,
        reason: "“for” the\nclose".to_owned(),
        used: None,
        use_known: false,
        peers: Some((1, 12)),
        risk: None,
        flags: if number % 2 == 1 {
            vec![Flag::Unused]
        } else {
            Vec::new()
        },
        last: None,
        changed: false,
        reviewer: BO,
        why: Why::Manager,
    }
}

pub(crate) fn item(facts: Facts) -> NewItem {
    NewItem::new(facts, Some(ApplicationId::from_raw(3))).expect("an item")
}

pub(crate) fn subject(id: IdentityId, name: &str) -> (Subject, (String, Hash)) {
    let subject = Subject {
        id: id.into(),
        name: name.to_owned(),
        technical: name.to_lowercase(),
        detail: String::new(),
        application: None,
    };
    let record = canonical(&Population::Person(&subject)).expect("a record");
    (subject, record)
}

#[tokio::test]
async fn reviews_and_campaigns_keep_their_versions() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let (id, target) = tx.insert_review(&a_review("Quarterly")).await.unwrap();
        commit(tx, [target]).await;
        let first = campaign(db, &a_campaign(Some(id))).await;
        let second = campaign(db, &a_campaign(None)).await;
        let mut read = db.read().await;
        let review = read.review(id).await.unwrap().unwrap();
        assert_eq!(review.content, a_review("Quarterly"));
        assert_eq!(read.review_named("QUARTERLY").await.unwrap(), Some(id));
        assert_eq!(read.review_named("a\0").await.unwrap(), None);
        assert_eq!(
            read.reviews(9).await.unwrap(),
            std::slice::from_ref(&review)
        );
        assert!(read.review(ReviewId::from_raw(99)).await.unwrap().is_none());
        let known = read.campaign(first).await.unwrap().unwrap();
        assert_eq!(known.content, a_campaign(Some(id)));
        assert_eq!(
            read.campaigns_of(id, 9).await.unwrap(),
            std::slice::from_ref(&known)
        );
        drop(read);
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        let open = CampaignContent {
            state: CampaignState::Open,
            ..known.content.clone()
        };
        let changed = tx
            .replace_campaign(first, known.recorded_from, &open)
            .await
            .unwrap();
        let renamed = tx
            .replace_review(id, review.recorded_from, &a_review("Yearly"))
            .await
            .unwrap();
        commit(tx, [changed, renamed]).await;
        let mut read = db.read().await;
        let mut listed = async |state, before| {
            let all = read.campaigns(state, before, None, 9).await.unwrap();
            all.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(listed(None, None).await, [second, first]);
        assert_eq!(listed(None, Some(second)).await, [first]);
        assert_eq!(listed(Some(CampaignState::Open), None).await, [first]);
        assert_eq!(listed(Some(CampaignState::Closed), None).await, []);
        assert_eq!(read.review_named("quarterly").await.unwrap(), None);
        drop(read);
        let mut tx = db.write().await;
        let stale = tx.replace_campaign(first, known.recorded_from, &open).await;
        assert!(matches!(stale, Err(storage::Error::Stale)));
    })
    .await;
}

/// Writes a population of four items, two people and something left out, in two parts.
pub(crate) async fn populate(db: &TestStore, id: CampaignId) -> (Bulk, Vec<Hash>) {
    let left_out = Excluded {
        number: 1,
        item: ItemKind::Access,
        holder: BO.into(),
        what: EntitlementId::from_raw(8).into(),
        excluded: ExcludedWhy::NobodyElse,
    };
    let record = canonical(&Population::Excluded(&left_out)).expect("it is there");
    let parts = [
        Chunk {
            subjects: vec![subject(ANA, "Ana"), subject(BO, "Bo")],
            items: vec![item(facts(1, ANA, 7)), item(facts(2, ANA, 8))],
            holders: vec![Holder {
                person: ANA,
                first: 1,
                last: 2,
            }],
            ..Chunk::default()
        },
        Chunk {
            subjects: Vec::new(),
            items: vec![item(facts(3, BO, 7)), item(facts(4, BO, 9))],
            excluded: vec![(left_out, record)],
            holders: vec![Holder {
                person: BO,
                first: 3,
                last: 5,
            }],
        },
    ];
    let mut hashes = Vec::new();
    for part in &parts {
        hashes.extend(part.subjects.iter().map(|(_, record)| record.1));
        hashes.extend(part.items.iter().map(|item| item.record.1));
        hashes.extend(part.excluded.iter().map(|(_, record)| record.1));
        let mut tx = db.write().await;
        let pile = Pile::of(
            id,
            BO,
            0,
            i64::try_from(part.items.len()).expect("it is there"),
        );
        tx.append_population(id, part).await.expect("a population");
        tx.add_piles(id, &[pile]).await.expect("it is there");
        tx.commit_unaudited("the population of a test")
            .await
            .expect("it is there");
    }
    let mut tx = db.write().await;
    let bulk = tx.bind_population(id).await.expect("it is there");
    commit(tx, []).await;
    (bulk, hashes)
}

#[tokio::test]
async fn a_population_is_frozen_with_its_leaves() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        let (bulk, hashes) = populate(db, id).await;
        assert_eq!(bulk.records, 7);
        assert_eq!(bulk.root, proof::manifest::root(hashes.iter().copied()).0);
        let mut read = db.read().await;
        let leaves: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
        let pieces = read.tree_leaves(id, 0, 0, 9).await.unwrap();
        assert_eq!(
            pieces.iter().map(|piece| piece.0).collect::<Vec<_>>(),
            [0, 4]
        );
        assert_eq!(pieces.concat_hashes(), leaves);
        assert_eq!(read.tree_leaves(id, 0, 4, 9).await.unwrap().len(), 1);
        assert_eq!(read.population_written(id).await.unwrap(), (7, 4, 1));
        let trees = read.trees(id).await.unwrap();
        assert_eq!((trees.len(), trees[0].0, trees[0].2), (1, 0, 7));
        assert!(trees[0].3.is_some());
        // Where everything about somebody is, also what is left out.
        let about = read.holder_in(BO, 9).await.unwrap();
        let holder = Holder {
            person: BO,
            first: 3,
            last: 5,
        };
        assert_eq!(about, [(id, holder)]);
        let items = read.review_items_about(id, holder, 9).await.unwrap();
        let numbers: Vec<u64> = items.iter().map(|one| one.facts.number).collect();
        assert_eq!(numbers, [3, 4]);
        let subjects = read
            .review_subjects(id, ObjectKind::Identity, &[2, 5])
            .await
            .unwrap();
        assert_eq!(subjects, [subject(BO, "Bo").0]);
        // Its items are read as they were written.
        let items = read.review_items(id, &[3, 1, 99]).await.unwrap();
        assert_eq!(
            items
                .iter()
                .map(|one| one.facts.clone())
                .collect::<Vec<_>>(),
            [facts(1, ANA, 7), facts(3, BO, 7)]
        );
        assert!(
            items
                .iter()
                .all(|one| one.open && one.choice.is_none() && one.stage == 0)
        );
        assert_eq!(
            (items[0].reviewer, items[0].likeness),
            (BO, items[1].likeness)
        );
        let other = CampaignId::from_raw(id.raw() + 1);
        assert!(read.review_items(other, &[1]).await.unwrap().is_empty());
        assert_eq!(row_id(id, 3), (id.raw() << 32) + 3);
    })
    .await;
}

trait Concat {
    fn concat_hashes(&self) -> Vec<u8>;
}

impl Concat for Vec<(i64, Vec<u8>)> {
    fn concat_hashes(&self) -> Vec<u8> {
        self.iter().flat_map(|(_, hashes)| hashes.clone()).collect()
    }
}

#[tokio::test]
async fn a_reviewer_has_a_pile_in_groups() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        populate(db, id).await;
        let mut read = db.read().await;
        let pile = read.piles(id, (0, 0), 9).await.unwrap();
        assert_eq!(pile, read.piles_of(&[ANA, BO], 9).await.unwrap());
        assert_eq!(
            (pile.len(), pile[0].items, pile[0].open(), pile[0].decided()),
            (1, 4, 4, 0)
        );
        assert_eq!((pile[0].campaign(), pile[0].reviewer()), (id, BO));
        assert!(read.piles(id, (2, 0), 9).await.unwrap().is_empty());
        assert!(read.piles_of(&[ANA], 9).await.unwrap().is_empty());
        for (by, expected) in [
            (ObjectKind::Identity, vec![(1, 2, 1), (2, 2, 1)]),
            (ObjectKind::Application, vec![(3, 4, 2)]),
            (
                ObjectKind::Entitlement,
                vec![(7, 2, 2), (8, 1, 0), (9, 1, 0)],
            ),
        ] {
            let groups = read.pile_groups(id, BO, by, 9).await.unwrap();
            let got: Vec<_> = groups
                .iter()
                .map(|one| (one.object, one.open, one.flagged))
                .collect();
            assert_eq!(got, expected);
            assert!(groups.iter().all(|one| one.items == one.open));
        }
        for (group, after, expected) in [
            (None, 0, vec![1, 2, 3, 4]),
            (None, 2, vec![3, 4]),
            (Some((ObjectKind::Identity, 1)), 0, vec![1, 2]),
            (Some((ObjectKind::Entitlement, 7)), 0, vec![1, 3]),
            (Some((ObjectKind::Application, 3)), 3, vec![4]),
        ] {
            let items = read.pile_items(id, BO, group, after, 9).await.unwrap();
            assert_eq!(
                items.iter().map(|one| one.facts.number).collect::<Vec<_>>(),
                expected
            );
        }
        assert!(
            read.pile_items(id, ANA, None, 0, 9)
                .await
                .unwrap()
                .is_empty()
        );
        drop(read);
        let mut tx = db.write().await;
        let mut decided = Pile::of(id, BO, 0, 0);
        decided.kept = 3;
        decided.looked = Some(900);
        tx.add_piles(id, &[decided, Pile::of(id, ANA, 1, 2)])
            .await
            .unwrap();
        tx.commit_unaudited("the piles of a test").await.unwrap();
        let piles = db.read().await.piles(id, (0, 0), 9).await.unwrap();
        assert_eq!(
            piles
                .iter()
                .map(|one| (one.reviewer(), one.open(), one.looked))
                .collect::<Vec<_>>(),
            [(ANA, 2, None), (BO, 1, Some(900))]
        );
    })
    .await;
}

#[tokio::test]
async fn what_acts_did_is_appended_with_trees_of_their_own() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        populate(db, id).await;
        let keep = Decision::submitted(1, 0, Staged::of(Choice::Keep), (Some(BO), None), START);
        let records = [
            ActRecord::Decision(keep),
            ActRecord::Passed {
                item: 2,
                stage: 0,
                from: BO,
                to: ANA,
                why: None,
                reason: "on leave".to_owned(),
            },
        ];
        let remedy = ActRecord::Remedy {
            item: 1,
            state: RemedyState::Sent,
            remains: true,
            by: "asg".to_owned(),
        };
        let mut tx = db.write().await;
        let bulk = tx
            .append_act(id, "review.submitted", &records)
            .await
            .unwrap();
        assert_eq!(bulk.records, 2);
        commit(tx, []).await;
        let mut tx = db.write().await;
        assert!(tx.append_act(id, "review.submitted", &[]).await.is_err());
        drop(tx);
        let mut tx = db.write().await;
        tx.append_act(id, "review.carried_out", std::slice::from_ref(&remedy))
            .await
            .unwrap();
        commit(tx, []).await;
        let mut read = db.read().await;
        let written = read.review_records(id, &[1, 2, 3]).await.unwrap();
        let got: Vec<_> = written
            .iter()
            .map(|one| (one.tree, one.place, one.record.clone()))
            .collect();
        let [decision, passed] = records;
        assert_eq!(got, [(1, 0, decision), (1, 1, passed), (2, 0, remedy)]);
        assert_eq!(read.review_records(id, &[2]).await.unwrap().len(), 1);
        let trees: Vec<_> = read
            .trees(id)
            .await
            .unwrap()
            .into_iter()
            .map(|tree| (tree.0, tree.1, tree.2))
            .collect();
        let expected = [
            (0, "review.launched", 7),
            (1, "review.submitted", 2),
            (2, "review.carried_out", 1),
        ];
        assert_eq!(
            trees,
            expected.map(|(tree, action, records)| (tree, action.to_owned(), records))
        );
    })
    .await;
}

/// Items are as they were, but for what a test changes of where they are.
pub(crate) async fn take(
    tx: &mut WriteTx,
    id: CampaignId,
    numbers: &[u64],
    change: impl Fn(Standing) -> Standing,
) {
    let items = tx.review_items(id, numbers).await.expect("items");
    let moved: Vec<(u64, Standing)> = items
        .iter()
        .map(|item| (item.facts.number, change(item.standing())))
        .collect();
    tx.take_items(id, &moved).await.expect("they moved");
}

/// Decided, whoever decided.
pub(crate) fn decided(choice: Choice) -> impl Fn(Standing) -> Standing {
    move |at| Standing {
        open: false,
        choice: Some(choice),
        ..at
    }
}

#[tokio::test]
async fn a_part_of_thousands_of_items_is_written_whole() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        let number = |n: u64| i64::try_from(n).expect("a number");
        let facts = |n: u64| facts(n, ANA, number(n));
        let all: Vec<u64> = (1..=4_700).collect();
        let part = Chunk {
            items: all.iter().map(|n| item(facts(*n))).collect(),
            ..Chunk::default()
        };
        let mut tx = db.write().await;
        tx.append_population(id, &part).await.expect("a population");
        tx.commit_unaudited("a part of a population")
            .await
            .expect("it is kept");
        let mut read = db.read().await;
        let written = read.population_written(id).await.expect("it");
        assert_eq!(written, (4_700, 4_700, 0));
        let kept = read.review_items(id, &all).await.expect("they are kept");
        let kept: Vec<Facts> = kept.into_iter().map(|one| one.facts).collect();
        let expected: Vec<Facts> = all.iter().map(|n| facts(*n)).collect();
        assert!(kept == expected, "each is as it was");
        // Once more: nothing of it is kept.
        let mut tx = db.write().await;
        assert!(tx.append_population(id, &part).await.is_err());
        drop(tx);
        let mut read = db.read().await;
        let written = read.population_written(id).await.expect("it");
        assert_eq!(written, (4_700, 4_700, 0));
        let mut tx = db.write().await;
        tx.add_piles(id, &[Pile::of(id, BO, 0, 4_700)])
            .await
            .expect("the connection is as good as before");
    })
    .await;
}
