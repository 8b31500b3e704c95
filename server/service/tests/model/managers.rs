//! Rules that ask for somebody's manager, when the manager is called otherwise: by hand and by a file, few reports and many.

use std::sync::Arc;

use domain::id::IdentityId;
use domain::identity::IdentityDraft;
use domain::rule::RuleState;
use domain::source::FileKind::{self, Identities};
use domain::source::ImportMode::Snapshot;
use domain::source::RunState;
use service::imports::{self, Outcome, Progress, Upload, Worker};
use service::jobs::{claim, handlers, settle};
use service::people::{by_username, create as create_person, edit, read as read_person};
use service::plan::Applied;
use service::rules::{Asked, RuleDraft, create, plan_step, read, step};
use service::sources;
use testkit::both_apps;

use crate::kit::{Kit, set};

/// A rule that gives `sap/read` to the reports of `max`, active.
async fn reports_of_max_read(kit: &Kit<'_>) {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let draft = RuleDraft {
        name: "Reports of Max".to_owned(),
        condition: "principal.manager == \"max\"".to_owned(),
        what: "sap/read".to_owned(),
        ..RuleDraft::default()
    };
    let id = create(service, cx, &draft).await.expect("a rule");
    for next in [RuleState::Observing, RuleState::Active] {
        kit.later();
        let plan = plan_step(service, cx, id, next).await.expect("a plan");
        let version = read(service, cx, id).await.expect("it").rule.recorded_from;
        let asked = Asked {
            reason: "As agreed".to_owned(),
            hash: plan.hash,
            ..Asked::default()
        };
        let done = step(service, cx, id, version, next, &asked).await;
        assert_eq!(done.expect("the step"), Applied::Done);
    }
    kit.later();
}

async fn person(kit: &Kit<'_>, username: &str, manager: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: username.to_owned(),
        display_name: username.to_uppercase(),
        manager: manager.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = create_person(kit.app.service(), &kit.cx, &draft).await;
    id.expect("a person")
}

async fn rename(kit: &Kit<'_>, id: IdentityId, username: &str) {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let known = read_person(service, cx, id).await.expect("the person");
    let draft = IdentityDraft {
        username: username.to_owned(),
        display_name: known.identity.content.display_name,
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    edit(service, cx, id, known.identity.recorded_from, &draft)
        .await
        .expect("renamed");
    kit.later();
}

#[tokio::test]
async fn reports_follow_when_their_manager_is_renamed() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let max = person(&kit, "max", "").await;
        let (ana, ben) = (
            person(&kit, "ana", "max").await,
            person(&kit, "ben", "").await,
        );
        reports_of_max_read(&kit).await;
        let reads = set(&[("read", "rule")]);
        assert_eq!(kit.has(ana, None).await, reads);
        rename(&kit, max, "max.moser").await;
        assert!(
            kit.has(ana, None).await.is_empty(),
            "her manager is called otherwise"
        );
        rename(&kit, max, "max").await;
        assert_eq!(kit.has(ana, None).await, reads);
        assert!(kit.has(ben, None).await.is_empty(), "nobody's report");
    })
    .await;
}

#[tokio::test]
async fn reports_follow_when_a_file_renames_their_manager() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let called = async |max: &str| {
            let rows = format!("external_id,username,manager\n1,{max},\n2,ana,{max}\n3,ben,\n");
            run(&kit, &rows).await;
        };
        called("max").await;
        reports_of_max_read(&kit).await;
        let ana = by_username(app.service(), &kit.cx, "ana")
            .await
            .expect("an answer");
        let ana = ana.expect("Ana");
        let reads = set(&[("read", "rule")]);
        assert_eq!(kit.has(ana, None).await, reads);
        called("max.moser").await;
        assert!(
            kit.has(ana, None).await.is_empty(),
            "her own row says the same as before"
        );
        called("max").await;
        assert_eq!(kit.has(ana, None).await, reads);
    })
    .await;
}

#[tokio::test]
async fn many_reports_follow_by_a_job() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let reports = (0..1_001).map(|n| format!("{n},p{n},max\n"));
        let rows = file("external_id,username,manager\nm,max,\n", reports);
        run(&kit, &rows).await;
        reports_of_max_read(&kit).await;
        work(&kit).await;
        let (max, last) = (named(&kit, "max").await, named(&kit, "p1000").await);
        let reads = set(&[("read", "rule")]);
        assert_eq!(kit.has(last, None).await, reads);
        rename(&kit, max, "max.moser").await;
        assert_eq!(kit.has(last, None).await, reads, "the job has not begun");
        assert_eq!(work(&kit).await, 1);
        assert!(kit.has(last, None).await.is_empty());
        assert!(kit.holders(kit.entitlements[0], None).await.is_empty());
        // The same by a file.
        run(&kit, &rows).await;
        assert_eq!(work(&kit).await, 1);
        assert_eq!(kit.holders(kit.entitlements[0], None).await.len(), 1_001);
    })
    .await;
}

async fn named(kit: &Kit<'_>, username: &str) -> IdentityId {
    let found = by_username(kit.app.service(), &kit.cx, username).await;
    found.expect("an answer").expect("somebody of this name")
}

/// A file with these lines.
pub(crate) fn file(head: &str, lines: impl Iterator<Item = String>) -> String {
    let lines = std::iter::once(head.to_owned()).chain(lines);
    lines.collect::<Vec<_>>().concat()
}

/// Imports a file of people.
pub(crate) async fn run(kit: &Kit<'_>, rows: &str) {
    import(kit, Identities, rows).await;
}

/// Imports one file of the source `hr`.
pub(crate) async fn import(kit: &Kit<'_>, kind: FileKind, rows: &str) {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let source = sources::or_create(service, cx, "hr").await;
    let source = source.expect("a source");
    let run = imports::begin(service, cx, source, Snapshot).await;
    let run = run.expect("a run");
    let mut upload = Upload::begin(service, cx, run, kind, &kind.file_name())
        .await
        .expect("an upload");
    upload.push(service, rows.as_bytes()).await.expect("a file");
    upload.finish(service).await.expect("staged");
    let silent = Progress::silent();
    let checked = imports::check(service, cx, run, &silent).await;
    assert!(matches!(checked, Ok(Outcome::Done(_))), "{checked:?}");
    let worker = Worker::named("a test");
    let applied = imports::apply(service, cx, run, None, worker, &silent).await;
    let Ok(Outcome::Done(applied)) = applied else {
        panic!("{applied:?}")
    };
    assert_eq!(applied.state, RunState::Applied, "{}", applied.message);
    kit.later();
}

/// Carries out all jobs that wait, and says how many there were.
pub(crate) async fn work(kit: &Kit<'_>) -> usize {
    let service = kit.app.service();
    let mut done = 0;
    while let Some(work) = claim(service, &handlers()).await.expect("the queue") {
        let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
        assert!(ended.is_ok(), "{ended:?}");
        settle(service, &work, ended).await.expect("settled");
        done += 1;
    }
    kit.later();
    done
}
