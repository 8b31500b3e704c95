//! The list of jobs: newest first, who sees which, its tokens, its facets.

use domain::id::IdentityId;
use domain::job::{JobKind, JobState};
use domain::page::{FILE_ROWS, ListQuery, Position};
use domain::permission::Visibility;
use storage::jobs::{NewJob, TOKENS};
use testkit::{TestStore, a_person, both_engines};

use crate::jobs::{asked, export, kept};
use crate::support::{people, search};

async fn fill(db: &TestStore) -> Vec<IdentityId> {
    let ids = people(
        db,
        &[a_person("Kim Lee").build(), a_person("Ana Silva").build()],
    )
    .await;
    for (title, kind, by) in [
        ("One", JobKind::Export, Some(ids[0])),
        ("Two", JobKind::BulkPeople, Some(ids[1])),
        ("Three", JobKind::WatchFolder, None),
    ] {
        let job = NewJob {
            kind,
            created_by: by,
            ..export(title)
        };
        let id = asked(db, &job).await;
        if title == "Two" {
            let mut tx = db.write().await;
            tx.move_job(id, JobState::Queued, JobState::Cancelled)
                .await
                .expect("the database answers");
            kept(tx).await;
        }
    }
    ids
}

async fn titles(db: &TestStore, visibility: Visibility, me: IdentityId, text: &str) -> Vec<String> {
    let page = db
        .read()
        .await
        .jobs(visibility, Some(me), &search(text))
        .await
        .expect("the database answers");
    page.rows.into_iter().map(|row| row.job.title).collect()
}

#[tokio::test]
async fn who_may_read_the_log_sees_all_jobs_and_others_their_own() {
    both_engines(async |db| {
        let ids = fill(db).await;
        let seen = async |visibility| titles(db, visibility, ids[0], "").await;
        assert_eq!(seen(Visibility::All).await, ["Three", "Two", "One"]);
        assert_eq!(seen(Visibility::Related(ids[1])).await, ["Two"]);
        assert!(seen(Visibility::Nothing).await.is_empty());
        let page = db
            .read()
            .await
            .jobs(Visibility::All, None, &search(""))
            .await
            .unwrap();
        let names: Vec<_> = page.rows.into_iter().map(|row| row.asked_by).collect();
        assert_eq!(
            names,
            [
                None,
                Some("Ana Silva".to_owned()),
                Some("Kim Lee".to_owned())
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn every_token_and_word_narrows() {
    both_engines(async |db| {
        let ids = fill(db).await;
        for (text, found) in [
            ("state:open", &["Three", "One"][..]),
            ("state:cancelled", &["Two"]),
            ("state:nonsense", &[]),
            ("kind:export", &["One"]),
            ("by:me", &["One"]),
            ("by:none", &["Three"]),
            ("by:ana.silva", &["Two"]),
            ("kim", &["One"]),
            ("k\u{0}", &[]),
            ("created:2026", &[]),
        ] {
            assert_eq!(
                titles(db, Visibility::All, ids[0], text).await,
                found,
                "{text}"
            );
        }
        let by = format!("by:{}", ids[1]);
        assert_eq!(titles(db, Visibility::All, ids[0], &by).await, ["Two"]);
        assert_eq!(TOKENS, ["state", "kind", "by"]);
        let facets = db
            .read()
            .await
            .job_facets(Visibility::All, None, &search("").search)
            .await
            .unwrap();
        assert_eq!(facets[0].values[0].value, "queued");
        assert_eq!((facets[0].values[0].count, facets[1].values.len()), (2, 3));
    })
    .await;
}

#[tokio::test]
async fn a_whole_list_comes_in_large_pages_and_is_counted_once() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        for n in 0..i64::from(FILE_ROWS) + 5 {
            tx.enqueue(&export(&n.to_string())).await.unwrap();
        }
        kept(tx).await;
        let whole = ListQuery {
            whole: true,
            ..ListQuery::default()
        };
        let mut tx = db.read().await;
        let first = tx.jobs(Visibility::All, None, &whole).await.unwrap();
        assert_eq!(first.rows.len(), usize::from(FILE_ROWS));
        assert_eq!(first.total, u64::from(FILE_ROWS) + 5);
        let rest = ListQuery {
            position: Position::After(first.after.unwrap()),
            ..whole
        };
        let rest = tx.jobs(Visibility::All, None, &rest).await.unwrap();
        assert_eq!((rest.rows.len(), rest.total), (5, 0));
        assert_eq!(rest.after, None);
    })
    .await;
}
