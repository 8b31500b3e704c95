//! The evidence pack of a campaign in the console: who asks, who downloads, what is kept, and its sign-off.

use domain::audit::AuditAction;
use domain::id::CampaignId;
use domain::permission::ConsoleRight;
use domain::time::{DAY, HOUR};
use service::jobs::{self, JobState};
use service::reviews::{self, evidence};
use service::{Cx, Error, people, rights};
use testkit::both_apps;

use crate::kit::{Kit, me};

/// Makes the pack of a campaign, as the administrator.
async fn made(kit: &Kit<'_>, id: CampaignId) {
    let (service, admin) = (kit.service(), &kit.admin);
    let job = evidence::export(service, admin, id).await.expect("a job");
    kit.work().await;
    let view = jobs::read(service, admin, job).await.expect("the job");
    assert_eq!(view.job.state, JobState::Done, "{:?}", view.job.failure);
}

async fn bytes(kit: &Kit<'_>, pack: &evidence::KeptPack) -> Vec<u8> {
    let mut bytes = Vec::new();
    for ordinal in 0.. {
        let piece = jobs::file_piece(kit.service(), pack.job, ordinal).await;
        match piece.expect("a piece") {
            Some(piece) => bytes.extend(piece),
            None => break,
        }
    }
    bytes
}

#[tokio::test]
async fn whoever_may_see_a_campaign_downloads_the_pack_that_anybody_made_and_each_download_is_logged()
 {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.closed().await);
        let none = evidence::fetch(service, &kit.admin, id).await;
        assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
        let first = evidence::export(service, &kit.admin, id)
            .await
            .expect("a job");
        // Asked for twice, it is made once.
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let second = evidence::export(service, &auditor, id)
            .await
            .expect("a job");
        assert_eq!(first, second);
        let seen = evidence::packs(service, &auditor, id).await.expect("them");
        assert!(seen.is_making() && seen.kept.is_none() && seen.sees_job);
        kit.work().await;
        let runner = app.someone("Rae Runs", &[ConsoleRight::RunReviews]).await;
        let seen = evidence::packs(service, &runner, id).await.expect("them");
        assert!(seen.making.is_none());
        let kept = seen.kept.expect("a pack");
        assert!(!kept.outdated && kept.by.is_some());
        for cx in [&kit.admin, &auditor, &runner] {
            let pack = evidence::fetch(service, cx, id).await.expect("a pack");
            let bytes = bytes(&kit, &pack).await;
            assert_eq!(bytes.len() as u64, pack.file.bytes);
            let held = proof::pack::verify(&bytes, &[]).expect("it holds");
            assert_eq!(held.sha256.to_string(), pack.sha256);
        }
        assert_eq!(kit.entries(AuditAction::EvidenceFetched).await, 3);
        // Reviewers and people whose access it is may not.
        for cx in [&kit.bo, &kit.ana] {
            for result in [
                evidence::packs(service, cx, id).await.map(drop),
                evidence::fetch(service, cx, id).await.map(drop),
                evidence::export(service, cx, id).await.map(drop),
            ] {
                assert!(matches!(result, Err(Error::NotFound)), "{result:?}");
            }
        }
        // It is kept for a week.
        app.clock().advance(8 * DAY);
        let gone = evidence::fetch(service, &kit.admin, id).await;
        assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
        let seen = evidence::packs(service, &kit.admin, id)
            .await
            .expect("them");
        assert!(seen.kept.is_none() && seen.making.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_pack_that_could_not_be_made_says_why_and_the_one_before_stays() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.closed().await);
        let gone = app.someone("Gus Gone", &[ConsoleRight::RunReviews]).await;
        made(&kit, id).await;
        let job = evidence::export(service, &gone, id).await.expect("a job");
        // Who asked may no longer see it when it is made.
        let who = me(&gone);
        rights::end(
            service,
            &kit.admin,
            who,
            ConsoleRight::RunReviews,
            "Moves on",
        )
        .await
        .expect("it is taken");
        kit.work().await;
        let view = jobs::read(
            service,
            &Cx::of(domain::permission::Actor::CommandLine),
            job,
        )
        .await
        .expect("the job");
        assert_eq!(view.job.state, JobState::Failed);
        let seen = evidence::packs(service, &kit.admin, id)
            .await
            .expect("them");
        assert!(seen.kept.is_some());
        let failed = seen.making.expect("the failed one");
        assert!(failed.job.failure.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_owner_signs_off_once_and_the_pack_has_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let open = kit.campaign(kit.five()).await;
        let early = reviews::sign(service, &kit.admin, open, "All is well", true).await;
        assert!(matches!(early, Err(Error::Refused(_))), "{early:?}");
        let id = kit.closed().await;
        made(&kit, id).await;
        app.clock().advance(HOUR);
        // Kim owns it: nobody else signs while she can, and nobody in silence.
        for (cx, seen) in [
            (&kit.bo, false),
            (&app.someone("Rae", &[ConsoleRight::RunReviews]).await, true),
        ] {
            let refused = reviews::sign(service, cx, id, "Fine", true).await;
            if seen {
                assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
            } else {
                assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
            }
        }
        for (statement, ticked, field) in [("", true, "statement"), ("Fine", false, "attested")] {
            let refused = reviews::sign(service, &kit.admin, id, statement, ticked).await;
            let Err(Error::Invalid(errors)) = refused else {
                panic!("{refused:?}")
            };
            assert!(errors.of(field).is_some(), "{errors}");
        }
        let seen = reviews::sign_off(service, &kit.admin, id)
            .await
            .expect("it");
        assert!(seen.may_sign && seen.signed_by.is_none());
        assert!(
            !evidence::packs(service, &kit.admin, id)
                .await
                .expect("them")
                .kept
                .expect("one")
                .outdated
        );
        reviews::sign(service, &kit.admin, id, " Two were revoked. ", true)
            .await
            .expect("signed");
        let again = reviews::sign(service, &kit.admin, id, "Once more", true).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        let seen = reviews::sign_off(service, &kit.admin, id)
            .await
            .expect("it");
        assert!(!seen.may_sign && seen.signed_by.is_some());
        assert_eq!(seen.campaign.content.sign_off, "Two were revoked.");
        assert!(
            evidence::packs(service, &kit.admin, id)
                .await
                .expect("them")
                .kept
                .expect("one")
                .outdated
        );
        made(&kit, id).await;
        let pack = evidence::fetch(service, &kit.admin, id)
            .await
            .expect("a pack");
        let held = proof::pack::verify(&bytes(&kit, &pack).await, &[]).expect("it holds");
        assert_eq!(held.entries[AuditAction::CampaignSigned.word()], 1);
    })
    .await;
}

