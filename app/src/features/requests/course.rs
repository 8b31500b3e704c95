//! The course of an item as a vertical stepper: asked, who must agree and why they, what came of it.

use domain::approval::{Happened, StepStatus, Vote};
use domain::request::ItemState;
use domain::task::TaskState;
use domain::time::Instant;
use leptos::prelude::*;
use maud::{Markup, html};
use service::requests::{ItemDetail, Named, StepView};
use service::tasks::TaskRow;

use super::words::people;
use crate::format::{ago_view, time_view};
use crate::routes;
use crate::ui::Icon;
use crate::ui::leaf::{leaf, within};
use crate::visit::Visit;

/// A station of the course.
struct Station {
    /// `done`, `now`, `later` or `bad`.
    look: &'static str,
    icon: Icon,
    title: String,
    /// Lines under the title.
    lines: Vec<Markup>,
}

/// The stepper.
pub(in crate::features) fn course(visit: &Visit, detail: &ItemDetail) -> AnyView {
    let asked = Station {
        look: "done",
        icon: Icon::Check,
        title: format!("{} asked", detail.requester.name),
        lines: vec![when(detail.item.content.created, visit)],
    };
    let steps = detail.steps.iter().map(|step| station(visit, detail, step));
    let all = std::iter::once(asked)
        .chain(steps)
        .chain(std::iter::once(end(visit, detail)));
    leaf(html! {
        ol.course aria-label="The way of this request" {
            @for Station { look, icon, title, lines } in all {
                li data-look=(look) aria-current=[(look == "now").then_some("step")] {
                    span.course-mark aria-hidden="true" { (icon.markup()) }
                    div.course-words {
                        p.course-title dir="auto" { (title) }
                        @for line in lines { p.course-line { (line) } }
                    }
                }
            }
        }
    })
}

fn when(at: Instant, visit: &Visit) -> Markup {
    within(ago_view(at, visit))
}

fn station(visit: &Visit, detail: &ItemDetail, step: &StepView) -> Station {
    let (look, icon) = match step.status {
        StepStatus::Later | StepStatus::Skipped => ("later", Icon::Minus),
        StepStatus::Open => ("now", Icon::Clock),
        StepStatus::Approved => ("done", Icon::Check),
        StepStatus::Rejected => ("bad", Icon::X),
        StepStatus::TimedOut => ("bad", Icon::Clock),
    };
    let mut lines = Vec::new();
    let asked: Vec<Named> = step.approvers.iter().map(|(one, _)| one.clone()).collect();
    let title = match step.status {
        StepStatus::Later => first_upper(&step.because),
        StepStatus::Skipped if asked.is_empty() => first_upper(&step.because),
        StepStatus::Skipped => people(&asked),
        StepStatus::Open if asked.is_empty() => "Nobody can decide this now".to_owned(),
        StepStatus::Open => format!("Waits for {}", people(&asked)),
        StepStatus::Approved => format!("{} agreed", agreed(step)),
        StepStatus::Rejected => format!("{} rejected", rejected_by(detail, step)),
        StepStatus::TimedOut => format!("{} did not decide in time", people(&asked)),
    };
    match step.status {
        StepStatus::Later => lines.push(html! { "Not asked yet" }),
        StepStatus::Skipped => lines.push(html! { "Not needed any more" }),
        StepStatus::Open => open_lines(visit, step, &mut lines),
        _ => lines.extend(step.decided.map(|at| when(at, visit))),
    }
    if !step.because.is_empty() && !matches!(step.status, StepStatus::Later | StepStatus::Skipped) {
        lines.push(html! { (first_upper(&step.because)) });
    }
    Station {
        look,
        icon,
        title,
        lines,
    }
}

/// Since when and until when it waits, for how many, and who stands in.
fn open_lines(visit: &Visit, step: &StepView, lines: &mut Vec<Markup>) {
    let since = step.opened.map(|at| within(ago_view(at, visit)));
    let due = step.due.map(|at| within(time_view(at, visit)));
    lines.push(html! {
        @if let Some(since) = since { "Asked " (since) }
        @if let Some(due) = due { " · due " (due) }
    });
    if step.needed > 1 {
        let n = step.agreed.len();
        lines.push(html! { (n) " of " (step.needed) " agreed" @if n > 0 { ": " (agreed(step)) } });
    }
    for (one, deputies) in &step.approvers {
        if !deputies.is_empty() {
            let verb = if deputies.len() == 1 {
                "stands"
            } else {
                "stand"
            };
            lines.push(html! { (people(deputies)) " " (verb) " in for " (one.name) });
        }
    }
    if step.escalated {
        lines.push(html! { "Nobody decided in time; more people were asked" });
    }
}

