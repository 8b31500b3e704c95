//! A person's page: overview, and the one-time link to set a password.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::IdentityId;
use domain::permission::{Action, ConsoleRight, Visibility, visible_people};
use frontend::copy::CopyButton;
use http::StatusCode;
use leptos::prelude::*;
use service::audit::WithLatest;
use service::people::{self, NewLink, Person};

use super::words::status_pill;
use crate::format::{day_view, exact, time_view};
use crate::history;
use crate::page::Page;
use crate::posted::Posted;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Avatar, Banner, Button, ButtonKind, Card, Fact, Facts, Icon, Id, KeyValue, Menu, MenuAction,
    MenuLine, MenuLink, PageHeader, Person as PersonView, Pill, Slot, Split, Stack, Tab, Tabs,
    Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    match people::overview(&app.service, &visit.cx(), id).await {
        Ok(person) => show(&app, &visit, &person, None),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Makes a link and shows it once: it is not kept anywhere in readable form.
pub(super) async fn link(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let cx = visit.cx_once(posted.once());
    let made = match people::link(&app.service, &cx, id).await {
        Ok(made) => made,
        Err(error) => return app.refuse(&visit, error),
    };
    match people::overview(&app.service, &visit.cx(), id).await {
        Ok(person) => show(&app, &visit, &person, Some(made)),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(app: &App, visit: &Visit, shown: &WithLatest<Person>, link: Option<NewLink>) -> Response {
    let person = &shown.object;
    let name = person.identity.content.display_name.clone();
    let page = Page::new(format!("{name} · People"), routes::PEOPLE);
    let page = Page {
        crumbs: vec![crate::ui::Crumb::here(name)],
        ..page
    }
    .under(&[("People", routes::PEOPLE)])
    .status(StatusCode::OK);
    app.page(visit, page, || {
        view! {
            {header(app, visit, person)}
            {tabs(person, "")}
            {link.map(|link| link_banner(visit, &link))}
            {overview(visit, shown)}
        }
        .into_any()
    })
}

/// What there is to know of a person at first: on their page, and in the panel of the list.
pub(super) fn overview(visit: &Visit, shown: &WithLatest<Person>) -> AnyView {
    let person = &shown.object;
    let rights = rights(person);
    let latest = history::latest(
        visit,
        &shown.latest,
        below(routes::PEOPLE, person.identity.id, "timeline"),
    );
    view! {
        <Split rail=Slot::from(facts(visit, person))>
            <Stack>
                {rights}
                {latest}
            </Stack>
        </Split>
    }
    .into_any()
}

/// The one line under a person's name.
pub(super) fn detail_line(person: &Person) -> String {
    let content = &person.identity.content;
    [content.title.as_str(), &content.department]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The head of every page of a person.
pub(in crate::features) fn header(app: &App, visit: &Visit, person: &Person) -> AnyView {
    let content = &person.identity.content;
    let id = person.identity.id;
    let may = |action| person.may.contains(&action);
    let today = visit.now.day(&visit.zone());
    let ended = content.status == domain::identity::IdentityStatus::Ended;
    let suspended = content.status == domain::identity::IdentityStatus::Suspended;
    let edit = may(Action::EditPerson).then(|| {
        view! { <Button label="Edit" href=below(routes::PEOPLE, id, "edit") icon=Icon::Pencil kind=ButtonKind::Primary /> }
    });
    let moves = (may(Action::MovePerson) && !ended).then(|| {
        let pause = if suspended {
            view! { <MenuLink href=below(routes::PEOPLE, id, "resume") label="Resume…" icon=Icon::Play /> }.into_any()
        } else {
            view! { <MenuLink href=below(routes::PEOPLE, id, "suspend") label="Suspend…" icon=Icon::Pause /> }.into_any()
        };
        view! {
            {pause}
            <MenuLink href=below(routes::PEOPLE, id, "end") label="End…" icon=Icon::UserX danger=true />
        }
    });
    let link = (may(Action::LinkPerson) && content.status.may_sign_in()).then(|| {
        view! { <MenuAction action=below(routes::PEOPLE, id, "link") idem=app.form_key() label="Make a set-password link" icon=Icon::Link /> }
    });
    let rights = (may(Action::GrantRight) && !ended).then(|| {
        view! { <MenuLink href=below(routes::PEOPLE, id, "rights") label="Console rights…" icon=Icon::KeyRound /> }
    });
    // Who sees nobody else has nobody to compare with.
    let compare = (visible_people(visit.cx().actor) == Visibility::All
        || visit.user.as_ref().is_some_and(|user| user.is_manager))
    .then(|| {
        view! { <MenuLink href=below(routes::PEOPLE, id, "compare") label="Compare access…" icon=Icon::Scale /> }
    });
    let runs = visit
        .rights()
        .has_any(&[ConsoleRight::Administer, ConsoleRight::RunReviews]);
    let review = (runs && !ended).then(|| {
        view! { <MenuLink href=below(routes::PEOPLE, id, "review") label="Review access…" icon=Icon::ListChecks /> }
    });
    let calm = compare.is_some() || link.is_some() || rights.is_some() || review.is_some();
    let any = moves.is_some() || calm;
    let divider = (moves.is_some() && calm).then(|| view! { <MenuLine /> });
    let menu = any.then(|| view! { <Menu label=format!("More for {}", content.display_name)>{compare} {review} {link} {rights} {divider} {moves}</Menu> });
    let copy =
        view! { <CopyButton value=id.to_string() label="Copy id">{Icon::Copy.view()}</CopyButton> };
    view! {
        <PageHeader
            title=content.display_name.clone()
            detail=detail_line(person)
            lead=view! { <Avatar name=content.display_name.clone() large=true /> }
            status=status_pill(content.status, content.end_date, today)
            id=view! { <Id value=id.to_string()>{copy}</Id> }
            actions=view! { {menu} {edit} }
        />
    }
    .into_any()
}

/// The tabs of a person.
pub(in crate::features) fn tabs(person: &Person, current: &str) -> AnyView {
    let id = person.identity.id;
    let tab = |label: &str, page: &str| Tab {
        label: label.to_owned(),
        href: if page.is_empty() {
            format!("{}/{id}", routes::PEOPLE)
        } else {
            below(routes::PEOPLE, id, page)
        },
        count: String::new(),
        current: page == current,
    };
    view! { <Tabs label="About this person" items=vec![tab("Overview", ""), tab("Access", "access"), tab("Access changes", "changes"), tab("Observed", "observed"), tab("Accounts", "accounts"), tab("Requests", "requests"), tab("Reviews", "reviews"), tab("Timeline", "timeline")] /> }.into_any()
}

fn link_banner(visit: &Visit, link: &NewLink) -> AnyView {
    let copy = view! { <CopyButton value=link.url.clone() label="Copy link">{Icon::Copy.view()}</CopyButton> };
    let url = link.url.clone();
    let text = format!(
        "Whoever opens it sets the password. It works once, until {}; links made before no longer work.",
        exact(link.expires, &visit.zone())
    );
    view! {
        <Banner tone=Tone::Warn title="Copy this link now: it is shown only once">
            <p class="id-line"><code class="id secret-link">{url}</code> {copy}</p>
            <p>{text}</p>
        </Banner>
    }
    .into_any()
}

fn facts(visit: &Visit, person: &Person) -> AnyView {
    let content = &person.identity.content;
    let text = |value: &str| {
        if value.is_empty() {
            view! { <crate::ui::Absent /> }.into_any()
        } else {
            value.to_owned().into_any()
        }
    };
    let manager = person.manager.as_ref().map_or_else(
        || view! { <crate::ui::Absent /> }.into_any(),
        |manager| {
            view! { <PersonView name=manager.display_name.clone() detail=manager.title.clone() href=format!("{}/{}", routes::PEOPLE, manager.id) /> }.into_any()
        },
    );
    let day = |day: Option<domain::time::Date>| {
        day.map_or_else(|| view! { <crate::ui::Absent /> }.into_any(), day_view)
    };
    let rest = [
        ("Username", text(&content.username)),
        ("E-mail", text(&content.email)),
        ("Kind", content.kind.label().into_any()),
        ("Location", text(&content.location)),
        ("First day", day(content.start_date)),
        ("Last day", day(content.end_date)),
        ("External id", text(&content.external_id)),
        (
            "Recorded since",
            time_view(person.identity.recorded_from, visit),
        ),
    ];
    let rest = rest
        .into_iter()
        .map(|(term, value)| view! { <Fact term=term>{value}</Fact> })
        .collect_view();
    view! {
        <Facts title="Facts">
            <Fact term="Manager">{manager}</Fact>
            {rest}
        </Facts>
    }
    .into_any()
}

fn rights(person: &Person) -> AnyView {
    let sign_in = if !person.identity.content.status.may_sign_in() {
        view! { <Pill text="Cannot sign in" /> }.into_any()
    } else if person.has_password {
        view! { <Pill text="Can sign in" tone=Tone::Good /> }.into_any()
    } else {
        view! { <Pill text="No password yet" /> }.into_any()
    };
    let rights = person
        .rights
        .iter()
        .map(|right| view! { <KeyValue name=right.label()>{right.description()}</KeyValue> })
        .collect::<Vec<_>>();
    let none = rights.is_empty().then(|| view! { <p class="soft">"No right in this console beyond one’s own account and team."</p> });
    view! {
        <Card title="This console" actions=sign_in>
            {rights}
            {none}
        </Card>
    }
    .into_any()
}
