//! Who a row means: keys, renames, names used again, and people whom several sources know.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Poll;

use domain::identity::{Identity, IdentityStatus};
use domain::source::FileKind::{Access, Applications, Entitlements, Identities};
use domain::source::ImportMode::{Delta, Snapshot};
use domain::source::RunState;
use service::imports::{self, Progress, Worker};
use service::people;
use testkit::{TestApp, both_apps};

use crate::kit::{done, import, lines, places, problems, stage, totals};

pub(crate) async fn person(app: &TestApp, username: &str) -> Identity {
    let found = app
        .db()
        .read()
        .await
        .identity_by_username(username)
        .await
        .expect("reads");
    found.unwrap_or_else(|| panic!("nobody is called {username}"))
}

#[tokio::test]
async fn managers_come_before_their_reports_whatever_the_order_of_the_lines() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let file = "username,manager,cost centre\nana,ben,12\nben,cy,\ncy,,\n";
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, file)]).await;
        assert_eq!(totals(&run, Identities), [3, 3, 0, 0, 0, 0]);
        let (ana, ben, cy) = (
            person(app, "ana").await,
            person(app, "ben").await,
            person(app, "cy").await,
        );
        assert_eq!(
            (ana.content.manager, ben.content.manager, cy.content.manager),
            (Some(ben.id), Some(cy.id), None)
        );
        assert_eq!(
            ana.content
                .attributes
                .get("cost centre")
                .map(String::as_str),
            Some("12")
        );
        let again = import(app.service(), &cx, "hr", Snapshot, &[(Identities, file)]).await;
        assert_eq!(totals(&again, Identities), [3, 0, 0, 0, 3, 0]);
        assert_eq!(again.records, 0);
    })
    .await;
}

#[tokio::test]
async fn unknown_managers_and_circles_are_left_empty_and_reported() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let file = "username,manager\na,b\nb,c\nc,a\nd,a\ne,nobody\nf,f\n";
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, file)]).await;
        assert_eq!(totals(&run, Identities), [6, 6, 0, 0, 0, 0]);
        let mut found = places(app.service(), &cx, &run).await;
        found.sort();
        let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 6, 7]);
        assert!(found.iter().all(|(_, column)| column == "manager"));
        assert_eq!(
            person(app, "d").await.content.manager,
            Some(person(app, "a").await.id)
        );
        assert_eq!(person(app, "a").await.content.manager, None);
    })
    .await;
}

#[tokio::test]
async fn a_rename_keeps_the_person_and_names_can_be_swapped() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let before = "external_id,username\n1,ana\n2,ben\n3,cy\n";
        import(app.service(), &cx, "hr", Snapshot, &[(Identities, before)]).await;
        let (ana, ben) = (person(app, "ana").await.id, person(app, "ben").await.id);
        // The first two swap their names, the third gives its to somebody new.
        let after = "external_id,username\n4,cy\n1,ben\n2,ana\n3,cyrus\n";
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, after)]).await;
        assert_eq!(totals(&run, Identities), [4, 1, 3, 0, 0, 0]);
        assert_eq!(
            (person(app, "ben").await.id, person(app, "ana").await.id),
            (ana, ben)
        );
        assert_ne!(person(app, "cy").await.id, person(app, "cyrus").await.id);
    })
    .await;
}

#[tokio::test]
async fn a_username_used_again_after_its_owner_left_is_somebody_new() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let many = lines((10..40).map(|n| format!("{n},user{n}\n")));
        let before = format!("external_id,username\n1,ana\n{many}");
        import(app.service(), &cx, "hr", Snapshot, &[(Identities, &before)]).await;
        let old = person(app, "ana").await.id;
        let after = format!("external_id,username\n2,ana\n{many}");
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, &after)]).await;
        assert_eq!(totals(&run, Identities), [31, 1, 0, 1, 30, 0]);
        assert_ne!(person(app, "ana").await.id, old);
        let gone = app
            .db()
            .read()
            .await
            .identity(old)
            .await
            .expect("reads")
            .expect("stays");
        assert_eq!(gone.content.status, IdentityStatus::Ended);
        // In mode delta nobody leaves, so the name is still taken.
        let run = import(
            app.service(),
            &cx,
            "hr",
            Delta,
            &[(Identities, "external_id,username\n3,ANA\n")],
        )
        .await;
        assert_eq!(totals(&run, Identities), [1, 0, 0, 0, 0, 1]);
    })
    .await;
}

