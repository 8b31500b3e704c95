//! The files of a run with their columns: which of theirs is which of ours, with the first values beside it.

use domain::source::{FileKind, SourceRun};
use leptos::prelude::*;
use service::imports::{ColumnChoice, StagedFile};

use crate::format::bytes;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Cell, Choice, Column, Disclosure, FieldRow, Form,
    Hidden, Icon, Select, Table, Tone,
};

/// The files, a card each, and the way to add more.
pub(super) fn cards(app: &App, run: &SourceRun, files: &[StagedFile]) -> AnyView {
    let cards = files.iter().map(|file| card(app, run, file)).collect_view();
    let more = (files.len() < FileKind::ALL.len()).then(|| {
        let href = format!(
            "{}?run={}",
            below(routes::SOURCES, run.source, "import"),
            run.id
        );
        view! { <p><Button label="Add files" href=href icon=Icon::Plus /></p> }
    });
    view! { {cards} {more} }.into_any()
}

fn card(app: &App, run: &SourceRun, file: &StagedFile) -> AnyView {
    let kind = file.kind;
    let take_out = view! {
        <Form action=below(routes::RUNS, run.id, "discard") idem=app.form_key() guard=false>
            <Hidden name="kind" value=kind.word() />
            <Button label=format!("Take out {}", kind.label()) icon=Icon::Trash2 kind=ButtonKind::Plain icon_only=true />
        </Form>
    };
    let problems = file
        .problems
        .iter()
        .map(|problem| view! { <p>{problem.clone()}</p> })
        .collect::<Vec<_>>();
    let problems = (!problems.is_empty()).then(|| {
        view! { <Banner tone=Tone::Warn title="This file needs your attention">{problems}</Banner> }
    });
    let found = file
        .columns
        .iter()
        .filter(|column| column.theirs.is_some())
        .count();
    let missing: Vec<&str> = file
        .columns
        .iter()
        .filter(|column| column.required && column.theirs.is_none())
        .map(|column| column.ours)
        .collect();
    let note = if missing.is_empty() {
        format!(
            "{found} of {} known columns are in the file",
            file.columns.len()
        )
    } else {
        format!("Choose the column for {}", missing.join(" and "))
    };
    let open = !missing.is_empty();
    let others = others(file);
    let form = form(app, run, file);
    let other_kind = other_kind(app, run, file);
    view! {
        <Card title=kind.label() count=format!("{} · {}", file.name, bytes(file.bytes)) actions=take_out>
            {problems}
            <Disclosure title="Columns" note=note open=open>
                {form}
                {others}
                {other_kind}
            </Disclosure>
        </Card>
    }
    .into_any()
}

/// A file whose name said the wrong thing.
fn other_kind(app: &App, run: &SourceRun, file: &StagedFile) -> AnyView {
    let kinds = FileKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.word(), kind.label()))
        .collect();
    // The kind is part of the name, because no two fields of a page may share an id.
    let name = format!("{}.becomes", file.kind.word());
    let word = file.kind.word();
    let (action, key) = (below(routes::RUNS, run.id, "kind"), app.form_key());
    view! {
        <Form action=action idem=key guard=false>
            <Hidden name="kind" value=word />
            <FieldRow>
                <Select name=name label="What is in the file" value=word options=kinds hint="Change it when the name of the file says the wrong thing." required=true />
            </FieldRow>
            <div class="form-actions"><Button label="Read it as that" /></div>
        </Form>
    }
    .into_any()
}

/// What becomes of the columns that are none of ours.
fn others(file: &StagedFile) -> Option<AnyView> {
    if file.others.is_empty() {
        return None;
    }
    let names = file.others.join(", ");
    let text = if file.kind == FileKind::Identities {
        format!("Kept as attributes of each person: {names}.")
    } else {
        format!("Not used: {names}.")
    };
    Some(view! { <p class="soft">{text}</p> }.into_any())
}

fn form(app: &App, run: &SourceRun, file: &StagedFile) -> AnyView {
    let columns = vec![
        Column::new("Here"),
        Column::new("In the file"),
        Column::new("First values"),
    ];
    let rows = file
        .columns
        .iter()
        .map(|column| row(file, column))
        .collect_view();
    let (word, caption) = (file.kind.word(), format!("Columns of {}", file.name));
    view! {
        <Form action=below(routes::RUNS, run.id, "columns") idem=app.form_key()>
            <Hidden name="kind" value=word />
            <div class="mapping">
                <Table caption=caption columns=columns framed=false>{rows}</Table>
            </div>
            <div class="form-actions"><Button label="Save columns" /></div>
        </Form>
    }
    .into_any()
}

fn row(file: &StagedFile, column: &ColumnChoice) -> AnyView {
    let nothing = if column.required {
        "Choose a column"
    } else {
        "Not in the file"
    };
    let theirs = file
        .header
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
        .map(|name| Choice::new(name, name));
    let options = std::iter::once(Choice::new("", nothing))
        .chain(theirs)
        .collect();
    // Where a file must have the column and the mapping names another, the one that is called like it is offered.
    let alike = file.header.iter().map(|name| name.trim());
    let mut alike = alike.filter(|name| column.required && *name == column.ours);
    let chosen = column.theirs.as_deref().or_else(|| alike.next());
    let chosen = chosen.unwrap_or_default().to_owned();
    let values = first_values(file, column);
    // The kind is part of the name, because no two fields of a page may share an id.
    let name = format!("{}.{}", file.kind.word(), column.ours);
    let (ours, required) = (column.ours, column.required);
    let label = format!("Column for {ours}");
    view! {
        <tr>
            <th scope="row" class="mapping-ours" data-label="Here">
                {called(ours)}
                <code>{ours}</code>
            </th>
            <Cell column="In the file">
                <Select name=name label=label value=chosen options=options required=required />
            </Cell>
            <Cell column="First values" wrap=true>{values}</Cell>
        </tr>
    }
    .into_any()
}

/// What a column of ours is called: `last_used_at` is `Last used at`.
fn called(ours: &str) -> String {
    let text = ours.replace('_', " ");
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The values of the first rows in the chosen column.
fn first_values(file: &StagedFile, column: &ColumnChoice) -> AnyView {
    let at = column
        .theirs
        .as_ref()
        .and_then(|theirs| file.header.iter().position(|name| name.trim() == theirs));
    let values: Vec<String> = at
        .map(|at| {
            file.rows
                .iter()
                .filter_map(|row| row.get(at))
                .filter(|value| !value.is_empty())
                .map(|value| value.chars().take(60).collect())
                .collect()
        })
        .unwrap_or_default();
    if values.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        values.join(", ").into_any()
    }
}
