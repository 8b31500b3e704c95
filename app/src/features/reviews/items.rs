//! The items of a campaign by where they are: what a number on its page stands for.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{CampaignId, IdentityId};
use leptos::prelude::*;
use service::reviews::{self, ItemState, ItemsPage, ListedItem, Which};

use crate::access::person_href;
use crate::format::number;
use crate::page::Page;
use crate::routes::{self, below, with_query};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Cell, Column, Crumb, Empty, EmptyKind, Icon, NameCell, PageHeader, Pager,
    Pill, Tab, Table, Tabs, Tone,
};
use crate::visit::Visit;

/// Rows of a page.
const ROWS: u32 = 50;

/// The list as it stands in its address.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    reviewer: String,
    application: String,
    state: String,
    after: String,
}

impl Asked {
    /// A path with this part of the list; what is empty is left out.
    fn href(&self, path: &str) -> String {
        let parts = [
            ("reviewer", self.reviewer.as_str()),
            ("application", self.application.as_str()),
            ("state", self.state.as_str()),
            ("after", self.after.as_str()),
        ];
        with_query(path, &parts)
    }
}

/// The address of the items of a reviewer, in a state.
pub(super) fn of_reviewer(id: CampaignId, who: IdentityId, state: Option<ItemState>) -> String {
    let asked = Asked {
        reviewer: who.to_string(),
        state: state.map(ItemState::word).unwrap_or_default().to_owned(),
        ..Asked::default()
    };
    asked.href(&below(routes::REVIEWS, id, "items"))
}

