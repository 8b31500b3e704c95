//! The same act on many people: as a set that is agreed on, one by one, and as a job.

use std::sync::Arc;

use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use domain::page::ListQuery;
use domain::permission::ConsoleRight;
use domain::search::Search;
use domain::time::SECOND;
use service::Did;
use service::jobs::{self, JobState, Stop, handlers};
use service::people::{self, Act, Move};
use service::{Cx, Error};
use testkit::{TestApp, both_apps};

fn suspend() -> Move {
    Move {
        act: Act::Suspend,
        reason: "Left on holiday".to_owned(),
        last_day: None,
    }
}

async fn crowd(app: &TestApp, count: usize) -> Vec<IdentityId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let someone = app.someone(&format!("Crowd Person {n}"), &[]).await;
        ids.push(someone.me().expect("a person"));
    }
    ids
}

async fn status(app: &TestApp, cx: &Cx, id: IdentityId) -> IdentityStatus {
    let person = people::read(app.service(), cx, id).await;
    person.expect("the person").identity.content.status
}

#[tokio::test]
async fn all_that_match_are_a_set_with_a_mark_and_another_set_has_another_mark() {
    both_apps(async |app| {
        let admin = app.welcome().await;
        let service = app.service();
        let mut ids = crowd(app, 3).await;
        ids.sort_unstable();
        let search = Search::parse("crowd");
        let before = people::matching(service, &admin, &search).await.unwrap();
        assert_eq!(before.ids, ids);
        let same = people::matching(service, &admin, &Search::parse("CROWD person"))
            .await
            .unwrap();
        assert_eq!(same.mark, before.mark);
        people::suspend(service, &admin, ids[0], "For a test")
            .await
            .unwrap();
        let active = Search::parse("crowd status:active");
        let fewer = people::matching(service, &admin, &active).await.unwrap();
        assert_eq!(fewer.ids, ids[1..]);
        people::suspend(service, &admin, ids[1], "For a test")
            .await
            .unwrap();
        people::resume(service, &admin, ids[0], "For a test")
            .await
            .unwrap();
        let others = people::matching(service, &admin, &active).await.unwrap();
        assert_eq!(others.ids.len(), fewer.ids.len());
        assert_ne!(others.mark, fewer.mark, "as many, but others");
        let employee = app.someone("Eve Employee", &[]).await;
        let hers = people::matching(service, &employee, &search).await.unwrap();
        assert_eq!(hers.ids, [], "only whom she sees");
    })
    .await;
}

#[tokio::test]
async fn who_is_there_already_is_unchanged_and_who_may_not_be_moved_is_refused() {
    both_apps(async |app| {
        let admin = app.welcome().await;
        let service = app.service();
        let id = crowd(app, 1).await[0];
        let how = suspend();
        assert_eq!(
            people::move_one(service, &admin, id, &how).await.unwrap(),
            Did::Done
        );
        assert_eq!(
            people::move_one(service, &admin, id, &how).await.unwrap(),
            Did::Unchanged
        );
        let oneself = admin.me().expect("a person");
        let own = people::move_one(service, &admin, oneself, &how).await;
        assert!(matches!(own, Err(Error::Denied { .. })), "{own:?}");
        let once = Cx {
            once: Some("key".to_owned()),
            ..admin.clone()
        };
        let resume = Move {
            act: Act::Resume,
            ..suspend()
        };
        for _ in 0..2 {
            let moved = people::move_one(service, &once, id, &resume).await;
            assert_eq!(moved.unwrap(), Did::Done, "twice under one key is once");
        }
    })
    .await;
}

#[tokio::test]
async fn a_job_moves_many_says_who_was_left_out_and_goes_on_after_a_stop() {
    both_apps(async |app| {
        let admin = app.welcome().await;
        let service = app.service();
        let mut ids = crowd(app, 4).await;
        ids.push(admin.me().expect("a person"));
        people::suspend(service, &admin, ids[0], "Before")
            .await
            .unwrap();
        let job = people::move_many(service, &admin, &suspend(), &ids, "key")
            .await
            .unwrap();

        let work = jobs::claim(service, &handlers())
            .await
            .unwrap()
            .expect("a job");
        work.stop(Stop::Shutdown);
        let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.unwrap();
        app.clock().advance(SECOND);

        let work = jobs::claim(service, &handlers())
            .await
            .unwrap()
            .expect("the job again");
        let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.unwrap();
        let view = jobs::read(service, &admin, job).await.unwrap();
        assert_eq!(view.job.state, JobState::Done);
        assert_eq!(
            view.job.result,
            Some(serde_json::json!({ "done": 3, "unchanged": 1, "not_done": 1 }))
        );
        let (problems, _) = jobs::problems(service, &admin, job, 0).await.unwrap();
        let said: Vec<_> = problems
            .iter()
            .map(|(_, problem)| problem.subject.clone())
            .collect();
        assert_eq!(said, [ids[4].to_string()]);
        for id in &ids[..4] {
            assert_eq!(status(app, &admin, *id).await, IdentityStatus::Suspended);
        }
    })
    .await;
}

#[tokio::test]
async fn a_job_acts_with_the_rights_of_who_asked() {
    both_apps(async |app| {
        app.welcome().await;
        let service = app.service();
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let id = crowd(app, 1).await[0];
        let asked = people::move_many(service, &auditor, &suspend(), &[id], "key").await;
        assert!(matches!(asked, Err(Error::Denied { .. })), "{asked:?}");
        let query = ListQuery::default();
        let list = jobs::list(service, &auditor, &query).await.unwrap();
        assert_eq!(list.page.rows.len(), 0);
    })
    .await;
}
