//! Checking and applying a run: who may, in which state, and what the log says about it.

use domain::audit::AuditAction;
use domain::id::SourceRunId;
use domain::permission::{Action, ConsoleRight, Facts};
use domain::source::{FileKind, RunState, RunTotals, SourceRun};
use domain::time::Instant;
use storage::WriteTx;

use super::engine::{Engine, Holder, LEASE, Start};
use super::finish::{
    about_run, clean_up, delete_pieces, fail, flat, json, refuse, rewrite_problems,
};
use super::foreseen::Base;
use super::kept::stale_or_shrinking;
use super::look::{self, Agreed, look};
use super::progress::{Halt, Progress};
use super::stage::with_columns;
use crate::boxed;
use crate::jobs::Work;
use crate::tasks::{self, Reading};
use crate::{Cx, Error, Result, Service, reviews};

/// How often an import is compared anew because somebody else wrote the same meanwhile.
const WALKS: usize = 5;

/// How an import ended for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is through: see the run's state, which may also be refused or failed.
    Done(Box<SourceRun>),
    /// Somebody stopped it; called again it goes on.
    Stopped,
    /// Another worker is at it: at least until this moment, unless it ends before.
    Held(Instant),
}

/// Reads everything and says what would change, without changing it.
#[boxed]
pub async fn check(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    progress: &Progress,
) -> Result<Outcome> {
    let result = carry_out_check(service, cx, run, progress).await;
    service.noted(cx, result).await
}

async fn carry_out_check(
    service: &Service,
    cx: &Cx,
    id: SourceRunId,
    progress: &Progress,
) -> Result<Outcome> {
    cx.decide(Action::RunImport, Some(id.into()), Facts::default())?;
    let found = service
        .store
        .read()
        .await?
        .run(id)
        .await?
        .ok_or(Error::NotFound)?;
    let mut tx = write(service).await?;
    tx.move_run(
        id,
        &[RunState::Staged, RunState::Checked, RunState::Checking],
        RunState::Checking,
    )
    .await
    .map_err(|error| not_now(error, &found))?;
    tx.delete_run_problems(id).await?;
    tx.commit_unaudited("a dry run").await?;
    match look(service, &found, privileged(cx), progress).await {
        Ok(looked) => looked.keep(service, id).await?,
        Err((halt, tally)) => {
            return refuse(service, cx, &found, halt, tally.as_deref()).await;
        }
    }
    done(service, id).await
}

