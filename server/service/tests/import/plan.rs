//! What a check says who would gain and lose is what the import then does; and when something changed meanwhile, it is said
//! again instead of done.

use std::collections::{BTreeMap, BTreeSet};

use domain::assignment::AssignmentStep;
use domain::id::{IdentityId, SourceRunId};
use domain::permission::Actor;
use domain::permission::ConsoleRight::Administer;
use domain::rule::RuleState;
use domain::source::FileKind::{
    Access, Applications, Entitlements, Identities, RoleMembers, Roles,
};
use domain::source::ImportMode::{Delta, Snapshot};
use domain::source::RunState;
use domain::time::{DAY, SECOND};
use service::assignments::{ExclusionDraft, GiveDraft, exclude, give, read, step};
use service::effective::access_of;
use service::imports::{self, Foretold, Progress, Worker};
use service::rules::{self, Asked, RuleDraft};
use service::{Cx, Service};
use testkit::{TestApp, both_apps};

use crate::killed::killed_after;
use crate::kit::{Files, done, import, stage};

/// Who has what, by number of the person.
pub(crate) type Everything = BTreeMap<i64, BTreeSet<String>>;

/// Somebody gains or loses something.
pub(crate) type Effect = (String, String, bool);

/// What everybody has now, also those who have left; and what they are called.
pub(crate) async fn everything(app: &TestApp) -> (Everything, BTreeMap<i64, String>) {
    let operator = Cx::of(Actor::CommandLine);
    let people = app.db().read().await.identity_keys(0, 1_000).await;
    let (mut all, mut names) = (Everything::new(), BTreeMap::new());
    for person in people.expect("people") {
        let (_, access) = access_of(app.service(), &operator, person.id, None)
            .await
            .expect("the access");
        let lines = access.lines.iter();
        let lines = lines.map(|line| {
            let what = &line.entitlement;
            format!("{}/{}", what.application_name, what.name)
        });
        all.insert(person.id.raw(), lines.collect());
        names.insert(person.id.raw(), person.username_key);
    }
    (all, names)
}

/// What became different, by username: that of before, where there was one.
pub(crate) fn different(
    (before, names): &(Everything, BTreeMap<i64, String>),
    (after, called): &(Everything, BTreeMap<i64, String>),
) -> BTreeSet<Effect> {
    let mut all = BTreeSet::new();
    let nothing = BTreeSet::new();
    for (id, has) in after {
        let had = before.get(id).unwrap_or(&nothing);
        let name = &names.get(id).unwrap_or(&called[id]);
        let gains = has.difference(had).map(|what| (what, true));
        let losses = had.difference(has).map(|what| (what, false));
        for (what, gains) in gains.chain(losses) {
            all.insert(((*name).clone(), what.clone(), gains));
        }
    }
    all
}

/// What a plan says, by username.
pub(crate) fn said(told: &Foretold, names: &BTreeMap<i64, String>) -> BTreeSet<Effect> {
    let lines = told.plan.lines.iter();
    let said: BTreeSet<Effect> = lines
        .map(|line| {
            let known = names.get(&line.person.raw());
            let name = known.or_else(|| told.usernames.get(&line.person));
            let given = &line.entitlement;
            let what = format!("{}/{}", given.application_name, given.name);
            (name.expect("a name").to_lowercase(), what, line.gains)
        })
        .collect();
    let sums = &told.sums;
    assert_eq!(
        sums.iter().map(|sum| sum.gains + sum.losses).sum::<u64>(),
        said.len() as u64,
        "the sums are of something else"
    );
    assert_eq!(told.plan.gains + told.plan.losses, said.len() as u64);
    said
}

pub(crate) async fn plan(service: &Service, cx: &Cx, run: SourceRunId) -> Foretold {
    let outcome = imports::check(service, cx, run, &Progress::silent()).await;
    let checked = done(outcome.expect("a check"));
    assert_eq!(checked.state, RunState::Checked, "{}", checked.message);
    told(service, cx, run).await
}

async fn told(service: &Service, cx: &Cx, run: SourceRunId) -> Foretold {
    let view = imports::run(service, cx, run).await.expect("a run");
    view.plan.expect("a plan")
}

pub(crate) async fn apply(service: &Service, cx: &Cx, run: SourceRunId) -> RunState {
    let (worker, silent) = (Worker::named("a test"), Progress::silent());
    let applied = imports::apply(service, cx, run, Some("A test"), worker, &silent).await;
    done(applied.expect("an apply")).state
}

/// Checks files, applies them, and compares what happened with what was said.
async fn comes_true(app: &TestApp, cx: &Cx, files: Files<'_>) -> Foretold {
    app.clock().advance(SECOND);
    let service = app.service();
    let run = stage(service, cx, "hr", Snapshot, files)
        .await
        .expect("staged");
    let told = plan(service, cx, run).await;
    let before = everything(app).await;
    assert_eq!(apply(service, cx, run).await, RunState::Applied);
    app.clock().advance(SECOND);
    let after = everything(app).await;
    assert_eq!(said(&told, &before.1), different(&before, &after));
    told
}

