//! Threads that hash, each with the memory it does it in: used again while one sign-in follows the other.
//!
//! Taken from the system anew for each hash, it costs a fifth of the time. Kept for good, it would be half of what an idle
//! server holds. A thread of its own gives it back: the allocator keeps what another thread frees until the first one ends.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use argon2::Block;

/// How long memory is kept after it was last used.
const KEPT: Duration = Duration::from_secs(2);

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// Threads that have nothing to do; a further one begins when there is none.
#[derive(Debug, Default)]
pub(super) struct Hashers(Arc<Mutex<Vec<Sender<Job>>>>);

impl Hashers {
    /// Hands work to a thread. `held` is dropped once it is done and the thread is free again.
    pub(super) fn run(
        &self,
        work: impl FnOnce(&mut Vec<Block>) + Send + 'static,
        held: impl Send + 'static,
    ) -> std::io::Result<()> {
        let free = Arc::clone(&self.0);
        let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let hasher = match idle {
            Some(hasher) => hasher,
            None => begin(KEPT)?,
        };
        let again = hasher.clone();
        let job: Job = Box::new(move |memory| {
            work(memory);
            let mut free = free.lock().unwrap_or_else(PoisonError::into_inner);
            free.push(again);
            drop(free);
            drop(held);
        });
        // Only a thread that broke is not there any more, and such a one is not among the free.
        hasher
            .send(job)
            .map_err(|_| std::io::Error::other("it has ended"))
    }
}

/// A thread that ends with the last that can send to it.
fn begin(kept: Duration) -> std::io::Result<Sender<Job>> {
    let (sender, jobs) = mpsc::channel();
    thread::Builder::new()
        .name("passwords".to_owned())
        .spawn(move || work(&jobs, kept))?;
    Ok(sender)
}

/// Pages go first: whoever signs in waits for a hash anyhow, and nobody else is to wait for it. Only Linux has this for a
/// thread; where it cannot be had, hashes and pages share the cores as they come.
fn yield_to_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(10) {
        tracing::warn!(%error, "passwords are hashed as urgently as pages are made");
    }
}

fn work(jobs: &Receiver<Job>, kept: Duration) {
    yield_to_pages();
    let mut memory = Vec::new();
    loop {
        match jobs.recv_timeout(kept) {
            Ok(job) => job(&mut memory),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                memory = Vec::new();
                let Ok(job) = jobs.recv() else { return };
                job(&mut memory);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(hasher: &Sender<Job>, blocks: usize) -> usize {
        let (answer, had) = mpsc::channel();
        let job: Job = Box::new(move |memory| {
            answer.send(memory.len()).unwrap();
            memory.resize(blocks, Block::new());
        });
        hasher.send(job).unwrap();
        had.recv().unwrap()
    }

    #[test]
    fn memory_is_used_again_and_given_up_when_no_hash_comes() {
        let patient = begin(Duration::from_hours(1)).unwrap();
        assert_eq!((ask(&patient, 8), ask(&patient, 8)), (0, 8));
        let hasty = begin(Duration::ZERO).unwrap();
        ask(&hasty, 8);
        // Now and then the next one is there before the thread has looked.
        let given_up = (0..10_000).any(|_| ask(&hasty, 8) == 0);
        assert!(given_up);
    }

    #[test]
    fn a_thread_that_broke_is_replaced() {
        let hashers = Hashers::default();
        let (end, ended) = mpsc::channel::<()>();
        hashers.run(|_| panic!("on purpose"), end).unwrap();
        assert!(ended.recv().is_err(), "what was held is let go");
        let (answer, answered) = mpsc::channel();
        hashers.run(move |_| answer.send(1).unwrap(), ()).unwrap();
        assert_eq!(answered.recv(), Ok(1));
    }
}
