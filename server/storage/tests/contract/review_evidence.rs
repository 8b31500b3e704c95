//! What evidence is made of: rows in the order of their leaves, and the entries that bind them.

use domain::audit::AuditAction;
use domain::id::{CampaignId, IdentityId};
use domain::review::{Choice, Decision, Staged};
use storage::reviews::{ActRecord, PopulationPlace, PopulationReader, PopulationRow};
use testkit::{START, TestStore, an_event, both_engines};

use crate::reviews::{a_campaign, campaign, populate};

const BO: IdentityId = IdentityId::from_raw(2);

async fn rows(db: &TestStore, id: CampaignId, most: i64) -> Vec<PopulationRow> {
    let mut read = db.read().await;
    let mut reader = PopulationReader::new(id);
    let mut all = Vec::new();
    loop {
        let part = read
            .population_rows(&mut reader, most)
            .await
            .expect("it is there");
        if part.is_empty() {
            return all;
        }
        assert!(i64::try_from(part.len()).expect("it is there") <= most);
        all.extend(part);
    }
}

#[tokio::test]
async fn a_population_is_read_in_the_order_of_its_leaves_in_parts_of_any_size() {
    both_engines(async |db| {
        let other = campaign(db, &a_campaign(None)).await;
        let id = campaign(db, &a_campaign(None)).await;
        let (_, hashes) = populate(db, id).await;
        populate(db, other).await;
        let whole = rows(db, id, 100).await;
        for most in 1..8 {
            assert_eq!(rows(db, id, most).await, whole, "{most} at a time");
        }
        assert_eq!(
            whole.iter().map(|row| row.leaf).collect::<Vec<_>>(),
            (0..7).collect::<Vec<_>>()
        );
        let leaves: Vec<_> = whole
            .iter()
            .map(|row| proof::hash::leaf_hash(row.content.as_bytes()))
            .collect();
        assert_eq!(leaves, hashes);
        let numbers: Vec<_> = whole.iter().map(|row| row.place.number()).collect();
        assert_eq!(
            numbers,
            [None, None, Some(1), Some(2), Some(3), Some(4), Some(1)]
        );
        let PopulationPlace::Item(columns) = &whole[2].place else {
            panic!("the first item")
        };
        let facts = serde_json::from_str(&whole[2].content).unwrap();
        assert_eq!(columns.misfit(id, &facts), None);
        assert_eq!(columns.application_id, 3);
        assert_eq!(columns.misfit(other, &facts), Some("id"));
        let mut later = facts.clone();
        later.holder.raw = 77;
        assert_eq!(columns.misfit(id, &later), Some("holder_id"));
        let nothing = CampaignId::from_raw(id.raw() + 1);
        assert!(rows(db, nothing, 9).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn acts_are_read_by_place_and_entries_by_what_they_are_about() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        populate(db, id).await;
        let records: Vec<ActRecord> = (1..=3)
            .map(|item| {
                let staged = Staged::of(Choice::Keep);
                let by = (Some(BO), None);
                ActRecord::Decision(Decision::submitted(item, 0, staged, by, START))
            })
            .collect();
        let mut tx = db.write().await;
        let bulk = tx.append_act(id, "review.submitted", &records).await;
        let mut event = an_event(AuditAction::CampaignSubmitted, []);
        event.targets = vec![domain::audit::Target {
            object: id.into(),
            content: None,
        }];
        event.bulk = Some(bulk.unwrap());
        let seq = tx.commit(event, Vec::new()).await.unwrap();
        let mut read = db.read().await;
        let all = read.act_records(id, 1, -1, 9).await.unwrap();
        assert_eq!(
            all.iter().map(|record| record.0).collect::<Vec<_>>(),
            [0, 1, 2]
        );
        assert_eq!(all[2].1, storage::reviews::row_id(id, 3));
        let read_again: ActRecord = serde_json::from_str(&all[2].2).unwrap();
        assert_eq!(read_again, records[2]);
        assert_eq!(read.act_records(id, 1, 0, 1).await.unwrap(), all[1..2]);
        assert!(read.act_records(id, 2, -1, 9).await.unwrap().is_empty());
        let trees = read.tree_rows(id).await.unwrap();
        assert_eq!(trees.len(), 2);
        assert_eq!((trees[1].records, trees[1].seq), (3, Some(seq)));
        assert_eq!(trees[1].action, "review.submitted");
        assert!(proof::Frontier::from_bytes(&trees[1].frontier).is_ok());
        let mut numbers = Vec::new();
        while let Some(tree) = read
            .tree_after(id, numbers.last().copied().unwrap_or(-1))
            .await
            .unwrap()
        {
            numbers.push(tree);
        }
        assert_eq!(numbers, [0, 1]);
        let before = CampaignId::from_raw(id.raw() - 1);
        let found = read.campaigns_with_trees(before, 9).await.unwrap();
        assert_eq!(found, [id]);
        assert!(read.campaigns_with_trees(id, 9).await.unwrap().is_empty());
        // The campaign itself, and what was submitted.
        let entries = read.entries_of(id.into(), 0, 9).await.unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1].0, seq);
        let leaf = String::from_utf8(entries[1].1.clone()).unwrap();
        assert!(leaf.contains("review.submitted"), "{leaf}");
        let later = read.entries_of(id.into(), entries[0].0, 9).await.unwrap();
        assert_eq!(later, entries[1..]);
        assert_eq!(read.entries_of(id.into(), 0, 1).await.unwrap().len(), 1);
    })
    .await;
}
