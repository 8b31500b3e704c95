//! What verification reads: entries, targets and details in bulk, and versions beside what the log says of them.

use domain::assignment::{Agent, AssignmentState};
use domain::audit::{AuditAction, Detail, Target};
use domain::exclusion::{ExclusionContent, ExclusionState};
use domain::id::{EntitlementId, IdentityId, ObjectKind, RequestItemId, RoleId};
use domain::lifecycle::Lifecycle;
use domain::organisation::Organisation;
use domain::request::{RequestContent, RequestItemContent};
use domain::role::{Grantable, RoleContent, RolePart};
use domain::rule::{RuleContent, RuleState};
use domain::source::{ImportMode, Mapping, SourceContent};
use domain::time::{Instant, MINUTE};
use proof::hash::{Salt, salted_hash};
use serde_json::json;
use storage::WriteTx;
use storage::assignments::AssignmentContent;
use testkit::{START, TestStore, a_person, an_application, an_entitlement, an_event, both_engines};

use crate::delegations::from_to;
use crate::document_columns::DOCUMENTS;
use crate::flows::a_flow;
use crate::requests::{an_item, decided};
use crate::reviews::{a_campaign, a_review};
use crate::support::{application, commit, entitlement, execute, person};
use crate::tasks::a_task;

/// After which every version comes.
const NOTHING: (i64, Instant) = (0, Instant::from_micros(0));

#[tokio::test]
async fn entries_come_with_the_bytes_that_were_hashed() {
    both_engines(async |db| {
        assert_eq!(db.read().await.entry_range().await.unwrap(), None);
        for n in 0..5 {
            let mut event = an_event(AuditAction::Viewed, []);
            event.request = (n == 2).then(|| "request “ü”".to_owned());
            db.write().await.commit(event, Vec::new()).await.unwrap();
        }
        let mut read = db.read().await;
        assert_eq!(read.entry_range().await.unwrap(), Some((1, 5)));
        let block = read.entries_to_check(2, 3).await.unwrap();
        let entries: Vec<_> = block.iter().collect();
        assert_eq!(
            entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            [2, 3, 4]
        );
        for entry in &entries {
            let shown = read.audit_entry(entry.seq).await.unwrap().unwrap();
            let (leaf, hash) = read.audit_leaf(entry.seq).await.unwrap().unwrap();
            assert_eq!(
                (entry.leaf, entry.leaf_hash, entry.recorded),
                (&leaf[..], &hash[..], shown.recorded)
            );
            assert_eq!(
                (entry.actor, entry.action, entry.outcome),
                (
                    shown.actor.as_bytes(),
                    shown.action.as_bytes(),
                    shown.outcome.as_bytes()
                )
            );
            assert_eq!(entry.request, shown.request.as_deref().map(str::as_bytes));
        }
        assert_eq!(read.entries_to_check(6, 3).await.unwrap().iter().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn targets_and_details_come_in_the_order_of_their_entries() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        let desk = application(db, an_application("Cash Desk").build()).await;
        let marks = [
            Target {
                object: desk.into(),
                content: None,
            },
            Target {
                object: ana.into(),
                content: Some([0; 32]),
            },
        ];
        let mut event = an_event(AuditAction::IdentityEdited, marks);
        event.details = vec![
            Detail {
                subject: String::new(),
                note: Some(json!("ü")),
                ..Detail::default()
            },
            Detail::default(),
        ];
        db.write().await.commit(event, Vec::new()).await.unwrap();
        execute(
            db,
            "UPDATE audit_detail SET salt = NULL, body = NULL WHERE seq = 1",
        )
        .await;
        let mut read = db.read().await;
        let above = read.part_above(2).await.unwrap();
        assert_eq!(above, Some(("audit_target", 3, 0)));
        assert_eq!(read.part_above(3).await.unwrap(), None);
        let log = db.store().log_reader().await.unwrap();
        let none = log.chunk(&mut read, (9, 9), (9, 9)).await.unwrap();
        assert_eq!(none.entries.iter().count(), 0);
        assert_eq!(read.part_above(3).await.unwrap(), None);
        assert_eq!(
            read.part_above(1).await.unwrap(),
            Some(("audit_target", 2, 0))
        );
        let chunk = log.chunk(&mut read, (1, 2), (2, 3)).await.unwrap();
        let seqs: Vec<_> = chunk.entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, [1, 2]);
        let targets: Vec<_> = chunk
            .targets
            .iter()
            .map(|t| (t.seq, t.ordinal, t.object(), t.content.map(<[u8]>::len)))
            .collect();
        assert_eq!(
            targets,
            [
                (2, 0, Some(desk.into()), Some(32)),
                (3, 0, Some(desk.into()), None),
                (3, 1, Some(ana.into()), Some(32))
            ]
        );
        let chunk = log.chunk(&mut read, (1, 3), (1, 3)).await.unwrap();
        let details: Vec<_> = chunk.details.iter().collect();
        assert_eq!(
            details
                .iter()
                .map(|d| (d.seq, d.ordinal))
                .collect::<Vec<_>>(),
            [(1, 0), (2, 0), (3, 0), (3, 1)]
        );
        assert_eq!(
            (details[0].subject, details[0].salt, details[0].body),
            (ana.to_string().as_bytes(), None, None)
        );
        assert_eq!(details[2].body, Some("{\"note\":\"ü\"}".as_bytes()));
        let leaf: serde_json::Value =
            serde_json::from_slice(&read.audit_leaf(3).await.unwrap().unwrap().0).unwrap();
        let salt = Salt(details[2].salt.unwrap().try_into().unwrap());
        assert_eq!(
            leaf["details"][0]["hash"],
            json!(salted_hash(&salt, details[2].body.unwrap()).to_string())
        );
    })
    .await;
}

