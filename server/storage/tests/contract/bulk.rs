//! Many objects at a time: what goes in bulk is the same as what goes one by one.

use domain::assignment::{Agent, AssignmentState};
use domain::id::{ApplicationId, AssignmentId, EntitlementId, IdentityId, ObjectKind, SourceId};
use domain::identity::{IdentityContent, IdentityStatus};
use domain::lifecycle::Level;
use domain::role::Grantable;
use domain::time::{DAY, Instant, MINUTE};
use storage::Error;
use storage::assignments::AssignmentContent;
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::support::{commit, day, person, search};

const HR: SourceId = SourceId::from_raw(3);

fn two_people() -> [IdentityContent; 2] {
    [
        a_person("Ana “Ü” Silva")
            .department("Sales \\ \"North\"")
            .starts(day("2020-02-29"))
            .ends(day("2027-01-31"))
            .attribute("cost centre", "4711 ß")
            .build(),
        a_person("Ben Okoro")
            .email("")
            .manager(IdentityId::from_raw(1))
            .status(IdentityStatus::OnLeave)
            .build(),
    ]
}

/// Adds people in bulk and answers their ids.
async fn add(db: &TestStore, contents: &[IdentityContent]) -> Vec<IdentityId> {
    let mut tx = db.write().await;
    let count = i64::try_from(contents.len()).expect("the database answers");
    let first = tx
        .next_ids(ObjectKind::Identity, count)
        .await
        .expect("the database answers");
    let rows: Vec<_> = (first..)
        .map(IdentityId::from_raw)
        .zip(contents.iter().cloned())
        .collect();
    let targets = tx
        .insert_identities(&rows)
        .await
        .expect("the database answers");
    commit(tx, targets).await;
    rows.into_iter().map(|(id, _)| id).collect()
}

#[tokio::test]
async fn identities_in_bulk_are_what_they_are_one_by_one() {
    both_engines(async |db| {
        let [ana, ben] = two_people();
        let ids = add(db, &[ana.clone(), ben.clone()]).await;
        let mut read = db.read().await;
        assert_eq!(read.identity(ids[0]).await.unwrap().unwrap().content, ana);
        assert_eq!(read.identity(ids[1]).await.unwrap().unwrap().content, ben);
        let mut all = read
            .identities_with(&[ids[1], ids[0], IdentityId::from_raw(99)])
            .await
            .unwrap();
        all.sort_by_key(|one| one.id);
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), ids);
        let found = read
            .identities_by_keys(&["ben.okoro".to_owned(), "nobody".to_owned()])
            .await
            .unwrap();
        assert_eq!(found, [("ben.okoro".to_owned(), ids[1])]);
        let mail = ana.email.to_lowercase();
        let found = read
            .identities_by_emails(&[mail.clone(), String::new()])
            .await
            .unwrap();
        assert_eq!(found, [(mail, ids[0])]);
        let keys = read.identity_keys(0, 10).await.unwrap();
        assert_eq!(keys.len(), 2);
        assert_eq!(
            (
                keys[1].id,
                keys[1].manager,
                keys[1].status,
                keys[1].governed
            ),
            (ids[1], Some(ids[0]), IdentityStatus::OnLeave, false)
        );
        assert_eq!(read.identity_keys(ids[0].raw(), 10).await.unwrap().len(), 1);
        let query = search("okoro");
        let page = read
            .identities(domain::permission::Visibility::All, None, &query)
            .await
            .unwrap();
        assert_eq!(page.total, 1);
    })
    .await;
}

