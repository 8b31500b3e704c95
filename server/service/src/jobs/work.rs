//! What a running job holds: its lease, how far it is, and whether it should stop.
//!
//! Progress and wishes are in memory; the worker writes and reads them about once a second, and a job's own
//! transactions do with [`Work::keep`].

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::context::Clock;
use domain::id::{IdentityId, JobId};
use domain::job::{Job, JobProgress, JobWish};
use storage::WriteTx;
use storage::jobs::{JobProblem, Lease, Settled};

use super::handlers::Handlers;
use super::lease::LEASE;
use crate::{Error, Result};

/// Why a running job should stop at its next safe point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Somebody paused it.
    Pause,
    /// Somebody called it off.
    Cancel,
    /// The program ends.
    Shutdown,
    /// Another worker has it.
    Lost,
}

impl Stop {
    const ALL: [Self; 4] = [Self::Pause, Self::Cancel, Self::Shutdown, Self::Lost];
}

/// A job that is being carried out.
#[derive(Debug)]
pub struct Work {
    claimed: Job,
    lease: Lease,
    clock: Arc<dyn Clock>,
    handlers: Handlers,
    progress: Mutex<JobProgress>,
    /// 0, or the place of the reason in [`Stop::ALL`] + 1.
    stop: AtomicU8,
    flag: Arc<AtomicBool>,
}

impl Work {
    pub(super) fn new(
        claimed: Job,
        lease: Lease,
        clock: Arc<dyn Clock>,
        handlers: Handlers,
    ) -> Self {
        Self {
            progress: Mutex::new(JobProgress {
                note: String::new(),
                ..claimed.progress.clone()
            }),
            claimed,
            lease,
            clock,
            handlers,
            stop: AtomicU8::new(0),
            flag: Arc::default(),
        }
    }

    /// Who carries it out.
    pub(super) const fn handlers(&self) -> &Handlers {
        &self.handlers
    }

    /// Which job.
    pub const fn job(&self) -> JobId {
        self.claimed.id
    }

    /// The job as it was when it was claimed.
    pub const fn as_claimed(&self) -> &Job {
        &self.claimed
    }

    /// Who asked for it; nobody when the console did by itself.
    pub const fn asked_by(&self) -> Option<IdentityId> {
        self.claimed.created_by
    }

    /// How much the attempts before had done.
    pub const fn done_before(&self) -> u64 {
        self.claimed.progress.done
    }

    /// Says how far it is.
    pub fn progress(&self, done: u64, total: Option<u64>) {
        let mut progress = self.own();
        progress.done = done;
        progress.total = total;
    }

    /// Says how many items had a problem.
    pub fn problems(&self, problems: u64) {
        self.own().problems = problems;
    }

    /// Says in a few words what is being done.
    pub fn note(&self, note: impl Into<String>) {
        self.own().note = note.into();
    }

    /// Says how many items ended in a way that has this name.
    pub fn count(&self, name: &str, count: u64) {
        let counts = &mut self.own().counts;
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = count,
            None => counts.push((name.to_owned(), count)),
        }
    }

    /// How far it is.
    pub fn how_far(&self) -> JobProgress {
        self.own().clone()
    }

    /// Why it should stop, if it should.
    pub fn stopping(&self) -> Option<Stop> {
        let place = usize::from(self.stop.load(Ordering::SeqCst));
        place
            .checked_sub(1)
            .and_then(|at| Stop::ALL.get(at))
            .copied()
    }

    /// Turns true when it should stop.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }

    /// Asks it to stop. Who has lost the lease has no say any more, and what somebody asked for stays asked for when the
    /// program ends.
    pub fn stop(&self, stop: Stop) {
        let stays = match self.stopping() {
            Some(Stop::Lost) => true,
            Some(Stop::Pause | Stop::Cancel) => stop == Stop::Shutdown,
            Some(Stop::Shutdown) | None => false,
        };
        if !stays {
            let place = Stop::ALL.iter().position(|known| *known == stop);
            let place = place.and_then(|at| u8::try_from(at + 1).ok());
            self.stop.store(place.unwrap_or(0), Ordering::SeqCst);
            self.flag.store(true, Ordering::SeqCst);
        }
    }

    /// In a transaction of the job: keeps the lease and writes how far it is. [`Error::Conflict`] when another worker has
    /// the job; then nothing of the transaction may be kept.
    pub async fn keep(&self, tx: &mut WriteTx) -> Result<()> {
        let now = self.clock.now();
        let progress = self.how_far();
        match tx
            .keep_job(&self.lease, now, now.plus(LEASE), &progress)
            .await
        {
            Ok(wish) => {
                self.hear(wish);
                Ok(())
            }
            Err(error) => Err(self.lost(error)),
        }
    }

    /// In the transaction of the first step that cannot be undone: from then on the job cannot be called off. False when
    /// it was called off meanwhile; then nothing of the transaction may be kept.
    pub async fn begin_for_good(&self, tx: &mut WriteTx) -> Result<bool> {
        self.keep(tx).await?;
        Ok(tx.hold_job(&self.lease).await?)
    }

    /// In the last transaction of the job: it is done, with what came out. Answer [`Ended::Settled`](super::Ended) then.
    pub async fn finish(&self, tx: &mut WriteTx, result: &serde_json::Value) -> Result<()> {
        let settled = Settled::Done(result.clone());
        self.settle(tx, &settled).await
    }

    /// Adds lines to the problems that the job's page shows.
    pub async fn note_problems(&self, tx: &mut WriteTx, problems: &[JobProblem]) -> Result<()> {
        Ok(tx.add_job_problems(self.claimed.id, problems).await?)
    }

    pub(super) async fn settle(&self, tx: &mut WriteTx, settled: &Settled) -> Result<()> {
        let progress = self.how_far();
        let written = tx
            .settle_job(&self.lease, self.clock.now(), settled, &progress)
            .await;
        written.map_err(|error| self.lost(error))
    }

    /// Does what was asked of the job.
    fn hear(&self, wish: Option<JobWish>) {
        match wish {
            Some(JobWish::Pause) => self.stop(Stop::Pause),
            Some(JobWish::Cancel) => self.stop(Stop::Cancel),
            // Taken back.
            None if matches!(self.stopping(), Some(Stop::Pause | Stop::Cancel)) => {
                self.stop.store(0, Ordering::SeqCst);
                self.flag.store(false, Ordering::SeqCst);
            }
            None => {}
        }
    }

    fn lost(&self, error: storage::Error) -> Error {
        if matches!(error, storage::Error::Stale) {
            self.stop(Stop::Lost);
        }
        error.into()
    }

    fn own(&self) -> MutexGuard<'_, JobProgress> {
        // Nothing panics while it holds this, and numbers cannot be half written.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
