//! Proposals: learnt from what was decided, told with their reasons, and never from what they are about.

use std::sync::Arc;

use domain::access::AccessKey;
use domain::decision::{PastDecision, Verdict};
use domain::id::{AccountId, EntitlementId, IdentityId, SourceId};
use domain::identity::IdentityDraft;
use domain::time::{DAY, Date};
use jiff::tz::TimeZone;
use service::jobs;
use service::proposals::{self, Lean, NamedPair, Proposal};
use service::{Cx, Error, housekeeping, people};
use storage::access::NewAccess;
use testkit::{TestApp, both_apps};

use crate::kit::Kit;

const NAMES: [&str; 3] = ["read", "post", "pay"];
const SOURCE: SourceId = SourceId::from_raw(3);

async fn person(kit: &Kit<'_>, n: usize, department: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: format!("p{n}"),
        display_name: format!("Person {n}"),
        department: department.to_owned(),
        title: "Clerk".to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(kit.app.service(), &kit.cx, &draft).await;
    id.expect("a person")
}

/// Two departments; what Sales asks of `pay` is denied, everything else approved, each ask twice.
async fn company(app: &TestApp) -> (Kit<'_>, Vec<IdentityId>) {
    let kit = Kit::new(app, &NAMES).await;
    let mut ids = Vec::new();
    for n in 0..40 {
        let department = if n % 2 == 0 { "Sales" } else { "Finance" };
        ids.push(person(&kit, n, department).await);
    }
    (kit, ids)
}

async fn decide(kit: &Kit<'_>, all: &[(IdentityId, EntitlementId, Verdict)]) {
    let all: Vec<PastDecision> = all
        .iter()
        .map(|(identity, entitlement, verdict)| PastDecision {
            identity: *identity,
            entitlement: *entitlement,
            source: SOURCE,
            verdict: *verdict,
            decided_at: None,
            decided_by: None,
        })
        .collect();
    let mut tx = kit.app.db().write().await;
    tx.insert_decisions(&all).await.expect("decided");
    tx.commit_unaudited("a test").await.expect("a commit");
}

/// What was decided on all but the last two people.
fn history(kit: &Kit<'_>, ids: &[IdentityId]) -> Vec<(IdentityId, EntitlementId, Verdict)> {
    let mut all = Vec::new();
    for (n, id) in ids.iter().enumerate().take(ids.len() - 2) {
        for (name, what) in NAMES.iter().zip(&kit.entitlements) {
            let verdict = if n % 2 == 0 && *name == "pay" {
                Verdict::Denied
            } else {
                Verdict::Approved
            };
            all.extend([(*id, *what, verdict); 2]);
        }
    }
    all
}

async fn observe(kit: &Kit<'_>, seen: &[(IdentityId, EntitlementId)], used: Option<Date>) {
    let rows: Vec<NewAccess> = (1..)
        .zip(seen)
        .map(|(n, (identity, entitlement))| NewAccess {
            key: AccessKey {
                identity: *identity,
                entitlement: *entitlement,
                account: AccountId::from_raw(n),
            },
            granted: None,
            last_used: used,
        })
        .collect();
    let mut tx = kit.app.db().write().await;
    tx.insert_observed(SOURCE, &rows).await.expect("seen");
    tx.commit_unaudited("a test").await.expect("a commit");
    kit.later();
}

/// Carries the next job out to its end, if there is one.
async fn work(app: &TestApp) -> bool {
    let (service, handlers) = (app.service(), jobs::handlers());
    let Some(work) = jobs::claim(service, &handlers).await.expect("claims") else {
        return false;
    };
    let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
    jobs::settle(service, &work, ended).await.expect("settled");
    true
}

async fn one(kit: &Kit<'_>, person: IdentityId, what: EntitlementId) -> Proposal {
    let found = proposals::propose(kit.app.service(), &kit.cx, &[(person, what)]).await;
    found.expect("a proposal").remove(0)
}

#[tokio::test]
async fn what_was_decided_is_learnt_once_and_proposed_with_its_reasons() {
    both_apps(async |app| {
        let (kit, ids) = company(app).await;
        decide(&kit, &history(&kit, &ids)).await;
        let (sales, finance, pay) = (ids[38], ids[39], kit.entitlements[2]);
        let before = one(&kit, sales, pay).await;
        assert!(before.reasons[0].starts_with("Nothing could be learnt"), "{before:?}");
        housekeeping::round(app.service()).await;
        assert!(work(app).await, "a job learns");
        let denied = one(&kit, sales, pay).await;
        assert_eq!(denied.lean, Lean::Deny, "{denied:?}");
        let expected = "Past requests for this access by people in Sales: 0 of 38 approved; of all requests, 83 %.";
        assert!(denied.reasons.iter().any(|reason| reason == expected), "{denied:?}");
        let approved = one(&kit, finance, pay).await;
        assert!(approved.score > 0.8 && approved.lean != Lean::Deny, "{approved:?}");
        assert!((0.0..=1.0).contains(&denied.score) && denied.score < approved.score);
        // Nothing newer was decided, and so nothing is learnt again.
        app.clock().advance(2 * DAY);
        housekeeping::round(app.service()).await;
        while work(app).await {}
        let again = one(&kit, sales, pay).await;
        assert_eq!(again, denied);
        let anew = proposals::propose_anew(app.service(), &kit.cx, &[(sales, pay)]).await;
        assert_eq!(anew.expect("a proposal"), [denied], "the same decisions teach the same");
    })
    .await;
}

