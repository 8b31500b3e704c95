//! Versions of roles for verification: their content is in two tables.

use std::collections::{BTreeSet, HashMap};

use domain::id::RoleId;
use domain::time::Instant;

use super::versions::{VersionCheck, Versioned, check, named};
use crate::column::At;
use crate::engine::ReadTx;
use crate::roles::KeptPart;
use crate::{Result, roles};

impl ReadTx {
    /// Versions of roles, each with what was in the role at its moment.
    pub(super) async fn role_versions(
        &mut self,
        id: i64,
        from: At,
        most: i64,
    ) -> Result<Vec<VersionCheck>> {
        let text = concat!(
            "SELECT ",
            roles::columns!(),
            ", r.recorded_to, r.name_key || '\u{1f}' || r.display_key AS derived FROM role r \
             WHERE (r.id, r.recorded_from) > ($1, $2) ORDER BY r.id, r.recorded_from LIMIT $3"
        );
        let rows: Vec<Versioned<roles::Row>> =
            on!(self, c => sqlx::query_as(text).bind(id).bind(from).bind(most).fetch_all(c).await)?;
        let mut ids: Vec<i64> = rows.iter().map(|version| version.row.id).collect();
        ids.dedup();
        let mut parts: HashMap<i64, Vec<KeptPart>> = HashMap::new();
        for part in self.kept_parts(&ids).await? {
            parts.entry(part.role).or_default().push(part);
        }
        let checks = rows.into_iter().map(|version| {
            let parts = parts.get(&version.row.id).map_or(&[][..], Vec::as_slice);
            role_check(version, parts)
        });
        Ok(checks.collect())
    }
}

/// A part begins and ends only where a version does; so none begins or ends within this one.
fn role_check(version: Versioned<roles::Row>, parts: &[KeptPart]) -> VersionCheck {
    let Versioned {
        row,
        recorded_to,
        derived,
    } = version;
    let (id, at, salt) = (
        RoleId::from_raw(row.id),
        (row.recorded_from, recorded_to),
        row.salt.clone(),
    );
    let within = |moment: Instant| moment > at.0.0 && recorded_to.is_none_or(|to| moment < to.0);
    let changes_within = parts
        .iter()
        .any(|part| within(part.from) || part.to.is_some_and(within));
    let held = parts.iter().filter(|part| part.held(at.0.0));
    let held: BTreeSet<_> = held.map(|part| part.part).collect();
    let content = row.into_role(held).ok().map(|role| role.content);
    let fits = content
        .as_ref()
        .is_none_or(|content| named(&derived, &content.name, &content.display_name));
    check(id, at, &salt, content.as_ref(), fits && !changes_within)
}
