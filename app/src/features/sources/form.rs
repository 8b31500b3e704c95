//! Adding and editing a source.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::SourceId;
use domain::source::{ImportMode, SourceContent, SourceDraft};
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::people::Edited;
use service::sources::{self, SourceView};

use super::words::mode_detail;
use crate::conflict::{conflict_banner, differences};
use crate::fields;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Choice, FieldRow, Form, FormActions, FormSection, InputKind, PageHeader,
    Radios, TextArea, TextField,
};
use crate::visit::Visit;

pub(super) async fn new_page(State(app): State<App>, visit: Visit) -> Response {
    if let Err(error) = sources::may_manage(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let posted = Posted::filled([("idem", app.form_key()), ("mode", "snapshot".to_owned())]);
    show_new(&app, &visit, &posted, &FieldErrors::new(), StatusCode::OK)
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    match sources::create(&app.service, &visit.cx_once(posted.once()), &draft(&posted)).await {
        Ok(id) => done(&format!("{}/{id}", routes::SOURCES), "created"),
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
    let found = match editable(&app, &visit, &id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let version = found.source.recorded_from.micros().to_string();
    let fixed = [("idem", app.form_key()), ("version", version)];
    let posted = Posted::filled(fixed.into_iter().chain(fields_of(&found)));
    show_edit(
        &app,
        &visit,
        &found,
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
    let found = match editable(&app, &visit, &id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let id = found.source.id;
    let page = format!("{}/{id}", routes::SOURCES);
    let cx = visit.cx_once(posted.once());
    let (version, mut draft) = (posted.version(), draft(&posted));
    if !found.may_watch {
        // Their form does not offer these, so it has nothing to say about them.
        let content = &found.source.content;
        draft.folder.clone_from(&content.folder);
        draft.every_minutes = minutes(content);
    }
    match sources::edit(&app.service, &cx, id, version, &draft).await {
        Ok(Edited::Changed) => done(&page, "saved"),
        Ok(Edited::Same) => done(&page, "same"),
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_edit(&app, &visit, &found, &posted, &errors, status)
        }
        // Read again: what is shown must be what the next save replaces.
        Err(Error::Conflict) => match editable(&app, &visit, &id.to_string()).await {
            Ok(now) => {
                let status = StatusCode::CONFLICT;
                show_edit(&app, &visit, &now, &posted, &FieldErrors::new(), status)
            }
            Err(error) => app.refuse(&visit, error),
        },
        Err(error) => app.refuse(&visit, error),
    }
}

/// The source, if the visitor may change it.
async fn editable(app: &App, visit: &Visit, id: &str) -> Result<SourceView, Error> {
    let id: SourceId = id.parse().map_err(|_| Error::NotFound)?;
    sources::may_manage(&app.service, &visit.cx()).await?;
    sources::read(&app.service, &visit.cx(), id).await
}

fn draft(posted: &Posted) -> SourceDraft {
    SourceDraft {
        name: posted.text("name"),
        description: posted.text("description"),
        folder: posted.text("folder"),
        every_minutes: posted.text("every_minutes"),
        mode: posted.text("mode"),
    }
}

fn fields_of(found: &SourceView) -> Vec<(&'static str, String)> {
    let content = &found.source.content;
    vec![
        ("name", content.name.clone()),
        ("description", content.description.clone()),
        ("mode", content.mode.word().to_owned()),
        ("folder", content.folder.clone()),
        ("every_minutes", minutes(content)),
    ]
}

fn minutes(content: &SourceContent) -> String {
    let minutes = content.every_minutes.map(|minutes| minutes.to_string());
    minutes.unwrap_or_default()
}

fn show_new(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let page = Page::new("Add source", routes::SOURCES)
        .under(&[("Sources", routes::SOURCES)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let folder = if sources::may_watch(&visit.cx()) {
            folder_fields(posted, errors)
        } else {
            no_folder("")
        };
        let fields = controls(posted, errors, folder);
        view! {
            <PageHeader title="Add source" />
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                {fields}
                <FormActions>
                    <Button label="Add source" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::SOURCES kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

fn show_edit(
    app: &App,
    visit: &Visit,
    found: &SourceView,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let name = found.source.content.name.clone();
    let back = format!("{}/{}", routes::SOURCES, found.source.id);
    let conflict = status == StatusCode::CONFLICT;
    // After a conflict the next save is meant for the version that was shown.
    let (version, key) = if conflict {
        let version = found.source.recorded_from.micros().to_string();
        (version, app.form_key())
    } else {
        (posted.text("version"), posted.once().to_owned())
    };
    let page = Page::new(format!("Edit {name}"), routes::SOURCES).called("Edit");
    let page = page
        .under(&[("Sources", routes::SOURCES), (&name, &back)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let banner = conflict.then(|| {
            let kinds = fields::of(Some(domain::id::ObjectKind::Source));
            let mut now = fields_of(found);
            now.retain(|(name, _)| found.may_watch || !matches!(*name, "folder" | "every_minutes"));
            let theirs = differences(visit, now, posted, kinds);
            conflict_banner(theirs, back.clone())
        });
        let folder = if found.may_watch {
            folder_fields(posted, errors)
        } else {
            no_folder(&found.source.content.folder)
        };
        let fields = controls(posted, errors, folder);
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

/// The choice between snapshot and delta.
pub(in crate::features) fn mode_field(value: &str, problem: String) -> AnyView {
    let modes = ImportMode::ALL
        .iter()
        .map(|mode| Choice::new(mode.word(), mode.label()).detail(mode_detail(*mode)))
        .collect();
    view! { <Radios name="mode" label="What the files are" value=value options=modes error=problem required=true /> }
        .into_any()
}

fn controls(posted: &Posted, errors: &FieldErrors, folder: AnyView) -> AnyView {
    let value = |name: &str| posted.text(name);
    let problem = |name: &str| error(errors, name);
    let name = view! {
        <TextField name="name" label="Name" value=value("name") error=problem("name") required=true maxlength=200 autocomplete="off" hint="Where the data comes from, such as HR system." />
    };
    let description = view! {
        <TextArea name="description" label="Description" value=value("description") error=problem("description") maxlength=2000 rows=2 hint="Whom to ask about it, and how often it delivers." />
    };
    let mode = mode_field(&value("mode"), problem("mode"));
    view! {
        <FormSection title="What it is">
            {name}
            {description}
            {mode}
        </FormSection>
        <FormSection title="Watched folder" hint="New files in the folder are imported by themselves.">
            {folder}
        </FormSection>
    }
    .into_any()
}

fn folder_fields(posted: &Posted, errors: &FieldErrors) -> AnyView {
    let value = |name: &str| posted.text(name);
    let problem = |name: &str| error(errors, name);
    let folder = view! {
        <TextField name="folder" label="Folder" value=value("folder") error=problem("folder") maxlength=1000 mono=true autocomplete="off" hint="A path on the server, like /var/lib/bailiwick/drop/hr." />
    };
    let minutes = view! {
        <TextField name="every_minutes" label="Looked at every (minutes)" value=value("every_minutes") error=problem("every_minutes") kind=InputKind::Number autocomplete="off" />
    };
    view! { <FieldRow>{folder} {minutes}</FieldRow> }.into_any()
}

/// What stands in place of the folder for those who may not choose it.
fn no_folder(folder: &str) -> AnyView {
    let now = if folder.is_empty() {
        "No folder is watched.".to_owned()
    } else {
        format!("{folder} is watched.")
    };
    view! {
        <p>{now} " Only an administrator can choose the folder, because its files are imported with all rights."</p>
    }
    .into_any()
}
