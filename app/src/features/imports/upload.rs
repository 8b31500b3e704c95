//! Choosing the files of an import. They are read from the network piece by piece and never lie in memory whole.

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use domain::id::{SourceId, SourceRunId};
use domain::source::{FileKind, ImportMode};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use service::Error;
use service::imports::{self, Upload};
use service::sources::{self, SourceView};

use crate::features::sources::form::mode_field;
use crate::page::{Page, see_other};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Disclosure, FileDrop, FileField, Form, FormActions, Hidden, PageHeader,
    Problem, Steps,
};
use crate::visit::Visit;

/// The steps of an import.
pub(super) const STEPS: &[&str] = &["Files", "Columns", "Check", "Apply"];
/// What the browser offers to choose.
const ACCEPT: &str = ".csv,text/csv";
/// Longest value of a field that is no file.
const LONGEST_VALUE: usize = 200;

/// The run to which files are added; none begins a new one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Into {
    run: String,
}

/// What was sent besides files, and what came of the files.
#[derive(Debug, Default)]
struct Received {
    mode: String,
    once: String,
    run: Option<SourceRunId>,
    taken: Vec<FileKind>,
    problems: Vec<String>,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(into): Query<Into>,
) -> Response {
    match source(&app, &visit, &id).await {
        Ok(source) => {
            let received = Received {
                mode: source.source.content.mode.word().to_owned(),
                once: app.form_key(),
                run: into.run.parse().ok(),
                ..Received::default()
            };
            show(&app, &visit, &source, &received, StatusCode::OK)
        }
        Err(error) => app.refuse(&visit, error),
    }
}

/// Takes the files. Rights come first, then the body.
pub(super) async fn receive(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    body: Result<Multipart, MultipartRejection>,
) -> Response {
    let source = match source(&app, &visit, &id).await {
        Ok(source) => source,
        Err(error) => return app.refuse(&visit, error),
    };
    let mut received = Received {
        mode: source.source.content.mode.word().to_owned(),
        ..Received::default()
    };
    if let Ok(mut body) = body {
        loop {
            match body.next_field().await {
                Ok(None) => break,
                Ok(Some(field)) => {
                    if let Err(error) = take(&app, &visit, &source, field, &mut received).await {
                        return app.refuse(&visit, error);
                    }
                }
                Err(_) => {
                    received.problems.push(BROKEN.to_owned());
                    break;
                }
            }
        }
    }
    match received.run {
        Some(run) if received.problems.is_empty() && !received.taken.is_empty() => {
            see_other(&super::path(run))
        }
        _ => {
            if received.problems.is_empty() {
                received
                    .problems
                    .push("Choose at least one file, then send the form again.".to_owned());
            }
            received.once = app.form_key();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&app, &visit, &source, &received, status)
        }
    }
}

const BROKEN: &str = "The files did not arrive whole: the connection broke, or the browser sent something else than a form. Send them again.";

/// The source, if the visitor may import into it.
async fn source(app: &App, visit: &Visit, id: &str) -> service::Result<SourceView> {
    let id: SourceId = id.parse().map_err(|_| Error::NotFound)?;
    sources::may_manage(&app.service, &visit.cx()).await?;
    sources::read(&app.service, &visit.cx(), id).await
}

/// One field of the form: a value, or a file.
async fn take(
    app: &App,
    visit: &Visit,
    source: &SourceView,
    mut field: Field<'_>,
    received: &mut Received,
) -> service::Result<()> {
    let name = field.name().unwrap_or_default().to_owned();
    let Some(file) = field.file_name().map(plain_name) else {
        let value = value(&mut field).await;
        match name.as_str() {
            "mode" => received.mode = value,
            "idem" => received.once = value,
            "run" => received.run = value.parse().ok(),
            _ => {}
        }
        return Ok(());
    };
    if file.is_empty() {
        return Ok(());
    }
    // The name says what is in it; where it does not, the first line does.
    let Ok(first) = field.chunk().await else {
        received.problems.push(BROKEN.to_owned());
        return Ok(());
    };
    let first = first.unwrap_or_default();
    let kind = FileKind::from_word(&name)
        .or_else(|| imports::kind_of(&file))
        .or_else(|| imports::kind_of_header(&header(&first)));
    let Some(kind) = kind else {
        received.problems.push(format!(
            "What is in “{file}” can be told neither by its name nor by its columns. Choose it under “Files with other names”."
        ));
        return Ok(());
    };
    if received.taken.contains(&kind) {
        received.problems.push(format!(
            "“{file}” is a second file of {}; the first one was taken. Put them into one file, or import one after the other.",
            kind.label().to_lowercase()
        ));
        return Ok(());
    }
    let run = if let Some(run) = received.run {
        run
    } else {
        let mode = ImportMode::from_word(&received.mode).unwrap_or(source.source.content.mode);
        let cx = visit.cx_once(&received.once);
        let run = match imports::begin(&app.service, &cx, source.source.id, mode).await {
            // A second click: the browser may have broken the first one off, so its files come into the same run anew.
            Err(Error::AlreadyDone(run)) => run.parse().map_err(|_| Error::NotFound)?,
            begun => begun?,
        };
        received.run = Some(run);
        run
    };
    let mut upload = Upload::begin(&app.service, &visit.cx(), run, kind, &file).await?;
    upload.push(&app.service, &first).await?;
    store(app, upload, kind, field, received).await
}

