//! Adding a flow and changing it: one form, whose buttons also add and remove steps and check the conditions.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::ApprovalFlowId;
use http::StatusCode;
use leptos::prelude::*;
use service::flows::{self, FlowDetail, FlowForm};
use service::people::Edited;
use service::{Error, applications};

use super::fields::controls;
use super::typed::{self, Press, pressed};
use crate::page::{Page, done};
use crate::posted::{Posted, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{Banner, Button, ButtonKind, Form, FormActions, PageHeader, Tone};
use crate::visit::Visit;

/// What a page of the form shows.
struct Shown {
    /// The flow that is changed; none for a new one.
    flow: Option<FlowDetail>,
    form: FlowForm,
    errors: FieldErrors,
    status: StatusCode,
    key: String,
    version: String,
    faster: bool,
}

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    if let Err(error) = applications::may_create(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    Shown::new(None, typed::new(), app.form_key())
        .show(&app, &visit)
        .await
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    if let Err(error) = applications::may_create(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let press = Press::of(&posted);
    let mut shown = Shown::new(None, typed::form(&posted), posted.once().to_owned());
    if press != Press::Save {
        return shown.again(&app, &visit, press).await;
    }
    match flows::create(&app.service, &visit.cx_once(posted.once()), &shown.form).await {
        Ok(id) => done(&format!("{}/{id}", routes::FLOWS), "flow-created"),
        Err(Error::Invalid(errors)) => {
            shown.refused(errors);
            shown.show(&app, &visit).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn edit_page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    match editable(&app, &visit, &id).await {
        Ok(flow) => {
            let form = flows::form_of(&flow);
            Shown::new(Some(flow), form, app.form_key())
                .show(&app, &visit)
                .await
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
    let flow = match editable(&app, &visit, &id).await {
        Ok(flow) => flow,
        Err(error) => return app.refuse(&visit, error),
    };
    let Some(id) = flow.flow.id else {
        return app.nothing_here(&visit);
    };
    let press = Press::of(&posted);
    let mut shown = Shown::new(Some(flow), typed::form(&posted), posted.once().to_owned());
    shown.version = posted.text("version");
    if press != Press::Save {
        return shown.again(&app, &visit, press).await;
    }
    let cx = visit.cx_once(posted.once());
    let page = format!("{}/{id}", routes::FLOWS);
    match flows::edit(&app.service, &cx, id, posted.version(), &shown.form).await {
        Ok(Edited::Changed) => return done(&page, "saved"),
        Ok(Edited::Same) => return done(&page, "same"),
        Err(Error::Invalid(errors)) => shown.refused(errors),
        // Read again: what the next save replaces is what the banner leads to.
        Err(Error::Conflict) => match editable(&app, &visit, &id.to_string()).await {
            Ok(now) => shown.faster(now, app.form_key()),
            Err(error) => return app.refuse(&visit, error),
        },
        Err(error) => return app.refuse(&visit, error),
    }
    shown.show(&app, &visit).await
}

/// The flow as it is now, if the visitor may change it.
pub(super) async fn editable(app: &App, visit: &Visit, id: &str) -> Result<FlowDetail, Error> {
    let id: ApprovalFlowId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = flows::read(&app.service, &visit.cx(), id).await?;
    if !detail.may_edit {
        // An edit with nothing in it is refused in the service's words, and in the log.
        let (version, nothing) = (detail.flow.recorded_from, FlowForm::default());
        flows::edit(&app.service, &visit.cx(), id, version, &nothing).await?;
    }
    Ok(detail)
}

impl Shown {
    fn new(flow: Option<FlowDetail>, form: FlowForm, key: String) -> Self {
        Self {
            version: flow
                .as_ref()
                .map(|flow| flow.flow.recorded_from.micros().to_string())
                .unwrap_or_default(),
            flow,
            form,
            errors: FieldErrors::new(),
            status: StatusCode::OK,
            key,
            faster: false,
        }
    }

    fn refused(&mut self, errors: FieldErrors) {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self.errors = errors;
    }

    fn faster(&mut self, now: FlowDetail, key: String) {
        self.status = StatusCode::CONFLICT;
        self.version = now.flow.recorded_from.micros().to_string();
        self.flow = Some(now);
        self.key = key;
        self.faster = true;
    }

    /// The form after a button that saves nothing.
    async fn again(mut self, app: &App, visit: &Visit, press: Press) -> Response {
        self.form = pressed(self.form, press);
        if press == Press::Check {
            match flows::check_conditions(&app.service, &visit.cx(), &self.form).await {
                Ok(errors) if errors.is_empty() => {}
                Ok(errors) => self.refused(errors),
                Err(error) => return app.refuse(visit, error),
            }
        }
        self.show(app, visit).await
    }

    async fn show(self, app: &App, visit: &Visit) -> Response {
        let words = flows::in_words_of(&app.service, &visit.cx(), &self.form).await;
        let words = words.unwrap_or_default();
        let name = self
            .flow
            .as_ref()
            .map(|flow| flow.flow.content.name.clone());
        let id = self.flow.as_ref().and_then(|flow| flow.flow.id);
        let back = id.map_or_else(
            || routes::FLOWS.to_owned(),
            |id| format!("{}/{id}", routes::FLOWS),
        );
        let (title, page) = match &name {
            None => (
                "New approval flow".to_owned(),
                Page::new("New approval flow", routes::FLOWS)
                    .under(&[("Approval flows", routes::FLOWS)]),
            ),
            Some(name) => (
                format!("Edit {name}"),
                Page::new(format!("Edit {name}"), routes::FLOWS)
                    .called("Edit")
                    .under(&[("Approval flows", routes::FLOWS), (name, &back)]),
            ),
        };
        let detail = "Requests that are under way keep the flow with which they began.";
        app.page(visit, page.text().status(self.status), || {
            let banner = id.filter(|_| self.faster).map(|id| {
                let timeline = below(routes::FLOWS, id, "timeline");
                view! {
                    <Banner tone=Tone::Warn title="Somebody else changed this since you opened it">
                        <p>"Nothing of yours is saved yet. Compare with "<a href=timeline>"what was changed"</a>", correct the form below, and save again to replace what is recorded now."</p>
                    </Banner>
                }
            });
            let save = if id.is_some() { "Save changes" } else { "Add flow" };
            let controls = controls(&self.form, words, &self.errors);
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            // Enter in a field sends the first button there is, which must not be one that removes a step.
            view! {
                <PageHeader title=title detail=detail />
                {banner}
                <div class="flow-form">
                    <Form idem=self.key version=self.version problems=problems summary=summary>
                        <button type="submit" name="press" value="save" class="unseen" tabindex="-1">{save}</button>
                        {controls}
                        <FormActions>
                            <Button label=save name="press" value="save" kind=ButtonKind::Primary />
                            <Button label="Show it in words" name="press" value="check" />
                            <Button label="Cancel" href=back kind=ButtonKind::Plain />
                        </FormActions>
                    </Form>
                </div>
            }
            .into_any()
        })
    }
}
