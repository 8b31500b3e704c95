//! Writing versions of roles, and the time that each of their parts is in them.

use crate::boxed;
use std::collections::{BTreeSet, HashMap};

use domain::audit::Target;
use domain::id::{EntitlementId, IdentityId, RoleId, SourceId};
use domain::role::{RoleContent, RolePart};
use domain::text;
use domain::time::Instant;

use crate::bulk::Rows;
use crate::column::At;
use crate::engine::WriteTx;
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

impl WriteTx {
    /// Adds roles with what is in them, under new ids of their sequence.
    #[boxed]
    pub async fn insert_roles(&mut self, roles: &[(RoleId, RoleContent)]) -> Result<Vec<Target>> {
        let rows: Vec<_> = roles.iter().map(|(id, content)| (*id, content)).collect();
        let written = self.put_roles(&rows).await;
        self.whole(written)
    }

    /// Replaces versions, all of which must be the ones recorded then; [`Error::Stale`] otherwise.
    #[boxed]
    pub async fn replace_roles(
        &mut self,
        roles: &[(RoleId, Instant, RoleContent)],
    ) -> Result<Vec<Target>> {
        let text = of_rows!(
            self,
            "UPDATE role SET recorded_to = $2 WHERE recorded_to IS NULL AND (id, recorded_from) IN (SELECT ",
            [number 0, at 1],
            ")"
        );
        let versions = roles.iter().map(|(id, from, _)| (id.raw(), *from));
        self.close_versions(text, versions).await?;
        let rows: Vec<_> = roles
            .iter()
            .map(|(id, _, content)| (*id, content))
            .collect();
        let written = self.put_roles(&rows).await;
        self.whole(written)
    }

    async fn put_roles(&mut self, roles: &[(RoleId, &RoleContent)]) -> Result<Vec<Target>> {
        let mut targets = Vec::with_capacity(roles.len());
        let mut rows = Rows::with_capacity(roles.len() * 200);
        for (id, content) in roles {
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
                cells.text(content.status.word());
                cells.maybe_number(content.source.map(SourceId::raw));
            });
        }
        let text = of_rows!(
            self,
            "INSERT INTO role (recorded_from, id, salt, name, name_key, display_name, display_key, description, owner_id, status, \
             source_id) SELECT $2, ",
            [number 0, bytes 1, text 2, text 3, text 4, text 5, text 6, number 7, text 8, number 9],
            ""
        );
        let (rows, recorded) = (rows.into_text(), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        let objects: Vec<_> = roles
            .iter()
            .map(|(id, content)| {
                let words = text::words([content.display_name.as_str(), &content.name]);
                (id.raw(), words)
            })
            .collect();
        let delete = of_ids!(self, "DELETE FROM role_word WHERE id IN ", "");
        let insert =
            of_rows!(self, "INSERT INTO role_word (word, id) SELECT ", [text 0, number 1], "");
        self.put_many_words(Some(delete), insert, &objects, |_| "")
            .await?;
        self.put_parts(roles).await?;
        self.roles_changed().await?;
        Ok(targets)
    }

    /// Ends the parts that are no longer in their roles and begins those that are new.
    async fn put_parts(&mut self, roles: &[(RoleId, &RoleContent)]) -> Result<()> {
        let ids: Vec<i64> = roles.iter().map(|(id, _)| id.raw()).collect();
        let mut before: HashMap<i64, BTreeSet<RolePart>> = HashMap::new();
        for part in self.present_parts(&ids).await? {
            before.entry(part.role).or_default().insert(part.part);
        }
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for (id, content) in roles {
            let before = before.remove(&id.raw()).unwrap_or_default();
            gone.extend(
                before
                    .difference(&content.parts)
                    .map(|part| (id.raw(), *part)),
            );
            new.extend(
                content
                    .parts
                    .difference(&before)
                    .map(|part| (id.raw(), *part)),
            );
        }
        let recorded = At(self.recorded);
        if !gone.is_empty() {
            let text = of_rows!(
                self,
                "WITH x (role, includes, entitlement, source) AS (SELECT ",
                [number 0, number 1, number 2, number 3],
                ") UPDATE role_content SET recorded_to = $2 FROM x WHERE role_content.role_id = x.role \
                 AND role_content.recorded_to IS NULL AND role_content.includes_role_id IS NOT DISTINCT FROM x.includes \
                 AND role_content.entitlement_id IS NOT DISTINCT FROM x.entitlement \
                 AND role_content.source_id IS NOT DISTINCT FROM x.source"
            );
            on!(self, c => sqlx::query(text).bind(part_rows(gone)).bind(recorded).execute(c).await.map(drop))?;
        }
        if !new.is_empty() {
            let text = of_rows!(
                self,
                "INSERT INTO role_content (recorded_from, role_id, includes_role_id, entitlement_id, source_id) SELECT $2, ",
                [number 0, number 1, number 2, number 3],
                ""
            );
            on!(self, c => sqlx::query(text).bind(part_rows(new)).bind(recorded).execute(c).await.map(drop))?;
        }
        Ok(())
    }
}

fn part_rows(parts: Vec<(i64, RolePart)>) -> String {
    Rows::of(parts, |cells, (role, part)| {
        cells.number(role);
        cells.maybe_number(part.what.role().map(RoleId::raw));
        cells.maybe_number(part.what.entitlement().map(EntitlementId::raw));
        cells.maybe_number(part.source.map(SourceId::raw));
    })
}
