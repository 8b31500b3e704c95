//! One role of a proposal: what would be in it, who would hold it, what there is already, and the form that makes a draft.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::{DiscoveryId, RoleId};
use domain::identity::Identity;
use http::StatusCode;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::Error;
use service::effective::NamedEntitlement;
use service::roles::{self, MEMBERS_PAGE, Made, Overlap, ProposedRole};

use super::{PLACE, one, path, people, several_of, share, title};
use crate::access::person_href;
use crate::features::accounts::status_of_person;
use crate::features::roles::form::{controls, draft};
use crate::features::roles::parts::{entitlements_table, role_links};
use crate::format::number;
use crate::page::{Page, done};
use crate::posted::{Posted, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Column, Disclosure, Fact, Facts, Form, FormActions,
    Icon, IconTile, PageHeader, Pager, Pill, Problem, Slot, Split, Table, Tone,
};
use crate::visit::Visit;

/// Entitlements that stand open.
const MOST_OPEN: usize = 30;

/// From which member on, counted from 1.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    from: usize,
}

impl Place {
    fn skip(&self) -> usize {
        self.from.saturating_sub(1)
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, number)): Path<(String, String)>,
    Query(place): Query<Place>,
) -> Response {
    let Some((id, number)) = parsed(&id, &number) else {
        return app.nothing_here(&visit);
    };
    let skip = place.skip();
    let shown = match roles::proposed_role(&app.service, &visit.cx(), id, number, skip).await {
        Ok(shown) => shown,
        Err(error) => return app.refuse(&visit, error),
    };
    let posted = Posted::filled([
        ("idem", app.form_key()),
        ("display_name", shown.draft.display_name.clone()),
        ("name", shown.draft.name.clone()),
        ("description", shown.draft.description.clone()),
    ]);
    let said = Said {
        posted,
        errors: FieldErrors::new(),
        refused: String::new(),
        status: StatusCode::OK,
    };
    said.show(&app, &visit, &shown, skip)
}

pub(super) async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((id, number)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let Some((id, number)) = parsed(&id, &number) else {
        return app.nothing_here(&visit);
    };
    let (service, cx) = (&app.service, visit.cx_once(posted.once()));
    let mut said = Said {
        errors: FieldErrors::new(),
        refused: String::new(),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        posted,
    };
    match roles::create_proposed(service, &cx, id, number, &draft(&said.posted)).await {
        Ok(Made::Now(role)) => return done(&page_of(role), "draft-made"),
        Ok(Made::Before(role)) => return done(&page_of(role), "draft-made-before"),
        Err(Error::Invalid(errors)) => said.errors = errors,
        Err(Error::Refused(why)) => said.refused = why,
        Err(error) => return app.refuse(&visit, error),
    }
    match roles::proposed_role(service, &visit.cx(), id, number, 0).await {
        Ok(shown) => said.show(&app, &visit, &shown, 0),
        Err(error) => app.refuse(&visit, error),
    }
}

fn parsed(id: &str, number: &str) -> Option<(DiscoveryId, i64)> {
    Some((id.parse().ok()?, number.parse().ok()?))
}

fn page_of(role: RoleId) -> String {
    format!("{}/{role}", routes::ROLES)
}

/// The form with what was typed, and what is wrong with it.
struct Said {
    posted: Posted,
    errors: FieldErrors,
    /// Why it was not made, when it is not about a field.
    refused: String,
    status: StatusCode,
}

