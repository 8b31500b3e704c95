//! Fulfilment tasks: made with what gives access, done with a note, dropped or turned round when it ends.

use domain::task::{TaskKind, TaskState};
use domain::time::DAY;
use service::requests;
use service::tasks::{self, TaskRow};
use testkit::both_apps;

use crate::kit::Kit;

async fn all(kit: &Kit<'_>) -> Vec<TaskRow> {
    tasks::list(kit.app.service(), &kit.admin, None, None, 50)
        .await
        .expect("the tasks")
        .rows
}

#[tokio::test]
async fn the_owner_sets_it_up_says_so_and_takes_it_away_after_the_end() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        kit.approve(&kit.bo, id).await;
        let made = all(&kit).await;
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].task.content.kind, TaskKind::Give);
        let task = made[0].task.id;
        assert_eq!(kit.waits_for(&kit.olga).await, 1);
        let empty = tasks::do_one(app.service(), &kit.olga, task, " ").await;
        assert!(
            matches!(empty, Err(service::Error::Invalid(_))),
            "{empty:?}"
        );
        let other = tasks::do_one(app.service(), &kit.bo, task, "Done").await;
        assert!(
            matches!(other, Err(service::Error::Denied { .. })),
            "{other:?}"
        );
        tasks::do_one(app.service(), &kit.olga, task, "Added to the group")
            .await
            .expect("done");
        assert_eq!(kit.waits_for(&kit.olga).await, 0);
        app.clock().advance(32 * DAY);
        kit.round().await;
        let now = all(&kit).await;
        assert_eq!(now.len(), 2);
        assert_eq!(now[0].task.content.kind, TaskKind::Take);
        assert_eq!(now[0].task.content.state, TaskState::Open);
        assert_eq!(kit.waits_for(&kit.olga).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_task_nobody_did_is_dropped_when_the_access_is_given_back() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        kit.approve(&kit.bo, id).await;
        let given = kit.items(request).await[0].item.content.assignment;
        requests::give_back(app.service(), &kit.ana, given.expect("given"), "Not needed")
            .await
            .expect("given back");
        let now = all(&kit).await;
        assert_eq!(now.len(), 1);
        assert_eq!(now[0].task.content.state, TaskState::Dropped);
        assert_eq!(kit.waits_for(&kit.olga).await, 0);
    })
    .await;
}
