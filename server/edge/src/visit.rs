//! Who visits: made before every page, and bare errors made into pages after it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::door::SessionDoor;
use app::{App, Preferences, Visit};
use axum::extract::{ConnectInfo, Request, State as FromState};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use service::Origin;
use service::sessions::SignedIn;
use tower_sessions::Session;

use crate::address;
use crate::door::SessionDoorway;
use crate::headers::page_policy;
use crate::log::RequestId;
use crate::sessions::{USER, UserData, id_hash};

/// What visits are made with.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) app: App,
    pub(crate) proxies: Arc<[IpAddr]>,
}

/// Longest user agent that is kept.
const AGENT: usize = 300;

/// Makes the visit, runs the page, and gives the answer its policy.
pub(crate) async fn visit(
    FromState(state): FromState<State>,
    session: Session,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match read(&state, &session, &parts).await {
        Ok(visit) => visit,
        Err(error) => {
            tracing::error!(%error, "a visit could not be made");
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                "The database does not answer. Try again in a few seconds.\n",
            )
                .into_response();
        }
    };
    let api = parts.uri.path().starts_with("/api/");
    parts.extensions.insert(visit.clone());
    parts.extensions.insert(SessionDoor(Arc::new(SessionDoorway(
        session,
        Arc::clone(&state.app.service),
    ))));
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if !api && is_bare_error(&response) {
        response = state.app.plain_status(&visit, response.status());
    }
    if let Some(policy) = page_policy(&visit.nonce).filter(|_| is_html(&response)) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The page for an address that leads nowhere.
pub(crate) async fn nothing_here(FromState(app): FromState<App>, visit: Visit) -> Response {
    app.nothing_here(&visit)
}

async fn read(state: &State, session: &Session, parts: &Parts) -> service::Result<Visit> {
    let internal = |e: tower_sessions::session::Error| {
        service::Error::Internal(format!("the session could not be read: {e}"))
    };
    let user: Option<UserData> = session.get(USER).await.map_err(internal)?;
    let headers = &parts.headers;
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let address = peer.map(|peer| address::client(peer, headers, &state.proxies).to_string());
    let user_agent =
        text(headers, header::USER_AGENT).map(|agent| agent.chars().take(AGENT).collect());
    let organisation = state.app.organisation().await?;
    let mut visit = Visit {
        session: session
            .id()
            .filter(|_| user.is_some())
            .map(|id| id_hash(id).to_vec())
            .unwrap_or_default(),
        user: user.map(SignedIn::from),
        origin: Origin {
            request: parts.extensions.get::<RequestId>().map(|id| id.0.clone()),
            address,
            user_agent,
        },
        nonce: state.app.service.nonce(),
        preferences: Preferences::parse(&cookie(headers, "preferences").unwrap_or_default()),
        flash: cookie(headers, app::flash::COOKIE).filter(|code| !code.is_empty()),
        organisation,
        now: state.app.service.now(),
        uri: parts
            .uri
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        waiting: (0, false),
    };
    // Every page shows it beside the inbox; what is no page, and who is nobody, need not know.
    if visit.user.is_some() && !parts.uri.path().starts_with("/api/") {
        visit.waiting = service::requests::waiting_count(&state.app.service, &visit.cx()).await?;
    }
    Ok(visit)
}

fn text(headers: &HeaderMap, name: http::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn is_html(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// An error that some layer answered without words of ours.
fn is_bare_error(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !is_html(response)
}