impl Said {
    fn show(&self, app: &App, visit: &Visit, shown: &ProposedRole, skip: usize) -> Response {
        let name = shown.row.name.clone();
        let (all, search) = (title(&shown.discovery), path(shown.discovery.id));
        let parents = [
            ("Roles", routes::ROLES),
            (PLACE, routes::ROLES_DISCOVER),
            (&*all, &*search),
        ];
        let page = Page::new(format!("{name} · {all}"), routes::ROLES)
            .called(name.clone())
            .under(&parents)
            .status(self.status);
        app.page(visit, page, || {
            let detail = format!(
                "{} that {} have, no. {} of {}",
                several_of(shown.row.entitlements, "entitlement"),
                people(shown.row.members),
                number(shown.row.number.unsigned_abs()),
                number(shown.discovery.totals.roles)
            );
            let lead = view! { <IconTile icon=Icon::Layers large=true /> };
            let status = if shown.row.made.is_some() {
                view! { <Pill text="Made" tone=Tone::Good /> }.into_any()
            } else {
                view! { <Pill text="Not made" /> }.into_any()
            };
            let (facts, notes) = (facts(shown), notes(visit, shown));
            let open = shown.row.made.is_none() && shown.same.is_empty();
            let form = open.then(|| self.form());
            let make = open.then(|| {
                view! { <Button label="Make it a role" href="#make" icon=Icon::Plus /> }
            });
            let (contents, members) = (contents(visit, shown), members(visit, shown, skip));
            let overlaps = overlaps(shown);
            view! {
                <PageHeader title=name detail=detail lead=lead status=status actions=make />
                <Split rail=Slot::from(facts)>
                    {notes}
                    {overlaps}
                    {contents}
                    {members}
                    {form}
                </Split>
            }
            .into_any()
        })
    }

    fn form(&self) -> AnyView {
        let mut all = problems(&self.errors);
        let summary = if self.refused.is_empty() {
            summary(&self.errors)
        } else {
            all.push(Problem {
                field: String::new(),
                message: self.refused.clone(),
            });
            "The role was not made".to_owned()
        };
        let controls = controls(None, &self.posted, &self.errors);
        let key = self.posted.once().to_owned();
        view! {
            <section id="make"><Card title="Make it a role">
                <p class="hint">"It is made as a draft: it holds these entitlements, and nobody holds it, so nobody gains or loses anything. Giving it to people is the next step."</p>
                <Form idem=key problems=all summary=summary>
                    {controls}
                    <FormActions>
                        <Button label="Create as draft" kind=ButtonKind::Primary />
                    </FormActions>
                </Form>
            </Card></section>
        }
        .into_any()
    }
}

fn facts(shown: &ProposedRole) -> AnyView {
    let (row, totals) = (&shown.row, shown.discovery.totals);
    let grants = row.entitlements.saturating_mul(row.members);
    let gives = format!(
        "{}, {} of all",
        several_of(grants, "grant"),
        share(grants, totals.grants)
    );
    let together = share(row.covered, totals.grants);
    let (search, found_in) = (path(shown.discovery.id), title(&shown.discovery));
    view! {
        <Facts title="Facts">
            <Fact term="Found in"><a href=search>{found_in}</a></Fact>
            <Fact term="Stands for">{gives}</Fact>
            <Fact term="With those before it">{together}</Fact>
        </Facts>
    }
    .into_any()
}

/// That it is a role already, by being made of this or otherwise.
fn notes(visit: &Visit, shown: &ProposedRole) -> AnyView {
    let made = shown.row.made.as_ref().map(|(role, name)| {
        let (href, name) = (page_of(*role), name.clone());
        view! {
            <Banner tone=Tone::Good title="A role was made of this">
                <p><a href=href.clone() dir="auto">{name}</a></p>
                <p>"Next, give it to its members: who holds it is decided on "<a href=href>"its page"</a>". What it then explains is no longer had by itself."</p>
            </Banner>
        }
    });
    let same = (!shown.same.is_empty()).then(|| {
        let links = role_links(visit, &shown.same);
        view! {
            <Banner title="This role exists">
                <p>"It holds exactly these entitlements. Give people that one instead of making another."</p>
                {links}
            </Banner>
        }
    });
    view! { {made} {same} }.into_any()
}

/// What would be in it; a long list stands closed.
fn contents(visit: &Visit, shown: &ProposedRole) -> AnyView {
    let parts: Vec<&NamedEntitlement> = shown.entitlements.iter().collect();
    let (title, count) = ("What would be in it", number(shown.row.entitlements));
    let table = entitlements_table(visit, title, &parts);
    if parts.len() <= MOST_OPEN {
        return view! { <Card title=title count=count flush=true>{table}</Card> }.into_any();
    }
    let note = several_of(shown.row.entitlements, "entitlement");
    view! {
        <Disclosure title=title note=note>
            <Card flush=true>{table}</Card>
        </Disclosure>
    }
    .into_any()
}

