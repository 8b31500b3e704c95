//! Searches for roles: asked for, filled in parts, shown as a whole; what became of what they proposed.

use domain::discovered::{DiscoveryState, Scope};
use domain::id::{DiscoveryId, EntitlementId, IdentityId, JobId, ObjectKind, RoleId};
use domain::identity::IdentityStatus;
use domain::job::JobKind;
use domain::lifecycle::Lifecycle;
use domain::role::{Grantable, RoleContent, RolePart};
use serde_json::json;
use storage::Error;
use storage::discoveries::{Narrowed, NewDiscovery, NewProposed, Sums, Totals};
use storage::jobs::{Lease, NewJob, Settled};
use testkit::{START, TestStore, a_person, an_application, both_engines};

use crate::assignments::{assign, grant};
use crate::jobs::kept;
use crate::support::{application, commit, people, person};

async fn asked(db: &TestStore, scope: Scope, by: Option<IdentityId>) -> (DiscoveryId, JobId) {
    let mut tx = db.write().await;
    let id = DiscoveryId::from_raw(tx.next_id(ObjectKind::Discovery).await.expect("an id"));
    let job = NewJob {
        kind: JobKind::DiscoverRoles,
        payload: json!({}),
        live_key: None,
        subject: Some(id.into()),
        title: "Find roles".to_owned(),
        run_at: None,
        cancellable: true,
        created_by: by,
    };
    let job = tx.enqueue(&job).await.expect("a job");
    let new = NewDiscovery {
        id,
        created_by: by,
        job,
        scope,
    };
    tx.insert_discovery(&new).await.expect("a search");
    kept(tx).await;
    (id, job)
}

fn proposed(number: i64, entitlement_count: u64, member_count: u64, covered: u64) -> NewProposed {
    NewProposed {
        number,
        name: format!("Found {number}"),
        entitlements: vec![0, 1, u8::try_from(number).expect("a small number")],
        members: vec![255, 0],
        entitlement_count,
        member_count,
        covered,
    }
}

const TOTALS: Totals = Totals {
    people: 9,
    idle: 2,
    grants: 14,
    left_out: 1,
    bound: 2,
    roles: 3,
};

/// A search with a proposal of three roles.
async fn found(db: &TestStore) -> DiscoveryId {
    let (id, _) = asked(db, Scope::Everybody, None).await;
    let mut tx = db.write().await;
    let roles = [
        proposed(1, 3, 4, 12),
        proposed(2, 1, 1, 13),
        proposed(3, 2, 1, 14),
    ];
    tx.add_proposed_roles(id, &roles).await.expect("roles");
    tx.finish_discovery(id, &TOTALS).await.expect("the end");
    kept(tx).await;
    id
}

async fn role(db: &TestStore, name: &str, status: Lifecycle, parts: &[Grantable]) -> RoleId {
    let content = RoleContent {
        name: name.to_owned(),
        display_name: name.to_uppercase(),
        description: String::new(),
        owner: None,
        status,
        source: None,
        parts: parts
            .iter()
            .map(|what| RolePart {
                what: *what,
                source: None,
            })
            .collect(),
    };
    let mut tx = db.write().await;
    let id = RoleId::from_raw(tx.next_id(ObjectKind::Role).await.expect("an id"));
    let targets = tx.insert_roles(&[(id, content)]).await.expect("a role");
    commit(tx, targets).await;
    id
}

fn entitlement(raw: i64) -> Grantable {
    Grantable::Entitlement(EntitlementId::from_raw(raw))
}

#[tokio::test]
async fn searches_are_listed_newest_first_with_where_they_look() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        let crm = application(db, an_application("CRM").build()).await;
        let scopes = [
            Scope::Everybody,
            Scope::Application(crm),
            Scope::Department("Finance".to_owned()),
        ];
        let mut ids = Vec::new();
        for scope in &scopes {
            ids.push(asked(db, scope.clone(), Some(ana)).await.0);
        }
        let mut tx = db.write().await;
        let all = tx.discoveries(None, 10).await.unwrap();
        let seen: Vec<_> = all.iter().map(|one| (one.id, one.scope.clone())).collect();
        let expected: Vec<_> = ids.iter().copied().zip(scopes).rev().collect();
        assert_eq!(seen, expected);
        let below = tx.discoveries(Some(ids[2]), 1).await.unwrap();
        assert_eq!(below.len(), 1);
        let one = &below[0];
        assert_eq!(one.id, ids[1]);
        assert_eq!(one.application, "CRM");
        assert_eq!(one.created_by, Some((ana, "Ana Silva".to_owned())));
        assert_eq!(one.state, DiscoveryState::Searching);
        assert_eq!((one.found, one.totals), (None, Totals::default()));
        let none = tx.discovery(DiscoveryId::from_raw(99)).await.unwrap();
        assert_eq!(none, None);
    })
    .await;
}