/// Who agreed, with whom they stood in for.
fn agreed(step: &StepView) -> String {
    let names: Vec<Named> = step
        .agreed
        .iter()
        .map(|(by, behalf)| match behalf {
            Some(behalf) => Named {
                id: by.id,
                name: format!("{} for {}", by.name, behalf.name),
            },
            None => by.clone(),
        })
        .collect();
    people(&names)
}

fn rejected_by(detail: &ItemDetail, step: &StepView) -> String {
    let event = detail.events.iter().find(|event| {
        matches!(&event.what, Happened::Decided { step: number, vote: Vote::Reject, .. } if *number == step.number)
    });
    let by = event.and_then(|event| event.by.as_ref());
    by.map_or_else(|| "Somebody".to_owned(), |one| one.name.clone())
}

/// What came of it, or will.
fn end(visit: &Visit, detail: &ItemDetail) -> Station {
    let mut lines = Vec::new();
    let (look, icon, title) = match detail.item.content.state {
        ItemState::Waiting => ("later", Icon::Minus, "The access is given".to_owned()),
        ItemState::Granted => {
            lines.extend(given_lines(visit, detail));
            lines.extend(detail.tasks.iter().map(task_line));
            ("done", Icon::CircleCheck, given_title(detail))
        }
        ItemState::Failed => (
            "bad",
            Icon::CircleAlert,
            "Approved, and could not be given".to_owned(),
        ),
        ItemState::Rejected => ("bad", Icon::X, "Rejected: nothing was given".to_owned()),
        ItemState::TimedOut => (
            "bad",
            Icon::Clock,
            "Timed out: nothing was given".to_owned(),
        ),
        ItemState::Withdrawn => (
            "later",
            Icon::Undo2,
            "Taken back: nothing was given".to_owned(),
        ),
    };
    if let Some(at) = detail.item.content.ended {
        lines.insert(0, when(at, visit));
    }
    Station {
        look,
        icon,
        title,
        lines,
    }
}

fn given_title(detail: &ItemDetail) -> String {
    match detail.given {
        Some(given) if given.over => "The access was given, and has ended".to_owned(),
        _ => "The access was given".to_owned(),
    }
}

fn given_lines(visit: &Visit, detail: &ItemDetail) -> Option<Markup> {
    let given = detail.given?;
    let line = match (given.until, given.over) {
        (Some(until), true) => {
            let until = within(time_view(until, visit));
            html! { "It was valid until " (until) }
        }
        (Some(until), false) => {
            let until = within(time_view(until, visit));
            html! { "Valid until " (until) }
        }
        (None, true) => html! { "It was ended" },
        (None, false) => html! { "Valid without an end" },
    };
    Some(line)
}

/// How far setting it up is.
fn task_line(row: &TaskRow) -> Markup {
    let content = &row.task.content;
    let assignees: Vec<Named> = row
        .assignees
        .iter()
        .map(|(id, name)| Named {
            id: *id,
            name: name.clone(),
        })
        .collect();
    let words = match (content.state, content.verified_by) {
        (TaskState::Open, _) => format!("being done by {}", people(&assignees)),
        (TaskState::Done, _) => match &row.done_by {
            Some(name) => format!("done by {name}, not seen by a reading yet"),
            None => "done, not seen by a reading yet".to_owned(),
        },
        (TaskState::Verified, _) => "a reading of the application shows it".to_owned(),
        (TaskState::Dropped, _) => "not needed any more".to_owned(),
    };
    let run = content.verified_by;
    html! {
        a href={ (routes::TASKS) "/" (row.task.id) } { (content.kind.label()) }
        ": " (words)
        @if let Some(run) = run { " (" a href={ (routes::RUNS) "/" (run) } { "run" } ")" }
    }
}

/// A phrase as the beginning of a line.
fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
