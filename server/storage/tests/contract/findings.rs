//! Lists of accounts and access, and findings: every count is the length of the list behind it.

use domain::access::AccessKey;
use domain::account::{AccountContent, AccountStatus};
use domain::finding::{Finding, FindingList};
use domain::id::{AccountId, ApplicationId, EntitlementId, IdentityId, ObjectKind, SourceId};
use domain::identity::{IdentityContent, IdentityStatus};
use domain::lifecycle::Lifecycle;
use domain::page::ListQuery;
use domain::permission::Visibility;
use domain::search::Search;
use domain::source::{ImportMode, SourceContent};
use domain::time::{Date, Instant, MINUTE};
use storage::ReadTx;
use storage::access::NewAccess;
use storage::accounts::AccountScope;
use testkit::{TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::support::{application, commit, day, entitlement, people, search};
use crate::walk::{sorted, walk};

pub(crate) struct Company {
    people: Vec<IdentityId>,
    desk: ApplicationId,
    pay: EntitlementId,
    source: SourceId,
    /// When everything was there.
    at: Instant,
}

const PEOPLE: i64 = 60;

/// Sixty people of whom the first is everybody's manager and the second to last three have ended; an application of
/// which everybody has an account and a right; three orphans.
pub(crate) async fn company(db: &TestStore) -> Company {
    let mut contents: Vec<IdentityContent> = Vec::new();
    for n in 0..PEOPLE {
        let person = a_person(&format!("Person {n:02}"));
        let person = if n > 0 {
            person.manager(IdentityId::from_raw(1))
        } else {
            person
        };
        let ended = n >= PEOPLE - 3;
        let status = if ended {
            IdentityStatus::Ended
        } else {
            IdentityStatus::Active
        };
        contents.push(person.status(status).build());
    }
    let people = people(db, &contents).await;
    let desk = application(db, an_application("Cash Desk").name("desk").build()).await;
    let pay = entitlement(db, an_entitlement(desk, "Pay").owner(people[0]).build()).await;
    entitlement(
        db,
        an_entitlement(desk, "Read")
            .description("Reads the books.")
            .build(),
    )
    .await;
    let mut tx = db.write().await;
    let source = SourceContent {
        name: "HR".to_owned(),
        description: String::new(),
        folder: String::new(),
        every_minutes: None,
        mode: ImportMode::Snapshot,
        mapping: domain::source::Mapping::new(),
        status: Lifecycle::Active,
    };
    let (source, target) = tx
        .insert_source(&source)
        .await
        .expect("the database answers");
    commit(tx, [target]).await;
    let mut tx = db.write().await;
    tx.next_ids(ObjectKind::Account, PEOPLE + 3)
        .await
        .expect("the database answers");
    let account = |n: i64| AccountContent {
        application: desk,
        source,
        name: format!("acct{n:02}"),
        identity: (n < PEOPLE).then(|| people[usize::try_from(n).expect("the database answers")]),
        status: AccountStatus::Enabled,
        last_used: None,
        implied: n % 2 == 0,
    };
    let accounts: Vec<_> = (0..PEOPLE + 3)
        .map(|n| (AccountId::from_raw(n + 1), account(n)))
        .collect();
    tx.insert_accounts(&accounts)
        .await
        .expect("the database answers");
    let grants: Vec<_> = (0..PEOPLE)
        .map(|n| NewAccess {
            key: AccessKey {
                identity: people[usize::try_from(n).expect("the database answers")],
                entitlement: pay,
                account: AccountId::from_raw(n + 1),
            },
            granted: None,
            last_used: (n % 2 == 0).then(|| {
                day("2026-01-01")
                    .plus_days(i32::try_from(n / 2 * 5 - 5).expect("the database answers"))
            }),
        })
        .collect();
    tx.insert_observed(source, &grants)
        .await
        .expect("the database answers");
    let at = tx.recorded();
    tx.commit_unaudited("a test")
        .await
        .expect("the database answers");
    Company {
        people,
        desk,
        pay,
        source,
        at,
    }
}

#[tokio::test]
async fn an_applications_accounts_show_orphans_first() {
    both_engines(async |db| {
        let company = company(db).await;
        let mut read = db.read().await;
        let scope = AccountScope::Application(company.desk);
        let query = ListQuery {
            size: 25,
            ..ListQuery::default()
        };
        let rows = walk(&query, async |query| {
            read.accounts(scope, Visibility::All, None, query)
                .await
                .unwrap()
        })
        .await;
        assert_eq!(rows.len(), 63);
        assert!(rows[..3].iter().all(|row| row.person.is_none()));
        assert_eq!(
            (rows[0].name.as_str(), rows[3].name.as_str()),
            ("acct60", "acct00")
        );
        assert_eq!(rows[3].source, (company.source, "HR".to_owned()));
        assert_eq!(
            rows[3].person,
            Some((company.people[0], "Person 00".to_owned()))
        );
        let person = AccountScope::Person(company.people[7]);
        let of = read
            .accounts(person, Visibility::All, None, &search(""))
            .await
            .unwrap();
        assert_eq!(
            (of.total, of.rows[0].application.1.as_str()),
            (1, "Cash Desk")
        );
        for (text, total) in [
            ("person:none", 3),
            ("person:me", 1),
            ("person:person.05", 1),
            ("acct0", 10),
            ("status:disabled", 0),
            ("application:desk", 63),
            ("name:ACCT61", 1),
            ("used:none", 63),
            ("used<2026-01-01", 0),
            ("colour:red", 0),
        ] {
            let me = Some(company.people[4]);
            let all = AccountScope::All;
            let page = read
                .accounts(all, Visibility::All, me, &search(text))
                .await
                .unwrap();
            assert_eq!(page.total, total, "{text}");
        }
        let mine = Visibility::Related(company.people[4]);
        let page = read
            .accounts(AccountScope::All, mine, None, &search(""))
            .await
            .unwrap();
        assert_eq!(page.total, 1);
        let facets = read
            .account_facets(scope, Visibility::All, None, &Search::default())
            .await
            .unwrap();
        assert_eq!(
            (facets[0].values[0].count, facets[1].key),
            (63, "application")
        );
    })
    .await;
}

#[tokio::test]
async fn access_of_a_person_of_an_entitlement_and_of_everybody() {
    both_engines(async |db| {
        let company = company(db).await;
        let mut read = db.read().await;
        let of = read
            .observed_of(company.people[4], None, &search(""))
            .await
            .unwrap();
        assert_eq!(of.total, 1);
        let row = &of.rows[0];
        assert_eq!(
            (
                row.person.as_str(),
                row.entitlement.as_str(),
                row.account.as_str(),
                row.source.as_str()
            ),
            ("Person 04", "Pay", "acct04", "HR")
        );
        assert_eq!(row.application, (company.desk, "Cash Desk".to_owned()));
        for (text, total) in [
            ("pay", 1),
            ("cash", 1),
            ("read", 0),
            ("application:desk", 1),
            ("source:HR", 1),
            ("used>2026-01-01", 0),
            ("person:me", 0),
        ] {
            let page = read
                .observed_of(company.people[2], None, &search(text))
                .await
                .unwrap();
            assert_eq!(page.total, total, "{text}");
        }
        for sort in ["name", "-name", "since", "-used"] {
            let query = sorted(&Search::default(), sort, 25);
            let rows = walk(&query, async |query| {
                read.holders(company.pay, None, query).await.unwrap()
            })
            .await;
            assert_eq!(rows.len(), 60, "{sort}");
        }
        let rows = read
            .holders(company.pay, None, &search("person 07"))
            .await
            .unwrap();
        assert_eq!(
            (rows.total, rows.rows[0].username.as_str()),
            (1, "person.07")
        );
        let ended = read
            .holders(company.pay, None, &search("status:ended"))
            .await
            .unwrap();
        assert_eq!(ended.total, 3);
        let before = read
            .holders(company.pay, Some(company.at.plus(-1)), &search(""))
            .await
            .unwrap();
        assert_eq!(before.total, 0);
        let then = read
            .holders(company.pay, Some(company.at), &search(""))
            .await
            .unwrap();
        assert_eq!(then.total, 60);
        let related = Visibility::Related(company.people[2]);
        assert_eq!(
            read.observed(related, None, &search(""))
                .await
                .unwrap()
                .total,
            1
        );
        let owner = Visibility::Related(company.people[0]);
        assert_eq!(
            read.observed(owner, None, &search("")).await.unwrap().total,
            30
        );
    })
    .await;
}

#[tokio::test]
async fn many_holders_stand_in_the_order_of_the_index() {
    both_engines(async |db| {
        let company = company(db).await;
        let mut tx = db.write().await;
        let grants: Vec<_> = (1..=1_000)
            .map(|n| NewAccess {
                key: AccessKey {
                    identity: company.people[usize::try_from(n % PEOPLE).unwrap()],
                    entitlement: company.pay,
                    account: AccountId::from_raw(n),
                },
                granted: None,
                last_used: None,
            })
            .collect();
        tx.insert_observed(SourceId::from_raw(9), &grants)
            .await
            .unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let query = sorted(&Search::default(), "name", 200);
        let rows = walk(&query, async |query| {
            read.holders(company.pay, None, query).await.unwrap()
        })
        .await;
        assert_eq!(rows.len(), 1_060);
        assert!(rows.is_sorted_by_key(|row| row.access.key.identity));
    })
    .await;
}

/// How long the list of a finding is.
async fn listed(read: &mut ReadTx, finding: Finding, before: Date) -> u64 {
    let query = search(&finding.search(before));
    let all = Visibility::All;
    match finding.list() {
        FindingList::People => {
            read.identities(all, None, &query)
                .await
                .expect("the database answers")
                .total
        }
        FindingList::Applications => {
            read.applications(all, None, &query)
                .await
                .expect("the database answers")
                .total
        }
        FindingList::Entitlements => {
            read.entitlements(all, None, &query)
                .await
                .expect("the database answers")
                .total
        }
        FindingList::Accounts => {
            read.accounts(AccountScope::All, all, None, &query)
                .await
                .expect("the database answers")
                .total
        }
        FindingList::Access => {
            read.observed(all, None, &query)
                .await
                .expect("the database answers")
                .total
        }
        FindingList::Roles => {
            read.roles(all, None, &query)
                .await
                .expect("the database answers")
                .total
        }
        FindingList::Outliers => {
            let run = read.outlier_head().await.expect("the database answers").run;
            read.outliers(run, all, None, &query)
                .await
                .expect("the database answers")
                .total
        }
        FindingList::Assignments => {
            let at = (testkit::START, &jiff::tz::TimeZone::UTC);
            read.assignment_list(all, at, &query)
                .await
                .expect("the database answers")
                .total
        }
        // Found in the graph of roles, and not counted by the database.
        FindingList::Overlaps => 0,
    }
}

#[tokio::test]
async fn every_finding_is_the_length_of_its_list() {
    both_engines(async |db| {
        let company = company(db).await;
        let before = day("2026-02-05");
        let mut read = db.read().await;
        let counts = read
            .findings(before, (company.at, &jiff::tz::TimeZone::UTC))
            .await
            .unwrap();
        let expected = [1, 0, 1, 1, 1, 3, 8, 3];
        for ((finding, count), expected) in counts.iter().zip(expected) {
            assert_eq!(*count, expected, "{}", finding.word());
            assert_eq!(
                listed(&mut read, *finding, before).await,
                expected,
                "{}",
                finding.word()
            );
        }
        drop(read);
        // The manager of everybody ends: everybody who is left has a manager who has ended.
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        let manager = tx.identity(company.people[0]).await.unwrap().unwrap();
        let gone = IdentityContent {
            status: IdentityStatus::Ended,
            ..manager.content
        };
        let target = tx
            .replace_identity(manager.id, manager.recorded_from, &gone)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut read = db.read().await;
        let counts = read
            .findings(before, (company.at, &jiff::tz::TimeZone::UTC))
            .await
            .unwrap();
        assert_eq!((counts[1].1, counts[7].1), (56, 4));
        assert_eq!(listed(&mut read, Finding::ManagerEnded, before).await, 56);
        let counts = read.overview_counts().await.unwrap();
        assert_eq!(
            (counts.people, counts.applications, counts.entitlements),
            (56, 1, 2)
        );
        assert_eq!((counts.accounts, counts.grants), (63, 60));
        let page = read
            .identities(Visibility::All, None, &search("access:none"))
            .await
            .unwrap();
        assert_eq!(page.total, 0);
        let page = read
            .identities(Visibility::All, None, &search("access:live"))
            .await
            .unwrap();
        assert_eq!(page.total, 60);
    })
    .await;
}

#[tokio::test]
async fn leavers_who_have_nothing_left_are_no_longer_looked_at() {
    both_engines(async |db| {
        let company = company(db).await;
        let mut tx = db.write().await;
        let leaver = usize::try_from(PEOPLE - 1).unwrap();
        let key = AccessKey {
            identity: company.people[leaver],
            entitlement: company.pay,
            account: AccountId::from_raw(PEOPLE),
        };
        tx.end_observed(company.source, &[key]).await.unwrap();
        assert_eq!(
            tx.prune_leavers(0, 2).await.unwrap(),
            Some(company.people[leaver - 1].raw())
        );
        let last = company.people[leaver];
        let next = tx
            .prune_leavers(company.people[leaver - 1].raw(), 2)
            .await
            .unwrap();
        assert_eq!(next, Some(last.raw()));
        assert_eq!(tx.prune_leavers(last.raw(), 2).await.unwrap(), None);
        assert_eq!(
            tx.prune_leavers(0, 9).await.unwrap(),
            Some(company.people[leaver - 1].raw())
        );
        // Access that comes after the end is noted again.
        let again = NewAccess {
            key,
            granted: None,
            last_used: None,
        };
        tx.insert_observed(company.source, &[again]).await.unwrap();
        assert_eq!(tx.prune_leavers(0, 9).await.unwrap(), Some(last.raw()));
    })
    .await;
}
