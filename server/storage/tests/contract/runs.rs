//! Runs of sources: their life, files, problems and manifests.

use std::collections::BTreeMap;

use domain::audit::{AuditAction, Event};
use domain::id::{
    AccountId, EntitlementId, IdentityId, ObjectKind, ObjectRef, SourceId, SourceRunId,
};
use domain::source::{
    FileKind, FileTotals, ImportMode, PROBLEMS_KEPT, RowChange, RowRecord, RowSubject, RunFile,
    RunProblem, RunState, RunTotals,
};
use domain::time::{Instant, MINUTE};
use proof::hash::{Hash, leaf_hash};
use proof::{manifest, tree};
use proptest::prelude::*;
use serde_json::json;
use storage::Error;
use storage::runs::NewRun;
use testkit::{TestStore, an_event, both_engines, property};

const HR: SourceId = SourceId::from_raw(3);

async fn a_run(db: &TestStore) -> SourceRunId {
    let mut tx = db.write().await;
    let run = NewRun {
        source: HR,
        mode: ImportMode::Delta,
        created_by: "command_line".to_owned(),
        allow_shrink: None,
    };
    let id = tx.insert_run(&run).await.expect("the database answers");
    tx.commit_unaudited("a test")
        .await
        .expect("the database answers");
    id
}

async fn begin(db: &TestStore, id: SourceRunId) -> i64 {
    let mut tx = db.write().await;
    tx.begin_run(id, &[RunState::Staged], true)
        .await
        .expect("the database answers");
    let event = an_event(AuditAction::IdentityEdited, []);
    tx.commit(event, Vec::new())
        .await
        .expect("the database answers")
}

async fn finish(db: &TestStore, id: SourceRunId) -> i64 {
    let mut tx = db.write().await;
    let mut bulk = tx
        .finish_run(id, &[RunState::Applying], RunState::Applied, "")
        .await
        .expect("the database answers");
    bulk.totals.insert("access.added".to_owned(), 2);
    let event = Event {
        bulk: Some(bulk),
        ..an_event(AuditAction::IdentityEdited, [])
    };
    tx.commit(event, Vec::new())
        .await
        .expect("the database answers")
}

fn totals(added: u64) -> RunTotals {
    let of = FileTotals {
        rows: added,
        added,
        ..FileTotals::default()
    };
    BTreeMap::from([(FileKind::Access, of)])
}

#[tokio::test]
async fn a_run_goes_through_its_states_and_only_one_of_a_source_is_applied() {
    both_engines(async |db| {
        let (first, second) = (a_run(db).await, a_run(db).await);
        let started = begin(db, first).await;
        let mut tx = db.write().await;
        let beside = tx.begin_run(second, &[RunState::Staged], true).await;
        assert!(matches!(beside, Err(Error::Duplicate)));
        drop(tx);
        let mut tx = db.write().await;
        let wrong = tx
            .move_run(second, &[RunState::Checking], RunState::Checked)
            .await;
        assert!(matches!(wrong, Err(Error::Stale)));
        drop(tx);
        // A state that cannot follow is refused whatever the caller says.
        let mut tx = db.write().await;
        let wrong = tx
            .move_run(first, &[RunState::Applying], RunState::Cancelled)
            .await;
        assert!(matches!(wrong, Err(Error::Stale)));
        drop(tx);
        let mut tx = db.write().await;
        tx.move_run(second, &[RunState::Staged], RunState::Checking)
            .await
            .unwrap();
        tx.set_run_job(second, Some(17)).await.unwrap();
        tx.set_run_shrink(second, Some("It is right."))
            .await
            .unwrap();
        tx.set_run_sample(second, &json!([{"name": "Ü"}]))
            .await
            .unwrap();
        tx.set_run_totals(second, &totals(1)).await.unwrap();
        tx.add_run_totals(second, &totals(2)).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut tx = db.write().await;
        tx.move_run(second, &[RunState::Checking], RunState::Checked)
            .await
            .unwrap();
        let checked = tx.recorded();
        tx.commit_unaudited("a test").await.unwrap();
        let finished = finish(db, first).await;
        let mut read = db.read().await;
        let run = read.run(first).await.unwrap().unwrap();
        assert_eq!(
            (run.state, run.started_seq, run.finished_seq, run.records),
            (RunState::Applied, Some(started), Some(finished), 0)
        );
        assert!(run.root.is_some() && run.finished.is_some() && run.may_touch_privileged);
        let run = read.run(second).await.unwrap().unwrap();
        assert_eq!((run.job, run.checked), (Some(17), Some(checked)));
        assert!(!run.may_touch_privileged);
        assert_eq!(run.allow_shrink.as_deref(), Some("It is right."));
        assert_eq!((&run.totals, run.mode), (&totals(3), ImportMode::Delta));
        assert_eq!(
            read.run_sample(second).await.unwrap(),
            Some(json!([{"name": "Ü"}]))
        );
        assert_eq!(read.run_sample(first).await.unwrap(), None);
        let ids = |runs: Vec<domain::source::SourceRun>| {
            runs.into_iter().map(|run| run.id).collect::<Vec<_>>()
        };
        assert_eq!(
            ids(read.latest_runs(None, None, 9).await.unwrap()),
            [second, first]
        );
        let below = read.latest_runs(Some(HR), Some(second), 9).await.unwrap();
        assert_eq!(ids(below), [first]);
        assert_eq!(read.last_applied_run(HR).await.unwrap().unwrap().id, first);
        assert_eq!(
            ids(read.runs_in(RunState::Checked).await.unwrap()),
            [second]
        );
    })
    .await;
}

