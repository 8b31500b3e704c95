//! The fields of the form of a review.

use domain::field::FieldErrors;
use domain::lifecycle::Level;
use domain::review::{Every, How, STAGE_FIELDS, StageFields, StageRule, Subjects, Unanswered};
use domain::view::SavedView;
use leptos::prelude::*;
use service::flows::StepForm;
use service::reviews::{ReviewForm, ScopeForm, StageForm};

use super::new::Saved;
use crate::posted::{Posted, error};
use crate::ui::{
    Button, Checkbox, Choice, Disclosure, FieldRow, FormSection, Icon, InputKind, Select, TextArea,
    TextField,
};

/// What was typed.
pub(super) fn form(posted: &Posted) -> ReviewForm {
    let stages = STAGE_FIELDS.iter().map(|fields| StageForm {
        reviewer: posted.text(fields.reviewer),
        who: posted.text(fields.who),
        fallback: posted.text(fields.fallback),
        fallback_who: posted.text(fields.fallback_who),
        days: posted.text(fields.days),
        remind_days: posted.text(fields.remind_days),
    });
    ReviewForm {
        name: posted.text("name"),
        instructions: posted.text("instructions"),
        owner: posted.text("owner"),
        scope: ScopeForm {
            subjects: posted.text("subjects"),
            people: posted.text("people"),
            things: posted.text("things"),
            risk: posted.text("risk"),
            unused_days: posted.text("unused_days"),
            how: posted.all("how"),
            changed: posted.ticked("changed"),
            sample: posted.text("sample"),
            moved_days: posted.text("moved_days"),
        },
        // The first stage is always there; the others when somebody is chosen.
        stages: stages
            .enumerate()
            .filter(|(at, stage)| *at == 0 || !stage.reviewer.is_empty())
            .map(|(_, stage)| stage)
            .collect(),
        rule: posted.text("rule"),
        unanswered: posted.text("unanswered"),
        not_grantor: posted.ticked("not_grantor"),
        unused_after: posted.text("unused_after"),
        grace_hours: posted.text("grace_hours"),
        every: posted.text("every"),
        from: posted.text("from"),
        each_mover: posted.ticked("each_mover"),
    }
}

fn choices<'a>(
    first: Option<(&str, &str)>,
    all: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<Choice> {
    let first = first
        .into_iter()
        .map(|(value, label)| Choice::new(value, label));
    let rest = all
        .into_iter()
        .map(|(value, label)| Choice::new(value, label));
    first.chain(rest).collect()
}

/// All fields with what was typed and what is wrong.
pub(super) fn controls(form: &ReviewForm, errors: &FieldErrors, saved: &Saved) -> AnyView {
    let (what, scope) = (what_it_is(form, errors), scope(&form.scope, errors, saved));
    let stages = (1..).zip(&STAGE_FIELDS);
    let stages = stages
        .map(|(n, fields)| {
            let known = form.stages.get(n - 1);
            let fields = stage(n, fields, known, errors);
            // A further stage is rare: it opens when it is wanted.
            if n == 1 || known.is_some() {
                return fields;
            }
            let title = if n == 2 { "A second stage" } else { "A third stage" };
            view! { <Disclosure title=title note="Somebody else decides after it.">{fields}</Disclosure> }.into_any()
        })
        .collect_view();
    let (end, time) = (ending(form, errors), time(form, errors));
    view! { {what} {scope} {stages} {end} {time} }.into_any()
}

fn what_it_is(form: &ReviewForm, errors: &FieldErrors) -> AnyView {
    let (name, text, owner) = (
        form.name.clone(),
        form.instructions.clone(),
        form.owner.clone(),
    );
    let (wrong_name, wrong_text, wrong_owner) = (
        error(errors, "name"),
        error(errors, "instructions"),
        error(errors, "owner"),
    );
    view! {
        <FormSection title="What it is">
            <TextField name="name" label="Name" value=name error=wrong_name required=true maxlength=120 autocomplete="off" hint="No two reviews share one." />
            <TextArea name="instructions" label="What reviewers are told" value=text error=wrong_text maxlength=4000 rows=2 />
            <TextField name="owner" label="Who answers for it" value=owner error=wrong_owner autocomplete="off" hint="Username or id. Empty: you." />
        </FormSection>
    }
    .into_any()
}

