//! What people are told: many at a time, newest first, read by whoever was told; and how it reaches them.

use std::collections::HashMap;

use domain::context::Clock;
use domain::id::{IdentityId, MailId, NotificationId, ObjectKind};
use domain::identity::IdentityStatus;
use domain::notice::{Delivery, MailState, NoticeKind};
use domain::page::Position;
use domain::time::{DAY, HOUR, MINUTE};
use storage::WriteTx;
use storage::notifications::{MailFate, Mailed, NewMail, NewNotification, Reach, Which};
use storage::sessions::Session;
use testkit::{START, TestStore, a_person, both_engines};

use crate::jobs::kept;
use crate::support::{people, person};

fn notice(id: i64, to: IdentityId, kind: NoticeKind) -> NewNotification {
    NewNotification {
        id: NotificationId::from_raw(id),
        identity: to,
        kind,
        object: to.into(),
        title: format!("Notice {id} “Ü”"),
        text: "One line.\nAnother\u{0}".to_owned(),
        path: "/inbox".to_owned(),
        digest: false,
        mail: None,
    }
}

async fn told(db: &TestStore, notices: &[NewNotification]) {
    let mut tx = db.write().await;
    tx.insert_notifications(notices).await.expect("notices");
    kept(tx).await;
}

async fn ids(db: &TestStore, who: IdentityId, which: Which, position: Position) -> Vec<i64> {
    let page = db
        .read()
        .await
        .notifications(who, which, &position, 2)
        .await;
    let rows = page.expect("a page").rows;
    rows.into_iter().map(|row| row.id.raw()).collect()
}

fn cursor(id: i64) -> String {
    NotificationId::from_raw(id).to_string()
}

