//! Outliers: groups of people in order, runs of which one counts, the list of it; and roles that nobody holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::assignment::{Agent, AssignmentState};
use domain::id::{EntitlementId, IdentityId, ObjectKind, RoleId};
use domain::identity::{IdentityContent, IdentityStatus};
use domain::lifecycle::{Level, Lifecycle};
use domain::outlier::Rarity;
use domain::page::ListQuery;
use domain::permission::Visibility;
use domain::role::{Grantable, RoleContent, RolePart};
use domain::search::Search;
use domain::time::MINUTE;
use proptest::prelude::*;
use storage::ReadTx;
use storage::assignments::AssignmentContent;
use storage::outliers::{Grouped, NewOutlier};
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines, property};

use crate::support::{application, commit, entitlement, people, search};
use crate::walk::{sorted, walk};

const ALL: Visibility = Visibility::All;

fn groups() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((0..3_usize, 0..3_usize, 0..4_usize), 0..20)
}

const DEPARTMENTS: [&str; 3] = ["", "Finance", "Zoll"];
const TITLES: [&str; 3] = ["", "Clerk", "lead"];

#[test]
fn people_come_group_by_group_whoever_is_there_and_in_one() {
    property(12, groups(), async |db, rows| {
        let status = [
            IdentityStatus::Active,
            IdentityStatus::OnLeave,
            IdentityStatus::Suspended,
            IdentityStatus::Ended,
        ];
        let contents: Vec<IdentityContent> = rows
            .iter()
            .enumerate()
            .map(|(n, (department, title, at))| {
                let person = a_person(&format!("P {n}")).status(status[*at]);
                let person = person.department(DEPARTMENTS[*department]);
                person.title(TITLES[*title]).build()
            })
            .collect();
        let ids = people(db, &contents).await;
        let mut expected: Vec<Grouped> = ids
            .iter()
            .zip(&contents)
            .filter(|(_, content)| {
                let there = [IdentityStatus::Active, IdentityStatus::OnLeave];
                let in_one = !content.department.is_empty() || !content.title.is_empty();
                there.contains(&content.status) && in_one
            })
            .map(|(id, content)| Grouped {
                department: content.department.clone(),
                title: content.title.clone(),
                id: *id,
            })
            .collect();
        expected.sort();
        let mut read = db.read().await;
        let mut found: Vec<Grouped> = Vec::new();
        loop {
            let some = read.grouped_after(found.last(), 3).await.expect("people");
            assert!(some.len() <= 3);
            if some.is_empty() {
                break;
            }
            found.extend(some);
        }
        assert_eq!(found, expected);
        let count = read.count_grouped().await.expect("a count");
        assert_eq!(count, expected.len() as u64);
    });
}

struct Company {
    people: Vec<IdentityId>,
    pay: EntitlementId,
    read: EntitlementId,
}

async fn company(db: &TestStore) -> Company {
    let contents: Vec<IdentityContent> = (0..60)
        .map(|n| {
            let person = a_person(&format!("Person {n:02}")).title("Clerk");
            let person = if n == 7 || n == 9 {
                person.manager(IdentityId::from_raw(1))
            } else {
                person
            };
            person
                .department(if n % 2 == 0 { "Finance" } else { "IT" })
                .build()
        })
        .collect();
    let people = people(db, &contents).await;
    let desk = application(db, an_application("Cash Desk").name("desk").build()).await;
    let crm = application(db, an_application("CRM").name("crm").build()).await;
    let pay = an_entitlement(desk, "Pay").risk(Level::High).build();
    Company {
        people,
        pay: entitlement(db, pay).await,
        read: entitlement(db, an_entitlement(crm, "Read").build()).await,
    }
}

fn outlier(company: &Company, n: usize, what: EntitlementId, holders: u64) -> NewOutlier {
    NewOutlier {
        person: Grouped {
            department: if n.is_multiple_of(2) { "Finance" } else { "IT" }.to_owned(),
            title: "Clerk".to_owned(),
            id: company.people[n],
        },
        entitlement: what,
        rarity: Rarity { holders, peers: 29 },
    }
}

async fn write(db: &TestStore, run: i64, rows: &[NewOutlier]) {
    let mut tx = db.write().await;
    tx.insert_outliers(run, rows).await.expect("outliers");
    tx.commit_unaudited("a test").await.expect("a commit");
}

async fn finish(db: &TestStore, run: i64) {
    let mut tx = db.write().await;
    let found = START.plus(run);
    tx.finish_outliers(run, found).await.expect("a head");
    tx.commit_unaudited("a test").await.expect("a commit");
}

