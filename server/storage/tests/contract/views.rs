//! Saved views and kept columns.

use domain::id::{IdentityId, ViewId};
use domain::view::{ListName, SavedView, ViewContent};
use storage::Error;
use testkit::{a_person, both_engines};

use crate::support::person;

const PEOPLE: ListName = ListName::People;

fn content(name: &str, shared: bool) -> ViewContent {
    ViewContent {
        name: name.to_owned(),
        query: "q=status%3Aactive".to_owned(),
        shared,
    }
}

fn names(views: Vec<SavedView>) -> Vec<String> {
    views.into_iter().map(|view| view.content.name).collect()
}

#[tokio::test]
async fn views_are_ones_own_and_those_that_are_shared() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        let ben = IdentityId::from_raw(ana.raw() + 7);
        let mut tx = db.write().await;
        let own = tx
            .insert_view(ana, PEOPLE, &content("Zebra", false))
            .await
            .unwrap();
        let shared = tx
            .insert_view(ana, PEOPLE, &content("Apple", true))
            .await
            .unwrap();
        tx.insert_view(ben, PEOPLE, &content("Hidden", false))
            .await
            .unwrap();
        tx.insert_view(ben, ListName::Applications, &content("Elsewhere", true))
            .await
            .unwrap();
        assert_eq!(
            names(tx.views(ana, PEOPLE).await.unwrap()),
            ["Apple", "Zebra"]
        );
        assert_eq!(
            names(tx.views(ben, PEOPLE).await.unwrap()),
            ["Apple", "Hidden"]
        );
        let view = tx.view(shared).await.unwrap().expect("the view");
        assert_eq!(
            (view.owner, view.list, view.content),
            (ana, PEOPLE, content("Apple", true))
        );
        assert!(!view.owner_name.is_empty());
        tx.delete_view(own).await.unwrap();
        assert_eq!(tx.view(own).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_used_once_by_its_owner_in_a_list() {
    both_engines(async |db| {
        let (ana, ben) = (IdentityId::from_raw(1), IdentityId::from_raw(2));
        let mut tx = db.write().await;
        let first = tx
            .insert_view(ana, PEOPLE, &content("Mine", false))
            .await
            .unwrap();
        tx.insert_view(ben, PEOPLE, &content("Mine", false))
            .await
            .unwrap();
        tx.insert_view(ana, ListName::Entitlements, &content("Mine", false))
            .await
            .unwrap();
        tx.change_view(first, &content("MINE", true)).await.unwrap();
        assert!(
            tx.view(first)
                .await
                .unwrap()
                .expect("the view")
                .content
                .shared
        );
        let gone = tx
            .change_view(ViewId::from_raw(99), &content("x", true))
            .await;
        assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
        let again = tx.insert_view(ana, PEOPLE, &content("mine", false)).await;
        assert!(matches!(again, Err(Error::Duplicate)), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn columns_are_kept_for_a_person_and_a_list() {
    both_engines(async |db| {
        let (ana, ben) = (IdentityId::from_raw(1), IdentityId::from_raw(2));
        let kept = async |reader, list| {
            let found = db.store().views_and_columns(reader, list).await;
            found.expect("views and columns").1
        };
        let keep = async |columns| {
            let mut tx = db.write().await;
            tx.keep_columns(ana, PEOPLE, columns).await.unwrap();
            tx.commit_unaudited("columns of a test").await.unwrap();
        };
        keep(Some("status,kind")).await;
        keep(Some("kind,status")).await;
        assert_eq!(kept(ana, PEOPLE).await.as_deref(), Some("kind,status"));
        assert_eq!(kept(ben, PEOPLE).await, None);
        assert_eq!(kept(ana, ListName::Applications).await, None);
        keep(None).await;
        assert_eq!(kept(ana, PEOPLE).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_asked_for_views_and_columns_at_once() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        let ben = IdentityId::from_raw(ana.raw() + 7);
        let mut tx = db.write().await;
        for (owner, name, shared) in [
            (ana, "Zebra", false),
            (ana, "Apple", true),
            (ben, "Hidden", false),
        ] {
            let view = content(name, shared);
            tx.insert_view(owner, PEOPLE, &view).await.unwrap();
        }
        tx.keep_columns(ana, PEOPLE, Some("kind")).await.unwrap();
        let mut expected = Vec::new();
        for reader in [ana, ben] {
            expected.push(tx.views(reader, PEOPLE).await.unwrap());
        }
        tx.commit_unaudited("views of a test").await.unwrap();
        for (reader, columns, expected) in
            [(ana, Some("kind"), &expected[0]), (ben, None, &expected[1])]
        {
            let found = db.store().views_and_columns(reader, PEOPLE).await.unwrap();
            assert_eq!((&found.0, found.1.as_deref()), (expected, columns));
        }
        let nothing = db.store().views_and_columns(ana, ListName::Entitlements);
        assert_eq!(nothing.await.unwrap(), (Vec::new(), None));
    })
    .await;
}
