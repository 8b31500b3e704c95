//! The list of assignments: every search finds what it says, in the order in which it is found, on both engines.

use domain::assignment::{Agent, AssignmentState};
use domain::finding::{Finding, FindingList};
use domain::id::{AssignmentId, EntitlementId, IdentityId, RoleId, RuleId};
use domain::page::{COUNT_CAP, ListQuery};
use domain::permission::Visibility;
use domain::role::Grantable;
use domain::search::{Comparison, Search, Term};
use domain::time::{DAY, HOUR, Instant};
use jiff::tz::TimeZone;
use storage::assignments::{Assignment, AssignmentContent};
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::list_model::{has_words, holds, in_order};
use crate::support::{application, commit, day, entitlement, execute, people, search};
use crate::walk::{sorted, walk};

const CLERK: RoleId = RoleId::from_raw(7);
const PAYS: RuleId = RuleId::from_raw(3);
const MANAGER: IdentityId = IdentityId::from_raw(1);
const NAMES: [&str; 4] = ["Maria Manager", "Ana Silva", "Ben Ode", "Ana Ode"];

/// Everything that an assignment can be, given to four people of whom the first manages the second and third.
async fn company(db: &TestStore) -> (Vec<Assignment>, EntitlementId) {
    let contents = NAMES.map(|name| {
        let person = a_person(name);
        if matches!(name, "Ana Silva" | "Ben Ode") {
            person.manager(MANAGER).build()
        } else {
            person.build()
        }
    });
    let ids = people(db, &contents).await;
    let desk = application(db, an_application("Cash Desk").name("desk").build()).await;
    let pay = entitlement(db, an_entitlement(desk, "Pay").name("pay").build()).await;
    let agents = [Agent::Admin, Agent::Rule, Agent::Import, Agent::Request];
    let mut tx = db.write().await;
    let mut contents = Vec::new();
    for n in 0..120_i64 {
        let pick = usize::try_from(n).expect("a small number");
        let agent = agents[pick % 4];
        let state = AssignmentState::ALL[pick / 4 % 4];
        // Some begin at the same moment, some later than now; some end on the same day, some just before midnight.
        let from = START.plus((n % 7 - 5) * DAY);
        let until = START.plus(15 * HOUR + (n % 5) * DAY - n % 2);
        contents.push(AssignmentContent {
            identity: ids[pick % 3],
            what: if n % 3 == 1 {
                Grantable::Role(CLERK)
            } else {
                Grantable::Entitlement(pay)
            },
            agent,
            reason: if n % 6 < 2 { "" } else { "Needed" }.to_owned(),
            state,
            valid_from: from,
            valid_until: (n % 4 != 0 && until > from).then_some(until),
            source: None,
            rule: (agent == Agent::Rule).then_some(PAYS),
            granted_by: (agent == Agent::Admin).then_some(MANAGER),
            request: None,
            activates: None,
        });
    }
    let mut targets = Vec::new();
    for content in &contents {
        let (_, target) = tx
            .insert_assignment(content)
            .await
            .expect("a new assignment");
        targets.push(target);
    }
    commit(tx, targets).await;
    let mut read = db.read().await;
    let ids: Vec<AssignmentId> = (1..=120).map(AssignmentId::from_raw).collect();
    let all = read.assignments_with(&ids).await.expect("the assignments");
    (all, pay)
}

fn last_day(until: Instant) -> domain::time::Date {
    until.plus(-1).day(&TimeZone::UTC)
}

/// Whether a row is in the list of a search.
fn fits(one: &AssignmentContent, search: &Search) -> bool {
    let state = search.token("state").unwrap_or("current");
    let begun = one.valid_from <= START;
    let here = match state {
        "current" => one.state != AssignmentState::Ended,
        "active" => one.state == AssignmentState::Active && begun,
        "scheduled" => one.state == AssignmentState::Active && !begun,
        word => one.state.word() == word,
    };
    let name = NAMES[usize::try_from(one.identity.raw() - 1).expect("a small number")];
    here && search.terms.iter().all(|term| match term {
        Term::Word(word) => has_words(&[name], word),
        Term::Token {
            key,
            comparison,
            value,
        } => token(one, key, *comparison, value),
    })
}

