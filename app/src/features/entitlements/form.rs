//! Adding and editing an entitlement.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::entitlement::EntitlementDraft;
use domain::field::FieldErrors;
use domain::id::EntitlementId;
use domain::time::Instant;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use service::entitlements::{self, EntitlementDetail};
use service::people::Edited;
use service::{Error, applications, search};

use super::controls::{About, controls};
use super::detail::may_edit;
use crate::conflict::{conflict_banner, differences};
use crate::fields;
use crate::page::{Page, done};
use crate::posted::{Posted, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{Button, ButtonKind, Change, Form, FormActions, PageHeader};
use crate::visit::Visit;

/// What the form for a new one begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Begin {
    application: String,
}

pub(super) async fn new_page(
    State(app): State<App>,
    visit: Visit,
    Query(begin): Query<Begin>,
) -> Response {
    if let Err(error) = applications::may_create(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let posted = Posted::filled([
        ("idem", app.form_key()),
        ("application", begin.application),
        ("kind", "permission".to_owned()),
    ]);
    show_new(&app, &visit, &posted, &FieldErrors::new(), StatusCode::OK).await
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    match entitlements::create(&app.service, &visit.cx_once(posted.once()), &draft(&posted)).await {
        Ok(id) => done(&format!("{}/{id}", routes::ENTITLEMENTS), "created"),
        Err(Error::Invalid(errors)) => {
            show_new(
                &app,
                &visit,
                &posted,
                &errors,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
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
    if let Some((id, _, _)) =
        own_owner(&detail).filter(|(_, username, _)| *username == draft.owner.trim())
    {
        draft.owner = id;
    }
    let id = detail.entitlement.id;
    let page = format!("{}/{id}", routes::ENTITLEMENTS);
    match entitlements::edit(
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

/// The entitlement, if the visitor may change it.
pub(super) async fn editable(
    app: &App,
    visit: &Visit,
    id: &str,
) -> Result<EntitlementDetail, Error> {
    let id: EntitlementId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = entitlements::read(&app.service, &visit.cx(), id).await?;
    if !may_edit(&detail) {
        // An edit of a version that never was changes nothing, and is refused in the service's words and in the log.
        entitlements::edit(
            &app.service,
            &visit.cx(),
            id,
            Instant::from_micros(0),
            &EntitlementDraft::default(),
        )
        .await?;
    }
    Ok(detail)
}

fn draft(posted: &Posted) -> EntitlementDraft {
    EntitlementDraft {
        application: posted.text("application"),
        name: posted.text("name"),
        display_name: posted.text("display_name"),
        description: posted.text("description"),
        kind: posted.text("kind"),
        actions: posted.text("actions"),
        resource_type: posted.text("resource_type"),
        resource_id: posted.text("resource_id"),
        risk: posted.text("risk"),
        owner: posted.text("owner"),
        requestable: posted.ticked("requestable"),
    }
}

/// Id, username and name of the entitlement's own owner; the application's does not count here.
fn own_owner(detail: &EntitlementDetail) -> Option<(String, &str, &str)> {
    detail.entitlement.content.owner?;
    detail.owner.as_ref().map(|owner| {
        (
            owner.id.to_string(),
            owner.username.as_str(),
            owner.display_name.as_str(),
        )
    })
}

fn fields_of(detail: &EntitlementDetail) -> Vec<(&'static str, String)> {
    let content = &detail.entitlement.content;
    vec![
        ("display_name", content.display_name.clone()),
        ("name", content.name.clone()),
        ("description", content.description.clone()),
        ("kind", content.kind.word().to_owned()),
        ("actions", content.actions.join("; ")),
        ("resource_type", content.resource_type.clone()),
        ("resource_id", content.resource_id.clone()),
        (
            "risk",
            content
                .risk
                .map(|level| level.word().to_owned())
                .unwrap_or_default(),
        ),
        (
            "owner",
            own_owner(detail)
                .map(|(_, username, _)| username.to_owned())
                .unwrap_or_default(),
        ),
        // As the box sends it: nothing when it is not ticked.
        (
            "requestable",
            if content.requestable { "true" } else { "" }.to_owned(),
        ),
    ]
}

fn filled(detail: &EntitlementDetail, key: String) -> Posted {
    let version = detail.entitlement.recorded_from.micros().to_string();
    Posted::filled(
        [("idem", key), ("version", version)]
            .into_iter()
            .chain(fields_of(detail)),
    )
}

/// The application that is typed: its name, to stand beside the field, and its page.
async fn application_of(app: &App, visit: &Visit, typed: &str) -> Option<(String, String)> {
    let typed = Some(typed.trim()).filter(|typed| !typed.is_empty())?;
    // Only a help for the eye: without it the field says the same, and what is wrong is said when it is saved.
    let found = search::applications(&app.service, &visit.cx(), typed)
        .await
        .ok()?;
    let exact = found
        .items
        .into_iter()
        .find(|item| item.value.eq_ignore_ascii_case(typed) || item.object.to_string() == typed)?;
    Some((exact.label, routes::object(exact.object)?))
}

async fn show_new(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let page = Page::new("Add entitlement", routes::ENTITLEMENTS)
        .under(&[("Entitlements", routes::ENTITLEMENTS)])
        .text()
        .status(status);
    let (application, cancel) = application_of(app, visit, posted.get("application"))
        .await
        .unwrap_or_else(|| (String::new(), routes::ENTITLEMENTS.to_owned()));
    app.page(visit, page, || {
        let controls = controls(About::New { application }, posted, errors);
        view! {
            <PageHeader title="Add entitlement" />
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                {controls}
                <FormActions>
                    <Button label="Add entitlement" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

fn show_edit(
    app: &App,
    visit: &Visit,
    detail: &EntitlementDetail,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let id = detail.entitlement.id;
    let name = detail.entitlement.content.display_name.clone();
    let back = format!("{}/{id}", routes::ENTITLEMENTS);
    let conflict = status == StatusCode::CONFLICT;
    // After a conflict the next save is meant for the version that was shown.
    let (version, key) = if conflict {
        (
            detail.entitlement.recorded_from.micros().to_string(),
            app.form_key(),
        )
    } else {
        (posted.text("version"), posted.once().to_owned())
    };
    let theirs: Vec<Change> = if conflict {
        differences(visit, fields_of(detail), posted, fields::ENTITLEMENTS)
    } else {
        Vec::new()
    };
    let page = Page::new(format!("Edit {name}"), routes::ENTITLEMENTS).called("Edit");
    let page = page
        .under(&[("Entitlements", routes::ENTITLEMENTS), (&name, &back)])
        .text()
        .status(status);
    let timeline = below(routes::ENTITLEMENTS, id, "timeline");
    app.page(visit, page, || {
        let banner = conflict.then(|| conflict_banner(theirs, timeline));
        let owner = own_owner(detail).map(|(_, username, name)| (username, name));
        let controls = controls(About::Known { owner }, posted, errors);
        let of = format!(
            "Of {}. An entitlement stays with its application.",
            detail.application.content.display_name
        );
        view! {
            <PageHeader title=format!("Edit {name}") detail=of />
            {banner}
            <Form idem=key version=version problems=problems(errors) summary=summary(errors)>
                {controls}
                <FormActions>
                    <Button label="Save changes" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=back kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}
