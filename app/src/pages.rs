//! The pages with their methods and paths: the router, and the list that a test goes through.
//!
//! A router cannot be asked for its routes; whoever adds a page here adds it to both.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{get, post};
use http::Method;

use crate::state::App;

/// Pages that become a router.
#[derive(Debug, Default)]
pub struct Pages {
    router: Router<App>,
    uploads: Router<App>,
    surface: Vec<(Method, &'static str)>,
}

impl Pages {
    /// No page yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page to look at.
    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(mut self, path: &'static str, handler: H) -> Self {
        self.router = self.router.route(path, get(handler));
        self.surface.push((Method::GET, path));
        self
    }

    /// A form that is sent to the path of its page.
    #[must_use]
    pub fn post<H: Handler<T, App>, T: 'static>(mut self, path: &'static str, handler: H) -> Self {
        self.router = self.router.route(path, post(handler));
        self.surface.push((Method::POST, path));
        self
    }

    /// A form that brings files. It has limits of its own: the edge gives it more time, and no limit of size.
    #[must_use]
    pub fn upload<H: Handler<T, App>, T: 'static>(
        mut self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.uploads = self.uploads.route(path, post(handler));
        self.surface.push((Method::POST, path));
        self
    }

    /// With the pages of another feature.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.uploads = self.uploads.merge(other.uploads);
        self.surface.extend(other.surface);
        self
    }

    /// Methods and paths of all pages.
    pub fn surface(&self) -> &[(Method, &'static str)] {
        &self.surface
    }

    /// The router of the pages.
    pub fn into_router(self) -> Router<App> {
        self.router
    }

    /// The router of the forms that bring files.
    pub fn into_uploads(self) -> Router<App> {
        self.uploads
    }
}
