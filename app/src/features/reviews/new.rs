//! Defining a review, or changing one: one form that can begin with a usual review, says in sentences what it means, and
//! counts what it would do before anything begins.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::field::FieldErrors;
use domain::id::ReviewId;
use domain::review::Review;
use domain::view::{ListName, SavedView};
use frontend::Says;
use frontend::api::SaysNow;
use http::StatusCode;
use leptos::prelude::*;
use maud::html;
use service::people::Edited;
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
    /// What a press changed in the form, or why it changed nothing.
    said: Said,
    /// The version that the next save replaces; empty for a new one.
    version: String,
    /// The review that is changed; none for a new one.
    known: Option<Known>,
}

#[derive(Debug, Default)]
struct Said {
    text: String,
    nothing: bool,
}

/// A review that is changed.
struct Known {
    review: Review,
    /// Somebody else changed it since the form was opened.
    faster: bool,
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
    fn take(&self, posted: &Posted, form: &mut ReviewForm) -> Said {
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
        let nothing = said.is_empty();
        if nothing {
            said.push("Choose a saved view first.".to_owned());
        }
        Said {
            text: said.join(" "),
            nothing,
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
        key: app.form_key(),
        template,
        ..Shown::sent(&Posted::default(), None)
    };
    shown.show(&app, &visit).await
}

pub(super) async fn send(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    Shown::sent(&posted, None)
        .answer(&app, &visit, &posted)
        .await
}

pub(super) async fn edit_page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    match known(&app, &visit, &id).await {
        Ok((known, form)) => {
            let shown = Shown {
                form,
                version: known.version(),
                key: app.form_key(),
                ..Shown::sent(&Posted::default(), Some(known))
            };
            shown.show(&app, &visit).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn edit(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    match known(&app, &visit, &id).await {
        Ok((known, _)) => {
            let shown = Shown::sent(&posted, Some(known));
            shown.answer(&app, &visit, &posted).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

/// The review as it is now, with the form that says it.
async fn known(app: &App, visit: &Visit, id: &str) -> service::Result<(Known, ReviewForm)> {
    let id: ReviewId = id.parse().map_err(|_| Error::NotFound)?;
    let (review, form) = reviews::form_of(&app.service, &visit.cx(), id).await?;
    let known = Known {
        review,
        faster: false,
    };
    Ok((known, form))
}

impl Known {
    fn version(&self) -> String {
        self.review.recorded_from.micros().to_string()
    }

    fn place(&self) -> String {
        definition(self.review.id)
    }
}

impl Shown {
    /// With what was typed.
    fn sent(posted: &Posted, known: Option<Known>) -> Self {
        Self {
            form: form(posted),
            errors: FieldErrors::new(),
            preview: None,
            status: StatusCode::OK,
            key: posted.once().to_owned(),
            template: None,
            said: Said::default(),
            version: posted.text("version"),
            known,
        }
    }

    async fn answer(mut self, app: &App, visit: &Visit, posted: &Posted) -> Response {
        if posted.get("press") == "says" {
            return match self.says(app, visit).await {
                Ok(says) => Json(says).into_response(),
                Err(error) => app.refuse(visit, error),
            };
        }
        match self.press(app, visit, posted).await {
            Ok(Some((place, code))) => return done(&place, code),
            Ok(None) => {}
            Err(Error::Invalid(errors)) => {
                self.status = StatusCode::UNPROCESSABLE_ENTITY;
                self.errors = errors;
            }
            // What the next save replaces is what the banner shows.
            Err(Error::Conflict) => {
                self.status = StatusCode::CONFLICT;
                self.key = app.form_key();
                if let Some(known) = &mut self.known {
                    known.faster = true;
                    self.version = known.version();
                }
            }
            Err(error) => return app.refuse(visit, error),
        }
        self.show(app, visit).await
    }

    /// Saves it; where to go then.
    async fn save(
        &self,
        app: &App,
        visit: &Visit,
        posted: &Posted,
    ) -> service::Result<(String, &'static str)> {
        let cx = visit.cx_once(posted.once());
        let Some(known) = &self.known else {
            let id = reviews::define(&app.service, &cx, &self.form).await?;
            return Ok((definition(id), "review-saved"));
        };
        let id = known.review.id;
        let version = posted.version();
        let code = match reviews::change(&app.service, &cx, id, version, &self.form).await? {
            Edited::Changed => "saved",
            Edited::Same => "same",
        };
        Ok((definition(id), code))
    }

    /// Does what was pressed; where to go when it is saved, and what is said there.
    async fn press(
        &mut self,
        app: &App,
        visit: &Visit,
        posted: &Posted,
    ) -> service::Result<Option<(String, &'static str)>> {
        let press = posted.get("press");
        if press == "save" || press.is_empty() {
            return Ok(Some(self.save(app, visit, posted).await?));
        }
        reviews::may_define(&app.service, &visit.cx()).await?;
        if press == "views" {
            let saved = Saved::read(app, visit, &self.form.scope.subjects).await?;
            self.said = saved.take(posted, &mut self.form);
            return Ok(None);
        }
        if let Some(word) = press.strip_prefix("take:") {
            self.said.text = self.form.take(word).unwrap_or_default();
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
        let says = match self.says(app, visit).await {
            Ok(says) => says,
            Err(error) => return app.refuse(visit, error),
        };
        let place = self.place();
        let title = self.title();
        let page = match &self.known {
            None => Page::new("New review", routes::REVIEWS).under(&[("Reviews", routes::REVIEWS)]),
            Some(known) => {
                let name = known.review.content.name.as_str();
                let back = known.place();
                Page::new(title.clone(), routes::REVIEWS)
                    .called("Edit")
                    .under(&[("Reviews", routes::REVIEWS), (name, &back)])
            }
        };
        let detail =
            "What is looked at, by whom, until when, and what happens to what nobody answers.";
        app.page(visit, page.status(self.status), || {
            let controls = controls(&self.form, &self.errors, &saved);
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            let preview = self
                .preview
                .as_ref()
                .map(|preview| foreseen::told(preview, &place));
            let templates = self.known.is_none().then(|| templates(self.template));
            let faster = self.faster();
            let said = self.said();
            // The summary has what is wrong already.
            let says = SaysNow { why: None, ..says };
            let says = view! { <Says action=place.clone() first=says /> };
            let back = self
                .known
                .as_ref()
                .map_or_else(|| routes::REVIEWS.to_owned(), Known::place);
            view! {
                <PageHeader title=title detail=detail />
                {faster}
                {templates}
                <Form idem=self.key version=self.version problems=problems summary=summary>
                    // Enter in a field sends the first button there is, which must not be that of the saved views.
                    <button type="submit" name="press" value="save" class="unseen" tabindex="-1">"Save"</button>
                    {said}
                    {says}
                    {controls}
                    <FormActions>
                        <Button label="Save" name="press" value="save" kind=ButtonKind::Primary />
                        <Button label="Preview" name="press" value="preview" icon=Icon::ListChecks action=format!("{place}#preview") />
                        <Button label="Cancel" href=back kind=ButtonKind::Plain />
                    </FormActions>
                    {preview}
                </Form>
            }
            .into_any()
        })
    }

    /// What the form says, or the first thing in it that cannot be understood.
    async fn says(&self, app: &App, visit: &Visit) -> service::Result<SaysNow> {
        match reviews::read_form(&app.service, &visit.cx(), &self.form).await {
            Ok(content) => Ok(SaysNow {
                says: reviews::sentences(&content),
                why: None,
            }),
            Err(Error::Invalid(errors)) => Ok(SaysNow {
                says: Vec::new(),
                why: errors.iter().next().map(|error| error.message.clone()),
            }),
            Err(error) => Err(error),
        }
    }

    /// The path of this form.
    fn place(&self) -> String {
        self.known.as_ref().map_or_else(
            || routes::REVIEWS_NEW.to_owned(),
            |known| format!("{}/edit", known.place()),
        )
    }

    fn title(&self) -> String {
        self.known.as_ref().map_or_else(
            || "New review".to_owned(),
            |known| format!("Edit {}", known.review.content.name),
        )
    }

    /// What somebody else recorded meanwhile.
    fn faster(&self) -> Option<AnyView> {
        let known = self.known.as_ref().filter(|known| known.faster)?;
        let now = reviews::sentences(&known.review.content).join(" ");
        Some(
            view! {
                <Banner tone=Tone::Warn title="Somebody else changed this since you opened it">
                    <p>"Nothing of yours is saved yet. Correct the form below, and save again to replace what is recorded now."</p>
                    <p dir="auto">"Recorded now: " {now}</p>
                </Banner>
            }
            .into_any(),
        )
    }

    fn said(&self) -> Option<AnyView> {
        let Said { text, nothing } = &self.said;
        let tone = if *nothing { Tone::Warn } else { Tone::Good };
        (!text.is_empty()).then(|| view! { <Banner tone=tone title=text.clone() /> }.into_any())
    }
}

/// The page of a review by itself.
fn definition(id: ReviewId) -> String {
    format!("{}/definitions/{id}", routes::REVIEWS)
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
