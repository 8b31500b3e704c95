//! Finding one thing quickly: the command palette and the pickers of forms.

mod access;
mod model;

pub use access::access;
pub use model::{roles, rules};

use crate::boxed;
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, ObjectRef};
use domain::page::{Facet, ListQuery};
use domain::permission::{Visibility, visible_access, visible_people};
use domain::search::{Search, Term};

use crate::people::list_guard;
use crate::{Cx, Result, Service};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub object: ObjectRef,
    /// Its name.
    pub label: String,
    /// What tells it from others of the name.
    pub detail: String,
    /// What a form submits for it.
    pub value: String,
}

/// What was found, and how much more there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The best matches.
    pub items: Vec<Found>,
    /// All matches, counted up to 10,000.
    pub total: u64,
}

/// Most results of a picker.
const PICKED: usize = 20;
/// Most results a kind in the palette.
const PALETTE: usize = 8;

/// Keys of tokens that a list does not know.
pub(crate) fn unknown_tokens(search: &Search, known: &[&str]) -> Vec<String> {
    search
        .terms
        .iter()
        .filter_map(|term| match term {
            Term::Token { key, .. } if !known.contains(&key.as_str()) => Some(key.clone()),
            _ => None,
        })
        .collect()
}

/// Values to narrow a list by, counted only for who looks at them.
pub(crate) async fn wanted_facets(
    query: &ListQuery,
    counted: impl Future<Output = storage::Result<Vec<Facet>>>,
) -> Result<Vec<Facet>> {
    Ok(if query.facets {
        counted.await?
    } else {
        Vec::new()
    })
}

/// Words only: a picker has no tokens, a colon in a name is a letter like others.
fn words(text: &str) -> ListQuery {
    let terms = text
        .split_whitespace()
        .map(|word| Term::Word(word.to_owned()))
        .collect();
    ListQuery {
        search: Search { terms },
        size: 25,
        ..ListQuery::default()
    }
}

/// People for a picker: active ones first found by words; an exact id is found, too.
#[boxed]
pub async fn people(service: &Service, cx: &Cx, text: &str) -> Result<Findings> {
    list_guard(cx)?;
    let mut query = words(text);
    if let Ok(id) = text.trim().parse::<IdentityId>() {
        let mut tx = service.store.read().await?;
        let found = tx.identity(id).await?.map(|person| person.content.username);
        query.search = Search {
            terms: found
                .iter()
                .map(|name| Term::is("username", name))
                .collect(),
        };
        if found.is_none() {
            return Ok(Findings::default());
        }
    }
    let mut tx = service.store.read().await?;
    let page = tx
        .identities(visible_people(cx.actor), cx.me(), &query)
        .await?;
    let items = page.rows.into_iter().take(PICKED).map(|row| Found {
        object: row.id.into(),
        detail: [
            row.title.as_str(),
            row.department.as_str(),
            row.username.as_str(),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · "),
        label: row.display_name,
        value: row.username,
    });
    Ok(Findings {
        items: items.collect(),
        total: page.total,
    })
}

/// Applications for a picker.
#[boxed]
pub async fn applications(service: &Service, cx: &Cx, text: &str) -> Result<Findings> {
    list_guard(cx)?;
    let mut tx = service.store.read().await?;
    if let Ok(id) = text.trim().parse::<ApplicationId>() {
        let visible = visible_access(cx.actor) == Visibility::All;
        let found = tx.application(id).await?.filter(|_| visible);
        let items: Vec<Found> = found
            .into_iter()
            .map(|a| found_application(a.id, a.content.display_name, a.content.name))
            .collect();
        return Ok(Findings {
            total: items.len() as u64,
            items,
        });
    }
    let page = tx
        .applications(visible_access(cx.actor), cx.me(), &words(text))
        .await?;
    let items = page
        .rows
        .into_iter()
        .take(PICKED)
        .map(|row| found_application(row.id, row.display_name, row.name));
    Ok(Findings {
        items: items.collect(),
        total: page.total,
    })
}

fn found_application(id: ApplicationId, label: String, name: String) -> Found {
    Found {
        object: id.into(),
        label,
        detail: name.clone(),
        value: name,
    }
}

/// Everything for the palette: an id that was pasted, people, applications, entitlements, roles, rules.
#[boxed]
pub async fn everything(service: &Service, cx: &Cx, text: &str) -> Result<Findings> {
    list_guard(cx)?;
    if text.trim().is_empty() {
        return Ok(Findings::default());
    }
    let mut all = people(service, cx, text).await?;
    all.items.truncate(PALETTE);
    for found in [
        applications(service, cx, text).await?,
        entitlements(service, cx, text).await?,
        roles(service, cx, text).await?,
        rules(service, cx, text).await?,
    ] {
        all.total += found.total;
        all.items.extend(found.items.into_iter().take(PALETTE));
    }
    Ok(all)
}

/// Entitlements by words; an exact id is found, too.
#[boxed]
pub async fn entitlements(service: &Service, cx: &Cx, text: &str) -> Result<Findings> {
    list_guard(cx)?;
    let mut tx = service.store.read().await?;
    if let Ok(id) = text.trim().parse::<EntitlementId>() {
        let visible = visible_access(cx.actor) == Visibility::All;
        let found = tx.entitlement(id).await?.filter(|_| visible);
        let items: Vec<Found> = found
            .into_iter()
            .map(|e| found_entitlement(id, e.content.display_name, e.content.name))
            .collect();
        return Ok(Findings {
            total: items.len() as u64,
            items,
        });
    }
    let page = tx
        .entitlements(visible_access(cx.actor), cx.me(), &words(text))
        .await?;
    let items = page
        .rows
        .into_iter()
        .take(PICKED)
        .map(|row| found_entitlement(row.id, row.display_name, row.application.1));
    Ok(Findings {
        items: items.collect(),
        total: page.total,
    })
}

fn found_entitlement(id: EntitlementId, label: String, detail: String) -> Found {
    Found {
        object: ObjectRef {
            kind: ObjectKind::Entitlement,
            raw: id.raw(),
        },
        label,
        detail,
        value: id.to_string(),
    }
}