async fn store(
    app: &App,
    mut upload: Upload,
    kind: FileKind,
    mut field: Field<'_>,
    received: &mut Received,
) -> service::Result<()> {
    loop {
        match field.chunk().await {
            Ok(Some(piece)) => upload.push(&app.service, &piece).await?,
            Ok(None) => break,
            Err(_) => {
                received.problems.push(BROKEN.to_owned());
                return Ok(());
            }
        }
    }
    upload.finish(&app.service).await?;
    received.taken.push(kind);
    Ok(())
}

/// The names in the first line, as far as they are needed for a guess: quotes are taken off, nothing more.
fn header(first: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(first);
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches('\u{feff}')
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_owned())
        .collect()
}

/// The value of a field that is no file; what is too long is cut.
async fn value(field: &mut Field<'_>) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(piece)) = field.chunk().await {
        let room = LONGEST_VALUE.saturating_sub(bytes.len());
        bytes.extend(piece.iter().take(room));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The last part of a path, whichever system it comes from.
fn plain_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn show(
    app: &App,
    visit: &Visit,
    source: &SourceView,
    received: &Received,
    status: StatusCode,
) -> Response {
    let id = source.source.id;
    let name = &source.source.content.name;
    let back = format!("{}/{id}", routes::SOURCES);
    let page = Page::new(format!("Import files · {name}"), routes::SOURCES).called("Import files");
    let page = page
        .under(&[("Sources", routes::SOURCES), (name, &back)])
        .text()
        .status(status);
    let title = match received.run {
        Some(_) => format!("Add files to the import of {name}"),
        None => format!("Import files from {name}"),
    };
    app.page(visit, page, || {
        view! {
            <PageHeader title=title />
            <Steps label="Steps of an import" names=STEPS.to_vec() current=0 />
            {form(id, received, back)}
        }
        .into_any()
    })
}

fn form(id: SourceId, received: &Received, back: String) -> AnyView {
    let problems = received.problems.iter().map(|message| Problem {
        field: "files".to_owned(),
        message: message.clone(),
    });
    let problems: Vec<Problem> = problems.collect();
    let summary = match (received.taken.len(), problems.len()) {
        (0, _) => "Nothing was taken yet".to_owned(),
        (1, _) => "One file was taken; the rest needs your attention".to_owned(),
        (n, _) => format!("{n} files were taken; the rest needs your attention"),
    };
    // The mode is settled when a run begins; files that are added later go by it.
    let first = match received.run {
        Some(run) => view! { <Hidden name="run" value=run.to_string() /> }.into_any(),
        None => mode_field(&received.mode, String::new()),
    };
    let go_on = received
        .run
        .filter(|_| !received.taken.is_empty())
        .map(|run| {
            view! { <Button label="Go on with what was taken" href=super::path(run) /> }
        });
    let back = received.run.map_or(back, super::path);
    let each = FileKind::ALL
        .iter()
        .map(|kind| {
            view! { <FileField name=kind.word() label=kind.label() accept=ACCEPT /> }
        })
        .collect_view();
    view! {
        <Form action=below(routes::SOURCES, id, "import") idem=received.once.clone() files=true problems=problems summary=summary guard=false>
            {first}
            <FileDrop name="files" label="Drop the files here, or choose them" accept=ACCEPT hint="CSV in UTF-8, with a line of column names. What is in a file is told by its name: identities.csv, access.csv …" />
            <Disclosure title="Files with other names" note="Say what is in each.">{each}</Disclosure>
            <FormActions>
                <Button label="Upload" kind=ButtonKind::Primary />
                {go_on}
                <Button label="Cancel" href=back kind=ButtonKind::Plain />
            </FormActions>
        </Form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{header, plain_name};

    #[test]
    fn the_first_line_is_enough_for_a_guess() {
        let bytes = "\u{feff}\"username\", application,entitlement\r\nana,crm,read\r\n".as_bytes();
        assert_eq!(header(bytes), ["username", "application", "entitlement"]);
    }

    #[test]
    fn only_the_last_part_of_a_path_is_a_name() {
        assert_eq!(plain_name("identities.csv"), "identities.csv");
        assert_eq!(plain_name("C:\\drop\\access.csv"), "access.csv");
        assert_eq!(plain_name("../../etc/\u{7}roles.csv"), "roles.csv");
    }
}