/// The list of the run that counts.
async fn listed(db: &TestStore, text: &str) -> Vec<(IdentityId, EntitlementId)> {
    let mut read = db.read().await;
    let run = read.outlier_head().await.expect("a head").run;
    let page = read.outliers(run, ALL, None, &search(text)).await;
    let rows = page.expect("a page").rows.into_iter();
    rows.map(|row| (row.person, row.entitlement)).collect()
}

#[tokio::test]
async fn a_run_counts_when_it_is_whole_and_others_are_swept() {
    both_engines(async |db| {
        let company = company(db).await;
        let head = db.read().await.outlier_head().await.unwrap();
        assert_eq!((head.run, head.found, head.since), (0, None, None));
        let (pay, read) = (company.pay, company.read);
        write(db, 1, &[outlier(&company, 3, pay, 0)]).await;
        assert_eq!(listed(db, "").await, [], "it does not count yet");
        finish(db, 1).await;
        assert_eq!(listed(db, "").await, [(company.people[3], pay)]);
        let head = db.read().await.outlier_head().await.unwrap();
        assert_eq!((head.run, head.found), (1, Some(START.plus(1))));
        // The next breaks off; what was found twice is written once.
        let again: Vec<_> = (0..5).map(|n| outlier(&company, n, read, 1)).collect();
        write(db, 2, &again).await;
        write(db, 2, &again[..2]).await;
        assert_eq!(listed(db, "").await, [(company.people[3], pay)]);
        let mut tx = db.write().await;
        assert_eq!(tx.sweep_outliers(3).await.unwrap(), 3);
        assert_eq!(tx.sweep_outliers(3).await.unwrap(), 2);
        assert_eq!(tx.sweep_outliers(3).await.unwrap(), 0);
        tx.commit_unaudited("a test").await.unwrap();
        assert_eq!(listed(db, "").await, [(company.people[3], pay)]);
        // And one that is whole takes its place.
        write(db, 2, &again).await;
        finish(db, 2).await;
        assert_eq!(listed(db, "").await.len(), 5);
        let mut tx = db.write().await;
        assert_eq!(tx.sweep_outliers(9).await.unwrap(), 1);
        assert_eq!(tx.sweep_outliers(9).await.unwrap(), 0);
        tx.commit_unaudited("a test").await.unwrap();
        assert_eq!(listed(db, "").await.len(), 5);
    })
    .await;
}

async fn total(
    read: &mut ReadTx,
    visibility: Visibility,
    me: Option<IdentityId>,
    text: &str,
) -> u64 {
    let page = read.outliers(1, visibility, me, &search(text)).await;
    page.expect("a page").total
}

#[tokio::test]
async fn the_list_begins_with_the_rarest_and_is_narrowed() {
    both_engines(async |db| {
        let company = company(db).await;
        let (pay, other) = (company.pay, company.read);
        let mut rows: Vec<_> = (0..60)
            .map(|n| outlier(&company, n, pay, n as u64 % 3))
            .collect();
        rows.extend((0..10).map(|n| outlier(&company, n, other, 0)));
        write(db, 1, &rows).await;
        finish(db, 1).await;
        let mut read = db.read().await;
        for order in ["rarity", "-rarity"] {
            let query = ListQuery {
                size: 25,
                ..sorted(&Search::default(), order, 25)
            };
            let rows = walk(&query, async |query| {
                read.outliers(1, ALL, None, query).await.expect("a page")
            })
            .await;
            assert_eq!(rows.len(), 70);
            let of = |row: &storage::outliers::OutlierRow| {
                (row.rarity.of_a_million(), row.person, row.entitlement)
            };
            if order == "rarity" {
                assert!(rows.is_sorted_by_key(of));
            } else {
                assert!(rows.iter().rev().is_sorted_by_key(of));
            }
        }
        let page = read
            .outliers(1, ALL, None, &search("person:person.03"))
            .await
            .unwrap();
        let row = &page.rows[0];
        assert_eq!(
            (row.display_name.as_str(), row.department.as_str()),
            ("Person 03", "IT")
        );
        assert_eq!(
            (row.application_name.as_str(), row.risk),
            ("desk", Some(Level::High))
        );
        assert_eq!(
            row.rarity,
            Rarity {
                holders: 0,
                peers: 29
            }
        );
        let me = Some(company.people[4]);
        for (text, expected) in [
            ("", 70),
            ("application:CRM", 10),
            ("application:nothing", 0),
            ("department:IT", 35),
            ("department:IT application:desk", 30),
            ("title:Clerk", 70),
            ("title:clerk", 0),
            ("risk>=high", 60),
            ("risk:none", 10),
            ("person:me", 2),
            ("person:person.20", 1),
            ("entitlement:read", 10),
            ("pay 03", 1),
            ("person", 70),
            ("colour:red", 0),
        ] {
            assert_eq!(total(&mut read, ALL, me, text).await, expected, "{text}");
        }
        let manager = Visibility::Related(company.people[0]);
        assert_eq!(total(&mut read, manager, None, "").await, 4);
        assert_eq!(total(&mut read, Visibility::Nothing, None, "").await, 0);
        let facets = read
            .outlier_facets(1, ALL, None, &Search::default())
            .await
            .unwrap();
        let values: Vec<_> = facets
            .iter()
            .map(|facet| {
                (
                    facet.key,
                    facet.values[0].value.as_str(),
                    facet.values[0].count,
                )
            })
            .collect();
        let expected = [
            ("application", "desk", 60),
            ("department", "Finance", 35),
            ("risk", "high", 60),
        ];
        assert_eq!(values, expected);
    })
    .await;
}

