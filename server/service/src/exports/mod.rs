//! Lists as files: at once while they are short, by a job when they are long.
//!
//! A file has what the list shows, with its filter, order and columns, as far as whoever asks may see it. What a row of a
//! list says stands beside that list, in its `export` module.

mod background;
mod lists;
mod of;
mod sheet;

use domain::audit::{AuditAction, Detail, Event};
use domain::page::{ListQuery, Page, Sort};
use domain::permission::{Action, Facts};
use domain::search::Search;
use domain::time::Instant;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use storage::ReadTx;

pub use background::ask;
pub(crate) use background::{Export, still_allowed};
pub use lists::ExportList;
pub use of::Of;
use sheet::Sheet;

use crate::boxed;
use crate::csv_export::next_page;
use crate::people::list_guard;
use crate::{
    Cx, Error, Result, Service, access, applications, assignments, audit, effective, entitlements,
    findings, people, roles, rules,
};

/// What is wanted of a list, as its page shows it. The texts are checked when the file is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportAsk {
    /// The word of the list.
    pub list: String,
    /// The id of the object whose page the list stands on; empty for a list of its own.
    #[serde(default)]
    pub of: String,
    /// The search as it was typed.
    #[serde(default)]
    pub search: String,
    /// The column it is sorted by, with a minus when backwards; empty is the list's own order.
    #[serde(default)]
    pub sort: String,
    /// Columns in their order; empty is all.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The name of the view, for the name of the file.
    #[serde(default)]
    pub view: String,
    /// The zone in which days of the search are meant and the file is named.
    #[serde(default)]
    pub zone: String,
}

impl ExportAsk {
    /// A list as its page is asked for it.
    pub fn of(list: ExportList, query: &ListQuery, zone: &TimeZone) -> Self {
        Self {
            list: list.word().to_owned(),
            of: String::new(),
            search: query.search.to_string(),
            sort: query.sort.as_ref().map_or_else(String::new, |sort| {
                format!("{}{}", if sort.descending { "-" } else { "" }, sort.column)
            }),
            columns: query.columns.clone(),
            view: String::new(),
            zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        }
    }

    /// Of one object, whose id this is.
    #[must_use]
    pub fn about(mut self, of: impl Into<String>) -> Self {
        self.of = of.into();
        self
    }

    /// With columns that were chosen.
    #[must_use]
    pub fn columns(mut self, columns: Vec<String>) -> Self {
        self.columns = columns;
        self
    }

    /// With the name of a view.
    #[must_use]
    pub fn view(mut self, view: impl Into<String>) -> Self {
        self.view = view.into();
        self
    }

