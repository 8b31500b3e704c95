//! Outliers: what hardly any peer has, whatever breaks off on the way, and for whom it is shown.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use domain::access::AccessKey;
use domain::finding::Finding;
use domain::id::{AccountId, EntitlementId, IdentityId, SourceId};
use domain::identity::IdentityDraft;
use domain::page::ListQuery;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::search::Search;
use domain::time::{DAY, HOUR, SECOND};
use proptest::prelude::*;
use service::assignments::{ExclusionDraft, GiveDraft, exclude, give};
use service::effective::access_of;
use service::exports::{self, ExportAsk, ExportList};
use service::findings::{self, OutliersPage};
use service::jobs::{self, LEASE};
use service::{Cx, Error, housekeeping, people};
use storage::access::NewAccess;
use storage::outliers::{Grouped, NewOutlier};
use testkit::{TestApp, both_apps, property_of_apps};

use crate::kit::Kit;

/// Person, thing, how many peers have it, how many peers there are.
type Rare = BTreeSet<(IdentityId, EntitlementId, u64, u64)>;

const NAMES: [&str; 4] = ["read", "post", "pay", "close"];

fn searching(text: &str) -> ListQuery {
    ListQuery {
        search: Search::parse(text),
        size: 200,
        ..ListQuery::default()
    }
}

async fn page(app: &TestApp, cx: &Cx, text: &str) -> OutliersPage {
    let page = findings::outliers(app.service(), cx, &searching(text)).await;
    page.expect("a page")
}

async fn listed(app: &TestApp, cx: &Cx) -> Rare {
    let rows = page(app, cx, "").await.page.rows.into_iter();
    rows.map(|row| {
        let rarity = row.rarity;
        (row.person, row.entitlement, rarity.holders, rarity.peers)
    })
    .collect()
}

/// Carries the next job out to its end.
async fn work(app: &TestApp) {
    let (service, handlers) = (app.service(), jobs::handlers());
    let work = jobs::claim(service, &handlers).await.expect("claims");
    let work = work.expect("a job");
    let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
    jobs::settle(service, &work, ended).await.expect("settled");
}

async fn look(app: &TestApp, cx: &Cx) {
    findings::look_again(app.service(), cx)
        .await
        .expect("asked");
    work(app).await;
}

async fn person(kit: &Kit<'_>, n: usize, department: &str, title: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: format!("p{n}"),
        display_name: format!("Person {n}"),
        department: department.to_owned(),
        title: title.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(kit.app.service(), &kit.cx, &draft).await;
    id.expect("a person")
}

async fn observe(kit: &Kit<'_>, seen: &[(IdentityId, EntitlementId)]) {
    let rows: Vec<NewAccess> = (1..)
        .zip(seen)
        .map(|(n, (identity, entitlement))| NewAccess {
            key: AccessKey {
                identity: *identity,
                entitlement: *entitlement,
                account: AccountId::from_raw(n),
            },
            granted: None,
            last_used: None,
        })
        .collect();
    let mut tx = kit.app.db().write().await;
    let source = SourceId::from_raw(3);
    tx.insert_observed(source, &rows).await.expect("seen");
    tx.commit_unaudited("a test").await.expect("a commit");
}

/// By what the page of each person says of them and their peers.
async fn by_definition(kit: &Kit<'_>, people: &[IdentityId]) -> Rare {
    let mut rare = Rare::new();
    for id in people {
        let (_, access) = access_of(kit.app.service(), &kit.cx, *id, None)
            .await
            .expect("the access");
        for line in access.lines {
            let Some((having, peers)) = line.peers else {
                continue;
            };
            if peers >= 5 && (having + 1) * 10 <= peers + 1 {
                rare.insert((*id, line.entitlement.id, having as u64, peers as u64));
            }
        }
    }
    rare
}

#[derive(Debug, Clone)]
struct Company {
    /// Department and title of each person.
    people: Vec<(usize, usize)>,
    /// Who gets what: entitlements, then two roles.
    given: Vec<(usize, usize)>,
    seen: Vec<(usize, usize)>,
    excluded: Vec<(usize, usize)>,
}

fn any_company() -> impl Strategy<Value = Company> {
    let title = prop_oneof![8 => Just(1_usize), 1 => 0..3_usize];
    let person = (prop_oneof![8 => Just(1_usize), 1 => 0..3_usize], title);
    let some =
        |most: usize, things: usize| prop::collection::vec((0..24_usize, 0..things), 0..most);
    let people = prop::collection::vec(person, 12..24);
    (people, some(10, 6), some(6, 4), some(3, 4)).prop_map(|(people, given, seen, excluded)| {
        Company {
            people,
            given,
            seen,
            excluded,
        }
    })
}

