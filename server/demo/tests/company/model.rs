//! Roles, rules, what single people are given, and from what they are excluded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::assignment::{Agent, AssignmentState};
use domain::exclusion::ExclusionState;
use domain::finding::Finding;
use domain::id::{AssignmentId, ExclusionId, IdentityId, RoleId, RuleId};
use domain::identity::IdentityStatus;
use domain::permission::{Actor, ConsoleRight};
use domain::rule::{Rule, RuleState};
use domain::time::{DAY, Instant};
use service::effective::access_of;
use service::{Cx, Service, findings, jobs};
use testkit::TestStore;

use crate::everyone;

/// Everything whose ids are counted from 1.
async fn every<T>(mut one: impl AsyncFnMut(i64) -> Option<T>) -> Vec<T> {
    let mut all = Vec::new();
    for raw in 1.. {
        let Some(found) = one(raw).await else { break };
        all.push(found);
    }
    all
}

async fn rules(store: &TestStore) -> Vec<Rule> {
    let mut tx = store.read().await;
    every(async |raw| tx.rule(RuleId::from_raw(raw)).await.expect("reads")).await
}

pub(crate) async fn roles_and_rules_are_in_use(store: &TestStore) {
    let all_rules = rules(store).await;
    let mut tx = store.read().await;
    let keys = tx.role_keys(0, 100).await.expect("reads");
    let ids: Vec<RoleId> = keys.iter().map(|key| key.id).collect();
    let roles = tx.roles_with(&ids).await.expect("reads");
    assert_eq!(roles.len(), 19);
    assert!(roles.iter().all(|role| !role.content.parts.is_empty()));
    let unowned = roles.iter().filter(|role| role.content.owner.is_none());
    assert_eq!(unowned.count(), 2);
    let clerk = roles
        .iter()
        .find(|role| role.content.name == "accounts-payable-clerk");
    let versions = tx
        .role_history(clerk.expect("the role").id)
        .await
        .expect("reads");
    let parts: Vec<usize> = versions
        .iter()
        .map(|role| role.content.parts.len())
        .collect();
    assert_eq!(parts, [0, 2, 3, 2], "added, filled, and edited twice");
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in &all_rules {
        let state = rule.content.state;
        *states.entry(state.word()).or_default() += 1;
        let people = tx.people_of_rule(rule.id).await.expect("reads").len();
        assert_eq!(
            people > 0,
            state == RuleState::Active,
            "{}: {people}",
            rule.content.name
        );
    }
    let wanted = [("active", 9), ("draft", 1), ("ended", 1), ("observing", 1)];
    assert_eq!(states, BTreeMap::from(wanted));
    let hand_over = all_rules
        .iter()
        .filter(|rule| rule.content.hand_over_days > 0);
    assert_eq!(hand_over.count(), 1);
}

pub(crate) async fn people_are_given_single_things(store: &TestStore, now: Instant) {
    let mut rights = BTreeSet::new();
    let mut tx = store.read().await;
    let all = every(async |raw| {
        let id = AssignmentId::from_raw(raw);
        tx.assignment(id).await.expect("reads")
    })
    .await;
    for assignment in &all {
        if let Some(id) = assignment.content.what.entitlement() {
            let entitlement = tx.entitlement(id).await.expect("reads").expect("is there");
            if ConsoleRight::from_word(&entitlement.content.name).is_some() {
                rights.insert(id);
            }
        }
    }
    let given: Vec<_> = all
        .iter()
        .map(|assignment| &assignment.content)
        .filter(|one| one.agent == Agent::Admin)
        .filter(|one| {
            one.what
                .entitlement()
                .is_none_or(|id| !rights.contains(&id))
        })
        .collect();
    assert!((20..=22).contains(&given.len()), "{}", given.len());
    assert!(given.iter().all(|one| !one.reason.is_empty()));
    let count = |state| given.iter().filter(|one| one.state == state).count();
    assert_eq!(count(AssignmentState::Suspended), 1);
    assert!(count(AssignmentState::Ended) >= 3);
    let active = || {
        given
            .iter()
            .filter(|one| one.state == AssignmentState::Active)
    };
    let soon = active().filter(|one| one.valid_until.is_some_and(|end| end < now.plus(30 * DAY)));
    assert!(soon.count() >= 4, "some end soon");
    assert!(
        active().all(|one| one.valid_until.is_none_or(|end| end > now)),
        "something should have ended"
    );
    assert_eq!(active().filter(|one| one.valid_from > now).count(), 1);
}

