//! Many identities at a time: reading by keys and ids, writing versions.

use crate::boxed;
use std::collections::BTreeSet;

use domain::audit::Target;
use domain::id::IdentityId;
use domain::identity::{Identity, IdentityContent, IdentityStatus};
use domain::text;
use domain::time::{Date, Instant};

use super::row::{Row, columns};
use super::write::words;
use crate::bulk::{Rows, keys};
use crate::column::{At, Day};
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

/// What an import must know of every identity to tell who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityKey {
    /// Its id.
    pub id: IdentityId,
    /// Its username, folded by [`domain::text::key`].
    pub username_key: String,
    /// Its mail address, folded likewise; empty when unknown.
    pub email_key: String,
    /// Its manager.
    pub manager: Option<IdentityId>,
    /// Where it is in its life.
    pub status: IdentityStatus,
    /// Whether some source may change and end it.
    pub governed: bool,
}

type KeyRow = (i64, String, String, Option<i64>, String, bool);

impl ReadTx {
    /// People who can use nothing: suspended ones, and those whose last day is over and who have not been ended yet. Ended
    /// ones hold nothing anyhow.
    #[boxed]
    pub async fn absent_people(&mut self, today: Date) -> Result<Vec<i64>> {
        let text = sql!(self,
            sqlite: "SELECT id FROM identity WHERE recorded_to IS NULL AND status = 'suspended' UNION \
                     SELECT id FROM identity WHERE recorded_to IS NULL AND status <> 'ended' AND COALESCE(end_date, '9999-12-31') < $1",
            postgres: "SELECT id FROM identity WHERE recorded_to IS NULL AND status = 'suspended' UNION \
                     SELECT id FROM identity WHERE recorded_to IS NULL AND status <> 'ended' AND COALESCE(end_date, DATE '9999-12-31') < $1",
        );
        Ok(on!(self, c => sqlx::query_scalar(text).bind(Day(today)).fetch_all(c).await)?)
    }

    /// What sources say of people besides the usual, by name.
    #[boxed]
    pub async fn attribute_names(&mut self) -> Result<Vec<String>> {
        let text = "SELECT name FROM identity_attribute ORDER BY name";
        Ok(on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?)
    }

    /// Present versions of people who have not ended, after an id, in the order of ids.
    #[boxed]
    pub async fn identities_after(&mut self, after: i64, most: i64) -> Result<Vec<Identity>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM identity p WHERE p.recorded_to IS NULL AND p.status <> 'ended' AND p.id > $1 ORDER BY p.id LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(after).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_identity).collect()
    }

    /// People with a department and title who are there, in the order of ids.
    #[boxed]
    pub async fn peers(
        &mut self,
        department: &str,
        title: &str,
        most: i64,
    ) -> Result<Vec<IdentityId>> {
        let text = "SELECT id FROM identity WHERE department = $1 AND title = $2 AND recorded_to IS NULL \
                    AND status IN ('active', 'on_leave') ORDER BY id LIMIT $3";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(department).bind(title).bind(most).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// Whom some people lead directly, as far as they have not ended: after an id, in the order of ids.
    #[boxed]
    pub async fn reports_of(
        &mut self,
        managers: &[IdentityId],
        after: i64,
        most: i64,
    ) -> Result<Vec<IdentityId>> {
        let text = of_keys!(
            self,
            "p.id",
            "identity p",
            "p.manager_id = CAST(k.value AS BIGINT) AND p.recorded_to IS NULL AND p.status <> 'ended' \
             AND p.id > $2 ORDER BY p.id LIMIT $3"
        );
        let managers = keys(managers.iter().map(|id| id.raw()));
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(&managers).bind(after).bind(most).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// Present versions of identities; unknown ids are left out. In no order.
    #[boxed]
    pub async fn identities_with(&mut self, ids: &[IdentityId]) -> Result<Vec<Identity>> {
        let text = of_keys!(
            self,
            columns!(),
            "identity p",
            "p.id = CAST(k.value AS BIGINT) AND p.recorded_to IS NULL"
        );
        let ids = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_identity).collect()
    }

    /// Who uses these usernames (keys) now; ended ones do not.
    #[boxed]
    pub async fn identities_by_keys(
        &mut self,
        usernames: &[String],
    ) -> Result<Vec<(String, IdentityId)>> {
        let text = of_keys!(
            self,
            "p.username_key, p.id",
            "identity p",
            "p.username_key = k.value AND p.recorded_to IS NULL AND p.status <> 'ended'"
        );
        self.named(text, usernames).await
    }

    /// Who has these mail addresses (keys) now; ended ones do not. Several may have the same.
    #[boxed]
    pub async fn identities_by_emails(
        &mut self,
        emails: &[String],
    ) -> Result<Vec<(String, IdentityId)>> {
        let text = of_keys!(
            self,
            "p.email_key, p.id",
            "identity p",
            "p.email_key = k.value AND p.email_key <> '' AND p.recorded_to IS NULL AND p.status <> 'ended'"
        );
        self.named(text, emails).await
    }

    async fn named(
        &mut self,
        text: &'static str,
        wanted: &[String],
    ) -> Result<Vec<(String, IdentityId)>> {
        let wanted = keys(wanted);
        let rows: Vec<(String, i64)> =
            on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(key, id)| (key, IdentityId::from_raw(id)))
            .collect())
    }

    /// Keys of all identities after an id, also of ended ones, in the order of ids.
    #[boxed]
    pub async fn identity_keys(&mut self, after: i64, most: i64) -> Result<Vec<IdentityKey>> {
        let text = "SELECT p.id, p.username_key, p.email_key, p.manager_id, p.status, \
                    EXISTS (SELECT 1 FROM identity_link l WHERE l.identity_id = p.id AND l.authority) \
                    FROM identity p WHERE p.recorded_to IS NULL AND p.id > $1 ORDER BY p.id LIMIT $2";
        let rows: Vec<KeyRow> =
            on!(self, c => sqlx::query_as(text).bind(after).bind(most).fetch_all(c).await)?;
        rows.into_iter()
            .map(|(id, username_key, email_key, manager, status, governed)| {
                let id = IdentityId::from_raw(id);
                let damaged = || Error::damaged(format!("identity {id}"));
                Ok(IdentityKey {
                    id,
                    username_key,
                    email_key,
                    manager: manager.map(IdentityId::from_raw),
                    status: IdentityStatus::from_word(&status).ok_or_else(damaged)?,
                    governed,
                })
            })
            .collect()
    }

    /// Who holds an active right of this console.
    #[boxed]
    pub async fn privileged_identities(&mut self) -> Result<Vec<IdentityId>> {
        let text = "SELECT DISTINCT a.identity_id FROM application s \
             JOIN entitlement e ON e.application_id = s.id AND e.recorded_to IS NULL AND e.status = 'active' \
             JOIN assignment a ON a.entitlement_id = e.id AND a.recorded_to IS NULL AND a.state = 'active' \
             WHERE s.recorded_to IS NULL AND s.built_in ORDER BY a.identity_id";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }
}

