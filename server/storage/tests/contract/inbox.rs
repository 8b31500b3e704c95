//! The inbox: what waits for whom, what is due first, first.

use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use domain::inbox::{InboxEntry, InboxKind};
use domain::time::{HOUR, Instant};
use testkit::{START, TestStore, a_person, both_engines};

use crate::support::person;

fn entry(person: IdentityId, object: i64, due: i64) -> InboxEntry {
    InboxEntry {
        person,
        kind: InboxKind::Approval,
        object,
        step: 0,
        opened: START,
        due: START.plus(due * HOUR),
        remind_at: None,
    }
}

async fn set(db: &TestStore, entries: &[InboxEntry]) {
    let mut tx = db.write().await;
    for one in entries {
        let of: Vec<InboxEntry> = entries
            .iter()
            .filter(|other| (other.kind, other.object) == (one.kind, one.object))
            .copied()
            .collect();
        tx.set_inbox(one.kind, one.object, &of)
            .await
            .expect("it is written");
    }
    tx.commit_unaudited("a projection").await.expect("a commit");
}

fn objects(entries: &[InboxEntry]) -> Vec<i64> {
    entries.iter().map(|one| one.object).collect()
}

#[tokio::test]
async fn a_page_is_in_the_order_of_what_is_due_and_goes_on_where_it_ended() {
    both_engines(async |db| {
        let (ana, bo) = (IdentityId::from_raw(1), IdentityId::from_raw(2));
        let task = InboxEntry {
            kind: InboxKind::Task,
            ..entry(ana, 1, 3)
        };
        let all = [
            entry(ana, 10, 3),
            entry(ana, 11, 1),
            entry(bo, 12, 2),
            entry(bo, 10, 3),
            task,
        ];
        set(db, &all).await;
        let mut read = db.read().await;
        let page = read.inbox(&[ana], None, 9).await.unwrap();
        assert_eq!(page, [all[1], all[0], task]);
        let both = read.inbox(&[ana, bo], None, 9).await.unwrap();
        assert_eq!(objects(&both), [11, 12, 10, 10, 1]);
        let first = read.inbox(&[ana, bo], None, 2).await.unwrap();
        assert_eq!(objects(&first), [11, 12]);
        let last = (first[1].due, first[1].kind, first[1].object);
        let rest = read.inbox(&[ana, bo], Some(last), 9).await.unwrap();
        assert_eq!(objects(&rest), [10, 10, 1]);
        assert!(read.inbox(&[], None, 9).await.unwrap().is_empty());
        assert_eq!(read.inbox_count(&[ana, bo], 99).await.unwrap(), 5);
        assert_eq!(read.inbox_count(&[ana, bo], 2).await.unwrap(), 2);
        assert_eq!(
            read.inbox_of(InboxKind::Approval, &[10])
                .await
                .unwrap()
                .len(),
            2
        );
        assert_eq!(
            read.inbox_of(InboxKind::Task, &[10]).await.unwrap().len(),
            0
        );
        drop(read);
        let mut tx = db.write().await;
        tx.set_inbox(InboxKind::Approval, 10, &[]).await.unwrap();
        assert_eq!(objects(&tx.inbox(&[ana], None, 9).await.unwrap()), [11, 1]);
    })
    .await;
}

#[tokio::test]
async fn what_is_overdue_or_to_be_reminded_of_is_found() {
    both_engines(async |db| {
        let ana = IdentityId::from_raw(1);
        let reminded = InboxEntry {
            remind_at: Some(START.plus(HOUR)),
            ..entry(ana, 11, 9)
        };
        // One that is overdue when it is written was dealt with.
        let dealt = InboxEntry {
            due: START.plus(-HOUR),
            ..entry(ana, 12, 0)
        };
        set(db, &[entry(ana, 10, 2), reminded, dealt]).await;
        let mut read = db.read().await;
        let mut overdue = async |at: Instant| objects(&read.inbox_overdue(at, 9).await.unwrap());
        assert!(overdue(START.plus(HOUR)).await.is_empty());
        assert_eq!(overdue(START.plus(2 * HOUR)).await, [10]);
        assert_eq!(overdue(START.plus(99 * HOUR)).await, [10, 11]);
        let mut remind = async |at: Instant| objects(&read.inbox_to_remind(at, 9).await.unwrap());
        assert!(remind(START).await.is_empty());
        assert_eq!(remind(START.plus(HOUR)).await, [11]);
        assert_eq!(
            read.inbox_overdue(START.plus(99 * HOUR), 1)
                .await
                .unwrap()
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_people_who_are_gone_is_found() {
    both_engines(async |db| {
        let mut waits = Vec::new();
        for (name, status) in [
            ("Ana Silva", IdentityStatus::Active),
            ("Bo Lind", IdentityStatus::OnLeave),
            ("Cy Dee", IdentityStatus::Ended),
            ("Dan Eis", IdentityStatus::Suspended),
        ] {
            let id = person(db, a_person(name).status(status).build()).await;
            waits.push(entry(id, 10, 1));
        }
        set(db, &waits).await;
        let gone = db.read().await.inbox_of_the_gone(9).await.unwrap();
        let mut people: Vec<IdentityId> = gone.iter().map(|one| one.person).collect();
        people.sort();
        assert_eq!(people, [waits[2].person, waits[3].person]);
        assert_eq!(db.read().await.inbox_of_the_gone(1).await.unwrap().len(), 1);
    })
    .await;
}
