//! What reports count, keep by day and sum up.

use domain::access::AccessKey;
use domain::entitlement::EntitlementContent;
use domain::id::{
    AccountId, CampaignId, EntitlementId, IdentityId, ObjectKind, RequestId, RequestItemId,
    SourceId,
};
use domain::lifecycle::Level;
use domain::report::Measure;
use domain::request::ItemState;
use domain::review::{CampaignContent, CampaignState, Choice, Decision, RemedyState, Staged};
use domain::role::Grantable;
use domain::time::{DAY, HOUR, Instant};
use storage::access::NewAccess;
use storage::reviews::{ActRecord, Chunk, Pile, RemedyRow};
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::review_freezing::about_one_person;
use crate::reviews::{a_campaign, campaign, facts, item};
use crate::support::{application, commit, day, entitlement, execute, person};

const BO: IdentityId = IdentityId::from_raw(2);

#[tokio::test]
async fn what_people_have_is_counted_once_and_what_was_reviewed_of_it() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana").build()).await;
        let sap = application(db, an_application("sap").build()).await;
        let post = entitlement(db, an_entitlement(sap, "post").build()).await;
        let risky = EntitlementContent {
            risk: Some(Level::Critical),
            ..an_entitlement(sap, "pay").build()
        };
        let pay = entitlement(db, risky).await;
        let seen = [post, pay].map(|entitlement| NewAccess {
            key: AccessKey {
                identity: ana,
                entitlement,
                account: AccountId::from_raw(1),
            },
            granted: None,
            last_used: None,
        });
        let mut tx = db.write().await;
        tx.insert_observed(SourceId::from_raw(1), &seen).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let count = async |read: &mut storage::ReadTx, measure| read.count_measure(measure, START.plus(DAY)).await.unwrap();
        assert_eq!(count(&mut read, Measure::People).await, Some(1));
        assert_eq!(count(&mut read, Measure::Accounts).await, Some(0));
        assert_eq!(count(&mut read, Measure::Held).await, Some(2));
        assert_eq!(count(&mut read, Measure::Privileged).await, Some(1));
        assert_eq!(count(&mut read, Measure::Exclusions).await, Some(0));
        assert_eq!(count(&mut read, Measure::TasksOpen).await, Some(0));
        assert_eq!(count(&mut read, Measure::Overdue).await, Some(0));
        assert_eq!(count(&mut read, Measure::ReviewedYear).await, None);
        drop(read);
        // A campaign was the last to decide on both, and on something that is gone by now.
        let id = campaign(db, &a_campaign(None)).await;
        let other = campaign(db, &a_campaign(None)).await;
        let text = format!(
            "INSERT INTO review_last (holder_id, item, what_id, item_id, choice) VALUES ({0}, 'access', {1}, {3} + 1, 'keep'), \
             ({0}, 'access', {2}, {3} + 2, 'keep'), ({0}, 'access', 999, {3} + 3, 'revoke'), ({0}, 'role', {1}, {3} + 4, 'keep')",
            ana.raw(), post.raw(), pay.raw(), id.raw() << 32
        );
        execute(db, Box::leak(text.into_boxed_str())).await;
        let reviewed = async |since, privileged| db.read().await.reviewed_since(since, privileged).await.unwrap();
        assert_eq!(reviewed(START, false).await, 0, "it is not closed");
        let at = becomes(db, id, CampaignState::Closed).await;
        becomes(db, other, CampaignState::Closed).await;
        assert_eq!((reviewed(START, false).await, reviewed(START, true).await), (2, 1));
        assert_eq!((reviewed(at, false).await, reviewed(at.plus(1), false).await), (2, 0));
        // What is written of it later, such as its sign-off, makes it no younger.
        let signed = becomes(db, id, CampaignState::Closed).await;
        assert!(signed > at);
        assert_eq!((reviewed(at, false).await, reviewed(signed, false).await), (2, 0));
    })
    .await;
}

/// Writes a campaign anew, a day later: in a state.
async fn becomes(db: &TestStore, id: CampaignId, state: CampaignState) -> Instant {
    db.clock().advance(DAY);
    let mut tx = db.write().await;
    let before = tx.campaign(id).await.expect("it is kept");
    let before = before.expect("a campaign");
    let content = CampaignContent {
        state,
        sign_off: format!("{} and more", before.content.sign_off),
        ..before.content
    };
    let target = tx.replace_campaign(id, before.recorded_from, &content);
    let target = target.await.expect("it is kept");
    let at = tx.recorded();
    commit(tx, [target]).await;
    at
}

