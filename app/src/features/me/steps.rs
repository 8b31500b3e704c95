//! A request as a way of a few steps: sent, who must agree, being set up, ready.

use domain::approval::StepStatus;
use domain::request::{ItemKind, ItemState};
use maud::{Markup, html};
use service::requests::MyRequest;

use super::words::lasting;
use crate::format::{exact, short};
use crate::routes;
use crate::ui::{Icon, Tone};
use crate::visit::Visit;

/// One step as it is drawn.
struct Step {
    name: String,
    note: String,
    state: &'static str,
}

/// A request with its steps and the way to its page.
pub(super) fn request(visit: &Visit, one: &MyRequest) -> Markup {
    let content = &one.item.content;
    let href = format!("{}/{}", routes::REQUESTS, content.request);
    let zone = visit.zone();
    let (word, tone) = outcome(one);
    let kind = (content.kind != ItemKind::New).then(|| content.kind.label());
    html! {
        li.ask {
            div.ask-head {
                a.ask-name href=(href) dir="auto" { (one.thing) }
                @if let Some(kind) = kind { span.soft { (kind) } }
                @if let Some(person) = &one.beneficiary { span.soft { "for " bdi { (person.name) } } }
                span.pill data-tone=[tone] { (word) }
                time.ask-when datetime=(content.created.to_string()) title=(exact(content.created, &zone)) {
                    (short(content.created, visit.now, &zone))
                }
            }
            ol.way aria-label=(format!("How far {} is", one.thing)) {
                @for step in steps(visit, one) {
                    li data-state=(step.state) aria-current=[(step.state == "here").then_some("step")] {
                        span.way-mark aria-hidden="true" {
                            @match step.state {
                                "done" => (Icon::Check.markup()),
                                "no" => (Icon::X.markup()),
                                _ => "",
                            }
                        }
                        span.way-name {
                            (step.name)
                            @if step.state == "done" { span.unseen { ", done" } }
                            @if step.state == "no" { span.unseen { ", refused" } }
                        }
                        @if !step.note.is_empty() { span.way-note dir="auto" { (step.note) } }
                    }
                }
            }
            @if one.asked {
                p.ask-question { (Icon::CircleQuestionMark.markup()) a href=(href) { "A question waits for your answer" } }
            }
        }
    }
}

fn outcome(one: &MyRequest) -> (&'static str, Option<&'static str>) {
    let tone = |tone: Tone| match tone {
        Tone::Good => Some("good"),
        Tone::Warn => Some("warn"),
        Tone::Bad => Some("bad"),
        Tone::Plain => None,
    };
    match one.item.content.state {
        ItemState::Granted if one.being_set_up => ("Being set up", None),
        ItemState::Granted => ("Ready", tone(Tone::Good)),
        ItemState::Waiting => ("Waiting", None),
        ItemState::Rejected | ItemState::TimedOut => ("Refused", tone(Tone::Bad)),
        ItemState::Failed => ("Could not be given", tone(Tone::Bad)),
        ItemState::Withdrawn => ("Withdrawn", None),
    }
}

fn steps(visit: &Visit, one: &MyRequest) -> Vec<Step> {
    let content = &one.item.content;
    let step = |name: &str, note: String, state: &'static str| Step {
        name: name.to_owned(),
        note,
        state,
    };
    let mut steps = vec![step("Sent", String::new(), "done")];
    let over = content.state != ItemState::Waiting;
    for (who, view) in &one.steps {
        let (state, note) = match view.status {
            StepStatus::Approved => ("done", String::new()),
            StepStatus::Rejected => ("no", String::new()),
            StepStatus::TimedOut => ("no", "time ran out".to_owned()),
            StepStatus::Open if !over => {
                let mut names: Vec<&str> = view
                    .approvers
                    .iter()
                    .map(|(one, _)| one.name.as_str())
                    .collect();
                let more = names.len().saturating_sub(2);
                names.truncate(2);
                let mut note = names.join(", ");
                if more > 0 {
                    note = format!("{note} and {more} more");
                }
                if let Some(opened) = view.opened {
                    let waited = lasting(visit.now.since(opened));
                    if waited != "at once" {
                        note = format!("{note}, for {waited}");
                    }
                }
                ("here", note)
            }
            StepStatus::Open | StepStatus::Skipped => ("skipped", "not needed".to_owned()),
            StepStatus::Later => (if over { "skipped" } else { "later" }, String::new()),
        };
        let mut letters = who.chars();
        let name: String = letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        });
        steps.push(step(&name, note, state));
    }
    match content.state {
        ItemState::Granted if one.being_set_up => {
            steps.push(step("Being set up", String::new(), "here"));
            steps.push(step("Ready", String::new(), "later"));
        }
        ItemState::Granted => steps.push(step("Ready", String::new(), "done")),
        ItemState::Waiting => steps.push(step("Ready", String::new(), "later")),
        ItemState::Failed => steps.push(step("Could not be given", String::new(), "no")),
        ItemState::Rejected | ItemState::TimedOut => {}
        ItemState::Withdrawn => steps.push(step("Withdrawn", String::new(), "no")),
    }
    steps
}
