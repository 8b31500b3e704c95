//! Short forms of what nearly every test does.

use domain::application::ApplicationContent;
use domain::audit::{AuditAction, Target};
use domain::entitlement::EntitlementContent;
use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::identity::IdentityContent;
use domain::page::ListQuery;
use domain::search::Search;
use domain::time::{Date, Instant};
use storage::{Store, WriteTx};
use testkit::{TestStore, an_event};

/// Commits with one entry about these targets.
pub(crate) async fn commit(tx: WriteTx, targets: impl IntoIterator<Item = Target>) -> i64 {
    tx.commit(an_event(AuditAction::IdentityEdited, targets), Vec::new())
        .await
        .expect("a commit")
}

/// Adds identities in one transaction.
pub(crate) async fn people(db: &TestStore, contents: &[IdentityContent]) -> Vec<IdentityId> {
    let mut tx = db.write().await;
    let (mut ids, mut targets) = (Vec::new(), Vec::new());
    for content in contents {
        let (id, target) = tx.insert_identity(content).await.expect("a new identity");
        ids.push(id);
        targets.push(target);
    }
    commit(tx, targets).await;
    ids
}

/// Adds one identity.
pub(crate) async fn person(db: &TestStore, content: IdentityContent) -> IdentityId {
    people(db, &[content]).await[0]
}

/// Adds one application.
pub(crate) async fn application(db: &TestStore, content: ApplicationContent) -> ApplicationId {
    let mut tx = db.write().await;
    let (id, target) = tx
        .insert_application(&content)
        .await
        .expect("a new application");
    commit(tx, [target]).await;
    id
}

/// Adds one entitlement.
pub(crate) async fn entitlement(db: &TestStore, content: EntitlementContent) -> EntitlementId {
    let mut tx = db.write().await;
    let (id, target) = tx
        .insert_entitlement(&content)
        .await
        .expect("a new entitlement");
    commit(tx, [target]).await;
    id
}

/// The first page of a search.
pub(crate) fn search(text: &str) -> ListQuery {
    ListQuery {
        search: Search::parse(text),
        ..ListQuery::default()
    }
}

/// A calendar day.
pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A moment.
pub(crate) fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// Runs a statement that no function of storage runs.
pub(crate) async fn execute(db: &TestStore, text: &'static str) {
    match db.store() {
        Store::Sqlite { writer, .. } => sqlx::query(text).execute(writer).await.map(drop),
        Store::Postgres { pool, .. } => sqlx::query(text).execute(pool).await.map(drop),
    }
    .expect("a statement of the test");
}
