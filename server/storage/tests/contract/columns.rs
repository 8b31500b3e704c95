//! Moments and days are the same on both engines, to the microsecond, however old or far.

use domain::assignment::{Agent, AssignmentState};
use domain::id::{EntitlementId, IdentityId};
use domain::role::Grantable;
use domain::time::{DAY, Date, Instant};
use proptest::prelude::*;
use storage::assignments::AssignmentContent;
use storage::sessions::Session;
use testkit::{a_person, both_engines, property};

use crate::support::{at, commit, day, person};

/// Microseconds of 0001-01-01 and of 9999-12-31T23:59:59.999999Z.
const CALENDAR: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

fn valid(from: Instant, until: Option<Instant>) -> AssignmentContent {
    AssignmentContent {
        identity: IdentityId::from_raw(1),
        what: Grantable::Entitlement(EntitlementId::from_raw(1)),
        agent: Agent::Admin,
        reason: String::new(),
        state: AssignmentState::Active,
        valid_from: from,
        valid_until: until,
        source: None,
        rule: None,
        granted_by: None,
        request: None,
        activates: None,
    }
}

#[test]
fn moments_come_back_as_they_went_in_and_sort_as_they_do() {
    let near = 946_684_799_999_998..946_684_800_000_003_i64;
    let moments =
        prop::collection::vec(prop_oneof![3 => CALENDAR, 1 => -3_i64..3, 1 => near], 1..20);
    property(12, moments, async |db, moments| {
        let mut tx = db.write().await;
        let mut targets = Vec::new();
        for (n, micros) in (0_u8..).zip(moments) {
            let moment = Instant::from_micros(*micros);
            targets.push(
                tx.insert_assignment(&valid(moment, Some(moment)))
                    .await
                    .unwrap()
                    .1,
            );
            let session = Session {
                id_hash: vec![n],
                identity: IdentityId::from_raw(1),
                created: moment,
                last_seen: moment,
                address: String::new(),
                user_agent: String::new(),
            };
            tx.insert_session(&session).await.unwrap();
        }
        commit(tx, targets).await;
        let mut read = db.read().await;
        let stored = read.assignments_of(IdentityId::from_raw(1)).await.unwrap();
        let from: Vec<i64> = stored
            .iter()
            .map(|a| a.content.valid_from.micros())
            .collect();
        assert_eq!(&from, moments);
        assert!(
            stored
                .iter()
                .all(|a| a.content.valid_until == Some(a.content.valid_from))
        );
        let sorted: Vec<i64> = read
            .sessions_of(IdentityId::from_raw(1))
            .await
            .unwrap()
            .iter()
            .map(|s| s.last_seen.micros())
            .collect();
        let mut model = moments.clone();
        model.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(sorted, model);
    });
}

#[tokio::test]
async fn the_ends_of_time_are_kept() {
    both_engines(async |db| {
        let moments = [
            at("1969-12-31T23:59:59.999999Z"),
            at("1970-01-01T00:00:00Z"),
            at("0001-01-01T00:00:00Z"),
            at("9999-12-30T22:00:00.999999Z"),
            Instant::from_micros(i64::MAX),
            Instant::from_micros(i64::MIN),
        ];
        let mut tx = db.write().await;
        for moment in moments {
            tx.insert_assignment(&valid(moment, None)).await.unwrap();
        }
        let stored = tx.assignments_of(IdentityId::from_raw(1)).await.unwrap();
        assert_eq!(
            stored
                .iter()
                .map(|a| a.content.valid_from)
                .collect::<Vec<_>>(),
            moments
        );
        assert!(stored.iter().all(|a| a.content.valid_until.is_none()));
    })
    .await;
}

#[test]
fn days_come_back_as_they_went_in() {
    let days = (-719_162_i32..=2_932_896, 0_i32..400).prop_map(|(days, long)| {
        let start = day("1970-01-01").plus_days(days);
        (start, start.plus_days(long))
    });
    property(12, prop::collection::vec(days, 1..10), async |db, days| {
        let mut tx = db.write().await;
        for (n, (start, end)) in days.iter().enumerate() {
            let content = a_person("Ana Silva")
                .username(&format!("ana{n}"))
                .starts(*start)
                .ends(*end)
                .build();
            let (id, _) = tx.insert_identity(&content).await.unwrap();
            assert_eq!(tx.identity(id).await.unwrap().unwrap().content, content);
        }
    });
}

#[tokio::test]
async fn the_last_day_of_the_calendar_is_kept() {
    both_engines(async |db| {
        for (n, text) in [
            "0001-01-01",
            "1969-12-31",
            "1970-01-01",
            "1999-12-31",
            "2000-01-01",
            "2024-02-29",
            "9999-12-31",
        ]
        .iter()
        .enumerate()
        {
            let date: Date = day(text);
            let content = a_person("Ana Silva")
                .username(&format!("ana{n}"))
                .starts(date)
                .ends(date)
                .build();
            let id = person(db, content.clone()).await;
            assert_eq!(
                db.read().await.identity(id).await.unwrap().unwrap().content,
                content
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_moment_that_an_engine_cannot_keep_is_refused_and_breaks_nothing() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        // SQLite keeps any number; PostgreSQL's calendar begins in 4713 BC.
        let kept = tx
            .insert_assignment(&valid(at("-009999-01-03T00:00:00Z"), None))
            .await;
        assert_eq!(kept.is_ok(), db.engine() == testkit::Engine::Sqlite);
        drop(tx);
        let mut tx = db.write().await;
        tx.insert_assignment(&valid(Instant::from_micros(-DAY), None))
            .await
            .unwrap();
    })
    .await;
}
