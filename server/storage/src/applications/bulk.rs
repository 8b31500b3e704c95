//! Many applications at a time.

use crate::boxed;
use domain::application::{Application, ApplicationContent};
use domain::audit::Target;
use domain::id::{ApplicationId, IdentityId, SourceId};
use domain::lifecycle::Level;
use domain::text;
use domain::time::Instant;

use super::{Row, columns, words};
use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

impl ReadTx {
    /// Present versions of applications; unknown ids are left out. In no order.
    #[boxed]
    pub async fn applications_with(&mut self, ids: &[ApplicationId]) -> Result<Vec<Application>> {
        let text = of_keys!(
            self,
            columns!(),
            "application s",
            "s.id = CAST(k.value AS BIGINT) AND s.recorded_to IS NULL"
        );
        let ids = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_application).collect()
    }

    /// All applications that have not ended, by id: what an import finds them by.
    #[boxed]
    pub async fn application_keys(&mut self) -> Result<Vec<Application>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM application s WHERE s.recorded_to IS NULL AND s.status <> 'ended' ORDER BY s.id"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_application).collect()
    }
}

impl WriteTx {
    /// Adds applications under new ids of their sequence.
    #[boxed]
    pub async fn insert_applications(
        &mut self,
        applications: &[(ApplicationId, ApplicationContent)],
    ) -> Result<Vec<Target>> {
        let rows: Vec<_> = applications
            .iter()
            .map(|(id, content)| (*id, content))
            .collect();
        let written = self.put_applications(&rows).await;
        self.whole(written)
    }

    /// Replaces versions, all of which must be the ones recorded then; [`Error::Stale`] otherwise.
    #[boxed]
    pub async fn replace_applications(
        &mut self,
        applications: &[(ApplicationId, Instant, ApplicationContent)],
    ) -> Result<Vec<Target>> {
        let text = of_rows!(
            self,
            "UPDATE application SET recorded_to = $2 WHERE recorded_to IS NULL AND (id, recorded_from) IN (SELECT ",
            [number 0, at 1],
            ")"
        );
        let versions = applications.iter().map(|(id, from, _)| (id.raw(), *from));
        self.close_versions(text, versions).await?;
        let rows: Vec<_> = applications
            .iter()
            .map(|(id, _, content)| (*id, content))
            .collect();
        let written = self.put_applications(&rows).await;
        self.whole(written)
    }

    async fn put_applications(
        &mut self,
        applications: &[(ApplicationId, &ApplicationContent)],
    ) -> Result<Vec<Target>> {
        let mut targets = Vec::with_capacity(applications.len());
        let mut rows = Rows::with_capacity(applications.len() * 200);
        for (id, content) in applications {
            let salt = self.salt();
            targets.push(mark(*id, content_hash(&salt, content)?));
            rows.row(|cells| {
                cells.number(id.raw());
                cells.bytes(&salt);
                cells.text(&content.name);
                cells.text(&text::key(&content.name));
                cells.text(&content.display_name);
                cells.text(&text::fold(&content.display_name));
                cells.text(&content.description);
                cells.maybe_number(content.owner.map(IdentityId::raw));
                cells.maybe_text(content.criticality.map(Level::word));
                cells.text(content.status.word());
                cells.flag(content.built_in);
                cells.maybe_number(content.source.map(SourceId::raw));
            });
        }
        let text = of_rows!(
            self,
            "INSERT INTO application (recorded_from, id, salt, name, name_key, display_name, display_key, description, owner_id, \
             criticality, status, built_in, source_id) SELECT $2, ",
            [number 0, bytes 1, text 2, text 3, text 4, text 5, text 6, number 7, text 8, text 9, flag 10, number 11],
            ""
        );
        let (rows, recorded) = (rows.into_text(), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        let objects: Vec<_> = applications
            .iter()
            .map(|(id, content)| (id.raw(), words(content)))
            .collect();
        let delete = of_ids!(self, "DELETE FROM application_word WHERE id IN ", "");
        let insert = of_rows!(self, "INSERT INTO application_word (word, id) SELECT ", [text 0, number 1], "");
        self.put_many_words(Some(delete), insert, &objects, |_| "")
            .await?;
        self.roles_changed().await?;
        Ok(targets)
    }
}
