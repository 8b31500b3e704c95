//! Samples of campaigns, the entries behind acts, and links for outside auditors.

use domain::audit::AuditAction;
use domain::id::{AuditorLinkId, CampaignId, IdentityId};
use domain::review::{Choice, Decision, Staged};
use domain::time::DAY;
use storage::reviews::{ActRecord, Chunk, NewAuditorLink, NumberReader, Sample};
use testkit::{START, TestStore, an_event, both_engines};

use crate::reviews::{a_campaign, campaign, decided, facts, item, take};

const ANA: IdentityId = IdentityId::from_raw(1);

/// So many items of Ana.
async fn populated(db: &TestStore, items: u64) -> CampaignId {
    let id = campaign(db, &a_campaign(None)).await;
    let chunk = Chunk {
        items: (1..=items)
            .map(|n| item(facts(n, ANA, i64::try_from(n).expect("a small number"))))
            .collect(),
        ..Chunk::default()
    };
    let mut tx = db.write().await;
    tx.append_population(id, &chunk)
        .await
        .expect("a population");
    take(&mut tx, id, &[2, 5], decided(Choice::Keep)).await;
    tx.commit_unaudited("the items of a test")
        .await
        .expect("a commit");
    id
}

#[tokio::test]
async fn the_numbers_of_items_are_read_whole_in_parts_of_any_size() {
    both_engines(async |db| {
        let id = populated(db, 7).await;
        populated(db, 3).await;
        for most in [1, 2, 3, 100] {
            let mut read = db.read().await;
            let mut reader = NumberReader::new(id);
            let mut all = Vec::new();
            loop {
                let part = read.item_numbers(&mut reader, most).await.unwrap();
                if part.is_empty() {
                    break;
                }
                all.extend(part);
            }
            all.sort_unstable();
            assert_eq!(all, (1..=7).collect::<Vec<u64>>(), "{most} at a time");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sample_is_kept_once() {
    both_engines(async |db| {
        let id = populated(db, 3).await;
        let first = Sample {
            seed: u32::MAX,
            size: 2,
            items: vec![3, 1],
            drawn: START,
            drawn_by: Some(ANA),
        };
        let later = Sample {
            seed: 7,
            drawn: START.plus(DAY),
            drawn_by: None,
            ..first.clone()
        };
        let again = Sample {
            items: vec![2, 1],
            ..first.clone()
        };
        let mut tx = db.write().await;
        for sample in [&first, &later, &again] {
            tx.keep_sample(id, sample).await.unwrap();
        }
        tx.commit_unaudited("samples of a test").await.unwrap();
        let mut read = db.read().await;
        let found = read.sample(id, u32::MAX, 2).await.unwrap();
        assert_eq!(found, Some(first.clone()));
        assert_eq!(read.sample(id, 7, 3).await.unwrap(), None);
        assert_eq!(read.samples(id, 10).await.unwrap(), [later.clone(), first]);
        assert_eq!(read.samples(id, 1).await.unwrap(), [later]);
    })
    .await;
}

#[tokio::test]
async fn acts_are_found_with_the_entries_that_bind_them() {
    both_engines(async |db| {
        let id = populated(db, 3).await;
        let mut seqs = Vec::new();
        for number in [1, 3] {
            let staged = Staged::of(Choice::Keep);
            let decision = Decision::submitted(number, 0, staged, (Some(ANA), None), START);
            let action = AuditAction::CampaignSubmitted;
            let mut tx = db.write().await;
            let bulk = tx
                .append_act(id, action.word(), &[ActRecord::Decision(decision)])
                .await
                .unwrap();
            let mut event = an_event(action, []);
            event.bulk = Some(bulk);
            seqs.push(tx.commit(event, Vec::new()).await.unwrap());
        }
        let mut read = db.read().await;
        let found = read.act_entries(id, &[2, 1, 9]).await.unwrap();
        let found: Vec<_> = found
            .into_iter()
            .map(|one| (one.tree, one.seq, one.action))
            .collect();
        let word = AuditAction::CampaignSubmitted.word().to_owned();
        assert_eq!(found, [(1, seqs[0], word.clone()), (2, seqs[1], word)]);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_found_by_its_token_counted_and_called_back_once() {
    both_engines(async |db| {
        let campaign = CampaignId::from_raw(4);
        let link = NewAuditorLink {
            token: [7; 32],
            campaign,
            sample: Some((u32::MAX, 25)),
            auditor: "Iris".to_owned(),
            purpose: "SOX 404".to_owned(),
            created_by: Some(ANA),
            expires: START.plus(90 * DAY),
        };
        let mut tx = db.write().await;
        let id = tx.insert_auditor_link(&link).await.unwrap();
        let other = NewAuditorLink {
            token: [8; 32],
            sample: None,
            created_by: None,
            ..link.clone()
        };
        let second = tx.insert_auditor_link(&other).await.unwrap();
        tx.commit_unaudited("links of a test").await.unwrap();
        let mut tx = db.write().await;
        tx.count_auditor_view(id).await.unwrap();
        tx.count_auditor_view(id).await.unwrap();
        assert!(tx.revoke_auditor_link(second).await.unwrap());
        assert!(!tx.revoke_auditor_link(second).await.unwrap());
        let unknown = AuditorLinkId::from_raw(99);
        assert!(!tx.revoke_auditor_link(unknown).await.unwrap());
        tx.commit_unaudited("views of a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.auditor_link_of(&[9; 32]).await.unwrap(), None);
        assert_eq!(read.auditor_link(unknown).await.unwrap(), None);
        let found = read.auditor_link_of(&[7; 32]).await.unwrap().unwrap();
        assert_eq!((found.id, found.views), (id, 2));
        assert_eq!(found.sample, Some((u32::MAX, 25)));
        assert!(found.last_view.is_some());
        assert!(found.works(START.plus(89 * DAY)) && !found.works(START.plus(90 * DAY)));
        let gone = read.auditor_link(second).await.unwrap().unwrap();
        assert_eq!((gone.sample, gone.works(START)), (None, false));
        let all = read.auditor_links(campaign, 10).await.unwrap();
        let all: Vec<_> = all.into_iter().map(|one| one.id).collect();
        assert_eq!(all, [second, id]);
    })
    .await;
}
