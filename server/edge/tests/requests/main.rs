//! Requests over HTTP: what a person who decides gets to see, also when others decide at the same moment.

mod kit;

use domain::approval::Happened;
use domain::permission::Actor;
use domain::request::ItemState;
use http::{Method, StatusCode, header};
use service::{Cx, requests};
use testkit::{Engine, TestApp};

use kit::{administrator, ask, call, person, router, sign_in, text, things};

/// Deciders on one item at once.
const DECIDERS: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn of_64_who_decide_at_once_one_counts_and_the_others_are_late_without_an_error_page() {
    for engine in Engine::ALL {
        let app = TestApp::new(*engine).await;
        app.welcome().await;
        person(&app, "Olga Berg", "").await;
        // Who has no manager is decided on by the administrators, any of them.
        let ana = person(&app, "Ana Silva", "").await;
        things(&app, &[("post", "Post invoice", "")]).await;
        let mut cookies = Vec::with_capacity(DECIDERS);
        let router = router(&app);
        for n in 0..DECIDERS {
            let username = administrator(&app, n).await;
            cookies.push(sign_in(&router, &username).await);
        }
        let (_, items) = ask(&app, ana, &["sap/post"]).await;
        let cookie = cookies[0].clone();
        let path = format!("/inbox/{}", items[0]);
        let sent = cookies.into_iter().enumerate().map(|(n, cookie)| {
            let (router, path) = (router.clone(), path.clone());
            tokio::spawn(async move {
                let body = format!("act=reject&reject_note=No&idem=key-{n}");
                let answer = call(&router, &Method::POST, &path, &cookie, &body).await;
                let location = answer.headers().get(header::LOCATION);
                let to = location.and_then(|to| to.to_str().ok()).unwrap_or_default();
                (answer.status(), to.to_owned(), text(answer).await)
            })
        });
        let mut late = 0;
        for one in sent.collect::<Vec<_>>() {
            let (status, to, page) = one.await.expect("an answer");
            assert_eq!(
                status,
                StatusCode::SEE_OTHER,
                "nobody gets an error page: {page}"
            );
            // Who came too late is led to what was decided.
            late += usize::from(to == path);
        }
        assert_eq!(late, DECIDERS - 1, "one counts");
        let operator = Cx::of(Actor::CommandLine);
        let found = requests::item(app.service(), &operator, items[0]).await;
        let found = found.expect("the item");
        assert_eq!(found.item.content.state, ItemState::Rejected);
        let of = |wanted: fn(&Happened) -> bool| {
            found.events.iter().filter(|one| wanted(&one.what)).count()
        };
        assert_eq!(of(|what| matches!(what, Happened::Decided { .. })), 1);
        assert_eq!(
            of(|what| matches!(what, Happened::TooLate { .. })),
            DECIDERS - 1
        );
        let page = text(call(&router, &Method::GET, &path, &cookie, "").await).await;
        assert!(page.contains("rejected it"), "the page says how it ended");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_form_with_a_mistake_comes_back_open_with_what_was_typed() {
    let app = TestApp::new(Engine::Sqlite).await;
    app.welcome().await;
    person(&app, "Olga Berg", "").await;
    person(&app, "Bo Lind", "").await;
    let ana = person(&app, "Ana Silva", "bo.lind").await;
    things(&app, &[("post", "Post invoice", "high")]).await;
    let (_, items) = ask(&app, ana, &["sap/post"]).await;
    let router = router(&app);
    let cookie = sign_in(&router, "bo.lind").await;
    let path = format!("/inbox/{}", items[0]);
    let body = "act=change&shorter=90&change_note=Only+this+month&idem=k";
    let answer = call(&router, &Method::POST, &path, &cookie, body).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(answer).await;
    assert!(page.contains("Only this month"), "the note is kept");
    assert!(
        page.contains("href=\"#f-shorter\""),
        "the summary leads there"
    );
    // What is risky is not approved in a heap.
    let bulk = format!("/inbox/bulk?act=approve&id={}", items[0]);
    let page = text(call(&router, &Method::GET, &bulk, &cookie, "").await).await;
    assert!(page.contains("decide it by itself"));
    let body = "act=change&shorter=10&idem=k2";
    let answer = call(&router, &Method::POST, &path, &cookie, body).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    app.finish().await;
}

#[tokio::test]
async fn one_of_two_is_given_for_30_days_and_gone_afterwards_and_its_page_tells_the_whole_story() {
    let app = TestApp::new(Engine::Sqlite).await;
    app.welcome().await;
    person(&app, "Olga Berg", "").await;
    person(&app, "Bo Lind", "").await;
    let ana = person(&app, "Ana Silva", "bo.lind").await;
    let things_asked = [("post", "Post invoice", ""), ("pay", "Approve payment", "")];
    things(&app, &things_asked).await;
    let (request, items) = ask(&app, ana, &["sap/post", "sap/pay"]).await;
    let router = router(&app);
    let decide = async |username: &str, at: usize, body: &str| {
        let cookie = sign_in(&router, username).await;
        let path = format!("/inbox/{}", items[at]);
        let answer = call(&router, &Method::POST, &path, &cookie, body).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{username}");
        app.clock().advance(domain::time::SECOND);
    };
    let page = async |username: &str, path: &str| {
        let cookie = sign_in(&router, username).await;
        text(call(&router, &Method::GET, path, &cookie, "").await).await
    };
    assert!(
        page("bo.lind", "/inbox")
            .await
            .contains("2 things wait for you")
    );
    decide("bo.lind", 0, "act=approve&idem=one").await;
    decide(
        "bo.lind",
        1,
        "act=reject&reject_note=Kim+does+this&idem=two",
    )
    .await;
    assert!(
        page("bo.lind", "/inbox")
            .await
            .contains("Nothing waits for you")
    );
    decide("olga.berg", 0, "act=approve&idem=three").await;
    let access = format!("/people/{ana}/access");
    let has = page("ana.silva", &access).await;
    assert!(has.contains("Post invoice") && !has.contains("Approve payment"));
    app.clock().advance(32 * domain::time::DAY);
    assert!(
        !page("ana.silva", &access).await.contains("Post invoice"),
        "it is gone"
    );
    let story = page("ana.silva", &format!("/requests/{request}")).await;
    for said in [
        "Bo Lind agreed",
        "Olga Berg agreed",
        "Bo Lind rejected",
        "Kim does this",
        "The access was given, and has ended",
    ] {
        assert!(story.contains(said), "the page says “{said}”");
    }
    app.finish().await;
}
