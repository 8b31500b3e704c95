//! My access, and my account: what I have and asked for, who I am here, my password, my sessions, how I like pages.
//! Everybody who is signed in has these pages.

mod account;
mod acts;
mod browser;
mod delegations;
mod have;
mod mine;
mod notifications;
mod password;
mod preferences;
mod sessions;
mod steps;
mod words;

pub(in crate::features) use words::{counted, last_day, lasting, things};

use domain::permission::{Action, Denied};
use leptos::prelude::*;
use service::Error;
use service::sessions::SignedIn;

use crate::page::Page;
use crate::pages::Pages;
use crate::routes;
use crate::ui::{Avatar, PageHeader, Tab, Tabs};
use crate::visit::Visit;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::ME, mine::page)
        .get(routes::ME_GIVE_BACK, acts::give_back_page)
        .post(routes::ME_GIVE_BACK, acts::give_back)
        .get(routes::ME_MORE_TIME, acts::more_time_page)
        .post(routes::ME_MORE_TIME, acts::more_time)
        .get(routes::ME_ACTIVATE, acts::activate_page)
        .post(routes::ME_ACTIVATE, acts::activate)
        .get(routes::ME_ACCOUNT, account::page)
        .get(routes::ME_PASSWORD, password::page)
        .post(routes::ME_PASSWORD, password::change)
        .get(routes::ME_SESSIONS, sessions::page)
        .post(routes::ME_SESSIONS, sessions::end)
        .get(routes::ME_NOTIFICATIONS, notifications::page)
        .post(routes::ME_NOTIFICATIONS, notifications::save)
        .post(routes::ME_NOTIFICATIONS_TEST, notifications::test)
        .get(routes::DELEGATIONS, delegations::page)
        .post(routes::DELEGATIONS, delegations::save)
        .get(routes::ME_PREFERENCES, preferences::page)
        .post(routes::ME_PREFERENCES, preferences::save)
}

/// Whoever is signed in; others are sent to sign in.
fn me(visit: &Visit) -> Result<&SignedIn, Error> {
    visit.user.as_ref().ok_or(Error::Denied {
        denied: Denied::SignIn,
        action: Action::OwnAccount,
        object: None,
    })
}

/// One of the pages, with its name in the title and the way to it.
fn page(name: &str) -> Page {
    let page = Page::new(format!("{name} · My account"), routes::ME_ACCOUNT).called(name);
    page.under(&[("My account", routes::ME_ACCOUNT)])
}

/// The head of every page of this feature.
fn head(user: &SignedIn, current: &'static str) -> AnyView {
    let tab = |label: &str, href: &'static str| Tab {
        label: label.to_owned(),
        href: href.to_owned(),
        count: String::new(),
        current: href == current,
    };
    let tabs = vec![
        tab("Overview", routes::ME_ACCOUNT),
        tab("Password", routes::ME_PASSWORD),
        tab("Sessions", routes::ME_SESSIONS),
        tab("Notifications", routes::ME_NOTIFICATIONS),
        tab("Delegations", routes::DELEGATIONS),
        tab("Preferences", routes::ME_PREFERENCES),
    ];
    view! {
        <PageHeader
            title="My account"
            detail=format!("{} · {}", user.display_name, user.username)
            lead=view! { <Avatar name=user.display_name.clone() large=true /> }
        />
        <Tabs label="My account" items=tabs />
    }
    .into_any()
}
