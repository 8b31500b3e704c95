//! The search page: people, applications, entitlements, roles, rules and pages for the same words, each with how many there are.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::permission::{Visibility, visible_access, visible_people};
use domain::search::{Search, Term};
use frontend::api::Suggestion;
use leptos::prelude::*;
use service::search::{self, Findings};

use super::Asked;
use crate::format::{capped, number};
use crate::navigation;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Button, Card, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader, SearchInput, Table,
    Toolbar,
};
use crate::visit::Visit;

/// Longest text that is searched for; more is a mistake in pasting.
const LONGEST: usize = 200;

/// What was found of one kind.
struct Group {
    title: &'static str,
    /// A thing without initials has an icon.
    icon: Option<Icon>,
    found: Findings,
    /// The list of all of them; empty where there is none for this person.
    list: &'static str,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    let text: String = asked.q.trim().chars().take(LONGEST).collect();
    match find(&app, &visit, &text).await {
        Ok(groups) => {
            let title = if text.is_empty() {
                "Search".to_owned()
            } else {
                format!("{text} · Search")
            };
            let page = Page {
                crumbs: vec![crate::ui::Crumb::here("Search".to_owned())],
                ..Page::new(title, routes::SEARCH)
            };
            app.page(&visit, page, || content(&visit, &text, groups))
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn find(app: &App, visit: &Visit, text: &str) -> service::Result<Vec<Group>> {
    let cx = visit.cx();
    if text.is_empty() {
        search::everything(&app.service, &cx, "").await?;
        return Ok(Vec::new());
    }
    let people = search::people(&app.service, &cx, text).await?;
    let applications = search::applications(&app.service, &cx, text).await?;
    let entitlements = search::entitlements(&app.service, &cx, text).await?;
    let bundles = search::roles(&app.service, &cx, text).await?;
    let conditions = search::rules(&app.service, &cx, text).await?;
    let team = visible_people(cx.actor) != Visibility::All;
    let access = |list| {
        if visible_access(cx.actor) == Visibility::All {
            list
        } else {
            ""
        }
    };
    let groups = vec![
        Group {
            title: if team { "My team" } else { "People" },
            icon: None,
            found: people,
            list: routes::PEOPLE,
        },
        Group {
            title: "Applications",
            icon: Some(Icon::AppWindow),
            found: applications,
            list: access(routes::APPLICATIONS),
        },
        Group {
            title: "Entitlements",
            icon: Some(Icon::KeyRound),
            found: entitlements,
            list: access(routes::ENTITLEMENTS),
        },
        Group {
            title: "Roles",
            icon: Some(Icon::Layers),
            found: bundles,
            list: access(routes::ROLES),
        },
        Group {
            title: "Rules",
            icon: Some(Icon::ListChecks),
            found: conditions,
            list: access(routes::RULES),
        },
    ];
    Ok(groups
        .into_iter()
        .filter(|group| !group.found.items.is_empty())
        .collect())
}

fn content(visit: &Visit, text: &str, groups: Vec<Group>) -> AnyView {
    let pages = pages(visit, text);
    let total = groups.iter().map(|group| group.found.total).sum::<u64>() + pages.len() as u64;
    let detail = match (text, total) {
        ("", _) | (_, 0) => String::new(),
        (text, 1) => format!("1 result for “{text}”"),
        (text, total) => format!("{} results for “{text}”", capped(total)),
    };
    let body = match (text, total) {
        ("", _) => view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::Search title="What are you looking for?" text="Type a name, an e-mail address or a technical name, or paste an id. Every word must fit.">
                ""
            </Empty>
        }
        .into_any(),
        (_, 0) => view! {
            <Empty kind=EmptyKind::NoMatch title="Nothing matches" text="Names, e-mail addresses, technical names and pages were searched, as far as they are yours to see. Try fewer words, or the beginning of a word.">
                ""
            </Empty>
        }
        .into_any(),
        _ => {
            let groups = groups.into_iter().map(|found| group(text, found)).collect_view();
            view! { {groups} {pages_card(pages)} }.into_any()
        }
    };
    let input = view! { <SearchInput label="Search everything" value=text placeholder="Name, e-mail, technical name, id or page" /> };
    view! {
        <PageHeader title="Search" detail=detail />
        <Toolbar action=routes::SEARCH>{input}</Toolbar>
        {body}
    }
    .into_any()
}

/// Pages and acts whose name has every word.
fn pages(visit: &Visit, text: &str) -> Vec<Suggestion> {
    let text = text.to_lowercase();
    let fits = |command: &Suggestion| {
        text.split_whitespace()
            .all(|word| command.label.to_lowercase().contains(word))
    };
    let commands = navigation::commands(visit).into_iter();
    commands
        .filter(|command| !text.is_empty() && fits(command))
        .collect()
}

fn pages_card(pages: Vec<Suggestion>) -> Option<AnyView> {
    let count = number(pages.len() as u64);
    let rows = pages.into_iter().map(|page| {
        view! { <tr><NameCell column="Page" name=page.label href=page.href icon=Icon::ArrowRight /> <Cell column="Kind">{page.kind}</Cell></tr> }.into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    (!rows.is_empty()).then(|| {
        let columns = vec![Column::new("Page"), Column::new("Kind")];
        view! { <Card title="Pages and actions" count=count flush=true><Table caption="Pages and actions" columns=columns framed=false>{rows}</Table></Card> }.into_any()
    })
}

fn group(text: &str, group: Group) -> AnyView {
    let Group {
        title,
        icon,
        found,
        list,
    } = group;
    let Findings { items, total } = found;
    let shown = items.len() as u64;
    let words = Search {
        terms: text
            .split_whitespace()
            .map(|word| Term::Word(word.to_owned()))
            .collect(),
    };
    let all = format!(
        "{list}?{}",
        serde_urlencoded::to_string([("q", words.to_string())]).unwrap_or_default()
    );
    let more = (total > shown && !list.is_empty()).then(|| view! { <Button label=format!("Show all {}", capped(total)) href=all icon=Icon::ArrowRight /> });
    let count = if total > shown {
        format!("{} of {}", number(shown), capped(total))
    } else {
        number(total)
    };
    let rows = items.into_iter().map(|item| {
        let href = routes::object(item.object).unwrap_or_default();
        let name = match icon {
            Some(icon) => {
                view! { <NameCell column="Name" name=item.label href=href icon=icon /> }.into_any()
            }
            None => view! { <NameCell column="Name" name=item.label href=href /> }.into_any(),
        };
        view! { <tr>{name} <Cell column="Details" wrap=true>{item.detail}</Cell></tr> }.into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let columns = vec![Column::new("Name"), Column::new("Details")];
    view! {
        <Card title=title count=count actions=more flush=true>
            <Table caption=title columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}
