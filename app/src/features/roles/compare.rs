//! Two versions of a role side by side: what came in, what was taken out, and what is said of it otherwise.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{ObjectKind, RoleId};
use domain::permission::Action;
use domain::time::Instant;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::roles::{self, NamedPart, RoleDetail, Versions};

use super::detail::Tab;
use super::draft::named_in;
use super::parts::linked;
use super::versions::back_to;
use crate::access::level_view;
use crate::fields::{self, label};
use crate::format::{exact, number};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{
    Absent, Button, Card, Change, Column, Diff, Icon, PageHeader, Pill, Stack, Table, Tone,
};
use crate::visit::Visit;

/// Which two.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Two {
    one: String,
    other: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(two): Query<Two>,
) -> Response {
    let (Ok(id), Ok(one), Ok(other)) = (
        id.parse::<RoleId>(),
        two.one.parse::<Instant>(),
        two.other.parse::<Instant>(),
    ) else {
        return app.nothing_here(&visit);
    };
    let versions = match roles::compare(&app.service, &visit.cx(), id, one, other).await {
        Ok(versions) => versions,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = versions.newer.role.content.display_name.clone();
    let (role, list) = (Tab::Overview.path(id), Tab::Versions.path(id));
    let page = Page::new(format!("Two versions of {name} · Roles"), routes::ROLES)
        .called("Compare")
        .under(&[
            ("Roles", routes::ROLES),
            (&name, &role),
            ("Versions", &list),
        ]);
    app.page(&visit, page, || content(&visit, &versions, &name))
}

fn content(visit: &Visit, versions: &Versions, name: &str) -> AnyView {
    let Versions { older, newer, .. } = versions;
    let spoken = |detail: &RoleDetail| exact(detail.role.recorded_from, &visit.zone());
    let (before, after) = (spoken(older), spoken(newer));
    let detail = format!("Recorded {before} and {after}.");
    let differ = !versions.added.is_empty() || !versions.removed.is_empty();
    let back = (differ && newer.may.contains(&Action::EditAccess)).then(|| {
        let href = back_to(older.role.id, older.role.recorded_from);
        view! { <Button label="Roll back to the older one" href=href icon=Icon::Undo2 /> }
    });
    let parts = parts(visit, versions);
    let said = said(older, newer);
    let said = if said.is_empty() {
        view! { <p class="soft">"Name, description, owner and status are the same."</p> }.into_any()
    } else {
        view! { <Diff caption="Description and status in both versions" rows=said before=before after=after /> }
            .into_any()
    };
    view! {
        <PageHeader title=format!("Two versions of {name}") detail=detail actions=back />
        <Stack>
            {parts}
            <Card title="Description and status">{said}</Card>
        </Stack>
    }
    .into_any()
}

fn parts(visit: &Visit, versions: &Versions) -> AnyView {
    let added = named_in(&versions.newer, &versions.added);
    let removed = named_in(&versions.older, &versions.removed);
    let count = added.len() + removed.len();
    if count == 0 {
        return view! { <Card title="Contents"><p class="soft">"Both contain the same."</p></Card> }
            .into_any();
    }
    let added = added.into_iter().map(|part| row(visit, part, true));
    let removed = removed.into_iter().map(|part| row(visit, part, false));
    let rows = leaf(html! { @for row in added.chain(removed) { (row) } });
    let columns = ["What", "Change", "Application", "Risk"];
    let columns = columns.into_iter().map(Column::new).collect();
    view! {
        <Card title="Contents" count=number(count as u64) flush=true>
            <Table caption="What came in and what was taken out" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn row(visit: &Visit, part: &NamedPart, added: bool) -> Markup {
    let change = if added {
        view! { <Pill text="Put in" /> }.into_any()
    } else {
        view! { <Pill text="Taken out" tone=Tone::Warn /> }.into_any()
    };
    let (name, application, risk) = match part {
        NamedPart::Role(role, _) => (
            name_cell(
                "What",
                &role.display_name,
                linked(visit, format!("{}/{}", routes::ROLES, role.id)),
                "Role".to_owned(),
                Some(Icon::Layers),
                false,
            ),
            view! { <Absent /> }.into_any(),
            None,
        ),
        NamedPart::Entitlement(named) => (
            name_cell(
                "What",
                &named.display_name,
                linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id)),
                named.name.clone(),
                Some(Icon::KeyRound),
                true,
            ),
            named.application_display.clone().into_any(),
            named.risk,
        ),
    };
    html! {
        tr {
            (name)
            (value_cell("Change", "", change))
            (value_cell("Application", "", application))
            (value_cell("Risk", "", level_view(risk)))
        }
    }
}

/// What differs besides the contents.
fn said(older: &RoleDetail, newer: &RoleDetail) -> Vec<Change> {
    let values = |detail: &RoleDetail| {
        let content = &detail.role.content;
        let owner = detail.owner.as_ref();
        [
            ("display_name", content.display_name.clone()),
            ("name", content.name.clone()),
            ("description", content.description.clone()),
            (
                "owner",
                owner
                    .map(|owner| owner.display_name.clone())
                    .unwrap_or_default(),
            ),
            ("status", content.status.label().to_owned()),
        ]
    };
    let fields = fields::of(Some(ObjectKind::Role));
    let both = values(older).into_iter().zip(values(newer));
    let differing = both.filter(|((_, before), (_, after))| before != after);
    differing
        .map(|((field, before), (_, after))| Change {
            field: label(field, fields),
            before,
            after,
        })
        .collect()
}
