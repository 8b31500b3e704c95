//! Forms that have been carried out, so that sending one twice does it once.

use crate::boxed;
use domain::time::Instant;

use crate::Result;
use crate::column::At;
use crate::engine::WriteTx;

impl WriteTx {
    /// What a form with this key did before, if it was carried out.
    #[boxed]
    pub async fn carried_out(&mut self, key_hash: &[u8]) -> Result<Option<String>> {
        let text = "SELECT object FROM once WHERE key_hash = $1";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(key_hash).fetch_optional(c).await)?)
    }

    /// Remembers in this transaction that the form with this key did this.
    #[boxed]
    pub async fn remember_carried_out(&mut self, key_hash: &[u8], object: &str) -> Result<()> {
        let recorded = At(self.recorded);
        let text = "INSERT INTO once (key_hash, recorded, object) VALUES ($1, $2, $3)";
        on!(self, c => sqlx::query(text).bind(key_hash).bind(recorded).bind(object).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets what was carried out before a moment: no browser sends a form again after that.
    #[boxed]
    pub async fn forget_carried_out(&mut self, before: Instant) -> Result<()> {
        on!(self, c => sqlx::query("DELETE FROM once WHERE recorded < $1").bind(At(before)).execute(c).await.map(drop))?;
        Ok(())
    }
}
