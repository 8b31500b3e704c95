//! Defining a review: one form that can begin with a usual review, says in sentences what it means, and counts what it would
//! do before anything begins.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::view::{ListName, SavedView};
use http::StatusCode;
use leptos::prelude::*;
use maud::html;
use service::reviews::{self, Preview, ReviewForm, Template};
use service::{Error, views};

use super::fields::{controls, form};
use super::foreseen;
use crate::listing::Params;
use crate::page::{Page, done};
use crate::posted::{Posted, problems, summary};
use crate::routes::{self, with_query};
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{Banner, Button, ButtonKind, Form, FormActions, Icon, PageHeader, Tone};
use crate::visit::Visit;

/// Which usual review the form begins with.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Begin {
    template: String,
}

struct Shown {
    form: ReviewForm,
    errors: FieldErrors,
    preview: Option<Preview>,
    status: StatusCode,
    key: String,
    /// The usual review it began with.
    template: Option<Template>,
    /// What a press changed in the form.
    said: String,
}

/// The saved views that can fill a search: of people, and of things.
#[derive(Debug, Default)]
pub(super) struct Saved {
    pub(super) people: Vec<SavedView>,
    pub(super) things: Vec<SavedView>,
}

impl Saved {
    async fn read(app: &App, visit: &Visit, subjects: &str) -> service::Result<Self> {
        let things = match subjects {
            "roles" | "contents" => ListName::Roles,
            _ => ListName::Entitlements,
        };
        let of = async |list| {
            let found = views::of_list(&app.service, &visit.cx(), list).await?;
            let all = found.own.into_iter().chain(found.shared);
            let narrows =
                |one: &SavedView| !Params::read(&one.content.query).search().terms.is_empty();
            Ok::<_, Error>(all.filter(narrows).collect())
        };
        Ok(Self {
            people: of(ListName::People).await?,
            // Accounts have no views.
            things: if subjects == "accounts" {
                Vec::new()
            } else {
                of(things).await?
            },
        })
    }

    /// Fills a search with that of the view that was chosen, and says so.
    fn take(&self, posted: &Posted, form: &mut ReviewForm) -> String {
        let mut said = Vec::new();
        let fields = [
            ("people_view", &self.people, &mut form.scope.people, "Whose"),
            (
                "things_view",
                &self.things,
                &mut form.scope.things,
                "Of what",
            ),
        ];
        for (name, known, field, label) in fields {
            let wanted = posted.get(name);
            let Some(view) = known.iter().find(|one| one.id.to_string() == wanted) else {
                continue;
            };
            *field = Params::read(&view.content.query).search().to_string();
            said.push(format!(
                "“{label}” is what the view “{}” says now. A later change of the view changes nothing here.",
                view.content.name
            ));
        }
        if said.is_empty() {
            "Choose a saved view first.".to_owned()
        } else {
            said.join(" ")
        }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(begin): Query<Begin>,
) -> Response {
    // Whoever may not define a review is told before they type.
    if let Err(error) = reviews::may_define(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let template = Template::from_word(&begin.template);
    let today = visit.now.day(&visit.zone());
    let shown = Shown {
        form: template.map_or_else(ReviewForm::usual, |one| one.form(today)),
        errors: FieldErrors::new(),
        preview: None,
        status: StatusCode::OK,
        key: app.form_key(),
        template,
        said: String::new(),
    };
    shown.show(&app, &visit).await
}

pub(super) async fn send(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let mut shown = Shown {
        form: form(&posted),
        errors: FieldErrors::new(),
        preview: None,
        status: StatusCode::OK,
        key: posted.once().to_owned(),
        template: None,
        said: String::new(),
    };
    match shown.press(&app, &visit, &posted).await {
        Ok(Some(place)) => return done(&place, "review-saved"),
        Ok(None) => {}
        Err(Error::Invalid(errors)) => {
            shown.status = StatusCode::UNPROCESSABLE_ENTITY;
            shown.errors = errors;
        }
        Err(error) => return app.refuse(&visit, error),
    }
    shown.show(&app, &visit).await
}

impl Shown {
    /// Does what was pressed; where to go when it is saved.
    async fn press(
        &mut self,
        app: &App,
        visit: &Visit,
        posted: &Posted,
    ) -> service::Result<Option<String>> {
        let press = posted.get("press");
        if press == "save" || press.is_empty() {
            let cx = visit.cx_once(posted.once());
            let id = reviews::define(&app.service, &cx, &self.form).await?;
            return Ok(Some(format!("{}/definitions/{id}", routes::REVIEWS)));
        }
        reviews::may_define(&app.service, &visit.cx()).await?;
        if press == "views" {
            let saved = Saved::read(app, visit, &self.form.scope.subjects).await?;
            self.said = saved.take(posted, &mut self.form);
            return Ok(None);
        }
        if let Some(word) = press.strip_prefix("take:") {
            self.said = self.form.take(word).unwrap_or_default();
        }
        let preview = reviews::preview(&app.service, &visit.cx(), &self.form).await?;
        self.preview = Some(preview);
        Ok(None)
    }

    async fn show(self, app: &App, visit: &Visit) -> Response {
        let saved = match Saved::read(app, visit, &self.form.scope.subjects).await {
            Ok(saved) => saved,
            // Whoever may see no lists has no views of them.
            Err(Error::Denied { .. }) => Saved::default(),
            Err(error) => return app.refuse(visit, error),
        };
        let says = match reviews::read_form(&app.service, &visit.cx(), &self.form).await {
            Ok(content) => reviews::sentences(&content),
            Err(Error::Invalid(_)) => Vec::new(),
            Err(error) => return app.refuse(visit, error),
        };
        let page = Page::new("New review", routes::REVIEWS).under(&[("Reviews", routes::REVIEWS)]);
        let detail =
            "What is looked at, by whom, until when, and what happens to what nobody answers.";
        app.page(visit, page.status(self.status), || {
            let controls = controls(&self.form, &self.errors, &saved);
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            let preview = self.preview.as_ref().map(foreseen::told);
            let templates = templates(self.template);
            let said = (!self.said.is_empty()).then(|| {
                view! { <Banner tone=Tone::Good title=self.said.clone() /> }
            });
            let says = (!says.is_empty()).then(|| {
                leaf(html! { div.review-says role="status" data-says="" dir="auto" { @for one in &says { p { (one) } } } })
            });
            view! {
                <PageHeader title="New review" detail=detail />
                {templates}
                <Form idem=self.key problems=problems summary=summary>
                    {said}
                    {says}
                    {controls}
                    <FormActions>
                        <Button label="Save" name="press" value="save" kind=ButtonKind::Primary />
                        <Button label="Preview" name="press" value="preview" icon=Icon::ListChecks />
                        <Button label="Cancel" href=routes::REVIEWS kind=ButtonKind::Plain />
                    </FormActions>
                    {preview}
                </Form>
            }
            .into_any()
        })
    }
}

/// The usual reviews, each a link that fills the form.
fn templates(chosen: Option<Template>) -> AnyView {
    leaf(html! {
        nav.review-templates aria-label="Begin with a usual review" {
            @for one in Template::ALL {
                a href=(with_query(routes::REVIEWS_NEW, &[("template", one.word())])) aria-current=[(chosen == Some(*one)).then_some("true")] {
                    b { (one.label()) } span { (one.sentence()) }
                }
            }
        }
    })
}
