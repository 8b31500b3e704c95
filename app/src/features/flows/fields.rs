//! The fields of the form of a flow.

use domain::field::FieldErrors;
use domain::lifecycle::Level;
use frontend::combobox::Combobox;
use leptos::prelude::*;
use service::flows::FlowForm;

use super::rows;
use crate::posted::error;
use crate::routes;
use crate::ui::field::described_by;
use crate::ui::{
    Button, Card, Checkbox, Field, FieldRow, FormSection, Icon, InputKind, TextArea, TextField,
};

/// All fields with what was typed and what is wrong, and the flow in words.
pub(super) fn controls(form: &FlowForm, words: Vec<String>, errors: &FieldErrors) -> AnyView {
    let (what_it_is, covers) = (what_it_is(form, errors), covers(form, errors));
    let (asking, steps) = (asking(form, errors), rows::view(&form.steps, errors));
    let (automatic, use_) = (automatic(form, errors), when_needed(form, errors));
    let words = (!words.is_empty()).then(|| {
        let words = words
            .into_iter()
            .map(|one| view! { <p dir="auto">{one}</p> })
            .collect_view();
        view! { <Card title="The flow in words"><div class="prose">{words}</div></Card> }
    });
    view! {
        {what_it_is}
        {covers}
        {asking}
        {automatic}
        {steps}
        {use_}
        {words}
    }
    .into_any()
}

fn what_it_is(form: &FlowForm, errors: &FieldErrors) -> AnyView {
    let (name, description) = (form.name.clone(), form.description.clone());
    let (wrong_name, wrong_text) = (error(errors, "name"), error(errors, "description"));
    view! {
        <FormSection title="What it is">
            <TextField name="name" label="Name" value=name error=wrong_name required=true maxlength=200 autocomplete="off" hint="No two flows share one." />
            <TextArea name="description" label="What it is for" value=description error=wrong_text maxlength=2000 rows=2 />
        </FormSection>
    }
    .into_any()
}

fn covers(form: &FlowForm, errors: &FieldErrors) -> AnyView {
    let problem = ["covers", "risks"]
        .into_iter()
        .map(|field| error(errors, field))
        .find(|text| !text.is_empty());
    let problem = problem
        .map(|text| view! { <p class="error">{Icon::CircleAlert.view()} <span>{text}</span></p> });
    let risks = Level::ALL.iter().map(|level| {
        let checked = form.risks.iter().any(|word| word == level.word());
        let id = format!("f-risk-{}", level.word());
        view! {
            <label class="choice" for=id.clone()>
                <input type="checkbox" id=id.clone() name="risks" value=level.word() checked=checked />
                <span>{level.label()}</span>
            </label>
        }
    });
    let risks = risks.collect_view();
    let applications = several(
        ("applications", "Application", routes::API_PICK_APPLICATIONS),
        &form.applications,
        error(errors, "applications"),
    );
    let roles = form.roles.iter().map(|one| {
        if one.starts_with("role:") || one.starts_with("rol_") {
            one.clone()
        } else {
            format!("role:{one}")
        }
    });
    let things: Vec<String> = form.entitlements.iter().cloned().chain(roles).collect();
    let wrong = ["entitlements", "roles"]
        .into_iter()
        .map(|field| error(errors, field));
    let wrong = wrong
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let things = several(
        ("things", "Entitlement or role", routes::API_PICK_ACCESS),
        &things,
        wrong,
    );
    let everything = form.everything;
    view! {
        <FormSection title="What it covers" hint="The most specific flow counts: one that names the thing before one for its application, before one for its risk, before one for everything. A role can be asked for only when a flow names it.">
            <div id="f-covers" tabindex="-1">{problem}</div>
            <Checkbox name="everything" label="Everything that no other flow covers" checked=everything />
            <fieldset class="field" id="f-risks" tabindex="-1">
                <legend>"Entitlements of these risks"</legend>
                <div class="flow-risks">{risks}</div>
            </fieldset>
            {applications}
            {things}
            <div><Button label="More rows" name="press" value="check" icon=Icon::Plus /></div>
        </FormSection>
    }
    .into_any()
}

