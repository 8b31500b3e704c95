//! The catalogue: for whom, one search, what can narrow it, and what people like them have.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::entitlement::EntitlementKind;
use domain::id::IdentityId;
use domain::lifecycle::Level;
use domain::page::{Facet, Position};
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::Error;
use service::requests::{self, Catalogue, CatalogueQuery, Offered};

use super::rows::{Around, offers};
use super::words::for_person;
use crate::format::{capped, number};
use crate::page::{Page, see_other};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{
    Button, Chip, Chips, Empty, EmptyKind, FacetGroup, FacetValue, Facets, Icon, PageHeader, Pager,
    SearchInput, Slot, Toolbar,
};
use crate::visit::Visit;

/// Rows of a page.
const ROWS: usize = 25;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(rename = "for")]
    person: String,
    /// A username, typed into the field for others.
    who: String,
    q: String,
    application: String,
    risk: String,
    kind: String,
    after: String,
    before: String,
    filters: String,
}

impl Asked {
    fn query(&self, person: Option<IdentityId>) -> CatalogueQuery {
        let position = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Position::Start,
            ("", before) => Position::Before(before.to_owned()),
            (after, _) => Position::After(after.to_owned()),
        };
        CatalogueQuery {
            person,
            words: self.q.clone(),
            application: self.application.clone(),
            risk: self.risk.clone(),
            kind: self.kind.clone(),
            position,
            facets: !self.filters.is_empty(),
        }
    }

    /// The same page with some parts of its address changed; the place in the list is always left.
    fn url(&self, person: Option<IdentityId>, changed: &[(&str, &str)]) -> String {
        let known = [
            ("q", self.q.as_str()),
            ("application", &self.application),
            ("risk", &self.risk),
            ("kind", &self.kind),
            ("filters", &self.filters),
        ];
        let kept = known
            .iter()
            .filter(|(key, _)| !changed.iter().any(|(other, _)| other == key));
        let parts: Vec<(&str, &str)> = kept.chain(changed).copied().collect();
        for_person(routes::CATALOGUE, person, &parts)
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    match found(&app, &visit, &asked).await {
        Ok(Found::Page(person, catalogue)) => app.page(
            &visit,
            Page::new("Request access", routes::CATALOGUE),
            || show(&visit, &asked, person, &catalogue),
        ),
        Ok(Found::Elsewhere(path)) => see_other(&path),
        Err(error) => app.refuse(&visit, error),
    }
}

enum Found {
    Page(Option<IdentityId>, Box<Catalogue>),
    Elsewhere(String),
}

async fn found(app: &App, visit: &Visit, asked: &Asked) -> Result<Found, Error> {
    let who = asked.who.trim();
    if !who.is_empty() {
        let known = service::people::by_username(&app.service, &visit.cx(), who).await?;
        let id = known
            .ok_or_else(|| Error::Refused(format!("Nobody here has the username “{who}”.")))?;
        return Ok(Found::Elsewhere(asked.url(Some(id), &[])));
    }
    let person = super::person(&asked.person)?.filter(|id| visit.me() != Some(*id));
    let query = asked.query(person);
    let catalogue = requests::catalogue(&app.service, &visit.cx(), &query).await?;
    Ok(Found::Page(person, Box::new(catalogue)))
}

fn show(visit: &Visit, asked: &Asked, person: Option<IdentityId>, found: &Catalogue) -> AnyView {
    let detail = match person {
        None => {
            "Find what you need, put it into your cart, and send it to those who decide.".to_owned()
        }
        Some(_) => format!("For {}.", found.person.name),
    };
    let label = if found.cart > 0 {
        format!("Cart ({})", number(found.cart))
    } else {
        "Cart".to_owned()
    };
    let same = for_person(routes::CATALOGUE_SAME, person, &[]);
    let actions = Slot::from(view! {
        <Button label="Same as a colleague" href=same icon=Icon::Users />
        <Button label=label href=routes::CART icon=Icon::ShoppingCart />
    });
    let whom = whom(visit, asked, person, found);
    let search = search(asked, person, found);
    let around = Around {
        visit,
        person,
        back: &visit.uri,
    };
    let results = results(&around, asked, found);
    let sections = leaf(sections(&around, asked, found));
    view! {
        <PageHeader title="Request access" detail=detail actions=actions />
        {whom}
        {search}
        {sections}
        {results}
    }
    .into_any()
}

