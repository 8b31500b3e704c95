//! The list of the log: newest first, its tokens, its facets.

use domain::audit::{AuditAction, Event, Outcome, Target};
use domain::id::{ApplicationId, IdentityId};
use domain::page::{ListQuery, SIZES};
use domain::permission::{Actor, Rights};
use domain::search::Search;
use domain::time::MINUTE;
use proptest::sample::select;
use storage::audit::TOKENS;
use testkit::{START, TestStore, a_person, an_event, both_engines, property};

use crate::people_list::{counted, told};
use crate::support::{people, search};
use crate::walk::{sorted, walk};

const KIM: IdentityId = IdentityId::from_raw(1);
const ANA: IdentityId = IdentityId::from_raw(2);

/// Seven entries, a minute between them; the first added Kim Lee and Ana Silva.
async fn fill(db: &TestStore) {
    people(
        db,
        &[a_person("Kim Lee").build(), a_person("Ana Silva").build()],
    )
    .await;
    let mark = |object| Target {
        object,
        content: None,
    };
    let event = |actor, action, outcome, request: Option<&str>, target| Event {
        actor,
        action,
        outcome,
        request: request.map(str::to_owned),
        ..an_event(action, [mark(target)])
    };
    let kim = Actor::Person {
        id: KIM,
        rights: Rights::NONE,
    };
    let desk = ApplicationId::from_raw(5);
    for event in [
        event(
            kim,
            AuditAction::IdentityEdited,
            Outcome::Done,
            Some("r-1"),
            ANA.into(),
        ),
        event(
            kim,
            AuditAction::ApplicationCreated,
            Outcome::Done,
            Some("r-2"),
            desk.into(),
        ),
        event(
            Actor::Anonymous,
            AuditAction::SignInDenied,
            Outcome::Denied,
            Some("r-3"),
            KIM.into(),
        ),
        event(
            kim,
            AuditAction::IdentitySuspended,
            Outcome::Denied,
            None,
            ANA.into(),
        ),
        event(
            Actor::System,
            AuditAction::IdentityEnded,
            Outcome::Done,
            None,
            ANA.into(),
        ),
        event(
            Actor::System,
            AuditAction::Exported,
            Outcome::Done,
            None,
            desk.into(),
        ),
    ] {
        db.clock().advance(MINUTE);
        db.write()
            .await
            .commit(event, Vec::new())
            .await
            .expect("a commit");
    }
}

async fn numbers(db: &TestStore, query: &ListQuery) -> Vec<i64> {
    let page = db.read().await.audit_entries(query).await.expect("a page");
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.iter().map(|entry| entry.seq).collect()
}

#[tokio::test]
async fn tokens_and_words_find_what_they_say() {
    both_engines(async |db| {
        fill(db).await;
        let third = START.plus(2 * MINUTE);
        for (text, found) in [
            ("", &[7, 6, 5, 4, 3, 2, 1][..]),
            ("outcome:denied", &[5, 4]),
            ("outcome:maybe", &[]),
            ("action:identity.ended", &[6]),
            ("action:identity", &[6, 5, 2, 1]),
            ("action:ident", &[]),
            ("actor:system", &[7, 6]),
            ("actor:command_line", &[1]),
            (&format!("actor:{KIM}"), &[5, 3, 2]),
            (&format!("target:{ANA}"), &[6, 5, 2, 1]),
            (&format!("target:{}", ApplicationId::from_raw(5)), &[7, 3]),
            ("target:nothing", &[]),
            ("request:r-2", &[3]),
            ("seq:3", &[3]),
            ("seq>=6", &[7, 6]),
            ("seq<2", &[1]),
            ("seq:x", &[]),
            (&format!("time>={third}"), &[7, 6, 5, 4, 3]),
            (&format!("time<{third}"), &[2, 1]),
            (&format!("time:{third}"), &[3]),
            ("time>=-009999-01-03T00:00:00Z", &[7, 6, 5, 4, 3, 2, 1]),
            ("time<-009999-01-03T00:00:00Z", &[]),
            ("time:now", &[]),
            ("outcome>denied", &[]),
            ("colour:red", &[]),
            ("action:identity outcome:denied", &[5]),
            ("silva", &[6, 5, 2, 1]),
            ("SÍLV kim", &[1]),
            ("r-3", &[4]),
            (&KIM.to_string(), &[5, 4, 3, 2, 1]),
            ("nobody", &[]),
            ("\"\0\"", &[]),
        ] {
            assert_eq!(numbers(db, &search(text)).await, found, "{text}");
        }
        assert_eq!(
            numbers(db, &sorted(&Search::default(), "time", 25)).await,
            [1, 2, 3, 4, 5, 6, 7]
        );
        assert_eq!(
            numbers(db, &sorted(&Search::default(), "-time", 25)).await,
            [7, 6, 5, 4, 3, 2, 1]
        );
    })
    .await;
}

#[tokio::test]
async fn every_token_of_the_list_is_known() {
    both_engines(async |db| {
        fill(db).await;
        for token in TOKENS {
            let value = match *token {
                "actor" => "system".to_owned(),
                "action" => "identity".to_owned(),
                "target" => ANA.to_string(),
                "outcome" => "done".to_owned(),
                "request" => "r-1".to_owned(),
                "time" => START.to_string(),
                _ => "1".to_owned(),
            };
            assert!(
                !numbers(db, &search(&format!("{token}:{value}")))
                    .await
                    .is_empty(),
                "{token}:{value}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn facets_count_actions_and_outcomes() {
    both_engines(async |db| {
        fill(db).await;
        let mut read = db.read().await;
        let facets = read.audit_facets(&Search::default()).await.unwrap();
        let actions = [
            "identity.edited",
            "identity.edited",
            "application.created",
            "session.denied",
            "identity.suspended",
            "identity.ended",
            "list.exported",
        ];
        let outcomes = ["done", "done", "denied", "denied", "done", "done", "done"];
        let model = [
            counted("action", 12, actions.into_iter()),
            counted("outcome", 4, outcomes.into_iter()),
        ];
        assert_eq!(facets.iter().map(told).collect::<Vec<_>>(), model);
        let denied = read
            .audit_facets(&Search::parse("outcome:denied"))
            .await
            .unwrap();
        assert_eq!(told(&denied[1]).1, [("denied".to_owned(), 2)]);
    })
    .await;
}

#[test]
fn both_orders_show_every_entry_once() {
    property(
        3,
        (0_i64..130, select(SIZES.to_vec())),
        async |db, (entries, size)| {
            if *entries > 0 {
                let rest = (1..*entries)
                    .map(|_| an_event(AuditAction::Viewed, []))
                    .collect();
                db.write()
                    .await
                    .commit(an_event(AuditAction::Viewed, []), rest)
                    .await
                    .expect("a commit");
            }
            let mut read = db.read().await;
            for (query, backwards) in [
                (
                    ListQuery {
                        size: *size,
                        ..search("")
                    },
                    true,
                ),
                (sorted(&Search::default(), "-time", *size), true),
                (sorted(&Search::default(), "time", *size), false),
            ] {
                let rows = walk(&query, async |query| {
                    read.audit_entries(query).await.expect("a page")
                })
                .await;
                let mut model: Vec<i64> = (1..=*entries).collect();
                if backwards {
                    model.reverse();
                }
                assert_eq!(
                    rows.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
                    model
                );
            }
        },
    );
}
