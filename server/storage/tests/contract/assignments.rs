//! Assignments, and the console rights that follow from them at a moment.

use domain::assignment::{Agent, AssignmentState};
use domain::id::{ApplicationId, AssignmentId, EntitlementId, IdentityId};
use domain::identity::IdentityStatus;
use domain::lifecycle::Lifecycle;
use domain::permission::{ConsoleRight, Rights};
use domain::role::Grantable;
use domain::time::{HOUR, Instant};
use storage::Error;
use storage::assignments::AssignmentContent;
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::support::{application, commit, entitlement, person};

const ANA: IdentityId = IdentityId::from_raw(1);

pub(crate) fn grant(
    identity: IdentityId,
    entitlement: EntitlementId,
    from: Instant,
    until: Option<Instant>,
) -> AssignmentContent {
    AssignmentContent {
        identity,
        what: Grantable::Entitlement(entitlement),
        agent: Agent::Admin,
        reason: "Because “ü”".to_owned(),
        state: AssignmentState::Active,
        valid_from: from,
        valid_until: until,
        source: None,
        rule: None,
        granted_by: None,
        request: None,
        activates: None,
    }
}

pub(crate) async fn assign(db: &TestStore, content: &AssignmentContent) -> AssignmentId {
    let mut tx = db.write().await;
    let (id, target) = tx
        .insert_assignment(content)
        .await
        .expect("a new assignment");
    commit(tx, [target]).await;
    id
}

pub(crate) async fn console(db: &TestStore) -> ApplicationId {
    application(db, an_application("Bailiwick").built_in().build()).await
}

pub(crate) async fn right(
    db: &TestStore,
    console: ApplicationId,
    right: ConsoleRight,
) -> EntitlementId {
    entitlement(
        db,
        an_entitlement(console, right.label())
            .name(right.word())
            .build(),
    )
    .await
}

#[tokio::test]
async fn active_assignments_come_back_until_they_end() {
    both_engines(async |db| {
        let content = grant(
            ANA,
            EntitlementId::from_raw(5),
            START.plus(-HOUR),
            Some(START.plus(HOUR)),
        );
        let first = assign(db, &content).await;
        let second = assign(db, &grant(ANA, EntitlementId::from_raw(6), START, None)).await;
        assign(
            db,
            &grant(
                IdentityId::from_raw(2),
                EntitlementId::from_raw(5),
                START,
                None,
            ),
        )
        .await;
        let stored = db.read().await.assignments_of(ANA).await.unwrap();
        assert_eq!(
            stored.iter().map(|a| a.id).collect::<Vec<_>>(),
            [first, second]
        );
        assert_eq!(stored[0].content, content);
        let ended = AssignmentContent {
            state: AssignmentState::Ended,
            ..content.clone()
        };
        let mut tx = db.write().await;
        let target = tx
            .replace_assignment(first, stored[0].recorded_from, &ended)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut tx = db.write().await;
        let late = tx
            .replace_assignment(first, stored[0].recorded_from, &content)
            .await;
        assert!(matches!(late, Err(Error::Stale)));
        commit(tx, []).await;
        let left = db.read().await.assignments_of(ANA).await.unwrap();
        assert_eq!(left.iter().map(|a| a.id).collect::<Vec<_>>(), [second]);
    })
    .await;
}

#[tokio::test]
async fn holders_are_those_who_could_use_it() {
    both_engines(async |db| {
        let mut ids = Vec::new();
        for status in IdentityStatus::ALL {
            ids.push(person(db, a_person(status.label()).status(*status).build()).await);
        }
        let it = EntitlementId::from_raw(5);
        for id in &ids {
            assign(db, &grant(*id, it, START, None)).await;
            assign(db, &grant(*id, it, START, Some(START.plus(HOUR)))).await;
        }
        assign(db, &grant(IdentityId::from_raw(99), it, START, None)).await;
        let mut read = db.read().await;
        assert_eq!(
            read.active_holders(it, 10).await.unwrap(),
            ids[..2],
            "active and on leave, each once"
        );
        assert_eq!(read.active_holders(it, 1).await.unwrap(), ids[..1]);
        assert_eq!(
            read.active_holders(EntitlementId::from_raw(6), 10)
                .await
                .unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn a_right_counts_from_its_beginning_to_just_before_its_end() {
    both_engines(async |db| {
        let console = console(db).await;
        let (audit, administer) = (
            right(db, console, ConsoleRight::Audit).await,
            right(db, console, ConsoleRight::Administer).await,
        );
        assign(db, &grant(ANA, audit, START, Some(START.plus(HOUR)))).await;
        assign(db, &grant(ANA, administer, START.plus(HOUR), None)).await;
        let mut read = db.read().await;
        let only = |right| Rights::NONE.with(right);
        for (moment, rights) in [
            (START.plus(-1), Rights::NONE),
            (START, only(ConsoleRight::Audit)),
            (START.plus(HOUR - 1), only(ConsoleRight::Audit)),
            (START.plus(HOUR), only(ConsoleRight::Administer)),
            (START.plus(1000 * HOUR), only(ConsoleRight::Administer)),
        ] {
            assert_eq!(
                read.console_rights(ANA, moment).await.unwrap(),
                rights,
                "at {moment}"
            );
        }
        assert_eq!(
            read.console_rights(IdentityId::from_raw(2), START)
                .await
                .unwrap(),
            Rights::NONE
        );
    })
    .await;
}

#[tokio::test]
async fn only_active_entitlements_of_the_console_are_rights() {
    both_engines(async |db| {
        let console = console(db).await;
        let other = application(db, an_application("Other").build()).await;
        for (application, right, status) in [
            (other, ConsoleRight::Administer, Lifecycle::Active),
            (console, ConsoleRight::Audit, Lifecycle::Suspended),
            (console, ConsoleRight::RunReviews, Lifecycle::Ended),
        ] {
            let it = entitlement(
                db,
                an_entitlement(application, right.label())
                    .name(right.word())
                    .status(status)
                    .build(),
            )
            .await;
            assign(db, &grant(ANA, it, START, None)).await;
        }
        let unknown = entitlement(db, an_entitlement(console, "Fly").name("fly").build()).await;
        assign(db, &grant(ANA, unknown, START, None)).await;
        assert_eq!(
            db.read().await.console_rights(ANA, START).await.unwrap(),
            Rights::NONE
        );
        let people = right(db, console, ConsoleRight::ManageIdentities).await;
        for state in [
            AssignmentState::Eligible,
            AssignmentState::Suspended,
            AssignmentState::Ended,
        ] {
            assign(
                db,
                &AssignmentContent {
                    state,
                    ..grant(ANA, people, START, None)
                },
            )
            .await;
        }
        assert_eq!(
            db.read().await.console_rights(ANA, START).await.unwrap(),
            Rights::NONE
        );
        assign(db, &grant(ANA, people, START, None)).await;
        assert_eq!(
            db.read().await.console_rights(ANA, START).await.unwrap(),
            Rights::NONE.with(ConsoleRight::ManageIdentities)
        );
    })
    .await;
}
