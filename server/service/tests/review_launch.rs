//! Launching access reviews: what is in the population is exactly what people have at one moment, once, with somebody to
//! decide who may.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::application::ApplicationDraft;
use domain::approval::Approver;
use domain::entitlement::EntitlementDraft;
use domain::id::{CampaignId, IdentityId, ReviewId};
use domain::identity::IdentityDraft;
use domain::page::ListQuery;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::review::{CampaignState, Facts, Flag, How, ReviewContent, Scope, Stage, Subjects, Why};
use domain::search::Search;
use domain::time::SECOND;
use service::assignments::GiveDraft;
use service::jobs::{self, handlers};
use service::{
    Cx, Error, applications, assignments, audit, effective, entitlements, people, reviews,
};
use storage::reviews::{Chunk, NewItem, Pile, ReviewItem};
use testkit::{TestApp, both_apps};

async fn person(app: &TestApp, name: &str, manager: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: name.to_lowercase(),
        display_name: name.to_owned(),
        department: "Finance".to_owned(),
        manager: manager.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(app.service(), &Cx::of(Actor::CommandLine), &draft).await;
    app.clock().advance(SECOND);
    id.expect("a person")
}

async fn give(app: &TestApp, cx: &Cx, id: IdentityId, what: &str) {
    let draft = GiveDraft {
        what: what.to_owned(),
        reason: "For the close".to_owned(),
        ..GiveDraft::default()
    };
    let given = assignments::give(app.service(), cx, id, &draft).await;
    given.expect("it is given");
    app.clock().advance(SECOND);
}

/// Cy leads Bo, who leads Ana and Ben; SAP has two things, one of them of high risk.
async fn company(app: &TestApp) -> (Cx, [IdentityId; 4]) {
    let admin = app.welcome().await;
    let cy = person(app, "Cy", "").await;
    let bo = person(app, "Bo", "cy").await;
    let ana = person(app, "Ana", "bo").await;
    let ben = person(app, "Ben", "bo").await;
    let sap = ApplicationDraft {
        name: "sap".to_owned(),
        display_name: "SAP".to_owned(),
        owner: "cy".to_owned(),
        ..ApplicationDraft::default()
    };
    applications::create(app.service(), &admin, &sap)
        .await
        .expect("an application");
    for (name, risk) in [("post", "low"), ("pay", "high")] {
        let draft = EntitlementDraft {
            application: "sap".to_owned(),
            name: name.to_owned(),
            display_name: format!("The {name}"),
            kind: "permission".to_owned(),
            risk: risk.to_owned(),
            ..EntitlementDraft::default()
        };
        entitlements::create(app.service(), &admin, &draft)
            .await
            .expect("an entitlement");
    }
    for (who, what) in [
        (ana, "sap/post"),
        (ana, "sap/pay"),
        (ben, "sap/post"),
        (bo, "sap/pay"),
        (cy, "sap/post"),
    ] {
        give(app, &admin, who, what).await;
    }
    (admin, [cy, bo, ana, ben])
}

fn me(cx: &Cx) -> IdentityId {
    cx.me().expect("a person acts")
}

fn terms(cx: &Cx, name: &str) -> ReviewContent {
    ReviewContent {
        name: name.to_owned(),
        scope: Scope {
            things: "application:sap".to_owned(),
            ..Scope::everything()
        },
        ..ReviewContent::draft(me(cx))
    }
}

async fn run_job(app: &TestApp) {
    let work = jobs::claim(app.service(), &handlers())
        .await
        .expect("the queue")
        .expect("a job");
    let ended = handlers()
        .run(Arc::clone(app.service()), Arc::clone(&work))
        .await;
    assert!(ended.is_ok(), "{ended:?}");
    jobs::settle(app.service(), &work, ended)
        .await
        .expect("it is written down");
}

async fn launched(app: &TestApp, cx: &Cx, content: ReviewContent) -> CampaignId {
    let (_, campaign) = begun(app, cx, content).await;
    run_job(app).await;
    campaign
}

