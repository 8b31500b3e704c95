//! One act on many assignments: those that are ticked, or all that match a search. What it would do first, then how each
//! ended.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::search::Search;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::assignments::{self, ChangeAct, ChangeMany, ChangedMany, PlannedChanges, Which};
use service::people::MOST_AT_ONCE;
use service::plan::Asked;

use super::changed::{planned_table, results};
use super::words::zone;
use crate::format::number;
use crate::page::{Page, done};
use crate::plan::{number_field, other_plan, plan_view, sentence};
use crate::posted::{Posted, error};
use crate::routes::{self, with_query};
use crate::state::App;
use crate::ui::{
    Banner, Button, Confirm, Empty, EmptyKind, Hidden, InputKind, PageHeader, TextArea, TextField,
    Tone,
};
use crate::visit::Visit;

/// What stands above the question.
enum Note {
    None,
    /// Others match than when it was looked at.
    Others,
    /// The plan is not the one that was looked at.
    Other,
}

/// What a preview says besides what it would do.
struct Said {
    key: String,
    status: StatusCode,
    errors: FieldErrors,
    note: Note,
}

impl Said {
    const fn new(key: String) -> Self {
        Self {
            key,
            status: StatusCode::OK,
            errors: FieldErrors::new(),
            note: Note::None,
        }
    }

    const fn conflict(key: String, note: Note) -> Self {
        Self {
            key,
            status: StatusCode::CONFLICT,
            errors: FieldErrors::new(),
            note,
        }
    }
}

/// What will happen, before it happens.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let posted = Posted::filled_owned(pairs);
    let said = Said::new(app.form_key());
    preview(&app, &visit, &posted, said, None).await
}

