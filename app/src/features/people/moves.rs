//! Suspending, resuming and ending people: one at a time with a confirmation page, or many with a preview.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::permission::Action;
use http::StatusCode;
use leptos::prelude::*;
use service::people::{self, End, Person};
use service::{Cx, Error};

use super::words::status_pill;
use crate::page::{Page, done};
use crate::posted::{Posted, error};
use crate::refuse::sentence;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Button, Cell, Column, Confirm, Crumb, Empty, EmptyKind, Hidden, InputKind, NameCell,
    PageHeader, Pill, Slot, Table, TextArea, TextField, Tone,
};
use crate::visit::Visit;

/// What can be done to people here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Suspend,
    Resume,
    End,
}

impl Act {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "suspend" => Some(Self::Suspend),
            "resume" => Some(Self::Resume),
            "end" => Some(Self::End),
            _ => None,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::End => "end",
        }
    }

    const fn verb(self) -> &'static str {
        match self {
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::End => "End",
        }
    }

    const fn effect(self) -> &'static str {
        match self {
            Self::Suspend => {
                "They are signed out at once and cannot sign in until somebody resumes them. Their record and access stay."
            }
            Self::Resume => "They can sign in again.",
            Self::End => {
                "They are signed out, their rights in this console end, and they never come back: the record stays for the log. With a last day in the future, all of this happens when that day is over."
            }
        }
    }

    async fn carry_out(
        self,
        app: &App,
        cx: &Cx,
        id: IdentityId,
        posted: &Posted,
    ) -> Result<&'static str, Error> {
        match self {
            Self::Suspend => people::suspend(&app.service, cx, id, posted.get("reason"))
                .await
                .map(|()| "suspended"),
            Self::Resume => people::resume(&app.service, cx, id, posted.get("reason"))
                .await
                .map(|()| "resumed"),
            Self::End => {
                let mut errors = FieldErrors::new();
                let last_day = errors.date("last_day", "The last day", posted.get("last_day"));
                errors.or(())?;
                let end = End {
                    reason: posted.text("reason"),
                    last_day,
                };
                people::end(&app.service, cx, id, &end).await?;
                Ok("ended")
            }
        }
    }
}

macro_rules! handlers {
    ($($page:ident $post:ident $act:expr;)*) => {
        $(pub(super) async fn $page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
            ask(&app, &visit, &id, $act).await
        }
        pub(super) async fn $post(State(app): State<App>, visit: Visit, Path(id): Path<String>, posted: Posted) -> Response {
            answer(&app, &visit, &id, $act, &posted).await
        })*
    };
}

handlers! {
    suspend_page suspend Act::Suspend;
    resume_page resume Act::Resume;
    end_page end Act::End;
}

async fn ask(app: &App, visit: &Visit, id: &str, act: Act) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    match movable(app, visit, id).await {
        Ok(person) => confirm(
            app,
            visit,
            &person,
            act,
            &posted,
            &FieldErrors::new(),
            StatusCode::OK,
        ),
        Err(error) => app.refuse(visit, error),
    }
}

