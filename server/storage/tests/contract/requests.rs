//! Requests, their items and what happened to these.

use domain::approval::{FlowContent, Happened, RequestEvent, Vote};
use domain::id::{EntitlementId, IdentityId, ObjectKind, RequestId, RequestItemId, RoleId};
use domain::request::{
    ItemHead, ItemKind, ItemState, Length, RequestContent, RequestItem, RequestItemContent,
};
use domain::role::Grantable;
use domain::time::{DAY, MINUTE};
use storage::Error;
use storage::requests::RequestFilter;
use testkit::{START, TestStore, both_engines};

use crate::support::commit;

pub(crate) fn an_item(request: RequestId, number: u32, what: Grantable) -> RequestItemContent {
    RequestItemContent {
        request,
        number,
        kind: ItemKind::New,
        requester: IdentityId::from_raw(1),
        beneficiary: IdentityId::from_raw(2),
        what,
        length: Length::Days(30),
        reason: "Because “ü”".to_owned(),
        created: START,
        flow: None,
        flow_recorded: None,
        definition: FlowContent::standard(),
        state: ItemState::Waiting,
        ended: None,
        based_on: None,
        assignment: None,
    }
}

pub(crate) fn decided(item: RequestItemId, by: i64) -> RequestEvent {
    RequestEvent {
        item,
        at: START,
        by: Some(IdentityId::from_raw(by)),
        on_behalf_of: Some(IdentityId::from_raw(9)),
        what: Happened::Decided {
            step: 0,
            vote: Vote::Approve,
            shorter: Some(Length::Hours(4)),
            note: String::new(),
        },
    }
}

/// A request with an entitlement and a role.
async fn ask(db: &TestStore) -> (RequestId, [RequestItemId; 2]) {
    let mut tx = db.write().await;
    let content = RequestContent {
        requester: IdentityId::from_raw(1),
        beneficiary: IdentityId::from_raw(2),
        created: START,
        items: 2,
    };
    let (request, target) = tx.insert_request(&content).await.expect("a request");
    let mut targets = vec![target];
    let mut ids = [RequestItemId::from_raw(0); 2];
    let whats = [
        Grantable::Entitlement(EntitlementId::from_raw(7)),
        Grantable::Role(RoleId::from_raw(8)),
    ];
    for ((number, what), id) in (1..).zip(whats).zip(&mut ids) {
        let next = tx.next_id(ObjectKind::RequestItem).await.expect("an id");
        *id = RequestItemId::from_raw(next);
        let content = an_item(request, number, what);
        targets.push(
            tx.insert_request_item(*id, &content)
                .await
                .expect("an item"),
        );
    }
    commit(tx, targets).await;
    db.clock().advance(MINUTE);
    (request, ids)
}

fn raw(items: &[RequestItem]) -> Vec<i64> {
    items.iter().map(|item| item.id.raw()).collect()
}