/// Pickers for several things: those that are chosen, and an empty one.
fn several(
    (name, label, endpoint): (&'static str, &'static str, &'static str),
    values: &[String],
    problem: String,
) -> AnyView {
    let all = values.iter().cloned().chain([String::new()]).enumerate();
    let fields: Vec<AnyView> = all
        .map(|(at, value)| {
            let field = if at == 0 {
                name.to_owned()
            } else {
                format!("{name}-{at}")
            };
            let problem = if at == 0 {
                problem.clone()
            } else {
                String::new()
            };
            let describing = described_by(&field, "", &problem);
            let label = if at == 0 {
                label.to_owned()
            } else {
                format!("{label} {}", at + 1)
            };
            let input = view! {
                <Combobox
                    name=name
                    value=value
                    label_value=""
                    endpoint=endpoint
                    input_id=format!("f-{field}")
                    described_by=describing
                    invalid=!problem.is_empty()
                    placeholder=""
                />
            };
            view! { <Field name=field label=label error=problem>{input}</Field> }.into_any()
        })
        .collect();
    view! { <div class="flow-several">{fields}</div> }.into_any()
}

fn asking(form: &FlowForm, errors: &FieldErrors) -> AnyView {
    let (asked_by, days) = (form.asked_by.clone(), form.longest_days.clone());
    let (wrong_text, wrong_days) = (error(errors, "asked_by"), error(errors, "longest_days"));
    view! {
        <FormSection title="Who may ask, and for how long">
            <TextArea name="asked_by" label="Condition about the person" value=asked_by error=wrong_text maxlength=8000 rows=2 hint="In Cedar, such as principal.department == \"Finance\". Empty: everybody may see and ask for it." />
            <TextField name="longest_days" label="For at most so many days" value=days error=wrong_days kind=InputKind::Number autocomplete="off" hint="Empty: also without an end." />
        </FormSection>
    }
    .into_any()
}

fn automatic(form: &FlowForm, errors: &FieldErrors) -> AnyView {
    let text = form.automatic.clone();
    let problem = error(errors, "automatic");
    let hint = "In Cedar about the person (principal) and the request: context.risk, context.peers (percent of people with the same department and title who have it), context.peers_known, context.days, context.application, context.entitlement, context.role, context.privileged. Such as context.risk == \"low\" && context.peers >= 80. Empty: nothing.";
    view! {
        <FormSection title="What is approved by itself">
            <TextArea name="automatic" label="Condition about the request" value=text error=problem maxlength=8000 rows=2 hint=hint />
            <div><Button label="Check the conditions" name="press" value="check" icon=Icon::Check /></div>
        </FormSection>
    }
    .into_any()
}

fn when_needed(form: &FlowForm, errors: &FieldErrors) -> AnyView {
    let (hours, emergency) = (form.activation_hours.clone(), form.emergency_hours.clone());
    let approval = form.activation_approval;
    let wrong_hours = error(errors, "activation_hours");
    let wrong_emergency = error(errors, "emergency_hours");
    view! {
        <FormSection title="Only when needed">
            <FieldRow>
                <TextField name="activation_hours" label="Activated for hours" value=hours error=wrong_hours kind=InputKind::Number autocomplete="off" hint="What is approved is not there at once; it is activated when needed, for at most so long. Empty: it is there at once." />
                <TextField name="emergency_hours" label="In an emergency for hours" value=emergency error=wrong_emergency kind=InputKind::Number autocomplete="off" hint="It can be taken at once, loudly, and somebody looks into it. Empty: it cannot." />
            </FieldRow>
            <Checkbox name="activation_approval" label="Each activation needs approval, too" checked=approval />
        </FormSection>
    }
    .into_any()
}
