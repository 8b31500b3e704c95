//! Some of the changes that a check found, with before and after, so that a wrong mapping is seen before it is applied.

use std::collections::HashMap;

use domain::id::ObjectKind;
use domain::source::{FileKind, RowChange};
use leptos::prelude::*;
use service::imports::Change;

use crate::fields::{self, Fields, label, readable};
use crate::format::number;
use crate::ui::{Absent, Card, Cell, Column, Disclosure, Pill, Table, Tone};
use crate::visit::Visit;

/// The changes by kind of file; nothing when there are none.
pub(super) fn card(
    visit: &Visit,
    sample: &[Change],
    names: &HashMap<String, String>,
) -> Option<AnyView> {
    if sample.is_empty() {
        return None;
    }
    let kinds = FileKind::ALL
        .iter()
        .filter_map(|kind| {
            let of_kind: Vec<&Change> = sample
                .iter()
                .filter(|change| change.kind == *kind)
                .collect();
            (!of_kind.is_empty()).then(|| group(visit, *kind, &of_kind, names))
        })
        .collect_view();
    Some(view! { <Card title="Some of the changes">{kinds}</Card> }.into_any())
}

fn group(
    visit: &Visit,
    kind: FileKind,
    changes: &[&Change],
    names: &HashMap<String, String>,
) -> AnyView {
    let columns = vec![
        Column::new("What"),
        Column::new("Change"),
        Column::new("Line").numeric(),
        Column::new("What it says"),
    ];
    let rows = changes
        .iter()
        .map(|change| row(visit, kind, change, names))
        .collect_view();
    let note = match changes.len() {
        1 => "1 shown".to_owned(),
        n => format!("{} shown", number(n as u64)),
    };
    // What replaces or ends something is what somebody should look at.
    let open = changes
        .iter()
        .any(|change| RowChange::from_word(&change.change) != Some(RowChange::Added));
    view! {
        <Disclosure title=kind.label() note=note open=open>
            <Table caption=format!("Changes of {}", kind.label()) columns=columns framed=false>{rows}</Table>
        </Disclosure>
    }
    .into_any()
}

fn row(visit: &Visit, kind: FileKind, change: &Change, names: &HashMap<String, String>) -> AnyView {
    let fields = fields_of(kind);
    let zone = visit.zone();
    let what = RowChange::from_word(&change.change);
    let read = |field: &str, value: &str| match value {
        "" => "nothing".to_owned(),
        value => readable(field, value, names, &zone),
    };
    let changed = what == Some(RowChange::Changed);
    let lines: Vec<AnyView> = change
        .fields
        .iter()
        .filter(|field| changed || !field.after.is_empty())
        .map(|field| {
            let (name, after) = (
                label(&field.field, fields),
                read(&field.field, &field.after),
            );
            // What is new is read as it comes in, so that a column in the wrong place is seen.
            let before = changed.then(|| {
                let before = read(&field.field, &field.before);
                view! { <del>{before}</del> " → " }
            });
            view! { <span class="change-line"><span class="soft">{name} ": "</span> {before} <ins>{after}</ins></span> }.into_any()
        })
        .collect();
    let lines = if lines.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        lines.into_any()
    };
    let pill = what.map(change_pill);
    let line = if change.line > 0 {
        number(change.line)
    } else {
        String::new()
    };
    let name = change.name.clone();
    view! {
        <tr>
            <Cell column="What" wrap=true>{name}</Cell>
            <Cell column="Change">{pill}</Cell>
            <Cell column="Line" numeric=true>{line}</Cell>
            <Cell column="What it says" wrap=true>{lines}</Cell>
        </tr>
    }
    .into_any()
}

/// What happened to a row.
pub(super) fn change_pill(change: RowChange) -> AnyView {
    let tone = match change {
        RowChange::Added => Tone::Good,
        RowChange::Changed => Tone::Plain,
        RowChange::Ended => Tone::Warn,
    };
    view! { <Pill text=change.label() tone=tone /> }.into_any()
}

fn fields_of(kind: FileKind) -> Fields {
    fields::of(match kind {
        FileKind::Identities => Some(ObjectKind::Identity),
        FileKind::Applications => Some(ObjectKind::Application),
        FileKind::Entitlements => Some(ObjectKind::Entitlement),
        FileKind::Accounts => Some(ObjectKind::Account),
        FileKind::Roles => Some(ObjectKind::Role),
        FileKind::RoleMembers => Some(ObjectKind::Assignment),
        FileKind::Access | FileKind::Decisions => None,
    })
}
