//! Fulfilment tasks: found by id, assignment, application and state.

use domain::id::{
    AccountId, ApplicationId, AssignmentId, EntitlementId, FulfilmentTaskId, IdentityId,
};
use domain::task::{FulfilmentTask, TaskContent, TaskKind, TaskState};
use domain::time::DAY;
use storage::Error;
use testkit::{START, TestStore, both_engines};

use crate::support::commit;

pub(crate) fn a_task(application: i64, assignment: i64) -> TaskContent {
    TaskContent {
        kind: TaskKind::Give,
        identity: Some(IdentityId::from_raw(1)),
        entitlement: Some(EntitlementId::from_raw(2)),
        account: None,
        application: ApplicationId::from_raw(application),
        assignment: Some(AssignmentId::from_raw(assignment)),
        assignees: vec![IdentityId::from_raw(5), IdentityId::from_raw(6)],
        created: START,
        due: START.plus(DAY),
        state: TaskState::Open,
        note: String::new(),
        done_by: None,
        done_at: None,
        verified_by: None,
    }
}

async fn add(db: &TestStore, content: &TaskContent) -> FulfilmentTaskId {
    let mut tx = db.write().await;
    let (id, target) = tx.insert_task(content).await.expect("a task");
    commit(tx, [target]).await;
    id
}

fn raw(tasks: &[FulfilmentTask]) -> Vec<i64> {
    tasks.iter().map(|task| task.id.raw()).collect()
}

#[tokio::test]
async fn tasks_are_found_by_what_they_are_about() {
    both_engines(async |db| {
        for content in [a_task(3, 7), a_task(4, 7), a_task(3, 8)] {
            add(db, &content).await;
        }
        let mut read = db.read().await;
        let ids = [3, 1, 9].map(FulfilmentTaskId::from_raw);
        let tasks = read.tasks(&ids).await.unwrap();
        assert_eq!(raw(&tasks), [1, 3]);
        assert_eq!(tasks[0].content, a_task(3, 7));
        let of = read.tasks_of(&[AssignmentId::from_raw(7)]).await.unwrap();
        assert_eq!(raw(&of), [1, 2]);
        drop(read);
        let done = TaskContent {
            state: TaskState::Verified,
            done_by: Some(IdentityId::from_raw(5)),
            done_at: Some(START.plus(DAY)),
            note: "Done “ü”".to_owned(),
            ..a_task(3, 7)
        };
        let mut tx = db.write().await;
        let target = tx
            .replace_task(ids[1], tasks[0].recorded_from, &done)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut read = db.read().await;
        assert_eq!(read.tasks(&ids[1..2]).await.unwrap()[0].content, done);
        let application = ApplicationId::from_raw(3);
        assert_eq!(
            raw(&read.tasks_to_verify(application, None, 9).await.unwrap()),
            [3]
        );
        let after = Some(FulfilmentTaskId::from_raw(3));
        assert!(
            read.tasks_to_verify(application, after, 9)
                .await
                .unwrap()
                .is_empty()
        );
        let with = read.applications_with_tasks().await.unwrap();
        assert_eq!(with, [3, 4].map(ApplicationId::from_raw));
        assert_eq!(
            raw(&read.task_page(None, None, 9).await.unwrap()),
            [3, 2, 1]
        );
        assert_eq!(raw(&read.task_page(None, after, 1).await.unwrap()), [2]);
        let open = Some(TaskState::Open);
        assert_eq!(raw(&read.task_page(open, None, 9).await.unwrap()), [3, 2]);
        let verified = Some(TaskState::Verified);
        assert_eq!(raw(&read.task_page(verified, None, 9).await.unwrap()), [1]);
        drop(read);
        let mut tx = db.write().await;
        let stale = tx.replace_task(ids[1], START.plus(-DAY), &done).await;
        assert!(matches!(stale, Err(Error::Stale)));
    })
    .await;
}

#[tokio::test]
async fn the_task_about_an_account_is_found_while_it_waits() {
    both_engines(async |db| {
        let about = |account: i64| TaskContent {
            kind: TaskKind::Disable,
            entitlement: None,
            assignment: None,
            account: Some(AccountId::from_raw(account)),
            ..a_task(3, 0)
        };
        add(db, &a_task(3, 7)).await;
        let other = add(db, &about(8)).await;
        let task = add(db, &about(9)).await;
        let mut read = db.read().await;
        for (account, found) in [(8, Some(other)), (9, Some(task)), (0, None), (7, None)] {
            let waits = read.task_of_account(AccountId::from_raw(account)).await;
            assert_eq!(waits.unwrap().map(|task| task.id), found, "{account}");
        }
        drop(read);
        let account = AccountId::from_raw(9);
        for (state, waits) in [
            (TaskState::Done, true),
            (TaskState::Open, true),
            (TaskState::Dropped, false),
            (TaskState::Open, true),
            (TaskState::Verified, false),
        ] {
            let mut tx = db.write().await;
            let before = tx.tasks(&[task]).await.unwrap().pop().expect("the task");
            let after = TaskContent { state, ..about(9) };
            let target = tx.replace_task(task, before.recorded_from, &after).await;
            commit(tx, [target.unwrap()]).await;
            let mut read = db.read().await;
            let found = read.task_of_account(account).await.unwrap();
            assert_eq!(found.is_some(), waits, "{state:?}");
        }
        let again = add(db, &about(9)).await;
        let mut read = db.read().await;
        let found = read.task_of_account(account).await.unwrap();
        assert_eq!(
            found.map(|task| (task.id, task.content)),
            Some((again, about(9)))
        );
    })
    .await;
}
