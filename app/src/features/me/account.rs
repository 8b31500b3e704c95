//! Who I am here, what I may do, and how things stand with my password, sessions and preferences.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;
use service::Error;
use service::people::{self, Person};
use service::sessions::{self, SignedIn};

use super::{head, me};
use crate::format::day_view;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{Card, Fact, Facts, Person as PersonView, Slot, Split, Stack};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match read(&app, &visit).await {
        Ok((user, person, open)) => {
            app.page(&visit, Page::new("My account", routes::ME_ACCOUNT), || {
                show(&visit, user, &person, open)
            })
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read<'a>(app: &App, visit: &'a Visit) -> Result<(&'a SignedIn, Person, usize), Error> {
    let user = me(visit)?;
    let person = people::read(&app.service, &visit.cx(), user.id).await?;
    let open = sessions::list(&app.service, &visit.cx(), &visit.session)
        .await?
        .len();
    Ok((user, person, open))
}

fn show(visit: &Visit, user: &SignedIn, person: &Person, open: usize) -> AnyView {
    let rail = Slot::from(facts(person));
    let (rights, settings) = (rights(user), settings(visit, open));
    view! {
        {head(user, routes::ME_ACCOUNT)}
        <Split rail=rail>
            <Stack>
                {rights}
                {settings}
            </Stack>
        </Split>
    }
    .into_any()
}

/// What one may do, in words; a right is named, what comes with being somebody here is not.
fn rights(user: &SignedIn) -> AnyView {
    let team = user.is_manager.then_some((
        "Your team",
        "See the people who report to you and what happened to them.",
    ));
    let own = (
        "Your own account",
        "See your own record, change your password, and sign out elsewhere.",
    );
    let rights = user
        .rights
        .iter()
        .map(|right| (right.label(), right.description()));
    let lines = rights
        .chain(team)
        .chain([own])
        .map(|(name, text)| view! { <Fact term=name>{text}</Fact> })
        .collect_view();
    view! {
        <Card title="What you may do here">
            <Facts>{lines}</Facts>
        </Card>
    }
    .into_any()
}

fn settings(visit: &Visit, open: usize) -> AnyView {
    let sessions = if open == 1 {
        "1 open, this one".to_owned()
    } else {
        format!("{open} open")
    };
    let liked = &visit.preferences;
    let theme = match liked.theme.as_str() {
        "light" => "Light",
        "dark" => "Dark",
        _ => "Like the system",
    };
    let density = if liked.density == "compact" {
        "compact"
    } else {
        "comfortable"
    };
    let zone = visit.zone().iana_name().unwrap_or("UTC").replace('_', " ");
    let lines = [
        (
            "Password",
            "Change password".to_owned(),
            routes::ME_PASSWORD,
        ),
        ("Sessions", sessions, routes::ME_SESSIONS),
        (
            "Preferences",
            format!("{theme}, {density}, {zone}"),
            routes::ME_PREFERENCES,
        ),
    ];
    let lines = lines
        .into_iter()
        .map(|(term, text, href)| view! { <Fact term=term><a href=href>{text}</a></Fact> })
        .collect_view();
    view! {
        <Card title="Signing in and preferences">
            <Facts>{lines}</Facts>
        </Card>
    }
    .into_any()
}

/// What is recorded; on one's own page an empty field has nothing to say.
fn facts(person: &Person) -> AnyView {
    let content = &person.identity.content;
    let text = |value: &str| (!value.is_empty()).then(|| value.to_owned().into_any());
    let manager = person.manager.as_ref().map(|manager| {
        view! { <PersonView name=manager.display_name.clone() detail=manager.title.clone() /> }
            .into_any()
    });
    let rows = [
        ("Manager", manager),
        ("E-mail", text(&content.email)),
        ("Title", text(&content.title)),
        ("Department", text(&content.department)),
        ("Location", text(&content.location)),
        ("Kind", text(content.kind.label())),
        ("First day", content.start_date.map(day_view)),
        ("Last day", content.end_date.map(day_view)),
    ];
    let known = rows
        .into_iter()
        .filter_map(|(term, value)| value.map(|value| (term, value)));
    let rows = known
        .map(|(term, value)| view! { <Fact term=term>{value}</Fact> })
        .collect_view();
    view! {
        <Facts title="Your record">
            {rows}
            <Fact term="Something wrong?">"An administrator can correct it."</Fact>
        </Facts>
    }
    .into_any()
}