pub(crate) async fn rules_follow_the_people(store: &TestStore, now: Instant) {
    let rules = rules(store).await;
    let people = everyone(store).await;
    let mut tx = store.read().await;
    let all = every(async |raw| {
        let id = AssignmentId::from_raw(raw);
        tx.assignment(id).await.expect("reads")
    })
    .await;
    let live: Vec<_> = all
        .iter()
        .map(|assignment| &assignment.content)
        .filter(|one| one.state != AssignmentState::Ended)
        .collect();
    let ended: BTreeSet<IdentityId> = people
        .iter()
        .filter(|person| person.content.status == IdentityStatus::Ended)
        .map(|person| person.id)
        .collect();
    assert!(live.iter().all(|one| !ended.contains(&one.identity)));
    let named = |name: &str| {
        let rule = rules.iter().find(|rule| rule.content.name == name);
        rule.expect("the rule").id
    };
    let of_rule = |name: &str| {
        let id = named(name);
        live.iter().filter(move |one| one.rule == Some(id))
    };
    let employees = people
        .iter()
        .filter(|person| person.content.kind.word() == "employee" && !ended.contains(&person.id));
    assert_eq!(of_rule("Every employee").count(), employees.count());
    // Who was added on the last day has it from the first moment on.
    let newest = people
        .iter()
        .rev()
        .find(|person| person.content.title == "Accountant")
        .expect("an accountant");
    assert!(newest.recorded_from > now.plus(-5 * DAY));
    let since: Vec<Instant> = of_rule("Accountants")
        .filter(|one| one.identity == newest.id)
        .map(|one| one.valid_from)
        .collect();
    assert_eq!(since, [newest.recorded_from]);
    let handing_over: Vec<_> = of_rule("Accounts payable")
        .filter_map(|one| one.valid_until)
        .collect();
    assert!(!handing_over.is_empty());
    assert!(
        handing_over
            .iter()
            .all(|end| *end > now && *end < now.plus(14 * DAY))
    );
}

pub(crate) async fn exclusions_hold(store: &TestStore, service: &Service) {
    let mut tx = store.read().await;
    let all = every(async |raw| {
        let id = ExclusionId::from_raw(raw);
        let found = tx.exclusion(id).await.expect("reads");
        found.map(|exclusion| exclusion.content)
    })
    .await;
    drop(tx);
    assert_eq!(all.len(), 3);
    let in_force: Vec<_> = all
        .iter()
        .filter(|one| one.state == ExclusionState::Active)
        .collect();
    assert_eq!(in_force.len(), 2);
    let cx = Cx::of(Actor::System);
    for one in in_force {
        let (_, access) = access_of(service, &cx, one.identity, None)
            .await
            .expect("reads");
        let excluded = one.what.entitlement().expect("an entitlement");
        let mut lines = access.lines.iter();
        assert!(lines.all(|line| line.entitlement.id != excluded));
        // Without the exclusion, a role would give it.
        let mut tx = store.read().await;
        let graph = tx.role_graph().await.expect("reads");
        let mut held = access.held.iter().filter_map(|held| held.what.0.role());
        assert!(held.any(|role| graph.reach(role).contains(&excluded)));
    }
}

/// Whoever looks around finds one of each.
pub(crate) async fn something_is_found(service: Service) {
    let (service, cx) = (Arc::new(service), Cx::of(Actor::System));
    findings::look_again(&service, &cx).await.expect("asked");
    let handlers = jobs::handlers();
    let work = jobs::claim(&service, &handlers).await.expect("claims");
    let work = work.expect("a job");
    let ended = handlers.run(Arc::clone(&service), Arc::clone(&work)).await;
    jobs::settle(&service, &work, ended).await.expect("settled");
    let found = findings::read(&service, &cx).await.expect("findings");
    for wanted in [
        Finding::Outlier,
        Finding::RoleWithoutHolders,
        Finding::OverlappingRoles,
    ] {
        let count = found.counts.iter().find(|(one, _)| *one == wanted);
        let count = count.map_or(0, |(_, count)| *count);
        assert!((1..=300).contains(&count), "{}: {count}", wanted.word());
    }
}
