//! Giving and ending a person's rights in this console.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::permission::{Action, ConsoleRight};
use http::StatusCode;
use leptos::prelude::*;
use service::people::{self, Person};
use service::{Error, rights};

use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Card, Choice, Form, FormActions, FormSection, PageHeader, Radios, TextArea,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    show(
        &app,
        &visit,
        &id,
        &posted,
        &FieldErrors::new(),
        StatusCode::OK,
    )
    .await
}

pub(super) async fn change(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(parsed) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let give = posted.get("act") != "end";
    let Some(right) = ConsoleRight::from_word(posted.get("right")) else {
        let errors = FieldErrors::one("right", "Choose a right from the list.");
        return show(
            &app,
            &visit,
            &id,
            &posted,
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let cx = visit.cx_once(posted.once());
    let result = if give {
        rights::grant(&app.service, &cx, parsed, right, posted.get("reason")).await
    } else {
        rights::end(&app.service, &cx, parsed, right, posted.get("reason")).await
    };
    match result {
        Ok(()) => done(
            &format!("{}/{parsed}", routes::PEOPLE),
            if give { "granted" } else { "right-ended" },
        ),
        Err(Error::Invalid(errors)) => {
            show(
                &app,
                &visit,
                &id,
                &posted,
                &errors,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    id: &str,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(visit);
    };
    let person = match people::read(&app.service, &visit.cx(), id).await {
        Ok(person) => person,
        Err(error) => return app.refuse(visit, error),
    };
    if let Err(error) = people::may(&app.service, &visit.cx(), id, Action::GrantRight).await {
        return app.refuse(visit, error);
    }
    let name = person.identity.content.display_name.clone();
    let back = format!("{}/{id}", routes::PEOPLE);
    let page =
        Page::new(format!("Console rights of {name}"), routes::PEOPLE).called("Console rights");
    let page = page
        .under(&[("People", routes::PEOPLE), (&name, &back)])
        .text()
        .status(status);
    app.page(visit, page, || {
        content(&person, posted, errors, &name, back)
    })
}

fn content(
    person: &Person,
    posted: &Posted,
    errors: &FieldErrors,
    name: &str,
    back: String,
) -> AnyView {
    let choice =
        |right: ConsoleRight| Choice::new(right.word(), right.label()).detail(right.description());
    let missing: Vec<Choice> = ConsoleRight::ALL
        .iter()
        .copied()
        .filter(|right| !person.rights.has(*right))
        .map(choice)
        .collect();
    let held: Vec<Choice> = person.rights.iter().map(choice).collect();
    let action = below(routes::PEOPLE, person.identity.id, "rights");
    let ending = posted.get("act") == "end";
    let key = posted.once().to_owned();
    let give = Part {
        act: "give",
        title: "Give a right",
        verb: "Give right",
        kind: ButtonKind::Primary,
        choices: missing,
    };
    let end = Part {
        act: "end",
        title: "End a right",
        verb: "End right",
        kind: ButtonKind::Danger,
        choices: held.clone(),
    };
    let (nothing, clean) = (Posted::default(), FieldErrors::new());
    let (give_state, end_state) = if ending {
        ((&nothing, &clean), (posted, errors))
    } else {
        ((posted, errors), (&nothing, &clean))
    };
    let give = part(give, &action, &key, give_state.0, give_state.1);
    let end = part(end, &action, &key, end_state.0, end_state.1);
    let nobody = format!("{name} has no right in this console yet.");
    let none = held
        .is_empty()
        .then(|| view! { <Card title="Held now"><p class="soft">{nobody}</p></Card> });
    view! {
        <PageHeader title=format!("Console rights of {name}") actions=view! { <Button label="Back" href=back /> } />
        {none}
        {give}
        {end}
    }
    .into_any()
}

/// One of the two forms of the page.
struct Part {
    act: &'static str,
    title: &'static str,
    verb: &'static str,
    kind: ButtonKind,
    choices: Vec<Choice>,
}

fn part(
    part: Part,
    action: &str,
    key: &str,
    posted: &Posted,
    errors: &FieldErrors,
) -> Option<AnyView> {
    if part.choices.is_empty() {
        return None;
    }
    let Part {
        act,
        title,
        verb,
        kind,
        choices,
    } = part;
    let right = view! { <Radios name="right" label="Right" value=posted.text("right") options=choices error=error(errors, "right") required=true /> };
    let reason = view! {
        <TextArea name="reason" label="Reason" value=posted.text("reason") error=error(errors, "reason") required=true maxlength=500 rows=2 hint="Stays in the log." />
    };
    let form = view! {
        <Form action=action.to_owned() idem=format!("{key}-{act}") problems=problems(errors) summary=summary(errors)>
            <FormSection title=title>{right} {reason}</FormSection>
            <FormActions>
                <Button label=verb kind=kind name="act" value=act />
            </FormActions>
        </Form>
    };
    Some(form.into_any())
}
