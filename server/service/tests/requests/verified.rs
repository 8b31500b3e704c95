//! A task is verified by the next reading of its source, and only by one that came after it was done.

use domain::id::FulfilmentTaskId;
use domain::source::{FileKind, ImportMode};
use domain::task::TaskState;
use domain::time::{DAY, SECOND};
use service::imports::{self, Outcome, Progress, Upload, Worker};
use service::{sources, tasks};
use testkit::both_apps;

use crate::kit::Kit;

/// Reads who has access, as the application says it.
async fn read(kit: &Kit<'_>, access: &str) {
    let (service, cx) = (kit.app.service(), &kit.admin);
    let source = sources::or_create(service, cx, "sap")
        .await
        .expect("a source");
    let run = imports::begin(service, cx, source, ImportMode::Delta)
        .await
        .expect("a run");
    let kind = FileKind::Access;
    let mut upload = Upload::begin(service, cx, run, kind, &kind.file_name())
        .await
        .expect("an upload");
    upload
        .push(service, access.as_bytes())
        .await
        .expect("a piece");
    upload.finish(service).await.expect("a file");
    imports::check(service, cx, run, &Progress::silent())
        .await
        .expect("a check");
    let worker = Worker::named("a test");
    let applied = imports::apply(service, cx, run, None, worker, &Progress::silent()).await;
    let Outcome::Done(run) = applied.expect("an apply") else {
        panic!("the import was stopped");
    };
    assert_eq!(run.message, "");
    kit.app.clock().advance(SECOND);
}

async fn state(kit: &Kit<'_>, id: FulfilmentTaskId) -> TaskState {
    let found = tasks::read(kit.app.service(), &kit.admin, id).await;
    found.expect("the task").object.task.content.state
}

const HEAD: &str = "username,application,entitlement\n";

#[tokio::test]
async fn what_is_done_is_verified_by_the_next_reading_and_opened_again_when_it_does_not_show_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        kit.flow(kit.pay, |_| {}).await;
        // Somebody has something there, so this source speaks for the application.
        read(&kit, &format!("{HEAD}cy.tran,sap,pay\n")).await;
        let request = kit.ask(&kit.ana, &["sap/post", "sap/pay"]).await;
        for item in kit.items(request).await {
            kit.approve(&kit.bo, item.item.id).await;
        }
        let items = kit.items(request).await;
        let (post, pay) = (items[0].tasks[0].task.id, items[1].tasks[0].task.id);
        for task in [post, pay] {
            tasks::do_one(app.service(), &kit.olga, task, "Added")
                .await
                .expect("done");
        }
        app.clock().advance(DAY);
        read(&kit, &format!("{HEAD}ana.silva,sap,post\n")).await;
        assert_eq!(state(&kit, post).await, TaskState::Verified);
        assert_eq!(state(&kit, pay).await, TaskState::Open);
        assert_eq!(kit.waits_for(&kit.olga).await, 1);
        // Done and not said: the reading shows it all the same.
        read(&kit, &format!("{HEAD}ana.silva,sap,pay\n")).await;
        assert_eq!(state(&kit, pay).await, TaskState::Verified);
    })
    .await;
}

#[tokio::test]
async fn people_are_told_once_that_what_they_asked_for_ends() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        kit.round().await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        kit.approve(&kit.bo, id).await;
        let told = async || {
            let mine = service::notifications::list(
                app.service(),
                &kit.ana,
                service::notifications::Which::default(),
                &domain::page::Position::Start,
            )
            .await
            .expect("what she was told");
            let rows = mine.page.rows.iter();
            rows.filter(|one| one.kind == service::notifications::NoticeKind::AccessEnding)
                .count()
        };
        for day in 0..30 {
            kit.round().await;
            assert_eq!(told().await, usize::from(day > 23), "day {day}");
            app.clock().advance(DAY);
        }
    })
    .await;
}

#[tokio::test]
async fn what_people_decide_here_is_learnt_from_and_what_a_condition_approves_is_not() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        kit.flow(kit.pay, |flow| flow.automatic = "true".to_owned())
            .await;
        let request = kit.ask(&kit.ana, &["sap/post", "sap/pay"]).await;
        let items = kit.items(request).await;
        assert!(kit.has(&kit.ana, kit.pay).await);
        let lessons = async || {
            let mut tx = app.service().store().read().await.expect("a read");
            let all = tx.decisions_to_learn(None, 1).await.expect("lessons");
            (all, tx.some_decisions(10).await.expect("counts"))
        };
        assert_eq!(lessons().await.1, (0, 0));
        kit.decide(&kit.bo, items[0].item.id, domain::approval::Vote::Reject)
            .await
            .expect("a decision");
        let (all, counts) = lessons().await;
        assert_eq!(counts, (0, 1));
        assert_eq!((all.len(), all[0].entitlement), (1, kit.post));
    })
    .await;
}
