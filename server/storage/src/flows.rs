//! Approval flows, with every version.

use crate::boxed;
use domain::approval::{Flow, FlowContent};
use domain::audit::Target;
use domain::id::{ApprovalFlowId, ObjectKind};
use domain::text;
use domain::time::Instant;

use crate::column::{At, can_be_kept};
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

fn into_flow(row: Row) -> Result<Flow> {
    let (id, recorded_from, content) = row.read("approval_flow")?;
    Ok(Flow {
        id: Some(ApprovalFlowId::from_raw(id)),
        recorded_from,
        content,
    })
}

impl ReadTx {
    /// The present version of a flow.
    #[boxed]
    pub async fn flow(&mut self, id: ApprovalFlowId) -> Result<Option<Flow>> {
        let text = concat!(
            "SELECT ",
            document!("w"),
            " FROM approval_flow w WHERE w.id = $1 AND w.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(into_flow).transpose()
    }

    /// The flows that have not ended, by name. They are written by people: some dozens.
    #[boxed]
    pub async fn flows(&mut self, most: i64) -> Result<Vec<Flow>> {
        let text = concat!(
            "SELECT ",
            document!("w"),
            " FROM approval_flow w WHERE w.recorded_to IS NULL AND w.status <> 'ended' ORDER BY w.name_key, w.id LIMIT $1"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_flow).collect()
    }

    /// All versions of a flow, the newest first.
    #[boxed]
    pub async fn flow_versions(&mut self, id: ApprovalFlowId, most: i64) -> Result<Vec<Flow>> {
        let text = concat!(
            "SELECT ",
            document!("w"),
            " FROM approval_flow w WHERE w.id = $1 ORDER BY w.recorded_from DESC LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_flow).collect()
    }

    /// The flow of this name that has not ended; names differ in more than case.
    #[boxed]
    pub async fn flow_named(&mut self, name: &str) -> Result<Option<ApprovalFlowId>> {
        let query = "SELECT id FROM approval_flow WHERE name_key = $1 AND recorded_to IS NULL AND status <> 'ended'";
        let key = text::key(name);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let id: Option<i64> =
            on!(self, c => sqlx::query_scalar(query).bind(&key).fetch_optional(c).await)?;
        Ok(id.map(ApprovalFlowId::from_raw))
    }
}

impl WriteTx {
    /// Adds a flow.
    #[boxed]
    pub async fn insert_flow(&mut self, content: &FlowContent) -> Result<(ApprovalFlowId, Target)> {
        let id = ApprovalFlowId::from_raw(self.next_id(ObjectKind::ApprovalFlow).await?);
        let written = self.put_flow(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_flow(
        &mut self,
        id: ApprovalFlowId,
        expected: Instant,
        content: &FlowContent,
    ) -> Result<Target> {
        let text = "UPDATE approval_flow SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_flow(id, content).await;
        self.whole(written)
    }

    async fn put_flow(&mut self, id: ApprovalFlowId, content: &FlowContent) -> Result<Target> {
        let document = self.document(id, content)?;
        let recorded = At(self.recorded);
        let query = "INSERT INTO approval_flow (id, recorded_from, salt, content, name_key, status) VALUES ($1, $2, $3, $4, $5, $6)";
        on!(self, c => sqlx::query(query)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(text::key(&content.name))
            .bind(content.status.word())
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(document.target)
    }
}