    fn list(&self) -> Result<ExportList> {
        ExportList::from_word(&self.list).ok_or(Error::NotFound)
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    fn query(&self) -> ListQuery {
        let sort = (!self.sort.is_empty()).then(|| {
            let backwards = self.sort.strip_prefix('-');
            Sort {
                column: backwards.unwrap_or(&self.sort).to_owned(),
                descending: backwards.is_some(),
            }
        });
        ListQuery {
            search: Search::parse(&self.search),
            sort,
            ..ListQuery::default()
        }
    }
}

/// The file, as CSV, when the list is short enough to wait for; [`Error::TooMany`] otherwise. Recorded in the log.
#[boxed]
pub async fn file(service: &Service, cx: &Cx, ask: &ExportAsk) -> Result<Vec<u8>> {
    let list = ask.list()?;
    let of = allowed(service, cx, list, &ask.of).await?;
    let mut tx = service.store.read().await?;
    let query = prepared(&mut tx, list, ask).await?;
    let mut sheet = Sheet::new(list, &ask.columns)?;
    let (now, mut page) = (service.now(), None);
    while let Some(query) = next_page(&query, page.as_ref())? {
        page = Some(sheet.take(rows(&mut tx, cx, now, (list, of), &query).await?)?);
    }
    drop(tx);
    service
        .note_export(cx, (list, of), &query, sheet.rows() as u64)
        .await?;
    Ok(sheet.rest())
}

/// Whether the actor may have this list at all; a refusal of the log or of an object's list is recorded, and so is an
/// auditor's look at an object. Answers whose it is: `of` is an id or empty.
#[boxed]
pub async fn allowed(service: &Service, cx: &Cx, list: ExportList, of: &str) -> Result<Of> {
    let mut tx = service.store.read().await?;
    let result = permitted(&mut tx, cx, service.now(), list, of).await;
    drop(tx);
    let object = Of::read(of)?.object();
    if object.is_none() && list != ExportList::Audit {
        return result;
    }
    let whose = service.noted(cx, result).await?;
    if let Some(object) = object {
        service.note_view(cx, object).await?;
    }
    Ok(whose)
}

/// The same without a trace, for pages that only say what is possible.
async fn permitted(
    tx: &mut ReadTx,
    cx: &Cx,
    now: Instant,
    list: ExportList,
    of: &str,
) -> Result<Of> {
    let of = Of::read(of)?;
    let (action, facts) = match (list, of) {
        (ExportList::Audit, Of::All) => (Action::ReadAudit, Facts::default()),
        (
            ExportList::People
            | ExportList::Outliers
            | ExportList::Applications
            | ExportList::Entitlements
            | ExportList::Roles
            | ExportList::Rules
            | ExportList::Assignments,
            Of::All,
        ) => {
            return list_guard(cx).map(|()| of);
        }
        (ExportList::Accounts | ExportList::Access, Of::All) => {
            (Action::ReadAccess, Facts::default())
        }
        (ExportList::Accounts | ExportList::Access | ExportList::Effective, Of::Person(id)) => {
            (Action::ReadPerson, people::facts(tx, cx, id, now).await?.1)
        }
        (ExportList::Accounts, Of::Application(id)) => {
            (Action::ReadAccess, applications::facts(tx, cx, id).await?.1)
        }
        (ExportList::Access | ExportList::Effective, Of::Entitlement(id)) => {
            (Action::ReadAccess, entitlements::facts(tx, cx, id).await?.2)
        }
        (ExportList::Effective, Of::Role(id)) => {
            (Action::ReadAccess, roles::facts(tx, cx, id).await?.1)
        }
        _ => return Err(Error::NotFound),
    };
    cx.decide(action, of.object(), facts)?;
    Ok(of)
}

/// The query as storage takes it.
async fn prepared(tx: &mut ReadTx, list: ExportList, ask: &ExportAsk) -> Result<ListQuery> {
    let mut query = ask.query();
    if list == ExportList::Audit {
        query.search = audit::resolve(tx, &query.search, &ask.time_zone()).await?.0;
    }
    Ok(query)
}

/// A page of the list in cells.
async fn rows(
    tx: &mut ReadTx,
    cx: &Cx,
    now: Instant,
    (list, of): (ExportList, Of),
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    match list {
        ExportList::People => people::export_rows(tx, cx, query).await,
        ExportList::Applications => applications::export_rows(tx, cx, query).await,
        ExportList::Entitlements => entitlements::export_rows(tx, cx, query).await,
        ExportList::Roles => roles::export_rows(tx, cx, query).await,
        ExportList::Rules => rules::export_rows(tx, cx, query).await,
        ExportList::Assignments => assignments::export_rows(tx, cx, now, query).await,
        ExportList::Accounts => access::account_rows(tx, cx, of.accounts(), query).await,
        ExportList::Access => access::access_rows(tx, cx, of.access(), query).await,
        ExportList::Effective => effective::export_rows(tx, of, now, query).await,
        ExportList::Outliers => findings::outlier_rows(tx, cx, now, query).await,
        ExportList::Audit => audit::export_rows(tx, query).await,
    }
}

/// The entry: rows left the console.
fn exported(cx: &Cx, (list, of): (ExportList, Of), query: &ListQuery, rows: u64) -> Event {
    let mut event = of.object().map_or_else(
        || cx.event(AuditAction::Exported),
        |object| cx.about(AuditAction::Exported, object),
    );
    event.details = vec![Detail {
        note: Some(
            serde_json::json!({ "list": list.word(), "query": query.search.to_string(), "rows": rows }),
        ),
        address: cx.origin.address.clone(),
        user_agent: cx.origin.user_agent.clone(),
        ..Detail::default()
    }];
    event
}

impl Service {
    /// Records that rows left the console.
    pub(crate) async fn note_export(
        &self,
        cx: &Cx,
        list: (ExportList, Of),
        query: &ListQuery,
        rows: u64,
    ) -> Result<()> {
        let tx = self.store.write(self.now(), self.entropy.clone()).await?;
        tx.commit(exported(cx, list, query, rows), Vec::new())
            .await?;
        Ok(())
    }
}
