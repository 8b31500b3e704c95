//! What a colleague has and I do not: a list to choose from, with what is risky not ticked, that goes into the cart.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::id::IdentityId;
use domain::role::Grantable;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::Error;
use service::requests::{self, Same, SameThing, Standing};

use super::rows::href;
use super::words::{for_person, standing, way};
use crate::features::me::things;
use crate::format::number;
use crate::page::{Page, done};
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{Button, Empty, EmptyKind, Icon, PageHeader};
use crate::visit::Visit;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(rename = "for")]
    person: String,
    #[serde(rename = "as")]
    colleague: String,
    /// A username, typed into the field for others.
    who: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    match found(&app, &visit, &asked).await {
        Ok((person, same)) => {
            let page = Page::new("Same as a colleague · Request access", routes::CATALOGUE);
            let parent = for_person(routes::CATALOGUE, person, &[]);
            let page = page
                .called("Same as a colleague")
                .under(&[("Request access", &parent)]);
            app.page(&visit, page, || show(&visit, person, &same))
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn found(
    app: &App,
    visit: &Visit,
    asked: &Asked,
) -> Result<(Option<IdentityId>, Same), Error> {
    let person = super::person(&asked.person)?.filter(|id| visit.me() != Some(*id));
    let mut colleague = super::person(&asked.colleague)?;
    let who = asked.who.trim();
    if !who.is_empty() {
        let known = service::people::by_username(&app.service, &visit.cx(), who).await?;
        let missing = || Error::Refused(format!("Nobody here has the username “{who}”."));
        colleague = Some(known.ok_or_else(missing)?);
    }
    let same = requests::same_as(&app.service, &visit.cx(), person, colleague).await?;
    Ok((person, same))
}

/// Puts what is ticked into the cart.
pub(super) async fn put(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let put = async {
        super::me(&visit)?;
        let person = super::person(posted.get("for"))?;
        let whats: Result<Vec<Grantable>, Error> = posted
            .all("what")
            .iter()
            .map(|what| super::what(what))
            .collect();
        let whats = whats?;
        if whats.is_empty() {
            return Err(Error::Refused(
                "Nothing was ticked. Go back and tick what is needed.".to_owned(),
            ));
        }
        requests::put_in_cart(&app.service, &visit.cx(), person, &whats).await
    };
    match put.await {
        Ok(()) => done(routes::CART, "all-in-cart"),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(visit: &Visit, person: Option<IdentityId>, same: &Same) -> AnyView {
    let detail = match (person, &same.colleague) {
        (None, Some(other)) => format!("What {} has and you do not.", other.name),
        (Some(_), Some(other)) => {
            format!("What {} has and {} does not.", other.name, same.person.name)
        }
        (None, None) => "Choose somebody whose work is like yours.".to_owned(),
        (Some(_), None) => format!(
            "For {}: choose somebody whose work is like theirs.",
            same.person.name
        ),
    };
    let choose = leaf(choose(person, same));
    let body = same.colleague.as_ref().map(|other| {
        if same.things.is_empty() {
            let text = format!("There is nothing that {} has and that can be asked for here.{}", other.name, others(same));
            return view! { <Empty kind=EmptyKind::Nothing icon=Icon::Users title="Nothing to ask for" text=text /> }.into_any();
        }
        let list = leaf(html! { ul.picks { @for one in &same.things { (pick(visit, person, one)) } } });
        let person = person.map(|id| id.to_string()).unwrap_or_default();
        let any = same.things.iter().any(|one| matches!(one.offered.standing, Standing::Open));
        let add = any.then(|| view! { <Button label="Add the ticked ones to the cart" kind=crate::ui::ButtonKind::Primary icon=Icon::Plus /> });
        let shared = match same.shared {
            0 => "You have nothing in common yet.".to_owned(),
            n => format!("Both have {}.", things(n)),
        };
        let note = format!("{shared}{}", others(same));
        view! {
            <form method="post" action=routes::CATALOGUE_SAME class="card">
                <input type="hidden" name="for" value=person />
                <header class="card-head">
                    <h2>"To choose from"</h2>
                    <span class="card-count">{number(same.things.len() as u64)}</span>
                </header>
                {list}
                <div class="picks-end">
                    {add}
                    <p class="soft">{note}</p>
                </div>
            </form>
        }
        .into_any()
    });
    view! {
        <PageHeader title="Same as a colleague" detail=detail />
        {choose}
        {body}
    }
    .into_any()
}

fn others(same: &Same) -> String {
    if same.others == 0 {
        String::new()
    } else {
        format!(" {} more cannot be asked for here.", things(same.others))
    }
}

fn choose(person: Option<IdentityId>, same: &Same) -> Markup {
    let colleague = same.colleague.as_ref().map(|one| one.id);
    let unknown = same
        .colleague
        .as_ref()
        .filter(|one| !same.team.contains(one));
    html! {
        form.whom method="get" action=(routes::CATALOGUE_SAME) {
            @if let Some(person) = person { input type="hidden" name="for" value=(person); }
            @if same.team.is_empty() && !same.anybody {
                p.soft { "Nobody with the same work or the same manager is known here, so there is nobody to take as a pattern." }
            } @else {
                label for="f-as" { "Colleague" }
                span.select {
                    select.input #f-as name="as" {
                        option value="" { "Choose somebody" }
                        @if let Some(one) = unknown { option value=(one.id) selected { (one.name) } }
                        @for one in &same.team {
                            option value=(one.id) selected[colleague == Some(one.id)] { (one.name) }
                        }
                    }
                    (Icon::ChevronDown.markup())
                }
                @if same.anybody {
                    label for="f-who" { "or somebody else" }
                    input.input #f-who name="who" placeholder="Username" autocomplete="off" autocapitalize="none" spellcheck="false";
                }
                button.btn type="submit" { span.btn-label { "Compare" } }
            }
        }
    }
}

fn pick(visit: &Visit, person: Option<IdentityId>, one: &SameThing) -> Markup {
    let offered = &one.offered;
    let open = offered.standing == Standing::Open;
    let id = format!("w-{}", offered.what.object());
    let high = offered
        .risk
        .filter(|risk| *risk >= domain::lifecycle::Level::High);
    html! {
        li.offer-pick {
            @if open {
                label.offer-box for=(id) {
                    input type="checkbox" id=(id) name="what" value=(offered.what.object()) checked[one.ticked] autocomplete="off";
                    span.unseen { (offered.name) }
                }
            } @else { span.offer-box {} }
            div.offer-words {
                h3 {
                    a href=(href(offered, person)) dir="auto" { (offered.name) }
                    @if offered.what.role().is_some() { span.pill { "Bundle" } }
                    @if let Some(risk) = high { span.pill data-tone="warn" { (risk.label()) " risk: tick it if it is needed" } }
                }
                @if !offered.description.is_empty() { p.offer-does dir="auto" { (offered.description) } }
                p.offer-facts {
                    @if let Some((_, application)) = &offered.application { span { bdi { (application) } } }
                    span { (way(offered)) }
                }
                @if let Some(state) = standing(visit, offered, person.is_none()) { p { (state) } }
            }
        }
    }
}
