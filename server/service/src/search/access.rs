//! What can be given, for the fields that take `APPLICATION/ENTITLEMENT` or `role:NAME`: roles first, then entitlements, at
//! most ten together. What has ended and the console's own rights are not offered, because the forms refuse them.

use domain::id::{EntitlementId, RoleId};
use domain::page::ListQuery;
use domain::permission::visible_access;
use domain::search::{Search, Term};
use storage::ReadTx;

use super::model::found_role;
use super::{Findings, Found, words};
use crate::applications::technical_names;
use crate::assignments::entitlement_name;
use crate::people::list_guard;
use crate::{Cx, Result, Service, boxed};

/// Most results.
const MOST: usize = 10;
/// Places that are kept for entitlements, when there are so many.
const FOR_ENTITLEMENTS: usize = 5;

/// Where what was typed is looked for; not at all when it can only be the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Wanted {
    roles: Option<Vec<Term>>,
    entitlements: Option<Vec<Term>>,
}

/// Roles and entitlements that can be given, by words, by what a form takes, or by an id.
#[boxed]
pub async fn access(service: &Service, cx: &Cx, text: &str) -> Result<Findings> {
    list_guard(cx)?;
    let mut tx = service.store.read().await?;
    let wanted = wanted(&mut tx, text.trim()).await?;
    let (mut all, roles) = match wanted.roles {
        Some(terms) => bundles(&mut tx, cx, terms).await?,
        None => (Vec::new(), 0),
    };
    let (mut single, entitlements) = match wanted.entitlements {
        Some(terms) => single(&mut tx, cx, terms).await?,
        None => (Vec::new(), 0),
    };
    all.truncate(MOST - single.len().min(FOR_ENTITLEMENTS));
    single.truncate(MOST - all.len());
    all.extend(single);
    Ok(Findings {
        items: all,
        total: roles + entitlements,
    })
}

/// What was typed as searches: `role:cle`, `ledger/po`, an id, or words.
async fn wanted(tx: &mut ReadTx, text: &str) -> Result<Wanted> {
    let plain = |text: &str| words(text).search.terms;
    let role = text.strip_prefix("role:").map(str::trim);
    if let Ok(id) = role.unwrap_or(text).parse::<RoleId>() {
        let found = tx.role(id).await?;
        return Ok(Wanted {
            roles: found.map(|role| vec![Term::is("name", &role.content.name)]),
            entitlements: None,
        });
    }
    if let Some(name) = role {
        return Ok(Wanted {
            roles: Some(plain(name)),
            entitlements: None,
        });
    }
    if let Ok(id) = text.parse::<EntitlementId>() {
        let found = tx.entitlement(id).await?;
        let terms = found.map(|found| {
            let application = found.content.application.to_string();
            vec![
                Term::is("application", &application),
                Term::is("name", &found.content.name),
            ]
        });
        return Ok(Wanted {
            roles: None,
            entitlements: terms,
        });
    }
    // Names of either may hold a slash.
    for (at, _) in text.match_indices('/') {
        let (name, rest) = (&text[..at], &text[at + 1..]);
        if let Some(application) = tx.application_by_name(name).await? {
            let mut terms = plain(rest);
            terms.push(Term::is("application", &application.id.to_string()));
            return Ok(Wanted {
                roles: None,
                entitlements: Some(terms),
            });
        }
    }
    Ok(Wanted {
        roles: Some(plain(text)),
        entitlements: Some(plain(text)),
    })
}

fn query(mut terms: Vec<Term>, also: Term) -> ListQuery {
    terms.push(also);
    ListQuery {
        search: Search { terms },
        size: 25,
        ..ListQuery::default()
    }
}

async fn bundles(tx: &mut ReadTx, cx: &Cx, terms: Vec<Term>) -> Result<(Vec<Found>, u64)> {
    let query = query(terms, Term::is("status", "current"));
    let page = tx.roles(visible_access(cx.actor), cx.me(), &query).await?;
    let rows = page.rows.into_iter().take(MOST);
    let found = rows.map(|row| Found {
        detail: format!("Role · {}", row.status.label()),
        ..found_role(row.id, row.display_name, row.name)
    });
    Ok((found.collect(), page.total))
}

async fn single(tx: &mut ReadTx, cx: &Cx, terms: Vec<Term>) -> Result<(Vec<Found>, u64)> {
    let query = query(terms, Term::is("grantable", "yes"));
    let visibility = visible_access(cx.actor);
    let page = tx.entitlements(visibility, cx.me(), &query).await?;
    let rows: Vec<_> = page.rows.into_iter().take(MOST).collect();
    let names = technical_names(tx, rows.iter().map(|row| row.application.0)).await?;
    let found = rows.into_iter().map(|row| {
        let (id, application) = row.application;
        let value = match names.get(&id) {
            Some(technical) => entitlement_name(technical, &row.name),
            None => row.id.to_string(),
        };
        Found {
            object: row.id.into(),
            label: row.display_name,
            detail: application,
            value,
        }
    });
    Ok((found.collect(), page.total))
}
