//! Small imports for tests: files as text, one call from upload to the end.

use domain::id::SourceRunId;
use domain::source::{FileKind, FileTotals, ImportMode, RunProblem, SourceRun};
use service::imports::{self, Outcome, Progress, Upload, Worker};
use service::{Cx, Result, Service, sources};

/// Files by kind.
pub(crate) type Files<'a> = &'a [(FileKind, &'a str)];

/// A run with these files.
pub(crate) async fn stage(
    service: &Service,
    cx: &Cx,
    source: &str,
    mode: ImportMode,
    files: Files<'_>,
) -> Result<SourceRunId> {
    let source = sources::or_create(service, cx, source).await?;
    let run = imports::begin(service, cx, source, mode).await?;
    for (kind, text) in files {
        let mut upload = Upload::begin(service, cx, run, *kind, &kind.file_name()).await?;
        for piece in text.as_bytes().chunks(100_000) {
            upload.push(service, piece).await?;
        }
        upload.finish(service).await?;
    }
    Ok(run)
}

/// Checks and applies these files.
pub(crate) async fn import(
    service: &Service,
    cx: &Cx,
    source: &str,
    mode: ImportMode,
    files: Files<'_>,
) -> SourceRun {
    let run = stage(service, cx, source, mode, files)
        .await
        .expect("staged");
    finish(service, cx, run, None).await
}

/// Checks a staged run and applies it when it can be.
pub(crate) async fn finish(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    reason: Option<&str>,
) -> SourceRun {
    let checked = done(
        imports::check(service, cx, run, &Progress::silent())
            .await
            .expect("a check"),
    );
    if checked.state.is_over() {
        return checked;
    }
    let applied = done(
        imports::apply(
            service,
            cx,
            run,
            reason,
            Worker::named("a test"),
            &Progress::silent(),
        )
        .await
        .expect("an apply"),
    );
    if applied.message.is_empty() {
        assert_eq!(
            checked.totals, applied.totals,
            "the dry run foresaw something else"
        );
        let counted: u64 = applied
            .totals
            .values()
            .map(|t| t.added + t.changed + t.ended)
            .sum();
        assert_eq!(
            counted, applied.records,
            "the manifest has other rows than the totals"
        );
    }
    applied
}

pub(crate) fn done(outcome: Outcome) -> SourceRun {
    match outcome {
        Outcome::Done(run) => *run,
        Outcome::Stopped | Outcome::Held(_) => panic!("the import was stopped"),
    }
}

/// The totals of a kind: rows, added, changed, ended, unchanged, rejected.
pub(crate) fn totals(run: &SourceRun, kind: FileKind) -> [u64; 6] {
    let FileTotals {
        rows,
        added,
        changed,
        ended,
        unchanged,
        rejected,
    } = run.totals.get(&kind).copied().unwrap_or_default();
    [rows, added, changed, ended, unchanged, rejected]
}

/// Everything that was wrong.
pub(crate) async fn problems(service: &Service, cx: &Cx, run: &SourceRun) -> Vec<RunProblem> {
    let page = imports::problems(service, cx, run.id, None)
        .await
        .expect("problems");
    page.rows.into_iter().map(|row| row.problem).collect()
}

/// Lines and columns of what was wrong.
pub(crate) async fn places(service: &Service, cx: &Cx, run: &SourceRun) -> Vec<(u64, String)> {
    problems(service, cx, run)
        .await
        .into_iter()
        .map(|problem| (problem.line, problem.column))
        .collect()
}

/// Lines of a file in one text.
pub(crate) fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().concat()
}
