//! Versions of rows that are kept as JSON, for verification: the hash of the JSON as it is now, and whether the columns
//! beside it say what it says.

use domain::approval::{FlowContent, Happened, RequestEvent};
use domain::delegation::DelegationContent;
use domain::id::{
    AccountId, AssignmentId, EntitlementId, IdentityId, ObjectKind, ObjectRef, ReviewId, RoleId,
};
use domain::request::{RequestContent, RequestItemContent};
use domain::review::{CampaignContent, ReviewContent};
use domain::role::Grantable;
use domain::task::TaskContent;
use domain::text;
use domain::time::Instant;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::versions::VersionCheck;
use crate::Result;
use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::ReadTx;
use crate::versioned::content_hash;

/// Stands between derived columns: no text that was typed holds it.
const BETWEEN: &str = "\u{1f}";

#[derive(Debug, sqlx::FromRow)]
struct Kept {
    #[sqlx(flatten)]
    row: Row,
    recorded_to: Option<At>,
    derived: String,
}

fn joined(parts: &[String]) -> String {
    parts.join(BETWEEN)
}

fn number(n: Option<i64>) -> String {
    n.map(|n| n.to_string()).unwrap_or_default()
}

/// What the columns beside a content must say, taken from it; none when the content cannot be read.
fn derived(kind: ObjectKind, json: &Value) -> Option<String> {
    fn read<T: DeserializeOwned>(json: &Value) -> Option<T> {
        T::deserialize(json).ok()
    }
    let of = |what: Grantable| {
        [
            number(what.entitlement().map(EntitlementId::raw)),
            number(what.role().map(RoleId::raw)),
        ]
    };
    let person = |id: IdentityId| id.raw().to_string();
    Some(joined(&match kind {
        ObjectKind::ApprovalFlow => {
            let content: FlowContent = read(json)?;
            vec![text::key(&content.name), content.status.word().to_owned()]
        }
        ObjectKind::Request => {
            let content: RequestContent = read(json)?;
            vec![person(content.requester), person(content.beneficiary)]
        }
        ObjectKind::RequestItem => {
            let content: RequestItemContent = read(json)?;
            let [entitlement, role] = of(content.what);
            vec![
                content.request.raw().to_string(),
                person(content.requester),
                person(content.beneficiary),
                entitlement,
                role,
                content.state.word().to_owned(),
            ]
        }
        ObjectKind::RequestEvent => {
            let event: RequestEvent = read(json)?;
            let decided = matches!(event.what, Happened::Decided { .. });
            vec![
                event.item.raw().to_string(),
                number(event.by.map(IdentityId::raw)),
                if decided { "decided" } else { "other" }.to_owned(),
            ]
        }
        ObjectKind::Delegation => {
            let content: DelegationContent = read(json)?;
            vec![
                person(content.delegator),
                person(content.delegate),
                content.state.word().to_owned(),
            ]
        }
        ObjectKind::FulfilmentTask => {
            let content: TaskContent = read(json)?;
            vec![
                content.kind.word().to_owned(),
                content.identity.map_or(0, IdentityId::raw).to_string(),
                content
                    .entitlement
                    .map_or(0, EntitlementId::raw)
                    .to_string(),
                content.application.raw().to_string(),
                content.assignment.map_or(0, AssignmentId::raw).to_string(),
                content.account.map_or(0, AccountId::raw).to_string(),
                content.state.word().to_owned(),
            ]
        }
        ObjectKind::Review => {
            let content: ReviewContent = read(json)?;
            vec![text::key(&content.name), content.status.word().to_owned()]
        }
        ObjectKind::Campaign => {
            let content: CampaignContent = read(json)?;
            vec![
                number(content.review.map(ReviewId::raw)),
                content.state.word().to_owned(),
            ]
        }
        _ => return None,
    }))
}

/// The moments that a content says and columns repeat.
fn moments_fit(kind: ObjectKind, json: &Value, kept: &[Option<Instant>]) -> bool {
    let said = |key: &str| {
        json.get(key)
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<Instant>().ok())
    };
    match kind {
        ObjectKind::RequestItem => kept == [said("created"), said("ended")],
        ObjectKind::Delegation => kept == [said("valid_from"), said("valid_until")],
        ObjectKind::Campaign => kept == [said("due"), said("due")],
        _ => true,
    }
}

