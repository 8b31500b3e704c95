//! Which identity a source means by its key.

use domain::id::{IdentityId, SourceId};
use domain::identity::IdentityStatus;
use domain::source::{FileKind, IdentityLink, LinkState};
use serde_json::json;
use storage::Error;
use testkit::{a_person, both_engines};

use crate::support::people;

const HR: SourceId = SourceId::from_raw(3);
const AD: SourceId = SourceId::from_raw(4);

fn link(source: SourceId, key: &str, identity: Option<IdentityId>) -> IdentityLink {
    IdentityLink {
        source,
        external_key: key.to_owned(),
        username_key: key.to_lowercase(),
        identity,
        authority: source == HR && identity.is_some(),
        state: if identity.is_some() {
            LinkState::Linked
        } else {
            LinkState::Waiting
        },
        stated: None,
        seen: identity
            .is_none()
            .then(|| json!({"username": key, "email": "ü@example.com"})),
    }
}

#[tokio::test]
async fn links_are_found_by_key_by_username_and_by_identity() {
    both_engines(async |db| {
        let ids = people(
            db,
            &[
                a_person("Ana Silva").build(),
                a_person("Ben Okoro").status(IdentityStatus::Ended).build(),
            ],
        )
        .await;
        let mut links = vec![
            link(HR, "E1", Some(ids[0])),
            link(HR, "E2", Some(ids[1])),
            link(HR, "E3", None),
            link(AD, "ana", Some(ids[0])),
            link(AD, "zoe", None),
        ];
        let mut tx = db.write().await;
        let now = tx.recorded();
        tx.put_links(&links, now).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let keys = |words: &[&str]| {
            words
                .iter()
                .map(|&word| word.to_owned())
                .collect::<Vec<_>>()
        };
        let found = read.links(HR, &keys(&["E3", "ana", "E9"])).await.unwrap();
        assert_eq!(found, links[2..3]);
        let found = read
            .links_by_usernames(HR, &keys(&["e1", "E2"]))
            .await
            .unwrap();
        assert_eq!(found, links[..1]);
        assert_eq!(
            read.links_of(ids[0]).await.unwrap(),
            [links[0].clone(), links[3].clone()]
        );
        assert_eq!(read.links_to(&ids).await.unwrap().len(), 3);
        assert_eq!(read.links_after(HR, "E1", 1).await.unwrap(), links[1..2]);
        assert_eq!(read.waiting_count().await.unwrap(), 2);
        let waiting = read.waiting_links(None, (0, ""), 9).await.unwrap();
        assert_eq!(waiting, [links[2].clone(), links[4].clone()]);
        assert_eq!(
            read.waiting_links(None, (HR.raw(), "E3"), 9).await.unwrap(),
            links[4..]
        );
        // What waits of other sources takes no place on the page of one.
        assert_eq!(
            read.waiting_links(Some(AD), (0, ""), 1).await.unwrap(),
            links[4..]
        );
        let none = read.waiting_links(Some(HR), (HR.raw(), "E3"), 9).await;
        assert_eq!(none.unwrap(), []);
        // Only those who have not ended can go missing.
        assert_eq!(
            read.live_ids(HR, FileKind::Identities, 0, 9).await.unwrap(),
            [ids[0].raw()]
        );
        assert_eq!(read.live_count(HR, FileKind::Identities).await.unwrap(), 1);
        assert_eq!(read.live_count(AD, FileKind::Identities).await.unwrap(), 0);
        assert!(
            read.identity_keys(0, 9)
                .await
                .unwrap()
                .iter()
                .all(|key| key.governed)
        );
        drop(read);
        links[2] = IdentityLink {
            state: LinkState::New,
            stated: Some("active".to_owned()),
            ..links[2].clone()
        };
        let mut tx = db.write().await;
        let now = tx.recorded();
        tx.put_links(&links[2..3], now).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.links(HR, &keys(&["E3"])).await.unwrap(), links[2..3]);
        assert_eq!(read.waiting_count().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn each_kind_of_live_object_is_counted_for_its_source() {
    both_engines(async |db| {
        let mut read = db.read().await;
        for kind in FileKind::ALL {
            assert_eq!(read.live_count(HR, *kind).await.unwrap(), 0);
            assert!(read.live_ids(HR, *kind, 0, 9).await.unwrap().is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn what_waits_again_undoes_no_decision() {
    both_engines(async |db| {
        let ids = people(db, &[a_person("Ana Silva").build()]).await;
        let new = IdentityLink {
            state: LinkState::New,
            ..link(HR, "E2", None)
        };
        let decided = [link(HR, "E1", Some(ids[0])), new];
        let waiting = [link(HR, "E1", None), link(HR, "E2", None)];
        let mut tx = db.write().await;
        let before = tx.recorded();
        tx.put_waiting_links(&waiting).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut tx = db.write().await;
        let now = tx.recorded();
        tx.put_links(&decided, before).await.unwrap();
        tx.put_waiting_links(&waiting).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let keys = ["E1".to_owned(), "E2".to_owned()];
        let known = async || {
            let mut found = db.read().await.links(HR, &keys).await.unwrap();
            found.sort_by(|one, other| one.external_key.cmp(&other.external_key));
            found
        };
        assert_eq!(known().await, decided);
        // What knows only of the time before the decision is refused as a whole, and what knows of it is not.
        let other = [link(HR, "E0", None), link(HR, "E2", Some(ids[0]))];
        let mut tx = db.write().await;
        let stale = tx.put_links(&other, before).await;
        assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
        assert!(tx.commit_unaudited("a test").await.is_err());
        assert_eq!(known().await, decided);
        let mut tx = db.write().await;
        tx.put_links(&other, now).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        assert_eq!(known().await[1], other[1]);
    })
    .await;
}
