//! Saved views: one's own, shared ones, and who may change them.

use domain::permission::Actor;
use domain::view::{ListName, VIEWS_MAX, ViewDraft};
use service::{Cx, Error, views};
use testkit::both_apps;

const PEOPLE: ListName = ListName::People;

fn draft(name: &str, shared: bool) -> ViewDraft {
    ViewDraft {
        name: name.to_owned(),
        query: "q=status%3Aactive".to_owned(),
        shared,
    }
}

fn names(views: &[domain::view::SavedView]) -> Vec<&str> {
    views
        .iter()
        .map(|view| view.content.name.as_str())
        .collect()
}

#[tokio::test]
async fn a_view_is_its_owners_and_sharing_lets_others_find_but_not_change_it() {
    both_apps(async |app| {
        app.welcome().await;
        let service = app.service();
        let ana = app.someone("Ana Silva", &[]).await;
        let ben = app.someone("Ben Ode", &[]).await;
        let secret = views::create(service, &ana, PEOPLE, &draft("Secret", false))
            .await
            .unwrap();
        let open = views::create(service, &ana, PEOPLE, &draft("Open", true))
            .await
            .unwrap();
        let anas = views::of_list(service, &ana, PEOPLE).await.unwrap();
        assert_eq!(names(&anas.own), ["Open", "Secret"]);
        let bens = views::of_list(service, &ben, PEOPLE).await.unwrap();
        assert_eq!(
            (names(&bens.own), names(&bens.shared)),
            (vec![], vec!["Open"])
        );
        assert_eq!(bens.shared[0].owner_name, "Ana Silva");
        let elsewhere = views::of_list(service, &ben, ListName::Applications)
            .await
            .unwrap();
        assert_eq!(names(&elsewhere.shared), Vec::<&str>::new());
        for id in [secret, open] {
            let read = views::read_own(service, &ben, id).await;
            assert!(matches!(read, Err(Error::NotFound)), "{read:?}");
            let changed = views::change(service, &ben, id, &draft("Mine now", true)).await;
            assert!(matches!(changed, Err(Error::NotFound)), "{changed:?}");
            let deleted = views::delete(service, &ben, id).await;
            assert!(matches!(deleted, Err(Error::NotFound)), "{deleted:?}");
        }
        let nobody = Cx::of(Actor::Anonymous);
        assert!(matches!(
            views::of_list(service, &nobody, PEOPLE).await,
            Err(Error::Denied { .. })
        ));
        assert_eq!(
            names(&views::of_list(service, &ana, PEOPLE).await.unwrap().own),
            ["Open", "Secret"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_view_is_renamed_made_to_show_something_else_and_forgotten() {
    both_apps(async |app| {
        app.welcome().await;
        let service = app.service();
        let ana = app.someone("Ana Silva", &[]).await;
        let id = views::create(service, &ana, PEOPLE, &draft("First", false))
            .await
            .unwrap();
        views::create(service, &ana, PEOPLE, &draft("Second", false))
            .await
            .unwrap();
        for name in ["second", " "] {
            let taken = views::change(service, &ana, id, &draft(name, false)).await;
            assert!(matches!(taken, Err(Error::Invalid(_))), "{taken:?}");
        }
        views::change(service, &ana, id, &draft("Renamed", true))
            .await
            .unwrap();
        views::set_query(service, &ana, id, "q=kim").await.unwrap();
        let view = views::read_own(service, &ana, id).await.unwrap();
        assert_eq!(
            (
                view.content.name.as_str(),
                view.content.query.as_str(),
                view.content.shared
            ),
            ("Renamed", "q=kim", true)
        );
        views::delete(service, &ana, id).await.unwrap();
        assert!(matches!(
            views::read_own(service, &ana, id).await,
            Err(Error::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_twice_saves_one_view_and_nobody_keeps_too_many() {
    both_apps(async |app| {
        app.welcome().await;
        let service = app.service();
        let ana = app.someone("Ana Silva", &[]).await;
        let once = Cx {
            once: Some("key".to_owned()),
            ..ana.clone()
        };
        views::create(service, &once, PEOPLE, &draft("Once", false))
            .await
            .unwrap();
        let again = views::create(service, &once, PEOPLE, &draft("Once", false)).await;
        assert!(matches!(again, Err(Error::AlreadyDone(_))), "{again:?}");
        for n in 1..VIEWS_MAX {
            views::create(service, &ana, PEOPLE, &draft(&format!("View {n}"), false))
                .await
                .unwrap();
        }
        let more = views::create(service, &ana, PEOPLE, &draft("One more", false)).await;
        assert!(matches!(more, Err(Error::Invalid(_))), "{more:?}");
        views::create(
            service,
            &ana,
            ListName::Applications,
            &draft("Another list", false),
        )
        .await
        .unwrap();
    })
    .await;
}

#[tokio::test]
async fn columns_are_kept_for_the_person_who_wants_them() {
    both_apps(async |app| {
        app.welcome().await;
        let service = app.service();
        let ana = app.someone("Ana Silva", &[]).await;
        let ben = app.someone("Ben Ode", &[]).await;
        views::keep_columns(service, &ana, PEOPLE, Some("email,status"))
            .await
            .unwrap();
        let kept = |views: views::Views| views.columns;
        assert_eq!(
            kept(views::of_list(service, &ana, PEOPLE).await.unwrap()).as_deref(),
            Some("email,status")
        );
        assert_eq!(
            kept(views::of_list(service, &ben, PEOPLE).await.unwrap()),
            None
        );
        let endless = "x".repeat(1_000);
        let refused = views::keep_columns(service, &ana, PEOPLE, Some(&endless)).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        views::keep_columns(service, &ana, PEOPLE, None)
            .await
            .unwrap();
        assert_eq!(
            kept(views::of_list(service, &ana, PEOPLE).await.unwrap()),
            None
        );
    })
    .await;
}
