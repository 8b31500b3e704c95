//! Lists, single entries with their proofs, files, and the summing up of denials.

use domain::audit::AuditAction;
use domain::page::ListQuery;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::search::Search;
use domain::time::{DAY, MINUTE};
use jiff::tz::TimeZone;
use service::exports::{self, ExportAsk, ExportList};
use service::{Cx, Error, audit};
use testkit::both_engines;

use crate::history::History;

fn query(text: &str) -> ListQuery {
    ListQuery {
        search: Search::parse(text),
        size: 200,
        ..ListQuery::default()
    }
}

async fn found(history: &History<'_>, text: &str) -> (Vec<i64>, Vec<String>) {
    let page = audit::list(
        &history.service,
        &history.cx(),
        &query(text),
        &TimeZone::UTC,
    )
    .await
    .expect("lists");
    (
        page.page.rows.iter().map(|row| row.entry.seq).collect(),
        page.unknown_tokens,
    )
}

fn with_right(history: &History<'_>, right: ConsoleRight) -> Cx {
    let id = history.cx().me().expect("a person");
    Cx {
        actor: Actor::Person {
            id,
            rights: Rights::NONE.with(right),
        },
        ..history.cx()
    }
}

#[tokio::test]
async fn names_and_days_find_what_they_mean() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let (by_name, unknown) = found(&history, "target:BEN").await;
        assert_eq!((by_name.len(), unknown.len()), (2, 0));
        let id = store
            .read()
            .await
            .identity_by_username("ben")
            .await
            .expect("reads")
            .expect("is there")
            .id;
        assert_eq!(found(&history, &format!("target:{id}")).await.0, by_name);
        let by_ana = found(&history, "actor:ana action:identity.edited").await.0;
        assert_eq!(by_ana.len(), 2);
        assert_eq!(
            found(&history, "target:bailiwick action:application")
                .await
                .0
                .len(),
            1
        );
        let today = "from:2026-01-05 to:2026-01-05 action:identity.edited";
        assert_eq!(found(&history, today).await.0, by_ana);
        assert!(found(&history, "from:2026-01-06").await.0.is_empty());
        for text in ["from:soon", "colour:red", "to>2026-01-01"] {
            assert_eq!(
                found(&history, text).await,
                (Vec::new(), vec![text.to_owned()])
            );
        }
        let page = audit::list(
            &history.service,
            &history.cx(),
            &query("target:ben"),
            &TimeZone::UTC,
        )
        .await
        .expect("lists");
        let row = &page.page.rows[0];
        assert_eq!(
            (
                row.actor_name.as_str(),
                row.label.as_str(),
                row.targets[0].name.as_str()
            ),
            ("Ana Silva", "edited", "Sílvia ben")
        );
        assert_eq!(
            page.checkpoint.map(|latest| latest.size),
            Some(history.last().await)
        );
    })
    .await;
}

