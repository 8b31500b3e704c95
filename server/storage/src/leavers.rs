//! Ended identities that may still have live access or reports.
//!
//! Most people in an old database have ended. This small table keeps the search for those who still have something
//! from walking through all of them: whoever ends, or gets something after the end, is noted, and who has nothing is
//! taken out again. A row more than needed is never wrong, only slower.

use crate::boxed;
use domain::id::IdentityId;

use crate::Result;
use crate::bulk::keys;
use crate::engine::WriteTx;

impl WriteTx {
    /// Notes identities that have ended.
    pub(crate) async fn note_leavers(
        &mut self,
        ended: impl IntoIterator<Item = IdentityId>,
    ) -> Result<()> {
        let ids: Vec<i64> = ended.into_iter().map(IdentityId::raw).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let text = of_ids!(
            self,
            "INSERT INTO leaver (identity_id) SELECT i.id FROM identity i WHERE i.recorded_to IS NULL AND i.id IN ",
            " ON CONFLICT (identity_id) DO NOTHING"
        );
        on!(self, c => sqlx::query(text).bind(keys(ids)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Notes those of some identities that have ended: they got access, or a report.
    pub(crate) async fn note_if_ended(
        &mut self,
        identities: impl IntoIterator<Item = IdentityId>,
    ) -> Result<()> {
        let ids: Vec<i64> = identities.into_iter().map(IdentityId::raw).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let text = of_ids!(
            self,
            "INSERT INTO leaver (identity_id) SELECT i.id FROM identity i WHERE i.recorded_to IS NULL AND i.status = 'ended' AND i.id IN ",
            " ON CONFLICT (identity_id) DO NOTHING"
        );
        on!(self, c => sqlx::query(text).bind(keys(ids)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes out those of the first `most` after an id who have nothing left; answers the last id looked at,
    /// none when there is nobody after it.
    #[boxed]
    pub async fn prune_leavers(&mut self, after: i64, most: i64) -> Result<Option<i64>> {
        let text = "SELECT max(n.identity_id) FROM (SELECT identity_id FROM leaver WHERE identity_id > $1 ORDER BY identity_id LIMIT $2) n";
        let last: Option<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(after).bind(most).fetch_one(c).await)?;
        let Some(last) = last else { return Ok(None) };
        let text = "DELETE FROM leaver WHERE identity_id > $1 AND identity_id <= $2 AND (\
                    NOT EXISTS (SELECT 1 FROM identity p WHERE p.id = leaver.identity_id AND p.recorded_to IS NULL AND p.status = 'ended') \
                    OR (NOT EXISTS (SELECT 1 FROM observed_access x WHERE x.identity_id = leaver.identity_id AND x.gone IS NULL) \
                    AND NOT EXISTS (SELECT 1 FROM identity r WHERE r.manager_id = leaver.identity_id AND r.recorded_to IS NULL AND r.status <> 'ended')))";
        on!(self, c => sqlx::query(text).bind(after).bind(last).execute(c).await.map(drop))?;
        Ok(Some(last))
    }
}