async fn build(kit: &Kit<'_>, company: &Company) -> Vec<IdentityId> {
    kit.role("clerk", "sap/read\nsap/post").await;
    kit.role("payer", "sap/pay\nrole:clerk").await;
    let mut ids = Vec::new();
    for (n, (department, title)) in company.people.iter().enumerate() {
        let departments = ["", "Finance", "IT"];
        let titles = ["", "Clerk", "Lead"];
        ids.push(person(kit, n, departments[*department], titles[*title]).await);
    }
    let (service, cx) = (kit.app.service(), &kit.cx);
    let whose = |n: &usize| ids[n % ids.len()];
    for (n, what) in &company.given {
        let things = [
            "sap/read",
            "sap/post",
            "sap/pay",
            "sap/close",
            "role:clerk",
            "role:payer",
        ];
        let draft = GiveDraft {
            what: things[*what].to_owned(),
            reason: "Needed".to_owned(),
            ..GiveDraft::default()
        };
        // What was given already is not given twice.
        let _ = give(service, cx, whose(n), &draft).await;
    }
    let seen: BTreeSet<_> = company
        .seen
        .iter()
        .map(|(n, what)| (whose(n), kit.entitlements[*what]))
        .collect();
    observe(kit, &seen.into_iter().collect::<Vec<_>>()).await;
    for (n, what) in &company.excluded {
        let draft = ExclusionDraft {
            what: format!("sap/{}", NAMES[*what]),
            reason: "Not you".to_owned(),
            ..ExclusionDraft::default()
        };
        let _ = exclude(service, cx, whose(n), &draft).await;
    }
    kit.later();
    ids
}

#[test]
fn the_list_is_what_every_single_page_says() {
    property_of_apps(6, any_company(), async |app, company| {
        let kit = Kit::new(app, &NAMES).await;
        let people = build(&kit, company).await;
        let expected = by_definition(&kit, &people).await;
        look(app, &kit.cx).await;
        assert_eq!(listed(app, &kit.cx).await, expected);
        let count = findings::read(app.service(), &kit.cx)
            .await
            .expect("findings");
        let found = count
            .counts
            .iter()
            .find(|(one, _)| *one == Finding::Outlier);
        assert_eq!(found.map(|(_, count)| *count), Some(expected.len() as u64));
        // What has ended since is not shown any more, at once; what became rare by that is, after the next look.
        let Some((person, entitlement, ..)) = expected.first().copied() else {
            return;
        };
        let draft = ExclusionDraft {
            what: entitlement.to_string(),
            reason: "Over".to_owned(),
            ..ExclusionDraft::default()
        };
        exclude(app.service(), &kit.cx, person, &draft)
            .await
            .expect("excluded");
        kit.later();
        let now = page(app, &kit.cx, "").await;
        assert_eq!((now.page.rows.len() + 1, now.gone), (expected.len(), 1));
        assert!(
            !now.page
                .rows
                .iter()
                .any(|row| (row.person, row.entitlement) == (person, entitlement))
        );
        look(app, &kit.cx).await;
        let expected = by_definition(&kit, &people).await;
        assert_eq!(listed(app, &kit.cx).await, expected);
        assert_eq!(page(app, &kit.cx, "").await.gone, 0);
    });
}

/// Twenty clerks who read, of whom the first two also pay.
async fn clerks(kit: &Kit<'_>) -> Vec<IdentityId> {
    let mut ids = Vec::new();
    for n in 0..20 {
        ids.push(person(kit, n, "Finance", "Clerk").await);
    }
    for id in &ids {
        kit.give(*id, "sap/read").await;
    }
    for id in &ids[..2] {
        kit.give(*id, "sap/pay").await;
    }
    ids
}

/// Begins the next job and drops it after so many steps; true when it came to its end.
async fn cut(app: &TestApp, steps: usize) -> bool {
    let (service, handlers) = (app.service(), jobs::handlers());
    let work = jobs::claim(service, &handlers).await.expect("claims");
    let work = work.expect("a job");
    let ended = {
        let mut run = std::pin::pin!(handlers.run(Arc::clone(service), Arc::clone(&work)));
        let mut left = steps;
        poll_fn(
            |context| match (left.checked_sub(1), run.as_mut().poll(context)) {
                (_, Poll::Ready(ended)) => Poll::Ready(Some(ended)),
                (None, Poll::Pending) => Poll::Ready(None),
                (Some(fewer), Poll::Pending) => {
                    left = fewer;
                    Poll::Pending
                }
            },
        )
        .await
    };
    let Some(ended) = ended else {
        return false;
    };
    jobs::settle(service, &work, ended).await.expect("settled");
    true
}

