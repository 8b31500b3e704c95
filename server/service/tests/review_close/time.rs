//! What time does to a campaign: reminders, a word to the owner, and the close.

use domain::approval::Approver;
use domain::audit::AuditAction;
use domain::id::{CampaignId, IdentityId};
use domain::page::ListQuery;
use domain::review::{Campaign, CampaignState, Choice, RemedyState, Timed, Unanswered, Why};
use domain::search::Search;
use domain::time::{DAY, SECOND};
use service::notifications::NoticeKind;
use service::{audit, reviews};
use storage::reviews::{ActRecord, TimedState};
use testkit::both_apps;

use crate::kit::{Kit, me, stages};

async fn entries(kit: &Kit<'_>, action: AuditAction) -> u64 {
    let query = ListQuery {
        search: Search::parse(&format!("action:{} actor:system", action.word())),
        ..ListQuery::default()
    };
    let utc = jiff::tz::TimeZone::UTC;
    let found = audit::list(kit.app.service(), &kit.admin, &query, &utc).await;
    found.expect("the log").page.total
}

async fn campaign(kit: &Kit<'_>, id: CampaignId) -> Campaign {
    reviews::campaign(kit.app.service(), &kit.admin, id)
        .await
        .expect("the campaign")
}

/// Until so many days after the campaign is due; negative ones are before.
async fn until_due(kit: &Kit<'_>, id: CampaignId, days: i64) {
    let due = campaign(kit, id).await.content.due;
    kit.app.clock().set(due.plus(days * DAY + SECOND));
}

fn two_reviewers(kit: &Kit<'_>) -> Approver {
    Approver::People {
        people: vec![kit.bo, me(&kit.olga)],
    }
}

#[tokio::test]
async fn who_has_something_left_is_reminded_once_before_each_end() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(stages([two_reviewers(&kit)])).await;
        let olga = me(&kit.olga);
        kit.submit(id, olga, "keep").await;
        let told = async |who: IdentityId| kit.told(who, NoticeKind::ReviewReminder).await;
        until_due(&kit, id, -5).await;
        kit.minute().await;
        assert_eq!(told(kit.bo).await, 0);
        until_due(&kit, id, -4).await;
        kit.minute().await;
        kit.minute().await;
        assert_eq!((told(kit.bo).await, told(olga).await), (1, 0));
        assert_eq!(entries(&kit, AuditAction::CampaignReminded).await, 1);
        until_due(&kit, id, -1).await;
        kit.minute().await;
        reviews::extend(app.service(), &kit.admin, id, "2026-02-20", "Holidays")
            .await
            .expect("more time");
        until_due(&kit, id, -5).await;
        kit.minute().await;
        assert_eq!(told(kit.bo).await, 1, "the new end is far");
        until_due(&kit, id, -1).await;
        kit.minute().await;
        kit.minute().await;
        assert_eq!(told(kit.bo).await, 2, "one of the new end");
        assert_eq!(campaign(&kit, id).await.content.state, CampaignState::Open);
    })
    .await;
}

