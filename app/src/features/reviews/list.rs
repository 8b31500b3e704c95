//! The campaigns, the newest first, and the reviews they carry out; a review by itself, with the button that launches it.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::ReviewId;
use domain::lifecycle::Lifecycle;
use domain::permission::ConsoleRight::{Administer, RunReviews};
use domain::review::{Campaign, CampaignState, Review};
use leptos::prelude::*;
use service::reviews::{self, Turns};

use crate::format::{day, number, time_view};
use crate::page::{Page, done};
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Cell, Column, Empty, EmptyKind, Form, FormActions, Icon,
    NameCell, PageHeader, Pill, Table, Tone,
};
use crate::visit::Visit;

/// Reviews of one person that are listed.
const PERSONS: usize = 20;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match reviews::list(&app.service, &visit.cx()).await {
        Ok((found, campaigns)) => app.page(&visit, Page::new("Reviews", routes::REVIEWS), || {
            content(&visit, &found, &campaigns)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, found: &[Review], campaigns: &[Campaign]) -> AnyView {
    let runs = visit.rights().has_any(&[Administer, RunReviews]);
    let add = runs.then(|| view! { <Button label="New review" href=routes::REVIEWS_NEW icon=Icon::Plus kind=ButtonKind::Primary /> });
    let detail = "Who has what is looked at by those who know, and what nobody needs ends.";
    if found.is_empty() && campaigns.is_empty() {
        return view! {
            <PageHeader title="Reviews" detail=detail />
            <Empty kind=EmptyKind::Nothing title="Nothing is reviewed yet" text="A review says what is looked at, by whom, and until when. Its campaign asks them, and ends what they revoke.">
                {add}
            </Empty>
        }
        .into_any();
    }
    let definitions = (!found.is_empty()).then(|| definitions(found));
    let of_one = |one: &&Campaign| one.content.terms.scope.person.is_some();
    let (persons, campaigns): (Vec<&Campaign>, Vec<&Campaign>) = campaigns.iter().partition(of_one);
    let persons: Vec<&Campaign> = persons.into_iter().take(PERSONS).collect();
    let table = |title: &'static str, some: &[&Campaign]| {
        (!some.is_empty()).then(|| campaigns_table(visit, title, some))
    };
    view! {
        <PageHeader title="Reviews" detail=detail actions=view! { {add} } />
        {table("Campaigns", &campaigns)}
        {definitions}
        {table("Of one person, the newest", &persons)}
    }
    .into_any()
}

/// What a state looks like.
const fn tone(state: CampaignState) -> Tone {
    match state {
        CampaignState::Launching | CampaignState::Cancelled => Tone::Plain,
        CampaignState::Open => Tone::Warn,
        CampaignState::Closed => Tone::Good,
    }
}

fn campaigns_table(visit: &Visit, title: &'static str, campaigns: &[&Campaign]) -> AnyView {
    let columns = vec![
        Column::new("Campaign"),
        Column::new("State"),
        Column::new("Items").numeric(),
        Column::new("Left out").numeric(),
        Column::new("Reviewers").numeric(),
        Column::new("Due"),
    ];
    let rows = campaigns.iter().map(|one| {
        let counts = one.content.population;
        let [included, excluded, reviewers] =
            [counts.included, counts.excluded, counts.reviewers].map(number);
        let state = one.content.state;
        let (name, href) = (
            one.content.name.clone(),
            format!("{}/{}", routes::REVIEWS, one.id),
        );
        let due = time_view(one.content.due, visit);
        view! {
            <tr>
                <NameCell column="Campaign" name=name icon=Icon::ListChecks href=href />
                <Cell column="State"><Pill text=state.label() tone=tone(state) /></Cell>
                <Cell column="Items" numeric=true>{included}</Cell>
                <Cell column="Left out" numeric=true>{excluded}</Cell>
                <Cell column="Reviewers" numeric=true>{reviewers}</Cell>
                <Cell column="Due">{due}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! { <Table caption=title columns=columns>{rows}</Table> }.into_any()
}

fn definitions(found: &[Review]) -> AnyView {
    let columns = ["Review", "What it says", "Repeats"];
    let columns = columns.into_iter().map(Column::new).collect();
    let rows = found.iter().map(|one| {
        let content = &one.content;
        let says = reviews::sentences(content).into_iter().take(2);
        let says = says.collect::<Vec<_>>().join(" ");
        let repeats = content
            .repeats
            .map_or("Once", |repeats| repeats.every.label());
        let href = format!("{}/definitions/{}", routes::REVIEWS, one.id);
        view! {
            <tr>
                <NameCell column="Review" name=content.name.clone() icon=Icon::FileText href=href />
                <Cell column="What it says" wrap=true>{says}</Cell>
                <Cell column="Repeats">{repeats}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! { <Table caption="Reviews" columns=columns>{rows}</Table> }.into_any()
}

pub(super) async fn definition(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse::<ReviewId>() else {
        return app.nothing_here(&visit);
    };
    match read(&app, &visit, id).await {
        Ok((review, campaigns, turns)) => {
            let name = review.content.name.clone();
            let page = Page::new(name, routes::REVIEWS).under(&[("Reviews", routes::REVIEWS)]);
            let key = app.form_key();
            app.page(&visit, page, || {
                one(&visit, &review, (&campaigns, &turns), key)
            })
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read(
    app: &App,
    visit: &Visit,
    id: ReviewId,
) -> service::Result<(Review, Vec<Campaign>, Turns)> {
    let (review, campaigns) = reviews::read(&app.service, &visit.cx(), id).await?;
    let turns = reviews::turns(&app.service, &visit.cx(), id).await?;
    Ok((review, campaigns, turns))
}

/// When it begins again.
fn next(turns: &Turns) -> Option<AnyView> {
    if turns.next.is_empty() {
        return None;
    }
    let waits = turns.waits.map(|on| {
        let text = format!(
            "That of {} waits until the campaign under way is closed or called off.",
            day(on)
        );
        view! { <p>{text}</p> }
    });
    let days: Vec<String> = turns.next.iter().map(|one| day(*one)).collect();
    let days = days.join(", ");
    Some(
        view! {
            <Card title="Next campaigns">
                <div class="prose">{waits} <p>"They begin by themselves: " {days} " …"</p></div>
            </Card>
        }
        .into_any(),
    )
}

fn one(
    visit: &Visit,
    review: &Review,
    (campaigns, turns): (&[Campaign], &Turns),
    key: String,
) -> AnyView {
    let content = &review.content;
    let says = reviews::sentences(content);
    let says = says
        .into_iter()
        .map(|one| view! { <p dir="auto">{one}</p> })
        .collect_view();
    let under_way = campaigns.first().is_some_and(|one| {
        matches!(
            one.content.state,
            CampaignState::Launching | CampaignState::Open
        )
    });
    let may = visit.rights().has_any(&[Administer, RunReviews]);
    let ended = content.status == Lifecycle::Ended;
    let act = if ended {
        view! {
            <Banner tone=Tone::Plain title="This review has ended">
                <p>"No campaign of it begins any more."</p>
            </Banner>
        }
        .into_any()
    } else if under_way {
        view! {
            <Banner tone=Tone::Plain title="A campaign of this review is under way">
                <p>"It is closed or called off before the next one begins."</p>
            </Banner>
        }
        .into_any()
    } else if !may {
        ().into_any()
    } else {
        view! {
            <Form idem=key>
                <FormActions>
                    <Button label="Launch" icon=Icon::ListChecks kind=ButtonKind::Primary />
                </FormActions>
            </Form>
        }
        .into_any()
    };
    let next = next(turns);
    let instructions = content.instructions.clone();
    let campaigns: Vec<&Campaign> = campaigns.iter().collect();
    let table = (!campaigns.is_empty()).then(|| campaigns_table(visit, "Campaigns", &campaigns));
    let actions = (may && !ended).then(|| {
        let place = format!("{}/definitions/{}", routes::REVIEWS, review.id);
        view! {
            <Button label="Edit" href=format!("{place}/edit") icon=Icon::Pencil />
            <Button label="End" href=format!("{place}/end") kind=ButtonKind::Plain />
        }
    });
    view! {
        <PageHeader title=content.name.clone() detail=instructions actions=view! { {actions} } />
        <Card title="What it says"><div class="prose">{says}</div></Card>
        {next}
        {act}
        {table}
    }
    .into_any()
}

pub(super) async fn launch(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(id) = id.parse::<ReviewId>() else {
        return app.nothing_here(&visit);
    };
    match reviews::launch(&app.service, &visit.cx_once(posted.once()), id).await {
        Ok(launched) => done(
            &format!("{}/{}", routes::JOBS, launched.job),
            "review-begun",
        ),
        Err(error) => app.refuse(&visit, error),
    }
}
