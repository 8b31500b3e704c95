//! What was true at a past moment stays what it was: random histories against one that is kept in memory.

use domain::id::IdentityId;
use domain::identity::IdentityContent;
use domain::time::Instant;
use proptest::prelude::*;
use testkit::{START, TestStore, a_person, property};

use crate::support::commit;

/// One write: which of three identities, what title, and how far the clock moves before it.
type Step = (usize, u8, i64);

struct Version {
    of: usize,
    from: Instant,
    content: IdentityContent,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(
        (
            0_usize..3,
            any::<u8>(),
            prop_oneof![Just(0_i64), 1_i64..5, -5_i64..0, Just(86_400_000_000)],
        ),
        1..25,
    )
}

fn content(of: usize, title: u8) -> IdentityContent {
    a_person(&format!("Person {of}"))
        .title(&format!("Title {title}"))
        .build()
}

#[test]
fn at_every_moment_an_identity_is_what_it_was_then() {
    property(10, steps(), async |db, steps| {
        let mut ids: [Option<IdentityId>; 3] = [None; 3];
        let mut history: Vec<Version> = Vec::new();
        for (of, title, moved) in steps {
            db.clock().advance(*moved);
            let content = content(*of, *title);
            let mut tx = db.write().await;
            let target = match ids[*of] {
                None => {
                    let (id, target) = tx.insert_identity(&content).await.expect("a new identity");
                    ids[*of] = Some(id);
                    target
                }
                Some(id) => {
                    let present = tx
                        .identity(id)
                        .await
                        .expect("the identity")
                        .expect("is there");
                    tx.replace_identity(id, present.recorded_from, &content)
                        .await
                        .expect("a new version")
                }
            };
            history.push(Version {
                of: *of,
                from: tx.recorded(),
                content,
            });
            commit(tx, [target]).await;
        }
        check(db, &ids, &history).await;
    });
}

async fn check(db: &TestStore, ids: &[Option<IdentityId>; 3], history: &[Version]) {
    let mut moments: Vec<Instant> = history
        .iter()
        .flat_map(|v| [v.from.plus(-1), v.from, v.from.plus(1)])
        .collect();
    moments.extend([
        Instant::from_micros(0),
        START,
        Instant::from_micros(i64::MAX),
    ]);
    let mut read = db.read().await;
    for (of, id) in ids.iter().enumerate() {
        let Some(id) = *id else { continue };
        for moment in &moments {
            let stored = read.identity_as_of(id, *moment).await.expect("a version");
            let model = history
                .iter()
                .rev()
                .find(|v| v.of == of && v.from <= *moment);
            assert_eq!(
                stored.as_ref().map(|v| (v.recorded_from, &v.content)),
                model.map(|v| (v.from, &v.content)),
                "at {moment}"
            );
        }
        let last = history.iter().rev().find(|v| v.of == of);
        let present = read.identity(id).await.expect("the present version");
        assert_eq!(present.map(|v| v.content), last.map(|v| v.content.clone()));
    }
}