#[tokio::test]
async fn reminders_that_broke_off_go_on_where_they_were() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(stages([two_reviewers(&kit)])).await;
        let olga = me(&kit.olga);
        let (first, second) = (kit.bo.min(olga), kit.bo.max(olga));
        let half = TimedState {
            reached: first.raw(),
            done: false,
        };
        let mut tx = app.db().write().await;
        // The first stage, with its last day.
        let last = campaign(&kit, id).await.content.due.plus(-1);
        let part = format!("0 {}", last.day(&jiff::tz::TimeZone::UTC));
        tx.set_timed(id.into(), Timed::Reminded, &part, half)
            .await
            .expect("the clock");
        tx.commit_unaudited("the first was reminded, then the program was killed")
            .await
            .expect("the clock");
        until_due(&kit, id, -2).await;
        kit.minute().await;
        kit.minute().await;
        let told = async |who: IdentityId| kit.told(who, NoticeKind::ReviewReminder).await;
        assert_eq!((told(first).await, told(second).await), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn the_owner_hears_once_of_a_stage_that_is_over() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(stages([Approver::Manager, Approver::ApplicationOwner]))
            .await;
        let owner = me(&kit.admin);
        let told = async || kit.told(owner, NoticeKind::ReviewOwned).await;
        until_due(&kit, id, -15).await;
        kit.minute().await;
        assert_eq!(told().await, 0);
        until_due(&kit, id, -14).await;
        kit.minute().await;
        kit.minute().await;
        assert_eq!(told().await, 1);
        // The second stage has reminders of its own.
        kit.submit(id, kit.bo, "keep").await;
        until_due(&kit, id, -3).await;
        kit.minute().await;
        let olga = me(&kit.olga);
        assert_eq!(kit.told(olga, NoticeKind::ReviewReminder).await, 1);
        assert_eq!(told().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_campaign_that_is_due_closes_by_itself_once_and_revokes_what_nobody_answered() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        let kept = kit.item(id, kit.ana, kit.post).await;
        kit.choose(id, kept, Choice::Keep).await;
        until_due(&kit, id, -1).await;
        kit.minute().await;
        assert_eq!(campaign(&kit, id).await.content.state, CampaignState::Open);
        until_due(&kit, id, 0).await;
        let service = app.service();
        tokio::join!(
            service::housekeeping::round(service),
            service::housekeeping::round(service)
        );
        kit.minute().await;
        let closed = campaign(&kit, id).await.content;
        assert_eq!(closed.state, CampaignState::Closed);
        assert_eq!(closed.signed_by, None, "nobody signed it off");
        assert_eq!(entries(&kit, AuditAction::CampaignClosed).await, 1);
        let owner = me(&kit.admin);
        assert_eq!(kit.told(owner, NoticeKind::ReviewOwned).await, 1);
        kit.settled(2).await;
        assert_eq!(kit.state(id, kept).await, None);
        let all = kit.remedies(id).await;
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|one| one.state == RemedyState::Sent));
        for one in all {
            assert_eq!(kit.records(id, one.item).await.len(), 2, "decided, sent");
        }
    })
    .await;
}

#[tokio::test]
async fn what_nobody_answers_goes_to_the_owner_for_as_long_as_the_last_stage_and_is_then_reported()
{
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let owner = me(&kit.admin);
        kit.give(owner, "sap/post").await;
        let id = kit
            .launched(|content| {
                content.unanswered = Unanswered::Escalate;
                content.stages[0].days = 3;
                content.stages[0].fallback = Some(Approver::ApplicationOwner);
            })
            .await;
        let before = campaign(&kit, id).await.content.due;
        // A part of the items came to the owner, then the program was killed.
        let one = kit.item(id, kit.cy, kit.pay).await;
        let which = reviews::ToPass::Items(vec![one]);
        let name = "kim.lee";
        let passed =
            reviews::reassign(app.service(), &kit.admin, id, &which, name, "Broke off").await;
        assert!(passed.is_ok(), "{passed:?}");
        until_due(&kit, id, 0).await;
        kit.minute().await;
        kit.minute().await;
        let after = campaign(&kit, id).await.content;
        assert_eq!(after.state, CampaignState::Open);
        assert!(after.escalated.is_some());
        assert_eq!(
            after.due.since(before),
            4 * DAY,
            "three days from the next one"
        );
        for item in kit.items(id).await {
            let own = item.facts.holder == owner.into();
            assert_eq!(item.reviewer == owner, !own, "{item:?}");
            let records = kit.records(id, item.facts.number).await;
            assert_eq!(records.len(), usize::from(!own));
            if let Some(ActRecord::Passed { why, .. }) = records.first()
                && item.facts.number != one
            {
                assert_eq!(*why, Some(Why::ReviewOwner));
            }
        }
        assert_eq!(kit.told(owner, NoticeKind::ReviewOwned).await, 1);
        until_due(&kit, id, 0).await;
        kit.minute().await;
        let closed = campaign(&kit, id).await.content;
        assert_eq!(closed.state, CampaignState::Closed);
        kit.settled(2).await;
        assert!(kit.remedies(id).await.is_empty(), "nothing is revoked");
        assert!(kit.items(id).await.iter().all(|one| one.open), "reported");
    })
    .await;
}

#[tokio::test]
async fn where_everything_is_answered_nobody_gets_more_time() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| content.unanswered = Unanswered::Escalate)
            .await;
        kit.submit(id, kit.bo, "keep").await;
        until_due(&kit, id, 0).await;
        kit.minute().await;
        let closed = campaign(&kit, id).await.content;
        assert_eq!(closed.state, CampaignState::Closed);
        assert_eq!(closed.escalated, None);
    })
    .await;
}
