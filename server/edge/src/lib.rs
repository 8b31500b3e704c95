//! HTTP: the router with its middleware, static files, health checks. A library, so that tests can call it.
//!
//! Knows cookies, headers and addresses; knows no rule of the product.

pub mod address;
pub mod assets;
mod door;
mod headers;
mod health;
mod log;
mod sessions;
mod visit;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use app::{App, Site};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use http::{StatusCode, header};
use service::Service;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::assets::Assets;

/// Longest a page may take; what is not done then is rolled back.
const LONGEST: Duration = Duration::from_mins(1);
/// Longest that files may be on their way.
const LONGEST_UPLOAD: Duration = Duration::from_hours(6);
/// Requests worked on at the same time; further ones wait.
const AT_ONCE: usize = 512;
/// Largest form, in bytes.
const LARGEST_FORM: usize = 256 * 1024;

/// How browsers reach this server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address without a trailing slash; its scheme decides about secure cookies and HSTS.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Config {
    fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Everything the server answers.
pub fn router(service: Arc<Service>, config: &Config) -> Router {
    let assets = Assets::shared();
    let site = Site {
        style: assets.path("style.css").into(),
        icons: assets.path("icons.svg").into(),
        islands: assets.path("bailiwick").into(),
        verifier: assets.path("verifier").into(),
        verify: assets.path("verify.js").into(),
        favicon: assets.path("favicon.svg").into(),
        font: assets.path("geist.woff2").into(),
    };
    let https = config.https();
    let app = App::new(Arc::clone(&service), site, https);
    let name = if https { "__Host-session" } else { "session" };
    let sessions = SessionManagerLayer::new(sessions::Sessions::new(Arc::clone(&service)))
        .with_name(name)
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // Our store enforces both limits with our clock; the browser forgets the cookie when it closes.
        .with_expiry(Expiry::OnSessionEnd);
    let state = visit::State {
        app: app.clone(),
        proxies: config.trusted_proxies.clone().into(),
    };
    // From the inside out: the limits, then who visits (who also dresses bare errors as pages), then the session.
    let within = |longest| TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, longest);
    let forms = app::router()
        .fallback(visit::nothing_here)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(within(LONGEST));
    // Files are read piece by piece, after their sender's rights; the service says how large one may be.
    let uploads = app::uploads()
        .layer(DefaultBodyLimit::disable())
        .layer(within(LONGEST_UPLOAD));
    let pages = forms
        .merge(uploads)
        .layer(CsrfLayer::new())
        .layer(GlobalConcurrencyLimitLayer::new(AT_ONCE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state, visit::visit))
        .layer(sessions)
        .with_state(app);
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(service)
        .route("/assets/{*path}", get(assets::serve))
        .merge(pages)
        .layer(from_fn_with_state(https, headers::secure))
        .layer(from_fn(log::request))
}

/// What a handler that panicked answers; the visit makes a page of it. The panic itself is in the log.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> http::Response<axum::body::Body> {
    let mut response = http::Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        http::HeaderValue::from_static("no-store"),
    );
    response
}
