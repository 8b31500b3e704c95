//! Entries of the log as a timeline: who did what when, why, and what it was before and after.

use std::collections::HashMap;

use domain::audit::AuditAction;
use domain::id::ObjectKind;
use domain::permission::Action;
use leptos::prelude::*;
use serde::Deserialize;
use service::audit::{EntryView, changes};
use service::people::Timeline as History;

use crate::fields::{Fields, in_order, label, readable};
use crate::format::{number, time_view};
use crate::routes;
use crate::ui::{
    Button, Card, Change, Diff, Empty, EmptyKind, Icon, Slot, Timeline, TimelineEvent, Tone,
};
use crate::visit::Visit;

/// Where a timeline goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Below {
    /// Entries below this one.
    below: String,
}

impl Below {
    /// The entry; what is no number begins at the latest.
    pub fn seq(&self) -> Option<i64> {
        self.below.parse().ok()
    }
}

/// The latest entries, without their differences.
pub fn latest(visit: &Visit, entries: &[EntryView], all: String) -> AnyView {
    let events = events(visit, entries, "Latest events");
    let more = view! { <Button label="Whole timeline" href=all icon=Icon::History /> };
    view! {
        <Card title="Latest" actions=more flush=true>
            {events}
        </Card>
    }
    .into_any()
}

/// A page of a timeline with before and after. `here` is the path of the page.
pub fn timeline(visit: &Visit, history: &History, fields: Fields, here: &str) -> AnyView {
    if history.entries.is_empty() {
        return view! { <Empty kind=EmptyKind::Nothing title="Nothing further back" text="The timeline ends here.">""</Empty> }.into_any();
    }
    let events = history
        .entries
        .iter()
        .map(|entry| event(visit, entry, fields, Some(&history.names)))
        .collect_view();
    let older = history.below.map(|below| view! { <Button label="Older" href=format!("{here}?below={below}") icon=Icon::ArrowDown /> });
    view! {
        <Card title="Timeline" flush=true>
            <Timeline label="Timeline">{events}</Timeline>
        </Card>
        {older}
    }
    .into_any()
}

/// Entries under each other, without their differences.
pub fn events(visit: &Visit, entries: &[EntryView], name: &'static str) -> AnyView {
    let events = entries
        .iter()
        .map(|entry| event(visit, entry, &[], None))
        .collect_view();
    view! { <Timeline label=name>{events}</Timeline> }.into_any()
}

fn event(
    visit: &Visit,
    view: &EntryView,
    fields: Fields,
    names: Option<&HashMap<String, String>>,
) -> AnyView {
    let title =
        view! { <a href=format!("{}/{}", routes::AUDIT, view.entry.seq)>{sentence(view)}</a> };
    // Only those who may read the log can follow the link.
    let may_read = visit.rights().has_any(&[
        domain::permission::ConsoleRight::Administer,
        domain::permission::ConsoleRight::Audit,
    ]);
    let title = if may_read {
        Slot::from(title)
    } else {
        Slot::from(sentence(view))
    };
    let actor = actor(view);
    let reason = view
        .reason
        .clone()
        .map(|reason| view! { <p class="reason" dir="auto">{reason}</p> });
    let diff = names.and_then(|names| diff(visit, view, fields, names));
    view! {
        <TimelineEvent title=title actor=actor at=time_view(view.entry.recorded, visit) icon=icon(&view.entry.action) tone=tone(&view.entry.outcome)>
            {reason}
            {diff}
        </TimelineEvent>
    }
    .into_any()
}

fn actor(view: &EntryView) -> AnyView {
    match view.actor() {
        Some(id) => {
            view! { <a href=format!("{}/{id}", routes::PEOPLE)>{view.actor_name.clone()}</a> }
                .into_any()
        }
        None => view.actor_name.clone().into_any(),
    }
}

