//! What a source has now, kind by kind: for the search for what is missing, and for the guard against a file that lost
//! its rows.

use crate::boxed;
use domain::id::SourceId;
use domain::page::COUNT_CAP;
use domain::source::FileKind;

use crate::Result;
use crate::engine::ReadTx;

/// Counts rows of a source, at most $2 of them.
macro_rules! counted {
    ($rows:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT ",
            $rows,
            " LIMIT $2) AS capped"
        )
    };
}

/// Ids of a source's live objects after an id, and how many there are.
const fn texts(kind: FileKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        FileKind::Identities => (
            "SELECT p.id FROM identity p WHERE p.recorded_to IS NULL AND p.status <> 'ended' AND p.id > $2 \
             AND EXISTS (SELECT 1 FROM identity_link l WHERE l.identity_id = p.id AND l.source_id = $1 AND l.authority) \
             ORDER BY p.id LIMIT $3",
            counted!(
                "DISTINCT l.identity_id FROM identity_link l \
                 JOIN identity p ON p.id = l.identity_id AND p.recorded_to IS NULL AND p.status <> 'ended' \
                 WHERE l.source_id = $1 AND l.authority"
            ),
        ),
        FileKind::Applications => (
            "SELECT id FROM application WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND status <> 'ended' \
             AND id > $2 ORDER BY id LIMIT $3",
            counted!(
                "1 FROM application WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND status <> 'ended'"
            ),
        ),
        FileKind::Entitlements => (
            "SELECT id FROM entitlement WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND status <> 'ended' \
             AND id > $2 ORDER BY id LIMIT $3",
            counted!(
                "1 FROM entitlement WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND status <> 'ended'"
            ),
        ),
        FileKind::Accounts => (
            "SELECT id FROM account WHERE source_id = $1 AND recorded_to IS NULL AND id > $2 ORDER BY id LIMIT $3",
            counted!("1 FROM account WHERE source_id = $1 AND recorded_to IS NULL"),
        ),
        FileKind::Roles => (
            "SELECT id FROM role WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND status <> 'ended' \
             AND id > $2 ORDER BY id LIMIT $3",
            counted!(
                "1 FROM role WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND status <> 'ended'"
            ),
        ),
        FileKind::RoleMembers => (
            "SELECT id FROM assignment WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND state = 'active' \
             AND id > $2 ORDER BY id LIMIT $3",
            counted!(
                "1 FROM assignment WHERE source_id = $1 AND source_id IS NOT NULL AND recorded_to IS NULL AND state = 'active'"
            ),
        ),
        FileKind::Access | FileKind::Decisions => return None,
    })
}

impl ReadTx {
    /// Ids of the live objects that a source brought and may end, after an id, in the order of ids. Observed access and
    /// decisions have no ids: see [`ReadTx::observed_after`] and [`ReadTx::decisions_after`].
    #[boxed]
    pub async fn live_ids(
        &mut self,
        source: SourceId,
        kind: FileKind,
        after: i64,
        most: i64,
    ) -> Result<Vec<i64>> {
        let Some((text, _)) = texts(kind) else {
            return Ok(Vec::new());
        };
        Ok(
            on!(self, c => sqlx::query_scalar(text).bind(source.raw()).bind(after).bind(most).fetch_all(c).await)?,
        )
    }

    /// How many live rows a source has, at most [`COUNT_CAP`] + 1. For observed access and decisions their tables are gone
    /// through.
    #[boxed]
    pub async fn live_count(&mut self, source: SourceId, kind: FileKind) -> Result<u64> {
        let text = match (kind, texts(kind)) {
            (_, Some((_, text))) => text,
            (FileKind::Decisions, None) => {
                counted!("1 FROM past_decision WHERE source_id = $1 AND recorded_to IS NULL")
            }
            (_, None) => {
                counted!("1 FROM observed_access WHERE source_id = $1 AND gone IS NULL")
            }
        };
        let cap = i64::try_from(COUNT_CAP + 1).unwrap_or(i64::MAX);
        let count: i64 = on!(self, c => sqlx::query_scalar(text).bind(source.raw()).bind(cap).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
