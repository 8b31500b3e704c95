//! Reviews of one person: by hand, and because they moved; and what a person's page says of reviews.

use domain::identity::IdentityDraft;
use domain::review::{CampaignState, Choice, ReviewContent, Staged};
use domain::time::{DAY, SECOND};
use service::reviews::{self, Template};
use service::{Error, people};
use testkit::both_apps;

use crate::kit::{Kit, me, of};

/// Writes Ana anew, in a department and with a manager.
async fn moves(kit: &Kit<'_>, department: &str, manager: &str) {
    let (service, cx) = (kit.app.service(), &kit.admin);
    let ana = people::read(service, cx, kit.ana).await.expect("Ana");
    let draft = IdentityDraft {
        username: "ana".to_owned(),
        display_name: "Ana".to_owned(),
        department: department.to_owned(),
        manager: manager.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    people::edit(service, cx, kit.ana, ana.identity.recorded_from, &draft)
        .await
        .expect("she moves");
    kit.app.clock().advance(SECOND);
}

async fn campaigns(kit: &Kit<'_>) -> Vec<domain::review::Campaign> {
    let mut read = kit.app.db().read().await;
    read.campaigns_of_person(kit.ana, 9)
        .await
        .expect("campaigns")
}

#[tokio::test]
async fn everything_that_one_person_has_is_reviewed_by_their_manager() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let refused = reviews::review_person(service, &of(kit.bo), kit.ana, "Because").await;
        assert!(refused.is_err(), "{refused:?}");
        let silent = reviews::review_person(service, &kit.admin, kit.ana, " ").await;
        assert!(matches!(silent, Err(Error::Invalid(_))), "{silent:?}");
        let launched = reviews::review_person(service, &kit.admin, kit.ana, "Paying is not used")
            .await
            .expect("it begins");
        app.clock().advance(SECOND);
        let twice = reviews::review_person(service, &kit.admin, kit.ana, "Again").await;
        assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
        assert!(kit.work().await);
        let id = launched.campaign;
        let items = kit.items(id).await;
        assert_eq!(items.len(), 2);
        assert!(
            items
                .iter()
                .all(|one| one.reviewer == kit.bo && one.facts.holder == kit.ana.into())
        );
        let pay = kit.item(id, kit.ana, kit.pay).await;
        let (_, before) = reviews::of_person(service, &kit.admin, kit.ana)
            .await
            .expect("her reviews");
        assert_eq!(before.len(), 1);
        assert!(
            before[0]
                .items
                .iter()
                .all(|one| one.decided.is_none() && one.waits_for.as_deref() == Some("Bo"))
        );
        kit.decide(
            id,
            pay,
            Staged {
                reason: "Not needed".to_owned(),
                ..Staged::of(Choice::Revoke)
            },
        )
        .await;
        let (_, after) = reviews::of_person(service, &kit.admin, kit.ana)
            .await
            .expect("her reviews");
        let of_pay = after[0]
            .items
            .iter()
            .find(|one| one.item.facts.number == pay);
        let of_pay = of_pay.expect("the item");
        let (decision, by) = of_pay.decided.as_ref().expect("a decision");
        assert_eq!(
            (decision.choice, by.as_deref()),
            (Choice::Revoke, Some("Bo"))
        );
        assert_eq!(
            (of_pay.what.as_str(), of_pay.application.as_str()),
            ("The pay", "SAP")
        );
        // Nobody else finds it on their page.
        let (_, others) = reviews::of_person(service, &kit.admin, kit.ben)
            .await
            .expect("his reviews");
        assert!(others.is_empty());
        people::end(
            service,
            &kit.admin,
            kit.cy,
            &people::End {
                reason: "Left".to_owned(),
                last_day: None,
            },
        )
        .await
        .expect("Cy leaves");
        let gone = reviews::review_person(service, &kit.admin, kit.cy, "Left").await;
        assert!(matches!(gone, Err(Error::Refused(_))), "{gone:?}");
    })
    .await;
}

#[tokio::test]
async fn whoever_moves_is_reviewed_once_by_their_new_manager() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        moves(&kit, "Finance", "bo").await;
        moves(&kit, "Sales", "bo").await;
        // Nothing says that movers are reviewed, and what was before it was said does not count.
        kit.minute_with_work().await;
        let today = app.service().now().day(&jiff::tz::TimeZone::UTC);
        let form = Template::Movers.form(today);
        let read = reviews::read_form(app.service(), &kit.admin, &form).await;
        let content: ReviewContent = read.expect("a form");
        let review = reviews::create(app.service(), &kit.admin, content)
            .await
            .expect("a review");
        app.clock().advance(SECOND);
        kit.minute_with_work().await;
        assert!(campaigns(&kit).await.is_empty());
        moves(&kit, "Purchasing", "olga").await;
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        let all = campaigns(&kit).await;
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].content.state, CampaignState::Open);
        assert!(all[0].content.name.contains("Ana"));
        let items = kit.items(all[0].id).await;
        assert_eq!(items.len(), 2);
        assert!(items.iter().all(|one| one.reviewer == me(&kit.olga)));
        // While it is open, another move begins none; afterwards it does.
        moves(&kit, "Legal", "bo").await;
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit).await.len(), 1);
        reviews::cancel(app.service(), &kit.admin, all[0].id, "She moved again")
            .await
            .expect("called off");
        app.clock().advance(SECOND);
        kit.minute_with_work().await;
        let all = campaigns(&kit).await;
        assert_eq!(all.len(), 2);
        // The review itself can be carried out meanwhile.
        reviews::launch(app.service(), &kit.admin, review)
            .await
            .expect("a campaign");
        app.clock().advance(15 * DAY);
    })
    .await;
}