/// A review and a campaign of it.
async fn reviewed(tx: &mut WriteTx) -> [Target; 2] {
    let review = tx.insert_review(&a_review("Jährlich")).await;
    let (id, review) = review.expect("a review");
    let campaign = tx.insert_campaign(&a_campaign(Some(id))).await;
    [review, campaign.expect("a campaign").1]
}

/// A flow, a request with an item and an event, a delegation and a task.
async fn asked(tx: &mut WriteTx) -> Vec<Target> {
    let flow = tx.insert_flow(&a_flow("Für SAP")).await.expect("a flow");
    let content = RequestContent {
        requester: IdentityId::from_raw(1),
        beneficiary: IdentityId::from_raw(2),
        created: START,
        items: 1,
    };
    let (request, target) = tx.insert_request(&content).await.expect("a request");
    let what = Grantable::Entitlement(EntitlementId::from_raw(1));
    let id = tx.next_id(ObjectKind::RequestItem).await.expect("an id");
    let item = RequestItemId::from_raw(id);
    let content = RequestItemContent {
        ended: Some(START),
        ..an_item(request, 1, what)
    };
    let kept = tx
        .insert_request_item(item, &content)
        .await
        .expect("an item");
    let event = decided(item, 5);
    let event = tx.insert_request_event(&event).await.expect("an event");
    let delegation = tx.insert_delegation(&from_to(1, 2)).await;
    let task = tx.insert_task(&a_task(1, 1)).await.expect("a task");
    let delegation = delegation.expect("a delegation");
    vec![flow.1, target, kept, event, delegation.1, task.1]
}

