//! Roles found in what people have: the job, what it proposes, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::assignment::AssignmentStep;
use domain::audit::AuditAction;
use domain::discovered::DiscoveryState;
use domain::id::{AssignmentId, DiscoveryId, IdentityId, RoleId};
use domain::identity::IdentityDraft;
use domain::page::ListQuery;
use domain::permission::ConsoleRight;
use domain::role::RoleDraft;
use domain::search::Search;
use service::assignments::{ExclusionDraft, exclude, read as assignment, step};
use service::jobs::{self, Ended, JobState, Work, handlers};
use service::roles::{
    DiscoverDraft, Made, Narrowed, ask, create_proposed, create_suggested, discover, discoveries,
    proposal, proposed_role, read,
};
use service::{Error, audit, people};
use testkit::{TestApp, both_apps};

use crate::kit::Kit;

/// Who has what: two kinds of work that share something, and somebody with something of their own.
const HAVE: [(&str, &[&str]); 6] = [
    ("Ana Silva", &["read", "post", "print"]),
    ("Ben Ode", &["read", "post", "print"]),
    ("Cy Tran", &["read", "pay", "print"]),
    ("Dee Wu", &["read", "pay", "print"]),
    ("Eli Roe", &["read", "post", "pay", "print"]),
    ("Fay Orr", &["audit"]),
];

fn everybody() -> DiscoverDraft {
    DiscoverDraft {
        scope: "everybody".to_owned(),
        ..DiscoverDraft::default()
    }
}

/// People with access, and by whom it was given.
struct Company<'a> {
    kit: Kit<'a>,
    people: BTreeMap<&'static str, IdentityId>,
    given: Vec<AssignmentId>,
}

impl<'a> Company<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let kit = Kit::new(app, &["read", "post", "pay", "print", "audit"]).await;
        let (mut people, mut given) = (BTreeMap::new(), Vec::new());
        for (name, entitlements) in HAVE {
            let id = kit.person(name).await;
            for what in entitlements {
                given.push(kit.give(id, &format!("sap/{what}")).await);
            }
            people.insert(name, id);
        }
        Self { kit, people, given }
    }

    /// Technical names of what each of them has.
    async fn access(&self) -> BTreeMap<&'static str, BTreeSet<String>> {
        let mut all = BTreeMap::new();
        for (name, id) in &self.people {
            let has = self.kit.has(*id, None).await.into_iter();
            all.insert(*name, has.map(|(what, _)| what).collect());
        }
        all
    }
}

async fn claim(app: &TestApp) -> Arc<Work> {
    let claimed = jobs::claim(app.service(), &handlers()).await;
    claimed
        .expect("the queue can be read")
        .expect("a job waits")
}

async fn carry_out(app: &TestApp, work: &Arc<Work>) {
    let service = Arc::clone(app.service());
    let ended = handlers().run(service, Arc::clone(work)).await;
    let settled = jobs::settle(app.service(), work, ended).await;
    settled.expect("it is written down");
}

/// Asks for a search and carries its job out.
async fn searched(kit: &Kit<'_>, draft: &DiscoverDraft) -> DiscoveryId {
    let id = ask(kit.app.service(), &kit.cx, draft)
        .await
        .expect("a search");
    let work = claim(kit.app).await;
    carry_out(kit.app, &work).await;
    kit.later();
    id
}

async fn entries(kit: &Kit<'_>, action: AuditAction) -> u64 {
    let query = ListQuery {
        search: Search::parse(&format!("action:{}", action.word())),
        ..ListQuery::default()
    };
    let zone = jiff::tz::TimeZone::UTC;
    let found = audit::list(kit.app.service(), &kit.cx, &query, &zone).await;
    found.expect("the log").page.total
}

