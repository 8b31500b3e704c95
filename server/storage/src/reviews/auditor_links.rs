//! Links with which an outside auditor reads one campaign without an account. Only the hash of the token is kept.

use crate::boxed;
use domain::id::{AuditorLinkId, CampaignId, IdentityId, ObjectKind};
use domain::time::Instant;

use crate::Result;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};

/// A link as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuditorLink {
    /// The SHA-256 of its token.
    pub token: [u8; 32],
    /// Which campaign it opens.
    pub campaign: CampaignId,
    /// Seed and size of the sample that it opens; none for the whole campaign.
    pub sample: Option<(u32, u32)>,
    /// Who it is for.
    pub auditor: String,
    /// What for.
    pub purpose: String,
    /// Who makes it; nobody at the command line.
    pub created_by: Option<IdentityId>,
    /// Until when it works.
    pub expires: Instant,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditorLink {
    /// Its id.
    pub id: AuditorLinkId,
    /// Which campaign it opens.
    pub campaign: CampaignId,
    /// Seed and size of the sample that it opens; none for the whole campaign.
    pub sample: Option<(u32, u32)>,
    /// Who it is for.
    pub auditor: String,
    /// What for.
    pub purpose: String,
    /// When it was made.
    pub created: Instant,
    /// By whom.
    pub created_by: Option<IdentityId>,
    /// Until when it works.
    pub expires: Instant,
    /// When it was called back.
    pub revoked: Option<Instant>,
    /// How often something was opened with it.
    pub views: u64,
    /// When last.
    pub last_view: Option<Instant>,
}

impl AuditorLink {
    /// Whether it opens something at a moment.
    pub fn works(&self, now: Instant) -> bool {
        self.revoked.is_none() && now < self.expires
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    campaign_id: i64,
    seed: Option<i64>,
    size: Option<i64>,
    auditor: String,
    purpose: String,
    created: At,
    created_by: Option<i64>,
    expires: At,
    revoked: Option<At>,
    views: i64,
    last_view: Option<At>,
}

impl From<Row> for AuditorLink {
    fn from(row: Row) -> Self {
        let number = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
        Self {
            id: AuditorLinkId::from_raw(row.id),
            campaign: CampaignId::from_raw(row.campaign_id),
            sample: number(row.seed).zip(number(row.size)),
            auditor: row.auditor,
            purpose: row.purpose,
            created: row.created.0,
            created_by: row.created_by.map(IdentityId::from_raw),
            expires: row.expires.0,
            revoked: row.revoked.map(|at| at.0),
            views: u64::try_from(row.views).unwrap_or(0),
            last_view: row.last_view.map(|at| at.0),
        }
    }
}

macro_rules! columns {
    () => {
        "l.id, l.campaign_id, l.seed, l.size, l.auditor, l.purpose, l.created, l.created_by, l.expires, l.revoked, l.views, l.last_view"
    };
}

impl ReadTx {
    /// The link of a token, by the token's hash, whether it works or not.
    #[boxed]
    pub async fn auditor_link_of(&mut self, token: &[u8; 32]) -> Result<Option<AuditorLink>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM auditor_link l WHERE l.token = $1"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(&token[..]).fetch_optional(c).await)?;
        Ok(row.map(AuditorLink::from))
    }

    /// A link.
    #[boxed]
    pub async fn auditor_link(&mut self, id: AuditorLinkId) -> Result<Option<AuditorLink>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM auditor_link l WHERE l.id = $1"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        Ok(row.map(AuditorLink::from))
    }

    /// The links to a campaign, the newest first.
    #[boxed]
    pub async fn auditor_links(
        &mut self,
        campaign: CampaignId,
        most: i64,
    ) -> Result<Vec<AuditorLink>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM auditor_link l WHERE l.campaign_id = $1 ORDER BY l.id DESC LIMIT $2"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(campaign.raw()).bind(most).fetch_all(c).await)?;
        Ok(rows.into_iter().map(AuditorLink::from).collect())
    }
}

impl WriteTx {
    /// Adds a link.
    #[boxed]
    pub async fn insert_auditor_link(&mut self, link: &NewAuditorLink) -> Result<AuditorLinkId> {
        let id = self.next_id(ObjectKind::AuditorLink).await?;
        let (seed, size) = link.sample.unzip();
        let text = "INSERT INTO auditor_link (id, token, campaign_id, seed, size, auditor, purpose, created, created_by, expires, views) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)";
        let now = At(self.recorded);
        on!(self, c => sqlx::query(text)
            .bind(id)
            .bind(&link.token[..])
            .bind(link.campaign.raw())
            .bind(seed.map(i64::from))
            .bind(size.map(i64::from))
            .bind(&link.auditor)
            .bind(&link.purpose)
            .bind(now)
            .bind(link.created_by.map(IdentityId::raw))
            .bind(At(link.expires))
            .execute(c).await.map(drop))
        .map_err(crate::Error::from_write)?;
        Ok(AuditorLinkId::from_raw(id))
    }

    /// Calls a link back; false when it was called back before.
    #[boxed]
    pub async fn revoke_auditor_link(&mut self, id: AuditorLinkId) -> Result<bool> {
        let text = "UPDATE auditor_link SET revoked = $2 WHERE id = $1 AND revoked IS NULL";
        let now = At(self.recorded);
        let changed = on!(self, c => sqlx::query(text).bind(id.raw()).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
        Ok(changed == 1)
    }

    /// Counts something that was opened with a link.
    #[boxed]
    pub async fn count_auditor_view(&mut self, id: AuditorLinkId) -> Result<()> {
        let text = "UPDATE auditor_link SET views = views + 1, last_view = $2 WHERE id = $1";
        let now = At(self.recorded);
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(now).execute(c).await.map(drop))?;
        Ok(())
    }
}
