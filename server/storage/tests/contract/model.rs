//! What effective access is read from: roles as a graph, assignments and exclusions of any moment, rules, and sets of people.

use std::collections::BTreeSet;

use domain::assignment::{Agent, AssignmentState};
use domain::exclusion::{ExclusionContent, ExclusionState};
use domain::id::{EntitlementId, IdentityId, ObjectKind, RoleId, RuleId};
use domain::lifecycle::Lifecycle;
use domain::page::ListQuery;
use domain::permission::Visibility;
use domain::role::{Grantable, RoleContent, RolePart};
use domain::rule::{RuleContent, RuleState};
use domain::time::{DAY, HOUR, Instant, MINUTE};
use storage::assignments::AssignmentContent;
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::support::{application, commit, day, entitlement, person, search};

const LATER: Instant = START.plus(1_000 * DAY);
const ANA: IdentityId = IdentityId::from_raw(1);
const BEN: IdentityId = IdentityId::from_raw(2);
const READ: Grantable = Grantable::Entitlement(EntitlementId::from_raw(5));
const CLERK: Grantable = Grantable::Role(RoleId::from_raw(7));

fn grant(identity: IdentityId, what: Grantable) -> AssignmentContent {
    AssignmentContent {
        identity,
        what,
        agent: Agent::Admin,
        reason: "Needed".to_owned(),
        state: AssignmentState::Active,
        valid_from: START.plus(-DAY),
        valid_until: None,
        source: None,
        rule: None,
        granted_by: Some(BEN),
        request: None,
        activates: None,
    }
}

async fn give(db: &TestStore, content: &AssignmentContent) -> domain::id::AssignmentId {
    let mut tx = db.write().await;
    let (id, target) = tx.insert_assignment(content).await.expect("an assignment");
    commit(tx, [target]).await;
    db.clock().advance(MINUTE);
    id
}

fn moment(db: &TestStore) -> Instant {
    use domain::context::Clock as _;
    let now = db.clock().now();
    db.clock().advance(MINUTE);
    now
}

