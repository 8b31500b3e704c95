//! A review is defined once under its name, changed by who saw its last version, and ended for good.

use domain::lifecycle::Lifecycle;
use domain::review::Review;
use domain::time::SECOND;
use jiff::tz::TimeZone;
use service::Error;
use service::people::Edited;
use service::reviews::{self, ReviewForm, Template};
use testkit::both_apps;

use crate::kit::{Kit, of};

fn form(name: &str) -> ReviewForm {
    let mut form = ReviewForm {
        name: name.to_owned(),
        ..ReviewForm::usual()
    };
    "application:sap".clone_into(&mut form.scope.things);
    form
}

async fn defined(kit: &Kit<'_>, form: &ReviewForm) -> Review {
    let service = kit.app.service();
    let id = reviews::define(service, &kit.admin, form).await;
    kit.app.clock().advance(SECOND);
    let (review, _) = reviews::read(service, &kit.admin, id.expect("a review"))
        .await
        .expect("the review");
    review
}

#[tokio::test]
async fn a_second_review_of_a_name_is_refused_and_the_first_stays() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let first = defined(&kit, &form("Autumn")).await;
        let mut other = form("AUTUMN");
        other.stages[0].days = "3".to_owned();
        let refused = reviews::define(app.service(), &kit.admin, &other).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{refused:?}");
        };
        assert!(errors.of("name").is_some(), "{errors:?}");
        let (now, _) = reviews::read(app.service(), &kit.admin, first.id)
            .await
            .expect("the review");
        assert_eq!(now, first);
        // A file says what a review is, also where there is one.
        let same = reviews::define_or_change(app.service(), &kit.admin, &other).await;
        assert_eq!(same.expect("the review"), first.id);
    })
    .await;
}

#[tokio::test]
async fn a_review_is_changed_by_who_saw_its_last_version() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let review = defined(&kit, &form("Autumn")).await;
        let (same, mut typed) = reviews::form_of(service, &kit.admin, review.id)
            .await
            .expect("its form");
        assert_eq!(same, review);
        typed.stages[0].days = "21".to_owned();
        let change = async |form: &ReviewForm| {
            let expected = review.recorded_from;
            reviews::change(service, &kit.admin, review.id, expected, form).await
        };
        assert_eq!(change(&typed).await.expect("changed"), Edited::Changed);
        app.clock().advance(SECOND);
        let late = change(&form("Winter")).await;
        assert!(matches!(late, Err(Error::Conflict)), "{late:?}");
        let (now, _) = reviews::read(service, &kit.admin, review.id)
            .await
            .expect("the review");
        assert_eq!(
            (now.content.name.as_str(), now.content.days()),
            ("Autumn", 21)
        );
    })
    .await;
}

#[tokio::test]
async fn the_form_of_a_review_says_what_the_review_says() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let today = service.now().day(&TimeZone::UTC);
        let mut forms: Vec<ReviewForm> = Template::ALL.iter().map(|one| one.form(today)).collect();
        let mut named = form("Named people");
        named.stages[0].reviewer = "people".to_owned();
        named.stages[0].who = "bo, cy".to_owned();
        named.scope.how = vec!["direct".to_owned()];
        named.scope.sample = "3".to_owned();
        forms.push(named);
        for form in forms {
            let review = defined(&kit, &form).await;
            let (_, typed) = reviews::form_of(service, &kit.admin, review.id)
                .await
                .expect("its form");
            let expected = review.recorded_from;
            let edited = reviews::change(service, &kit.admin, review.id, expected, &typed).await;
            assert_eq!(edited.expect(&form.name), Edited::Same, "{typed:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_owner_runs_a_review_and_does_not_widen_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let mut form = form("Autumn");
        form.owner = "bo".to_owned();
        let review = defined(&kit, &form).await;
        let owner = of(kit.bo);
        let mut wider = review.content.clone();
        wider.scope.things.clear();
        let refused = reviews::edit(service, &owner, review.id, review.recorded_from, wider).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        let other = reviews::end(service, &of(kit.cy), review.id, review.recorded_from).await;
        assert!(matches!(other, Err(Error::Denied { .. })), "{other:?}");
        let ended = reviews::end(service, &owner, review.id, review.recorded_from).await;
        assert_eq!(ended.expect("it ends"), Edited::Changed);
    })
    .await;
}

#[tokio::test]
async fn a_review_ends_also_when_its_owner_has_left() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let zoe = kit.person("Zoe", "bo").await;
        let mut form = form("Autumn");
        form.owner = "zoe".to_owned();
        let review = defined(&kit, &form).await;
        kit.suspend(zoe).await;
        let ended = reviews::end(service, &kit.admin, review.id, review.recorded_from).await;
        assert_eq!(ended.expect("it ends"), Edited::Changed);
        app.clock().advance(SECOND);
        let (now, _) = reviews::read(service, &kit.admin, review.id)
            .await
            .expect("the review");
        assert_eq!(now.content.status, Lifecycle::Ended);
        let launched = reviews::launch(service, &kit.admin, review.id).await;
        assert!(matches!(launched, Err(Error::Refused(_))), "{launched:?}");
        let again = reviews::end(service, &kit.admin, review.id, now.recorded_from).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        // Its name is free.
        defined(&kit, &self::form("Autumn")).await;
    })
    .await;
}