/// One object of every kind that content hashes cover, the identity in two versions.
async fn fill(db: &TestStore) {
    let ana = person(db, a_person("Ana Silva").build()).await;
    let desk = application(db, an_application("Cash Desk").build()).await;
    entitlement(db, an_entitlement(desk, "Read").actions(&["read"]).build()).await;
    let grant = AssignmentContent {
        identity: ana,
        what: Grantable::Entitlement(EntitlementId::from_raw(1)),
        agent: Agent::Admin,
        reason: String::new(),
        state: AssignmentState::Active,
        valid_from: START,
        valid_until: None,
        source: None,
        rule: None,
        granted_by: None,
        request: None,
        activates: None,
    };
    db.clock().advance(MINUTE);
    let mut tx = db.write().await;
    let first = tx
        .identity(ana)
        .await
        .expect("an identity")
        .expect("is there")
        .recorded_from;
    let mut targets = vec![tx.insert_assignment(&grant).await.expect("an assignment").1];
    targets.push(
        tx.insert_organisation(&Organisation {
            name: "Ö".to_owned(),
            zone: "UTC".to_owned(),
        })
        .await
        .expect("an organisation"),
    );
    let role = RoleContent {
        name: "clerk".to_owned(),
        display_name: "Clerk".to_owned(),
        description: String::new(),
        owner: None,
        status: Lifecycle::Active,
        source: None,
        parts: [RolePart {
            what: grant.what,
            source: None,
        }]
        .into(),
    };
    let id = RoleId::from_raw(tx.next_id(ObjectKind::Role).await.expect("an id"));
    targets.extend(tx.insert_roles(&[(id, role)]).await.expect("a role"));
    let source = SourceContent {
        name: "HR".to_owned(),
        description: String::new(),
        folder: String::new(),
        every_minutes: None,
        mode: ImportMode::Snapshot,
        mapping: Mapping::new(),
        status: Lifecycle::Active,
    };
    targets.push(tx.insert_source(&source).await.expect("a source").1);
    let exclusion = ExclusionContent {
        identity: ana,
        what: grant.what,
        reason: String::new(),
        owner: None,
        state: ExclusionState::Active,
        valid_from: START,
        valid_until: None,
    };
    targets.push(
        tx.insert_exclusion(&exclusion)
            .await
            .expect("an exclusion")
            .1,
    );
    let condition = RuleContent {
        name: "Règle".to_owned(),
        description: String::new(),
        condition: "true".to_owned(),
        gives: grant.what,
        owner: None,
        state: RuleState::Draft,
        hand_over_days: 0,
    };
    targets.push(tx.insert_rule(&condition).await.expect("a rule").1);
    targets.extend(asked(&mut tx).await);
    targets.extend(reviewed(&mut tx).await);
    targets.push(
        tx.replace_identity(ana, first, &a_person("Ana Souza").build())
            .await
            .expect("an edit"),
    );
    commit(tx, targets).await;
}

#[tokio::test]
async fn every_version_has_the_hash_that_the_log_marks() {
    both_engines(async |db| {
        fill(db).await;
        let mut read = db.read().await;
        for kind in ObjectKind::ALL {
            let versions = read.versions_to_check(*kind, NOTHING, 10).await.unwrap();
            let logged = read.logged_versions(*kind, (0, 0), 10).await.unwrap();
            assert_eq!(
                versions.len(),
                match kind {
                    ObjectKind::Identity => 2,
                    ObjectKind::Account
                    | ObjectKind::SourceRun
                    | ObjectKind::Job
                    | ObjectKind::View
                    | ObjectKind::Notification
                    | ObjectKind::Mail
                    | ObjectKind::AuditorLink
                    | ObjectKind::Discovery => 0,
                    _ => 1,
                },
                "{kind:?}"
            );
            let stored: Vec<_> = versions
                .iter()
                .map(|v| (v.object.raw, v.from, v.computed.map(Vec::from)))
                .collect();
            let marked: Vec<_> = logged
                .iter()
                .map(|l| (l.raw, l.recorded, Some(l.content.clone())))
                .collect();
            assert_eq!(stored, marked, "{kind:?}");
            assert!(
                versions
                    .iter()
                    .all(|version| version.derived_fits && version.object.kind == *kind)
            );
        }
        let ana = read
            .versions_to_check(ObjectKind::Identity, NOTHING, 10)
            .await
            .unwrap();
        assert_eq!((ana[0].to, ana[1].to), (Some(ana[1].from), None));
        let rest = read
            .versions_to_check(ObjectKind::Identity, (1, ana[0].from), 10)
            .await
            .unwrap();
        assert_eq!(rest, ana[1..]);
        let rest = read
            .logged_versions(ObjectKind::Identity, (1, 1), 10)
            .await
            .unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(
            read.versions_to_check(ObjectKind::Identity, NOTHING, 1)
                .await
                .unwrap(),
            ana[..1]
        );
    })
    .await;
}