#[tokio::test]
async fn two_people_may_swap_their_usernames_in_one_call() {
    both_engines(async |db| {
        let [ana, ben] = two_people();
        let ids = add(db, &[ana.clone(), ben.clone()]).await;
        let from = db
            .read()
            .await
            .identity(ids[0])
            .await
            .unwrap()
            .unwrap()
            .recorded_from;
        db.clock().advance(MINUTE);
        let swapped = [
            (
                ids[0],
                from,
                IdentityContent {
                    username: ben.username.clone(),
                    ..ana.clone()
                },
            ),
            (
                ids[1],
                from,
                IdentityContent {
                    username: ana.username.clone(),
                    ..ben.clone()
                },
            ),
        ];
        let mut tx = db.write().await;
        let targets = tx.replace_identities(&swapped).await.unwrap();
        let now = tx.recorded();
        commit(tx, targets).await;
        let mut read = db.read().await;
        let found = read
            .identity_by_username(&ana.username)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found.id, found.recorded_from), (ids[1], now));
        assert_eq!(
            read.identity_as_of(ids[1], from)
                .await
                .unwrap()
                .unwrap()
                .content,
            ben
        );
        // The versions have changed meanwhile: nothing of it is kept.
        let mut tx = db.write().await;
        assert!(matches!(
            tx.replace_identities(&swapped).await,
            Err(Error::Stale)
        ));
        assert!(matches!(
            tx.commit_unaudited("a test").await,
            Err(Error::HalfDone)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_in_bulk_too() {
    both_engines(async |db| {
        let [ana, _] = two_people();
        add(db, std::slice::from_ref(&ana)).await;
        let mut tx = db.write().await;
        let id = IdentityId::from_raw(tx.next_id(ObjectKind::Identity).await.unwrap());
        let again = tx.insert_identities(&[(id, ana)]).await;
        assert!(matches!(again, Err(Error::Duplicate)));
    })
    .await;
}

#[tokio::test]
async fn applications_and_entitlements_in_bulk() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let (desk, bank) = (ApplicationId::from_raw(1), ApplicationId::from_raw(2));
        tx.next_ids(ObjectKind::Application, 2).await.unwrap();
        tx.next_ids(ObjectKind::Entitlement, 2).await.unwrap();
        let mut cash = an_application("Cash Desk").criticality(Level::High).build();
        cash.source = Some(HR);
        let plain = an_application("Bank").build();
        let mut targets = tx
            .insert_applications(&[(desk, cash.clone()), (bank, plain.clone())])
            .await
            .unwrap();
        let ids = [EntitlementId::from_raw(1), EntitlementId::from_raw(2)];
        let mut read_right = an_entitlement(desk, "Read")
            .actions(&["read", "list"])
            .build();
        read_right.source = Some(HR);
        let pay = an_entitlement(bank, "Pay").risk(Level::Critical).build();
        targets.extend(
            tx.insert_entitlements(&[(ids[0], read_right.clone()), (ids[1], pay.clone())])
                .await
                .unwrap(),
        );
        let from = tx.recorded();
        commit(tx, targets).await;
        let mut read = db.read().await;
        assert_eq!(read.application(desk).await.unwrap().unwrap().content, cash);
        assert_eq!(
            read.applications_with(&[bank]).await.unwrap()[0].content,
            plain
        );
        assert_eq!(read.application_keys().await.unwrap().len(), 2);
        assert_eq!(
            read.entitlement(ids[0]).await.unwrap().unwrap().content,
            read_right
        );
        assert_eq!(
            read.entitlements_with(&[ids[1]]).await.unwrap()[0].content,
            pay
        );
        let here = read.entitlements_in(bank, 9).await.unwrap();
        assert_eq!((here.len(), here[0].id), (1, ids[1]));
        assert!(read.entitlements_in(bank, 0).await.unwrap().is_empty());
        let keys = read.entitlement_keys(0, 9).await.unwrap();
        assert_eq!(
            (keys.len(), keys[0].source, keys[1].name_key.as_str()),
            (2, Some(HR), "pay")
        );
        drop(read);
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        cash.name = "cash".to_owned();
        read_right.description = "See the cash desk.".to_owned();
        let mut targets = tx
            .replace_applications(&[(desk, from, cash.clone())])
            .await
            .unwrap();
        targets.extend(
            tx.replace_entitlements(&[(ids[0], from, read_right.clone())])
                .await
                .unwrap(),
        );
        commit(tx, targets).await;
        let mut read = db.read().await;
        assert_eq!(
            read.application_by_name("CASH")
                .await
                .unwrap()
                .unwrap()
                .content,
            cash
        );
        assert_eq!(
            read.entitlement(ids[0]).await.unwrap().unwrap().content,
            read_right
        );
        let mut tx = db.write().await;
        let stale = tx.replace_entitlements(&[(ids[0], from, read_right)]).await;
        assert!(matches!(stale, Err(Error::Stale)));
        drop(tx);
        let mut tx = db.write().await;
        let stale = tx.replace_applications(&[(desk, from, cash)]).await;
        assert!(matches!(stale, Err(Error::Stale)));
    })
    .await;
}

