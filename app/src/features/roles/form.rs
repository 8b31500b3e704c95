//! Adding a role and editing what is said of it. What is in it is changed in `change`, with a plan.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::{ObjectKind, RoleId};
use domain::role::RoleDraft;
use domain::time::Instant;
use http::StatusCode;
use leptos::prelude::*;
use service::people::Edited;
use service::roles::{self, RoleDetail};
use service::{Error, applications};

use super::detail::may_edit;
use crate::access::owner_field;
use crate::conflict::{conflict_banner, differences};
use crate::fields;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Change, Form, FormActions, FormSection, PageHeader, TextArea, TextField,
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
    match roles::create(&app.service, &visit.cx_once(posted.once()), &draft(&posted)).await {
        Ok(id) => done(&below(routes::ROLES, id, "contents"), "role-created"),
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
    if let Some(owner) = &detail.owner
        && owner.username == draft.owner.trim()
    {
        draft.owner = owner.id.to_string();
    }
    let id = detail.role.id;
    let page = format!("{}/{id}", routes::ROLES);
    let cx = visit.cx_once(posted.once());
    match roles::edit(&app.service, &cx, id, posted.version(), &draft).await {
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

/// The role as it is now, if the visitor may change it.
pub(super) async fn editable(app: &App, visit: &Visit, id: &str) -> Result<RoleDetail, Error> {
    let id: RoleId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = roles::read(&app.service, &visit.cx(), id, None).await?;
    if !may_edit(&detail) {
        // An edit of a version that never was changes nothing, and is refused in the service's words and in the log.
        let never = Instant::from_micros(0);
        roles::edit(&app.service, &visit.cx(), id, never, &RoleDraft::default()).await?;
    }
    Ok(detail)
}

pub(super) fn draft(posted: &Posted) -> RoleDraft {
    RoleDraft {
        name: posted.text("name"),
        display_name: posted.text("display_name"),
        description: posted.text("description"),
        owner: posted.text("owner"),
    }
}

fn fields_of(detail: &RoleDetail) -> Vec<(&'static str, String)> {
    let content = &detail.role.content;
    let owner = detail.owner.as_ref();
    vec![
        ("display_name", content.display_name.clone()),
        ("name", content.name.clone()),
        ("description", content.description.clone()),
        (
            "owner",
            owner
                .map(|owner| owner.username.clone())
                .unwrap_or_default(),
        ),
    ]
}

fn filled(detail: &RoleDetail, key: String) -> Posted {
    let version = detail.role.recorded_from.micros().to_string();
    Posted::filled(
        [("idem", key), ("version", version)]
            .into_iter()
            .chain(fields_of(detail)),
    )
}

/// All fields with what was typed and what is wrong; `owner` is the recorded one as a username and a name.
pub(super) fn controls(
    owner: Option<(&str, &str)>,
    posted: &Posted,
    errors: &FieldErrors,
) -> AnyView {
    let value = |name: &str| posted.text(name);
    let problem = |name: &str| error(errors, name);
    let name = view! {
        <TextField name="display_name" label="Name" value=value("display_name") error=problem("display_name") required=true maxlength=200 autocomplete="off" />
    };
    let technical = view! {
        <TextField name="name" label="Technical name" value=value("name") error=problem("name") required=true maxlength=200 mono=true autocomplete="off" hint="As import files name it; no two roles share one." />
    };
    let description = view! {
        <TextArea name="description" label="What it is for" value=value("description") error=problem("description") maxlength=2000 hint="In plain words: whoever decides about it reads this." />
    };
    let owner = owner_field(
        "Username or id of the person who answers for what is in it.",
        owner,
        posted,
        errors,
    );
    view! {
        <FormSection title="What it is">
            {name}
            {technical}
            {description}
        </FormSection>
        <FormSection title="Who answers for it">{owner}</FormSection>
    }
    .into_any()
}

fn show_new(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let page = Page::new("New role", routes::ROLES)
        .under(&[("Roles", routes::ROLES)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let controls = controls(None, posted, errors);
        view! {
            <PageHeader title="New role" detail="It begins empty. What goes into it is chosen next, and you see what that does before it happens." />
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                {controls}
                <FormActions>
                    <Button label="Add role" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::ROLES kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

fn show_edit(
    app: &App,
    visit: &Visit,
    detail: &RoleDetail,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let id = detail.role.id;
    let name = detail.role.content.display_name.clone();
    let back = format!("{}/{id}", routes::ROLES);
    let conflict = status == StatusCode::CONFLICT;
    // After a conflict the next save is meant for the version that was shown.
    let (version, key) = if conflict {
        let version = detail.role.recorded_from.micros().to_string();
        (version, app.form_key())
    } else {
        (posted.text("version"), posted.once().to_owned())
    };
    let theirs: Vec<Change> = if conflict {
        let fields = fields::of(Some(ObjectKind::Role));
        differences(visit, fields_of(detail), posted, fields)
    } else {
        Vec::new()
    };
    let page = Page::new(format!("Edit {name}"), routes::ROLES)
        .called("Edit")
        .under(&[("Roles", routes::ROLES), (&name, &back)])
        .text()
        .status(status);
    let timeline = below(routes::ROLES, id, "timeline");
    app.page(visit, page, || {
        let banner = conflict.then(|| conflict_banner(theirs, timeline));
        let owner = detail.owner.as_ref();
        let owner = owner.map(|owner| (owner.username.as_str(), owner.display_name.as_str()));
        let controls = controls(owner, posted, errors);
        view! {
            <PageHeader title=format!("Edit {name}") />
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
