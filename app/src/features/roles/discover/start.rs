//! Asking for a search, with the earlier ones below.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use http::StatusCode;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::Error;
use service::roles::{self, DiscoverDraft, DiscoveriesPage, Discovery, Ways};

use super::{PLACE, path, state_pill, title};
use crate::access::{Picker, person_href};
use crate::format::{number, time_view};
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{
    Absent, Button, ButtonKind, Card, Choice, Column, Form, FormActions, FormSection, Icon,
    PageHeader, Pager, Problem, Radios, Select, Table, TextField,
};
use crate::visit::Visit;

/// Where the list of earlier searches goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    below: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(place): Query<Place>,
) -> Response {
    let posted = Posted::filled([("idem", app.form_key()), ("scope", "everybody".to_owned())]);
    let asked = Asked {
        posted,
        errors: FieldErrors::new(),
        refused: String::new(),
        status: StatusCode::OK,
    };
    asked.show(&app, &visit, &place).await
}

pub(super) async fn send(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let draft = DiscoverDraft {
        scope: posted.text("scope"),
        application: posted.text("application"),
        department: posted.text("department"),
    };
    let mut asked = Asked {
        errors: FieldErrors::new(),
        refused: String::new(),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        posted,
    };
    let cx = visit.cx_once(asked.posted.once());
    match roles::ask(&app.service, &cx, &draft).await {
        Ok(id) => return done(&path(id), "discovery-asked"),
        Err(Error::Invalid(errors)) => asked.errors = errors,
        Err(Error::Refused(why)) => asked.refused = why,
        Err(error) => return app.refuse(&visit, error),
    }
    asked.show(&app, &visit, &Place::default()).await
}

/// The form with what was typed, and what is wrong with it.
struct Asked {
    posted: Posted,
    errors: FieldErrors,
    /// Why it was not begun, when it is not about a field.
    refused: String,
    status: StatusCode,
}

impl Asked {
    async fn show(self, app: &App, visit: &Visit, place: &Place) -> Response {
        let ways = match roles::ways(&app.service, &visit.cx()).await {
            Ok(ways) => ways,
            Err(error) => return app.refuse(visit, error),
        };
        let below = place.below.parse().ok();
        let earlier = match roles::discoveries(&app.service, &visit.cx(), below).await {
            Ok(earlier) => earlier,
            Err(error) => return app.refuse(visit, error),
        };
        let page = Page::new(PLACE, routes::ROLES)
            .under(&[("Roles", routes::ROLES)])
            .status(self.status);
        app.page(visit, page, || {
            let form = self.form(&ways);
            let earlier = earlier_searches(visit, &earlier, below.is_some());
            view! {
                <PageHeader title=PLACE detail="Which roles would give people exactly what they have today. Nothing is changed by looking." />
                {form}
                {earlier}
            }
            .into_any()
        })
    }

    fn form(&self, ways: &Ways) -> AnyView {
        let (posted, errors) = (&self.posted, &self.errors);
        let mut all = problems(errors);
        if !self.refused.is_empty() {
            all.push(Problem {
                field: String::new(),
                message: self.refused.clone(),
            });
        }
        let scopes = vec![
            Choice::new("everybody", "Everybody").detail("Everything that everybody has."),
            Choice::new("application", "One application")
                .detail("What everybody has in that application."),
            Choice::new("department", "One department")
                .detail("Everything that the people of that department have."),
        ];
        let summary = if errors.is_empty() {
            "The search was not begun".to_owned()
        } else {
            summary(errors)
        };
        let application = Picker {
            name: "application",
            label: "Application",
            hint: "For a search in one application: its technical name or id.",
            endpoint: routes::API_PICK_APPLICATIONS,
            chosen: String::new(),
            required: false,
        }
        .view(posted, errors);
        let department = department(posted, errors, ways);
        let key = posted.once().to_owned();
        let scope = posted.text("scope");
        let problem = error(errors, "scope");
        view! {
            <Card title="Look for roles">
                <Form idem=key problems=all summary=summary>
                    <FormSection title="What happens" hint="What people have now is read, and as few roles as possible are looked for that together give exactly that: nobody would have more or less. It goes on in the background and takes seconds to a few minutes. Then you see what was found, and choose which roles are made as drafts.">
                        <Radios name="scope" label="Where to look" value=scope options=scopes error=problem required=true />
                        {application}
                        {department}
                    </FormSection>
                    <FormActions>
                        <Button label="Find roles" kind=ButtonKind::Primary icon=Icon::Search />
                        <Button label="Cancel" href=routes::ROLES kind=ButtonKind::Plain />
                    </FormActions>
                </Form>
            </Card>
        }
        .into_any()
    }
}