#[tokio::test]
async fn somebody_reads_their_own_notifications_newest_first_in_both_directions() {
    both_engines(async |db| {
        let [ana, ben] = two(db).await;
        let mut all: Vec<_> = (1..=5)
            .map(|id| notice(id, ana, NoticeKind::ApprovalWaiting))
            .collect();
        all.push(notice(6, ben, NoticeKind::ApprovalWaiting));
        all.push(notice(7, ana, NoticeKind::TaskAssigned));
        told(db, &all).await;
        let any = Which::default();
        assert_eq!(ids(db, ana, any, Position::Start).await, [7, 5]);
        assert_eq!(ids(db, ana, any, Position::After(cursor(5))).await, [4, 3]);
        assert_eq!(ids(db, ana, any, Position::Before(cursor(3))).await, [5, 4]);
        assert_eq!(
            ids(db, ana, any, Position::After("odd".to_owned())).await,
            [7, 5]
        );
        let tasks = Which {
            kind: Some(NoticeKind::TaskAssigned),
            unread: true,
        };
        assert_eq!(ids(db, ana, tasks, Position::Start).await, [7]);
        let mut tx = db.read().await;
        let page = tx
            .notifications(ana, any, &Position::Start, 2)
            .await
            .unwrap();
        assert_eq!(
            (page.before, page.after, page.total),
            (None, Some(cursor(5)), 6)
        );
        let last = tx
            .notifications(ana, any, &Position::After(cursor(3)), 2)
            .await
            .unwrap();
        assert_eq!((last.before, last.after), (Some(cursor(2)), None));
        let row = tx
            .notification(NotificationId::from_raw(7))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (row.identity, row.object, row.read),
            (ana, ana.into(), None)
        );
        assert_eq!(
            (row.title.as_str(), row.path.as_str()),
            ("Notice 7 “Ü”", "/inbox")
        );
        assert_eq!(row.text, "One line.\nAnother\u{fffd}");
        assert_eq!(
            tx.notification(NotificationId::from_raw(9)).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_read_is_no_longer_counted_and_only_one_s_own_can_be_read() {
    both_engines(async |db| {
        let [ana, ben] = two(db).await;
        let all: Vec<_> = (1..=120)
            .map(|id| notice(id, ana, NoticeKind::RequestDecided))
            .collect();
        told(db, &all).await;
        told(db, &[notice(121, ben, NoticeKind::RequestDecided)]).await;
        let mut tx = db.write().await;
        let session = Session {
            id_hash: b"ana".to_vec(),
            identity: ana,
            created: START,
            last_seen: START,
            address: String::new(),
            user_agent: String::new(),
        };
        tx.insert_session(&session).await.unwrap();
        kept(tx).await;
        let unread = async || {
            db.store()
                .visitor(b"ana", START)
                .await
                .unwrap()
                .unwrap()
                .unread
        };
        assert_eq!(
            unread().await,
            storage::visitor::UNREAD_CAP,
            "counted up to a limit"
        );
        let mut tx = db.write().await;
        assert_eq!(
            tx.read_notifications(ana, NotificationId::from_raw(118))
                .await
                .unwrap(),
            118
        );
        assert!(
            tx.read_notification(ana, NotificationId::from_raw(119))
                .await
                .unwrap()
        );
        assert!(
            !tx.read_notification(ana, NotificationId::from_raw(121))
                .await
                .unwrap()
        );
        kept(tx).await;
        assert_eq!(unread().await, 1);
        let only = Which {
            kind: None,
            unread: true,
        };
        assert_eq!(ids(db, ana, only, Position::Start).await, [120]);
        assert_eq!(ids(db, ana, only, Position::Before(cursor(1))).await, [120]);
        let mut tx = db.read().await;
        let first = tx
            .notification(NotificationId::from_raw(119))
            .await
            .unwrap()
            .unwrap();
        drop(tx);
        db.clock().advance(HOUR);
        let mut tx = db.write().await;
        tx.read_notification(ana, first.id).await.unwrap();
        kept(tx).await;
        let again = db
            .read()
            .await
            .notification(first.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(again.read, first.read, "it was read when it was read first");
    })
    .await;
}

#[tokio::test]
async fn old_notifications_are_forgotten_some_at_a_time() {
    both_engines(async |db| {
        let [ana, _] = two(db).await;
        told(
            db,
            &(1..=3)
                .map(|id| notice(id, ana, NoticeKind::TaskAssigned))
                .collect::<Vec<_>>(),
        )
        .await;
        let mut tx = db.write().await;
        tx.read_notification(ana, NotificationId::from_raw(3))
            .await
            .unwrap();
        kept(tx).await;
        let forget = async |read_before, before| {
            let mut tx = db.write().await;
            tx.forget_notifications(read_before, before, 2)
                .await
                .unwrap();
            kept(tx).await;
            ids(db, ana, Which::default(), Position::Start).await
        };
        assert_eq!(forget(START, START).await, [3, 2]);
        assert_eq!(forget(START.plus(DAY), START).await, [2, 1]);
        told(db, &[notice(4, ana, NoticeKind::TaskAssigned)]).await;
        assert_eq!(forget(START, START.plus(DAY)).await, [4]);
    })
    .await;
}

#[tokio::test]
async fn people_are_reached_as_they_chose_and_by_mail_only_at_an_address() {
    both_engines(async |db| {
        let [ana, ben] = two(db).await;
        let gone = a_person("Cy Tran")
            .email("cy@example.com")
            .status(IdentityStatus::Ended);
        let cy = person(db, gone.build()).await;
        let set = async |delivery| {
            let mut tx = db.write().await;
            tx.set_delivery(ana, NoticeKind::Escalated, delivery)
                .await
                .unwrap();
            kept(tx).await;
            let nobody = IdentityId::from_raw(99);
            db.read()
                .await
                .reach(&[ana, ben, cy, nobody])
                .await
                .unwrap()
        };
        let reach = |by_mail, chosen: Option<Delivery>| Reach {
            by_mail,
            chosen: chosen
                .map(|it| (NoticeKind::Escalated, it))
                .into_iter()
                .collect(),
        };
        for delivery in [Delivery::Digest, Delivery::App] {
            let expected = [
                (ana, reach(true, Some(delivery))),
                (ben, reach(false, None)),
                (cy, reach(false, None)),
            ];
            let found = set(Some(delivery)).await;
            assert_eq!(found, HashMap::from(expected));
            assert_eq!(found[&ana].delivery(NoticeKind::Escalated), delivery);
        }
        assert_eq!(set(None).await[&ana], reach(true, None));
    })
    .await;
}

async fn two(db: &TestStore) -> [IdentityId; 2] {
    let ana = a_person("Ana Silva").email("ana@example.com").build();
    let ben = a_person("Ben Ode").email("").build();
    people(db, &[ana, ben])
        .await
        .try_into()
        .expect("two people")
}

fn new_mail(id: i64, identity: IdentityId) -> NewMail {
    NewMail {
        id: MailId::from_raw(id),
        identity,
        digest: false,
    }
}

async fn claimed(db: &TestStore, most: i64) -> Vec<(i64, i64, String, Vec<i64>)> {
    let mut tx = db.write().await;
    let now = tx.recorded();
    let mails = tx
        .claim_mails(now, now.plus(10 * MINUTE), most)
        .await
        .expect("mails");
    kept(tx).await;
    let told = |mail: storage::notifications::DueMail| {
        let notices = mail.notices.iter().map(|notice| notice.id.raw()).collect();
        (mail.id.raw(), mail.attempts, mail.address, notices)
    };
    mails.into_iter().map(told).collect()
}

async fn settle(db: &TestStore, fates: &[(i64, MailFate)]) {
    let mails: Vec<Mailed> = fates
        .iter()
        .map(|(id, fate)| Mailed {
            id: MailId::from_raw(*id),
            address: "ana@example.com".to_owned(),
            fate: fate.clone(),
        })
        .collect();
    let mut tx = db.write().await;
    tx.settle_mails(&mails).await.expect("fates");
    kept(tx).await;
}

async fn put(tx: &mut WriteTx, mails: &[NewMail]) {
    tx.insert_mails(mails).await.expect("mails");
}

#[tokio::test]
async fn a_mail_is_taken_for_a_while_and_comes_up_again_until_it_is_settled() {
    both_engines(async |db| {
        let [ana, ben] = two(db).await;
        let mut tx = db.write().await;
        put(
            &mut tx,
            &[new_mail(1, ana), new_mail(2, ben), new_mail(3, ana)],
        )
        .await;
        let with = |id, mail| NewNotification {
            mail: Some(MailId::from_raw(mail)),
            ..notice(id, ana, NoticeKind::Escalated)
        };
        tx.insert_notifications(&[with(1, 1), with(3, 3), with(2, 3)])
            .await
            .unwrap();
        kept(tx).await;
        assert!(db.read().await.mail_due(START.plus(HOUR)).await.unwrap());
        let to = "ana@example.com".to_owned();
        assert_eq!(
            claimed(db, 2).await,
            [(1, 1, to.clone(), vec![1]), (2, 1, String::new(), vec![])]
        );
        assert_eq!(claimed(db, 2).await, [(3, 1, to.clone(), vec![2, 3])]);
        assert_eq!(claimed(db, 2).await, []);
        let now = db.clock().now();
        assert!(!db.read().await.mail_due(now.plus(MINUTE)).await.unwrap());
        let later = MailFate::Again(now.plus(HOUR), Some("busy “Ü”\u{0}".to_owned()));
        settle(
            db,
            &[
                (1, MailFate::Sent),
                (2, MailFate::Failed("no such address".to_owned())),
                (3, later),
            ],
        )
        .await;
        db.clock().advance(30 * MINUTE);
        assert_eq!(claimed(db, 9).await, []);
        let mut tx = db.read().await;
        let waiting = tx.mails(MailState::Waiting, None, 9).await.unwrap();
        let failed = tx.mails(MailState::Failed, None, 9).await.unwrap();
        assert_eq!(waiting[0].failure.as_deref(), Some("busy “Ü”\u{fffd}"));
        assert_eq!(
            (waiting[0].notices, waiting[0].title.as_str()),
            (2, "Notice 2 “Ü”")
        );
        assert_eq!((waiting[0].ended, waiting[0].attempts), (None, 1));
        assert_eq!(
            (failed[0].name.as_str(), failed[0].identity),
            ("Ben Ode", ben)
        );
        assert!(failed[0].ended.is_some());
        assert_eq!(
            tx.mails(MailState::Failed, Some(failed[0].id), 9)
                .await
                .unwrap(),
            []
        );
        assert_eq!(tx.count_mails(MailState::Sent, 9).await.unwrap(), 1);
        assert_eq!(tx.last_mail_to(ben).await.unwrap(), Some(failed[0].clone()));
        drop(tx);
        db.clock().advance(30 * MINUTE);
        assert_eq!(claimed(db, 9).await, [(3, 2, to, vec![2, 3])]);
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_mails_wait_and_those_that_waited_too_long_are_given_up() {
    both_engines(async |db| {
        let [ana, ben] = two(db).await;
        let mut tx = db.write().await;
        put(&mut tx, &[new_mail(1, ana)]).await;
        kept(tx).await;
        db.clock().advance(2 * DAY);
        let mut tx = db.write().await;
        put(&mut tx, &[new_mail(2, ben)]).await;
        let now = tx.recorded();
        tx.postpone_mails(now.plus(HOUR), now.plus(-DAY), "nobody answers")
            .await
            .unwrap();
        kept(tx).await;
        let mut tx = db.read().await;
        let failed = tx.mails(MailState::Failed, None, 9).await.unwrap();
        assert_eq!(failed[0].id.raw(), 1);
        assert_eq!(failed[0].failure.as_deref(), Some("nobody answers"));
        assert!(!tx.mail_due(now.plus(MINUTE)).await.unwrap());
        assert!(tx.mail_due(now.plus(HOUR)).await.unwrap());
        drop(tx);
        let mut tx = db.write().await;
        assert!(tx.retry_mail(MailId::from_raw(1)).await.unwrap());
        assert!(!tx.retry_mail(MailId::from_raw(2)).await.unwrap());
        kept(tx).await;
        assert_eq!(claimed(db, 9).await.len(), 1, "the one that is tried again");
        let mut tx = db.write().await;
        let before = tx.recorded().plus(1);
        tx.forget_mails(before, 1).await.unwrap();
        tx.drop_mails(&[]).await.unwrap();
        kept(tx).await;
        let count = db.read().await.count_mails(MailState::Waiting, 9).await;
        assert_eq!(count.unwrap(), 1, "some at a time");
        let mut tx = db.write().await;
        let both = [1, 2].map(MailId::from_raw);
        tx.drop_mails(&both).await.unwrap();
        assert_eq!(tx.count_mails(MailState::Waiting, 9).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_summary_takes_what_waits_for_it_and_is_still_unread() {
    both_engines(async |db| {
        let [ana, ben] = two(db).await;
        let mut waiting: Vec<_> = [(1, ana), (2, ana), (3, ben), (4, ana)]
            .map(|(id, to)| NewNotification {
                digest: id != 4,
                ..notice(id, to, NoticeKind::TaskAssigned)
            })
            .to_vec();
        waiting.push(NewNotification {
            digest: true,
            ..notice(5, ana, NoticeKind::TaskAssigned)
        });
        told(db, &waiting).await;
        let mut tx = db.write().await;
        tx.read_notification(ana, NotificationId::from_raw(1))
            .await
            .unwrap();
        assert_eq!(tx.digest_people(9).await.unwrap(), [ana, ben]);
        assert_eq!(tx.digest_people(1).await.unwrap(), [ana]);
        let first = tx.next_ids(ObjectKind::Mail, 1).await.unwrap();
        let mail = NewMail {
            digest: true,
            ..new_mail(first, ana)
        };
        tx.put_into_digests(&[(ana, Some(mail.id)), (ben, None)])
            .await
            .unwrap();
        put(&mut tx, &[mail]).await;
        assert_eq!(tx.digest_people(9).await.unwrap(), []);
        let round = tx.recorded();
        tx.set_digested(round).await.unwrap();
        tx.set_mail_on(true).await.unwrap();
        kept(tx).await;
        let to = "ana@example.com".to_owned();
        assert_eq!(claimed(db, 9).await, [(first, 1, to, vec![2, 5])]);
        let head = db.read().await.mail_head().await.unwrap();
        assert_eq!((head.is_on, head.digested), (true, Some(round)));
    })
    .await;
}

#[tokio::test]
async fn who_was_told_something_is_known() {
    both_engines(async |db| {
        let [ana, ben] = two(db).await;
        told(db, &[notice(1, ana, NoticeKind::ReviewReminder)]).await;
        let since = async |kind, object: IdentityId, moment| {
            let mut tx = db.read().await;
            let found = tx
                .told_since(&[ana, ben], kind, object.into(), moment)
                .await;
            found.expect("people").into_iter().collect::<Vec<_>>()
        };
        let (kind, before) = (NoticeKind::ReviewReminder, START.plus(-DAY));
        assert_eq!(since(kind, ana, before).await, [ana]);
        assert_eq!(since(kind, ben, before).await, []);
        assert_eq!(since(kind, ana, START.plus(DAY)).await, []);
        assert_eq!(since(NoticeKind::Test, ana, before).await, []);
    })
    .await;
}
