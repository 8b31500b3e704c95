//! Runs in a table: when, how they ended, and their control totals.

use std::collections::HashMap;

use domain::id::SourceId;
use domain::source::{FileTotals, RunState, RunTotals, SourceRun};
use leptos::prelude::*;

use crate::format::{ago_view, number};
use crate::ui::{Cell, Column, Icon, NameCell, Pill, Table, Tone};
use crate::visit::Visit;

/// Whose runs stand in a table.
#[derive(Debug, Clone, Copy)]
pub(in crate::features) enum Of<'a> {
    /// Of one source.
    One,
    /// Of several, by name.
    Sources(&'a HashMap<SourceId, String>),
}

/// A table of runs, to stand in a card.
pub(in crate::features) fn table(visit: &Visit, of: Of<'_>, runs: &[SourceRun]) -> AnyView {
    let columns = vec![
        Column::new("Import"),
        Column::new("State"),
        Column::new("Rows").numeric(),
        Column::new("Added").numeric(),
        Column::new("Changed").numeric(),
        Column::new("Ended").numeric(),
        Column::new("Unchanged").numeric(),
        Column::new("Rejected").numeric(),
    ];
    let rows = runs.iter().map(|run| row(visit, of, run)).collect_view();
    view! { <Table caption="Imports" columns=columns framed=false>{rows}</Table> }.into_any()
}

fn row(visit: &Visit, of: Of<'_>, run: &SourceRun) -> AnyView {
    let zone = visit.zone();
    let began = crate::format::short(run.created, visit.now, &zone);
    let how = format!("{}{}", run.mode.label(), joined(by(run)));
    let (name, detail) = match of {
        Of::One => (began, how),
        Of::Sources(names) => (
            names.get(&run.source).cloned().unwrap_or_default(),
            format!("{began} · {how}"),
        ),
    };
    let pill = state_pill(run.state);
    let at = run.finished.map(|at| {
        let at = ago_view(at, visit);
        view! { " " <span class="soft">{at}</span> }
    });
    let totals = sum(&run.totals);
    let cells = [
        ("Rows", totals.rows),
        ("Added", totals.added),
        ("Changed", totals.changed),
        ("Ended", totals.ended),
        ("Unchanged", totals.unchanged),
    ]
    .map(|(column, n)| {
        let n = count(n);
        view! { <Cell column=column numeric=true>{n}</Cell> }
    })
    .collect_view();
    let rejected = rejected_view(totals.rejected);
    view! {
        <tr>
            <NameCell column="Import" name=name detail=detail icon=Icon::Upload href=super::path(run.id) />
            <Cell column="State">{pill} {at}</Cell>
            {cells}
            <Cell column="Rejected" numeric=true>{rejected}</Cell>
        </tr>
    }
    .into_any()
}

/// Who began it, where that is not a person with a page.
fn by(run: &SourceRun) -> &'static str {
    match run.created_by.as_str() {
        "system" => "from the watched folder",
        "command_line" => "from the command line",
        _ => "",
    }
}

fn joined(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" · {text}")
    }
}

/// A count; none stays in the background.
pub(super) fn count(n: u64) -> AnyView {
    if n == 0 {
        view! { <span class="zero">"0"</span> }.into_any()
    } else {
        number(n).into_any()
    }
}

/// Rejected rows; a colour when there are any.
pub(super) fn rejected_view(rejected: u64) -> AnyView {
    if rejected > 0 {
        view! { <Pill text=number(rejected) tone=Tone::Warn /> }.into_any()
    } else {
        count(0)
    }
}

/// The state as a pill.
pub(in crate::features) fn state_pill(state: RunState) -> AnyView {
    let tone = match state {
        RunState::Applied => Tone::Good,
        RunState::Refused | RunState::Failed => Tone::Bad,
        RunState::Checked => Tone::Warn,
        RunState::Staged | RunState::Checking | RunState::Applying | RunState::Cancelled => {
            Tone::Plain
        }
    };
    let text = match state {
        RunState::Checked => "Waits to be applied",
        state => state.label(),
    };
    view! { <Pill text=text tone=tone /> }.into_any()
}

/// The totals of all files together.
pub(in crate::features) fn sum(totals: &RunTotals) -> FileTotals {
    totals
        .values()
        .fold(FileTotals::default(), |sum, file| sum.plus(*file))
}