#[tokio::test]
async fn a_run_that_is_changed_must_be_checked_again() {
    both_engines(async |db| {
        let run = a_run(db).await;
        let mut tx = db.write().await;
        tx.reopen_run(run).await.unwrap();
        tx.move_run(run, &[RunState::Staged], RunState::Checking)
            .await
            .unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut tx = db.write().await;
        let checking = tx.reopen_run(run).await;
        assert!(matches!(checking, Err(Error::Stale)));
        drop(tx);
        let mut tx = db.write().await;
        tx.set_run_totals(run, &totals(1)).await.unwrap();
        tx.set_run_sample(run, &json!([1])).await.unwrap();
        tx.move_run(run, &[RunState::Checking], RunState::Checked)
            .await
            .unwrap();
        tx.reopen_run(run).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let found = read.run(run).await.unwrap().unwrap();
        assert_eq!((found.state, found.checked), (RunState::Staged, None));
        assert_eq!(found.totals, RunTotals::new());
        assert_eq!(read.run_sample(run).await.unwrap(), None);
        drop(read);
        begin(db, run).await;
        let mut tx = db.write().await;
        assert!(matches!(tx.reopen_run(run).await, Err(Error::Stale)));
    })
    .await;
}

#[tokio::test]
async fn files_and_problems_of_a_run_are_kept_until_they_are_removed() {
    both_engines(async |db| {
        let run = a_run(db).await;
        let file = RunFile {
            kind: FileKind::Access,
            name: "äccess.csv".to_owned(),
            bytes: 11,
            sha256: [7; 32],
            header: vec!["username".to_owned(), "Ä".to_owned()],
        };
        let mut tx = db.write().await;
        tx.put_run_file(
            run,
            &RunFile {
                bytes: 1,
                ..file.clone()
            },
        )
        .await
        .unwrap();
        tx.put_run_file(run, &file).await.unwrap();
        for (ordinal, piece) in (0..).zip([&b"user"[..], b"name\n\0\xff"]) {
            tx.append_run_chunk(run, FileKind::Access, ordinal, piece)
                .await
                .unwrap();
        }
        tx.append_run_chunk(run, FileKind::Roles, 0, b"role")
            .await
            .unwrap();
        let problem = |line| RunProblem {
            kind: FileKind::Access,
            line,
            column: "username".to_owned(),
            message: format!("Line {line} names nobody."),
        };
        tx.insert_run_problems(run, 1, &[problem(2), problem(5)])
            .await
            .unwrap();
        let last = i64::try_from(PROBLEMS_KEPT).unwrap();
        tx.insert_run_problems(run, last, &[problem(8), problem(9)])
            .await
            .unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.run_files(run).await.unwrap(), [file]);
        let piece = read.run_chunk(run, FileKind::Access, 1).await.unwrap();
        assert_eq!(piece.as_deref(), Some(&b"name\n\0\xff"[..]));
        assert_eq!(
            read.run_chunk(run, FileKind::Access, 2).await.unwrap(),
            None
        );
        assert_eq!(read.run_problem_count(run).await.unwrap(), 3);
        assert_eq!(
            read.run_problems(run, 1, 1).await.unwrap(),
            [(2, problem(5))]
        );
        drop(read);
        let mut tx = db.write().await;
        assert_eq!(
            tx.delete_run_file(run, FileKind::Access, 1).await.unwrap(),
            1
        );
        assert_eq!(tx.run_files(run).await.unwrap().len(), 1);
        assert_eq!(
            tx.delete_run_file(run, FileKind::Access, 9).await.unwrap(),
            1
        );
        assert_eq!(tx.run_files(run).await.unwrap(), []);
        assert_eq!(tx.runs_over_with_files().await.unwrap(), []);
        tx.finish_run(run, &[RunState::Staged], RunState::Cancelled, "")
            .await
            .unwrap();
        assert_eq!(tx.runs_over_with_files().await.unwrap(), [run]);
        assert_eq!(tx.delete_run_chunks(run, 9).await.unwrap(), 1);
        assert_eq!(tx.delete_run_chunks(run, 9).await.unwrap(), 0);
        assert_eq!(tx.runs_over_with_files().await.unwrap(), []);
        tx.delete_run_problems(run).await.unwrap();
        assert_eq!(tx.run_problem_count(run).await.unwrap(), 0);
    })
    .await;
}

