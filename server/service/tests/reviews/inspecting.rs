//! Samples that anybody draws again, the life of an item, and links for auditors from outside.

use domain::audit::AuditAction;
use domain::id::CampaignId;
use domain::permission::{Actor, ConsoleRight};
use domain::review::{Choice, RemedyState};
use domain::time::{DAY, MINUTE, SECOND};
use proof::hash::sha256;
use service::reviews::inspect::{self, LifeStep, Opened, Outside};
use service::reviews::{self, ToPass};
use service::{Cx, Error, Origin};
use testkit::both_apps;

use crate::kit::{Kit, keep, says};

/// The sample as docs/reviews.md says that it is drawn.
fn by_hand(campaign: CampaignId, seed: u32, size: usize, of: &[u64]) -> Vec<u64> {
    let mut all: Vec<_> = of
        .iter()
        .map(|item| {
            let text = format!("bailiwick sample 1\n{campaign}\n{seed}\n{item}");
            (sha256(text.as_bytes()).0, *item)
        })
        .collect();
    all.sort_unstable();
    all.into_iter().take(size).map(|(_, item)| item).collect()
}

fn from(address: &str) -> Cx {
    Cx {
        origin: Origin {
            address: Some(address.to_owned()),
            ..Origin::default()
        },
        ..Cx::of(Actor::Anonymous)
    }
}

#[tokio::test]
async fn the_same_seed_draws_the_same_items_and_each_draw_is_recorded() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.campaign(kit.five()).await);
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let which = inspect::draw(service, &auditor, id, " 3 ", "4711").await;
        assert_eq!(which.expect("drawn"), (4711, 3));
        let shown = inspect::sample(service, &auditor, id, (4711, 3))
            .await
            .expect("it");
        let numbers: Vec<u64> = shown.items.iter().map(|item| item.number).collect();
        assert_eq!(numbers, by_hand(id, 4711, 3, &[1, 2, 3, 4, 5]));
        // A larger one of the same seed begins with it; the same one is there already.
        inspect::draw(service, &kit.admin, id, "5", "4711")
            .await
            .expect("drawn");
        inspect::draw(service, &kit.admin, id, "3", "4711")
            .await
            .expect("there");
        let larger = inspect::sample(service, &kit.admin, id, (4711, 5))
            .await
            .expect("it");
        assert_eq!(larger.items[..3], shown.items[..]);
        // One without a seed has one that is shown.
        let (seed, _) = inspect::draw(service, &auditor, id, "2", "")
            .await
            .expect("drawn");
        let (_, all) = inspect::samples(service, &auditor, id).await.expect("them");
        assert!(
            all.len() == 3 && all.iter().any(|one| one.seed == seed),
            "{all:?}"
        );
        assert_eq!(kit.entries(AuditAction::SampleDrawn).await, 3);
        for (size, seed, field) in [
            ("0", "", "size"),
            ("6", "", "size"),
            ("", "1", "size"),
            ("2", "many", "seed"),
            ("2", "4294967296", "seed"),
        ] {
            let refused = inspect::draw(service, &auditor, id, size, seed).await;
            let Err(Error::Invalid(errors)) = refused else {
                panic!("{refused:?}")
            };
            assert!(errors.of(field).is_some(), "{size} {seed}: {errors}");
        }
        let never = inspect::sample(service, &auditor, id, (1, 1)).await;
        assert!(matches!(never, Err(Error::NotFound)), "{never:?}");
        let file = inspect::sample_file(service, &auditor, id, (4711, 3))
            .await
            .expect("a file");
        let file = String::from_utf8(file).expect("text");
        assert_eq!(file.lines().count(), 4, "{file}");
        assert_eq!(kit.entries(AuditAction::Exported).await, 1);
        // Whoever only decides in it, or is in it, may not.
        for cx in [&kit.bo, &kit.ana] {
            for result in [
                inspect::draw(service, cx, id, "2", "1").await.map(drop),
                inspect::samples(service, cx, id).await.map(drop),
                inspect::sample(service, cx, id, (4711, 3)).await.map(drop),
                inspect::sample_file(service, cx, id, (4711, 3))
                    .await
                    .map(drop),
                inspect::life(service, cx, id, 1).await.map(drop),
                inspect::links(service, cx, id).await.map(drop),
            ] {
                assert!(matches!(result, Err(Error::NotFound)), "{result:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_item_shows_its_whole_life() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.campaign(kit.apart().await).await);
        let dee = kit.another("Dee Vogel").await;
        reviews::reassign(service, &kit.admin, id, &ToPass::Items(vec![2]), "dee.vogel", "On leave").await.expect("passed");
        app.clock().advance(SECOND);
        let mut revoke = says("revoke");
        revoke.reason = "Has moved".to_owned();
        kit.staged(&dee, id, 2, &revoke).await;
        kit.submit(&dee, id).await.expect("a receipt");
        kit.staged(&kit.bo, id, 1, &keep()).await;
        kit.submit(&kit.bo, id).await.expect("a receipt");
        reviews::close(service, &kit.admin, id, "Its time is over").await.expect("closed");
        app.clock().advance(2 * DAY);
        kit.work().await;
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let life = inspect::life(service, &auditor, id, 2).await.expect("it");
        assert_eq!(life.holder, "Ana Silva");
        assert_eq!((life.first_reviewer.as_str(), life.reviewer.as_str()), ("Bo Lind", "Dee Vogel"));
        assert_eq!(life.choice, Some(Choice::Revoke));
        let steps: Vec<&LifeStep> = life.events.iter().map(|event| &event.step).collect();
        assert!(matches!(steps[0], LifeStep::Frozen), "{steps:?}");
        assert!(matches!(steps[1], LifeStep::Passed { to, reason, .. } if to == "Dee Vogel" && reason == "On leave"), "{steps:?}");
        assert!(matches!(steps[2], LifeStep::Decided { decision, .. } if decision.reason == "Has moved"), "{steps:?}");
        // Nobody had given it, so there was nothing to end.
        assert!(matches!(steps[3..], [LifeStep::Remedied { state: RemedyState::Gone, .. }]), "{steps:?}");
        assert_eq!(life.events[2].by.as_deref(), Some("Dee Vogel"));
        assert!(life.events.is_sorted_by_key(|event| event.seq));
        assert!(life.remedy.is_some_and(|remedy| remedy.state == RemedyState::Gone));
        assert_eq!(kit.entries(AuditAction::Viewed).await, 1);
        let nothing = inspect::life(service, &auditor, id, 99).await;
        assert!(matches!(nothing, Err(Error::NotFound)), "{nothing:?}");
    })
    .await;
}

