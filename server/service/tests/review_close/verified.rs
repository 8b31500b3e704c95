//! From the decision to access that is really gone.

use domain::review::{Choice, RemedyState, Staged};
use domain::source::ImportMode::Snapshot;
use domain::task::TaskState;
use domain::time::{DAY, HOUR};
use service::{Error, reviews, tasks};
use testkit::both_apps;

use crate::kit::Kit;

#[tokio::test]
async fn revoked_access_ends_after_the_grace_window_and_only_a_later_reading_verifies_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        let post = kit.item(id, kit.ana, kit.post).await;
        let pay = kit.item(id, kit.ana, kit.pay).await;
        let by_role = kit.item(id, kit.ben, kit.post).await;
        kit.choose(id, post, Choice::Revoke).await;
        kit.choose(id, pay, Choice::Revoke).await;
        let kept = kit.item(id, kit.cy, kit.pay).await;
        kit.choose(id, kept, Choice::Keep).await;
        kit.close(id).await;
        // Nothing has ended, and it can be closed once only.
        let again = reviews::close(app.service(), &kit.admin, id, "Again").await;
        assert!(matches!(again, Err(Error::State(_))), "{again:?}");
        assert!(kit.work().await);
        assert!(
            !kit.work().await,
            "it waits for the end of the grace window"
        );
        let all = kit.remedies(id).await;
        assert_eq!(all.len(), 3, "what nobody answered is revoked");
        assert!(all.iter().all(|one| one.state == RemedyState::Decided));
        assert!(kit.has(kit.ana, kit.post).await && kit.has(kit.ana, kit.pay).await);
        reviews::restore(app.service(), &kit.admin, id, &[by_role], "Ben needs it")
            .await
            .expect("it is restored");
        // Files that were taken before it ended say nothing about that.
        app.clock().advance(HOUR);
        let early = kit.staged(Snapshot, "cy,sap,pay\n").await;
        app.clock().advance(DAY);
        assert!(kit.work().await);
        assert!(!kit.has(kit.ana, kit.post).await && !kit.has(kit.ana, kit.pay).await);
        assert!(kit.has(kit.ben, kit.post).await && kit.has(kit.cy, kit.pay).await);
        let all = kit.remedies(id).await;
        let of = |item| all.iter().find(|one| one.item == item).expect("a remedy");
        assert_eq!(of(by_role).state, RemedyState::Restored);
        for item in [post, pay] {
            assert_eq!(
                (of(item).state, of(item).remains),
                (RemedyState::Sent, false)
            );
            assert!(of(item).task.is_some(), "somebody takes it away in SAP");
        }
        let late = reviews::restore(app.service(), &kit.admin, id, &[post], "Too late").await;
        assert!(matches!(late, Err(Error::State(_))), "{late:?}");
        let task = of(pay).task.expect("a task");
        tasks::do_one(app.service(), &kit.olga, task, "Taken away")
            .await
            .expect("done");
        assert_eq!(kit.state(id, pay).await, Some(RemedyState::Acknowledged));
        kit.apply(early).await;
        assert_eq!(kit.state(id, post).await, Some(RemedyState::Sent));
        assert_eq!(kit.state(id, pay).await, Some(RemedyState::Acknowledged));
        // It is still there, whatever somebody said.
        app.clock().advance(HOUR);
        kit.read(Snapshot, "ana,sap,pay\ncy,sap,pay\n").await;
        assert_eq!(kit.state(id, post).await, Some(RemedyState::Verified));
        assert_eq!(kit.state(id, pay).await, Some(RemedyState::Sent));
        let found = tasks::read(app.service(), &kit.admin, task).await;
        let open = found.expect("the task").object.task.content.state;
        assert_eq!(open, TaskState::Open);
        assert!(
            !kit.has(kit.ana, kit.pay).await,
            "it is left over, not given"
        );
        kit.read(Snapshot, "cy,sap,pay\n").await;
        assert_eq!(kit.state(id, pay).await, Some(RemedyState::Verified));
        let seen = reviews::progress(app.service(), &kit.admin, id)
            .await
            .expect("how far it is");
        assert_eq!(seen.remedies_in(RemedyState::Verified), 2);
        assert_eq!((seen.open, seen.remaining()), (0, 0));
        let page = reviews::pending(app.service(), &kit.admin, id, RemedyState::Verified, 0, 1)
            .await
            .expect("a page");
        assert_eq!(page.rows.len(), 1);
        assert_eq!(
            (page.rows[0].holder.as_str(), page.next),
            ("Ana", Some(page.rows[0].remedy.item))
        );
    })
    .await;
}

#[tokio::test]
async fn what_remains_in_another_way_is_said_and_what_is_changed_ends_on_its_day() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.give(kit.ben, "sap/post").await;
        let id = kit.launched(|_| {}).await;
        let ben = kit.item(id, kit.ben, kit.post).await;
        let ana = kit.item(id, kit.ana, kit.pay).await;
        let post = kit.item(id, kit.ana, kit.post).await;
        kit.choose(id, ben, Choice::Revoke).await;
        let until = app.service().now().plus(5 * DAY);
        for item in [ana, post] {
            let staged = Staged {
                until: Some(until),
                ..Staged::of(Choice::Change)
            };
            kit.decide(id, item, staged).await;
        }
        let kept = kit.item(id, kit.cy, kit.pay).await;
        kit.choose(id, kept, Choice::Keep).await;
        kit.close(id).await;
        kit.work().await;
        app.clock().advance(DAY + HOUR);
        kit.work().await;
        let all = kit.remedies(id).await;
        let of = |item| all.iter().find(|one| one.item == item).expect("a remedy");
        assert!(of(ben).remains, "{:?}", of(ben));
        assert!(kit.has(kit.ben, kit.post).await);
        for (item, what) in [(ana, kit.pay), (post, kit.post)] {
            assert_eq!((of(item).sent, of(item).remains), (Some(until), false));
            assert!(kit.has(kit.ana, what).await);
        }
        // A reading before its day says nothing.
        kit.read(Snapshot, "cy,sap,pay\n").await;
        assert_eq!(kit.state(id, ana).await, Some(RemedyState::Sent));
        app.clock().advance(5 * DAY);
        service::housekeeping::round(app.service()).await;
        assert!(!kit.has(kit.ana, kit.pay).await && !kit.has(kit.ana, kit.post).await);
        kit.read(Snapshot, "cy,sap,pay\n").await;
        assert_eq!(kit.state(id, ana).await, Some(RemedyState::Verified));
        assert_eq!(kit.state(id, post).await, Some(RemedyState::Verified));
    })
    .await;
}
