//! Who is behind a session: the person as they are now, their rights at a moment, and whether somebody reports to them.

use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use domain::permission::{ConsoleRight, Rights};
use domain::time::{HOUR, MINUTE};
use storage::sessions::Session;
use storage::visitor::Visitor;
use testkit::{START, TestStore, a_person, an_entitlement, both_engines};

use crate::assignments::{assign, console, grant, right};
use crate::support::{commit, entitlement, person};

async fn sign_in(db: &TestStore, hash: &[u8], identity: IdentityId) {
    let mut tx = db.write().await;
    let session = Session {
        id_hash: hash.to_vec(),
        identity,
        created: START,
        last_seen: START.plus(MINUTE),
        address: String::new(),
        user_agent: String::new(),
    };
    tx.insert_session(&session).await.expect("a session");
    tx.commit_unaudited("a session of a test")
        .await
        .expect("a commit");
}

#[tokio::test]
async fn a_visitor_is_the_present_version_of_who_signed_in() {
    both_engines(async |db| {
        let kim = person(db, a_person("Kim “Ü” Lee").username("kim").build()).await;
        sign_in(db, b"kim", kim).await;
        let visitor = Visitor {
            id: kim,
            created: START,
            last_seen: START.plus(MINUTE),
            display_name: "Kim “Ü” Lee".to_owned(),
            username: "kim".to_owned(),
            status: IdentityStatus::Active,
            rights: Rights::NONE,
            is_manager: false,
            unread: 0,
        };
        let found = db.store().visitor(b"kim", START).await.unwrap();
        assert_eq!(found, Some(visitor.clone()));
        assert_eq!(db.store().visitor(b"ki", START).await.unwrap(), None);
        let mut tx = db.write().await;
        let version = tx.identity(kim).await.unwrap().unwrap().recorded_from;
        let ended = a_person("Kim Ended")
            .username("kim")
            .status(IdentityStatus::Ended)
            .build();
        let target = tx.replace_identity(kim, version, &ended).await.unwrap();
        commit(tx, [target]).await;
        let ended = Visitor {
            display_name: "Kim Ended".to_owned(),
            status: IdentityStatus::Ended,
            ..visitor
        };
        let found = db.store().visitor(b"kim", START).await.unwrap();
        assert_eq!(found, Some(ended));
        sign_in(db, b"nobody", IdentityId::from_raw(9)).await;
        let nobody = db.store().visitor(b"nobody", START).await.unwrap();
        assert_eq!(nobody, None, "a session of nobody opens nothing");
    })
    .await;
}

#[tokio::test]
async fn a_visitor_has_the_console_rights_of_the_moment() {
    both_engines(async |db| {
        let console = console(db).await;
        let kim = person(db, a_person("Kim Lee").build()).await;
        sign_in(db, b"kim", kim).await;
        let audit = right(db, console, ConsoleRight::Audit).await;
        let people = right(db, console, ConsoleRight::ManageIdentities).await;
        // A name with two rights in it, and marks that end a list, are no right.
        let name = format!(
            "{}\"],{}",
            ConsoleRight::Administer.word(),
            ConsoleRight::Administer.word()
        );
        let odd = an_entitlement(console, "Odd").name(&name).build();
        let odd = entitlement(db, odd).await;
        assign(db, &grant(kim, audit, START, None)).await;
        assign(
            db,
            &grant(kim, people, START.plus(HOUR), Some(START.plus(2 * HOUR))),
        )
        .await;
        assign(db, &grant(kim, odd, START, None)).await;
        let only = Rights::NONE.with(ConsoleRight::Audit);
        for (moment, rights) in [
            (START.plus(-1), Rights::NONE),
            (START, only),
            (START.plus(HOUR), only.with(ConsoleRight::ManageIdentities)),
            (START.plus(2 * HOUR), only),
        ] {
            let visitor = db.store().visitor(b"kim", moment).await.unwrap().unwrap();
            assert_eq!(visitor.rights, rights, "at {moment}");
            let read = db.read().await.console_rights(kim, moment).await.unwrap();
            assert_eq!(visitor.rights, read, "asked for in both ways");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_manages_somebody_is_a_manager() {
    both_engines(async |db| {
        let kim = person(db, a_person("Kim Lee").build()).await;
        let ana = person(db, a_person("Ana Silva").manager(kim).build()).await;
        sign_in(db, b"kim", kim).await;
        sign_in(db, b"ana", ana).await;
        let is_manager = async |hash: &[u8]| {
            let visitor = db.store().visitor(hash, START).await.unwrap();
            visitor.expect("a visitor").is_manager
        };
        assert!(is_manager(b"kim").await);
        assert!(!is_manager(b"ana").await);
        let mut tx = db.write().await;
        let version = tx.identity(ana).await.unwrap().unwrap().recorded_from;
        let free = a_person("Ana Silva").build();
        let target = tx.replace_identity(ana, version, &free).await.unwrap();
        commit(tx, [target]).await;
        assert!(!is_manager(b"kim").await, "only the present versions count");
    })
    .await;
}
