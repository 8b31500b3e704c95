//! A server that is killed while a campaign is closed loses nothing and does nothing twice.

use std::sync::Arc;

use domain::review::RemedyState;
use domain::time::{DAY, HOUR};
use service::jobs::{self, Stop, handlers};
use testkit::both_apps;

use crate::kit::Kit;

/// The rows that a close writes: records, exclusions and tasks.
async fn written(kit: &Kit<'_>, id: domain::id::CampaignId) -> (Vec<(String, i64)>, usize, usize) {
    let mut tx = kit.app.db().read().await;
    let trees = tx.trees(id).await.expect("trees");
    let trees = trees.into_iter().map(|tree| (tree.1, tree.2)).collect();
    let people = [kit.ana, kit.ben, kit.cy];
    let later = kit.app.service().now().plus(DAY);
    let exclusions = tx
        .exclusions_as_of(&people, later)
        .await
        .expect("exclusions");
    let tasks = tx.task_page(None, None, 99).await.expect("tasks");
    (trees, exclusions.len(), tasks.len())
}

/// Carries a job out up to its end, and is killed before that is written down.
async fn killed(kit: &Kit<'_>) {
    let work = kit.claimed().await.expect("a job");
    let ended = handlers()
        .run(Arc::clone(kit.app.service()), Arc::clone(&work))
        .await;
    assert!(ended.is_ok(), "{ended:?}");
    kit.app.clock().advance(HOUR);
}

#[tokio::test]
async fn nothing_is_lost_and_nothing_done_twice() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        kit.close(id).await;
        killed(&kit).await;
        let first = written(&kit, id).await;
        let queued = kit.remedies(id).await;
        assert_eq!(queued.len(), 4);
        assert!(kit.work().await);
        assert_eq!(written(&kit, id).await, first);
        assert_eq!(kit.remedies(id).await, queued);
        app.clock().advance(DAY);
        // The program is told to end: the job stops before it did anything.
        let work = kit.claimed().await.expect("a job");
        work.stop(Stop::Shutdown);
        let ended = handlers()
            .run(Arc::clone(app.service()), Arc::clone(&work))
            .await;
        jobs::settle(app.service(), &work, ended)
            .await
            .expect("it is written down");
        assert_eq!(kit.remedies(id).await, queued);
        killed(&kit).await;
        let (ended, then) = (written(&kit, id).await, kit.remedies(id).await);
        assert!(
            then.iter().all(|one| one.state == RemedyState::Sent),
            "{then:?}"
        );
        assert_eq!(ended.1, 1, "Ben is excluded from what a role gives");
        assert!(kit.work().await);
        assert_eq!(
            (written(&kit, id).await, kit.remedies(id).await),
            (ended, then)
        );
        assert!(!kit.work().await);
        for (who, what) in [
            (kit.ana, kit.post),
            (kit.ana, kit.pay),
            (kit.ben, kit.post),
            (kit.cy, kit.pay),
        ] {
            assert!(!kit.has(who, what).await);
        }
    })
    .await;
}

#[tokio::test]
async fn a_job_that_failed_for_good_is_asked_for_anew() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        kit.close(id).await;
        for _ in 0..2 {
            // Before it queued anything, and again when it is time.
            let work = kit.claimed().await.expect("a job");
            let failed = Err(service::Error::Internal("for a test".to_owned()));
            jobs::settle(app.service(), &work, failed)
                .await
                .expect("it is written down");
            service::housekeeping::round(app.service()).await;
            kit.work_off().await;
            app.clock().advance(DAY);
        }
        kit.work_off().await;
        service::housekeeping::round(app.service()).await;
        kit.work_off().await;
        let all = kit.remedies(id).await;
        assert_eq!(all.len(), 4);
        assert!(
            all.iter().all(|one| one.state == RemedyState::Sent),
            "{all:?}"
        );
    })
    .await;
}
