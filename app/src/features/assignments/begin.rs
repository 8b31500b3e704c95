//! Giving access to a person, and excluding a person from it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use service::assignments::{self, ExclusionDraft, GiveDraft};
use service::people::{self, Person};
use service::{Cx, Error};

use super::open::{Note, access, framed, permitted};
use super::words::asked_for;
use crate::access::{owner_field, what_field};
use crate::page::done;
use crate::posted::{Posted, error, problems, summary};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, FieldRow, Form, FormActions, FormSection, InputKind, PageHeader, TextArea,
    TextField,
};
use crate::visit::Visit;

/// What the form begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Begin {
    what: String,
}

/// What is to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Access,
    Exclusion,
}

impl Kind {
    const fn verb(self) -> &'static str {
        match self {
            Self::Access => "Give access",
            Self::Exclusion => "Exclude",
        }
    }

    fn title(self, name: &str) -> String {
        match self {
            Self::Access => format!("Give access to {name}"),
            Self::Exclusion => format!("Exclude {name} from access"),
        }
    }

    const fn detail(self) -> &'static str {
        match self {
            Self::Access => "An entitlement, or a role with everything in it.",
            Self::Exclusion => {
                "They do not get it, whoever or whatever gives it, until the exclusion ends. Excluded from a role, they get nothing that comes through it."
            }
        }
    }
}

pub(super) async fn give_page(
    state: State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(begin): Query<Begin>,
) -> Response {
    ask(&state, &visit, &id, Kind::Access, &begin.what).await
}

pub(super) async fn exclude_page(
    state: State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(begin): Query<Begin>,
) -> Response {
    ask(&state, &visit, &id, Kind::Exclusion, &begin.what).await
}

pub(super) async fn give(
    state: State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    answer(&state, &visit, &id, Kind::Access, &posted).await
}

pub(super) async fn exclude(
    state: State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    answer(&state, &visit, &id, Kind::Exclusion, &posted).await
}

async fn ask(app: &App, visit: &Visit, id: &str, kind: Kind, what: &str) -> Response {
    let person = match open(app, visit, id).await {
        Ok(person) => person,
        Err(error) => return app.refuse(visit, error),
    };
    let name = &person.identity.content.display_name;
    if person.identity.content.status == IdentityStatus::Ended {
        let text = format!("{name} has left, so nothing can be given to them.");
        return app.refuse(visit, Error::Refused(text));
    }
    let what = asked_for(app, visit, what).await;
    let posted = Posted::filled([("idem", app.form_key()), ("what", what)]);
    let errors = FieldErrors::new();
    show(app, visit, &person, kind, (&posted, &errors, &Note::None))
}

async fn answer(app: &App, visit: &Visit, id: &str, kind: Kind, posted: &Posted) -> Response {
    let Ok(parsed) = id.parse::<IdentityId>() else {
        return app.nothing_here(visit);
    };
    let cx = visit.cx_once(posted.once());
    let (errors, note) = match carry_out(app, &cx, parsed, kind, posted).await {
        Ok(()) => return done(&access(parsed), flash(kind)),
        Err(Error::AlreadyDone(_)) => return done(&access(parsed), "already"),
        Err(Error::Invalid(errors)) => (errors, Note::None),
        Err(Error::Refused(text)) => (FieldErrors::new(), Note::Refused(text)),
        Err(error) => return app.refuse(visit, error),
    };
    match open(app, visit, id).await {
        Ok(person) => show(app, visit, &person, kind, (posted, &errors, &note)),
        Err(error) => app.refuse(visit, error),
    }
}

const fn flash(kind: Kind) -> &'static str {
    match kind {
        Kind::Access => "access-given",
        Kind::Exclusion => "excluded",
    }
}

async fn carry_out(
    app: &App,
    cx: &Cx,
    id: IdentityId,
    kind: Kind,
    posted: &Posted,
) -> Result<(), Error> {
    match kind {
        Kind::Access => {
            let draft = GiveDraft {
                what: posted.text("what"),
                reason: posted.text("reason"),
                from: posted.text("from"),
                until: posted.text("until"),
            };
            assignments::give(&app.service, cx, id, &draft).await?;
        }
        Kind::Exclusion => {
            let draft = ExclusionDraft {
                what: posted.text("what"),
                reason: posted.text("reason"),
                owner: posted.text("owner"),
                until: posted.text("until"),
            };
            assignments::exclude(&app.service, cx, id, &draft).await?;
        }
    }
    Ok(())
}

/// The person, if the visitor may change what they have.
async fn open(app: &App, visit: &Visit, id: &str) -> Result<Person, Error> {
    let id: IdentityId = id.parse().map_err(|_| Error::NotFound)?;
    let person = people::read(&app.service, &visit.cx(), id).await?;
    permitted(app, visit, id).await?;
    Ok(person)
}

fn show(
    app: &App,
    visit: &Visit,
    person: &Person,
    kind: Kind,
    (posted, errors, note): (&Posted, &FieldErrors, &Note),
) -> Response {
    let status = if errors.is_empty() {
        note.status()
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let (id, content) = (person.identity.id, &person.identity.content);
    let title = kind.title(&content.display_name);
    let about = (title.as_str(), kind.verb());
    framed(app, visit, (id, content), about, status, || {
        let (note, fields, cancel) = (note.view(), fields(kind, posted, errors), access(id));
        // What was refused is not carried out, so the form may be sent again under its key.
        view! {
            <PageHeader title=title.clone() detail=kind.detail() />
            {note}
            <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                {fields}
                <FormActions>
                    <Button label=kind.verb() kind=ButtonKind::Primary />
                    <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

/// The fields of giving access, for one person or for many.
pub(in crate::features) fn give_fields(posted: &Posted, errors: &FieldErrors) -> AnyView {
    fields(Kind::Access, posted, errors)
}

fn fields(kind: Kind, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let value = |name: &str| posted.text(name);
    let problem = |name: &str| error(errors, name);
    let day = |name: &'static str, label: &'static str, hint: &'static str| {
        view! { <TextField name=name label=label kind=InputKind::Date value=value(name) error=problem(name) hint=hint /> }
    };
    let what = what_field("What", String::new(), posted, errors);
    let reason = view! {
        <TextArea name="reason" label="Reason" value=value("reason") error=problem("reason") required=true maxlength=500 rows=2 hint="Whoever reviews it reads this. It stays in the log." />
    };
    let time = match kind {
        Kind::Access => {
            let from = day("from", "First day", "Empty: from now on.");
            let until = day("until", "Last day", "Empty: without an end.");
            view! { <FieldRow>{from} {until}</FieldRow> }.into_any()
        }
        Kind::Exclusion => day("until", "Last day", "Empty: without an end.").into_any(),
    };
    let owner = (kind == Kind::Exclusion).then(|| {
        let hint = "Username or id of the person who answers for it. Empty: you do.";
        let owner = owner_field(hint, None, posted, errors);
        view! { <FormSection title="Who answers for it">{owner}</FormSection> }
    });
    view! {
        <FormSection title="What and why">
            {what}
            {reason}
        </FormSection>
        <FormSection title="How long">{time}</FormSection>
        {owner}
    }
    .into_any()
}
