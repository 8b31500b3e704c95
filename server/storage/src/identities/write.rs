//! Writing versions of identities.

use crate::boxed;
use std::collections::BTreeSet;

use domain::audit::Target;
use domain::id::{IdentityId, ObjectKind};
use domain::identity::{IdentityContent, IdentityStatus};
use domain::text;
use domain::time::Instant;
use sqlx::types::Json;

use crate::bulk::Rows;
use crate::column::{At, Day};
use crate::engine::WriteTx;
use crate::versioned::{content_hash, mark};
use crate::words::WordTable;
use crate::{Error, Result};

const WORDS: WordTable = WordTable {
    delete: "DELETE FROM identity_word WHERE id = $1",
    insert: "INSERT INTO identity_word (word, id, name_key) \
             SELECT $1, p.id, p.name_key FROM identity p WHERE p.id = $2 AND p.recorded_to IS NULL",
};

impl WriteTx {
    /// Adds an identity.
    #[boxed]
    pub async fn insert_identity(
        &mut self,
        content: &IdentityContent,
    ) -> Result<(IdentityId, Target)> {
        let id = IdentityId::from_raw(self.next_id(ObjectKind::Identity).await?);
        let written = self.put_identity(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_identity(
        &mut self,
        id: IdentityId,
        expected: Instant,
        content: &IdentityContent,
    ) -> Result<Target> {
        let text = "UPDATE identity SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_identity(id, content).await;
        self.whole(written)
    }

    async fn put_identity(&mut self, id: IdentityId, content: &IdentityContent) -> Result<Target> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO identity (id, recorded_from, salt, external_id, username, username_key, display_name, \
             name_key, email, email_key, department, title, location, manager_id, kind, status, start_date, end_date, attributes) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(&content.external_id)
            .bind(&content.username)
            .bind(text::key(&content.username))
            .bind(&content.display_name)
            .bind(text::fold(&content.display_name))
            .bind(&content.email)
            .bind(text::key(&content.email))
            .bind(&content.department)
            .bind(&content.title)
            .bind(&content.location)
            .bind(content.manager.map(IdentityId::raw))
            .bind(content.kind.word())
            .bind(content.status.word())
            .bind(content.start_date.map(Day))
            .bind(content.end_date.map(Day))
            .bind(Json(&content.attributes))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        self.put_words(&WORDS, id.raw(), &words(content)).await?;
        self.put_attributes([content]).await?;
        if content.status == IdentityStatus::Ended {
            self.note_leavers([id]).await?;
        }
        if let Some(manager) = content.manager {
            self.note_if_ended([manager]).await?;
        }
        Ok(mark(id, hash))
    }
}

impl WriteTx {
    /// Remembers what sources call things that they say of people, for conditions.
    pub(super) async fn put_attributes(
        &mut self,
        contents: impl IntoIterator<Item = &IdentityContent>,
    ) -> Result<()> {
        let names: BTreeSet<&str> = contents
            .into_iter()
            .flat_map(|content| content.attributes.keys().map(String::as_str))
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        let text = of_rows!(
            self,
            "INSERT INTO identity_attribute (name) SELECT ",
            [text 0],
            " ON CONFLICT (name) DO NOTHING"
        );
        let rows = Rows::of(names.into_iter().enumerate(), |cells, (_, name)| {
            cells.text(name);
        });
        let new = on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(|done| done.rows_affected()))?;
        if new > 0 {
            self.rules_changed().await?;
        }
        Ok(())
    }
}

/// What an identity is found by.
pub(super) fn words(content: &IdentityContent) -> Vec<String> {
    text::words([
        content.display_name.as_str(),
        &content.username,
        &content.email,
        &content.external_id,
    ])
}
