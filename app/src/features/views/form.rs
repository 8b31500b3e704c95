//! Saving a view, renaming and sharing it, making it show what one looks at, forgetting it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::ViewId;
use domain::view::{ListName, NAME_MAX, SavedView, ViewDraft};
use leptos::prelude::*;
use serde::Deserialize;
use service::{Error, views};

use super::base;
use crate::listing::Params;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Checkbox, Form, FormActions, FormSection, Hidden, Icon, PageHeader,
    TextField,
};
use crate::visit::Visit;

/// What is to be saved.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    list: String,
    query: String,
}

pub(super) async fn new_page(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Response {
    let posted = Posted::filled([
        ("list", wanted.list),
        ("query", wanted.query),
        ("idem", app.form_key()),
    ]);
    ask_new(&app, &visit, &posted, &FieldErrors::new()).await
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let draft = draft(&posted);
    let Some(list) = ListName::from_word(posted.get("list")) else {
        return ask_new(&app, &visit, &posted, &FieldErrors::new()).await;
    };
    match views::create(&app.service, &visit.cx_once(posted.once()), list, &draft).await {
        Ok(id) => done(
            &Params::of_view(base(list), &draft.query, &id.to_string()),
            "view-saved",
        ),
        Err(Error::Invalid(errors)) => ask_new(&app, &visit, &posted, &errors).await,
        Err(error) => app.refuse(&visit, error),
    }
}

/// The query is written anew, so that nothing is kept that a list would not read.
fn draft(posted: &Posted) -> ViewDraft {
    ViewDraft {
        name: posted.text("name"),
        query: Params::read(posted.get("query")).kept(),
        shared: posted.ticked("shared"),
    }
}

async fn ask_new(app: &App, visit: &Visit, posted: &Posted, errors: &FieldErrors) -> Response {
    let list = ListName::from_word(posted.get("list"));
    // Asks who may see lists at all.
    let asked = views::of_list(&app.service, &visit.cx(), list.unwrap_or(ListName::People)).await;
    if let Err(error) = asked {
        return app.refuse(visit, error);
    }
    let Some(list) = list else {
        return app.nothing_here(visit);
    };
    let page = Page::new("Save view", base(list))
        .under(&[(list.label(), base(list))])
        .text()
        .after(errors);
    let back = Params::of_view(base(list), posted.get("query"), "");
    app.page(visit, page, || {
        let (fields, query) = (fields(posted, errors), posted.text("query"));
        view! {
            <PageHeader title="Save view" detail=format!("{}: {}", list.label(), says(&query)) />
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                <Hidden name="list" value=list.word() />
                <Hidden name="query" value=query />
                {fields}
                <FormActions>
                    <Button label="Save view" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=back kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

/// What a view looks for, in the words of the search.
fn says(query: &str) -> String {
    match Params::read(query).search().to_string() {
        search if search.is_empty() => "everything".to_owned(),
        search => search,
    }
}

fn fields(posted: &Posted, errors: &FieldErrors) -> AnyView {
    let longest = u32::try_from(NAME_MAX).unwrap_or(u32::MAX);
    let name = view! {
        <TextField name="name" label="Name" value=posted.text("name") error=error(errors, "name") required=true maxlength=longest autofocus=errors.is_empty() />
    };
    let shared = view! {
        <Checkbox
            name="shared"
            label="Share it"
            checked=posted.ticked("shared")
            hint="Everybody who uses this list finds it among their views. It shows each of them only what they may see."
        />
    };
    view! { <FormSection title="View">{name} {shared}</FormSection> }.into_any()
}

pub(super) async fn edit_page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let view = match own(&app, &visit, &id).await {
        Ok(view) => view,
        Err(error) => return app.refuse(&visit, error),
    };
    let shared = if view.content.shared { "on" } else { "" };
    let posted = Posted::filled([
        ("name", view.content.name.clone()),
        ("shared", shared.to_owned()),
        ("idem", app.form_key()),
    ]);
    ask_edit(&app, &visit, &view, &posted, &FieldErrors::new())
}

async fn own(app: &App, visit: &Visit, id: &str) -> service::Result<SavedView> {
    // An id that cannot be read is asked for all the same: whoever has not signed in is told so first.
    let id = id.parse().unwrap_or(ViewId::from_raw(i64::MAX));
    views::read_own(&app.service, &visit.cx(), id).await
}

pub(super) async fn edit(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let (service, cx) = (&app.service, visit.cx_once(posted.once()));
    let view = match own(&app, &visit, &id).await {
        Ok(view) => view,
        Err(error) => return app.refuse(&visit, error),
    };
    let id = view.id;
    let draft = draft(&posted);
    let back = |query: &str| Params::of_view(base(view.list), query, &id.to_string());
    let (result, there, code) = match posted.get("act") {
        "delete" => (
            views::delete(service, &cx, id).await,
            base(view.list).to_owned(),
            "view-deleted",
        ),
        "save" => (
            views::set_query(service, &cx, id, &draft.query).await,
            back(&draft.query),
            "view-saved",
        ),
        _ => (
            views::change(service, &cx, id, &draft).await,
            back(&view.content.query),
            "saved",
        ),
    };
    match result {
        Ok(()) => done(&there, code),
        Err(Error::Invalid(errors)) => ask_edit(&app, &visit, &view, &posted, &errors),
        Err(error) => app.refuse(&visit, error),
    }
}

fn ask_edit(
    app: &App,
    visit: &Visit,
    view: &SavedView,
    posted: &Posted,
    errors: &FieldErrors,
) -> Response {
    let list = view.list;
    let name = view.content.name.clone();
    let back = Params::of_view(base(list), &view.content.query, &view.id.to_string());
    let page = Page::new(format!("{name} · Views"), base(list)).called("Edit view");
    let page = page
        .under(&[(list.label(), base(list)), (&name, &back)])
        .text()
        .after(errors);
    app.page(visit, page, || {
        let fields = fields(posted, errors);
        let says = says(&view.content.query);
        view! {
            <PageHeader title="Edit view" detail=format!("{}: {says}", list.label()) />
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                {fields}
                <FormActions>
                    <Button label="Save view" name="act" value="change" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=back kind=ButtonKind::Plain />
                    <Button label="Delete view" name="act" value="delete" icon=Icon::Trash2 />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}
