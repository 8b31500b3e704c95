//! Random histories: what changed between any two of their moments is exactly what the two moments say.

use std::collections::{BTreeMap, BTreeSet};

use domain::assignment::AssignmentStep;
use domain::id::{AssignmentId, EntitlementId, IdentityId, RoleId};
use domain::lifecycle::Step;
use domain::time::{DAY, Instant};
use proptest::prelude::*;
use service::assignments::{ExclusionDraft, GiveDraft, exclude, give, read, step};
use service::effective::{access_of, entitlement_between, organisation_between, person_between};
use service::{entitlements, people};
use testkit::{TestApp, property_of_apps};

use crate::kit::Kit;

const NAMES: [&str; 3] = ["read", "post", "pay"];
const ROLES: [&str; 2] = ["inner", "outer"];
const PEOPLE: [&str; 3] = ["Ana Silva", "Ben Ode", "Cy Tran"];

#[derive(Debug, Clone)]
enum Act {
    GiveRole(usize, usize),
    /// From and until so many days from now.
    Give(usize, usize, Option<(i32, i32)>),
    End(usize),
    Exclude(usize, usize, bool),
    PutIn(usize, usize),
    TakeOut(usize, usize),
    Switch(usize, bool),
    Move(usize, bool),
}

fn any_act() -> impl Strategy<Value = Act> {
    let (person, role, what) = (0..PEOPLE.len(), 0..ROLES.len(), 0..NAMES.len());
    let days = prop::option::of((1..4_i32, 0..3_i32).prop_map(|(from, more)| (from, from + more)));
    prop_oneof![
        3 => (person.clone(), role.clone()).prop_map(|(person, role)| Act::GiveRole(person, role)),
        2 => (person.clone(), what.clone(), days).prop_map(|(person, what, days)| Act::Give(person, what, days)),
        1 => (0..8_usize).prop_map(Act::End),
        1 => (person.clone(), role.clone(), any::<bool>()).prop_map(|(person, thing, of_role)| Act::Exclude(person, thing, of_role)),
        3 => (role.clone(), what.clone()).prop_map(|(role, what)| Act::PutIn(role, what)),
        1 => (role, what.clone()).prop_map(|(role, what)| Act::TakeOut(role, what)),
        1 => (what, any::<bool>()).prop_map(|(what, on)| Act::Switch(what, on)),
        1 => (person, any::<bool>()).prop_map(|(person, on)| Act::Move(person, on)),
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
    /// What is refused, because it is so already, changes nothing.
    async fn act(&mut self, act: &Act) {
        let (service, cx) = (self.kit.app.service(), &self.kit.cx);
        match act {
            Act::GiveRole(person, role) => {
                let what = format!("role:{}", ROLES[*role]);
                self.give(*person, what, None).await;
            }
            Act::Give(person, what, days) => {
                self.give(*person, format!("sap/{}", NAMES[*what]), *days)
                    .await;
            }
            Act::End(index) => {
                let Some(id) = self.given.get(*index).copied() else {
                    return;
                };
                let detail = read(service, cx, id).await.expect("it");
                let version = detail.assignment.recorded_from;
                let _ = step(service, cx, id, version, AssignmentStep::End, "Over").await;
            }
            Act::Exclude(person, thing, of_role) => {
                let what = if *of_role {
                    format!("role:{}", ROLES[*thing])
                } else {
                    format!("sap/{}", NAMES[*thing])
                };
                let draft = ExclusionDraft {
                    what,
                    reason: "Not you".to_owned(),
                    ..ExclusionDraft::default()
                };
                let _ = exclude(service, cx, self.people[*person], &draft).await;
            }
            Act::PutIn(role, what) => {
                let add = format!("sap/{}", NAMES[*what]);
                self.kit.contents(self.roles[*role], &[], &add).await;
            }
            Act::TakeOut(role, what) => {
                let out = self.kit.entitlements[*what].to_string();
                self.kit.contents(self.roles[*role], &[&out], "").await;
            }
            Act::Switch(what, on) => {
                let step = if *on { Step::Resume } else { Step::Suspend };
                let id = self.kit.entitlements[*what];
                let _ = entitlements::step(service, cx, id, step, "As said").await;
            }
            Act::Move(person, on) => {
                let id = self.people[*person];
                let _ = if *on {
                    people::resume(service, cx, id, "As said").await
                } else {
                    people::suspend(service, cx, id, "As said").await
                };
            }
        }
    }

    async fn give(&mut self, person: usize, what: String, days: Option<(i32, i32)>) {
        let service = self.kit.app.service();
        let zone = jiff::tz::TimeZone::get("Europe/Lisbon").expect("a zone");
        let today = service.now().day(&zone);
        let day = |days: i32| today.plus_days(days).to_string();
        let draft = GiveDraft {
            what,
            reason: "Needed".to_owned(),
            from: days.map(|(from, _)| day(from)).unwrap_or_default(),
            until: days.map(|(_, until)| day(until)).unwrap_or_default(),
        };
        if let Ok(id) = give(service, &self.kit.cx, self.people[person], &draft).await {
            self.given.push(id);
        }
    }

    async fn access(&self, at: Option<Instant>) -> Access {
        let mut all = Access::new();
        for person in &self.people {
            let (_, access) = access_of(self.kit.app.service(), &self.kit.cx, *person, at)
                .await
                .expect("the access");
            let ids = access.lines.iter().map(|line| line.entitlement.id);
            all.insert(*person, ids.collect());
        }
        all
    }

    /// Everything that tells of a change says what the two moments say.
    async fn compare(&self, from: Option<Instant>, to: Option<Instant>) {
        let (service, cx) = (self.kit.app.service(), &self.kit.cx);
        let (then, later) = (self.access(from).await, self.access(to).await);
        let mut gained: BTreeMap<EntitlementId, BTreeSet<IdentityId>> = BTreeMap::new();
        let mut lost = gained.clone();
        for person in &self.people {
            let (_, between) = person_between(service, cx, *person, from, to)
                .await
                .expect("an answer");
            let ids = |lines: &[service::effective::Line]| {
                let ids = lines.iter().map(|line| line.entitlement.id);
                ids.collect::<BTreeSet<_>>()
            };
            let (had, has) = (&then[person], &later[person]);
            assert_eq!(ids(&between.gained), has - had);
            assert_eq!(ids(&between.lost), had - has);
            assert_eq!(between.kept, had.intersection(has).count());
            for id in has - had {
                gained.entry(id).or_default().insert(*person);
            }
            for id in had - has {
                lost.entry(id).or_default().insert(*person);
            }
        }
        for id in &self.kit.entitlements {
            let (_, page) = entitlement_between(service, cx, *id, (from, to), None)
                .await
                .expect("a page");
            assert!(page.next.is_none());
            let of = |gained: bool| {
                let rows = page.rows.iter().filter(|mover| mover.gained == gained);
                rows.map(|mover| mover.holder.id).collect::<BTreeSet<_>>()
            };
            assert_eq!(of(true), gained.get(id).cloned().unwrap_or_default());
            assert_eq!(of(false), lost.get(id).cloned().unwrap_or_default());
        }
        let sums = organisation_between(service, cx, from, to)
            .await
            .expect("sums");
        let said: BTreeMap<_, _> = sums
            .entitlements
            .iter()
            .map(|moved| (moved.entitlement.id, (moved.gained, moved.lost)))
            .collect();
        let count = |of: &BTreeMap<EntitlementId, BTreeSet<IdentityId>>, id| {
            of.get(id).map_or(0, |people| people.len() as u64)
        };
        let moved: BTreeSet<_> = gained.keys().chain(lost.keys()).collect();
        let happened: BTreeMap<_, _> = moved
            .into_iter()
            .map(|id| (*id, (count(&gained, id), count(&lost, id))))
            .collect();
        assert_eq!(said, happened);
        let people: BTreeSet<_> = gained.values().chain(lost.values()).flatten().collect();
        assert_eq!(sums.people, people.len() as u64);
    }
}

async fn walk(app: &TestApp, acts: &[Act]) {
    let kit = Kit::new(app, &NAMES).await;
    let mut people = Vec::new();
    for name in PEOPLE {
        people.push(kit.person(name).await);
    }
    let inner = kit.role("inner", "sap/read").await;
    let outer = kit.role("outer", "role:inner").await;
    let mut world = World {
        kit,
        people,
        roles: vec![inner, outer],
        given: Vec::new(),
    };
    let mut moments = vec![Some(world.kit.later())];
    for act in acts {
        world.act(act).await;
        // Some of what was given begins or ends by itself.
        app.clock().advance(DAY / 2);
        moments.push(Some(world.kit.later()));
    }
    moments.push(None);
    let ahead = app.service().now();
    moments.extend([1, 3].map(|days| Some(ahead.plus(days * DAY))));
    for (index, to) in moments.iter().enumerate().skip(1) {
        // The step just before, and everything since the beginning.
        world.compare(moments[index - 1], *to).await;
        if index > 1 {
            world.compare(moments[0], *to).await;
        }
    }
}

#[test]
fn what_changed_between_two_moments_is_what_the_moments_say() {
    let histories = prop::collection::vec(any_act(), 1..9);
    property_of_apps(5, histories, async |app, acts| walk(app, acts).await);
}
