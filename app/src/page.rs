//! A whole page: head, shell, content, islands.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use domain::field::FieldErrors;
use frontend::guard::Guard;
use frontend::keys::Keys;
use frontend::palette::CommandPalette;
use frontend::toast::Toast;
use http::{HeaderValue, StatusCode, header};
use hydration_context::SsrSharedContext;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::*;

use crate::features::notifications::unread_count;
use crate::flash;
use crate::format::only_text;
use crate::navigation;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Assets, Bell, Card, Centre, Crumb, Flash, Icon, MenuAction, MenuLine, MenuLink, Shell,
    UserMenu, Width,
};
use crate::visit::Visit;

/// What a page is besides its content.
#[derive(Debug, Clone)]
pub struct Page {
    /// Names the thing: `Ana Silva · People`.
    pub title: String,
    /// Parents, then the page itself.
    pub crumbs: Vec<Crumb>,
    /// The place in the navigation.
    pub place: &'static str,
    /// How wide the content runs.
    pub width: Width,
    /// Status of the answer.
    pub status: StatusCode,
    /// Where scripts do not run, the page is loaded anew after so many seconds.
    pub refresh: Option<u32>,
}

impl Page {
    /// A page that fills the width.
    pub fn new(title: impl Into<String>, place: &'static str) -> Self {
        let title = title.into();
        Self {
            crumbs: vec![Crumb::here(title.clone())],
            title,
            place,
            width: Width::Full,
            status: StatusCode::OK,
            refresh: None,
        }
    }

    /// Loaded anew after so many seconds where scripts do not run.
    #[must_use]
    pub fn refresh(mut self, seconds: Option<u32>) -> Self {
        self.refresh = seconds;
        self
    }

    /// With a shorter name among the crumbs than its title.
    #[must_use]
    pub fn called(mut self, name: impl Into<String>) -> Self {
        self.crumbs = vec![Crumb::here(name)];
        self
    }

    /// With the crumbs of its parents.
    #[must_use]
    pub fn under(mut self, parents: &[(&str, &str)]) -> Self {
        let own = std::mem::take(&mut self.crumbs);
        self.crumbs = parents
            .iter()
            .map(|(label, href)| Crumb::link((*label).to_owned(), (*href).to_owned()))
            .collect();
        self.crumbs.extend(own);
        self
    }

    /// Narrow enough to read.
    #[must_use]
    pub fn text(mut self) -> Self {
        self.width = Width::Text;
        self
    }

