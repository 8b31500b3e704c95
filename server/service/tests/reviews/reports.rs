//! Reports: counted once a day by the housekeeping, and summed up from campaigns. And what the housekeeping does to more
//! reviews than are read at a time.

use domain::audit::AuditAction;
use domain::id::CampaignId;
use domain::report::{Check, Measure};
use domain::review::{
    CampaignContent, CampaignState, Every, Repeats, ReviewContent, Scope, StageRule,
};
use domain::time::{DAY, Date, HOUR, Instant, SECOND};
use jiff::tz::TimeZone;
use service::notifications::{self, NoticeKind};
use service::reports::{self, File, OfPersons, Proof, Reports};
use service::{Cx, Error, housekeeping, reviews};
use storage::Store;
use testkit::{TestApp, an_event, both_apps};

use crate::kit::{Kit, keep, me, revoke};

/// Objects of which one entry has room.
const AT_ONCE: usize = 100;

async fn read(kit: &Kit<'_>) -> Reports {
    let found = reports::read(kit.service(), &kit.admin).await;
    found.expect("reports")
}

/// What is said of what reviews revoked.
fn really_gone(found: &Reports) -> Proof {
    let is = |line: &&reports::Line| line.control.check == Check::RevokedGone;
    found.controls.iter().find(is).expect("a control").proof
}

/// Many campaigns that wait to be decided, about one person only or not; the newest one.
async fn campaigns(kit: &Kit<'_>, many: usize, of_person: bool) -> CampaignId {
    let now = kit.service().now();
    let mut terms = ReviewContent::draft(me(&kit.admin));
    terms.scope = Scope {
        person: of_person.then(|| me(&kit.ana)),
        ..terms.scope
    };
    let content = CampaignContent {
        name: "One of many".to_owned(),
        review: None,
        terms,
        state: CampaignState::Open,
        launched_by: None,
        frozen: now,
        due: now.plus(14 * DAY),
        escalated: None,
        seed: 1,
        population: domain::review::Population {
            all: 1,
            included: 1,
            ..domain::review::Population::default()
        },
        ended: None,
        effective: None,
        signed_by: None,
        sign_off: String::new(),
    };
    let (mut left, mut newest) = (many, None);
    while left > 0 {
        let mut tx = kit.app.db().write().await;
        let mut targets = Vec::new();
        for _ in 0..left.min(AT_ONCE) {
            let (id, target) = tx.insert_campaign(&content).await.expect("a campaign");
            if of_person {
                let person = tx.put_campaign_of_person(me(&kit.ana), id, None).await;
                person.expect("a campaign of one person");
            }
            targets.push(target);
            newest = Some(id);
        }
        let event = an_event(AuditAction::CampaignBegun, targets);
        tx.commit(event, Vec::new()).await.expect("a commit");
        left -= left.min(AT_ONCE);
    }
    kit.app.clock().advance(SECOND);
    newest.expect("at least one")
}

#[tokio::test]
async fn reports_say_what_campaigns_came_to_and_what_was_counted() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        kit.staged(&kit.bo, id, 1, &keep()).await;
        kit.staged(&kit.bo, id, 4, &revoke()).await;
        app.clock().advance(5 * HOUR);
        kit.submit(&kit.bo, id).await.expect("it is submitted");
        let before = reports::read(app.service(), &kit.admin)
            .await
            .expect("reports");
        assert!(before.days.is_empty());
        assert!(
            before
                .controls
                .iter()
                .any(|line| line.proof == Proof::Unknown)
        );
        housekeeping::round(app.service()).await;
        housekeeping::round(app.service()).await;
        app.clock().advance(DAY);
        housekeeping::round(app.service()).await;
        let found = reports::read(app.service(), &kit.admin)
            .await
            .expect("reports");
        assert_eq!(found.days.len(), 2, "a day is counted once");
        let latest = found.latest().expect("it was counted");
        assert_eq!(latest.day, found.today);
        assert_eq!(latest.get(Measure::People), Some(4));
        // The administrator’s right is the only access there is.
        assert_eq!(latest.get(Measure::Held), Some(1));
        assert_eq!(latest.get(Measure::ReviewedYear), Some(0));
        assert_eq!(latest.get(Measure::Leavers), Some(0));
        let came = &found.campaigns[0];
        assert_eq!(
            (came.kept, came.revoked, came.changed, came.open),
            (1, 1, 0, 3)
        );
        assert_eq!(came.median_hours, Some(5));
        assert!(!came.overdue(app.service().now()));
        assert!(really_gone(&found).is_nothing_yet(), "nothing was revoked");
        assert!(came.overdue(came.campaign.content.due.plus(1)));
        for line in &found.controls {
            let met = match line.control.check {
                Check::ReviewedQuarter | Check::ReviewedHalf | Check::ReviewedYear => Some(false),
                Check::NoLeavers | Check::Logged => Some(true),
                Check::RevokedGone => None,
                _ => continue,
            };
            assert_eq!(line.proof.met(), met, "{line:?}");
        }
        for file in File::ALL {
            let bytes = reports::file(app.service(), &kit.admin, *file)
                .await
                .expect("a file");
            let text = String::from_utf8(bytes).expect("UTF-8");
            let lines = text.lines().count();
            let expected = match file {
                File::Access => 3,
                File::Reviews => 2,
                File::Requests => 1,
                File::Controls => 1 + found.controls.len(),
            };
            assert_eq!(lines, expected, "{text}");
        }
        let refused = reports::read(app.service(), &kit.ana).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        let refused = reports::file(app.service(), &kit.ana, File::Reviews).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        assert_eq!(
            kit.entries(AuditAction::Exported).await,
            4,
            "one for each file"
        );
    })
    .await;
}

