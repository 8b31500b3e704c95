//! One entry: what changed and why, from where, what else the same request did, and the proof that it is in the log.

use axum::extract::{Path, State};
use axum::response::Response;
use frontend::copy::CopyButton;
use leptos::prelude::*;
use service::audit::{self, DetailView, EntryDetail, FieldChange};

use super::list::actor;
use super::proof;
use super::words::{action, only};
use crate::fields;
use crate::format::{exact, number};
use crate::history;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, Banner, Button, Card, Change, Diff, Fact, Facts, Icon, IconTile, Id, KeyValue,
    PageHeader, Pill, Slot, Split, Stack, Time, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(seq): Path<String>,
) -> Response {
    let Ok(seq) = seq.parse::<i64>() else {
        return app.nothing_here(&visit);
    };
    let entry = match audit::read(&app.service, &visit.cx(), seq).await {
        Ok(entry) => entry,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = format!("Entry {}", place(seq));
    let page = Page::new(format!("{name} · Audit log"), routes::AUDIT).called(name.clone());
    app.page(&visit, page.under(&[("Audit log", routes::AUDIT)]), || {
        content(&visit, &entry)
    })
}

/// A number of the log, in groups of three.
pub(super) fn place(number_of: i64) -> String {
    number(u64::try_from(number_of).unwrap_or(0))
}

fn content(visit: &Visit, entry: &EntryDetail) -> AnyView {
    let details = entry
        .details
        .iter()
        .filter_map(|detail| changed(visit, entry, detail))
        .collect_view();
    let related = (!entry.related.is_empty()).then(|| {
        let events = history::events(visit, &entry.related, "Other entries of this request");
        view! { <Card title="Also in this request" count=number(entry.related.len() as u64) flush=true>{events}</Card> }
    });
    let proof = proof::card(entry);
    let broken = entry.proof.as_ref().is_some_and(|proof| !proof.holds).then(|| {
        view! {
            <Banner tone=Tone::Bad title="The proof of this entry does not hold">
                "The stored hashes do not lead to the signed root: the log was changed after it was signed, or the database is damaged. Run " <code>"bailiwick audit verify"</code> " to see what does not hold, and compare with checkpoints kept elsewhere."
            </Banner>
        }
    });
    view! {
        {header(visit, entry)}
        {broken}
        <Split rail=Slot::from(facts(visit, entry))>
            <Stack>
                {details}
                {related}
                {proof}
            </Stack>
        </Split>
    }
    .into_any()
}

fn header(visit: &Visit, entry: &EntryDetail) -> AnyView {
    let record = &entry.view.entry;
    let sentence = history::sentence(&entry.view);
    let mut letters = sentence.chars();
    let first = letters
        .next()
        .map(|first| first.to_lowercase().to_string())
        .unwrap_or_default();
    let title = format!("{} {first}{}", entry.view.actor_name, letters.as_str());
    let detail = format!(
        "Entry {} · {}",
        place(record.seq),
        exact(record.recorded, &visit.zone())
    );
    let status = if record.outcome == "denied" {
        Slot::from(view! { <Pill text="Denied" tone=Tone::Bad /> })
    } else {
        Slot::default()
    };
    let step = |seq: Option<i64>, label: &'static str, icon: Icon, none: &'static str| match seq {
        Some(seq) => {
            view! { <Button label=label href=format!("{}/{seq}", routes::AUDIT) icon=icon /> }
                .into_any()
        }
        None => view! { <Button label=label icon=icon disabled=none /> }.into_any(),
    };
    let previous = step(
        entry.previous,
        "Previous",
        Icon::ChevronLeft,
        "This is the first entry",
    );
    let next = step(
        entry.next,
        "Next",
        Icon::ChevronRight,
        "This is the latest entry",
    );
    view! {
        <PageHeader
            title=title
            detail=detail
            lead=view! { <IconTile icon=history::icon(&record.action) large=true /> }
            status=status
            actions=view! { {previous} {next} }
        />
    }
    .into_any()
}

fn facts(visit: &Visit, entry: &EntryDetail) -> AnyView {
    let record = &entry.view.entry;
    let absent = || view! { <Absent /> }.into_any();
    let first = |of: fn(&DetailView) -> Option<String>| entry.details.iter().find_map(of);
    let zone = visit.zone();
    let when = exact(record.recorded, &zone);
    let when = view! { <Time at=record.recorded.to_string() text=when /> }.into_any();
    let who = actor(&entry.view);
    let who =
        view! { {who} <a class="like" href=only("actor", &record.actor)>"All their entries"</a> }
            .into_any();
    let what = action(&record.action).map_or_else(|| record.action.clone(), str::to_owned);
    let what =
        view! { {what} <a class="like" href=only("action", &record.action)>"All of this kind"</a> }
            .into_any();
    let touched = entry.view.targets.iter().map(|target| {
        let name = target.name.clone();
        let name = match routes::object(target.object) {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            // Nothing but an assignment has no name.
            None if name == target.object.to_string() => {
                view! { <code class="id">{name}</code> }.into_any()
            }
            None => name.into_any(),
        };
        let like = only("target", &target.object.to_string());
        view! { <span class="touched">{name} <a class="like" href=like>"All about it"</a></span> }
    });
    let touched = if entry.view.targets.is_empty() {
        absent()
    } else {
        touched.collect_view().into_any()
    };
    let request = record.request.clone().map_or_else(absent, |request| {
        let copy = view! { <CopyButton value=request.clone() label="Copy request id">{Icon::Copy.view()}</CopyButton> };
        let like = only("request", &request);
        view! { <Id value=request>{copy}</Id> <a class="like" href=like>"All of this request"</a> }.into_any()
    });
    let outcome = if record.outcome == "denied" {
        "Denied"
    } else {
        "Done"
    };
    let address = first(|detail| detail.address.clone()).map_or_else(absent, |address| {
        view! { <code>{address}</code> }.into_any()
    });
    let browser = first(|detail| detail.user_agent.clone()).map_or_else(absent, IntoAny::into_any);
    let rows = [
        ("When", when),
        ("Who", who),
        ("What", what),
        ("On", touched),
        ("Outcome", outcome.into_any()),
        ("Request", request),
        ("Address", address),
        ("Browser", browser),
    ];
    let rows = rows
        .into_iter()
        .map(|(term, value)| view! { <Fact term=term>{value}</Fact> })
        .collect_view();
    view! { <Facts title="Facts">{rows}</Facts> }.into_any()
}

/// What is kept about one subject; nothing when only the address is.
fn changed(visit: &Visit, entry: &EntryDetail, detail: &DetailView) -> Option<AnyView> {
    let title = if entry.details.len() > 1 {
        detail.subject_name.clone()
    } else {
        "What changed".to_owned()
    };
    if detail.erased {
        let text = "What was kept here was erased. The proof below still holds: the log signs only a fingerprint of these details.";
        return Some(view! { <Card title=title><p class="soft">{text}</p></Card> }.into_any());
    }
    let zone = visit.zone();
    let known = fields::of(detail.subject.map(|subject| subject.kind));
    let read = |field: &str, value: Option<&String>| {
        value
            .map(|value| fields::readable(field, value, &entry.names, &zone))
            .unwrap_or_default()
    };
    let changes = fields::in_order(detail.changes.clone(), known);
    // The reason of an assignment is recorded with it, too; it is not said twice.
    let said = |change: &FieldChange| {
        change.field == "reason" && change.before.is_none() && change.after == detail.reason
    };
    let rows: Vec<Change> = changes
        .iter()
        .filter(|change| !said(change))
        .map(|change| Change {
            field: fields::label(&change.field, known),
            before: read(&change.field, change.before.as_ref()),
            after: read(&change.field, change.after.as_ref()),
        })
        .collect();
    let nothing = rows.is_empty() && detail.reason.is_none() && detail.notes.is_empty();
    if nothing {
        return None;
    }
    let title = if rows.is_empty() && entry.details.len() == 1 {
        "Details".to_owned()
    } else {
        title
    };
    let diff = (!rows.is_empty()).then(|| view! { <Diff caption=format!("What changed: {}", history::sentence(&entry.view)) rows=rows /> });
    let reason = detail.reason.clone().map(|reason| {
        view! { <p class="entry-reason"><span class="entry-reason-word">"Reason"</span> <span dir="auto">{reason}</span></p> }
    });
    let notes = detail
        .notes
        .iter()
        .map(|(field, value)| note(field, &fields::readable(field, value, &entry.names, &zone)))
        .collect_view();
    Some(view! { <Card title=title>{reason} {diff} {notes}</Card> }.into_any())
}

/// Something noted beside a change.
fn note(field: &str, value: &str) -> AnyView {
    let name = match field {
        "attempted" => "Tried to",
        "count" => "Times",
        "minute" => "In the minute from",
        "list" => "List",
        "query" => "Search",
        "rows" => "Rows",
        "sessions" => "Sessions ended",
        "entry" => "Entry",
        other => other,
    };
    let value = value.to_owned();
    let value = if field == "entry" {
        view! { <a href=format!("{}/{value}", routes::AUDIT)>{value.clone()}</a> }.into_any()
    } else {
        value.into_any()
    };
    view! { <KeyValue name=name.replace('_', " ")>{value}</KeyValue> }.into_any()
}
