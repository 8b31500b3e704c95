//! Versions of covered tables for verification, and what the log says of them, both in the order of object and moment.

use crate::boxed;

use domain::id::{
    ApplicationId, AssignmentId, EntitlementId, ExclusionId, IdentityId, ObjectKind, ObjectRef,
    OrganisationId, RuleId, SourceId,
};
use domain::organisation::Organisation;
use domain::text;
use domain::time::Instant;
use serde::Serialize;

use crate::column::At;
use crate::engine::ReadTx;
use crate::versioned::content_hash;
use crate::{
    Error, Result, applications, assignments, entitlements, exclusions, identities, rules, sources,
};

/// A version of a covered row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionCheck {
    /// Of which object.
    pub object: ObjectRef,
    /// Recorded from.
    pub from: Instant,
    /// Replaced at; none when current.
    pub to: Option<Instant>,
    /// Hash of the content as it is now; none when the row cannot be read.
    pub computed: Option<[u8; 32]>,
    /// Whether the columns for sorting and finding fit the content.
    pub derived_fits: bool,
}

/// What the log says an object's content became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedVersion {
    /// The object's number.
    pub raw: i64,
    /// In which entry.
    pub seq: i64,
    /// When.
    pub recorded: Instant,
    /// Hash of its content.
    pub content: Vec<u8>,
}

/// A version row with its closing and its derived columns.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Versioned<V> {
    #[sqlx(flatten)]
    pub(super) row: V,
    pub(super) recorded_to: Option<At>,
    pub(super) derived: String,
}

#[derive(Debug, sqlx::FromRow)]
struct OrganisationRow {
    id: i64,
    recorded_from: At,
    salt: Vec<u8>,
    name: String,
    zone: String,
}

/// Stands between derived columns: no text that was typed holds it.
const BETWEEN: char = '\u{1f}';

pub(super) fn check(
    object: impl Into<ObjectRef>,
    (from, to): (At, Option<At>),
    salt: &[u8],
    content: Option<&impl Serialize>,
    derived_fits: bool,
) -> VersionCheck {
    VersionCheck {
        object: object.into(),
        from: from.0,
        to: to.map(|at| at.0),
        computed: content.and_then(|content| content_hash(salt, content).ok()),
        derived_fits,
    }
}

/// Whether two derived columns are the unique key and the folded form of two texts.
pub(super) fn named(derived: &str, name: &str, display: &str) -> bool {
    derived == format!("{}{BETWEEN}{}", text::key(name), text::fold(display))
}

macro_rules! moments {
    ($table:literal) => {
        concat!(
            "SELECT id, recorded_from, recorded_to FROM ",
            $table,
            " WHERE (id, recorded_from) > ($1, $2) ORDER BY id, recorded_from LIMIT $3"
        )
    };
}

/// The moments of a kind's versions, without anything that might be unreadable; none when the log does not cover the kind
/// by content hashes. Runs and jobs are operational; accounts and observed access are proven by the manifests of the runs
/// that brought them.
const fn moments(kind: ObjectKind) -> Option<&'static str> {
    Some(match kind {
        ObjectKind::Identity => moments!("identity"),
        ObjectKind::Application => moments!("application"),
        ObjectKind::Entitlement => moments!("entitlement"),
        ObjectKind::Assignment => moments!("assignment"),
        ObjectKind::Organisation => moments!("organisation"),
        ObjectKind::Role => moments!("role"),
        ObjectKind::Source => moments!("source"),
        ObjectKind::Exclusion => moments!("exclusion"),
        ObjectKind::Rule => moments!("rule"),
        ObjectKind::ApprovalFlow => moments!("approval_flow"),
        ObjectKind::Request => moments!("request"),
        ObjectKind::RequestItem => moments!("request_item"),
        ObjectKind::RequestEvent => moments!("request_event"),
        ObjectKind::Delegation => moments!("delegation"),
        ObjectKind::FulfilmentTask => moments!("fulfilment_task"),
        ObjectKind::Review => moments!("review"),
        ObjectKind::Campaign => moments!("campaign"),
        ObjectKind::Account
        | ObjectKind::SourceRun
        | ObjectKind::Job
        | ObjectKind::View
        | ObjectKind::Notification
        | ObjectKind::Mail
        | ObjectKind::AuditorLink
        | ObjectKind::Discovery => {
            return None;
        }
    })
}