#[tokio::test]
async fn what_was_revoked_is_summed_over_all_campaigns_of_a_time() {
    both_engines(async |db| {
        let ids = [
            campaign(db, &a_campaign(None)).await,
            campaign(db, &a_campaign(None)).await,
            campaign(db, &a_campaign(None)).await,
        ];
        // Those about one person count like the others.
        about_one_person(db, &ids[1..2]).await;
        let states = [
            (0, RemedyState::Verified),
            (0, RemedyState::Sent),
            (0, RemedyState::Restored),
            (1, RemedyState::Gone),
            (1, RemedyState::Failed),
            (2, RemedyState::Verified),
        ];
        let remedies: Vec<RemedyRow> = (1..)
            .zip(states)
            .map(|(item, (place, state))| RemedyRow {
                campaign: ids[place],
                item,
                state,
                due: START,
                sent: None,
                task: None,
                verified_by: None,
                remains: false,
                problem: String::new(),
            })
            .collect();
        let mut tx = db.write().await;
        tx.write_remedies(&remedies).await.unwrap();
        tx.commit_unaudited("revocations of a test").await.unwrap();
        let since = async |at| {
            let found = db.read().await.revocations_since(at).await.unwrap();
            (found.gone, found.all)
        };
        assert_eq!(since(START).await, (0, 0));
        becomes(db, ids[2], CampaignState::Cancelled).await;
        // The order of ids is not that in which they are closed.
        let first = becomes(db, ids[1], CampaignState::Closed).await;
        let second = becomes(db, ids[0], CampaignState::Closed).await;
        assert_eq!(since(first).await, (2, 4));
        assert_eq!(since(second).await, (1, 2));
        assert_eq!(since(second.plus(1)).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn items_of_open_campaigns_are_overdue_when_their_time_is_over() {
    both_engines(async |db| {
        for (state, days) in [
            (CampaignState::Open, 1),
            (CampaignState::Open, 9),
            (CampaignState::Closed, 1),
        ] {
            let content = CampaignContent {
                state,
                due: START.plus(days * DAY),
                ..a_campaign(None)
            };
            let id = campaign(db, &content).await;
            let mut pile = Pile::of(id, BO, 0, 7);
            (pile.kept, pile.passed) = (1, 2);
            let mut tx = db.write().await;
            tx.add_piles(id, &[pile, Pile::of(id, BO, 1, 1)])
                .await
                .unwrap();
            tx.commit_unaudited("piles of a test").await.unwrap();
        }
        let overdue = async |days| {
            let now = START.plus(days * DAY);
            db.read().await.overdue_items(now).await.unwrap()
        };
        assert_eq!((overdue(1).await, overdue(2).await), (0, 5));
        assert_eq!(overdue(10).await, 10);
    })
    .await;
}

#[tokio::test]
async fn a_day_is_kept_and_can_be_counted_again() {
    both_engines(async |db| {
        for (on, counts) in [
            ("2026-03-01", [(Measure::Held, 7), (Measure::People, 2)]),
            ("2026-03-02", [(Measure::Held, 8), (Measure::People, 2)]),
            ("2026-03-02", [(Measure::Held, 9), (Measure::People, 3)]),
        ] {
            let mut tx = db.write().await;
            tx.keep_day(day(on), &counts).await.unwrap();
            tx.commit_unaudited("a test").await.unwrap();
        }
        let mut read = db.read().await;
        let all = read.report_days(day("2026-03-01")).await.unwrap();
        assert_eq!(
            all,
            [
                (day("2026-03-01"), Measure::Held, 7),
                (day("2026-03-01"), Measure::People, 2),
                (day("2026-03-02"), Measure::Held, 9),
                (day("2026-03-02"), Measure::People, 3),
            ]
        );
        assert_eq!(read.report_days(day("2026-03-02")).await.unwrap(), all[2..]);
    })
    .await;
}

#[tokio::test]
async fn campaigns_are_summed_up_and_requests_have_their_times() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        let chunk = Chunk {
            items: vec![
                item(facts(1, IdentityId::from_raw(1), 7)),
                item(facts(2, BO, 8)),
            ],
            ..Chunk::default()
        };
        let mut pile = Pile::of(id, BO, 0, 2);
        pile.kept = 1;
        let mut second = Pile::of(id, IdentityId::from_raw(3), 1, 5);
        (second.revoked, second.changed, second.passed) = (2, 1, 1);
        let mut tx = db.write().await;
        tx.append_population(id, &chunk)
            .await
            .expect("a population");
        tx.add_piles(id, &[pile, second]).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let keep = Decision::submitted(1, 0, Staged::of(Choice::Keep), (Some(BO), None), START);
        let mut tx = db.write().await;
        let at = tx.recorded();
        let bulk = tx
            .append_act(id, "review.submitted", &[ActRecord::Decision(keep)])
            .await
            .unwrap();
        let mut event = testkit::an_event(domain::audit::AuditAction::CampaignSubmitted, []);
        event.bulk = Some(bulk);
        tx.commit(event, Vec::new()).await.unwrap();
        let mut read = db.read().await;
        let sums = read.stage_sums(&[id]).await.unwrap();
        let sums: Vec<_> = sums
            .iter()
            .map(|one| {
                (
                    one.campaign(),
                    one.stage,
                    one.items,
                    one.kept,
                    one.revoked,
                    one.changed,
                )
            })
            .collect();
        assert_eq!(sums, [(id, 0, 2, 1, 0, 0), (id, 1, 4, 0, 2, 1)]);
        assert!(read.stage_sums(&[]).await.unwrap().is_empty());
        let submitted = read.submissions_by_people(&[id]).await.unwrap();
        assert_eq!(submitted.len(), 1);
        assert_eq!(
            (
                submitted[0].campaign,
                submitted[0].decisions,
                submitted[0].at
            ),
            (id, 1, at)
        );
        assert!(read.request_times(START, 9).await.unwrap().is_empty());
        drop(read);
        commit_a_request(db).await;
        let times = db.read().await.request_times(START, 9).await.unwrap();
        assert_eq!(times, [(START, START.plus(3 * HOUR))]);
        assert!(
            db.read()
                .await
                .request_times(START.plus(DAY), 9)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

/// A request that took three hours, and one that is open.
async fn commit_a_request(db: &testkit::TestStore) {
    let mut tx = db.write().await;
    let mut targets = Vec::new();
    for (number, ended) in (1..).zip([None, Some(START.plus(3 * HOUR))]) {
        let what = Grantable::Entitlement(EntitlementId::from_raw(7));
        let mut content = crate::requests::an_item(RequestId::from_raw(1), number, what);
        content.ended = ended;
        if ended.is_some() {
            content.state = ItemState::Granted;
        }
        let id = tx.next_id(ObjectKind::RequestItem).await.expect("an id");
        let target = tx.insert_request_item(RequestItemId::from_raw(id), &content);
        targets.push(target.await.expect("an item"));
    }
    commit(tx, targets).await;
}
