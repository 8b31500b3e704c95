//! Two roles side by side as they are now: what both give, and what only one of them does.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::RoleId;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::NamedEntitlement;
use service::findings::{self, Pair, Side};

use super::kind_pill;
use crate::access::level_view;
use crate::format::number;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Button, Card, Column, Icon, PageHeader, Slot, Stack, Table};
use crate::visit::Visit;

pub(in crate::features::findings) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((one, other)): Path<(String, String)>,
) -> Response {
    let (Ok(one), Ok(other)) = (one.parse::<RoleId>(), other.parse::<RoleId>()) else {
        return app.nothing_here(&visit);
    };
    let pair = match findings::beside(&app.service, &visit.cx(), one, other).await {
        Ok(pair) => pair,
        Err(error) => return app.refuse(&visit, error),
    };
    let title = title(&pair);
    let page = Page::new(title.clone(), routes::FINDINGS)
        .called("Compare")
        .under(&[
            ("Findings", routes::FINDINGS),
            ("Overlapping roles", routes::OVERLAPPING_ROLES),
        ]);
    app.page(&visit, page, || content(&pair, &title))
}

fn title(pair: &Pair) -> String {
    let (one, other) = (&pair.one.content, &pair.other.content);
    format!("{} and {}", one.display_name, other.display_name)
}

fn content(pair: &Pair, title: &str) -> AnyView {
    let status = pair
        .overlap
        .map_or_else(Slot::default, |overlap| Slot::from(kind_pill(overlap.kind)));
    let (one, other) = (&pair.one, &pair.other);
    let open = [one, other].map(|role| {
        let label = format!("Open {}", role.content.display_name);
        view! { <Button label=label href=format!("{}/{}", routes::ROLES, role.id) icon=Icon::Layers /> }
            .into_any()
    });
    let detail = "What they give in the end, through all roles in them, as it is now.";
    let sides = view! {
        {card("Both give".to_owned(), &pair.shared)}
        {card(format!("Only {}", one.content.display_name), &pair.only_one)}
        {card(format!("Only {}", other.content.display_name), &pair.only_other)}
    };
    view! {
        <PageHeader title=title.to_owned() detail=detail status=status actions=open.collect_view() />
        <Stack>{sides}</Stack>
    }
    .into_any()
}

fn card(title: String, side: &Side) -> AnyView {
    let count = number(side.all as u64);
    if side.all == 0 {
        return view! { <Card title=title count=count><p class="soft">"Nothing."</p></Card> }
            .into_any();
    }
    let columns = ["Entitlement", "Application", "Risk"];
    let columns = columns.into_iter().map(Column::new).collect();
    let rows = leaf(html! { @for one in &side.named { (row(one)) } });
    let left = side.all.saturating_sub(side.named.len());
    let more = (left > 0).then(|| {
        let text = format!(
            "And {} more, which the pages of the roles list.",
            number(left as u64)
        );
        view! { <p class="soft">{text}</p> }
    });
    let caption = title.clone();
    view! {
        <Card title=title count=count flush=true>
            <Table caption=caption columns=columns framed=false>{rows}</Table>
            {more}
        </Card>
    }
    .into_any()
}

fn row(named: &NamedEntitlement) -> Markup {
    let href = format!("{}/{}", routes::ENTITLEMENTS, named.id);
    html! {
        tr {
            (name_cell("Entitlement", &named.display_name, href, named.name.clone(), Some(Icon::KeyRound), true))
            (value_cell("Application", "", named.application_display.clone().into_any()))
            (value_cell("Risk", "", level_view(named.risk)))
        }
    }
}
