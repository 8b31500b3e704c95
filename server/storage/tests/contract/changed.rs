//! What changed between two moments: of whom, and which entitlements could be had at only one of them.

use std::collections::BTreeMap;

use domain::assignment::{Agent, AssignmentState};
use domain::exclusion::{ExclusionContent, ExclusionState};
use domain::id::{AccountId, EntitlementId, IdentityId, RoleId, SourceId};
use domain::identity::IdentityStatus;
use domain::lifecycle::Lifecycle;
use domain::role::Grantable;
use domain::source::{FileKind, ImportMode, RowChange, RowRecord, RowSubject};
use domain::time::{DAY, Instant, MINUTE};
use storage::assignments::AssignmentContent;
use storage::runs::NewRun;
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::support::{application, commit, day, entitlement, person};

const CLERK: Grantable = Grantable::Role(RoleId::from_raw(7));

fn moment(db: &TestStore) -> Instant {
    use domain::context::Clock as _;
    db.clock().advance(MINUTE);
    let now = db.clock().now();
    db.clock().advance(MINUTE);
    now
}

async fn changed(db: &TestStore, from: Instant, to: Instant) -> Vec<i64> {
    let mut tx = db.read().await;
    tx.people_changed((from, to), (from, to), 100)
        .await
        .expect("an answer")
}

async fn give(db: &TestStore, identity: i64, from: Instant, until: Option<Instant>) {
    let content = AssignmentContent {
        identity: IdentityId::from_raw(identity),
        what: CLERK,
        agent: Agent::Admin,
        reason: "Needed".to_owned(),
        state: AssignmentState::Active,
        valid_from: from,
        valid_until: until,
        source: None,
        rule: None,
        granted_by: None,
        request: None,
        activates: None,
    };
    let mut tx = db.write().await;
    let (_, target) = tx.insert_assignment(&content).await.expect("given");
    commit(tx, [target]).await;
}

