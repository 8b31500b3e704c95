//! Access over time, what reviews came to, how long decisions took, what is late, and exceptions.

use axum::extract::State;
use axum::response::Response;
use domain::report::Measure;
use domain::review::CampaignState;
use domain::time::Instant;
use leptos::prelude::*;
use service::reports::{self, Came, Counted, File, Reports};

use super::{href, sees_review, sees_reviews};
use crate::format::{day, day_view, days_between, number, time_view};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Button, Card, Cell, Column, Disclosure, Empty, EmptyKind, Icon, NameCell, PageHeader, Pill,
    Stack, Stat, Stats, Table, Tone, chart,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match reports::read(&app.service, &visit.cx()).await {
        Ok(found) => app.page(&visit, Page::new("Reports", routes::REPORTS), || {
            content(&visit, &found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, found: &Reports) -> AnyView {
    let controls =
        view! { <Button label="Controls" href=routes::REPORTS_CONTROLS icon=Icon::ShieldCheck /> };
    let detail = "How access, reviews and decisions went, with the numbers behind each picture.";
    let stats = stats(visit, found);
    let access = access(&found.days);
    let campaigns = campaigns(visit, found);
    let requests = requests(found);
    view! {
        <PageHeader title="Reports" detail=detail actions=controls />
        {stats}
        <Stack>
            {access}
            {campaigns}
            {requests}
        </Stack>
    }
    .into_any()
}

/// What is late and what is an exception, each with when it was counted.
fn stats(visit: &Visit, found: &Reports) -> AnyView {
    let count = |measure| {
        found
            .latest()
            .and_then(|counted: &Counted| counted.get(measure))
    };
    let on = found
        .latest()
        .map(|counted| format!("on {}", day(counted.day)))
        .unwrap_or_default();
    let stat = |label: &'static str, (value, when): (Option<u64>, String), href: &'static str| {
        let (value, when) = match value {
            Some(value) => (number(value), when),
            None => ("not counted yet".to_owned(), String::new()),
        };
        view! { <Stat label=label value=value note=when href=href /> }
    };
    let counted = [
        ("Overdue approvals and tasks", count(Measure::Overdue), ""),
        ("Open tasks", count(Measure::TasksOpen), ""),
        (
            "Exclusions",
            count(Measure::Exclusions),
            routes::ASSIGNMENTS,
        ),
        (
            "Left, with access",
            count(Measure::Leavers),
            routes::FINDINGS,
        ),
    ];
    let stats = counted
        .map(|(label, value, href)| stat(label, (value, on.clone()), href))
        .collect_view();
    let list = if sees_reviews(visit) {
        routes::REVIEWS
    } else {
        ""
    };
    let reviews = stat(
        "Overdue in reviews",
        (Some(found.overdue_items), "now".to_owned()),
        list,
    );
    view! {
        <Stats>{reviews} {stats}</Stats>
    }
    .into_any()
}

/// The button that downloads a table.
fn download(file: File) -> AnyView {
    let href = href(file);
    view! { <Button label="CSV" href=href icon=Icon::Download /> }.into_any()
}

const MEASURES: [Measure; 5] = [
    Measure::People,
    Measure::Accounts,
    Measure::Held,
    Measure::Privileged,
    Measure::ReviewedQuarter,
];

fn access(days: &[Counted]) -> AnyView {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return view! {
            <Card title="Access over time">
                <Empty kind=EmptyKind::Nothing title="Nothing was counted yet" text="Access is counted once a day, for the first time within a minute after the start. Load this page again then." />
            </Card>
        }
        .into_any();
    };
    let held = |counted: &Counted| counted.get(Measure::Held).unwrap_or(0);
    let on = |counted: &Counted| format!("{} on {}", number(held(counted)), day(counted.day));
    let span = if first.day == last.day {
        on(last)
    } else {
        format!("{}, {}", on(first), on(last))
    };
    let told =
        format!("{span}. What sources show, and what was given directly and no source shows.");
    let place = |counted: &Counted| days_between(first.day, counted.day);
    let points: Vec<(u64, u64)> = days.iter().map(|one| (place(one), held(one))).collect();
    let picture = (points.len() > 1).then(|| chart::line(&points, told.clone()));
    let told = (points.len() < 2)
        .then(|| view! { <p>{told}" A picture needs a second day."</p> }.into_any());
    let mut columns = vec![Column::new("Day")];
    columns.extend(
        MEASURES
            .iter()
            .map(|measure| Column::new(measure.label()).numeric()),
    );
    let rows = days.iter().rev().map(|counted| {
        let day = day_view(counted.day);
        let cells = MEASURES.iter().map(|measure| {
            let count = counted.get(*measure).map(number);
            let count = count.unwrap_or_else(|| "–".to_owned());
            view! { <Cell column=measure.label() numeric=true>{count}</Cell> }
        });
        let cells = cells.collect::<Vec<_>>().collect_view();
        view! { <tr><Cell column="Day">{day}</Cell>{cells}</tr> }
    });
    let rows = rows.collect::<Vec<_>>().collect_view();
    let button = download(File::Access);
    view! {
        <Card title="Access over time" actions=button>
            {picture}
            {told}
            <Disclosure title="Show as table">
                <Table caption="What was counted on each day, the latest first" columns=columns framed=false>{rows}</Table>
            </Disclosure>
        </Card>
    }
    .into_any()
}

const PARTS: &[&str] = &["kept", "revoked", "changed", "open"];

fn campaigns(visit: &Visit, found: &Reports) -> AnyView {
    let campaigns = &found.campaigns;
    if campaigns.is_empty() {
        return view! {
            <Card title="Reviews: kept and revoked">
                <Empty kind=EmptyKind::Nothing title="Nothing was reviewed yet" text="When the first campaign is launched, what was kept and what was revoked stands here." />
            </Card>
        }
        .into_any();
    }
    let columns: Vec<Vec<u64>> = campaigns
        .iter()
        .rev()
        .map(|one| vec![one.kept, one.revoked, one.changed, one.open])
        .collect();
    let sum = |of: fn(&Came) -> u64| number(campaigns.iter().map(of).sum());
    let which = if found.campaigns_cut {
        "Of the newest"
    } else {
        "Of"
    };
    let told = format!(
        "{which} {} campaigns: {} kept, {} revoked, {} changed, {} not answered or open.",
        campaigns.len(),
        sum(|one| one.kept),
        sum(|one| one.revoked),
        sum(|one| one.changed),
        sum(|one| one.open)
    );
    let picture = chart::bars(&columns, PARTS, told);
    let rows = campaigns.iter().map(|one| row(visit, one));
    let rows = rows.collect::<Vec<_>>().collect_view();
    let columns = vec![
        Column::new("Campaign"),
        Column::new("State"),
        Column::new("Due"),
        Column::new("Kept").numeric(),
        Column::new("Revoked").numeric(),
        Column::new("Changed").numeric(),
        Column::new("Not answered").numeric(),
        Column::new("Really gone").numeric(),
        Column::new("Half decided after").numeric(),
    ];
    let (button, beside) = (download(File::Reviews), beside(found));
    let legend = view! {
        <p class="legend">
            <span class="kept">"Kept"</span>
            <span class="revoked">"Revoked"</span>
            <span class="changed">"Changed"</span>
            <span class="open">"Not answered or open"</span>
        </p>
    };
    view! {
        <Card title="Reviews: kept and revoked" actions=button>
            {picture}
            {legend}
            <Table caption="Campaigns, the newest first" columns=columns framed=false>{rows}</Table>
            {beside}
        </Card>
    }
    .into_any()
}

/// What is not in the table.
fn beside(found: &Reports) -> Option<AnyView> {
    let mut notes = Vec::new();
    if found.campaigns_cut {
        notes.push("Older campaigns are in the file.".to_owned());
    }
    if found.of_persons.all > 0 {
        notes.push(format!(
            "Reviews of one person in the last year: {}, of which {} are open.",
            number(found.of_persons.all),
            number(found.of_persons.open)
        ));
    }
    (!notes.is_empty()).then(|| {
        let notes = notes.join(" ");
        view! { <p class="hint">{notes}</p> }.into_any()
    })
}

fn row(visit: &Visit, one: &Came) -> AnyView {
    let content = &one.campaign.content;
    let href = if sees_review(visit, &one.campaign) {
        format!("{}/{}", routes::REVIEWS, one.campaign.id)
    } else {
        String::new()
    };
    let (state, tone) = state(one, visit.now);
    let due = time_view(content.due, visit);
    let [kept, revoked, changed, open] = [one.kept, one.revoked, one.changed, one.open].map(number);
    let gone = if one.revocations == 0 {
        "–".to_owned()
    } else {
        format!("{} of {}", number(one.gone), number(one.revocations))
    };
    let half = one
        .median_hours
        .map_or_else(|| "–".to_owned(), |hours| span(hours * 60));
    view! {
        <tr>
            <NameCell column="Campaign" name=content.name.clone() icon=Icon::ListChecks href=href />
            <Cell column="State"><Pill text=state tone=tone /></Cell>
            <Cell column="Due">{due}</Cell>
            <Cell column="Kept" numeric=true>{kept}</Cell>
            <Cell column="Revoked" numeric=true>{revoked}</Cell>
            <Cell column="Changed" numeric=true>{changed}</Cell>
            <Cell column="Not answered" numeric=true>{open}</Cell>
            <Cell column="Really gone" numeric=true>{gone}</Cell>
            <Cell column="Half decided after" numeric=true>{half}</Cell>
        </tr>
    }
    .into_any()
}

fn state(one: &Came, now: Instant) -> (&'static str, Tone) {
    let state = one.campaign.content.state;
    match state {
        _ if one.overdue(now) => ("Overdue", Tone::Bad),
        CampaignState::Open => (state.label(), Tone::Warn),
        CampaignState::Closed => (state.label(), Tone::Good),
        CampaignState::Launching | CampaignState::Cancelled => (state.label(), Tone::Plain),
    }
}

/// A time of so many minutes: `12 min`, `3 h`, `5 d`.
fn span(minutes: u64) -> String {
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1_440),
    }
}