impl From<Versioned<identities::Row>> for VersionCheck {
    fn from(version: Versioned<identities::Row>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let (id, at, salt) = (
            IdentityId::from_raw(row.id),
            (row.recorded_from, recorded_to),
            row.salt.clone(),
        );
        let content = row.into_identity().ok().map(|identity| identity.content);
        let fits = content.as_ref().is_none_or(|content| {
            derived.rsplit_once(BETWEEN).is_some_and(|(names, email)| {
                named(names, &content.username, &content.display_name)
                    && email == text::key(&content.email)
            })
        });
        check(id, at, &salt, content.as_ref(), fits)
    }
}

impl From<Versioned<applications::Row>> for VersionCheck {
    fn from(version: Versioned<applications::Row>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let (id, at, salt) = (
            ApplicationId::from_raw(row.id),
            (row.recorded_from, recorded_to),
            row.salt.clone(),
        );
        let content = row
            .into_application()
            .ok()
            .map(|application| application.content);
        let fits = content
            .as_ref()
            .is_none_or(|content| named(&derived, &content.name, &content.display_name));
        check(id, at, &salt, content.as_ref(), fits)
    }
}

impl From<Versioned<entitlements::Row>> for VersionCheck {
    fn from(version: Versioned<entitlements::Row>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let (id, at, salt) = (
            EntitlementId::from_raw(row.id),
            (row.recorded_from, recorded_to),
            row.salt.clone(),
        );
        let content = row
            .into_entitlement()
            .ok()
            .map(|entitlement| entitlement.content);
        let fits = content
            .as_ref()
            .is_none_or(|content| named(&derived, &content.name, &content.display_name));
        check(id, at, &salt, content.as_ref(), fits)
    }
}

impl From<Versioned<assignments::Row>> for VersionCheck {
    fn from(version: Versioned<assignments::Row>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let (id, at, salt) = (
            AssignmentId::from_raw(row.id),
            (row.recorded_from, recorded_to),
            row.salt.clone(),
        );
        let content = row
            .into_assignment()
            .ok()
            .map(|assignment| assignment.content);
        check(id, at, &salt, content.as_ref(), derived.is_empty())
    }
}

impl From<Versioned<sources::Row>> for VersionCheck {
    fn from(version: Versioned<sources::Row>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let (id, at, salt) = (
            SourceId::from_raw(row.id),
            (row.recorded_from, recorded_to),
            row.salt.clone(),
        );
        let content = row.into_source().ok().map(|source| source.content);
        let fits = content
            .as_ref()
            .is_none_or(|content| derived == text::key(&content.name));
        check(id, at, &salt, content.as_ref(), fits)
    }
}

impl From<Versioned<exclusions::Row>> for VersionCheck {
    fn from(version: Versioned<exclusions::Row>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let (id, at, salt) = (
            ExclusionId::from_raw(row.id),
            (row.recorded_from, recorded_to),
            row.salt.clone(),
        );
        let content = row.into_exclusion().ok().map(|exclusion| exclusion.content);
        check(id, at, &salt, content.as_ref(), derived.is_empty())
    }
}

impl From<Versioned<rules::Row>> for VersionCheck {
    fn from(version: Versioned<rules::Row>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let (id, at, salt) = (
            RuleId::from_raw(row.id),
            (row.recorded_from, recorded_to),
            row.salt.clone(),
        );
        let content = row.into_rule().ok().map(|rule| rule.content);
        let fits = content
            .as_ref()
            .is_none_or(|content| named(&derived, &content.name, &content.name));
        check(id, at, &salt, content.as_ref(), fits)
    }
}

impl From<Versioned<OrganisationRow>> for VersionCheck {
    fn from(version: Versioned<OrganisationRow>) -> Self {
        let Versioned {
            row,
            recorded_to,
            derived,
        } = version;
        let content = Organisation {
            name: row.name,
            zone: row.zone,
        };
        let id = OrganisationId::from_raw(row.id);
        check(
            id,
            (row.recorded_from, recorded_to),
            &row.salt,
            Some(&content),
            derived.is_empty(),
        )
    }
}

