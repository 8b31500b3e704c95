//! Password hashes and one-time links to set a password.

use crate::boxed;
use domain::id::IdentityId;
use domain::time::Instant;

use crate::Result;
use crate::bulk::keys;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};

impl ReadTx {
    /// The PHC string of an identity's password.
    #[boxed]
    pub async fn password_hash(&mut self, identity: IdentityId) -> Result<Option<String>> {
        let text = "SELECT password_hash FROM credential WHERE identity_id = $1";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(identity.raw()).fetch_optional(c).await)?)
    }

    /// Whether anyone has a password yet.
    #[boxed]
    pub async fn any_password(&mut self) -> Result<bool> {
        let one: Option<i64> = on!(self, c => sqlx::query_scalar("SELECT identity_id FROM credential LIMIT 1").fetch_optional(c).await)?;
        Ok(one.is_some())
    }

    /// Whom a link that has not expired is for.
    #[boxed]
    pub async fn link_owner(
        &mut self,
        token_hash: &[u8],
        now: Instant,
    ) -> Result<Option<IdentityId>> {
        let text = "SELECT identity_id FROM password_link WHERE token_hash = $1 AND expires > $2";
        let id: Option<i64> = on!(self, c => sqlx::query_scalar(text).bind(token_hash).bind(At(now)).fetch_optional(c).await)?;
        Ok(id.map(IdentityId::from_raw))
    }
}

impl WriteTx {
    /// Makes the set-password links of identities useless.
    #[boxed]
    pub async fn drop_links_of_all(&mut self, identities: &[IdentityId]) -> Result<()> {
        let text = of_ids!(self, "DELETE FROM password_link WHERE identity_id IN ", "");
        let ids = keys(identities.iter().map(|id| id.raw()));
        on!(self, c => sqlx::query(text).bind(&ids).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Sets the password and uses up every link of the identity.
    #[boxed]
    pub async fn put_password(&mut self, identity: IdentityId, hash: &str) -> Result<()> {
        let recorded = At(self.recorded);
        let text = "INSERT INTO credential (identity_id, password_hash, changed) VALUES ($1, $2, $3) \
                    ON CONFLICT (identity_id) DO UPDATE SET password_hash = excluded.password_hash, changed = excluded.changed";
        on!(self, c => sqlx::query(text).bind(identity.raw()).bind(hash).bind(recorded).execute(c).await.map(drop))?;
        self.drop_links(identity).await
    }

    /// Makes the link the only one of the identity.
    #[boxed]
    pub async fn put_link(
        &mut self,
        identity: IdentityId,
        token_hash: &[u8],
        expires: Instant,
    ) -> Result<()> {
        self.drop_links(identity).await?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO password_link (token_hash, identity_id, created, expires) VALUES ($1, $2, $3, $4)";
        on!(self, c => sqlx::query(text).bind(token_hash).bind(identity.raw()).bind(recorded).bind(At(expires)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses up every link of the identity.
    #[boxed]
    pub async fn drop_links(&mut self, identity: IdentityId) -> Result<()> {
        let text = "DELETE FROM password_link WHERE identity_id = $1";
        on!(self, c => sqlx::query(text).bind(identity.raw()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets links that have expired.
    #[boxed]
    pub async fn drop_expired_links(&mut self, now: Instant) -> Result<()> {
        on!(self, c => sqlx::query("DELETE FROM password_link WHERE expires <= $1").bind(At(now)).execute(c).await.map(drop))?;
        Ok(())
    }
}
