//! Reading for verification: entries in bulk, and versions of covered tables beside what the log says of them.

use domain::id::{ApplicationId, AssignmentId, EntitlementId, IdentityId, ObjectKind, ObjectRef, OrganisationId};
use domain::organisation::Organisation;
use domain::text;
use domain::time::Instant;
use serde::Serialize;

use crate::column::At;
use crate::engine::ReadTx;
use crate::versioned::content_hash;
use crate::{Result, applications, assignments, entitlements, identities};

/// An entry with everything that is checked against its leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryCheck {
    /// Its number.
    pub seq: i64,
    /// Its moment as stored in the column.
    pub recorded: Instant,
    /// Column.
    pub actor: String,
    /// Column.
    pub action: String,
    /// Column.
    pub outcome: String,
    /// Column.
    pub request: Option<String>,
    /// The canonical JSON.
    pub leaf: Vec<u8>,
    /// Its hash as stored.
    pub leaf_hash: Vec<u8>,
}

/// A version of a covered row beside what the log says of it.
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
    /// Hash in the entry of the same moment; none when there is none.
    pub logged: Option<Vec<u8>>,
    /// Whether the columns for sorting and finding fit the content.
    pub derived_fits: bool,
}

#[derive(Debug, sqlx::FromRow)]
struct EntryRow {
    seq: i64,
    recorded: At,
    actor: String,
    action: String,
    outcome: String,
    request: Option<String>,
    leaf: Vec<u8>,
    leaf_hash: Vec<u8>,
}

/// The log's hash of the version of `$kind` in row alias `$row`.
macro_rules! logged {
    ($kind:literal, $row:literal) => {
        concat!(
            "(SELECT t.content FROM audit_target t JOIN audit_entry x ON x.seq = t.seq WHERE t.kind = '",
            $kind,
            "' AND t.object_id = ",
            $row,
            ".id AND x.recorded = ",
            $row,
            ".recorded_from AND t.content IS NOT NULL ORDER BY t.seq DESC LIMIT 1) AS logged"
        )
    };
}

/// A version row with its closing and what the log says.
#[derive(Debug, sqlx::FromRow)]
struct Versioned<V> {
    #[sqlx(flatten)]
    row: V,
    recorded_to: Option<At>,
    logged: Option<Vec<u8>>,
    derived: String,
}

#[derive(Debug, sqlx::FromRow)]
struct OrganisationRow {
    id: i64,
    recorded_from: At,
    salt: Vec<u8>,
    name: String,
    zone: String,
}

fn check(object: impl Into<ObjectRef>, from: At, to: Option<At>, salt: &[u8], content: Option<&impl Serialize>, logged: Option<Vec<u8>>, derived_fits: bool) -> VersionCheck {
    VersionCheck {
        object: object.into(),
        from: from.0,
        to: to.map(|at| at.0),
        computed: content.and_then(|content| content_hash(salt, content).ok()),
        logged,
        derived_fits,
    }
}