async fn rule(app: &TestApp, cx: &Cx, condition: &str, what: &str) {
    let service = app.service();
    let draft = RuleDraft {
        name: condition.to_owned(),
        condition: condition.to_owned(),
        what: what.to_owned(),
        ..RuleDraft::default()
    };
    let id = rules::create(service, cx, &draft).await.expect("a rule");
    for next in [RuleState::Observing, RuleState::Active] {
        app.clock().advance(SECOND);
        let plan = rules::plan_step(service, cx, id, next).await;
        let detail = rules::read(service, cx, id).await.expect("the rule");
        let asked = Asked {
            reason: "Agreed".to_owned(),
            hash: plan.expect("a plan").hash,
            ..Asked::default()
        };
        rules::step(service, cx, id, detail.rule.recorded_from, next, &asked)
            .await
            .expect("the step");
    }
    app.clock().advance(SECOND);
}

async fn id_of(app: &TestApp, username: &str) -> IdentityId {
    let found = app.db().read().await.identity_by_username(username).await;
    found.expect("reads").expect("a person").id
}

const THINGS: (
    (domain::source::FileKind, &str),
    (domain::source::FileKind, &str),
) = (
    (Applications, "application\ncrm\n"),
    (
        Entitlements,
        "application,entitlement,risk\ncrm,read,low\ncrm,write,high\ncrm,admin,critical\n",
    ),
);

#[tokio::test]
async fn a_check_says_who_gains_and_loses_what() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let (applications, entitlements) = THINGS;
        let roles = "role,includes_role,application,entitlement\n\
                     clerk,,crm,read\nlead,clerk,,\nlead,,crm,write\n";
        let people = "username,display_name,department\nana,Ana Silva,Sales\nben,Ben Ode,Sales\ncy,Cy Tran,Desk\n";
        let first = comes_true(
            app,
            &cx,
            &[
                (Identities, people),
                applications,
                entitlements,
                (Roles, roles),
                (RoleMembers, "username,role\nana,lead\nben,clerk\n"),
                (
                    Access,
                    "username,application,entitlement\ncy,crm,admin\nana,crm,read\n",
                ),
            ],
        )
        .await;
        let plan = &first.plan;
        assert_eq!((plan.gains, plan.losses, plan.people), (4, 0, 3));
        assert_eq!((first.newcomers, first.entitlements), (3, 3));
        assert_eq!(first.usernames.len(), 3);
        assert!(plan.lines.iter().any(|line| line.name == "Ana Silva"));
        let risks: Vec<_> = first
            .sums
            .iter()
            .map(|sum| (sum.risk, sum.gains))
            .collect();
        assert_eq!(risks.len(), 3, "{risks:?}");
        rule(app, &cx, "principal.department == \"Sales\"", "crm/admin").await;
        // Ben moves, Cy leaves, Dee comes, the role loses something, and Ana is excluded from what a rule gives her.
        let ana = id_of(app, "ana").await;
        let draft = ExclusionDraft {
            what: "crm/admin".to_owned(),
            reason: "Not her".to_owned(),
            ..ExclusionDraft::default()
        };
        exclude(app.service(), &cx, ana, &draft)
            .await
            .expect("excluded");
        let roles = "role,includes_role,application,entitlement\nclerk,,crm,write\nlead,clerk,,\n";
        let people = "username,display_name,department\nana,Ana Silva,Sales\nben,Ben Ode,Desk\ndee,Dee Fox,Sales\n";
        let second = comes_true(
            app,
            &cx,
            &[
                (Identities, people),
                applications,
                entitlements,
                (Roles, roles),
                (RoleMembers, "username,role\nana,lead\nben,clerk\ndee,lead\n"),
                (Access, "username,application,entitlement\nana,crm,read\n"),
            ],
        )
        .await;
        assert_eq!(second.newcomers, 1);
        assert!(second.plan.losing >= 3, "{:?}", second.plan);
        let third = comes_true(app, &cx, &[(Identities, people)]).await;
        assert!(third.plan.is_empty() && third.entitlements == 0);
    })
    .await;
}

