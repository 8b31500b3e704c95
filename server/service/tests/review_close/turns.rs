//! Reviews that repeat begin again once on their day, and launches that failed are called off.

use domain::id::ReviewId;
use domain::review::{Campaign, CampaignState, Every, Repeats, ReviewContent, Scope, Unanswered};
use domain::time::{DAY, Date, Instant, SECOND};
use jiff::tz::TimeZone;
use service::notifications::NoticeKind;
use service::{jobs, reviews};
use testkit::both_apps;

use crate::kit::{Kit, me};

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn at(text: &str) -> Instant {
    day(text).start(&TimeZone::UTC).plus(SECOND)
}

/// Each month from the first of February on, for so many days.
async fn monthly(kit: &Kit<'_>, from: &str, days: u16) -> ReviewId {
    let owner = me(&kit.admin);
    let mut content = ReviewContent {
        name: "Autumn".to_owned(),
        scope: Scope {
            things: "application:sap".to_owned(),
            ..Scope::everything()
        },
        repeats: Some(Repeats {
            every: Every::Month,
            from: day(from),
        }),
        ..ReviewContent::draft(owner)
    };
    content.stages[0].days = days;
    content.unanswered = Unanswered::Report;
    reviews::create(kit.app.service(), &kit.admin, content)
        .await
        .expect("a review")
}

async fn campaigns(kit: &Kit<'_>, review: ReviewId) -> Vec<Campaign> {
    let read = reviews::read(kit.app.service(), &kit.admin, review).await;
    read.expect("the review").1
}

#[tokio::test]
async fn each_turn_is_launched_once_on_its_day() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = monthly(&kit, "2026-02-01", 14).await;
        let turns = async || {
            reviews::turns(app.service(), &kit.admin, id)
                .await
                .expect("its days")
        };
        let next = ["2026-02-01", "2026-03-01", "2026-04-01"].map(day);
        assert_eq!(
            (turns().await.waits, turns().await.next),
            (None, next.into())
        );
        app.clock().set(at("2026-01-31"));
        kit.minute_with_work().await;
        assert!(campaigns(&kit, id).await.is_empty());
        app.clock().set(at("2026-02-01"));
        assert_eq!(turns().await.next[0], day("2026-02-01"), "it is today");
        let service = app.service();
        tokio::join!(
            service::housekeeping::round(service),
            service::housekeeping::round(service)
        );
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        let all = campaigns(&kit, id).await;
        assert_eq!(all.len(), 1);
        let first = &all[0].content;
        assert_eq!(
            (first.state, first.launched_by, first.name.as_str()),
            (CampaignState::Open, None, "Autumn, 2026-02-01")
        );
        assert_eq!(turns().await.next[0], day("2026-03-01"));
        app.clock().set(at("2026-02-28"));
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit, id).await.len(), 1);
        // The server was down on the first and the second.
        app.clock().set(at("2026-03-03"));
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        let all = campaigns(&kit, id).await;
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].content.state, CampaignState::Open);
    })
    .await;
}

#[tokio::test]
async fn of_turns_that_were_missed_one_is_launched() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = monthly(&kit, "2026-02-01", 14).await;
        app.clock().set(at("2026-05-20"));
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit, id).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn days_before_it_was_defined_are_nobodys_turn() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = monthly(&kit, "2025-10-01", 14).await;
        kit.minute_with_work().await;
        assert!(campaigns(&kit, id).await.is_empty());
        app.clock().set(at("2026-02-01"));
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit, id).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_turn_waits_for_the_campaign_before_and_says_so_once() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = monthly(&kit, "2026-02-01", 60).await;
        app.clock().set(at("2026-02-01"));
        kit.minute_with_work().await;
        app.clock().set(at("2026-03-01"));
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        let owner = me(&kit.admin);
        assert_eq!(kit.told(owner, NoticeKind::ReviewOwned).await, 1);
        let turns = reviews::turns(app.service(), &kit.admin, id).await;
        let turns = turns.expect("its days");
        assert_eq!(turns.waits, Some(day("2026-03-01")));
        assert_eq!(turns.next[0], day("2026-04-01"));
        let all = campaigns(&kit, id).await;
        assert_eq!(all.len(), 1);
        // Meanwhile somebody writes better instructions: the turn is not lost.
        let (review, _) = reviews::read(app.service(), &kit.admin, id)
            .await
            .expect("the review");
        let content = ReviewContent {
            instructions: "Look closely.".to_owned(),
            ..review.content.clone()
        };
        app.clock().advance(DAY);
        reviews::edit(app.service(), &kit.admin, id, review.recorded_from, content)
            .await
            .expect("it is changed");
        reviews::cancel(app.service(), &kit.admin, all[0].id, "It took too long")
            .await
            .expect("it is called off");
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        let all = campaigns(&kit, id).await;
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].content.terms.instructions, "Look closely.");
        assert_eq!(all[0].content.state, CampaignState::Open);
    })
    .await;
}

#[tokio::test]
async fn a_launch_that_failed_for_good_is_called_off_and_not_tried_again_before_its_next_turn() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = monthly(&kit, "2026-02-01", 14).await;
        app.clock().set(at("2026-02-01"));
        kit.minute().await;
        let work = loop {
            let work = kit.claimed().await.expect("the launch");
            if work.as_claimed().kind == domain::job::JobKind::LaunchReview {
                break work;
            }
        };
        kit.minute().await;
        let all = campaigns(&kit, id).await;
        assert_eq!(
            all[0].content.state,
            CampaignState::Launching,
            "it is at it"
        );
        let failed = Err(service::Error::Refused("The disk is full.".to_owned()));
        jobs::settle(app.service(), &work, failed)
            .await
            .expect("it is written down");
        kit.minute().await;
        kit.minute().await;
        let all = campaigns(&kit, id).await;
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].content.state, CampaignState::Cancelled);
        let owner = me(&kit.admin);
        assert_eq!(kit.told(owner, NoticeKind::ReviewOwned).await, 1);
        app.clock().set(at("2026-03-01"));
        kit.minute_with_work().await;
        let all = campaigns(&kit, id).await;
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].content.state, CampaignState::Open);
    })
    .await;
}