#[tokio::test]
async fn the_proposal_is_exact_and_says_what_it_covers() {
    both_apps(async |app| {
        let company = Company::new(app).await;
        let kit = &company.kit;
        let (service, cx) = (app.service(), &kit.cx);
        let id = searched(kit, &everybody()).await;
        let shown = proposal(service, cx, id, Narrowed::All, 0)
            .await
            .expect("it");
        let totals = shown.discovery.totals;
        assert_eq!(shown.discovery.state, DiscoveryState::Found);
        // Reading and printing with posting, the same with paying, and auditing: fewer is impossible.
        assert_eq!((totals.roles, totals.bound, totals.grants), (3, 3, 17));
        // Kim Lee has nothing but the rights of the console.
        assert_eq!((totals.people, totals.idle), (7, 1));
        assert_eq!(totals.left_out, 1);
        assert_eq!(
            (shown.sums.alone, shown.sums.alone_grants, shown.sums.single),
            (1, 1, 1)
        );
        let last = shown.rows.last().expect("the last role");
        assert_eq!((last.number, last.covered, shown.next), (3, 17, None));
        assert!(
            shown
                .rows
                .windows(2)
                .all(|two| two[0].covered < two[1].covered)
        );
        let mut names: Vec<&str> = shown.rows.iter().map(|row| row.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["SAP: The audit", "SAP: The pay", "SAP: The post"]);
        // What the roles give together is what people have.
        let mut gives: BTreeMap<IdentityId, BTreeSet<String>> = BTreeMap::new();
        for row in &shown.rows {
            let role = proposed_role(service, cx, id, row.number, 0).await;
            let role = role.expect("a proposed role");
            assert_eq!(role.members.len() as u64, row.members);
            for member in &role.members {
                let own = gives.entry(member.id).or_default();
                own.extend(role.entitlements.iter().map(|named| named.name.clone()));
            }
        }
        for (name, has) in company.access().await {
            assert_eq!(gives.get(&company.people[name]), Some(&has), "{name}");
        }
        // The command line finds the same.
        let found = discover(service, cx).await.expect("roles");
        assert_eq!((found.roles.len(), found.grants, found.bound), (3, 17, 3));
        assert_eq!(entries(kit, AuditAction::DiscoveryAsked).await, 1);
        assert_eq!(entries(kit, AuditAction::DiscoveryFinished).await, 1);
    })
    .await;
}