const ROLES: usize = 6;

/// Roles as (status, roles of lower number in it, states of its assignments).
type Roles = Vec<(usize, BTreeSet<usize>, Vec<usize>)>;

fn any_roles() -> impl Strategy<Value = Roles> {
    let inner = prop::collection::btree_set(0..ROLES, 0..3);
    let held = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(0..4_usize, 1..3),
    ];
    let status = prop_oneof![4 => Just(0_usize), 1 => 1..3_usize];
    prop::collection::vec((status, inner, held), ROLES..=ROLES)
}

#[test]
fn a_role_is_without_holders_when_nobody_has_it_by_any_way() {
    property(16, any_roles(), async |db, roles| {
        let written = [
            AssignmentState::Active,
            AssignmentState::Eligible,
            AssignmentState::Suspended,
            AssignmentState::Ended,
        ];
        let status = [Lifecycle::Active, Lifecycle::Suspended, Lifecycle::Ended];
        let id = |n: usize| RoleId::from_raw(i64::try_from(n).expect("few") + 1);
        let mut tx = db.write().await;
        tx.next_ids(ObjectKind::Role, 9).await.expect("ids");
        let contents: Vec<(RoleId, RoleContent)> = (0..ROLES)
            .map(|n| {
                let (at, inner, _) = &roles[n];
                let parts = inner.iter().filter(|part| **part < n);
                let content = RoleContent {
                    name: format!("role-{n}"),
                    display_name: format!("Role {n}"),
                    description: String::new(),
                    owner: None,
                    status: status[*at],
                    source: None,
                    parts: parts
                        .map(|part| RolePart {
                            what: Grantable::Role(id(*part)),
                            source: None,
                        })
                        .collect(),
                };
                (id(n), content)
            })
            .collect();
        let mut targets = tx.insert_roles(&contents).await.expect("roles");
        for (n, (_, _, held)) in roles.iter().enumerate() {
            for state in held {
                let content = AssignmentContent {
                    identity: IdentityId::from_raw(1),
                    what: Grantable::Role(id(n)),
                    agent: Agent::Admin,
                    reason: "Needed".to_owned(),
                    state: written[*state],
                    valid_from: START.plus(-MINUTE),
                    valid_until: None,
                    source: None,
                    rule: None,
                    granted_by: None,
                    request: None,
                    activates: None,
                };
                targets.push(tx.insert_assignment(&content).await.expect("one").1);
            }
        }
        commit(tx, targets).await;
        // Down from each role that somebody has, as far as roles are active.
        let mut held: BTreeMap<usize, bool> = BTreeMap::new();
        for (n, (at, inner, written)) in roles.iter().enumerate().rev() {
            let given = written.iter().any(|state| *state != 3);
            let has = *held.entry(n).or_default() || given;
            held.insert(n, has);
            if has && *at == 0 {
                for part in inner.iter().filter(|part| **part < n) {
                    held.insert(*part, true);
                }
            }
        }
        let expected: BTreeSet<RoleId> = (0..ROLES)
            .filter(|n| roles[*n].0 == 0 && !held[n])
            .map(id)
            .collect();
        let mut read = db.read().await;
        let page = read
            .roles(ALL, None, &search("status:active holders:none"))
            .await;
        let page = page.expect("a page");
        let found: BTreeSet<RoleId> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!(found, expected);
        assert_eq!(page.total, expected.len() as u64);
        let day = crate::support::day("2026-01-05");
        let counts = read
            .findings(day, (START, &jiff::tz::TimeZone::UTC))
            .await
            .expect("counts");
        let count = counts
            .iter()
            .find(|(finding, _)| *finding == domain::finding::Finding::RoleWithoutHolders);
        assert_eq!(count.map(|(_, count)| *count), Some(page.total));
    });
}