fn token(one: &AssignmentContent, key: &str, comparison: Comparison, value: &str) -> bool {
    let handover = one.agent == Agent::Rule && one.valid_until.is_some();
    match (key, value) {
        ("state", _) => true,
        ("agent", _) => one.agent.word() == value,
        ("kind", _) => (value == "role") == one.what.role().is_some(),
        ("until", "none") => one.valid_until.is_none(),
        ("until", _) => one.valid_until.is_some_and(|until| {
            let wanted = value.parse();
            wanted.is_ok_and(|wanted| holds(&last_day(until), comparison, &wanted))
        }),
        ("handover", _) => handover == (value == "yes"),
        ("reason", "none") => one.reason.is_empty(),
        ("person", _) => one.identity.to_string() == value,
        ("role", _) => one.what.role().is_some_and(|id| id.to_string() == value),
        ("entitlement", _) => one
            .what
            .entitlement()
            .is_some_and(|id| id.to_string() == value),
        ("rule", _) => one.rule.is_some_and(|id| id.to_string() == value),
        _ => false,
    }
}

/// Sorts as the list of this search does.
fn ordered(rows: &mut [Assignment], text: &str, backwards: bool) {
    let says = |part: &str| text.contains(part);
    let few = says("state:s") || says("reason:") || says("person:");
    let of_thing = says("role:") || says("entitlement:") || says("rule:rul");
    let by = |key: fn(&AssignmentContent) -> Option<i64>| {
        move |one: &Assignment| ((key(&one.content), one.content.identity), one.id.raw())
    };
    if says("until<") || says("until>") || says("until:2") || says("handover:yes") {
        in_order(rows, backwards, |one| {
            (one.content.valid_until, one.id.raw())
        });
    } else if of_thing && !few {
        in_order(rows, backwards, |one| (one.content.identity, one.id.raw()));
    } else if says("agent:rule") && !few {
        in_order(rows, backwards, by(|one| one.rule.map(RuleId::raw)));
    } else if says("kind:entitlement") && !few && !says("agent:") {
        let key = by(|one| one.what.entitlement().map(EntitlementId::raw));
        in_order(rows, backwards, key);
    } else if says("kind:role") && !few && !says("agent:") {
        in_order(rows, backwards, by(|one| one.what.role().map(RoleId::raw)));
    } else {
        in_order(rows, !backwards, |one| {
            (one.content.valid_from, one.id.raw())
        });
    }
}

