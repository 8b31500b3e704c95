//! An import that is killed in the middle goes on to the same end.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use domain::source::FileKind::{
    Access, Accounts, Applications, Entitlements, Identities, RoleMembers, Roles,
};
use domain::source::ImportMode::Snapshot;
use domain::source::RunState;
use service::imports::{self, Outcome, Progress, Worker};
use testkit::both_apps;

use crate::kit::{done, lines, stage, totals};

/// Polls a future so many times and then drops it; whether it came to its end.
pub(crate) async fn killed_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut left = polls;
    let mut future = pin!(future);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

struct Company {
    people: String,
    entitlements: String,
    access: String,
    roles: String,
    members: String,
}

fn company() -> Company {
    let people = lines((0..2100).map(|n| {
        format!(
            "user{n},{}\n",
            if n == 0 {
                String::new()
            } else {
                format!("user{}", n / 10)
            }
        )
    }));
    let entitlements = lines((0..50).map(|n| format!("crm,right{n}\n")));
    let access = lines((0..5200).map(|n| format!("user{},crm,right{}\n", n % 2050, n / 2050)));
    let roles = lines((0..40).map(|n| {
        if n < 25 {
            format!("role{n},,crm,right{n}\n")
        } else {
            format!("role{n},role{},,\n", n - 1)
        }
    }));
    let members = lines((0..300).map(|n| format!("user{n},role{}\n", n % 40)));
    Company {
        people: format!("username,manager\n{people}"),
        entitlements: format!("application,entitlement\n{entitlements}"),
        access: format!("username,application,entitlement\n{access}"),
        roles: format!("role,includes_role,application,entitlement\n{roles}"),
        members: format!("username,role\n{members}"),
    }
}

#[tokio::test]
async fn ten_kills_lose_nothing_and_double_nothing() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let company = company();
        let files: &[_] = &[
            (Identities, &*company.people),
            (Applications, "application\ncrm\n"),
            (Entitlements, &*company.entitlements),
            (Roles, &*company.roles),
            (RoleMembers, &*company.members),
            (Access, &*company.access),
        ];
        let id = stage(app.service(), &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        let checked = done(
            imports::check(app.service(), &cx, id, &Progress::silent())
                .await
                .expect("a check"),
        );
        let mut kills = 0;
        let mut polls = 20;
        let run = loop {
            let progress = Progress::silent();
            match killed_after(
                polls,
                imports::apply(
                    app.service(),
                    &cx,
                    id,
                    None,
                    Worker::named("a test"),
                    &progress,
                ),
            )
            .await
            {
                Some(outcome) => break done(outcome.expect("an apply")),
                None => kills += 1,
            }
            polls += 8;
        };
        assert!(kills >= 10, "only {kills} kills");
        assert_eq!(
            (run.state, &run.totals),
            (RunState::Applied, &checked.totals)
        );
        assert_eq!(totals(&run, Identities), [2100, 2100, 0, 0, 0, 0]);
        assert_eq!(totals(&run, Accounts), [0, 2050, 0, 0, 0, 0]);
        assert_eq!(totals(&run, Access), [5200, 5200, 0, 0, 0, 0]);
        assert_eq!(totals(&run, RoleMembers), [300, 300, 0, 0, 0, 0]);
        let again = crate::kit::import(app.service(), &cx, "hr", Snapshot, files).await;
        assert_eq!(again.records, 0);
    })
    .await;
}

#[tokio::test]
async fn a_run_that_is_stopped_goes_on_and_one_that_was_not_applied_can_be_called_off() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let files: &[_] = &[(Identities, "username\nana\n")];
        let id = stage(app.service(), &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        let stopped = Progress::new(
            |_| {},
            std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true)),
        );
        assert_eq!(
            imports::check(app.service(), &cx, id, &Progress::silent())
                .await
                .map(|outcome| done(outcome).state)
                .ok(),
            Some(RunState::Checked)
        );
        assert_eq!(
            imports::apply(
                app.service(),
                &cx,
                id,
                None,
                Worker::named("a test"),
                &stopped
            )
            .await
            .ok(),
            Some(Outcome::Stopped)
        );
        imports::cancel(app.service(), &cx, id)
            .await
            .expect("cancelled");
        assert!(
            imports::apply(
                app.service(),
                &cx,
                id,
                None,
                Worker::named("a test"),
                &Progress::silent()
            )
            .await
            .is_err()
        );
        // While one run is checked another is applied: the check is no longer true.
        let early = stage(app.service(), &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        imports::check(app.service(), &cx, early, &Progress::silent())
            .await
            .expect("a check");
        crate::kit::import(app.service(), &cx, "hr", Snapshot, files).await;
        let late = imports::apply(
            app.service(),
            &cx,
            early,
            None,
            Worker::named("a test"),
            &Progress::silent(),
        )
        .await;
        assert!(late.is_err_and(|error| error.to_string().contains("Check it again")));
    })
    .await;
}