/// The address of the items of an application.
pub(super) fn of_application(id: CampaignId, application: i64) -> String {
    let asked = Asked {
        application: application.to_string(),
        ..Asked::default()
    };
    asked.href(&below(routes::REVIEWS, id, "items"))
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match read(&app, &visit, &id, &asked).await {
        Ok(found) => {
            let name = found.campaign.content.name.clone();
            let back = format!("{}/{}", routes::REVIEWS, found.campaign.id);
            let page = Page {
                crumbs: vec![Crumb::link(&name, &back), Crumb::here("Items")],
                ..Page::new(format!("Items of {name}"), routes::REVIEWS)
            };
            app.page(&visit, page, || content(&visit, &asked, &found))
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read(app: &App, visit: &Visit, id: &str, asked: &Asked) -> service::Result<ItemsPage> {
    let id = super::id(id)?;
    let reviewer = match asked.reviewer.as_str() {
        "" => None,
        // Whom nobody is called is an address that was typed wrong.
        text => Some(text.parse().map_err(|_| service::Error::NotFound)?),
    };
    let which = Which {
        reviewer,
        application: asked.application.parse().ok().filter(|raw| *raw >= 0),
        state: ItemState::from_word(&asked.state),
    };
    let after = asked.after.parse().unwrap_or(0);
    reviews::items(&app.service, &visit.cx(), id, which, after, ROWS).await
}

fn content(visit: &Visit, asked: &Asked, found: &ItemsPage) -> AnyView {
    let path = below(routes::REVIEWS, found.campaign.id, "items");
    let first = Asked {
        after: String::new(),
        ..asked.clone()
    };
    let tab = |label: &str, word: &str| Tab {
        label: label.to_owned(),
        href: Asked {
            state: word.to_owned(),
            ..first.clone()
        }
        .href(&path),
        count: String::new(),
        current: asked.state == word,
    };
    let mut tabs = vec![tab("All", "")];
    tabs.extend(
        ItemState::ALL
            .iter()
            .map(|state| tab(state.label(), state.word())),
    );
    let detail = narrowed(found);
    let whole = (!asked.reviewer.is_empty() || !asked.application.is_empty()).then(|| {
        let all = Asked {
            state: asked.state.clone(),
            ..Asked::default()
        };
        view! { <Button label="Items of everybody" href=all.href(&path) kind=ButtonKind::Plain /> }
    });
    let header = view! { <PageHeader title="Items" detail=detail actions=view! { {whole} } /> };
    let tabs = view! { <Tabs label="Where they are" items=tabs /> };
    if found.rows.is_empty() && found.next.is_none() {
        return view! {
            {header}
            {tabs}
            <Empty kind=EmptyKind::NoMatch title="No item is here" text="Choose another state, or look at the items of everybody." >""</Empty>
        }
        .into_any();
    }
    let range = match found.rows.len() {
        // A part of a large campaign was looked through.
        0 => "None among these".to_owned(),
        1 => "1 item".to_owned(),
        n => format!("{} items", number(n as u64)),
    };
    let start = if asked.after.is_empty() {
        String::new()
    } else {
        first.href(&path)
    };
    let next = found.next.map(|after| {
        Asked {
            after: after.to_string(),
            ..asked.clone()
        }
        .href(&path)
    });
    let pager = view! { <Pager range=range first=start next=next.unwrap_or_default() /> };
    let columns = vec![
        Column::new("Whose"),
        Column::new("What"),
        Column::new("Item").numeric(),
        Column::new("State"),
        Column::new("Reviewer"),
        Column::new("Why they"),
        Column::new("Actions").hidden(),
    ];
    let rows = found.rows.iter().map(|row| line(visit, found, row));
    let rows = rows.collect_view();
    view! {
        {header}
        {tabs}
        <Table caption="Items, in the order of their numbers" columns=columns footer=pager>{rows}</Table>
    }
    .into_any()
}

/// What the list is narrowed to, in words.
fn narrowed(found: &ItemsPage) -> String {
    match (&found.reviewer, &found.application) {
        (None, None) => "What is reviewed, and who decides on it".to_owned(),
        (Some(who), None) => format!("Those of {who}"),
        (None, Some(what)) => format!("Those of {what}"),
        (Some(who), Some(what)) => format!("Those of {who} in {what}"),
    }
}

fn line(visit: &Visit, found: &ItemsPage, row: &ListedItem) -> AnyView {
    let facts = &row.item.facts;
    let stages = found.campaign.content.terms.stages.len();
    let (text, tone) = match row.state {
        ItemState::Open if stages > 1 => {
            (format!("Open in stage {}", row.item.stage + 1), Tone::Plain)
        }
        ItemState::Open => ("Open".to_owned(), Tone::Plain),
        ItemState::Decided(domain::review::Choice::Revoke) => ("Revoked".to_owned(), Tone::Warn),
        decided @ ItemState::Decided(_) => (decided.label().to_owned(), Tone::Good),
    };
    let flagged = (!facts.flags.is_empty()).then(|| {
        let labels: Vec<&str> = facts.flags.iter().map(|flag| flag.label()).collect();
        view! { " " <Pill text=labels.join(", ") tone=Tone::Warn /> }
    });
    let open = found.campaign.content.state == domain::review::CampaignState::Open;
    let act = (found.may_run && open && row.item.open).then(|| {
        let path = below(routes::REVIEWS, found.campaign.id, "reassign");
        let href = with_query(&path, &[("item", &facts.number.to_string())]);
        view! { <Button label="Reassign…" href=href icon=Icon::Users kind=ButtonKind::Plain /> }
    });
    let life = below(
        routes::REVIEWS,
        found.campaign.id,
        &format!("items/{}", facts.number),
    );
    let place = number(facts.number);
    let why = row.why.label();
    let who = person_href(visit, row.item.reviewer);
    let (holder, what, reviewer) = (row.holder.clone(), row.what.clone(), row.reviewer.clone());
    let reviewer = match who.as_str() {
        "" => view! { <span dir="auto">{reviewer}</span> }.into_any(),
        _ => view! { <a href=who dir="auto">{reviewer}</a> }.into_any(),
    };
    view! {
        <tr>
            <NameCell column="Whose" name=holder href=life />
            <Cell column="What"><span dir="auto">{what}</span>{flagged}</Cell>
            <Cell column="Item" numeric=true>{place}</Cell>
            <Cell column="State"><Pill text=text tone=tone /></Cell>
            <Cell column="Reviewer">{reviewer}</Cell>
            <Cell column="Why they">{why}</Cell>
            <Cell column="Actions">{act}</Cell>
        </tr>
    }
    .into_any()
}