/// For whom: nothing to choose for who asks for nobody else.
fn whom(
    visit: &Visit,
    asked: &Asked,
    person: Option<IdentityId>,
    found: &Catalogue,
) -> Option<AnyView> {
    if found.reports.is_empty() && !found.for_others {
        return None;
    }
    let me = visit.me().map(|me| me.to_string()).unwrap_or_default();
    let unknown = person.filter(|id| !found.reports.iter().any(|one| one.id == *id));
    let others = found.for_others.then(|| {
        html! {
            label for="f-who" { "or somebody else" }
            input.input #f-who name="who" placeholder="Username" autocomplete="off" autocapitalize="none" spellcheck="false";
        }
    });
    Some(leaf(html! {
        form.whom method="get" action=(routes::CATALOGUE) {
            @if !asked.q.is_empty() { input type="hidden" name="q" value=(asked.q); }
            label for="f-for" { "For" }
            span.select {
                select.input #f-for name="for" {
                    option value=(me) selected[person.is_none()] { "Me" }
                    @if let Some(id) = unknown { option value=(id) selected { (found.person.name) } }
                    @for one in &found.reports {
                        option value=(one.id) selected[person == Some(one.id)] { (one.name) }
                    }
                }
                (Icon::ChevronDown.markup())
            }
            @if let Some(others) = others { (others) }
            button.btn type="submit" { span.btn-label { "Choose" } }
        }
    }))
}