    /// With another status. A form that came back says so in its title.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        if status == StatusCode::UNPROCESSABLE_ENTITY || status == StatusCode::CONFLICT {
            self.title = format!("Error: {}", self.title);
        }
        self.status = status;
        self
    }

    /// As it is for a form without problems; otherwise the form came back.
    #[must_use]
    pub fn after(self, errors: &FieldErrors) -> Self {
        if errors.is_empty() {
            self
        } else {
            self.status(StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

impl App {
    /// Renders a page in the shell; for somebody who is not signed in, its content in a card.
    pub fn page(&self, visit: &Visit, page: Page, content: impl FnOnce() -> AnyView) -> Response {
        let Page {
            title,
            crumbs,
            place,
            width,
            status,
            refresh,
        } = page;
        self.document(visit, &title, status, refresh, move || match &visit.user {
            Some(user) => {
                let items = view! {
                    <MenuLink href=routes::ME_ACCOUNT label="My account" icon=Icon::CircleUser />
                    <MenuLink href=routes::NOTIFICATIONS label="Notifications" icon=Icon::Bell />
                    <MenuLink href=routes::ME_PREFERENCES label="Preferences" icon=Icon::SlidersHorizontal />
                    <MenuLink href=routes::ME_SESSIONS label="Sessions" icon=Icon::Monitor />
                    <MenuLine />
                    <MenuAction action=routes::SIGN_OUT label="Sign out" icon=Icon::LogOut />
                };
                let content = content();
                let unread = unread_count(user.unread);
                let bell = view! { <Bell href=routes::NOTIFICATIONS unread=unread /> };
                let user = UserMenu { name: user.display_name.clone(), detail: user.username.clone(), items: items.into() };
                let flash = visit.flash.as_deref().and_then(flash::text);
                let flash = flash.map(|text| view! { <Toast><Flash text=text /></Toast> });
                view! {
                    <Shell
                        product="Bailiwick"
                        home=navigation::home(visit)
                        search=routes::SEARCH
                        keys=routes::HELP_KEYS
                        nav=navigation::groups(visit, place)
                        user=user
                        crumbs=crumbs
                        width=width
                        bar=bell
                        flash=flash
                    >
                        {content}
                    </Shell>
                    <CommandPalette commands=navigation::commands(visit) person=visit.me().map(|id| id.to_string()).unwrap_or_default() />
                    <Keys go=navigation::keys(visit) />
                    <Guard />
                }
                .into_any()
            }
            None => outside(content()),
        })
    }

    /// Renders a page without the shell: sign-in, welcome, set password.
    pub fn bare(
        &self,
        visit: &Visit,
        title: &str,
        status: StatusCode,
        content: impl FnOnce() -> AnyView,
    ) -> Response {
        self.document(visit, title, status, None, move || {
            let flash = visit.flash.as_deref().and_then(flash::text);
            let flash = flash.map(|text| view! { <section class="toasts" aria-label="Messages"><Toast><Flash text=text /></Toast></section> });
            view! {
                {content()}
                {flash}
                <Guard />
            }
            .into_any()
        })
    }

    fn document(
        &self,
        visit: &Visit,
        title: &str,
        status: StatusCode,
        refresh: Option<u32>,
        body: impl FnOnce() -> AnyView,
    ) -> Response {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let html = owner.with(|| {
            provide_context(Nonce::from_value(visit.nonce.clone()));
            provide_context(Assets { icons: Arc::clone(&self.site.icons) });
            let options = LeptosOptions::builder().output_name(self.site.islands.to_string()).site_pkg_dir("assets").build();
            let body = body();
            let liked = &visit.preferences;
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            view! {
                <html lang="en" data-theme=some(&liked.theme) data-density=some(&liked.density) data-keys=liked.keys_off.then_some("off")>
                    <head>
                        <meta charset="utf-8" />
                        <meta name="viewport" content="width=device-width, initial-scale=1" />
                        <meta name="color-scheme" content="light dark" />
                        {refresh.map(|seconds| view! { <noscript><meta http-equiv="refresh" content=seconds.to_string() /></noscript> })}
                        <title inner_html=only_text(&format!("{title} · Bailiwick")) />
                        <link rel="preload" href=self.site.font.to_string() r#as="font" r#type="font/woff2" crossorigin="" />
                        <link rel="stylesheet" href=self.site.style.to_string() />
                        <link rel="icon" type="image/svg+xml" href=self.site.favicon.to_string() />
                        <HydrationScripts options=options islands=true />
                    </head>
                    <body>{body}</body>
                </html>
            }
            .to_html()
        });
        drop(owner);
        let mut response = (status, format!("<!DOCTYPE html>{html}")).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if visit.flash.is_some() {
            headers.append(header::SET_COOKIE, flash::clear());
        }
        response
    }
}

/// Content for somebody who is not signed in, and so has no navigation.
fn outside(content: AnyView) -> AnyView {
    view! { <Centre product="Bailiwick"><Card>{content}</Card></Centre> }.into_any()
}

/// To another page after something was done, with a message.
pub fn done(path: &str, code: &str) -> Response {
    let mut response = see_other(path);
    response
        .headers_mut()
        .append(header::SET_COOKIE, flash::set(code));
    response
}

/// To another page.
pub fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static(routes::HOME));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