impl WriteTx {
    /// Adds identities under new ids of their sequence.
    #[boxed]
    pub async fn insert_identities(
        &mut self,
        identities: &[(IdentityId, IdentityContent)],
    ) -> Result<Vec<Target>> {
        let rows: Vec<_> = identities
            .iter()
            .map(|(id, content)| (*id, content))
            .collect();
        let written = self.put_identities(&rows, true).await;
        self.whole(written)
    }

    /// Replaces versions, all of which must be the ones recorded then; [`Error::Stale`] otherwise.
    #[boxed]
    pub async fn replace_identities(
        &mut self,
        identities: &[(IdentityId, Instant, IdentityContent)],
    ) -> Result<Vec<Target>> {
        let text = of_rows!(
            self,
            "UPDATE identity SET recorded_to = $2 WHERE recorded_to IS NULL AND (id, recorded_from) IN (SELECT ",
            [number 0, at 1],
            ")"
        );
        let versions = identities.iter().map(|(id, from, _)| (id.raw(), *from));
        self.close_versions(text, versions).await?;
        let rows: Vec<_> = identities
            .iter()
            .map(|(id, _, content)| (*id, content))
            .collect();
        let written = self.put_identities(&rows, false).await;
        self.whole(written)
    }

    async fn put_identities(
        &mut self,
        identities: &[(IdentityId, &IdentityContent)],
        new: bool,
    ) -> Result<Vec<Target>> {
        let mut targets = Vec::with_capacity(identities.len());
        let mut rows = Rows::with_capacity(identities.len() * 400);
        for (id, content) in identities {
            let salt = self.salt();
            targets.push(mark(*id, content_hash(&salt, content)?));
            rows.row(|cells| {
                cells.number(id.raw());
                cells.bytes(&salt);
                cells.text(&content.external_id);
                cells.text(&content.username);
                cells.text(&text::key(&content.username));
                cells.text(&content.display_name);
                cells.text(&text::fold(&content.display_name));
                cells.text(&content.email);
                cells.text(&text::key(&content.email));
                cells.text(&content.department);
                cells.text(&content.title);
                cells.text(&content.location);
                cells.maybe_number(content.manager.map(IdentityId::raw));
                cells.text(content.kind.word());
                cells.text(content.status.word());
                cells.maybe_day(content.start_date);
                cells.maybe_day(content.end_date);
                cells.json(&content.attributes);
            });
        }
        let text = of_rows!(
            self,
            "INSERT INTO identity (recorded_from, id, salt, external_id, username, username_key, display_name, name_key, email, \
             email_key, department, title, location, manager_id, kind, status, start_date, end_date, attributes) SELECT $2, ",
            [number 0, bytes 1, text 2, text 3, text 4, text 5, text 6, text 7, text 8, text 9, text 10, text 11, number 12,
             text 13, text 14, day 15, day 16, json 17],
            ""
        );
        let (rows, recorded) = (rows.into_text(), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        let objects: Vec<_> = identities
            .iter()
            .map(|(id, content)| (id.raw(), words(content)))
            .collect();
        let delete = of_ids!(self, "DELETE FROM identity_word WHERE id IN ", "");
        let insert = of_rows!(
            self,
            "INSERT INTO identity_word (word, id, name_key) SELECT ",
            [text 0, number 1, text 2],
            ""
        );
        let names: Vec<String> = identities
            .iter()
            .map(|(_, content)| text::fold(&content.display_name))
            .collect();
        self.put_many_words((!new).then_some(delete), insert, &objects, |at| {
            names.get(at).map_or("", String::as_str)
        })
        .await?;
        self.put_attributes(identities.iter().map(|(_, content)| *content))
            .await?;
        let ended = identities
            .iter()
            .filter(|(_, content)| content.status == IdentityStatus::Ended);
        self.note_leavers(ended.map(|(id, _)| *id)).await?;
        let managers: BTreeSet<IdentityId> = identities
            .iter()
            .filter_map(|(_, content)| content.manager)
            .collect();
        self.note_if_ended(managers).await?;
        Ok(targets)
    }
}