fn record() -> impl Strategy<Value = RowRecord> {
    let object = (1_i64..99, any::<Option<[u8; 32]>>()).prop_map(|(raw, content)| {
        let kind = ObjectKind::Identity;
        let target = ObjectRef { kind, raw };
        (FileKind::Identities, RowSubject::Object { target, content })
    });
    let access = (1_i64..99, 1_i64..99).prop_map(|(identity, entitlement)| {
        let about = RowSubject::Access {
            identity: IdentityId::from_raw(identity),
            entitlement: EntitlementId::from_raw(entitlement),
            account: Some(AccountId::from_raw(1)),
            source: HR,
        };
        (FileKind::Access, about)
    });
    let change = prop::sample::select(RowChange::ALL);
    (prop_oneof![object, access], change, any::<Option<u16>>()).prop_map(
        |((file, about), change, line)| RowRecord {
            change,
            file,
            line: line.map(u64::from),
            about,
        },
    )
}

#[test]
fn a_manifest_holds_its_records_and_its_root_proves_each() {
    let chunks = prop::collection::vec(prop::collection::vec(record(), 1..9), 1..6);
    property(8, chunks, async |db, chunks| {
        let run = a_run(db).await;
        begin(db, run).await;
        let mut moments = Vec::new();
        for records in chunks {
            db.clock().advance(MINUTE);
            let tx = db.write().await;
            moments.push(tx.recorded());
            tx.commit_rows(run, records, &totals(1), Vec::new())
                .await
                .unwrap();
        }
        let seq = finish(db, run).await;
        let all: Vec<RowRecord> = chunks.concat();
        let mut read = db.read().await;
        let rows = read
            .manifest_page(run, (None, None), 0, 1_000)
            .await
            .unwrap();
        let kept: Vec<RowRecord> = rows.iter().map(|row| row.record.clone()).collect();
        assert_eq!(kept, all);
        assert!(rows.iter().zip(0..).all(|(row, leaf)| row.leaf == leaf));
        assert_eq!(rows[0].recorded, moments[0]);
        let middle = all.len() / 2;
        let page = read
            .manifest_page(run, (None, None), middle as u64, 2)
            .await
            .unwrap();
        assert_eq!(page[..], rows[middle..(middle + 2).min(rows.len())]);
        let only = (Some(RowChange::Added), Some(FileKind::Access));
        let added = read.manifest_page(run, only, 0, 1_000).await.unwrap();
        let expected = all
            .iter()
            .filter(|one| (one.change, one.file) == (RowChange::Added, FileKind::Access));
        assert_eq!(added.len(), expected.count());
        let hashes = read.manifest_leaf_hashes(run).await.unwrap();
        let leaves: Vec<Hash> = rows
            .iter()
            .map(|row| leaf_hash(row.canonical.as_bytes()))
            .collect();
        assert_eq!(hashes, leaves);
        let run = read.run(run).await.unwrap().unwrap();
        let root = manifest::root(leaves.iter().copied());
        assert_eq!((run.root, run.records), (Some(root.0), all.len() as u64));
        assert_eq!(run.totals[&FileKind::Access].added, chunks.len() as u64);
        let last = leaves.len() as u64 - 1;
        let proof = manifest::inclusion(last, &leaves).unwrap();
        let leaf = &leaves[leaves.len() - 1];
        assert!(tree::verify_inclusion(last, leaves.len() as u64, leaf, &proof, &root).is_ok());
        let (entry, _) = read.audit_leaf(seq).await.unwrap().unwrap();
        let entry = String::from_utf8(entry).unwrap();
        assert!(entry.contains(&root.to_string()) && entry.contains("\"access.added\":2"));
        let stored = read.manifest_chunks((0, 0), 99).await.unwrap();
        assert_eq!(stored.len(), chunks.len());
        assert_eq!(
            stored
                .iter()
                .map(|chunk| chunk.recorded)
                .collect::<Vec<_>>(),
            moments
        );
        let marks: usize = stored.iter().map(|chunk| chunk.marks().count()).sum();
        let marked = all.iter().filter(|one| {
            matches!(
                one.about,
                RowSubject::Object {
                    content: Some(_),
                    ..
                }
            )
        });
        assert_eq!(marks, marked.count());
        let seals = read.manifest_seals(0, 9).await.unwrap();
        assert_eq!((seals.len(), seals[0].finished_seq), (1, Some(seq)));
    });
}

