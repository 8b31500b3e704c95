//! The lists of roles and rules, whom somebody leads, and who made the versions of a role.

use std::collections::BTreeMap;

use domain::audit::{AuditAction, Target};
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, RoleId, SourceId};
use domain::identity::IdentityStatus;
use domain::lifecycle::Lifecycle;
use domain::page::{Facet, ListQuery};
use domain::permission::Visibility;
use domain::role::{Grantable, RoleContent, RolePart};
use domain::rule::{RuleContent, RuleState};
use domain::search::Search;
use domain::source::{FileKind, ImportMode, RowChange, RowRecord, RowSubject, RunState};
use domain::time::{Instant, MINUTE};
use storage::runs::NewRun;
use testkit::{TestStore, a_person, an_application, an_entitlement, an_event, both_engines};

use crate::support::{application, commit, entitlement, people, person, search};
use crate::walk::{sorted, walk};

fn a_role(name: &str, owner: Option<IdentityId>, status: Lifecycle) -> RoleContent {
    RoleContent {
        name: name.to_lowercase(),
        display_name: name.to_owned(),
        description: String::new(),
        owner,
        status,
        source: None,
        parts: std::collections::BTreeSet::new(),
    }
}

async fn add(db: &TestStore, content: RoleContent) -> (RoleId, Instant) {
    let mut tx = db.write().await;
    let id = RoleId::from_raw(tx.next_id(ObjectKind::Role).await.expect("an id"));
    let targets = tx.insert_roles(&[(id, content)]).await.expect("a role");
    let recorded = tx.recorded();
    commit(tx, targets).await;
    db.clock().advance(MINUTE);
    (id, recorded)
}

fn facet(facets: &[Facet], key: &str) -> Vec<(String, u64)> {
    let values = facets.iter().filter(|facet| facet.key == key);
    let values = values.flat_map(|facet| &facet.values);
    values
        .map(|value| (value.value.clone(), value.count))
        .collect()
}

fn counted(values: &[(&str, u64)]) -> Vec<(String, u64)> {
    let values = values.iter();
    values
        .map(|(value, count)| ((*value).to_owned(), *count))
        .collect()
}

#[tokio::test]
async fn roles_are_narrowed_sorted_and_counted() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        add(db, a_role("Clerk", Some(ana), Lifecycle::Active)).await;
        add(db, a_role("Auditor", None, Lifecycle::Suspended)).await;
        let full = RoleContent {
            description: "Reads".to_owned(),
            parts: [RolePart {
                what: Grantable::Entitlement(EntitlementId::from_raw(5)),
                source: None,
            }]
            .into(),
            ..a_role("Reader", Some(ana), Lifecycle::Active)
        };
        add(db, full).await;
        let mut tx = db.read().await;
        let facets = tx
            .role_facets(Visibility::All, None, &Search::default())
            .await
            .unwrap();
        let status = counted(&[("active", 2), ("suspended", 1)]);
        assert_eq!(facet(&facets, "status"), status);
        assert_eq!(facet(&facets, "owner"), counted(&[("ana.silva", 2)]));
        let narrowed = Search::parse("status:suspended");
        let facets = tx
            .role_facets(Visibility::All, None, &narrowed)
            .await
            .unwrap();
        assert_eq!(facet(&facets, "owner"), counted(&[]));
        for (text, found) in [
            ("contents:none", 2),
            ("contents:some", 0),
            ("description:none", 2),
            ("owner:ana.silva status:active", 2),
        ] {
            let page = tx.roles(Visibility::All, None, &search(text)).await;
            assert_eq!(page.unwrap().total, found, "{text}");
        }
        let own = Visibility::Related(ana);
        let facets = tx.role_facets(own, Some(ana), &Search::default()).await;
        assert_eq!(facet(&facets.unwrap(), "status"), counted(&[("active", 2)]));
        for (order, names) in [
            ("status", ["Clerk", "Reader", "Auditor"]),
            ("-status", ["Auditor", "Reader", "Clerk"]),
            ("name", ["Auditor", "Clerk", "Reader"]),
        ] {
            let query = sorted(&Search::default(), order, 1);
            let rows = walk(&query, async |query: &ListQuery| {
                tx.roles(Visibility::All, None, query).await.unwrap()
            })
            .await;
            let found: Vec<&str> = rows.iter().map(|row| row.display_name.as_str()).collect();
            assert_eq!(found, names, "{order}");
        }
    })
    .await;
}

