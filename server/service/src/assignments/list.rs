//! The list of assignments: what is given to whom, by what, from when and until when.
//!
//! Who may see a person sees what is given to them.

use domain::assignment::AssignmentState;
use domain::id::{EntitlementId, IdentityId, RoleId, RuleId};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::visible_people;
use domain::role::Grantable;
use domain::search::{Comparison, Search, Term};
use domain::time::Instant;
use jiff::tz::TimeZone;
use storage::ReadTx;
use storage::assignments::{AssignmentContent, AssignmentRow, TOKENS};

use super::technical_names;
use crate::people::list_guard;
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Result, Service, boxed};

/// A page of assignments.
#[derive(Debug, Clone)]
pub struct AssignmentsPage {
    /// The rows.
    pub page: Page<AssignmentRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// A page of the assignments of people whom the actor may see.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, query: &ListQuery) -> Result<AssignmentsPage> {
    list_guard(cx)?;
    let mut tx = service.store.read().await?;
    let visibility = visible_people(cx.actor);
    let (now, zone) = (service.now(), zone(&mut tx).await?);
    let search = resolved(&mut tx, cx, &query.search).await?;
    let asked = ListQuery {
        search: search.clone(),
        ..query.clone()
    };
    Ok(AssignmentsPage {
        page: tx.assignment_list(visibility, (now, &zone), &asked).await?,
        facets: wanted_facets(
            query,
            tx.assignment_facets(visibility, (now, &zone), &search),
        )
        .await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// The zone in which days are meant.
async fn zone(tx: &mut ReadTx) -> Result<TimeZone> {
    let organisation = tx.organisation().await?;
    Ok(organisation.map_or(TimeZone::UTC, |found| found.time_zone()))
}

/// A page of rows.
pub(super) async fn page(
    tx: &mut ReadTx,
    cx: &Cx,
    now: Instant,
    query: &ListQuery,
) -> Result<Page<AssignmentRow>> {
    let zone = zone(tx).await?;
    let asked = ListQuery {
        search: resolved(tx, cx, &query.search).await?,
        ..query.clone()
    };
    let visibility = visible_people(cx.actor);
    Ok(tx.assignment_list(visibility, (now, &zone), &asked).await?)
}

/// The search with ids in place of names. What is not found stays as it is, and then nothing matches.
async fn resolved(tx: &mut ReadTx, cx: &Cx, search: &Search) -> Result<Search> {
    let mut terms = Vec::with_capacity(search.terms.len());
    for term in &search.terms {
        let found = match term {
            Term::Token {
                key,
                comparison: Comparison::Is,
                value,
            } => id_of(tx, cx, key, value)
                .await?
                .map(|id| Term::is(key, &id)),
            _ => None,
        };
        terms.push(found.unwrap_or_else(|| term.clone()));
    }
    Ok(Search { terms })
}

async fn id_of(tx: &mut ReadTx, cx: &Cx, key: &str, value: &str) -> Result<Option<String>> {
    Ok(match key {
        "person" if value == "me" => cx.me().map(|id| id.to_string()),
        "person" if value.parse::<IdentityId>().is_err() => {
            let found = tx.identity_by_username(value).await?;
            found.map(|person| person.id.to_string())
        }
        "role" if value.parse::<RoleId>().is_err() => {
            let name = value.strip_prefix("role:").unwrap_or(value);
            let found = tx.role_by_name(name).await?;
            found.map(|role| role.id.to_string())
        }
        "rule" if value.parse::<RuleId>().is_err() => {
            let found = tx.rule_by_name(value).await?;
            found.map(|rule| rule.id.to_string())
        }
        "entitlement" if value.parse::<EntitlementId>().is_err() => entitlement(tx, value).await?,
        _ => None,
    })
}

/// Names of either may hold a slash.
async fn entitlement(tx: &mut ReadTx, value: &str) -> Result<Option<String>> {
    for (index, _) in value.match_indices('/') {
        let Some(application) = tx.application_by_name(&value[..index]).await? else {
            continue;
        };
        let name = &value[index + 1..];
        if let Some(found) = tx.entitlement_by_name(application.id, name).await? {
            return Ok(Some(found.id.to_string()));
        }
    }
    Ok(None)
}

/// The word of where an assignment is in its life at a moment: what has not begun is scheduled.
pub fn state_word(content: &AssignmentContent, now: Instant) -> &'static str {
    match content.state {
        AssignmentState::Active if content.valid_from > now => "scheduled",
        state => state.word(),
    }
}

/// Columns of a file of assignments.
pub(crate) const EXPORT_COLUMNS: &[&str] = &[
    "id",
    "person_id",
    "username",
    "person",
    "kind",
    "what_id",
    "what",
    "what_name",
    "application_name",
    "agent",
    "state",
    "since_at_utc",
    "until_at_utc",
    "given_by",
    "reason",
];

/// A page of assignments in the cells of [`EXPORT_COLUMNS`]: what is given under the name by which forms and imports take
/// it, and under that which people read.
pub(crate) async fn export_rows(
    tx: &mut ReadTx,
    cx: &Cx,
    now: Instant,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let page = page(tx, cx, now, query).await?;
    let whats = page.rows.iter().map(|row| row.assignment.content.what);
    let names = technical_names(tx, whats).await?;
    Ok(page.map(|row: AssignmentRow| {
        let given_by = giver(&row).to_owned();
        let content = row.assignment.content;
        let (kind, what_id) = match content.what {
            Grantable::Entitlement(id) => ("entitlement", id.to_string()),
            Grantable::Role(id) => ("role", id.to_string()),
        };
        vec![
            row.assignment.id.to_string(),
            content.identity.to_string(),
            row.username,
            row.person,
            kind.to_owned(),
            what_id,
            names.get(&content.what).cloned().unwrap_or_default(),
            row.what,
            row.application.map(|(_, name)| name).unwrap_or_default(),
            content.agent.word().to_owned(),
            state_word(&content, now).to_owned(),
            content.valid_from.to_string(),
            content
                .valid_until
                .map(|at| at.to_string())
                .unwrap_or_default(),
            given_by,
            content.reason,
        ]
    }))
}

/// The name of what gave it: the rule, the source or the person; empty when nobody is recorded.
pub fn giver(row: &AssignmentRow) -> &str {
    let named = row.rule.as_ref().or(row.source.as_ref());
    named.or(row.giver.as_ref()).map_or("", String::as_str)
}
