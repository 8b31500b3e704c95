//! Lists in the browser without scripts: panels, views, columns, and acts on all that match.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use domain::identity::IdentityDraft;
use domain::permission::Actor;
use http::{Method, Request, StatusCode, header};
use service::{Cx, Service, people};
use testkit::{Engine, PASSWORD, TestApp};
use tower::ServiceExt as _;

struct Browser {
    router: axum::Router,
    cookie: String,
}

struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

impl Browser {
    async fn signed_in(service: &Arc<Service>, username: &str) -> Self {
        let config = edge::Config {
            public_url: "https://bailiwick.example.com".into(),
            trusted_proxies: Vec::new(),
        };
        let mut browser = Self {
            router: edge::router(Arc::clone(service), &config),
            cookie: String::new(),
        };
        let form = format!("username={username}&password={PASSWORD}");
        browser.cookie = browser.send(Method::POST, "/sign-in", &form).await.1;
        browser
    }

    async fn send(&self, method: Method, path: &str, form: &str) -> (Answer, String) {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, "bailiwick.example.com")
            .header(header::COOKIE, &self.cookie);
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request
            .body(Body::from(form.to_owned()))
            .expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let text = |name: header::HeaderName| {
            let value = response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let cookie = text(header::SET_COOKIE);
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let (status, location) = (response.status(), text(header::LOCATION));
        let bytes = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body");
        let body = String::from_utf8(bytes.to_vec()).expect("text");
        (
            Answer {
                status,
                location,
                body,
            },
            cookie,
        )
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await.0
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        self.send(Method::POST, path, form).await.0
    }
}

/// The console with Kim, who administers it, and a crowd.
async fn with_crowd(count: usize) -> (TestApp, Browser) {
    let app = TestApp::new(Engine::Sqlite).await;
    app.welcome().await;
    for n in 0..count {
        let draft = IdentityDraft {
            username: format!("crowd.{n:03}"),
            display_name: format!("Crowd Person {n:03}"),
            department: "Stores".into(),
            kind: "employee".into(),
            ..IdentityDraft::default()
        };
        people::create(app.service(), &Cx::of(Actor::CommandLine), &draft)
            .await
            .expect("a person");
    }
    let browser = Browser::signed_in(app.service(), "kim.lee").await;
    (app, browser)
}

/// The values of a hidden field.
fn hidden(body: &str, name: &str) -> Vec<String> {
    let tags = body
        .split("<input")
        .filter_map(|rest| rest.split('>').next());
    let named = tags.filter(|tag| tag.contains(&format!("name=\"{name}\"")));
    let values = named.filter_map(|tag| tag.split("value=\"").nth(1)?.split('"').next());
    values.map(str::to_owned).collect()
}

fn count(body: &str, part: &str) -> usize {
    body.matches(part).count()
}