fn members(visit: &Visit, shown: &ProposedRole, skip: usize) -> AnyView {
    let rows = shown.members.iter().map(|member| member_row(visit, member));
    let rows = leaf(html! { @for row in rows { (row) } });
    let base = one(shown.discovery.id, shown.row.number);
    let total = shown.row.members;
    let last = (skip as u64).saturating_add(shown.members.len() as u64);
    let range = format!(
        "{}–{} of {}",
        number(skip as u64 + 1),
        number(last),
        number(total)
    );
    let at = |from: usize| format!("{base}?from={from}");
    let next = (last < total).then(|| at(skip.saturating_add(MEMBERS_PAGE + 1)));
    let previous = (skip > 0).then(|| at(skip.saturating_sub(MEMBERS_PAGE) + 1));
    let pager = view! { <Pager range=range next=next.unwrap_or_default() previous=previous.unwrap_or_default() /> };
    let columns = ["Person", "Title", "Department", "Status"];
    let columns = columns.into_iter().map(Column::new).collect();
    let count = number(total);
    view! {
        <Card title="Who would hold it" count=count flush=true>
            <Table caption="Who would hold it" columns=columns framed=false footer=pager>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn member_row(visit: &Visit, member: &Identity) -> Markup {
    let content = &member.content;
    let href = person_href(visit, member.id);
    let text = |text: &str| {
        if text.is_empty() {
            view! { <Absent /> }.into_any()
        } else {
            text.to_owned().into_any()
        }
    };
    html! {
        tr {
            (name_cell("Person", &content.display_name, href, content.username.clone(), None, false))
            (value_cell("Title", "", text(&content.title)))
            (value_cell("Department", "", text(&content.department)))
            (value_cell("Status", "", status_of_person(content.status)))
        }
    }
}

/// Roles that give some of the same.
fn overlaps(shown: &ProposedRole) -> Option<AnyView> {
    if shown.overlaps.is_empty() {
        return None;
    }
    let rows = shown
        .overlaps
        .iter()
        .map(|overlap| overlap_row(shown, overlap));
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = vec![Column::new("Role"), Column::new("Compared with this")];
    let more = (shown.more_overlaps > 0).then(|| {
        let more = several_of(shown.more_overlaps as u64, "more role");
        view! { <p class="plan-more">{format!("{more} share less.")}</p> }
    });
    Some(
        view! {
            <Card title="Roles that give some of the same" flush=true>
                <Table caption="Roles that give some of the same" columns=columns framed=false>{rows}</Table>
                {more}
            </Card>
        }
        .into_any(),
    )
}

fn overlap_row(shown: &ProposedRole, overlap: &Overlap) -> Markup {
    let href = page_of(overlap.role.id);
    let says = compared(shown.entitlements.len(), overlap.shared, overlap.gives);
    html! {
        tr {
            (name_cell("Role", &overlap.role.display_name, href, String::new(), Some(Icon::Layers), false))
            (value_cell("Compared with this", "wrap", says.into_any()))
        }
    }
}

/// How a role that gives `gives` entitlements, `shared` of these `all`, compares.
fn compared(all: usize, shared: usize, gives: usize) -> String {
    let (missing, beyond) = (all.saturating_sub(shared), gives.saturating_sub(shared));
    let beyond = number(beyond as u64);
    match (missing, gives - shared.min(gives)) {
        (0, 0) => "Gives the same, by way of other roles".to_owned(),
        (0, _) => format!("Gives all of this, and {beyond} more"),
        (_, 0) => format!("Gives {} of these, and nothing else", number(shared as u64)),
        _ => format!(
            "Gives {} of these, and {beyond} others",
            number(shared as u64)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::compared;

    #[test]
    fn an_overlap_says_what_is_missing_and_what_is_more() {
        assert_eq!(compared(3, 3, 3), "Gives the same, by way of other roles");
        assert_eq!(compared(3, 3, 5), "Gives all of this, and 2 more");
        assert_eq!(compared(3, 2, 2), "Gives 2 of these, and nothing else");
        assert_eq!(compared(3, 2, 6), "Gives 2 of these, and 4 others");
    }
}
