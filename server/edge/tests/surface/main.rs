//! Every page, called by everyone: who may do what is a table beside this file, and a page that is not in it fails.
//!
//! After a change that is meant, `BAILIWICK_BLESS=1 cargo test -p edge` writes the table anew; read its difference.

mod fixture;

use axum::body::Body;
use domain::permission::ConsoleRight;
use http::{Method, Request, StatusCode, header};

use service::Service;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use testkit::{Engine, PASSWORD, TestApp};
use tower::ServiceExt as _;

use fixture::{Fixture, fixture};

/// A username and the rights behind it.
type Who = (&'static str, &'static [ConsoleRight]);

/// Name of the column and the username behind it; without one nobody is signed in.
const ROLES: &[(&str, Option<Who>)] = &[
    ("anonymous", None),
    ("employee", Some(("eve.employee", &[]))),
    ("manager", Some(("max.manager", &[]))),
    ("auditor", Some(("ada.auditor", &[ConsoleRight::Audit]))),
    (
        "people",
        Some(("ida.identities", &[ConsoleRight::ManageIdentities])),
    ),
    (
        "access",
        Some(("amy.access", &[ConsoleRight::ManageAccessModel])),
    ),
    (
        "administrator",
        Some(("kim.lee", &[ConsoleRight::Administer])),
    ),
];

/// Pages of a campaign that has begun; the others are of one that is starting.
const BEGUN: [&str; 8] = [
    "/decide",
    "/submit",
    "/receipt/",
    "/smaller/",
    "/evidence",
    "/sample",
    "/items/",
    "/auditors",
];

fn fill(path: &str, fixture: &Fixture) -> String {
    let id = match path.split('/').nth(1) {
        Some("roles") if path.starts_with("/roles/discover/") => &fixture.discovery,
        Some("people") => &fixture.person,
        Some("applications") => &fixture.application,
        Some("sources") => &fixture.source,
        Some("runs") => &fixture.run,
        Some("jobs") => &fixture.job,
        Some("roles") => &fixture.model.role,
        Some("rules") => &fixture.model.rule,
        Some("reviews") if path.starts_with("/reviews/definitions/") => &fixture.model.review,
        Some("reviews") if BEGUN.iter().any(|page| path.contains(page)) => &fixture.campaign,
        Some("reviews") => &fixture.model.campaign,
        Some("flows") => &fixture.model.flow,
        Some("assignments" | "me") => &fixture.model.assignment,
        Some("exclusions") => &fixture.model.exclusion,
        Some("inbox") => &fixture.asked.item,
        Some("requests") => &fixture.asked.request,
        Some("tasks") => &fixture.asked.task,
        Some("api") if path.contains("/jobs/") => &fixture.job,
        Some("api") if path.contains("/reviews/") => &fixture.campaign,
        _ => &fixture.entitlement,
    };
    // The holders of an entitlement.
    path.replace("{list}/{of}", &format!("access/{}", fixture.entitlement))
        .replace("{id}", id)
        .replace("{entry}", "0")
        .replace("{one}", &fixture.model.role)
        .replace("{other}", &fixture.model.role)
        .replace("{entitlement}", &fixture.entitlement)
        .replace("{what}", &fixture.entitlement)
        .replace("{seq}", "1")
        .replace("{number}", "1")
        .replace("/auditor/{token}", &format!("/auditor/{}", fixture.links.1))
        .replace("{token}", "0000")
        .replace("{link}", &fixture.links.0)
        .replace("{seed}/{size}", "7/1")
        .replace(
            "{step}",
            if path.starts_with("/rules/") {
                "observe"
            } else {
                "suspend"
            },
        )
        .replace("{leaf}", "0")
        .replace("{list}", "audit")
        .replace("{table}", "reviews")
}

async fn call(
    router: &axum::Router,
    method: &Method,
    path: &str,
    cookie: Option<&str>,
    body: &str,
) -> http::Response<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "bailiwick.example.com");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    if *method == Method::POST {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let request = request
        .body(Body::from(body.to_owned()))
        .expect("a request");
    router.clone().oneshot(request).await.expect("an answer")
}

async fn sign_in(router: &axum::Router, username: &str) -> String {
    let body = format!("username={username}&password={PASSWORD}");
    let answer = call(router, &Method::POST, "/sign-in", None, &body).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{username} can sign in: {:?}",
        answer.headers()
    );
    let cookies = answer
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let session = cookies
        .filter_map(|cookie| cookie.split(';').next())
        .find(|cookie| cookie.contains("session="));
    session.expect("a session cookie").to_owned()
}