#[tokio::test]
async fn rules_are_narrowed_sorted_and_counted() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        let rule = |name: &str, gives, state, owner| RuleContent {
            name: name.to_owned(),
            description: String::new(),
            condition: "true".to_owned(),
            gives,
            owner,
            state,
            hand_over_days: 14,
        };
        let read = Grantable::Entitlement(EntitlementId::from_raw(5));
        let clerk = Grantable::Role(RoleId::from_raw(7));
        for content in [
            rule("Sales", read, RuleState::Active, Some(ana)),
            rule("Finance", clerk, RuleState::Draft, None),
            rule("Stores", clerk, RuleState::Active, None),
        ] {
            let mut tx = db.write().await;
            let (_, target) = tx.insert_rule(&content).await.unwrap();
            commit(tx, [target]).await;
        }
        let mut tx = db.read().await;
        let facets = tx
            .rule_facets(Visibility::All, None, &Search::default())
            .await
            .unwrap();
        let states = counted(&[("active", 2), ("draft", 1)]);
        assert_eq!(facet(&facets, "state"), states);
        let gives = counted(&[("role", 2), ("entitlement", 1)]);
        assert_eq!(facet(&facets, "gives"), gives);
        assert_eq!(facet(&facets, "owner"), counted(&[("ana.silva", 1)]));
        for (text, found) in [
            ("gives:role", 2),
            ("gives:entitlement", 1),
            ("gives:money", 0),
            ("description:none state:active", 2),
        ] {
            let page = tx.rules(Visibility::All, None, &search(text)).await;
            assert_eq!(page.unwrap().total, found, "{text}");
        }
        let query = sorted(&Search::default(), "-state", 1);
        let rows = walk(&query, async |query: &ListQuery| {
            tx.rules(Visibility::All, None, query).await.unwrap()
        })
        .await;
        let found: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(found, ["Finance", "Stores", "Sales"]);
        assert_eq!(rows[0].hand_over_days, 14);
    })
    .await;
}

#[tokio::test]
async fn what_can_be_given_has_not_ended_and_is_no_right_of_the_console() {
    both_engines(async |db| {
        let console = an_application("bailiwick").build();
        for (content, application_id) in [(console, 1), (an_application("crm").build(), 2)] {
            let id = application(db, content).await;
            assert_eq!(id, ApplicationId::from_raw(application_id));
            for (name, status) in [("read", Lifecycle::Active), ("old", Lifecycle::Ended)] {
                let content = an_entitlement(id, name).status(status).build();
                entitlement(db, content).await;
            }
        }
        let mut tx = db.read().await;
        for (text, found) in [
            ("grantable:yes", 1),
            ("grantable:yes rea", 1),
            ("grantable:no", 0),
        ] {
            let page = tx.entitlements(Visibility::All, None, &search(text)).await;
            let page = page.unwrap();
            assert_eq!(page.total, found, "{text}");
            let of: Vec<_> = page
                .rows
                .iter()
                .map(|row| row.application.0.raw())
                .collect();
            assert!(of.iter().all(|id| *id == 2), "{of:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn reports_are_those_who_are_there_in_the_order_of_ids() {
    both_engines(async |db| {
        let max = person(db, a_person("Max Moser").build()).await;
        let mia = person(db, a_person("Mia Braun").build()).await;
        let ids = people(
            db,
            &[
                a_person("Ana Silva").manager(max).build(),
                a_person("Ben Ode").manager(mia).build(),
                a_person("Cy Tran").build(),
                a_person("Dee Left")
                    .manager(max)
                    .status(IdentityStatus::Ended)
                    .build(),
                a_person("Eve Long")
                    .manager(max)
                    .status(IdentityStatus::Suspended)
                    .build(),
            ],
        )
        .await;
        let mut tx = db.read().await;
        let of_max = tx.reports_of(&[max], 0, 9).await.unwrap();
        assert_eq!(of_max, [ids[0], ids[4]]);
        let both = tx.reports_of(&[mia, max], 0, 2).await.unwrap();
        assert_eq!(both, [ids[0], ids[1]]);
        let rest = tx.reports_of(&[mia, max], ids[1].raw(), 9).await.unwrap();
        assert_eq!(rest, [ids[4]]);
        assert!(tx.reports_of(&[], 0, 9).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn versions_of_a_role_are_made_by_entries_and_by_runs() {
    both_engines(async |db| {
        let content = a_role("Clerk", None, Lifecycle::Active);
        let (id, first) = add(db, content.clone()).await;
        let (_, other) = add(db, a_role("Other", None, Lifecycle::Active)).await;
        // An entry that speaks of the role and changes nothing of it.
        let tx = db.write().await;
        let spoken = Target {
            object: id.into(),
            content: None,
        };
        commit(tx, [spoken]).await;
        db.clock().advance(MINUTE);
        let run = {
            let mut tx = db.write().await;
            let run = NewRun {
                source: SourceId::from_raw(3),
                mode: ImportMode::Delta,
                created_by: "command_line".to_owned(),
                allow_shrink: None,
            };
            let run = tx.insert_run(&run).await.unwrap();
            tx.begin_run(run, &[RunState::Staged], true).await.unwrap();
            let event = an_event(AuditAction::IdentityEdited, []);
            tx.commit(event, Vec::new()).await.unwrap();
            run
        };
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        let next = RoleContent {
            description: "Of a file".to_owned(),
            ..content
        };
        let target = tx
            .replace_roles(&[(id, first, next)])
            .await
            .unwrap()
            .remove(0);
        let second = tx.recorded();
        let record = RowRecord {
            change: RowChange::Changed,
            file: FileKind::Roles,
            line: Some(2),
            about: RowSubject::Object {
                target: id.into(),
                content: target.content,
            },
        };
        tx.commit_rows(run, &[record], &BTreeMap::new(), Vec::new())
            .await
            .unwrap();
        let mut tx = db.read().await;
        let entries = tx.entries_of_role(id).await.unwrap();
        let moments: Vec<_> = entries.iter().map(|entry| entry.recorded).collect();
        assert_eq!(moments, [first], "and not {other}");
        let runs = tx.runs_of_role(id).await.unwrap();
        let runs: Vec<_> = runs.iter().map(|(at, run)| (*at, run.id)).collect();
        assert_eq!(runs, [(second, run)]);
    })
    .await;
}
