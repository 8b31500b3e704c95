//! What a new review begins with, whom its scope means, and what the preview says and offers.

use std::fmt::Write;

use domain::entitlement::EntitlementDraft;
use domain::id::IdentityId;
use domain::identity::IdentityDraft;
use domain::permission::ConsoleRight;
use domain::source::ImportMode::Snapshot;
use domain::time::{DAY, Date, SECOND};
use service::reviews::{self, Preview, ReviewForm, ScopeForm, Template};
use service::{Error, entitlements, people};
use testkit::both_apps;

use crate::kit::Kit;

async fn preview(kit: &Kit<'_>, form: &ReviewForm) -> Preview {
    reviews::preview(kit.app.service(), &kit.admin, form)
        .await
        .expect("a preview")
}

fn scoped(change: impl FnOnce(&mut ScopeForm)) -> ReviewForm {
    let mut form = ReviewForm {
        name: "A part".to_owned(),
        ..ReviewForm::usual()
    };
    change(&mut form.scope);
    form
}

/// Writes a person anew, with another department or last day.
async fn edit(kit: &Kit<'_>, id: IdentityId, change: impl FnOnce(&mut IdentityDraft)) {
    let (service, cx) = (kit.app.service(), &kit.admin);
    let person = people::read(service, cx, id).await.expect("a person");
    let content = person.identity.content;
    let mut draft = IdentityDraft {
        username: content.username,
        display_name: content.display_name,
        department: content.department,
        manager: "bo".to_owned(),
        kind: content.kind.word().to_owned(),
        ..IdentityDraft::default()
    };
    change(&mut draft);
    people::edit(service, cx, id, person.identity.recorded_from, &draft)
        .await
        .expect("it is written");
    kit.app.clock().advance(SECOND);
}

#[tokio::test]
async fn each_usual_review_fills_a_form_that_can_be_saved() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let today: Date = app.service().now().day(&jiff::tz::TimeZone::UTC);
        for template in Template::ALL {
            let form = template.form(today);
            let id = reviews::define(app.service(), &kit.admin, &form)
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", template.word()));
            let (review, _) = reviews::read(app.service(), &kit.admin, id)
                .await
                .expect("the review");
            let said = reviews::sentences(&review.content);
            assert!(said[0].ends_with("days."), "{said:?}");
            if let Some(repeats) = review.content.repeats {
                assert!(repeats.from > today);
            }
            preview(&kit, &form).await;
        }
        let runner = app.someone("Rita", &[ConsoleRight::ManageIdentities]).await;
        let refused = reviews::read_form(app.service(), &runner, &ReviewForm::usual()).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_scope_means_what_its_searches_find_and_nothing_is_passed_over() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let all = preview(
            &kit,
            &scoped(|scope| "application:sap".clone_into(&mut scope.things)),
        )
        .await;
        assert_eq!(all.counts.all, 4);
        edit(&kit, kit.cy, |draft| "external".clone_into(&mut draft.kind)).await;
        let external = scoped(|scope| {
            "kind:external".clone_into(&mut scope.people);
            "application:sap".clone_into(&mut scope.things);
        });
        assert_eq!(preview(&kit, &external).await.counts.all, 1);
        let risky = scoped(|scope| "risk>=high application:sap".clone_into(&mut scope.things));
        assert_eq!(preview(&kit, &risky).await.counts.all, 0);
        let typo = scoped(|scope| "departement:Finance".clone_into(&mut scope.people));
        let refused = reviews::define(app.service(), &kit.admin, &typo).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            errors
                .of("people")
                .is_some_and(|why| why.contains("departement"))
        );
    })
    .await;
}

#[tokio::test]
async fn movers_and_leavers_are_those_who_changed_place_or_leave() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let moved = |days: &str| {
            let days = days.to_owned();
            scoped(move |scope| {
                "application:sap".clone_into(&mut scope.things);
                scope.moved_days = days;
            })
        };
        assert_eq!(preview(&kit, &moved("30")).await.counts.holders, 0);
        // What was not known before is filled in: nobody moved.
        edit(&kit, kit.ana, |draft| {
            "Sales".clone_into(&mut draft.department);
        })
        .await;
        assert_eq!(preview(&kit, &moved("30")).await.counts.holders, 0);
        edit(&kit, kit.ana, |draft| {
            "Finance".clone_into(&mut draft.department);
        })
        .await;
        let today = app.service().now().day(&jiff::tz::TimeZone::UTC);
        let last = today.plus_days(10).to_string();
        edit(&kit, kit.ben, |draft| draft.end_date.clone_from(&last)).await;
        assert_eq!(preview(&kit, &moved("30")).await.counts.holders, 2);
        app.clock().advance(5 * DAY);
        assert_eq!(preview(&kit, &moved("3")).await.counts.holders, 0);
        assert_eq!(preview(&kit, &moved("6")).await.counts.holders, 2);
    })
    .await;
}

#[tokio::test]
async fn too_much_for_one_is_offered_in_parts_and_as_a_sample() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let mut rows = String::from("cy,sap,pay\n");
        for number in 0..365 {
            let name = format!("n{number}");
            let draft = EntitlementDraft {
                application: "sap".to_owned(),
                name: name.clone(),
                display_name: name.clone(),
                kind: "permission".to_owned(),
                ..EntitlementDraft::default()
            };
            entitlements::create(app.service(), &kit.admin, &draft)
                .await
                .expect("an entitlement");
            writeln!(rows, "ana,sap,{name}").expect("a row");
        }
        kit.read(Snapshot, &rows).await;
        let mut form = scoped(|scope| "application:sap".clone_into(&mut scope.things));
        let seen = preview(&kit, &form).await;
        assert!(seen.shares[0].too_many && seen.shares[0].reviewer.id == kit.bo);
        assert!(seen.undescribed >= 365);
        // The role by which Ben posts has no owner.
        assert_eq!((seen.unowned, seen.missing), (1, 0));
        let sample = seen
            .offers
            .iter()
            .find(|one| one.word.starts_with("sample="));
        let sample = sample.expect("a sample is offered");
        assert_eq!(sample.word, "sample=2");
        assert!(
            form.take(&sample.word)
                .is_some_and(|said| said.contains("one item in 2"))
        );
        let less = preview(&kit, &form).await;
        assert!(less.counts.adds_up());
        assert!(less.counts.included < seen.counts.included && less.offers.is_empty());
        // A part has a name of its own, and a word that says nothing changes nothing.
        assert!(form.take("application=sap").is_some());
        assert_eq!(form.name, "A part, sap");
        assert_eq!(form.take("nonsense=1"), None);
        // Nobody manages Bo's people any more: whoever answers for the review would decide.
        people::end(
            app.service(),
            &kit.admin,
            kit.bo,
            &people::End {
                reason: "Left".to_owned(),
                last_day: None,
            },
        )
        .await
        .expect("he leaves");
        app.clock().advance(SECOND);
        let orphaned = preview(
            &kit,
            &scoped(|scope| "application:sap".clone_into(&mut scope.things)),
        )
        .await;
        assert_eq!(orphaned.missing, orphaned.counts.included);
    })
    .await;
}
