//! Random histories: holders and people agree at every moment, the past never changes, and a plan says exactly what happens
//! (invariants 1, 2, 3).

use std::collections::{BTreeMap, BTreeSet};

use domain::assignment::AssignmentStep;
use domain::id::{AssignmentId, EntitlementId, IdentityId, RoleId};
use domain::time::Instant;
use proptest::prelude::*;
use service::assignments::{ExclusionDraft, GiveDraft, exclude, give, read, step};
use service::effective::access_of;
use service::plan::Applied;
use service::roles::{ContentsDraft, change_contents, plan_contents};
use testkit::{TestApp, property_of_apps};

use crate::kit::Kit;

const NAMES: [&str; 4] = ["read", "post", "pay", "close"];
const ROLES: usize = 3;
const PEOPLE: usize = 3;

#[derive(Debug, Clone)]
enum Act {
    GiveRole(usize, usize),
    Give(usize, usize),
    End(usize),
    Exclude(usize, usize),
    Contents(usize, Vec<usize>, Vec<usize>),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => (0..PEOPLE, 0..ROLES).prop_map(|(person, role)| Act::GiveRole(person, role)),
        1 => (0..PEOPLE, 0..NAMES.len()).prop_map(|(person, what)| Act::Give(person, what)),
        1 => (0..8_usize).prop_map(Act::End),
        1 => (0..PEOPLE, 0..NAMES.len()).prop_map(|(person, what)| Act::Exclude(person, what)),
        3 => (0..ROLES, prop::collection::vec(0..NAMES.len(), 0..3), prop::collection::vec(0..ROLES, 0..2))
            .prop_map(|(role, parts, inner)| Act::Contents(role, parts, inner)),
    ]
}

type Access = BTreeMap<IdentityId, BTreeSet<EntitlementId>>;

struct World<'a> {
    kit: Kit<'a>,
    people: Vec<IdentityId>,
    roles: Vec<RoleId>,
    given: Vec<AssignmentId>,
}

impl World<'_> {
    async fn access(&self, at: Option<Instant>) -> Access {
        let mut all = Access::new();
        for person in &self.people {
            let (_, access) = access_of(self.kit.app.service(), &self.kit.cx, *person, at)
                .await
                .expect("the access");
            for line in &access.lines {
                assert!(!line.line.ways.is_empty(), "access without a reason");
            }
            let ids = access.lines.iter().map(|line| line.entitlement.id);
            all.insert(*person, ids.collect());
        }
        for id in &self.kit.entitlements {
            let of_people: BTreeSet<IdentityId> = self
                .people
                .iter()
                .filter(|person| all[person].contains(id))
                .copied()
                .collect();
            assert_eq!(self.kit.holders(*id, at).await, of_people);
        }
        all
    }

    async fn act(&mut self, act: &Act) {
        let (service, cx) = (self.kit.app.service(), &self.kit.cx);
        match act {
            Act::GiveRole(person, role) => {
                let what = self.roles[*role].to_string();
                self.give(self.people[*person], what).await;
            }
            Act::Give(person, what) => {
                self.give(self.people[*person], format!("sap/{}", NAMES[*what]))
                    .await;
            }
            Act::End(index) => {
                let Some(id) = self.given.get(*index).copied() else {
                    return;
                };
                let version = read(service, cx, id)
                    .await
                    .expect("it")
                    .assignment
                    .recorded_from;
                // One that ended already stays so.
                let _ = step(service, cx, id, version, AssignmentStep::End, "Over").await;
            }
            Act::Exclude(person, what) => {
                let draft = ExclusionDraft {
                    what: format!("sap/{}", NAMES[*what]),
                    reason: "Not you".to_owned(),
                    ..ExclusionDraft::default()
                };
                // One who is excluded already stays so.
                let _ = exclude(service, cx, self.people[*person], &draft).await;
            }
            Act::Contents(role, parts, inner) => self.contents(*role, parts, inner).await,
        }
    }

    async fn give(&mut self, person: IdentityId, what: String) {
        let draft = GiveDraft {
            what,
            reason: "Needed".to_owned(),
            ..GiveDraft::default()
        };
        // What was given already is not given twice.
        if let Ok(id) = give(self.kit.app.service(), &self.kit.cx, person, &draft).await {
            self.given.push(id);
        }
    }

    /// Plans a content, makes it, and compares what happened with what the plan said.
    async fn contents(&mut self, role: usize, parts: &[usize], inner: &[usize]) {
        let (service, cx) = (self.kit.app.service(), &self.kit.cx);
        let entitlements = parts.iter().map(|part| format!("sap/{}", NAMES[*part]));
        let roles = inner.iter().map(|role| self.roles[*role].to_string());
        let lines: Vec<String> = entitlements.chain(roles).collect();
        let draft = ContentsDraft {
            add: lines.join("\n"),
            reason: "Reworked".to_owned(),
            ..ContentsDraft::default()
        };
        let id = self.roles[role];
        // A circle is refused.
        let Ok(planned) = plan_contents(service, cx, id, &draft).await else {
            return;
        };
        let before = self.access(None).await;
        let version = planned.role.recorded_from;
        let hash = &planned.plan.hash;
        let done = change_contents(service, cx, id, version, &draft, hash)
            .await
            .expect("an answer");
        assert!(matches!(done, Applied::Done | Applied::Same));
        self.kit.later();
        let after = self.access(None).await;
        let mut said: BTreeSet<(IdentityId, EntitlementId, bool)> = BTreeSet::new();
        said.extend(
            planned
                .plan
                .lines
                .iter()
                .map(|line| (line.person, line.entitlement.id, line.gains)),
        );
        let mut happened = BTreeSet::new();
        for person in &self.people {
            let (had, has) = (&before[person], &after[person]);
            happened.extend(has.difference(had).map(|id| (*person, *id, true)));
            happened.extend(had.difference(has).map(|id| (*person, *id, false)));
        }
        assert_eq!(said, happened, "the plan said something else");
    }
}

async fn walk(app: &TestApp, acts: &[Act]) {
    let kit = Kit::new(app, &NAMES).await;
    let mut people = Vec::new();
    for name in ["Ana Silva", "Ben Ode", "Cy Tran"] {
        people.push(kit.person(name).await);
    }
    let mut roles = Vec::new();
    for name in ["one", "two", "three"] {
        roles.push(kit.role(name, "").await);
    }
    let mut world = World {
        kit,
        people,
        roles,
        given: Vec::new(),
    };
    let mut past: Vec<(Instant, Access)> = Vec::new();
    for act in acts {
        world.act(act).await;
        let at = world.kit.later();
        let now = world.access(None).await;
        assert_eq!(
            world.access(Some(at)).await,
            now,
            "as of now is the present"
        );
        past.push((at, now));
    }
    for (at, then) in past {
        assert_eq!(world.access(Some(at)).await, then, "the past changed");
    }
}

#[test]
fn plans_come_true_and_the_past_stays() {
    let histories = prop::collection::vec(any_act(), 1..12);
    property_of_apps(6, histories, async |app, acts| walk(app, acts).await);
}
