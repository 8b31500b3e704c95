//! The one organisation of this database.

use crate::boxed;
use domain::audit::Target;
use domain::id::{ObjectKind, OrganisationId};
use domain::organisation::Organisation;

use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

impl ReadTx {
    /// The organisation; none before the first run is done.
    #[boxed]
    pub async fn organisation(&mut self) -> Result<Option<Organisation>> {
        let text = "SELECT name, zone FROM organisation WHERE recorded_to IS NULL";
        let row: Option<(String, String)> =
            on!(self, c => sqlx::query_as(text).fetch_optional(c).await)?;
        Ok(row.map(|(name, zone)| Organisation { name, zone }))
    }
}

impl WriteTx {
    /// Sets the organisation up, once.
    #[boxed]
    pub async fn insert_organisation(&mut self, content: &Organisation) -> Result<Target> {
        let id = OrganisationId::from_raw(self.next_id(ObjectKind::Organisation).await?);
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO organisation (id, recorded_from, salt, name, zone) VALUES ($1, $2, $3, $4, $5)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(&content.name)
            .bind(&content.zone)
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(mark(id, hash))
    }
}
