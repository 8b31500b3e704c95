//! What is in a role: the roles and entitlements directly in it, where it is included, and all it gives.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::RoleId;
use leptos::prelude::*;
use service::effective::NamedEntitlement;
use service::roles::{self, RoleDetail};

use super::detail::{Tab, framed, may_edit};
use super::moment::{Moment, missing};
use super::parts::{applications, entitlements_table, role_links, roles_table, split};
use super::words::counted;
use crate::format::number;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{Button, Card, Disclosure, Empty, EmptyKind, Icon, Stack};
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(moment): Query<Moment>,
) -> Response {
    let Ok(id) = id.parse::<RoleId>() else {
        return app.nothing_here(&visit);
    };
    let asked = moment.asked(&visit);
    let detail = match roles::read(&app.service, &visit.cx(), id, asked.at()).await {
        Ok(detail) => detail,
        Err(error) => return missing(&app, &visit, id, &asked, Tab::Contents, error).await,
    };
    framed(&app, &visit, &detail, Tab::Contents, &asked.word(), || {
        let control = asked.control(&visit, &Tab::Contents.path(id), &[]);
        let (includes, around) = (includes(&visit, &detail), around(&visit, &detail));
        view! {
            {control}
            <Stack>
                {includes}
                {around}
            </Stack>
        }
        .into_any()
    })
}

/// What is directly in it.
fn includes(visit: &Visit, detail: &RoleDetail) -> AnyView {
    if detail.parts.is_empty() {
        let href = below(routes::ROLES, detail.role.id, "contents/edit");
        let add = may_edit(detail)
            .then(|| view! { <Button label="Put something in" href=href icon=Icon::Plus /> });
        return view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::Layers title="Nothing is in it" text="Entitlements and other roles belong here. Who holds the role has everything that is in it.">
                {add}
            </Empty>
        }
        .into_any();
    }
    let (roles, entitlements) = split(&detail.parts);
    let inner = (!roles.is_empty()).then(|| {
        let count = number(roles.len() as u64);
        let table = roles_table(visit, "Roles directly in it", &roles);
        view! { <Card title="Includes roles" count=count flush=true>{table}</Card> }
    });
    let direct = (!entitlements.is_empty()).then(|| {
        let count = number(entitlements.len() as u64);
        let table = entitlements_table(visit, "Entitlements directly in it", &entitlements);
        view! { <Card title="Includes entitlements" count=count flush=true>{table}</Card> }
    });
    view! { {inner} {direct} }.into_any()
}

/// Where it is included, and everything it gives.
fn around(visit: &Visit, detail: &RoleDetail) -> AnyView {
    let outer = if detail.included_in.is_empty() {
        view! { <p class="soft">"No other role includes it."</p> }.into_any()
    } else {
        role_links(visit, &detail.included_in)
    };
    let gives: Vec<&NamedEntitlement> = detail.gives.iter().collect();
    let all = (!gives.is_empty()).then(|| {
        let note = format!(
            "{} in {}, with what the roles in it give",
            counted(gives.len(), "entitlement"),
            counted(applications(&detail.gives), "application")
        );
        let table = entitlements_table(visit, "Everything it gives", &gives);
        view! {
            <Disclosure title="Gives in all" note=note>
                <Card flush=true>{table}</Card>
            </Disclosure>
        }
    });
    view! {
        <Card title="Included in">{outer}</Card>
        {all}
    }
    .into_any()
}