#[tokio::test]
async fn campaigns_about_one_person_are_counted_and_do_not_crowd_out_the_others() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let closed = kit.closed().await;
        let before = really_gone(&read(&kit).await);
        assert!(
            matches!(before, Proof::Share { all: 1.., .. }),
            "{before:?}"
        );
        campaigns(&kit, 501, true).await;
        let found = read(&kit).await;
        let listed: Vec<CampaignId> = found.campaigns.iter().map(|one| one.campaign.id).collect();
        assert_eq!((listed, found.campaigns_cut), (vec![closed], false));
        let expected = OfPersons {
            all: 501,
            open: 501,
        };
        assert_eq!(found.of_persons, expected);
        let (_, all) = reviews::list(app.service(), &kit.admin)
            .await
            .expect("the list");
        let of_person = |one: &&domain::review::Campaign| one.content.terms.scope.person.is_some();
        assert_eq!(all.iter().filter(of_person).count(), 100);
        assert!(all.iter().any(|one| one.id == closed));
        // What the newest do not say of older ones is summed up all the same.
        let newest = campaigns(&kit, 24, false).await;
        let found = read(&kit).await;
        assert_eq!((found.campaigns.len(), found.campaigns_cut), (24, true));
        assert_eq!(found.campaigns[0].campaign.id, newest);
        assert_eq!(really_gone(&found), before);
        app.clock().advance(366 * DAY);
        assert!(really_gone(&read(&kit).await).is_nothing_yet());
    })
    .await;
}

#[tokio::test]
async fn an_item_of_several_stages_counts_once() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign_of(2, kit.apart().await).await;
        let came = async || {
            let found = read(&kit).await;
            let came = &found.campaigns[0];
            (came.kept, came.revoked, came.changed, came.open)
        };
        assert_eq!(came().await, (0, 0, 0, 5));
        for (number, draft) in [(1, keep()), (2, keep()), (4, revoke())] {
            kit.staged(&kit.bo, id, number, &draft).await;
        }
        kit.submit(&kit.bo, id).await.expect("the first stage");
        assert_eq!(came().await, (0, 0, 0, 5), "nothing is decided yet");
        // In the second stage the owner decides, on what was revoked, too.
        for (number, draft) in [(1, keep()), (2, revoke()), (4, keep())] {
            kit.staged(&kit.admin, id, number, &draft).await;
        }
        kit.submit(&kit.admin, id).await.expect("the second stage");
        assert_eq!(came().await, (2, 1, 0, 2));
    })
    .await;
}

#[tokio::test]
async fn where_one_stage_that_revokes_is_enough_each_stage_revokes() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign_of(2, kit.apart().await).await;
        let mut tx = app.db().write().await;
        let before = tx.campaign(id).await.expect("it is kept");
        let before = before.expect("the campaign");
        let mut content = before.content.clone();
        content.terms.rule = StageRule::RevokeIsEnough;
        let target = tx
            .replace_campaign(id, before.recorded_from, &content)
            .await
            .expect("it is kept");
        let event = an_event(AuditAction::CampaignExtended, [target]);
        tx.commit(event, Vec::new()).await.expect("a commit");
        app.clock().advance(SECOND);
        for (number, draft) in [(1, keep()), (2, keep()), (4, revoke())] {
            kit.staged(&kit.bo, id, number, &draft).await;
        }
        kit.submit(&kit.bo, id).await.expect("the first stage");
        kit.staged(&kit.admin, id, 1, &keep()).await;
        kit.staged(&kit.admin, id, 2, &revoke()).await;
        kit.submit(&kit.admin, id).await.expect("the second stage");
        let found = read(&kit).await;
        let came = &found.campaigns[0];
        assert_eq!(
            (came.kept, came.revoked, came.changed, came.open),
            (1, 2, 0, 2)
        );
    })
    .await;
}

