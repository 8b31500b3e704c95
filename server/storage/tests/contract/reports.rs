//! What reports count, keep by day and sum up.

use domain::access::AccessKey;
use domain::entitlement::EntitlementContent;
use domain::id::{
    AccountId, EntitlementId, IdentityId, ObjectKind, RequestId, RequestItemId, SourceId,
};
use domain::lifecycle::Level;
use domain::report::Measure;
use domain::request::ItemState;
use domain::review::{Choice, Decision, Staged};
use domain::role::Grantable;
use domain::time::{DAY, HOUR};
use storage::access::NewAccess;
use storage::reviews::{ActRecord, Chunk, Pile};
use testkit::{START, a_person, an_application, an_entitlement, both_engines};

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
        let mut read = db.read().await;
        assert_eq!(read.reviewed_in(&[id, other], false).await.unwrap(), 2);
        assert_eq!(read.reviewed_in(&[id], true).await.unwrap(), 1);
        assert_eq!(read.reviewed_in(&[other], false).await.unwrap(), 0);
        assert_eq!(read.reviewed_in(&[], false).await.unwrap(), 0);
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
        let mut tx = db.write().await;
        tx.append_population(
            id,
            &chunk,
            &[pile, Pile::of(id, IdentityId::from_raw(3), 1, 4)],
        )
        .await
        .unwrap();
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
        let sums = read.campaign_sums(&[id]).await.unwrap();
        assert_eq!(sums.len(), 1);
        assert_eq!(
            (
                sums[0].campaign(),
                sums[0].items,
                sums[0].kept,
                sums[0].revoked,
                sums[0].changed,
                sums[0].together
            ),
            (id, 6, 1, 0, 0, 0)
        );
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