fn search(asked: &Asked, person: Option<IdentityId>, found: &Catalogue) -> AnyView {
    let mut hidden = vec![
        ("application".to_owned(), asked.application.clone()),
        ("risk".to_owned(), asked.risk.clone()),
        ("kind".to_owned(), asked.kind.clone()),
    ];
    hidden.retain(|(_, value)| !value.is_empty());
    hidden.extend(person.map(|id| ("for".to_owned(), id.to_string())));
    let open = !asked.filters.is_empty();
    let toggle = asked.url(person, &[("filters", if open { "" } else { "open" })]);
    let mut groups: Vec<FacetGroup> = found
        .facets
        .iter()
        .map(|facet| group(asked, person, facet))
        .collect();
    if let Some(kinds) = groups.iter_mut().find(|group| group.title == "Type") {
        kinds.values.insert(
            0,
            value(asked, person, "kind", ("bundle", "Bundle"), String::new()),
        );
    }
    let chips: Vec<Chip> = [
        ("application", asked.application.clone()),
        ("risk", label("risk", &asked.risk)),
        ("kind", label("kind", &asked.kind)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| Chip {
        key: if key == "kind" { "type" } else { key }.to_owned(),
        value,
        remove: asked.url(person, &[(key, "")]),
    })
    .collect();
    let clear = asked.url(person, &[("application", ""), ("risk", ""), ("kind", "")]);
    let filters = Slot::from(view! {
        <Facets groups=groups open=open toggle=toggle />
        <Chips items=chips clear=clear />
    });
    let words = asked.q.clone();
    view! {
        <Toolbar action=routes::CATALOGUE hidden=hidden filters=filters>
            <SearchInput label="Search what you may ask for" value=words placeholder="What do you need? Such as: post invoices" />
        </Toolbar>
    }
    .into_any()
}

fn group(asked: &Asked, person: Option<IdentityId>, facet: &Facet) -> FacetGroup {
    let title = match facet.key {
        "application" => "Application",
        "kind" => "Type",
        _ => "Risk",
    };
    let values = facet
        .values
        .iter()
        .filter(|one| !one.value.is_empty())
        .map(|one| {
            let label = label(facet.key, &one.value);
            value(
                asked,
                person,
                facet.key,
                (&one.value, &label),
                capped(one.count),
            )
        });
    FacetGroup {
        title: title.to_owned(),
        values: values.collect(),
    }
}

fn value(
    asked: &Asked,
    person: Option<IdentityId>,
    key: &str,
    (word, label): (&str, &str),
    count: String,
) -> FacetValue {
    let now = match key {
        "application" => &asked.application,
        "kind" => &asked.kind,
        _ => &asked.risk,
    };
    let active = now == word;
    FacetValue {
        label: label.to_owned(),
        count,
        href: asked.url(person, &[(key, if active { "" } else { word })]),
        active,
    }
}

/// How a value of a filter reads.
fn label(key: &str, value: &str) -> String {
    let known = match key {
        "risk" => Level::from_word(value).map(Level::label),
        "kind" if value == "bundle" => Some("Bundle"),
        "kind" => EntitlementKind::from_word(value).map(EntitlementKind::label),
        _ => None,
    };
    known.map_or_else(|| value.to_owned(), str::to_owned)
}

/// What stands above the list where nothing is looked for, and bundles that fit.
fn sections(around: &Around<'_>, asked: &Asked, found: &Catalogue) -> Markup {
    let whose = if around.person.is_none() {
        "your"
    } else {
        "their"
    };
    let common: Vec<Offered> = found.common.iter().map(|(one, _)| one.clone()).collect();
    let notes = found
        .common
        .iter()
        .map(|(_, n)| format!("{n} of {} in {whose} team have it", found.peers));
    let notes: Vec<String> = notes.collect();
    let narrowed = asked.query(None).is_narrowed();
    html! {
        @if !common.is_empty() {
            section.card { header.card-head { h2 { "Common in " (whose) " team" } } (offers(around, &common, &notes)) }
        }
        @if !found.recent.is_empty() && !narrowed {
            section.card { header.card-head { h2 { "Recently asked by you" } } (offers(around, &found.recent, &[])) }
        }
        @if !found.bundles.is_empty() {
            section.card {
                header.card-head { h2 { "Bundles" } span.card-count { (number(found.bundles.len() as u64)) } }
                (offers(around, &found.bundles, &[]))
            }
        }
    }
}

fn results(around: &Around<'_>, asked: &Asked, found: &Catalogue) -> AnyView {
    let person = around.person;
    if found.page.rows.is_empty() {
        if !found.bundles.is_empty() {
            return ().into_any();
        }
        return nothing(asked, person, found);
    }
    let title = if asked.query(None).is_narrowed() {
        "Found"
    } else {
        "Everything you may ask for"
    };
    let title = if person.is_some() && title != "Found" {
        "Everything they may be asked for"
    } else {
        title
    };
    let list = leaf(offers(around, &found.page.rows, &[]));
    let link = |key: &str, cursor: &Option<String>| {
        cursor
            .as_ref()
            .map(|cursor| asked.url(person, &[(key, cursor)]))
            .unwrap_or_default()
    };
    let shown = found.page.rows.len().min(ROWS);
    let range = format!("{} of {}", number(shown as u64), capped(found.page.total));
    let first = if asked.after.is_empty() && asked.before.is_empty() {
        String::new()
    } else {
        asked.url(person, &[])
    };
    let (previous, next) = (
        link("before", &found.page.before),
        link("after", &found.page.after),
    );
    view! {
        <section class="card">
            <header class="card-head">
                <h2>{title}</h2>
                <span class="card-count">{capped(found.page.total)}</span>
            </header>
            {list}
            <Pager range=range first=first previous=previous next=next />
        </section>
    }
    .into_any()
}

/// Nothing was found: what was perhaps meant, and what else helps.
fn nothing(asked: &Asked, person: Option<IdentityId>, found: &Catalogue) -> AnyView {
    if !asked.query(None).is_narrowed() {
        return view! { <Empty kind=EmptyKind::NotForYou title="Nothing can be asked for yet" text="Owners of applications say what people may ask for. Until then, your manager or an administrator gives access." /> }.into_any();
    }
    let title = if asked.q.is_empty() {
        "Nothing fits".to_owned()
    } else {
        format!("Nothing called “{}”", asked.q)
    };
    let meant = found.meant.iter().map(|words| {
        let href = asked.url(person, &[("q", words)]);
        let label = format!("Did you mean “{words}”?");
        view! { <Button label=label href=href icon=Icon::Search /> }
    });
    let meant = meant.collect_view();
    let all = for_person(routes::CATALOGUE, person, &[]);
    view! {
        <Empty kind=EmptyKind::NoMatch title=title text="Look for the name of the application, or a word of what you want to do. What cannot be asked for here is not shown; the owner of the application, or your manager, knows how it is given.">
            {meant}
            <Button label="Show everything" href=all icon=Icon::Undo2 />
        </Empty>
    }
    .into_any()
}
