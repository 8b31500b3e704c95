//! Random small organisations: whatever is in the files and was done by hand before, the plan of an import is what it does.

use domain::rule::RuleState;
use domain::source::FileKind::{
    Access, Applications, Entitlements, Identities, RoleMembers, Roles,
};
use domain::source::ImportMode::{Delta, Snapshot};
use domain::source::{FileKind, RunState};
use domain::time::SECOND;
use proptest::prelude::*;
use service::assignments::{ExclusionDraft, GiveDraft, exclude, give};
use service::rules::{self, Asked, RuleDraft};
use service::{Cx, imports};
use std::fmt::Write as _;
use testkit::{TestApp, both_apps, property_of_apps};

use crate::kit::stage;
use crate::plan::{apply, different, everything, plan, said};

const PEOPLE: usize = 5;
const THINGS: usize = 4;
const ROLES: usize = 3;

/// Somebody in a file.
#[derive(Debug, Clone)]
struct Person {
    department: usize,
    status: usize,
    manager: usize,
    renamed: bool,
    over: bool,
}

/// What is in the files of an import.
#[derive(Debug, Clone)]
struct World {
    source: usize,
    delta: bool,
    people: Vec<Option<Person>>,
    things: Vec<bool>,
    parts: Vec<Vec<usize>>,
    inner: Vec<bool>,
    members: Vec<(usize, usize, usize)>,
    seen: Vec<(usize, usize)>,
    /// Which files come at all.
    files: Vec<bool>,
}

#[derive(Debug, Clone)]
enum Act {
    Import(World),
    Rule(usize, usize, bool, bool),
    Give(usize, usize, bool),
    Exclude(usize, usize, bool),
}

fn any_person() -> impl Strategy<Value = Option<Person>> {
    let person = (
        0..2_usize,
        prop_oneof![4 => Just(0_usize), 1 => Just(1), 1 => Just(2)],
        0..PEOPLE + 3,
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.1),
    );
    let person = person.prop_map(|(department, status, manager, renamed, over)| Person {
        department,
        status,
        manager,
        renamed,
        over,
    });
    prop::option::weighted(0.8, person)
}

fn any_world() -> impl Strategy<Value = World> {
    let roles = (
        prop::collection::vec(prop::collection::vec(0..THINGS, 0..3), ROLES),
        prop::collection::vec(any::<bool>(), ROLES),
        prop::collection::vec((0..PEOPLE, 0..ROLES, 0..4_usize), 0..7),
    );
    (
        0..2_usize,
        prop::bool::weighted(0.3),
        prop::collection::vec(any_person(), PEOPLE),
        prop::collection::vec(prop::bool::weighted(0.85), THINGS),
        roles,
        prop::collection::vec((0..PEOPLE, 0..THINGS), 0..8),
        prop::collection::vec(prop::bool::weighted(0.8), 5),
    )
        .prop_map(
            |(source, delta, people, things, (parts, inner, members), seen, files)| World {
                source,
                delta,
                people,
                things,
                parts,
                inner,
                members,
                seen,
                files,
            },
        )
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => any_world().prop_map(Act::Import),
        2 => (0..3_usize, 0..THINGS + ROLES, any::<bool>(), any::<bool>())
            .prop_map(|(when, what, handed, end)| Act::Rule(when, what, handed, end)),
        2 => (0..PEOPLE, 0..THINGS + ROLES, any::<bool>()).prop_map(|(who, what, over)| Act::Give(who, what, over)),
        1 => (0..PEOPLE, 0..THINGS + ROLES, any::<bool>()).prop_map(|(who, what, later)| Act::Exclude(who, what, later)),
    ]
}

fn username(world: &World, index: usize) -> String {
    match world.people.get(index) {
        Some(Some(person)) if person.renamed => format!("u{index}.new"),
        _ => format!("u{index}"),
    }
}

/// Sources have names of their own for things, but not for people.
fn thing(source: usize, index: usize) -> String {
    format!("app{source}-{},e{index}", index % 2)
}