impl ReadTx {
    /// Entries from a number on.
    pub async fn entries_to_check(&mut self, from: i64, most: i64) -> Result<Vec<EntryCheck>> {
        let text = "SELECT seq, recorded, actor, action, outcome, request, leaf, leaf_hash FROM audit_entry \
                    WHERE seq >= $1 ORDER BY seq LIMIT $2";
        let rows: Vec<EntryRow> = on!(self, c => sqlx::query_as(text).bind(from).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|row| EntryCheck {
                seq: row.seq,
                recorded: row.recorded.0,
                actor: row.actor,
                action: row.action,
                outcome: row.outcome,
                request: row.request,
                leaf: row.leaf,
                leaf_hash: row.leaf_hash,
            })
            .collect())
    }

    /// Targets of the entries `from..=to`: entry, id text, content hash; in their order.
    pub async fn targets_to_check(&mut self, from: i64, to: i64) -> Result<Vec<(i64, Option<ObjectRef>, Option<Vec<u8>>)>> {
        let text = "SELECT seq, kind, object_id, content FROM audit_target WHERE seq BETWEEN $1 AND $2 ORDER BY seq, ordinal";
        let rows: Vec<(i64, String, i64, Option<Vec<u8>>)> = on!(self, c => sqlx::query_as(text).bind(from).bind(to).fetch_all(c).await)?;
        let object = |kind: &str, raw: i64| (raw > 0).then(|| ObjectKind::from_name(kind)).flatten().map(|kind| ObjectRef { kind, raw });
        Ok(rows.into_iter().map(|(seq, kind, raw, content)| (seq, object(&kind, raw), content)).collect())
    }

    /// Details of the entries `from..=to`: entry, subject, salt and canonical JSON (both none once erased); in their order.
    pub async fn details_to_check(&mut self, from: i64, to: i64) -> Result<Vec<(i64, String, Option<Vec<u8>>, Option<String>)>> {
        let text = "SELECT seq, subject, salt, body FROM audit_detail WHERE seq BETWEEN $1 AND $2 ORDER BY seq, ordinal";
        Ok(on!(self, c => sqlx::query_as(text).bind(from).bind(to).fetch_all(c).await)?)
    }

    /// Versions of a kind after an id and moment, in the order of id and moment.
    pub async fn versions_to_check(&mut self, kind: ObjectKind, after: (i64, Instant), most: i64) -> Result<Vec<VersionCheck>> {
        let (id, from) = (after.0, At(after.1));
        macro_rules! fetch {
            ($table:literal, $alias:literal, $columns:expr, $kind:literal, $derived:literal, $row:ty) => {{
                let text = concat!(
                    "SELECT ", $columns, ", ", $alias, ".recorded_to, ", logged!($kind, $alias), ", ", $derived, " AS derived FROM ", $table, " ", $alias,
                    " WHERE (", $alias, ".id, ", $alias, ".recorded_from) > ($1, $2) ORDER BY ", $alias, ".id, ", $alias, ".recorded_from LIMIT $3"
                );
                let rows: Vec<Versioned<$row>> = on!(self, c => sqlx::query_as(text).bind(id).bind(from).bind(most).fetch_all(c).await)?;
                rows
            }};
        }
        Ok(match kind {
            ObjectKind::Identity => fetch!("identity", "p", identities::columns!(), "identity", "p.username_key || '|' || p.name_key || '|' || p.email_key", identities::Row)
                .into_iter()
                .map(|v| {
                    let (id, from, salt) = (IdentityId::from_raw(v.row.id), v.row.recorded_from, v.row.salt.clone());
                    let content = v.row.into_identity().ok().map(|identity| identity.content);
                    let fits = content.as_ref().is_some_and(|c| {
                        v.derived == format!("{}|{}|{}", text::key(&c.username), text::fold(&c.display_name), text::key(&c.email))
                    });
                    check(id, from, v.recorded_to, &salt, content.as_ref(), v.logged, fits)
                })
                .collect(),
            ObjectKind::Application => fetch!("application", "s", applications::columns!(), "application", "s.name_key || '|' || s.display_key", applications::Row)
                .into_iter()
                .map(|v| {
                    let (id, from, salt) = (ApplicationId::from_raw(v.row.id), v.row.recorded_from, v.row.salt.clone());
                    let content = v.row.into_application().ok().map(|application| application.content);
                    let fits = content.as_ref().is_some_and(|c| v.derived == format!("{}|{}", text::key(&c.name), text::fold(&c.display_name)));
                    check(id, from, v.recorded_to, &salt, content.as_ref(), v.logged, fits)
                })
                .collect(),
            ObjectKind::Entitlement => fetch!("entitlement", "e", entitlements::columns!(), "entitlement", "e.name_key || '|' || e.display_key", entitlements::Row)
                .into_iter()
                .map(|v| {
                    let (id, from, salt) = (EntitlementId::from_raw(v.row.id), v.row.recorded_from, v.row.salt.clone());
                    let content = v.row.into_entitlement().ok().map(|entitlement| entitlement.content);
                    let fits = content.as_ref().is_some_and(|c| v.derived == format!("{}|{}", text::key(&c.name), text::fold(&c.display_name)));
                    check(id, from, v.recorded_to, &salt, content.as_ref(), v.logged, fits)
                })
                .collect(),
            ObjectKind::Assignment => fetch!("assignment", "a", assignments::columns!(), "assignment", "''", assignments::Row)
                .into_iter()
                .map(|v| {
                    let (id, from, salt) = (AssignmentId::from_raw(v.row.id), v.row.recorded_from, v.row.salt.clone());
                    let content = v.row.into_assignment().content;
                    check(id, from, v.recorded_to, &salt, Some(&content), v.logged, true)
                })
                .collect(),
            ObjectKind::Organisation => fetch!("organisation", "o", "o.id, o.recorded_from, o.salt, o.name, o.zone", "organisation", "''", OrganisationRow)
                .into_iter()
                .map(|v| {
                    let content = Organisation { name: v.row.name, zone: v.row.zone };
                    check(OrganisationId::from_raw(v.row.id), v.row.recorded_from, v.recorded_to, &v.row.salt, Some(&content), v.logged, true)
                })
                .collect(),
        })
    }

    /// An object of a kind that the log says was recorded at a moment but that has no version then.
    pub async fn missing_version(&mut self, kind: ObjectKind) -> Result<Option<(ObjectRef, i64)>> {
        macro_rules! missing {
            ($table:literal) => {
                concat!(
                    "SELECT t.object_id, t.seq FROM audit_target t JOIN audit_entry x ON x.seq = t.seq \
                     WHERE t.kind = '", $table, "' AND t.content IS NOT NULL AND NOT EXISTS \
                     (SELECT 1 FROM ", $table, " v WHERE v.id = t.object_id AND v.recorded_from = x.recorded) ORDER BY t.seq LIMIT 1"
                )
            };
        }
        let text = match kind {
            ObjectKind::Identity => missing!("identity"),
            ObjectKind::Application => missing!("application"),
            ObjectKind::Entitlement => missing!("entitlement"),
            ObjectKind::Assignment => missing!("assignment"),
            ObjectKind::Organisation => missing!("organisation"),
        };
        let row: Option<(i64, i64)> = on!(self, c => sqlx::query_as(text).fetch_optional(c).await)?;
        Ok(row.map(|(raw, seq)| (ObjectRef { kind, raw }, seq)))
    }
}