async fn answer(app: &App, visit: &Visit, id: &str, act: Act, posted: &Posted) -> Response {
    let Ok(parsed) = id.parse::<IdentityId>() else {
        return app.nothing_here(visit);
    };
    match act
        .carry_out(app, &visit.cx_once(posted.once()), parsed, posted)
        .await
    {
        Ok(code) => {
            let later = act == Act::End
                && people::read(&app.service, &visit.cx(), parsed)
                    .await
                    .is_ok_and(|p| {
                        p.identity.content.status != domain::identity::IdentityStatus::Ended
                    });
            done(
                &format!("{}/{parsed}", routes::PEOPLE),
                if later { "scheduled" } else { code },
            )
        }
        Err(Error::Invalid(errors)) => match movable(app, visit, id).await {
            Ok(person) => confirm(
                app,
                visit,
                &person,
                act,
                posted,
                &errors,
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            Err(error) => app.refuse(visit, error),
        },
        Err(error) => app.refuse(visit, error),
    }
}

/// The person, if the visitor may move them; a refusal says what is missing.
async fn movable(app: &App, visit: &Visit, id: &str) -> Result<Person, Error> {
    let id: IdentityId = id.parse().map_err(|_| Error::NotFound)?;
    let person = people::read(&app.service, &visit.cx(), id).await?;
    people::may(&app.service, &visit.cx(), id, Action::MovePerson).await?;
    Ok(person)
}

fn confirm(
    app: &App,
    visit: &Visit,
    person: &Person,
    act: Act,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let name = person.identity.content.display_name.clone();
    let back = format!("{}/{}", routes::PEOPLE, person.identity.id);
    let title = format!("{} {name}?", act.verb());
    let page = Page {
        crumbs: vec![Crumb::here(act.verb())],
        ..Page::new(format!("{} {name}", act.verb()), routes::PEOPLE)
    };
    let page = page
        .under(&[("People", routes::PEOPLE), (&name, &back)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let fields = fields(act, posted, errors);
        view! {
            <Confirm title=title verb=format!("{} {name}", act.verb()) danger=act == Act::End idem=posted.once() cancel=back>
                <p>{act.effect()}</p>
                {fields}
            </Confirm>
        }
        .into_any()
    })
}

fn fields(act: Act, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let last_day = (act == Act::End).then(|| {
        view! {
            <TextField name="last_day" label="Last day" kind=InputKind::Date value=posted.text("last_day") error=error(errors, "last_day") hint="Empty ends at once." />
        }
    });
    view! {
        {last_day}
        <TextArea name="reason" label="Reason" value=posted.text("reason") error=error(errors, "reason") required=true maxlength=500 rows=2 hint="Stays in the log." />
    }
    .into_any()
}

/// The people a bulk act is about, as the list's form names them.
fn chosen(query: &str) -> Posted {
    Posted::filled_owned(serde_urlencoded::from_str(query).unwrap_or_default())
}

/// What will happen to whom, before it happens.
pub(super) async fn bulk_page(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    if let Err(error) = people::may_move_some(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let posted = chosen(&query.unwrap_or_default());
    preview(
        &app,
        &visit,
        &posted,
        app.form_key(),
        &FieldErrors::new(),
        StatusCode::OK,
    )
    .await
}

/// Carries a bulk act out, person by person, and says how each ended.
pub(super) async fn bulk(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    if let Err(error) = people::may_move_some(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let Some(act) = Act::parse(posted.get("act")) else {
        return app.nothing_here(&visit);
    };
    let mut errors = FieldErrors::new();
    errors.required("reason", "The reason", posted.get("reason"), 500);
    errors.date("last_day", "The last day", posted.get("last_day"));
    if !errors.is_empty() {
        return preview(
            &app,
            &visit,
            &posted,
            posted.once().to_owned(),
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    let mut results = Vec::new();
    for (id, person) in people_of(&app, &visit, &posted).await {
        // One key a person, so that a form sent twice goes on where the first stopped and does nothing twice.
        let cx = visit.cx_once(&format!("{} {id}", posted.once()));
        let result = match act.carry_out(&app, &cx, id, &posted).await {
            Ok(_) | Err(Error::AlreadyDone(_)) => Ok(()),
            Err(error) => Err(sentence(&visit, &error)),
        };
        results.push((id, person, result));
    }
    show_results(&app, &visit, act, results, &posted)
}

/// Most people of one bulk act: a page of the list.
const MOST: usize = 200;

async fn people_of(app: &App, visit: &Visit, posted: &Posted) -> Vec<(IdentityId, Person)> {
    let mut found = Vec::new();
    let mut ids: Vec<IdentityId> = posted
        .all("id")
        .iter()
        .take(MOST)
        .filter_map(|id| id.parse().ok())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        if let Ok(person) = people::read(&app.service, &visit.cx(), id).await {
            found.push((id, person));
        }
    }
    found
}

async fn preview(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    key: String,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let Some(act) = Act::parse(posted.get("act")) else {
        return app.nothing_here(visit);
    };
    let all = people_of(app, visit, posted).await;
    let page = Page::new(format!("{} several people", act.verb()), routes::PEOPLE)
        .under(&[("People", routes::PEOPLE)])
        .status(status);
    if all.is_empty() {
        return app.page(visit, page, || {
            view! {
                <PageHeader title=format!("{} several people", act.verb()) />
                <Empty kind=EmptyKind::NoMatch title="Nobody is selected" text="Go back to the list and tick the people this is about.">
                    <Button label="Back to the list" href=routes::PEOPLE />
                </Empty>
            }
            .into_any()
        });
    }
    let count = all
        .iter()
        .filter(|(_, person)| person.may.contains(&Action::MovePerson))
        .count();
    app.page(visit, page, || {
        let title = format!("{} {}?", act.verb(), people_count(count));
        let verb = format!("{} {}", act.verb(), people_count(count));
        let fields = fields(act, posted, errors);
        let ids = all
            .iter()
            .map(|(id, _)| view! { <Hidden name="id" value=id.to_string() /> })
            .collect_view();
        let rows = all.iter().map(|(id, person)| {
            let note = if person.may.contains(&Action::MovePerson) {
                ().into_any()
            } else {
                view! { <Pill text="Not with your rights" tone=Tone::Warn /> }.into_any()
            };
            row(visit, *id, person, note)
        });
        let rows = rows.collect_view();
        view! {
            <Confirm title=title verb=verb danger=act == Act::End idem=key cancel=routes::PEOPLE>
                <p>{act.effect()}</p>
                <Hidden name="act" value=act.word() />
                {ids}
                {fields}
            </Confirm>
            <Table caption="Selected people" columns=columns("Note")>{rows}</Table>
        }
        .into_any()
    })
}

fn people_count(n: usize) -> String {
    if n == 1 {
        "1 person".to_owned()
    } else {
        format!("{n} people")
    }
}

fn columns(last: &str) -> Vec<Column> {
    vec![
        Column::new("Person"),
        Column::new("Status"),
        Column::new(last),
    ]
}

fn row(visit: &Visit, id: IdentityId, person: &Person, last: AnyView) -> AnyView {
    let content = &person.identity.content;
    let status = status_pill(
        content.status,
        content.end_date,
        visit.now.day(&visit.zone()),
    );
    view! {
        <tr>
            <NameCell column="Person" name=content.display_name.clone() detail=content.username.clone() href=format!("{}/{id}", routes::PEOPLE) />
            <Cell column="Status">{status}</Cell>
            <Cell column="Result" wrap=true>{last}</Cell>
        </tr>
    }
    .into_any()
}

fn show_results(
    app: &App,
    visit: &Visit,
    act: Act,
    results: Vec<(IdentityId, Person, Result<(), String>)>,
    posted: &Posted,
) -> Response {
    let fine = results
        .iter()
        .filter(|(_, _, result)| result.is_ok())
        .count();
    let failed = results.len() - fine;
    let page = Page::new(
        format!("{} several people: result", act.verb()),
        routes::PEOPLE,
    )
    .under(&[("People", routes::PEOPLE)]);
    let retry = (failed > 0).then(|| {
        let pairs = results
            .iter()
            .filter(|(_, _, result)| result.is_err())
            .map(|(id, _, _)| ("id", id.to_string()));
        let pairs: Vec<_> = [("act", posted.text("act"))]
            .into_iter()
            .chain(pairs)
            .collect();
        let href = format!(
            "{}?{}",
            routes::PEOPLE_BULK,
            serde_urlencoded::to_string(pairs).unwrap_or_default()
        );
        view! { <Button label="Try the failed ones again" href=href /> }
    });
    let actions =
        Slot::from(view! { {retry} <Button label="Back to the list" href=routes::PEOPLE /> });
    let detail = if failed == 0 {
        format!("All {fine} done.")
    } else {
        format!("{fine} done, {failed} not — see why below.")
    };
    app.page(visit, page, || {
        let rows = results.into_iter().map(|(id, person, result)| {
            let note = match result {
                Ok(()) => view! { <Pill text="Done" tone=Tone::Good /> }.into_any(),
                Err(why) => view! { <Pill text="Not done" tone=Tone::Bad /> " " {why} }.into_any(),
            };
            row(visit, id, &person, note)
        });
        let rows = rows.collect_view();
        view! {
            <PageHeader title=format!("{} several people", act.verb()) detail=detail actions=actions />
            <Table caption="Results" columns=columns("Result")>{rows}</Table>
        }
        .into_any()
    })
}