#[tokio::test]
async fn the_first_source_governs_and_others_follow() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, "username,email,title\nana,ana@x.org,Chief\n")],
        )
        .await;
        let ana = person(app, "ana").await;
        // Another source calls her otherwise and knows her by mail; what it says of her changes nothing.
        let directory: &[_] = &[
            (Identities, "username,email,title\na.silva,ANA@x.org,Boss\n"),
            (Applications, "application\nmail\n"),
            (Entitlements, "application,entitlement\nmail,send\n"),
            (
                Access,
                "username,application,entitlement\na.silva,mail,send\n",
            ),
        ];
        let run = import(app.service(), &cx, "ad", Snapshot, directory).await;
        assert_eq!(totals(&run, Identities), [1, 0, 1, 0, 0, 0]);
        assert_eq!(totals(&run, Access), [1, 1, 0, 0, 0, 0]);
        assert_eq!(person(app, "ana").await, ana);
        let again = import(app.service(), &cx, "ad", Snapshot, directory).await;
        assert_eq!(again.records, 0);
        // It knows her name also when only access comes.
        let run = import(app.service(), &cx, "ad", Snapshot, &directory[3..]).await;
        assert_eq!(totals(&run, Access), [1, 0, 0, 0, 1, 0]);
        // And when she is gone there, she stays here.
        let other = "username,email,title\nzed,zed@x.org,\n";
        let run = import(app.service(), &cx, "ad", Snapshot, &[(Identities, other)]).await;
        assert_eq!(totals(&run, Identities), [1, 1, 0, 0, 0, 0]);
        assert_eq!(
            person(app, "ana").await.content.status,
            IdentityStatus::Active
        );
    })
    .await;
}

#[tokio::test]
async fn whom_nobody_can_tell_waits_for_a_decision() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(
                Identities,
                "username,email\nana,team@x.org\nben,team@x.org\n",
            )],
        )
        .await;
        let file: &[_] = &[(
            Identities,
            "external_id,username,email\n7,asilva,team@x.org\n8,ana,ben@x.org\n",
        )];
        let run = import(app.service(), &cx, "ad", Snapshot, file).await;
        assert_eq!(totals(&run, Identities), [2, 0, 1, 0, 0, 1]);
        let queue = imports::waiting(app.service(), &cx, None, None)
            .await
            .expect("a queue");
        assert_eq!(queue.links.len(), 1);
        let waits = &queue.links[0];
        assert_eq!((waits.key.as_str(), waits.candidates.len()), ("7", 2));
        let ben = person(app, "ben").await.id;
        imports::decide(app.service(), &cx, waits.source, &waits.key, Some(ben))
            .await
            .expect("decided");
        let run = import(app.service(), &cx, "ad", Snapshot, file).await;
        assert_eq!(totals(&run, Identities), [2, 0, 0, 0, 2, 0]);
        assert!(
            imports::waiting(app.service(), &cx, None, None)
                .await
                .expect("a queue")
                .links
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn somebody_new_can_be_the_answer() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(
                Identities,
                "username,email\nana,team@x.org\nben,team@x.org\n",
            )],
        )
        .await;
        let file: &[_] = &[(Identities, "external_id,username,email\n7,cy,team@x.org\n")];
        import(app.service(), &cx, "ad", Snapshot, file).await;
        let queue = imports::waiting(app.service(), &cx, None, None)
            .await
            .expect("a queue");
        imports::decide(app.service(), &cx, queue.links[0].source, "7", None)
            .await
            .expect("decided");
        let run = import(app.service(), &cx, "ad", Snapshot, file).await;
        assert_eq!(totals(&run, Identities), [1, 1, 0, 0, 0, 0]);
        assert_eq!(person(app, "cy").await.content.external_id, "7");
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_here_is_not_undone_by_a_file_that_repeats_itself() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let file: &[_] = &[(Identities, "username,status\nana,active\nben,active\n")];
        import(app.service(), &cx, "hr", Snapshot, file).await;
        let (ana, ben) = (person(app, "ana").await.id, person(app, "ben").await.id);
        people::suspend(app.service(), &cx, ana, "Under inquiry")
            .await
            .expect("suspended");
        let end = people::End {
            reason: "Left at once".to_owned(),
            last_day: None,
        };
        people::end(app.service(), &cx, ben, &end)
            .await
            .expect("ended");
        let run = import(app.service(), &cx, "hr", Snapshot, file).await;
        assert_eq!(
            person(app, "ana").await.content.status,
            IdentityStatus::Suspended
        );
        let ended = app
            .db()
            .read()
            .await
            .identity(ben)
            .await
            .expect("reads")
            .expect("stays");
        assert_eq!(ended.content.status, IdentityStatus::Ended);
        assert_eq!(
            totals(&run, Identities)[5],
            0,
            "{:?}",
            problems(app.service(), &cx, &run).await
        );
        // A last day that is over ends a person whatever the status says.
        let run = import(
            app.service(),
            &cx,
            "hr",
            Delta,
            &[(
                Identities,
                "username,status,end_date\nana,active,2020-01-31\n",
            )],
        )
        .await;
        assert_eq!(totals(&run, Identities), [1, 0, 1, 0, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_username_in_other_letters_is_the_same_key() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let first: &[_] = &[(Identities, "username\nana\nJosé\n")];
        import(app.service(), &cx, "hr", Snapshot, first).await;
        let before = person(app, "ana").await;
        let other: &[_] = &[(Identities, "username\nANA\njosé\n")];
        let run = import(app.service(), &cx, "hr", Snapshot, other).await;
        assert_eq!(totals(&run, Identities), [2, 0, 2, 0, 0, 0]);
        let after = person(app, "ana").await;
        assert_eq!(
            (after.id, after.content.username.as_str()),
            (before.id, "ANA")
        );
        assert_eq!(after.content.external_id, "ana");
        // The same person twice in a file, too.
        let twice: &[_] = &[(Identities, "username\nana\nAna\n")];
        let run = import(app.service(), &cx, "hr", Delta, twice).await;
        assert_eq!(totals(&run, Identities)[5], 1);
    })
    .await;
}

