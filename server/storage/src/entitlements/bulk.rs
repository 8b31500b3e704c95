//! Many entitlements at a time.

use crate::boxed;
use domain::audit::Target;
use domain::entitlement::{Entitlement, EntitlementContent};
use domain::id::{ApplicationId, EntitlementId, IdentityId, SourceId};
use domain::lifecycle::Level;
use domain::text;
use domain::time::Instant;

use super::{Row, columns, words};
use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

/// What an import finds an entitlement by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitlementKey {
    /// Its id.
    pub id: EntitlementId,
    /// The application that grants it.
    pub application: ApplicationId,
    /// Its technical name, folded by [`domain::text::key`].
    pub name_key: String,
    /// The source that brought it.
    pub source: Option<SourceId>,
}

impl ReadTx {
    /// Present versions of entitlements; unknown ids are left out. In no order.
    #[boxed]
    pub async fn entitlements_with(&mut self, ids: &[EntitlementId]) -> Result<Vec<Entitlement>> {
        let text = of_keys!(
            self,
            columns!(),
            "entitlement e",
            "e.id = CAST(k.value AS BIGINT) AND e.recorded_to IS NULL"
        );
        let ids = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_entitlement).collect()
    }

    /// Entitlements of an application that can be given, in the order of their names.
    #[boxed]
    pub async fn entitlements_in(
        &mut self,
        application: ApplicationId,
        most: i64,
    ) -> Result<Vec<Entitlement>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM entitlement e WHERE e.application_id = $1 AND e.recorded_to IS NULL AND e.status = 'active' \
             ORDER BY e.display_key, e.id LIMIT $2"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(application.raw()).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_entitlement).collect()
    }

    /// Keys of entitlements that have not ended, after an id, in the order of ids.
    #[boxed]
    pub async fn entitlement_keys(&mut self, after: i64, most: i64) -> Result<Vec<EntitlementKey>> {
        let text = "SELECT id, application_id, name_key, source_id FROM entitlement \
                    WHERE recorded_to IS NULL AND status <> 'ended' AND id > $1 ORDER BY id LIMIT $2";
        let rows: Vec<(i64, i64, String, Option<i64>)> =
            on!(self, c => sqlx::query_as(text).bind(after).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(id, application, name_key, source)| EntitlementKey {
                id: EntitlementId::from_raw(id),
                application: ApplicationId::from_raw(application),
                name_key,
                source: source.map(SourceId::from_raw),
            })
            .collect())
    }
}

impl WriteTx {
    /// Adds entitlements under new ids of their sequence.
    #[boxed]
    pub async fn insert_entitlements(
        &mut self,
        entitlements: &[(EntitlementId, EntitlementContent)],
    ) -> Result<Vec<Target>> {
        let rows: Vec<_> = entitlements
            .iter()
            .map(|(id, content)| (*id, content))
            .collect();
        let written = self.put_entitlements(&rows, true).await;
        self.whole(written)
    }

    /// Replaces versions, all of which must be the ones recorded then; [`Error::Stale`] otherwise.
    #[boxed]
    pub async fn replace_entitlements(
        &mut self,
        entitlements: &[(EntitlementId, Instant, EntitlementContent)],
    ) -> Result<Vec<Target>> {
        let text = of_rows!(
            self,
            "UPDATE entitlement SET recorded_to = $2 WHERE recorded_to IS NULL AND (id, recorded_from) IN (SELECT ",
            [number 0, at 1],
            ")"
        );
        let versions = entitlements.iter().map(|(id, from, _)| (id.raw(), *from));
        self.close_versions(text, versions).await?;
        let rows: Vec<_> = entitlements
            .iter()
            .map(|(id, _, content)| (*id, content))
            .collect();
        let written = self.put_entitlements(&rows, false).await;
        self.whole(written)
    }

    async fn put_entitlements(
        &mut self,
        entitlements: &[(EntitlementId, &EntitlementContent)],
        new: bool,
    ) -> Result<Vec<Target>> {
        let mut targets = Vec::with_capacity(entitlements.len());
        let mut rows = Rows::with_capacity(entitlements.len() * 300);
        for (id, content) in entitlements {
            let salt = self.salt();
            targets.push(mark(*id, content_hash(&salt, content)?));
            rows.row(|cells| {
                cells.number(id.raw());
                cells.bytes(&salt);
                cells.number(content.application.raw());
                cells.text(&content.name);
                cells.text(&text::key(&content.name));
                cells.text(&content.display_name);
                cells.text(&text::fold(&content.display_name));
                cells.text(&content.description);
                cells.text(content.kind.word());
                cells.json(&content.actions);
                cells.text(&content.resource_type);
                cells.text(&content.resource_id);
                cells.maybe_text(content.risk.map(Level::word));
                cells.maybe_number(content.owner.map(IdentityId::raw));
                cells.flag(content.requestable);
                cells.text(content.status.word());
                cells.maybe_number(content.source.map(SourceId::raw));
            });
        }
        let text = of_rows!(
            self,
            "INSERT INTO entitlement (recorded_from, id, salt, application_id, name, name_key, display_name, display_key, \
             description, kind, actions, resource_type, resource_id, risk, owner_id, requestable, status, source_id) SELECT $2, ",
            [number 0, bytes 1, number 2, text 3, text 4, text 5, text 6, text 7, text 8, json 9, text 10, text 11, text 12,
             number 13, flag 14, text 15, number 16],
            ""
        );
        let (rows, recorded) = (rows.into_text(), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        let objects: Vec<_> = entitlements
            .iter()
            .map(|(id, content)| (id.raw(), words(content)))
            .collect();
        let delete = of_ids!(self, "DELETE FROM entitlement_word WHERE id IN ", "");
        let insert = of_rows!(self, "INSERT INTO entitlement_word (word, id) SELECT ", [text 0, number 1], "");
        self.put_many_words((!new).then_some(delete), insert, &objects, |_| "")
            .await?;
        self.roles_changed().await?;
        Ok(targets)
    }
}