#[tokio::test]
async fn people_changed_by_what_was_recorded_and_by_time() {
    both_engines(async |db| {
        let before = moment(db);
        give(db, 11, START, None).await;
        give(db, 12, START.plus(5 * DAY), Some(START.plus(9 * DAY))).await;
        let given = moment(db);
        assert_eq!(changed(db, before, given).await, [11, 12]);
        assert!(changed(db, given, moment(db)).await.is_empty());
        let later = |days: i64| START.plus(days * DAY);
        assert_eq!(changed(db, given, later(6)).await, [12]);
        assert!(changed(db, later(6), later(8)).await.is_empty());
        assert_eq!(changed(db, later(8), later(9)).await, [12]);
        let mut tx = db.read().await;
        let few = tx.people_changed((before, given), (before, given), 1).await;
        assert_eq!(few.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn exclusions_and_people_themselves_change_too() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana").build()).await;
        let leaving = a_person("Ben").ends(day("2030-06-10")).build();
        let ben = person(db, leaving).await;
        let new = moment(db);
        assert!(
            changed(db, START.plus(-DAY), new).await.is_empty(),
            "who is new had nothing"
        );
        let mut tx = db.write().await;
        let version = tx.identity(ana).await.unwrap().unwrap();
        let target = tx
            .replace_identity(ana, version.recorded_from, &a_person("Ana May").build())
            .await
            .unwrap();
        commit(tx, [target]).await;
        let renamed = moment(db);
        assert!(changed(db, new, renamed).await.is_empty(), "only a name");
        let mut tx = db.write().await;
        let version = tx.identity(ana).await.unwrap().unwrap();
        let away = a_person("Ana May").status(IdentityStatus::Suspended);
        let target = tx
            .replace_identity(ana, version.recorded_from, &away.build())
            .await
            .unwrap();
        commit(tx, [target]).await;
        let suspended = moment(db);
        assert_eq!(changed(db, renamed, suspended).await, [ana.raw()]);
        let then = tx_people(db, &[ana, ben], renamed).await;
        assert_eq!(
            then,
            [(ana, IdentityStatus::Active), (ben, IdentityStatus::Active)]
        );
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let mut tx = db.read().await;
        let week = (at("2030-06-08T12:00:00Z"), at("2030-06-12T12:00:00Z"));
        let leaving = tx
            .people_changed((suspended, suspended), week, 9)
            .await
            .unwrap();
        assert_eq!(leaving, [ben.raw()]);
        drop(tx);
        let content = ExclusionContent {
            identity: ben,
            what: CLERK,
            reason: "Conflict".to_owned(),
            owner: None,
            state: ExclusionState::Active,
            valid_from: START,
            valid_until: None,
        };
        let mut tx = db.write().await;
        let (_, target) = tx.insert_exclusion(&content).await.unwrap();
        commit(tx, [target]).await;
        let excluded = moment(db);
        assert_eq!(changed(db, suspended, excluded).await, [ben.raw()]);
        let mut tx = db.read().await;
        assert_eq!(
            tx.people_excluded_from_roles(excluded).await.unwrap(),
            [ben]
        );
        assert!(
            tx.people_excluded_from_roles(suspended)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

async fn tx_people(
    db: &TestStore,
    ids: &[IdentityId],
    at: Instant,
) -> Vec<(IdentityId, IdentityStatus)> {
    let mut tx = db.read().await;
    let mut all = tx.identities_as_of(ids, at).await.expect("people");
    all.sort_by_key(|identity| identity.id);
    let all = all.into_iter();
    all.map(|identity| (identity.id, identity.content.status))
        .collect()
}

#[tokio::test]
async fn entitlements_are_switched_with_their_application_or_alone() {
    both_engines(async |db| {
        let sap = application(db, an_application("SAP").build()).await;
        let read = entitlement(db, an_entitlement(sap, "Read").build()).await;
        let post = entitlement(db, an_entitlement(sap, "Post").build()).await;
        let new = moment(db);
        let mut tx = db.write().await;
        let version = tx.entitlement(post).await.unwrap().unwrap();
        let off = an_entitlement(sap, "Post").status(Lifecycle::Ended);
        let target = tx
            .replace_entitlement(post, version.recorded_from, &off.build())
            .await
            .unwrap();
        commit(tx, [target]).await;
        let ended = moment(db);
        let mut tx = db.write().await;
        let version = tx.application(sap).await.unwrap().unwrap();
        let off = an_application("SAP").status(Lifecycle::Suspended);
        let target = tx
            .replace_application(sap, version.recorded_from, &off.build())
            .await
            .unwrap();
        commit(tx, [target]).await;
        let suspended = moment(db);
        let mut tx = db.read().await;
        assert!(
            tx.entitlements_switched((START.plus(-DAY), new))
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            tx.entitlements_switched((new, ended)).await.unwrap(),
            [post]
        );
        let both = tx.entitlements_switched((ended, suspended)).await.unwrap();
        assert_eq!(both, [read, post]);
        assert_eq!(tx.entitlements_of(sap).await.unwrap(), [read, post]);
    })
    .await;
}

#[tokio::test]
async fn runs_say_of_whom_something_is_seen_otherwise() {
    both_engines(async |db| {
        let source = SourceId::from_raw(3);
        let mut tx = db.write().await;
        let run = NewRun {
            source,
            mode: ImportMode::Delta,
            created_by: "command_line".to_owned(),
            allow_shrink: None,
        };
        let run = tx.insert_run(&run).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let record = |identity, change| RowRecord {
            change,
            file: FileKind::Access,
            line: None,
            about: RowSubject::Access {
                identity: IdentityId::from_raw(identity),
                entitlement: EntitlementId::from_raw(1),
                account: Some(AccountId::from_raw(1)),
                source,
            },
        };
        let mut moments = vec![moment(db)];
        for records in [
            vec![record(4, RowChange::Added), record(2, RowChange::Added)],
            vec![record(4, RowChange::Changed), record(9, RowChange::Ended)],
        ] {
            let tx = db.write().await;
            tx.commit_rows(run, &records, &BTreeMap::new(), Vec::new())
                .await
                .unwrap();
            moments.push(moment(db));
        }
        let mut tx = db.read().await;
        for (from, to, most, found) in [
            (0, 1, 9, vec![2, 4]),
            (1, 2, 9, vec![9]),
            (0, 2, 9, vec![2, 4, 9]),
            (0, 2, 1, vec![2]),
            (2, 2, 9, vec![]),
        ] {
            let span = (moments[from], moments[to]);
            let people = tx.people_seen_otherwise(span, most).await.unwrap();
            assert_eq!(people, found);
        }
    })
    .await;
}