fn check(kind: ObjectKind, kept: Kept, moments: &[Option<Instant>]) -> VersionCheck {
    let json: Option<Value> = serde_json::from_str(&kept.row.content).ok();
    let computed = json
        .as_ref()
        .and_then(|json| content_hash(&kept.row.salt, json).ok());
    let fits = json.as_ref().is_none_or(|json| {
        derived(kind, json).is_none_or(|derived| derived == kept.derived)
            && moments_fit(kind, json, moments)
    });
    VersionCheck {
        object: ObjectRef {
            kind,
            raw: kept.row.id,
        },
        from: kept.row.recorded_from.0,
        to: kept.recorded_to.map(|at| at.0),
        computed,
        derived_fits: fits,
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Timed {
    #[sqlx(flatten)]
    kept: Kept,
    first: Option<At>,
    second: Option<At>,
}

impl ReadTx {
    /// Versions of a kind that is kept as JSON after an id and moment, in their order.
    pub(super) async fn document_versions(
        &mut self,
        kind: ObjectKind,
        (id, from): (i64, At),
        most: i64,
    ) -> Result<Vec<VersionCheck>> {
        macro_rules! fetch {
            ($table:literal, $derived:expr) => {
                fetch!($table, $derived, "d.recorded_to", "d.recorded_to")
            };
            ($table:literal, $derived:expr, $first:literal, $second:literal) => {{
                let text = concat!(
                    "SELECT ", document!("d"), ", d.recorded_to, ", $derived, " AS derived, ", $first, " AS first, ", $second,
                    " AS second FROM ", $table, " d WHERE (d.id, d.recorded_from) > ($1, $2) ORDER BY d.id, d.recorded_from LIMIT $3"
                );
                let rows: Vec<Timed> = on!(self, c => sqlx::query_as(text).bind(id).bind(from).bind(most).fetch_all(c).await)?;
                rows
            }};
        }
        let rows = match kind {
            ObjectKind::ApprovalFlow => {
                fetch!("approval_flow", "d.name_key || '\u{1f}' || d.status")
            }
            ObjectKind::Request => fetch!(
                "request",
                "CAST(d.requester_id AS TEXT) || '\u{1f}' || CAST(d.beneficiary_id AS TEXT)"
            ),
            ObjectKind::RequestItem => fetch!(
                "request_item",
                "CAST(d.request_id AS TEXT) || '\u{1f}' || CAST(d.requester_id AS TEXT) || '\u{1f}' || CAST(d.beneficiary_id AS TEXT) \
                 || '\u{1f}' || coalesce(CAST(d.entitlement_id AS TEXT), '') || '\u{1f}' || coalesce(CAST(d.role_id AS TEXT), '') \
                 || '\u{1f}' || d.state",
                "d.created",
                "d.ended"
            ),
            ObjectKind::RequestEvent => fetch!(
                "request_event",
                "CAST(d.item_id AS TEXT) || '\u{1f}' || coalesce(CAST(d.by_id AS TEXT), '') || '\u{1f}' || d.event"
            ),
            ObjectKind::Delegation => fetch!(
                "delegation",
                "CAST(d.delegator_id AS TEXT) || '\u{1f}' || CAST(d.delegate_id AS TEXT) || '\u{1f}' || d.state",
                "d.valid_from",
                "d.valid_until"
            ),
            ObjectKind::FulfilmentTask => fetch!(
                "fulfilment_task",
                "d.kind || '\u{1f}' || CAST(d.identity_id AS TEXT) || '\u{1f}' || CAST(d.entitlement_id AS TEXT) || '\u{1f}' \
                 || CAST(d.application_id AS TEXT) || '\u{1f}' || CAST(d.assignment_id AS TEXT) || '\u{1f}' || CAST(d.account_id AS TEXT) \
                 || '\u{1f}' || d.state"
            ),
            ObjectKind::Review => fetch!("review", "d.name_key || '\u{1f}' || d.status"),
            ObjectKind::Campaign => fetch!(
                "campaign",
                "coalesce(CAST(d.review_id AS TEXT), '') || '\u{1f}' || d.state",
                "d.due",
                "d.due"
            ),
            _ => Vec::new(),
        };
        let checks = rows.into_iter().map(|timed| {
            let moments = [timed.first, timed.second].map(|at| at.map(|at| at.0));
            check(kind, timed.kept, &moments)
        });
        Ok(checks.collect())
    }
}