/// A run whose check does not come to its end is as it was brought in: it can be changed and checked anew.
pub(super) async fn break_off_check(tx: &mut WriteTx, id: SourceRunId) -> Result<()> {
    match tx
        .move_run(id, &[RunState::Checking], RunState::Staged)
        .await
    {
        // It had not begun, or is through.
        Ok(()) | Err(storage::Error::Stale) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Who carries a run out.
#[derive(Debug, Clone, Copy)]
pub struct Worker<'a> {
    name: &'a str,
    work: Option<&'a Work>,
    /// Whether somebody looked at what the check found, and agreed to that.
    asked: bool,
}

impl<'a> Worker<'a> {
    /// A worker of this name. Whoever uses a name has made sure that nobody else with it is at work any more.
    pub const fn named(name: &'a str) -> Self {
        Self {
            name,
            work: None,
            asked: true,
        }
    }

    /// A job: its lease is kept with every chunk, and it cannot be called off once it writes.
    pub(super) const fn job(name: &'a str, work: &'a Work) -> Self {
        Self {
            name,
            work: Some(work),
            asked: true,
        }
    }

    /// Nobody looks at what the check found: whatever is in the files is applied.
    #[must_use]
    pub const fn unasked(self) -> Self {
        Self {
            asked: false,
            ..self
        }
    }
}

/// Carries out what the check foresaw. A snapshot that would end more than a tenth of a kind needs a reason.
pub async fn apply(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    allow_shrink: Option<&str>,
    worker: Worker<'_>,
    progress: &Progress,
) -> Result<Outcome> {
    // On the heap, like the other use cases (which `boxed` does for them; it does not see the lifetime in `Worker`).
    let result = Box::pin(carry_out_apply(
        service,
        cx,
        run,
        allow_shrink,
        worker,
        progress,
    ))
    .await;
    service.noted(cx, result).await
}

async fn carry_out_apply(
    service: &Service,
    cx: &Cx,
    id: SourceRunId,
    allow_shrink: Option<&str>,
    worker: Worker<'_>,
    progress: &Progress,
) -> Result<Outcome> {
    cx.decide(Action::RunImport, Some(id.into()), Facts::default())?;
    let found = service
        .store
        .read()
        .await?
        .run(id)
        .await?
        .ok_or(Error::NotFound)?;
    if found.state == RunState::Applied {
        // Cut off after its last commit: what it left behind is removed, and nothing is done twice.
        clean_up(service, id, &found.totals).await?;
        return done(service, id).await;
    }
    let mut reason = None;
    if found.state != RunState::Applying {
        reason = allow_shrink
            .map(str::trim)
            .filter(|reason| !reason.is_empty())
            .or(found.allow_shrink.as_deref());
        let mut tx = service.store.read().await?;
        if let Some(refused) = stale_or_shrinking(&mut tx, &found, reason).await? {
            drop(tx);
            return refuse(service, cx, &found, Halt::Refused(refused), None).await;
        }
    }
    if progress.go_on().is_err() {
        return Ok(Outcome::Stopped);
    }
    if let Some(other) = begin(service, cx, &found, worker, reason, progress).await? {
        return Ok(other);
    }
    let now = service.now();
    let may = if found.state == RunState::Applying {
        found.may_touch_privileged
    } else {
        privileged(cx)
    };
    let mut walks = 0;
    let engine = loop {
        let mut engine = match engine(service, &found, may, false, progress).await {
            Ok(engine) => engine,
            Err(halt) => return fail(service, cx, &found, halt, None).await,
        };
        engine.work = worker.work;
        engine.holder = Some(Holder {
            name: worker.name.to_owned(),
            held: now,
        });
        walks += 1;
        match engine.walk().await {
            Ok(()) => break engine,
            // Somebody else wrote the same between the comparison and the write. What is written already is unchanged
            // when it is compared again.
            Err(
                Halt::Overtaken
                | Halt::Failed(Error::Conflict | Error::Storage(storage::Error::Duplicate)),
            ) if walks < WALKS => {}
            Err(halt) => return fail(service, cx, &found, halt, Some(&engine.tally)).await,
        }
    };
    let written = service
        .store
        .read()
        .await?
        .run(id)
        .await?
        .ok_or(Error::NotFound)?
        .totals;
    let totals = engine.totals(Some(&written));
    rewrite_problems(service, id, &engine.tally).await?;
    let mut tx = write(service).await?;
    tx.set_run_totals(id, &totals).await?;
    let mut bulk = tx
        .finish_run(id, &[RunState::Applying], RunState::Applied, "")
        .await?;
    bulk.totals = flat(&totals);
    let mut event = about_run(cx, AuditAction::ImportFinished, &found);
    event.details[0].note = Some(json(&totals)?);
    event.bulk = Some(bulk);
    tx.commit(event, Vec::new()).await?;
    verify(service, &found, &totals).await?;
    clean_up(service, id, &totals).await?;
    done(service, id).await
}

/// What a reading that was applied says about tasks, and about what reviews ended.
async fn verify(service: &Service, found: &SourceRun, totals: &RunTotals) -> Result<()> {
    let files = service.store.read().await?.run_files(found.id).await?;
    let reading = Reading {
        source: found.source,
        run: found.id,
        began: found.created,
        access: totals.contains_key(&FileKind::Access),
        // Accounts that are only named by rows of access count, too, but not as a list of all there are.
        accounts: files.iter().any(|file| file.kind == FileKind::Accounts),
    };
    if reading.access || reading.accounts {
        tasks::verify(service, &reading).await?;
        // After the tasks: what is opened again among them is opened again in the review, too.
        reviews::verify(service, &reading).await?;
    }
    Ok(())
}

/// Begins to apply a run, as far as it still does what somebody agreed to, or goes on with it. What else the answer is when
/// it cannot.
async fn begin(
    service: &Service,
    cx: &Cx,
    run: &SourceRun,
    worker: Worker<'_>,
    reason: Option<&str>,
    progress: &Progress,
) -> Result<Option<Outcome>> {
    let agreed = worker.asked && run.state == RunState::Checked;
    for _ in 0..WALKS {
        let mut base = None;
        if agreed {
            let may = privileged(cx);
            match look::agreed(service, cx, run, may, reason, progress).await? {
                Agreed::Same(same) => base = Some(same),
                Agreed::Otherwise(outcome) => return Ok(Some(outcome)),
            }
        }
        match take(service, cx, run, worker, reason, base).await? {
            Taken::Ours => return Ok(None),
            Taken::Not(outcome) => return Ok(Some(outcome)),
            Taken::Again => {}
        }
    }
    Err(Error::Busy)
}

/// Whether a worker has a run.
enum Taken {
    Ours,
    Not(Outcome),
    /// Something was written since it was looked at.
    Again,
}

/// Takes a run for a worker, and begins to apply it unless that was done before. `base` is what must still be recorded.
async fn take(
    service: &Service,
    cx: &Cx,
    run: &SourceRun,
    worker: Worker<'_>,
    reason: Option<&str>,
    base: Option<Base>,
) -> Result<Taken> {
    let now = service.now();
    let mut tx = write(service).await?;
    if let Some(work) = worker.work
        && !work.begin_for_good(&mut tx).await?
    {
        return Ok(Taken::Not(Outcome::Stopped));
    }
    match tx.hold_run(run.id, worker.name, now, now.plus(LEASE)).await {
        Err(storage::Error::Stale) => {
            drop(tx);
            return held(service, run.id).await.map(Taken::Not);
        }
        taken => taken?,
    }
    if run.state == RunState::Applying {
        tx.commit_unaudited("who works on a run").await?;
        return Ok(Taken::Ours);
    }
    // Once more, now that nobody else writes.
    if let Some(refused) = stale_or_shrinking(&mut tx, run, reason).await? {
        return Err(Error::Refused(refused));
    }
    if let Some(base) = base
        && !base.holds(&mut tx, now, privileged(cx)).await?
    {
        return Ok(Taken::Again);
    }
    tx.set_run_shrink(run.id, reason).await?;
    tx.begin_run(run.id, &[RunState::Checked], privileged(cx))
        .await
        .map_err(|error| not_now(error, run))?;
    let mut event = about_run(cx, AuditAction::ImportStarted, run);
    event.details[0].reason = reason.map(str::to_owned);
    tx.commit(event, Vec::new()).await?;
    Ok(Taken::Ours)
}

/// Who else is at a run.
pub(super) async fn held(service: &Service, id: SourceRunId) -> Result<Outcome> {
    let holder = service.store.read().await?.run_holder(id).await?;
    Ok(Outcome::Held(
        holder.map_or_else(|| service.now(), |(_, until)| until),
    ))
}

/// Calls a run off before it has written anything.
#[boxed]
pub async fn cancel(service: &Service, cx: &Cx, run: SourceRunId) -> Result<()> {
    let result = carry_out_cancel(service, cx, run).await;
    service.noted(cx, result).await
}

async fn carry_out_cancel(service: &Service, cx: &Cx, id: SourceRunId) -> Result<()> {
    cx.decide(Action::RunImport, Some(id.into()), Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let found = tx.run(id).await?.ok_or(Error::NotFound)?;
    let from = [RunState::Staged, RunState::Checking, RunState::Checked];
    let bulk = tx
        .finish_run(id, &from, RunState::Cancelled, "")
        .await
        .map_err(|error| not_now(error, &found))?;
    let mut event = about_run(cx, AuditAction::ImportCancelled, &found);
    event.bulk = Some(bulk);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    delete_pieces(service, id).await
}

/// Ends a run whose files could not be brought in.
pub(super) async fn drop_run(
    service: &Service,
    cx: &Cx,
    id: SourceRunId,
    error: &Error,
) -> Result<()> {
    let Some(found) = service.store.read().await?.run(id).await? else {
        return Ok(());
    };
    refuse(service, cx, &found, Halt::Refused(error.to_string()), None)
        .await
        .map(drop)
}

pub(super) async fn write(service: &Service) -> Result<WriteTx> {
    Ok(service
        .store
        .write(service.now(), service.entropy.clone())
        .await?)
}

pub(super) async fn done(service: &Service, id: SourceRunId) -> Result<Outcome> {
    let run = service.store.read().await?.run(id).await?;
    Ok(Outcome::Done(Box::new(run.ok_or(Error::NotFound)?)))
}

/// The sentence when a run is in a state in which this cannot be done.
fn not_now(error: storage::Error, run: &SourceRun) -> Error {
    match error {
        storage::Error::Stale => Error::Refused(format!(
            "This import is {} now, so this cannot be done. Look at it again.",
            run.state.label().to_lowercase()
        )),
        storage::Error::Duplicate => Error::Refused(
            "Another import of this source is being applied. Wait until it is through.".to_owned(),
        ),
        other => other.into(),
    }
}

/// Whether people who hold rights in the console may be changed in this name.
fn privileged(cx: &Cx) -> bool {
    cx.me().is_none() || cx.actor.rights().has(ConsoleRight::Administer)
}

pub(super) async fn engine<'a>(
    service: &'a Service,
    run: &SourceRun,
    may_touch_privileged: bool,
    dry: bool,
    progress: &'a Progress,
) -> std::result::Result<Engine<'a>, Halt> {
    let mut tx = service.store.read().await?;
    let source = tx.source(run.source).await?.ok_or(Error::NotFound)?;
    let files = tx.run_files(run.id).await?;
    if files.is_empty() {
        return Err(Halt::Refused(
            "There is no file to import. Bring at least one in.".to_owned(),
        ));
    }
    for file in &files {
        let head = tx
            .run_chunk(run.id, file.kind, 0)
            .await?
            .unwrap_or_default();
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(Halt::Refused(format!(
                "The file {} is in UTF-16. Save it as “CSV UTF-8” and bring it in again.",
                file.name
            )));
        }
    }
    let zone = tx
        .organisation()
        .await?
        .map_or(jiff::tz::TimeZone::UTC, |organisation| {
            organisation.time_zone()
        });
    let (staged, problems) = with_columns(files, &source.content.mapping);
    if !problems.is_empty() {
        let mut sentences: Vec<String> = problems
            .iter()
            .map(|(kind, problem)| format!("{}: {problem}", kind.file_name()))
            .collect();
        sentences.truncate(20);
        return Err(Halt::Refused(sentences.join(" ")));
    }
    Ok(Engine::new(
        service,
        progress,
        Start {
            run: run.id,
            source,
            mode: run.mode,
            files: staged,
            dry,
            may_touch_privileged,
            zone,
        },
    ))
}
