//! Many assignments at a time.

use crate::boxed;
use domain::audit::Target;
use domain::id::{
    AssignmentId, EntitlementId, IdentityId, RequestItemId, RoleId, RuleId, SourceId,
};
use domain::time::Instant;

use super::{Assignment, AssignmentContent, Row, columns};
use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

impl ReadTx {
    /// The present versions of assignments, in the order of ids; unknown ids are left out.
    #[boxed]
    pub async fn assignments_with(&mut self, ids: &[AssignmentId]) -> Result<Vec<Assignment>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let text = of_keys!(
            self,
            columns!(),
            "assignment a",
            "a.id = CAST(k.value AS BIGINT) AND a.recorded_to IS NULL"
        );
        let ids = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        let mut all: Vec<Assignment> = rows
            .into_iter()
            .map(Row::into_assignment)
            .collect::<Result<_>>()?;
        all.sort_unstable_by_key(|assignment| assignment.id);
        Ok(all)
    }

    /// The active assignments of identities. In no order.
    #[boxed]
    pub async fn assignments_of_all(
        &mut self,
        identities: &[IdentityId],
    ) -> Result<Vec<Assignment>> {
        let text = of_keys!(
            self,
            columns!(),
            "assignment a",
            "a.identity_id = CAST(k.value AS BIGINT) AND a.state = 'active' AND a.recorded_to IS NULL"
        );
        let ids = keys(identities.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_assignment).collect()
    }

    /// Active assignments of roles that a source brought, after an identity and role, in their order.
    #[boxed]
    pub async fn assignments_after(
        &mut self,
        source: SourceId,
        after: Option<(IdentityId, RoleId)>,
        most: i64,
    ) -> Result<Vec<Assignment>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM assignment a WHERE a.source_id = $1 AND a.source_id IS NOT NULL AND a.recorded_to IS NULL \
             AND (a.identity_id, a.role_id) > ($2, $3) AND a.state = 'active' ORDER BY a.identity_id, a.role_id LIMIT $4"
        );
        let (identity, role) =
            after.map_or((0, 0), |(identity, role)| (identity.raw(), role.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(source.raw())
            .bind(identity)
            .bind(role)
            .bind(most)
            .fetch_all(c).await)?;
        rows.into_iter().map(Row::into_assignment).collect()
    }
}

impl WriteTx {
    /// Adds assignments under new ids of their sequence.
    #[boxed]
    pub async fn insert_assignments(
        &mut self,
        assignments: &[(AssignmentId, AssignmentContent)],
    ) -> Result<Vec<Target>> {
        let rows: Vec<_> = assignments
            .iter()
            .map(|(id, content)| (*id, content))
            .collect();
        let written = self.put_assignments(&rows).await;
        self.whole(written)
    }

    /// Replaces versions, all of which must be the ones recorded then; [`Error::Stale`] otherwise.
    #[boxed]
    pub async fn replace_assignments(
        &mut self,
        assignments: &[(AssignmentId, Instant, AssignmentContent)],
    ) -> Result<Vec<Target>> {
        let text = of_rows!(
            self,
            "UPDATE assignment SET recorded_to = $2 WHERE recorded_to IS NULL AND (id, recorded_from) IN (SELECT ",
            [number 0, at 1],
            ")"
        );
        let versions = assignments.iter().map(|(id, from, _)| (id.raw(), *from));
        self.close_versions(text, versions).await?;
        let rows: Vec<_> = assignments
            .iter()
            .map(|(id, _, content)| (*id, content))
            .collect();
        let written = self.put_assignments(&rows).await;
        self.whole(written)
    }

    async fn put_assignments(
        &mut self,
        assignments: &[(AssignmentId, &AssignmentContent)],
    ) -> Result<Vec<Target>> {
        let mut targets = Vec::with_capacity(assignments.len());
        let mut rows = Rows::with_capacity(assignments.len() * 200);
        for (id, content) in assignments {
            let salt = self.salt();
            targets.push(mark(*id, content_hash(&salt, content)?));
            rows.row(|cells| {
                cells.number(id.raw());
                cells.bytes(&salt);
                cells.number(content.identity.raw());
                cells.maybe_number(content.what.entitlement().map(EntitlementId::raw));
                cells.text(content.agent.word());
                cells.text(&content.reason);
                cells.text(content.state.word());
                cells.at(content.valid_from);
                cells.maybe_at(content.valid_until);
                cells.maybe_number(content.what.role().map(RoleId::raw));
                cells.maybe_number(content.source.map(SourceId::raw));
                cells.maybe_number(content.rule.map(RuleId::raw));
                cells.maybe_number(content.granted_by.map(IdentityId::raw));
                cells.maybe_number(content.request.map(RequestItemId::raw));
                cells.maybe_number(content.activates.map(AssignmentId::raw));
            });
        }
        let text = of_rows!(
            self,
            "INSERT INTO assignment (recorded_from, id, salt, identity_id, entitlement_id, agent, reason, state, valid_from, \
             valid_until, role_id, source_id, rule_id, granted_by, request_item_id, activates_id) SELECT $2, ",
            [number 0, bytes 1, number 2, number 3, text 4, text 5, text 6, at 7, at 8, number 9, number 10, number 11, number 12, number 13, number 14],
            ""
        );
        let (rows, recorded) = (rows.into_text(), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        Ok(targets)
    }
}
