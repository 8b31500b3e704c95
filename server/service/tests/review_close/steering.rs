//! More time, reminders and other reviewers while a campaign is open.

use domain::time::DAY;
use service::Error;
use service::notifications::NoticeKind;
use service::reviews::{self, ToPass};
use testkit::both_apps;

use crate::kit::Kit;

#[tokio::test]
async fn reviewers_are_reminded_at_most_once_a_day_and_the_time_can_be_longer() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        let service = app.service();
        assert_eq!(
            reviews::remind(service, &kit.admin, id)
                .await
                .expect("told"),
            1
        );
        let again = reviews::remind(service, &kit.admin, id).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        app.clock().advance(DAY);
        assert_eq!(
            reviews::remind(service, &kit.admin, id)
                .await
                .expect("told"),
            1
        );
        assert_eq!(kit.told(kit.bo, NoticeKind::ReviewReminder).await, 2);
        let before = reviews::progress(service, &kit.admin, id)
            .await
            .expect("it");
        for wrong in ["", "soon", "2001-01-01"] {
            let refused = reviews::extend(service, &kit.admin, id, wrong, "Holidays").await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
        reviews::extend(service, &kit.admin, id, "2099-12-31", "Holidays")
            .await
            .expect("it has more time");
        let after = reviews::progress(service, &kit.admin, id)
            .await
            .expect("it");
        assert!(after.campaign.content.due > before.campaign.content.due);
    })
    .await;
}

#[tokio::test]
async fn items_go_to_somebody_else_and_never_to_whom_they_are_about() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        let service = app.service();
        let item = kit.item(id, kit.ana, kit.post).await;
        let one = ToPass::Items(vec![item]);
        let herself = reviews::reassign(service, &kit.admin, id, &one, "ana", "She knows").await;
        assert!(matches!(herself, Err(Error::Refused(_))), "{herself:?}");
        let nobody = reviews::reassign(service, &kit.admin, id, &one, "", "Somebody").await;
        assert!(matches!(nobody, Err(Error::Invalid(_))), "{nobody:?}");
        let pile = ToPass::Pile(kit.bo);
        let passed = reviews::reassign(service, &kit.admin, id, &pile, "ana", "Bo is away")
            .await
            .expect("they go to her");
        assert_eq!((passed.passed, passed.left), (2, 2), "hers stay with Bo");
        let seen = reviews::progress(service, &kit.admin, id)
            .await
            .expect("it");
        let open: Vec<_> = seen
            .reviewers
            .iter()
            .map(|row| (row.id, row.open, row.items))
            .collect();
        assert_eq!(open, [(kit.bo, 2, 2), (kit.ana, 2, 2)]);
        assert_eq!(kit.told(kit.ana, NoticeKind::ReviewPassed).await, 1);
    })
    .await;
}
