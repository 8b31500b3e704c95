//! Evidence packs: what is made of a campaign verifies, a changed byte is named, and nothing is made of a database that is not
//! what the log says it was.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use domain::application::ApplicationDraft;
use domain::audit::{AuditAction, Bulk, Event, Outcome, Target};
use domain::entitlement::EntitlementDraft;
use domain::id::{CampaignId, IdentityId};
use domain::identity::IdentityDraft;
use domain::permission::{Actor, ConsoleRight};
use domain::review::{
    Choice, Decision, RemedyState, ReviewContent, Scope, StageRule, Staged, Standing,
};
use domain::time::{DAY, SECOND};
use proof::checkpoint::{SigningKey, VerifyingKey};
use service::assignments::GiveDraft;
use service::jobs::{self, JobState, handlers};
use service::reviews::evidence;
use service::{Cx, Error, applications, assignments, entitlements, people, reviews};
use storage::Store;
use storage::reviews::ActRecord;
use testkit::{Engine, TestApp, both_apps};

async fn person(app: &TestApp, name: &str, manager: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: name.to_lowercase(),
        display_name: format!("{name} <b>"),
        manager: manager.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(app.service(), &Cx::of(Actor::CommandLine), &draft).await;
    app.clock().advance(SECOND);
    id.expect("a person")
}

async fn run_job(app: &TestApp) {
    let work = jobs::claim(app.service(), &handlers())
        .await
        .expect("the queue")
        .expect("a job");
    let ended = handlers()
        .run(Arc::clone(app.service()), Arc::clone(&work))
        .await;
    jobs::settle(app.service(), &work, ended)
        .await
        .expect("it is written down");
}

/// Four people with one thing, reviewed by their manager; two items are decided, one of them twice, and one is passed on.
async fn decided(app: &TestApp) -> (Cx, CampaignId) {
    let admin = app.welcome().await;
    let boss = person(app, "Boss", "").await;
    let sap = ApplicationDraft {
        name: "sap".to_owned(),
        display_name: "=SAP".to_owned(),
        owner: "boss".to_owned(),
        ..ApplicationDraft::default()
    };
    applications::create(app.service(), &admin, &sap)
        .await
        .expect("an application");
    let pay = EntitlementDraft {
        application: "sap".to_owned(),
        name: "pay".to_owned(),
        display_name: "+Pay".to_owned(),
        kind: "permission".to_owned(),
        risk: "low".to_owned(),
        ..EntitlementDraft::default()
    };
    entitlements::create(app.service(), &admin, &pay)
        .await
        .expect("an entitlement");
    for name in ["Ana", "Ben", "Cy", "Dee"] {
        let who = person(app, name, "boss").await;
        let draft = GiveDraft {
            what: "sap/pay".to_owned(),
            reason: "For <the> close".to_owned(),
            ..GiveDraft::default()
        };
        assignments::give(app.service(), &admin, who, &draft)
            .await
            .expect("it is given");
        app.clock().advance(SECOND);
    }
    let content = ReviewContent {
        name: "Autumn & winter".to_owned(),
        instructions: "<script>alert(1)</script>".to_owned(),
        scope: Scope {
            things: "application:sap".to_owned(),
            ..Scope::everything()
        },
        ..ReviewContent::draft(admin.me().expect("a person"))
    };
    let review = reviews::create(app.service(), &admin, content)
        .await
        .expect("a review");
    let campaign = reviews::launch(app.service(), &admin, review)
        .await
        .expect("a campaign")
        .campaign;
    run_job(app).await;
    let decide = |item, choice, reason: &str| {
        let staged = Staged {
            reason: reason.to_owned(),
            ..Staged::of(choice)
        };
        let at = app.service().now();
        ActRecord::Decision(Decision::submitted(item, 0, staged, (Some(boss), None), at))
    };
    let first = [
        decide(1, Choice::Keep, "=needed"),
        decide(2, Choice::NotSure, ""),
        ActRecord::Passed {
            item: 3,
            stage: 0,
            from: boss,
            to: admin.me().expect("a person"),
            why: None,
            reason: "on leave".to_owned(),
        },
    ];
    act(app, campaign, AuditAction::CampaignSubmitted, &first).await;
    let second = [decide(2, Choice::Revoke, "has moved")];
    act(app, campaign, AuditAction::CampaignSubmitted, &second).await;
    let remedy = ActRecord::Remedy {
        item: 2,
        state: RemedyState::Verified,
        remains: false,
        by: "run_1".to_owned(),
    };
    act(app, campaign, AuditAction::CampaignVerified, &[remedy]).await;
    (admin, campaign)
}

