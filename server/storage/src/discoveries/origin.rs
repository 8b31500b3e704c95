//! Which proposal a role was made of, and which roles hold exactly the same.

use crate::boxed;
use domain::id::{DiscoveryId, EntitlementId, RoleId};

use crate::Result;
use crate::bulk::keys;
use crate::engine::ReadTx;

/// Where a role comes from that was made of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The search.
    pub discovery: DiscoveryId,
    /// The number within its proposal.
    pub number: i64,
    /// How many people the proposal is for.
    pub members: i64,
    /// Nobody was ever given the role, no rule gives it, and no role includes it: it is a draft.
    pub draft: bool,
}

impl ReadTx {
    /// The proposal that a role was made of.
    #[boxed]
    pub async fn origin_of_role(&mut self, role: RoleId) -> Result<Option<Origin>> {
        let text = "SELECT x.discovery_id, x.number, x.member_count, \
             NOT EXISTS (SELECT 1 FROM assignment a WHERE a.role_id = $1 AND a.recorded_to IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM rule u WHERE u.role_id = $1 AND u.recorded_to IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM role_content h WHERE h.includes_role_id = $1 AND h.recorded_to IS NULL) \
             FROM discovery_role x WHERE x.role_id = $1 ORDER BY x.discovery_id, x.number LIMIT 1";
        let row: Option<(i64, i64, i64, bool)> =
            on!(self, c => sqlx::query_as(text).bind(role.raw()).fetch_optional(c).await)?;
        Ok(row.map(|(discovery, number, members, draft)| Origin {
            discovery: DiscoveryId::from_raw(discovery),
            number,
            members,
            draft,
        }))
    }

    /// Roles that have not ended and hold exactly these entitlements directly, and no roles; in the order of ids.
    #[boxed]
    pub async fn roles_of_exactly(&mut self, parts: &[EntitlementId]) -> Result<Vec<RoleId>> {
        let Ok(count) = i64::try_from(parts.len()) else {
            return Ok(Vec::new());
        };
        let text = of_ids!(
            self,
            "SELECT h.role_id FROM role_content h WHERE h.recorded_to IS NULL AND h.entitlement_id IN ",
            " GROUP BY h.role_id HAVING count(*) = $2 \
             AND (SELECT count(*) FROM role_content a WHERE a.role_id = h.role_id AND a.recorded_to IS NULL) = $2 \
             AND EXISTS (SELECT 1 FROM role r WHERE r.id = h.role_id AND r.recorded_to IS NULL AND r.status <> 'ended') \
             ORDER BY h.role_id"
        );
        let ids = keys(parts.iter().map(|id| id.raw()));
        let found: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(&ids).bind(count).fetch_all(c).await)?;
        Ok(found.into_iter().map(RoleId::from_raw).collect())
    }
}
