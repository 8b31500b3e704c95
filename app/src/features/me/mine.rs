//! My access: everything I have in plain words, what I can do about it, and where what I asked for is.

use axum::extract::State;
use axum::response::Response;
use domain::assignment::AssignmentState;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::Resting;
use service::requests::{self, Mine};

use super::words::{counted, last_day, things};
use super::{have, steps};
use crate::format::number;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{Button, ButtonKind, Empty, EmptyKind, Icon, PageHeader, Slot};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match requests::mine(&app.service, &visit.cx()).await {
        Ok(mine) => app.page(&visit, Page::new("My access", routes::ME), || {
            show(&visit, &mine)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(visit: &Visit, mine: &Mine) -> AnyView {
    let detail = if mine.count == 0 {
        "You have nothing yet.".to_owned()
    } else {
        format!(
            "You have {} in {}.",
            things(mine.count),
            counted(mine.applications.len(), "application")
        )
    };
    let cart = (mine.cart > 0).then(|| {
        let label = format!("Cart ({})", number(mine.cart));
        view! { <Button label=label href=routes::CART icon=Icon::ShoppingCart /> }
    });
    let actions = Slot::from(view! {
        {cart}
        <Button label="Request access" href=routes::CATALOGUE icon=Icon::Plus kind=ButtonKind::Primary />
    });
    let asked = (!mine.requests.is_empty()).then(|| leaf(asked(visit, mine)));
    let eligible = (!mine.eligible.is_empty()).then(|| leaf(have::eligible(visit, &mine.eligible)));
    let nothing = (mine.count == 0 && mine.eligible.is_empty()).then(|| {
        view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::KeySquare title="No access yet" text="Nothing was given to you here. What you need can be asked for; this page then says how far it is.">
                <Button label="Request access" href=routes::CATALOGUE icon=Icon::Plus />
            </Empty>
        }
    });
    let cards = mine
        .applications
        .iter()
        .map(|one| have::application(visit, one));
    let cards = leaf(html! { @for card in cards { (card) } });
    let resting = (!mine.resting.is_empty()).then(|| leaf(resting(visit, &mine.resting)));
    view! {
        <PageHeader title="My access" detail=detail actions=actions />
        {asked}
        {eligible}
        {nothing}
        <div class="have-cards">{cards}</div>
        {resting}
    }
    .into_any()
}

fn asked(visit: &Visit, mine: &Mine) -> Markup {
    html! {
        section.card {
            header.card-head {
                h2 { "My requests" }
                span.card-count { (number(mine.requests.len() as u64)) }
                div.card-actions { a href=(routes::REQUESTS) { "All requests" } }
            }
            ul.asks { @for one in &mine.requests { (steps::request(visit, one)) } }
        }
    }
}

/// What was given and cannot be used now.
fn resting(visit: &Visit, all: &[Resting]) -> Markup {
    html! {
        section.card {
            header.card-head { h2 { "Not usable now" } span.card-count { (number(all.len() as u64)) } }
            ul.have {
                @for one in all {
                    li.have-one {
                        div.have-words {
                            h3 dir="auto" { (one.what.1) }
                            p.have-why {
                                @match one.state {
                                    AssignmentState::Suspended => "Suspended: somebody has to restore it.",
                                    _ => { "Begins on " (crate::format::day(one.from.day(&visit.zone()))) "." },
                                }
                                @if let Some(end) = one.until { " Ends on " (last_day(end, visit)) "." }
                            }
                        }
                    }
                }
            }
        }
    }
}