/// A review that begins again on the first of February.
async fn monthly(kit: &Kit<'_>) -> domain::id::ReviewId {
    let content = ReviewContent {
        name: "Zebra".to_owned(),
        repeats: Some(Repeats {
            every: Every::Month,
            from: day("2026-02-01"),
        }),
        ..ReviewContent::draft(me(&kit.admin))
    };
    reviews::create(kit.service(), &kit.admin, content)
        .await
        .expect("a review")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

async fn turns(kit: &Kit<'_>, review: domain::id::ReviewId) -> usize {
    let read = reviews::read(kit.service(), &kit.admin, review).await;
    read.expect("the review").1.len()
}

fn the_first_of_february() -> Instant {
    day("2026-02-01").start(&TimeZone::UTC).plus(SECOND)
}

#[tokio::test]
async fn a_review_repeats_however_many_others_there_are() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        for part in 0..6 {
            let mut tx = app.db().write().await;
            let mut targets = Vec::new();
            for number in 0..AT_ONCE {
                let content = ReviewContent {
                    name: format!("Ant {part}-{number}"),
                    ..ReviewContent::draft(me(&kit.admin))
                };
                targets.push(tx.insert_review(&content).await.expect("a review").1);
            }
            let event = an_event(AuditAction::ReviewDefined, targets);
            tx.commit(event, Vec::new()).await.expect("a commit");
        }
        app.clock().advance(SECOND);
        let last = monthly(&kit).await;
        app.clock().set(the_first_of_february());
        housekeeping::round(app.service()).await;
        assert_eq!(turns(&kit, last).await, 1);
        kit.work().await;
    })
    .await;
}

async fn execute(app: &TestApp, text: &'static str) {
    match app.db().store() {
        Store::Sqlite { writer, .. } => sqlx::query(text).execute(writer).await.map(drop),
        Store::Postgres { pool, .. } => sqlx::query(text).execute(pool).await.map(drop),
    }
    .expect("a statement of the test");
}

#[tokio::test]
async fn reviews_repeat_also_when_open_campaigns_cannot_be_read() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = monthly(&kit).await;
        kit.campaign(kit.five()).await;
        execute(
            app,
            "UPDATE campaign SET content = '!' || content WHERE state = 'open'",
        )
        .await;
        app.clock().set(the_first_of_february());
        housekeeping::round(app.service()).await;
        execute(
            app,
            "UPDATE campaign SET content = substr(content, 2) WHERE content LIKE '!%'",
        )
        .await;
        assert_eq!(turns(&kit, id).await, 1);
        kit.work().await;
    })
    .await;
}

#[tokio::test]
async fn reviewers_are_reminded_of_a_new_end_and_of_each_end_once() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        let reminded = async |cx: &Cx| {
            let which = notifications::Which::default();
            let start = domain::page::Position::Start;
            let mine = notifications::list(app.service(), cx, which, &start).await;
            let rows = mine.expect("what they were told").page.rows;
            rows.iter()
                .filter(|one| one.kind == NoticeKind::ReviewReminder)
                .count()
        };
        let due = async || {
            let campaign = reviews::campaign(app.service(), &kit.admin, id).await;
            campaign.expect("the campaign").content.due
        };
        app.clock().set(due().await.plus(-2 * DAY));
        housekeeping::round(app.service()).await;
        housekeeping::round(app.service()).await;
        assert_eq!(reminded(&kit.bo).await, 1);
        let until = due().await.plus(20 * DAY).day(&TimeZone::UTC).to_string();
        reviews::extend(app.service(), &kit.admin, id, &until, "Holidays")
            .await
            .expect("more time");
        housekeeping::round(app.service()).await;
        assert_eq!(reminded(&kit.bo).await, 1, "the new end is far away");
        app.clock().set(due().await.plus(-2 * DAY));
        housekeeping::round(app.service()).await;
        housekeeping::round(app.service()).await;
        assert_eq!(reminded(&kit.bo).await, 2);
    })
    .await;
}
