//! The sample company is what it is said to be, on both engines.

mod model;
mod requests;
mod reviews;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use demo::{Account, Accounts, build};
use domain::context::Clock;
use domain::finding::{DORMANT_DAYS, Finding};
use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::identity::{Identity, IdentityKind, IdentityStatus};
use domain::lifecycle::Lifecycle;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::source::{FileTotals, RunState};
use domain::time::{DAY, Instant};
use proof::checkpoint::SigningKey;
use service::clock::SystemEntropy;
use service::sessions::SignedIn;
use service::{Cx, Error, Parts, Service, audit, people, sessions};
use testkit::{FakeClock, TestStore, both_engines};

fn key() -> SigningKey {
    SigningKey::from_seed("log.example", &[5; 32]).expect("a valid name")
}

async fn company(
    store: &TestStore,
    now: Instant,
    progress: impl Fn(&str),
) -> service::Result<Accounts> {
    build(
        store.store().clone(),
        key(),
        "https://console.example",
        now,
        progress,
    )
    .await
}

/// The console as it is opened on the finished company.
fn console(store: &TestStore, now: Instant) -> Service {
    let clock = Arc::new(FakeClock::default());
    clock.set(now);
    Service::new(Parts {
        store: store.store().clone(),
        clock: clock as Arc<dyn Clock>,
        entropy: Arc::new(SystemEntropy),
        signer: key(),
        public_url: "https://console.example".to_owned(),
        hashing_threads: 1,
        post: None,
    })
}

async fn sign_in(service: &Service, account: &Account) -> SignedIn {
    let cx = Cx::of(Actor::Anonymous);
    let opening = sessions::verify(service, &cx, &account.username, &account.password)
        .await
        .expect("the password fits");
    let hash = proof::hash::sha256(account.username.as_bytes()).0;
    sessions::open(service, &opening, &hash)
        .await
        .expect("a session");
    sessions::resume(service, &hash)
        .await
        .expect("reads")
        .expect("is signed in")
}

async fn everyone(store: &TestStore) -> Vec<Identity> {
    let mut tx = store.read().await;
    let mut all = Vec::new();
    while let Some(person) = tx
        .identity(IdentityId::from_raw(
            i64::try_from(all.len()).expect("few") + 1,
        ))
        .await
        .expect("reads")
    {
        all.push(person);
    }
    all
}

#[tokio::test]
async fn it_is_a_company_with_a_history_that_holds() {
    both_engines(async |store| {
        let now = store.clock().now();
        let told = Mutex::new(Vec::new());
        let accounts = company(store, now, |quarter| {
            told.lock().expect("one at a time").push(quarter.to_owned());
        })
        .await;
        let accounts = accounts.expect("the company is made");
        let told = told.into_inner().expect("one at a time");
        assert!(told.len() >= 8 && told.is_sorted(), "{told:?}");
        people_are_plausible(store, now).await;
        access_is_plausible(store).await;
        the_feeds_came_in(store, now).await;
        the_log_holds(store, now).await;
        model::roles_and_rules_are_in_use(store).await;
        model::people_are_given_single_things(store, now).await;
        model::rules_follow_the_people(store, now).await;
        requests::everything_is_decided_or_waits(store, &console(store, now)).await;
        requests::people_find_what_waits(store, &console(store, now), &accounts).await;
        requests::what_was_given_is_set_up(&console(store, now)).await;
        reviews::a_review_is_over_and_one_waits(store, &console(store, now), &accounts).await;
        model::exclusions_hold(store, &console(store, now)).await;
        model::something_is_found(console(store, now)).await;
        the_four_sign_in(store, now, &accounts).await;
        let again = company(store, now, |_| {}).await;
        assert!(
            matches!(again, Err(Error::Refused(_))),
            "it needs an empty database"
        );
    })
    .await;
}

async fn people_are_plausible(store: &TestStore, now: Instant) {
    let all = everyone(store).await;
    let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for person in &all {
        *statuses.entry(person.content.status.word()).or_default() += 1;
        *kinds.entry(person.content.kind.word()).or_default() += 1;
        assert!(person.recorded_from <= now);
    }
    let within = |map: &BTreeMap<&str, usize>, word: &str, low: usize, high: usize| {
        let count = map.get(word).copied().unwrap_or_default();
        assert!((low..=high).contains(&count), "{word}: {map:?}");
    };
    assert!((390..=420).contains(&all.len()), "{}", all.len());
    within(&statuses, "ended", 38, 52);
    within(&statuses, "on_leave", 5, 12);
    within(&statuses, "suspended", 4, 6);
    within(&kinds, "contractor", 30, 30);
    within(&kinds, "external", 14, 14);
    within(&kinds, "service", 25, 25);
    within(&kinds, "agent", 3, 3);
    let today = now.day(&jiff::tz::TimeZone::UTC);
    let present = || {
        all.iter()
            .filter(|person| person.content.status != IdentityStatus::Ended)
    };
    let soon = present()
        .filter(|person| {
            person
                .content
                .end_date
                .is_some_and(|day| day > today && day < today.plus_days(50))
        })
        .count();
    assert!((8..=25).contains(&soon), "{soon} end soon");
    assert!(
        present().all(|person| person.content.end_date.is_none_or(|day| day >= today)),
        "somebody should have ended"
    );
    let starters = present()
        .filter(|person| person.content.start_date.is_some_and(|day| day > today))
        .count();
    assert!(starters >= 3, "{starters} begin soon");
    let people = present().filter(|person| person.content.kind == IdentityKind::Employee);
    let without_manager = people
        .filter(|person| person.content.manager.is_none())
        .count();
    assert_eq!(without_manager, 1, "only the chief has no manager");
}

