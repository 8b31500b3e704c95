//! What is in a role, as tables: roles with what they give, entitlements under their applications.

use domain::role::Grantable;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{NamedEntitlement, NamedRole};
use service::roles::NamedPart;

use crate::access::{level_view, sees_all};
use crate::format::number;
use crate::routes;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Absent, Column, Icon, Table};
use crate::visit::Visit;

/// The roles and the entitlements among parts.
pub(super) fn split(parts: &[NamedPart]) -> (Vec<(&NamedRole, usize)>, Vec<&NamedEntitlement>) {
    let (mut roles, mut entitlements) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            NamedPart::Role(role, gives) => roles.push((role, *gives)),
            NamedPart::Entitlement(named) => entitlements.push(named),
        }
    }
    (roles, entitlements)
}

/// The id of a part, as text.
pub(super) fn id_of(what: Grantable) -> String {
    match what {
        Grantable::Entitlement(id) => id.to_string(),
        Grantable::Role(id) => id.to_string(),
    }
}

/// What a part is called.
pub(super) fn name_of(part: &NamedPart) -> &str {
    match part {
        NamedPart::Entitlement(named) => &named.display_name,
        NamedPart::Role(named, _) => &named.display_name,
    }
}

/// How many applications grant these.
pub(super) fn applications(all: &[NamedEntitlement]) -> usize {
    let mut ids: Vec<_> = all.iter().map(|named| named.application).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

/// Entitlements in a table, under a heading for each application. They come sorted by it.
pub(super) fn entitlements_table(
    visit: &Visit,
    caption: &'static str,
    all: &[&NamedEntitlement],
) -> AnyView {
    let groups = by_application(all);
    let rows = leaf(html! {
        @for group in &groups {
            (heading(visit, group))
            @for named in *group { (entitlement_row(visit, named)) }
        }
    });
    let columns = ["Entitlement", "What it lets a person do", "Risk"];
    let columns = columns.into_iter().map(Column::new).collect();
    view! { <Table caption=caption columns=columns framed=false>{rows}</Table> }.into_any()
}

/// Runs of the same application.
pub(super) fn by_application<'a, 'b>(
    all: &'a [&'b NamedEntitlement],
) -> Vec<&'a [&'b NamedEntitlement]> {
    all.chunk_by(|one, other| one.application == other.application)
        .collect()
}

fn heading(visit: &Visit, group: &[&NamedEntitlement]) -> Markup {
    let count = number(group.len() as u64);
    html! {
        @if let Some(first) = group.first() {
            tr.group {
                th colspan="3" scope="rowgroup" {
                    (link(&first.application_display, &linked(visit, format!("{}/{}", routes::APPLICATIONS, first.application))))
                    " " span.card-count { (count) }
                }
            }
        }
    }
}

fn entitlement_row(visit: &Visit, named: &NamedEntitlement) -> Markup {
    let href = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id));
    let lets = if named.description.trim().is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        named.description.clone().into_any()
    };
    html! {
        tr {
            (name_cell("Entitlement", &named.display_name, href, named.name.clone(), Some(Icon::KeyRound), true))
            (value_cell("What it lets a person do", "wrap", lets))
            (value_cell("Risk", "", level_view(named.risk)))
        }
    }
}

/// Roles in a table, each with how many entitlements it gives in all.
pub(super) fn roles_table(
    visit: &Visit,
    caption: &'static str,
    roles: &[(&NamedRole, usize)],
) -> AnyView {
    let rows = roles.iter().map(|(role, gives)| {
        let href = linked(visit, format!("{}/{}", routes::ROLES, role.id));
        let gives = number(*gives as u64).into_any();
        html! {
            tr {
                (name_cell("Role", &role.display_name, href, String::new(), Some(Icon::Layers), false))
                (value_cell("Gives in all", "num", gives))
            }
        }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = vec![Column::new("Role"), Column::new("Gives in all").numeric()];
    view! { <Table caption=caption columns=columns framed=false>{rows}</Table> }.into_any()
}

/// Roles as links, one under the other.
pub(super) fn role_links(visit: &Visit, roles: &[NamedRole]) -> AnyView {
    if roles.is_empty() {
        return view! { <Absent /> }.into_any();
    }
    leaf(html! {
        ul.role-links {
            @for role in roles {
                li { (link(&role.display_name, &linked(visit, format!("{}/{}", routes::ROLES, role.id)))) }
            }
        }
    })
}

/// A path of the access model, for those who see all of it. Owners see what is theirs, and read the names of the rest.
pub(super) fn linked(visit: &Visit, path: String) -> String {
    if sees_all(visit) { path } else { String::new() }
}

/// A name, as a link when there is somewhere to go.
fn link(name: &str, href: &str) -> Markup {
    html! {
        @if href.is_empty() { span dir="auto" { (name) } } @else { a href=(href) dir="auto" { (name) } }
    }
}