#[tokio::test]
async fn assignments_are_as_they_were_at_every_moment() {
    both_engines(async |db| {
        let before = moment(db);
        let content = grant(ANA, CLERK);
        let id = give(db, &content).await;
        let held = moment(db);
        let mut tx = db.write().await;
        let version = tx.assignment(id).await.unwrap().unwrap();
        assert_eq!(version.content, content);
        let ended = AssignmentContent {
            state: AssignmentState::Ended,
            ..content.clone()
        };
        let target = tx
            .replace_assignment(id, version.recorded_from, &ended)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let after = moment(db);
        let mut tx = db.read().await;
        let role = RoleId::from_raw(7);
        for (at, there) in [(before, false), (held, true), (after, false)] {
            let found = tx.assignments_as_of(&[ANA, BEN], at).await.unwrap();
            assert_eq!(found.len(), usize::from(there));
            let people = tx
                .assigned_as_of((&[role], None), (at, at), false, 0, 10)
                .await
                .unwrap();
            assert_eq!(!people.is_empty(), there);
        }
        let ever = tx.ever_assigned(&[ANA], LATER).await.unwrap();
        assert_eq!(ever, [(ANA, CLERK)]);
        assert_eq!(tx.ever_assigned(&[ANA], before).await.unwrap(), []);
        assert_eq!(tx.people_ever_assigned(CLERK).await.unwrap(), [1]);
        assert!(
            tx.people_assigned(CLERK, LATER, None)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn holders_come_in_the_order_of_people_each_once() {
    both_engines(async |db| {
        for person in 1..=5 {
            let person = IdentityId::from_raw(person);
            give(db, &grant(person, CLERK)).await;
            give(db, &grant(person, READ)).await;
        }
        let over = AssignmentContent {
            valid_until: Some(START.plus(-HOUR)),
            ..grant(IdentityId::from_raw(9), CLERK)
        };
        let due = give(db, &over).await;
        let by_rule = AssignmentContent {
            agent: Agent::Rule,
            rule: Some(RuleId::from_raw(3)),
            ..grant(IdentityId::from_raw(6), CLERK)
        };
        give(db, &by_rule).await;
        let mut tx = db.read().await;
        let role = [RoleId::from_raw(7)];
        let entitlement = Some(EntitlementId::from_raw(5));
        let now = moment(db);
        let page = tx
            .assigned_as_of((&role, entitlement), (LATER, now), true, 2, 3)
            .await
            .unwrap();
        let raw: Vec<i64> = page.iter().map(|id| id.raw()).collect();
        assert_eq!(raw, [3, 4, 5]);
        for (most, found) in [(10, 6), (4, 4), (10, 6)] {
            let count = tx
                .count_holders((&role, entitlement), (LATER, now), true, most)
                .await
                .unwrap();
            assert_eq!(count, found);
        }
        let all = tx.people_assigned(CLERK, now, None).await.unwrap();
        assert_eq!(all, [1, 2, 3, 4, 5, 6]);
        let besides = Some(RuleId::from_raw(3));
        assert_eq!(
            tx.people_assigned(CLERK, now, besides).await.unwrap().len(),
            5
        );
        assert_eq!(tx.people_assigned(READ, now, None).await.unwrap().len(), 5);
        assert_eq!(tx.people_of_rule(RuleId::from_raw(3)).await.unwrap(), [6]);
        let everybody: Vec<_> = (1..=9).map(IdentityId::from_raw).collect();
        let of_rules = tx.assignments_of_rules(&everybody).await.unwrap();
        assert_eq!((of_rules.len(), of_rules[0].content.clone()), (1, by_rule));
        let found = tx.assignments_due(now, 10).await.unwrap();
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [due]);
    })
    .await;
}

#[tokio::test]
async fn exclusions_have_versions() {
    both_engines(async |db| {
        let content = ExclusionContent {
            identity: ANA,
            what: CLERK,
            reason: "Conflict “ü”".to_owned(),
            owner: Some(BEN),
            state: ExclusionState::Active,
            valid_from: START,
            valid_until: Some(START.plus(DAY)),
        };
        let mut tx = db.write().await;
        let (id, target) = tx.insert_exclusion(&content).await.unwrap();
        commit(tx, [target]).await;
        db.clock().advance(MINUTE);
        let then = moment(db);
        let mut tx = db.write().await;
        let version = tx.exclusion(id).await.unwrap().unwrap();
        assert_eq!(version.content, content);
        assert_eq!(tx.excluded_people().await.unwrap(), [ANA]);
        let ended = ExclusionContent {
            state: ExclusionState::Ended,
            ..content
        };
        let target = tx
            .replace_exclusion(id, version.recorded_from, &ended)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut tx = db.read().await;
        assert_eq!(tx.exclusions_as_of(&[ANA], then).await.unwrap().len(), 1);
        assert!(tx.exclusions_as_of(&[ANA], LATER).await.unwrap().is_empty());
        assert!(tx.excluded_people().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn rules_have_versions_names_and_a_list() {
    both_engines(async |db| {
        let content = RuleContent {
            name: "Finance clerks".to_owned(),
            description: "Who works in finance".to_owned(),
            condition: "principal.department == \"Finance\"".to_owned(),
            gives: CLERK,
            owner: None,
            state: RuleState::Draft,
            hand_over_days: 14,
        };
        let mut tx = db.write().await;
        let before = tx.model_state().await.unwrap();
        let (id, target) = tx.insert_rule(&content).await.unwrap();
        commit(tx, [target]).await;
        db.clock().advance(MINUTE);
        let then = moment(db);
        let mut tx = db.write().await;
        let state = tx.model_state().await.unwrap();
        assert!(state.rules > before.rules && state.roles == before.roles);
        let version = tx.rule(id).await.unwrap().unwrap();
        assert_eq!(version.content, content);
        let ended = RuleContent {
            state: RuleState::Ended,
            ..content.clone()
        };
        let target = tx
            .replace_rule(id, version.recorded_from, &ended)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut tx = db.read().await;
        let past = tx.rule_as_of(id, then).await.unwrap().unwrap();
        assert_eq!(past.content, content);
        assert_eq!(tx.rule_by_name("FINANCE clerks").await.unwrap(), None);
        assert!(tx.live_rules().await.unwrap().is_empty());
        let all = ListQuery::default();
        let page = tx.rules(Visibility::All, None, &all).await.unwrap();
        assert_eq!((page.rows.len(), page.rows[0].gives.0), (1, CLERK));
        for (text, found) in [
            ("finance", 1),
            ("state:current", 0),
            ("state:ended", 1),
            ("owner:none", 1),
        ] {
            let page = tx
                .rules(Visibility::All, None, &search(text))
                .await
                .unwrap();
            assert_eq!(page.rows.len(), found, "{text}");
        }
        let mut tx = db.write().await;
        let (again, target) = tx.insert_rule(&content).await.unwrap();
        commit(tx, [target]).await;
        let mut tx = db.read().await;
        assert_eq!(
            tx.rule_by_name("finance CLERKS").await.unwrap().unwrap().id,
            again
        );
        assert_eq!(tx.live_rules().await.unwrap().len(), 1);
    })
    .await;
}

async fn role(db: &TestStore, id: RoleId, name: &str, parts: &[Grantable]) {
    let parts = parts.iter().map(|what| RolePart {
        what: *what,
        source: None,
    });
    let content = RoleContent {
        name: name.to_owned(),
        display_name: name.to_owned(),
        description: String::new(),
        owner: None,
        status: Lifecycle::Active,
        source: None,
        parts: parts.collect(),
    };
    let mut tx = db.write().await;
    let before = tx.role(id).await.expect("the database answers");
    let targets = if let Some(before) = before {
        tx.replace_roles(&[(id, before.recorded_from, content)])
            .await
            .expect("it is there")
    } else {
        tx.next_id(ObjectKind::Role).await.expect("it is there");
        tx.insert_roles(&[(id, content)])
            .await
            .expect("it is there")
    };
    // What this transaction changed itself is seen by it.
    let graph = tx.role_graph().await.expect("it is there");
    assert_eq!(
        graph.node(id).expect("it is there").parts.len(),
        parts_of(&mut tx, id).await
    );
    commit(tx, targets).await;
    db.clock().advance(MINUTE);
}

async fn parts_of(tx: &mut storage::ReadTx, id: RoleId) -> usize {
    tx.role(id)
        .await
        .expect("it is there")
        .expect("it is there")
        .content
        .parts
        .len()
}

#[tokio::test]
async fn roles_are_a_graph_at_every_moment() {
    both_engines(async |db| {
        let sap = application(db, an_application("SAP").build()).await;
        let read = entitlement(db, an_entitlement(sap, "Read").build()).await;
        let off = an_entitlement(sap, "Post")
            .status(Lifecycle::Suspended)
            .build();
        let post = entitlement(db, off).await;
        let (inner, outer) = (RoleId::from_raw(1), RoleId::from_raw(2));
        let parts = [Grantable::Entitlement(read), Grantable::Entitlement(post)];
        role(db, inner, "inner", &parts).await;
        role(db, outer, "outer", &[Grantable::Role(inner)]).await;
        let then = moment(db);
        let mut tx = db.read().await;
        let graph = tx.role_graph().await.unwrap();
        assert_eq!(
            graph.reach(outer),
            [read],
            "a suspended entitlement is not given"
        );
        assert!(
            std::sync::Arc::ptr_eq(&graph, &tx.role_graph().await.unwrap()),
            "kept"
        );
        drop(tx);
        role(db, inner, "inner", &[]).await;
        let mut tx = db.read().await;
        assert!(tx.role_graph().await.unwrap().reach(outer).is_empty());
        assert_eq!(
            tx.role_graph_as_of(then).await.unwrap().reach(outer),
            [read]
        );
        let ever = tx.role_graph_ever(LATER).await.unwrap();
        assert_eq!(
            ever.reach(outer).iter().collect::<BTreeSet<_>>(),
            BTreeSet::from([&read, &post])
        );
        let history = tx.role_history(inner).await.unwrap();
        let sizes: Vec<usize> = history
            .iter()
            .map(|role| role.content.parts.len())
            .collect();
        assert_eq!(sizes, [2, 0]);
    })
    .await;
}

#[tokio::test]
async fn people_are_found_for_rules_peers_and_plans() {
    both_engines(async |db| {
        let peer = |name: &str| a_person(name).department("Finance").title("Clerk");
        let ana = person(db, peer("Ana").attribute("cost center", "7").build()).await;
        let ben = person(db, peer("Ben").build()).await;
        let suspended = domain::identity::IdentityStatus::Suspended;
        let cy = person(db, peer("Cy").status(suspended).build()).await;
        let ended = domain::identity::IdentityStatus::Ended;
        person(db, peer("Dan").status(ended).build()).await;
        let eve = person(db, a_person("Eve").ends(day("2020-01-01")).build()).await;
        let mut tx = db.read().await;
        assert_eq!(tx.peers("Finance", "Clerk", 10).await.unwrap(), [ana, ben]);
        assert_eq!(tx.attribute_names().await.unwrap(), ["cost center"]);
        let after = tx.identities_after(ana.raw(), 10).await.unwrap();
        let ids: Vec<_> = after.iter().map(|person| person.id).collect();
        assert_eq!(ids, [ben, cy, eve]);
        let absent = tx.absent_people(day("2020-01-02")).await.unwrap();
        assert_eq!(absent, [cy.raw(), eve.raw()]);
        assert_eq!(
            tx.absent_people(day("2020-01-01")).await.unwrap(),
            [cy.raw()]
        );
    })
    .await;
}

#[tokio::test]
async fn what_sources_see_is_found_by_person_and_by_thing_at_every_moment() {
    both_engines(async |db| {
        let source = domain::id::SourceId::from_raw(3);
        let (read, post) = (EntitlementId::from_raw(5), EntitlementId::from_raw(6));
        let seen = |person: IdentityId, entitlement, account| storage::access::NewAccess {
            key: domain::access::AccessKey {
                identity: person,
                entitlement,
                account: domain::id::AccountId::from_raw(account),
            },
            granted: None,
            last_used: None,
        };
        let before = moment(db);
        let rows = [
            seen(ANA, read, 1),
            seen(ANA, read, 2),
            seen(ANA, post, 1),
            seen(BEN, read, 3),
        ];
        let mut tx = db.write().await;
        tx.insert_observed(source, &rows).await.unwrap();
        commit(tx, []).await;
        db.clock().advance(MINUTE);
        let then = moment(db);
        let mut tx = db.write().await;
        tx.end_observed(source, &[rows[3].key]).await.unwrap();
        commit(tx, []).await;
        let mut tx = db.read().await;
        assert_eq!(tx.people_observed(read).await.unwrap(), [1]);
        assert_eq!(
            tx.observed_holders(read, LATER, 0, 10).await.unwrap(),
            [ANA]
        );
        assert_eq!(
            tx.observed_holders(read, then, 0, 10).await.unwrap(),
            [ANA, BEN]
        );
        assert_eq!(tx.observed_holders(read, then, 1, 10).await.unwrap(), [BEN]);
        assert!(
            tx.observed_holders(read, before, 0, 10)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            tx.observed_of_people(&[ANA, BEN], LATER)
                .await
                .unwrap()
                .len(),
            3
        );
        assert_eq!(
            tx.observed_of_people(&[ANA, BEN], then)
                .await
                .unwrap()
                .len(),
            4
        );
    })
    .await;
}

#[tokio::test]
async fn a_number_is_kept_until_something_changes() {
    both_engines(async |db| {
        let mut tx = db.read().await;
        assert_eq!(tx.kept_number("holders", &[1, 2]).await.unwrap(), None);
        tx.keep_number("holders", &[1, 2], 7);
        drop(tx);
        let mut tx = db.read().await;
        assert_eq!(tx.kept_number("holders", &[1, 2]).await.unwrap(), Some(7));
        assert_eq!(tx.kept_number("holders", &[2, 1]).await.unwrap(), None);
        drop(tx);
        db.clock().advance(MINUTE);
        person(db, a_person("Zoe Zander").build()).await;
        let mut tx = db.read().await;
        assert_eq!(tx.kept_number("holders", &[1, 2]).await.unwrap(), None);
    })
    .await;
}
