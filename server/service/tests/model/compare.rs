//! Two people beside each other, and what changed between two moments, in cases that are told.

use std::collections::BTreeMap;

use domain::access::AccessKey;
use domain::audit::AuditAction;
use domain::id::{AccountId, EntitlementId, IdentityId, SourceId};
use domain::permission::ConsoleRight;
use domain::source::{FileKind, ImportMode, RowChange, RowRecord, RowSubject, RunState};
use domain::time::{DAY, Instant};
use service::Error;
use service::assignments::{ExclusionDraft, GiveDraft, exclude, give};
use service::effective::{
    Line, application_between, compare, compare_with, entitlement_between, organisation_between,
    person_between,
};
use storage::access::NewAccess;
use storage::runs::NewRun;
use testkit::{TestApp, an_event, both_apps};

use crate::kit::Kit;

fn names(lines: &[Line]) -> Vec<(&str, &'static str)> {
    let lines = lines.iter();
    lines
        .map(|line| (line.entitlement.name.as_str(), line.line.how().word()))
        .collect()
}

#[tokio::test]
async fn two_people_are_beside_each_other_with_how() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post", "pay"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        kit.role("clerk", "sap/read\nsap/post").await;
        kit.give(ana, "role:clerk").await;
        let before = kit.later();
        kit.give(ben, "sap/read").await;
        kit.give(ben, "sap/pay").await;
        let found = compare(service, cx, ana, ben, None).await.unwrap();
        assert_eq!(names(&found.only_one), [("post", "role")]);
        assert_eq!(names(&found.only_other), [("pay", "direct")]);
        let both = &found.both[0];
        let how = (both.one.how().word(), both.other.how().word());
        assert_eq!((found.both.len(), how), (1, ("role", "direct")));
        // Ben had nothing yet.
        let then = compare_with(service, cx, ana, "BEN.ode", Some(before))
            .await
            .unwrap();
        assert_eq!(names(&then.only_one), [("post", "role"), ("read", "role")]);
        assert!(then.both.is_empty() && then.only_other.is_empty());
        let same = compare(service, cx, ana, ana, None).await;
        assert!(matches!(same, Err(Error::Invalid(errors)) if errors.of("with").is_some()));
        let nobody = compare_with(service, cx, ana, "nobody", None).await;
        assert!(matches!(nobody, Err(Error::Refused(_))));
    })
    .await;
}

#[tokio::test]
async fn who_may_not_see_both_may_not_compare_them() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let (service, read) = (app.service(), kit.entitlements[0]);
        let ana = app.someone("Ana Silva", &[]).await;
        let ben = kit.person("Ben Ode").await;
        let me = ana.me().unwrap();
        for (one, other) in [(me, ben), (ben, me)] {
            let hidden = compare(service, &ana, one, other, None).await;
            assert!(matches!(hidden, Err(Error::NotFound)));
        }
        let from = Some(kit.later());
        assert!(person_between(service, &ana, me, from, None).await.is_ok());
        let other = person_between(service, &ana, ben, from, None).await;
        assert!(matches!(other, Err(Error::NotFound)));
        let all = organisation_between(service, &ana, from, None).await;
        assert!(matches!(all, Err(Error::Denied { .. })));
        let thing = entitlement_between(service, &ana, read, (from, None), None).await;
        assert!(matches!(thing, Err(Error::NotFound)));
        let auditor = app.someone("Cy Tran", &[ConsoleRight::Audit]).await;
        let all = organisation_between(service, &auditor, from, None).await;
        assert!(all.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_earlier_moment_must_come_first_and_what_is_planned_counts() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let ana = kit.person("Ana Silva").await;
        let now = service.now();
        for (from, to) in [(None, None), (Some(now), Some(now)), (None, Some(now))] {
            let refused = person_between(service, cx, ana, from, to).await;
            assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.of("from").is_some()));
        }
        let zone = jiff::tz::TimeZone::get("Europe/Lisbon").unwrap();
        let draft = GiveDraft {
            what: "sap/read".to_owned(),
            reason: "For the close".to_owned(),
            from: now.day(&zone).plus_days(2).to_string(),
            until: now.day(&zone).plus_days(3).to_string(),
        };
        give(service, cx, ana, &draft).await.unwrap();
        kit.later();
        let soon = Some(service.now().plus(2 * DAY + DAY / 2));
        let (_, planned) = person_between(service, cx, ana, None, soon).await.unwrap();
        assert_eq!(names(&planned.gained), [("read", "direct")]);
        let late = Some(service.now().plus(9 * DAY));
        let (_, over) = person_between(service, cx, ana, soon, late).await.unwrap();
        assert_eq!(names(&over.lost), [("read", "direct")]);
        let all = organisation_between(service, cx, None, soon).await.unwrap();
        assert_eq!((all.people, all.gained(), all.lost()), (1, 1, 0));
        let all = organisation_between(service, cx, soon, late).await.unwrap();
        assert_eq!((all.people, all.gained(), all.lost()), (1, 0, 1));
    })
    .await;
}