fn router(service: &Arc<Service>) -> axum::Router {
    edge::router(
        Arc::clone(service),
        &edge::Config {
            public_url: "https://bailiwick.example.com".into(),
            trusted_proxies: Vec::new(),
        },
    )
}

/// What a status means in the table. A form without its fields that comes back is permitted.
fn word(status: StatusCode, location: &str) -> String {
    match status {
        StatusCode::SEE_OTHER if location.starts_with("/sign-in") => "sign-in".to_owned(),
        StatusCode::SEE_OTHER => "done".to_owned(),
        StatusCode::OK => "ok".to_owned(),
        StatusCode::UNPROCESSABLE_ENTITY => "form".to_owned(),
        StatusCode::NOT_FOUND => "hidden".to_owned(),
        StatusCode::FORBIDDEN => "forbidden".to_owned(),
        StatusCode::CONFLICT => "conflict".to_owned(),
        other => other.as_u16().to_string(),
    }
}

#[tokio::test]
async fn every_page_answers_everyone_as_the_table_says() {
    let app = TestApp::new(Engine::Sqlite).await;
    let fixture = fixture(&app).await;
    let router = router(app.service());
    let mut surface = app::surface();
    surface.sort_by(|a, b| (a.1, a.0.as_str()).cmp(&(b.1, b.0.as_str())));
    let mut table = format!("{:<38}", "");
    for (role, _) in ROLES {
        write!(table, " {role:<13}").expect("writes to a string");
    }
    for (method, path) in surface {
        write!(table, "\n{:<38}", format!("{method} {path}")).expect("writes to a string");
        for (_, role) in ROLES {
            // Signed in anew each time: some pages end the session.
            let cookie = match role {
                Some((username, _)) => Some(sign_in(&router, username).await),
                None => None,
            };
            // A bulk act without anybody in it would be refused for that alone.
            let bulk = match path {
                "/people/bulk" => format!("act=suspend&id={}", fixture.person),
                "/assignments/bulk" => format!("act=suspend&id={}", fixture.model.assignment),
                _ => String::new(),
            };
            let (query, body) = if method == Method::GET && !bulk.is_empty() {
                (format!("?{bulk}"), "")
            } else {
                (String::new(), bulk.as_str())
            };
            let answer = call(
                &router,
                &method,
                &format!("{}{query}", fill(path, &fixture)),
                cookie.as_deref(),
                body,
            )
            .await;
            let location = answer
                .headers()
                .get(header::LOCATION)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            write!(table, " {:<13}", word(answer.status(), location)).expect("writes to a string");
        }
    }
    let table = table
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
        + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/permissions.txt");
    if std::env::var_os("BAILIWICK_BLESS").is_some() {
        std::fs::write(&file, &table).expect("the table can be written");
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        table,
        expected,
        "somebody may do something else than before: compare with {}",
        file.display()
    );
    app.finish().await;
}

#[tokio::test]
async fn a_request_from_another_site_changes_nothing() {
    let app = TestApp::new(Engine::Sqlite).await;
    fixture(&app).await;
    let router = router(app.service());
    let cookie = sign_in(&router, "kim.lee").await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = Request::post("/people/new")
            .header(header::HOST, "bailiwick.example.com")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value)
            .body(Body::from("display_name=Mal&username=mal&kind=employee"))
            .expect("a request");
        let answer = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}");
    }
    assert!(
        app.service()
            .store()
            .read()
            .await
            .expect("reads")
            .identity_by_username("mal")
            .await
            .expect("reads")
            .is_none()
    );
    app.finish().await;
}

#[tokio::test]
async fn every_answer_carries_its_headers() {
    let app = TestApp::new(Engine::Sqlite).await;
    fixture(&app).await;
    let router = router(app.service());
    for path in [
        "/sign-in",
        "/healthz",
        "/readyz",
        "/nowhere",
        "/assets/nothing.js",
    ] {
        let answer = call(&router, &Method::GET, path, None, "").await;
        let get = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(get("x-content-type-options"), "nosniff", "{path}");
        assert!(
            get("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(
            get("strict-transport-security").contains("max-age"),
            "{path}"
        );
        assert!(!get("x-request-id").is_empty(), "{path}");
    }
    let page = call(&router, &Method::GET, "/sign-in", None, "").await;
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        policy.contains("'nonce-") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    assert_eq!(page.headers()["cache-control"], "no-store");
}