#[tokio::test]
async fn every_search_finds_what_it_says_in_its_order() {
    both_engines(async |db| {
        let (all, pay) = company(db).await;
        assert_eq!(all.len(), 120);
        let mut read = db.read().await;
        let of = |text: &str| text.replace("PAY", &pay.to_string());
        let texts = [
            "",
            "state:active",
            "state:scheduled",
            "state:suspended",
            "state:eligible",
            "state:ended",
            "agent:admin",
            "agent:rule",
            "agent:import kind:role",
            "kind:entitlement state:ended",
            "kind:role",
            "kind:role reason:none",
            "agent:rule kind:role",
            "person:idn_2 role:rol_7",
            "role:rol_7 reason:none",
            "until:none",
            "until<2026-01-08",
            "until<=2026-01-08",
            "until>2026-01-08",
            "until>=2026-01-08 agent:request",
            "until:2026-01-08",
            "state:active handover:no until<2026-01-08",
            "handover:yes",
            "reason:none",
            "reason:none agent:admin until>2026-01-01",
            "person:idn_2",
            "role:rol_7",
            "role:rol_7 state:suspended",
            "entitlement:PAY",
            "entitlement:PAY until>2026-01-06",
            "rule:rul_3",
            "ana",
            "ode kind:role",
            "nonsense:x",
            "agent:nobody",
            "state:gone",
            "until<soon",
            "person:somebody",
        ];
        let id = |text: String| {
            text.replace("idn_2", &IdentityId::from_raw(2).to_string())
                .replace("rol_7", &CLERK.to_string())
                .replace("rul_3", &PAYS.to_string())
        };
        for text in texts.map(|text| id(of(text))) {
            let wanted = Search::parse(&text);
            let mut expected: Vec<Assignment> = all
                .iter()
                .filter(|one| fits(&one.content, &wanted))
                .cloned()
                .collect();
            ordered(&mut expected, &text, false);
            let query = ListQuery {
                size: 25,
                ..search(&text)
            };
            let rows = walk(&query, async |query| {
                read.assignment_list(Visibility::All, (START, &TimeZone::UTC), query)
                    .await
                    .expect("a page")
            })
            .await;
            let found: Vec<_> = rows.iter().map(|row| row.assignment.clone()).collect();
            assert_eq!(found, expected, "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_order_runs_backwards_too_and_rows_have_names() {
    both_engines(async |db| {
        let (all, pay) = company(db).await;
        let mut read = db.read().await;
        for (text, column) in [
            ("", "since"),
            ("until>2026-01-01", "-until"),
            (&*format!("role:{CLERK}"), "-person"),
        ] {
            let wanted = Search::parse(text);
            let mut expected: Vec<Assignment> = all
                .iter()
                .filter(|one| fits(&one.content, &wanted))
                .cloned()
                .collect();
            ordered(&mut expected, text, true);
            let rows = walk(&sorted(&wanted, column, 25), async |query| {
                read.assignment_list(Visibility::All, (START, &TimeZone::UTC), query)
                    .await
                    .expect("a page")
            })
            .await;
            let found: Vec<_> = rows.iter().map(|row| row.assignment.clone()).collect();
            assert_eq!(found, expected, "{text}");
        }
        let query = search(&format!("entitlement:{pay} agent:admin"));
        let page = read
            .assignment_list(Visibility::All, (START, &TimeZone::UTC), &query)
            .await
            .expect("a page");
        let row = page.rows.first().expect("a row");
        assert!(NAMES.contains(&row.person.as_str()) && !row.username.is_empty());
        assert_eq!((row.what.as_str(), row.what_name.as_str()), ("Pay", "pay"));
        let application = row.application.as_ref().map(|(_, name)| name.as_str());
        assert_eq!((application, row.of_console), (Some("Cash Desk"), false));
        assert_eq!(row.giver.as_deref(), Some("Maria Manager"));
    })
    .await;
}

#[tokio::test]
async fn a_manager_sees_what_their_reports_and_they_themselves_have() {
    both_engines(async |db| {
        let (all, _) = company(db).await;
        let mut read = db.read().await;
        for (visibility, whom) in [
            (Visibility::Related(MANAGER), vec![1, 2, 3]),
            (Visibility::Related(IdentityId::from_raw(2)), vec![2]),
            (Visibility::Nothing, vec![]),
        ] {
            let rows = walk(&search(""), async |query| {
                read.assignment_list(visibility, (START, &TimeZone::UTC), query)
                    .await
                    .expect("a page")
            })
            .await;
            let current = all
                .iter()
                .filter(|one| one.content.state != AssignmentState::Ended);
            let theirs = current.filter(|one| whom.contains(&one.content.identity.raw()));
            assert_eq!(rows.len(), theirs.count(), "{visibility:?}");
        }
        let facets = read
            .assignment_facets(
                Visibility::All,
                (START, &TimeZone::UTC),
                &Search::parse("state:ended"),
            )
            .await
            .expect("facets");
        for facet in &facets {
            let sum: u64 = facet.values.iter().map(|value| value.count).sum();
            let ended = all
                .iter()
                .filter(|one| one.content.state == AssignmentState::Ended);
            assert_eq!(sum, ended.count() as u64, "{}", facet.key);
        }
        assert_eq!(facets[0].values.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn its_findings_are_as_long_as_their_lists() {
    both_engines(async |db| {
        let (all, _) = company(db).await;
        let mut read = db.read().await;
        // Ninety days after which access is dormant lie before today.
        let before = day("2026-01-03").plus_days(-domain::finding::DORMANT_DAYS);
        let counts = read
            .findings(before, (START, &TimeZone::UTC))
            .await
            .expect("the findings");
        let mut seen = 0;
        for (finding, count) in counts {
            if finding.list() != FindingList::Assignments {
                continue;
            }
            let wanted = Search::parse(&finding.search(before));
            let expected = all.iter().filter(|one| fits(&one.content, &wanted)).count() as u64;
            assert!(expected > 0, "{finding:?}");
            assert_eq!(count, expected, "{finding:?}");
            seen += 1;
        }
        assert_eq!(seen, 2);
        let ending = Finding::Expiring.search(before);
        assert_eq!(ending, "state:active handover:no until<2026-02-03");
    })
    .await;
}

#[tokio::test]
async fn more_than_ten_thousand_are_not_counted() {
    both_engines(async |db| {
        company(db).await;
        execute(
            db,
            "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 200) \
             INSERT INTO assignment (id, recorded_from, salt, identity_id, entitlement_id, agent, reason, state, valid_from, \
             valid_until, role_id, source_id, rule_id, granted_by) \
             SELECT a.id + 1000 * more.n, a.recorded_from, a.salt, a.identity_id, a.entitlement_id, a.agent, a.reason, a.state, \
             a.valid_from, a.valid_until, a.role_id, a.source_id, a.rule_id, a.granted_by FROM assignment a CROSS JOIN more",
        )
        .await;
        let mut read = db.read().await;
        let page = read
            .assignment_list(Visibility::All, (START, &TimeZone::UTC), &search(""))
            .await
            .expect("a page");
        assert_eq!((page.total, page.rows.len()), (COUNT_CAP + 1, 50));
    })
    .await;
}
