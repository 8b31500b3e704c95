//! What people are told: in the bell of whom it concerns, by mail as they chose, and what happens when no mail gets through.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use domain::id::IdentityId;
use domain::identity::IdentityDraft;
use domain::page::Position;
use domain::permission::{Actor, ConsoleRight};
use domain::time::{DAY, HOUR, MINUTE, SECOND};
use service::jobs::{self, handlers};
use service::notifications::{
    self, Delivery, Letter, Notice, NoticeKind, Post, Posted, Posting, Which,
};
use service::{Cx, Error, housekeeping, people};
use testkit::{Engine, TestApp, both_apps};

/// A mail server that says what it is told to say, and keeps what it took.
#[derive(Debug, Default)]
struct Office {
    says: Mutex<Option<Posted>>,
    taken: Mutex<Vec<Letter>>,
    calls: Mutex<usize>,
}

impl Post for Office {
    fn send<'a>(&'a self, letter: &'a Letter) -> Posting<'a> {
        Box::pin(async move {
            *self.calls.lock().expect("no panic") += 1;
            let says = self.says.lock().expect("no panic").clone();
            let says = says.unwrap_or(Posted::Taken);
            if says == Posted::Taken {
                self.taken.lock().expect("no panic").push(letter.clone());
            }
            says
        })
    }
}

impl Office {
    fn say(&self, says: Posted) {
        *self.says.lock().expect("no panic") = Some(says);
    }

    fn taken(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.taken.lock().expect("no panic"))
    }

    fn calls(&self) -> usize {
        std::mem::take(&mut *self.calls.lock().expect("no panic"))
    }
}

async fn both_posting(test: impl AsyncFn(&TestApp, &Office)) {
    for engine in Engine::ALL {
        let office = Arc::new(Office::default());
        let app = TestApp::posting(*engine, Arc::clone(&office) as Arc<dyn Post>).await;
        notifications::announce(app.service())
            .await
            .expect("mail is on");
        test(&app, &office).await;
        app.finish().await;
    }
}

/// A person with this address.
async fn reachable(app: &TestApp, name: &str, email: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: name.to_lowercase(),
        display_name: name.to_owned(),
        email: email.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(app.service(), &Cx::of(Actor::CommandLine), &draft).await;
    app.clock().advance(SECOND);
    id.expect("a new person")
}

fn as_person(id: IdentityId) -> Cx {
    Cx::of(Actor::Person {
        id,
        rights: domain::permission::Rights::NONE,
    })
}

fn notice(to: IdentityId, kind: NoticeKind, title: &str) -> Notice {
    Notice {
        to,
        kind,
        object: to.into(),
        title: title.to_owned(),
        text: "For three months, to close the books.".to_owned(),
        path: "/inbox".to_owned(),
    }
}

async fn tell(app: &TestApp, notices: &[Notice]) {
    let mut tx = app.db().write().await;
    notifications::tell(&mut tx, notices).await.expect("told");
    tx.commit_unaudited("a test").await.expect("a commit");
}

/// Carries out every job that waits.
async fn work(app: &TestApp) {
    let handlers = handlers();
    while let Some(work) = jobs::claim(app.service(), &handlers)
        .await
        .expect("the queue")
    {
        let ended = handlers
            .run(Arc::clone(app.service()), Arc::clone(&work))
            .await;
        jobs::settle(app.service(), &work, ended)
            .await
            .expect("it is written down");
    }
}

async fn pass(app: &TestApp, micros: i64) {
    app.clock().advance(micros);
    housekeeping::round(app.service()).await;
    work(app).await;
}

async fn titles(app: &TestApp, cx: &Cx, which: Which) -> Vec<String> {
    let found = notifications::list(app.service(), cx, which, &Position::Start).await;
    let rows = found.expect("a list").page.rows;
    rows.into_iter().map(|row| row.title).collect()
}

const UNREAD: Which = Which {
    kind: None,
    unread: true,
};

