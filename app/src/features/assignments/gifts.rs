//! Giving to many, as both of its pages show it: what it would do and with whom not, the number that is typed when it is
//! much, and how it went with each.

use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::role::Grantable;
use leptos::prelude::*;
use maud::html;
use service::assignments::{
    Agreed, Forecast, GaveMany, GiveMany, GivenItem, PlannedGifts, Remark, give_many, plan_many,
};
use service::rules::MANY;
use service::{Did, Error, Service};

use super::words::{listed, zone};
use crate::access::person_href;
use crate::format::{day, number};
use crate::plan::{plan_tables, sentence};
use crate::posted::{Posted, error};
use crate::refuse;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Card, Column, Pill, Table, TextField, Tone};
use crate::visit::Visit;

/// What is to be given, as it was typed.
pub(in crate::features) fn ask(
    posted: &Posted,
    people: Vec<IdentityId>,
    what: Vec<String>,
) -> GiveMany {
    GiveMany {
        people,
        what,
        reason: posted.text("reason"),
        from: posted.text("from"),
        until: posted.text("until"),
    }
}

/// The plan under a form that came back; what is wrong with the form is added to what is known already.
pub(in crate::features) async fn planned_again(
    service: &Service,
    visit: &Visit,
    ask: &GiveMany,
    errors: &mut FieldErrors,
) -> Result<Option<PlannedGifts>, Error> {
    match plan_many(service, &visit.cx(), ask).await {
        Ok(planned) => Ok(Some(planned)),
        Err(Error::Invalid(more)) => {
            for one in more.iter() {
                if errors.of(one.field).is_none() {
                    errors.add(one.field, one.message.clone());
                }
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What it would do: in sentences, then with whom it is different, then who gains what.
pub(in crate::features) fn planned_view(visit: &Visit, planned: &PlannedGifts) -> AnyView {
    let gains = sentence(&planned.plan);
    let counts = counts(planned);
    let dates = dates(visit, planned);
    let (remarks, tables) = (remarks(visit, planned), plan_tables(visit, &planned.plan));
    view! {
        <section class="plan" aria-labelledby="plan">
            <h2 id="plan">"What it does"</h2>
            <p class="plan-sentence">{gains} " " {counts}</p>
            {dates}
            {remarks}
            {tables}
        </section>
    }
    .into_any()
}

/// `12 are given, 3 were given before and stay as they are, 1 is refused.`
fn counts(planned: &PlannedGifts) -> String {
    let (given, unchanged, refused) = (planned.given, planned.unchanged, planned.refused);
    let said = |n: u64, one: &str, many: &str| {
        let text = if n == 1 { one } else { many };
        (n > 0).then(|| format!("{} {text}", number(n)))
    };
    let parts = [
        said(given, "assignment begins", "assignments begin"),
        said(
            unchanged,
            "was given before and stays as it is",
            "were given before and stay as they are",
        ),
        said(refused, "is refused", "are refused"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if given == 0 {
        return format!("Nothing is given: {}.", parts.join(", "));
    }
    format!("{}.", parts.join(", "))
}

/// What the plan cannot know of another day.
fn dates(visit: &Visit, planned: &PlannedGifts) -> Option<AnyView> {
    let zone = zone(visit);
    let last = planned.until.map(|until| day(until.last_day(&zone)));
    let text = match (planned.later, last) {
        (false, None) => return None,
        (false, Some(last)) => format!("Its last day is {last}."),
        (true, last) => {
            let first = day(planned.from.day(&zone));
            let last =
                last.map_or_else(String::new, |last| format!(", and its last day is {last}"));
            format!("It begins on {first}{last}. This is what it would do if it began now.")
        }
    };
    Some(view! { <p class="plan-sentence">{text}</p> }.into_any())
}

fn remarks(visit: &Visit, planned: &PlannedGifts) -> Option<AnyView> {
    if planned.remarks.is_empty() {
        return None;
    }
    let several = planned.what.len() > 1;
    let rows = planned.remarks.iter().map(|remark| {
        let Remark {
            person,
            name,
            what,
            text,
            ..
        } = remark;
        let pill = match remark.forecast {
            Forecast::Given => view! { <Pill text="Given" /> }.into_any(),
            Forecast::Unchanged => view! { <Pill text="Unchanged" /> }.into_any(),
            Forecast::Refused => view! { <Pill text="Refused" tone=Tone::Warn /> }.into_any(),
        };
        html! {
            tr {
                (name_cell("Person", name, person_href(visit, *person), String::new(), None, false))
                @if several { (value_cell("What", "", what.clone().into_any())) }
                (value_cell("Result", "", pill))
                (value_cell("Why", "wrap", text.clone().into_any()))
            }
        }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let more = planned.remarked.saturating_sub(planned.remarks.len());
    let more = (more > 0).then(|| {
        let text = format!("and {} more", number(more as u64));
        view! { <p class="plan-more">{text}</p> }
    });
    let count = number(planned.remarked as u64);
    let title = if several {
        "What is different"
    } else {
        "With whom it is different"
    };
    let table =
        view! { <Table caption=title columns=columns(several, "Why") framed=false>{rows}</Table> };
    let card = view! {
        <Card title=title count=count flush=true>
            {table}
            {more}
        </Card>
    };
    Some(card.into_any())
}

fn columns(several: bool, last: &'static str) -> Vec<Column> {
    let first = ["Person"].into_iter();
    let columns = first
        .chain(several.then_some("What"))
        .chain(["Result", last]);
    columns.map(Column::new).collect()
}

/// The number that is typed when people gain much.
pub(in crate::features) fn confirm_field(
    planned: &PlannedGifts,
    posted: &Posted,
    errors: &FieldErrors,
) -> Option<AnyView> {
    let plan = &planned.plan;
    if plan.gains < MANY {
        return None;
    }
    let label = format!("Type {} to confirm", plan.gaining);
    let hint = format!(
        "The number of people who gain something. This gives {} grants.",
        number(plan.gains)
    );
    let (value, problem) = (posted.text("confirm"), error(errors, "confirm"));
    Some(view! { <TextField name="confirm" label=label value=value hint=hint error=problem required=true mono=true autocomplete="off" /> }.into_any())
}

/// What is given, in a sentence: `the role Clerk and Post invoice`.
pub(in crate::features) fn what_given(planned: &PlannedGifts) -> String {
    let names = planned.what.iter().map(|(what, name)| match what {
        Grantable::Role(_) => format!("the role {name}"),
        Grantable::Entitlement(_) => name.clone(),
    });
    listed(&names.collect::<Vec<_>>())
}

/// How it went with each, as rows; a thing is named where there are several.
pub(in crate::features) fn results(visit: &Visit, items: &[GivenItem]) -> AnyView {
    let first = items.first().map(|item| item.what.as_str());
    let several = items.iter().any(|item| Some(item.what.as_str()) != first);
    let rows = items.iter().map(|item| {
        let (pill, text) = match &item.result {
            Ok(Did::Done) => (
                view! { <Pill text="Done" tone=Tone::Good /> }.into_any(),
                "Given.".to_owned(),
            ),
            Ok(Did::Unchanged) => (
                view! { <Pill text="Unchanged" /> }.into_any(),
                "Was given before.".to_owned(),
            ),
            Err(error) => (
                view! { <Pill text="Not done" tone=Tone::Bad /> }.into_any(),
                refuse::sentence(visit, error),
            ),
        };
        html! {
            tr {
                (name_cell("Person", &item.name, person_href(visit, item.person), String::new(), None, false))
                @if several { (value_cell("What", "", item.what.clone().into_any())) }
                (value_cell("Result", "", pill))
                (value_cell("Note", "wrap", text.into_any()))
            }
        }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    view! { <Table caption="Results" columns=columns(several, "Note")>{rows}</Table> }.into_any()
}

/// `All 3 done.`, or how many were and were not.
pub(in crate::features) fn summed(items: &[GivenItem]) -> String {
    let count = |wanted: Did| {
        let items = items.iter().filter_map(|item| item.result.as_ref().ok());
        items.filter(|gave| **gave == wanted).count()
    };
    let (fine, same) = (count(Did::Done), count(Did::Unchanged));
    crate::features::people::summed(fine, same, items.len() - fine - same)
}

/// Gives to all of them as the form says.
pub(in crate::features) async fn apply(
    service: &Service,
    visit: &Visit,
    ask: &GiveMany,
    posted: &Posted,
) -> Result<GaveMany, Error> {
    let cx = visit.cx_once(posted.once());
    let agreed = Agreed {
        hash: posted.text("hash"),
        confirm: posted.text("confirm"),
    };
    give_many(service, &cx, ask, &agreed).await
}
