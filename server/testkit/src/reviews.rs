//! Campaigns that are open, for tests of what is done in them.

use domain::audit::AuditAction;
use domain::id::{ApplicationId, CampaignId, IdentityId, ObjectKind, ObjectRef};
use domain::review::{
    CampaignContent, CampaignState, Facts, How, ItemKind, Population as Counts, ReviewContent, Why,
};
use domain::time::DAY;
use std::collections::BTreeMap;
use storage::WriteTx;
use storage::reviews::{Chunk, NewItem, Pile, Population, Subject, canonical};

use crate::an_event;

/// An item: an access given to somebody directly and not flagged, which this reviewer decides as the manager.
pub fn an_item(number: u64, holder: IdentityId, what: ObjectRef, reviewer: IdentityId) -> Facts {
    Facts {
        number,
        item: ItemKind::Access,
        holder: holder.into(),
        what,
        how: How::Direct,
        because: None,
        ways: 1,
        assignment: None,
        since: None,
        until: None,
        granted_by: None,
        reason: String::new(),
        used: None,
        use_known: false,
        peers: None,
        risk: None,
        flags: Vec::new(),
        last: None,
        changed: false,
        reviewer,
        why: Why::Manager,
    }
}

/// An open campaign over items of one application, due in two weeks; the names are those of `subjects`.
///
/// # Panics
/// When the database refuses it.
pub async fn an_open_campaign(
    mut tx: WriteTx,
    terms: ReviewContent,
    application: ApplicationId,
    subjects: &[Subject],
    items: Vec<Facts>,
) -> CampaignId {
    let now = tx.recorded();
    let mut piles: BTreeMap<IdentityId, i64> = BTreeMap::new();
    for item in &items {
        *piles.entry(item.reviewer).or_default() += 1;
    }
    let all = items.len() as u64;
    let content = CampaignContent {
        name: terms.name.clone(),
        review: None,
        state: CampaignState::Open,
        launched_by: None,
        frozen: now,
        due: now.plus(14 * DAY),
        escalated: None,
        seed: 7,
        population: Counts {
            all,
            included: all,
            excluded: 0,
            holders: subjects.len() as u64,
            reviewers: piles.len() as u64,
        },
        ended: None,
        effective: None,
        signed_by: None,
        sign_off: String::new(),
        terms,
    };
    let (id, target) = tx.insert_campaign(&content).await.expect("a campaign");
    let named = |subject: &Subject| {
        let record = match subject.id.kind {
            ObjectKind::Identity => Population::Person(subject),
            _ => Population::Thing(subject),
        };
        (subject.clone(), canonical(&record).expect("a record"))
    };
    let item = |facts| NewItem::new(facts, Some(application)).expect("an item");
    let chunk = Chunk {
        subjects: subjects.iter().map(named).collect(),
        items: items.into_iter().map(item).collect(),
        ..Chunk::default()
    };
    let piles: Vec<Pile> = piles
        .into_iter()
        .map(|(reviewer, count)| Pile::of(id, reviewer, 0, count))
        .collect();
    tx.append_population(id, &chunk)
        .await
        .expect("a population");
    tx.add_piles(id, &piles).await.expect("a population");
    let mut event = an_event(AuditAction::CampaignLaunched, [target]);
    let mut bulk = tx.bind_population(id).await.expect("a tree");
    let totals = [("population", all), ("included", all), ("excluded", 0)];
    bulk.totals = totals.map(|(name, count)| (name.to_owned(), count)).into();
    event.bulk = Some(bulk);
    tx.commit(event, Vec::new()).await.expect("a commit");
    id
}
