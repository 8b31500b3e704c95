//! What a run found or did, in numbers, and what it asks before it ends much of a source.

use domain::field::FieldErrors;
use domain::source::{FileKind, FileTotals, RunState};
use leptos::prelude::*;
use service::imports::RunView;

use super::runs::{count, rejected_view, sum};
use crate::format::number;
use crate::posted::{error, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Cell, Column, Form, FormActions, Icon, NameCell, Table,
    TextArea, Tone,
};

/// The control totals by file; nothing before anything was counted.
pub(super) fn totals(view: &RunView) -> Option<AnyView> {
    let run = &view.run;
    if run.totals.is_empty() {
        return None;
    }
    let title = match run.state {
        RunState::Checking => "What was found so far",
        RunState::Checked => "What would happen",
        RunState::Applying | RunState::Failed => "What was done so far",
        RunState::Applied => "What it did",
        RunState::Staged | RunState::Refused | RunState::Cancelled => "What was found",
    };
    let columns = vec![
        Column::new("File"),
        Column::new("Rows").numeric(),
        Column::new("Added").numeric(),
        Column::new("Changed").numeric(),
        Column::new("Ended").numeric(),
        Column::new("Unchanged").numeric(),
        Column::new("Rejected").numeric(),
    ];
    let rows = run
        .totals
        .iter()
        .map(|(kind, totals)| {
            let file = view.files.iter().find(|file| file.kind == *kind);
            let name = match (file, kind) {
                (Some(file), _) => file.name.clone(),
                (None, FileKind::Accounts) => "Named in the access".to_owned(),
                (None, _) => String::new(),
            };
            row(kind.label(), name, *totals)
        })
        .collect_view();
    let all = (run.totals.len() > 1).then(|| row("All files", String::new(), sum(&run.totals)));
    Some(
        view! {
            <Card title=title flush=true>
                <Table caption=title columns=columns framed=false>{rows} {all}</Table>
            </Card>
        }
        .into_any(),
    )
}

fn row(label: &'static str, name: String, totals: FileTotals) -> AnyView {
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
            <NameCell column="File" name=label detail=name icon=Icon::FileText />
            {cells}
            <Cell column="Rejected" numeric=true>{rejected}</Cell>
        </tr>
    }
    .into_any()
}

/// A snapshot that would end much of the source: what would end, and the reason that lets it.
pub(super) fn shrink(
    app: &App,
    view: &RunView,
    reason: &str,
    errors: &FieldErrors,
) -> Option<AnyView> {
    if view.shrink.is_empty() || !view.may.apply {
        return None;
    }
    let lines = view
        .shrink
        .iter()
        .map(|shrink| {
            let text = format!(
                "{}: {} of {} would end.",
                shrink.kind.label(),
                number(shrink.ended),
                number(shrink.live)
            );
            view! { <li>{text}</li> }
        })
        .collect_view();
    let reason = view! {
        <TextArea name="reason" label="Why this is right" value=reason.to_owned() error=error(errors, "reason") required=true maxlength=500 rows=2 hint="Stays in the log." />
    };
    let seen = super::run::seen(view);
    let question = view! {
        <Form action=below(routes::RUNS, view.run.id, "apply") idem=app.form_key() problems=problems(errors) summary=summary(errors) guard=false>
            {seen}
            {reason}
            <FormActions>
                <Button label="Apply all the same" kind=ButtonKind::Danger icon=Icon::TriangleAlert />
            </FormActions>
        </Form>
    };
    let form = view! {
        <Card title="Is the file whole?">
            <Banner tone=Tone::Warn title="More than a tenth of this source would end">
                <p>"That happens when a file was cut off on its way. Compare the numbers with the system it comes from before you apply it."</p>
                <ul>{lines}</ul>
            </Banner>
            {question}
        </Card>
    };
    Some(form.into_any())
}
