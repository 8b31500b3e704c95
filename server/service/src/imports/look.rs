//! The dry run: everything is read and compared, and nothing is written but what was found. Also before an import is
//! applied, when something changed since it was looked at.

use domain::id::SourceRunId;
use domain::source::{RunState, RunTotals, SourceRun};

use super::engine::Tally;
use super::finish::{json, keep_problems, refuse, rewrite_problems};
use super::foreseen::Base;
use super::kept::{Kept, fingerprint, read_kept, stale_or_shrinking};
use super::progress::{Halt, Progress};
use super::run::{Outcome, done, engine, write};
use crate::{Cx, Error, Result, Service};

/// How often it is looked again because something else was written meanwhile. What is foreseen then is of about the moment
/// at which the last walk ended, and looked at again before it is applied.
const LOOKS: usize = 3;

/// What a dry run found.
pub(super) struct Looked {
    totals: RunTotals,
    kept: Kept,
    tally: Tally,
}

/// Why it found nothing: with what it found up to there.
pub(super) type Broken = (Halt, Option<Box<Tally>>);

/// Walks over the files of a run.
pub(super) async fn look(
    service: &Service,
    run: &SourceRun,
    privileged: bool,
    progress: &Progress,
) -> std::result::Result<Looked, Broken> {
    let mut looks = 0;
    loop {
        let (base, after) = beginning(service, run, privileged)
            .await
            .map_err(|error| (error.into(), None))?;
        let mut engine = engine(service, run, privileged, true, progress)
            .await
            .map_err(|halt| (halt, None))?;
        let told = match engine.walk().await {
            Ok(()) => engine.foretell(base).await,
            Err(halt) => Err(halt),
        };
        let told = match told {
            Ok(told) => told,
            Err(halt) => return Err((halt, Some(Box::new(engine.tally)))),
        };
        looks += 1;
        if looks < LOOKS
            && !still(service, &base, privileged)
                .await
                .map_err(|error| (error.into(), None))?
        {
            continue;
        }
        let read = fingerprint(
            engine.files.values().map(|staged| &staged.file),
            &engine.source.content.mapping,
        )
        .map_err(|error| (error.into(), None))?;
        let totals = engine.totals(None);
        let mut tally = engine.tally;
        let kept = Kept {
            changes: std::mem::take(&mut tally.sample),
            shrink: std::mem::take(&mut tally.shrink),
            problems: tally.problems_found,
            after,
            read,
            plan: told.map(|(_, kept)| kept),
        };
        return Ok(Looked {
            totals,
            kept,
            tally,
        });
    }
}

async fn beginning(
    service: &Service,
    run: &SourceRun,
    privileged: bool,
) -> Result<(Base, Option<SourceRunId>)> {
    let mut tx = service.store.read().await?;
    let base = Base::read(&mut tx, service.now(), privileged).await?;
    let after = tx.last_applied_run(run.source).await?.map(|run| run.id);
    Ok((base, after))
}

async fn still(service: &Service, base: &Base, privileged: bool) -> Result<bool> {
    let mut tx = service.store.read().await?;
    base.holds(&mut tx, service.now(), privileged).await
}

impl Looked {
    /// Keeps it with its run, whose check is over with that.
    pub(super) async fn keep(self, service: &Service, id: SourceRunId) -> Result<()> {
        keep_problems(service, id, &self.tally).await?;
        let mut tx = write(service).await?;
        tx.set_run_totals(id, &self.totals).await?;
        tx.set_run_sample(id, &json(&self.kept)?).await?;
        tx.move_run(id, &[RunState::Checking], RunState::Checked)
            .await?;
        tx.commit_unaudited("a dry run").await?;
        Ok(())
    }

    /// Keeps it with a run that was checked before.
    async fn keep_again(self, service: &Service, id: SourceRunId) -> Result<()> {
        rewrite_problems(service, id, &self.tally).await?;
        let mut tx = write(service).await?;
        let found = tx.run(id).await?.ok_or(Error::NotFound)?;
        if found.state != RunState::Checked {
            return Err(Error::Conflict);
        }
        tx.set_run_totals(id, &self.totals).await?;
        tx.set_run_sample(id, &json(&self.kept)?).await?;
        tx.commit_unaudited("a dry run before an import is applied")
            .await?;
        Ok(())
    }
}

/// What a checked run was to do when it was looked at.
pub(super) enum Agreed {
    /// It still does that, as long as this is so.
    Same(Base),
    /// It would do something else now, or cannot be applied at all.
    Otherwise(Outcome),
}

/// Whether a checked run still does what its page says. When something changed meanwhile it is looked again; when it would do
/// something else now, it says so and stays as it is.
pub(super) async fn agreed(
    service: &Service,
    cx: &Cx,
    run: &SourceRun,
    privileged: bool,
    reason: Option<&str>,
    progress: &Progress,
) -> Result<Agreed> {
    let kept = read_kept(&mut service.store.read().await?, run.id).await?;
    if let Some(plan) = &kept.plan
        && still(service, &plan.base, privileged).await?
    {
        return Ok(Agreed::Same(plan.base));
    }
    let mut looked = match look(service, run, privileged, progress).await {
        Ok(looked) => looked,
        Err((halt, tally)) => {
            let over = refuse(service, cx, run, halt, tally.as_deref()).await?;
            return Ok(Agreed::Otherwise(over));
        }
    };
    let seen = kept.plan.map(|plan| plan.hash);
    let mut base = None;
    if let Some(plan) = &mut looked.kept.plan {
        plan.anew = seen.as_ref() != Some(&plan.hash);
        base = (!plan.anew).then_some(plan.base);
    }
    looked.keep_again(service, run.id).await?;
    let Some(base) = base else {
        return done(service, run.id).await.map(Agreed::Otherwise);
    };
    let mut tx = service.store.read().await?;
    if let Some(refused) = stale_or_shrinking(&mut tx, run, reason).await? {
        drop(tx);
        let over = refuse(service, cx, run, Halt::Refused(refused), None).await?;
        return Ok(Agreed::Otherwise(over));
    }
    Ok(Agreed::Same(base))
}
