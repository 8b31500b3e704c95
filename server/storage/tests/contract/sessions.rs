//! Sessions: found by their hash, listed, touched and ended.

use domain::id::IdentityId;
use domain::time::{Instant, MINUTE};
use storage::sessions::Session;
use testkit::{START, both_engines};

const ANA: IdentityId = IdentityId::from_raw(1);
const BEN: IdentityId = IdentityId::from_raw(2);

fn session(id_hash: &[u8], identity: IdentityId, created: Instant, last_seen: Instant) -> Session {
    Session {
        id_hash: id_hash.to_vec(),
        identity,
        created,
        last_seen,
        address: "2001:db8::1".to_owned(),
        user_agent: "Firefox “ü”".to_owned(),
    }
}

fn hashes(sessions: &[Session]) -> Vec<&[u8]> {
    sessions
        .iter()
        .map(|session| session.id_hash.as_slice())
        .collect()
}

#[tokio::test]
async fn a_session_is_found_by_its_hash_and_moves_only_forwards() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let one = session(&[0, 255, 1], ANA, START, START);
        tx.insert_session(&one).await.unwrap();
        assert_eq!(tx.session(&[0, 255, 1]).await.unwrap(), Some(one.clone()));
        assert_eq!(tx.session(&[0, 255]).await.unwrap(), None);
        tx.touch_session(&[0, 255, 1], START.plus(MINUTE))
            .await
            .unwrap();
        tx.touch_session(&[0, 255, 1], START.plus(-MINUTE))
            .await
            .unwrap();
        tx.touch_session(b"unknown", START).await.unwrap();
        let seen = tx.session(&[0, 255, 1]).await.unwrap().unwrap();
        assert_eq!(
            seen,
            Session {
                last_seen: START.plus(MINUTE),
                ..one.clone()
            }
        );
        assert!(
            tx.insert_session(&one).await.is_err(),
            "one hash, one session"
        );
    })
    .await;
}

#[tokio::test]
async fn the_latest_used_comes_first() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        for (hash, of, used) in [
            (b"a", ANA, 1),
            (b"b", ANA, 3),
            (b"c", BEN, 9),
            (b"e", ANA, 2),
            (b"d", ANA, 2),
        ] {
            tx.insert_session(&session(hash, of, START, START.plus(used)))
                .await
                .unwrap();
        }
        let sessions = tx.sessions_of(ANA).await.unwrap();
        assert_eq!(hashes(&sessions), [b"b", b"d", b"e", b"a"]);
        assert!(
            tx.sessions_of(IdentityId::from_raw(3))
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn sessions_end_one_by_one_or_all_but_one() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        for (hash, of) in [(b"a", ANA), (b"b", ANA), (b"c", ANA), (b"x", BEN)] {
            tx.insert_session(&session(hash, of, START, START))
                .await
                .unwrap();
        }
        assert!(tx.delete_session(b"a").await.unwrap());
        assert!(!tx.delete_session(b"a").await.unwrap());
        assert_eq!(tx.delete_sessions_of(ANA, Some(b"c")).await.unwrap(), 1);
        assert_eq!(hashes(&tx.sessions_of(ANA).await.unwrap()), [b"c"]);
        assert_eq!(tx.delete_sessions_of(ANA, None).await.unwrap(), 1);
        assert_eq!(hashes(&tx.sessions_of(BEN).await.unwrap()), [b"x"]);
    })
    .await;
}

#[tokio::test]
async fn sessions_are_forgotten_when_idle_or_old() {
    both_engines(async |db| {
        let (idle, begun) = (START.plus(100), START.plus(10));
        let mut tx = db.write().await;
        for (hash, created, used) in [
            (b"a", 10, 100),
            (b"b", 10, 99),
            (b"c", 9, 100),
            (b"d", 200, 200),
        ] {
            tx.insert_session(&session(hash, ANA, START.plus(created), START.plus(used)))
                .await
                .unwrap();
        }
        tx.delete_expired_sessions(idle, begun).await.unwrap();
        assert_eq!(hashes(&tx.sessions_of(ANA).await.unwrap()), [b"d", b"a"]);
    })
    .await;
}