impl ReadTx {
    /// Versions of a kind after an id and moment, in the order of id and moment.
    #[boxed]
    pub async fn versions_to_check(
        &mut self,
        kind: ObjectKind,
        after: (i64, Instant),
        most: i64,
    ) -> Result<Vec<VersionCheck>> {
        match self.versions(kind, after, most).await {
            Err(Error::Database(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))) => {
                self.readable_versions(kind, after, most).await
            }
            answer => answer,
        }
    }

    /// What the log says of objects of a kind, after an id and entry, in the order of id and entry.
    #[boxed]
    pub async fn logged_versions(
        &mut self,
        kind: ObjectKind,
        after: (i64, i64),
        most: i64,
    ) -> Result<Vec<LoggedVersion>> {
        let text = "SELECT t.object_id, t.seq, x.recorded, t.content FROM audit_target t JOIN audit_entry x ON x.seq = t.seq \
                    WHERE t.kind = $1 AND (t.object_id, t.seq) > ($2, $3) AND t.content IS NOT NULL ORDER BY t.object_id, t.seq LIMIT $4";
        let rows: Vec<(i64, i64, At, Vec<u8>)> = on!(self, c => sqlx::query_as(text).bind(kind.name()).bind(after.0).bind(after.1).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(raw, seq, at, content)| LoggedVersion {
                raw,
                seq,
                recorded: at.0,
                content,
            })
            .collect())
    }

    /// One row at a time, because one of them cannot be read.
    async fn readable_versions(
        &mut self,
        kind: ObjectKind,
        after: (i64, Instant),
        most: i64,
    ) -> Result<Vec<VersionCheck>> {
        let Some(text) = moments(kind) else {
            return Ok(Vec::new());
        };
        let rows: Vec<(i64, At, Option<At>)> = on!(self, c => sqlx::query_as(text).bind(after.0).bind(At(after.1)).bind(most).fetch_all(c).await)?;
        let mut versions = Vec::with_capacity(rows.len());
        for (raw, from, to) in rows {
            let alone = self.versions(kind, (raw, from.0.plus(-1)), 1).await;
            let unread = VersionCheck {
                object: ObjectRef { kind, raw },
                from: from.0,
                to: to.map(|at| at.0),
                computed: None,
                derived_fits: true,
            };
            versions.push(alone.ok().and_then(|mut one| one.pop()).unwrap_or(unread));
        }
        Ok(versions)
    }

    async fn versions(
        &mut self,
        kind: ObjectKind,
        after: (i64, Instant),
        most: i64,
    ) -> Result<Vec<VersionCheck>> {
        let (id, from) = (after.0, At(after.1));
        macro_rules! fetch {
            ($table:literal, $alias:literal, $columns:expr, $derived:literal, $row:ty) => {{
                let text = concat!(
                    "SELECT ", $columns, ", ", $alias, ".recorded_to, ", $derived, " AS derived FROM ", $table, " ", $alias,
                    " WHERE (", $alias, ".id, ", $alias, ".recorded_from) > ($1, $2) ORDER BY ", $alias, ".id, ", $alias, ".recorded_from LIMIT $3"
                );
                let rows: Vec<Versioned<$row>> = on!(self, c => sqlx::query_as(text).bind(id).bind(from).bind(most).fetch_all(c).await)?;
                rows.into_iter().map(VersionCheck::from).collect()
            }};
        }
        Ok(match kind {
            ObjectKind::Identity => fetch!(
                "identity",
                "p",
                identities::columns!(),
                "p.username_key || '\u{1f}' || p.name_key || '\u{1f}' || p.email_key",
                identities::Row
            ),
            ObjectKind::Application => fetch!(
                "application",
                "s",
                applications::columns!(),
                "s.name_key || '\u{1f}' || s.display_key",
                applications::Row
            ),
            ObjectKind::Entitlement => fetch!(
                "entitlement",
                "e",
                entitlements::columns!(),
                "e.name_key || '\u{1f}' || e.display_key",
                entitlements::Row
            ),
            ObjectKind::Assignment => fetch!(
                "assignment",
                "a",
                assignments::columns!(),
                "''",
                assignments::Row
            ),
            ObjectKind::Organisation => fetch!(
                "organisation",
                "o",
                "o.id, o.recorded_from, o.salt, o.name, o.zone",
                "''",
                OrganisationRow
            ),
            ObjectKind::Source => fetch!(
                "source",
                "c",
                sources::columns!(),
                "c.name_key",
                sources::Row
            ),
            ObjectKind::Exclusion => fetch!(
                "exclusion",
                "y",
                exclusions::columns!(),
                "''",
                exclusions::Row
            ),
            ObjectKind::Rule => fetch!(
                "rule",
                "u",
                rules::columns!(),
                "u.name_key || '\u{1f}' || u.display_key",
                rules::Row
            ),
            ObjectKind::Role => return self.role_versions(id, from, most).await,
            ObjectKind::ApprovalFlow
            | ObjectKind::Request
            | ObjectKind::RequestItem
            | ObjectKind::RequestEvent
            | ObjectKind::Delegation
            | ObjectKind::FulfilmentTask
            | ObjectKind::Review
            | ObjectKind::Campaign => {
                return self.document_versions(kind, (id, from), most).await;
            }
            ObjectKind::Account
            | ObjectKind::SourceRun
            | ObjectKind::Job
            | ObjectKind::View
            | ObjectKind::Notification
            | ObjectKind::Mail
            | ObjectKind::AuditorLink
            | ObjectKind::Discovery => Vec::new(),
        })
    }
}