#[tokio::test]
async fn a_request_is_read_with_its_items() {
    both_engines(async |db| {
        let (request, ids) = ask(db).await;
        ask(db).await;
        let mut read = db.read().await;
        let found = read.request(request).await.unwrap().unwrap();
        assert_eq!((found.id, found.content.items), (request, 2));
        assert_eq!(read.request(RequestId::from_raw(9)).await.unwrap(), None);
        let items = read.items_of(request).await.unwrap();
        assert_eq!(raw(&items), [1, 2]);
        let role = Grantable::Role(RoleId::from_raw(8));
        assert_eq!(items[1].content, an_item(request, 2, role));
        assert_eq!(
            read.request_item(ids[1]).await.unwrap().as_ref(),
            Some(&items[1])
        );
        let some = read.request_items(&[ids[1], ids[0]]).await.unwrap();
        assert_eq!(some, items);
        assert_eq!(
            read.request_item(RequestItemId::from_raw(9)).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn items_are_found_by_person_thing_and_state() {
    both_engines(async |db| {
        let (request, ids) = ask(db).await;
        ask(db).await;
        let known = db.read().await.request_item(ids[0]).await.unwrap().unwrap();
        let given = RequestItemContent {
            state: ItemState::Granted,
            ended: Some(START.plus(DAY)),
            ..known.content.clone()
        };
        let mut tx = db.write().await;
        let target = tx
            .replace_request_item(ids[0], known.recorded_from, &given)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut read = db.read().await;
        assert_eq!(
            read.request_item(ids[0]).await.unwrap().unwrap().content,
            given
        );
        let (me, other) = (IdentityId::from_raw(2), IdentityId::from_raw(3));
        assert_eq!(
            raw(&read.items_for(me, false, 9).await.unwrap()),
            [4, 3, 2, 1]
        );
        assert_eq!(raw(&read.items_for(me, true, 9).await.unwrap()), [4, 3, 2]);
        assert_eq!(raw(&read.items_for(me, true, 1).await.unwrap()), [4]);
        assert!(read.items_for(other, false, 9).await.unwrap().is_empty());
        let about = read.items_about(given.what, 9).await.unwrap();
        let head = ItemHead {
            id: ids[0],
            kind: given.kind,
            beneficiary: given.beneficiary,
            what: given.what,
            length: given.length,
            reason: given.reason.clone(),
            created: given.created,
            state: given.state,
            ended: given.ended,
        };
        assert_eq!(about, [head]);
        assert_eq!(read.item_heads(&ids[..1]).await.unwrap(), about);
        let unknown = [RequestItemId::from_raw(9_999)];
        assert!(read.item_heads(&unknown).await.unwrap().is_empty());
        let role = Grantable::Role(RoleId::from_raw(8));
        assert!(read.items_about(role, 9).await.unwrap().is_empty());
        for (involving, state, expected) in [
            (None, None, vec![4, 3, 2, 1]),
            (None, Some(ItemState::Waiting), vec![4, 3, 2]),
            (None, Some(ItemState::Granted), vec![1]),
            (Some(me), None, vec![4, 3, 2, 1]),
            (
                Some(IdentityId::from_raw(1)),
                Some(ItemState::Granted),
                vec![1],
            ),
            (Some(other), None, vec![]),
        ] {
            let filter = RequestFilter { involving, state };
            let page = read.request_page(filter, None, 9).await.unwrap();
            assert_eq!(raw(&page), expected, "{filter:?}");
            let rest = read
                .request_page(filter, Some(RequestItemId::from_raw(4)), 1)
                .await
                .unwrap();
            let left: Vec<i64> = expected
                .iter()
                .copied()
                .filter(|id| *id < 4)
                .take(1)
                .collect();
            assert_eq!(raw(&rest), left, "{filter:?}");
        }
        drop(read);
        let mut tx = db.write().await;
        let stale = tx
            .replace_request_item(ids[0], START.plus(-DAY), &given)
            .await;
        assert!(matches!(stale, Err(Error::Stale)));
        assert_eq!(given.request, request);
    })
    .await;
}

#[tokio::test]
async fn what_happened_is_read_in_its_order_and_decisions_by_who_made_them() {
    both_engines(async |db| {
        let (_, ids) = ask(db).await;
        let happened = |item, by: Option<i64>, what| RequestEvent {
            item,
            at: START,
            by: by.map(IdentityId::from_raw),
            on_behalf_of: None,
            what,
        };
        let opened = Happened::Opened {
            step: 0,
            approvers: vec![IdentityId::from_raw(5)],
            because: "manager of Ana".to_owned(),
            due: START.plus(DAY),
            carried: None,
        };
        let all = [
            happened(ids[0], Some(1), Happened::Submitted),
            happened(ids[1], Some(1), Happened::Submitted),
            happened(ids[0], None, opened),
            decided(ids[0], 5),
            decided(ids[1], 5),
        ];
        let mut tx = db.write().await;
        let mut targets = Vec::new();
        for event in &all {
            targets.push(tx.insert_request_event(event).await.unwrap());
        }
        commit(tx, targets).await;
        let mut read = db.read().await;
        let first = read.request_events(&[ids[0]]).await.unwrap();
        assert_eq!(first, [all[0].clone(), all[2].clone(), all[3].clone()]);
        let by_item = [0, 2, 3, 1, 4].map(|at: usize| all[at].clone());
        assert_eq!(read.request_events(&ids).await.unwrap(), by_item);
        let by = IdentityId::from_raw(5);
        let latest = read.decided_by(by, 9).await.unwrap();
        assert_eq!(latest, [all[4].clone(), all[3].clone()]);
        assert_eq!(read.decided_by(by, 1).await.unwrap(), latest[..1]);
        assert!(
            read.decided_by(IdentityId::from_raw(1), 9)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn what_waits_and_is_in_no_inbox_waits_for_nobody() {
    both_engines(async |db| {
        let (_, [one, two]) = ask(db).await;
        let found = db.read().await.items_nobody_decides(9).await.unwrap();
        assert_eq!(found, [one, two]);
        let first = db.read().await.items_nobody_decides(1).await.unwrap();
        assert_eq!(first, [one]);
        let entry = domain::inbox::InboxEntry {
            person: domain::id::IdentityId::from_raw(1),
            kind: domain::inbox::InboxKind::Approval,
            object: one.raw(),
            step: 0,
            opened: testkit::START,
            due: testkit::START,
            remind_at: None,
        };
        let mut tx = db.write().await;
        tx.set_inbox(entry.kind, entry.object, &[entry])
            .await
            .unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let found = db.read().await.items_nobody_decides(9).await.unwrap();
        assert_eq!(found, [two]);
    })
    .await;
}