#[tokio::test]
async fn every_entry_is_proven_and_shows_what_changed() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let edited = found(&history, "target:ben action:identity.edited").await.0[0];
        let detail = audit::read(&history.service, &history.cx(), edited)
            .await
            .expect("reads");
        let changes: Vec<_> = detail.details[0]
            .changes
            .iter()
            .map(|change| {
                (
                    change.field.as_str(),
                    change.before.as_deref(),
                    change.after.as_deref(),
                )
            })
            .collect();
        assert_eq!(changes, [("title", Some("Clerk"), Some("Head"))]);
        assert_eq!(
            (detail.previous, detail.next),
            (Some(edited - 1), Some(edited + 1))
        );
        assert_eq!(detail.details[0].address.as_deref(), Some("192.0.2.1"));
        assert!(
            detail.related.iter().all(|other| other.entry.seq != edited)
                && !detail.related.is_empty()
        );
        let last = history.last().await;
        for seq in [1, 2, 9, 255, 256, 257, last] {
            let detail = audit::read(&history.service, &history.cx(), seq)
                .await
                .expect("reads");
            let proof = detail.proof.expect("covered");
            assert!(
                proof.holds && proof.file.starts_with("c2sp.org/tlog-proof@v1\n"),
                "entry {seq}"
            );
        }
        history.more().await;
        let newest = audit::read(&history.service, &history.cx(), last + 1)
            .await
            .expect("reads");
        assert_eq!((newest.proof, newest.next), (None, None));
        assert!(matches!(
            audit::read(&history.service, &history.cx(), last + 2).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            audit::read(&history.service, &history.cx(), -1).await,
            Err(Error::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn an_auditors_look_is_an_entry_and_others_may_not_look() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let last = history.last().await;
        audit::read(
            &history.service,
            &with_right(&history, ConsoleRight::Audit),
            9,
        )
        .await
        .expect("reads");
        let noted = store
            .read()
            .await
            .audit_entry(last + 1)
            .await
            .expect("reads")
            .expect("is there");
        assert_eq!(noted.action, AuditAction::Viewed.word());
        assert_eq!(
            noted.details[0]
                .body
                .as_ref()
                .and_then(|body| body["note"]["entry"].as_i64()),
            Some(9)
        );
        let refused = audit::list(
            &history.service,
            &with_right(&history, ConsoleRight::RunReviews),
            &query(""),
            &TimeZone::UTC,
        )
        .await;
        assert!(matches!(refused, Err(Error::Denied { .. })));
        let noted = store
            .read()
            .await
            .audit_entry(last + 2)
            .await
            .expect("reads")
            .expect("is there");
        assert_eq!(
            (noted.action.as_str(), noted.outcome.as_str()),
            (AuditAction::Denied.word(), "denied")
        );
        history.holds().await;
    })
    .await;
}

#[tokio::test]
async fn a_file_has_all_rows_and_is_recorded() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let last = history.last().await;
        let ask = ExportAsk::of(ExportList::Audit, &query(""), &TimeZone::UTC);
        let file = exports::file(&history.service, &history.cx(), &ask)
            .await
            .expect("exports");
        let file = String::from_utf8(file).expect("utf-8");
        let rows = file.matches("\r\n").count();
        assert_eq!(i64::try_from(rows), Ok(last + 1));
        assert!(file.contains("Sílvia ben"));
        let noted = store
            .read()
            .await
            .audit_entry(last + 1)
            .await
            .expect("reads")
            .expect("is there");
        assert_eq!(
            noted.details[0]
                .body
                .as_ref()
                .and_then(|body| body["note"]["rows"].as_i64()),
            Some(last)
        );
    })
    .await;
}

#[tokio::test]
async fn anonymous_denials_are_summed_up_once() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let nobody = Cx {
            actor: Actor::Anonymous,
            ..history.cx()
        };
        for _ in 0..3 {
            let refused = audit::list(&history.service, &nobody, &query(""), &TimeZone::UTC).await;
            assert!(matches!(refused, Err(Error::Denied { .. })));
        }
        let mut tx = store.write().await;
        let minute = tx.recorded();
        tx.count_denial("192.0.2.7", minute, AuditAction::SignInDenied.word())
            .await
            .expect("counts");
        tx.commit_unaudited("a test").await.expect("commits");
        let before = history.last().await;
        store.clock().advance(2 * MINUTE);
        for _ in 0..2 {
            audit::flush_denials(&history.service)
                .await
                .expect("sums up");
        }
        assert_eq!(history.last().await, before + 2);
        let (sign_in, _) = found(
            &history,
            "action:session.denied actor:anonymous outcome:denied",
        )
        .await;
        let (act, _) = found(&history, "action:act.denied actor:anonymous").await;
        assert_eq!((sign_in.len(), act.len()), (1, 1));
        let entry = store
            .read()
            .await
            .audit_entry(act[0])
            .await
            .expect("reads")
            .expect("is there");
        let note = entry.details[0]
            .body
            .as_ref()
            .map(|body| body["note"].clone())
            .expect("a note");
        assert_eq!(
            (&note["attempted"], &note["count"]),
            (&"read_audit".into(), &3.into())
        );
        store.clock().advance(DAY);
        history.holds().await;
    })
    .await;
}
