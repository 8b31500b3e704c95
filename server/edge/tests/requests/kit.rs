//! A small company whose people can sign in, and requests in it.

use std::sync::Arc;

use axum::body::Body;
use domain::application::ApplicationDraft;
use domain::entitlement::EntitlementDraft;
use domain::id::{IdentityId, RequestId, RequestItemId};
use domain::identity::IdentityDraft;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::time::SECOND;
use http::{Method, Request, StatusCode, header};
use service::passwords::set_by_link;
use service::requests::{self, Ask, Line};
use service::{Cx, applications, entitlements, people, rights};
use testkit::{PASSWORD, TestApp};
use tower::ServiceExt as _;

/// Somebody who can sign in and reports to `manager`.
pub(crate) async fn person(app: &TestApp, name: &str, manager: &str) -> IdentityId {
    let operator = Cx::of(Actor::CommandLine);
    let draft = IdentityDraft {
        username: name.to_lowercase().replace(' ', "."),
        display_name: name.to_owned(),
        title: "Clerk".to_owned(),
        department: "Finance".to_owned(),
        manager: manager.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(app.service(), &operator, &draft)
        .await
        .expect("a person");
    let link = people::link(app.service(), &operator, id)
        .await
        .expect("a link");
    let token = link.url.rsplit('/').next().expect("a token");
    let nobody = Cx::of(Actor::Anonymous);
    set_by_link(app.service(), &nobody, token, PASSWORD, PASSWORD)
        .await
        .expect("a password");
    id
}

/// One of many administrators, by username.
pub(crate) async fn administrator(app: &TestApp, n: usize) -> String {
    let operator = Cx::of(Actor::CommandLine);
    let id = person(app, &format!("Decider {n}"), "").await;
    rights::grant(
        app.service(),
        &operator,
        id,
        ConsoleRight::Administer,
        "For a test",
    )
    .await
    .expect("a right");
    app.clock().advance(SECOND);
    format!("decider.{n}")
}

/// An application of Olga Berg's with things that can be asked for.
pub(crate) async fn things(app: &TestApp, names: &[(&str, &str, &str)]) {
    let operator = Cx::of(Actor::CommandLine);
    let draft = ApplicationDraft {
        name: "sap".into(),
        display_name: "SAP".into(),
        owner: "olga.berg".into(),
        ..ApplicationDraft::default()
    };
    applications::create(app.service(), &operator, &draft)
        .await
        .expect("an application");
    for (name, title, risk) in names {
        let draft = EntitlementDraft {
            application: "sap".into(),
            name: (*name).into(),
            display_name: (*title).into(),
            description: "Records what suppliers ask for, and books it.".into(),
            kind: "permission".into(),
            risk: (*risk).into(),
            requestable: true,
            ..EntitlementDraft::default()
        };
        entitlements::create(app.service(), &operator, &draft)
            .await
            .expect("an entitlement");
    }
}

/// Somebody asks for things for themselves, for 30 days.
pub(crate) async fn ask(
    app: &TestApp,
    id: IdentityId,
    whats: &[&str],
) -> (RequestId, Vec<RequestItemId>) {
    let cx = Cx::of(Actor::Person {
        id,
        rights: Rights::NONE,
    });
    let line = |what: &&str| Line {
        what: (*what).to_owned(),
        days: "30".to_owned(),
        ..Line::default()
    };
    let ask = Ask {
        beneficiary: id,
        lines: whats.iter().map(line).collect(),
        reason: "The close of the quarter: I stand in for Kim until the end of it.".to_owned(),
    };
    let request = requests::submit(app.service(), &cx, &ask)
        .await
        .expect("a request");
    let found = requests::read(app.service(), &cx, request)
        .await
        .expect("the request");
    let items = found.items.iter().map(|item| item.item.id).collect();
    (request, items)
}

pub(crate) fn router(app: &TestApp) -> axum::Router {
    edge::router(
        Arc::clone(app.service()),
        &edge::Config {
            public_url: "https://bailiwick.example.com".into(),
            trusted_proxies: Vec::new(),
        },
    )
}

/// A cookie of somebody's session.
pub(crate) async fn sign_in(router: &axum::Router, username: &str) -> String {
    let body = format!("username={username}&password={PASSWORD}");
    let answer = call(router, &Method::POST, "/sign-in", "", &body).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{username} signs in"
    );
    let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
    let session = cookies
        .filter_map(|value| value.to_str().ok())
        .filter_map(|cookie| cookie.split(';').next())
        .find(|cookie| cookie.contains("session="));
    session.expect("a session cookie").to_owned()
}

pub(crate) async fn call(
    router: &axum::Router,
    method: &Method,
    path: &str,
    cookie: &str,
    body: &str,
) -> http::Response<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "bailiwick.example.com")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request");
    router.clone().oneshot(request).await.expect("an answer")
}

/// The text of a page.
pub(crate) async fn text(answer: http::Response<Body>) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), 4_000_000)
        .await
        .expect("a body");
    String::from_utf8_lossy(&bytes).into_owned()
}