fn files(world: &World) -> Vec<(FileKind, String)> {
    let (mut people, mut things) = (
        "external_id,username,department,status,manager,end_date\n".to_owned(),
        "application,entitlement\n".to_owned(),
    );
    for (index, person) in world.people.iter().enumerate() {
        let Some(person) = person else { continue };
        let status = ["active", "suspended", "ended"][person.status];
        let manager = (person.manager < PEOPLE && person.manager != index)
            .then(|| username(world, person.manager));
        writeln!(
            people,
            "x{index},{},{},{status},{},{}",
            username(world, index),
            ["Sales", "Desk"][person.department],
            manager.unwrap_or_default(),
            if person.over { "2020-01-31" } else { "" },
        )
        .expect("text");
    }
    let mut apps = "application\n".to_owned();
    for index in 0..2 {
        if world
            .things
            .iter()
            .skip(index)
            .step_by(2)
            .any(|there| *there)
        {
            writeln!(apps, "app{}-{index}", world.source).expect("text");
        }
    }
    for (index, there) in world.things.iter().enumerate() {
        if *there {
            writeln!(things, "{}", thing(world.source, index)).expect("text");
        }
    }
    let mut roles = "role,includes_role,application,entitlement\n".to_owned();
    for (index, parts) in world.parts.iter().enumerate() {
        for part in parts {
            let part = thing(world.source, *part);
            writeln!(roles, "r{}-{index},,{part}", world.source).expect("text");
        }
        if world.inner[index] && index + 1 < ROLES {
            let (role, inner) = (index, index + 1);
            writeln!(roles, "r{0}-{role},r{0}-{inner},,", world.source).expect("text");
        }
    }
    let mut members = "username,role,valid_from,valid_until\n".to_owned();
    for (person, role, when) in &world.members {
        let span = [",", ",2020-01-31", "2090-01-31,", "2020-01-31,2090-01-31"][*when];
        let person = username(world, *person);
        writeln!(members, "{person},r{}-{role},{span}", world.source).expect("text");
    }
    let mut seen = "username,application,entitlement,account\n".to_owned();
    for (index, (person, what)) in world.seen.iter().enumerate() {
        let (person, what) = (username(world, *person), thing(world.source, *what));
        writeln!(seen, "{person},{what},{person}-{}", index % 2).expect("text");
    }
    let mut all = Vec::new();
    if world.files[0] {
        all.push((Identities, people));
    }
    if world.files[1] {
        all.push((Applications, apps));
        all.push((Entitlements, things));
    }
    if world.files[2] {
        all.push((Roles, roles));
    }
    if world.files[3] {
        all.push((RoleMembers, members));
    }
    if world.files[4] {
        all.push((Access, seen));
    }
    all
}

async fn import(app: &TestApp, cx: &Cx, world: &World) {
    let service = app.service();
    let files = files(world);
    let files: Vec<(FileKind, &str)> = files
        .iter()
        .map(|(kind, text)| (*kind, text.as_str()))
        .collect();
    if files.is_empty() {
        return;
    }
    let mode = if world.delta { Delta } else { Snapshot };
    let source = format!("source {}", world.source);
    let run = stage(service, cx, &source, mode, &files)
        .await
        .expect("staged");
    let told = plan(service, cx, run).await;
    let before = everything(app).await;
    assert_eq!(apply(service, cx, run).await, RunState::Applied);
    app.clock().advance(SECOND);
    let after = everything(app).await;
    let problems = imports::problems(service, cx, run, None).await;
    let problems: Vec<_> = problems.expect("problems").rows;
    assert_eq!(
        said(&told, &before.1),
        different(&before, &after),
        "the plan said something else; problems: {problems:?}"
    );
}

/// A thing or a role of the first source.
fn what(index: usize) -> String {
    if index < THINGS {
        thing(0, index).replace(',', "/")
    } else {
        format!("role:r0-{}", index - THINGS)
    }
}