/// The saved views that can fill the searches, and the button that does it; nothing when there are none.
fn views(saved: &Saved) -> Option<AnyView> {
    if saved.people.is_empty() && saved.things.is_empty() {
        return None;
    }
    let options = |all: &[SavedView]| {
        let mut options = vec![Choice::new("", "None")];
        options.extend(
            all.iter()
                .map(|one| Choice::new(one.id.to_string(), one.content.name.clone())),
        );
        options
    };
    let select = |name: &'static str, label: &'static str, all: &[SavedView]| {
        let options = options(all);
        (!all.is_empty())
            .then(|| view! { <Select name=name label=label value="" options=options /> })
    };
    let people = select("people_view", "Whose, from a saved view", &saved.people);
    let things = select("things_view", "Of what, from a saved view", &saved.things);
    Some(
        view! {
            <FieldRow>
                {people}
                {things}
                <Button label="Take the search over" name="press" value="views" icon=Icon::Bookmark />
            </FieldRow>
        }
        .into_any(),
    )
}

fn scope(form: &ScopeForm, errors: &FieldErrors, saved: &Saved) -> AnyView {
    let subjects = choices(
        None,
        Subjects::ALL.iter().map(|one| (one.word(), one.label())),
    );
    let risks = choices(
        Some(("", "Any risk")),
        Level::ALL.iter().map(|one| (one.word(), one.label())),
    );
    let how = How::ALL.iter().map(|one| {
        let checked = form.how.iter().any(|word| word == one.word());
        let id = format!("f-how-{}", one.word());
        view! {
            <label class="choice" for=id.clone()>
                <input type="checkbox" id=id.clone() name="how" value=one.word() checked=checked autocomplete="off" />
                <span>{one.label()}</span>
            </label>
        }
    });
    let how = how.collect_view();
    let form = form.clone();
    let of = |field| error(errors, field);
    let (wrong_subjects, wrong_risk, wrong_days, wrong_sample, wrong_people) = (
        of("subjects"),
        of("risk"),
        of("unused_days"),
        of("sample"),
        of("people"),
    );
    let (wrong_things, wrong_moved) = (of("things"), of("moved_days"));
    let views = views(saved);
    view! {
        <FormSection title="What is looked at" hint="What is narrowed by several is narrowed by all of them.">
            <Select name="subjects" label="What" value=form.subjects options=subjects error=wrong_subjects required=true />
            <FieldRow>
                <TextField name="people" label="Whose" value=form.people error=wrong_people autocomplete="off" hint="A search as in the list of people, such as department:Finance kind:external. Empty: everybody." />
                <TextField name="things" label="Of what" value=form.things error=wrong_things autocomplete="off" hint="A search as in the list of entitlements, such as application:sap; of roles or accounts where these are reviewed. Empty: everything." />
            </FieldRow>
            {views}
            <FieldRow>
                <Select name="risk" label="From this risk on" value=form.risk options=risks error=wrong_risk required=true />
                <TextField name="unused_days" label="Not used for days" value=form.unused_days error=wrong_days kind=InputKind::Number autocomplete="off" hint="Empty: used or not." />
                <TextField name="moved_days" label="Only who moved or leaves within days" value=form.moved_days error=wrong_moved kind=InputKind::Number autocomplete="off" hint="Another department, title or manager. Empty: everybody." />
                <TextField name="sample" label="A sample of one in" value=form.sample error=wrong_sample kind=InputKind::Number autocomplete="off" hint="Drawn with a seed that is recorded. Empty: all." />
            </FieldRow>
            <fieldset class="field"><legend>"How it was given"</legend><div class="flow-risks">{how}</div></fieldset>
            <Checkbox name="changed" label="Leave out what was kept in an earlier review and has not changed since" checked=form.changed />
        </FormSection>
    }
    .into_any()
}