fn requests(found: &Reports) -> AnyView {
    let title = "Requests: time to decide";
    if found.requests.is_empty() {
        return view! {
            <Card title=title>
                <Empty kind=EmptyKind::Nothing title="Nothing was decided yet" text="When requests have been approved or rejected, how long that took stands here, month by month." />
            </Card>
        }
        .into_any();
    }
    let columns: Vec<Vec<u64>> = found
        .requests
        .iter()
        .map(|one| vec![one.median_minutes])
        .collect();
    let told = found.requests.last().map_or_else(String::new, |last| {
        format!(
            "Half of the {} requests that were decided in {} took at most {}.",
            number(last.count),
            last.month,
            span(last.median_minutes)
        )
    });
    let picture = chart::bars(&columns, &["kept"], told);
    let rows = found.requests.iter().rev().map(|one| {
        let (month, count, half) = (
            one.month.clone(),
            number(one.count),
            span(one.median_minutes),
        );
        view! {
            <tr>
                <Cell column="Month">{month}</Cell>
                <Cell column="Decided" numeric=true>{count}</Cell>
                <Cell column="Half took at most" numeric=true>{half}</Cell>
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>().collect_view();
    let columns = vec![
        Column::new("Month"),
        Column::new("Decided").numeric(),
        Column::new("Half took at most").numeric(),
    ];
    let button = download(File::Requests);
    view! {
        <Card title=title actions=button>
            {picture}
            <Disclosure title="Show as table">
                <Table caption="Requests decided in each month, the latest first" columns=columns framed=false>{rows}</Table>
            </Disclosure>
        </Card>
    }
    .into_any()
}