async fn act(app: &TestApp, campaign: CampaignId, action: AuditAction, records: &[ActRecord]) {
    app.clock().advance(SECOND);
    let mut tx = app.db().write().await;
    let numbers: Vec<u64> = records.iter().map(ActRecord::item).collect();
    let items = tx.review_items(campaign, &numbers).await.expect("items");
    let moved: Vec<(u64, Standing)> = items
        .iter()
        .zip(records)
        .map(|(item, record)| {
            let at = item.standing();
            let after = match record {
                ActRecord::Decision(one) => at.decided(1, StageRule::LastDecides, one),
                ActRecord::Passed { to, .. } => at.passed(*to),
                ActRecord::Remedy { .. } => at,
            };
            (item.facts.number, after)
        })
        .collect();
    tx.move_items(campaign, &moved).await.expect("they moved");
    let bulk: Bulk = tx
        .append_act(campaign, action.word(), records)
        .await
        .expect("an act");
    let event = Event {
        actor: Actor::CommandLine,
        on_behalf_of: None,
        action,
        outcome: Outcome::Done,
        request: None,
        targets: vec![Target {
            object: campaign.into(),
            content: None,
        }],
        details: Vec::new(),
        bulk: Some(bulk),
    };
    tx.commit(event, Vec::new()).await.expect("a commit");
}

/// Runs a statement behind the log's back.
async fn execute(app: &TestApp, text: &'static str) {
    let done = match app.db().store() {
        Store::Sqlite { writer, .. } => sqlx::query(text).execute(writer).await.map(drop),
        Store::Postgres { pool, .. } => sqlx::query(text).execute(pool).await.map(drop),
    };
    done.expect("a statement of the test");
}

/// The file of a job as it is downloaded.
async fn downloaded(app: &TestApp, cx: &Cx, job: domain::id::JobId) -> Vec<u8> {
    let file = jobs::file(app.service(), cx, job).await.expect("a file");
    assert!(file.name.starts_with("evidence-cmp"), "{}", file.name);
    let mut bytes = Vec::new();
    for ordinal in 0.. {
        let piece = jobs::file_piece(app.service(), job, ordinal).await;
        match piece.expect("a piece") {
            Some(piece) => bytes.extend(piece),
            None => break,
        }
    }
    assert_eq!(bytes.len() as u64, file.bytes);
    bytes
}

/// The key that signs the log of a test.
fn log_key() -> VerifyingKey {
    let key = SigningKey::from_seed("bailiwick.example.com", &[7; 32]).expect("a key");
    key.verifying_key().clone()
}

/// A part of a pack that is deflated, as it is unpacked.
fn part(pack: &[u8], name: &str) -> String {
    // The name stands at byte 30 of the header, and what is packed behind it.
    let at = pack
        .windows(name.len())
        .position(|window| window == name.as_bytes())
        .expect("a part");
    let packed = &pack[at + name.len()..];
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(packed)
        .read_to_string(&mut text)
        .expect("text");
    text
}

#[tokio::test]
async fn a_pack_is_made_by_a_job_and_holds() {
    both_apps(async |app| {
        let (admin, campaign) = decided(app).await;
        let service = app.service();
        let job = evidence::export(service, &admin, campaign)
            .await
            .expect("a job");
        run_job(app).await;
        let view = jobs::read(service, &admin, job).await.expect("the job");
        assert_eq!(view.job.state, JobState::Done, "{:?}", view.job.failure);
        let pack = downloaded(app, &admin, job).await;
        let key = log_key();
        let held = proof::pack::verify(&pack, std::slice::from_ref(&key)).expect("it holds");
        assert_eq!(held.campaign, campaign.to_string());
        assert_eq!((held.population.included, held.population.excluded), (4, 0));
        assert_eq!((held.acts, held.records, held.corrections), (3, 5, 1));
        assert_eq!((held.decisions["keep"], held.decisions["revoke"]), (1, 1));
        assert_eq!(held.undecided, 2);
        assert!(held.warnings.is_empty(), "{:?}", held.warnings);
        let other = SigningKey::from_seed("bailiwick.example.com", &[9; 32]).expect("a key");
        proof::pack::verify(&pack, &[other.verifying_key().clone()]).expect_err("another key");
        let mut changed = pack.clone();
        let at = changed.len() / 2;
        changed[at] ^= 1;
        let wrong =
            proof::pack::verify(&changed, std::slice::from_ref(&key)).expect_err("a changed byte");
        assert!(wrong.part.is_some(), "{wrong}");
        // For people.
        let report = part(&pack, "report.html");
        for text in [
            "Autumn &amp; winter",
            "&lt;script&gt;alert(1)",
            "4 things were in scope",
            "Boss &lt;b&gt;",
            "their manager (4)",
            "Really gone",
            &key.to_string(),
        ] {
            assert!(report.contains(text), "{text}: {report}");
        }
        assert!(!report.contains("<script"), "{report}");
        let items = part(&pack, "items.csv");
        assert_eq!(items.lines().count(), 5);
        assert!(items.contains("Ana <b>,ana,,'+Pay,pay,'=SAP,"), "{items}");
        assert!(items.contains(",Keep,Boss <b>,,"), "{items}");
        assert!(items.contains(",'=needed,1,,,"), "{items}");
        assert!(items.contains(",Really gone,run_1,no"), "{items}");
        let decisions = part(&pack, "decisions.csv");
        assert_eq!(decisions.lines().count(), 4);
        assert!(decisions.contains(",Not sure,"), "{decisions}");
        // A second pack has the entry about the first.
        evidence::export(service, &admin, campaign)
            .await
            .expect("a job");
        run_job(app).await;
        let (file, held) = written(app, &admin, campaign).await;
        assert_eq!(held.entries["evidence.exported"], 2);
        assert!(!file.is_empty());
    })
    .await;
}

