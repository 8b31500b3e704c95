//! The decisions that are left, day by day, as a small picture with the same numbers as a table.

use domain::time::Date;
use leptos::prelude::*;

use crate::format::{day, days_between, number};
use crate::ui::{Card, Cell, Column, Disclosure, Table, chart};

/// The picture; nothing before the first decision.
pub(super) fn card(days: &[(Date, u64)]) -> Option<AnyView> {
    let (first, last) = (days.first()?, days.last()?);
    if days.len() < 2 {
        return None;
    }
    let place = |(at, left): &(Date, u64)| (days_between(first.0, *at), *left);
    let points: Vec<(u64, u64)> = days.iter().map(place).collect();
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
    let picture = chart::line(&points, told);
    Some(
        view! {
            <Card title="Decisions left">
                {picture}
                <Disclosure title="Show as table">
                    <Table caption="Decisions left at the end of each day" columns=columns framed=false>{rows}</Table>
                </Disclosure>
            </Card>
        }
        .into_any(),
    )
}
