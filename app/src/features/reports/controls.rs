//! What is there for the controls of standards and laws.

use axum::extract::State;
use axum::response::Response;
use domain::report::{Check, Framework};
use leptos::prelude::*;
use service::reports::{self, File, Line, Proof, Reports};

use super::{href, sees_log, sees_reviews};
use crate::format::{day, number};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{Button, Card, Cell, Column, Icon, PageHeader, Pill, Stack, Table, Tone};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match reports::read(&app.service, &visit.cx()).await {
        Ok(found) => {
            let page =
                Page::new("Controls", routes::REPORTS).under(&[("Reports", routes::REPORTS)]);
            app.page(&visit, page, || content(&visit, &found))
        }
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, found: &Reports) -> AnyView {
    let detail = found.latest().map_or_else(
        || "Nothing was counted yet. That happens once a day, for the first time within a minute after the start.".to_owned(),
        |counted| {
            format!(
                "Counted on {}. A figure is evidence for a control, not a judgement on it: the texts themselves are what counts.",
                day(counted.day)
            )
        },
    );
    let button = href(File::Controls);
    let button = view! { <Button label="CSV" href=button icon=Icon::Download /> };
    let cards = Framework::ALL.iter().map(|framework| {
        let lines: Vec<&Line> = found
            .controls
            .iter()
            .filter(|line| line.control.framework == *framework)
            .collect();
        card(visit, *framework, &lines)
    });
    let cards = cards.collect::<Vec<_>>().collect_view();
    view! {
        <PageHeader title="Controls" detail=detail actions=button />
        <Stack>{cards}</Stack>
    }
    .into_any()
}

fn card(visit: &Visit, framework: Framework, lines: &[&Line]) -> AnyView {
    let rows = lines.iter().map(|line| {
        let control = line.control;
        let (state, tone) = match line.proof.met() {
            Some(true) => ("As asked for", Tone::Good),
            Some(false) => ("Gap", Tone::Warn),
            None if line.proof.is_nothing_yet() => ("Nothing to show yet", Tone::Plain),
            None => ("Not counted yet", Tone::Plain),
        };
        let said = said(line.proof);
        let label = control.check.label();
        let counted = match list(visit, control.check) {
            Some(path) => view! { <a href=path>{label}</a> }.into_any(),
            None => label.into_any(),
        };
        view! {
            <tr>
                <Cell column="Control">{control.clause}</Cell>
                <Cell column="What it asks for" wrap=true>{control.asks}</Cell>
                <Cell column="What is counted" wrap=true>{counted}</Cell>
                <Cell column="Figure" numeric=true>{said}</Cell>
                <Cell column="State"><Pill text=state tone=tone /></Cell>
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>().collect_view();
    let columns = vec![
        Column::new("Control"),
        Column::new("What it asks for"),
        Column::new("What is counted"),
        Column::new("Figure").numeric(),
        Column::new("State"),
    ];
    let caption = format!("Controls of {}", framework.label());
    view! {
        <Card title=framework.label() flush=true>
            <Table caption=caption columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn said(proof: Proof) -> String {
    match proof {
        Proof::Unknown | Proof::Share { all: 0, .. } => "–".to_owned(),
        Proof::Share { done, all } => format!("{} of {}", number(done), number(all)),
        Proof::Against(0) => "none".to_owned(),
        Proof::Against(count) => number(count),
        Proof::Signed(size) => format!(
            "{} entries signed",
            number(u64::try_from(size).unwrap_or(0))
        ),
    }
}

/// Where what is counted can be looked at, for those who see that.
fn list(visit: &Visit, check: Check) -> Option<&'static str> {
    match check {
        Check::ReviewedQuarter
        | Check::ReviewedHalf
        | Check::ReviewedYear
        | Check::PrivilegedReviewed
        | Check::RevokedGone => sees_reviews(visit).then_some(routes::REVIEWS),
        Check::NoLeavers | Check::NoOrphans | Check::NoDormant => Some(routes::FINDINGS),
        Check::Logged => sees_log(visit).then_some(routes::AUDIT),
    }
}