#[tokio::test]
async fn a_decision_wins_over_an_import_that_began_before_it() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let both = "username,email\nana,team@x.org\nben,team@x.org\n";
        import(service, &cx, "hr", Snapshot, &[(Identities, both)]).await;
        let file: &[_] = &[(
            Identities,
            "external_id,username,email\n7,asilva,team@x.org\n",
        )];
        import(service, &cx, "ad", Snapshot, file).await;
        // From now on the address is only Ana's, and the file would link her.
        let moved = "username,email\nben,ben@x.org\n";
        import(service, &cx, "hr", Delta, &[(Identities, moved)]).await;
        let (ana, ben) = (person(app, "ana").await.id, person(app, "ben").await.id);
        let run = stage(service, &cx, "ad", Snapshot, file)
            .await
            .expect("staged");
        let checked = imports::check(service, &cx, run, &Progress::silent()).await;
        let source = done(checked.expect("a check")).source;
        let read: Arc<AtomicBool> = Arc::default();
        let seen = Arc::clone(&read);
        let progress = Progress::new(move |_| seen.store(true, SeqCst), Arc::default());
        let worker = Worker::named("a test");
        let mut apply = pin!(imports::apply(service, &cx, run, None, worker, &progress));
        poll_fn(|context| match apply.as_mut().poll(context) {
            Poll::Ready(_) => panic!("it was through before anybody could decide"),
            Poll::Pending if read.load(SeqCst) => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        })
        .await;
        imports::decide(service, &cx, source, "7", Some(ben))
            .await
            .expect("decided");
        let run = done(apply.await.expect("applied"));
        assert_eq!(run.state, RunState::Applied, "{}", run.message);
        let mut tx = app.db().read().await;
        let of_ben = tx.links_of(ben).await.expect("reads");
        assert!(of_ben.iter().any(|link| link.source == source));
        let of_ana = tx.links_of(ana).await.expect("reads");
        assert!(of_ana.iter().all(|link| link.source != source));
    })
    .await;
}
