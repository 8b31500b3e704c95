//! How I am told things: for each kind by mail at once, in a daily summary, or only here.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use domain::notice::{Delivery, NoticeKind};
use domain::permission::ConsoleRight::Administer;
use leptos::prelude::*;
use maud::{Markup, html};
use service::Error;
use service::notifications::{self, Settings};
use service::sessions::SignedIn;

use super::{head, me};
use crate::page::done;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{Banner, Button, ButtonKind, Column, Form, FormActions, Hidden, Icon, Table, Tone};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    let user = match me(&visit) {
        Ok(user) => user,
        Err(error) => return app.refuse(&visit, error),
    };
    match notifications::settings(&app.service, &visit.cx()).await {
        Ok(settings) => app.page(&visit, super::page("Notifications"), || {
            show(user, &settings, (app.form_key(), app.form_key()))
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn save(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let chosen = NoticeKind::chosen().filter_map(|kind| {
        let delivery = Delivery::from_word(posted.get(kind.word()))?;
        Some((kind, delivery))
    });
    let chosen: HashMap<NoticeKind, Delivery> = chosen.collect();
    let cx = visit.cx_once(posted.once());
    match notifications::save_settings(&app.service, &cx, &chosen).await {
        Ok(()) => done(routes::ME_NOTIFICATIONS, "preferences"),
        Err(Error::AlreadyDone(_)) => done(routes::ME_NOTIFICATIONS, "already"),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn test(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let cx = visit.cx_once(posted.once());
    match notifications::send_test(&app.service, &cx).await {
        Ok(()) => done(routes::ME_NOTIFICATIONS, "test-sent"),
        Err(Error::AlreadyDone(_)) => done(routes::ME_NOTIFICATIONS, "already"),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(user: &SignedIn, settings: &Settings, keys: (String, String)) -> AnyView {
    let notes = notes(user, settings);
    let labels = Delivery::ALL
        .iter()
        .map(|delivery| Column::new(delivery.label()));
    let columns: Vec<Column> = std::iter::once(Column::new("What you are told"))
        .chain(labels)
        .collect();
    let rows = leaf(html! { @for (kind, chosen) in &settings.kinds { (row(*kind, *chosen)) } });
    let goes = if settings.mail_is_on && !settings.address.is_empty() {
        format!("Goes to {} and to the bell above.", settings.address)
    } else {
        "Goes to the bell above only.".to_owned()
    };
    view! {
        {head(user, routes::ME_NOTIFICATIONS)}
        {notes}
        <Form idem=keys.0>
            <Table caption="How you are told things" columns=columns>{rows}</Table>
            <p class="hint">"Everything is in the bell in any case. The daily summary comes at 7 in the morning, in the organisation’s time zone, when something is unread."</p>
            <FormActions>
                <Button label="Save" kind=ButtonKind::Primary />
                <Button label="Cancel" href=routes::ME_ACCOUNT kind=ButtonKind::Plain />
            </FormActions>
        </Form>
        <form class="notice-test" method="post" action=routes::ME_NOTIFICATIONS_TEST>
            <Hidden name="idem" value=keys.1 />
            <Button label="Send me a test message" icon=Icon::Mail />
            <p class="hint">{goes}</p>
        </form>
    }
    .into_any()
}

/// A kind with its three ways.
fn row(kind: NoticeKind, chosen: Delivery) -> Markup {
    html! {
        tr {
            th.name scope="row" data-label="What you are told" {
                span.person-words {
                    span.person-name { (kind.label()) }
                    span.person-detail { (kind.description()) }
                }
            }
            @for delivery in Delivery::ALL {
                td.notice-pick data-label=(delivery.label()) {
                    label {
                        span.unseen { (kind.label()) ": " (delivery.label()) }
                        input type="radio" name=(kind.word()) value=(delivery.word()) checked[*delivery == chosen] autocomplete="off";
                    }
                }
            }
        }
    }
}

/// What keeps mail from arriving.
fn notes(user: &SignedIn, settings: &Settings) -> AnyView {
    if !settings.mail_is_on {
        return view! {
            <Banner title="There is no mail server yet">
                "What you are told stays in the console. What you choose here counts as soon as there is one."
            </Banner>
        }
        .into_any();
    }
    if settings.address.is_empty() {
        return view! {
            <Banner tone=Tone::Warn title="You have no e-mail address here">
                "What you are told stays in the console. An administrator can add your address."
            </Banner>
        }
        .into_any();
    }
    let failed = settings
        .failed
        .as_ref()
        .and_then(|mail| mail.failure.clone());
    failed
        .map(|reason| {
            let all = user
                .rights
                .has(Administer)
                .then(|| view! { " " <a href=routes::MAIL>"All mail that failed"</a> });
            view! {
                <Banner tone=Tone::Warn title="The last mail to you did not get through">
                    {reason}
                    {all}
                </Banner>
            }
        })
        .into_any()
}
