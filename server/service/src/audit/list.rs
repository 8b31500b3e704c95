//! The list of entries.

use crate::boxed;
use domain::id::ObjectRef;
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Action, Facts};
use domain::time::Instant;
use jiff::tz::TimeZone;
use storage::audit::Entry;

use super::tokens::resolve;
use super::view::{EntryView, views};
use crate::search::wanted_facets;
use crate::{Cx, Result, Service};

/// How far the log is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointView {
    /// Entries it covers.
    pub size: i64,
    /// When it was signed.
    pub created: Instant,
}

/// A page of the log with what narrows it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPage {
    /// The entries, the newest first.
    pub page: Page<EntryView>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// The latest checkpoint.
    pub checkpoint: Option<CheckpointView>,
    /// Tokens of the search that mean nothing here.
    pub unknown_tokens: Vec<String>,
}

/// A page of the log; days in the search are days in `zone`.
#[boxed]
pub async fn list(
    service: &Service,
    cx: &Cx,
    query: &ListQuery,
    zone: &TimeZone,
) -> Result<AuditPage> {
    authorise(service, cx, None).await?;
    let mut tx = service.store.read().await?;
    let (search, unknown_tokens) = resolve(&mut tx, &query.search, zone).await?;
    let query = ListQuery {
        search,
        ..query.clone()
    };
    let Page {
        rows,
        before,
        after,
        total,
    } = tx.audit_entries(&query).await?;
    Ok(AuditPage {
        facets: wanted_facets(&query, tx.audit_facets(&query.search)).await?,
        checkpoint: tx.latest_checkpoint().await?.map(|latest| CheckpointView {
            size: latest.size,
            created: latest.created,
        }),
        page: Page {
            rows: views(&mut tx, rows).await?,
            before,
            after,
            total,
        },
        unknown_tokens,
    })
}

/// Whether the actor may read the log; a refusal is recorded.
pub(super) async fn authorise(service: &Service, cx: &Cx, object: Option<ObjectRef>) -> Result<()> {
    service
        .noted(
            cx,
            cx.decide(Action::ReadAudit, object, Facts::default())
                .map(drop),
        )
        .await
}

/// Whether an entry is the same act as another: it came with the same request.
pub(super) fn related(entry: &Entry, other: &Entry) -> bool {
    entry.seq != other.seq && entry.request.is_some() && entry.request == other.request
}
