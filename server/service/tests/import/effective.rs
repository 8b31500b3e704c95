//! What is imported as roles, members and access comes out again as the same access: every person's file, line by line, and
//! so many holders as there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::permission::Actor;
use domain::source::FileKind::{
    Access, Applications, Entitlements, Identities, RoleMembers, Roles,
};
use domain::source::ImportMode::{Delta, Snapshot};
use domain::time::{DAY, SECOND};
use service::assignments::{ExclusionDraft, exclude};
use service::effective::{Total, entitlement_holders, every_holder, explain};
use service::exports::{self, ExportAsk, ExportList};
use service::{Cx, Service, effective, entitlements, roles};
use testkit::{TestApp, both_apps};

use crate::kit::import;

const PEOPLE: usize = 120;
const THINGS: usize = 30;
const ROLES: usize = 15;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a number") % most
    }
}

/// An organisation in files, and what everybody has in it.
struct Organisation {
    people: String,
    things: String,
    roles: String,
    members: String,
    access: String,
    has: BTreeMap<String, BTreeSet<String>>,
}

fn organisation(seed: u64) -> Organisation {
    let mut dice = Dice(seed);
    let mut all = Organisation {
        people: "username,display_name\n".to_owned(),
        things: "application,entitlement\n".to_owned(),
        roles: "role,includes_role,application,entitlement\n".to_owned(),
        members: "username,role\n".to_owned(),
        access: "username,application,entitlement\n".to_owned(),
        has: BTreeMap::new(),
    };
    let thing = |index: usize| format!("app{},right{index}", index % 3);
    for index in 0..THINGS {
        writeln!(all.things, "{}", thing(index)).expect("text");
    }
    // Whatever a role includes comes after it, so nothing goes round; the last ones include nothing.
    let mut reach: Vec<BTreeSet<String>> = vec![BTreeSet::new(); ROLES];
    for role in (0..ROLES).rev() {
        let mut included = BTreeSet::new();
        if role + 3 < ROLES {
            for _ in 0..dice.below(3) {
                included.insert(role + 1 + dice.below(ROLES - role - 1));
            }
        }
        for inner in included {
            writeln!(all.roles, "role{role},role{inner},,").expect("text");
            let more = reach[inner].clone();
            reach[role].extend(more);
        }
        let own: BTreeSet<String> = (0..=dice.below(4))
            .map(|_| thing(dice.below(THINGS)))
            .collect();
        for what in own {
            writeln!(all.roles, "role{role},,{what}").expect("text");
            reach[role].insert(what);
        }
    }
    for person in 0..PEOPLE {
        let name = format!("user{person}");
        // A name that a spreadsheet would take for a formula.
        writeln!(all.people, "{name},=Name {person}").expect("text");
        let mut has = BTreeSet::new();
        let holds: BTreeSet<usize> = (0..dice.below(4)).map(|_| dice.below(ROLES)).collect();
        for role in holds {
            writeln!(all.members, "{name},role{role}").expect("text");
            has.extend(reach[role].iter().cloned());
        }
        // What no role gives is found.
        for _ in 0..dice.below(3) {
            has.insert(thing(dice.below(THINGS)));
        }
        for what in &has {
            writeln!(all.access, "{name},{what}").expect("text");
        }
        all.has.insert(name, has);
    }
    all
}

async fn file(service: &Service, cx: &Cx, of: String, search: &str) -> Vec<csv::StringRecord> {
    let ask = ExportAsk {
        list: ExportList::Effective.word().to_owned(),
        of,
        search: search.to_owned(),
        ..ExportAsk::default()
    };
    let bytes = exports::file(service, cx, &ask).await.expect("a file");
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.collect()
}

async fn bring(app: &TestApp, cx: &Cx, all: &Organisation) {
    let files: &[_] = &[
        (Identities, &*all.people),
        (Applications, "application\napp0\napp1\napp2\n"),
        (Entitlements, &*all.things),
        (Roles, &*all.roles),
        (RoleMembers, &*all.members),
        (Access, &*all.access),
    ];
    import(app.service(), cx, "all", Snapshot, files).await;
    app.clock().advance(SECOND);
}

async fn people(app: &TestApp) -> BTreeMap<String, domain::id::IdentityId> {
    let keys = app.db().read().await.identity_keys(0, 1_000).await;
    let keys = keys.expect("people").into_iter();
    keys.map(|key| (key.username_key, key.id)).collect()
}

