//! Roles and rules by words; an exact id is found, too.

use domain::id::{RoleId, RuleId};
use domain::permission::{Visibility, visible_access};

use super::{Findings, Found, PICKED, words};
use crate::assignments::role_name;
use crate::people::list_guard;
use crate::{Cx, Result, Service, boxed};

/// Roles by words. What a form submits is `role:NAME`.
#[boxed]
pub async fn roles(service: &Service, cx: &Cx, text: &str) -> Result<Findings> {
    list_guard(cx)?;
    let mut tx = service.store.read().await?;
    if let Ok(id) = text.trim().parse::<RoleId>() {
        let visible = visible_access(cx.actor) == Visibility::All;
        let found = tx.role(id).await?.filter(|_| visible);
        let found = found.map(|role| {
            let (name, label) = (role.content.name, role.content.display_name);
            found_role(id, label, name)
        });
        return Ok(all_of(found));
    }
    let visibility = visible_access(cx.actor);
    let page = tx.roles(visibility, cx.me(), &words(text)).await?;
    let rows = page.rows.into_iter().take(PICKED);
    let items = rows.map(|row| found_role(row.id, row.display_name, row.name));
    Ok(Findings {
        items: items.collect(),
        total: page.total,
    })
}

/// Rules by words.
#[boxed]
pub async fn rules(service: &Service, cx: &Cx, text: &str) -> Result<Findings> {
    list_guard(cx)?;
    let mut tx = service.store.read().await?;
    if let Ok(id) = text.trim().parse::<RuleId>() {
        let visible = visible_access(cx.actor) == Visibility::All;
        let found = tx.rule(id).await?.filter(|_| visible);
        let found = found.map(|rule| {
            let content = rule.content;
            found_rule(id, content.name, content.state.label().to_owned())
        });
        return Ok(all_of(found));
    }
    let visibility = visible_access(cx.actor);
    let page = tx.rules(visibility, cx.me(), &words(text)).await?;
    let rows = page.rows.into_iter().take(PICKED);
    let items = rows.map(|row| {
        let detail = format!("{} · gives {}", row.state.label(), row.gives.1);
        found_rule(row.id, row.name, detail)
    });
    Ok(Findings {
        items: items.collect(),
        total: page.total,
    })
}

fn all_of(found: Option<Found>) -> Findings {
    let items: Vec<Found> = found.into_iter().collect();
    Findings {
        total: items.len() as u64,
        items,
    }
}

/// A role as a picker offers it.
pub(super) fn found_role(id: RoleId, label: String, name: String) -> Found {
    Found {
        object: id.into(),
        label,
        value: role_name(&name),
        detail: name,
    }
}

fn found_rule(id: RuleId, label: String, detail: String) -> Found {
    Found {
        object: id.into(),
        label,
        detail,
        value: id.to_string(),
    }
}
