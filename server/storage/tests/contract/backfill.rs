//! What migrations fill in of rows that were there before them.

use domain::id::{AccountId, FulfilmentTaskId};
use domain::review::{Facts, ItemKind, RemedyState};
use domain::task::{TaskContent, TaskKind};
use storage::reviews::{Chunk, RemedyRow};
use testkit::{START, both_engines};

use crate::reviews::{a_campaign, campaign, facts, item};
use crate::support::{commit, execute};
use crate::tasks::a_task;

const MOVERS: &str = include_str!("../../../../migrations/sqlite/0021_movers.sql");

/// The statement of a migration that begins like this: it is the same for both engines.
fn statement(of: &'static str, begin: &str) -> &'static str {
    let found = of.find(begin).expect("the statement");
    let rest = &of[found..];
    &rest[..rest.find(';').expect("its end")]
}

#[tokio::test]
async fn tasks_about_accounts_know_them_from_the_items_of_reviews() {
    both_engines(async |db| {
        let account = AccountId::from_raw(42);
        let id = campaign(db, &a_campaign(None)).await;
        let lost = Facts {
            item: ItemKind::Account,
            holder: account.into(),
            ..facts(1, domain::id::IdentityId::from_raw(1), 7)
        };
        let chunk = Chunk {
            items: vec![item(lost)],
            ..Chunk::default()
        };
        let mut tx = db.write().await;
        tx.append_population(id, &chunk).await.expect("an item");
        let mut targets = Vec::new();
        let disable = TaskContent {
            kind: TaskKind::Disable,
            account: Some(account),
            assignment: None,
            ..a_task(3, 7)
        };
        for content in [disable, a_task(3, 7)] {
            targets.push(tx.insert_task(&content).await.expect("a task").1);
        }
        let task = FulfilmentTaskId::from_raw(1);
        let remedy = RemedyRow {
            campaign: id,
            item: 1,
            state: RemedyState::Sent,
            due: START,
            sent: Some(START),
            task: Some(task),
            verified_by: None,
            remains: false,
            problem: String::new(),
        };
        tx.write_remedies(&[remedy]).await.expect("a remedy");
        commit(tx, targets).await;
        execute(db, "UPDATE fulfilment_task SET account_id = 0").await;
        let found = db.read().await.task_of_account(account).await.unwrap();
        assert_eq!(found, None);
        execute(db, statement(MOVERS, "UPDATE fulfilment_task")).await;
        let mut read = db.read().await;
        let found = read.task_of_account(account).await.unwrap();
        assert_eq!(found.map(|one| one.id), Some(task));
        let nothing = read.task_of_account(AccountId::from_raw(7)).await.unwrap();
        assert_eq!(nothing, None);
    })
    .await;
}

#[test]
fn both_engines_fill_in_the_same() {
    let other = include_str!("../../../../migrations/postgres/0021_movers.sql");
    let begin = "UPDATE fulfilment_task";
    assert_eq!(statement(MOVERS, begin), statement(other, begin));
}