/// A pack in a file, as the command line makes it.
async fn written(app: &TestApp, cx: &Cx, campaign: CampaignId) -> (Vec<u8>, proof::pack::Verified) {
    let mut file = tempfile::tempfile().expect("a file");
    let held = evidence::write(app.service(), cx, campaign, &mut file)
        .await
        .expect("a pack");
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).expect("its beginning");
    file.read_to_end(&mut bytes).expect("its bytes");
    (bytes, held)
}

/// What is changed, how it is changed back, and what the refusal names.
type Change = (&'static str, &'static str, &'static str);

const CHANGES: &[Change] = &[
    (
        "UPDATE review_item SET content = replace(content, '\"ways\":1', '\"ways\":2') WHERE id % 4294967296 = 3",
        "UPDATE review_item SET content = replace(content, '\"ways\":2', '\"ways\":1') WHERE id % 4294967296 = 3",
        "Item 3 of campaign",
    ),
    (
        "UPDATE review_item SET holder_id = holder_id + 1 WHERE id % 4294967296 = 4",
        "UPDATE review_item SET holder_id = holder_id - 1 WHERE id % 4294967296 = 4",
        "the column holder_id",
    ),
    (
        "UPDATE review_item SET application_id = application_id + 1 WHERE id % 4294967296 = 4",
        "UPDATE review_item SET application_id = application_id - 1 WHERE id % 4294967296 = 4",
        "the column application_id",
    ),
    (
        "UPDATE review_item SET leaf = leaf + 100 WHERE id % 4294967296 = 2",
        "UPDATE review_item SET leaf = leaf - 100 WHERE id % 4294967296 = 2",
        "stands at leaf",
    ),
    (
        "UPDATE review_record SET content = replace(content, 'has moved', 'has movee') WHERE tree = 2",
        "UPDATE review_record SET content = replace(content, 'has movee', 'has moved') WHERE tree = 2",
        "The record on item 2 of campaign",
    ),
    (
        "UPDATE review_record SET item_id = item_id + 1 WHERE tree = 2",
        "UPDATE review_record SET item_id = item_id - 1 WHERE tree = 2",
        "the column item_id",
    ),
    (
        "UPDATE review_record SET place = place + 7 WHERE tree = 1 AND place = 2",
        "UPDATE review_record SET place = place - 7 WHERE tree = 1 AND place = 9",
        "stands at leaf 9",
    ),
    (
        "UPDATE review_tree SET seq = seq + 1000 WHERE tree = 2",
        "UPDATE review_tree SET seq = seq - 1000 WHERE tree = 2",
        "act 2 of campaign",
    ),
    (
        "UPDATE review_item SET choice = 'keep' WHERE id % 4294967296 = 2",
        "UPDATE review_item SET choice = 'revoke' WHERE id % 4294967296 = 2",
        "the column choice is “keep”, and by what was recorded it is “revoke”",
    ),
    (
        "UPDATE review_item SET choice = NULL WHERE id % 4294967296 = 1",
        "UPDATE review_item SET choice = 'keep' WHERE id % 4294967296 = 1",
        "the column choice is empty",
    ),
    (
        "UPDATE review_item SET open = NOT open WHERE id % 4294967296 = 4",
        "UPDATE review_item SET open = NOT open WHERE id % 4294967296 = 4",
        "the column open is false",
    ),
    (
        "UPDATE review_item SET stage = 1 WHERE id % 4294967296 = 3",
        "UPDATE review_item SET stage = 0 WHERE id % 4294967296 = 3",
        "the column stage is 1",
    ),
    (
        "UPDATE review_item SET reviewer_id = reviewer_id + 1 WHERE id % 4294967296 = 3",
        "UPDATE review_item SET reviewer_id = reviewer_id - 1 WHERE id % 4294967296 = 3",
        "the column reviewer_id is",
    ),
];

#[tokio::test]
async fn nothing_is_made_of_what_was_changed_behind_the_logs_back() {
    both_apps(async |app| {
        let (admin, campaign) = decided(app).await;
        let refused = async || {
            let mut file = tempfile::tempfile().expect("a file");
            let result = evidence::write(app.service(), &admin, campaign, &mut file).await;
            match result {
                Err(Error::Refused(sentence)) => sentence,
                other => panic!("{other:?}"),
            }
        };
        for (change, back, named) in CHANGES {
            execute(app, change).await;
            let sentence = refused().await;
            assert!(sentence.contains(named), "{change}: {sentence}");
            let finding = app.finding().await.expect("a finding");
            assert!(finding.contains(named), "{change}: {finding}");
            execute(app, back).await;
        }
        // A leaf that was changed is told from its row.
        let (change, back) = match app.db().engine() {
            Engine::Sqlite => (
                "UPDATE review_leaves SET hashes = CAST(x'00' || substr(hashes, 2) AS BLOB) WHERE tree = 1",
                "UPDATE review_leaves SET hashes = (SELECT hashes FROM kept_leaves) WHERE tree = 1",
            ),
            Engine::Postgres => (
                "UPDATE review_leaves SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) WHERE tree = 1",
                "UPDATE review_leaves SET hashes = (SELECT hashes FROM kept_leaves) WHERE tree = 1",
            ),
        };
        execute(app, "CREATE TABLE kept_leaves AS SELECT hashes FROM review_leaves WHERE tree = 1").await;
        execute(app, change).await;
        let sentence = refused().await;
        assert!(
            sentence.contains("review_leaves: the leaf of The record on item 1"),
            "{sentence}"
        );
        let finding = app.finding().await.expect("a finding");
        assert!(finding.contains("review_leaves"), "{finding}");
        execute(app, back).await;
        execute(app, "DROP TABLE kept_leaves").await;
        assert_eq!(app.finding().await, None);
        // And by a job: it fails with the sentence, and has no file.
        execute(app, CHANGES[0].0).await;
        let job = evidence::export(app.service(), &admin, campaign)
            .await
            .expect("a job");
        run_job(app).await;
        let view = jobs::read(app.service(), &admin, job).await.expect("it");
        assert_eq!(view.job.state, JobState::Failed);
        let failure = view.job.failure.expect("why");
        assert!(failure.contains("Item 3 of campaign"), "{failure}");
        assert!(view.file.is_none());
        execute(app, CHANGES[0].1).await;
        written(app, &admin, campaign).await;
    })
    .await;
}

#[tokio::test]
async fn who_may_not_see_a_campaign_gets_no_pack_and_what_has_not_begun_has_none() {
    both_apps(async |app| {
        let (admin, campaign) = decided(app).await;
        let service = app.service();
        let somebody = app.someone("Eve", &[]).await;
        let hidden = evidence::export(service, &somebody, campaign).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
        let auditor = app.someone("Ada", &[ConsoleRight::Audit]).await;
        let job = evidence::export(service, &auditor, campaign)
            .await
            .expect("a job");
        run_job(app).await;
        // Only who asked has the file.
        let other = jobs::file(service, &admin, job).await;
        assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
        downloaded(app, &auditor, job).await;
        app.clock().advance(8 * DAY);
        let view = jobs::read(service, &auditor, job).await.expect("the job");
        assert!(
            view.withheld
                .expect("why")
                .contains("Make the evidence pack again")
        );
        let content = ReviewContent {
            name: "Spring".to_owned(),
            ..ReviewContent::draft(admin.me().expect("a person"))
        };
        let review = reviews::create(service, &admin, content)
            .await
            .expect("a review");
        let begun = reviews::launch(service, &admin, review)
            .await
            .expect("a campaign");
        let mut file = tempfile::tempfile().expect("a file");
        let refused = evidence::write(service, &admin, begun.campaign, &mut file).await;
        let Err(Error::Refused(sentence)) = refused else {
            panic!("{refused:?}")
        };
        assert!(sentence.contains("still starting"), "{sentence}");
    })
    .await;
}