#[tokio::test]
async fn a_panel_stands_beside_the_list_and_keeps_all_of_its_address() {
    let (app, kim) = with_crowd(30).await;
    let list = kim.get("/people?q=crowd&size=25&sort=-name").await;
    assert_eq!(count(&list.body, "class=\"peek\""), 25);
    assert_eq!(count(&list.body, "class=\"panel\""), 0);
    let link = list
        .body
        .split("panel=")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let id = link.expect("a link to a panel").to_owned();
    let open = kim
        .get(&format!("/people?q=crowd&size=25&sort=-name&panel={id}"))
        .await;
    assert_eq!(open.status, StatusCode::OK);
    assert_eq!(count(&open.body, "class=\"panel\""), 1);
    for part in [
        "id=\"panel-title\"",
        "autofocus",
        "Open full page",
        &format!("href=\"/people/{id}\""),
        &format!("href=\"/people?q=crowd&amp;sort=-name&amp;size=25#row-{id}\""),
        "aria-label=\"Next row\"",
    ] {
        assert!(open.body.contains(part), "{part} is missing");
    }
    for nobody in ["idn_nobody", "app_86Rf07xd4z"] {
        let missing = kim.get(&format!("/people?panel={nobody}")).await;
        assert_eq!(missing.status, StatusCode::OK);
        assert!(missing.body.contains("Nothing to show beside the list"));
        assert!(
            missing.body.contains("Crowd Person 000"),
            "the list is there"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_view_is_saved_marked_when_it_changes_reset_and_deleted() {
    let (app, kim) = with_crowd(2).await;
    let asked = kim.get("/views/new?list=people&query=q%3Dcrowd").await;
    assert!(
        asked.body.contains("People: crowd"),
        "what is saved is said"
    );
    let empty = kim
        .post("/views/new", "list=people&query=q%3Dcrowd&name=")
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("The name is missing"));
    let saved = kim
        .post(
            "/views/new",
            "list=people&query=q%3Dcrowd%26after%3Dx&name=My+crowd&shared=on",
        )
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let (base, query) = saved
        .location
        .split_once("?view=")
        .expect("the view is in the address");
    let (id, kept) = query.split_once('&').expect("and what it shows");
    assert_eq!((base, kept), ("/people", "q=crowd"));
    let shown = kim.get(&saved.location).await;
    assert_eq!(count(&shown.body, "tab-dot"), 0);
    assert!(shown.body.contains("Edit view") && shown.body.contains("My crowd"));
    let changed = kim
        .get(&format!("/people?view={id}&q=crowd+kind%3Aemployee"))
        .await;
    assert_eq!(count(&changed.body, "tab-dot"), 1);
    assert!(changed.body.contains("Reset") && changed.body.contains("Save as…"));
    let form = "act=save&query=q%3Dcrowd%2Bkind%253Aemployee";
    let written = kim.post(&format!("/views/{id}"), form).await;
    assert_eq!(
        written.location,
        format!("/people?view={id}&q=crowd+kind%3Aemployee")
    );
    let again = kim.get(&written.location).await;
    assert_eq!(count(&again.body, "tab-dot"), 0);
    let gone = kim.post(&format!("/views/{id}"), "act=delete").await;
    assert_eq!(gone.location, "/people");
    assert!(!kim.get("/people").await.body.contains("My crowd"));
    app.finish().await;
}

#[tokio::test]
async fn columns_are_chosen_moved_kept_and_in_the_file() {
    let (app, kim) = with_crowd(1).await;
    let order = "list=people&query=q%3Dcrowd&order=status&order=department&order=email";
    let shown = kim
        .post(
            "/views/columns",
            &format!("{order}&col=email&col=status&act=show"),
        )
        .await;
    assert_eq!(shown.location, "/people?q=crowd&cols=status%2Cemail");
    let moved = kim
        .post(
            "/views/columns",
            &format!("{order}&col=email&col=status&up=email"),
        )
        .await;
    assert_eq!(
        moved.location,
        "/people?q=crowd&cols=email%2Cstatus&arrange=1"
    );
    let page = kim.get(&moved.location).await;
    let table = page.body.split("<thead").nth(1).expect("a table");
    let heads: Vec<_> = ["Person", "E-mail", "Status"]
        .map(|head| table.find(&format!(">{head}<")))
        .into();
    assert!(heads.is_sorted() && heads[0].is_some(), "{heads:?}");
    assert_eq!(count(&page.body, "data-label=\"Department\""), 0);
    let choice = page
        .body
        .split("class=\"columns\"")
        .next()
        .unwrap_or_default();
    assert!(choice.ends_with("<details open ") || page.body.contains("class=\"columns\" open"));
    let file = "/people/export.csv?q=crowd&amp;cols=username%2Cdisplay_name%2Cemail%2Cstatus";
    assert!(
        page.body.contains(&format!("href=\"{file}\"")),
        "the export has the same columns"
    );
    let csv = kim.get(&file.replace("&amp;", "&")).await;
    let head = csv.body.lines().next().unwrap_or_default().to_owned();
    assert_eq!(head, "id,username,display_name,email,status");
    let kept = kim
        .post("/views/columns", &format!("{order}&col=email&act=keep"))
        .await;
    assert_eq!(kept.location, "/people?q=crowd");
    let mine = kim.get("/people").await.body;
    assert!(mine.contains(">E-mail<"), "{mine}");
    assert_eq!(
        count(&mine, "data-label=\"Department\""),
        0,
        "the columns that were kept, and no others"
    );
    kim.post("/views/columns", &format!("{order}&act=usual"))
        .await;
    assert!(kim.get("/people").await.body.contains(">Department<"));
    app.finish().await;
}

#[tokio::test]
async fn an_act_on_all_that_match_needs_the_set_that_was_looked_at() {
    let (app, kim) = with_crowd(30).await;
    let list = kim.get("/people?q=crowd&size=25").await;
    assert!(
        list.body.contains("All 30 matching"),
        "more than the page shows"
    );
    let preview = kim.get("/people/bulk?matching=1&q=crowd&act=suspend").await;
    assert!(preview.body.contains("Suspend 30 people?"));
    let mark = hidden(&preview.body, "mark").pop().expect("a mark");
    let idem = hidden(&preview.body, "idem").pop().expect("a key");
    let form = |mark: &str| {
        format!(
            "matching=1&q=crowd&act=suspend&reason=Stocktaking&count=30&mark={mark}&idem={idem}"
        )
    };
    let draft = IdentityDraft {
        username: "crowd.late".into(),
        display_name: "Crowd Latecomer".into(),
        kind: "employee".into(),
        ..IdentityDraft::default()
    };
    people::create(app.service(), &Cx::of(Actor::CommandLine), &draft)
        .await
        .expect("a person");
    let refused = kim.post("/people/bulk", &form(&mark)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused
            .body
            .contains("The list has changed since you looked")
    );
    assert!(
        kim.get("/people?q=crowd+status%3Asuspended")
            .await
            .body
            .contains("Nobody matches")
    );
    let mark = hidden(&refused.body, "mark").pop().expect("another mark");
    let done = kim.post("/people/bulk", &form(&mark)).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.body.contains("All 31 done."), "each with its result");
    let again = kim.get("/people/bulk?matching=1&q=crowd&act=suspend").await;
    let mark = hidden(&again.body, "mark").pop().expect("a mark");
    let idem = hidden(&again.body, "idem").pop().expect("a key");
    let form = format!("matching=1&q=crowd&act=suspend&reason=Again&mark={mark}&idem={idem}");
    let same = kim.post("/people/bulk", &form).await;
    assert!(same.body.contains("0 done, 31 unchanged."));
    app.finish().await;
}

#[tokio::test]
async fn very_many_become_a_job() {
    let (app, kim) = with_crowd(205).await;
    let preview = kim.get("/people/bulk?matching=1&q=crowd&act=suspend").await;
    let mark = hidden(&preview.body, "mark").pop().expect("a mark");
    let form = format!("matching=1&q=crowd&act=suspend&reason=Stocktaking&mark={mark}&idem=key");
    let asked = kim.post("/people/bulk", &form).await;
    assert!(
        asked.location.starts_with("/jobs/job_"),
        "{}",
        asked.location
    );
    let job = kim.get(&asked.location).await;
    assert!(job.body.contains("Suspend 205 people"));
    app.finish().await;
}
