//! The rows of the form of a flow: its steps, one below the other.

use domain::approval::Late;
use domain::field::FieldErrors;
use leptos::prelude::*;
use service::flows::StepForm;

use super::typed::named;
use crate::posted::error;
use crate::ui::{
    Button, ButtonKind, Choice, FieldRow, FormSection, Hidden, Icon, Select, TextField,
};

/// All steps with the button for one more.
pub(super) fn view(steps: &[StepForm], errors: &FieldErrors) -> AnyView {
    let alone = steps.len() == 1;
    let rows: Vec<AnyView> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| row(at + 1, step, alone))
        .collect();
    let problem = error(errors, "steps");
    let problem = (!problem.is_empty())
        .then(|| view! { <p class="error">{Icon::CircleAlert.view()} <span>{problem}</span></p> });
    let count = steps.len().to_string();
    view! {
        <FormSection title="Who must agree" hint="Stages come one after the other; steps with the same number wait at the same time. Nobody decides what is for themselves: when an approver is missing, has left or is the requester, the one named there is asked instead, and then the administrators.">
            <div id="f-steps" tabindex="-1">{problem}</div>
            <Hidden name="steps" value=count />
            {rows}
            <div><Button label="Add a step" name="press" value="add" icon=Icon::Plus /></div>
        </FormSection>
    }
    .into_any()
}

fn choices(first: Option<(&str, &str)>) -> Vec<Choice> {
    first
        .into_iter()
        .chain(StepForm::WORDS)
        .map(|(word, label)| Choice::new(word, label))
        .collect()
}

fn row(n: usize, step: &StepForm, alone: bool) -> AnyView {
    let name = move |field: &str| named(field, n);
    let late = Late::ALL
        .iter()
        .map(|late| Choice::new(late.word(), late.label()))
        .collect();
    let (approvers, fallbacks) = (choices(None), choices(Some(("", "Administrators at once"))));
    let step = step.clone();
    let remove = (!alone).then(|| {
        view! { <Button label=format!("Remove step {n}") name="press" value=format!("remove-{n}") kind=ButtonKind::Plain icon=Icon::Trash2 /> }
    });
    let who =
        "Only for named people (usernames, separated by commas) or a role (its technical name).";
    view! {
        <fieldset class="flow-step">
            <legend>{format!("Step {n}")}</legend>
            <FieldRow>
                <TextField name=name("stage") label="Stage" value=step.stage required=true autocomplete="off" />
                <Select name=name("approver") label="Approver" value=step.approver options=approvers required=true />
            </FieldRow>
            <FieldRow>
                <TextField name=name("who") label="Who" value=step.who hint=who autocomplete="off" maxlength=2000 />
                <TextField name=name("quorum") label="How many of the role" value=step.quorum autocomplete="off" />
            </FieldRow>
            <FieldRow>
                <TextField name=name("due") label="Due within hours" value=step.due_hours required=true autocomplete="off" />
                <TextField name=name("remind") label="Remind every hours" value=step.remind_hours autocomplete="off" />
                <Select name=name("late") label="When it is late" value=step.late options=late required=true />
            </FieldRow>
            <FieldRow>
                <Select name=name("fallback") label="When nobody of them can decide" value=step.fallback options=fallbacks />
                <TextField name=name("fallback_who") label="Who then" value=step.fallback_who hint="As above." autocomplete="off" maxlength=2000 />
            </FieldRow>
            <div>{remove}</div>
        </fieldset>
    }
    .into_any()
}
