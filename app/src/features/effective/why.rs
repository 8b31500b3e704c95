//! Why a person has an entitlement, or why not: one sentence, every way to it, and what would really end it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{EntitlementId, IdentityId};
use leptos::prelude::*;
use serde::Deserialize;
use service::effective::{AccessLine, Explained, LeftOver, explain};
use service::people::Person;

use super::words::{day_of, link, linked, since, until, used};
use super::{given, way};
use crate::access::level_view;
use crate::as_of::{Asked, NAME};
use crate::features::people::detail::{header, tabs};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{Banner, Card, Fact, Facts, Slot, Split, Stack, Tone};
use crate::visit::Visit;

/// The address of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Moment {
    as_of: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, entitlement)): Path<(String, String)>,
    Query(moment): Query<Moment>,
) -> Response {
    let (Ok(id), Ok(entitlement)) = (
        id.parse::<IdentityId>(),
        entitlement.parse::<EntitlementId>(),
    ) else {
        return app.nothing_here(&visit);
    };
    let asked = Asked::read(&moment.as_of, &visit.zone());
    let found = explain(&app.service, &visit.cx(), id, entitlement, asked.at()).await;
    let (person, explained) = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = &person.identity.content.display_name;
    let what = &explained.entitlement.display_name;
    let title = match explained.line {
        Some(_) => format!("Why {name} has {what}"),
        None => format!("Why {name} does not have {what}"),
    };
    let page = Page::new(format!("{title} · People"), routes::PEOPLE).called(what.clone());
    let of_person = format!("{}/{id}", routes::PEOPLE);
    let access = below(routes::PEOPLE, id, "access");
    let access = routes::with_query(&access, &[(NAME, &asked.word())]);
    let parents = [
        ("People", routes::PEOPLE),
        (name, &of_person),
        ("Access", &access),
    ];
    app.page(&visit, page.under(&parents), || {
        let control = asked.control(&visit, &routes::why(id, entitlement), &[]);
        let content = content(&visit, &person, &explained);
        view! {
            {header(&app, &visit, &person)}
            {tabs(&person, "access")}
            {control}
            {content}
        }
        .into_any()
    })
}

fn content(visit: &Visit, person: &Person, explained: &Explained) -> AnyView {
    let named = &explained.entitlement;
    let sentence = explained.sentence.clone();
    let description = named.description.trim();
    let description = (!description.is_empty()).then(|| {
        let text = description.to_owned();
        view! { <p class="soft" dir="auto">{text}</p> }
    });
    let ways = way::card(visit, person, explained);
    let ends = way::ends(visit, person, explained);
    let left = explained.left_over.as_ref();
    let left = left.map(|left| left_over(visit, explained, left));
    let excluded = (!explained.excluded.is_empty())
        .then(|| given::exclusions(visit, person, &explained.excluded, explained.moment));
    view! {
        <Split rail=Slot::from(facts(visit, explained))>
            <Stack>
                <Card><p class="why-sentence" dir="auto">{sentence}</p> {description}</Card>
                {left}
                {ways}
                {ends}
                {excluded}
            </Stack>
        </Split>
    }
    .into_any()
}

fn left_over(visit: &Visit, explained: &Explained, left: &LeftOver) -> AnyView {
    let source = if left.source.is_empty() {
        "A source"
    } else {
        left.source.as_str()
    };
    let title = format!("{source} still sees it");
    let since = day_of(visit, left.first_seen);
    let text = format!(
        ", and nothing gives it any more. Have it removed in {}, or give it again.",
        explained.entitlement.application_display
    );
    view! { <Banner tone=Tone::Warn title=title><p>"It was first seen on " {since} {text}</p></Banner> }
        .into_any()
}

fn facts(visit: &Visit, explained: &Explained) -> AnyView {
    let named = &explained.entitlement;
    let entitlement = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id));
    let entitlement = leaf(link(&named.display_name, &entitlement));
    let application = linked(
        visit,
        format!("{}/{}", routes::APPLICATIONS, named.application),
    );
    let application = leaf(link(&named.application_display, &application));
    let risk = level_view(named.risk);
    let of_line = explained
        .line
        .as_ref()
        .map(|line| line_facts(visit, explained, line));
    view! {
        <Facts title="Facts">
            <Fact term="Entitlement">{entitlement}</Fact>
            <Fact term="Application">{application}</Fact>
            <Fact term="Risk">{risk}</Fact>
            {of_line}
        </Facts>
    }
    .into_any()
}

fn line_facts(visit: &Visit, explained: &Explained, line: &AccessLine) -> AnyView {
    let moment = explained.moment.at;
    let last = used(line.last_used, moment.day(&visit.zone()));
    let seen = if line.seen {
        "A source sees it"
    } else {
        "No source sees it"
    };
    let (begun, ends) = (since(visit, line.since), until(visit, line.until, moment));
    view! {
        <Fact term="Since">{begun}</Fact>
        <Fact term="Until">{ends}</Fact>
        <Fact term="Last used">{last}</Fact>
        <Fact term="In the application">{seen}</Fact>
    }
    .into_any()
}
