//! How a run ends: refused, failed or cancelled, its problems kept and its pieces removed.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::{AuditAction, Event};
use domain::id::SourceRunId;
use domain::source::{FileKind, RunProblem, RunState, RunTotals, SourceRun};
use serde::Serialize;

use super::engine::Tally;
use super::progress::Halt;
use super::run::{Outcome, break_off_check, done, held, write};
use crate::jobs::passing;
use crate::{Cx, Error, Result, Service};

/// Problems that are written in one transaction.
const PROBLEMS: usize = 2000;
/// Pieces of files that are removed in one transaction.
const PIECES: i64 = 400;
/// People who left that are looked at in one transaction.
const LEAVERS: i64 = 5000;
/// Rows from which on the planner's picture of the tables may be wrong.
const MANY: u64 = 10_000;

/// Ends a run that has written nothing, unless it was only stopped or the machine failed.
pub(super) async fn refuse(
    service: &Service,
    cx: &Cx,
    run: &SourceRun,
    halt: Halt,
    tally: Option<&Tally>,
) -> Result<Outcome> {
    let sentence = match halt {
        Halt::Stopped => return Ok(Outcome::Stopped),
        Halt::Held => return held(service, run.id).await,
        Halt::Overtaken => return Err(Error::Conflict),
        Halt::Failed(error) => {
            if !passing(&error) {
                let mut tx = write(service).await?;
                break_off_check(&mut tx, run.id).await?;
                tx.commit_unaudited("a dry run that did not come to its end")
                    .await?;
            }
            return Err(error);
        }
        Halt::Refused(sentence) => sentence,
    };
    end_early(
        service,
        cx,
        run,
        (RunState::Refused, AuditAction::ImportRefused),
        &sentence,
        tally,
    )
    .await
}

/// Ends a run that cannot go on although it has begun to write. What it wrote stays and is in its manifest.
pub(super) async fn fail(
    service: &Service,
    cx: &Cx,
    run: &SourceRun,
    halt: Halt,
    tally: Option<&Tally>,
) -> Result<Outcome> {
    let sentence = match halt {
        Halt::Stopped => return Ok(Outcome::Stopped),
        Halt::Held => return held(service, run.id).await,
        Halt::Overtaken => return Err(Error::Conflict),
        Halt::Failed(Error::Storage(error)) if error.disk_full() => {
            "The disk of the database is full. What was written stays; make room and import the same files again.".to_owned()
        }
        Halt::Failed(error) if passing(&error) => return Err(error),
        // It would come again with each attempt, and nothing else of the source could be applied before.
        Halt::Failed(error) => {
            tracing::error!(run = %run.id, %error, "an import broke off for good");
            "It broke off, and trying again would not help. What was written stays. The server's log says why: repair that, then import the same files again.".to_owned()
        }
        Halt::Refused(sentence) => sentence,
    };
    end_early(
        service,
        cx,
        run,
        (RunState::Failed, AuditAction::ImportFailed),
        &sentence,
        tally,
    )
    .await
}

pub(super) async fn end_early(
    service: &Service,
    cx: &Cx,
    run: &SourceRun,
    (state, action): (RunState, AuditAction),
    sentence: &str,
    tally: Option<&Tally>,
) -> Result<Outcome> {
    if let Some(tally) = tally {
        rewrite_problems(service, run.id, tally).await?;
    }
    let mut tx = write(service).await?;
    let from = [
        RunState::Staged,
        RunState::Checking,
        RunState::Checked,
        RunState::Applying,
    ];
    let mut bulk = tx.finish_run(run.id, &from, state, sentence).await?;
    let totals = tx
        .run(run.id)
        .await?
        .map(|run| run.totals)
        .unwrap_or_default();
    let mut event = about_run(cx, action, run);
    event.details[0].reason = Some(sentence.to_owned());
    bulk.totals = flat(&totals);
    event.bulk = Some(bulk);
    tx.commit(event, Vec::new()).await?;
    delete_pieces(service, run.id).await?;
    done(service, run.id).await
}

pub(super) fn about_run(cx: &Cx, action: AuditAction, run: &SourceRun) -> Event {
    let mut event = cx.about(action, run.id);
    event.targets.push(domain::audit::Target {
        object: run.source.into(),
        content: None,
    });
    event
}

/// Totals as the entry's binding part writes them.
pub(super) fn flat(totals: &RunTotals) -> BTreeMap<String, u64> {
    let mut flat = BTreeMap::new();
    for (kind, of) in totals {
        for (what, count) in [
            ("rows", of.rows),
            ("added", of.added),
            ("changed", of.changed),
            ("ended", of.ended),
            ("unchanged", of.unchanged),
            ("rejected", of.rejected),
        ] {
            flat.insert(format!("{}.{what}", kind.word()), count);
        }
    }
    flat
}

pub(super) fn json(value: &impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value)
        .map_err(|error| Error::Internal(format!("what a run found cannot be kept: {error}")))
}

pub(super) async fn rewrite_problems(
    service: &Service,
    run: SourceRunId,
    tally: &Tally,
) -> Result<()> {
    let mut tx = write(service).await?;
    tx.delete_run_problems(run).await?;
    tx.commit_unaudited("problems that are found anew").await?;
    keep_problems(service, run, tally).await
}

pub(super) async fn keep_problems(
    service: &Service,
    run: SourceRunId,
    tally: &Tally,
) -> Result<()> {
    let mut problems: Vec<RunProblem> = tally.problems.clone();
    let order: BTreeSet<FileKind> = FileKind::ALL.iter().copied().collect();
    problems.sort_by_key(|problem| {
        (
            order.iter().position(|kind| *kind == problem.kind),
            problem.line,
        )
    });
    let mut first = 1;
    for part in problems.chunks(PROBLEMS) {
        let mut tx = write(service).await?;
        tx.insert_run_problems(run, first, part).await?;
        tx.commit_unaudited("problems of a run").await?;
        first += i64::try_from(part.len()).unwrap_or(0);
    }
    Ok(())
}

/// Removes what was only needed for the run, and lets the database look at its tables when they are not what they were.
pub(super) async fn clean_up(
    service: &Service,
    run: SourceRunId,
    totals: &RunTotals,
) -> Result<()> {
    delete_pieces(service, run).await?;
    let mut after = 0;
    loop {
        let mut tx = write(service).await?;
        let last = tx.prune_leavers(after, LEAVERS).await?;
        tx.commit_unaudited("a list that is derived from people and their access")
            .await?;
        let Some(last) = last else { break };
        after = last;
    }
    let written = totals.values().map(|of| of.added + of.changed + of.ended);
    if written.sum::<u64>() > MANY {
        service.store.optimize(&[]).await?;
    }
    Ok(())
}

pub(super) async fn delete_pieces(service: &Service, run: SourceRunId) -> Result<()> {
    loop {
        let mut tx = write(service).await?;
        let gone = tx.delete_run_chunks(run, PIECES).await?;
        tx.commit_unaudited("files of a run that is over").await?;
        if gone == 0 {
            return Ok(());
        }
    }
}