/// A campaign whose population is not frozen yet.
async fn begun(app: &TestApp, cx: &Cx, content: ReviewContent) -> (ReviewId, CampaignId) {
    let review = reviews::create(app.service(), cx, content)
        .await
        .expect("a review");
    let launched = reviews::launch(app.service(), cx, review)
        .await
        .expect("a campaign");
    (review, launched.campaign)
}

async fn items(app: &TestApp, campaign: CampaignId, population: u64) -> Vec<ReviewItem> {
    let numbers: Vec<u64> = (1..=population).collect();
    app.db()
        .read()
        .await
        .review_items(campaign, &numbers)
        .await
        .expect("items")
}

#[tokio::test]
async fn a_population_is_what_people_have_and_nobody_reviews_themselves() {
    both_apps(async |app| {
        let (admin, [cy, bo, ana, ben]) = company(app).await;
        let campaign = launched(app, &admin, terms(&admin, "Quarterly")).await;
        let found = reviews::campaign(app.service(), &admin, campaign)
            .await
            .expect("it");
        let counts = found.content.population;
        assert_eq!(found.content.state, CampaignState::Open);
        assert!(counts.adds_up());
        assert_eq!((counts.all, counts.included, counts.excluded), (5, 5, 0));
        assert_eq!((counts.holders, counts.reviewers), (4, 3));
        let items = items(app, campaign, counts.all).await;
        // What is reviewed is what the page of each person says.
        let mut expected = BTreeSet::new();
        for who in [cy, bo, ana, ben] {
            let (_, access) = effective::access_of(app.service(), &admin, who, None)
                .await
                .expect("access");
            let sap = access
                .lines
                .iter()
                .filter(|line| line.entitlement.application_name == "sap");
            expected.extend(sap.map(|line| (who.raw(), line.entitlement.id.raw())));
        }
        let reviewed: BTreeSet<_> = items
            .iter()
            .map(|one| (one.facts.holder.raw, one.facts.what.raw))
            .collect();
        assert_eq!(reviewed, expected);
        let by: BTreeMap<i64, (IdentityId, Why)> = items
            .iter()
            .map(|one| (one.facts.holder.raw, (one.facts.reviewer, one.facts.why)))
            .collect();
        assert_eq!(by[&ana.raw()], (bo, Why::Manager));
        assert_eq!(by[&bo.raw()], (cy, Why::Manager));
        // Cy has no manager: the owner of the review decides.
        assert_eq!(by[&cy.raw()], (me(&admin), Why::ReviewOwner));
        let pay: Vec<&Facts> = items
            .iter()
            .map(|one| &one.facts)
            .filter(|one| one.flags == [Flag::Privileged])
            .collect();
        assert_eq!(pay.len(), 2);
        let post = items
            .iter()
            .find(|one| one.facts.holder.raw == ana.raw() && one.facts.flags.is_empty())
            .expect("it");
        assert_eq!(
            (post.facts.peers, post.facts.how),
            (Some((2, 3)), How::Direct)
        );
        assert_eq!(
            (post.facts.reason.as_str(), post.facts.granted_by),
            ("For the close", admin.me())
        );
        // The entry binds the population, and its reviewers are told.
        let query = ListQuery {
            search: Search::parse("action:review.launched"),
            ..ListQuery::default()
        };
        let log = audit::list(app.service(), &admin, &query, &jiff::tz::TimeZone::UTC)
            .await
            .expect("the log");
        assert_eq!(log.page.total, 1);
        let piles = app
            .db()
            .read()
            .await
            .piles(campaign, (0, 0), 9)
            .await
            .expect("piles");
        let open: Vec<(IdentityId, i64)> = piles
            .iter()
            .map(|pile| (pile.reviewer(), pile.open()))
            .collect();
        assert_eq!(open.iter().map(|one| one.1).sum::<i64>(), 5);
        let told = service::notifications::list(
            app.service(),
            &Cx::of(Actor::Person {
                id: bo,
                rights: Rights::NONE,
            }),
            service::notifications::Which::default(),
            &domain::page::Position::Start,
        )
        .await
        .expect("notices");
        assert!(
            told.page
                .rows
                .iter()
                .any(|one| one.path == format!("/reviews/{campaign}/decide"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_launch_that_broke_off_begins_anew_and_has_nothing_twice() {
    both_apps(async |app| {
        let (admin, [cy, bo, ana, _]) = company(app).await;
        let (review, campaign) = begun(app, &admin, terms(&admin, "Broken")).await;
        half(app, campaign, [ana, bo, cy]).await;
        run_job(app).await;
        let found = reviews::campaign(app.service(), &admin, campaign)
            .await
            .expect("it");
        assert_eq!(found.content.population.all, 5);
        assert_eq!(items(app, campaign, 9).await.len(), 5);
        let mut read = app.db().read().await;
        let piles = read.piles(campaign, (0, 0), 9).await.expect("piles");
        assert_eq!(piles.iter().map(Pile::open).sum::<i64>(), 5);
        let (records, _, _) = read.population_written(campaign).await.expect("counts");
        let entry = read.trees(campaign).await.expect("trees");
        assert_eq!(
            (entry[0].2, entry[0].3.is_some()),
            (i64::try_from(records).expect("few"), true)
        );
        drop(read);
        // A campaign that is under way is not launched again.
        let again = reviews::launch(app.service(), &admin, review).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    })
    .await;
}

/// What an attempt that broke off left.
async fn half(app: &TestApp, campaign: CampaignId, [holder, reviewer, other]: [IdentityId; 3]) {
    let facts = Facts {
        number: 3,
        ..sample(holder, reviewer)
    };
    let chunk = Chunk {
        items: vec![NewItem::new(facts, None).expect("an item")],
        ..Chunk::default()
    };
    let mut tx = app.db().write().await;
    tx.append_population(campaign, &chunk)
        .await
        .expect("a population");
    tx.add_piles(campaign, &[Pile::of(campaign, other, 0, 1)])
        .await
        .expect("rows");
    tx.commit_unaudited("half a population")
        .await
        .expect("a commit");
}

#[tokio::test]
async fn what_was_called_off_before_it_was_complete_leaves_nothing_and_shows_nothing() {
    both_apps(async |app| {
        let (admin, [cy, bo, ana, _]) = company(app).await;
        let (_, campaign) = begun(app, &admin, terms(&admin, "Broken")).await;
        half(app, campaign, [ana, bo, cy]).await;
        let which = reviews::Which::default();
        let shown = reviews::items(app.service(), &admin, campaign, which, 0, 9).await;
        assert!(shown.expect("the page").rows.is_empty());
        let life = reviews::inspect::life(app.service(), &admin, campaign, 3).await;
        assert!(matches!(life, Err(Error::NotFound)), "{life:?}");
        reviews::cancel(app.service(), &admin, campaign, "Not now")
            .await
            .expect("it is called off");
        app.clock().advance(SECOND);
        run_job(app).await;
        let mut read = app.db().read().await;
        assert_eq!(
            read.population_written(campaign).await.expect("counts"),
            (0, 0, 0)
        );
        let piles = read.piles(campaign, (0, 0), 9).await.expect("piles");
        assert!(piles.is_empty(), "{piles:?}");
        drop(read);
        assert_eq!(app.finding().await, None);
    })
    .await;
}

fn sample(holder: IdentityId, reviewer: IdentityId) -> Facts {
    serde_json::from_value(serde_json::json!({
        "number": 1, "item": "access", "holder": holder, "what": domain::id::EntitlementId::from_raw(1),
        "how": "direct", "ways": 1, "use_known": false, "reviewer": reviewer, "why": "manager",
    }))
    .expect("facts")
}

#[tokio::test]
async fn what_cannot_be_reviewed_says_why() {
    both_apps(async |app| {
        let (admin, _) = company(app).await;
        let nothing = ReviewContent {
            scope: Scope {
                things: "application:nowhere".to_owned(),
                ..Scope::everything()
            },
            ..terms(&admin, "Nothing")
        };
        let campaign = launched(app, &admin, nothing).await;
        let found = reviews::campaign(app.service(), &admin, campaign)
            .await
            .expect("it");
        assert_eq!(found.content.state, CampaignState::Cancelled);
        let query = ListQuery {
            search: Search::parse("action:review.cancelled"),
            ..ListQuery::default()
        };
        let log = audit::list(app.service(), &admin, &query, &jiff::tz::TimeZone::UTC)
            .await
            .expect("the log");
        assert_eq!(log.page.total, 1);
        // Who may not run reviews does not, and two reviews have two names.
        let someone = app.someone("Dan", &[]).await;
        let refused = reviews::create(app.service(), &someone, terms(&someone, "Mine")).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        let twice = reviews::create(app.service(), &admin, terms(&admin, "NOTHING")).await;
        assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
        let runner = app.someone("Rita", &[ConsoleRight::RunReviews]).await;
        assert!(
            reviews::create(app.service(), &runner, terms(&runner, "Hers"))
                .await
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn reviewers_who_left_are_passed_over_and_scopes_narrow() {
    both_apps(async |app| {
        let (admin, [cy, bo, ana, ben]) = company(app).await;
        // Bo is away for good: Ana's and Ben's access goes to his manager.
        let how = people::End {
            reason: "Left".to_owned(),
            last_day: None,
        };
        people::end(app.service(), &Cx::of(Actor::CommandLine), bo, &how)
            .await
            .expect("he leaves");
        app.clock().advance(SECOND);
        run_everything(app).await;
        let named = Stage {
            fallback: Some(Approver::ManagersManager),
            ..Stage::by(Approver::People { people: vec![bo] })
        };
        let risky = ReviewContent {
            scope: Scope {
                risk: Some(domain::lifecycle::Level::High),
                ..terms(&admin, "").scope
            },
            stages: vec![named],
            ..terms(&admin, "Privileged")
        };
        let campaign = launched(app, &admin, risky).await;
        let found = items(app, campaign, 9).await;
        let got: BTreeSet<_> = found
            .iter()
            .map(|one| (one.facts.holder.raw, one.facts.reviewer))
            .collect();
        // Whoever managed Ana is gone, so nobody is above: the owner of the review decides.
        assert_eq!(got, BTreeSet::from([(ana.raw(), me(&admin))]));
        let owners = ReviewContent {
            stages: vec![Stage::by(Approver::ApplicationOwner)],
            scope: Scope {
                people: "ben".to_owned(),
                ..terms(&admin, "").scope
            },
            ..terms(&admin, "By owner")
        };
        let campaign = launched(app, &admin, owners).await;
        let found = items(app, campaign, 9).await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (
                found[0].facts.holder.raw,
                found[0].facts.reviewer,
                found[0].facts.why
            ),
            (ben.raw(), cy, Why::ApplicationOwner)
        );
        let rules = ReviewContent {
            scope: Scope {
                how: vec![How::Rule],
                subjects: Subjects::Access,
                ..terms(&admin, "").scope
            },
            ..terms(&admin, "By rule")
        };
        let campaign = launched(app, &admin, rules).await;
        let found = reviews::campaign(app.service(), &admin, campaign)
            .await
            .expect("it");
        assert_eq!(found.content.population.all, 0);
    })
    .await;
}

/// Jobs that ending somebody asked for.
async fn run_everything(app: &TestApp) {
    while let Some(work) = jobs::claim(app.service(), &handlers())
        .await
        .expect("the queue")
    {
        let ended = handlers()
            .run(Arc::clone(app.service()), Arc::clone(&work))
            .await;
        jobs::settle(app.service(), &work, ended)
            .await
            .expect("it is written down");
    }
}
