//! Jobs in the console, without scripts: asked for, followed, paused, resumed, and the file at the end.

#[path = "../imports/browser.rs"]
#[expect(
    dead_code,
    reason = "the browser of the tests can do more than these need"
)]
mod browser;

use browser::{Browser, work};
use domain::id::{IdentityId, ObjectKind};
use domain::permission::{Actor, ConsoleRight};
use http::StatusCode;
use service::passwords::set_by_link;
use service::{Cx, people};
use testkit::{Engine, PASSWORD, TestApp, a_person, an_event, both_apps};

/// Somebody with these rights who can sign in; answers the username.
async fn with_password(app: &TestApp, name: &str, rights: &[ConsoleRight]) -> String {
    let cx = app.someone(name, rights).await;
    let id = cx.me().expect("a person");
    let link = people::link(app.service(), &Cx::of(Actor::CommandLine), id).await;
    let link = link.expect("a link").url;
    let token = link.rsplit('/').next().expect("a token");
    let nobody = Cx::of(Actor::Anonymous);
    set_by_link(app.service(), &nobody, token, PASSWORD, PASSWORD)
        .await
        .expect("a password");
    name.to_lowercase().replace(' ', ".")
}

/// What the page without scripts does while the job is not over.
const REFRESH: &str = "<noscript><meta http-equiv=\"refresh\" content=\"5\"";

#[tokio::test]
async fn a_file_is_asked_for_followed_stopped_and_fetched() {
    both_apps(async |app| {
        app.welcome().await;
        let kim = Browser::signed_in(app.service(), "kim.lee").await;
        let offer = kim
            .get("/exports/people?q=status%3Aactive&sort=-name")
            .await;
        assert_eq!(offer.status, StatusCode::OK);
        assert!(
            offer.body.contains("name=\"q\" value=\"status:active\""),
            "{}",
            offer.body
        );
        assert!(
            offer
                .body
                .contains("href=\"/people?q=status%3Aactive&amp;sort=-name\"")
        );
        let fields = [
            ("q", "status:active"),
            ("sort", "-name"),
            ("view", "Active"),
        ];
        let asked = kim.post("/exports/people", &fields).await;
        let job = asked.leads().to_owned();

        let page = kim.get(&job).await;
        let text = page.text();
        for part in [
            "Export: People, Active",
            "Waiting",
            "Pause",
            "Cancel",
            "Kim Lee",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert!(page.body.contains(REFRESH) && !text.contains("Download"));
        let json = kim.get(&format!("/api{job}")).await;
        assert!(json.body.contains("\"state\":\"queued\""), "{}", json.body);
        let list = kim.get("/jobs?q=state%3Aopen").await;
        assert!(list.body.contains(&job), "{}", list.text());

        let paused = kim.post(&format!("{job}/pause"), &[("idem", "1")]).await;
        assert_eq!(paused.leads(), job);
        work(app.service()).await;
        let text = kim.get(&job).await.text();
        assert!(text.contains("Paused") && text.contains("Resume"), "{text}");
        kim.post(&format!("{job}/resume"), &[("idem", "2")])
            .await
            .leads();
        work(app.service()).await;
        let page = kim.get(&job).await;
        let text = page.text();
        assert!(text.contains("Done") && text.contains("Download"), "{text}");
        assert!(
            !page.body.contains("http-equiv") && !text.contains("Cancel"),
            "{text}"
        );
        let file = kim.get(&format!("{job}/file")).await;
        assert!(file.body.starts_with("id,username,"), "{}", file.body);
        assert!(file.body.contains("kim.lee@example.com"), "{}", file.body);
        let late = kim.post(&format!("{job}/cancel"), &[("idem", "3")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_job_of_somebody_else_is_not_there_and_an_auditor_only_looks() {
    both_apps(async |app| {
        app.welcome().await;
        let ana = with_password(app, "Ana Silva", &[]).await;
        let ben = with_password(app, "Ben Ode", &[]).await;
        let ada = with_password(app, "Ada Audit", &[ConsoleRight::Audit]).await;
        let ana = Browser::signed_in(app.service(), &ana).await;
        let job = ana.post("/exports/people", &[]).await.leads().to_owned();
        let ben = Browser::signed_in(app.service(), &ben).await;
        for path in [job.clone(), format!("{job}/file"), format!("/api{job}")] {
            assert_eq!(ben.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!ben.get("/jobs").await.body.contains(&job));
        let refused = ben.post(&format!("{job}/cancel"), &[]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let audit = ben.get("/exports/audit").await;
        assert_eq!(audit.status, StatusCode::FORBIDDEN);
        assert_eq!(
            ben.get("/exports/nothing").await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(ben.get("/jobs/idn_x").await.status, StatusCode::NOT_FOUND);

        let ada = Browser::signed_in(app.service(), &ada).await;
        let text = ada.get(&job).await.text();
        assert!(
            text.contains("Export: People") && !text.contains("Pause"),
            "{text}"
        );
        let refused = ada.post(&format!("{job}/pause"), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let nobody = Browser::new(app.service());
        let answer = nobody.get(&job).await;
        assert!(answer.leads().starts_with("/sign-in"));
        let answer = nobody.get(&format!("/api{job}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn above_ten_thousand_rows_the_list_offers_the_job_and_the_file_has_them_all() {
    let app = TestApp::new(Engine::Sqlite).await;
    app.welcome().await;
    for first in (0_i64..10_005).step_by(250) {
        let count = (10_005 - first).min(250);
        let mut tx = app.db().write().await;
        let id = tx.next_ids(ObjectKind::Identity, count).await.expect("ids");
        let people: Vec<_> = (0..count)
            .map(|n| {
                let name = format!("Person {:05}", first + n);
                (IdentityId::from_raw(id + n), a_person(&name).build())
            })
            .collect();
        let targets = tx.insert_identities(&people).await.expect("people");
        let event = an_event(domain::audit::AuditAction::IdentityCreated, targets);
        tx.commit(event, Vec::new()).await.expect("a commit");
    }
    let kim = Browser::signed_in(app.service(), "kim.lee").await;
    let list = kim.get("/people?q=kind%3Aemployee").await;
    assert_eq!(
        list.link("/exports/people"),
        "/exports/people?q=kind%3Aemployee"
    );
    let direct = kim.get("/people/export.csv?q=kind%3Aemployee").await;
    assert_eq!(direct.leads(), "/exports/people?q=kind%3Aemployee");
    let fields = [("q", "kind:employee"), ("cols", "username")];
    let job = kim
        .post("/exports/people", &fields)
        .await
        .leads()
        .to_owned();
    work(app.service()).await;
    let text = kim.get(&job).await.text();
    assert!(text.contains("Done"), "{text}");
    let file = kim.get(&format!("{job}/file")).await.body;
    assert!(file.starts_with("id,username\r\n"));
    let mut names: Vec<_> = file
        .lines()
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    assert_eq!(names.len(), 1 + 1 + 10_005);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 1 + 1 + 10_005);
    app.finish().await;
}