#[tokio::test]
async fn without_a_mail_server_people_read_it_in_the_console_and_only_they() {
    both_apps(async |app| {
        let admin = app.welcome().await;
        let ana = reachable(app, "Ana", "ana@example.com").await;
        let nobody = IdentityId::from_raw(9_999);
        tell(app, &[]).await;
        let all = ["One", "Two"].map(|title| notice(ana, NoticeKind::ApprovalWaiting, title));
        tell(app, &all).await;
        tell(
            app,
            &[
                notice(nobody, NoticeKind::Escalated, "Nobody"),
                notice(ana, NoticeKind::Escalated, "Three"),
            ],
        )
        .await;
        let me = as_person(ana);
        assert_eq!(
            titles(app, &me, Which::default()).await,
            ["Three", "Two", "One"]
        );
        assert!(titles(app, &admin, Which::default()).await.is_empty());
        let service = app.service();
        let rows = notifications::list(service, &me, UNREAD, &Position::Start).await;
        let rows = rows.expect("a list");
        let second = rows.page.rows[1].id;
        let other = notifications::open(service, &admin, second).await;
        assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
        let path = notifications::open(service, &me, second).await;
        assert_eq!(path.expect("its page"), "/inbox");
        notifications::open(service, &me, second)
            .await
            .expect("once more");
        assert_eq!(titles(app, &me, UNREAD).await, ["Three", "One"]);
        let newest = rows.newest.expect("the newest");
        tell(app, &[notice(ana, NoticeKind::Escalated, "Meanwhile")]).await;
        let read = notifications::mark_all_read(service, &me, newest).await;
        assert_eq!(read.expect("read"), 2);
        assert_eq!(
            titles(app, &me, UNREAD).await,
            ["Meanwhile"],
            "nobody saw that one"
        );
        let outgoing = notifications::outgoing(service, &admin)
            .await
            .expect("nothing goes out");
        assert_eq!((outgoing.is_on, outgoing.waiting_count), (false, 0));
        let refused = notifications::outgoing(service, &me).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        work(app).await;
    })
    .await;
}