/// `Edited Ana Silva`; the actor stands beside it.
pub fn sentence(view: &EntryView) -> String {
    let words = verb(view);
    // An assignment has no name of its own: what it gives and to whom says more.
    let named: Vec<&str> = view
        .targets
        .iter()
        .filter(|target| target.object.kind != ObjectKind::Assignment)
        .map(|target| target.name.as_str())
        .collect();
    match named[..] {
        [] => words,
        _ if only_oneself(view) => words,
        [person, what, ..] if view.entry.action.starts_with("assignment.") => {
            format!("{words} {person}: {what}")
        }
        [first, ..] if view.entry.outcome == "denied" => format!("{words} ({first})"),
        [first, ..] => format!("{words} {first}"),
    }
}

/// Whether an act is of such a kind that its actor alone says on whom: signing in, setting one's own password.
pub fn only_oneself(view: &EntryView) -> bool {
    let action = &view.entry.action;
    (action.starts_with("session.") || action.starts_with("password."))
        && view.actor().is_some_and(|actor| {
            view.targets
                .iter()
                .all(|target| target.object == actor.into())
        })
}

/// What was done, without on what: `Edited`, `Was refused: edit a person`, `Exported 312 rows of people`.
pub fn verb(view: &EntryView) -> String {
    let label = capital(&view.label);
    match AuditAction::from_word(&view.entry.action) {
        Some(AuditAction::Denied) => match note(view, "attempted")
            .as_deref()
            .and_then(Action::from_word)
        {
            Some(attempted) => format!(
                "{label}: {}{}",
                attempted.label()[..1].to_lowercase(),
                &attempted.label()[1..]
            ),
            None => label,
        },
        Some(AuditAction::SignInDenied) => {
            match note(view, "count").and_then(|count| count.parse::<u64>().ok()) {
                Some(count) if count > 1 => format!("{label}, {} times", number(count)),
                _ => label,
            }
        }
        Some(AuditAction::Exported) => {
            let rows = note(view, "rows").and_then(|rows| rows.parse::<u64>().ok());
            match (rows, note(view, "list")) {
                (Some(rows), Some(list)) => {
                    let list = if list == "audit" {
                        "the audit log"
                    } else {
                        &list
                    };
                    format!(
                        "{label} {} {} of {list}",
                        number(rows),
                        if rows == 1 { "row" } else { "rows" }
                    )
                }
                _ => label,
            }
        }
        Some(AuditAction::Viewed) => {
            note(view, "entry").map_or(label.clone(), |entry| format!("{label} entry {entry}"))
        }
        _ => label,
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Something that was noted beside what changed.
fn note(view: &EntryView, key: &str) -> Option<String> {
    let notes = view
        .entry
        .details
        .iter()
        .filter_map(|detail| detail.body.as_ref()?.get("note")?.get(key));
    notes
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        })
        .next()
}

fn diff(
    visit: &Visit,
    view: &EntryView,
    fields: Fields,
    names: &HashMap<String, String>,
) -> Option<AnyView> {
    let zone = visit.zone();
    let read = |field: &str, value: Option<String>| {
        value
            .map(|value| readable(field, &value, names, &zone))
            .unwrap_or_default()
    };
    let bodies = view
        .entry
        .details
        .iter()
        .filter_map(|detail| detail.body.as_ref());
    let changed = bodies
        .flat_map(|body| changes(body.get("before"), body.get("after")))
        .collect();
    let rows: Vec<Change> = in_order(changed, fields)
        .into_iter()
        .map(|change| Change {
            before: read(&change.field, change.before),
            after: read(&change.field, change.after),
            field: label(&change.field, fields),
        })
        .collect();
    let caption = format!("What changed: {}", sentence(view));
    (!rows.is_empty()).then(|| view! { <Diff caption=caption rows=rows /> }.into_any())
}

