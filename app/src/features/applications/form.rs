//! Adding and editing an application.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::application::ApplicationDraft;
use domain::field::FieldErrors;
use domain::id::ApplicationId;
use domain::time::Instant;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::applications::{self, ApplicationDetail};
use service::people::Edited;

use super::detail::may_edit;
use crate::access::{level_field, owner_field};
use crate::conflict::{conflict_banner, differences};
use crate::fields;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Change, FieldRow, Form, FormActions, FormSection, PageHeader, TextArea,
    TextField,
};
use crate::visit::Visit;

pub(super) async fn new_page(State(app): State<App>, visit: Visit) -> Response {
    if let Err(error) = applications::may_create(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let posted = Posted::filled([("idem", app.form_key())]);
    show_new(&app, &visit, &posted, &FieldErrors::new(), StatusCode::OK)
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    match applications::create(&app.service, &visit.cx_once(posted.once()), &draft(&posted)).await {
        Ok(id) => done(&format!("{}/{id}", routes::APPLICATIONS), "created"),
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
    let detail = match editable(&app, &visit, &id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(&visit, error),
    };
    let posted = filled(&detail, app.form_key());
    show_edit(
        &app,
        &visit,
        &detail,
        &posted,
        &FieldErrors::new(),
        StatusCode::OK,
    )
}

pub(super) async fn edit(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let detail = match editable(&app, &visit, &id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(&visit, error),
    };
    let mut draft = draft(&posted);
    // An owner who has left may stay as long as nobody touches the field: the service knows that one by the id.
    if let Some(owner) = detail
        .owner
        .as_ref()
        .filter(|owner| owner.username == draft.owner.trim())
    {
        draft.owner = owner.id.to_string();
    }
    let id = detail.application.id;
    let page = format!("{}/{id}", routes::APPLICATIONS);
    match applications::edit(
        &app.service,
        &visit.cx_once(posted.once()),
        id,
        posted.version(),
        &draft,
    )
    .await
    {
        Ok(Edited::Changed) => done(&page, "saved"),
        Ok(Edited::Same) => done(&page, "same"),
        Err(Error::Invalid(errors)) => show_edit(
            &app,
            &visit,
            &detail,
            &posted,
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        // Read again: what is shown must be what the next save replaces.
        Err(Error::Conflict) => match editable(&app, &visit, &id.to_string()).await {
            Ok(now) => show_edit(
                &app,
                &visit,
                &now,
                &posted,
                &FieldErrors::new(),
                StatusCode::CONFLICT,
            ),
            Err(error) => app.refuse(&visit, error),
        },
        Err(error) => app.refuse(&visit, error),
    }
}

/// The application, if the visitor may change it.
pub(super) async fn editable(
    app: &App,
    visit: &Visit,
    id: &str,
) -> Result<ApplicationDetail, Error> {
    let id: ApplicationId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = applications::read(&app.service, &visit.cx(), id).await?;
    if !may_edit(&detail) {
        // An edit of a version that never was changes nothing, and is refused in the service's words and in the log.
        applications::edit(
            &app.service,
            &visit.cx(),
            id,
            Instant::from_micros(0),
            &ApplicationDraft::default(),
        )
        .await?;
    }
    Ok(detail)
}

fn draft(posted: &Posted) -> ApplicationDraft {
    ApplicationDraft {
        name: posted.text("name"),
        display_name: posted.text("display_name"),
        description: posted.text("description"),
        owner: posted.text("owner"),
        criticality: posted.text("criticality"),
    }
}

fn fields_of(detail: &ApplicationDetail) -> Vec<(&'static str, String)> {
    let content = &detail.application.content;
    vec![
        ("display_name", content.display_name.clone()),
        ("name", content.name.clone()),
        ("description", content.description.clone()),
        (
            "owner",
            detail
                .owner
                .as_ref()
                .map(|owner| owner.username.clone())
                .unwrap_or_default(),
        ),
        (
            "criticality",
            content
                .criticality
                .map(|level| level.word().to_owned())
                .unwrap_or_default(),
        ),
    ]
}

fn filled(detail: &ApplicationDetail, key: String) -> Posted {
    let version = detail.application.recorded_from.micros().to_string();
    Posted::filled(
        [("idem", key), ("version", version)]
            .into_iter()
            .chain(fields_of(detail)),
    )
}

fn show_new(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let page = Page::new("Add application", routes::APPLICATIONS)
        .under(&[("Applications", routes::APPLICATIONS)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let fields = controls(None, posted, errors);
        view! {
            <PageHeader title="Add application" />
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                {fields}
                <FormActions>
                    <Button label="Add application" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::APPLICATIONS kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

fn show_edit(
    app: &App,
    visit: &Visit,
    detail: &ApplicationDetail,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let id = detail.application.id;
    let name = detail.application.content.display_name.clone();
    let back = format!("{}/{id}", routes::APPLICATIONS);
    let conflict = status == StatusCode::CONFLICT;
    // After a conflict the next save is meant for the version that was shown.
    let (version, key) = if conflict {
        (
            detail.application.recorded_from.micros().to_string(),
            app.form_key(),
        )
    } else {
        (posted.text("version"), posted.once().to_owned())
    };
    let theirs: Vec<Change> = if conflict {
        differences(visit, fields_of(detail), posted, fields::APPLICATIONS)
    } else {
        Vec::new()
    };
    let page = Page::new(format!("Edit {name}"), routes::APPLICATIONS).called("Edit");
    let page = page
        .under(&[("Applications", routes::APPLICATIONS), (&name, &back)])
        .text()
        .status(status);
    let timeline = below(routes::APPLICATIONS, id, "timeline");
    app.page(visit, page, || {
        let banner = conflict.then(|| conflict_banner(theirs, timeline));
        let fields = controls(Some(detail), posted, errors);
        view! {
            <PageHeader title=format!("Edit {name}") />
            {banner}
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

fn controls(detail: Option<&ApplicationDetail>, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let value = |name: &str| posted.text(name);
    let problem = |name: &str| error(errors, name);
    let name = view! {
        <TextField name="display_name" label="Name" value=value("display_name") error=problem("display_name") required=true maxlength=200 autocomplete="off" />
    };
    let technical = view! {
        <TextField name="name" label="Technical name" value=value("name") error=problem("name") required=true maxlength=200 mono=true autocomplete="off" hint="As files and policies write it; no two applications share one." />
    };
    let description = view! {
        <TextArea name="description" label="Description" value=value("description") error=problem("description") maxlength=2000 hint="What it is for, in words that everybody understands." />
    };
    let owner = detail
        .and_then(|detail| detail.owner.as_ref())
        .map(|owner| (owner.username.as_str(), owner.display_name.as_str()));
    let owner = owner_field(
        "Username or id of whoever answers for it.",
        owner,
        posted,
        errors,
    );
    let criticality = level_field(
        "criticality",
        "Criticality",
        "How bad it is when it goes wrong.",
        posted,
        errors,
    );
    view! {
        <FormSection title="What it is">
            {name}
            {technical}
            {description}
        </FormSection>
        <FormSection title="Who answers for it">
            <FieldRow>{owner} {criticality}</FieldRow>
        </FormSection>
    }
    .into_any()
}