#[tokio::test]
async fn drafts_of_all_of_it_give_nothing_and_then_exactly_the_same() {
    both_apps(async |app| {
        let company = Company::new(app).await;
        let kit = &company.kit;
        let (service, cx) = (app.service(), &kit.cx);
        // Something given by a role, of which an exclusion takes a part away.
        kit.role("printer", "sap/print\nsap/read").await;
        let fay = company.people["Fay Orr"];
        let by_role = kit.give(fay, "role:printer").await;
        let draft = ExclusionDraft {
            what: "sap/read".to_owned(),
            reason: "Not hers".to_owned(),
            ..ExclusionDraft::default()
        };
        exclude(service, cx, fay, &draft)
            .await
            .expect("an exclusion");
        kit.later();
        let before = company.access().await;
        assert_eq!(
            before["Fay Orr"],
            BTreeSet::from(["audit".to_owned(), "print".to_owned()])
        );
        let id = searched(kit, &everybody()).await;
        let shown = proposal(service, cx, id, Narrowed::All, 0)
            .await
            .expect("it");
        let mut made: Vec<(RoleId, Vec<IdentityId>)> = Vec::new();
        for row in &shown.rows {
            let created = create_suggested(service, cx, id, row.number).await;
            let Ok(Made::Now(role)) = created else {
                panic!("it was not made: {created:?}")
            };
            kit.later();
            let detail = read(service, cx, role, None).await.expect("the role");
            assert_eq!(detail.parts.len() as u64, row.entitlements);
            let origin = detail.origin.expect("where it comes from");
            assert_eq!(
                (origin.discovery, origin.number, origin.draft),
                (id, row.number, true)
            );
            let proposed = proposed_role(service, cx, id, row.number, 0)
                .await
                .expect("it");
            assert_eq!(proposed.row.made.map(|(id, _)| id), Some(role));
            made.push((
                role,
                proposed.members.iter().map(|member| member.id).collect(),
            ));
        }
        assert_eq!(company.access().await, before, "a draft gives something");
        for (role, members) in &made {
            for member in members {
                kit.give(*member, &role.to_string()).await;
            }
            let detail = read(service, cx, *role, None).await.expect("the role");
            assert!(!detail.origin.expect("where it comes from").draft);
        }
        assert_eq!(company.access().await, before);
        // What was given before can go: the roles give all of it.
        for id in company.given.iter().copied().chain([by_role]) {
            let detail = assignment(service, cx, id).await.expect("the assignment");
            let version = detail.assignment.recorded_from;
            step(
                service,
                cx,
                id,
                version,
                AssignmentStep::End,
                "By roles now",
            )
            .await
            .expect("it ends");
            kit.later();
        }
        assert_eq!(company.access().await, before);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_made_twice() {
    both_apps(async |app| {
        let company = Company::new(app).await;
        let kit = &company.kit;
        let (service, cx) = (app.service(), &kit.cx);
        let id = searched(kit, &everybody()).await;
        let draft = |name: &str| RoleDraft {
            name: name.to_owned(),
            display_name: "Clerks".to_owned(),
            ..RoleDraft::default()
        };
        let nameless = create_proposed(service, cx, id, 1, &draft("")).await;
        let Err(Error::Invalid(errors)) = nameless else {
            panic!("it has no name: {nameless:?}")
        };
        assert!(errors.of("name").is_some());
        let made = create_proposed(service, cx, id, 1, &draft("clerks")).await;
        let Ok(Made::Now(role)) = made else {
            panic!("it was not made: {made:?}")
        };
        kit.later();
        let again = create_proposed(service, cx, id, 1, &draft("other")).await;
        assert_eq!(again.expect("an answer"), Made::Before(role));
        let taken = create_proposed(service, cx, id, 2, &draft("CLERKS")).await;
        assert!(matches!(taken, Err(Error::Invalid(_))), "{taken:?}");
        assert_eq!(entries(kit, AuditAction::RoleCreated).await, 1);
        // A later search finds the same and knows that it is a role.
        let later = searched(kit, &everybody()).await;
        let found = proposed_role(service, cx, later, 1, 0).await.expect("it");
        assert_eq!(found.row.made, None);
        let same: Vec<_> = found.same.iter().map(|found| found.id).collect();
        assert_eq!(same, [role]);
        let refused = create_suggested(service, cx, later, 1).await;
        let Err(Error::Refused(why)) = refused else {
            panic!("there would be two of it: {refused:?}")
        };
        assert!(
            why.starts_with("The role Clerks holds exactly these"),
            "{why}"
        );
        // The other two share something with it, or nothing.
        let other = proposed_role(service, cx, later, 2, 0).await.expect("it");
        let shared: Vec<_> = other
            .overlaps
            .iter()
            .map(|one| (one.shared, one.gives))
            .collect();
        assert_eq!(shared, [(2, 3)]);
        let list = discoveries(service, cx, None).await.expect("both");
        let ids: Vec<_> = list.rows.iter().map(|row| row.id).collect();
        assert_eq!(ids, [later, id]);
        let gone = proposed_role(service, cx, id, 9, 0).await;
        assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    })
    .await;
}

#[tokio::test]
async fn a_scope_leaves_the_rest_out_and_members_give_the_name() {
    both_apps(async |app| {
        let company = Company::new(app).await;
        let kit = &company.kit;
        let (service, cx) = (app.service(), &kit.cx);
        for name in ["Gil Hay", "Hal Ivo"] {
            let draft = IdentityDraft {
                username: name.to_lowercase().replace(' ', "."),
                display_name: name.to_owned(),
                kind: "employee".to_owned(),
                department: "Finance".to_owned(),
                title: "Clerk".to_owned(),
                ..IdentityDraft::default()
            };
            let id = people::create(service, cx, &draft).await.expect("somebody");
            kit.later();
            kit.give(id, "sap/read").await;
            kit.give(id, "sap/audit").await;
        }
        let finance = DiscoverDraft {
            scope: "department".to_owned(),
            department: " Finance ".to_owned(),
            ..DiscoverDraft::default()
        };
        let id = searched(kit, &finance).await;
        let shown = proposal(service, cx, id, Narrowed::All, 0)
            .await
            .expect("it");
        let totals = shown.discovery.totals;
        assert_eq!((totals.people, totals.roles, totals.grants), (2, 1, 4));
        assert_eq!(shown.rows[0].name, "Clerk, Finance");
        let role = proposed_role(service, cx, id, 1, 0)
            .await
            .expect("the role");
        assert_eq!(role.draft.name, "clerk-finance");
        let sap = DiscoverDraft {
            scope: "application".to_owned(),
            application: "sap".to_owned(),
            ..DiscoverDraft::default()
        };
        let id = searched(kit, &sap).await;
        let shown = proposal(service, cx, id, Narrowed::All, 0)
            .await
            .expect("it");
        let totals = shown.discovery.totals;
        assert_eq!((totals.people, totals.idle, totals.grants), (9, 1, 21));
        assert_eq!(totals.left_out, 0);
        for (scope, application, department, field) in [
            ("application", "nowhere", "", "application"),
            ("application", "bailiwick", "", "application"),
            ("department", "", "Nowhere", "department"),
            ("department", "", "", "department"),
            ("", "", "", "scope"),
        ] {
            let draft = DiscoverDraft {
                scope: scope.to_owned(),
                application: application.to_owned(),
                department: department.to_owned(),
            };
            let refused = ask(service, cx, &draft).await;
            let Err(Error::Invalid(errors)) = refused else {
                panic!("it was not refused: {draft:?}")
            };
            assert!(errors.of(field).is_some(), "{draft:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_search_is_called_off_and_goes_on_after_a_crash() {
    both_apps(async |app| {
        let company = Company::new(app).await;
        let kit = &company.kit;
        let (service, cx) = (app.service(), &kit.cx);
        let off = ask(service, cx, &everybody()).await.expect("a search");
        // One at a time.
        let second = ask(service, cx, &everybody()).await;
        assert!(matches!(second, Err(Error::Refused(_))), "{second:?}");
        let work = claim(app).await;
        let shown = proposal(service, cx, off, Narrowed::All, 0)
            .await
            .expect("it");
        assert_eq!(shown.discovery.state, DiscoveryState::Searching);
        let view = shown.job.expect("its job");
        assert!(view.may.cancel);
        jobs::cancel(service, cx, view.job.id).await.expect("asked");
        jobs::beat(service, &work).await.expect("a heartbeat");
        let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
        assert!(matches!(ended, Ok(Ended::Stopped)), "{ended:?}");
        jobs::settle(service, &work, ended).await.expect("settled");
        let view = jobs::read(service, cx, work.job()).await.expect("the job");
        assert_eq!(view.job.state, JobState::Cancelled);
        let shown = proposal(service, cx, off, Narrowed::All, 0)
            .await
            .expect("it");
        assert_eq!(shown.discovery.state, DiscoveryState::Cancelled);
        assert!(shown.rows.is_empty());
        let none = create_suggested(service, cx, off, 1).await;
        assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
        // A worker that is gone: another begins again, and what it left is not in the way.
        let id = ask(service, cx, &everybody()).await.expect("a search");
        let gone = claim(app).await;
        let mut tx = app.db().write().await;
        let left = storage_rows();
        tx.add_proposed_roles(id, &left).await.expect("rows");
        tx.commit_unaudited("a test").await.expect("a commit");
        app.clock().advance(jobs::LEASE + 1);
        let other = claim(app).await;
        carry_out(app, &other).await;
        carry_out(app, &gone).await;
        let shown = proposal(service, cx, id, Narrowed::All, 0)
            .await
            .expect("it");
        assert_eq!(shown.discovery.state, DiscoveryState::Found);
        assert_eq!(shown.rows.len(), 3);
        let view = jobs::read(service, cx, other.job()).await.expect("the job");
        assert_eq!(view.job.state, JobState::Done);
    })
    .await;
}

/// What an attempt wrote that broke off.
fn storage_rows() -> Vec<storage::discoveries::NewProposed> {
    let row = |number| storage::discoveries::NewProposed {
        number,
        name: "Left over".to_owned(),
        entitlements: Vec::new(),
        members: Vec::new(),
        entitlement_count: 1,
        member_count: 1,
        covered: 1,
    };
    (1..=40).map(row).collect()
}

#[tokio::test]
async fn only_who_may_make_roles_looks_for_them() {
    both_apps(async |app| {
        let company = Company::new(app).await;
        let service = app.service();
        let id = searched(&company.kit, &everybody()).await;
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let nobody = app.someone("Noa Body", &[]).await;
        for cx in [&auditor, &nobody] {
            let refused = [
                ask(service, cx, &everybody()).await.err(),
                discoveries(service, cx, None).await.err(),
                proposal(service, cx, id, Narrowed::All, 0).await.err(),
                proposed_role(service, cx, id, 1, 0).await.err(),
                create_suggested(service, cx, id, 1).await.err(),
            ];
            for error in refused {
                assert!(matches!(error, Some(Error::Denied { .. })), "{error:?}");
            }
        }
        let model = app
            .someone("Mo Dell", &[ConsoleRight::ManageAccessModel])
            .await;
        let made = create_suggested(service, &model, id, 1).await;
        assert!(matches!(made, Ok(Made::Now(_))), "{made:?}");
    })
    .await;
}
