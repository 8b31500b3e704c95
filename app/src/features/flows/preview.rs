//! Where a request would go: for one person and one thing, the names and why they.

use domain::field::FieldErrors;
use leptos::prelude::*;
use serde::Deserialize;
use service::Error;
use service::flows::{self, Preview, PreviewDraft, PreviewStep};

use crate::access::Picker;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::{Button, Card, FieldRow, Icon, Pill, Tone};
use crate::visit::Visit;

/// For whom and what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    person: String,
    what: String,
}

/// What was asked, and the answer.
pub(super) struct Asked {
    wanted: Wanted,
    answer: Option<Preview>,
    errors: FieldErrors,
}

impl Asked {
    /// Looks where a request would go, when somebody asked that.
    pub(super) async fn read(app: &App, visit: &Visit, wanted: Wanted) -> Result<Self, Error> {
        let mut asked = Self {
            wanted,
            answer: None,
            errors: FieldErrors::new(),
        };
        if asked.wanted.person.is_empty() && asked.wanted.what.is_empty() {
            return Ok(asked);
        }
        let draft = PreviewDraft {
            person: asked.wanted.person.clone(),
            what: asked.wanted.what.clone(),
        };
        match flows::preview(&app.service, &visit.cx(), &draft).await {
            Ok(preview) => asked.answer = Some(preview),
            Err(Error::Invalid(errors)) => asked.errors = errors,
            Err(error) => return Err(error),
        }
        Ok(asked)
    }

    /// The question and its answer on the page of a flow.
    pub(super) fn view(&self, action: String, flow: domain::id::ApprovalFlowId) -> AnyView {
        let posted = Posted::filled([
            ("person", self.wanted.person.clone()),
            ("what", self.wanted.what.clone()),
        ]);
        let chosen = self.answer.as_ref();
        let person = Picker {
            name: "person",
            label: "For",
            hint: "Username or id.",
            endpoint: routes::API_PICK_PEOPLE,
            chosen: chosen
                .map(|one| one.person.display_name.clone())
                .unwrap_or_default(),
            required: true,
        }
        .view(&posted, &self.errors);
        let what = Picker {
            name: "what",
            label: "What",
            hint: "APPLICATION/ENTITLEMENT, or role: and a name.",
            endpoint: routes::API_PICK_ACCESS,
            chosen: chosen.map(|one| one.what_name.clone()).unwrap_or_default(),
            required: true,
        }
        .view(&posted, &self.errors);
        let answer = self.answer.as_ref().map(|preview| answer(preview, flow));
        view! {
            <Card title="Where would it go?">
                <form method="get" action=action class="flow-preview" id="preview">
                    <FieldRow>{person} {what}</FieldRow>
                    <div><Button label="Preview" icon=Icon::UserCheck /></div>
                </form>
                {answer}
            </Card>
        }
        .into_any()
    }
}

fn answer(preview: &Preview, flow: domain::id::ApprovalFlowId) -> AnyView {
    let (person, what) = (&preview.person.display_name, &preview.what_name);
    let mut notes = Vec::new();
    if preview.flow.id != Some(flow) {
        notes.push(format!(
            "This does not go through this flow but through “{}”.",
            preview.flow.content.name
        ));
    }
    if !preview.requestable {
        notes.push(format!("{what} cannot be asked for at present."));
    }
    if !preview.may_ask {
        notes.push(format!(
            "{person} may not ask for it: the flow's condition does not apply to them."
        ));
    }
    match preview.automatic {
        Some(true) => {
            notes.push("It would be approved by itself, and nobody would be asked.".to_owned());
        }
        Some(false) => notes.push("It would not be approved by itself.".to_owned()),
        None => {}
    }
    let notes = notes
        .into_iter()
        .map(|note| view! { <p dir="auto">{note}</p> })
        .collect_view();
    let several = preview.stages.len() > 1 || preview.stages.iter().any(|one| one.len() > 1);
    let stages = preview.stages.iter().map(|steps| {
        let steps: Vec<AnyView> = steps.iter().map(step).collect();
        view! { <li>{steps}</li> }
    });
    let stages = stages.collect_view();
    let head = format!("For {person} and “{what}” this would go to:");
    let numbered = several.then_some("");
    view! {
        <div class="flow-answer" role="status">
            <p class="flow-head" dir="auto">{head}</p>
            <ol data-several=numbered>{stages}</ol>
            {notes}
        </div>
    }
    .into_any()
}

fn step(step: &PreviewStep) -> AnyView {
    let because = format!(" ({})", step.because);
    let names: Vec<&str> = step
        .people
        .iter()
        .take(5)
        .map(|one| one.display_name.as_str())
        .collect();
    let more = step.people.len().saturating_sub(names.len());
    let mut text = names.join(", ");
    if more > 0 {
        text = format!("{text} and {more} more");
    }
    let needed = (step.needed > 1).then(|| {
        let text = format!("{} must agree", step.needed);
        view! { " " <Pill text=text /> }
    });
    if text.is_empty() {
        return view! { <p><Pill text="Nobody" tone=Tone::Bad /> <span>{because}</span></p> }
            .into_any();
    }
    view! { <p dir="auto"><strong>{text}</strong><span class="soft">{because}</span>{needed}</p> }
        .into_any()
}