#[tokio::test]
async fn a_proposal_is_shown_whole_and_once() {
    both_engines(async |db| {
        let id = found(db).await;
        let mut tx = db.write().await;
        let one = tx.discovery(id).await.unwrap().expect("the search");
        assert_eq!((one.state, one.totals), (DiscoveryState::Found, TOTALS));
        assert!(one.found.is_some());
        let again = tx.finish_discovery(id, &TOTALS).await;
        assert!(matches!(again, Err(Error::Stale)), "{again:?}");
        // What is found is neither called off nor cleared any more.
        tx.cancel_discovery(id).await.unwrap();
        assert_eq!(tx.clear_proposed_roles(id, 10).await.unwrap(), 0);
        let rows = tx.proposed_roles(id, Narrowed::All, 0, 2).await.unwrap();
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.number, row.entitlements, row.members, row.covered))
            .collect();
        assert_eq!(seen, [(1, 3, 4, 12), (2, 1, 1, 13)]);
        let rest = tx.proposed_roles(id, Narrowed::All, 2, 2).await.unwrap();
        assert_eq!((rest.len(), rest[0].number), (1, 3));
        let shared = tx.proposed_roles(id, Narrowed::Shared, 0, 9).await.unwrap();
        assert_eq!((shared.len(), shared[0].name.as_str()), (1, "Found 1"));
        let whole = tx.proposed_role(id, 3).await.unwrap().expect("the third");
        assert_eq!(
            (whole.row.number, whole.entitlements, whole.members),
            (3, vec![0, 1, 3], vec![255, 0])
        );
        assert_eq!(tx.proposed_role(id, 4).await.unwrap(), None);
        let sums = Sums {
            alone: 2,
            alone_grants: 3,
            single: 1,
            made: 0,
        };
        assert_eq!(tx.proposed_sums(id).await.unwrap(), sums);
        let empty = tx.proposed_sums(DiscoveryId::from_raw(99)).await.unwrap();
        assert_eq!(empty, Sums::default());
    })
    .await;
}