#[tokio::test]
async fn when_the_owner_has_left_whoever_runs_reviews_signs() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.closed().await);
        let other = app.someone("Lee Admin", &[ConsoleRight::Administer]).await;
        let runner = app.someone("Rae Runs", &[ConsoleRight::RunReviews]).await;
        let owner = me(&kit.admin);
        people::suspend(service, &other, owner, "Has left")
            .await
            .expect("it is done");
        reviews::sign(service, &runner, id, "Read and signed for Kim", true)
            .await
            .expect("signed");
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_is_verified_without_a_trace_and_too_much_is_not_taken() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let (service, id) = (app.service(), kit.closed().await);
        made(&kit, id).await;
        let pack = evidence::fetch(service, &kit.admin, id).await.expect("a pack");
        let good = bytes(&kit, &pack).await;
        let check = async |pack: &[u8], keys: &str| {
            let mut incoming = evidence::Incoming::begin(&kit.ana).expect("somebody signed in");
            for piece in pack.chunks(1_000) {
                assert!(incoming.push(piece).expect("it is kept"));
            }
            incoming.check(keys).await.expect("an answer")
        };
        let key = service.log_key();
        let held = check(&good, &format!("\n{key}\n")).await;
        let evidence::Checked::Holds(held) = held else { panic!("{held:?}") };
        assert!(held.warnings.is_empty(), "{:?}", held.warnings);
        let mut changed = good.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        for wrong in [&changed[..], &good[..good.len() - 9], b"no pack at all", b""] {
            let refused = check(wrong, &key).await;
            assert!(matches!(refused, evidence::Checked::Refused(_)), "{refused:?}");
        }
        assert!(matches!(check(&good, "nonsense").await, evidence::Checked::NoKey(line) if line == "nonsense"));
        let anonymous = evidence::Incoming::begin(&Cx::of(domain::permission::Actor::Anonymous));
        assert!(matches!(anonymous, Err(Error::Denied { .. })));
        let mut large = evidence::Incoming::begin(&kit.ana).expect("somebody signed in");
        let megabyte = vec![0; 1 << 20];
        for _ in 0..evidence::LARGEST_PACK >> 20 {
            assert!(large.push(&megabyte).expect("it is kept"));
        }
        assert!(!large.push(&[0]).expect("an answer"));
    })
    .await;
}