fn grant(identity: i64, what: Grantable, source: Option<SourceId>) -> AssignmentContent {
    AssignmentContent {
        identity: IdentityId::from_raw(identity),
        what,
        agent: Agent::Import,
        reason: "A row of role_members.csv".to_owned(),
        state: AssignmentState::Active,
        valid_from: START,
        valid_until: Some(START.plus(DAY)),
        source,
        rule: None,
        granted_by: None,
        request: None,
        activates: None,
    }
}

#[tokio::test]
async fn assignments_of_roles_in_bulk_and_in_order() {
    both_engines(async |db| {
        let role = |id| Grantable::Role(domain::id::RoleId::from_raw(id));
        let entitlement = Grantable::Entitlement(EntitlementId::from_raw(7));
        let contents = [
            grant(2, role(5), Some(HR)),
            grant(1, role(6), Some(HR)),
            grant(1, role(5), Some(HR)),
            grant(1, entitlement, None),
        ];
        let mut tx = db.write().await;
        tx.next_ids(ObjectKind::Assignment, 4).await.unwrap();
        let rows: Vec<_> = (1..)
            .map(AssignmentId::from_raw)
            .zip(contents.iter().cloned())
            .collect();
        let targets = tx.insert_assignments(&rows).await.unwrap();
        let from = tx.recorded();
        commit(tx, targets).await;
        let mut read = db.read().await;
        let ordered = read.assignments_after(HR, None, 9).await.unwrap();
        let ids: Vec<i64> = ordered.iter().map(|one| one.id.raw()).collect();
        assert_eq!(ids, [3, 2, 1]);
        let after = (
            ordered[0].content.identity,
            ordered[0].content.what.role().unwrap(),
        );
        assert_eq!(
            read.assignments_after(HR, Some(after), 1).await.unwrap()[0]
                .id
                .raw(),
            2
        );
        let of = read
            .assignments_of_all(&[IdentityId::from_raw(1)])
            .await
            .unwrap();
        assert_eq!(of.len(), 3);
        assert_eq!(
            read.live_ids(HR, domain::source::FileKind::RoleMembers, 1, 9)
                .await
                .unwrap(),
            [2, 3]
        );
        drop(read);
        let ended = AssignmentContent {
            state: AssignmentState::Ended,
            ..contents[0].clone()
        };
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        let targets = tx
            .replace_assignments(&[(AssignmentId::from_raw(1), from, ended.clone())])
            .await
            .unwrap();
        commit(tx, targets).await;
        assert_eq!(
            db.read()
                .await
                .assignments_after(HR, None, 9)
                .await
                .unwrap()
                .len(),
            2
        );
        let mut tx = db.write().await;
        let stale = tx
            .replace_assignments(&[(AssignmentId::from_raw(1), from, ended)])
            .await;
        assert!(matches!(stale, Err(Error::Stale)));
    })
    .await;
}

#[tokio::test]
async fn sessions_and_links_of_many_are_gone_at_once() {
    both_engines(async |db| {
        let ana = person(db, two_people()[0].clone()).await;
        let mut tx = db.write().await;
        tx.put_link(ana, &[1; 32], START.plus(DAY)).await.unwrap();
        tx.drop_links_of_all(&[ana]).await.unwrap();
        tx.delete_sessions_of_all(&[ana]).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert!(read.link_owner(&[1; 32], START).await.unwrap().is_none());
        assert_eq!(read.privileged_identities().await.unwrap(), []);
        assert!(Instant::from_micros(0) < START);
    })
    .await;
}