#[tokio::test]
async fn rows_need_a_record_and_may_bring_entries() {
    both_engines(async |db| {
        let run = a_run(db).await;
        begin(db, run).await;
        let tx = db.write().await;
        let nothing = tx
            .commit_rows(run, &[], &RunTotals::new(), Vec::new())
            .await;
        assert!(matches!(nothing, Err(Error::Empty)));
        let records = [RowRecord {
            change: RowChange::Ended,
            file: FileKind::Identities,
            line: None,
            about: RowSubject::Object {
                target: IdentityId::from_raw(1).into(),
                content: None,
            },
        }];
        let before = db.read().await.audit_head().await.unwrap().0;
        let tx = db.write().await;
        let event = an_event(AuditAction::IdentityEnded, []);
        tx.commit_rows(run, &records, &RunTotals::new(), vec![event])
            .await
            .unwrap();
        assert_eq!(db.read().await.audit_head().await.unwrap().0, before + 1);
        let unknown = SourceRunId::from_raw(99);
        let tx = db.write().await;
        let lost = tx
            .commit_rows(unknown, &records, &RunTotals::new(), Vec::new())
            .await;
        assert!(matches!(lost, Err(Error::NotFound)));
        let mut tx = db.write().await;
        let lost = tx.add_run_totals(unknown, &totals(1)).await;
        assert!(matches!(lost, Err(Error::NotFound)));
        assert!(Instant::from_micros(0) < tx.recorded());
    })
    .await;
}

#[tokio::test]
async fn one_worker_at_a_time_holds_a_run() {
    both_engines(async |db| {
        let id = a_run(db).await;
        assert_eq!(db.read().await.run_holder(id).await.unwrap(), None);
        let now = db.write().await.recorded();
        let until = now.plus(MINUTE);
        let mut tx = db.write().await;
        tx.hold_run(id, "one", now, until).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let held = db.read().await.run_holder(id).await.unwrap();
        assert_eq!(held, Some(("one".to_owned(), until)));
        let mut tx = db.write().await;
        let other = tx.hold_run(id, "two", until, until.plus(MINUTE)).await;
        assert!(matches!(other, Err(Error::Stale)));
        tx.hold_run(id, "one", now, until).await.unwrap();
        let late = until.plus(1);
        tx.hold_run(id, "two", late, late.plus(MINUTE))
            .await
            .unwrap();
    })
    .await;
}
