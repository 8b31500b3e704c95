//! Delegations: who may say who decides, for how long, and that those who stand in keep a step from passing over somebody.

use domain::permission::ConsoleRight;
use domain::time::DAY;
use service::delegations::{DelegationDraft, create, end, of_person, own};
use service::people::timeline;
use service::{Cx, Error};
use testkit::both_apps;

use crate::kit::Kit;

fn draft(kit: &Kit<'_>, delegate: &str, from: i64, until: i64) -> DelegationDraft {
    let day = |days: i64| {
        let at = kit.app.service().now().plus(days * DAY).to_string();
        at.split('T').next().expect("a day").to_owned()
    };
    DelegationDraft {
        delegate: delegate.to_owned(),
        from: day(from),
        until: day(until),
        reason: "Holiday".to_owned(),
    }
}

fn as_person(id: domain::id::IdentityId) -> Cx {
    Cx::of(domain::permission::Actor::Person {
        id,
        rights: domain::permission::Rights::NONE,
    })
}

#[tokio::test]
async fn whoever_stands_in_keeps_the_manager_asked_while_they_are_away() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let bo = as_person(kit.bo);
        let id = create(service, &bo, kit.bo, &draft(&kit, "olga", 0, 7))
            .await
            .expect("a delegation");
        kit.change(kit.bo, |draft| draft.status = "on_leave".to_owned())
            .await;
        assert_eq!(
            kit.first().await,
            (vec!["bo".to_owned()], "manager of Ana".to_owned())
        );
        let shown = own(service, &bo).await.expect("the list");
        assert_eq!(
            (shown.given.len(), shown.received.len(), shown.may_change),
            (1, 0, true)
        );
        assert_eq!(shown.given[0].when(shown.now), "In force");
        assert_eq!(
            own(service, &as_person(kit.olga))
                .await
                .expect("the list")
                .received
                .len(),
            1
        );
        let (_, entries) = timeline(service, &kit.cx, kit.olga, None)
            .await
            .expect("a timeline");
        assert!(
            entries
                .entries
                .iter()
                .any(|entry| entry.label == "delegated decisions")
        );
        end(service, &bo, id).await.expect("the end");
        kit.later();
        assert_eq!(
            kit.first().await.0,
            ["cy"],
            "on leave, and nobody stands in"
        );
        let again = end(service, &bo, id).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_delegate_for_whom_it_would_be_does_not_count_as_standing_in() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let bo = as_person(kit.bo);
        create(service, &bo, kit.bo, &draft(&kit, "ana", 0, 7))
            .await
            .expect("a delegation");
        kit.change(kit.bo, |draft| draft.status = "on_leave".to_owned())
            .await;
        assert_eq!(
            kit.first().await.0,
            ["cy"],
            "Ana cannot decide what is for Ana"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let bo = as_person(kit.bo);
        let wrong = async |draft: DelegationDraft| match create(service, &bo, kit.bo, &draft).await
        {
            Err(Error::Invalid(errors)) => errors.to_string(),
            other => panic!("{other:?}"),
        };
        let said = wrong(draft(&kit, "bo", 0, 7)).await;
        assert!(said.contains("nobody stands in for themself"), "{said}");
        let said = wrong(draft(&kit, "nobody", 0, 7)).await;
        assert!(said.contains("Nobody here"), "{said}");
        let said = wrong(draft(&kit, "cy", 9, 7)).await;
        assert!(said.contains("before the first day"), "{said}");
        let said = wrong(draft(&kit, "cy", -9, -7)).await;
        assert!(said.contains("This day is over"), "{said}");
        let said = wrong(draft(&kit, "cy", 0, 400)).await;
        assert!(said.contains("at most a year"), "{said}");
        let said = wrong(DelegationDraft::default()).await;
        for words in ["Choose who decides", "always ends", "The reason"] {
            assert!(said.contains(words), "{words}: {said}");
        }
        kit.change(kit.cy, |draft| draft.status = "on_leave".to_owned())
            .await;
        let said = wrong(draft(&kit, "cy", 0, 7)).await;
        assert!(said.contains("on leave and could not decide"), "{said}");
        create(service, &bo, kit.bo, &draft(&kit, "olga", 0, 7))
            .await
            .expect("a delegation");
        kit.later();
        let said = wrong(draft(&kit, "olga", 3, 9)).await;
        assert!(said.contains("stands in at this time already"), "{said}");
        create(service, &bo, kit.bo, &draft(&kit, "olga", 8, 9))
            .await
            .expect("another time");
    })
    .await;
}

#[tokio::test]
async fn only_oneself_and_administrators_delegate() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let modeller = app
            .someone("Mo Deller", &[ConsoleRight::ManageAccessModel])
            .await;
        let wanted = draft(&kit, "olga", 0, 7);
        for cx in [&as_person(kit.ana), &as_person(kit.olga)] {
            let refused = create(service, cx, kit.bo, &wanted).await;
            assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
            assert!(matches!(
                of_person(service, cx, kit.bo).await,
                Err(Error::NotFound)
            ));
        }
        let refused = create(service, &modeller, kit.bo, &wanted).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        let id = create(service, &kit.cx, kit.bo, &wanted)
            .await
            .expect("by an administrator");
        let refused = end(service, &as_person(kit.olga), id).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        end(service, &as_person(kit.bo), id)
            .await
            .expect("by oneself");
    })
    .await;
}