#[tokio::test]
async fn everybody_s_file_has_the_lines_of_access_csv() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let service = app.service();
        let before = service.now();
        app.clock().advance(DAY);
        let all = organisation(7);
        bring(app, &cx, &all).await;
        let ids = people(app).await;
        let mut lines = 0;
        for (name, has) in &all.has {
            let rows = file(service, &cx, ids[name].to_string(), "").await;
            let said: BTreeSet<String> = rows
                .iter()
                .map(|row| format!("{},{}", &row[4], &row[7]))
                .collect();
            assert_eq!(&said, has, "{name}");
            assert_eq!(rows.len(), has.len(), "{name}: each once");
            assert!(rows.iter().all(|row| row[1] == **name));
            assert!(rows.iter().all(|row| row[2].starts_with("'=")));
            lines += rows.len();
        }
        assert_eq!(lines, all.access.lines().count() - 1);
        // Narrowed as the page is: by how and by words; and at a moment at which nobody was there.
        let name = "user0";
        let of = ids[name].to_string();
        let (whole, roles) = (
            file(service, &cx, of.clone(), "").await,
            file(service, &cx, of.clone(), "how:role").await,
        );
        let found = file(service, &cx, of.clone(), "how:import").await;
        assert_eq!(roles.len() + found.len(), whole.len());
        let words = file(service, &cx, of.clone(), "app1 right").await;
        assert!(words.iter().all(|row| row[4] == *"app1"));
        let past = format!("as_of:{before}");
        assert!(file(service, &cx, of, &past).await.is_empty());
        let (person, explained) = {
            let what = entitlements_of(app).await.remove(0).0;
            explain(service, &cx, ids[name], what, Some(before))
                .await
                .expect("an answer, not nothing")
        };
        assert!(!explained.recorded && explained.line.is_none());
        assert!(
            explained.sentence.starts_with(&format!(
                "{} was not recorded here then",
                person.identity.content.display_name
            )),
            "{}",
            explained.sentence
        );
        let (_, access) = effective::access_of(service, &cx, ids[name], Some(before))
            .await
            .expect("an answer");
        assert!(!access.recorded && access.lines.is_empty());
    })
    .await;
}

async fn entitlements_of(app: &TestApp) -> Vec<(domain::id::EntitlementId, String)> {
    let keys = app.db().read().await.entitlement_keys(0, 1_000).await;
    let keys = keys.expect("entitlements").into_iter();
    keys.map(|key| (key.id, key.name_key))
        .filter(|(_, name)| name.starts_with("right"))
        .collect()
}

#[tokio::test]
async fn holders_are_counted_exactly_and_their_files_are_whole() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let service = app.service();
        let operator = Cx::of(Actor::CommandLine);
        let mut all = organisation(11);
        // Something that nearly everybody has, by a role and found.
        for person in 0..PEOPLE {
            if person % 10 != 0 {
                let row = format!("user{person},role{}\n", ROLES - 1);
                if !all.members.contains(&row) {
                    all.members.push_str(&row);
                }
            }
        }
        bring(app, &cx, &all).await;
        let ids = people(app).await;
        // Some leave, some are suspended, some are excluded from a thing or from a role.
        let mut rows = String::new();
        for person in 0..PEOPLE {
            let status = match person % 7 {
                0 => "suspended",
                1 => "ended",
                _ => "active",
            };
            writeln!(rows, "user{person},=Name {person},{status}").expect("text");
        }
        let file_of_people = format!("username,display_name,status\n{rows}");
        import(service, &cx, "all", Delta, &[(Identities, &file_of_people)]).await;
        app.clock().advance(SECOND);
        for (person, what) in [
            ("user2", "role:role14".to_owned()),
            ("user3", "app0/right0".to_owned()),
            ("user4", "role:role3".to_owned()),
        ] {
            let draft = ExclusionDraft {
                what,
                reason: "Not them".to_owned(),
                ..ExclusionDraft::default()
            };
            exclude(service, &cx, ids[person], &draft)
                .await
                .expect("excluded");
        }
        app.clock().advance(SECOND);
        let mut long = 0;
        for (id, name) in entitlements_of(app).await {
            let mut count = 0;
            let mut each = |_| count += 1;
            every_holder(service, &operator, id, None, &mut each)
                .await
                .expect("holders");
            let (detail, page) = entitlement_holders(service, &cx, id, None, None)
                .await
                .expect("a page");
            assert_eq!(page.total, Total::Exactly(count), "{name}");
            long += u64::from(page.next.is_some());
            let rows = file(service, &cx, id.to_string(), "").await;
            assert_eq!(rows.len() as u64, count, "{name}");
            assert!(
                rows.iter()
                    .all(|row| row[7] == *detail.entitlement.content.name)
            );
            entitlements::read(service, &cx, id).await.expect("it");
        }
        assert!(
            long > 0,
            "no list has a second page, so nothing was counted"
        );
        let role = roles::by_name(service, &cx, &format!("role{}", ROLES - 1))
            .await
            .expect("a role");
        let mut after = None;
        let mut count = 0;
        let first = roles::holders(service, &cx, role, None, None)
            .await
            .expect("a page")
            .1;
        loop {
            let page = roles::holders(service, &cx, role, None, after).await;
            let (_, page) = page.expect("a page");
            count += page.rows.len() as u64;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert!(first.next.is_some(), "more than a page hold it");
        assert_eq!(first.total, Total::Exactly(count));
        let rows = file(service, &cx, role.to_string(), "").await;
        assert_eq!(rows.len() as u64, count);
        assert!(
            rows.iter()
                .all(|row| row[11] == *"role14" && row[7].is_empty())
        );
    })
    .await;
}
