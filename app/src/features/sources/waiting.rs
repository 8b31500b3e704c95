//! Whom a source means where its names fit several people: decided one by one, by a person.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{IdentityId, SourceId};
use leptos::prelude::*;
use serde::Deserialize;
use service::imports::{self, Waiting, WaitingPage};
use service::sources;

use crate::page::{Page, done};
use crate::posted::Posted;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Button, Card, Choice, Empty, EmptyKind, Form, FormActions, Hidden, Icon, KeyValue, PageHeader,
    Radios, Stack,
};
use crate::visit::Visit;

/// The answer that nobody here is meant.
const NEW: &str = "new";

/// Where the queue goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    after: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(from): Query<After>,
) -> Response {
    let Ok(id) = id.parse::<SourceId>() else {
        return app.nothing_here(&visit);
    };
    let after = Some(from.after).filter(|after| !after.is_empty());
    let source = match sources::read(&app.service, &visit.cx(), id).await {
        Ok(source) => source,
        Err(error) => return app.refuse(&visit, error),
    };
    let found = match imports::waiting(&app.service, &visit.cx(), Some(id), after.as_deref()).await
    {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = source.source.content.name;
    let back = format!("{}/{id}", routes::SOURCES);
    let page = Page::new(format!("Who is meant · {name}"), routes::SOURCES).called("Who is meant");
    let page = page
        .under(&[("Sources", routes::SOURCES), (&name, &back)])
        .text();
    app.page(&visit, page, || {
        content(&app, id, &found, source.may_manage)
    })
}

pub(super) async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(id) = id.parse::<SourceId>() else {
        return app.nothing_here(&visit);
    };
    // Every card has a field of its own, because no two fields of a page may share an id.
    let field = format!("person-{}", posted.get("card"));
    let person = match posted.get(&field) {
        NEW => None,
        // What is no id is nobody: the service says so.
        text => Some(text.parse().unwrap_or(IdentityId::from_raw(i64::MAX))),
    };
    let cx = visit.cx_once(posted.once());
    match imports::decide(&app.service, &cx, id, posted.get("key"), person).await {
        Ok(()) => done(&below(routes::SOURCES, id, "waiting"), "decided"),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(app: &App, id: SourceId, found: &WaitingPage, may_decide: bool) -> AnyView {
    let header = view! { <PageHeader title="Who is meant" detail="The source names these people in a way that fits several here. The next import goes by what is decided." /> };
    if found.links.is_empty() {
        return view! {
            {header}
            <Empty kind=EmptyKind::Nothing icon=Icon::UserCheck title="Nobody waits" text="Every person of this source is known. Where a name fits several people, it waits here for somebody to decide." />
        }
        .into_any();
    }
    let cards = found
        .links
        .iter()
        .enumerate()
        .map(|(at, link)| card(app, at, link, may_decide))
        .collect_view();
    let more = found.after.as_ref().map(|after| {
        let query = serde_urlencoded::to_string([("after", after)]).unwrap_or_default();
        let href = format!("{}?{query}", below(routes::SOURCES, id, "waiting"));
        view! { <Button label="More" href=href icon=Icon::ArrowDown /> }
    });
    view! { {header} <Stack>{cards} {more}</Stack> }.into_any()
}

fn card(app: &App, at: usize, link: &Waiting, may_decide: bool) -> AnyView {
    let title = if link.display_name.is_empty() {
        link.username.clone()
    } else {
        link.display_name.clone()
    };
    let known = [
        ("Key", &link.key),
        ("Username", &link.username),
        ("E-mail", &link.email),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| (name, value.clone()))
    .map(|(name, value)| view! { <KeyValue name=name>{value}</KeyValue> })
    .collect_view();
    let people = link.candidates.iter().map(|person| {
        let detail = [person.username.as_str(), &person.title]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        Choice::new(person.id.to_string(), person.display_name.clone()).detail(detail)
    });
    let nobody = Choice::new(NEW, "Somebody new").detail("The next import adds them.");
    let choices: Vec<Choice> = people.chain(std::iter::once(nobody)).collect();
    let key = link.key.clone();
    let form = may_decide.then(|| {
        view! {
            <Form idem=app.form_key() guard=false>
                <Hidden name="key" value=key />
                <Hidden name="card" value=at.to_string() />
                <Radios name=format!("person-{at}") label="Who is it?" options=choices required=true />
                <FormActions><Button label="Decide" icon=Icon::Check /></FormActions>
            </Form>
        }
    });
    view! {
        <Card title=title>
            <div class="mapped">{known}</div>
            {form}
        </Card>
    }
    .into_any()
}
