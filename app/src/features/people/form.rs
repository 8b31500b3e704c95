//! Adding and editing a person.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::{IdentityContent, IdentityDraft, IdentityKind, IdentityStatus};
use domain::permission::Action;
use frontend::combobox::Combobox;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::people::{self, Edited, Person};

use crate::conflict::{conflict_banner, differences};
use crate::fields;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Change, Choice, Field, FieldRow, Form, FormActions, FormSection, InputKind,
    PageHeader, Select, TextField, described_by,
};
use crate::visit::Visit;

pub(super) async fn new_page(State(app): State<App>, visit: Visit) -> Response {
    if let Err(error) = people::may_create(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let posted = Posted::filled([("idem", app.form_key()), ("kind", "employee".to_owned())]);
    show_new(&app, &visit, &posted, &FieldErrors::new(), StatusCode::OK)
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    match people::create(&app.service, &visit.cx_once(posted.once()), &draft(&posted)).await {
        Ok(id) => done(&format!("{}/{id}", routes::PEOPLE), "created"),
        Err(Error::Invalid(errors)) => show_new(
            &app,
            &visit,
            &posted,
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn edit_page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let person = match editable(&app, &visit, &id).await {
        Ok(person) => person,
        Err(error) => return app.refuse(&visit, error),
    };
    let posted = filled(&person, app.form_key());
    show_edit(
        &app,
        &visit,
        &person,
        &posted,
        &FieldErrors::new(),
        Vec::new(),
        StatusCode::OK,
    )
}

pub(super) async fn edit(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let page = format!("{}/{id}", routes::PEOPLE);
    let (errors, conflict) = match people::edit(
        &app.service,
        &visit.cx_once(posted.once()),
        id,
        posted.version(),
        &draft(&posted),
    )
    .await
    {
        Ok(Edited::Changed) => return done(&page, "saved"),
        Ok(Edited::Same) => return done(&page, "same"),
        Err(Error::Invalid(errors)) => (errors, false),
        Err(Error::Conflict) => (FieldErrors::new(), true),
        Err(error) => return app.refuse(&visit, error),
    };
    let person = match editable(&app, &visit, &id.to_string()).await {
        Ok(person) => person,
        Err(error) => return app.refuse(&visit, error),
    };
    if conflict {
        // The form of somebody who is suspended or gone has no field for the status.
        let asked = |field: &str| field != "status" || !posted.get("status").is_empty();
        let recorded = fields_of(&person)
            .into_iter()
            .filter(|(field, _)| asked(field))
            .collect();
        let theirs = differences(&visit, recorded, &posted, fields::PEOPLE);
        return show_edit(
            &app,
            &visit,
            &person,
            &posted,
            &errors,
            theirs,
            StatusCode::CONFLICT,
        );
    }
    show_edit(
        &app,
        &visit,
        &person,
        &posted,
        &errors,
        Vec::new(),
        StatusCode::UNPROCESSABLE_ENTITY,
    )
}

/// The person, if the visitor may edit them.
async fn editable(app: &App, visit: &Visit, id: &str) -> Result<Person, Error> {
    let id: IdentityId = id.parse().map_err(|_| Error::NotFound)?;
    let person = people::read(&app.service, &visit.cx(), id).await?;
    people::may(&app.service, &visit.cx(), id, Action::EditPerson).await?;
    Ok(person)
}

fn draft(posted: &Posted) -> IdentityDraft {
    IdentityDraft {
        username: posted.text("username"),
        display_name: posted.text("display_name"),
        email: posted.text("email"),
        department: posted.text("department"),
        title: posted.text("title"),
        location: posted.text("location"),
        manager: posted.text("manager"),
        kind: posted.text("kind"),
        status: posted.text("status"),
        start_date: posted.text("start_date"),
        end_date: posted.text("end_date"),
    }
}

fn fields_of(person: &Person) -> Vec<(&'static str, String)> {
    let content: &IdentityContent = &person.identity.content;
    let day = |day: Option<domain::time::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    vec![
        ("display_name", content.display_name.clone()),
        ("username", content.username.clone()),
        ("email", content.email.clone()),
        ("kind", content.kind.word().to_owned()),
        ("status", content.status.word().to_owned()),
        ("title", content.title.clone()),
        ("department", content.department.clone()),
        ("location", content.location.clone()),
        (
            "manager",
            person
                .manager
                .as_ref()
                .map(|manager| manager.username.clone())
                .unwrap_or_default(),
        ),
        ("start_date", day(content.start_date)),
        ("end_date", day(content.end_date)),
    ]
}

fn filled(person: &Person, key: String) -> Posted {
    let version = person.identity.recorded_from.micros().to_string();
    Posted::filled(
        [("idem", key), ("version", version)]
            .into_iter()
            .chain(fields_of(person)),
    )
}

fn show_new(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let page = Page::new("Add person", routes::PEOPLE)
        .under(&[("People", routes::PEOPLE)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let fields = fields(posted, errors, false);
        view! {
            <PageHeader title="Add person" />
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                {fields}
                <FormActions>
                    <Button label="Add person" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::PEOPLE kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

fn show_edit(
    app: &App,
    visit: &Visit,
    person: &Person,
    posted: &Posted,
    errors: &FieldErrors,
    theirs: Vec<Change>,
    status: StatusCode,
) -> Response {
    let id = person.identity.id;
    let name = person.identity.content.display_name.clone();
    let back = format!("{}/{id}", routes::PEOPLE);
    // After a conflict the next save is meant for the version that was shown.
    let (version, key) = if status == StatusCode::CONFLICT {
        (
            person.identity.recorded_from.micros().to_string(),
            app.form_key(),
        )
    } else {
        (posted.text("version"), posted.once().to_owned())
    };
    let page = Page::new(format!("Edit {name}"), routes::PEOPLE).called("Edit");
    let page = page
        .under(&[("People", routes::PEOPLE), (&name, &back)])
        .text()
        .status(status);
    let status_fixed = !matches!(
        person.identity.content.status,
        IdentityStatus::Active | IdentityStatus::OnLeave
    );
    let timeline = below(routes::PEOPLE, id, "timeline");
    app.page(visit, page, || {
        let fields = fields(posted, errors, !status_fixed);
        let conflict = (status == StatusCode::CONFLICT).then(|| conflict_banner(theirs, timeline));
        view! {
            <PageHeader title=format!("Edit {name}") />
            {conflict}
            <Form idem=key version=version problems=problems(errors) summary=summary(errors)>
                {fields}
                <FormActions>
                    <Button label="Save changes" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=back kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

fn fields(posted: &Posted, errors: &FieldErrors, with_status: bool) -> AnyView {
    let value = |name: &str| posted.text(name);
    let problem = |name: &str| error(errors, name);
    let kinds = IdentityKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.word(), kind.label()))
        .collect();
    let status = with_status.then(|| {
        let choices = [IdentityStatus::Active, IdentityStatus::OnLeave].iter().map(|status| Choice::new(status.word(), status.label())).collect();
        view! { <Select name="status" label="Status" value=value("status") options=choices error=problem("status") /> }
    });
    let manager_hint =
        "Username or id of whoever decides for this person. Leave it empty when there is nobody.";
    let manager_error = problem("manager");
    let describing = described_by("manager", manager_hint, &manager_error);
    let text = |name: &'static str, label: &'static str, max: u32| {
        view! { <TextField name=name label=label value=value(name) error=problem(name) maxlength=max autocomplete="off" /> }.into_any()
    };
    let name = view! {
        <TextField name="display_name" label="Name" value=value("display_name") error=problem("display_name") required=true maxlength=200 autocomplete="off" />
    };
    let username = view! {
        <TextField name="username" label="Username" value=value("username") error=problem("username") required=true maxlength=100 mono=true autocomplete="off" hint="The name to sign in with." />
    };
    let email = view! {
        <TextField name="email" label="E-mail" kind=InputKind::Email value=value("email") error=problem("email") maxlength=254 autocomplete="off" />
    };
    let kind = view! { <Select name="kind" label="Kind" value=value("kind") options=kinds error=problem("kind") required=true /> };
    let (title, department, location) = (
        text("title", "Title", 200),
        text("department", "Department", 200),
        text("location", "Location", 200),
    );
    let picker = view! {
        <Combobox
            name="manager"
            value=value("manager")
            label_value=""
            endpoint=routes::API_PICK_PEOPLE
            input_id="f-manager"
            described_by=describing
            invalid=!manager_error.is_empty()
            placeholder=""
        />
    };
    let start = view! { <TextField name="start_date" label="First day" kind=InputKind::Date value=value("start_date") error=problem("start_date") /> };
    let end = view! {
        <TextField name="end_date" label="Last day" kind=InputKind::Date value=value("end_date") error=problem("end_date") hint="Access ends when this day is over." />
    };
    view! {
        <FormSection title="Who it is">
            {name}
            <FieldRow>{username} {email}</FieldRow>
            <FieldRow>{kind} {status}</FieldRow>
        </FormSection>
        <FormSection title="Work">
            <FieldRow>{title} {department}</FieldRow>
            <FieldRow>
                {location}
                <Field name="manager" label="Manager" hint=manager_hint error=manager_error>{picker}</Field>
            </FieldRow>
        </FormSection>
        <FormSection title="Time">
            <FieldRow>{start} {end}</FieldRow>
        </FormSection>
    }
    .into_any()
}