#[tokio::test]
async fn what_an_attempt_left_is_cleared_in_parts_and_a_search_is_called_off() {
    both_engines(async |db| {
        let (id, _) = asked(db, Scope::Everybody, None).await;
        let mut tx = db.write().await;
        let roles: Vec<_> = (1..6).map(|number| proposed(number, 1, 1, 1)).collect();
        tx.add_proposed_roles(id, &roles).await.unwrap();
        assert_eq!(tx.clear_proposed_roles(id, 3).await.unwrap(), 3);
        assert_eq!(tx.clear_proposed_roles(id, 3).await.unwrap(), 2);
        assert_eq!(tx.clear_proposed_roles(id, 3).await.unwrap(), 0);
        tx.cancel_discovery(id).await.unwrap();
        let one = tx.discovery(id).await.unwrap().expect("the search");
        assert_eq!(one.state, DiscoveryState::Cancelled);
        let late = tx.finish_discovery(id, &TOTALS).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn a_search_whose_job_failed_does_not_go_on() {
    both_engines(async |db| {
        let (id, job) = asked(db, Scope::Everybody, None).await;
        let mut tx = db.write().await;
        tx.claim_job("w", START, START.plus(1)).await.unwrap();
        let lease = Lease {
            job,
            owner: "w".to_owned(),
        };
        let failed = Settled::Failed("Too much.".to_owned());
        tx.settle_job(&lease, START, &failed, &domain::job::JobProgress::default())
            .await
            .unwrap();
        let one = tx.discovery(id).await.unwrap().expect("the search");
        assert_eq!(one.state, DiscoveryState::Failed);
    })
    .await;
}

#[tokio::test]
async fn a_proposed_role_becomes_one_role() {
    both_engines(async |db| {
        let id = found(db).await;
        let clerk = role(db, "clerk", Lifecycle::Active, &[entitlement(1)]).await;
        let mut tx = db.write().await;
        tx.made_of_proposed(id, 2, clerk).await.unwrap();
        kept(tx).await;
        let mut tx = db.write().await;
        let again = tx.made_of_proposed(id, 2, RoleId::from_raw(9)).await;
        assert!(matches!(again, Err(Error::Stale)), "{again:?}");
        drop(tx);
        let mut tx = db.write().await;
        let row = tx.proposed_role(id, 2).await.unwrap().expect("it").row;
        assert_eq!(row.made, Some((clerk, "CLERK".to_owned())));
        assert_eq!(tx.proposed_sums(id).await.unwrap().made, 1);
        let open = tx.proposed_roles(id, Narrowed::Open, 0, 9).await.unwrap();
        let open: Vec<_> = open.iter().map(|row| row.number).collect();
        assert_eq!(open, [1, 3]);
        let origin = tx.origin_of_role(clerk).await.unwrap().expect("its origin");
        assert_eq!(
            (
                origin.discovery,
                origin.number,
                origin.members,
                origin.draft
            ),
            (id, 2, 1, true)
        );
        assert_eq!(tx.origin_of_role(RoleId::from_raw(9)).await.unwrap(), None);
        drop(tx);
        // Once somebody has it, it is no draft.
        let mut given = grant(
            IdentityId::from_raw(1),
            EntitlementId::from_raw(1),
            START,
            None,
        );
        given.what = Grantable::Role(clerk);
        assign(db, &given).await;
        let mut tx = db.write().await;
        let origin = tx.origin_of_role(clerk).await.unwrap().expect("its origin");
        assert!(!origin.draft);
    })
    .await;
}

#[tokio::test]
async fn roles_that_hold_exactly_the_same_are_found() {
    both_engines(async |db| {
        let inner = role(db, "inner", Lifecycle::Active, &[entitlement(1)]).await;
        let same = role(
            db,
            "same",
            Lifecycle::Suspended,
            &[entitlement(1), entitlement(2)],
        )
        .await;
        let more = [entitlement(1), entitlement(2), entitlement(3)];
        role(db, "more", Lifecycle::Active, &more).await;
        let other = [entitlement(1), entitlement(2), Grantable::Role(inner)];
        role(db, "other", Lifecycle::Active, &other).await;
        let over = [entitlement(1), entitlement(2)];
        role(db, "over", Lifecycle::Ended, &over).await;
        let mut tx = db.write().await;
        let mut exactly = async |raw: &[i64]| {
            let parts: Vec<_> = raw.iter().copied().map(EntitlementId::from_raw).collect();
            tx.roles_of_exactly(&parts).await.unwrap()
        };
        assert_eq!(exactly(&[1, 2]).await, [same]);
        assert_eq!(exactly(&[1]).await, [inner]);
        assert_eq!(exactly(&[2]).await, []);
        assert_eq!(exactly(&[]).await, []);
    })
    .await;
}

#[tokio::test]
async fn departments_are_those_of_people_who_are_there() {
    both_engines(async |db| {
        let ids = people(
            db,
            &[
                a_person("Ana Silva").department("Finance").build(),
                a_person("Ben Ode").department("finance").build(),
                a_person("Cy Tran").department("Finance").build(),
                a_person("Dee Wu").department("").build(),
                a_person("Eli Roe")
                    .department("Sales")
                    .status(IdentityStatus::Ended)
                    .build(),
                a_person("Fay Orr").department("Äußeres").build(),
            ],
        )
        .await;
        let mut tx = db.write().await;
        let all = tx.departments(10).await.unwrap();
        assert_eq!(all, ["Finance", "finance", "Äußeres"]);
        assert_eq!(tx.departments(1).await.unwrap(), ["Finance"]);
        let mut of = async |name: &str| tx.people_of_department(name).await.unwrap();
        assert_eq!(of("Finance").await, [ids[0], ids[2]]);
        assert_eq!(of("Sales").await, []);
        assert_eq!(of("a\u{0}b").await, []);
    })
    .await;
}
