//! What nobody answered follows what the review says; it is never kept in silence.

use domain::review::{CampaignState, Choice, RemedyState, Unanswered};
use domain::time::DAY;
use service::{Error, reviews};
use testkit::both_apps;

use crate::kit::{Kit, me};

#[tokio::test]
async fn what_nobody_answers_goes_to_the_owner_first_where_the_review_says_so() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| content.unanswered = Unanswered::Escalate)
            .await;
        let closed = reviews::close(app.service(), &kit.admin, id, "Over").await;
        assert!(
            matches!(closed, Ok(reviews::Closed::Escalated(4))),
            "{closed:?}"
        );
        let owner = me(&kit.admin);
        assert!(
            kit.items(id)
                .await
                .iter()
                .all(|one| one.reviewer == owner && one.open)
        );
        let again = reviews::close(app.service(), &kit.admin, id, "Over").await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        for item in kit.items(id).await {
            kit.choose(id, item.facts.number, Choice::Keep).await;
        }
        kit.close(id).await;
        kit.work().await;
        assert!(kit.remedies(id).await.is_empty());
        let mut tx = app.db().read().await;
        let last = tx
            .last_decisions(&[kit.ana.raw()])
            .await
            .expect("decisions");
        assert!(last.len() >= 2 && last.iter().all(|one| one.choice == Choice::Keep));
    })
    .await;
}

#[tokio::test]
async fn what_nobody_answers_stays_and_is_reported_where_the_review_says_so() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| content.unanswered = Unanswered::Report)
            .await;
        let item = kit.item(id, kit.ana, kit.pay).await;
        kit.choose(id, item, Choice::Revoke).await;
        kit.close(id).await;
        kit.work().await;
        app.clock().advance(DAY);
        kit.work().await;
        let seen = reviews::progress(app.service(), &kit.admin, id)
            .await
            .expect("it");
        assert_eq!(
            (seen.open, seen.campaign.content.state),
            (3, CampaignState::Closed)
        );
        assert_eq!(seen.remedies_in(RemedyState::Sent), 1);
        assert!(kit.has(kit.ana, kit.post).await && !kit.has(kit.ana, kit.pay).await);
    })
    .await;
}

#[tokio::test]
async fn only_those_who_run_a_review_close_it_and_calling_it_off_ends_nothing() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        let service = app.service();
        for refused in [
            reviews::close(service, &kit.olga, id, "Over")
                .await
                .map(drop),
            reviews::cancel(service, &kit.olga, id, "Over").await,
            reviews::restore(service, &kit.olga, id, &[1], "Over").await,
            reviews::extend(service, &kit.olga, id, "2030-01-01", "Over").await,
            reviews::remind(service, &kit.olga, id).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        }
        let hidden = reviews::progress(service, &kit.olga, id).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
        let silent = reviews::close(service, &kit.admin, id, " ").await;
        assert!(matches!(silent, Err(Error::Invalid(_))), "{silent:?}");
        reviews::cancel(service, &kit.admin, id, "Begun by mistake")
            .await
            .expect("it is called off");
        let late = reviews::close(service, &kit.admin, id, "Over").await;
        assert!(matches!(late, Err(Error::State(_))), "{late:?}");
        assert!(!kit.work().await);
        assert!(kit.has(kit.ana, kit.pay).await);
    })
    .await;
}