/// Carries it out and says how it ended with each; a long one becomes a job.
pub(super) async fn take(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let cx = visit.cx_once(posted.once());
    let Some(ask) = asked(&posted) else {
        // Whoever may not do this at all is told that before anything else.
        return match assignments::may_give_some(&app.service, &cx).await {
            Ok(()) => app.nothing_here(&visit),
            Err(error) => app.refuse(&visit, error),
        };
    };
    let agreed = Asked {
        reason: posted.text("reason"),
        hash: posted.text("hash"),
        confirm: posted.text("confirm"),
    };
    match assignments::change_many(&app.service, &cx, &ask, &agreed).await {
        Ok(ChangedMany::Each(items)) => results(&app, &visit, (ask.act, &back(&posted)), items),
        Ok(ChangedMany::Job(job)) => done(&routes::job(job), "job-asked"),
        Ok(ChangedMany::Others) => {
            let said = Said::conflict(app.form_key(), Note::Others);
            preview(&app, &visit, &posted, said, None).await
        }
        Ok(ChangedMany::Different(planned)) => {
            let said = Said::conflict(app.form_key(), Note::Other);
            preview(&app, &visit, &posted, said, Some(*planned)).await
        }
        Err(Error::Invalid(errors)) => {
            let said = Said {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                errors,
                ..Said::new(posted.once().to_owned())
            };
            preview(&app, &visit, &posted, said, None).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

/// What is asked for; nothing when it is no act of this page.
fn asked(posted: &Posted) -> Option<ChangeMany> {
    let act = ChangeAct::from_word(posted.get("act"))?;
    let which = if posted.ticked("matching") {
        let search = Search::parse(posted.get("q"));
        Which::Matching(search, posted.text("mark"))
    } else {
        let ids = posted.all("id");
        Which::Ticked(ids.iter().filter_map(|id| id.parse().ok()).collect())
    };
    Some(ChangeMany {
        act,
        which,
        until: posted.text("until"),
    })
}

/// The list that this began with.
fn back(posted: &Posted) -> String {
    with_query(routes::ASSIGNMENTS, &[("q", posted.get("q"))])
}

async fn preview(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    said: Said,
    planned: Option<PlannedChanges>,
) -> Response {
    if let Err(error) = assignments::may_give_some(&app.service, &visit.cx()).await {
        return app.refuse(visit, error);
    }
    let Some(ask) = asked(posted) else {
        return app.nothing_here(visit);
    };
    let planned = match planned {
        Some(planned) => Ok(planned),
        None => plan(app, visit, &ask).await,
    };
    let planned = match planned {
        Ok(planned) => planned,
        Err(error) => return app.refuse(visit, error),
    };
    let title = format!("{} several assignments", verb(ask.act));
    let page = Page::new(title.clone(), routes::ASSIGNMENTS)
        .called(verb(ask.act))
        .under(&[("Assignments", routes::ASSIGNMENTS)])
        .status(said.status);
    app.page(visit, page, || {
        let back = back(posted);
        if planned.ids.is_empty() {
            return view! {
                <PageHeader title=title />
                <Empty kind=EmptyKind::NoMatch title="Nothing is selected" text="Go back to the list and tick the assignments this is about.">
                    <Button label="Back to the list" href=back />
                </Empty>
            }
            .into_any();
        }
        let note = note(&said, posted, &planned);
        let table = planned_table(visit, ask.act, &planned);
        if planned.changes == 0 && ask.act != ChangeAct::Extend {
            return view! {
                {note}
                <PageHeader title=title detail="None of these can be changed; the reason stands beside each." actions=view! { <Button label="Back to the list" href=back /> } />
                {table}
            }
            .into_any();
        }
        let question = question(visit, posted, &ask, &planned, said);
        let plan = plan_view(visit, &planned.plan);
        view! { {note} {question} {table} {plan} }.into_any()
    })
}

/// The plan; with a day that is none, that of the same without a last day, so that the page can show what is wrong.
async fn plan(app: &App, visit: &Visit, ask: &ChangeMany) -> Result<PlannedChanges, Error> {
    let cx = visit.cx();
    match assignments::plan_changes(&app.service, &cx, ask).await {
        Err(Error::Invalid(_)) => {
            let ask = ChangeMany {
                until: String::new(),
                ..ask.clone()
            };
            assignments::plan_changes(&app.service, &cx, &ask).await
        }
        planned => planned,
    }
}

fn note(said: &Said, posted: &Posted, planned: &PlannedChanges) -> Option<AnyView> {
    match said.note {
        Note::None => None,
        Note::Other => Some(other_plan()),
        Note::Others => {
            let text = format!(
                "When you looked, {} matched; now it is {}, or they are others. Nothing was done. Look again and decide.",
                posted.text("count"),
                counted(planned.ids.len())
            );
            let banner = view! { <Banner tone=Tone::Warn title="The list has changed since you looked">{text}</Banner> };
            Some(banner.into_any())
        }
    }
}

fn question(
    visit: &Visit,
    posted: &Posted,
    ask: &ChangeMany,
    planned: &PlannedChanges,
    said: Said,
) -> AnyView {
    let count = if ask.act == ChangeAct::Extend {
        planned.ids.len() - planned.refused
    } else {
        planned.changes
    };
    let (title, button) = match ask.act {
        ChangeAct::Extend => (
            format!("Change the last day of {}?", counted(count)),
            "Change the last day".to_owned(),
        ),
        act => {
            let text = format!("{} {}", act.label(), counted(count));
            (format!("{text}?"), text)
        }
    };
    let left_out = left_out(planned);
    let says = (ask.act != ChangeAct::Extend).then(|| {
        let text = sentence(&planned.plan);
        view! { <p><b>{text}</b></p> }
    });
    let later = (planned.ids.len() > MOST_AT_ONCE).then(|| {
        view! { <p>"It is done in the background, one after the other; its page says how far it is and what was left out, and why."</p> }
    });
    let (set, fields) = (set(ask, planned, posted), fields(visit, ask, posted, &said));
    let number = number_field(&planned.plan, posted.text("confirm"), &said.errors);
    let (danger, effect) = (ask.act == ChangeAct::End, effect(ask.act));
    let hidden = [
        ("act", ask.act.word().to_owned()),
        ("q", posted.text("q")),
        ("hash", planned.plan.hash.clone()),
    ];
    let hidden = hidden.map(|(name, value)| view! { <Hidden name=name value=value /> });
    view! {
        <Confirm title=title verb=button danger=danger action=routes::ASSIGNMENTS_BULK idem=said.key cancel=back(posted)>
            <p>{effect}</p>
            {says}
            {left_out}
            {later}
            {hidden.collect_view()}
            {set}
            {fields}
            {number}
        </Confirm>
    }
    .into_any()
}

/// Which it is about, as the form carries it.
fn set(ask: &ChangeMany, planned: &PlannedChanges, posted: &Posted) -> AnyView {
    match ask.which {
        Which::Ticked(_) => planned
            .ids
            .iter()
            .map(|id| view! { <Hidden name="id" value=id.to_string() /> })
            .collect_view()
            .into_any(),
        Which::Matching(..) => view! {
            <Hidden name="matching" value=posted.text("matching") />
            <Hidden name="count" value=number(planned.ids.len() as u64) />
            <Hidden name="mark" value=planned.mark.clone() />
        }
        .into_any(),
    }
}

fn fields(visit: &Visit, ask: &ChangeMany, posted: &Posted, said: &Said) -> AnyView {
    let until = (ask.act == ChangeAct::Extend).then(|| {
        let hint = match zone(visit).iana_name() {
            Some(place) => format!("They end when this day is over ({place}). Empty: without an end."),
            None => "They end when this day is over. Empty: without an end.".to_owned(),
        };
        let problem = error(&said.errors, "until");
        view! { <TextField name="until" label="Last day" kind=InputKind::Date value=posted.text("until") hint=hint error=problem /> }
    });
    let (value, problem) = (posted.text("reason"), error(&said.errors, "reason"));
    view! {
        {until}
        <TextArea name="reason" label="Reason" value=value error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
    }
    .into_any()
}

/// How many of those that were selected stay as they are.
fn left_out(planned: &PlannedChanges) -> Option<AnyView> {
    let text = match planned.refused {
        0 => return None,
        1 => "1 cannot be changed and is left out; the reason stands beside it.".to_owned(),
        n => format!(
            "{} cannot be changed and are left out; the reason stands beside each.",
            number(n as u64)
        ),
    };
    Some(view! { <p>{text}</p> }.into_any())
}

const fn verb(act: ChangeAct) -> &'static str {
    match act {
        ChangeAct::Extend => "Change the last day of",
        act => act.label(),
    }
}

const fn effect(act: ChangeAct) -> &'static str {
    match act {
        ChangeAct::End => {
            "They end now. To have them again, somebody must give them anew. The records stay for the log."
        }
        ChangeAct::Extend => {
            "They end by themselves when their last day is over. Without a last day they last until somebody ends them."
        }
        ChangeAct::Suspend => "They give nothing until somebody restores them. The records stay.",
        ChangeAct::Restore => "They give again what they gave.",
    }
}

fn counted(n: usize) -> String {
    if n == 1 {
        "1 assignment".to_owned()
    } else {
        format!("{} assignments", number(n as u64))
    }
}