#[tokio::test]
async fn a_look_that_breaks_off_anywhere_changes_nothing_and_is_begun_again() {
    both_apps(async |app| {
        let kit = Kit::new(app, &NAMES).await;
        let people = clerks(&kit).await;
        look(app, &kit.cx).await;
        let before = listed(app, &kit.cx).await;
        assert_eq!(before.len(), 2);
        assert!(
            before
                .iter()
                .all(|(_, _, holders, peers)| (*holders, *peers) == (1, 19))
        );
        kit.give(people[5], "sap/close").await;
        // What a look leaves that was killed after it had written something.
        let left = NewOutlier {
            person: Grouped {
                department: "Finance".to_owned(),
                title: "Clerk".to_owned(),
                id: people[7],
            },
            entitlement: kit.entitlements[0],
            rarity: domain::outlier::Rarity {
                holders: 0,
                peers: 9,
            },
        };
        let mut tx = app.db().write().await;
        tx.insert_outliers(2, &[left]).await.expect("rows");
        tx.commit_unaudited("a test").await.expect("a commit");
        assert_eq!(listed(app, &kit.cx).await, before);
        findings::look_again(app.service(), &kit.cx)
            .await
            .expect("asked");
        let mut after = before.clone();
        after.insert((people[5], kit.entitlements[3], 0, 19));
        let mut steps = 0;
        while !cut(app, steps).await {
            let now = listed(app, &kit.cx).await;
            assert!(
                now == before || now == after,
                "after {steps} steps: {now:?}"
            );
            steps += steps / 3 + 1;
            app.clock().advance(LEASE + SECOND);
        }
        assert!(steps > 5, "it was cut off on its way");
        assert_eq!(listed(app, &kit.cx).await, after);
        // Nothing is left of the others.
        let mut tx = app.db().write().await;
        assert_eq!(tx.sweep_outliers(9).await.expect("swept"), 0);
    })
    .await;
}

#[tokio::test]
async fn everybody_sees_the_outliers_of_whom_they_see_and_few_may_look_again() {
    both_apps(async |app| {
        let kit = Kit::new(app, &NAMES).await;
        let people = clerks(&kit).await;
        let service = app.service();
        let manager = people[9];
        let one = people::read(service, &kit.cx, people[0])
            .await
            .expect("a person");
        let content = &one.identity.content;
        let draft = IdentityDraft {
            username: content.username.clone(),
            display_name: content.display_name.clone(),
            department: "Finance".to_owned(),
            title: "Clerk".to_owned(),
            manager: manager.to_string(),
            kind: "employee".to_owned(),
            ..IdentityDraft::default()
        };
        people::edit(
            service,
            &kit.cx,
            people[0],
            one.identity.recorded_from,
            &draft,
        )
        .await
        .expect("a manager");
        let nobody = page(app, &kit.cx, "").await;
        assert!(nobody.looked.found.is_none() && nobody.page.rows.is_empty());
        look(app, &kit.cx).await;
        let of = |id| {
            Cx::of(Actor::Person {
                id,
                rights: Rights::NONE,
            })
        };
        let rows = listed(app, &of(manager)).await;
        assert_eq!(
            rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            [people[0]]
        );
        assert!(listed(app, &of(people[0])).await.is_empty());
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let page = page(app, &auditor, "department:Finance application:sap").await;
        assert_eq!(page.page.total, 2);
        assert!(page.looked.found.is_some() && !page.looked.may_look && !page.looked.looking);
        for cx in [&auditor, &of(manager)] {
            let refused = findings::look_again(service, cx).await;
            let refused_them = matches!(refused, Err(Error::Denied { .. } | Error::NotFound));
            assert!(refused_them, "{refused:?}");
        }
        let signed_out = Cx::of(Actor::Anonymous);
        let refused = findings::outliers(service, &signed_out, &searching("")).await;
        assert!(matches!(refused, Err(Error::Denied { .. })));
        let ask = ExportAsk::of(
            ExportList::Outliers,
            &searching(""),
            &jiff::tz::TimeZone::UTC,
        );
        let file = |cx: Cx| {
            let ask = ask.clone();
            async move {
                let bytes = exports::file(service, &cx, &ask).await.expect("a file");
                String::from_utf8(bytes).expect("text").lines().count()
            }
        };
        assert_eq!(file(auditor.clone()).await, 3);
        assert_eq!(file(of(manager)).await, 2);
    })
    .await;
}

/// How many looks there are that are not over, and in all.
async fn looks(app: &TestApp, cx: &Cx) -> (usize, usize) {
    let query = searching("kind:look_for_outliers");
    let list = jobs::list(app.service(), cx, &query).await.expect("jobs");
    let rows = &list.page.rows;
    let open = rows.iter().filter(|row| !row.job.state.is_over()).count();
    (open, rows.len())
}

#[tokio::test]
async fn there_is_one_look_a_night() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let service = app.service();
        housekeeping::round(service).await;
        assert_eq!(looks(app, &cx).await, (0, 0), "not on the first day");
        // From nine in the morning to half past one in the night.
        app.clock().advance(16 * HOUR + HOUR / 2);
        housekeeping::round(service).await;
        assert_eq!(looks(app, &cx).await, (0, 0));
        app.clock().advance(HOUR);
        for _ in 0..2 {
            housekeeping::round(service).await;
            assert_eq!(looks(app, &cx).await, (1, 1));
        }
        let id = findings::look_again(service, &cx).await.expect("the same");
        assert_eq!(looks(app, &cx).await, (1, 1));
        jobs::cancel(service, &cx, id).await.expect("called off");
        housekeeping::round(service).await;
        assert_eq!(looks(app, &cx).await, (0, 1), "not again in this night");
        app.clock().advance(DAY);
        housekeeping::round(service).await;
        assert_eq!(looks(app, &cx).await, (1, 2));
        work(app).await;
        housekeeping::round(service).await;
        assert_eq!(looks(app, &cx).await, (0, 2));
    })
    .await;
}
