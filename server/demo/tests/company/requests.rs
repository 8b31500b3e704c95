//! What people ask for, how it was decided, and what waits today.

use std::collections::{BTreeMap, BTreeSet};

use demo::{Account, Accounts};
use domain::approval::{Happened, Outcome, Vote};
use domain::assignment::AssignmentState;
use domain::id::RequestItemId;
use domain::permission::{Actor, Rights};
use domain::request::ItemState;
use domain::task::TaskState;
use domain::time::DAY;
use service::requests::{self, ItemDetail};
use service::{Cx, Service, delegations, tasks};
use testkit::TestStore;

use crate::everyone;

fn system() -> Cx {
    Cx::of(Actor::System)
}

pub(crate) async fn as_person(store: &TestStore, account: &Account) -> Cx {
    let people = everyone(store).await;
    let found = people
        .iter()
        .find(|one| one.content.username == account.username);
    Cx::of(Actor::Person {
        id: found.expect("the person").id,
        rights: Rights::NONE,
    })
}

async fn items(service: &Service, cx: &Cx) -> Vec<ItemDetail> {
    let page = requests::list(service, cx, (true, None), None, None, 100).await;
    let rows = page.expect("the list").rows;
    let ids: Vec<RequestItemId> = rows.iter().map(|row| row.item.id).collect();
    let mut all = Vec::new();
    for id in ids {
        all.push(requests::item(service, cx, id).await.expect("an item"));
    }
    all
}

/// Everything that can become of a request became of one.
pub(crate) async fn everything_is_decided_or_waits(store: &TestStore, service: &Service) {
    let all = items(service, &system()).await;
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &all {
        let state = one.item.content.state.word();
        *states.entry(state).or_default() += 1;
    }
    let at_least = [
        ("granted", 8),
        ("rejected", 1),
        ("withdrawn", 1),
        ("waiting", 6),
    ];
    for (word, count) in at_least {
        let found = states.get(word).copied().unwrap_or_default();
        assert!(found >= count, "{word}: {states:?}");
    }
    let was = |wanted: fn(&Happened) -> bool| {
        all.iter()
            .flat_map(|one| &one.events)
            .filter(|event| wanted(&event.what))
            .count()
    };
    assert!(was(|what| matches!(what, Happened::ApprovedByCondition { .. })) >= 2);
    assert!(was(|what| matches!(what, Happened::Asked { .. })) >= 1);
    assert!(was(|what| matches!(what, Happened::Commented { .. })) >= 1);
    assert!(was(|what| matches!(what, Happened::Escalated { .. })) >= 1);
    assert!(was(|what| matches!(what, Happened::Reminded { .. })) >= 1);
    let shorter = |what: &Happened| {
        matches!(
            what,
            Happened::Decided {
                shorter: Some(_),
                ..
            }
        )
    };
    assert!(was(shorter) >= 2);
    let rejected = |what: &Happened| matches!(what, Happened::Decided { vote: Vote::Reject, note, .. } if !note.is_empty());
    assert!(was(rejected) >= 1);
    let for_another = all
        .iter()
        .flat_map(|one| &one.events)
        .filter(|event| event.on_behalf_of.is_some());
    assert_eq!(for_another.count(), 1, "the manager was away once");
    let mut tx = store.read().await;
    let written = tx.flows(9).await.expect("reads");
    let names: Vec<&str> = written
        .iter()
        .map(|flow| flow.content.name.as_str())
        .collect();
    assert_eq!(names, ["Everyday access", "Privileged access"]);
    let roles = written.iter().flat_map(|flow| &flow.content.covers.roles);
    assert!(roles.count() >= 3, "roles can be asked for");
}

/// The manager has something to decide, the employee something to wait for.
pub(crate) async fn people_find_what_waits(
    store: &TestStore,
    service: &Service,
    accounts: &Accounts,
) {
    let now = service.now();
    let manager = as_person(store, &accounts.manager).await;
    let inbox = requests::inbox(service, &manager, None, 50).await;
    let rows = inbox.expect("an inbox").rows;
    assert!((5..=8).contains(&rows.len()), "{}", rows.len());
    let late = rows.iter().filter(|row| row.due <= now);
    assert_eq!(late.count(), 1);
    let risks: BTreeSet<_> = rows.iter().map(|row| row.risk).collect();
    assert!(risks.len() >= 3, "{risks:?}");
    let days: BTreeSet<i64> = rows.iter().map(|row| now.since(row.opened) / DAY).collect();
    assert!(days.len() >= 3, "{days:?}");
    let theirs = delegations::own(service, &manager).await;
    assert_eq!(theirs.expect("delegations").given.len(), 1);

    let employee = as_person(store, &accounts.employee).await;
    let mine = items(service, &employee).await;
    let on_the_way = mine.iter().filter(|one| {
        let agreed = one.state.steps.iter().any(|step| !step.agreed.is_empty());
        one.state.outcome == Outcome::Waiting && agreed
    });
    assert_eq!(
        on_the_way.count(),
        1,
        "the manager agreed, the owner not yet"
    );
    let given: Vec<_> = mine
        .iter()
        .filter_map(|one| one.item.content.assignment)
        .collect();
    let mut tx = store.read().await;
    let mut soon = 0;
    for id in given {
        let found = tx.assignment(id).await.expect("reads").expect("is there");
        let ends = found
            .content
            .valid_until
            .map(|until| until.since(now) / DAY);
        let live = found.content.state == AssignmentState::Active;
        soon += usize::from(live && ends.is_some_and(|days| (3..9).contains(&days)));
    }
    assert_eq!(soon, 1, "something ends next week");
    let waiting = mine
        .iter()
        .filter(|one| one.item.content.state == ItemState::Waiting);
    assert!(waiting.count() >= 2);
}

/// What no connector does is done by people, or waits for them.
pub(crate) async fn what_was_given_is_set_up(service: &Service) {
    for (state, least) in [
        (TaskState::Open, 1),
        (TaskState::Done, 1),
        (TaskState::Verified, 1),
    ] {
        let page = tasks::list(service, &system(), Some(state), None, 50).await;
        let rows = page.expect("tasks").rows;
        assert!(rows.len() >= least, "{}: {}", state.word(), rows.len());
        let done = rows.iter().filter(|row| !row.task.content.note.is_empty());
        assert!(state != TaskState::Done || done.count() == rows.len());
    }
}