#[tokio::test]
async fn what_is_decided_later_is_learnt_in_the_night_or_on_request() {
    both_apps(async |app| {
        let (kit, ids) = company(app).await;
        decide(&kit, &history(&kit, &ids)).await;
        proposals::learn_again(app.service(), &kit.cx)
            .await
            .expect("asked");
        assert!(work(app).await);
        let (sales, pay) = (ids[38], kit.entitlements[2]);
        let first = one(&kit, sales, pay).await.score;
        app.clock().advance(DAY);
        let turned: Vec<_> = (0..8)
            .map(|n| (ids[2 * n], pay, Verdict::Approved))
            .collect();
        for _ in 0..4 {
            decide(&kit, &turned).await;
        }
        assert!(
            (one(&kit, sales, pay).await.score - first).abs() < 1e-12,
            "not learnt yet"
        );
        app.clock().advance(DAY);
        housekeeping::round(app.service()).await;
        while work(app).await {}
        assert!(one(&kit, sales, pay).await.score > first);
    })
    .await;
}

#[tokio::test]
async fn a_decision_or_a_grant_of_the_pair_itself_is_no_evidence_for_it() {
    both_apps(async |app| {
        let (kit, ids) = company(app).await;
        let mut history = history(&kit, &ids);
        let (sales, pay) = (ids[38], kit.entitlements[2]);
        history.extend([(sales, pay, Verdict::Approved); 3]);
        decide(&kit, &history).await;
        observe(&kit, &[(sales, pay), (ids[0], pay)], None).await;
        proposals::learn_again(app.service(), &kit.cx)
            .await
            .expect("asked");
        assert!(work(app).await);
        let found = one(&kit, sales, pay).await;
        let told = found.reasons.join(" ");
        assert!(
            told.contains("for this access by people in Sales: 0 of 38"),
            "{found:?}"
        );
        assert!(!told.contains("of 41"), "{found:?}");
        let few = TestFew::of(app, &kit, (sales, pay)).await;
        assert!(
            few.contains("1 of 19 other people in Sales with the title Clerk has it."),
            "{few}"
        );
    })
    .await;
}

/// What peers alone say: asked with the decisions taken away.
struct TestFew;

impl TestFew {
    async fn of(app: &TestApp, kit: &Kit<'_>, pair: (IdentityId, EntitlementId)) -> String {
        let mut tx = app.db().write().await;
        let all = tx
            .decisions_after(SOURCE, None, 9_999)
            .await
            .expect("decisions");
        tx.end_decisions(&all).await.expect("ended");
        tx.commit_unaudited("a test").await.expect("a commit");
        let found = proposals::propose_anew(app.service(), &kit.cx, &[pair]).await;
        let found = found.expect("a proposal").remove(0);
        assert!(
            found.reasons[0].starts_with("Too few past decisions"),
            "{found:?}"
        );
        found.reasons.join(" ")
    }
}

#[tokio::test]
async fn access_that_is_not_used_is_said_so_and_unknown_names_with_their_line() {
    both_apps(async |app| {
        let (kit, ids) = company(app).await;
        let (who, what) = (ids[0], kit.entitlements[0]);
        let day = app.service().now().plus(-200 * DAY).day(&TimeZone::UTC);
        observe(&kit, &[(who, what)], Some(day)).await;
        let found = one(&kit, who, what).await;
        assert!(found.reasons.iter().any(|one| one == "Unused for 200 days."), "{found:?}");
        let pair = |line, username: &str, application: &str, entitlement: &str| NamedPair {
            line,
            username: username.to_owned(),
            application: application.to_owned(),
            entitlement: entitlement.to_owned(),
        };
        let (service, cx) = (app.service(), &kit.cx);
        let known = proposals::known(service, cx, &[pair(2, "P0", "SAP", "read")]).await;
        assert_eq!(known.expect("known"), [(who, what)]);
        let unknown = [
            pair(2, "nobody", "sap", "read"),
            pair(3, "p1", "none", "read"),
            pair(4, "p1", "sap", "none"),
        ];
        let said = proposals::known(service, cx, &unknown).await.expect_err("unknown");
        assert_eq!(
            said.to_string(),
            "Line 2: nobody here has the username “nobody”. Line 3: there is no application “none”. \
             Line 4: the application “sap” has no entitlement “none”."
        );
        let stranger = Cx::of(domain::permission::Actor::Anonymous);
        let refused = proposals::propose(service, &stranger, &[(who, what)]).await;
        assert!(!matches!(refused, Ok(_) | Err(Error::Internal(_))), "{refused:?}");
    })
    .await;
}
