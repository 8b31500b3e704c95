//! Drawing a sample, the samples that were drawn, and the items of one.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::CampaignId;
use domain::review::{Campaign, CampaignState, Choice};
use leptos::prelude::*;
use service::Error;
use service::reviews::inspect::{self, Drawn, SampleView, SampledItem};

use super::Viewpoint;
use crate::download;
use crate::features::reviews::about;
use crate::format::{number, time_view};
use crate::page::see_other;
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below, with_query};
use crate::state::App;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Cell, Column, FieldRow, Form, FormActions, Icon,
    NameCell, PageHeader, Pill, Stack, Table, TextField, Tone,
};
use crate::visit::Visit;

/// Which sample is looked at.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    seed: String,
    size: String,
}

impl Asked {
    /// Seed and size, when there are both.
    fn which(&self) -> Option<(u32, u32)> {
        Some((self.seed.parse().ok()?, self.size.parse().ok()?))
    }
}

/// What the page shows.
struct Seen {
    campaign: Campaign,
    drawn: Vec<Drawn>,
    shown: Option<SampleView>,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let posted = Posted::filled([
        ("idem", app.form_key()),
        ("seed", asked.seed.clone()),
        ("size", asked.size.clone()),
    ]);
    show(
        &app,
        &visit,
        &id,
        asked.which(),
        (&posted, &FieldErrors::new()),
    )
    .await
}