#[tokio::test]
async fn a_link_is_made_by_whoever_answers_for_the_campaign_and_says_for_whom_and_how_long() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.closed().await);
        let whom = ("Iris of Audit LLP", "SOX 404");
        // Only whoever answers for it, or an administrator.
        let runner = app.someone("Rae Runs", &[ConsoleRight::RunReviews]).await;
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        for (cx, sees) in [(&runner, true), (&auditor, true), (&kit.bo, false)] {
            let refused = inspect::make_link(service, cx, id, whom, ("30", "")).await;
            if sees {
                assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
            } else {
                assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
            }
        }
        for (whom, what, field) in [
            (("", "x"), ("30", ""), "auditor"),
            (("Iris", ""), ("30", ""), "purpose"),
            (("Iris", "x"), ("91", ""), "days"),
            (("Iris", "x"), ("0", ""), "days"),
            (("Iris", "x"), ("30", "1-1"), "sample"),
            (("Iris", "x"), ("30", "all"), "sample"),
        ] {
            let refused = inspect::make_link(service, &kit.admin, id, whom, what).await;
            let Err(Error::Invalid(errors)) = refused else {
                panic!("{refused:?}")
            };
            assert!(errors.of(field).is_some(), "{field}: {errors}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_opens_its_campaign_and_nothing_else_until_it_is_over_or_called_back() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.closed().await);
        let whom = ("Iris of Audit LLP", "SOX 404");
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let (seed, size) = inspect::draw(service, &kit.admin, id, "2", "7")
            .await
            .expect("drawn");
        let whole = inspect::make_link(service, &kit.admin, id, whom, ("30", ""))
            .await
            .expect("a link");
        let only = inspect::make_link(service, &kit.admin, id, whom, ("90", "7-2"))
            .await
            .expect("a link");
        let token =
            |link: &inspect::MadeLink| link.url.rsplit('/').next().expect("a token").to_owned();
        let (whole, only) = (token(&whole), token(&only));
        assert!(whole.len() == 64 && whole != only);
        assert!(
            !format!(
                "{:?}",
                inspect::links(service, &kit.admin, id).await.expect("them")
            )
            .contains(&whole)
        );
        let iris = from("192.0.2.7");
        let open = async |token: &str, what| inspect::open(service, &iris, token, what).await;
        let (link, shown) = open(&whole, Outside::Summary).await.expect("it opens");
        assert!(
            matches!(&shown, Opened::Summary(one) if one.samples.len() == 1),
            "{shown:?}"
        );
        open(&whole, Outside::Sample(seed, size))
            .await
            .expect("it opens");
        for item in 1..=5 {
            open(&whole, Outside::Item(item)).await.expect("it opens");
        }
        // The other opens its sample and what is in it.
        let drawn = by_hand(id, 7, 2, &[1, 2, 3, 4, 5]);
        open(&only, Outside::Sample(7, 2)).await.expect("it opens");
        for item in 1..=5 {
            assert_eq!(
                open(&only, Outside::Item(item)).await.is_ok(),
                drawn.contains(&item)
            );
        }
        inspect::draw(service, &kit.admin, id, "3", "7")
            .await
            .expect("drawn");
        assert!(open(&only, Outside::Sample(7, 3)).await.is_err());
        let viewed = kit.entries(AuditAction::AuditorLinkViewed).await;
        assert_eq!(viewed, 1 + 1 + 5 + 1 + 2);
        let rows = inspect::links(service, &kit.admin, id)
            .await
            .expect("them")
            .rows;
        assert_eq!(rows.iter().map(|row| row.link.views).sum::<u64>(), viewed);
        // Called back, over, unknown: the same.
        inspect::revoke_link(service, &kit.admin, id, link.id)
            .await
            .expect("called back");
        let again = inspect::revoke_link(service, &kit.admin, id, link.id).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        let refused = inspect::revoke_link(service, &auditor, id, link.id).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        for token in [whole.as_str(), "0000", ""] {
            let closed = open(token, Outside::Summary).await;
            assert!(matches!(closed, Err(Error::NotFound)), "{closed:?}");
        }
        open(&only, Outside::Summary).await.expect("it opens still");
        app.clock().advance(90 * DAY + SECOND);
        let over = open(&only, Outside::Summary).await;
        assert!(matches!(over, Err(Error::NotFound)), "{over:?}");
    })
    .await;
}

#[tokio::test]
async fn guessing_links_is_slowed_down_by_address() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.closed().await);
        let link = inspect::make_link(service, &kit.admin, id, ("Iris", "SOX"), ("5", ""))
            .await
            .expect("a link");
        let token = link.url.rsplit('/').next().expect("a token").to_owned();
        let guesser = from("192.0.2.9");
        let mut throttled = false;
        for guess in 0..60 {
            let result =
                inspect::open(service, &guesser, &format!("{guess:064}"), Outside::Summary).await;
            throttled |= matches!(result, Err(Error::Throttled { .. }));
        }
        assert!(throttled);
        // It hits nobody else, and passes.
        inspect::open(service, &from("192.0.2.10"), &token, Outside::Summary)
            .await
            .expect("it opens");
        let own = inspect::open(service, &guesser, &token, Outside::Summary).await;
        assert!(matches!(own, Err(Error::Throttled { .. })), "{own:?}");
        app.clock().advance(120 * MINUTE);
        inspect::open(service, &guesser, &token, Outside::Summary)
            .await
            .expect("it opens");
    })
    .await;
}
