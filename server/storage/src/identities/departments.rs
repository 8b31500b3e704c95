//! Departments: which there are, and who is there in one.

use crate::boxed;
use domain::id::IdentityId;

use crate::Result;
use crate::column::can_be_kept;
use crate::engine::ReadTx;

impl ReadTx {
    /// Departments of people who are there, in the order of their bytes: one look into the index for each, however many
    /// people there are.
    #[boxed]
    pub async fn departments(&mut self, most: i64) -> Result<Vec<String>> {
        let text = "WITH RECURSIVE d (name) AS ( \
                    SELECT min(department) FROM identity WHERE recorded_to IS NULL AND status IN ('active', 'on_leave') AND department > '' \
                    UNION ALL \
                    SELECT (SELECT min(p.department) FROM identity p WHERE p.recorded_to IS NULL AND p.status IN ('active', 'on_leave') \
                    AND p.department > d.name) FROM d WHERE d.name IS NOT NULL) \
                    SELECT name FROM d WHERE name IS NOT NULL LIMIT $1";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(most).fetch_all(c).await)?)
    }

    /// Everybody who is there in a department, in the order of ids: a number each.
    #[boxed]
    pub async fn people_of_department(&mut self, department: &str) -> Result<Vec<IdentityId>> {
        if !can_be_kept(department) {
            return Ok(Vec::new());
        }
        let text = "SELECT id FROM identity WHERE department = $1 AND recorded_to IS NULL \
                    AND status IN ('active', 'on_leave') ORDER BY id";
        let ids: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(department).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }
}
