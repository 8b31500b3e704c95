//! The decisions that are left, day by day, as a small picture with the same numbers as a table.

use domain::time::Date;
use leptos::prelude::*;

use crate::format::{day, number};
use crate::ui::{Card, Cell, Column, Disclosure, Table};

/// Width and height of the picture in units of its own.
const WIDTH: u64 = 600;
const HEIGHT: u64 = 120;

/// The picture; nothing before the first decision.
pub(super) fn card(days: &[(Date, u64)]) -> Option<AnyView> {
    let (first, last) = (days.first()?, days.last()?);
    if days.len() < 2 {
        return None;
    }
    let points = points(days);
    let told = format!(
        "From {} on {} to {} on {}.",
        number(first.1),
        day(first.0),
        number(last.1),
        day(last.0)
    );
    let rows = days
        .iter()
        .map(|(at, left)| {
            let (at, left) = (day(*at), number(*left));
            view! {
                <tr>
                    <Cell column="Day">{at}</Cell>
                    <Cell column="Left" numeric=true>{left}</Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![Column::new("Day"), Column::new("Left").numeric()];
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    Some(
        view! {
            <Card title="Decisions left">
                <figure class="burndown">
                    <svg viewBox=view_box role="img" aria-label=told.clone() preserveAspectRatio="none">
                        <polyline points=points vector-effect="non-scaling-stroke"></polyline>
                    </svg>
                    <figcaption>{told}</figcaption>
                </figure>
                <Disclosure title="Show as table">
                    <Table caption="Decisions left at the end of each day" columns=columns framed=false>{rows}</Table>
                </Disclosure>
            </Card>
        }
        .into_any(),
    )
}

/// The corners of the line: days to the right, what is left upwards.
fn points(days: &[(Date, u64)]) -> String {
    let Some((first, all)) = days.first().copied() else {
        return String::new();
    };
    let since = |at: Date| {
        let days = at.civil().since(first.civil()).map(|span| span.get_days());
        days.ok()
            .and_then(|days| u64::try_from(days).ok())
            .unwrap_or(0)
    };
    let span = days.last().map_or(1, |(at, _)| since(*at)).max(1);
    let corners = days.iter().map(|(at, left)| {
        let x = since(*at) * WIDTH / span;
        let y = HEIGHT - (left * HEIGHT / all.max(1)).min(HEIGHT);
        format!("{x},{y}")
    });
    corners.collect::<Vec<_>>().join(" ")
}