fn department(posted: &Posted, errors: &FieldErrors, ways: &Ways) -> AnyView {
    let (value, problem) = (posted.text("department"), error(errors, "department"));
    if ways.departments.is_empty() {
        return view! {
            <TextField name="department" label="Department" value=value error=problem hint="For a search in one department: its name, as it stands at people." autocomplete="off" maxlength=200 />
        }
        .into_any();
    }
    let there = ways.departments.iter();
    let options = std::iter::once(Choice::new("", "None chosen"))
        .chain(there.map(|name| Choice::new(name, name)))
        .collect();
    view! {
        <Select name="department" label="Department" value=value options=options error=problem hint="For a search in one department." />
    }
    .into_any()
}

fn earlier_searches(visit: &Visit, found: &DiscoveriesPage, later: bool) -> Option<AnyView> {
    if found.rows.is_empty() {
        return None;
    }
    let rows = found.rows.iter().map(|one| row(visit, one));
    let rows = leaf(html! { @for row in rows { (row) } });
    let next = found
        .next
        .map(|below| format!("{}?below={below}", routes::ROLES_DISCOVER));
    let first = later.then(|| routes::ROLES_DISCOVER.to_owned());
    let range = match (found.rows.len(), later || found.next.is_some()) {
        (n, true) => format!("{} of more", number(n as u64)),
        (n, false) => format!("{} in all", number(n as u64)),
    };
    let pager = view! { <Pager range=range next=next.unwrap_or_default() first=first.unwrap_or_default() /> };
    let columns = vec![
        Column::new("Search"),
        Column::new("State"),
        Column::new("Roles").numeric(),
        Column::new("Grants").numeric(),
        Column::new("People").numeric(),
        Column::new("Asked by"),
        Column::new("Asked"),
    ];
    Some(
        view! {
            <Card title="Earlier searches" flush=true>
                <Table caption="Earlier searches" columns=columns framed=false footer=pager>{rows}</Table>
            </Card>
        }
        .into_any(),
    )
}

fn row(visit: &Visit, one: &Discovery) -> Markup {
    let totals = one.found.map(|_| one.totals);
    let figure = |n: Option<u64>| match n {
        Some(n) => number(n).into_any(),
        None => view! { <Absent /> }.into_any(),
    };
    let by = match &one.created_by {
        Some((id, name)) => match person_href(visit, *id) {
            href if href.is_empty() => name.clone().into_any(),
            href => leaf(html! { a href=(href) { (name) } }),
        },
        None => view! { <Absent /> }.into_any(),
    };
    html! {
        tr {
            (name_cell("Search", &title(one), path(one.id), String::new(), Some(Icon::Layers), false))
            (value_cell("State", "", state_pill(one.state)))
            (value_cell("Roles", "num", figure(totals.map(|totals| totals.roles))))
            (value_cell("Grants", "num", figure(totals.map(|totals| totals.grants))))
            (value_cell("People", "num", figure(totals.map(|totals| totals.people - totals.idle))))
            (value_cell("Asked by", "", by))
            (value_cell("Asked", "", time_view(one.created, visit)))
        }
    }
}