async fn rule(app: &TestApp, cx: &Cx, (when, gives): (usize, usize), handed: bool, end: bool) {
    let service = app.service();
    let condition = [
        "principal.department == \"Sales\"",
        "principal.manager == \"u1\"",
        "principal.department == \"Desk\" && principal.manager != \"u0\"",
    ][when];
    let draft = RuleDraft {
        name: format!("{condition} {gives} {handed}"),
        condition: condition.to_owned(),
        what: what(gives),
        hand_over_days: if handed { "30" } else { "0" }.to_owned(),
        ..RuleDraft::default()
    };
    // What does not exist yet cannot be given, and a rule of the same name is there already.
    let Ok(id) = rules::create(service, cx, &draft).await else {
        return;
    };
    let steps = [RuleState::Observing, RuleState::Active, RuleState::Ended];
    for next in &steps[..if end { 3 } else { 2 }] {
        app.clock().advance(SECOND);
        let plan = rules::plan_step(service, cx, id, *next).await;
        let detail = rules::read(service, cx, id).await.expect("the rule");
        let asked = Asked {
            reason: "Agreed".to_owned(),
            hash: plan.expect("a plan").hash,
            ..Asked::default()
        };
        rules::step(service, cx, id, detail.rule.recorded_from, *next, &asked)
            .await
            .expect("the step");
    }
}

async fn walk(app: &TestApp, acts: &[Act]) {
    let cx = app.welcome().await;
    let service = app.service();
    for act in acts {
        app.clock().advance(SECOND);
        let find = async |person: usize| {
            let name = format!("u{person}");
            let found = app.db().read().await.identity_by_username(&name).await;
            found.expect("reads").map(|person| person.id)
        };
        match act {
            Act::Import(world) => import(app, &cx, world).await,
            Act::Rule(when, gives, handed, end) => {
                rule(app, &cx, (*when, *gives), *handed, *end).await;
            }
            Act::Give(person, index, over) => {
                let draft = GiveDraft {
                    what: what(*index),
                    reason: "Needed".to_owned(),
                    from: if *over { "2090-01-31" } else { "" }.to_owned(),
                    ..GiveDraft::default()
                };
                if let Some(id) = find(*person).await {
                    // What does not exist yet, or was given already, is not given.
                    let _ = give(service, &cx, id, &draft).await;
                }
            }
            Act::Exclude(person, index, later) => {
                let draft = ExclusionDraft {
                    what: what(*index),
                    reason: "Not you".to_owned(),
                    until: if *later { "2090-01-31" } else { "" }.to_owned(),
                    ..ExclusionDraft::default()
                };
                if let Some(id) = find(*person).await {
                    let _ = exclude(service, &cx, id, &draft).await;
                }
            }
        }
    }
}

#[test]
fn the_plan_of_an_import_comes_true() {
    let histories = prop::collection::vec(any_act(), 2..9);
    let histories = (any_world(), histories).prop_map(|(first, mut acts)| {
        acts.insert(0, Act::Import(first));
        acts
    });
    property_of_apps(12, histories, async |app, acts| walk(app, acts).await);
}

/// A source whose list of members lost somebody, and whose list of people says that they have ended. Another source governs
/// them, and they stay.
#[tokio::test]
async fn who_stays_because_another_source_says_so_loses_a_role_in_the_plan_too() {
    let nothing = World {
        source: 0,
        delta: false,
        people: vec![None; PEOPLE],
        things: vec![false; THINGS],
        parts: vec![Vec::new(); ROLES],
        inner: vec![false; ROLES],
        members: Vec::new(),
        seen: Vec::new(),
        files: vec![false; 5],
    };
    let somebody = |status| {
        let mut people = vec![None; PEOPLE];
        people[1] = Some(Person {
            department: 0,
            status,
            manager: 0,
            renamed: false,
            over: false,
        });
        people
    };
    let there = World {
        people: somebody(0),
        files: vec![true, false, false, false, false],
        ..nothing.clone()
    };
    let member = World {
        source: 1,
        things: vec![false, true, false, false],
        parts: vec![Vec::new(), vec![1], Vec::new()],
        members: vec![(1, 1, 3)],
        files: vec![false, true, true, true, false],
        ..nothing.clone()
    };
    let gone = World {
        source: 1,
        people: somebody(2),
        things: vec![false, false, true, false],
        parts: vec![Vec::new(), vec![2], Vec::new()],
        files: vec![true, false, false, true, false],
        ..nothing
    };
    let acts = [there, member, gone].map(Act::Import);
    both_apps(async |app| walk(app, &acts).await).await;
}