#[tokio::test]
async fn what_changed_meanwhile_is_shown_and_not_applied() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let (applications, entitlements) = THINGS;
        let files: &[_] = &[
            (Identities, "username\nana\nben\n"),
            applications,
            entitlements,
            (Roles, "role,application,entitlement\nclerk,crm,read\n"),
        ];
        import(service, &cx, "hr", Snapshot, files).await;
        app.clock().advance(SECOND);
        let members: &[_] = &[(RoleMembers, "username,role\nana,clerk\nben,clerk\n")];
        let run = stage(service, &cx, "hr", Delta, members)
            .await
            .expect("staged");
        let first = plan(service, &cx, run).await;
        assert_eq!((first.plan.gains, first.anew), (2, false));
        // Something that changes nobody's access is no reason to ask again.
        app.someone("Mia Berg", &[]).await;
        app.clock().advance(SECOND);
        // Ana has it already now.
        let ana = id_of(app, "ana").await;
        let draft = GiveDraft {
            what: "crm/read".to_owned(),
            reason: "Needed".to_owned(),
            ..GiveDraft::default()
        };
        let given = give(service, &cx, ana, &draft).await.expect("given");
        assert_eq!(apply(service, &cx, run).await, RunState::Checked);
        let second = told(service, &cx, run).await;
        assert_eq!((second.plan.gains, second.anew), (1, true));
        assert_ne!(first.plan.hash, second.plan.hash);
        assert!(
            access_of(service, &cx, id_of(app, "ben").await, None)
                .await
                .is_ok_and(|(_, access)| access.lines.is_empty()),
            "nothing was applied"
        );
        // Changed back: the plan of before is not the one that was looked at last.
        app.clock().advance(SECOND);
        let version = read(service, &cx, given).await.expect("it");
        let version = version.assignment.recorded_from;
        step(service, &cx, given, version, AssignmentStep::End, "Over")
            .await
            .expect("ended");
        assert_eq!(apply(service, &cx, run).await, RunState::Checked);
        // Asked once more, it is applied; and a check that somebody asks for is not one that nobody asked for.
        let third = plan(service, &cx, run).await;
        assert_eq!((third.plan.gains, third.anew), (2, false));
        app.someone("Zoe Ray", &[]).await;
        assert_eq!(apply(service, &cx, run).await, RunState::Applied);
    })
    .await;
}

#[tokio::test]
async fn time_alone_makes_a_plan_old() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let (applications, entitlements) = THINGS;
        let now = service.now();
        let until = now.plus(DAY).to_string();
        let members = format!("username,role,valid_until\nana,clerk,{until}\n");
        let files: &[_] = &[
            (Identities, "username\nana\n"),
            applications,
            entitlements,
            (Roles, "role,application,entitlement\nclerk,crm,read\n"),
            (RoleMembers, &members),
        ];
        let run = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        assert_eq!(plan(service, &cx, run).await.plan.gains, 1);
        app.clock().advance(2 * DAY);
        assert_eq!(apply(service, &cx, run).await, RunState::Checked);
        let told = told(service, &cx, run).await;
        assert!(told.anew && told.plan.is_empty());
        assert_eq!(apply(service, &cx, run).await, RunState::Applied);
    })
    .await;
}

#[tokio::test]
async fn an_import_that_was_killed_goes_on_without_asking_again() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let (applications, entitlements) = THINGS;
        let rows: String = lines(0..4_500, "");
        let people = format!("username\n{rows}");
        let rows: String = lines(0..4_500, ",clerk");
        let members = format!("username,role\n{rows}");
        let files: &[_] = &[
            (Identities, &*people),
            applications,
            entitlements,
            (Roles, "role,application,entitlement\nclerk,crm,read\n"),
            (RoleMembers, &members),
        ];
        let run = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        let told = plan(service, &cx, run).await;
        assert_eq!((told.plan.gains, told.newcomers), (4_500, 4_500));
        assert_eq!(told.plan.lines.len(), 200);
        let silent = Progress::silent();
        let mut polls = 10;
        loop {
            let worker = Worker::named("a test");
            let applied = imports::apply(service, &cx, run, None, worker, &silent);
            assert!(killed_after(polls, applied).await.is_none(), "too late");
            let state = imports::run(service, &cx, run).await.expect("a run");
            if state.run.records > 0 {
                assert_eq!(state.run.state, RunState::Applying);
                break;
            }
            polls += 5;
        }
        // What was written, and what others do, makes another plan of it: it goes on all the same.
        app.someone("Mia Berg", &[Administer]).await;
        assert_eq!(apply(service, &cx, run).await, RunState::Applied);
    })
    .await;
}

#[tokio::test]
async fn the_last_administrators_do_not_leave_together() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        app.someone("Mia Berg", &[Administer]).await;
        let all = "username\nkim.lee\nmia.berg\nana\n";
        import(service, &cx, "hr", Delta, &[(Identities, all)]).await;
        app.clock().advance(SECOND);
        let run = stage(
            service,
            &cx,
            "hr",
            Snapshot,
            &[(Identities, "username\nana\n")],
        )
        .await
        .expect("staged");
        let told = plan(service, &cx, run).await;
        let before = everything(app).await;
        assert_eq!(apply(service, &cx, run).await, RunState::Applied);
        app.clock().advance(SECOND);
        let after = everything(app).await;
        assert_eq!(said(&told, &before.1), different(&before, &after));
        assert_eq!(told.plan.losing, 1, "one of the two stays");
    })
    .await;
}

/// A line for each number: `user7,clerk`.
fn lines(numbers: std::ops::Range<i32>, rest: &str) -> String {
    numbers.fold(String::new(), |all, n| all + &format!("user{n}{rest}\n"))
}