/// A run that sees, or sees no longer, an entitlement with these people.
async fn import(app: &TestApp, entitlement: EntitlementId, people: &[IdentityId], ended: bool) {
    let source = SourceId::from_raw(3);
    let run = NewRun {
        source,
        mode: ImportMode::Delta,
        created_by: "command_line".to_owned(),
        allow_shrink: None,
    };
    let mut tx = app.db().write().await;
    let id = tx.insert_run(&run).await.expect("a run");
    tx.commit_unaudited("a test").await.expect("a commit");
    let mut tx = app.db().write().await;
    tx.begin_run(id, &[RunState::Staged], true)
        .await
        .expect("it begins");
    let event = || an_event(AuditAction::IdentityEdited, []);
    tx.commit(event(), Vec::new()).await.expect("a commit");
    let account = AccountId::from_raw(1);
    let key = |identity: &IdentityId| AccessKey {
        identity: *identity,
        entitlement,
        account,
    };
    let keys: Vec<AccessKey> = people.iter().map(key).collect();
    let mut tx = app.db().write().await;
    if ended {
        tx.end_observed(source, &keys).await.expect("ended");
    } else {
        let seen = |key: &AccessKey| NewAccess {
            key: *key,
            granted: None,
            last_used: None,
        };
        let rows: Vec<NewAccess> = keys.iter().map(seen).collect();
        tx.insert_observed(source, &rows).await.expect("seen");
    }
    let record = |key: &AccessKey| RowRecord {
        change: if ended {
            RowChange::Ended
        } else {
            RowChange::Added
        },
        file: FileKind::Access,
        line: None,
        about: RowSubject::Access {
            identity: key.identity,
            entitlement,
            account: Some(account),
            source,
        },
    };
    let records: Vec<RowRecord> = keys.iter().map(record).collect();
    tx.commit_rows(id, &records, &BTreeMap::new(), Vec::new())
        .await
        .expect("a commit");
    let mut tx = app.db().write().await;
    let bulk = tx
        .finish_run(id, &[RunState::Applying], RunState::Applied, "")
        .await
        .expect("it ends");
    let event = domain::audit::Event {
        bulk: Some(bulk),
        ..event()
    };
    tx.commit(event, Vec::new()).await.expect("a commit");
}

/// Who moved, by person, with whether they gained.
async fn movers(
    kit: &Kit<'_>,
    entitlement: EntitlementId,
    from: Instant,
) -> BTreeMap<IdentityId, bool> {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let mut all = BTreeMap::new();
    let mut after = None;
    loop {
        let moments = (Some(from), None);
        let (_, page) = entitlement_between(service, cx, entitlement, moments, after)
            .await
            .expect("a page");
        let rows = page.rows.iter();
        all.extend(rows.map(|mover| (mover.holder.id, mover.gained)));
        assert!(page.rows.len() <= 50);
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn what_sources_see_counts_from_when_they_see_it() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let (read, post) = (kit.entitlements[0], kit.entitlements[1]);
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        let role = kit.role("clerk", "sap/post").await;
        let first = kit.later();
        import(app, read, &[ana, ben], false).await;
        let second = kit.later();
        assert_eq!(
            movers(&kit, read, first).await,
            [(ana, true), (ben, true)].into()
        );
        assert!(movers(&kit, post, first).await.is_empty());
        import(app, read, &[ben], true).await;
        let third = kit.later();
        assert_eq!(movers(&kit, read, second).await, [(ben, false)].into());
        // A role that Ana once had is what it says that it gave her, from the day on which it holds it.
        let id = kit.give(ana, "role:clerk").await;
        let version = service::assignments::read(service, cx, id).await.unwrap();
        let version = version.assignment.recorded_from;
        let end = domain::assignment::AssignmentStep::End;
        service::assignments::step(service, cx, id, version, end, "Over")
            .await
            .unwrap();
        let fourth = kit.later();
        assert!(movers(&kit, read, third).await.is_empty());
        kit.contents(role, &[], "sap/read").await;
        assert_eq!(movers(&kit, read, fourth).await, [(ana, false)].into());
        let all = organisation_between(service, cx, Some(fourth), None)
            .await
            .unwrap();
        assert_eq!((all.people, all.gained(), all.lost()), (1, 0, 1));
    })
    .await;
}

#[tokio::test]
async fn pages_of_people_go_on_and_sums_count_them_all() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let role = kit.role("clerk", "sap/post").await;
        let mut people = Vec::new();
        for number in 0..55 {
            let id = kit.person(&format!("Person {number}")).await;
            kit.give(id, "role:clerk").await;
            people.push(id);
        }
        let from = kit.later();
        // One of them gets nothing by it.
        let draft = ExclusionDraft {
            what: "sap/read".to_owned(),
            reason: "Not you".to_owned(),
            ..ExclusionDraft::default()
        };
        exclude(service, cx, people[7], &draft).await.unwrap();
        kit.contents(role, &[], "sap/read").await;
        let moved = movers(&kit, kit.entitlements[0], from).await;
        assert_eq!(moved.len(), 54);
        assert!(moved.values().all(|gained| *gained) && !moved.contains_key(&people[7]));
        let sap = {
            let mut tx = app.db().read().await;
            tx.application_by_name("sap").await.unwrap().unwrap().id
        };
        let (_, sums) = application_between(service, cx, sap, Some(from), None)
            .await
            .unwrap();
        assert_eq!((sums.people, sums.gained(), sums.lost()), (54, 54, 0));
        assert_eq!(sums.entitlements[0].entitlement.name, "read");
        assert_eq!(sums.applications().len(), 1);
    })
    .await;
}