/// Draws one and leads to it.
pub(super) async fn draw(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let known = match super::super::id(&id) {
        Ok(known) => known,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    let (size, seed) = (posted.get("size"), posted.get("seed"));
    match inspect::draw(&app.service, &cx, known, size, seed).await {
        Ok((seed, size)) => see_other(&Viewpoint::Inside(known).sample(seed, size)),
        // The first press drew it; it is the first of the list.
        Err(Error::AlreadyDone(_)) => see_other(&below(routes::REVIEWS, known, "sample")),
        Err(Error::Invalid(errors)) => show(&app, &visit, &id, None, (&posted, &errors)).await,
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let file = match (super::super::id(&id), asked.which()) {
        (Ok(id), Some(which)) => inspect::sample_file(&app.service, &visit.cx(), id, which).await,
        (Ok(id), None) => inspect::samples(&app.service, &visit.cx(), id)
            .await
            .and(Err(Error::NotFound)),
        (Err(error), _) => Err(error),
    };
    match file {
        Ok(bytes) => download::csv(
            &visit,
            &format!("sample-{}-{}", asked.seed, asked.size),
            bytes,
        ),
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read(
    app: &App,
    visit: &Visit,
    id: &str,
    which: Option<(u32, u32)>,
) -> service::Result<Seen> {
    let (service, cx, id) = (&app.service, visit.cx(), super::super::id(id)?);
    let (campaign, drawn) = inspect::samples(service, &cx, id).await?;
    let shown = match which {
        // One that nobody drew is not shown; the form is filled in to draw it.
        Some(which) if drawn.iter().any(|one| (one.seed, one.size) == which) => {
            Some(inspect::sample(service, &cx, id, which).await?)
        }
        _ => None,
    };
    Ok(Seen {
        campaign,
        drawn,
        shown,
    })
}

async fn show(
    app: &App,
    visit: &Visit,
    id: &str,
    which: Option<(u32, u32)>,
    said: (&Posted, &FieldErrors),
) -> Response {
    let seen = match read(app, visit, id, which).await {
        Ok(seen) => seen,
        Err(error) => return app.refuse(visit, error),
    };
    let title = format!("Sample · {}", seen.campaign.content.name);
    let page = about(&seen.campaign, title, "Sample").after(said.1);
    app.page(visit, page, || content(visit, &seen, said))
}

fn content(visit: &Visit, seen: &Seen, (posted, errors): (&Posted, &FieldErrors)) -> AnyView {
    let id = seen.campaign.id;
    let from = Viewpoint::Inside(id);
    let shown = seen.shown.as_ref().map(|shown| {
        let path = below(routes::REVIEWS, id, "sample/export.csv");
        let drawn = [shown.drawn.seed, shown.drawn.size].map(|one| one.to_string());
        let href = with_query(&path, &[("seed", &drawn[0]), ("size", &drawn[1])]);
        let export =
            view! { <Button label="Export" href=href icon=Icon::Download download=true /> };
        items(visit, shown, &from, view! { {export} }.into_any())
    });
    let (detail, form) = match nothing_yet(&seen.campaign) {
        Some(why) => (String::new(), why),
        None => (of_how_many(&seen.campaign), form(posted, errors)),
    };
    let drawn = list(visit, &seen.drawn, id, &from);
    view! {
        <PageHeader title="Sample" detail=detail />
        <Stack>
            {shown}
            {form}
            {drawn}
        </Stack>
    }
    .into_any()
}

/// What is drawn from.
fn of_how_many(campaign: &Campaign) -> String {
    let items = match campaign.content.population.included {
        1 => "1 item".to_owned(),
        n => format!("{} items", number(n)),
    };
    format!("The campaign has {items}. The same seed and size always draw the same of them.")
}

/// Why nothing can be drawn; none when something can.
fn nothing_yet(campaign: &Campaign) -> Option<AnyView> {
    let content = &campaign.content;
    let (title, text) = if content.state == CampaignState::Launching {
        (
            "The campaign is still starting",
            "Draw a sample when it has begun.",
        )
    } else if content.population.included == 0 {
        (
            "There is nothing to draw from",
            "The campaign has no items.",
        )
    } else {
        return None;
    };
    Some(view! { <Banner title=title>{text}</Banner> }.into_any())
}

fn form(posted: &Posted, errors: &FieldErrors) -> AnyView {
    let (problems, summary) = (problems(errors), summary(errors));
    let (size, size_wrong) = (posted.text("size"), error(errors, "size"));
    let (seed, seed_wrong) = (posted.text("seed"), error(errors, "seed"));
    let size = if size.is_empty() {
        "25".to_owned()
    } else {
        size
    };
    let idem = posted.once().to_owned();
    view! {
        <Card title="Draw a sample">
            <Form idem=idem problems=problems summary=summary guard=false>
                <FieldRow>
                    <TextField name="size" label="Items" value=size error=size_wrong required=true />
                    <TextField name="seed" label="Seed" value=seed error=seed_wrong hint="Left empty, one is drawn, shown and recorded." />
                </FieldRow>
                <FormActions>
                    <Button label="Draw" icon=Icon::ListChecks kind=ButtonKind::Primary />
                </FormActions>
            </Form>
        </Card>
    }
    .into_any()
}

fn list(visit: &Visit, drawn: &[Drawn], id: CampaignId, from: &Viewpoint) -> Option<AnyView> {
    if drawn.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Seed"),
        Column::new("Items").numeric(),
        Column::new("Drawn"),
        Column::new("By"),
    ];
    let rows = drawn
        .iter()
        .map(|one| {
            let href = from.sample(one.seed, one.size);
            let at = time_view(one.at, visit);
            let by = one.by.clone().unwrap_or_else(|| "Command line".to_owned());
            let (seed, size) = (one.seed.to_string(), number(u64::from(one.size)));
            view! {
                <tr>
                    <Cell column="Seed" mono=true><a href=href>{seed}</a></Cell>
                    <Cell column="Items" numeric=true>{size}</Cell>
                    <Cell column="Drawn">{at}</Cell>
                    <Cell column="By"><span dir="auto">{by}</span></Cell>
                </tr>
            }
        })
        .collect_view();
    let share = view! { <Button label="Auditor links" href=below(routes::REVIEWS, id, "auditors") icon=Icon::Link /> };
    Some(
        view! {
            <Card title="Samples that were drawn" actions=view! { {share} } flush=true>
                <Table caption="Samples, the newest first" columns=columns framed=false>{rows}</Table>
            </Card>
        }
        .into_any(),
    )
}

/// The items of a sample, in the order in which they were drawn.
pub(super) fn items(
    visit: &Visit,
    shown: &SampleView,
    from: &Viewpoint,
    actions: AnyView,
) -> AnyView {
    let columns = vec![
        Column::new("Whose"),
        Column::new("What"),
        Column::new("Item").numeric(),
        Column::new("Reviewer"),
        Column::new("Decision"),
        Column::new("What became of it"),
    ];
    let rows = shown
        .items
        .iter()
        .map(|item| row(item, from))
        .collect_view();
    let (seed, size) = (shown.drawn.seed, shown.drawn.size);
    let title = format!("{} items with seed {seed}", number(u64::from(size)));
    let at = time_view(shown.drawn.at, visit);
    view! {
        <Card title=title actions=actions flush=true>
            <Table caption="Items in the order in which they were drawn" columns=columns framed=false>{rows}</Table>
            <p class="sample-note">"First drawn " {at} ". Each item opens its whole life."</p>
        </Card>
    }
    .into_any()
}

fn row(item: &SampledItem, from: &Viewpoint) -> AnyView {
    let what = if item.application.is_empty() {
        item.what.clone()
    } else {
        format!("{} · {}", item.application, item.what)
    };
    let decision = match (item.open, item.choice) {
        (true, _) | (_, None) => view! { <Absent /> }.into_any(),
        (false, Some(choice)) => {
            let tone = match choice {
                Choice::Revoke => Tone::Warn,
                _ => Tone::Plain,
            };
            view! { <Pill text=past(choice) tone=tone /> }.into_any()
        }
    };
    let remedy = item.remedy.map_or_else(
        || view! { <Absent /> }.into_any(),
        |state| state.label().into_any(),
    );
    let (holder, reviewer) = (item.holder.clone(), item.reviewer.clone());
    let (href, place) = (from.item(item.number), item.number.to_string());
    view! {
        <tr>
            <NameCell column="Whose" name=holder href=href />
            <Cell column="What"><span dir="auto">{what}</span></Cell>
            <Cell column="Item" numeric=true>{place}</Cell>
            <Cell column="Reviewer"><span dir="auto">{reviewer}</span></Cell>
            <Cell column="Decision">{decision}</Cell>
            <Cell column="What became of it">{remedy}</Cell>
        </tr>
    }
    .into_any()
}

/// What was decided.
pub(super) const fn past(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "Kept",
        Choice::Revoke => "Revoked",
        Choice::Change => "Changed",
        Choice::NotSure => "Not sure",
    }
}