fn stage(
    n: usize,
    fields: &'static StageFields,
    form: Option<&StageForm>,
    errors: &FieldErrors,
) -> AnyView {
    let form = form.cloned().unwrap_or_default();
    let who = choices(
        (n > 1).then_some(("", "No such stage")),
        StepForm::WORDS.iter().copied(),
    );
    let fallback = choices(
        Some(("", "The owner of the review")),
        StepForm::WORDS.iter().copied(),
    );
    let of = |field| error(errors, field);
    let (wrong, wrong_who) = (of(fields.reviewer), of(fields.who));
    let (wrong_fallback, wrong_others) = (of(fields.fallback), of(fields.fallback_who));
    let (wrong_days, wrong_remind) = (of(fields.days), of(fields.remind_days));
    view! {
        <FormSection title=format!("Stage {n}")>
            <FieldRow>
                <Select name=fields.reviewer label="Who decides" value=form.reviewer options=who error=wrong required=true />
                <TextField name=fields.who label="Named people, or the role" value=form.who error=wrong_who autocomplete="off" hint="Usernames separated by commas." />
            </FieldRow>
            <FieldRow>
                <Select name=fields.fallback label="When nobody of these can" value=form.fallback options=fallback error=wrong_fallback required=true />
                <TextField name=fields.fallback_who label="Named people, or the role" value=form.fallback_who error=wrong_others autocomplete="off" />
            </FieldRow>
            <FieldRow>
                <TextField name=fields.days label="Within days" value=form.days error=wrong_days kind=InputKind::Number autocomplete="off" />
                <TextField name=fields.remind_days label="Reminded so many days before the end" value=form.remind_days error=wrong_remind kind=InputKind::Number autocomplete="off" hint="Empty: not." />
            </FieldRow>
        </FormSection>
    }
    .into_any()
}

fn ending(form: &ReviewForm, errors: &FieldErrors) -> AnyView {
    let unanswered = choices(
        None,
        Unanswered::ALL.iter().map(|one| (one.word(), one.label())),
    );
    let rules = choices(
        None,
        StageRule::ALL.iter().map(|one| (one.word(), one.label())),
    );
    let form = form.clone();
    let of = |field| error(errors, field);
    let (wrong_unanswered, wrong_rule, wrong_grace, wrong_unused) = (
        of("unanswered"),
        of("rule"),
        of("grace_hours"),
        of("unused_after"),
    );
    view! {
        <FormSection title="What comes of it">
            <Select name="unanswered" label="What nobody answers in time" value=form.unanswered options=unanswered error=wrong_unanswered required=true />
            <Select name="rule" label="With several stages" value=form.rule options=rules error=wrong_rule required=true />
            <FieldRow>
                <TextField name="grace_hours" label="Revoked access ends so many hours after the close" value=form.grace_hours error=wrong_grace kind=InputKind::Number autocomplete="off" hint="Until then it can be restored." />
                <TextField name="unused_after" label="Flagged as unused after days" value=form.unused_after error=wrong_unused kind=InputKind::Number autocomplete="off" />
            </FieldRow>
            <Checkbox name="not_grantor" label="Nobody decides on what they gave themselves" checked=form.not_grantor />
        </FormSection>
    }
    .into_any()
}

fn time(form: &ReviewForm, errors: &FieldErrors) -> AnyView {
    let every = choices(
        Some(("", "Once")),
        Every::ALL.iter().map(|one| (one.word(), one.label())),
    );
    let form = form.clone();
    let (wrong_every, wrong_from) = (error(errors, "every"), error(errors, "from"));
    let wrong_mover = error(errors, "each_mover");
    view! {
        <FormSection title="When">
            <FieldRow>
                <Select name="every" label="Repeats" value=form.every options=every error=wrong_every required=true />
                <TextField name="from" label="From" value=form.from error=wrong_from kind=InputKind::Date autocomplete="off" />
            </FieldRow>
            <Checkbox name="each_mover" label="Review whoever moves by themselves, as soon as that is known" checked=form.each_mover error=wrong_mover hint="Another department, title or manager. Their new manager decides on what they have." />
        </FormSection>
    }
    .into_any()
}
