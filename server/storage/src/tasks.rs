//! Fulfilment tasks, with every version.

use crate::boxed;
use domain::audit::Target;
use domain::id::{
    AccountId, ApplicationId, AssignmentId, EntitlementId, FulfilmentTaskId, IdentityId,
    ObjectKind, SourceId,
};
use domain::task::{FulfilmentTask, TaskContent, TaskState};
use domain::time::Instant;

use crate::bulk::keys;
use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

fn into_task(row: Row) -> Result<FulfilmentTask> {
    let (id, recorded_from, content) = row.read("fulfilment_task")?;
    Ok(FulfilmentTask {
        id: FulfilmentTaskId::from_raw(id),
        recorded_from,
        content,
    })
}

impl ReadTx {
    /// The present versions of tasks, in the order of ids; unknown ones are left out.
    #[boxed]
    pub async fn tasks(&mut self, ids: &[FulfilmentTaskId]) -> Result<Vec<FulfilmentTask>> {
        let text = of_keys!(
            self,
            document!("f"),
            "fulfilment_task f",
            "f.id = CAST(k.value AS BIGINT) AND f.recorded_to IS NULL"
        );
        let wanted = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut tasks: Vec<FulfilmentTask> =
            rows.into_iter().map(into_task).collect::<Result<_>>()?;
        tasks.sort_unstable_by_key(|task| task.id);
        Ok(tasks)
    }

    /// The tasks that assignments asked for, in the order of ids.
    #[boxed]
    pub async fn tasks_of(&mut self, assignments: &[AssignmentId]) -> Result<Vec<FulfilmentTask>> {
        let text = of_keys!(
            self,
            document!("f"),
            "fulfilment_task f",
            "f.assignment_id = CAST(k.value AS BIGINT) AND f.recorded_to IS NULL"
        );
        let wanted = keys(assignments.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut tasks: Vec<FulfilmentTask> =
            rows.into_iter().map(into_task).collect::<Result<_>>()?;
        tasks.sort_unstable_by_key(|task| task.id);
        Ok(tasks)
    }

    /// The task about an account that is open or done and not verified; the oldest, should there be several.
    #[boxed]
    pub async fn task_of_account(&mut self, account: AccountId) -> Result<Option<FulfilmentTask>> {
        let text = concat!(
            "SELECT ",
            document!("f"),
            " FROM fulfilment_task f WHERE f.account_id = $1 AND f.account_id <> 0 AND f.recorded_to IS NULL \
             AND f.state IN ('open', 'done') ORDER BY f.id LIMIT 1"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(account.raw()).fetch_optional(c).await)?;
        row.map(into_task).transpose()
    }

    /// Tasks of an application that are open or done and not verified, after one, in the order of ids.
    #[boxed]
    pub async fn tasks_to_verify(
        &mut self,
        application: ApplicationId,
        after: Option<FulfilmentTaskId>,
        most: i64,
    ) -> Result<Vec<FulfilmentTask>> {
        let text = concat!(
            "SELECT ",
            document!("f"),
            " FROM fulfilment_task f WHERE f.application_id = $1 AND f.recorded_to IS NULL AND f.state IN ('open', 'done') AND f.id > $2 \
             ORDER BY f.id LIMIT $3"
        );
        let after = after.map_or(0, FulfilmentTaskId::raw);
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(application.raw()).bind(after).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_task).collect()
    }

    /// The applications that have tasks which are not verified.
    #[boxed]
    pub async fn applications_with_tasks(&mut self) -> Result<Vec<ApplicationId>> {
        let text = "SELECT DISTINCT application_id FROM fulfilment_task WHERE recorded_to IS NULL AND state IN ('open', 'done') \
                    ORDER BY application_id";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?;
        Ok(ids.into_iter().map(ApplicationId::from_raw).collect())
    }

    /// Whether a source says who has access in an application: it brought the application, or access in it.
    #[boxed]
    pub async fn source_shows(
        &mut self,
        source: SourceId,
        application: ApplicationId,
    ) -> Result<bool> {
        let text = "SELECT CASE WHEN EXISTS (SELECT 1 FROM application s WHERE s.id = $2 AND s.recorded_to IS NULL AND s.source_id = $1) \
                    OR EXISTS (SELECT 1 FROM entitlement e JOIN observed_access x ON x.entitlement_id = e.id AND x.gone IS NULL \
                    WHERE e.application_id = $2 AND e.recorded_to IS NULL AND x.source_id = $1) THEN 1 ELSE 0 END";
        let shows: i32 = on!(self, c => sqlx::query_scalar(text).bind(source.raw()).bind(application.raw()).fetch_one(c).await)?;
        Ok(shows == 1)
    }

    /// Tasks before one, the newest first; in one state, or in all.
    #[boxed]
    pub async fn task_page(
        &mut self,
        state: Option<TaskState>,
        before: Option<FulfilmentTaskId>,
        most: i64,
    ) -> Result<Vec<FulfilmentTask>> {
        let before = before.map_or(i64::MAX, FulfilmentTaskId::raw);
        let rows: Vec<Row> = if let Some(state) = state {
            let text = concat!(
                "SELECT ",
                document!("f"),
                " FROM fulfilment_task f WHERE f.recorded_to IS NULL AND f.state = $3 AND f.id < $1 ORDER BY f.id DESC LIMIT $2"
            );
            on!(self, c => sqlx::query_as(text).bind(before).bind(most).bind(state.word()).fetch_all(c).await)?
        } else {
            let text = concat!(
                "SELECT ",
                document!("f"),
                " FROM fulfilment_task f WHERE f.recorded_to IS NULL AND f.id < $1 ORDER BY f.id DESC LIMIT $2"
            );
            on!(self, c => sqlx::query_as(text).bind(before).bind(most).fetch_all(c).await)?
        };
        rows.into_iter().map(into_task).collect()
    }
}

impl WriteTx {
    /// Adds a task.
    #[boxed]
    pub async fn insert_task(
        &mut self,
        content: &TaskContent,
    ) -> Result<(FulfilmentTaskId, Target)> {
        let id = FulfilmentTaskId::from_raw(self.next_id(ObjectKind::FulfilmentTask).await?);
        let written = self.put_task(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_task(
        &mut self,
        id: FulfilmentTaskId,
        expected: Instant,
        content: &TaskContent,
    ) -> Result<Target> {
        let text = "UPDATE fulfilment_task SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_task(id, content).await;
        self.whole(written)
    }

    async fn put_task(&mut self, id: FulfilmentTaskId, content: &TaskContent) -> Result<Target> {
        let document = self.document(id, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO fulfilment_task (id, recorded_from, salt, content, kind, identity_id, entitlement_id, application_id, \
                    assignment_id, account_id, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(content.kind.word())
            .bind(content.identity.map_or(0, IdentityId::raw))
            .bind(content.entitlement.map_or(0, EntitlementId::raw))
            .bind(content.application.raw())
            .bind(content.assignment.map_or(0, AssignmentId::raw))
            .bind(content.account.map_or(0, AccountId::raw))
            .bind(content.state.word())
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(document.target)
    }
}