async fn access_is_plausible(store: &TestStore) {
    let mut tx = store.read().await;
    let (mut live, mut ended, mut unowned) = (0, 0, 0);
    for raw in 1.. {
        let Some(application) = tx
            .application(ApplicationId::from_raw(raw))
            .await
            .expect("reads")
        else {
            break;
        };
        match application.content.status {
            _ if application.content.built_in => {}
            Lifecycle::Ended => ended += 1,
            _ => live += 1,
        }
        unowned +=
            usize::from(!application.content.built_in && application.content.owner.is_none());
    }
    assert_eq!((live, ended, unowned), (12, 2, 1));
    let mut grants = Vec::new();
    for raw in 1.. {
        let Some(grant) = tx
            .entitlement(EntitlementId::from_raw(raw))
            .await
            .expect("reads")
        else {
            break;
        };
        grants.push(grant.content);
    }
    grants.retain(|grant| {
        grant.status != Lifecycle::Ended && ConsoleRight::from_word(&grant.name).is_none()
    });
    assert!((100..=120).contains(&grants.len()), "{}", grants.len());
    assert!(
        grants
            .iter()
            .filter(|grant| grant.description.is_empty())
            .count()
            >= 5
    );
    assert!(grants.iter().filter(|grant| grant.owner.is_none()).count() >= 20);
}

async fn the_log_holds(store: &TestStore, now: Instant) {
    let report = audit::verify(store.store(), &[key().verifying_key().clone()], None)
        .await
        .expect("the database answers");
    assert_eq!(report.finding, None);
    assert!(
        report.entries > 1_250 && report.checkpoints > 80,
        "{report}"
    );
    let mut tx = store.read().await;
    let (head, recorded) = tx.audit_head().await.expect("reads");
    assert!(recorded < now, "the history ends before the present");
    let latest = tx
        .latest_checkpoint()
        .await
        .expect("reads")
        .expect("signed");
    assert_eq!(latest.size, head, "the log is signed up to its end");
    let first = tx
        .audit_entry(1)
        .await
        .expect("reads")
        .expect("is there")
        .recorded;
    assert!((710 * DAY..=731 * DAY).contains(&now.since(first)));
}

async fn the_four_sign_in(store: &TestStore, now: Instant, accounts: &Accounts) {
    let service = console(store, now);
    let with = |right| Rights::NONE.with(right);
    let administrator = sign_in(&service, &accounts.administrator).await;
    assert_eq!(
        (administrator.rights, administrator.is_manager),
        (with(ConsoleRight::Administer), true)
    );
    let manager = sign_in(&service, &accounts.manager).await;
    assert_eq!((manager.rights, manager.is_manager), (Rights::NONE, true));
    let employee = sign_in(&service, &accounts.employee).await;
    assert_eq!(
        (employee.rights, employee.is_manager),
        (Rights::NONE, false)
    );
    let auditor = sign_in(&service, &accounts.auditor).await;
    assert_eq!(
        (auditor.rights, auditor.is_manager),
        (with(ConsoleRight::Audit), false)
    );
    let theirs = people::read(&service, &Cx::of(manager.actor()), employee.id)
        .await
        .expect("a manager sees a report");
    assert_eq!(theirs.identity.content.manager, Some(manager.id));
    let hidden = people::read(&service, &Cx::of(employee.actor()), manager.id).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
    // Nobody is left over whom the timer would have to end at once.
    assert_eq!(
        people::end_due(&service, &Cx::of(Actor::System))
            .await
            .expect("turns"),
        0
    );
}

async fn the_feeds_came_in(store: &TestStore, now: Instant) {
    let mut tx = store.read().await;
    let sources = tx.sources().await.expect("reads");
    assert_eq!(sources.len(), 2);
    let runs = tx.latest_runs(None, None, 100).await.expect("reads");
    let count = |state| runs.iter().filter(|run| run.state == state).count();
    assert_eq!(count(RunState::Refused), 1, "one delivery was cut off");
    assert_eq!(count(RunState::Applied), runs.len() - 1);
    assert!(runs.len() >= 16, "{}", runs.len());
    let of = |change: fn(&FileTotals) -> u64| -> u64 {
        runs.iter()
            .filter(|run| run.state == RunState::Applied)
            .flat_map(|run| run.totals.values().map(change))
            .sum()
    };
    assert!(of(|totals| totals.changed) > 400 && of(|totals| totals.ended) > 100);
    assert!(of(|totals| totals.rejected) >= runs.len() as u64 - 1);
    let dormant_before = now.day(&jiff::tz::TimeZone::UTC).plus_days(-DORMANT_DAYS);
    let findings = tx
        .findings(dormant_before, (now, &jiff::tz::TimeZone::UTC))
        .await
        .expect("reads");
    // Pairs of roles are found without a query, outliers only once a job has looked, and whatever is given here has a reason.
    assert_eq!(findings.len() + 1, Finding::ALL.len());
    for (finding, found) in findings {
        let later = matches!(finding, Finding::Outlier | Finding::NoReason);
        assert!(found > 0 || later, "{finding:?} is not found");
    }
}