/// The icon of an act.
pub fn icon(action: &str) -> Icon {
    match AuditAction::from_word(action) {
        Some(AuditAction::IdentityCreated) => Icon::UserPlus,
        Some(AuditAction::IdentityEnded) => Icon::UserX,
        Some(AuditAction::SignedIn) => Icon::LogIn,
        Some(AuditAction::SignedOut) => Icon::LogOut,
        Some(AuditAction::PasswordSet | AuditAction::PasswordChanged) => Icon::Lock,
        Some(AuditAction::LinkCreated) => Icon::Link,
        Some(AuditAction::AssignmentCreated | AuditAction::AssignmentEnded) => Icon::KeyRound,
        Some(AuditAction::Denied | AuditAction::SignInDenied) => Icon::Ban,
        Some(AuditAction::Exported) => Icon::Download,
        Some(AuditAction::Viewed) => Icon::Eye,
        Some(AuditAction::KeyCreated) => Icon::ShieldCheck,
        _ => match action.split_once('.') {
            Some((_, "created")) => Icon::Plus,
            Some((_, "suspended")) => Icon::Pause,
            Some((_, "resumed")) => Icon::Play,
            Some((_, "ended")) => Icon::Archive,
            _ => Icon::Pencil,
        },
    }
}

/// Only what was refused has a colour.
pub fn tone(outcome: &str) -> Tone {
    if outcome == "denied" {
        Tone::Bad
    } else {
        Tone::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::ObjectRef;
    use serde_json::{Value, json};
    use service::audit::NamedObject;

    const ANA: ObjectRef = ObjectRef {
        kind: ObjectKind::Identity,
        raw: 1,
    };

    fn said(
        action: AuditAction,
        outcome: &str,
        note: Value,
        targets: &[(ObjectKind, i64, &str)],
    ) -> String {
        let entry = service::audit::Entry {
            seq: 1,
            recorded: domain::time::Instant::from_micros(0),
            actor: ANA.to_string(),
            action: action.word().to_owned(),
            outcome: outcome.to_owned(),
            request: None,
            targets: Vec::new(),
            details: vec![service::audit::StoredDetail {
                subject: String::new(),
                body: Some(json!({ "note": note })),
            }],
        };
        let targets = targets.iter().map(|(kind, raw, name)| NamedObject {
            object: ObjectRef {
                kind: *kind,
                raw: *raw,
            },
            name: (*name).to_owned(),
        });
        sentence(&EntryView {
            entry,
            label: action.label().to_owned(),
            actor_name: "Ana Silva".to_owned(),
            targets: targets.collect(),
            reason: None,
        })
    }

    #[test]
    fn an_act_reads_as_a_sentence() {
        use ObjectKind::{Assignment, Entitlement, Identity};
        let ben = (Identity, 2, "Ben Ode");
        assert_eq!(
            said(AuditAction::IdentityEdited, "done", Value::Null, &[ben]),
            "Edited Ben Ode"
        );
        assert_eq!(
            said(
                AuditAction::SignedIn,
                "done",
                Value::Null,
                &[(Identity, 1, "Ana Silva")]
            ),
            "Signed in"
        );
        let grant = [(Assignment, 1, "asg_1"), ben, (Entitlement, 1, "Audit")];
        assert_eq!(
            said(AuditAction::AssignmentCreated, "done", Value::Null, &grant),
            "Gave access to Ben Ode: Audit"
        );
        assert_eq!(
            said(
                AuditAction::Denied,
                "denied",
                json!({ "attempted": "edit_person" }),
                &[ben]
            ),
            "Was refused: edit a person (Ben Ode)"
        );
        assert_eq!(
            said(
                AuditAction::Exported,
                "done",
                json!({ "list": "audit", "rows": 1 }),
                &[]
            ),
            "Exported 1 row of the audit log"
        );
        assert_eq!(
            said(
                AuditAction::SignInDenied,
                "denied",
                json!({ "count": 12 }),
                &[]
            ),
            "Was refused at sign-in, 12 times"
        );
        assert_eq!(
            said(AuditAction::Viewed, "done", json!({ "entry": 7 }), &[]),
            "Viewed entry 7"
        );
    }
}
