//! What is left comes to whoever answers for a review, and those who lose something hear of it.

use domain::approval::Approver;
use domain::id::IdentityId;
use domain::review::{Choice, StageRule, Unanswered};
use domain::time::{DAY, SECOND};
use service::notifications::NoticeKind;
use service::reviews;
use testkit::both_apps;

use crate::kit::{Kit, me, stages};

#[tokio::test]
async fn people_hear_once_what_ends_for_them_before_it_does() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        for item in kit.items(id).await {
            let of_ana = item.facts.holder == kit.ana.into();
            let choice = if of_ana { Choice::Revoke } else { Choice::Keep };
            kit.choose(id, item.facts.number, choice).await;
        }
        let told = async |who| kit.told(who, NoticeKind::AccessReviewed).await;
        assert_eq!(told(kit.ana).await, 0);
        kit.close(id).await;
        kit.work().await;
        assert_eq!(told(kit.ana).await, 1);
        assert!(kit.has(kit.ana, kit.post).await, "it ends after the grace");
        kit.settled(2).await;
        kit.work_off().await;
        assert!(!kit.has(kit.ana, kit.post).await);
        assert_eq!(told(kit.ana).await, 1);
        for other in [kit.bo, kit.cy, kit.ben] {
            assert_eq!(told(other).await, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn what_came_to_the_owner_is_theirs_in_all_stages() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let owner = me(&kit.admin);
        let launch = stages([Approver::Manager, Approver::ApplicationOwner]);
        let id = kit
            .launched(|content| {
                launch(content);
                content.rule = StageRule::LastDecides;
                content.unanswered = Unanswered::Escalate;
            })
            .await;
        let due = reviews::campaign(app.service(), &kit.admin, id)
            .await
            .expect("the campaign")
            .content
            .due;
        app.clock().advance(due.since(app.service().now()) + SECOND);
        kit.minute().await;
        let ours: Vec<u64> = kit
            .items(id)
            .await
            .iter()
            .filter(|item| item.reviewer == owner)
            .map(|item| item.facts.number)
            .collect();
        assert!(!ours.is_empty());
        let draft = reviews::Draft {
            choice: "revoke".to_owned(),
            ..reviews::Draft::default()
        };
        for _stage in 0..2 {
            for number in &ours {
                let done = reviews::stage(app.service(), &kit.admin, id, &[*number], &draft).await;
                assert!(done.is_ok(), "{done:?}");
            }
            kit.submitted(id, owner).await;
            let items = kit.items(id).await;
            let mut theirs = items.iter().filter(|one| ours.contains(&one.facts.number));
            assert!(theirs.all(|one| one.reviewer == owner));
        }
        let items = kit.items(id).await;
        let mut theirs = items.iter().filter(|one| ours.contains(&one.facts.number));
        assert!(theirs.all(|one| !one.open && one.choice == Some(Choice::Revoke)));
        assert_eq!(app.finding().await, None);
    })
    .await;
}

#[tokio::test]
async fn where_the_owner_has_left_administrators_get_what_nobody_answers() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let zoe: IdentityId = kit.person("Zoe", "bo").await;
        let id = kit
            .launched(|content| {
                content.owner = zoe;
                content.unanswered = Unanswered::Escalate;
            })
            .await;
        kit.suspend(zoe).await;
        let closed = reviews::close(app.service(), &kit.admin, id, "Its time is over").await;
        assert!(
            matches!(closed, Ok(reviews::Closed::Escalated(_))),
            "{closed:?}"
        );
        let items = kit.items(id).await;
        assert!(items.iter().all(|item| item.reviewer != zoe), "{items:?}");
        app.clock().advance(DAY);
        kit.minute().await;
        assert_eq!(kit.items(id).await, items, "they stay where they came");
    })
    .await;
}