#[tokio::test]
async fn mail_goes_out_at_once_in_a_summary_or_not_at_all_as_people_chose() {
    both_posting(async |app, office| {
        app.welcome().await;
        housekeeping::round(app.service()).await;
        let ana = reachable(app, "Ana", "ana@example.com").await;
        let me = as_person(ana);
        let chosen = HashMap::from([
            (NoticeKind::TaskAssigned, Delivery::Digest),
            (NoticeKind::Escalated, Delivery::App),
            (NoticeKind::Test, Delivery::App),
        ]);
        let service = app.service();
        notifications::save_settings(service, &me, &chosen)
            .await
            .expect("saved");
        let settings = notifications::settings(service, &me)
            .await
            .expect("settings");
        assert!(settings.mail_is_on && settings.address == "ana@example.com");
        assert!(
            settings
                .kinds
                .contains(&(NoticeKind::TaskAssigned, Delivery::Digest))
        );
        assert!(
            settings
                .kinds
                .contains(&(NoticeKind::ApprovalWaiting, Delivery::Now))
        );
        let all = [
            notice(
                ana,
                NoticeKind::ApprovalWaiting,
                "Ben Ode asks for Post invoice",
            ),
            notice(ana, NoticeKind::TaskAssigned, "Set up Post invoice"),
            notice(ana, NoticeKind::Escalated, "Only here"),
            notice(ana, NoticeKind::TaskAssigned, "Set up Approve payment"),
            notice(ana, NoticeKind::TaskAssigned, "Set up nothing"),
        ];
        tell(app, &all).await;
        work(app).await;
        let taken = office.taken();
        assert_eq!(taken.len(), 1);
        let letter = &taken[0];
        assert_eq!(letter.subject, "Ben Ode asks for Post invoice");
        assert_eq!(
            (letter.name.as_str(), letter.address.as_str()),
            ("Ana", "ana@example.com")
        );
        assert_eq!(letter.items[0].url, "https://bailiwick.example.com/inbox");
        assert_eq!(
            letter.settings_url,
            "https://bailiwick.example.com/me/notifications"
        );
        assert!(!letter.digest);
        let rows = notifications::list(service, &me, UNREAD, &Position::Start).await;
        let last = rows.expect("a list").page.rows[0].id;
        notifications::open(service, &me, last)
            .await
            .expect("read in the console");
        // The first run of the tests is at ten in Lisbon or later; the next morning is less than a day away.
        pass(app, DAY).await;
        let taken = office.taken();
        assert_eq!(taken.len(), 1, "{taken:?}");
        assert!(taken[0].digest);
        assert_eq!(taken[0].subject, "Set up Post invoice, and 1 more");
        assert_eq!(taken[0].items.len(), 2);
        pass(app, DAY).await;
        assert_eq!(office.taken(), [], "there is nothing to tell");
        let usual = HashMap::from([(NoticeKind::TaskAssigned, Delivery::Now)]);
        notifications::save_settings(service, &me, &usual)
            .await
            .expect("saved");
        tell(
            app,
            &[notice(ana, NoticeKind::TaskAssigned, "Set up once more")],
        )
        .await;
        work(app).await;
        assert_eq!(office.taken().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_tried_later_and_each_person_gets_it_once() {
    both_posting(async |app, office| {
        let admin = app.welcome().await;
        let ana = reachable(app, "Ana", "ana@example.com").await;
        let ben = reachable(app, "Ben", "ben@example.com").await;
        office.say(Posted::Unreachable("nobody answers".to_owned()));
        tell(
            app,
            &[ana, ben].map(|to| notice(to, NoticeKind::Escalated, "Late")),
        )
        .await;
        work(app).await;
        assert_eq!(office.calls(), 1, "one attempt says that nobody answers");
        let service = app.service();
        let outgoing = notifications::outgoing(service, &admin)
            .await
            .expect("what waits");
        assert_eq!((outgoing.waiting_count, outgoing.failed_count), (2, 0));
        assert_eq!(
            outgoing.waiting[0].failure.as_deref(),
            Some("nobody answers")
        );
        pass(app, MINUTE / 2).await;
        assert_eq!(office.calls(), 0);
        pass(app, MINUTE).await;
        assert_eq!(office.calls(), 1);
        office.say(Posted::Later("mailbox busy".to_owned()));
        pass(app, 5 * MINUTE).await;
        assert_eq!(office.calls(), 2);
        office.say(Posted::Taken);
        pass(app, HOUR).await;
        let mut to: Vec<String> = office
            .taken()
            .into_iter()
            .map(|letter| letter.address)
            .collect();
        to.sort();
        assert_eq!(to, ["ana@example.com", "ben@example.com"]);
        pass(app, DAY).await;
        assert_eq!(office.taken(), []);
        let outgoing = notifications::outgoing(service, &admin)
            .await
            .expect("what waits");
        assert_eq!((outgoing.waiting_count, outgoing.failed_count), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_is_refused_or_waited_three_days_is_shown_and_can_be_sent_again() {
    both_posting(async |app, office| {
        let admin = app.welcome().await;
        let ana = reachable(app, "Ana", "ana@example.com").await;
        let me = as_person(ana);
        let service = app.service();
        office.say(Posted::Refused("550 no such user".to_owned()));
        tell(app, &[notice(ana, NoticeKind::Escalated, "Refused")]).await;
        work(app).await;
        pass(app, HOUR).await;
        assert_eq!(
            office.calls(),
            1,
            "what is refused for good is not tried again"
        );
        let failed = notifications::outgoing(service, &admin)
            .await
            .expect("it failed")
            .failed;
        assert_eq!(failed[0].failure.as_deref(), Some("550 no such user"));
        assert_eq!(failed[0].address.as_deref(), Some("ana@example.com"));
        let shown = notifications::settings(service, &me)
            .await
            .expect("settings")
            .failed;
        assert_eq!(shown.as_ref(), failed.first());
        let other = app.someone("Cy Tran", &[ConsoleRight::Audit]).await;
        let refused = notifications::send_again(service, &other, failed[0].id).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        office.say(Posted::Unreachable("nobody answers".to_owned()));
        notifications::send_again(service, &admin, failed[0].id)
            .await
            .expect("tried again");
        let twice = notifications::send_again(service, &admin, failed[0].id).await;
        assert!(matches!(twice, Err(Error::NotFound)), "{twice:?}");
        work(app).await;
        for _ in 0..70 {
            pass(app, HOUR + MINUTE).await;
        }
        assert_eq!(office.calls(), 71);
        assert_eq!(
            notifications::outgoing(service, &admin)
                .await
                .expect("read")
                .failed_count,
            0
        );
        pass(app, 2 * HOUR).await;
        let failed = notifications::outgoing(service, &admin)
            .await
            .expect("given up")
            .failed;
        assert_eq!(failed[0].failure.as_deref(), Some("nobody answers"));
        office.say(Posted::Taken);
        notifications::send_again(service, &admin, failed[0].id)
            .await
            .expect("tried again");
        work(app).await;
        assert_eq!(office.taken().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_test_message_arrives_like_any_other_and_ten_thousand_are_told_at_once() {
    both_posting(async |app, office| {
        let admin = app.welcome().await;
        notifications::send_test(app.service(), &admin)
            .await
            .expect("sent");
        work(app).await;
        let taken = office.taken();
        assert_eq!(taken[0].address, "kim.lee@example.com");
        assert_eq!(taken[0].organisation, "Example");
        let me = admin.me().expect("Kim");
        let many: Vec<Notice> = (0..10_000)
            .map(|n| notice(me, NoticeKind::Escalated, &format!("Notice {n}")))
            .collect();
        let chosen = HashMap::from([(NoticeKind::Escalated, Delivery::Digest)]);
        notifications::save_settings(app.service(), &admin, &chosen)
            .await
            .expect("saved");
        tell(app, &many).await;
        let odd = Notice {
            path: "https://example.com".to_owned(),
            ..many[0].clone()
        };
        let mut tx = app.db().write().await;
        let refused = notifications::tell(&mut tx, &[odd]).await;
        assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
        drop(tx);
        let rows =
            notifications::list(app.service(), &admin, Which::default(), &Position::Start).await;
        assert_eq!(rows.expect("a list").page.total, 10_001);
    })
    .await;
}