#[tokio::test]
async fn a_changed_row_is_told_from_what_was_recorded() {
    both_engines(async |db| {
        fill(db).await;
        let before = db
            .read()
            .await
            .versions_to_check(ObjectKind::Identity, NOTHING, 9)
            .await
            .unwrap();
        execute(
            db,
            "UPDATE identity SET department = 'Elsewhere' WHERE recorded_to IS NULL",
        )
        .await;
        execute(
            db,
            "UPDATE identity SET name_key = 'zz' WHERE recorded_to IS NOT NULL",
        )
        .await;
        let after = db
            .read()
            .await
            .versions_to_check(ObjectKind::Identity, NOTHING, 9)
            .await
            .unwrap();
        assert_eq!(
            (after[0].computed, after[0].derived_fits),
            (before[0].computed, false)
        );
        assert!(
            after[1].computed.is_some()
                && after[1].computed != before[1].computed
                && after[1].derived_fits
        );
    })
    .await;
}

#[tokio::test]
async fn every_column_beside_a_document_is_held_against_it() {
    both_engines(async |db| {
        fill(db).await;
        let check = async |kind| {
            let found = db.read().await.versions_to_check(kind, NOTHING, 9).await;
            found.expect("versions").remove(0)
        };
        for (kind, table, changes) in DOCUMENTS {
            let untouched = check(*kind).await;
            assert!(untouched.derived_fits, "{table}");
            for change in *changes {
                let copy = format!("CREATE TABLE kept AS SELECT * FROM {table}");
                run(db, &copy).await;
                run(db, &format!("UPDATE {table} SET {change}")).await;
                let found = check(*kind).await;
                assert!(!found.derived_fits, "{table}: {change}");
                assert_eq!(found.computed, untouched.computed, "{table}: {change}");
                run(db, &format!("DELETE FROM {table}")).await;
                run(db, &format!("INSERT INTO {table} SELECT * FROM kept")).await;
                run(db, "DROP TABLE kept").await;
            }
            let change = "content = replace(content, '\",\"', '\", \"')";
            run(db, &format!("UPDATE {table} SET {change}")).await;
            assert_eq!(check(*kind).await, untouched, "only spaces");
            let salt = match db.engine() {
                testkit::Engine::Sqlite => "salt = zeroblob(16)",
                testkit::Engine::Postgres => "salt = decode(repeat('00', 16), 'hex')",
            };
            for change in [salt, "content = replace(content, 'a', 'b')"] {
                run(db, &format!("UPDATE {table} SET {change}")).await;
                let found = db.read().await.versions_to_check(*kind, NOTHING, 9).await;
                let found = found.map(|mut found| found.remove(0));
                let hidden = found.is_ok_and(|found| found.computed == untouched.computed);
                assert!(!hidden, "{table}: {change}");
            }
        }
    })
    .await;
}

/// Runs a statement that is made here.
async fn run(db: &TestStore, text: &str) {
    let text = sqlx::AssertSqlSafe(text.to_owned());
    match db.store() {
        storage::Store::Sqlite { writer, .. } => sqlx::query(text).execute(writer).await.map(drop),
        storage::Store::Postgres { pool, .. } => sqlx::query(text).execute(pool).await.map(drop),
    }
    .expect("a statement of the test");
}
